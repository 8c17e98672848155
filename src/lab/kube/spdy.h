// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace catamaran::lab {

/// The frames of SPDY/3.1 that exec needs (facts kubernetes-wire 4). No I/O: bytes in, frames out.
namespace spdy {

enum class Kind : unsigned char { Data, SynStream, SynReply, RstStream, Settings, Ping, GoAway, Headers, WindowUpdate, Other };

using HeaderBlock = std::multimap<std::string, std::string>;

struct Frame {
    Kind kind = Kind::Other;
    std::uint32_t stream = 0; ///< of a ping: its number
    bool fin = false;
    std::string data; ///< of a Data frame
    HeaderBlock headers; ///< of a SynStream
};

/// Reads the frames of one direction of one connection: their header blocks are one zlib stream.
class Reader {
public:
    Reader();
    ~Reader();
    void add(std::string_view bytes);
    /// The next whole frame. Nothing: more bytes are needed, or hasFailed().
    [[nodiscard]] std::optional<Frame> next();
    [[nodiscard]] bool hasFailed() const { return m_failed; }

private:
    struct Inflater;
    [[nodiscard]] std::optional<HeaderBlock> headers(std::string_view packed);

    std::string m_bytes;
    std::unique_ptr<Inflater> m_inflater;
    bool m_failed = false;
};

/// Writes frames of the other direction.
class Writer {
public:
    Writer();
    ~Writer();
    [[nodiscard]] static std::string data(std::uint32_t stream, std::string_view bytes, bool fin = false);
    [[nodiscard]] static std::string ping(std::uint32_t number);
    /// Opens a stream, as a client does.
    [[nodiscard]] std::string synStream(std::uint32_t stream, const HeaderBlock &headers);
    /// Accepts a stream, without headers.
    [[nodiscard]] std::string synReply(std::uint32_t stream);

private:
    struct Deflater;
    [[nodiscard]] std::string packed(const HeaderBlock &headers);
    std::unique_ptr<Deflater> m_deflater;
};

} // namespace spdy

} // namespace catamaran::lab
