// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
// The reading actions of AsmApi.
#include "lab/cloud/asmapi.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace catamaran::lab {

namespace {

std::size_t countIn(const CloudParameters &parameters, const std::string &name, std::size_t fallback)
{
    const std::string text = value(parameters, name);
    std::size_t parsed = fallback;
    std::from_chars(text.data(), text.data() + text.size(), parsed);
    return parsed;
}

/// A name of the cloud's own resources that belongs to @p id, always the same.
std::string resource(const char *prefix, const std::string &id)
{
    return std::string(prefix) + "-bp1" + id.substr(1, 17);
}

} // namespace

json::object AsmApi::describe(const Mesh &mesh, bool inDetail) const
{
    json::array switches, clusterIds;
    for (const auto &each : mesh.vswitches)
        switches.emplace_back(each);
    for (const auto &[id, member] : mesh.members)
        clusterIds.emplace_back(id);
    const std::string last = std::to_string(10 + mesh.number);
    json::object meshConfig { { "SidecarInjector", { { "EnableNamespacesByDefault", false }, { "AutoInjectionPolicyEnabled", false } } },
        { "Proxy", { { "ClusterDomain", mesh.clusterDomain } } }, { "OutboundTrafficPolicy", "ALLOW_ANY" },
        { "Edition", { { "Name", mesh.profile }, { "IstiodImageTag", mesh.version }, { "ProxyImageTag", mesh.version } } } };
    if (inDetail) {
        json::object locality { { "Enabled", mesh.localityEnabled } };
        if (const auto *failover = at(mesh.locality, { "failover" }))
            locality["Failover"] = *failover;
        if (const auto *distribute = at(mesh.locality, { "distribute" }))
            locality["Distribute"] = *distribute;
        meshConfig["EnableLocalityLB"] = mesh.localityEnabled;
        meshConfig["LocalityLB"] = std::move(locality);
    }
    return { { "ServiceMeshInfo",
                 { { "ServiceMeshId", mesh.id }, { "Name", mesh.name }, { "RegionId", mesh.regionId }, { "State", mesh.state },
                     { "Version", mesh.version }, { "Profile", mesh.profile }, { "ErrorMessage", mesh.errorMessage },
                     { "CreationTime", mesh.created }, { "UpdateTime", mesh.updated } } },
        { "Endpoints",
            { { "IntranetApiServerEndpoint", "https://192.168.0." + last + ":6443" },
                { "PublicApiServerEndpoint", mesh.publicApiServer ? "https://203.0.113." + last + ":6443" : "" },
                { "IntranetPilotEndpoint", "192.168.1." + last + ":15011" }, { "PublicPilotEndpoint", "" } } },
        { "Spec",
            { { "Network",
                  { { "VpcId", mesh.vpcId }, { "VSwitches", std::move(switches) }, { "SecurityGroupId", resource("sg", mesh.id) } } },
                { "LoadBalancer",
                    { { "ApiServerPublicEip", mesh.publicApiServer }, { "PilotPublicEip", false },
                        { "ApiServerLoadbalancerId", resource("lb", mesh.id) } } },
                { "MeshConfig", std::move(meshConfig) } } },
        { "Clusters", std::move(clusterIds) }, { "ClusterSpec", mesh.clusterSpec }, { "OwnerType", "" }, { "OwnerId", "" } };
}

json::object AsmApi::describe(const CloudCluster &cluster) const
{
    return { { "ClusterId", cluster.id }, { "Name", cluster.name }, { "State", "running" }, { "ErrorMessage", "" },
        { "ClusterType", "ManagedKubernetes" }, { "ClusterDomain", "cluster.local" }, { "RegionId", cluster.regionId },
        { "VpcId", cluster.vpcId }, { "SgId", resource("sg", cluster.id) }, { "Version", "v" + cluster.version } };
}

