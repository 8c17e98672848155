// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/fabric.h"

namespace catamaran::lab {

Fabric::Fabric(asio::io_context &io, AddressPlan plan)
    : m_io(io)
    , m_plan(plan)
{
}

void Fabric::place(int cluster, std::string network)
{
    m_networks[cluster] = std::move(network);
}

std::string Fabric::networkOfCluster(int cluster) const
{
    const auto found = m_networks.find(cluster);
    return found == m_networks.end() ? std::string() : found->second;
}

std::string Fabric::networkOf(const std::string &address) const
{
    return networkOfCluster(placeOf(m_plan, address).cluster);
}

bool Fabric::knows(const std::string &network) const
{
    for (const auto &[cluster, name] : m_networks) {
        if (name == network)
            return true;
    }
    return false;
}

std::shared_ptr<Line> Fabric::lineBetween(const std::string &a, const std::string &b) const
{
    if (a == b)
        return nullptr;
    auto &line = m_lines[std::minmax(a, b)];
    if (!line)
        line = std::make_shared<Line>();
    return line;
}

void Fabric::setCut(const std::string &a, const std::string &b, Cut cut)
{
    if (const auto line = lineBetween(a, b))
        line->cut = cut;
}

void Fabric::setLatency(const std::string &a, const std::string &b, std::chrono::milliseconds oneWay)
{
    if (const auto line = lineBetween(a, b))
        line->oneWay = oneWay;
}

bool Fabric::isCut(const std::string &a, const std::string &b) const
{
    const auto line = lineBetween(a, b);
    return line && line->cut != Cut::No;
}

bool Fabric::isRejected(const std::string &source, const std::string &destination) const
{
    const auto line = lineBetween(networkOf(source), networkOf(destination));
    return line && line->cut == Cut::Reject && placeOf(m_plan, destination).kind == PlaceKind::Gateway;
}

bool Fabric::reaches(const std::string &source, const std::string &destination) const
{
    const Place to = placeOf(m_plan, destination);
    const std::string there = networkOfCluster(to.cluster);
    const std::string here = networkOf(source);
    if (here.empty() || there.empty())
        return false;
    if (here == there)
        return true;
    return to.kind == PlaceKind::Gateway && !isCut(here, there);
}

asio::awaitable<Fabric::Dialled> Fabric::connect(std::string source, std::string destination, unsigned short port, SteadyTime deadline)
{
    asio::steady_timer timer(m_io);
    Dialled result;
    // Lost packets: a retransmission succeeds once the line is healed.
    while (!reaches(source, destination)) {
        if (isRejected(source, destination)) {
            result.error = asio::error::connection_refused;
            co_return result;
        }
        const auto now = std::chrono::steady_clock::now();
        if (now >= deadline) {
            result.error = asio::error::timed_out;
            co_return result;
        }
        timer.expires_at(std::min(deadline, now + std::chrono::milliseconds(100)));
        const auto [cancelled] = co_await timer.async_wait(awaiting);
        if (cancelled) {
            result.error = cancelled;
            co_return result;
        }
    }

    const std::shared_ptr<Line> line = lineBetween(networkOf(source), networkOf(destination));
    if (line && line->oneWay.count() > 0) {
        const auto arrival = std::chrono::steady_clock::now() + 2 * line->oneWay;
        timer.expires_at(std::min(deadline, arrival));
        (void)co_await timer.async_wait(awaiting);
        if (arrival > deadline) {
            result.error = asio::error::timed_out;
            co_return result;
        }
    }

    tcp::socket socket(m_io);
    socket.open(tcp::v4(), result.error);
    if (result.error || !bindSource(socket, source, result.error))
        co_return result;
    const auto ip = asio::ip::make_address_v4(destination, result.error);
    if (result.error)
        co_return result;
    // On loopback a connect is answered at once, so it needs no timer of its own.
    const auto [error] = co_await socket.async_connect(tcp::endpoint(ip, rangePort(port)), awaiting);
    result.error = error;
    if (error)
        co_return result;
    tune(socket);
    result.stream = std::make_unique<FabricStream>(std::move(socket), line);
    co_return result;
}

} // namespace catamaran::lab
