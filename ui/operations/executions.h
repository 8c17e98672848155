// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"
#include "ops/journal.h"
#include "store/history.h"
#include "ui/operations/stepmodel.h"

/// What the journal knows of executions, as people see it.
namespace catamaran::ui {

struct StepEntry {
    ops::DescribedStep step;
    ops::StepRecord record;
    QDateTime at {}; ///< of its newest event
    ops::Evidence evidence {};
    qint64 durationMs = -1;
};

struct ExecutionEntry {
    ops::Execution execution;
    bool isAlive = false; ///< its owner is there; counts only while it is running
    QList<StepEntry> steps;

    [[nodiscard]] bool isInterrupted() const { return execution.state == ops::ExecutionState::Running && !isAlive; }
    [[nodiscard]] bool isRunning() const { return execution.state == ops::ExecutionState::Running && isAlive; }
    [[nodiscard]] const StepEntry *step(const QString &id) const;
};

/// Calls @p question, a function of an ops::Journal & that returns a Result, on the history's thread. Main thread.
template <typename Question>
[[nodiscard]] auto askJournal(store::History &history, Question question) -> QFuture<std::invoke_result_t<Question, ops::Journal &>>
{
    using Answer = std::invoke_result_t<Question, ops::Journal &>;
    return history.ask([question = std::move(question)](store::Database &database) mutable -> Answer {
        auto journal = ops::Journal::open(database.file());
        return journal ? question(*journal) : Answer(core::fail(journal.error()));
    });
}

/// Any thread that has a journal.
[[nodiscard]] core::Result<ExecutionEntry> readExecution(ops::Journal &journal, const ops::Execution &execution);
/// @p execution with all that is taken back with it (fleet::chainOf()), newest first.
[[nodiscard]] core::Result<QList<ExecutionEntry>> readChain(ops::Journal &journal, qint64 execution);

// Words and judgements. Pure.
/// "Apply two-meshes"
[[nodiscard]] QString executionTitle(const ops::Execution &execution);
/// "done", "interrupted"
[[nodiscard]] QString executionStateText(const ExecutionEntry &entry);
/// Nothing but done is ok. nullopt: no judgement, as of what runs or is undone.
[[nodiscard]] std::optional<observe::Health> executionHealth(const ExecutionEntry &entry);
/// "done", "sent, no answer"
[[nodiscard]] QString eventStateText(ops::EventState state);
/// The same of a step.
[[nodiscard]] std::optional<observe::Health> eventHealth(ops::EventState state);
/// "process 4711 on atlas"; of earlier versions unknown.
[[nodiscard]] QString ownerText(const ops::Execution &execution);
/// "Deployment cluster-1/default/sleep" of "cluster-1/default/deployments.apps/sleep", or by @p call where the subject does not say it.
[[nodiscard]] QString subjectText(const QString &subject, const QString &call);

/// Why @p entry cannot be undone in @p environment; empty when it can. @p environment empty: none is open.
[[nodiscard]] QString whyNotUndone(const ExecutionEntry &entry, const QString &environment);
[[nodiscard]] QString whyNotGoneOn(const ExecutionEntry &entry, const QString &environment);
[[nodiscard]] QString whyNotGivenUp(const ExecutionEntry &entry, const QString &step);

/// What undoing it takes back, in that order: newest first.
[[nodiscard]] QList<ops::DescribedStep> stepsToUndo(const ExecutionEntry &entry);
/// The same of a whole chain, for a list that is about @p own. Each plan has ids of its own: those of the others are chainStepId(), and
/// their titles say whose they are.
[[nodiscard]] QList<ops::DescribedStep> stepsToUndo(const QList<ExecutionEntry> &chain, qint64 own);
/// "3/deploy-sleep", of @p own "deploy-sleep"; and back again.
[[nodiscard]] QString chainStepId(qint64 execution, qint64 own, const QString &step);
[[nodiscard]] std::pair<qint64, QString> chainStep(const QString &id, qint64 own);
/// What going on with it begins with or after: all that is not done.
[[nodiscard]] QList<ops::DescribedStep> stepsLeft(const ExecutionEntry &entry);

} // namespace catamaran::ui
