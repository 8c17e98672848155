// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/history.h"
#include "ui/verify/pastruns.h"

#include <QDialog>
#include <QWidget>

class QPushButton;
class QTableView;

namespace catamaran::ui {

class ErrorBanner;

/// The kept runs: list, compare two, export, remove.
class PastRunsPanel : public QWidget {
    Q_OBJECT
public:
    explicit PastRunsPanel(store::History &history, QWidget *parent = nullptr);

    /// Reads the newest runs of @p environment again; they come a moment later. The others are read as somebody comes to them.
    void reload(const QString &environment);
    [[nodiscard]] PastRunModel *model() const { return m_model; }

signals:
    /// The whole run, with its samples.
    void exportRequested(const catamaran::ui::PastRun &run);

private:
    store::History &m_history;
    QString m_environment;
    bool m_readingOlder = false;
    PastRunModel *m_model = nullptr;
    QTableView *m_table = nullptr;
    ErrorBanner *m_error = nullptr;
    QPushButton *m_compare = nullptr, *m_export = nullptr, *m_remove = nullptr;

    [[nodiscard]] QList<int> selectedRows() const;
    void readOlder();
    void enable();
    void compare();
    void exportChosen();
    void remove();
};

/// Two runs side by side: figures, and the difference of each.
class CompareDialog : public QDialog {
    Q_OBJECT
public:
    CompareDialog(const PastRun &first, const PastRun &second, QWidget *parent);
};

} // namespace catamaran::ui
