// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/endpoints.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace catamaran::lab {

namespace {

struct GatewayPlace {
    GatewayView view;
    std::string clusterId;
};

std::vector<GatewayPlace> gatewaysOf(const MeshView &mesh)
{
    std::vector<GatewayPlace> result;
    const auto add = [&](const GatewayView &view, const std::string &clusterId) {
        const bool known = std::any_of(result.begin(), result.end(), [&](const GatewayPlace &other) {
            return other.view.address == view.address && other.view.port == view.port && other.view.network == view.network;
        });
        if (!known && !view.network.empty())
            result.push_back({ view, clusterId });
    };
    for (const auto &cluster : mesh.clusters) {
        for (const auto &gateway : cluster.gateways)
            add(gateway, cluster.id);
        if (const auto assigned = mesh.networks.find(cluster.id); assigned != mesh.networks.end()) {
            for (const auto &gateway : assigned->second.gateways)
                add(gateway, cluster.id);
        }
    }
    return result;
}

/// Those of the network and the cluster, else those of the network.
std::vector<const GatewayPlace *> gatewaysFor(
    const std::vector<GatewayPlace> &all, const std::string &network, const std::string &clusterId)
{
    std::vector<const GatewayPlace *> near, any;
    for (const auto &gateway : all) {
        if (gateway.view.network != network)
            continue;
        any.push_back(&gateway);
        if (gateway.clusterId == clusterId)
            near.push_back(&gateway);
    }
    return near.empty() ? any : near;
}

std::string fullName(const std::string &ns, const std::string &service)
{
    return service + "." + ns + ".svc.cluster.local";
}

const TrafficPolicy *policyFor(const MeshView &mesh, const std::string &host)
{
    const auto found
        = std::find_if(mesh.policies.begin(), mesh.policies.end(), [&](const TrafficPolicy &policy) { return policy.host == host; });
    return found == mesh.policies.end() ? nullptr : &*found;
}

unsigned localityDistance(const Locality &client, const Locality &host, const TrafficPolicy &policy)
{
    if (client.region == host.region)
        return client.zone != host.zone ? 2 : client.subzone != host.subzone ? 1 : 0;
    const auto failover = policy.failover.find(client.region);
    return failover != policy.failover.end() && failover->second != host.region ? 4 : 3;
}

std::string labelOf(const UpstreamHost &host, const std::string &key)
{
    if (key == "topology.istio.io/network")
        return host.network;
    if (key == "topology.istio.io/cluster")
        return host.clusterId;
    // A gateway's entry has no other labels (facts 2.2).
    if (host.gateway)
        return {};
    if (key == "topology.kubernetes.io/region")
        return host.locality.region;
    if (key == "topology.kubernetes.io/zone")
        return host.locality.zone;
    if (key == "topology.istio.io/subzone")
        return host.locality.subzone;
    return {};
}

std::string clientLabel(const ClientSide &client, const std::string &key)
{
    UpstreamHost self;
    self.network = client.network;
    self.clusterId = client.clusterId;
    self.locality = client.locality;
    return labelOf(self, key);
}

unsigned labelDistance(const UpstreamHost &host, const ClientSide &client, const std::vector<std::string> &keys)
{
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto equals = keys[i].find('=');
        const std::string key = keys[i].substr(0, equals);
        const std::string wanted = equals == std::string::npos ? clientLabel(client, key) : keys[i].substr(equals + 1);
        if (labelOf(host, key) != wanted)
            return static_cast<unsigned>(keys.size() - i);
    }
    return 0;
}

UpstreamPtr makeUpstream(const MeshView &mesh, const ClientSide &client, const ServiceView &service, const ServicePortView &port)
{
    auto cluster = std::make_shared<UpstreamCluster>();
    cluster->host = fullName(service.ns, service.name);
    cluster->port = port.port;
    cluster->http = port.http;
    const std::string number = std::to_string(port.port);
    cluster->name = "outbound|" + number + "||" + cluster->host;
    cluster->sni = "outbound_." + number + "_._." + cluster->host;
    TrafficPolicy policy;
    if (const auto *found = policyFor(mesh, cluster->host))
        policy = *found;
    cluster->connectTimeout = policy.connectTimeout;
    cluster->outlier = policy.outlier;
    if (const auto found
        = std::find_if(mesh.faults.begin(), mesh.faults.end(), [&](const RouteFault &fault) { return fault.host == cluster->host; });
        found != mesh.faults.end())
        cluster->fault = *found;
    cluster->hosts = hostsFor(mesh, client, service.ns, service.name, port.name, policy);

    std::set<std::string> identities;
    for (const auto &other : mesh.clusters) {
        for (const auto &candidate : other.services) {
            if (candidate.ns != service.ns || candidate.name != service.name)
                continue;
            for (const auto &endpoint : candidate.endpoints) {
                if (endpoint.mutualTls && endpoint.portName == port.name)
                    identities.insert("spiffe://" + mesh.trustDomain + "/ns/" + service.ns + "/sa/" + endpoint.serviceAccount);
            }
        }
    }
    cluster->identities.assign(identities.begin(), identities.end());
    return cluster;
}

} // namespace

std::string networkOfCluster(const MeshView &mesh, const std::string &clusterId)
{
    for (const auto &cluster : mesh.clusters) {
        if (cluster.id == clusterId && !cluster.systemNetwork.empty())
            return cluster.systemNetwork;
    }
    const auto assigned = mesh.networks.find(clusterId);
    return assigned == mesh.networks.end() ? std::string() : assigned->second.network;
}

