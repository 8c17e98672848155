// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/objectactions.h"
#include "ui/topology/describe.h"

#include <QScrollArea>

class QPushButton;
class QVBoxLayout;

namespace catamaran::ui {

class PlainLabel;

/// All that is known of the selected object: facts, conditions with their evidence, source and time, what it relates
/// to, and the command that shows the same by hand.
class Inspector : public QScrollArea {
    Q_OBJECT
public:
    /// @p actions: what can be done with the object, a button each; they outlive this.
    explicit Inspector(ObjectActions &actions, QWidget *parent = nullptr);
    /// Invalid facts show what to do instead. The same object is updated in place.
    void show(const ObjectFacts &facts);
    [[nodiscard]] const ObjectFacts &facts() const { return m_facts; }

signals:
    void objectRequested(const QString &objectId);
    /// By Finding::id(); of rules that were not asked the name of the cluster.
    void findingRequested(const QString &id);
    void whyRequested(const catamaran::truth::Direction &direction);

private:
    void showActions();
    void showConditions();
    void showFindings();
    void showRelated();
    void redrawGlyph();
    bool event(QEvent *event) override;

    ObjectActions &m_objectActions;
    ObjectFacts m_facts;
    QWidget *m_page = nullptr;
    QWidget *m_empty = nullptr;
    PlainLabel *m_glyph = nullptr;
    PlainLabel *m_title = nullptr;
    PlainLabel *m_kind = nullptr;
    StateBadge *m_badge = nullptr;
    ErrorBanner *m_note = nullptr;
    QVBoxLayout *m_actions = nullptr;
    KeyValueList *m_rows = nullptr;
    SectionTitle *m_directionsTitle = nullptr;
    QVBoxLayout *m_directions = nullptr;
    PlainLabel *m_moreDirections = nullptr;
    SectionTitle *m_findingsTitle = nullptr;
    QVBoxLayout *m_findings = nullptr;
    PlainLabel *m_findingsNote = nullptr;
    SectionTitle *m_conditionsTitle = nullptr;
    QVBoxLayout *m_conditions = nullptr;
    QPushButton *m_commandButton = nullptr;
    CommandBox *m_command = nullptr;
    SectionTitle *m_relatedTitle = nullptr;
    QVBoxLayout *m_related = nullptr;
};

} // namespace catamaran::ui
