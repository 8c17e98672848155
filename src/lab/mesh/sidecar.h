// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/accesslog.h"
#include "lab/mesh/balancer.h"
#include "lab/mesh/fabric.h"
#include "lab/mesh/httpmessage.h"
#include "lab/mesh/listener.h"
#include "lab/mesh/tlsidentity.h"

#include <set>

namespace catamaran::lab {

struct SidecarOptions {
    std::string ns, pod, serviceAccount;
    std::string node, clusterId, meshId, network; ///< as the injection wrote them
    std::string ip; ///< the pod's address: inbound listeners, and the source of what it sends
    std::string applicationIp; ///< where the application listens
    std::function<void(const std::string &line)> log;
};

/// The proxy of one pod. Knows nothing but its certificate and the last configuration its control plane sent.
class Sidecar : public std::enable_shared_from_this<Sidecar> {
public:
    Sidecar(asio::io_context &io, std::shared_ptr<Fabric> fabric, SidecarOptions options);

    [[nodiscard]] const SidecarOptions &options() const { return m_options; }

    void setIdentity(std::shared_ptr<const TlsIdentity> identity) { m_identity = std::move(identity); }
    void setConfig(std::shared_ptr<const ProxyConfig> config);
    [[nodiscard]] const std::shared_ptr<const TlsIdentity> &identity() const { return m_identity; }
    [[nodiscard]] const std::shared_ptr<const ProxyConfig> &config() const { return m_config; }
    [[nodiscard]] bool isReady() const { return m_identity && m_config; }

    /// Inbound: owns these ports of the pod's address.
    void openPorts(const std::set<unsigned short> &ports);
    /// Outbound: a connection of the application to @p destination ("ClusterIP:port"). False when the configuration
    /// does not know the destination: it then passes the proxy unseen.
    [[nodiscard]] bool takesOutbound(const std::string &destination) const;
    void acceptOutbound(tcp::socket socket, const std::string &destination);
    /// What the application connects to outside of the mesh, the port of a gateway for instance: the connection is accepted at
    /// once and passed on as it is. Where there is no way on it is closed again, when that is known (PassthroughCluster).
    void acceptPassThrough(tcp::socket socket, const std::string &address, unsigned short port);

    /// Gives up what goes on for clients that have gone. Called now and then.
    void dropAbandoned();
    /// Ends listeners and connections.
    void stop();

    /// What its admin interface tells of its upstream hosts and its certificate.
    struct Counters {
        std::uint64_t connections = 0, openConnections = 0, connectFailures = 0;
        std::uint64_t requests = 0, successes = 0, errors = 0; ///< requests: those that got a connection
    };
    struct HostState {
        UpstreamHost host;
        bool ejected = false;
        unsigned active = 0;
        Counters counters;
    };
    struct ClusterState {
        UpstreamPtr cluster;
        std::vector<HostState> hosts;
    };
    [[nodiscard]] std::vector<ClusterState> clusterStates() const;
    /// Whether it has a connection to its control plane at this moment.
    [[nodiscard]] bool isConnected() const { return m_isConnected && m_isConnected(); }
    void setConnection(std::function<bool()> isConnected) { m_isConnected = std::move(isConnected); }
    [[nodiscard]] std::chrono::seconds uptime() const
    {
        return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - m_started);
    }

private:
    struct Connection {
        std::unique_ptr<ByteStream> stream;
        beast::flat_buffer buffer;
        std::string local; ///< "address:port"
        std::shared_ptr<void> counted; ///< among the open ones, while it lives
    };
    /// What a sidecar keeps for one upstream cluster.
    struct Upstream {
        UpstreamPtr cluster;
        Balancer balancer;
        std::map<std::string, std::vector<std::unique_ptr<Connection>>> idle;
        std::map<std::string, std::shared_ptr<Counters>> counters;
        /// Of a host; those of one that has gone are kept by whoever still counts there.
        [[nodiscard]] std::shared_ptr<Counters> countersOf(const std::string &key);
    };
    /// A request under way: what to close when its client goes away.
    struct Running {
        Sidecar &sidecar;
        ByteStream &downstream;
        ByteStream *upstream = nullptr;
        bool abandoned = false;
        Running(Sidecar &owner, ByteStream &client)
            : sidecar(owner)
            , downstream(client)
        {
            sidecar.m_running.insert(this);
        }
        ~Running() { sidecar.m_running.erase(this); }
        Running(const Running &) = delete;
        Running &operator=(const Running &) = delete;
    };
    enum class Failure { None, Connect, ConnectTimeout, Reset };
    struct Dialled {
        std::unique_ptr<Connection> connection;
        Failure failure = Failure::None;
        std::string transportFailure;
    };
    struct Attempt {
        HttpResponse response;
        Failure failure = Failure::None;
        std::string transportFailure;
    };