CloudAnswer AsmApi::listMeshes(const Parameters &parameters)
{
    const auto wanted = tagsIn(parameters);
    const auto isWanted = [&](const Mesh &mesh) {
        return std::all_of(wanted.begin(), wanted.end(), [&](const auto &tag) {
            const auto found = mesh.tags.find(tag.first);
            return found != mesh.tags.end() && (tag.second.empty() || found->second == tag.second);
        });
    };
    std::vector<const Mesh *> ordered;
    for (const auto &[id, mesh] : m_meshes)
        if (isWanted(mesh))
            ordered.push_back(&mesh);
    std::sort(ordered.begin(), ordered.end(), [](const Mesh *a, const Mesh *b) { return a->number < b->number; });
    json::array list;
    for (const Mesh *mesh : ordered) {
        json::object described = describe(*mesh, false);
        described["Upgradable"] = false;
        json::array tags; // only the list has them
        for (const auto &[key, text] : mesh->tags)
            tags.push_back(json::object { { "Key", key }, { "Value", text } });
        described["Tag"] = std::move(tags);
        list.push_back(std::move(described));
    }
    return answer({ { "ServiceMeshes", std::move(list) } });
}

CloudAnswer AsmApi::showMesh(Mesh &mesh, const Parameters &)
{
    return answer({ { "ServiceMesh", describe(mesh, true) } });
}

CloudAnswer AsmApi::listCandidates(const Parameters &parameters)
{
    const auto mesh = m_meshes.find(value(parameters, "ServiceMeshId"));
    if (mesh == m_meshes.end() && !value(parameters, "ServiceMeshId").empty())
        return refuse(404, "ServiceMesh.NotFound", "The specified service mesh " + value(parameters, "ServiceMeshId") + " does not exist.");
    const std::size_t offset = countIn(parameters, "Offset", 0);
    const std::size_t limit = countIn(parameters, "Limit", 100);
    json::array page;
    for (std::size_t i = offset; i < m_clusters.size() && page.size() < limit; ++i) {
        const CloudCluster &each = m_clusters[i];
        const Mesh *manager = managerOf(each.id);
        json::object described = describe(each);
        described["ServiceMeshId"] = manager ? manager->id : "";
        int flag = 0;
        if (mesh != m_meshes.end() && each.vpcId != mesh->second.vpcId)
            flag = 2;
        else if (manager && mesh != m_meshes.end() && manager != &mesh->second)
            flag = 4;
        described["ForbiddenFlag"] = flag;
        described["ForbiddenInfo"] = "[]";
        described["CreationTime"] = described["UpdateTime"] = "2026-01-02T09:57:26+08:00";
        page.push_back(std::move(described));
    }
    return answer({ { "NumberOfClusters", m_clusters.size() }, { "Clusters", std::move(page) } });
}

CloudAnswer AsmApi::listMembers(Mesh &mesh, const Parameters &)
{
    json::array list;
    for (const auto &[id, member] : mesh.members) {
        const CloudCluster *found = cluster(id);
        if (!found)
            continue;
        json::object described = describe(*found);
        described["State"] = member.state;
        described["LogtailInstalledState"] = "logtail_uninstalled";
        described["CreationTime"] = member.created;
        described["UpdateTime"] = member.updated;
        list.push_back(std::move(described));
    }
    return answer({ { "Clusters", std::move(list) } });
}

CloudAnswer AsmApi::showNetworks(Mesh &mesh, const Parameters &)
{
    json::object byCluster;
    std::map<std::string, ClusterNetwork> inWorld;
    if (mesh.state != "initial" && mesh.state != "deleting")
        inWorld = m_world.networks(mesh.id);
    for (const auto &[id, network] : mesh.networks) {
        const auto real = inWorld.find(id);
        std::string gateway = real == inWorld.end() ? std::string() : real->second.gatewayName;
        if (gateway.empty() && network.enableGateway)
            gateway = "asm-cross-network-" + id;
        byCluster[id] = json::object { { "Network", network.network }, { "EnableGateway", network.enableGateway },
            { "GatewayName", gateway }, { "CustomGatewayAddress", network.customGatewayAddress } };
    }
    return answer({ { "MultiClusterNetworks", std::move(byCluster) } });
}

CloudAnswer AsmApi::guestNamespaces(Mesh &mesh, const Parameters &parameters)
{
    const std::string clusterId = value(parameters, "GuestClusterID");
    const auto member = mesh.members.find(clusterId);
    const CloudCluster *guest = member == mesh.members.end() ? nullptr : cluster(clusterId);
    if (!guest)
        return refuse(404, "ErrorClusterNotFound", "The specified cluster " + clusterId + " is not in the service mesh.");
    json::array names;
    json::object labels;
    for (const auto &space : guest->store ? guest->store->list("namespaces") : std::vector<ObjectStore::Object>()) {
        const std::string name = nameOf(*space);
        names.emplace_back(name);
        if (const auto *own = at(space->at("metadata"), { "labels" }))
            labels[name] = *own;
    }
    json::object body { { "NsList", std::move(names) } };
    if (value(parameters, "ShowNsLabels") == "true")
        body["NsLabels"] = std::move(labels);
    return answer(std::move(body));
}

