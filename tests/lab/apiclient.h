// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apifixture.h"

#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/json.hpp>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace json = boost::json;

/// A blocking HTTPS client of the fixture's server, one connection, no waiting above ten seconds.
class ApiClient {
public:
    struct Answer {
        unsigned status = 0;
        std::string body;
        http::fields headers;
        /// The body as JSON, null when it is none; lives as long as the answer.
        [[nodiscard]] const json::value &value() const
        {
            boost::system::error_code error;
            if (m_value.is_null())
                m_value = json::parse(body, error);
            return m_value;
        }
        [[nodiscard]] std::string text(std::initializer_list<std::string_view> path) const
        {
            return catamaran::lab::stringAt(value(), path);
        }

        mutable json::value m_value;
    };
    using Headers = std::vector<std::pair<std::string, std::string>>;
    using Stream = asio::ssl::stream<asio::ip::tcp::socket>;

    ApiClient(ApiFixture &fixture, const catamaran::pki::Identity *identity)
        : m_tls(asio::ssl::context::tls_client)
    {
        m_tls.add_certificate_authority(asio::buffer(fixture.ca.certificate.constData(), std::size_t(fixture.ca.certificate.size())));
        m_tls.set_verify_mode(asio::ssl::verify_peer);
        if (identity) {
            m_tls.use_certificate(
                asio::buffer(identity->certificate.constData(), std::size_t(identity->certificate.size())), asio::ssl::context::pem);
            const auto key = identity->key.reveal();
            m_tls.use_private_key(asio::buffer(key.constData(), std::size_t(key.size())), asio::ssl::context::pem);
        }
        stream = std::make_unique<Stream>(m_io, m_tls);
        stream->next_layer().connect({ asio::ip::make_address("127.0.0.1"), fixture.server->port() });
        stream->set_verify_callback(asio::ssl::host_name_verification("127.0.0.1"));
        stream->handshake(asio::ssl::stream_base::client);
    }

    void send(const std::string &method, const std::string &target, const std::string &body = {}, const Headers &headers = {})
    {
        http::request<http::string_body> request;
        request.method_string(method);
        request.target(target);
        request.set(http::field::host, "127.0.0.1");
        request.set(http::field::user_agent, "tester/1");
        if (!body.empty())
            request.set(http::field::content_type, "application/json");
        for (const auto &header : headers)
            request.set(header.first, header.second);
        request.body() = body;
        request.prepare_payload();
        boost::system::error_code error;
        http::write(*stream, request, error);
    }
    Answer call(const std::string &method, const std::string &target, const std::string &body = {}, const Headers &headers = {})
    {
        send(method, target, body, headers);
        http::response_parser<http::string_body> parser;
        parser.body_limit(boost::none);
        boost::system::error_code error;
        error = wait([&](auto done) { http::async_read(*stream, m_buffer, parser, done); });
        if (error)
            return { 0, error.message(), {}, {} };
        auto response = parser.release();
        return { response.result_int(), response.body(), response.base(), {} };
    }
    Answer apply(const std::string &target, const json::value &config)
    {
        return call("PATCH", target, json::serialize(config), { { "Content-Type", "application/apply-patch+yaml" } });
    }

    /// Begins a stream; nextLine() then gives its JSON lines.
    unsigned openStream(const std::string &target, const Headers &headers = {})
    {
        send("GET", target, {}, headers);
        m_parser = std::make_unique<http::response_parser<http::string_body>>();
        m_parser->body_limit(boost::none);
        m_parser->eager(true);
        boost::system::error_code error;
        error = wait([&](auto done) { http::async_read_header(*stream, m_buffer, *m_parser, done); });
        return error ? 0 : m_parser->get().result_int();
    }
    /// Null at the end.
    json::value nextLine()
    {
        auto &body = m_parser->get().body();
        boost::system::error_code error;
        while (body.find('\n') == std::string::npos && !m_parser->is_done() && !error)
            error = wait([&](auto done) { http::async_read_some(*stream, m_buffer, *m_parser, done); });
        const auto end = body.find('\n');
        if (end == std::string::npos)
            return {};
        auto line = json::parse(body.substr(0, end));
        body.erase(0, end + 1);
        return line;
    }

    /// Runs one operation, at most ten seconds.
    template <typename Start> boost::system::error_code wait(Start start)
    {
        boost::system::error_code result;
        bool ended = false;
        start([&](boost::system::error_code error, std::size_t) {
            result = error;
            ended = true;
        });
        m_io.restart();
        m_io.run_for(std::chrono::seconds(10));
        if (ended)
            return result;
        stream->next_layer().close();
        m_io.restart();
        m_io.run();
        return asio::error::timed_out;
    }

private:
    asio::io_context m_io; // before the stream, whose timers live in it
    asio::ssl::context m_tls;

public:
    std::unique_ptr<Stream> stream;

private:
    beast::flat_buffer m_buffer;
    std::unique_ptr<http::response_parser<http::string_body>> m_parser;
};
