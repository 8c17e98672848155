// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/bytestream.h"

#include <boost/asio/write.hpp>

#include <array>
#include <sys/socket.h>

namespace catamaran::lab {

namespace {

class PlainStream final : public ByteStream {
public:
    explicit PlainStream(std::unique_ptr<FabricStream> stream)
        : m_stream(std::move(stream))
    {
    }
    asio::awaitable<Transferred> read(asio::mutable_buffer buffer) override
    {
        const auto [error, size] = co_await m_stream->async_read_some(buffer, awaiting);
        co_return Transferred { error, size };
    }
    asio::awaitable<Transferred> write(asio::const_buffer buffer) override
    {
        const auto [error, size] = co_await asio::async_write(*m_stream, buffer, awaiting);
        co_return Transferred { error, size };
    }
    bool finishWriting() override
    {
        ErrorCode ignored;
        m_stream->next_layer().shutdown(tcp::socket::shutdown_send, ignored);
        return true;
    }
    void close() override { m_stream->close(); }
    tcp::socket &socket() override { return m_stream->next_layer(); }

private:
    std::unique_ptr<FabricStream> m_stream;
};

class TlsStream final : public ByteStream {
public:
    TlsStream(std::unique_ptr<TlsLayer> stream, std::shared_ptr<ssl::context> context)
        : m_context(std::move(context))
        , m_stream(std::move(stream))
    {
    }
    asio::awaitable<Transferred> read(asio::mutable_buffer buffer) override
    {
        const auto [error, size] = co_await m_stream->async_read_some(buffer, awaiting);
        co_return Transferred { error == ssl::error::stream_truncated ? ErrorCode(asio::error::eof) : error, size };
    }
    asio::awaitable<Transferred> write(asio::const_buffer buffer) override
    {
        const auto [error, size] = co_await asio::async_write(*m_stream, buffer, awaiting);
        co_return Transferred { error, size };
    }
    bool finishWriting() override { return false; }
    void close() override { m_stream->next_layer().close(); }
    tcp::socket &socket() override { return m_stream->next_layer().next_layer(); }

private:
    std::shared_ptr<ssl::context> m_context;
    std::unique_ptr<TlsLayer> m_stream;
};

asio::awaitable<void> copyOneWay(ByteStream &from, ByteStream &to)
{
    std::array<char, 16384> buffer;
    for (;;) {
        const auto [readError, size] = co_await from.read(asio::buffer(buffer));
        if (readError == asio::error::eof) {
            if (!to.finishWriting())
                to.close();
            co_return;
        }
        if (!readError) {
            const asio::const_buffer part(buffer.data(), size);
            const auto [writeError, written] = co_await to.write(part);
            if (!writeError)
                continue;
        }
        // A reset is passed on as one.
        ErrorCode ignored;
        if (readError == asio::error::connection_reset)
            to.socket().set_option(asio::socket_base::linger(true, 0), ignored);
        from.close();
        to.close();
        co_return;
    }
}

/// A cursor over the bytes of a TLS message; everything it cannot read is "too short".
struct Cursor {
    std::string_view rest;
    bool good = true;

