// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/adopt.h"

#include "ops/kinds/faultmark.h"
#include "ops/kinds/target.h"
#include "ops/purpose.h"
#include "ops/say.h"

#include <algorithm>

namespace catamaran::ops {

using core::Result;

namespace {

const QString scaleKind = QStringLiteral("kube.scale"), applyKind = QStringLiteral("kube.apply");

QJsonObject identity(const Trace &trace)
{
    QJsonObject object { { QStringLiteral("cluster"), trace.cluster }, { QStringLiteral("apiVersion"), trace.apiVersion },
        { QStringLiteral("kind"), trace.kind }, { QStringLiteral("name"), trace.name } };
    if (!trace.ns.isEmpty())
        object.insert(QStringLiteral("namespace"), trace.ns);
    return object;
}

Result<Target> targetOf(const Trace &trace)
{
    return Target::read(QStringLiteral("drill"), identity(trace));
}

/// The operation that would have left @p object as it is.
Operation deedOf(const Trace &trace, const Target &target, const std::optional<QJsonObject> &object)
{
    const bool isMarked = !trace.execution.isEmpty();
    if (trace.replicas) {
        QJsonObject arguments = identity(trace);
        arguments.remove(QStringLiteral("apiVersion"));
        arguments.insert(QStringLiteral("replicas"), trace.set.value_or(object ? object->value(u"spec")[u"replicas"].toInt(1) : 0));
        arguments.insert(QStringLiteral("previous"), *trace.replicas);
        if (isMarked)
            arguments.insert(QStringLiteral("mark"), true);
        return { scaleKind, arguments };
    }
    QJsonObject made = object ? kube::restrictedTo(*object, kube::fieldsAppliedBy(*object, fieldManager)) : QJsonObject();
    QJsonObject metadata = metadataOf(made), annotations = metadata.value(u"annotations").toObject();
    annotations.remove(faultAnnotation);
    for (const QString &key : metadata.keys())
        if (key != u"labels")
            metadata.remove(key);
    if (!annotations.isEmpty())
        metadata.insert(QStringLiteral("annotations"), annotations);
    made.remove(QStringLiteral("status"));
    made.insert(QStringLiteral("metadata"), metadata);
    QJsonObject arguments { { QStringLiteral("cluster"), trace.cluster }, { QStringLiteral("object"), target.identified(made) } };
    if (isMarked)
        arguments.insert(QStringLiteral("mark"), true);
    return { applyKind, arguments };
}

/// One trace with what undo() needs to know of it.
struct Found {
    Step step;
    State before, left;
};

State stateBefore(const Trace &trace, const State &now)
{
    if (!trace.replicas)
        return { { { QStringLiteral("exists"), false } }, {} };
    State before = now;
    before.value.remove(QStringLiteral("mark"));
    before.value.insert(QStringLiteral("exists"), true);
    before.value.insert(QStringLiteral("replicas"), *trace.replicas);
    before.value.insert(QStringLiteral("ready"), *trace.replicas);
    return before;
}

/// As the fault left it: as it is, but for what tells that somebody else was here since.
State stateLeft(const Trace &trace, const State &now)
{
    State left = now;
    if (trace.replicas && trace.set && now.value.value(u"exists").toBool())
        left.value.insert(QStringLiteral("replicas"), *trace.set);
    const bool isForeign = now.value.value(u"exists").toBool() && !now.value.value(u"ours").toBool();
    if (!trace.replicas && isForeign) // ours went, and somebody made another
        left.value = { { QStringLiteral("exists"), true }, { QStringLiteral("ours"), true } };
    if (!left.value.value(u"exists").toBool()) // what had replicas and is gone is neither
        left.value.insert(QStringLiteral("exists"), true);
    return left;
}

/// nullopt: it does not bear the mark.
Result<std::optional<Found>> look(const Trace &trace, const Registry &registry, Scope &scope)
{
    const auto target = targetOf(trace);
    if (!target)
        return core::fail(target.error());
    const auto object = readObject(*target, scope);
    if (!object)
        return core::fail(object.error());
    Trace told = trace;
    if (!trace.execution.isEmpty()) {
        const auto mark = *object ? faultMarkOf(**object) : std::nullopt;
        if (!mark || mark->execution != trace.execution || mark->step != trace.step)
            return std::optional<Found>();
        told.replicas = mark->replicas;
        told.set = mark->set;
    }
    const Operation deed = deedOf(told, *target, *object);
    const auto kind = registry.find(deed.kind);
    if (!kind)
        return core::fail(kind.error());
    if (const auto checked = (*kind)->check(deed.arguments); !checked)
        return core::fail(checked.error());
    const auto now = (*kind)->look(deed, scope);
    if (!now)
        return core::fail(now.error());
    return std::optional(Found { { trace.step, {}, {}, deed }, stateBefore(told, *now), stateLeft(told, *now) });
}

} // namespace

QString Trace::subject() const
{
    const auto target = targetOf(*this);
    return target ? target->subject() : cluster + u'/' + ns + u'/' + kind.toLower() + u'/' + name;
}

Result<qint64> adopt(Journal &journal, const Adoptee &whose, const QList<Trace> &traces, const Registry &registry, World &world,
    const ExecuteOptions &options, std::stop_token stop)
{
    Scope scope { world, std::move(stop), std::chrono::steady_clock::now() + options.settleTimeout, {}, options.clock };
    Plan plan;
    QList<Event> events;
    QStringList steps;
    for (const Trace &trace : traces) {
        const auto found = look(trace, registry, scope);
        if (!found)
            return core::fail(found.error());
        if (!*found)
            continue;
        plan.steps += (*found)->step;
        steps += trace.step;
        Event intent;
        intent.step = trace.step;
        intent.at = whose.at;
        intent.state = EventState::Intent;
        intent.seen = (*found)->before;
        Event done = intent;
        done.state = EventState::Done;
        done.seen = (*found)->left;
        done.answer = trace.execution.isEmpty() ? Say::tr("as an earlier version of Catamaran wrote it down")
                                                : Say::tr("as the mark on the object tells");
        events += { intent, done };
    }
    if (plan.isEmpty() && whose.execution == 0)
        return qint64(0);
    Execution execution;
    execution.id = whose.execution;
    execution.uid = whose.uid + u'/' + steps.join(u',');
    execution.at = whose.at;
    execution.environment = world.environment();
    execution.purpose = purposeOfMark(whose.name);
    execution.name = whose.name;
    execution.owner = whose.owner;
    execution.plan = describePlan(plan, registry, options.names);
    return journal.adopt(execution, events);
}

QList<Trace> tracesOf(const Plan &plan, const QString &uid)
{
    QList<Trace> traces;
    for (const Step &step : plan.steps) {
        const QJsonObject &arguments = step.operation.arguments;
        if (!arguments.value(u"mark").toBool())
            continue;
        const bool isScaled = step.operation.kind == scaleKind;
        const QJsonObject object = arguments.value(u"object").toObject(), said = isScaled ? arguments : metadataOf(object);
        Trace trace;
        trace.execution = uid;
        trace.step = step.id;
        trace.cluster = arguments.value(u"cluster").toString();
        trace.apiVersion = isScaled ? QStringLiteral("apps/v1") : object.value(u"apiVersion").toString();
        trace.kind = isScaled ? arguments.value(u"kind").toString(QStringLiteral("Deployment")) : object.value(u"kind").toString();
        trace.ns = said.value(u"namespace").toString();
        trace.name = said.value(u"name").toString();
        if (isScaled && arguments.contains(u"previous"))
            trace.replicas = arguments.value(u"previous").toInt();
        if (isScaled)
            trace.set = arguments.value(u"replicas").toInt();
        traces += trace;
    }
    return traces;
}

Plan planOf(const QList<Trace> &traces)
{
    Plan plan;
    for (const Trace &trace : traces)
        if (const auto target = targetOf(trace))
            plan.steps.append({ trace.step, {}, {}, deedOf(trace, *target, std::nullopt) });
    return plan;
}

Result<core::Done> takeMarkOff(
    const Trace &trace, const Registry &registry, World &world, const ExecuteOptions &options, std::stop_token stop)
{
    const auto target = targetOf(trace);
    if (!target)
        return core::fail(target.error());
    Scope scope { world, stop, std::chrono::steady_clock::now() + options.settleTimeout, {}, options.clock };
    const auto object = readObject(*target, scope);
    if (!object)
        return core::fail(object.error());
    const auto mark = *object ? faultMarkOf(**object) : std::nullopt;
    if (!mark || mark->execution != trace.execution || mark->step != trace.step)
        return core::Done {};
    QJsonObject arguments = identity(trace);
    arguments.insert(QStringLiteral("foreign"), QStringLiteral("take"));
    arguments.insert(QStringLiteral("patch"),
        QJsonObject { { QStringLiteral("metadata"),
            QJsonObject { { QStringLiteral("annotations"), QJsonObject { { faultAnnotation, QJsonValue::Null } } } } } });
    ExecuteOptions own = options;
    own.purpose = QStringLiteral("give-up");
    own.name = mark->name;
    const ExecutionResult result = execute(
        { { { QStringLiteral("unmark"), {}, {}, { QStringLiteral("kube.patch"), arguments } } } }, registry, world, own, std::move(stop));
    if (result.complete)
        return core::Done {};
    return core::fail(result.error.value_or(
        core::Error::make(core::ErrorKind::Cancelled, Say::tr("take the mark off"), trace.subject(), Say::tr("stopped"))));
}

} // namespace catamaran::ops
