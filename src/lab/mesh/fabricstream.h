// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/cut.h"
#include "lab/mesh/net.h"

#include <boost/asio/compose.hpp>

#include <chrono>
#include <memory>

namespace catamaran::lab {

/// The line between two physical networks.
struct Line {
    Cut cut = Cut::No;
    std::chrono::milliseconds oneWay { 0 };
};

/// One end of a TCP connection that may cross a Line. The stream at the dialling end stands for the line: what it sends
/// or receives takes the line's delay, and while the line is cut nothing passes in either direction. A line that heals
/// delivers what was on the way, as retransmission would; one that stays dead ends in a time-out. One that refuses resets the
/// connection as soon as something is sent.
class FabricStream {
public:
    using next_layer_type = tcp::socket;
    using lowest_layer_type = tcp::socket;
    using executor_type = tcp::socket::executor_type;

    /// How long unacknowledged data keeps a connection alive. Linux gives up after about a quarter of an hour; a drill
    /// should see the end of a dead connection, too.
    static constexpr std::chrono::seconds deadLine { 60 };
    static constexpr std::chrono::milliseconds look { 50 };

    FabricStream(tcp::socket socket, std::shared_ptr<Line> line)
        : m_socket(std::move(socket))
        , m_line(std::move(line))
        , m_readTimer(m_socket.get_executor())
        , m_writeTimer(m_socket.get_executor())
    {
    }
    FabricStream(FabricStream &&) = default;

    executor_type get_executor() { return m_socket.get_executor(); }
    tcp::socket &next_layer() { return m_socket; }
    const tcp::socket &next_layer() const { return m_socket; }
    lowest_layer_type &lowest_layer() { return m_socket; }
    const lowest_layer_type &lowest_layer() const { return m_socket; }

    void close()
    {
        ErrorCode ignored;
        m_socket.close(ignored);
        m_readTimer.cancel();
        m_writeTimer.cancel();
    }

    template <typename Buffers, typename Token> auto async_read_some(const Buffers &buffers, Token &&token)
    {
        return asio::async_compose<Token, void(ErrorCode, std::size_t)>(ReadOp<Buffers> { *this, buffers }, token, m_socket);
    }

    template <typename Buffers, typename Token> auto async_write_some(const Buffers &buffers, Token &&token)
    {
        return asio::async_compose<Token, void(ErrorCode, std::size_t)>(WriteOp<Buffers> { *this, buffers }, token, m_socket);
    }

private:
    /// How long to wait before @p timer looks at the line again; zero when the line lets the bytes through.
    [[nodiscard]] std::chrono::milliseconds obstacle(bool &delayed, SteadyTime since) const
    {
        if (!m_line)
            return std::chrono::milliseconds(0);
        if (m_line->cut == Cut::Drop)
            return std::chrono::steady_clock::now() - since < deadLine ? look : std::chrono::milliseconds(0);
        if (!delayed) {
            delayed = true;
            return m_line->oneWay;
        }
        return std::chrono::milliseconds(0);
    }
    [[nodiscard]] ErrorCode state() const
    {
        if (!m_socket.is_open())
            return asio::error::operation_aborted;
        if (m_line && m_line->cut != Cut::No)
            return m_line->cut == Cut::Drop ? asio::error::timed_out : asio::error::connection_reset;
        return {};
    }

    template <typename Buffers> struct ReadOp {
        FabricStream &stream;
        Buffers buffers;
        enum class At { Start, Read, Line } at = At::Start;
        bool delayed = false;
        SteadyTime since {};
        ErrorCode error {};
        std::size_t size = 0;

        template <typename Self> void operator()(Self &self, ErrorCode code = {}, std::size_t bytes = 0)
        {
            switch (at) {
            case At::Start:
                at = At::Read;
                stream.m_socket.async_read_some(buffers, std::move(self));
                return;
            case At::Read:
                error = code;
                size = bytes;
                if (!stream.m_line || code == asio::error::operation_aborted || buffer_size(buffers) == 0) {
                    self.complete(error, size);
                    return;
                }
                at = At::Line;
                since = std::chrono::steady_clock::now();
                [[fallthrough]];
            case At::Line:
                if (stream.m_socket.is_open()) {
                    if (const auto wait = stream.obstacle(delayed, since); wait.count() > 0) {
                        stream.m_readTimer.expires_after(wait);
                        stream.m_readTimer.async_wait(std::move(self));
                        return;
                    }
                }
                if (const ErrorCode now = stream.state())
                    self.complete(now, 0);
                else
                    self.complete(error, size);
                return;
            }
        }
    };

    template <typename Buffers> struct WriteOp {
        FabricStream &stream;
        Buffers buffers;
        enum class At { Start, Line, Written } at = At::Start;
        bool delayed = false;
        SteadyTime since {};

        template <typename Self> void operator()(Self &self, ErrorCode code = {}, std::size_t bytes = 0)
        {
            if (at == At::Written) {
                self.complete(code, bytes);
                return;
            }
            if (stream.m_line) {
                if (at == At::Start) {
                    at = At::Line;
                    since = std::chrono::steady_clock::now();
                }
                if (stream.m_socket.is_open()) {
                    if (const auto wait = stream.obstacle(delayed, since); wait.count() > 0) {
                        stream.m_writeTimer.expires_after(wait);
                        stream.m_writeTimer.async_wait(std::move(self));
                        return;
                    }
                }
                if (const ErrorCode now = stream.state()) {
                    at = At::Written;
                    // Never complete from within the initiating call.
                    asio::post(stream.get_executor(), [self = std::move(self), now]() mutable { self.complete(now, 0); });
                    return;
                }
            }
            at = At::Written;
            stream.m_socket.async_write_some(buffers, std::move(self));
        }
    };

    tcp::socket m_socket;
    std::shared_ptr<Line> m_line;
    asio::steady_timer m_readTimer;
    asio::steady_timer m_writeTimer;
};

} // namespace catamaran::lab
