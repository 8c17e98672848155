// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "observe/fleetview.h"

#include <algorithm>
#include <tuple>

namespace catamaran::observe {

struct FleetView::Data {
    ObservedFleet fleet;
    struct Place {
        QString network, manager;
        bool hasGateway = false;
        QList<std::pair<int, int>> members; ///< mesh and member, in their order
    };
    QList<Place> places; ///< of the clusters, in their order
    QHash<QString, int> clusters, meshes; ///< by name
    QStringList networks;
    QHash<QString, QStringList> inside; ///< clusters by network
    QHash<QString, int> networkIndex;

    [[nodiscard]] int clusterOf(const mesh::MemberCluster &member) const { return clusters.value(member.clusterName, -1); }

    void index()
    {
        for (int i = 0; i < fleet.clusters.size(); ++i) {
            const ObservedCluster &cluster = fleet.clusters.at(i);
            if (!clusters.contains(cluster.name))
                clusters.insert(cluster.name, i);
            Place place;
            place.hasGateway = !cluster.gatewayAddress.isEmpty() || cluster.condition(QStringLiteral("Gateway"));
            places.append(place);
        }
        for (int m = 0; m < fleet.meshes.size(); ++m) {
            const mesh::MeshStatus &status = fleet.meshes.at(m).status;
            if (!meshes.contains(status.name))
                meshes.insert(status.name, m);
            for (int i = 0; i < status.members.size(); ++i) {
                const mesh::MemberCluster &member = status.members.at(i);
                const int found = clusterOf(member);
                if (found < 0)
                    continue;
                Place &place = places[found];
                place.members.append({ m, i });
                if (member.mode == mesh::Mode::Managed && place.manager.isEmpty())
                    place.manager = status.name;
                if (place.network.isEmpty())
                    place.network = member.network;
                place.hasGateway = place.hasGateway || member.gateway;
            }
        }
        for (int i = 0; i < places.size(); ++i) {
            const QString &network = places.at(i).network;
            if (!networkIndex.contains(network)) {
                networkIndex.insert(network, int(networks.size()));
                networks << network;
            }
            inside[network] << fleet.clusters.at(i).name;
        }
    }

