// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/planstep.h"

#include "kube/kubeclient.h"
#include "kube/resourceurl.h"

#include <QCoreApplication>
#include <QJsonDocument>

namespace catamaran::fleet::steps {

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Plan)
};

QString suffix(const QString &cluster, const QString &ns)
{
    return ns == QLatin1String("default") ? cluster : cluster + u'-' + ns;
}

QString kubectl(const QString &cluster, const QString &ns, const QString &rest)
{
    return QStringLiteral("kubectl --kubeconfig %1.kubeconfig -n %2 %3").arg(cluster, ns, rest);
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

/// What "kubectl apply" gets: the manifest's file, or its objects as the overrides make them.
QString fileOf(const FleetWorkload &workload, const QList<QJsonObject> &objects)
{
    if (workload.overrides.isEmpty())
        return QStringLiteral("-f resources/manifests/%1.yaml").arg(workload.manifest);
    QString text = QStringLiteral("-f - <<'EOF'\n");
    for (const QJsonObject &object : objects)
        text += QStringLiteral("---\n") + QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)) + u'\n';
    return text + QStringLiteral("EOF");
}

} // namespace

PlanStep createNamespace(const QString &cluster, const QString &ns)
{
    PlanStep step;
    step.id = QStringLiteral("namespace-%1-%2").arg(ns, cluster);
    step.title = Say::tr("Make the namespace %1 in %2").arg(ns, cluster);
    step.why = Say::tr("Step 4: %1 has no namespace %2 yet.").arg(cluster, ns);
    step.calls = { { cluster, QStringLiteral("PATCH %1?fieldManager=catamaran").arg(QString::fromLatin1(kube::resourcePath(kube::kinds::namespaces, {}, ns))),
        QString::fromUtf8(QJsonDocument(namespaceObject(ns)).toJson(QJsonDocument::Indented)) } };
    step.command = QStringLiteral("kubectl --kubeconfig %1.kubeconfig apply --server-side --field-manager catamaran -f - <<'EOF'\n%2\nEOF")
                       .arg(cluster, QString::fromUtf8(QJsonDocument(namespaceObject(ns)).toJson(QJsonDocument::Compact)));
    step.undo = QStringLiteral("kubectl --kubeconfig %1.kubeconfig delete namespace %2").arg(cluster, ns);
    step.action = CreateNamespace { cluster, ns };
    step.usualSeconds = 1;
    return step;
}

PlanStep deleteNamespace(const QString &cluster, const QString &ns)
{
    PlanStep step;
    step.id = QStringLiteral("delete-namespace-%1-%2").arg(ns, cluster);
    step.title = Say::tr("Delete the namespace %1 from %2").arg(ns, cluster);
    step.why = Say::tr("It was made for the sample, and nothing else runs in it.");
    step.calls = { { cluster, QStringLiteral("DELETE ") + QString::fromLatin1(kube::resourcePath(kube::kinds::namespaces, {}, ns)), {} } };
    step.command = QStringLiteral("kubectl --kubeconfig %1.kubeconfig delete --ignore-not-found namespace %2").arg(cluster, ns);
    step.undo = createNamespace(cluster, ns).command;
    step.action = DeleteNamespace { cluster, ns };
    step.usualSeconds = 10;
    return step;
}

core::Result<PlanStep> applyManifest(const FleetWorkload &workload)
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
    step.command = kubectl(workload.cluster, workload.ns, QStringLiteral("apply --server-side --field-manager catamaran ") + fileOf(workload, *objects));
    step.undo = kubectl(workload.cluster, workload.ns, QStringLiteral("delete -f resources/manifests/%1.yaml").arg(workload.manifest));
    step.action = ApplyManifest { workload.cluster, workload.ns, workload.manifest, workload.overrides };
    step.usualSeconds = 20;
    return step;
}

core::Result<PlanStep> deleteManifest(const FleetWorkload &workload)
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
    step.command = kubectl(
        workload.cluster, workload.ns, QStringLiteral("delete --ignore-not-found -f resources/manifests/%1.yaml").arg(workload.manifest));
    step.undo = kubectl(workload.cluster, workload.ns,
        QStringLiteral("apply --server-side --field-manager catamaran ") + fileOf(workload, manifestObjects(workload).value_or(*objects)));
    step.action = DeleteManifest { workload.cluster, workload.ns, workload.manifest };
    step.usualSeconds = 10;
    return step;
}

PlanStep scaleWorkload(const ScaleWorkload &scale, const QString &why)
{
    PlanStep step;
    step.id = QStringLiteral("scale-%1-%2").arg(scale.deployment, suffix(scale.cluster, scale.ns));
    step.title = Say::tr("Scale %1 in %2 to %3").arg(scale.deployment, scale.cluster).arg(scale.replicas);
    step.why = why;
    step.calls = { { scale.cluster,
        QStringLiteral("PATCH ")
            + QString::fromLatin1(kube::resourcePath(kube::kinds::deployments, scale.ns, scale.deployment, QStringLiteral("scale"))),
        QStringLiteral("{\"spec\":{\"replicas\":%1}}").arg(scale.replicas) } };
    step.command
        = kubectl(scale.cluster, scale.ns, QStringLiteral("scale deployment %1 --replicas=%2").arg(scale.deployment).arg(scale.replicas));
    step.undo
        = kubectl(scale.cluster, scale.ns, QStringLiteral("scale deployment %1 --replicas=%2").arg(scale.deployment).arg(scale.previous));
    step.action = scale;
    step.usualSeconds = 5;
    return step;
}

} // namespace catamaran::fleet::steps
