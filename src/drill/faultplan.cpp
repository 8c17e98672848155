// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/faultplan.h"

#include "core/async.h"
#include "documents/fleetdocument.h"
#include "drill/faultmarks.h"
#include "drill/say.h"
#include "kube/deploymentstatus.h"
#include "kube/kubeclient.h"
#include "ops/adopt.h"
#include "ops/kinds/faultmark.h"

#include <QJsonArray>

#include <tuple>

namespace catamaran::drill {

using core::ErrorKind;
using core::Result;

namespace {

const QString client = QStringLiteral("sleep"), clientManifest = QStringLiteral("sleep-standalone");

FaultObject deployment(const QString &cluster, const QString &ns, const QString &name)
{
    return { cluster, QStringLiteral("apps/v1"), QStringLiteral("Deployment"), ns, name };
}

FaultObject placeOf(const QString &cluster, const QJsonObject &object)
{
    const QJsonObject metadata = object[u"metadata"].toObject();
    return { cluster, object[u"apiVersion"].toString(), object[u"kind"].toString(), metadata[u"namespace"].toString(),
        metadata[u"name"].toString() };
}

tl::unexpected<core::Error> unfit(
    const FaultObject &object, const QString &answer, const QString &remedy, ErrorKind kind = ErrorKind::Precondition)
{
    return core::fail(kind, Say::tr("prepare the drill"), object.text(), answer, remedy);
}

Result<QList<FaultObject>> objectsOf(const MoveClientFault &fault)
{
    return documents::manifestObjects(clientManifest, fault.ns).map([&](const QList<QJsonObject> &manifest) {
        QList<FaultObject> objects { deployment(fault.fromCluster, fault.ns, client) };
        for (const QJsonObject &object : manifest)
            objects += placeOf(fault.toCluster, object);
        return objects;
    });
}

Result<QList<FaultObject>> objectsOf(const Fault &fault)
{
    switch (fault.kind) {
    case FaultKind::Scale: return QList<FaultObject> { deployment(fault.scale.cluster, fault.scale.ns, fault.scale.deployment) };
    case FaultKind::MoveClient: return objectsOf(fault.move);
    }
    return core::fail(ErrorKind::Unsupported, Say::tr("prepare the drill"), {}, Say::tr("it has a fault of a kind that is not known here"));
}

/// The steps of one fault, in the order in which they wait for each other.
class Writer {
public:
    Writer(const Standing &standing, ops::Plan &plan)
        : m_standing(standing)
        , m_plan(plan)
    {
    }

    [[nodiscard]] Result<core::Done> write(const Fault &fault)
    {
        switch (fault.kind) {
        case FaultKind::Scale: return scale(deployment(fault.scale.cluster, fault.scale.ns, fault.scale.deployment), fault.scale.replicas);
        case FaultKind::MoveClient: return move(fault.move);
        }
        return core::fail(
            ErrorKind::Unsupported, Say::tr("prepare the drill"), {}, Say::tr("it has a fault of a kind that is not known here"));
    }

private:
    [[nodiscard]] Result<core::Done> add(const FaultObject &object, const QString &id, const ops::Operation &operation)
    {
        for (const ops::Step &step : m_plan.steps)
            if (step.id == id)
                return unfit(object, Say::tr("two faults of the drill change it"),
                    Say::tr("Let one of them do it, or split the drill in two."), ErrorKind::InvalidInput);
        QStringList after;
        if (!m_plan.isEmpty())
            after += m_plan.steps.last().id;
        m_plan.steps.append({ id, {}, after, operation });
        return core::Done {};
    }

