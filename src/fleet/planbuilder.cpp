// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/planbuilder.h"

#include "mesh/istio/installation.h"
#include "mesh/providers.h"
#include "observe/gateways.h"
#include "observe/identity.h"

#include <QJsonObject>

namespace catamaran::fleet {

QString PlanBuilder::add(ops::Step step, const QStringList &after, const QString &mesh)
{
    const QString id = step.id;
    for (int number = 2; m_ids.contains(step.id); ++number) // names with hyphens may come to the same
        step.id = QStringLiteral("%1-%2").arg(id).arg(number);
    QStringList dependsOn = std::exchange(step.dependsOn, {}) + after;
    if (!mesh.isEmpty()) {
        dependsOn.prepend(m_newestOf.value(mesh));
        m_newestOf.insert(mesh, step.id);
    }
    for (const QString &other : std::as_const(dependsOn))
        if (m_ids.contains(other) && !step.dependsOn.contains(other))
            step.dependsOn.append(other);
    m_ids.insert(step.id);
    m_plan.steps.append(step);
    return step.id;
}

FleetIndex::FleetIndex(const documents::FleetDocument &desired, const observe::ObservedFleet &observed)
{
    for (const observe::ObservedCluster &cluster : observed.clusters) {
        m_clusters.insert(cluster.name, &cluster);
        for (const observe::ObservedWorkload &workload : cluster.workloads)
            m_workloads.insert({ cluster.name, workload.ns, workload.name }, &workload);
        for (const QString &service : cluster.services)
            m_services.insert({ cluster.name, service });
    }
    for (const observe::ObservedMesh &mesh : observed.meshes) {
        m_meshes.insert(mesh.status.name, &mesh);
        for (const mesh::MemberCluster &member : mesh.status.members)
            if (!member.clusterName.isEmpty())
                m_members.insert({ mesh.status.name, member.clusterName }, &member);
    }
    for (const documents::FleetMesh &mesh : desired.meshes)
        if (const mesh::ProviderKind *kind = mesh::providerKind(mesh.provider))
            m_operations.insert(mesh.name, &kind->operations());
    for (const documents::FleetMesh &mesh : desired.meshes)
        m_wishes.insert(mesh.name, &mesh);
    m_token = desired.remoteSecrets;
    for (const documents::FleetCluster &cluster : desired.clusters)
        m_named.insert(cluster.name);
    for (const documents::FleetMembership &membership : desired.memberships) {
        m_memberships[membership.mesh].append(membership);
        if (membership.mode == mesh::Mode::Managed)
            m_managers.insert(membership.cluster, membership.mesh);
    }
}

const mesh::MemberCluster *FleetIndex::member(const QString &mesh, const QString &cluster) const
{
    return m_members.value({ mesh, cluster });
}

const observe::ObservedWorkload *FleetIndex::workload(const QString &cluster, const QString &ns, const QString &name) const
{
    return m_workloads.value({ cluster, ns, name });
}

bool FleetIndex::hasService(const QString &cluster, const QString &ns, const QString &name) const
{
    return m_services.contains({ cluster, ns + u'/' + name });
}

QMap<QString, mesh::NetworkSetting> FleetIndex::networks(const QString &mesh) const
{
    QMap<QString, mesh::NetworkSetting> settings;
    const observe::ObservedMesh *found = this->mesh(mesh);
    for (const mesh::MemberCluster &member : found ? found->status.members : QList<mesh::MemberCluster>())
        if (!member.network.isEmpty())
            settings.insert(observe::nameOrId(member), { member.network, member.gateway });
    return settings;
}

QStringList FleetIndex::managed(const QString &mesh) const
{
    QStringList clusters;
    for (const documents::FleetMembership &membership : memberships(mesh))
        if (membership.mode == mesh::Mode::Managed)
            clusters << membership.cluster;
    return clusters;
}

mesh::MemberWish FleetIndex::memberWish(const QString &mesh, const QString &cluster, mesh::Mode mode) const
{
    mesh::MemberWish wish { mesh, cluster, mode, managed(mesh).value(0), observe::systemNamespace };
    if (const observe::ObservedMesh *reader = this->mesh(mesh); reader && !reader->status.home.isEmpty()) {
        wish.home = reader->status.home;
        wish.space = reader->status.id.section(u'/', 1);
    }
    if (const observe::ObservedMesh *own = this->mesh(managerOf(cluster)); own && own->status.home == cluster) {
        wish.id = own->status.clusterId;
        wish.hasReader = own->status.reader.value;
    } else if (const documents::FleetMesh *made = m_wishes.value(managerOf(cluster)); made && !made->controlPlane.objects.isEmpty()) {
        wish.id = mesh::istio::clusterIdIn(made->controlPlane.objects);
        if (mesh::istio::hasReaderIn(made->controlPlane.objects))
            wish.hasReader = true;
    }
    if (const observe::ObservedCluster *found = this->cluster(cluster))
        wish.server = found->meshServer;
    wish.token = m_token;
    const mesh::MemberCluster *known = member(mesh, cluster);
    wish.renews = known && known->mode == mode;
    return wish;
}

mesh::GatewayWish FleetIndex::gatewayWish(const QString &mesh, const QString &cluster, const QString &network) const
{
    const observe::ObservedMesh *found = this->mesh(mesh);
    const observe::ObservedCluster *place = this->cluster(cluster);
    const documents::FleetMesh *wish = m_wishes.value(mesh);
    return { mesh, cluster, observe::systemNamespace, network, place && place->condition(QStringLiteral("Gateway")),
        found && found->status.exposed.get(), wish ? wish->gateway.objects : QList<QJsonObject>() };
}

const mesh::Operations &FleetIndex::operations(const QString &mesh) const
{
    const mesh::Operations *found = m_operations.value(mesh); // whoever has none is refused before anything is planned
    return found ? *found : mesh::providerKinds().first()->operations();
}

QString placeOf(const documents::FleetWorkload &workload)
{
    const QString place = workload.manifest + u'-' + workload.cluster;
    return workload.ns == QLatin1String("default") ? place : place + u'-' + workload.ns;
}

QString namespaceStepId(const QString &cluster, const QString &ns)
{
    return QStringLiteral("namespace-%1-%2").arg(ns, cluster);
}

QStringList stepSuffixes(const QList<QJsonObject> &objects)
{
    QStringList suffixes;
    for (const QJsonObject &object : objects) {
        const QString kind = object.value(u"kind").toString();
        const QString suffix = kind == QLatin1String("Deployment") ? QString() : u'-' + kind.toLower();
        suffixes << (suffixes.contains(suffix) ? suffix + u'-' + object[u"metadata"][u"name"].toString() : suffix);
    }
    return suffixes;
}

QString told(const QJsonObject &object)
{
    return object.value(u"kind").toString() + u' ' + object[u"metadata"][u"name"].toString();
}

ops::Operation applyObject(const QString &cluster, const QJsonObject &object)
{
    const QJsonObject metadata = object.value(u"metadata").toObject();
    const bool isBare = object.size() == 3 && metadata.size() == (metadata.contains(u"namespace") ? 2 : 1);
    if (isBare)
        return makeObject(cluster, object);
    return { QStringLiteral("kube.apply"), { { QStringLiteral("cluster"), cluster }, { QStringLiteral("object"), object } } };
}

ops::Operation makeObject(const QString &cluster, const QJsonObject &object)
{
    return { QStringLiteral("kube.apply"),
        { { QStringLiteral("cluster"), cluster }, { QStringLiteral("object"), object }, { QStringLiteral("onlyIfMissing"), true } } };
}

ops::Operation deleteObject(const QString &cluster, const QJsonObject &object)
{
    const QJsonObject metadata = object.value(u"metadata").toObject();
    ops::Operation operation { QStringLiteral("kube.delete"),
        { { QStringLiteral("cluster"), cluster }, { QStringLiteral("apiVersion"), object.value(u"apiVersion") },
            { QStringLiteral("kind"), object.value(u"kind") }, { QStringLiteral("name"), metadata.value(u"name") },
            { QStringLiteral("foreign"), QStringLiteral("leave") } } };
    if (metadata.contains(u"namespace"))
        operation.arguments.insert(QStringLiteral("namespace"), metadata.value(u"namespace"));
    return operation;
}

ops::Operation scaleDeployment(const QString &cluster, const QString &ns, const QString &name, int replicas, int previous)
{
    return { QStringLiteral("kube.scale"),
        { { QStringLiteral("cluster"), cluster }, { QStringLiteral("namespace"), ns }, { QStringLiteral("name"), name },
            { QStringLiteral("replicas"), replicas }, { QStringLiteral("previous"), previous } } };
}

} // namespace catamaran::fleet
