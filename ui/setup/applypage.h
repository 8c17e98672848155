// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/setup/setuppage.h"

#include <QTimer>

class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace catamaran::ui {

class EmptyState;
class ErrorBanner;
class PlainLabel;
class PlanView;

/// Runs the plan: steps tick off live, with their log; stop, resume, undo. After a crash it offers to go on: the planner
/// makes only the steps that are missing.
class ApplyPage : public SetupPage {
    Q_OBJECT
public:
    explicit ApplyPage(SetupContext &context, QWidget *parent = nullptr);
    [[nodiscard]] QString missing() const override;
    void enter() override;
    [[nodiscard]] QWidget *firstFocus() const override;
    /// Applies, or goes on after a stop or failure.
    void go();
    void stop();

private:
    ErrorBanner *m_note = nullptr;
    PlainLabel *m_summary = nullptr;
    QProgressBar *m_progress = nullptr;
    QStackedWidget *m_stack = nullptr; ///< steps and log, or that there is nothing to do
    EmptyState *m_empty = nullptr;
    PlanView *m_view = nullptr;
    QPlainTextEdit *m_log = nullptr;
    QPushButton *m_go = nullptr, *m_stop = nullptr, *m_undo = nullptr;
    QTimer m_tick;
    bool m_goWhenPlanned = false;
    bool m_undoing = false;
    bool m_finished = false; ///< the plan shown was run to its end
    std::optional<core::Error> m_failure;
    QMap<QString, QString> m_lastNote;
    QStringList m_refusals; ///< rights that the plan needs and this identity has not
    QStringList m_touched;  ///< clusters that the plan changes

    void refresh();
    void start();
    void take(const fleet::StepProgress &progress);
    void ended(const fleet::ExecutionResult &result);
    void askUndo();
    void askWhatIsAllowed();
    void log(const QString &line);
};

} // namespace catamaran::ui