    [[nodiscard]] Result<core::Done> scale(const FaultObject &object, int replicas)
    {
        const std::optional<QJsonObject> now = m_standing.value(object);
        if (!now)
            return unfit(object, Say::tr("there is no such deployment"), Say::tr("Apply the fleet, and try again."), ErrorKind::NotFound);
        if (const auto mark = ops::faultMarkOf(*now))
            return unfit(object, Say::tr("it bears the mark of a fault of %1").arg(whoseMark(*mark)),
                Say::tr("Restore that drill first: catamaranctl drill restore"));
        const int desired = kube::deploymentStatus(*now).desired;
        if (desired == replicas)
            return unfit(object, Say::tr("it has %1 replicas already: the fault would change nothing").arg(replicas),
                Say::tr("Apply the fleet, or restore an earlier drill, and try again."));
        return add(object, QStringLiteral("scale-%1-%2-%3").arg(object.name, object.ns, object.cluster),
            { QStringLiteral("kube.scale"),
                { { QStringLiteral("cluster"), object.cluster }, { QStringLiteral("namespace"), object.ns },
                    { QStringLiteral("name"), object.name }, { QStringLiteral("replicas"), replicas },
                    { QStringLiteral("previous"), desired }, { QStringLiteral("mark"), true },
                    { QStringLiteral("foreign"), QStringLiteral("take") } } }); // the drill names it
    }

    [[nodiscard]] Result<core::Done> move(const MoveClientFault &fault)
    {
        const auto objects = documents::manifestObjects(clientManifest, fault.ns);
        if (!objects)
            return core::fail(objects.error());
        const FaultObject there = deployment(fault.toCluster, fault.ns, client);
        const std::optional<QJsonObject> standing = m_standing.value(there);
        if (standing && kube::deploymentStatus(*standing).desired != 0)
            return unfit(there, Say::tr("the client is there already"), Say::tr("Delete it, or restore an earlier drill, and try again."));
        if (const auto left = scale(deployment(fault.fromCluster, fault.ns, client), 0); !left)
            return left;
        for (const QJsonObject &object : *objects) {
            const FaultObject place = placeOf(fault.toCluster, object);
            if (m_standing.value(place)) // what stands there stays as it is
                continue;
            const auto made = add(place, QStringLiteral("make-%1-%2-%3-%4").arg(place.kind.toLower(), place.name, place.ns, place.cluster),
                { QStringLiteral("kube.apply"),
                    { { QStringLiteral("cluster"), place.cluster }, { QStringLiteral("object"), object },
                        { QStringLiteral("mark"), true } } });
            if (!made)
                return made;
        }
        return standing ? scale(there, 1) : Result<core::Done>(core::Done {}); // it sleeps there since an earlier move
    }

    const Standing &m_standing;
    ops::Plan &m_plan;
};

} // namespace

QString FaultObject::text() const
{
    return kind == u"Deployment" ? cluster + u'/' + ns + u'/' + name : cluster + u'/' + ns + u'/' + kind.toLower() + u'/' + name;
}

bool FaultObject::operator<(const FaultObject &other) const
{
    return std::tie(cluster, ns, apiVersion, kind, name) < std::tie(other.cluster, other.ns, other.apiVersion, other.kind, other.name);
}

Result<QList<FaultObject>> objectsOf(const DrillDocument &drill)
{
    QMap<FaultObject, bool> all;
    for (const Fault &fault : drill.faults) {
        const auto objects = objectsOf(fault);
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
    Writer writer(standing, plan);
    for (const Fault &fault : drill.faults)
        if (const auto written = writer.write(fault); !written)
            return core::fail(written.error());
    return plan;
}

std::optional<probe::Source> clientAfter(const DrillDocument &drill, const ops::Plan &plan, const QString &step)
{
    const QList<ops::Trace> traces = ops::tracesOf(plan, QStringLiteral("-"));
    for (const Fault &fault : drill.faults) {
        if (fault.kind != FaultKind::MoveClient)
            continue;
        for (const ops::Trace &trace : traces)
            if (trace.step == step && trace.cluster == fault.move.toCluster && trace.ns == fault.move.ns && trace.kind == u"Deployment"
                && trace.name == client)
                return probe::Source { fault.move.toCluster, fault.move.ns, client };
    }
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