    std::size_t number(std::size_t bytes)
    {
        if (rest.size() < bytes) {
            good = false;
            return 0;
        }
        std::size_t value = 0;
        for (std::size_t i = 0; i < bytes; ++i)
            value = value << 8 | static_cast<unsigned char>(rest[i]);
        rest.remove_prefix(bytes);
        return value;
    }
    Cursor part(std::size_t lengthBytes)
    {
        const std::size_t length = number(lengthBytes);
        if (!good || rest.size() < length) {
            good = false;
            return { {}, false };
        }
        Cursor inner { rest.substr(0, length) };
        rest.remove_prefix(length);
        return inner;
    }
};

} // namespace

bool ByteStream::isStale()
{
    char byte;
    if (!socket().is_open())
        return true;
    const auto size = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

bool ByteStream::peerHasGone()
{
    char byte;
    if (!socket().is_open())
        return true;
    const auto size = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return size == 0 || (size < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

std::unique_ptr<ByteStream> plainStream(std::unique_ptr<FabricStream> stream)
{
    return std::make_unique<PlainStream>(std::move(stream));
}

std::unique_ptr<ByteStream> plainStream(tcp::socket socket)
{
    return plainStream(std::make_unique<FabricStream>(std::move(socket), nullptr));
}

std::unique_ptr<ByteStream> tlsStream(std::unique_ptr<TlsLayer> stream, std::shared_ptr<ssl::context> context)
{
    return std::make_unique<TlsStream>(std::move(stream), std::move(context));
}

void ConnectionSet::closeAll()
{
    for (auto *stream : std::set<ByteStream *>(m_streams))
        stream->close();
}

asio::awaitable<void> splice(ByteStream &a, ByteStream &b)
{
    // Both directions run on their own; the second to end wakes this one.
    const auto executor = co_await asio::this_coro::executor;
    struct Shared {
        explicit Shared(const asio::any_io_executor &on)
            : back(on)
        {
            back.expires_at(SteadyTime::max());
        }
        asio::steady_timer back;
        bool done = false;
    };
    const auto shared = std::make_shared<Shared>(executor);
    asio::co_spawn(executor, copyOneWay(b, a), [shared](const std::exception_ptr &) {
        shared->done = true;
        shared->back.cancel();
    });
    co_await copyOneWay(a, b);
    while (!shared->done)
        (void)co_await shared->back.async_wait(awaiting);
    a.close();
    b.close();
}

bool ClientHello::speaksIstio() const
{
    for (const auto &protocol : alpn) {
        if (protocol == "istio" || protocol == "istio-peer-exchange" || protocol == "istio-http/1.0" || protocol == "istio-http/1.1"
            || protocol == "istio-h2")
            return true;
    }
    return false;
}

FirstBytes readClientHello(std::string_view bytes, ClientHello &hello)
{
    if (bytes.empty())
        return FirstBytes::Incomplete;
    if (bytes[0] != 0x16)
        return FirstBytes::Plain;
    Cursor record { bytes };
    record.number(3);
    Cursor handshake = record.part(2);
    if (!handshake.good)
        return FirstBytes::Incomplete;
    if (handshake.number(1) != 1)
        return FirstBytes::Tls;
    Cursor body = handshake.part(3);
    body.number(2);
    if (body.good && body.rest.size() >= 32)
        body.rest.remove_prefix(32);
    (void)body.part(1);
    (void)body.part(2);
    (void)body.part(1);
    Cursor extensions = body.part(2);
    while (extensions.good && !extensions.rest.empty()) {
        const std::size_t type = extensions.number(2);
        Cursor extension = extensions.part(2);
        if (type == 0) {
            Cursor names = extension.part(2);
            if (names.number(1) == 0) {
                const Cursor name = names.part(2);
                if (name.good)
                    hello.serverName = std::string(name.rest);
            }
        } else if (type == 16) {
            Cursor list = extension.part(2);
            while (list.good && !list.rest.empty()) {
                const Cursor protocol = list.part(1);
                if (protocol.good)
                    hello.alpn.emplace_back(protocol.rest);
            }
        }
    }
    return FirstBytes::Tls;
}

asio::awaitable<Peeked> peekFirstBytes(tcp::socket &socket)
{
    Peeked result;
    std::array<char, 4096> bytes;
    asio::steady_timer pause(socket.get_executor());
    for (int attempt = 0; attempt < 200; ++attempt) {
        const auto [error] = co_await socket.async_wait(tcp::socket::wait_read, awaiting);
        if (error) {
            result.error = error;
            co_return result;
        }
        const auto size = ::recv(socket.native_handle(), bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
        if (size == 0) {
            result.error = asio::error::eof;
            co_return result;
        }
        if (size < 0) {
            if (errno == EAGAIN)
                continue;
            result.error = ErrorCode(errno, boost::system::system_category());
            co_return result;
        }
        const std::string_view view(bytes.data(), static_cast<std::size_t>(size));
        result.hello = {};
        const FirstBytes first = readClientHello(view, result.hello);
        if (first == FirstBytes::Plain)
            result.plainStart = std::string(view.substr(0, 16));
        if (first != FirstBytes::Incomplete) {
            result.tls = first == FirstBytes::Tls;
            co_return result;
        }
        // The rest of the message is on its way; the socket stays readable meanwhile.
        pause.expires_after(std::chrono::milliseconds(5));
        (void)co_await pause.async_wait(awaiting);
    }
    result.error = asio::error::timed_out;
    co_return result;
}

} // namespace catamaran::lab
