// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/httpmessage.h"

#include <ctime>

namespace catamaran::lab {

namespace {

template <typename Parser> asio::awaitable<ErrorCode> readInto(ByteStream &stream, beast::flat_buffer &buffer, Parser &parser)
{
    parser.eager(true);
    ErrorCode error;
    for (;;) {
        if (buffer.size() > 0) {
            buffer.consume(parser.put(buffer.data(), error));
            if (error && error != http::error::need_more)
                co_return error;
            if (parser.is_done())
                co_return ErrorCode();
        }
        const asio::mutable_buffer space = buffer.prepare(8192);
        const auto [failed, size] = co_await stream.read(space);
        if (failed == asio::error::eof) {
            if (!parser.got_some() && buffer.size() == 0)
                co_return http::make_error_code(http::error::end_of_stream);
            error = {};
            parser.put_eof(error);
            if (!error && !parser.is_done())
                error = http::error::partial_message;
            co_return error;
        }
        if (failed)
            co_return failed;
        buffer.commit(size);
    }
}

bool isHopByHop(http::field field)
{
    switch (field) {
    case http::field::connection:
    case http::field::keep_alive:
    case http::field::proxy_connection:
    case http::field::transfer_encoding:
    case http::field::content_length:
    case http::field::te:
    case http::field::trailer:
    case http::field::upgrade:
    case http::field::expect: return true;
    default: return false;
    }
}

template <typename Fields> void appendFields(std::string &out, const Fields &fields)
{
    for (const auto &field : fields) {
        if (isHopByHop(field.name()))
            continue;
        out.append(field.name_string()).append(": ").append(field.value()).append("\r\n");
    }
}

} // namespace

asio::awaitable<ErrorCode> readMessage(ByteStream &stream, beast::flat_buffer &buffer, http::request_parser<http::string_body> &parser)
{
    parser.body_limit(largestRequest);
    return readInto(stream, buffer, parser);
}

asio::awaitable<ErrorCode> readMessage(ByteStream &stream, beast::flat_buffer &buffer, http::response_parser<http::string_body> &parser)
{
    parser.body_limit(largestResponse);
    return readInto(stream, buffer, parser);
}

std::string requestBytes(const HttpRequest &request)
{
    std::string out;
    out.reserve(512 + request.body().size());
    out.append(request.method_string()).append(" ").append(request.target()).append(" HTTP/1.1\r\n");
    appendFields(out, request);
    if (!request.body().empty() || request.count(http::field::content_length) > 0 || request.chunked())
        out.append("content-length: ").append(std::to_string(request.body().size())).append("\r\n");
    out.append("\r\n").append(request.body());
    return out;
}

std::string responseBytes(const HttpResponse &response, bool keepAlive, bool toHead)
{
    std::string out;
    out.reserve(512 + response.body().size());
    out.append("HTTP/1.1 ").append(std::to_string(response.result_int())).append(" ");
    out.append(
        response.reason().empty() ? std::string_view(http::obsolete_reason(response.result())) : std::string_view(response.reason()));
    out.append("\r\n");
    appendFields(out, response);
    const unsigned status = response.result_int();
    if (toHead) {
        if (const auto length = response[http::field::content_length]; !length.empty())
            out.append("content-length: ").append(length).append("\r\n");
    } else if (status >= 200 && status != 204 && status != 304) {
        out.append("content-length: ").append(std::to_string(response.body().size())).append("\r\n");
    }
    if (!keepAlive)
        out.append("connection: close\r\n");
    out.append("\r\n");
    if (!toHead)
        out.append(response.body());
    return out;
}

const std::string &httpDate()
{
    static std::time_t last = 0;
    static std::string text;
    const std::time_t now = std::time(nullptr);
    if (now != last) {
        last = now;
        std::tm parts {};
        ::gmtime_r(&now, &parts);
        char buffer[40];
        text.assign(buffer, std::strftime(buffer, sizeof buffer, "%a, %d %b %Y %H:%M:%S GMT", &parts));
    }
    return text;
}

} // namespace catamaran::lab
