// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/sidecar.h"

#include <cctype>

namespace catamaran::lab {

namespace {

bool looksLikeHttp(std::string_view bytes)
{
    std::size_t letters = 0;
    while (letters < bytes.size() && std::isupper(static_cast<unsigned char>(bytes[letters])))
        ++letters;
    return letters >= 3 && letters < bytes.size() && bytes[letters] == ' ';
}

} // namespace

void Sidecar::openPorts(const std::set<unsigned short> &ports)
{
    std::erase_if(m_listeners, [&](const auto &open) { return !ports.contains(open.first); });
    for (const unsigned short port : ports) {
        if (m_listeners.contains(port) || m_stopped)
            continue;
        auto listener
            = std::make_unique<Listener>(m_io, [weak = weak_from_this(), &io = m_io, port](tcp::socket socket, const std::string &peer) {
                  if (auto self = weak.lock())
                      asio::co_spawn(io, serveInbound(std::move(self), std::move(socket), port, peer), asio::detached);
              });
        if (const ErrorCode error = listener->open(m_options.ip, port)) {
            if (m_options.log)
                m_options.log("warning\tenvoy config\tlistener 'virtualInbound' failed to bind to " + m_options.ip + ":"
                    + std::to_string(port) + ": " + error.message());
            continue;
        }
        m_listeners.emplace(port, std::move(listener));
    }
}

asio::awaitable<void> Sidecar::serveInbound(std::shared_ptr<Sidecar> self, tcp::socket socket, unsigned short port, std::string peer)
{
    // Bytes from a network that is not routed here never arrive.
    if (!self->m_fabric->reaches(peer, self->m_options.ip)) {
        const auto silent = plainStream(std::move(socket));
        const ConnectionSet::Member member(self->m_connections, *silent);
        asio::steady_timer patience(self->m_io, std::chrono::minutes(2));
        (void)co_await patience.async_wait(awaiting);
        co_return;
    }
    const Peeked first = co_await peekFirstBytes(socket);
    if (first.error || self->m_stopped)
        co_return;

    std::unique_ptr<ByteStream> downstream;
    if (first.tls && first.hello.speaksIstio()) {
        const auto identity = self->m_identity;
        if (!identity)
            co_return;
        auto layer = std::make_unique<TlsLayer>(FabricStream(std::move(socket), nullptr), *identity->server);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(15);
        if (co_await handshakeUntil(*layer, ssl::stream_base::server, deadline))
            co_return;
        downstream = tlsStream(std::move(layer), identity->server);
    } else {
        downstream = plainStream(std::move(socket));
    }
    const ConnectionSet::Member member(self->m_connections, *downstream);

    beast::flat_buffer buffer;
    const asio::mutable_buffer space = buffer.prepare(8192);
    const auto [error, size] = co_await downstream->read(space);
    if (error)
        co_return;
    buffer.commit(size);
    const std::string_view start(static_cast<const char *>(buffer.data().data()), buffer.size());
    if (looksLikeHttp(start)) {
        const std::string serverName = first.hello.serverName;
        co_await serveInboundHttp(self, *downstream, buffer, port, peer, serverName);
        co_return;
    }

    AccessLogEntry entry;
    entry.tcp = true;
    entry.upstreamCluster = "inbound|" + std::to_string(port) + "||";
    entry.upstreamHost = self->m_options.ip + ":" + std::to_string(port);
    entry.downstreamLocal = entry.upstreamHost;
    entry.downstreamRemote = peer;
    Dialled application = co_await self->dialApplication(port);
    if (!application.connection) {
        entry.flags = "UF,URX";
        entry.transportFailure = application.transportFailure;
        self->logLine(entry);
        downstream->close();
        co_return;
    }
    const ConnectionSet::Member upstreamMember(self->m_connections, *application.connection->stream);
    const asio::const_buffer taken = buffer.data();
    const auto [writeError, written] = co_await application.connection->stream->write(taken);
    if (!writeError)
        co_await splice(*downstream, *application.connection->stream);
    self->logLine(entry);
}

asio::awaitable<Sidecar::Dialled> Sidecar::dialApplication(unsigned short port)
{
    Dialled result;
    tcp::socket socket(m_io);
    ErrorCode error;
    const auto ip = asio::ip::make_address_v4(m_options.applicationIp, error);
    if (!error)
        socket.open(tcp::v4(), error);
    if (!error) {
        const tcp::endpoint there(ip, rangePort(port));
        const auto [failed] = co_await socket.async_connect(there, awaiting);
        error = failed;
    }
    if (error) {
        result.failure = Failure::Connect;
        result.transportFailure = "delayed connect error: " + error.message();
        co_return result;
    }
    tune(socket);
    result.connection = std::make_unique<Connection>();
    result.connection->stream = plainStream(std::move(socket));
    co_return result;
}

asio::awaitable<void> Sidecar::serveInboundHttp(std::shared_ptr<Sidecar> self, ByteStream &downstream, beast::flat_buffer &buffer,
    unsigned short port, std::string peer, std::string serverName)
{
    std::unique_ptr<Connection> application;
    for (;;) {
        http::request_parser<http::string_body> parser;
        if (const ErrorCode error = co_await readMessage(downstream, buffer, parser)) {
            downstream.close();
            co_return;
        }
        const HttpRequest &request = parser.get();
        AccessLogEntry entry;
        entry.inbound = true;
        entry.method = request.method_string();
        entry.path = request.target();
        entry.userAgent = request[http::field::user_agent];
        entry.requestId = request["x-request-id"];
        entry.authority = request[http::field::host];
        entry.received = request.body().size();
        entry.upstreamCluster = "inbound|" + std::to_string(port) + "||";
        entry.downstreamLocal = self->m_options.ip + ":" + std::to_string(port);
        entry.downstreamRemote = peer + ":0";
        entry.serverName = serverName.empty() ? "-" : serverName;
        entry.route = "default";
        const bool toHead = request.method() == http::verb::head;
        const std::string bytes = requestBytes(request);

        Attempt answer;
        for (;;) {
            const bool fresh = !application || application->stream->isStale();
            if (fresh) {
                Dialled dialled = co_await self->dialApplication(port);
                application = std::move(dialled.connection);
                answer.failure = dialled.failure;
                answer.transportFailure = dialled.transportFailure;
                if (!application)
                    break;
            }
            Running running(*self, downstream);
            running.upstream = application->stream.get();
            const ConnectionSet::Member member(self->m_connections, *application->stream);
            const asio::const_buffer all(bytes.data(), bytes.size());
            const auto [writeError, written] = co_await application->stream->write(all);
            http::response_parser<http::string_body> answerParser;
            answerParser.skip(toHead);
            ErrorCode error = writeError;
            if (!error)
                error = co_await readMessage(*application->stream, application->buffer, answerParser);
            if (running.abandoned) {
                entry.flags = "DC";
                entry.details = "downstream_remote_disconnect";
                self->logLine(entry);
                co_return;
            }
            if (!error) {
                answer.response = answerParser.release();
                if (!answer.response.keep_alive())
                    application->stream->close();
                break;
            }
            answer.failure = Failure::Reset;
            application.reset();
            break;
        }

        HttpResponse response;
        if (answer.failure != Failure::None) {
            response = localReply(503, failureBody(answer, false));
            entry.flags = answer.failure == Failure::Connect ? "UF" : "UC";
            entry.details = answer.failure == Failure::Connect ? "upstream_reset_before_response_started{remote_connection_failure}"
                                                               : "upstream_reset_before_response_started{connection_termination}";
            if (!answer.transportFailure.empty())
                entry.transportFailure = answer.transportFailure;
        } else {
            response = std::move(answer.response);
            response.set(http::field::server, "istio-envoy");
            entry.details = "via_upstream";
            entry.upstreamHost = self->m_options.ip + ":" + std::to_string(port);
            const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - entry.began).count();
            entry.serviceTime = took;
            response.set("x-envoy-upstream-service-time", std::to_string(took));
        }
        entry.status = response.result_int();
        entry.sent = response.body().size();
        const bool keepAlive = request.keep_alive();
        const std::string out = responseBytes(response, keepAlive, toHead);
        self->logLine(entry);
        const asio::const_buffer all(out.data(), out.size());
        const auto [error, written] = co_await downstream.write(all);
        if (error || !keepAlive) {
            downstream.close();
            co_return;
        }
    }
}

} // namespace catamaran::lab
