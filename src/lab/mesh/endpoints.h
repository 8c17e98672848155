// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/meshmodel.h"

/// How a control plane makes configurations from what it sees (facts istio-multiprimary 2.1 to 2.3). Pure.
namespace catamaran::lab {

/// Everything one control plane knows.
struct MeshView {
    std::vector<ClusterView> clusters;
    std::map<std::string, NetworkAssignment> networks; ///< by cluster id
    std::vector<TrafficPolicy> policies;
    std::vector<RouteFault> faults {};
    std::string trustDomain = "cluster.local";
};

/// Facts 2.1: pod label, system namespace's label, the mesh's assignment, none.
[[nodiscard]] std::string networkOfEndpoint(const MeshView &mesh, const ClusterView &cluster, const EndpointView &endpoint);
/// The network of a proxy without a label of its own.
[[nodiscard]] std::string networkOfCluster(const MeshView &mesh, const std::string &clusterId);

/// Facts 2.2: the hosts of one port of a service for one client, priorities included.
[[nodiscard]] std::vector<UpstreamHost> hostsFor(const MeshView &mesh, const ClientSide &client, const std::string &ns,
    const std::string &service, const std::string &portName, const TrafficPolicy &policy);

/// Facts 2.3: priorities from 0 without gaps.
void setPriorities(std::vector<UpstreamHost> &hosts, const ClientSide &client, const TrafficPolicy &policy);

/// The whole configuration for the proxies of @p client's cluster.
[[nodiscard]] std::shared_ptr<const ProxyConfig> makeProxyConfig(const MeshView &mesh, const ClientSide &client, std::uint64_t version);

/// For a gateway: only endpoints of its own network, and only such as speak mutual TLS.
[[nodiscard]] std::shared_ptr<const ProxyConfig> makeGatewayConfig(
    const MeshView &mesh, const std::string &clusterId, const std::string &network, std::uint64_t version);

} // namespace catamaran::lab
