// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/cloud/asmapi.h"

#include "lab/cloud/meshca.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <set>

namespace catamaran::lab {

namespace {

/// Newest first. The oldest is from before shared roots and discovery-only members.
const std::vector<std::string> versions { "v1.24.6.83-g1d8ab3c2-aliyun", "v1.22.6.71-g7d67a80b-aliyun", "v1.21.6.104-g5622cb3c-aliyun" };

const std::set<std::string> regions { "cn-hangzhou", "cn-shanghai", "cn-beijing", "cn-shenzhen", "cn-chengdu", "cn-qingdao",
    "cn-zhangjiakou", "cn-huhehaote", "cn-wulanchabu", "cn-hongkong", "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ap-southeast-3", "ap-southeast-5", "eu-central-1", "eu-west-1", "me-east-1", "us-east-1", "us-west-1" };

constexpr std::size_t mostMeshes = 10;

bool isTrue(const CloudParameters &parameters, const std::string &name)
{
    return value(parameters, name) == "true";
}

CloudAnswer invalid(const std::string &parameter, const std::string &why)
{
    return refuse(400, "InvalidParameter", "The specified parameter " + parameter + " is not valid: " + why);
}

/// The answer of the two calls that carry a code of their own.
CloudAnswer accepted()
{
    return answer({ { "Code", "200" }, { "Message", "success" } });
}

json::value parse(const std::string &text)
{
    boost::system::error_code error;
    json::value parsed = json::parse(text, error);
    return error ? json::value() : parsed;
}

std::string hex(std::size_t bytes)
{
    std::array<unsigned char, 32> random {};
    RAND_bytes(random.data(), static_cast<int>(std::min(bytes, random.size())));
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < bytes; ++i) {
        text.push_back(digits[random[i] >> 4]);
        text.push_back(digits[random[i] & 15]);
    }
    return text;
}

} // namespace

std::string cloudTime()
{
    const std::time_t inChina = std::time(nullptr) + 8 * 3600;
    std::tm fields {};
    gmtime_r(&inChina, &fields);
    std::array<char, 40> text {};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S+08:00", &fields);
    return text.data();
}

std::string newCloudId()
{
    return "c" + hex(16);
}

std::string newRequestId()
{
    std::string id = hex(16);
    for (auto &c : id)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const std::size_t place : { 20, 16, 12, 8 })
        id.insert(place, "-");
    return id;
}

/// One action: what the gateway checks before the backend sees it.
struct AsmApi::Action {
    std::vector<std::string> methods;
    std::vector<std::string> required;
    CloudAnswer (AsmApi::*plain)(const Parameters &) = nullptr;
    CloudAnswer (AsmApi::*onMesh)(Mesh &, const Parameters &) = nullptr; ///< needs ServiceMeshId
    bool changes = false; ///< only while the mesh is running
};

