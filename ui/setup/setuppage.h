// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/setup/setupcontext.h"

#include <QWidget>

class QLayout;
class QTableWidget;
class QVBoxLayout;

namespace catamaran::ui {

/// One page of the wizard: a title, what it is about, and its body in a scroll area.
class SetupPage : public QWidget {
    Q_OBJECT
public:
    enum class Body { Scrolls, Fills }; ///< Fills: the body has scroll areas of its own
    SetupPage(SetupContext &context, const QString &title, const QString &about, QWidget *parent = nullptr, Body kind = Body::Scrolls);

    [[nodiscard]] QString pageTitle() const { return m_title; }
    /// What is still missing before the next page makes sense; empty: nothing.
    [[nodiscard]] virtual QString missing() const { return {}; }
    /// The page comes to the front.
    virtual void enter() { }
    /// Where the keyboard starts on this page; null: the first widget.
    [[nodiscard]] virtual QWidget *firstFocus() const { return nullptr; }

signals:
    void completeChanged();

protected:
    SetupContext &context;
    /// Pages add their widgets here.
    [[nodiscard]] QVBoxLayout *body() const { return m_body; }

private:
    QString m_title;
    QVBoxLayout *m_body = nullptr;
};

/// "✓ ok", "▲ warning", "✗ failed", "? unknown", "? stale": for table cells.
[[nodiscard]] QString healthCell(observe::Health health, const QString &word = {});
/// The condition that says why a cluster cannot be reached; null while it can, or nobody has looked.
[[nodiscard]] const observe::Condition *failedReach(const observe::ObservedCluster *cluster);
/// Sets text, tool tip and the state's colour of a read-only cell, touching nothing that is the same.
void setCell(
    QTableWidget *table, int row, int column, const QString &text, const QString &toolTip = {}, std::optional<observe::Health> health = {});
/// The look that the wizard's tables share.
void prepareTable(QTableWidget *table, const QString &name, const QString &accessible, const QStringList &headers);
/// Takes all widgets out of a grid that is built anew; they go when the event loop is reached and are not found by name
/// any more.
void clearLayout(QLayout *layout);
/// Gives @p table exactly the height of its rows, so that the page scrolls and not the table.
void fitTable(QTableWidget *table);

} // namespace catamaran::ui
