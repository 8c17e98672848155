// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/awaiting.h"
#include "lab/kube/execsession.h"
#include "lab/kube/spdy.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace catamaran::lab {

namespace {

constexpr auto streamsTime = std::chrono::seconds(30);
constexpr auto farewellTime = std::chrono::seconds(5);

/// Exec over SPDY/3.1: a stream for each channel, opened by the client (facts kubernetes-wire 4).
class SpdySession final : public ExecSession {
public:
    SpdySession(std::shared_ptr<void> owner, TlsStream &stream)
        : ExecSession(std::move(owner), stream.get_executor())
        , m_stream(stream)
        , m_farewell(stream.get_executor())
    {
    }

    void add(std::string_view bytes) { m_reader.add(bytes); }

    /// Takes all whole frames; false when the client said goodbye or makes no sense.
    bool takeFrames()
    {
        while (auto frame = m_reader.next()) {
            if (!take(*frame))
                return false;
        }
        return !m_reader.hasFailed();
    }

    [[nodiscard]] bool hasStreams(const ExecPlan &plan) const
    {
        const auto has = [this](ExecChannel channel) { return m_streams.contains(channel); };
        return has(ExecChannel::Status) && (!plan.request.stdinOpen || has(ExecChannel::Stdin))
            && (!plan.wantsStdout || has(ExecChannel::Stdout)) && (!plan.wantsStderr || has(ExecChannel::Stderr))
            && (!plan.request.tty || has(ExecChannel::Resize));
    }

    /// Input that came with the streams, before there was a command.
    void flushEarly()
    {
        m_started = true;
        input(m_early);
        m_early.clear();
        if (m_earlyEnd)
            inputEnds();
    }

    asio::awaitable<std::size_t> read(asio::mutable_buffer buffer)
    {
        const auto [error, size] = co_await m_stream.async_read_some(buffer, awaiting);
        co_return error ? 0 : size;
    }

    asio::awaitable<bool> sendReplies()
    {
        const auto replies = std::exchange(m_replies, {});
        if (replies.empty())
            co_return true;
        const bool sent = co_await send(replies);
        co_return sent;
    }

    void readerEnds()
    {
        m_readerEnded = true;
        m_farewell.cancel();
        leave();
    }

    /// The client says goodbye first; closing under its last frames could cut off what it has not read.
    asio::awaitable<void> awaitGoodbye()
    {
        if (m_readerEnded)
            co_return;
        m_farewell.expires_after(farewellTime);
        co_await m_farewell.async_wait(awaiting);
    }

protected:
    asio::awaitable<bool> send(const std::string &message) override
    {
        const auto buffer = asio::buffer(message);
        const auto [failed, sent] = co_await asio::async_write(m_stream, buffer, awaiting);
        (void)sent;
        co_return !failed;
    }
    std::string framed(ExecChannel channel, std::string_view bytes) const override
    {
        return spdy::Writer::data(m_streams.at(channel), bytes);
    }
    void finish(const json::object &status) override
    {
        for (const auto channel : { ExecChannel::Stdout, ExecChannel::Stderr }) {
            if (const auto found = m_streams.find(channel); found != m_streams.end())
                queueRaw(spdy::Writer::data(found->second, {}, true));
        }
        queueRaw(spdy::Writer::data(m_streams.at(ExecChannel::Status), json::serialize(status)));
        queueRaw(spdy::Writer::data(m_streams.at(ExecChannel::Status), {}, true));
    }

private:
    bool take(const spdy::Frame &frame)
    {
        switch (frame.kind) {
        case spdy::Kind::SynStream: return open(frame);
        case spdy::Kind::Ping:
            // Odd numbers are the client's; they come back as they are.
            if (frame.stream % 2 == 1)
                answer(spdy::Writer::ping(frame.stream));
            return true;
        case spdy::Kind::Data: receive(frame); return true;
        case spdy::Kind::GoAway: return false;
        default: return true;
        }
    }

