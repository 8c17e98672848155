// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/sidecar.h"

#include <random>

namespace catamaran::lab {

namespace {

constexpr int retries = 2; ///< Istio's default, on connect-failure, refused-stream, unavailable, cancelled, 503
constexpr std::size_t idleLimit = 64;

std::mt19937 &generator()
{
    static std::mt19937 engine { std::random_device {}() };
    return engine;
}

std::string newRequestId()
{
    char text[40];
    auto &random = generator();
    std::snprintf(text, sizeof text, "%08x-%04x-4%03x-9%03x-%08x%04x", unsigned(random()), unsigned(random()) & 0xffff,
        unsigned(random()) & 0xfff, unsigned(random()) & 0xfff, unsigned(random()), unsigned(random()) & 0xffff);
    return text;
}

std::string textOf(const tcp::endpoint &endpoint)
{
    return endpoint.address().to_string() + ":" + std::to_string(endpoint.port());
}

} // namespace

void Sidecar::acceptOutbound(tcp::socket socket, const std::string &destination)
{
    if (m_stopped)
        return;
    asio::co_spawn(m_io, serveOutbound(shared_from_this(), std::move(socket), destination), asio::detached);
}

asio::awaitable<void> Sidecar::serveOutbound(std::shared_ptr<Sidecar> self, tcp::socket socket, std::string destination)
{
    ErrorCode ignored;
    const std::string remote = textOf(socket.remote_endpoint(ignored));
    const auto downstream = plainStream(std::move(socket));
    const ConnectionSet::Member member(self->m_connections, *downstream);
    {
        const auto upstream = self->upstreamFor(destination);
        if (!upstream)
            co_return;
        if (!upstream->cluster->http) {
            co_await serveOutboundTcp(self, *downstream, destination);
            co_return;
        }
    }

    beast::flat_buffer buffer;
    for (;;) {
        http::request_parser<http::string_body> parser;
        const ErrorCode readError = co_await readMessage(*downstream, buffer, parser);
        if (readError) {
            // What is not HTTP gets the answer Envoy gives; an ended connection just ends.
            if (readError.category() == http::make_error_code(http::error::bad_method).category() && readError != http::error::end_of_stream
                && readError != http::error::partial_message) {
                const std::string out = responseBytes(localReply(400, "Bad Request"), false, false);
                const asio::const_buffer all(out.data(), out.size());
                (void)co_await downstream->write(all);
            }
            downstream->close();
            co_return;
        }
        HttpRequest request = parser.release();
        const bool keepAlive = request.keep_alive();
        const bool toHead = request.method() == http::verb::head;

        AccessLogEntry entry;
        if (request["x-request-id"].empty())
            request.set("x-request-id", newRequestId());
        request.set("x-forwarded-proto", "http");
        entry.method = request.method_string();
        entry.path = request.target();
        entry.userAgent = request[http::field::user_agent];
        entry.requestId = request["x-request-id"];
        entry.authority = request[http::field::host];
        entry.received = request.body().size();
        entry.downstreamLocal = destination;
        entry.downstreamRemote = remote;
        entry.route = "default";

        std::string out;
        {
            Running running(*self, *downstream);
            HttpResponse response = co_await self->route(request, destination, running, entry);
            if (running.abandoned) {
                entry.status = 0;
                entry.flags = "DC";
                entry.details = "downstream_remote_disconnect";
                self->logLine(entry);
                downstream->close();
                co_return;
            }
            entry.status = response.result_int();
            entry.sent = response.body().size();
            out = responseBytes(response, keepAlive, toHead);
        }
        self->logLine(entry);
        const asio::const_buffer all(out.data(), out.size());
        const auto [error, written] = co_await downstream->write(all);
        if (error || !keepAlive) {
            downstream->finishWriting();
            co_return;
        }
    }
}

asio::awaitable<HttpResponse> Sidecar::route(
    const HttpRequest &request, const std::string &destination, Running &running, AccessLogEntry &entry)
{
    const std::shared_ptr<Upstream> upstream = upstreamFor(destination);
    if (!upstream) {
        entry.flags = "NR";
        entry.details = "route_not_found";
        co_return localReply(404, {});
    }
    entry.upstreamCluster = upstream->cluster->name;
    if (const auto fault = upstream->cluster->fault) { // as Envoy's fault filter: the delay first, then the answer of its own
        std::uniform_real_distribution<double> chance(0, 100);
        if (fault->delay.count() > 0 && chance(generator()) < fault->delayPercent) {
            entry.flags = "DI";
            asio::steady_timer timer(m_io);
            constexpr std::chrono::milliseconds look { 100 }; // a client that goes away meanwhile ends it
            const auto until = std::chrono::steady_clock::now() + fault->delay;
            while (!running.abandoned && !m_stopped && std::chrono::steady_clock::now() < until) {
                timer.expires_at(std::min(until, std::chrono::steady_clock::now() + look));
                (void)co_await timer.async_wait(awaiting);
            }
        }
        if (fault->abortStatus > 0 && chance(generator()) < fault->abortPercent) {
            entry.flags = "FI";
            entry.details = "fault_filter_abort";
            co_return localReply(fault->abortStatus, "fault filter abort");
        }
        if (running.abandoned || m_stopped)
            co_return HttpResponse();
    }
    const std::string bytes = requestBytes(request);
    const bool toHead = request.method() == http::verb::head;

    std::vector<std::string> tried;
    for (int count = 0;; ++count) {
        const auto index = upstream->balancer.pick(std::chrono::steady_clock::now(), tried);
        if (!index) {
            entry.flags = "UH";
            entry.details = "no_healthy_upstream";
            co_return localReply(503, "no healthy upstream");
        }
        const UpstreamHost host = upstream->balancer.host(*index);
        const std::string key = upstream->balancer.key(*index);
        entry.upstreamHost = key;
        Attempt result = co_await attempt(upstream, host, bytes, toHead, running, entry);
        const bool failed = result.failure != Failure::None;
        const unsigned status = failed ? (result.failure == Failure::ConnectTimeout ? 504 : 503) : result.response.result_int();
        if (running.abandoned || m_stopped) // a client that went away says nothing about the host
            co_return HttpResponse();
        tellResult(upstream->balancer, key, status, result.failure);
        const auto counters = upstream->countersOf(key);
        ++(status >= 500 ? counters->errors : counters->successes);

        const bool retriable
            = result.failure == Failure::Connect || result.failure == Failure::ConnectTimeout || (!failed && status == 503);
        if (retriable && count < retries) {
            tried.push_back(key);
            const auto longest = 25 << count;
            const int pause = 1 + static_cast<int>(generator()() % static_cast<unsigned>(longest));
            asio::steady_timer timer(m_io, std::chrono::milliseconds(pause));
            (void)co_await timer.async_wait(awaiting);
            continue;
        }
        if (!failed) {
            entry.details = "via_upstream";
            if (status == 503 && count > 0)
                entry.flags = "URX";
            const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - entry.began).count();
            entry.serviceTime = took;
            result.response.set(http::field::server, "envoy");
            result.response.set("x-envoy-upstream-service-time", std::to_string(took));
            co_return std::move(result.response);
        }
        std::string reason = failureName(result.failure);
        for (char &c : reason) {
            if (c == ' ')
                c = '_';
        }
        entry.flags = result.failure == Failure::Reset ? "UC" : "UF";
        if (retriable)
            entry.flags += ",URX";
        if (!result.transportFailure.empty()) {
            entry.transportFailure = result.transportFailure;
            reason += "|" + result.transportFailure;
        }
        for (char &c : reason) {
            if (c == ' ')
                c = '_';
        }
        entry.details = "upstream_reset_before_response_started{" + reason + "}";
        co_return localReply(503, failureBody(result, count > 0));
    }
}

