// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/execsession.h"

#include "lab/kube/awaiting.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

namespace catamaran::lab {

namespace {

namespace websocket = beast::websocket;

/// Exec over a WebSocket: the first byte of each message is the channel.
class WebSocketSession final : public ExecSession {
public:
    WebSocketSession(std::shared_ptr<void> owner, TlsStream &stream, std::string name)
        : ExecSession(std::move(owner), stream.get_executor())
        , socket(stream)
        , protocol(std::move(name))
    {
    }

    /// The ready sign: an empty message on the lowest output channel.
    void sayReady(const ExecPlan &plan)
    {
        if (plan.wantsStdout || plan.wantsStderr)
            queue(plan.wantsStdout ? ExecChannel::Stdout : ExecChannel::Stderr, {});
    }

    void receive(std::string_view message)
    {
        if (message.empty())
            return;
        const auto channel = static_cast<ExecChannel>(message.front());
        message.remove_prefix(1);
        if (channel == ExecChannel::Stdin)
            input(message);
        else if (channel == ExecChannel::Close && protocol == "v5.channel.k8s.io" && message == std::string_view("\0", 1))
            inputEnds();
        else if (channel == ExecChannel::Resize)
            resize(message);
    }

    websocket::stream<TlsStream &> socket;
    std::string protocol;

protected:
    asio::awaitable<bool> send(const std::string &message) override
    {
        const auto buffer = asio::buffer(message);
        const auto [failed, sent] = co_await socket.async_write(buffer, awaiting);
        (void)sent;
        co_return !failed;
    }
    std::string framed(ExecChannel channel, std::string_view bytes) const override
    {
        std::string message(1, static_cast<char>(channel));
        message += bytes;
        return message;
    }
    void finish(const json::object &status) override { queue(ExecChannel::Status, json::serialize(status)); }
};

asio::awaitable<void> readLoop(std::shared_ptr<WebSocketSession> session)
{
    beast::flat_buffer buffer;
    while (!session->isGone()) {
        const auto [error, size] = co_await session->socket.async_read(buffer, awaiting);
        (void)size;
        if (error || !session->socket.got_binary())
            break;
        const auto data = buffer.data();
        session->receive({ static_cast<const char *>(data.data()), data.size() });
        buffer.consume(buffer.size());
    }
    session->leave();
}

} // namespace

asio::awaitable<void> runExec(
    std::shared_ptr<void> owner, TlsStream &stream, std::shared_ptr<Api> api, std::shared_ptr<const HttpRequest> handshake, ExecPlan plan)
{
    auto session = std::make_shared<WebSocketSession>(owner, stream, plan.protocol);
    auto &socket = session->socket;
    websocket::stream_base::timeout timeouts {};
    timeouts.handshake_timeout = std::chrono::seconds(10);
    timeouts.idle_timeout = std::chrono::hours(4);
    timeouts.keep_alive_pings = false;
    socket.set_option(timeouts);
    const std::string chosen = plan.protocol;
    socket.set_option(websocket::stream_base::decorator(
        [chosen](websocket::response_type &response) { response.set(http::field::sec_websocket_protocol, chosen); }));
    socket.auto_fragment(false);
    socket.read_message_max(32U << 20);
    const HttpRequest &request = *handshake;
    const auto [refused] = co_await socket.async_accept(request, awaiting);
    if (refused)
        co_return;
    socket.binary(true);
    session->sayReady(plan);
    session->start(*api, std::move(plan));

    asio::co_spawn(stream.get_executor(), readLoop(session), asio::detached);
    const std::shared_ptr<ExecSession> writing = session;
    const bool ended = co_await ExecSession::writeAll(writing);
    if (ended) {
        const websocket::close_reason reason(websocket::close_code::normal);
        co_await socket.async_close(reason, awaiting);
    }
    session->release();
}

} // namespace catamaran::lab
