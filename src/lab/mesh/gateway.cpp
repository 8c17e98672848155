// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/gateway.h"

namespace catamaran::lab {

Gateway::Gateway(asio::io_context &io, std::shared_ptr<Fabric> fabric, std::string address)
    : m_io(io)
    , m_fabric(std::move(fabric))
    , m_address(std::move(address))
{
}

ErrorCode Gateway::start()
{
    if (isRunning())
        return {};
    m_listener = std::make_unique<Listener>(m_io, [weak = weak_from_this(), &io = m_io](tcp::socket socket, const std::string &peer) {
        if (auto self = weak.lock())
            asio::co_spawn(io, serve(std::move(self), std::move(socket), peer), asio::detached);
    });
    return m_listener->open(m_address, AddressPlan::gatewayPort);
}

void Gateway::stop()
{
    m_listener.reset();
    m_connections.closeAll();
}

void Gateway::setConfig(std::shared_ptr<const ProxyConfig> config)
{
    m_config = std::move(config);
    std::erase_if(m_balancers, [&](const auto &known) { return !m_config || !m_config->bySni.contains(known.first); });
    for (auto &[name, balancer] : m_balancers)
        balancer->setHosts(m_config->bySni.at(name)->hosts, std::nullopt);
}

asio::awaitable<void> Gateway::serve(std::shared_ptr<Gateway> self, tcp::socket socket, std::string peer)
{
    if (self->m_fabric->isRejected(peer, self->m_address)) {
        resetConnection(socket);
        co_return;
    }
    if (!self->m_fabric->reaches(peer, self->m_address)) {
        const auto silent = plainStream(std::move(socket));
        const ConnectionSet::Member member(self->m_connections, *silent);
        asio::steady_timer patience(self->m_io, std::chrono::minutes(2));
        (void)co_await patience.async_wait(awaiting);
        co_return;
    }
    const Peeked first = co_await peekFirstBytes(socket);
    if (first.error || !first.tls || !first.hello.speaksIstio() || !self->m_config || !self->isRunning())
        co_return;
    const auto chain = self->m_config->bySni.find(first.hello.serverName);
    if (chain == self->m_config->bySni.end())
        co_return;
    const UpstreamPtr cluster = chain->second;
    auto &known = self->m_balancers[first.hello.serverName];
    if (!known) {
        known = std::make_shared<Balancer>();
        known->setHosts(cluster->hosts, std::nullopt);
    }
    const std::shared_ptr<Balancer> balancer = known;

    const auto downstream = plainStream(std::move(socket));
    const ConnectionSet::Member member(self->m_connections, *downstream);
    std::vector<std::string> tried;
    constexpr int attempts = 3;
    for (int count = 0; count < attempts; ++count) {
        const auto index = balancer->pick(std::chrono::steady_clock::now(), tried);
        if (!index)
            break;
        const UpstreamHost host = balancer->host(*index);
        const std::string key = balancer->key(*index);
        const auto deadline = std::chrono::steady_clock::now() + cluster->connectTimeout;
        Fabric::Dialled dialled = co_await self->m_fabric->connect(self->m_address, host.address, host.port, deadline);
        if (dialled.stream && self->isRunning()) {
            const auto upstream = plainStream(std::move(dialled.stream));
            const ConnectionSet::Member other(self->m_connections, *upstream);
            balancer->started(key);
            co_await splice(*downstream, *upstream);
            balancer->ended(key);
            break;
        }
        tried.push_back(key);
    }
    downstream->close();
}

} // namespace catamaran::lab
