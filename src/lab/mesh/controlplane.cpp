// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/controlplane.h"

#include <algorithm>

namespace catamaran::lab {

namespace {

// Facts 6: a change is pushed when it has been quiet for 100 ms, after 10 s at the latest.
constexpr std::chrono::milliseconds quiet { 100 };
constexpr std::chrono::seconds latest { 10 };
constexpr std::chrono::milliseconds retry { 250 };

} // namespace

ControlPlane::ControlPlane(asio::io_context &io, std::shared_ptr<Fabric> fabric, std::string id, std::string name, MeshCa ca)
    : m_io(io)
    , m_fabric(std::move(fabric))
    , m_id(std::move(id))
    , m_name(std::move(name))
    , m_ca(std::move(ca))
    , m_timer(io)
{
}

ControlPlane::~ControlPlane() = default;

void ControlPlane::addCluster(const ClusterRef &cluster, bool discoveryOnly)
{
    removeCluster(cluster.id);
    auto member = std::make_unique<Member>();
    member->cluster = cluster;
    member->discoveryOnly = discoveryOnly;
    member->subscription = cluster.store->subscribe([weak = weak_from_this(), id = cluster.id](const ObjectEvent &event) {
        if (!mattersToMesh(event.typeKey))
            return;
        const auto self = weak.lock();
        if (!self)
            return;
        for (const auto &known : self->m_members) {
            if (known->cluster.id == id)
                known->changed = true;
        }
        self->schedule();
    });
    m_members.push_back(std::move(member));
    schedule();
}

void ControlPlane::removeCluster(const std::string &clusterId)
{
    if (std::erase_if(m_members, [&](const auto &member) { return member->cluster.id == clusterId; }) > 0)
        schedule();
}

void ControlPlane::setNetworks(std::map<std::string, ClusterNetwork> networks, std::map<std::string, NetworkAssignment> assignments)
{
    m_networks = std::move(networks);
    m_assignments = std::move(assignments);
    schedule();
}

void ControlPlane::setPolicyStore(std::shared_ptr<ObjectStore> store)
{
    m_policyStore = std::move(store);
    m_policySubscription.reset();
    if (m_policyStore) {
        m_policySubscription = m_policyStore->subscribe([weak = weak_from_this()](const ObjectEvent &event) {
            if (const auto self = weak.lock(); self && mattersToMesh(event.typeKey))
                self->schedule();
        });
    }
    schedule();
}

bool ControlPlane::manages(const std::string &clusterId) const
{
    return std::any_of(
        m_members.begin(), m_members.end(), [&](const auto &member) { return member->cluster.id == clusterId && !member->discoveryOnly; });
}

std::vector<ClusterRef> ControlPlane::managedClusters() const
{
    std::vector<ClusterRef> result;
    for (const auto &member : m_members) {
        if (!member->discoveryOnly)
            result.push_back(member->cluster);
    }
    return result;
}

void ControlPlane::stop()
{
    m_running = false;
    m_scheduled = false;
    m_timer.cancel();
}

void ControlPlane::start()
{
    if (m_running)
        return;
    m_running = true;
    for (auto &member : m_members)
        member->changed = true;
    refresh();
}

void ControlPlane::touch()
{
    schedule();
}

bool ControlPlane::reaches(const ClusterRef &cluster) const
{
    for (const auto &member : m_members) {
        if (!member->discoveryOnly)
            return !m_fabric->isCut(m_fabric->networkOfCluster(member->cluster.index), m_fabric->networkOfCluster(cluster.index));
    }
    return true;
}

void ControlPlane::schedule()
{
    if (!m_running)
        return;
    const auto now = std::chrono::steady_clock::now();
    if (!m_scheduled) {
        m_scheduled = true;
        m_firstChange = now;
    }
    m_timer.expires_at(std::min<SteadyTime>(now + quiet, m_firstChange + latest));
    m_timer.async_wait([weak = weak_from_this()](const ErrorCode &cancelled) {
        const auto self = weak.lock();
        if (self && !cancelled && self->m_running)
            self->refresh();
    });
}

void ControlPlane::refresh()
{
    m_scheduled = false;
    bool waiting = false;
    for (auto &member : m_members) {
        if (!member->changed)
            continue;
        const ClusterRef &cluster = member->cluster;
        if (!reaches(cluster) || (cluster.apiServerUp && !cluster.apiServerUp())) {
            waiting = true;
            continue;
        }
        member->view = readCluster(*cluster.store, cluster.id, cluster.name, cluster.index);
        member->changed = false;
    }

    MeshView view;
    view.networks = m_assignments;
    if (m_policyStore)
        view.policies = readPolicies(*m_policyStore);
    if (m_policyStore)
        view.faults = readRouteFaults(*m_policyStore);
    for (const auto &member : m_members) {
        if (member->view)
            view.clusters.push_back(*member->view);
        // Istio's own objects are taken from managed clusters only (facts 1.5).
        if (!member->discoveryOnly && (!member->cluster.apiServerUp || member->cluster.apiServerUp())) {
            auto policies = readPolicies(*member->cluster.store);
            view.policies.insert(view.policies.end(), policies.begin(), policies.end());
            auto faults = readRouteFaults(*member->cluster.store);
            view.faults.insert(view.faults.end(), faults.begin(), faults.end());
        }
    }
    m_view = std::move(view);
    ++m_version;
    m_made.clear();
    if (onPush)
        onPush();

    if (waiting) {
        m_timer.expires_after(retry);
        m_timer.async_wait([weak = weak_from_this()](const ErrorCode &cancelled) {
            const auto self = weak.lock();
            if (!self || cancelled || !self->m_running)
                return;
            self->refresh();
        });
    }
}

std::shared_ptr<const ProxyConfig> ControlPlane::configFor(ClientSide client)
{
    if (client.network.empty())
        client.network = networkOfCluster(m_view, client.clusterId);
    auto &made = m_made[client.clusterId + "\n" + client.network + "\n" + client.locality.region + "\n" + client.locality.zone + "\n"
        + client.locality.subzone];
    if (!made)
        made = makeProxyConfig(m_view, client, m_version);
    return made;
}

std::shared_ptr<const ProxyConfig> ControlPlane::gatewayConfigFor(const std::string &clusterId)
{
    auto &made = m_made["gateway\n" + clusterId];
    if (!made)
        made = makeGatewayConfig(m_view, clusterId, networkOfCluster(m_view, clusterId), m_version);
    return made;
}

std::string ControlPlane::networkForInjection(const std::string &clusterId) const
{
    const auto found = m_networks.find(clusterId);
    return found == m_networks.end() ? std::string() : found->second.network;
}

} // namespace catamaran::lab