    bool open(const spdy::Frame &frame)
    {
        static const std::map<std::string, ExecChannel> types { { "error", ExecChannel::Status }, { "stdin", ExecChannel::Stdin },
            { "stdout", ExecChannel::Stdout }, { "stderr", ExecChannel::Stderr }, { "resize", ExecChannel::Resize } };
        const auto header = frame.headers.find("streamtype");
        const auto type = header == frame.headers.end() ? types.end() : types.find(header->second);
        if (type == types.end() || !m_streams.emplace(type->second, frame.stream).second)
            return false;
        answer(m_writer.synReply(frame.stream));
        return true;
    }

    void receive(const spdy::Frame &frame)
    {
        const auto is = [&](ExecChannel channel) {
            const auto found = m_streams.find(channel);
            return found != m_streams.end() && found->second == frame.stream;
        };
        if (is(ExecChannel::Stdin)) {
            if (m_started) {
                input(frame.data);
                if (frame.fin)
                    inputEnds();
            } else {
                m_early += frame.data;
                m_earlyEnd = m_earlyEnd || frame.fin;
            }
        } else if (is(ExecChannel::Resize) && !frame.data.empty()) {
            resize(frame.data);
        }
    }

    /// Two coroutines never write at once: before the start the reader does, then the writer of the queue.
    void answer(std::string frame)
    {
        if (m_started)
            queueRaw(std::move(frame));
        else
            m_replies += frame;
    }

    TlsStream &m_stream;
    asio::steady_timer m_farewell;
    spdy::Reader m_reader;
    spdy::Writer m_writer;
    std::map<ExecChannel, std::uint32_t> m_streams;
    std::string m_replies, m_early;
    bool m_started = false, m_earlyEnd = false, m_readerEnded = false;
};

asio::awaitable<void> readLoop(std::shared_ptr<SpdySession> session)
{
    std::vector<char> bytes(64U << 10);
    while (session->takeFrames()) {
        const auto buffer = asio::buffer(bytes);
        const auto size = co_await session->read(buffer);
        if (size == 0)
            break;
        session->add({ bytes.data(), size });
    }
    session->readerEnds();
}

asio::awaitable<bool> awaitStreams(std::shared_ptr<SpdySession> session, const ExecPlan &plan)
{
    std::vector<char> bytes(64U << 10);
    while (true) {
        if (!session->takeFrames())
            co_return false;
        const bool sent = co_await session->sendReplies();
        if (!sent)
            co_return false;
        if (session->hasStreams(plan))
            co_return true;
        const auto buffer = asio::buffer(bytes);
        const auto size = co_await session->read(buffer);
        if (size == 0)
            co_return false;
        session->add({ bytes.data(), size });
    }
}

} // namespace

asio::awaitable<void> runSpdyExec(
    std::shared_ptr<void> owner, TlsStream &stream, std::shared_ptr<Api> api, std::string early, ExecPlan plan)
{
    auto session = std::make_shared<SpdySession>(owner, stream);
    http::response<http::empty_body> response(http::status::switching_protocols, 11);
    response.set(http::field::connection, "Upgrade");
    response.set(http::field::upgrade, "SPDY/3.1");
    response.set("X-Stream-Protocol-Version", plan.protocol);
    const auto [refused, written] = co_await http::async_write(stream, response, awaiting);
    (void)written;
    if (refused)
        co_return;
    stream.next_layer().expires_after(streamsTime);
    session->add(early);
    const bool complete = co_await awaitStreams(session, plan);
    if (!complete)
        co_return;
    stream.next_layer().expires_never();
    session->start(*api, std::move(plan));
    session->flushEarly();

    asio::co_spawn(stream.get_executor(), readLoop(session), asio::detached);
    const std::shared_ptr<ExecSession> writing = session;
    const bool ended = co_await ExecSession::writeAll(writing);
    session->release();
    if (ended)
        co_await session->awaitGoodbye();
}

} // namespace catamaran::lab