CloudAnswer AsmApi::proxyStatus(Mesh &mesh, const Parameters &)
{
    const std::string istio = mesh.version.substr(1, mesh.version.find('.', mesh.version.find('.', mesh.version.find('.') + 1) + 1) - 1);
    json::array rows;
    if (mesh.state == "initial" || mesh.state == "deleting")
        return answer({ { "Code", "503" }, { "Message", "The control plane is not ready." }, { "Success", "failed" },
            { "ProxyStatus", json::array() } });
    for (const auto &proxy : m_world.proxyStatus(mesh.id)) {
        const char *state = proxy.synced ? "SYNCED" : "STALE";
        rows.push_back(json::object { { "ProxyId", proxy.id }, { "ProxyVersion", istio }, { "IstioVersion", istio },
            { "ClusterSynced", state }, { "ListenerSynced", state }, { "RouteSynced", state }, { "EndpointSynced", state },
            { "EndpointPercent", proxy.synced ? "1" : "0" } });
    }
    return answer({ { "Code", "200" }, { "Message", "success" }, { "Success", "success" }, { "ProxyStatus", std::move(rows) } });
}

CloudAnswer AsmApi::additionalStatus(Mesh &mesh, const Parameters &)
{
    const json::object balancer { { "SLBExistStatus", "exist" }, { "SLBBackEndServerNumStatus", "num_exact" }, { "Locked", false },
        { "PayType", "PayOnDemand" }, { "Reused", false } };
    return answer({ { "ClusterStatus",
        { { "ApiServerLoadBalancerStatus", balancer }, { "PilotLoadBalancerStatus", balancer },
            { "ApiServerEIPStatus", mesh.publicApiServer ? "exist" : "not_exist" }, { "SgStatus", "not_reused" } } } });
}

CloudAnswer AsmApi::showLogs(Mesh &mesh, const Parameters &)
{
    json::array lines;
    for (const auto &[time, text] : mesh.logs)
        lines.push_back(json::object { { "CreationTime", time }, { "ServiceMeshId", mesh.id }, { "Log", text } });
    return answer({ { "Logs", std::move(lines) } });
}

CloudAnswer AsmApi::listVpcs(const Parameters &parameters)
{
    json::array list;
    std::set<std::string> seen;
    for (const auto &each : m_clusters) {
        if (each.regionId == value(parameters, "RegionId") && seen.insert(each.vpcId).second)
            list.push_back(
                json::object { { "VpcId", each.vpcId }, { "VpcName", each.vpcId }, { "Status", "Available" }, { "IsDefault", false } });
    }
    return answer({ { "Vpcs", std::move(list) }, { "NextToken", "" }, { "MaxResults", 10 } });
}

CloudAnswer AsmApi::listVSwitches(const Parameters &parameters)
{
    json::array list;
    std::set<std::string> seen;
    for (const auto &each : m_clusters) {
        if (each.regionId == value(parameters, "RegionId") && each.vpcId == value(parameters, "VpcId")
            && seen.insert(each.vswitchId).second) {
            list.push_back(json::object { { "VSwitchId", each.vswitchId }, { "VSwitchName", each.vswitchId }, { "VpcId", each.vpcId },
                { "ZoneId", each.zoneId }, { "Status", "Available" }, { "IsDefault", false } });
        }
    }
    return answer({ { "VSwitches", std::move(list) }, { "NextToken", "" }, { "MaxResults", 10 } });
}

CloudAnswer AsmApi::listCens(const Parameters &parameters)
{
    const auto mesh = m_meshes.find(value(parameters, "ServiceMeshId"));
    json::array list;
    for (const auto &each : m_clusters) {
        if (mesh != m_meshes.end() && each.vpcId != mesh->second.vpcId)
            list.push_back(describe(each));
    }
    return answer({ { "Clusters", std::move(list) } });
}

} // namespace catamaran::lab
