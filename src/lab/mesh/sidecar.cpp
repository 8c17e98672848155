// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/sidecar.h"

namespace catamaran::lab {

Sidecar::Sidecar(asio::io_context &io, std::shared_ptr<Fabric> fabric, SidecarOptions options)
    : m_io(io)
    , m_fabric(std::move(fabric))
    , m_options(std::move(options))
{
}

void Sidecar::setConfig(std::shared_ptr<const ProxyConfig> config)
{
    m_config = std::move(config);
    if (!m_config)
        return;
    std::map<std::string, UpstreamPtr> byName;
    for (const auto &[address, cluster] : m_config->byAddress)
        byName.emplace(cluster->name, cluster);
    std::erase_if(m_upstreams, [&](const auto &known) { return !byName.contains(known.first); });
    for (auto &[name, upstream] : m_upstreams) {
        upstream->cluster = byName.at(name);
        upstream->balancer.setHosts(upstream->cluster->hosts, upstream->cluster->outlier);
        // A host that has gone takes its idle connections along; requests under way end on theirs.
        const auto hasGone
            = [&balancer = upstream->balancer](const auto &entry) { return balancer.indexOf(entry.first) >= balancer.size(); };
        std::erase_if(upstream->idle, hasGone);
        std::erase_if(upstream->counters, hasGone);
    }
}

std::shared_ptr<Sidecar::Counters> Sidecar::Upstream::countersOf(const std::string &key)
{
    auto &known = counters[key];
    if (!known)
        known = std::make_shared<Counters>();
    return known;
}

bool Sidecar::takesOutbound(const std::string &destination) const
{
    return m_config && m_config->byAddress.contains(destination);
}

std::shared_ptr<Sidecar::Upstream> Sidecar::upstreamFor(const std::string &destination)
{
    if (!m_config)
        return nullptr;
    const auto found = m_config->byAddress.find(destination);
    if (found == m_config->byAddress.end())
        return nullptr;
    auto &upstream = m_upstreams[found->second->name];
    if (!upstream) {
        upstream = std::make_shared<Upstream>();
        upstream->cluster = found->second;
        upstream->balancer.setHosts(found->second->hosts, found->second->outlier);
    }
    return upstream;
}

void Sidecar::dropAbandoned()
{
    for (auto *running : m_running) {
        if (running->abandoned || !running->downstream.peerHasGone())
            continue;
        running->abandoned = true;
        if (running->upstream)
            running->upstream->close();
    }
}

void Sidecar::stop()
{
    m_stopped = true;
    m_listeners.clear();
    m_connections.closeAll();
    for (auto *running : m_running) {
        running->abandoned = true;
        if (running->upstream)
            running->upstream->close();
    }
    m_upstreams.clear();
}

std::vector<Sidecar::ClusterState> Sidecar::clusterStates() const
{
    std::vector<ClusterState> result;
    std::set<std::string> seen;
    if (!m_config)
        return result;
    const auto now = std::chrono::steady_clock::now();
    for (const auto &[address, cluster] : m_config->byAddress) {
        if (!seen.insert(cluster->name).second)
            continue;
        ClusterState state { cluster, {} };
        const auto upstream = m_upstreams.find(cluster->name);
        for (const auto &host : cluster->hosts) {
            HostState one { host, false, 0, {} };
            if (upstream != m_upstreams.end()) {
                const auto &balancer = upstream->second->balancer;
                if (const auto index = balancer.indexOf(host.key()); index < balancer.size()) {
                    one.ejected = balancer.isEjected(index, now);
                    one.active = balancer.active(index);
                }
                if (const auto counters = upstream->second->counters.find(host.key()); counters != upstream->second->counters.end())
                    one.counters = *counters->second;
            }
            state.hosts.push_back(std::move(one));
        }
        result.push_back(std::move(state));
    }
    return result;
}

void Sidecar::logLine(const AccessLogEntry &entry)
{
    if (m_options.log)
        m_options.log(entry.line());
    if (auto *ledger = m_fabric->ledger(); ledger && !entry.tcp && !entry.inbound)
        ledger->request({ name(), entry.downstreamLocal, entry.path, entry.flags, entry.upstreamHost, entry.start, entry.status });
}

void Sidecar::tellResult(Balancer &balancer, const std::string &key, unsigned status, Failure failure)
{
    const bool ejected = balancer.result(key, status, std::chrono::steady_clock::now());
    auto *ledger = m_fabric->ledger();
    if (ledger && failure != Failure::None)
        ledger->attempt(name(), key, failureName(failure));
    if (ledger && ejected)
        ledger->ejected(name(), key);
}

HttpResponse Sidecar::localReply(unsigned status, std::string body)
{
    HttpResponse response;
    response.result(status);
    response.set(http::field::content_type, "text/plain");
    response.set(http::field::date, httpDate());
    response.set(http::field::server, "envoy");
    response.body() = std::move(body);
    return response;
}

std::string Sidecar::failureName(Failure failure)
{
    switch (failure) {
    case Failure::Connect: return "remote connection failure";
    case Failure::ConnectTimeout: return "connection timeout";
    case Failure::Reset:
    case Failure::None: break;
    }
    return "connection termination";
}

std::string Sidecar::failureBody(const Attempt &attempt, bool retried)
{
    std::string text = "upstream connect error or disconnect/reset before headers. ";
    if (retried)
        text += "retried and the latest ";
    text += "reset reason: " + failureName(attempt.failure);
    if (!attempt.transportFailure.empty())
        text += ", transport failure reason: " + attempt.transportFailure;
    return text;
}

asio::awaitable<ErrorCode> handshakeUntil(TlsLayer &stream, ssl::stream_base::handshake_type side, SteadyTime deadline)
{
    struct Watch {
        bool running = true;
        bool late = false;
    };
    const auto watch = std::make_shared<Watch>();
    asio::steady_timer timer(stream.get_executor());
    timer.expires_at(deadline);
    timer.async_wait([watch, &stream](const ErrorCode &cancelled) {
        if (cancelled || !watch->running)
            return;
        watch->late = true;
        stream.next_layer().close();
    });
    const auto [error] = co_await stream.async_handshake(side, awaiting);
    watch->running = false;
    timer.cancel();
    co_return watch->late ? ErrorCode(asio::error::timed_out) : error;
}

} // namespace catamaran::lab
