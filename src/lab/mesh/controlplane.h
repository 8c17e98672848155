// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/clusterview.h"
#include "lab/mesh/fabric.h"
#include "lab/mesh/meshworld.h"

namespace catamaran::lab {

/// One mesh's control plane: watches its clusters, and makes configurations from what it has seen. It stands in the
/// network of its first managed cluster; a cluster whose API server it cannot reach stays as it was last seen.
class ControlPlane : public std::enable_shared_from_this<ControlPlane> {
public:
    ControlPlane(asio::io_context &io, std::shared_ptr<Fabric> fabric, std::string id, std::string name, MeshCa ca);
    ~ControlPlane();

    [[nodiscard]] const std::string &id() const { return m_id; }
    [[nodiscard]] const std::string &name() const { return m_name; }
    [[nodiscard]] const MeshCa &ca() const { return m_ca; }

    /// Told after every change of what the proxies must know.
    std::function<void()> onPush;

    void addCluster(const ClusterRef &cluster, bool discoveryOnly);
    void removeCluster(const std::string &clusterId);
    void setNetworks(std::map<std::string, ClusterNetwork> networks, std::map<std::string, NetworkAssignment> assignments);
    [[nodiscard]] const std::map<std::string, ClusterNetwork> &networks() const { return m_networks; }
    /// Istio objects of the mesh's own API server, beside those of its managed clusters.
    void setPolicyStore(std::shared_ptr<ObjectStore> store);

    [[nodiscard]] bool manages(const std::string &clusterId) const;
    [[nodiscard]] std::vector<ClusterRef> managedClusters() const;

    void stop();
    void start();
    [[nodiscard]] bool isRunning() const { return m_running; }
    /// Whether its packets reach that cluster's network at this moment.
    [[nodiscard]] bool reaches(const ClusterRef &cluster) const;

    [[nodiscard]] std::uint64_t version() const { return m_version; }
    [[nodiscard]] std::shared_ptr<const ProxyConfig> configFor(ClientSide client);
    [[nodiscard]] std::shared_ptr<const ProxyConfig> gatewayConfigFor(const std::string &clusterId);
    /// The network that new pods of a managed cluster are labelled with.
    [[nodiscard]] std::string networkForInjection(const std::string &clusterId) const;
    /// Pushes again soon: something between it and its proxies has changed.
    void touch();

private:
    struct Member {
        ClusterRef cluster;
        bool discoveryOnly = false;
        bool changed = true;
        std::optional<ClusterView> view;
        std::shared_ptr<void> subscription;
    };
    void schedule();
    void refresh();

    asio::io_context &m_io;
    std::shared_ptr<Fabric> m_fabric;
    std::string m_id, m_name;
    MeshCa m_ca;
    std::map<std::string, ClusterNetwork> m_networks;
    std::map<std::string, NetworkAssignment> m_assignments;
    std::vector<std::unique_ptr<Member>> m_members; ///< in the order they were added
    std::shared_ptr<ObjectStore> m_policyStore;
    std::shared_ptr<void> m_policySubscription;
    MeshView m_view;
    std::uint64_t m_version = 0;
    std::map<std::string, std::shared_ptr<const ProxyConfig>> m_made;
    asio::steady_timer m_timer;
    bool m_running = true;
    bool m_scheduled = false;
    SteadyTime m_firstChange {};
};

} // namespace catamaran::lab
