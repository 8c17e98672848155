// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/readings.h"

#include "fleet/plan.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QSet>

#include <algorithm>
#include <tuple>

namespace catamaran::fleet {

namespace {

constexpr int gatewayPort = 15443;

struct Say {
    Q_DECLARE_TR_FUNCTIONS(ObservedFleet)
};

QJsonObject metadata(const QJsonObject &object)
{
    return object.value(u"metadata").toObject();
}

QString name(const QJsonObject &object)
{
    return metadata(object).value(u"name").toString();
}

QString ns(const QJsonObject &object)
{
    return metadata(object).value(u"namespace").toString();
}

bool isInjected(const QJsonObject &space)
{
    const QJsonObject labels = metadata(space).value(u"labels").toObject();
    return labels.value(u"istio-injection").toString() == QLatin1String("enabled") || !labels.value(u"istio.io/rev").toString().isEmpty();
}

bool hasSidecar(const QJsonObject &pod)
{
    const QJsonObject spec = pod.value(u"spec").toObject();
    for (const char16_t *list : { u"containers", u"initContainers" }) // native sidecars are init containers
        for (const QJsonValue &container : spec.value(QStringView(list)).toArray())
            if (container.toObject().value(u"name").toString() == QLatin1String("istio-proxy"))
                return true;
    return false;
}

bool matches(const QJsonObject &labels, const QJsonObject &selector)
{
    if (selector.isEmpty())
        return false;
    for (auto it = selector.begin(); it != selector.end(); ++it)
        if (labels.value(it.key()) != it.value())
            return false;
    return true;
}

/// What a workload needs to know of a pod, taken out once: there are many pods, and each is looked at by every workload.
struct SeenPod {
    QString ns, name;
    QJsonObject labels;
    bool hasSidecar = false;
};

QList<SeenPod> seenPods(const QList<QJsonObject> &pods, const QSet<QString> &shown)
{
    QList<SeenPod> result;
    for (const QJsonObject &pod : pods) {
        const QJsonObject meta = metadata(pod);
        SeenPod seen { meta.value(u"namespace").toString(), meta.value(u"name").toString(), meta.value(u"labels").toObject() };
        if (!shown.contains(seen.ns) || meta.contains(u"deletionTimestamp"))
            continue;
        seen.hasSidecar = hasSidecar(pod);
        result.append(seen);
    }
    return result;
}

ObservedWorkload readWorkload(const QJsonObject &deployment, const QList<SeenPod> &pods)
{
    const QJsonObject spec = deployment.value(u"spec").toObject();
    ObservedWorkload workload;
    workload.ns = ns(deployment);
    workload.name = name(deployment);
    workload.desired = spec.value(u"replicas").toInt(1);
    workload.ready = deployment.value(u"status").toObject().value(u"readyReplicas").toInt();
    workload.version = metadata(spec.value(u"template").toObject()).value(u"labels").toObject().value(u"version").toString();
    for (const QJsonValue &container : spec.value(u"template").toObject().value(u"spec").toObject().value(u"containers").toArray())
        if (workload.image.isEmpty() && container.toObject().value(u"name").toString() != QLatin1String("istio-proxy"))
            workload.image = container.toObject().value(u"image").toString();
    const QJsonObject selector = spec.value(u"selector").toObject().value(u"matchLabels").toObject();
    bool all = true;
    for (const SeenPod &pod : pods) {
        if (pod.ns != workload.ns || !matches(pod.labels, selector))
            continue;
        workload.podNames << pod.name;
        all = all && pod.hasSidecar;
    }
    workload.podNames.sort();
    workload.injected = all && !workload.podNames.isEmpty();
    return workload;
}

/// The address of the service that offers the cross-cluster port. Load balancers tell it in their status.
QString gatewayOf(const QList<QJsonObject> &services)
{
    for (const QJsonObject &service : services) {
        const QJsonObject spec = service.value(u"spec").toObject();
        const QJsonArray ports = spec.value(u"ports").toArray();
        if (std::none_of(
                ports.begin(), ports.end(), [](const QJsonValue &port) { return port.toObject().value(u"port").toInt() == gatewayPort; }))
            continue;
        const QJsonObject ingress
            = service.value(u"status").toObject().value(u"loadBalancer").toObject().value(u"ingress").toArray().first().toObject();
        QString address = ingress.value(u"ip").toString();
        if (address.isEmpty())
            address = ingress.value(u"hostname").toString();
        if (address.isEmpty())
            address = spec.value(u"externalIPs").toArray().first().toString();
        if (!address.isEmpty())
            return QStringLiteral("%1:%2").arg(address).arg(gatewayPort);
    }
    return {};
}

Condition meshRunning(const mesh::MeshStatus &status, const CloudReadings &cloud)
{
    Condition condition { QStringLiteral("Running"), Health::Unknown, {}, Say::tr("state: %1").arg(status.stateWord),
        QStringLiteral("DescribeServiceMeshes"), cloud.heard };
    switch (status.state) {
    case mesh::MeshState::Running:
        condition.health = Health::Ok;
        condition.reason = Say::tr("%1 runs").arg(status.name);
        break;
    case mesh::MeshState::Failed:
        condition.health = Health::Failed;
        condition.reason = status.errorMessage.isEmpty() ? Say::tr("%1 has failed").arg(status.name)
                                                         : Say::tr("%1 has failed: %2").arg(status.name, status.errorMessage);
        break;
    case mesh::MeshState::Creating:
    case mesh::MeshState::Updating:
    case mesh::MeshState::Deleting:
        condition.health = Health::Warning;
        condition.reason = Say::tr("%1 is still %2").arg(status.name, status.stateWord);
        break;
    case mesh::MeshState::Unknown: condition.reason = Say::tr("%1 does not tell its state").arg(status.name); break;
    }
    if (cloud.error && condition.health != Health::Unknown) {
        condition.health = Health::Stale;
        condition.evidence = cloud.error->text();
    }
    return condition;
}

Condition memberCondition(
    const mesh::MeshStatus &mesh, const mesh::MemberCluster &member, const QString &clusterName, const CloudReadings &cloud)
{
    const bool running = member.state.isEmpty() || member.state == QLatin1String("running");
    Condition condition { QStringLiteral("Discovery"), running ? Health::Ok : Health::Warning, {},
        Say::tr("state of the member: %1").arg(member.state), QStringLiteral("DescribeClustersInServiceMesh"), cloud.heard };
    condition.reason = member.mode == mesh::Mode::Managed ? Say::tr("%1 manages %2").arg(mesh.name, clusterName)
        : member.mode == mesh::Mode::DiscoveryOnly
        ? Say::tr("%1 discovers %2").arg(mesh.name, clusterName)
        : Say::tr("%1 has %2 as a member; the provider does not tell in which mode").arg(mesh.name, clusterName);
    if (cloud.error)
        condition.health = Health::Stale;
    return condition;
}

void judgeTrust(ObservedFleet &fleet, const CloudReadings &cloud)
{
    QStringList lines;
    for (const ObservedMesh &mesh : fleet.meshes) {
        const mesh::MeshStatus &status = mesh.status;
        Condition condition { QStringLiteral("RootShared"), Health::Unknown, {}, {}, QStringLiteral("GetCaCert"), cloud.heard };
        if (status.rootFingerprints.isEmpty()) {
            condition.reason = Say::tr("the root of %1 could not be read").arg(status.name);
            condition.evidence = status.rootError;
        } else {
            QStringList prints(status.rootFingerprints.begin(), status.rootFingerprints.end());
            prints.sort();
            condition.health = Health::Ok;
            condition.reason = Say::tr("%1 trusts the root %2…").arg(status.name, prints.first().left(16));
            condition.evidence = QStringLiteral("SHA-256 ") + prints.join(QStringLiteral(", "));
            lines << QStringLiteral("%1: %2").arg(status.name, prints.join(QStringLiteral(", ")));
        }
        fleet.trust.append(condition);
    }
    if (fleet.meshes.size() < 2)
        return;
    const std::optional<bool> shared = fleet.sharesRoot();
    Condition verdict { QStringLiteral("RootShared"), Health::Unknown, Say::tr("not every root could be read"),
        lines.join(QStringLiteral("; ")), QStringLiteral("GetCaCert"), cloud.heard };
    if (shared) {
        verdict.health = *shared ? Health::Ok : Health::Failed;
        verdict.reason
            = *shared ? Say::tr("all meshes have the same root") : Say::tr("the roots differ: the meshes do not trust each other");
    }
    fleet.trust.append(verdict);
}

} // namespace

QJsonObject readPart(const QJsonObject &pod)
{
    const auto keep = [](const QJsonObject &from, std::initializer_list<QStringView> keys) {
        QJsonObject kept;
        for (const QStringView key : keys)
            if (const QJsonValue value = from.value(key); !value.isUndefined())
                kept.insert(key, value);
        return kept;
    };
    QJsonObject spec;
    for (const QStringView list : { QStringView(u"containers"), QStringView(u"initContainers") }) {
        QJsonArray names;
        for (const QJsonValue &container : pod.value(u"spec").toObject().value(list).toArray())
            names.append(keep(container.toObject(), { u"name" }));
        if (!names.isEmpty())
            spec.insert(list, names);
    }
    return { { QStringLiteral("metadata"), keep(metadata(pod), { u"name", u"namespace", u"labels", u"deletionTimestamp" }) }, { QStringLiteral("spec"), spec } };
}

ObservedCluster readCluster(const ClusterReadings &readings)
{
    ObservedCluster cluster;
    cluster.name = readings.environment.name;
    cluster.cloudId = readings.environment.cloudId;
    cluster.region = readings.environment.region;
    cluster.byHand = readings.byHand;
    cluster.kubeVersion = readings.kubeVersion;
    cluster.apiServer = readings.server;
    if (readings.ack) {
        cluster.cloudId = readings.ack->id;
        cluster.region = readings.ack->regionId;
        cluster.vpcId = readings.ack->vpcId;
        cluster.vSwitches = readings.ack->vSwitches;
        cluster.podCidr = readings.ack->podCidr;
        cluster.serviceCidr = readings.ack->serviceCidr;
        cluster.publicApiServer = readings.ack->publicApiServer;
    }
    cluster.reachable = !readings.error && !readings.waiting;
    const QString source = Say::tr("API server of %1").arg(cluster.name);
    Condition reachable { QStringLiteral("Reachable"), Health::Ok, Say::tr("%1 answers").arg(cluster.name), readings.kubeVersion,
        QStringLiteral("GET /version (%1)").arg(source), readings.heard };
    if (readings.error) {
        reachable.health = readings.stale ? Health::Stale : Health::Failed;
        reachable.reason = Say::tr("%1 cannot be reached").arg(cluster.name);
        reachable.evidence = readings.error->text();
    } else if (readings.waiting) {
        reachable.health = Health::Unknown;
        reachable.reason = Say::tr("%1 has not answered yet").arg(cluster.name);
    }
    cluster.conditions.append(reachable);
    if (readings.unverified) {
        cluster.conditions.append({ QStringLiteral("Verified"), Health::Warning, Say::tr("nobody verifies that it is %1 that answers").arg(cluster.name), readings.server,
            Say::tr("the kubeconfig"), readings.heard });
    }

    QSet<QString> shown(readings.wanted.begin(), readings.wanted.end());
    shown.insert(QStringLiteral("default"));
    for (const QJsonObject &space : readings.namespaces) {
        cluster.namespaces << name(space);
        if (metadata(space).value(u"labels").toObject().value(ownerLabel).toString() == ownerName) {
            cluster.ownNamespaces << name(space);
            shown.insert(name(space));
        }
        if (isInjected(space)) {
            cluster.injectedNamespaces << name(space);
            shown.insert(name(space));
        }
    }
    cluster.namespaces.sort();
    cluster.ownNamespaces.sort();
    cluster.injectedNamespaces.sort();
    const QList<SeenPod> pods = seenPods(readings.pods, shown);
    for (const QJsonObject &deployment : readings.deployments)
        if (shown.contains(ns(deployment)))
            cluster.workloads.append(readWorkload(deployment, pods));
    std::sort(cluster.workloads.begin(), cluster.workloads.end(),
        [](const ObservedWorkload &a, const ObservedWorkload &b) { return std::tie(a.ns, a.name) < std::tie(b.ns, b.name); });
    for (const QJsonObject &service : readings.services)
        if (shown.contains(ns(service)))
            cluster.services << ns(service) + u'/' + name(service);
    cluster.services.sort();
    for (const ObservedWorkload &workload : cluster.workloads) {
        const bool good = workload.ready >= workload.desired;
        cluster.conditions.append({ QStringLiteral("Workload"),
            readings.error ? Health::Stale
                : good     ? Health::Ok
                           : Health::Warning,
            Say::tr("%1/%2: %3 of %4 ready").arg(workload.ns, workload.name).arg(workload.ready).arg(workload.desired),
            workload.podNames.join(QStringLiteral(", ")), Say::tr("deployments of %1").arg(cluster.name), readings.heard });
    }
    cluster.gatewayAddress = gatewayOf(readings.services);
    if (!cluster.gatewayAddress.isEmpty())
        cluster.conditions.append({ QStringLiteral("Gateway"), readings.error ? Health::Stale : Health::Ok,
            Say::tr("the gateway of %1 has an address").arg(cluster.name), cluster.gatewayAddress,
            Say::tr("services of %1").arg(cluster.name), readings.heard });
    return cluster;
}

ObservedFleet assembleFleet(
    const QString &environment, const QDateTime &now, const QList<ClusterReadings> &clusters, const CloudReadings &cloud)
{
    ObservedFleet fleet;
    fleet.environment = environment;
    fleet.at = now;
    fleet.meshVersions = cloud.versions;
    QMap<QString, QString> names;
    for (const ClusterReadings &readings : clusters) {
        fleet.clusters.append(readCluster(readings));
        names.insert(fleet.clusters.last().cloudId, fleet.clusters.last().name);
        if (readings.error)
            fleet.errors.append(*readings.error);
    }
    for (const mesh::MeshStatus &status : cloud.meshes) {
        ObservedMesh mesh { status, { meshRunning(status, cloud) } };
        for (mesh::MemberCluster &member : mesh.status.members) {
            // Our name for the cluster wins over the provider's, where the environment has one.
            if (const QString ours = names.value(member.clusterId); !ours.isEmpty())
                member.clusterName = ours;
            mesh.conditions.append(memberCondition(status, member, member.clusterName, cloud));
        }
        fleet.meshes.append(mesh);
    }
    for (ObservedCluster &cluster : fleet.clusters) {
        const bool wanted = std::any_of(cloud.meshes.begin(), cloud.meshes.end(), [&](const mesh::MeshStatus &status) {
            return std::any_of(status.members.begin(), status.members.end(),
                [&](const mesh::MemberCluster &m) { return m.clusterId == cluster.cloudId && m.gateway; });
        });
        if (wanted && cluster.gatewayAddress.isEmpty())
            cluster.conditions.append({ QStringLiteral("Gateway"), cluster.reachable ? Health::Warning : Health::Unknown,
                Say::tr("the gateway of %1 has no address yet").arg(cluster.name), {}, Say::tr("services of %1").arg(cluster.name),
                cluster.conditions.first().at });
    }
    if (cloud.error)
        fleet.errors.append(*cloud.error);
    judgeTrust(fleet, cloud);
    return fleet;
}

} // namespace catamaran::fleet
