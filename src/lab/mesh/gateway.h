// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/balancer.h"
#include "lab/mesh/bytestream.h"
#include "lab/mesh/fabric.h"
#include "lab/mesh/listener.h"

namespace catamaran::lab {

/// A cross-network gateway: passes TLS through by server name, without opening it (facts 1.3). A connection whose name is
/// not configured, or that does not speak an Istio protocol, is closed without an answer.
class Gateway : public std::enable_shared_from_this<Gateway> {
public:
    Gateway(asio::io_context &io, std::shared_ptr<Fabric> fabric, std::string address);

    [[nodiscard]] ErrorCode start();
    /// Closes the listener and every connection.
    void stop();
    [[nodiscard]] bool isRunning() const { return m_listener && m_listener->isOpen(); }
    void setConfig(std::shared_ptr<const ProxyConfig> config);
    [[nodiscard]] const std::shared_ptr<const ProxyConfig> &config() const { return m_config; }

private:
    static asio::awaitable<void> serve(std::shared_ptr<Gateway> self, tcp::socket socket, std::string peer);

    asio::io_context &m_io;
    std::shared_ptr<Fabric> m_fabric;
    std::string m_address;
    std::shared_ptr<const ProxyConfig> m_config;
    std::map<std::string, std::shared_ptr<Balancer>> m_balancers; ///< by server name
    ConnectionSet m_connections;
    std::unique_ptr<Listener> m_listener;
};

} // namespace catamaran::lab