const std::map<std::string, AsmApi::Action> &AsmApi::actions()
{
    static const std::vector<std::string> both { "GET", "POST" };
    static const std::map<std::string, Action> table {
        { "CreateServiceMesh", { both, { "RegionId", "VpcId", "VSwitches" }, &AsmApi::createMesh, nullptr, false } },
        { "DescribeServiceMeshes", { { "GET" }, {}, &AsmApi::listMeshes, nullptr, false } },
        { "DescribeServiceMeshDetail", { both, {}, nullptr, &AsmApi::showMesh, false } },
        { "DeleteServiceMesh", { both, {}, nullptr, &AsmApi::deleteMesh, false } },
        { "GetCaCert", { both, {}, nullptr, &AsmApi::caCert, false } },
        { "DescribeServiceMeshClusters", { both, {}, &AsmApi::listCandidates, nullptr, false } },
        { "DescribeClustersInServiceMesh", { both, {}, nullptr, &AsmApi::listMembers, false } },
        { "AddClusterIntoServiceMesh", { { "POST" }, { "ClusterId" }, nullptr, &AsmApi::addCluster, true } },
        { "RemoveClusterFromServiceMesh", { { "POST", "DELETE" }, { "ClusterId" }, nullptr, &AsmApi::removeCluster, true } },
        { "DescribeMeshMultiClusterNetwork", { both, {}, nullptr, &AsmApi::showNetworks, false } },
        { "UpdateMeshMultiClusterNetwork", { both, { "MultiClusterNetworks" }, nullptr, &AsmApi::updateNetworks, true } },
        { "UpdateIstioInjectionConfig", { both, { "Namespace" }, nullptr, &AsmApi::updateInjection, true } },
        { "DescribeGuestClusterNamespaces", { both, { "GuestClusterID" }, nullptr, &AsmApi::guestNamespaces, false } },
        { "UpdateASMNamespaceFromGuestCluster", { both, { "K8sClusterId" }, nullptr, &AsmApi::importNamespaces, false } },
        { "UpdateMeshFeature", { both, {}, nullptr, &AsmApi::updateFeature, true } },
        { "DescribeServiceMeshProxyStatus", { both, {}, nullptr, &AsmApi::proxyStatus, false } },
        { "DescribeServiceMeshAdditionalStatus", { both, {}, nullptr, &AsmApi::additionalStatus, false } },
        { "DescribeServiceMeshLogs", { both, {}, nullptr, &AsmApi::showLogs, false } },
        { "DescribeUpgradeVersion", { both, {}, nullptr, &AsmApi::upgradeVersion, false } },
        { "DescribeServiceMeshUpgradeStatus", { both, {}, nullptr, &AsmApi::upgradeStatus, false } },
        { "DescribeVersions", { both, {}, &AsmApi::listVersions, nullptr, false } },
        { "DescribeVpcs", { both, { "RegionId" }, &AsmApi::listVpcs, nullptr, false } },
        { "DescribeVSwitches", { both, { "RegionId", "VpcId" }, &AsmApi::listVSwitches, nullptr, false } },
        { "DescribeCens", { both, {}, &AsmApi::listCens, nullptr, false } },
    };
    return table;
}

AsmApi::AsmApi(boost::asio::io_context &io, MeshWorld &world, std::vector<CloudCluster> clusters, CloudDelays delays)
    : m_io(io)
    , m_world(world)
    , m_clusters(std::move(clusters))
    , m_delays(delays)
{
}

