// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/operations/executions.h"
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

/// Carries the plan out: steps tick off live, with their log; pause, stop, resume, undo of what was done. After a crash it offers to
/// go on: the planner makes only the steps that are missing.
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
    QPushButton *m_go = nullptr, *m_pause = nullptr, *m_stop = nullptr, *m_undo = nullptr, *m_takeAway = nullptr;
    QTimer m_tick;
    bool m_goWhenPlanned = false;
    bool m_takingAway = false;
    bool m_finished = false; ///< the plan shown was run to its end
    std::optional<core::Error> m_failure;
    std::optional<ExecutionEntry> m_last; ///< the newest apply of this fleet, as the journal has it
    QString m_noted; ///< what the note shows, so that it is shown once
    QMap<QString, QString> m_lastNote;
    QStringList m_refusals; ///< rights that the plan needs and this identity has not
    QStringList m_touched; ///< clusters that the plan changes

    void refresh();
    void start();
    void take(const ops::StepProgress &progress);
    void ended(const ops::ExecutionResult &result);
    void begin(const ShownPlan &plan, const QString &purpose, const QString &title);
    void readLast();
    void askUndo();
    void askTakeAway();
    void noteTrouble(const QStringList &inTheWay, bool resumable);
    void askWhatIsAllowed();
    void log(const QString &line);
};

} // namespace catamaran::ui
