// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/undo.h"

#include "ops/run.h"
#include "ops/say.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::ops {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

/// The steps backwards: who was waited for waits. What was done to one subject goes back newest first.
QList<Task> backwards(const Plan &plan, const QList<Description> &words, const QMap<QString, StepRecord> &deeds)
{
    QMap<QString, QStringList> dependents;
    for (const Step &step : plan.steps)
        for (const QString &other : step.dependsOn)
            dependents[other] += step.id;
    QList<int> order;
    for (int i = 0; i < plan.steps.size(); ++i)
        order.append(i);
    const auto acted = [&](int i) { return deeds.value(plan.steps.at(i).id).intent; };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return acted(a) > acted(b); });
    QList<Task> tasks;
    QMap<QString, QString> newest; // step by subject
    for (const int i : std::as_const(order)) {
        const Step &step = plan.steps.at(i);
        Task task { step.id, dependents.value(step.id), lanesOf(words.at(i)) };
        const QString subject = words.at(i).subject;
        if (!subject.isEmpty() && acted(i) != 0) {
            if (newest.contains(subject))
                task.after += newest.value(subject);
            newest.insert(subject, step.id);
        }
        tasks.append(task);
    }
    return tasks;
}

/// The plan of the undo, as it is shown and kept.
QJsonObject describeUndo(const QJsonObject &described, const QList<Task> &tasks)
{
    QMap<QString, QJsonObject> byId;
    const QJsonArray steps = described[u"steps"].toArray();
    for (const QJsonValue &step : steps)
        byId.insert(step[u"id"].toString(), step.toObject());
    QJsonArray list;
    for (const Task &task : tasks) {
        QJsonObject step = byId.value(task.id);
        step[u"title"] = Say::tr("Take back: %1").arg(step[u"title"].toString());
        step[u"depends_on"] = QJsonArray::fromStringList(task.after);
        step[u"command"] = step[u"undo"];
        step[u"undo"] = QString();
        step[u"calls"] = QJsonArray();
        list.append(step);
    }
    return { { QStringLiteral("steps"), list } };
}

/// A new execution, or an earlier undo of the same one whose owner died.
Result<std::shared_ptr<Claim>> claimUndo(Journal &journal, const Execution &undone, const QJsonObject &plan, bool held)
{
    const auto interrupted = journal.interrupted(undone.environment);
    if (!interrupted)
        return core::fail(interrupted.error());
    for (const Execution &one : *interrupted)
        if (one.undoes == undone.id)
            return Claim::take(journal, one.id, held);
    return Claim::begin(journal, { undone.environment, undoPurpose, undone.title(), plan, undone.id, held });
}

} // namespace

ExecutionResult undo(qint64 execution, const Registry &registry, World &world, const ExecuteOptions &options, std::stop_token stop,
    std::shared_ptr<Claim> held)
{
    auto journal = Journal::open(options.databaseFile, options.clock);
    if (!journal)
        return notBegun(journal.error());
    const auto kept = findExecution(*journal, execution, registry, world);
    if (!kept)
        return notBegun(kept.error());
    const Plan &plan = kept->plan;
    if (kept->execution.undoes != 0)
        return notBegun(Error::make(ErrorKind::InvalidInput, Say::tr("undo execution %1").arg(execution), kept->execution.title(),
            Say::tr("it takes something back itself"), Say::tr("Plan again what you want.")));
    if (kept->execution.state == ExecutionState::Undone) {
        ExecutionResult nothing;
        nothing.complete = true;
        return nothing;
    }
    QList<Description> words;
    QStringList titles;
    for (const Step &step : plan.steps) {
        words += (*registry.find(step.operation.kind))->describe(step.operation, options.names);
        titles += Say::tr("Take back: %1").arg(words.last().title);
    }
    const auto before = journal->events(execution);
    if (!before)
        return notBegun(before.error());
    const bool holds = held && held->execution().id == execution;
    const auto claim = claimed(world, undoPurpose + u' ' + kept->execution.title(), options, stop, [&] {
        return claimUndo(*journal, kept->execution, describeUndo(kept->execution.plan, backwards(plan, words, recordsOf(*before))), holds);
    });
    if (!claim)
        return notBegun(claim.error());
    // Of this moment: nobody else writes any more.
    const auto deeds = journal->events(execution).map(recordsOf);
    const auto records = journal->events((*claim)->execution().id).map(recordsOf);
    if (!deeds || !records)
        return notBegun(deeds ? records.error() : deeds.error());
    Run run { plan, titles, registry, world, options, (*claim)->execution(), stop };
    ExecutionResult result = run.over(backwards(plan, words, *deeds), [&](int place, StepWork &work) {
        const QString id = plan.steps.at(place).id;
        return work.takeBack(execution, deeds->value(id), records->value(id));
    });
    const auto ended = journal->end(result.execution,
        result.complete      ? ExecutionState::Done
            : result.stopped ? ExecutionState::Stopped
                             : ExecutionState::Failed,
        result.complete ? ExecutionState::Undone : ExecutionState::UndoDue);
    if (!ended) {
        result.complete = false; // done, but not known to be: the next run looks
        if (!result.error)
            result.error = ended.error();
    }
    if (holds)
        Journal::abandon(journal->file(), execution);
    return result;
}

} // namespace catamaran::ops
