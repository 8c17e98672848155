// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/faultplan.h"

#include "core/async.h"
#include "drill/faultwriter.h"
#include "drill/say.h"
#include "kube/kubeclient.h"

#include <QJsonArray>

namespace catamaran::drill {

using core::ErrorKind;
using core::Result;

namespace {

core::Error unknownKind()
{
    return core::Error::make(
        ErrorKind::Unsupported, Say::tr("prepare the drill"), {}, Say::tr("it has a fault of a kind that is not known here"));
}

} // namespace

Result<DrillDocument> resolved(const DrillDocument &drill, ops::World &world, std::stop_token stop)
{
    DrillDocument known = drill;
    const FaultLook look { world, std::move(stop) };
    for (Fault &fault : known.faults) {
        if (!fault.kind)
            return core::fail(unknownKind());
        const auto arguments = fault.kind->resolve(fault.arguments, look);
        if (!arguments)
            return core::fail(arguments.error());
        fault.arguments = *arguments;
    }
    return known;
}

Result<QList<FaultObject>> objectsOf(const DrillDocument &drill)
{
    QMap<FaultObject, bool> all;
    for (const Fault &fault : drill.faults) {
        const auto objects = fault.kind ? fault.kind->touches(fault.arguments) : core::fail(unknownKind());
        if (!objects)
            return core::fail(objects.error());
        for (const FaultObject &object : *objects)
            all.insert(object, true);
    }
    return all.keys();
}

Result<Standing> lookAt(const DrillDocument &drill, ops::World &world, std::stop_token stop)
{
    const auto objects = objectsOf(drill);
    if (!objects)
        return core::fail(objects.error());
    QList<QFuture<Result<QJsonObject>>> answers; // all at once
    for (const FaultObject &object : *objects) {
        const auto cluster = world.cluster(object.cluster);
        const auto kind = kube::kindOf(object.apiVersion, object.kind);
        if (!cluster || !kind)
            return core::fail(cluster ? kind.error() : cluster.error());
        answers += (*cluster)->get(*kind, object.ns, object.name, stop);
    }
    Standing standing;
    for (qsizetype i = 0; i < answers.size(); ++i) {
        const auto answer = core::await(answers.at(i), stop);
        if (!answer && answer.error().kind != ErrorKind::NotFound)
            return core::fail(answer.error());
        standing.insert(objects->at(i), answer ? std::optional(*answer) : std::nullopt);
    }
    return standing;
}

Result<ops::Plan> faultPlan(const DrillDocument &drill, const Standing &standing)
{
    ops::Plan plan;
    FaultWriter writer(standing, plan);
    for (int stage = 0; stage < drill.stages.size(); ++stage) {
        for (const Fault &fault : drill.faults) {
            if (fault.stage != stage)
                continue;
            const auto written = fault.kind ? fault.kind->write(fault.arguments, writer) : core::fail(unknownKind());
            if (!written)
                return core::fail(written.error());
        }
        if (stage + 1 < drill.stages.size()) // the last one's time is the runner's: the execution is done by then
            writer.hold(stage, drill.stages.at(stage).hold);
    }
    return plan;
}

std::optional<probe::Source> clientAfter(const DrillDocument &drill, const ops::Plan &plan, const QString &step)
{
    const QList<ops::Trace> traces = ops::tracesOf(plan, QStringLiteral("-"));
    for (const Fault &fault : drill.faults)
        for (const ops::Trace &trace : traces)
            if (trace.step == step && fault.kind)
                if (auto client = fault.kind->clientAfter(fault.arguments, trace))
                    return client;
    return std::nullopt;
}

QJsonObject subjectsOf(const QList<FaultObject> &objects)
{
    QJsonArray steps;
    for (const FaultObject &object : objects) {
        const ops::Trace trace { {}, object.text(), object.cluster, object.apiVersion, object.kind, object.ns, object.name };
        steps.append(QJsonObject { { QStringLiteral("id"), object.text() }, { QStringLiteral("subject"), trace.subject() } });
    }
    return { { QStringLiteral("steps"), steps } };
}

} // namespace catamaran::drill
