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

} // namespace

const observe::ObservedWorkload *findWorkload(const observe::ObservedCluster &cluster, const QString &ns, const QString &name)
{
    const auto found = std::find_if(cluster.workloads.cbegin(), cluster.workloads.cend(),
        [&](const auto &workload) { return workload.ns == ns && workload.name == name; });
    return found == cluster.workloads.cend() ? nullptr : &*found;
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
    case objectid::Kind::Link: return FleetText::tr("%1 to %2").arg(id.name, id.to);
    case objectid::Kind::Root: return FleetText::tr("Trust root");
    case objectid::Kind::Network: return networkTitle(id.name);
    case objectid::Kind::Mesh:
    case objectid::Kind::Cluster: return id.name;
    case objectid::Kind::Gateway: return FleetText::tr("Gateway of %1").arg(id.name);
    case objectid::Kind::Workload: return QStringLiteral("%1/%2/%3").arg(id.name, id.ns, id.workload);
    }
    return {};
}

namespace {

/// What is to be said of one cluster and what it runs.
void impairCluster(Impairments &all, const observe::FleetView &view, const observe::ObservedCluster &cluster, const MapTruth &truth)
{
    const QString id = objectid::cluster(cluster.name), gateway = objectid::gateway(cluster.name);
    const auto affect = [&all](const QString &object, const QString &reason) {
        if (!all.contains(object))
            all.insert(object, { false, reason });
    };
    const auto *reachable = findCondition(cluster.conditions, QStringLiteral("Reachable"));
    // Never reached is dead. Not heard any more is stale: nobody knows how it is now.
    if (reachable && reachable->health == observe::Health::Failed && !all.contains(id))
        all.insert(id, { true, reachable->reason });
    if (const auto stale = stalenessOf(cluster)) {
        affect(id, staleText(cluster));
        const QString seen = stale->since.isValid()
            ? FleetText::tr("last seen at %1").arg(stale->since.toLocalTime().toString(QStringLiteral("HH:mm:ss")))
            : FleetText::tr("not heard any more");
        affect(gateway, seen);
        for (const auto &workload : cluster.workloads)
            affect(objectid::workload(cluster.name, workload.ns, workload.name), seen);
    }
    for (const auto &workload : cluster.workloads) {
        if (workload.desired > 0 && workload.ready == 0 && !all.contains(objectid::workload(cluster.name, workload.ns, workload.name)))
            all.insert(objectid::workload(cluster.name, workload.ns, workload.name),
                { true, FleetText::tr("0 of %1 pods ready").arg(workload.desired) });
    }
    if (!all.contains(gateway)) {
        if (const PartTruth part = truth.gateway(cluster.name); part.allFailed) {
            if (truth.isCut(cluster.name))
                affect(gateway, FleetText::tr("not reached from %1").arg(part.lines.first().direction.from));
            else
                all.insert(gateway, { true, part.lines.first().cell.evidence });
        }
    }
    // What depends on the dead: a network takes its clusters, a cluster what it runs.
    const QString network = view.networkOf(cluster.name);
    if (all.value(objectid::network(network)).dead)
        affect(gateway, FleetText::tr("%1 is cut off").arg(networkTitle(network)));
    if (all.value(id).dead) {
        const QString lost = FleetText::tr("last seen before %1 was lost").arg(cluster.name);
        affect(gateway, lost);
        for (const auto &workload : cluster.workloads)
            affect(objectid::workload(cluster.name, workload.ns, workload.name), lost);
    }
}

void impairMesh(Impairments &all, const observe::ObservedMesh &mesh)
{
    if (mesh.status.state == mesh::MeshState::Failed && !all.contains(objectid::mesh(mesh.status.name)))
        all.insert(objectid::mesh(mesh.status.name),
            { true, mesh.status.errorMessage.isEmpty() ? FleetText::tr("the mesh has failed") : mesh.status.errorMessage });
}

} // namespace

Impairments impairments(const observe::FleetView &view, const QMap<QString, QString> &faults)
{
    return impairments(view, faults, MapTruth());
}

Impairments impairments(const observe::FleetView &view, const QMap<QString, QString> &faults, const MapTruth &truth)
{
    Impairments all;
    for (auto fault = faults.cbegin(); fault != faults.cend(); ++fault)
        all.insert(fault.key(), { true, fault.value() });
    for (const auto &cluster : view.fleet().clusters)
        impairCluster(all, view, cluster, truth);
    for (const auto &mesh : view.fleet().meshes)
        impairMesh(all, mesh);
    return all;
}

void impairAgain(Impairments &all, const observe::FleetView &view, const QMap<QString, QString> &faults, const MapTruth &truth,
    const QSet<QString> &clusters, const QSet<QString> &meshes)
{
    const auto forget = [&](const QString &id) {
        if (const auto fault = faults.constFind(id); fault != faults.cend())
            all.insert(id, { true, *fault });
        else
            all.remove(id);
    };
    for (const QString &name : clusters) {
        const observe::ObservedCluster *cluster = view.cluster(name);
        if (!cluster)
            continue;
        forget(objectid::cluster(name));
        forget(objectid::gateway(name));
        for (const auto &workload : cluster->workloads)
            forget(objectid::workload(name, workload.ns, workload.name));
        impairCluster(all, view, *cluster, truth);
    }
    for (const QString &name : meshes) {
        if (const observe::ObservedMesh *mesh = view.mesh(name)) {
            forget(objectid::mesh(name));
            impairMesh(all, *mesh);
        }
    }
}

} // namespace catamaran::ui
