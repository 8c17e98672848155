// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "observe/readings.h"

#include "kube/deploymentstatus.h"
#include "kube/labelselector.h"
#include "kube/managedfields.h"
#include "kube/reasons.h"
#include "observe/conditions.h"
#include "observe/identity.h"
#include "observe/injection.h"
#include "observe/ownnamespace.h"
#include "observe/say.h"

#include <QJsonArray>
#include <QSet>

#include <algorithm>
#include <tuple>

namespace catamaran::observe {

namespace {

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

bool hasSidecar(const QJsonObject &pod)
{
    const QJsonObject spec = pod.value(u"spec").toObject();
    for (const char16_t *list : { u"containers", u"initContainers" }) // native sidecars are init containers
        for (const QJsonValue &container : spec.value(QStringView(list)).toArray())
            if (container.toObject().value(u"name").toString() == QLatin1String("istio-proxy"))
                return true;
    return false;
}

/// What a workload needs to know of a pod, taken out once: there are many pods, and each is looked at by every workload.
struct SeenPod {
    QString ns, name;
    QJsonObject labels;
    bool hasSidecar = false;
    QJsonObject object {};
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
        seen.object = pod;
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
    const kube::DeploymentStatus status = kube::deploymentStatus(deployment);
    workload.desired = status.desired;
    workload.ready = status.ready;
    workload.version = metadata(spec.value(u"template").toObject()).value(u"labels").toObject().value(u"version").toString();
    for (const QJsonValue &container : spec.value(u"template").toObject().value(u"spec").toObject().value(u"containers").toArray())
        if (workload.image.isEmpty() && container.toObject().value(u"name").toString() != QLatin1String("istio-proxy"))
            workload.image = container.toObject().value(u"image").toString();
    workload.apart = whyNoSidecar(spec.value(u"template").toObject());
    const QJsonObject selector = spec.value(u"selector").toObject();
    bool all = true;
    QList<QJsonObject> own;
    for (const SeenPod &pod : pods) {
        if (pod.ns != workload.ns || !kube::selects(selector, pod.labels))
            continue;
        own.append(pod.object);
        if (kube::hasEnded(pod.object)) // evicted ones stay listed for a while
            continue;
        workload.podNames << pod.name;
        all = all && pod.hasSidecar;
    }
    workload.podNames.sort();
    workload.injected = all && !workload.podNames.isEmpty();
    if (workload.desired > 0)
        if (const auto why = kube::whyNotReady(deployment, own))
            workload.why = why->text();
    return workload;
}

/// The deployments among @p readings whose pods @p service takes, by its selector.
QStringList selectedBy(const QJsonObject &service, const QHash<QString, QList<std::pair<QString, QJsonObject>>> &templates)
{
    QStringList names;
    const QJsonObject labels = service[u"spec"][u"selector"].toObject();
    if (labels.isEmpty()) // its endpoints are somebody else's to write
        return names;
    const QJsonObject selector { { QStringLiteral("matchLabels"), labels } };
    for (const auto &[workload, podLabels] : templates.value(ns(service)))
        if (kube::selects(selector, podLabels))
            names << workload;
    names.sort();
    return names;
}

void addFaults(QList<ObservedFault> &faults, const QString &apiVersion, const QString &kind, const QList<QJsonObject> &objects)
{
    for (const QJsonObject &object : objects)
        if (const auto mark = ops::faultMarkOf(object))
            faults.append({ apiVersion, kind, ns(object), name(object), *mark });
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
    QJsonObject part { { QStringLiteral("metadata"), keep(metadata(pod), { u"name", u"namespace", u"labels", u"deletionTimestamp" }) },
        { QStringLiteral("spec"), spec } };
    if (const QJsonObject status = kube::tellingStatus(pod); !status.isEmpty())
        part.insert(QStringLiteral("status"), status);
    return part;
}

QStringList shownNamespaces(const ClusterReadings &readings)
{
    QStringList shown = readings.wanted;
    shown << QStringLiteral("default");
    for (const QJsonObject &space : readings.namespaces)
        if (injectsSidecars(space) || metadata(space).value(u"labels").toObject().value(ownerLabel).toString() == ownerName)
            shown << name(space);
    shown.removeDuplicates();
    return shown;
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
    cluster.meshServer = readings.environment.meshServer;
    if (readings.known) {
        const mesh::ClusterFacts &facts = readings.known->facts;
        cluster.provider = readings.known->provider;
        cluster.cloudId = facts.id;
        cluster.region = facts.region;
        cluster.vpcId = facts.vpcId;
        cluster.vSwitches = facts.vSwitches;
        cluster.podCidr = facts.podCidr;
        cluster.serviceCidr = facts.serviceCidr;
        cluster.publicApiServer = facts.publicApiServer;
    }
    cluster.reachable = !readings.error && !readings.waiting;
    cluster.conditions.append(reachableCondition(cluster, readings));
    if (readings.unverified) {
        cluster.conditions.append(
            { QStringLiteral("Verified"), Health::Warning, Say::tr("nobody verifies that it is %1 that answers").arg(cluster.name),
                readings.server, Say::tr("the kubeconfig"), readings.heard });
    }

    cluster.unread = readings.unread;
    cluster.readOneByOne = readings.readOneByOne;

    const QStringList names = shownNamespaces(readings);
    const QSet<QString> shown(names.begin(), names.end());
    for (const QJsonObject &space : readings.namespaces) {
        cluster.namespaces << name(space);
        if (metadata(space).value(u"labels").toObject().value(ownerLabel).toString() == ownerName)
            cluster.ownNamespaces << name(space);
        if (injectsSidecars(space))
            cluster.injectedNamespaces << name(space);
    }
    if (const auto limits = accessCondition(cluster, readings))
        cluster.conditions.append(*limits);
    cluster.namespaces.sort();
    cluster.ownNamespaces.sort();
    cluster.injectedNamespaces.sort();
    const QList<SeenPod> pods = seenPods(readings.pods, shown);
    for (const QJsonObject &deployment : readings.deployments)
        if (shown.contains(ns(deployment))) {
            cluster.workloads.append(readWorkload(deployment, pods));
            cluster.workloads.last().podsKnown = !cluster.whyUnread(resources::pods, ns(deployment));
        }
    QHash<QString, QList<std::pair<QString, QJsonObject>>> templates; // the labels of the pods, by namespace and deployment
    for (const QJsonObject &deployment : readings.deployments)
        if (shown.contains(ns(deployment)))
            templates[ns(deployment)].append({ name(deployment), deployment[u"spec"][u"template"][u"metadata"][u"labels"].toObject() });
    for (const QJsonObject &deployment : readings.deployments)
        if (ns(deployment) == systemNamespace && metadata(deployment).value(u"labels").toObject().value(u"app") == QLatin1String("istiod"))
            cluster.controlPlaneReady = cluster.controlPlaneReady.value_or(0) + kube::deploymentStatus(deployment).ready;
    addFaults(cluster.faults, QStringLiteral("apps/v1"), QStringLiteral("Deployment"), readings.deployments);
    addFaults(cluster.faults, QStringLiteral("v1"), QStringLiteral("Service"), readings.services);
    std::sort(cluster.workloads.begin(), cluster.workloads.end(),
        [](const ObservedWorkload &a, const ObservedWorkload &b) { return std::tie(a.ns, a.name) < std::tie(b.ns, b.name); });
    for (const QJsonObject &service : readings.services) {
        if (!shown.contains(ns(service)))
            continue;
        const QString key = ns(service) + u'/' + name(service);
        cluster.services << key;
        if (const QStringList workloads = selectedBy(service, templates); !workloads.isEmpty())
            cluster.serving.insert(key, workloads);
        if (service[u"spec"][u"type"].toString() == u"ExternalName")
            cluster.externalServices.insert(key, service[u"spec"][u"externalName"].toString());
    }
    cluster.services.sort();
    cluster.accountsRead = readings.accountsRead;
    for (const QJsonObject &account : readings.serviceAccounts) {
        const QString key = ns(account) + u'/' + name(account);
        const bool isOurs = kube::isAppliedBy(account, ownerName)
            || account[u"metadata"][u"labels"][ownerLabel].toString() == ownerName; // a bare one has the label alone
        cluster.serviceAccounts << key;
        if (isOurs && !account[u"metadata"].toObject().contains(u"deletionTimestamp"))
            cluster.ownServiceAccounts << key;
    }
    for (const ObservedWorkload &workload : cluster.workloads)
        cluster.conditions.append(workloadCondition(cluster, workload, readings));
    const QList<SeenGateway> gateways = crossClusterGateways(readings.services);
    const auto first = std::find_if(
        gateways.begin(), gateways.end(), [](const SeenGateway &one) { return !one.address.isEmpty() && one.trouble.isEmpty(); });
    if (first != gateways.end())
        cluster.gatewayAddress = first->address;
    for (const SeenGateway &gateway : gateways) {
        if (!gateway.address.isEmpty() && gateway.trouble.isEmpty())
            cluster.gatewayAddresses << gateway.address;
        if (cluster.network.isEmpty())
            cluster.network = gateway.network;
    }
    cluster.gatewayAddresses.removeDuplicates();
    for (const QJsonObject &space : readings.namespaces)
        if (name(space) == systemNamespace && cluster.network.isEmpty())
            cluster.network = metadata(space).value(u"labels").toObject().value(u"topology.istio.io/network").toString();
    if (const auto condition = gatewayCondition(cluster, gateways, readings))
        cluster.conditions.append(*condition);
    return cluster;
}

namespace {

/// Whether a gateway of @p network stands in @p cluster, with an address or not.
bool hasGatewayOf(const ObservedCluster &cluster, const QString &network)
{
    return !network.isEmpty() && cluster.condition(QStringLiteral("Gateway"));
}

} // namespace

ReadCluster readWhole(const ClusterReadings &readings)
{
    ReadCluster read { readCluster(readings), {} };
    if (readings.error) {
        read.errors.append(*readings.error);
        return read;
    }
    for (const Unread &one : readings.unread)
        if (one.resource != resources::namespaces && askedNamespaces(readings).contains(one.ns)
            && read.cluster.whyUnread(one.resource, one.ns))
            read.errors.append(one.error);
    return read;
}

ObservedFleet assembleFleet(
    const QString &environment, const QDateTime &now, const QList<ClusterReadings> &clusters, const QList<CloudReadings> &clouds)
{
    QList<ReadCluster> read;
    for (const ClusterReadings &readings : clusters)
        read.append(readWhole(readings));
    return assembleFleet(environment, now, read, clouds);
}

ObservedFleet assembleFleet(
    const QString &environment, const QDateTime &now, const QList<ReadCluster> &clusters, const QList<CloudReadings> &clouds)
{
    ObservedFleet fleet;
    fleet.environment = environment;
    fleet.at = now;
    QHash<QString, qsizetype> byName;
    for (const ReadCluster &read : clusters) {
        if (!byName.contains(read.cluster.name))
            byName.insert(read.cluster.name, fleet.clusters.size());
        fleet.clusters.append(read.cluster);
        fleet.errors += read.errors;
    }
    const NamesByAlias names = namesByAlias(fleet.clusters);
    for (const CloudReadings &cloud : clouds) {
        fleet.meshVersions += cloud.versions;
        for (const mesh::MeshStatus &status : cloud.meshes) {
            ObservedMesh mesh { status, { meshRunning(status, cloud) } };
            if (cloud.hasAccount)
                nameMembers(mesh.status, names);
            for (mesh::MemberCluster &member : mesh.status.members) {
                if (const auto known = cloud.hasAccount ? byName.cend() : byName.constFind(member.clusterName); known != byName.cend())
                    member.gateway = member.mode == mesh::Mode::Managed && hasGatewayOf(fleet.clusters.at(*known), member.network);
                mesh.conditions.append(memberCondition(status, member, toldName(member), cloud));
            }
            fleet.errors += status.unread;
            fleet.meshes.append(mesh);
        }
    }
    QSet<QString> withGateway;
    for (const ObservedMesh &mesh : std::as_const(fleet.meshes))
        for (const mesh::MemberCluster &member : mesh.status.members)
            if (member.gateway)
                withGateway.insert(member.clusterName);
    for (ObservedCluster &cluster : fleet.clusters) {
        const bool wanted = withGateway.contains(cluster.name);
        const bool isSeen = std::any_of(cluster.conditions.begin(), cluster.conditions.end(),
            [](const Condition &one) { return one.type == QLatin1String("Gateway"); });
        if (!wanted || isSeen)
            continue;
        const auto unread = cluster.whyUnread(resources::services, systemNamespace);
        const bool isRead = cluster.reachable && !unread;
        const Condition &reachable = cluster.conditions.first();
        cluster.conditions.append({ QStringLiteral("Gateway"), isRead ? Health::Warning : Health::Unknown,
            isRead ? Say::tr("the gateway of %1 has no address yet").arg(cluster.name)
                   : Say::tr("whether the gateway of %1 has an address could not be read").arg(cluster.name),
            unread       ? unread->text()
                : isRead ? QString()
                         : reachable.evidence,
            Say::tr("services of %1").arg(cluster.name), reachable.at });
    }
    judgeAccounts(fleet, clouds);
    judgeTrust(fleet, clouds);
    return fleet;
}

} // namespace catamaran::observe
