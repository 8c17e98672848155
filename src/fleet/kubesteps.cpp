// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/planstep.h"

#include "kube/kubeclient.h"
#include "kube/resourceurl.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <algorithm>

namespace catamaran::fleet::steps {

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Plan)
};

QString suffix(const QString &cluster, const QString &ns)
{
    return ns == QLatin1String("default") ? cluster : cluster + u'-' + ns;
}

const QStringList serverSideApply { QStringLiteral("apply"), QStringLiteral("--server-side"), QStringLiteral("--field-manager"), QStringLiteral("catamaran") };
const QStringList deletion { QStringLiteral("delete"), QStringLiteral("--ignore-not-found") };

QStringList in(const QString &ns, const QStringList &words)
{
    return QStringList { QStringLiteral("-n"), ns } + words;
}

QString scaled(const PlanCluster &cluster, const ScaleWorkload &scale, int replicas)
{
    return cluster.byHand.kubectl(in(scale.ns, { QStringLiteral("scale"), QStringLiteral("deployment/") + scale.deployment, QStringLiteral("--replicas=%1").arg(replicas) }));
}

QString pathOf(const QJsonObject &object, const QString &ns)
{
    const auto kind = kube::kindOf(object.value(u"apiVersion").toString(), object.value(u"kind").toString());
    return kind ? QString::fromLatin1(
               kube::resourcePath(*kind, kind->namespaced ? ns : QString(), object.value(u"metadata").toObject().value(u"name").toString()))
                : QString();
}

/// "ServiceAccount sleep, Service sleep, Deployment sleep"
QString told(const QList<QJsonObject> &objects)
{
    QStringList words;
    for (const QJsonObject &object : objects)
        words << object.value(u"kind").toString() + u' ' + object.value(u"metadata").toObject().value(u"name").toString();
    return words.join(QStringLiteral(", "));
}

/// As kubectl deletes: in the order given.
QList<QJsonObject> reversed(QList<QJsonObject> objects)
{
    std::reverse(objects.begin(), objects.end());
    return objects;
}

} // namespace

QString namespaceStepId(const QString &cluster, const QString &ns)
{
    return QStringLiteral("namespace-%1-%2").arg(ns, cluster);
}

PlanStep createNamespace(const PlanCluster &cluster, const QString &ns)
{
    PlanStep step;
    step.id = namespaceStepId(cluster.name, ns);
    step.title = Say::tr("Make the namespace %1 in %2").arg(ns, cluster.name);
    step.why = Say::tr("Step 4: %1 has no namespace %2 yet.").arg(cluster.name, ns);
    step.calls = { { cluster.name, QStringLiteral("PATCH %1?fieldManager=catamaran").arg(QString::fromLatin1(kube::resourcePath(kube::kinds::namespaces, {}, ns))),
        QString::fromUtf8(QJsonDocument(namespaceObject(ns)).toJson(QJsonDocument::Indented)) } };
    step.command = cluster.byHand.kubectl(serverSideApply, { namespaceObject(ns) });
    step.undo = cluster.byHand.kubectl(deletion + QStringList { QStringLiteral("namespace/") + ns });
    step.action = CreateNamespace { cluster.name, ns };
    step.usualSeconds = 1;
    return step;
}

PlanStep deleteNamespace(const PlanCluster &cluster, const QString &ns)
{
    PlanStep step;
    step.id = QStringLiteral("delete-namespace-%1-%2").arg(ns, cluster.name);
    step.title = Say::tr("Delete the namespace %1 from %2").arg(ns, cluster.name);
    step.why = Say::tr("It was made for the sample, and nothing else runs in it.");
    step.calls = { { cluster.name, QStringLiteral("DELETE ") + QString::fromLatin1(kube::resourcePath(kube::kinds::namespaces, {}, ns)), {} } };
    step.command = cluster.byHand.kubectl(deletion + QStringList { QStringLiteral("namespace/") + ns });
    step.undo = createNamespace(cluster, ns).command;
    step.action = DeleteNamespace { cluster.name, ns };
    step.usualSeconds = 10;
    return step;
}

core::Result<PlanStep> applyManifest(const FleetWorkload &workload, const PlanCluster &cluster)
{
    const auto objects = manifestObjects(workload);
    if (!objects)
        return core::fail(objects.error());
    PlanStep step;
    step.id = QStringLiteral("deploy-%1-%2").arg(workload.manifest, suffix(workload.cluster, workload.ns));
    step.title = Say::tr("Deploy %1 in %2").arg(workload.manifest, workload.cluster);
    step.why = Say::tr("Step 4: %1 into namespace %2.").arg(told(*objects), workload.ns);
    for (const QJsonObject &object : *objects)
        step.calls.append({ workload.cluster, QStringLiteral("PATCH %1?fieldManager=catamaran").arg(pathOf(object, workload.ns)),
            QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Indented)) });
    step.command = cluster.byHand.kubectl(in(workload.ns, serverSideApply), *objects);
    step.undo = cluster.byHand.kubectl(in(workload.ns, deletion), reversed(*objects));
    step.action = ApplyManifest { workload.cluster, workload.ns, workload.manifest, workload.overrides };
    step.usualSeconds = 20;
    return step;
}

core::Result<PlanStep> deleteManifest(const FleetWorkload &workload, const PlanCluster &cluster)
{
    const auto objects = manifestObjects(workload.manifest, workload.ns);
    if (!objects)
        return core::fail(objects.error());
    PlanStep step;
    step.id = QStringLiteral("delete-%1-%2").arg(workload.manifest, suffix(workload.cluster, workload.ns));
    step.title = Say::tr("Delete %1 from %2").arg(workload.manifest, workload.cluster);
    step.why = Say::tr("The sample goes first: %1.").arg(told(*objects));
    for (auto it = objects->rbegin(); it != objects->rend(); ++it)
        step.calls.append({ workload.cluster, QStringLiteral("DELETE ") + pathOf(*it, workload.ns), {} });
    step.command = cluster.byHand.kubectl(in(workload.ns, deletion), reversed(*objects));
    step.undo = cluster.byHand.kubectl(in(workload.ns, serverSideApply), manifestObjects(workload).value_or(*objects));
    step.action = DeleteManifest { workload.cluster, workload.ns, workload.manifest };
    step.usualSeconds = 10;
    return step;
}

PlanStep scaleWorkload(const ScaleWorkload &scale, const PlanCluster &cluster, const QString &why)
{
    PlanStep step;
    step.id = QStringLiteral("scale-%1-%2").arg(scale.deployment, suffix(scale.cluster, scale.ns));
    step.title = Say::tr("Scale %1 in %2 to %3").arg(scale.deployment, scale.cluster).arg(scale.replicas);
    step.why = why;
    step.calls = { { scale.cluster,
        QStringLiteral("PATCH ")
            + QString::fromLatin1(kube::resourcePath(kube::kinds::deployments, scale.ns, scale.deployment, QStringLiteral("scale"))),
        QStringLiteral("{\"spec\":{\"replicas\":%1}}").arg(scale.replicas) } };
    step.command = scaled(cluster, scale, scale.replicas);
    step.undo = scaled(cluster, scale, scale.previous);
    step.action = scale;
    step.usualSeconds = 5;
    return step;
}

} // namespace catamaran::fleet::steps
