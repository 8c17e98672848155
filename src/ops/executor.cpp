// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/executor.h"

#include "ops/purpose.h"
#include "ops/run.h"
#include "ops/say.h"
#include "ops/undo.h"

#include <algorithm>

namespace catamaran::ops {

namespace {

/// Carries out what of @p plan is not done yet by @p records.
ExecutionResult carryOut(const Plan &plan, const QMap<QString, StepRecord> &records, Journal &journal, std::shared_ptr<Claim> claim,
    const Registry &registry, World &world, const ExecuteOptions &options, std::stop_token stop)
{
    QList<Task> tasks;
    QStringList titles;
    for (const Step &step : plan.steps) {
        const Description words = (*registry.find(step.operation.kind))->describe(step.operation, options.names);
        tasks.append({ step.id, step.dependsOn, lanesOf(words) });
        titles.append(words.title);
    }
    Run run { plan, titles, registry, world, options, claim->execution(), stop };
    ExecutionResult result = run.over(tasks, [&](int place, StepWork &work) {
        const StepRecord record = records.value(plan.steps.at(place).id);
        StepOutcome outcome;
        outcome.stepId = plan.steps.at(place).id;
        if (record.state == EventState::Done) {
            outcome.state = StepState::Done;
            outcome.note = Say::tr("was done before");
            return outcome;
        }
        if (record.state == EventState::GivenUp) {
            outcome.state = StepState::Skipped;
            outcome.note = Say::tr("given up: %1").arg(record.answer);
            return outcome;
        }
        return work.carryOut(record);
    });
    if (isTakenBack(claim->execution().purpose)) {
        result.claim = std::move(claim); // held until it is undone
        return result;
    }
    const auto ended = journal.end(result.execution,
        result.complete      ? ExecutionState::Done
            : result.stopped ? ExecutionState::Stopped
                             : ExecutionState::Failed);
    if (!ended) {
        result.complete = false; // done, but not known to be: the next run looks
        if (!result.error)
            result.error = ended.error();
    }
    (void)journal.thin(); // the next run thins it otherwise
    return result;
}

} // namespace

QString stateName(StepState state)
{
    switch (state) {
    case StepState::Waiting: return QStringLiteral("waiting");
    case StepState::Running: return QStringLiteral("running");
    case StepState::Done: return QStringLiteral("done");
    case StepState::Failed: return QStringLiteral("failed");
    case StepState::Unknown: return QStringLiteral("unknown");
    case StepState::Skipped: return QStringLiteral("skipped");
    }
    return QStringLiteral("waiting");
}

QStringList ExecutionResult::doneSteps() const
{
    QStringList ids;
    for (const StepOutcome &step : steps)
        if (step.state == StepState::Done)
            ids += step.stepId;
    return ids;
}

ExecutionResult execute(const Plan &plan, const Registry &registry, World &world, const ExecuteOptions &options, std::stop_token stop)
{
    if (const auto checked = checkPlan(plan, registry); !checked)
        return notBegun(checked.error());
    auto journal = Journal::open(options.databaseFile, options.clock);
    if (!journal)
        return notBegun(journal.error());
    QJsonObject described = describePlan(plan, registry, options.names);
    if (options.continues != 0)
        described = continuing(described, options.continues);
    const NewExecution wanted { world.environment(), options.purpose, options.name, described };
    auto claim = claimed(world, options.name.isEmpty() ? options.purpose : options.purpose + u' ' + options.name, options, stop,
        [&] { return Claim::begin(*journal, wanted); });
    if (!claim)
        return notBegun(claim.error());
    return carryOut(plan, {}, *journal, std::move(*claim), registry, world, options, stop);
}

ExecutionResult resume(qint64 execution, const Registry &registry, World &world, const ExecuteOptions &options, std::stop_token stop)
{
    auto journal = Journal::open(options.databaseFile, options.clock);
    if (!journal)
        return notBegun(journal.error());
    const auto kept = findExecution(*journal, execution, registry, world);
    if (!kept)
        return notBegun(kept.error());
    if (kept->execution.undoes != 0)
        return undo(kept->execution.undoes, registry, world, options, stop);
    auto claim = claimed(world, kept->execution.title(), options, stop, [&] { return Claim::take(*journal, execution); });
    if (!claim)
        return notBegun(claim.error());
    const auto events = journal->events(execution); // of this moment: nobody else writes any more
    if (!events)
        return notBegun(events.error());
    return carryOut(kept->plan, recordsOf(*events), *journal, std::move(*claim), registry, world, options, stop);
}

ExecutionResult settle(qint64 execution, const Registry &registry, World &world, const ExecuteOptions &options, std::stop_token stop)
{
    auto journal = Journal::open(options.databaseFile, options.clock);
    if (!journal)
        return notBegun(journal.error());
    const auto kept = findExecution(*journal, execution, registry, world);
    if (!kept)
        return notBegun(kept.error());
    if (kept->execution.undoes != 0)
        return notBegun(core::Error::make(core::ErrorKind::Precondition, Say::tr("settle execution %1").arg(execution),
            kept->execution.title(), Say::tr("the undo of execution %1 was interrupted").arg(kept->execution.undoes),
            Say::tr("Go on with it: undo execution %1.").arg(kept->execution.undoes)));
    auto claim = claimed(world, kept->execution.title(), options, stop, [&] { return Claim::take(*journal, execution); });
    if (!claim)
        return notBegun(claim.error());
    const auto events = journal->events(execution); // of this moment: nobody else writes any more
    if (!events)
        return notBegun(events.error());
    const QMap<QString, StepRecord> records = recordsOf(*events);
    QList<Task> tasks;
    QStringList titles;
    for (const Step &step : kept->plan.steps) {
        const Description words = (*registry.find(step.operation.kind))->describe(step.operation, options.names);
        tasks.append({ step.id, {}, lanesOf(words) }); // looking needs no order
        titles.append(words.title);
    }
    Run run { kept->plan, titles, registry, world, options, (*claim)->execution(), stop };
    ExecutionResult result
        = run.over(tasks, [&](int place, StepWork &work) { return work.settleOnly(records.value(kept->plan.steps.at(place).id)); });
    result.complete = std::none_of(result.steps.begin(), result.steps.end(), [](const StepOutcome &one) {
        return one.state == StepState::Unknown;
    }) && !result.stopped;
    const auto ended = journal->end(execution, result.complete ? ExecutionState::Stopped : ExecutionState::Failed);
    if (!ended) {
        result.complete = false;
        result.error = ended.error();
    }
    return result;
}

} // namespace catamaran::ops
