// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/carryout.h"

#include "fleet/say.h"
#include "fleet/sessionworld.h"
#include "mesh/providers.h"
#include "ops/journal.h"
#include "ops/purpose.h"
#include "ops/undo.h"

#include <QHash>
#include <QJsonArray>
#include <QSet>

#include <algorithm>

namespace catamaran::fleet {

using ops::ExecutionResult;

namespace {

ops::ExecuteOptions optionsOf(const CarryOutOptions &options, const session::Session &session)
{
    ops::ExecuteOptions all;
    all.databaseFile = options.databaseFile;
    all.purpose = options.purpose;
    all.name = options.name;
    all.names = options.names.byHand || options.names.idOf ? options.names : namesOf(session);
    all.onProgress = options.onProgress;
    all.onNotice = options.onNotice;
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
    open->removeIf([](const ops::Execution &one) {
        return one.undoes != 0 || ops::isTakenBack(one.purpose) || one.state == ops::ExecutionState::UndoDue;
    });
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

constexpr int mostSearched = 1000; ///< executions; no journal keeps as many without a reason

/// What goes on from @p execution says so of it, or, when it did nothing, of what it went on from itself; 0: neither did anything.
core::Result<qint64> toGoOnFrom(const ops::Execution &execution, const ops::Journal &journal)
{
    const auto records = journal.events(execution.id).map(ops::recordsOf);
    if (!records)
        return core::fail(records.error());
    const bool didSomething = std::any_of(records->cbegin(), records->cend(), [](const ops::StepRecord &one) { return one.isToUndo(); });
    return didSomething ? execution.id : ops::continuesOf(execution.plan);
}

/// What a new execution goes on from; 0: from nothing.
core::Result<qint64> goesOnFrom(const ops::Journal &journal, const QString &environment, const CarryOutOptions &options)
{
    const auto stamps = journal.stamps(mostSearched, environment);
    if (!stamps)
        return core::fail(stamps.error());
    for (const ops::Stamp &stamp : *stamps) { // one by one: plans may be large, and it is among the newest
        const auto one = journal.execution(stamp.execution);
        if (!one)
            return core::fail(one.error());
        if (one->undoes != 0 || ops::isTakenBack(one->purpose) || one->name != options.name)
            continue;
        const bool isOpen = one->state == ops::ExecutionState::Failed || one->state == ops::ExecutionState::Stopped;
        return isOpen && one->purpose == options.purpose ? toGoOnFrom(*one, journal) : core::Result<qint64>(0);
    }
    return 0;
}

} // namespace

core::Result<QList<ops::Execution>> chainOf(qint64 execution, const ops::Journal &journal)
{
    const auto first = journal.execution(execution);
    if (!first)
        return core::fail(first.error());
    QList<ops::Execution> chain { *first };
    for (qint64 earlier = ops::continuesOf(first->plan); earlier > 0 && earlier < chain.last().id;
         earlier = ops::continuesOf(chain.last().plan)) {
        const auto one = journal.execution(earlier);
        if (!one && one.error().kind == core::ErrorKind::NotFound) // too old to be kept
            break;
        if (!one)
            return core::fail(one.error());
        chain.append(*one);
    }
    const auto stamps = journal.stamps(mostSearched, first->environment);
    if (!stamps)
        return core::fail(stamps.error());
    for (auto stamp = stamps->crbegin(); stamp != stamps->crend(); ++stamp) { // from the oldest on
        const auto later
            = stamp->execution > execution ? journal.execution(stamp->execution) : core::Result<ops::Execution>(ops::Execution {});
        if (!later)
            return core::fail(later.error());
        const qint64 from = ops::continuesOf(later->plan);
        if (from > 0 && std::any_of(chain.cbegin(), chain.cend(), [&](const ops::Execution &one) { return one.id == from; }))
            chain.prepend(*later);
    }
    return chain;
}

ExecutionResult carryOut(const ops::Plan &plan, session::Session &session, const CarryOutOptions &options, std::stop_token stop)
{
    SessionWorld world(session);
    const ops::Registry &kinds = operationKinds();
    ops::ExecuteOptions all = optionsOf(options, session);
    ExecutionResult refused;
    const auto fails = [&](const core::Error &error) {
        refused.error = error;
        return refused;
    };
    if (const auto checked = ops::checkPlan(plan, kinds); !checked)
        return fails(checked.error());
    // Half of it done and half left for somebody's hands is what nobody asked for.
    QStringList byHand;
    for (const ops::DescribedStep &step : ops::describeSteps(plan, kinds, all.names))
        if (mesh::isByHand(step.step.operation))
            byHand << step.words.title;
    if (!byHand.isEmpty())
        return fails(core::Error::make(core::ErrorKind::Unsupported, Say::tr("carry out the plan"), options.name,
            Say::tr("these steps are done by hand, and none was begun: %1").arg(byHand.join(QStringLiteral("; "))),
            Say::tr(
                "Say in the Fleet document what control planes and gateways are installed from, or do them with the commands that the plan shows; then plan again.")));
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
    const ops::Plan rest = resumed ? restOf(plan, *resumed) : plan;
    if (resumed && rest.isEmpty())
        return joined(plan, {}, *resumed);
    const auto earlier = resumed
        ? journal->execution(resumed->execution).and_then([&](const ops::Execution &one) { return toGoOnFrom(one, *journal); })
        : goesOnFrom(*journal, world.environment(), options);
    if (!earlier)
        return fails(earlier.error());
    all.continues = *earlier;
    if (!resumed)
        return ops::execute(plan, kinds, world, all, stop);
    return joined(plan, *resumed, ops::execute(rest, kinds, world, all, stop));
}

ExecutionResult takeBack(qint64 execution, session::Session &session, const CarryOutOptions &options, std::stop_token stop)
{
    SessionWorld world(session);
    ExecutionResult result;
    const auto journal = ops::Journal::open(options.databaseFile);
    const auto chain = journal.and_then([&](const ops::Journal &open) { return chainOf(execution, open); });
    if (!chain) {
        result.error = chain.error();
        return result;
    }
    for (const ops::Execution &one : *chain) {
        if (options.onExecution)
            options.onExecution(one);
        ExecutionResult undone = ops::undo(one.id, operationKinds(), world, optionsOf(options, session), stop);
        undone.steps = result.steps + undone.steps;
        if (undone.execution == 0) {
            undone.execution = result.execution;
            undone.uid = result.uid;
        }
        result = std::move(undone);
        if (!result.complete)
            break;
    }
    return result;
}

ExecutionResult goOn(qint64 execution, session::Session &session, const CarryOutOptions &options, std::stop_token stop)
{
    SessionWorld world(session);
    return ops::resume(execution, operationKinds(), world, optionsOf(options, session), stop);
}

ExecutionResult leave(qint64 execution, session::Session &session, const CarryOutOptions &options, std::stop_token stop)
{
    SessionWorld world(session);
    return ops::settle(execution, operationKinds(), world, optionsOf(options, session), stop);
}

} // namespace catamaran::fleet
