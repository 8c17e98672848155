// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/bytestream.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace catamaran::lab {

namespace beast = boost::beast;
namespace http = boost::beast::http;

using HttpRequest = http::request<http::string_body>;
using HttpResponse = http::response<http::string_body>;

/// Reads one message. http::error::end_of_stream when the connection ended between messages.
[[nodiscard]] asio::awaitable<ErrorCode> readMessage(
    ByteStream &stream, beast::flat_buffer &buffer, http::request_parser<http::string_body> &parser);
[[nodiscard]] asio::awaitable<ErrorCode> readMessage(
    ByteStream &stream, beast::flat_buffer &buffer, http::response_parser<http::string_body> &parser);

/// The bytes of a message for the next hop: hop-by-hop fields are left out, the length is stated, and @p keepAlive says
/// what happens to the connection.
[[nodiscard]] std::string requestBytes(const HttpRequest &request);
[[nodiscard]] std::string responseBytes(const HttpResponse &response, bool keepAlive, bool toHead);

inline constexpr std::size_t largestRequest = 1024 * 1024;
inline constexpr std::size_t largestResponse = 16 * 1024 * 1024;

/// "Sun, 22 Nov 2026 22:00:00 GMT"; made once per second.
[[nodiscard]] const std::string &httpDate();

} // namespace catamaran::lab
