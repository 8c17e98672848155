// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/connection.h"
#include "lab/kube/execprotocol.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <deque>

namespace catamaran::lab {

namespace {

    namespace websocket = beast::websocket;
    constexpr auto awaiting = asio::as_tuple(asio::use_awaitable);
    constexpr std::size_t messageSize = 32U << 10;
    constexpr std::size_t pauseAbove = 4U << 20;
    constexpr std::size_t resumeBelow = 1U << 20;

    using Socket = websocket::stream<TlsStream &>;

    /// One exec session. Shared by the coroutines and the process's callbacks, which may outlive the client.
    struct Session : std::enable_shared_from_this<Session> {
        Session(std::shared_ptr<void> keeper, TlsStream &stream, std::string name)
            : owner(std::move(keeper))
            , socket(stream)
            , protocol(std::move(name))
            , timer(stream.get_executor())
        {
        }

        void queue(ExecChannel channel, std::string_view bytes)
        {
            if (gone)
                return;
            do {
                std::string message(1, static_cast<char>(channel));
                message += bytes.substr(0, messageSize);
                bytes.remove_prefix(std::min(bytes.size(), messageSize));
                queued += message.size();
                outgoing.push_back(std::move(message));
            } while (!bytes.empty());
            if (!paused && queued > pauseAbove && process) {
                paused = true;
                process->setOutputPaused(true);
            }
            timer.cancel();
        }
        void end(const json::object &status)
        {
            if (ended)
                return;
            queue(ExecChannel::Status, json::serialize(status));
            ended = true;
            timer.cancel();
        }
        void receive(std::string_view message)
        {
            if (message.empty() || !process || ended)
                return;
            const auto channel = static_cast<ExecChannel>(message.front());
            message.remove_prefix(1);
            if (channel == ExecChannel::Stdin && wantsStdin && !stdinClosed && !message.empty()) {
                process->writeStdin(message);
            } else if (channel == ExecChannel::Close && protocol == "v5.channel.k8s.io" && message == std::string_view("\0", 1) && !stdinClosed) {
                stdinClosed = true;
                process->closeStdin();
            } else if (channel == ExecChannel::Resize) {
                boost::system::error_code error;
                const auto size = json::parse(json::string_view(message.data(), message.size()), error);
                const auto *width = error ? nullptr : at(size, { "Width" });
                const auto *height = error ? nullptr : at(size, { "Height" });
                if (width && height && width->is_int64() && height->is_int64())
                    process->resize(static_cast<int>(width->as_int64()), static_cast<int>(height->as_int64()));
            }
        }
        void leave()
        {
            gone = true;
            timer.cancel();
        }

        std::shared_ptr<void> owner; ///< of the stream below the socket; first, so that it goes last
        Socket socket;
        std::string protocol;
        asio::steady_timer timer; ///< wakes the writer
        std::deque<std::string> outgoing;
        std::size_t queued = 0;
        std::unique_ptr<ExecProcess> process;
        bool wantsStdin = false, stdinClosed = false, paused = false, ended = false, gone = false;
    };

    asio::awaitable<void> readLoop(std::shared_ptr<Session> session)
    {
        beast::flat_buffer buffer;
        while (!session->gone) {
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

asio::awaitable<void> runExec(std::shared_ptr<void> owner, TlsStream &stream, std::shared_ptr<Api> api, std::shared_ptr<const HttpRequest> handshake, ExecPlan plan)
{
    auto session = std::make_shared<Session>(owner, stream, plan.protocol);
    auto &socket = session->socket;
    websocket::stream_base::timeout timeouts {};
    timeouts.handshake_timeout = std::chrono::seconds(10);
    timeouts.idle_timeout = std::chrono::hours(4);
    timeouts.keep_alive_pings = false;
    socket.set_option(timeouts);
    const std::string chosen = plan.protocol;
    socket.set_option(websocket::stream_base::decorator([chosen](websocket::response_type &response) { response.set(http::field::sec_websocket_protocol, chosen); }));
    socket.auto_fragment(false);
    socket.read_message_max(32U << 20);
    const HttpRequest &request = *handshake;
    const auto [refused] = co_await socket.async_accept(request, awaiting);
    if (refused)
        co_return;
    socket.binary(true);

    // The ready sign: an empty message on the lowest output channel.
    if (plan.wantsStdout || plan.wantsStderr)
        session->queue(plan.wantsStdout ? ExecChannel::Stdout : ExecChannel::Stderr, {});
    session->wantsStdin = plan.request.stdinOpen;
    std::weak_ptr<Session> weak = session;
    const bool wantsStdout = plan.wantsStdout, wantsStderr = plan.wantsStderr;
    plan.request.onStdout = [weak, wantsStdout](std::string_view bytes) {
        if (const auto alive = weak.lock(); alive && wantsStdout && !bytes.empty())
            alive->queue(ExecChannel::Stdout, bytes);
    };
    plan.request.onStderr = [weak, wantsStderr](std::string_view bytes) {
        if (const auto alive = weak.lock(); alive && wantsStderr && !bytes.empty())
            alive->queue(ExecChannel::Stderr, bytes);
    };
    plan.request.onExit = [weak](int exitCode) {
        if (const auto alive = weak.lock())
            alive->end(execStatus(exitCode));
    };
    std::string error;
    auto *runtime = api->runtime();
    if (runtime) {
        ExecRequest wanted = std::move(plan.request);
        session->process = runtime->exec(std::move(wanted), error);
    }
    if (!session->process)
        session->end(execFailure(error.empty() ? "the container runtime does not answer" : error));

    asio::co_spawn(stream.get_executor(), readLoop(session), asio::detached);
    while (!session->gone) {
        if (!session->outgoing.empty()) {
            const std::string message = std::move(session->outgoing.front());
            session->outgoing.pop_front();
            const auto buffer = asio::buffer(message);
            const auto [failed, sent] = co_await socket.async_write(buffer, awaiting);
            (void)sent;
            if (failed)
                break;
            session->queued -= std::min(session->queued, message.size());
            if (session->paused && session->queued < resumeBelow && session->process) {
                session->paused = false;
                session->process->setOutputPaused(false);
            }
            continue;
        }
        if (session->ended) {
            const websocket::close_reason reason(websocket::close_code::normal);
            co_await socket.async_close(reason, awaiting);
            break;
        }
        session->timer.expires_after(std::chrono::hours(1));
        co_await session->timer.async_wait(awaiting);
    }
    session->gone = true;
    // The command outlives its client, as with a real kubelet.
    if (!session->ended && session->process)
        session->process->detach();
    session->process.reset();
}

} // namespace catamaran::lab
