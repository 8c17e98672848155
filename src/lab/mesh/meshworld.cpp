// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/meshworld.h"

#include "lab/mesh/controlplane.h"
#include "lab/mesh/gateway.h"
#include "lab/mesh/injection.h"
#include "lab/mesh/kubelet.h"
#include "lab/mesh/meshobjects.h"
#include "lab/mesh/serviceproxy.h"
#include "lab/mesh/worldfolder.h"

#include <algorithm>
#include <filesystem>
#include <unistd.h>

namespace catamaran::lab {

namespace {

constexpr std::chrono::milliseconds sweepEvery { 200 };
constexpr std::chrono::minutes renewalEvery { 1 };

} // namespace

struct MeshWorld::Impl : std::enable_shared_from_this<MeshWorld::Impl> {
    struct Cluster {
        ClusterRef ref;
        std::shared_ptr<Kubelet> kubelet;
        std::shared_ptr<ServiceProxy> services;
        std::unique_ptr<Listener> gatewayFront; ///< where applications behind a sidecar meet the gateway's address
        std::shared_ptr<Gateway> gateway; ///< while a mesh wants one
        std::string gatewayName;
        bool gatewayStopped = false;
        std::shared_ptr<void> namespaces, deployments;
    };

    Impl(asio::io_context &context, AddressPlan plan)
        : io(context)
        , fabric(std::make_shared<Fabric>(context, plan))
        , sweeper(context)
    {
    }

    asio::io_context &io;
    std::shared_ptr<Fabric> fabric;
    WorldFolder folder;
    std::map<std::string, Cluster> clusters; ///< by id
    std::map<std::string, std::shared_ptr<ControlPlane>> meshes; ///< by id
    asio::steady_timer sweeper;
    SteadyTime nextRenewal = std::chrono::steady_clock::now() + renewalEvery;

    Cluster *clusterNamed(const std::string &name)
    {
        for (auto &[id, cluster] : clusters) {
            if (cluster.ref.name == name || id == name)
                return &cluster;
        }
        return nullptr;
    }
    std::shared_ptr<Sidecar> sidecarAt(const std::string &ip) const
    {
        const int index = placeOf(fabric->plan(), ip).cluster;
        for (const auto &[id, cluster] : clusters) {
            if (cluster.ref.index == index)
                return cluster.kubelet->sidecarAt(ip);
        }
        return nullptr;
    }
    ControlPlane *mesh(const std::string &id) const
    {
        const auto found = meshes.find(id);
        return found == meshes.end() ? nullptr : found->second.get();
    }
    ControlPlane *meshNamed(const std::string &name) const
    {
        for (const auto &[id, plane] : meshes) {
            if (plane->name() == name || id == name)
                return plane.get();
        }
        return nullptr;
    }
    ControlPlane *managerOf(const std::string &clusterId) const
    {
        for (const auto &[id, plane] : meshes) {
            if (plane->manages(clusterId))
                return plane.get();
        }
        return nullptr;
    }

    void sweep()
    {
        sweeper.expires_after(sweepEvery);
        sweeper.async_wait([weak = weak_from_this()](const ErrorCode &cancelled) {
            const auto self = weak.lock();
            if (!self || cancelled)
                return;
            for (auto &[id, cluster] : self->clusters)
                cluster.kubelet->dropAbandoned();
            if (const auto now = std::chrono::steady_clock::now(); now >= self->nextRenewal) {
                self->nextRenewal = now + renewalEvery;
                self->renewCertificates(now);
            }
            self->sweep();
        });
    }

    /// Proxies ask for a new certificate at half the life of the old one.
    void renewCertificates(SteadyTime now)
    {
        for (auto &[id, cluster] : clusters) {
            for (Pod *pod : cluster.kubelet->pods()) {
                if (pod->sidecar() && pod->sidecar()->identity() && now >= pod->sidecar()->identity()->renewAt)
                    configure(cluster, *pod);
            }
        }
    }

    /// The pods that stand for a gateway share its fate.
    void gatewayPods(Cluster &cluster, bool run)
    {
        for (Pod *pod : cluster.kubelet->pods()) {
            const auto &settings = pod->settings();
            const auto object = cluster.ref.store->get("pods", settings.ns, settings.name);
            if (!object || settings.ns != systemNamespace || labelIn(*object, "istio") != "eastwestgateway")
                continue;
            if (run)
                cluster.kubelet->restartPod(settings.ns, settings.name);
            else
                cluster.kubelet->killPod(settings.ns, settings.name);
        }
    }

