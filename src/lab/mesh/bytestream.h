// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/fabricstream.h"

#include <memory>
#include <set>
#include <tuple>

namespace catamaran::lab {

using Transferred = std::tuple<ErrorCode, std::size_t>;

/// A connection of the data plane, plain or TLS. One reader and one writer at a time.
class ByteStream {
public:
    virtual ~ByteStream() = default;
    /// Reads at least one byte; asio::error::eof at the end (a TLS peer that just closes counts as the end, too).
    virtual asio::awaitable<Transferred> read(asio::mutable_buffer buffer) = 0;
    /// Writes everything.
    virtual asio::awaitable<Transferred> write(asio::const_buffer buffer) = 0;
    /// Tells the other side that nothing more comes. False when the kind of stream cannot do it alone.
    virtual bool finishWriting() = 0;
    /// Ends it at once; pending operations fail.
    virtual void close() = 0;
    [[nodiscard]] virtual tcp::socket &socket() = 0;
    /// The other side has closed, or sent what nobody asked for: an idle connection in this state must not be used.
    [[nodiscard]] bool isStale();
    /// The other side has closed its connection (bytes that wait to be read do not count).
    [[nodiscard]] bool peerHasGone();
};

using TlsLayer = ssl::stream<FabricStream>;

[[nodiscard]] std::unique_ptr<ByteStream> plainStream(std::unique_ptr<FabricStream> stream);
[[nodiscard]] std::unique_ptr<ByteStream> plainStream(tcp::socket socket);
/// @p stream has completed its handshake; @p context lives as long as it does.
[[nodiscard]] std::unique_ptr<ByteStream> tlsStream(std::unique_ptr<TlsLayer> stream, std::shared_ptr<ssl::context> context);

/// The open connections of one owner, so that its end is theirs.
class ConnectionSet {
public:
    class Member {
    public:
        Member(ConnectionSet &set, ByteStream &stream)
            : m_set(set)
            , m_stream(stream)
        {
            m_set.m_streams.insert(&m_stream);
        }
        ~Member() { m_set.m_streams.erase(&m_stream); }
        Member(const Member &) = delete;
        Member &operator=(const Member &) = delete;

    private:
        ConnectionSet &m_set;
        ByteStream &m_stream;
    };

    void closeAll();
    [[nodiscard]] const std::set<ByteStream *> &streams() const { return m_streams; }

private:
    std::set<ByteStream *> m_streams;
};

/// Copies bytes both ways until both directions have ended or one has failed. Both streams are closed afterwards.
[[nodiscard]] asio::awaitable<void> splice(ByteStream &a, ByteStream &b);

/// What a TLS client says first.
struct ClientHello {
    std::string serverName;
    std::vector<std::string> alpn;
    /// One of the protocols that Istio's filter chains demand.
    [[nodiscard]] bool speaksIstio() const;
};
enum class FirstBytes { Tls, Plain, Incomplete };
/// Looks at the first bytes of a connection. Pure.
[[nodiscard]] FirstBytes readClientHello(std::string_view bytes, ClientHello &hello);

struct Peeked {
    ErrorCode error;
    bool tls = false;
    ClientHello hello;
    std::string plainStart; ///< the first bytes when it is not TLS
};
/// Waits for the first bytes of @p socket without taking them.
[[nodiscard]] asio::awaitable<Peeked> peekFirstBytes(tcp::socket &socket);

} // namespace catamaran::lab