asio::awaitable<Sidecar::Attempt> Sidecar::attempt(
    std::shared_ptr<Upstream> upstream, UpstreamHost host, const std::string &bytes, bool toHead, Running &running, AccessLogEntry &entry)
{
    Attempt result;
    const std::string key = host.key();
    std::unique_ptr<Connection> connection;
    if (const auto pool = upstream->idle.find(key); pool != upstream->idle.end()) {
        while (!connection && !pool->second.empty()) {
            connection = std::move(pool->second.back());
            pool->second.pop_back();
            if (connection->stream->isStale())
                connection.reset();
        }
    }
    if (!connection) {
        Dialled dialled = co_await dial(upstream->cluster, host, &running, upstream->countersOf(key));
        if (!dialled.connection) {
            result.failure = dialled.failure;
            result.transportFailure = std::move(dialled.transportFailure);
            co_return result;
        }
        connection = std::move(dialled.connection);
    }
    entry.upstreamLocal = connection->local;

    ++upstream->countersOf(key)->requests;
    upstream->balancer.started(key);
    running.upstream = connection->stream.get();
    const asio::const_buffer all(bytes.data(), bytes.size());
    const auto [writeError, written] = co_await connection->stream->write(all);
    ErrorCode error = writeError;
    http::response_parser<http::string_body> parser;
    parser.skip(toHead);
    if (!error)
        error = co_await readMessage(*connection->stream, connection->buffer, parser);
    running.upstream = nullptr;
    upstream->balancer.ended(key);
    if (error) {
        connection->stream->close();
        result.failure = Failure::Reset;
        result.transportFailure = tlsFailureText(error);
        co_return result;
    }
    result.response = parser.release();
    const bool reusable = result.response.keep_alive() && !m_stopped && connection->buffer.size() == 0;
    if (reusable && upstream->balancer.indexOf(key) < upstream->balancer.size()) {
        auto &pool = upstream->idle[key];
        if (pool.size() < idleLimit)
            pool.push_back(std::move(connection));
    }
    co_return result;
}