CloudAnswer AsmApi::handle(const std::string &method, const std::string &action, const CloudParameters &parameters)
{
    const auto found = actions().find(action);
    if (found == actions().end())
        return refuse(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.");
    const Action &wanted = found->second;
    if (std::find(wanted.methods.begin(), wanted.methods.end(), method) == wanted.methods.end())
        return refuse(400, "UnsupportedHTTPMethod", "This http method is not supported.");
    std::vector<std::string> required = wanted.required;
    if (wanted.onMesh)
        required.insert(required.begin(), "ServiceMeshId");
    for (const std::string &name : required) {
        if (value(parameters, name).empty())
            return refuse(400, "Missing" + name, name + " is mandatory for this action.");
    }
    if (wanted.plain)
        return (this->*wanted.plain)(parameters);
    const auto mesh = m_meshes.find(value(parameters, "ServiceMeshId"));
    if (mesh == m_meshes.end())
        return refuse(404, "ServiceMesh.NotFound", "The specified service mesh " + value(parameters, "ServiceMeshId") + " does not exist.");
    if (wanted.changes && mesh->second.state != "running")
        return refuse(
            400, "InvalidOperation.Mesh.NotRunning", "The service mesh is " + mesh->second.state + ". Try again when it is running.");
    return (this->*wanted.onMesh)(mesh->second, parameters);
}

const CloudCluster *AsmApi::cluster(const std::string &id) const
{
    const auto found = std::find_if(m_clusters.begin(), m_clusters.end(), [&](const CloudCluster &each) { return each.id == id; });
    return found == m_clusters.end() ? nullptr : &*found;
}

const AsmApi::Mesh *AsmApi::managerOf(const std::string &clusterId) const
{
    for (const auto &[id, mesh] : m_meshes) {
        const auto member = mesh.members.find(clusterId);
        if (member != mesh.members.end() && !member->second.discoveryOnly)
            return &mesh;
    }
    return nullptr;
}

void AsmApi::log(Mesh &mesh, const std::string &text)
{
    mesh.logs.emplace_back(cloudTime(), "[RequestID: " + newRequestId() + "] " + mesh.id + " | " + text);
}

void AsmApi::later(const std::string &meshId, std::chrono::milliseconds delay, std::function<void(Mesh &)> then)
{
    auto timer = std::make_shared<boost::asio::steady_timer>(m_io, delay);
    timer->async_wait([weak = weak_from_this(), timer, meshId, then = std::move(then)](const boost::system::error_code &error) {
        const auto self = weak.lock();
        if (error || !self)
            return;
        if (const auto mesh = self->m_meshes.find(meshId); mesh != self->m_meshes.end())
            then(mesh->second);
    });
}

void AsmApi::update(Mesh &mesh, const std::string &what, std::function<void(Mesh &)> finish)
{
    mesh.state = "updating";
    log(mesh, "Start to " + what);
    later(mesh.id, m_delays.update, [this, what, finish = std::move(finish)](Mesh &changed) {
        finish(changed);
        changed.state = "running";
        changed.updated = cloudTime();
        log(changed, "Succeeded to " + what);
    });
}

std::map<std::string, std::string> tagsIn(const CloudParameters &parameters)
{
    std::map<std::string, std::string> tags;
    for (int number = 1; parameters.contains("Tag." + std::to_string(number) + ".Key"); ++number)
        tags[value(parameters, "Tag." + std::to_string(number) + ".Key")] = value(parameters, "Tag." + std::to_string(number) + ".Value");
    return tags;
}

CloudAnswer AsmApi::createMesh(const Parameters &parameters)
{
    Mesh mesh;
    mesh.tags = tagsIn(parameters);
    for (const auto &[key, unused] : mesh.tags) {
        if (key.empty() || key.size() > 128 || key.starts_with("aliyun") || key.starts_with("acs:") || key.find("://") != std::string::npos)
            return invalid("Tag.Key", "it has 1 to 128 characters, no :// in it, and does not begin with aliyun or acs:.");
    }
    mesh.id = newCloudId();
    mesh.name = value(parameters, "Name").empty() ? mesh.id : value(parameters, "Name");
    mesh.regionId = value(parameters, "RegionId");
    mesh.vpcId = value(parameters, "VpcId");
    if (mesh.name.size() > 128)
        return invalid("Name", "it is longer than 128 characters.");
    if (!regions.contains(mesh.regionId))
        return refuse(400, "InvalidRegionId", "The specified RegionId " + mesh.regionId + " is not known.");
    const auto inVpc = [&](const CloudCluster &each) { return each.vpcId == mesh.vpcId && each.regionId == mesh.regionId; };
    if (std::none_of(m_clusters.begin(), m_clusters.end(), inVpc))
        return refuse(404, "InvalidVpcId.NotFound", "The specified VPC " + mesh.vpcId + " does not exist in " + mesh.regionId + ".");
    const json::value switches = parse(value(parameters, "VSwitches"));
    if (!switches.is_array() || switches.as_array().empty())
        return invalid("VSwitches", "it must be the JSON text of an array of ids.");
    for (const json::value &each : switches.as_array()) {
        const std::string id = each.is_string() ? std::string(each.as_string()) : std::string();
        if (std::none_of(m_clusters.begin(), m_clusters.end(), [&](const CloudCluster &one) { return inVpc(one) && one.vswitchId == id; }))
            return refuse(404, "InvalidVSwitchId.NotFound", "The specified vSwitch " + id + " does not exist in " + mesh.vpcId + ".");
        mesh.vswitches.push_back(id);
    }
    mesh.version = value(parameters, "IstioVersion").empty() ? versions.front() : value(parameters, "IstioVersion");
    if (std::find(versions.begin(), versions.end(), mesh.version) == versions.end())
        return invalid("IstioVersion", "version " + mesh.version + " is not offered, see DescribeVersions.");
    mesh.profile = value(parameters, "Edition").empty() ? "Default" : value(parameters, "Edition");
    if (mesh.profile != "Default" && mesh.profile != "Pro")
        return invalid("Edition", "it must be Default or Pro.");
    mesh.clusterSpec = value(parameters, "ClusterSpec").empty() ? "standard" : value(parameters, "ClusterSpec");
    if (mesh.clusterSpec != "standard" && mesh.clusterSpec != "enterprise" && mesh.clusterSpec != "ultimate")
        return invalid("ClusterSpec", "it must be standard, enterprise or ultimate.");
    for (const auto &[id, other] : m_meshes) {
        if (other.name == mesh.name)
            return refuse(400, "NameAlreadyExist", "The specified name " + mesh.name + " exists already.");
    }
    if (m_meshes.size() >= mostMeshes)
        return refuse(400, "QuotaExceeded.Mesh", "The quota of service meshes is exceeded.");
    const std::string guest = value(parameters, "GuestCluster");
    if (!guest.empty()) {
        const CloudCluster *first = cluster(guest);
        if (!first)
            return refuse(404, "ErrorClusterNotFound", "The specified cluster " + guest + " does not exist.");
        if (first->vpcId != mesh.vpcId)
            return invalid("GuestCluster", "it is in another VPC.");
        if (managerOf(guest))
            return refuse(400, "Cluster.AlreadyAdded", "The cluster is managed by another service mesh.");
    }
    NewMeshCa ca = makeMeshCa(parameters, mesh.id);
    if (ca.refusal.isError())
        return ca.refusal;
    mesh.ca = std::move(ca.ca);
    mesh.hasOwnCa = ca.isOwn;
    mesh.clusterDomain = value(parameters, "ClusterDomain").empty() ? "cluster.local" : value(parameters, "ClusterDomain");
    mesh.publicApiServer = isTrue(parameters, "ApiServerPublicEip");
    mesh.localityEnabled = isTrue(parameters, "LocalityLoadBalancing");
    mesh.locality = parse(value(parameters, "LocalityLBConf"));
    mesh.state = "initial";
    mesh.created = mesh.updated = cloudTime();
    mesh.number = ++m_created;
    const std::string id = mesh.id;
    log(m_meshes[id] = std::move(mesh), "Start to create service mesh");
    later(id, m_delays.create, [this, guest](Mesh &created) {
        m_world.createMesh(created.id, created.name, created.ca);
        created.state = "running";
        created.updated = cloudTime();
        log(created, "Succeeded to create service mesh");
        if (guest.empty() || managerOf(guest))
            return;
        created.members[guest] = { false, "running", cloudTime(), cloudTime() };
        m_world.addClusterToMesh(created.id, guest, false);
    });
    return answer({ { "ServiceMeshId", id } });
}

CloudAnswer AsmApi::deleteMesh(Mesh &mesh, const Parameters &parameters)
{
    if (mesh.state == "initial")
        return refuse(400, "StillInitializing", "The service mesh is still initializing.");
    if (mesh.state == "deleting")
        return answer();
    if (mesh.state != "running" && !isTrue(parameters, "Force"))
        return refuse(400, "InvalidOperation.Mesh.NotRunning", "The service mesh is " + mesh.state + ". Try again when it is running.");
    if (!mesh.members.empty() && !isTrue(parameters, "Force"))
        return refuse(400, "ErrorPermitted.ClustersNotEmpty", "There are clusters in the service mesh. Remove them first.");
    mesh.state = "deleting";
    later(mesh.id, m_delays.remove, [this](Mesh &gone) {
        for (const auto &[clusterId, member] : gone.members)
            m_world.removeClusterFromMesh(gone.id, clusterId);
        const std::string id = gone.id;
        m_world.removeMesh(id);
        m_meshes.erase(id);
    });
    return answer();
}

CloudAnswer AsmApi::caCert(Mesh &mesh, const Parameters &)
{
    return answer({ { "CaCert", mesh.ca.roots.toStdString() } });
}

CloudAnswer AsmApi::addCluster(Mesh &mesh, const Parameters &parameters)
{
    const std::string clusterId = value(parameters, "ClusterId");
    const CloudCluster *added = cluster(clusterId);
    if (!added)
        return refuse(404, "ErrorClusterNotFound", "The specified cluster " + clusterId + " does not exist.");
    if (mesh.members.contains(clusterId))
        return refuse(400, "Cluster.AlreadyAdded", "The cluster " + clusterId + " is in the service mesh already.");
    const bool discoveryOnly = isTrue(parameters, "DiscoveryOnly");
    if (discoveryOnly && mesh.version == versions.back())
        return invalid("DiscoveryOnly", "version " + mesh.version + " does not offer it.");
    if (const Mesh *manager = managerOf(clusterId); manager && !discoveryOnly)
        return refuse(400, "Cluster.AlreadyAdded",
            "The cluster " + clusterId + " is managed by service mesh " + manager->id + " and has a namespace istio-system.");
    mesh.members[clusterId] = { discoveryOnly, "starting", cloudTime(), cloudTime() };
    update(mesh, "add cluster " + clusterId, [this, clusterId](Mesh &changed) {
        Member &member = changed.members[clusterId];
        member.state = "running";
        member.updated = cloudTime();
        m_world.addClusterToMesh(changed.id, clusterId, member.discoveryOnly);
    });
    return accepted();
}

CloudAnswer AsmApi::removeCluster(Mesh &mesh, const Parameters &parameters)
{
    const std::string clusterId = value(parameters, "ClusterId");
    const auto member = mesh.members.find(clusterId);
    if (member == mesh.members.end())
        return refuse(404, "ErrorClusterNotFound", "The specified cluster " + clusterId + " is not in the service mesh.");
    member->second.state = "stopping";
    update(mesh, "remove cluster " + clusterId, [this, clusterId](Mesh &changed) {
        m_world.removeClusterFromMesh(changed.id, clusterId);
        changed.members.erase(clusterId);
        changed.networks.erase(clusterId);
    });
    return accepted();
}

CloudAnswer AsmApi::updateNetworks(Mesh &mesh, const Parameters &parameters)
{
    const json::value wanted = parse(value(parameters, "MultiClusterNetworks"));
    if (!wanted.is_object())
        return invalid("MultiClusterNetworks", "it must be the JSON text of an object by cluster id.");
    std::map<std::string, ClusterNetwork> networks;
    for (const auto &[key, entry] : wanted.as_object()) {
        const std::string clusterId(key);
        const auto member = mesh.members.find(clusterId);
        if (member == mesh.members.end())
            return refuse(404, "ERR404", "The cluster " + clusterId + " is not in the service mesh.");
        if (!entry.is_object())
            return invalid("MultiClusterNetworks", "the entry of " + clusterId + " is not an object.");
        ClusterNetwork network;
        network.network = stringAt(entry, { "Network" });
        network.customGatewayAddress = stringAt(entry, { "CustomGatewayAddress" });
        const json::value *gateway = at(entry, { "EnableGateway" });
        network.enableGateway = gateway && gateway->is_bool() && gateway->as_bool();
        if (network.network.empty())
            return invalid("MultiClusterNetworks", "the entry of " + clusterId + " has no Network.");
        if (network.enableGateway && member->second.discoveryOnly)
            return invalid("MultiClusterNetworks",
                "the cluster " + clusterId + " is added for discovery only and gets no gateway from this service mesh.");
        networks[clusterId] = std::move(network);
    }
    update(mesh, "update multi-cluster networks", [this, networks = std::move(networks)](Mesh &changed) {
        changed.networks = networks;
        m_world.setNetworks(changed.id, networks);
    });
    return answer();
}

CloudAnswer AsmApi::updateInjection(Mesh &mesh, const Parameters &parameters)
{
    const std::string ns = value(parameters, "Namespace");
    const std::string enable = value(parameters, "EnableIstioInjection");
    if (enable != "true" && enable != "false")
        return invalid("EnableIstioInjection", "it must be true or false.");
    // The mesh knows the namespaces of the clusters that it manages.
    const bool isKnown = std::any_of(mesh.members.begin(), mesh.members.end(), [&](const auto &member) {
        const CloudCluster *managed = member.second.discoveryOnly ? nullptr : cluster(member.first);
        return managed && (!managed->store || managed->store->get("namespaces", "", ns));
    });
    if (!isKnown)
        return refuse(404, "ERR404", "namespaces \"" + ns + "\" not found");
    const bool enabled = enable == "true";
    update(mesh, "update sidecar injection of namespace " + ns, [this, ns, enabled](Mesh &changed) {
        changed.injection[ns] = enabled;
        m_world.setInjection(changed.id, ns, enabled);
    });
    return answer();
}

CloudAnswer AsmApi::importNamespaces(Mesh &mesh, const Parameters &parameters)
{
    if (!mesh.members.contains(value(parameters, "K8sClusterId")))
        return refuse(404, "ErrorClusterNotFound", "The specified cluster is not in the service mesh.");
    return answer();
}

CloudAnswer AsmApi::updateFeature(Mesh &mesh, const Parameters &parameters)
{
    for (const char *name : { "ExistingCaCert", "ExistingCaKey", "ExistingRootCaCert", "CertChain" }) {
        if (parameters.contains(name))
            return refuse(400, mesh.hasOwnCa ? "UnsupportedOperation" : "InvalidParameter",
                mesh.hasOwnCa ? "The practice range does not rotate certificates."
                              : "The service mesh was created without a CA of its own.");
    }
    const json::value locality = parse(value(parameters, "LocalityLBConf"));
    if (parameters.contains("LocalityLBConf") && !value(parameters, "LocalityLBConf").empty()) {
        if (!locality.is_object())
            return invalid("LocalityLBConf", "it must be the JSON text of an object.");
        if (at(locality, { "failover" }) && at(locality, { "distribute" }))
            return invalid("LocalityLBConf", "failover and distribute exclude each other.");
    }
    update(mesh, "update features", [parameters, locality](Mesh &changed) {
        if (parameters.contains("LocalityLoadBalancing"))
            changed.localityEnabled = isTrue(parameters, "LocalityLoadBalancing");
        if (parameters.contains("LocalityLBConf"))
            changed.locality = locality;
    });
    return answer();
}

CloudAnswer AsmApi::listVersions(const Parameters &)
{
    json::array list;
    for (const std::string &version : versions)
        list.emplace_back(version);
    return answer({ { "VersionInfo",
        json::array { { { "Edition", "Default" }, { "Versions", list } }, { { "Edition", "Pro" }, { "Versions", list } } } } });
}

CloudAnswer AsmApi::upgradeVersion(Mesh &mesh, const Parameters &)
{
    const std::string version = mesh.version == versions.front() ? mesh.version : versions.front();
    const std::string istio = version.substr(1, version.find('.', version.find('.', version.find('.') + 1) + 1) - 1);
    return answer(
        { { "Version", { { "IstioVersion", istio }, { "IstioOperatorVersion", version }, { "KubernetesVersion", "v1.32.1-aliyun.1" } } } });
}

CloudAnswer AsmApi::upgradeStatus(Mesh &, const Parameters &)
{
    return answer({ { "UpgradeDetail",
        { { "MeshStatus", "running" }, { "TotalGatewaysNum", 0 }, { "FinishedGatewaysNum", 0 },
            { "GatewayStatusRecord", json::object() } } } });
}

} // namespace catamaran::lab