    [[nodiscard]] const Place *place(const QString &cluster) const
    {
        const int i = clusters.value(cluster, -1);
        return i < 0 ? nullptr : &places.at(i);
    }
};

FleetView::FleetView()
{
    static const auto none = std::make_shared<const Data>();
    d = none;
}

FleetView::FleetView(ObservedFleet fleet)
{
    auto data = std::make_shared<Data>();
    data->fleet = std::move(fleet);
    data->index();
    d = std::move(data);
}

const ObservedFleet &FleetView::fleet() const
{
    return d->fleet;
}

const ObservedCluster *FleetView::cluster(const QString &name) const
{
    const int i = d->clusters.value(name, -1);
    return i < 0 ? nullptr : &d->fleet.clusters.at(i);
}

const ObservedMesh *FleetView::mesh(const QString &name) const
{
    const int i = d->meshes.value(name, -1);
    return i < 0 ? nullptr : &d->fleet.meshes.at(i);
}

const ObservedCluster *FleetView::clusterOf(const mesh::MemberCluster &member) const
{
    const int i = d->clusterOf(member);
    return i < 0 ? nullptr : &d->fleet.clusters.at(i);
}

const mesh::MemberCluster *FleetView::member(const QString &mesh, const QString &cluster) const
{
    const auto *place = d->place(cluster);
    if (!place)
        return nullptr;
    for (const auto &[m, i] : place->members)
        if (d->fleet.meshes.at(m).status.name == mesh)
            return &d->fleet.meshes.at(m).status.members.at(i);
    return nullptr;
}

QStringList FleetView::meshesOf(const QString &cluster) const
{
    QStringList names;
    if (const auto *place = d->place(cluster))
        for (const auto &[m, i] : place->members)
            names << d->fleet.meshes.at(m).status.name;
    return names;
}

QString FleetView::managingMesh(const QString &cluster) const
{
    const auto *place = d->place(cluster);
    return place ? place->manager : QString();
}

QString FleetView::networkOf(const QString &cluster) const
{
    const auto *place = d->place(cluster);
    return place ? place->network : QString();
}

const QStringList &FleetView::networks() const
{
    return d->networks;
}

QStringList FleetView::clustersIn(const QString &network) const
{
    return d->inside.value(network);
}

qsizetype FleetView::indexOfNetwork(const QString &network) const
{
    return d->networkIndex.value(network, -1);
}

bool FleetView::hasGateway(const QString &cluster) const
{
    const auto *place = d->place(cluster);
    return place && place->hasGateway;
}

namespace {

template <typename List, typename Same> bool all(const List &one, const List &other, Same same)
{
    return one.size() == other.size() && std::equal(one.cbegin(), one.cend(), other.cbegin(), same);
}

bool sameError(const core::Error &one, const core::Error &other)
{
    return std::tie(one.kind, one.tried, one.target, one.answer, one.remedy, one.httpStatus, one.code)
        == std::tie(other.kind, other.tried, other.target, other.answer, other.remedy, other.httpStatus, other.code);
}

bool sameErrors(const QList<core::Error> &one, const QList<core::Error> &other)
{
    return all(one, other, sameError);
}

bool sameError(const std::optional<core::Error> &one, const std::optional<core::Error> &other)
{
    return one && other ? sameError(*one, *other) : one.has_value() == other.has_value();
}

bool sameConditions(const QList<Condition> &one, const QList<Condition> &other)
{
    return all(one, other, [](const Condition &a, const Condition &b) {
        return std::tie(a.type, a.health, a.reason, a.evidence, a.source, a.subject, a.isHearsay)
            == std::tie(b.type, b.health, b.reason, b.evidence, b.source, b.subject, b.isHearsay)
            && (a.health != Health::Stale || a.at == b.at); // since when it is so
    });
}

bool sameWorkload(const ObservedWorkload &a, const ObservedWorkload &b)
{
    return std::tie(a.ns, a.name, a.version, a.desired, a.ready, a.injected, a.podNames, a.image, a.why, a.podsKnown, a.apart)
        == std::tie(b.ns, b.name, b.version, b.desired, b.ready, b.injected, b.podNames, b.image, b.why, b.podsKnown, b.apart);
}

bool sameCluster(const ObservedCluster &a, const ObservedCluster &b)
{
    return std::tie(a.name, a.cloudId, a.region, a.vpcId, a.kubeVersion, a.apiServer, a.podCidr, a.serviceCidr, a.reachable,
               a.injectedNamespaces, a.gatewayAddress, a.vSwitches, a.publicApiServer, a.services, a.namespaces, a.ownNamespaces,
               a.accountsRead, a.serviceAccounts, a.ownServiceAccounts, a.byHand, a.provider, a.externalServices, a.readOneByOne, a.serving,
               a.gatewayAddresses, a.network, a.controlPlaneReady)
        == std::tie(b.name, b.cloudId, b.region, b.vpcId, b.kubeVersion, b.apiServer, b.podCidr, b.serviceCidr, b.reachable,
            b.injectedNamespaces, b.gatewayAddress, b.vSwitches, b.publicApiServer, b.services, b.namespaces, b.ownNamespaces,
            b.accountsRead, b.serviceAccounts, b.ownServiceAccounts, b.byHand, b.provider, b.externalServices, b.readOneByOne, b.serving,
            b.gatewayAddresses, b.network, b.controlPlaneReady)
        && all(a.workloads, b.workloads, sameWorkload) && sameConditions(a.conditions, b.conditions)
        && all(a.faults, b.faults,
            [](const ObservedFault &x, const ObservedFault &y) {
                return std::tie(x.apiVersion, x.kind, x.ns, x.name, x.mark) == std::tie(y.apiVersion, y.kind, y.ns, y.name, y.mark);
            })
        && all(a.unread, b.unread,
            [](const Unread &x, const Unread &y) { return x.resource == y.resource && x.ns == y.ns && sameError(x.error, y.error); });
}

bool sameMember(const mesh::MemberCluster &a, const mesh::MemberCluster &b)
{
    return std::tie(a.clusterId, a.clusterName, a.mode, a.state, a.network, a.gateway)
        == std::tie(b.clusterId, b.clusterName, b.mode, b.state, b.network, b.gateway)
        && all(a.words, b.words,
            [](const mesh::ReplicaWord &x, const mesh::ReplicaWord &y) {
                return std::tie(x.replica, x.word, x.source) == std::tie(y.replica, y.word, y.source) && sameError(x.error, y.error);
            })
        && all(a.lost, b.lost,
            [](const mesh::LostReach &x, const mesh::LostReach &y) { return std::tie(x.words, x.source) == std::tie(y.words, y.source); });
}

bool sameMesh(const ObservedMesh &one, const ObservedMesh &other)
{
    const mesh::MeshStatus &a = one.status, &b = other.status;
    return std::tie(a.id, a.name, a.region, a.version, a.stateWord, a.errorMessage, a.owner, a.state, a.rootFingerprints, a.rootError,
               a.membersKnown, a.networksKnown, a.provider, a.home, a.meshId, a.trustDomain, a.notOurs)
        == std::tie(b.id, b.name, b.region, b.version, b.stateWord, b.errorMessage, b.owner, b.state, b.rootFingerprints, b.rootError,
            b.membersKnown, b.networksKnown, b.provider, b.home, b.meshId, b.trustDomain, b.notOurs)
        && all(a.members, b.members, sameMember) && sameErrors(a.unread, b.unread) && sameError(a.stale, b.stale)
        && all(a.controlPlanes, b.controlPlanes,
            [](const mesh::ControlPlane &x, const mesh::ControlPlane &y) {
                return std::tie(x.revision, x.version, x.place, x.desired, x.ready)
                    == std::tie(y.revision, y.version, y.place, y.desired, y.ready)
                    && all(x.replicas, y.replicas, [](const mesh::Replica &r, const mesh::Replica &s) {
                           return std::tie(r.name, r.isReady, r.started) == std::tie(s.name, s.isReady, s.started);
                       });
            })
        && all(a.told, b.told,
            [](const mesh::ToldFact &x, const mesh::ToldFact &y) {
                return std::tie(x.what, x.value, x.right, x.source) == std::tie(y.what, y.value, y.right, y.source)
                    && sameError(x.error, y.error);
            })
        && sameConditions(one.conditions, other.conditions);
}

} // namespace

FleetDelta &FleetDelta::operator+=(const FleetDelta &later)
{
    clusters.unite(later.clusters);
    meshes.unite(later.meshes);
    places = places || later.places;
    whole = whole || later.whole;
    return *this;
}

FleetDelta deltaOf(const FleetView &before, const FleetView &after)
{
    FleetDelta delta;
    const ObservedFleet &old = before.fleet(), &now = after.fleet();
    const auto sameNames = [](const ObservedCluster &a, const ObservedCluster &b) { return a.name == b.name; };
    const auto sameRows = [](const ObservedWorkload &a, const ObservedWorkload &b) { return a.ns == b.ns && a.name == b.name; };
    delta.places = !all(old.clusters, now.clusters, sameNames)
        || !all(old.meshes, now.meshes, [](const ObservedMesh &a, const ObservedMesh &b) { return a.status.name == b.status.name; });
    for (const ObservedCluster &cluster : now.clusters) {
        const ObservedCluster *was = before.cluster(cluster.name);
        if (was && sameCluster(*was, cluster) && before.hasGateway(cluster.name) == after.hasGateway(cluster.name)
            && before.networkOf(cluster.name) == after.networkOf(cluster.name))
            continue;
        delta.clusters.insert(cluster.name);
        delta.places = delta.places || !was || before.hasGateway(cluster.name) != after.hasGateway(cluster.name)
            || before.networkOf(cluster.name) != after.networkOf(cluster.name) || !all(was->workloads, cluster.workloads, sameRows);
    }
    for (const ObservedMesh &mesh : now.meshes) {
        const ObservedMesh *was = before.mesh(mesh.status.name);
        if (was && sameMesh(*was, mesh))
            continue;
        delta.meshes.insert(mesh.status.name);
        delta.places = delta.places || !was || !all(was->status.members, mesh.status.members, sameMember);
    }
    for (const ObservedCluster &cluster : old.clusters)
        if (!after.cluster(cluster.name))
            delta.clusters.insert(cluster.name);
    for (const ObservedMesh &mesh : old.meshes)
        if (!after.mesh(mesh.status.name))
            delta.meshes.insert(mesh.status.name);
    delta.whole = old.environment != now.environment || old.at.isValid() != now.at.isValid() || !sameConditions(old.trust, now.trust)
        || !sameConditions(old.account, now.account)
        || !sameConditions(old.restores, now.restores) // the errors are those of clusters and meshes, which are compared
        || old.meshVersions != now.meshVersions || !sameError(old.meshesError, now.meshesError)
        || !sameError(old.clustersError, now.clustersError) || !sameError(old.versionsError, now.versionsError)
        || !sameError(old.meshesUnread, now.meshesUnread);
    return delta;
}

} // namespace catamaran::observe
