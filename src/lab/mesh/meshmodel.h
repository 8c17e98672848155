// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What a control plane knows, and what it tells its proxies: plain values.
namespace catamaran::lab {

struct Locality {
    std::string region, zone, subzone;
    bool operator==(const Locality &) const = default;
};

/// One address behind a port of a service, as read from one cluster.
struct EndpointView {
    std::string address;
    unsigned short port = 0;
    std::string portName;
    bool mutualTls = false; ///< its pod has a sidecar
    std::string podNetwork; ///< label topology.istio.io/network of the pod; empty when not labelled
    std::string serviceAccount;
    Locality locality;
    std::map<std::string, std::string> labels;
};

struct ServicePortView {
    std::string name;
    unsigned short port = 0;
    bool http = false;
};

struct ServiceView {
    std::string ns, name;
    std::vector<std::string> clusterIps; ///< empty for a headless service
    std::vector<ServicePortView> ports;
    std::vector<EndpointView> endpoints; ///< ready ones
};

struct GatewayView {
    std::string network; ///< label topology.istio.io/network of its Service
    std::string address;
    unsigned short port = 15443;
};

/// What was last seen of one cluster.
struct ClusterView {
    std::string id, name;
    int index = 0;
    std::string systemNetwork; ///< label topology.istio.io/network of its system namespace
    std::vector<ServiceView> services;
    std::vector<GatewayView> gateways;
};

/// What a mesh says of its clusters' networks ("fromRegistry"), by cluster id.
struct NetworkAssignment {
    std::string network;
    std::vector<GatewayView> gateways; ///< given by address rather than found through a Service
};

struct OutlierDetection {
    unsigned consecutive5xx = 5;
    unsigned consecutiveGatewayErrors = 0; ///< 0: off
    std::chrono::milliseconds interval { 10000 };
    std::chrono::milliseconds baseEjection { 30000 };
    unsigned maxEjectionPercent = 10;
};

enum class UpstreamTls { Auto, Disabled };

/// What a DestinationRule says of a host, as far as the range acts on it.
struct TrafficPolicy {
    std::string host; ///< full name
    std::optional<OutlierDetection> outlier;
    std::chrono::milliseconds connectTimeout { 10000 };
    UpstreamTls tls = UpstreamTls::Auto;
    bool localityEnabled = true;
    std::map<std::string, std::string> failover; ///< region -> region
    std::vector<std::string> failoverPriority;
};

/// What the first route of a VirtualService does to requests for its host before they leave the client's proxy.
struct RouteFault {
    std::string host; ///< full name
    std::chrono::milliseconds delay { 0 };
    double delayPercent = 0;
    unsigned abortStatus = 0; ///< 0: none
    double abortPercent = 0;
};

/// One host of a cluster as a proxy gets it (EDS).
struct UpstreamHost {
    std::string address;
    unsigned short port = 0;
    unsigned weight = 1;
    unsigned priority = 0;
    bool mutualTls = false;
    bool gateway = false;
    std::string clusterId;
    std::string network;
    Locality locality;
    bool operator==(const UpstreamHost &) const = default;

    [[nodiscard]] std::string key() const { return address + ":" + std::to_string(port); }
};

/// One cluster of a proxy (CDS): a port of a service.
struct UpstreamCluster {
    std::string name; ///< outbound|5000||helloworld.default.svc.cluster.local
    std::string sni; ///< outbound_.5000_._.helloworld.default.svc.cluster.local
    std::string host; ///< helloworld.default.svc.cluster.local
    unsigned short port = 0;
    bool http = false;
    std::vector<UpstreamHost> hosts;
    std::vector<std::string> identities; ///< SPIFFE ids that may answer
    std::chrono::milliseconds connectTimeout { 10000 };
    std::optional<OutlierDetection> outlier;
    std::optional<RouteFault> fault; ///< of its VirtualService
};

using UpstreamPtr = std::shared_ptr<const UpstreamCluster>;

/// Everything that a control plane sends to the proxies of one cluster. Never changed once made.
struct ProxyConfig {
    std::uint64_t version = 0;
    std::map<std::string, UpstreamPtr> byAddress; ///< "ClusterIP:port"
    std::map<std::string, UpstreamPtr> bySni; ///< what a gateway passes through
};

/// The client for whom a configuration is made.
struct ClientSide {
    std::string clusterId;
    std::string network;
    Locality locality;
    std::map<std::string, std::string> labels;
};

} // namespace catamaran::lab
