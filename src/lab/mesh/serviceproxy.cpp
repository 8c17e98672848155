// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/serviceproxy.h"

#include <algorithm>

namespace catamaran::lab {

ServiceProxy::ServiceProxy(
    asio::io_context &io, std::shared_ptr<Fabric> fabric, std::shared_ptr<ObjectStore> store, FindSidecar findSidecar)
    : m_io(io)
    , m_fabric(std::move(fabric))
    , m_store(std::move(store))
    , m_findSidecar(std::move(findSidecar))
{
}

void ServiceProxy::start()
{
    m_subscription = m_store->subscribe([weak = weak_from_this()](const ObjectEvent &event) {
        if (event.typeKey != "services")
            return;
        if (const auto self = weak.lock())
            self->refresh(*event.object, event.type == ObjectEvent::Type::Deleted);
    });
    for (const auto &service : m_store->list("services"))
        refresh(*service, false);
}

void ServiceProxy::stop()
{
    m_subscription.reset();
    m_ports.clear();
    m_connections.closeAll();
}

void ServiceProxy::refresh(const json::object &service, bool gone)
{
    const std::string ns = namespaceOf(service);
    const std::string name = nameOf(service);
    const std::string ip = textIn(service, { "spec", "clusterIP" });
    std::set<std::string> wanted;
    const auto *ports = valueIn(service, { "spec", "ports" });
    const bool ours = placeOf(m_fabric->plan(), ip).kind == PlaceKind::Service;
    if (!gone && ours && ports && ports->is_array()) {
        for (const auto &port : ports->as_array()) {
            const auto *number = at(port, { "port" });
            if (!number || !number->is_number())
                continue;
            const auto value = number->to_number<double>();
            if (value < 1 || value > 65535 || stringAt(port, { "protocol" }) == "UDP")
                continue;
            const auto portNumber = static_cast<unsigned short>(value);
            const std::string destination = ip + ":" + std::to_string(portNumber);
            wanted.insert(destination);
            auto &entry = m_ports[destination];
            entry.ns = ns;
            entry.service = name;
            entry.portName = stringAt(port, { "name" });
            entry.destination = destination;
            if (entry.listener)
                continue;
            entry.listener
                = std::make_unique<Listener>(m_io, [weak = weak_from_this(), destination](tcp::socket socket, const std::string &peer) {
                      if (const auto self = weak.lock())
                          self->accepted(destination, std::move(socket), peer);
                  });
            // An address that is taken leaves the service without an answer: a refused connection shows it.
            (void)entry.listener->open(ip, portNumber);
        }
    }
    std::erase_if(
        m_ports, [&](const auto &port) { return port.second.ns == ns && port.second.service == name && !wanted.contains(port.first); });
}

void ServiceProxy::accepted(const std::string &destination, tcp::socket socket, const std::string &peer)
{
    const auto sidecar = m_findSidecar(peer);
    if (sidecar && sidecar->takesOutbound(destination)) {
        sidecar->acceptOutbound(std::move(socket), destination);
        return;
    }
    // A proxy that has never been configured has no listener, but its pod's packets are turned to it all the same.
    if (sidecar && !sidecar->isReady()) {
        resetConnection(socket);
        return;
    }
    const auto found = m_ports.find(destination);
    if (found == m_ports.end())
        return;
    Port &port = found->second;
    auto endpoints = readLocalEndpoints(*m_store, port.ns, port.service, port.portName);
    if (endpoints.empty()) {
        resetConnection(socket);
        return;
    }
    std::rotate(endpoints.begin(), endpoints.begin() + static_cast<std::ptrdiff_t>(port.turn++ % endpoints.size()), endpoints.end());
    asio::co_spawn(m_io, passOn(shared_from_this(), std::move(socket), peer, std::move(endpoints)), asio::detached);
}

asio::awaitable<void> ServiceProxy::passOn(
    std::shared_ptr<ServiceProxy> self, tcp::socket socket, std::string peer, std::vector<LocalEndpoint> endpoints)
{
    // One choice, no retry: what the kernel would do.
    const LocalEndpoint chosen = endpoints.front();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    Fabric::Dialled dialled = co_await self->m_fabric->connect(peer, chosen.address, chosen.port, deadline);
    if (!dialled.stream) {
        resetConnection(socket);
        co_return;
    }
    const auto downstream = plainStream(std::move(socket));
    const auto upstream = plainStream(std::move(dialled.stream));
    const ConnectionSet::Member first(self->m_connections, *downstream);
    const ConnectionSet::Member second(self->m_connections, *upstream);
    co_await splice(*downstream, *upstream);
}

} // namespace catamaran::lab