    static asio::awaitable<void> serveInbound(std::shared_ptr<Sidecar> self, tcp::socket socket, unsigned short port, std::string peer);
    static asio::awaitable<void> serveInboundHttp(std::shared_ptr<Sidecar> self, ByteStream &downstream, beast::flat_buffer &buffer,
        unsigned short port, std::string peer, std::string serverName);
    static asio::awaitable<void> serveOutbound(std::shared_ptr<Sidecar> self, tcp::socket socket, std::string destination);
    static asio::awaitable<void> servePassThrough(
        std::shared_ptr<Sidecar> self, tcp::socket socket, std::string address, unsigned short port);
    static asio::awaitable<void> serveOutboundTcp(std::shared_ptr<Sidecar> self, ByteStream &downstream, std::string destination);
    asio::awaitable<HttpResponse> route(
        const HttpRequest &request, const std::string &destination, Running &running, AccessLogEntry &entry);
    asio::awaitable<Attempt> attempt(std::shared_ptr<Upstream> upstream, UpstreamHost host, const std::string &bytes, bool toHead,
        Running &running, AccessLogEntry &entry);
    asio::awaitable<Dialled> dial(UpstreamPtr cluster, UpstreamHost host, Running *running, std::shared_ptr<Counters> counters);
    asio::awaitable<Dialled> connectTo(UpstreamPtr cluster, UpstreamHost host, Running *running);
    asio::awaitable<Dialled> dialApplication(unsigned short port);
    [[nodiscard]] std::shared_ptr<Upstream> upstreamFor(const std::string &destination);
    [[nodiscard]] static std::string failureBody(const Attempt &attempt, bool retried);
    [[nodiscard]] static std::string failureName(Failure failure);
    static HttpResponse localReply(unsigned status, std::string body);
    void logLine(const AccessLogEntry &entry);
    /// Tells the balancer, and the ledger where there is one.
    void tellResult(Balancer &balancer, const std::string &key, unsigned status, Failure failure);
    [[nodiscard]] std::string name() const { return m_options.ns + '/' + m_options.pod; }

    asio::io_context &m_io;
    std::shared_ptr<Fabric> m_fabric;
    SidecarOptions m_options;
    std::shared_ptr<const TlsIdentity> m_identity;
    std::shared_ptr<const ProxyConfig> m_config;
    std::map<unsigned short, std::unique_ptr<Listener>> m_listeners;
    std::map<std::string, std::shared_ptr<Upstream>> m_upstreams; ///< by cluster name
    ConnectionSet m_connections;
    std::set<Running *> m_running;
    std::function<bool()> m_isConnected;
    SteadyTime m_started = std::chrono::steady_clock::now();
    bool m_stopped = false;
};

/// Handshakes until @p deadline; timed_out when it passes.
[[nodiscard]] asio::awaitable<ErrorCode> handshakeUntil(TlsLayer &stream, ssl::stream_base::handshake_type side, SteadyTime deadline);

} // namespace catamaran::lab