std::string networkOfEndpoint(const MeshView &mesh, const ClusterView &cluster, const EndpointView &endpoint)
{
    return endpoint.podNetwork.empty() ? networkOfCluster(mesh, cluster.id) : endpoint.podNetwork;
}

std::vector<UpstreamHost> hostsFor(const MeshView &mesh, const ClientSide &client, const std::string &ns, const std::string &service,
    const std::string &portName, const TrafficPolicy &policy)
{
    const std::vector<GatewayPlace> gateways = gatewaysOf(mesh);
    std::vector<UpstreamHost> hosts;

    // Replaced endpoints, by cluster and network: their number and the gateways that stand for them.
    struct Behind {
        unsigned count = 0;
        std::vector<const GatewayPlace *> gateways;
        Locality locality;
    };
    std::map<std::pair<std::string, std::string>, Behind> replaced;

    for (const auto &cluster : mesh.clusters) {
        for (const auto &candidate : cluster.services) {
            if (candidate.ns != ns || candidate.name != service)
                continue;
            for (const auto &endpoint : candidate.endpoints) {
                // Ports meet by name: a service whose port has another name elsewhere has no endpoints there.
                if (endpoint.portName != portName)
                    continue;
                const std::string network = networkOfEndpoint(mesh, cluster, endpoint);
                const bool mutualTls = endpoint.mutualTls && policy.tls != UpstreamTls::Disabled;
                const auto ways = gatewaysFor(gateways, network, cluster.id);
                if (network == client.network || network.empty() || client.network.empty() || ways.empty()) {
                    hosts.push_back({ endpoint.address, endpoint.port, 1, 0, mutualTls, false, cluster.id, network, endpoint.locality });
                    continue;
                }
                if (!mutualTls)
                    continue;
                auto &behind = replaced[{ cluster.id, network }];
                ++behind.count;
                behind.gateways = ways;
                behind.locality = endpoint.locality;
            }
        }
    }

    unsigned scale = 1;
    for (const auto &[where, behind] : replaced)
        scale = std::lcm(scale, static_cast<unsigned>(behind.gateways.size()));
    for (auto &host : hosts)
        host.weight *= scale;
    for (const auto &[where, behind] : replaced) {
        for (const auto *gateway : behind.gateways) {
            const unsigned weight = behind.count * scale / static_cast<unsigned>(behind.gateways.size());
            // One gateway that stands for several clusters of its network is one host.
            const auto same = std::find_if(hosts.begin(), hosts.end(), [&](const UpstreamHost &host) {
                return host.gateway && host.address == gateway->view.address && host.port == gateway->view.port
                    && host.locality == behind.locality;
            });
            if (same != hosts.end())
                same->weight += weight;
            else
                hosts.push_back(
                    { gateway->view.address, gateway->view.port, weight, 0, true, true, where.first, where.second, behind.locality });
        }
    }
    setPriorities(hosts, client, policy);
    return hosts;
}

void setPriorities(std::vector<UpstreamHost> &hosts, const ClientSide &client, const TrafficPolicy &policy)
{
    std::set<unsigned> used;
    for (auto &host : hosts) {
        host.priority = 0;
        if (policy.outlier && policy.localityEnabled) {
            if (!policy.failoverPriority.empty())
                host.priority = labelDistance(host, client, policy.failoverPriority);
            else if (!client.locality.region.empty())
                host.priority = localityDistance(client.locality, host.locality, policy);
        }
        used.insert(host.priority);
    }
    for (auto &host : hosts)
        host.priority = static_cast<unsigned>(std::distance(used.begin(), used.find(host.priority)));
}

std::shared_ptr<const ProxyConfig> makeProxyConfig(const MeshView &mesh, const ClientSide &client, std::uint64_t version)
{
    auto config = std::make_shared<ProxyConfig>();
    config->version = version;
    for (const auto &cluster : mesh.clusters) {
        // A name leads somewhere only where the client's own cluster has the Service (facts 1.5).
        if (cluster.id != client.clusterId)
            continue;
        for (const auto &service : cluster.services) {
            for (const auto &port : service.ports) {
                if (service.clusterIps.empty())
                    continue;
                const UpstreamPtr upstream = makeUpstream(mesh, client, service, port);
                for (const auto &ip : service.clusterIps)
                    config->byAddress.emplace(ip + ":" + std::to_string(port.port), upstream);
            }
        }
    }
    return config;
}

std::shared_ptr<const ProxyConfig> makeGatewayConfig(
    const MeshView &mesh, const std::string &clusterId, const std::string &network, std::uint64_t version)
{
    MeshView own = mesh;
    for (auto &cluster : own.clusters) {
        for (auto &service : cluster.services) {
            std::erase_if(service.endpoints,
                [&](const EndpointView &endpoint) { return !endpoint.mutualTls || networkOfEndpoint(mesh, cluster, endpoint) != network; });
        }
    }
    auto config = std::make_shared<ProxyConfig>();
    config->version = version;
    const ClientSide client { clusterId, network, {}, {} };
    for (const auto &cluster : own.clusters) {
        for (const auto &service : cluster.services) {
            for (const auto &port : service.ports) {
                UpstreamPtr upstream = makeUpstream(own, client, service, port);
                auto &known = config->bySni[upstream->sni];
                if (!known)
                    known = std::move(upstream);
            }
        }
    }
    return config;
}

} // namespace catamaran::lab
