// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleetfacts.h"

#include "ui/common/staleness.h"
#include "ui/topology/maptruth.h"
#include "ui/topology/objectid.h"

#include <QCoreApplication>

#include <algorithm>

namespace catamaran::ui {
namespace {

struct FleetText {
    Q_DECLARE_TR_FUNCTIONS(FleetText)
};

int rank(observe::Health health)
{
    switch (health) {
    case observe::Health::Ok: return 0;
    case observe::Health::Unknown: return 1;
    case observe::Health::Stale: return 2;
    case observe::Health::Warning: return 3;
    case observe::Health::Failed: return 4;
    }
    return 1;
}

bool isMember(const observe::ObservedCluster &cluster, const mesh::MemberCluster &member)
{
    return cluster.name == member.clusterName;
}

} // namespace

const observe::ObservedCluster *findCluster(const observe::ObservedFleet &fleet, const QString &name)
{
    const auto found
        = std::find_if(fleet.clusters.cbegin(), fleet.clusters.cend(), [&](const auto &cluster) { return cluster.name == name; });
    return found == fleet.clusters.cend() ? nullptr : &*found;
}

const observe::ObservedMesh *findMesh(const observe::ObservedFleet &fleet, const QString &name)
{
    const auto found = std::find_if(fleet.meshes.cbegin(), fleet.meshes.cend(), [&](const auto &mesh) { return mesh.status.name == name; });
    return found == fleet.meshes.cend() ? nullptr : &*found;
}

const observe::ObservedWorkload *findWorkload(const observe::ObservedCluster &cluster, const QString &ns, const QString &name)
{
    const auto found = std::find_if(cluster.workloads.cbegin(), cluster.workloads.cend(),
        [&](const auto &workload) { return workload.ns == ns && workload.name == name; });
    return found == cluster.workloads.cend() ? nullptr : &*found;
}

const observe::ObservedCluster *clusterOf(const observe::ObservedFleet &fleet, const mesh::MemberCluster &member)
{
    const auto found
        = std::find_if(fleet.clusters.cbegin(), fleet.clusters.cend(), [&](const auto &cluster) { return isMember(cluster, member); });
    return found == fleet.clusters.cend() ? nullptr : &*found;
}

QString managingMesh(const observe::ObservedFleet &fleet, const QString &cluster)
{
    for (const auto &mesh : fleet.meshes) {
        for (const auto &member : mesh.status.members) {
            const auto *found = clusterOf(fleet, member);
            if (found && found->name == cluster && member.mode == mesh::Mode::Managed)
                return mesh.status.name;
        }
    }
    return {};
}

QString networkOf(const observe::ObservedFleet &fleet, const QString &cluster)
{
    for (const auto &mesh : fleet.meshes) {
        for (const auto &member : mesh.status.members) {
            const auto *found = clusterOf(fleet, member);
            if (found && found->name == cluster && !member.network.isEmpty())
                return member.network;
        }
    }
    return {};
}

QStringList networksOf(const observe::ObservedFleet &fleet)
{
    QStringList networks;
    for (const auto &cluster : fleet.clusters) {
        const QString network = networkOf(fleet, cluster.name);
        if (!networks.contains(network))
            networks << network;
    }
    return networks;
}

QStringList clustersIn(const observe::ObservedFleet &fleet, const QString &network)
{
    QStringList clusters;
    for (const auto &cluster : fleet.clusters) {
        if (networkOf(fleet, cluster.name) == network)
            clusters << cluster.name;
    }
    return clusters;
}

bool hasGateway(const observe::ObservedFleet &fleet, const QString &cluster)
{
    const auto *observed = findCluster(fleet, cluster);
    if (observed && (!observed->gatewayAddress.isEmpty() || observed->condition(QStringLiteral("Gateway"))))
        return true;
    for (const auto &mesh : fleet.meshes) {
        for (const auto &member : mesh.status.members) {
            const auto *found = clusterOf(fleet, member);
            if (found && found->name == cluster && member.gateway)
                return true;
        }
    }
    return false;
}

observe::Health worse(observe::Health first, observe::Health second)
{
    return rank(first) >= rank(second) ? first : second;
}

observe::Health worstOf(const QList<observe::Condition> &conditions)
{
    if (conditions.isEmpty())
        return observe::Health::Unknown;
    observe::Health worst = observe::Health::Ok;
    for (const auto &condition : conditions)
        worst = worse(worst, condition.health);
    return worst;
}

observe::Health healthOf(const observe::ObservedWorkload &workload)
{
    if (workload.desired == 0)
        return observe::Health::Warning; // it may be wanted so, but it serves nobody
    if (workload.ready == 0)
        return observe::Health::Failed;
    return workload.ready < workload.desired ? observe::Health::Warning : observe::Health::Ok;
}

observe::Health healthOf(const observe::ObservedCluster &cluster)
{
    if (!cluster.reachable) { // failed, stale, or only not heard of yet
        const auto *reachable = findCondition(cluster.conditions, QStringLiteral("Reachable"));
        return reachable ? reachable->health : observe::Health::Unknown;
    }
    observe::Health health = cluster.conditions.isEmpty() ? observe::Health::Ok : worstOf(cluster.conditions);
    for (const auto &workload : cluster.workloads) {
        if (workload.desired > 0)
            health = worse(health, healthOf(workload));
    }
    return health;
}

observe::Health healthOf(const observe::ObservedMesh &mesh)
{
    observe::Health health = mesh.conditions.isEmpty() ? observe::Health::Ok : worstOf(mesh.conditions);
    switch (mesh.status.state) {
    case mesh::MeshState::Running: break;
    case mesh::MeshState::Creating:
    case mesh::MeshState::Updating:
    case mesh::MeshState::Deleting: health = worse(health, observe::Health::Warning); break;
    case mesh::MeshState::Failed: health = observe::Health::Failed; break;
    case mesh::MeshState::Unknown: health = worse(health, observe::Health::Unknown); break;
    }
    return health;
}

observe::Health trustHealth(const observe::ObservedFleet &fleet)
{
    return worstOf(fleet.trust);
}

const observe::Condition *trustVerdict(const observe::ObservedFleet &fleet)
{
    return fleet.trust.isEmpty() ? nullptr : &fleet.trust.last();
}

const observe::Condition *findCondition(const QList<observe::Condition> &conditions, const QString &type)
{
    const auto found = std::find_if(conditions.cbegin(), conditions.cend(), [&](const auto &condition) { return condition.type == type; });
    return found == conditions.cend() ? nullptr : &*found;
}

QString unheardText(const observe::ObservedFleet &fleet)
{
    QStringList lines;
    for (const auto &condition : fleet.account) {
        if (condition.health != observe::Health::Ok && !condition.evidence.isEmpty())
            lines << (condition.type == u"Meshes" ? FleetText::tr("Control planes: %1. %2") : FleetText::tr("Cloud account: %1. %2"))
                         .arg(condition.reason, condition.evidence);
    }
    for (const auto &cluster : fleet.clusters) {
        if (const auto *access = findCondition(cluster.conditions, QStringLiteral("Access")))
            lines << access->reason;
    }
    return lines.join(u'\n');
}

QString networkTitle(const QString &network)
{
    return network.isEmpty() ? FleetText::tr("default network") : network;
}

QString modeWord(mesh::Mode mode)
{
    switch (mode) {
    case mesh::Mode::Managed: return FleetText::tr("managed");
    case mesh::Mode::DiscoveryOnly: return FleetText::tr("discovery-only");
    case mesh::Mode::Unknown: return FleetText::tr("mode not told");
    }
    return {};
}

QString stateWord(mesh::MeshState state)
{
    switch (state) {
    case mesh::MeshState::Creating: return FleetText::tr("being created");
    case mesh::MeshState::Running: return FleetText::tr("running");
    case mesh::MeshState::Updating: return FleetText::tr("updating");
    case mesh::MeshState::Failed: return FleetText::tr("failed");
    case mesh::MeshState::Deleting: return FleetText::tr("being deleted");
    case mesh::MeshState::Unknown: return FleetText::tr("unknown");
    }
    return {};
}

QString objectTitle(const QString &objectId)
{
    const auto id = objectid::parse(objectId);
    switch (id.kind) {
    case objectid::Kind::None: return {};
    case objectid::Kind::Root: return FleetText::tr("Trust root");
    case objectid::Kind::Network: return networkTitle(id.name);
    case objectid::Kind::Mesh:
    case objectid::Kind::Cluster: return id.name;
    case objectid::Kind::Gateway: return FleetText::tr("Gateway of %1").arg(id.name);
    case objectid::Kind::Workload: return QStringLiteral("%1/%2/%3").arg(id.name, id.ns, id.workload);
    }
    return {};
}

QMap<QString, Impairment> impairments(const observe::ObservedFleet &fleet, const QMap<QString, QString> &faults)
{
    return impairments(fleet, faults, MapTruth());
}

QMap<QString, Impairment> impairments(const observe::ObservedFleet &fleet, const QMap<QString, QString> &faults, const MapTruth &truth)
{
    QMap<QString, Impairment> all;
    const auto affect = [&all](const QString &id, const QString &reason) {
        if (!all.contains(id))
            all.insert(id, { false, reason });
    };
    for (auto fault = faults.cbegin(); fault != faults.cend(); ++fault)
        all.insert(fault.key(), { true, fault.value() });
    for (const auto &cluster : fleet.clusters) {
        const auto *reachable = findCondition(cluster.conditions, QStringLiteral("Reachable"));
        // Never reached is dead. Not heard any more is stale: nobody knows how it is now.
        if (reachable && reachable->health == observe::Health::Failed && !all.contains(objectid::cluster(cluster.name)))
            all.insert(objectid::cluster(cluster.name), { true, reachable->reason });
        if (const auto stale = stalenessOf(cluster)) {
            affect(objectid::cluster(cluster.name), staleText(cluster));
            const QString seen = stale->since.isValid()
                ? FleetText::tr("last seen at %1").arg(stale->since.toLocalTime().toString(QStringLiteral("HH:mm:ss")))
                : FleetText::tr("not heard any more");
            affect(objectid::gateway(cluster.name), seen);
            for (const auto &workload : cluster.workloads)
                affect(objectid::workload(cluster.name, workload.ns, workload.name), seen);
        }
        for (const auto &workload : cluster.workloads) {
            if (workload.desired > 0 && workload.ready == 0 && !all.contains(objectid::workload(cluster.name, workload.ns, workload.name)))
                all.insert(objectid::workload(cluster.name, workload.ns, workload.name),
                    { true, FleetText::tr("0 of %1 pods ready").arg(workload.desired) });
        }
    }
    for (const auto &mesh : fleet.meshes) {
        if (mesh.status.state == mesh::MeshState::Failed && !all.contains(objectid::mesh(mesh.status.name)))
            all.insert(objectid::mesh(mesh.status.name),
                { true, mesh.status.errorMessage.isEmpty() ? FleetText::tr("the mesh has failed") : mesh.status.errorMessage });
    }
    for (const auto &cluster : fleet.clusters) {
        const PartTruth gateway = truth.gateway(cluster.name);
        if (!gateway.allFailed || all.contains(objectid::gateway(cluster.name)))
            continue;
        if (truth.isCut(cluster.name))
            affect(objectid::gateway(cluster.name), FleetText::tr("not reached from %1").arg(gateway.lines.first().direction.from));
        else
            all.insert(objectid::gateway(cluster.name), { true, gateway.lines.first().cell.evidence });
    }
    // What depends on the dead: a network takes its clusters, a cluster what it runs.
    const auto dead = [&all](const QString &id) { return all.value(id).dead; };
    for (const auto &cluster : fleet.clusters) {
        const QString id = objectid::cluster(cluster.name);
        const QString network = networkOf(fleet, cluster.name);
        const bool networkDead = dead(objectid::network(network));
        if (networkDead)
            affect(objectid::gateway(cluster.name), FleetText::tr("%1 is cut off").arg(networkTitle(network)));
        if (dead(id)) {
            affect(objectid::gateway(cluster.name), FleetText::tr("last seen before %1 was lost").arg(cluster.name));
            for (const auto &workload : cluster.workloads)
                affect(objectid::workload(cluster.name, workload.ns, workload.name),
                    FleetText::tr("last seen before %1 was lost").arg(cluster.name));
        }
    }
    return all;
}

} // namespace catamaran::ui
