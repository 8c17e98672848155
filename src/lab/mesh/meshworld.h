// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/addressplan.h"
#include "lab/kube/objectstore.h"
#include "lab/kube/podruntime.h"
#include "lab/mesh/cut.h"
#include "pki/ca.h"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace catamaran::lab {

/// One simulated cluster as the mesh world sees it. The store is the cluster's API server's; @p apiServerUp says
/// whether that server answers at this moment (a control plane that cannot reach it keeps what it last saw).
struct ClusterRef {
    std::string id; ///< "c…" cloud id
    std::string name; ///< "cluster-1"
    int index = 1; ///< its number in the AddressPlan
    std::shared_ptr<ObjectStore> store;
    std::function<bool()> apiServerUp;
};

class Ledger;

struct MeshCa {
    pki::Identity issuing; ///< signs workload certificates
    QByteArray roots; ///< PEM: what this mesh's proxies trust
};

struct ClusterNetwork {
    std::string network; ///< "network1"; empty = default
    bool enableGateway = false;
    std::string customGatewayAddress;
    std::string gatewayName; ///< set by the world: "asm-cross-network-<cluster id>"
};

/// Everything below the cloud API and beside the API servers: control planes, pods with their processes, sidecars,
/// gateways, and the networks between them. Each mesh's proxies are configured by that mesh's control plane only, from
/// what it has discovered; trust, routes and failures are decided by real handshakes and real connections.
/// One thread (the io_context's).
class MeshWorld {
public:
    MeshWorld(boost::asio::io_context &io, AddressPlan plan);
    ~MeshWorld();

    /// Writes down there what happens from now on (lab/mesh/ledger.h).
    void setLedger(std::shared_ptr<Ledger> ledger);

    /// Clusters exist before meshes. The world runs their pods (PodRuntime) from then on: a pod object of the store with
    /// spec.nodeName gets an address, its listeners, and status Running/Ready; deleted ones stop.
    PodRuntime &addCluster(ClusterRef cluster);

    // What the ASM endpoint drives (lab/cloud). Ids are the cloud's.
    void createMesh(const std::string &meshId, const std::string &name, MeshCa ca);
    void removeMesh(const std::string &meshId);
    /// Managed: injects and configures. Discovery-only: reads services and endpoints, nothing else.
    void addClusterToMesh(const std::string &meshId, const std::string &clusterId, bool discoveryOnly);
    void removeClusterFromMesh(const std::string &meshId, const std::string &clusterId);
    void setNetworks(const std::string &meshId, std::map<std::string, ClusterNetwork> byClusterId);
    [[nodiscard]] std::map<std::string, ClusterNetwork> networks(const std::string &meshId) const;
    /// Sets `istio-injection` on the namespace in the mesh's managed clusters; new pods there get a sidecar.
    void setInjection(const std::string &meshId, const std::string &ns, bool enabled);
    /// The store of the mesh's own API server: Istio objects (DestinationRule) written there count like those of the
    /// managed clusters.
    void setMeshStore(const std::string &meshId, std::shared_ptr<ObjectStore> store);
    [[nodiscard]] QByteArray rootPem(const std::string &meshId) const;
    /// One row per proxy for DescribeServiceMeshProxyStatus: name "pod.namespace", whether its configuration is current.
    struct ProxyStatus {
        std::string id;
        bool synced = false;
    };
    [[nodiscard]] std::vector<ProxyStatus> proxyStatus(const std::string &meshId) const;

    // Physical faults (catamaran-lab ctl). False when the name is unknown.
    /// Cuts every connection between pods, gateways and control planes of the two networks: by silence (a connect times out,
    /// what is open hangs) or by refusals. Clusters are in the physical network of the range's layout ("network1": cluster-1,
    /// "network2": cluster-2, ...), whatever the meshes call it.
    bool partition(const std::string &a, const std::string &b, Cut cut = Cut::Drop);
    bool heal(const std::string &a, const std::string &b);
    bool setLatency(const std::string &a, const std::string &b, int milliseconds);
    bool stopGateway(const std::string &clusterName);
    bool startGateway(const std::string &clusterName);
    /// A stopped control plane pushes nothing and signs nothing; proxies keep their last configuration. New pods of its
    /// clusters cannot be injected.
    bool stopControlPlane(const std::string &meshName);
    bool startControlPlane(const std::string &meshName);
    /// Kills the pod's processes: its listeners close; the kubelet restarts it on startPod.
    bool stopPod(const std::string &clusterName, const std::string &ns, const std::string &pod);
    bool startPod(const std::string &clusterName, const std::string &ns, const std::string &pod);

private:
    struct Impl;
    std::shared_ptr<Impl> m_impl;
};

} // namespace catamaran::lab
