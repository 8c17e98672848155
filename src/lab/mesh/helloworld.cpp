// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/helloworld.h"

#include "lab/mesh/httpmessage.h"

namespace catamaran::lab {

HelloWorld::HelloWorld(asio::io_context &io, std::string version, std::string instance)
    : m_io(io)
    , m_version(std::move(version))
    , m_instance(std::move(instance))
{
}

ErrorCode HelloWorld::start(const std::string &address)
{
    m_listener = std::make_unique<Listener>(m_io, [weak = weak_from_this(), &io = m_io](tcp::socket socket, const std::string &) {
        if (auto self = weak.lock())
            asio::co_spawn(io, serve(std::move(self), std::move(socket)), asio::detached);
    });
    return m_listener->open(address, port);
}

void HelloWorld::stop()
{
    m_listener.reset();
    m_connections.closeAll();
}

asio::awaitable<void> HelloWorld::serve(std::shared_ptr<HelloWorld> self, tcp::socket socket)
{
    const auto stream = plainStream(std::move(socket));
    const ConnectionSet::Member member(self->m_connections, *stream);
    beast::flat_buffer buffer;
    for (;;) {
        http::request_parser<http::string_body> parser;
        if (const ErrorCode error = co_await readMessage(*stream, buffer, parser))
            co_return;
        const HttpRequest &request = parser.get();
        const std::string_view target(request.target());
        const std::string_view path = target.substr(0, target.find('?'));

        HttpResponse response;
        response.set(http::field::server, "gunicorn");
        response.set(http::field::date, httpDate());
        response.set(http::field::content_type, "text/html; charset=utf-8");
        const bool reading = request.method() == http::verb::get || request.method() == http::verb::head;
        if ((path == "/hello" || path == "/health") && !reading) {
            response.result(http::status::method_not_allowed);
            response.set(http::field::allow, "HEAD, OPTIONS, GET");
            response.body() = "<!doctype html>\n<html lang=en>\n<title>405 Method Not Allowed</title>\n<h1>Method Not Allowed</h1>\n"
                              "<p>The method is not allowed for the requested URL.</p>\n";
        } else if (path == "/hello") {
            response.body() = "Hello version: " + self->m_version + ", instance: " + self->m_instance + "\n";
        } else if (path == "/health") {
            response.body() = "Helloworld is healthy";
        } else {
            response.result(http::status::not_found);
            response.body()
                = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the "
                  "server. If you entered the URL manually please check your spelling and try again.</p>\n";
        }
        const bool toHead = request.method() == http::verb::head;
        if (toHead)
            response.set(http::field::content_length, std::to_string(response.body().size()));
        const bool keepAlive = request.keep_alive();
        const std::string bytes = responseBytes(response, keepAlive, toHead);
        const asio::const_buffer all(bytes.data(), bytes.size());
        const auto [error, written] = co_await stream->write(all);
        if (error || !keepAlive) {
            stream->finishWriting();
            co_return;
        }
    }
}

} // namespace catamaran::lab