    /// A gateway whose Deployment was scaled to none answers nobody.
    void followGateway(Cluster &cluster, const json::object &deployment)
    {
        if (!cluster.gateway || nameOf(deployment) != cluster.gatewayName || namespaceOf(deployment) != systemNamespace)
            return;
        const auto *replicas = valueIn(deployment, { "spec", "replicas" });
        if (replicas && replicas->is_int64() && replicas->as_int64() == 0)
            cluster.gateway->stop();
        else if (!cluster.gatewayStopped)
            (void)cluster.gateway->start();
    }

    ClientSide clientOf(const Cluster &cluster, const Pod &pod) const
    {
        return { cluster.ref.id, pod.networkName(), localityOfNode(*cluster.ref.store, pod.settings().node), {} };
    }

    /// Whether the proxies of a cluster can talk to their control plane.
    bool isConnected(const std::string &clusterId) const
    {
        const ControlPlane *const plane = managerOf(clusterId);
        const auto found = clusters.find(clusterId);
        return plane && found != clusters.end() && plane->isRunning() && plane->reaches(found->second.ref);
    }

    /// A proxy connects to its control plane, or gets what has changed.
    void configure(Cluster &cluster, Pod &pod)
    {
        ControlPlane *const plane = managerOf(cluster.ref.id);
        const auto sidecar = pod.sidecar();
        if (!plane || !sidecar || !plane->isRunning() || !plane->reaches(cluster.ref))
            return;
        const bool wasReady = sidecar->isReady();
        const auto &identity = sidecar->identity();
        if (!identity || std::chrono::steady_clock::now() >= identity->renewAt) {
            std::string why;
            if (auto fresh = issueIdentity(plane->ca().issuing, plane->ca().roots, pod.settings().ns, pod.serviceAccount(), why))
                sidecar->setIdentity(std::move(fresh));
            else
                pod.log(sidecarContainer).append("error\tcitadel client\tcannot get a workload certificate: " + why);
        }
        // Nothing discovered yet means no configuration yet, not an empty one.
        if (plane->version() > 0)
            sidecar->setConfig(plane->configFor(clientOf(cluster, pod)));
        if (wasReady != sidecar->isReady()) {
            pod.log(sidecarContainer).append("info\tEnvoy proxy is ready");
            cluster.kubelet->publishStatus(pod);
        }
    }

    void push(const std::string &meshId)
    {
        ControlPlane *const plane = mesh(meshId);
        if (!plane || !plane->isRunning())
            return;
        for (auto &[id, cluster] : clusters) {
            if (!plane->manages(id) || !plane->reaches(cluster.ref))
                continue;
            for (Pod *pod : cluster.kubelet->pods()) {
                if (pod->sidecar())
                    configure(cluster, *pod);
            }
            if (cluster.gateway)
                cluster.gateway->setConfig(plane->gatewayConfigFor(id));
        }
    }

    std::string admit(const std::string &clusterId, json::object &pod)
    {
        const auto found = clusters.find(clusterId);
        ControlPlane *const plane = managerOf(clusterId);
        if (found == clusters.end() || !plane)
            return {};
        const auto ns = found->second.ref.store->get("namespaces", {}, namespaceOf(pod));
        const auto *labels = ns ? valueIn(*ns, { "metadata", "labels" }) : nullptr;
        const json::object none;
        if (isInjected(pod) || !wantsSidecar(labels && labels->is_object() ? labels->as_object() : none, pod))
            return {};
        if (!plane->isRunning())
            return webhookRefusal();
        InjectionSettings settings;
        settings.meshId = plane->id();
        settings.clusterId = clusterId;
        settings.network = plane->networkForInjection(clusterId);
        injectSidecar(pod, settings);
        return {};
    }

