// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/plan.h"

#include "ops/registry.h"
#include "ops/say.h"

#include <QHash>
#include <QJsonArray>
#include <QSet>

namespace catamaran::ops {

using core::Done;
using core::ErrorKind;
using core::Result;

namespace {

tl::unexpected<core::Error> unreadable(const QString &answer)
{
    return core::fail(ErrorKind::Protocol, Say::tr("read a plan"), {}, answer);
}

tl::unexpected<core::Error> wrong(const QString &step, const QString &answer)
{
    return core::fail(ErrorKind::InvalidInput, Say::tr("check the plan"), step, answer);
}

Result<Step> stepOf(const QJsonValue &value)
{
    // What describePlan() adds is for people, and made anew.
    static const QSet<QString> known { QStringLiteral("id"), QStringLiteral("why"), QStringLiteral("depends_on"),
        QStringLiteral("operation"), QStringLiteral("title"), QStringLiteral("calls"), QStringLiteral("command"), QStringLiteral("undo"),
        QStringLiteral("keeps"), QStringLiteral("subject"), QStringLiteral("lane"), QStringLiteral("usual_seconds") };
    if (!value.isObject())
        return unreadable(Say::tr("a step is no object"));
    const QJsonObject object = value.toObject();
    const QString id = object[u"id"].toString();
    if (id.isEmpty())
        return unreadable(Say::tr("a step has no id"));
    for (const QString &key : object.keys())
        if (!known.contains(key))
            return unreadable(Say::tr("the step %1 has an unknown field “%2”").arg(id, key.left(64)));
    if (!object[u"operation"].isObject())
        return unreadable(Say::tr("the step %1 has no operation").arg(id));
    auto operation = Operation::fromJson(object[u"operation"].toObject());
    if (!operation)
        return core::fail(operation.error());
    if (object.contains(u"why") && !object[u"why"].isString())
        return unreadable(Say::tr("the reason of the step %1 is no text").arg(id));
    if (object.contains(u"depends_on") && !object[u"depends_on"].isArray())
        return unreadable(Say::tr("the step %1 depends on what is no list").arg(id));
    Step step { id, object[u"why"].toString(), {}, *operation };
    const QJsonArray dependsOn = object[u"depends_on"].toArray();
    for (const QJsonValue &other : dependsOn) {
        if (!other.isString())
            return unreadable(Say::tr("the step %1 depends on what is no id").arg(id));
        step.dependsOn += other.toString();
    }
    return step;
}

/// A step that waits for itself, as "a → b → a"; empty when there is none. All dependencies exist.
QString cycleIn(const Plan &plan)
{
    QHash<QString, const Step *> byId;
    for (const Step &step : plan.steps)
        byId.insert(step.id, &step);
    QSet<QString> fine;
    struct Visit {
        const Step *step;
        qsizetype next = 0; // the dependency to look at
    };
    for (const Step &first : plan.steps) {
        QList<Visit> path { { &first } }; // not recursive: a chain may be long
        QSet<QString> onPath { first.id };
        while (!path.isEmpty()) {
            Visit &visit = path.last();
            if (fine.contains(visit.step->id) || visit.next >= visit.step->dependsOn.size()) {
                fine.insert(visit.step->id);
                onPath.remove(visit.step->id);
                path.removeLast();
                continue;
            }
            const QString &id = visit.step->dependsOn.at(visit.next++);
            if (onPath.contains(id)) {
                QStringList names;
                for (const Visit &one : path)
                    if (!names.isEmpty() || one.step->id == id)
                        names += one.step->id;
                return (names << id).join(QStringLiteral(" → "));
            }
            if (!fine.contains(id)) {
                onPath.insert(id);
                path.append({ byId.value(id) });
            }
        }
    }
    return {};
}

const Kind &kindOf(const Step &step, const Registry &registry)
{
    const auto kind = registry.find(step.operation.kind);
    Q_ASSERT(kind);
    return **kind;
}

} // namespace

QJsonObject Plan::toJson() const
{
    QJsonArray list;
    for (const Step &step : steps)
        list.append(QJsonObject { { QStringLiteral("id"), step.id }, { QStringLiteral("why"), step.why },
            { QStringLiteral("depends_on"), QJsonArray::fromStringList(step.dependsOn) },
            { QStringLiteral("operation"), step.operation.toJson() } });
    return { { QStringLiteral("steps"), list } };
}

Result<Plan> Plan::fromJson(const QJsonObject &object)
{
    const bool continues = object.contains(u"continues");
    if (!object[u"steps"].isArray() || object.size() != (continues ? 2 : 1) || (continues && continuesOf(object) <= 0))
        return unreadable(Say::tr("it is no list of steps"));
    Plan plan;
    const QJsonArray list = object[u"steps"].toArray();
    plan.steps.reserve(list.size());
    for (const QJsonValue &value : list) {
        auto step = stepOf(value);
        if (!step)
            return core::fail(step.error());
        plan.steps.append(std::move(*step));
    }
    return plan;
}

QJsonObject continuing(QJsonObject plan, qint64 execution)
{
    plan.insert(QStringLiteral("continues"), execution);
    return plan;
}

qint64 continuesOf(const QJsonObject &plan)
{
    return plan.value(u"continues").toInteger();
}

Result<Done> checkPlan(const Plan &plan, const Registry &registry)
{
    QSet<QString> ids;
    for (const Step &step : plan.steps) {
        if (step.id.isEmpty())
            return wrong(step.operation.kind, Say::tr("a step has no id"));
        if (ids.contains(step.id))
            return wrong(step.id, Say::tr("two steps have this id"));
        ids.insert(step.id);
    }
    for (const Step &step : plan.steps) {
        for (const QString &other : step.dependsOn)
            if (!ids.contains(other))
                return wrong(step.id, Say::tr("it depends on “%1”, which is no step of the plan").arg(other));
        const auto kind = registry.find(step.operation.kind);
        if (!kind)
            return core::fail(kind.error());
        if (const auto checked = (*kind)->check(step.operation.arguments); !checked)
            return wrong(step.id, checked.error().text());
    }
    if (const QString cycle = cycleIn(plan); !cycle.isEmpty())
        return wrong(cycle.section(u' ', 0, 0), Say::tr("it waits for itself: %1").arg(cycle));
    return Done {};
}

QList<DescribedStep> describeSteps(const Plan &plan, const Registry &registry, const Names &names)
{
    QList<DescribedStep> steps;
    steps.reserve(plan.steps.size());
    for (const Step &step : plan.steps)
        steps.append({ step, kindOf(step, registry).describe(step.operation, names) });
    return steps;
}

QJsonObject describePlan(const Plan &plan, const Registry &registry, const Names &names)
{
    QJsonArray list;
    for (const auto &[step, words] : describeSteps(plan, registry, names)) {
        QJsonArray calls;
        for (const Call &call : words.calls)
            calls.append(QJsonObject { { QStringLiteral("system"), call.system }, { QStringLiteral("method"), call.method },
                { QStringLiteral("body"), call.body } });
        list.append(QJsonObject { { QStringLiteral("id"), step.id }, { QStringLiteral("title"), words.title },
            { QStringLiteral("why"), step.why }, { QStringLiteral("depends_on"), QJsonArray::fromStringList(step.dependsOn) },
            { QStringLiteral("calls"), calls }, { QStringLiteral("command"), words.command }, { QStringLiteral("undo"), words.undo },
            { QStringLiteral("keeps"), words.keeps }, { QStringLiteral("subject"), words.subject }, { QStringLiteral("lane"), words.lane },
            { QStringLiteral("usual_seconds"), words.usualSeconds }, { QStringLiteral("operation"), step.operation.toJson() } });
    }
    return { { QStringLiteral("steps"), list } };
}

QList<Right> rightsOf(const Plan &plan, const Registry &registry, Direction direction)
{
    QList<Right> rights;
    QSet<QStringList> met;
    for (const Step &step : plan.steps) {
        for (const Right &right : kindOf(step, registry).rights(step.operation, direction)) {
            const kube::AccessQuestion &q = right.question;
            const QStringList key { right.cluster, q.verb, q.group, q.resource, q.subresource, q.ns, q.name };
            if (!met.contains(key)) {
                met.insert(key);
                rights += right;
            }
        }
    }
    return rights;
}

} // namespace catamaran::ops