asio::awaitable<Sidecar::Dialled> Sidecar::dial(
    UpstreamPtr cluster, UpstreamHost host, Running *running, std::shared_ptr<Counters> counters)
{
    Dialled result = co_await connectTo(std::move(cluster), std::move(host), running);
    if (!counters)
        co_return result;
    ++counters->connections;
    if (result.failure == Failure::Connect || result.failure == Failure::ConnectTimeout)
        ++counters->connectFailures;
    if (result.connection) {
        ++counters->openConnections;
        result.connection->counted = std::shared_ptr<void>(nullptr, [counters](void *) { --counters->openConnections; });
    }
    co_return result;
}

asio::awaitable<Sidecar::Dialled> Sidecar::connectTo(UpstreamPtr cluster, UpstreamHost host, Running *running)
{
    Dialled result;
    const auto deadline = std::chrono::steady_clock::now() + cluster->connectTimeout;
    const auto identity = m_identity;
    Fabric::Dialled reached = co_await m_fabric->connect(m_options.ip, host.address, host.port, deadline);
    if (!reached.stream) {
        const bool late = reached.error == asio::error::timed_out;
        result.failure = late ? Failure::ConnectTimeout : Failure::Connect;
        if (!late)
            result.transportFailure = "delayed connect error: " + reached.error.message();
        co_return result;
    }
    if (m_stopped || (running && running->abandoned)) {
        result.failure = Failure::Reset;
        co_return result;
    }
    auto connection = std::make_unique<Connection>();
    ErrorCode ignored;
    connection->local = textOf(reached.stream->next_layer().local_endpoint(ignored));
    if (!host.mutualTls) {
        connection->stream = plainStream(std::move(reached.stream));
        result.connection = std::move(connection);
        co_return result;
    }
    if (!identity) {
        result.failure = Failure::Connect;
        result.transportFailure = "TLS_error:Secret is not supplied by SDS:TLS_error_end";
        co_return result;
    }
    auto layer = std::make_unique<TlsLayer>(std::move(*reached.stream), *identity->client);
    SSL_set_tlsext_host_name(layer->native_handle(), cluster->sni.c_str());
    expectIdentities(*layer, cluster->identities);
    const ErrorCode error = co_await handshakeUntil(*layer, ssl::stream_base::client, deadline);
    if (error) {
        result.failure = error == asio::error::timed_out ? Failure::ConnectTimeout : Failure::Connect;
        result.transportFailure = tlsFailureText(error);
        if (result.transportFailure.empty() && result.failure == Failure::Connect)
            result.transportFailure = "delayed connect error: " + error.message();
        co_return result;
    }
    connection->stream = tlsStream(std::move(layer), identity->client);
    result.connection = std::move(connection);
    co_return result;
}