    /// Gateways are where a mesh that manages the cluster wants one.
    void arrangeGateway(Cluster &cluster)
    {
        ControlPlane *const plane = managerOf(cluster.ref.id);
        const ClusterNetwork *wanted = nullptr;
        if (plane) {
            const auto found = plane->networks().find(cluster.ref.id);
            if (found != plane->networks().end() && found->second.enableGateway)
                wanted = &found->second;
        }
        const std::string address = fabric->plan().gateway(cluster.ref.index);
        if (!wanted) {
            if (cluster.gateway) {
                cluster.gateway->stop();
                cluster.gateway.reset();
                removeGateway(*cluster.ref.store, cluster.gatewayName);
            }
            return;
        }
        cluster.gatewayName = wanted->gatewayName;
        if (!cluster.gateway)
            cluster.gateway = std::make_shared<Gateway>(io, fabric, address);
        if (!cluster.gatewayStopped)
            (void)cluster.gateway->start();
        writeGateway(*cluster.ref.store, cluster.gatewayName, wanted->network, address);
    }

    /// The namespace, label and configuration map that belong into a managed cluster.
    void arrangeCluster(Cluster &cluster)
    {
        ControlPlane *const plane = managerOf(cluster.ref.id);
        if (plane) {
            ensureNamespace(*cluster.ref.store, systemNamespace);
            setNamespaceLabel(*cluster.ref.store, systemNamespace, networkLabel, plane->networkForInjection(cluster.ref.id));
            writeRootsEverywhere(*cluster.ref.store, plane->ca().roots);
        }
        arrangeGateway(cluster);
    }
};

MeshWorld::MeshWorld(boost::asio::io_context &io, AddressPlan plan)
    : m_impl(std::make_shared<Impl>(io, plan))
{
    m_impl->sweep();
}

MeshWorld::~MeshWorld()
{
    m_impl->sweeper.cancel();
    for (auto &[id, plane] : m_impl->meshes)
        plane->stop();
    for (auto &[id, cluster] : m_impl->clusters) {
        cluster.ref.store->setAdmission("pods", {});
        if (cluster.gateway)
            cluster.gateway->stop();
        cluster.services->stop();
        cluster.kubelet->stopAll();
    }
}

void MeshWorld::setLedger(std::shared_ptr<Ledger> ledger)
{
    m_impl->fabric->setLedger(std::move(ledger));
}

PodRuntime &MeshWorld::addCluster(ClusterRef ref)
{
    auto &cluster = m_impl->clusters[ref.id];
    cluster.ref = ref;
    m_impl->fabric->place(ref.index, "network" + std::to_string(ref.index));
    const std::weak_ptr<Impl> weak = m_impl;
    cluster.kubelet = std::make_shared<Kubelet>(m_impl->io, m_impl->fabric, ref, m_impl->folder.path() + "/" + ref.id);
    cluster.kubelet->onSidecarStarted = [weak, id = ref.id](Pod &pod) {
        const auto impl = weak.lock();
        if (!impl)
            return;
        pod.sidecar()->setConnection([weak, id] {
            const auto world = weak.lock();
            return world && world->isConnected(id);
        });
        if (const auto found = impl->clusters.find(id); found != impl->clusters.end())
            impl->configure(found->second, pod);
    };
    const std::weak_ptr<Kubelet> kubelet = cluster.kubelet;
    cluster.services = std::make_shared<ServiceProxy>(
        m_impl->io, m_impl->fabric, ref.store, [kubelet](const std::string &ip) -> std::shared_ptr<Sidecar> {
            const auto running = kubelet.lock();
            return running ? running->sidecarAt(ip) : nullptr;
        });
    ref.store->setAdmission("pods", [weak, id = ref.id](json::object &pod) {
        const auto impl = weak.lock();
        return impl ? impl->admit(id, pod) : std::string();
    });
    cluster.namespaces = ref.store->subscribe([weak, id = ref.id](const ObjectEvent &event) {
        if (event.typeKey != "namespaces" || event.type != ObjectEvent::Type::Added)
            return;
        const auto impl = weak.lock();
        if (!impl)
            return;
        const ControlPlane *const plane = impl->managerOf(id);
        const auto found = impl->clusters.find(id);
        if (plane && plane->isRunning() && found != impl->clusters.end())
            writeRoots(*found->second.ref.store, nameOf(*event.object), plane->ca().roots);
    });
    cluster.deployments = ref.store->subscribe([weak, id = ref.id](const ObjectEvent &event) {
        if (event.typeKey != "apps/deployments" || event.type == ObjectEvent::Type::Deleted)
            return;
        const auto impl = weak.lock();
        if (!impl)
            return;
        if (const auto found = impl->clusters.find(id); found != impl->clusters.end())
            impl->followGateway(found->second, *event.object);
    });
    const std::string gateway = m_impl->fabric->plan().gateway(ref.index);
    cluster.gatewayFront = std::make_unique<Listener>(m_impl->io, [weak, gateway](tcp::socket socket, const std::string &peer) {
        const auto impl = weak.lock();
        const auto sidecar = impl ? impl->sidecarAt(peer) : nullptr;
        if (sidecar)
            sidecar->acceptPassThrough(std::move(socket), gateway, AddressPlan::gatewayPort);
        else
            resetConnection(socket);
    });
    (void)cluster.gatewayFront->open(gateway, AddressPlan::passThroughPort);
    cluster.services->start();
    cluster.kubelet->start();
    return *cluster.kubelet;
}

void MeshWorld::createMesh(const std::string &meshId, const std::string &name, MeshCa ca)
{
    auto plane = std::make_shared<ControlPlane>(m_impl->io, m_impl->fabric, meshId, name, std::move(ca));
    plane->onPush = [weak = std::weak_ptr<Impl>(m_impl), meshId] {
        if (const auto impl = weak.lock())
            impl->push(meshId);
    };
    m_impl->meshes[meshId] = std::move(plane);
}

void MeshWorld::removeMesh(const std::string &meshId)
{
    const auto found = m_impl->meshes.find(meshId);
    if (found == m_impl->meshes.end())
        return;
    const auto managed = found->second->managedClusters();
    found->second->stop();
    m_impl->meshes.erase(found);
    for (const auto &ref : managed)
        m_impl->arrangeGateway(m_impl->clusters[ref.id]);
}

void MeshWorld::addClusterToMesh(const std::string &meshId, const std::string &clusterId, bool discoveryOnly)
{
    ControlPlane *const plane = m_impl->mesh(meshId);
    const auto cluster = m_impl->clusters.find(clusterId);
    if (!plane || cluster == m_impl->clusters.end())
        return;
    plane->addCluster(cluster->second.ref, discoveryOnly);
    if (!discoveryOnly)
        m_impl->arrangeCluster(cluster->second);
}

void MeshWorld::removeClusterFromMesh(const std::string &meshId, const std::string &clusterId)
{
    ControlPlane *const plane = m_impl->mesh(meshId);
    const auto cluster = m_impl->clusters.find(clusterId);
    if (!plane || cluster == m_impl->clusters.end())
        return;
    plane->removeCluster(clusterId);
    m_impl->arrangeGateway(cluster->second);
}

void MeshWorld::setNetworks(const std::string &meshId, std::map<std::string, ClusterNetwork> byClusterId)
{
    ControlPlane *const plane = m_impl->mesh(meshId);
    if (!plane)
        return;
    std::map<std::string, NetworkAssignment> assignments;
    for (auto &[clusterId, network] : byClusterId) {
        if (network.enableGateway && network.gatewayName.empty())
            network.gatewayName = "asm-cross-network-" + clusterId;
        auto &assignment = assignments[clusterId];
        assignment.network = network.network;
        if (!network.customGatewayAddress.empty())
            assignment.gateways.push_back({ network.network, network.customGatewayAddress, AddressPlan::gatewayPort });
    }
    plane->setNetworks(std::move(byClusterId), std::move(assignments));
    for (const auto &ref : plane->managedClusters())
        m_impl->arrangeCluster(m_impl->clusters[ref.id]);
}

std::map<std::string, ClusterNetwork> MeshWorld::networks(const std::string &meshId) const
{
    const ControlPlane *const plane = m_impl->mesh(meshId);
    return plane ? plane->networks() : std::map<std::string, ClusterNetwork>();
}

void MeshWorld::setInjection(const std::string &meshId, const std::string &ns, bool enabled)
{
    ControlPlane *const plane = m_impl->mesh(meshId);
    if (!plane)
        return;
    for (const auto &ref : plane->managedClusters()) {
        if (enabled)
            ensureNamespace(*ref.store, ns);
        setNamespaceLabel(*ref.store, ns, "istio-injection", enabled ? "enabled" : "");
    }
}

QByteArray MeshWorld::rootPem(const std::string &meshId) const
{
    const ControlPlane *const plane = m_impl->mesh(meshId);
    return plane ? plane->ca().roots : QByteArray();
}

void MeshWorld::setMeshStore(const std::string &meshId, std::shared_ptr<ObjectStore> store)
{
    if (ControlPlane *const plane = m_impl->mesh(meshId))
        plane->setPolicyStore(std::move(store));
}

std::vector<MeshWorld::ProxyStatus> MeshWorld::proxyStatus(const std::string &meshId) const
{
    std::vector<ProxyStatus> result;
    const ControlPlane *const plane = m_impl->mesh(meshId);
    if (!plane)
        return result;
    for (const auto &[id, cluster] : m_impl->clusters) {
        if (!plane->manages(id))
            continue;
        for (const Pod *pod : cluster.kubelet->pods()) {
            if (!pod->sidecar())
                continue;
            const auto &config = pod->sidecar()->config();
            result.push_back(
                { pod->settings().name + "." + pod->settings().ns, plane->isRunning() && config && config->version == plane->version() });
        }
        if (cluster.gateway) {
            const auto &config = cluster.gateway->config();
            result.push_back({ cluster.gatewayName + "." + systemNamespace,
                plane->isRunning() && cluster.gateway->isRunning() && config && config->version == plane->version() });
        }
    }
    return result;
}

bool MeshWorld::partition(const std::string &a, const std::string &b, Cut cut)
{
    if (a == b || !m_impl->fabric->knows(a) || !m_impl->fabric->knows(b))
        return false;
    m_impl->fabric->setCut(a, b, cut);
    return true;
}

bool MeshWorld::heal(const std::string &a, const std::string &b)
{
    if (a == b || !m_impl->fabric->knows(a) || !m_impl->fabric->knows(b))
        return false;
    m_impl->fabric->setCut(a, b, Cut::No);
    for (auto &[id, plane] : m_impl->meshes)
        plane->touch();
    return true;
}

bool MeshWorld::setLatency(const std::string &a, const std::string &b, int milliseconds)
{
    if (a == b || milliseconds < 0 || milliseconds > 60000 || !m_impl->fabric->knows(a) || !m_impl->fabric->knows(b))
        return false;
    m_impl->fabric->setLatency(a, b, std::chrono::milliseconds(milliseconds));
    return true;
}

bool MeshWorld::stopGateway(const std::string &clusterName)
{
    auto *const cluster = m_impl->clusterNamed(clusterName);
    if (!cluster || !cluster->gateway)
        return false;
    cluster->gatewayStopped = true;
    cluster->gateway->stop();
    m_impl->gatewayPods(*cluster, false);
    return true;
}

bool MeshWorld::startGateway(const std::string &clusterName)
{
    auto *const cluster = m_impl->clusterNamed(clusterName);
    if (!cluster || !cluster->gateway)
        return false;
    cluster->gatewayStopped = false;
    m_impl->gatewayPods(*cluster, true);
    return !cluster->gateway->start();
}

bool MeshWorld::stopControlPlane(const std::string &meshName)
{
    ControlPlane *const plane = m_impl->meshNamed(meshName);
    if (!plane)
        return false;
    plane->stop();
    return true;
}

bool MeshWorld::startControlPlane(const std::string &meshName)
{
    ControlPlane *const plane = m_impl->meshNamed(meshName);
    if (!plane)
        return false;
    plane->start();
    for (const auto &ref : plane->managedClusters())
        m_impl->arrangeCluster(m_impl->clusters[ref.id]);
    return true;
}

bool MeshWorld::stopPod(const std::string &clusterName, const std::string &ns, const std::string &pod)
{
    auto *const cluster = m_impl->clusterNamed(clusterName);
    return cluster && cluster->kubelet->killPod(ns, pod);
}

bool MeshWorld::startPod(const std::string &clusterName, const std::string &ns, const std::string &pod)
{
    auto *const cluster = m_impl->clusterNamed(clusterName);
    return cluster && cluster->kubelet->restartPod(ns, pod);
}

} // namespace catamaran::lab
