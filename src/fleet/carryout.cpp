// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/carryout.h"

#include "fleet/sessionworld.h"
#include "ops/journal.h"
#include "ops/undo.h"

#include <QHash>
#include <QJsonArray>
#include <QSet>

#include <algorithm>

namespace catamaran::fleet {

using ops::ExecutionResult;

namespace {

ops::ExecuteOptions optionsOf(const CarryOutOptions &options, const Session &session)
{
    ops::ExecuteOptions all;
    all.databaseFile = options.databaseFile;
    all.purpose = options.purpose;
    all.name = options.name;
    all.names = options.names.byHand || options.names.idOf ? options.names : namesOf(session);
    all.onProgress = options.onProgress;
    all.control = options.control;
    all.stepTimeout = options.stepTimeout;
    return all;
}

QHash<QString, const ops::Step *> byId(const ops::Plan &plan)
{
    QHash<QString, const ops::Step *> steps;
    for (const ops::Step &step : plan.steps)
        steps.insert(step.id, &step);
    return steps;
}

/// What was interrupted, or ended with something open; newest first. Drills and undos are taken back, not gone on with.
core::Result<QList<ops::Execution>> openIn(const ops::Journal &journal, const QString &environment)
{
    auto open = journal.interrupted(environment);
    const auto unsettled = journal.unsettled(environment);
    if (!open || !unsettled)
        return open ? core::fail(unsettled.error()) : open;
    for (const ops::Execution &one : *unsettled)
        if (std::none_of(open->cbegin(), open->cend(), [&](const ops::Execution &other) { return other.id == one.id; }))
            open->append(one);
    open->removeIf([](const ops::Execution &one) { return one.undoes != 0 || one.purpose == ops::drillPurpose || one.state == ops::ExecutionState::UndoDue; });
    std::sort(open->begin(), open->end(), [](const ops::Execution &a, const ops::Execution &b) { return a.id > b.id; });
    return open;
}

/// Whether going on with @p execution does nothing that @p plan does not want, and can be complete.
bool isWanted(const ops::Execution &execution, const QMap<QString, ops::StepRecord> &records, const ops::Plan &plan)
{
    const auto kept = ops::Plan::fromJson(execution.plan);
    if (!kept)
        return false;
    const auto wanted = byId(plan);
    bool isOver = true;
    for (const ops::Step &step : kept->steps) {
        const ops::EventState state = records.value(step.id).state;
        if (state == ops::EventState::GivenUp || state == ops::EventState::Undone)
            return false;
        if (state == ops::EventState::Done)
            continue;
        isOver = false;
        if (const ops::Step *same = wanted.value(step.id); !same || same->operation != step.operation)
            return false;
    }
    return !isOver;
}

/// Whether something is left open where @p plan works.
bool isInTheWay(const ops::Execution &execution, const QMap<QString, ops::StepRecord> &records, const QStringList &subjects)
{
    const QJsonArray steps = execution.plan.value(u"steps").toArray();
    return std::any_of(steps.begin(), steps.end(), [&](const QJsonValue &step) {
        const QString subject = step[u"subject"].toString();
        return records.value(step[u"id"].toString()).isUnsettled()
            && std::any_of(subjects.begin(), subjects.end(), [&](const QString &other) { return ops::overlaps(subject, other); });
    });
}

/// What of @p plan @p done has not carried out.
ops::Plan restOf(const ops::Plan &plan, const ExecutionResult &done)
{
    QSet<QString> ids;
    for (const ops::StepOutcome &step : done.steps)
        ids.insert(step.stepId);
    ops::Plan rest;
    for (ops::Step step : plan.steps) {
        if (ids.contains(step.id))
            continue;
        step.dependsOn.removeIf([&](const QString &id) { return ids.contains(id); });
        rest.steps.append(step);
    }
    return rest;
}

/// Both as one carrying out of @p plan.
ExecutionResult joined(const ops::Plan &plan, const ExecutionResult &earlier, ExecutionResult later)
{
    QHash<QString, ops::StepOutcome> outcomes;
    for (const ExecutionResult *one : { &earlier, static_cast<const ExecutionResult *>(&later) })
        for (const ops::StepOutcome &step : one->steps)
            outcomes.insert(step.stepId, step);
    ExecutionResult result = std::move(later);
    if (result.execution == 0) {
        result.execution = earlier.execution;
        result.uid = earlier.uid;
    }
    result.steps.clear();
    for (const ops::Step &step : plan.steps) {
        ops::StepOutcome outcome = outcomes.value(step.id);
        outcome.stepId = step.id;
        result.steps.append(outcome);
    }
    return result;
}

} // namespace

ExecutionResult carryOut(const ops::Plan &plan, Session &session, const CarryOutOptions &options, std::stop_token stop)
{
    SessionWorld world(session);
    const ops::Registry &kinds = operationKinds();
    const ops::ExecuteOptions all = optionsOf(options, session);
    ExecutionResult refused;
    const auto fails = [&](const core::Error &error) {
        refused.error = error;
        return refused;
    };
    if (const auto checked = ops::checkPlan(plan, kinds); !checked)
        return fails(checked.error());
    const auto journal = ops::Journal::open(options.databaseFile);
    if (!journal)
        return fails(journal.error());
    const auto open = openIn(*journal, world.environment());
    if (!open)
        return fails(open.error());
    QStringList subjects;
    if (!open->isEmpty())
        for (const ops::DescribedStep &step : ops::describeSteps(plan, kinds, all.names))
            subjects << step.words.subject;

    std::optional<ExecutionResult> resumed;
    for (const ops::Execution &one : *open) {
        const auto records = journal->events(one.id).map(ops::recordsOf);
        if (!records)
            return fails(records.error());
        const bool isSame = one.purpose == options.purpose && one.name == options.name;
        if (isSame && !resumed && isWanted(one, *records, plan)) {
            resumed = ops::resume(one.id, kinds, world, all, stop);
            if (!resumed->complete)
                return resumed->steps.isEmpty() ? *resumed : joined(plan, {}, *resumed);
        } else if (isSame || isInTheWay(one, *records, subjects)) {
            ops::ExecuteOptions quiet = all;
            quiet.onProgress = {}; // its steps are not the plan's
            const ExecutionResult settled = ops::settle(one.id, kinds, world, quiet, stop);
            if (settled.stopped)
                return settled;
        }
    }
    if (!resumed)
        return ops::execute(plan, kinds, world, all, stop);
    const ops::Plan rest = restOf(plan, *resumed);
    if (rest.isEmpty())
        return joined(plan, {}, *resumed);
    return joined(plan, *resumed, ops::execute(rest, kinds, world, all, stop));
}

ExecutionResult takeBack(qint64 execution, Session &session, const CarryOutOptions &options, std::stop_token stop)
{
    SessionWorld world(session);
    return ops::undo(execution, operationKinds(), world, optionsOf(options, session), stop);
}

ExecutionResult goOn(qint64 execution, Session &session, const CarryOutOptions &options, std::stop_token stop)
{
    SessionWorld world(session);
    return ops::resume(execution, operationKinds(), world, optionsOf(options, session), stop);
}

ExecutionResult leave(qint64 execution, Session &session, const CarryOutOptions &options, std::stop_token stop)
{
    SessionWorld world(session);
    return ops::settle(execution, operationKinds(), world, optionsOf(options, session), stop);
}

} // namespace catamaran::fleet
