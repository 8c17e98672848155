// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/clusterview.h"
#include "lab/mesh/listener.h"
#include "lab/mesh/meshworld.h"
#include "lab/mesh/sidecar.h"

namespace catamaran::lab {

/// A cluster's service addresses: every ClusterIP:port has a listener. Who calls is known by the source address: a pod
/// with a sidecar is handed to it (as the pod's own packet filter would), any other gets what kube-proxy does: the next
/// ready pod of this cluster.
class ServiceProxy : public std::enable_shared_from_this<ServiceProxy> {
public:
    using FindSidecar = std::function<std::shared_ptr<Sidecar>(const std::string &podIp)>;

    ServiceProxy(asio::io_context &io, std::shared_ptr<Fabric> fabric, std::shared_ptr<ObjectStore> store, FindSidecar findSidecar);
    void start();
    void stop();

private:
    struct Port {
        std::string ns, service, portName, destination;
        std::unique_ptr<Listener> listener;
        std::size_t turn = 0;
    };
    void refresh(const json::object &service, bool gone);
    void accepted(const std::string &destination, tcp::socket socket, const std::string &peer);
    static asio::awaitable<void> passOn(
        std::shared_ptr<ServiceProxy> self, tcp::socket socket, std::string peer, std::vector<LocalEndpoint> endpoints);

    asio::io_context &m_io;
    std::shared_ptr<Fabric> m_fabric;
    std::shared_ptr<ObjectStore> m_store;
    FindSidecar m_findSidecar;
    std::map<std::string, Port> m_ports; ///< by "ip:port"
    ConnectionSet m_connections;
    std::shared_ptr<void> m_subscription;
};

} // namespace catamaran::lab
