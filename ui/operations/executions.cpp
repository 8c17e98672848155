// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/operations/executions.h"

#include "fleet/carryout.h"
#include "ops/purpose.h"
#include "ui/common/say.h"

#include <algorithm>

namespace catamaran::ui {

using observe::Health;
using ops::EventState;
using ops::ExecutionState;

namespace {

/// Whether @p entry is made of operations, and belongs to what is open.
QString whyOutOfReach(const ExecutionEntry &entry, const QString &environment)
{
    if (entry.isRunning())
        return Say::tr("it runs: %1").arg(entry.execution.owner.text());
    if (entry.steps.isEmpty()
        || std::any_of(entry.steps.begin(), entry.steps.end(), [](const StepEntry &one) { return one.step.step.operation.kind.isEmpty(); }))
        return Say::tr("an earlier version wrote it: its steps say what takes them back by hand");
    if (environment.isEmpty())
        return Say::tr("no environment is open");
    if (entry.execution.environment != environment)
        return Say::tr("it belongs to the environment %1").arg(entry.execution.environment);
    return {};
}

QString kindWord(const QString &resource)
{
    static const QHash<QString, QString> kinds {
        { QStringLiteral("deployments"), QStringLiteral("Deployment") },
        { QStringLiteral("services"), QStringLiteral("Service") },
        { QStringLiteral("serviceaccounts"), QStringLiteral("ServiceAccount") },
        { QStringLiteral("namespaces"), QStringLiteral("Namespace") },
        { QStringLiteral("pods"), QStringLiteral("Pod") },
        { QStringLiteral("configmaps"), QStringLiteral("ConfigMap") },
        { QStringLiteral("secrets"), QStringLiteral("Secret") },
        { QStringLiteral("destinationrules"), QStringLiteral("DestinationRule") },
    };
    return kinds.value(resource, resource);
}

/// "deployments" of "PATCH /apis/apps/v1/namespaces/default/deployments/sleep/scale?…"; empty for calls that are no Kubernetes ones.
QString resourceOf(const QString &call)
{
    const QString path = call.section(u' ', 1, 1).section(u'?', 0, 0);
    QStringList parts = path.split(u'/', Qt::SkipEmptyParts);
    if (parts.size() < 3 || (parts.first() != QLatin1String("api") && parts.first() != QLatin1String("apis")))
        return {};
    parts = parts.mid(parts.first() == QLatin1String("api") ? 2 : 3);
    if (parts.size() > 2 && parts.first() == QLatin1String("namespaces"))
        parts = parts.mid(2);
    return parts.value(0);
}

} // namespace

const StepEntry *ExecutionEntry::step(const QString &id) const
{
    const auto found = std::find_if(steps.begin(), steps.end(), [&](const StepEntry &one) { return one.step.step.id == id; });
    return found == steps.end() ? nullptr : &*found;
}

core::Result<ExecutionEntry> readExecution(ops::Journal &journal, const ops::Execution &execution)
{
    const auto events = journal.events(execution.id);
    if (!events)
        return core::fail(events.error());
    ExecutionEntry entry;
    entry.execution = execution;
    const qint64 earlier = ops::continuesOf(execution.plan);
    entry.execution.plan = earlier == 0 ? QJsonObject() : ops::continuing({}, earlier); // its steps say the rest
    entry.isAlive = execution.state == ExecutionState::Running && journal.isAlive(execution);
    const QMap<QString, ops::StepRecord> records = ops::recordsOf(*events);
    QHash<QString, const ops::Event *> newest, proven;
    for (const ops::Event &event : *events) {
        newest[event.step] = &event;
        if (!event.evidence.text.isEmpty())
            proven[event.step] = &event;
    }
    const auto add = [&](const ops::DescribedStep &step) {
        StepEntry one { step, records.value(step.step.id) };
        if (const ops::Event *event = newest.value(step.step.id)) {
            one.at = event->at;
            one.durationMs = event->durationMs;
        }
        if (const ops::Event *event = proven.value(step.step.id))
            one.evidence = event->evidence;
        entry.steps.append(one);
    };
    for (const ops::DescribedStep &step : keptSteps(execution.plan))
        add(step);
    return entry;
}

core::Result<QList<ExecutionEntry>> readChain(ops::Journal &journal, qint64 execution)
{
    const auto chain = fleet::chainOf(execution, journal);
    if (!chain)
        return core::fail(chain.error());
    QList<ExecutionEntry> entries;
    for (const ops::Execution &one : *chain) {
        auto entry = readExecution(journal, one);
        if (!entry)
            return core::fail(entry.error());
        entries.append(std::move(*entry));
    }
    return entries;
}

QString executionTitle(const ops::Execution &execution)
{
    const QString &purpose = execution.purpose, &name = execution.name;
    if (const qint64 earlier = ops::continuesOf(execution.plan); earlier != 0) {
        ops::Execution alone = execution;
        alone.plan = {};
        return Say::tr("%1 (goes on from %2)").arg(executionTitle(alone), QString::number(earlier));
    }
    if (purpose == QLatin1String("apply"))
        return Say::tr("Apply %1").arg(name);
    if (purpose == QLatin1String("destroy"))
        return Say::tr("Take away %1").arg(name);
    if (purpose == QLatin1String("mend"))
        return Say::tr("Mend %1").arg(name);
    if (purpose == QLatin1String("move-client"))
        return Say::tr("Move the client");
    if (purpose == ops::drillPurpose)
        return Say::tr("Drill %1").arg(name);
    if (purpose == ops::probePurpose)
        return Say::tr("Probe %1").arg(name);
    if (purpose == ops::undoPurpose)
        return Say::tr("Undo of “%1”").arg(name);
    return execution.title();
}

QString executionStateText(const ExecutionEntry &entry)
{
    switch (entry.execution.state) {
    case ExecutionState::Running: return entry.isAlive ? Say::tr("running") : Say::tr("interrupted");
    case ExecutionState::Done: return Say::tr("done");
    case ExecutionState::Failed: return Say::tr("failed");
    case ExecutionState::Stopped: return Say::tr("stopped");
    case ExecutionState::UndoDue: return Say::tr("undo due");
    case ExecutionState::Undone: return Say::tr("undone");
    }
    return {};
}

std::optional<Health> executionHealth(const ExecutionEntry &entry)
{
    switch (entry.execution.state) {
    case ExecutionState::Running: return entry.isAlive ? std::nullopt : std::optional(Health::Warning);
    case ExecutionState::Done: return Health::Ok;
    case ExecutionState::Failed: return Health::Failed;
    case ExecutionState::Stopped:
    case ExecutionState::UndoDue: return Health::Warning;
    case ExecutionState::Undone: return std::nullopt;
    }
    return std::nullopt;
}

QString eventStateText(EventState state)
{
    switch (state) {
    case EventState::Planned: return Say::tr("not begun");
    case EventState::Intent: return Say::tr("begun, no end noted");
    case EventState::Sent: return Say::tr("sent, not yet proven");
    case EventState::Done: return Say::tr("done");
    case EventState::Failed: return Say::tr("failed");
    case EventState::Unknown: return Say::tr("sent, no answer");
    case EventState::Undone: return Say::tr("undone");
    case EventState::Skipped: return Say::tr("skipped");
    case EventState::GivenUp: return Say::tr("given up");
    }
    return {};
}

std::optional<Health> eventHealth(EventState state)
{
    switch (state) {
    case EventState::Planned:
    case EventState::Undone:
    case EventState::Skipped: return std::nullopt;
    case EventState::Intent:
    case EventState::Sent:
    case EventState::Unknown: return Health::Unknown;
    case EventState::Done: return Health::Ok;
    case EventState::Failed: return Health::Failed;
    case EventState::GivenUp: return Health::Warning;
    }
    return std::nullopt;
}

QString ownerText(const ops::Execution &execution)
{
    return execution.owner.host.isEmpty() ? Say::tr("an earlier version") : execution.owner.text();
}

QString subjectText(const QString &subject, const QString &call)
{
    // "cluster-1/default/deployments.apps/sleep", "cluster-1/namespaces/sample": the last but one is the resource.
    const QStringList parts = subject.split(u'/');
    if (parts.size() == 4 || (parts.size() == 3 && parts.at(1) == QLatin1String("namespaces"))) {
        QStringList place = parts;
        place.removeAt(parts.size() - 2);
        return Say::tr("%1 %2").arg(kindWord(parts.at(parts.size() - 2).section(u'.', 0, 0)), place.join(u'/'));
    }
    const QString kind = kindWord(resourceOf(call));
    return kind.isEmpty() ? subject : Say::tr("%1 %2").arg(kind, subject);
}

QString whyNotUndone(const ExecutionEntry &entry, const QString &environment)
{
    if (entry.execution.undoes != 0)
        return Say::tr("it takes something back itself");
    if (entry.execution.state == ExecutionState::Undone)
        return Say::tr("it is undone");
    if (const QString why = whyOutOfReach(entry, environment); !why.isEmpty())
        return why;
    return stepsToUndo(entry).isEmpty() ? Say::tr("nothing of it is left to be taken back") : QString();
}

QString whyNotGoneOn(const ExecutionEntry &entry, const QString &environment)
{
    switch (entry.execution.state) {
    case ExecutionState::Done: return Say::tr("it is done");
    case ExecutionState::Undone: return Say::tr("it is undone");
    case ExecutionState::UndoDue: return Say::tr("what it did is being taken back: undo it");
    case ExecutionState::Running:
    case ExecutionState::Failed:
    case ExecutionState::Stopped: break;
    }
    if (entry.execution.purpose == ops::drillPurpose)
        return Say::tr("a drill is not gone on with, but put back: undo it");
    if (entry.execution.purpose == ops::probePurpose)
        return Say::tr("a probe is not gone on with, but taken away: undo it");
    return whyOutOfReach(entry, environment);
}

QString whyNotGivenUp(const ExecutionEntry &entry, const QString &step)
{
    const StepEntry *one = entry.step(step);
    if (!one)
        return Say::tr("no step is chosen");
    if (entry.isRunning())
        return Say::tr("it runs: %1").arg(entry.execution.owner.text());
    if (entry.execution.undoes != 0)
        return Say::tr("it takes something back: choose the step there");
    const bool open = one->record.isUnsettled() || (one->record.isToUndo() && entry.execution.state != ExecutionState::Done);
    return open ? QString() : Say::tr("nothing of it is left to be settled or taken back");
}

QList<ops::DescribedStep> stepsToUndo(const ExecutionEntry &entry)
{
    QList<const StepEntry *> acted;
    for (const StepEntry &one : entry.steps)
        if (one.record.isToUndo())
            acted.append(&one);
    std::stable_sort(
        acted.begin(), acted.end(), [](const StepEntry *a, const StepEntry *b) { return a->record.intent > b->record.intent; });
    QList<ops::DescribedStep> steps;
    for (const StepEntry *one : std::as_const(acted)) {
        ops::DescribedStep back = one->step;
        back.step.dependsOn.clear();
        for (const StepEntry *other : std::as_const(acted)) // who was waited for waits
            if (other->step.step.dependsOn.contains(back.step.id))
                back.step.dependsOn += other->step.step.id;
        back.words.command = back.words.undo;
        back.words.calls.clear();
        steps.append(back);
    }
    return steps;
}

QString chainStepId(qint64 execution, qint64 own, const QString &step)
{
    return execution == own ? step : QStringLiteral("%1/%2").arg(QString::number(execution), step);
}

std::pair<qint64, QString> chainStep(const QString &id, qint64 own)
{
    const qsizetype slash = id.indexOf(u'/'); // no id of a step has one
    return slash < 0 ? std::pair(own, id) : std::pair(id.left(slash).toLongLong(), id.mid(slash + 1));
}

QList<ops::DescribedStep> stepsToUndo(const QList<ExecutionEntry> &chain, qint64 own)
{
    QList<ops::DescribedStep> all;
    for (const ExecutionEntry &entry : chain) {
        const qint64 id = entry.execution.id;
        QStringList before; // the newer ones are taken back first
        for (const ops::DescribedStep &step : std::as_const(all))
            before << step.step.id;
        for (ops::DescribedStep step : stepsToUndo(entry)) {
            step.step.id = chainStepId(id, own, step.step.id);
            for (QString &other : step.step.dependsOn)
                other = chainStepId(id, own, other);
            step.step.dependsOn += before;
            if (id != own)
                step.words.title = Say::tr("%1 (execution %2)").arg(step.words.title, QString::number(id));
            all.append(step);
        }
    }
    return all;
}

QList<ops::DescribedStep> stepsLeft(const ExecutionEntry &entry)
{
    QList<ops::DescribedStep> steps;
    for (const StepEntry &one : entry.steps)
        if (one.record.state != EventState::Done && one.record.state != EventState::GivenUp)
            steps.append(one.step);
    return steps;
}

} // namespace catamaran::ui
