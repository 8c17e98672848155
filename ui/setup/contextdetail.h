// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/setup/connectiontest.h"
#include "ui/setup/contextmodel.h"

#include <QWidget>

class QGridLayout;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace catamaran::ui {

class CommandBox;
class KeyValueList;
class MutedLabel;
class PlainLabel;

/// All about one context: what it resolves to and where each piece is defined, what is wrong and how to mend it, and
/// what its connection test found. A widget without logic of its own.
class ContextDetail : public QWidget {
    Q_OBJECT
public:
    explicit ContextDetail(QWidget *parent = nullptr);

    void setContext(const ContextRow &row, const ContextChoice &choice, const QDateTime &now);
    void clear();
    /// Who makes meshes there, and calls its clusters by ids of its own; empty: nobody does.
    void setMaker(const QString &provider);
    /// Null: not tested.
    void setTest(const ConnectionTest *test);

signals:
    void testRequested();
    void cancelRequested();
    void choiceEdited(const catamaran::ui::ContextChoice &choice);

private:
    PlainLabel *m_title = nullptr;
    KeyValueList *m_facts = nullptr;
    QLineEdit *m_cloudId = nullptr, *m_region = nullptr;
    PlainLabel *m_cloudIdLabel = nullptr;
    ContextChoice m_choice;
    QWidget *m_issueHost = nullptr, *m_testHost = nullptr;
    QGridLayout *m_issues = nullptr, *m_lines = nullptr;
    PlainLabel *m_fine = nullptr, *m_idle = nullptr;
    QVBoxLayout *m_mends = nullptr;
    QPushButton *m_test = nullptr, *m_cancel = nullptr;
    QProgressBar *m_progress = nullptr;
    CommandBox *m_role = nullptr;
    PlainLabel *m_roleNote = nullptr;
    bool m_usable = false;
};

} // namespace catamaran::ui
