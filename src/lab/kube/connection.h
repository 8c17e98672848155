// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/api.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <memory>

namespace catamaran::lab {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

using TlsStream = asio::ssl::stream<beast::tcp_stream>;
using HttpRequest = http::request<http::string_body>;

/// One client's TLS connection: requests one after the other, until a watch, a log or an exec takes it over. Kept alive
/// by its own coroutine; close() ends it as a dead server would.
class Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(asio::ip::tcp::socket socket, asio::ssl::context &context, std::shared_ptr<Api> api,
        std::shared_ptr<const std::vector<ApiServerOptions::Token>> tokens, std::shared_ptr<CallGate> gate);

    /// The whole life of the connection.
    asio::awaitable<void> run(std::shared_ptr<Connection> self);
    void close();

private:
    asio::awaitable<bool> answer(std::shared_ptr<const HttpRequest> message);
    asio::awaitable<bool> sendAnswer(const HttpRequest &message, ApiAnswer answer);
    asio::awaitable<void> streamWatch(WatchPlan plan);
    asio::awaitable<void> streamLog(LogPlan plan);
    asio::awaitable<void> refuseLargeBody();
    [[nodiscard]] ApiUser userOf(const HttpRequest &message) const;

    struct Pulse; ///< wakes a streaming coroutine
    asio::awaitable<bool> openStream(const char *contentType);
    asio::awaitable<bool> sendChunk(const std::string &bytes);
    asio::awaitable<void> endStream();
    static asio::awaitable<void> watchForEnd(std::shared_ptr<Connection> self, std::shared_ptr<Pulse> pulse);

    std::unique_ptr<TlsStream> m_stream;
    std::shared_ptr<Api> m_api;
    std::shared_ptr<const std::vector<ApiServerOptions::Token>> m_tokens;
    std::shared_ptr<CallGate> m_gate; ///< may be null
    beast::flat_buffer m_buffer;
    ApiUser m_certificateUser;
    bool m_closed = false;
    bool m_takenOver = false; ///< by a stream, whose reader may still wait
};

/// exec.cpp: speaks the channels of exec on an upgraded connection until the command has ended or the client has gone.
/// @p owner keeps @p stream.
asio::awaitable<void> runExec(
    std::shared_ptr<void> owner, TlsStream &stream, std::shared_ptr<Api> api, std::shared_ptr<const HttpRequest> handshake, ExecPlan plan);

/// spdyexec.cpp: the same over SPDY/3.1, as kubectl up to 1.29 wants it. @p early: what came behind the request's head.
asio::awaitable<void> runSpdyExec(
    std::shared_ptr<void> owner, TlsStream &stream, std::shared_ptr<Api> api, std::string early, ExecPlan plan);

/// gzip, level 1, as the server packs large answers.
[[nodiscard]] std::string gzipped(std::string_view bytes);

} // namespace catamaran::lab
