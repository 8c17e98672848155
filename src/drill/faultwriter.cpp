// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/faultwriter.h"

#include "drill/faultmarks.h"
#include "drill/say.h"
#include "kube/deploymentstatus.h"
#include "ops/kinds/faultmark.h"

#include <algorithm>

namespace catamaran::drill {

using core::ErrorKind;
using core::Result;

FaultWriter::FaultWriter(const Standing &standing, ops::Plan &plan)
    : m_standing(standing)
    , m_plan(plan)
{
}

Result<core::Done> FaultWriter::add(const FaultObject &object, const QString &id, const ops::Operation &operation)
{
    const bool isThere = std::any_of(m_plan.steps.cbegin(), m_plan.steps.cend(), [&](const ops::Step &step) { return step.id == id; });
    if (isThere)
        return unfit(object, Say::tr("two faults of the drill change it"), Say::tr("Let one of them do it, or split the drill in two."),
            ErrorKind::InvalidInput);
    QStringList after;
    if (!m_plan.isEmpty())
        after += m_plan.steps.last().id;
    m_plan.steps.append({ id, {}, after, operation });
    return core::Done {};
}

Result<core::Done> FaultWriter::scale(const FaultObject &object, int replicas)
{
    const std::optional<QJsonObject> now = m_standing.value(object);
    if (!now)
        return unfit(object,
            object.kind == u"Deployment" ? Say::tr("there is no such deployment") : Say::tr("there is no such %1").arg(object.kind),
            Say::tr("Apply the fleet, and try again."), ErrorKind::NotFound);
    if (const auto mark = ops::faultMarkOf(*now))
        return unfit(object, Say::tr("it bears the mark of a fault of %1").arg(whoseMark(*mark)),
            Say::tr("Restore that drill first: catamaranctl drill restore"));
    const int desired = kube::deploymentStatus(*now).desired;
    if (desired == replicas)
        return unfit(object, Say::tr("it has %1 replicas already: the fault would change nothing").arg(replicas),
            Say::tr("Apply the fleet, or restore an earlier drill, and try again."));
    QJsonObject arguments { { QStringLiteral("cluster"), object.cluster }, { QStringLiteral("namespace"), object.ns },
        { QStringLiteral("name"), object.name }, { QStringLiteral("replicas"), replicas }, { QStringLiteral("previous"), desired },
        { QStringLiteral("mark"), true }, { QStringLiteral("foreign"), QStringLiteral("take") } }; // the drill names it
    if (object.kind != u"Deployment")
        arguments.insert(QStringLiteral("kind"), object.kind);
    return add(
        object, QStringLiteral("scale-%1-%2-%3").arg(object.name, object.ns, object.cluster), { QStringLiteral("kube.scale"), arguments });
}

Result<core::Done> FaultWriter::make(const FaultObject &object, const QJsonObject &manifest)
{
    if (m_standing.value(object))
        return unfit(object, Say::tr("it is there already"), Say::tr("Restore an earlier drill, or take it away, and try again."));
    return add(object, QStringLiteral("make-%1-%2-%3-%4").arg(object.kind.toLower(), object.name, object.ns, object.cluster),
        { QStringLiteral("kube.apply"),
            { { QStringLiteral("cluster"), object.cluster }, { QStringLiteral("object"), manifest }, { QStringLiteral("mark"), true } } });
}

void FaultWriter::hold(int stage, std::chrono::milliseconds duration)
{
    QStringList after;
    if (!m_plan.isEmpty())
        after += m_plan.steps.last().id;
    m_plan.steps.append(
        { holdStep(stage), {}, after, { QStringLiteral("wait.hold"), { { QStringLiteral("milliseconds"), qint64(duration.count()) } } } });
}

QString holdStep(int stage)
{
    return QStringLiteral("hold-%1").arg(stage + 1);
}

tl::unexpected<core::Error> unfit(const FaultObject &object, const QString &answer, const QString &remedy, ErrorKind kind)
{
    return core::fail(kind, Say::tr("prepare the drill"), object.text(), answer, remedy);
}

FaultObject workloadObject(const QString &cluster, const QString &kind, const QString &ns, const QString &name)
{
    return { cluster, QStringLiteral("apps/v1"), kind, ns, name };
}

FaultObject placeOf(const QString &cluster, const QJsonObject &object)
{
    const QJsonObject metadata = object[u"metadata"].toObject();
    return { cluster, object[u"apiVersion"].toString(), object[u"kind"].toString(), metadata[u"namespace"].toString(),
        metadata[u"name"].toString() };
}

} // namespace catamaran::drill