void Sidecar::acceptPassThrough(tcp::socket socket, const std::string &address, unsigned short port)
{
    if (!m_stopped)
        asio::co_spawn(m_io, servePassThrough(shared_from_this(), std::move(socket), address, port), asio::detached);
}

asio::awaitable<void> Sidecar::servePassThrough(std::shared_ptr<Sidecar> self, tcp::socket socket, std::string address, unsigned short port)
{
    constexpr std::chrono::seconds connectTimeout { 10 };
    ErrorCode ignored;
    AccessLogEntry entry;
    entry.tcp = true;
    entry.upstreamCluster = "PassthroughCluster";
    entry.upstreamHost = address + ":" + std::to_string(port);
    entry.downstreamLocal = entry.upstreamHost;
    entry.downstreamRemote = textOf(socket.remote_endpoint(ignored));
    const auto downstream = plainStream(std::move(socket));
    const ConnectionSet::Member member(self->m_connections, *downstream);
    Fabric::Dialled dialled
        = co_await self->m_fabric->connect(self->m_options.ip, address, port, std::chrono::steady_clock::now() + connectTimeout);
    if (dialled.stream && !self->m_stopped) {
        entry.upstreamLocal = textOf(dialled.stream->next_layer().local_endpoint(ignored));
        const auto upstream = plainStream(std::move(dialled.stream));
        const ConnectionSet::Member other(self->m_connections, *upstream);
        co_await splice(*downstream, *upstream);
    } else {
        entry.flags = "UF,URX";
        if (dialled.error && dialled.error != asio::error::timed_out)
            entry.transportFailure = "delayed_connect_error:_" + dialled.error.message();
    }
    self->logLine(entry);
    downstream->close();
}

asio::awaitable<void> Sidecar::serveOutboundTcp(std::shared_ptr<Sidecar> self, ByteStream &downstream, std::string destination)
{
    const std::shared_ptr<Upstream> upstream = self->upstreamFor(destination);
    if (!upstream)
        co_return;
    AccessLogEntry entry;
    entry.tcp = true;
    entry.upstreamCluster = upstream->cluster->name;
    entry.downstreamLocal = destination;
    std::vector<std::string> tried;
    for (int count = 0; count <= retries; ++count) {
        const auto index = upstream->balancer.pick(std::chrono::steady_clock::now(), tried);
        if (!index) {
            entry.flags = "UH";
            break;
        }
        const UpstreamHost host = upstream->balancer.host(*index);
        const std::string key = upstream->balancer.key(*index);
        entry.upstreamHost = key;
        Dialled dialled = co_await self->dial(upstream->cluster, host, nullptr, upstream->countersOf(key));
        if (dialled.connection) {
            entry.flags = "-";
            const ConnectionSet::Member member(self->m_connections, *dialled.connection->stream);
            ++upstream->countersOf(key)->requests;
            upstream->balancer.started(key);
            co_await splice(downstream, *dialled.connection->stream);
            upstream->balancer.ended(key);
            upstream->balancer.result(key, 200, std::chrono::steady_clock::now());
            break;
        }
        self->tellResult(upstream->balancer, key, 503, dialled.failure);
        entry.flags = "UF,URX";
        if (!dialled.transportFailure.empty())
            entry.transportFailure = dialled.transportFailure;
        tried.push_back(key);
    }
    self->logLine(entry);
    downstream.close();
}

} // namespace catamaran::lab
