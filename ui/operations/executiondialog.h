// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/operations/executions.h"
#include "ui/operations/planrunner.h"

#include <QDialog>
#include <QTimer>

class QProgressBar;
class QPushButton;

namespace catamaran::ui {

class ErrorBanner;
class PlainLabel;
class PlanView;
class Services;

/// Takes an execution back or goes on with it: shows what would be done, asks, does it, and says what could not be. Closing it
/// while it works lets it work on, in the strip of operations. Opened with open(); goes by itself.
class ExecutionDialog : public QDialog {
    Q_OBJECT
public:
    enum class Deed { TakeBack, GoOn };
    ExecutionDialog(Services &services, const ExecutionEntry &entry, Deed deed, QWidget *parent);
    void done(int result) override;

signals:
    /// It was carried out, wholly or not.
    void ended(const catamaran::ops::ExecutionResult &result);

private:
    Services &m_services;
    const qint64 m_execution;
    const qint64 m_undone; ///< whose steps the list shows and giving up is about
    const QString m_title;
    const Deed m_deed;
    PlanRunner *m_runner = nullptr;
    PlainLabel *m_summary = nullptr;
    ErrorBanner *m_note = nullptr;
    QProgressBar *m_progress = nullptr;
    PlanView *m_view = nullptr;
    QPushButton *m_go = nullptr, *m_stop = nullptr, *m_close = nullptr;
    QTimer m_tick;
    bool m_isKnown = true; ///< the whole chain is in the list
    bool m_goWhenKnown = false;

    void readWhole();
    [[nodiscard]] QString deedText() const;
    void go();
    void take(const ops::ExecutionResult &result);
    void refresh();
    void giveUp(const QString &step);
};

} // namespace catamaran::ui
