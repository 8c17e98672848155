// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/apiserver.h"

#include "lab/kube/api.h"
#include "lab/kube/awaiting.h"
#include "lab/kube/connection.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace catamaran::lab {

namespace {
}

struct ApiServer::Impl : std::enable_shared_from_this<ApiServer::Impl> {
    Impl(asio::io_context &context, std::shared_ptr<ObjectStore> store, ApiServerOptions wanted)
        : io(context)
        , options(std::move(wanted))
        , api(std::make_shared<Api>(std::move(store), options))
        , tokens(std::make_shared<const std::vector<ApiServerOptions::Token>>(options.tokens))
    {
    }

    /// What is wrong with the certificates, or empty.
    std::string configure()
    {
        boost::system::error_code error;
        tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
        tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 | asio::ssl::context::no_sslv3
            | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
        const QByteArray chain = options.serving.certificate + options.serving.chain;
        tls->use_certificate_chain(asio::buffer(chain.constData(), static_cast<std::size_t>(chain.size())), error);
        if (error)
            return "the serving certificate cannot be used: " + error.message();
        const QByteArray key = options.serving.key.reveal();
        tls->use_private_key(asio::buffer(key.constData(), static_cast<std::size_t>(key.size())), asio::ssl::context::pem, error);
        if (error)
            return "the serving key cannot be used: " + error.message();
        if (!options.clientCa.isEmpty()) {
            tls->add_certificate_authority(
                asio::buffer(options.clientCa.constData(), static_cast<std::size_t>(options.clientCa.size())), error);
            if (error)
                return "the client CA cannot be used: " + error.message();
        }
        // Ask for a certificate, take every answer: a stranger's one gets 401, not a broken handshake.
        tls->set_verify_mode(asio::ssl::verify_peer);
        SSL_CTX_set_verify(tls->native_handle(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX *) { return 1; });
        constexpr unsigned char sessions[] = "catamaran-lab";
        SSL_CTX_set_session_id_context(tls->native_handle(), sessions, sizeof sessions - 1);
        // HTTP/1.1 is all that is spoken; clients that offer h2 learn it here.
        SSL_CTX_set_alpn_select_cb(
            tls->native_handle(),
            [](SSL *, const unsigned char **out, unsigned char *outLength, const unsigned char *in, unsigned length, void *) {
                static const unsigned char spoken[] = "\x08http/1.1";
                unsigned char *chosen = nullptr;
                if (SSL_select_next_proto(&chosen, outLength, spoken, sizeof spoken - 1, in, length) != OPENSSL_NPN_NEGOTIATED)
                    return SSL_TLSEXT_ERR_NOACK;
                *out = chosen;
                return SSL_TLSEXT_ERR_OK;
            },
            nullptr);
        return {};
    }

    std::string open()
    {
        boost::system::error_code error;
        const auto address = asio::ip::make_address(options.address, error);
        if (error)
            return "\"" + options.address + "\" is no address";
        if (!tls) {
            if (auto why = configure(); !why.empty()) {
                tls.reset();
                return why;
            }
        }
        const asio::ip::tcp::endpoint endpoint(address, options.port);
        auto fresh = std::make_shared<asio::ip::tcp::acceptor>(io);
        fresh->open(endpoint.protocol(), error);
        if (!error)
            fresh->set_option(asio::socket_base::reuse_address(true), error);
        if (!error)
            fresh->bind(endpoint, error);
        if (!error)
            fresh->listen(asio::socket_base::max_listen_connections, error);
        if (error)
            return "cannot listen on " + options.address + ":" + std::to_string(options.port) + ": " + error.message();
        // Port 0: the one that was given stays for the next start.
        options.port = fresh->local_endpoint(error).port();
        acceptor = fresh;
        asio::co_spawn(io, accept(shared_from_this(), fresh), asio::detached);
        return {};
    }

    void close()
    {
        boost::system::error_code ignored;
        if (acceptor)
            acceptor->close(ignored);
        acceptor.reset();
        const auto open = std::exchange(connections, {});
        for (const auto &weak : open) {
            if (const auto connection = weak.lock())
                connection->close();
        }
    }

    static asio::awaitable<void> accept(std::shared_ptr<Impl> self, std::shared_ptr<asio::ip::tcp::acceptor> listener)
    {
        while (listener->is_open()) {
            auto [error, socket] = co_await listener->async_accept(awaiting);
            if (error == asio::error::operation_aborted || !listener->is_open())
                co_return;
            if (error) {
                // Out of descriptors, for instance: breathe, go on.
                asio::steady_timer pause(self->io, std::chrono::milliseconds(50));
                co_await pause.async_wait(awaiting);
                continue;
            }
            boost::system::error_code ignored;
            socket.set_option(asio::ip::tcp::no_delay(true), ignored);
            auto connection = std::make_shared<Connection>(std::move(socket), *self->tls, self->api, self->tokens, self->options.gate);
            std::erase_if(self->connections, [](const auto &weak) { return weak.expired(); });
            self->connections.push_back(connection);
            asio::co_spawn(self->io, connection->run(connection), asio::detached);
        }
    }

    asio::io_context &io;
    ApiServerOptions options;
    std::shared_ptr<Api> api;
    std::shared_ptr<const std::vector<ApiServerOptions::Token>> tokens;
    std::unique_ptr<asio::ssl::context> tls;
    std::shared_ptr<asio::ip::tcp::acceptor> acceptor;
    std::vector<std::weak_ptr<Connection>> connections;
};

ApiServer::ApiServer(asio::io_context &io, std::shared_ptr<ObjectStore> store, ApiServerOptions options)
    : m_impl(std::make_shared<Impl>(io, std::move(store), std::move(options)))
{
}

ApiServer::~ApiServer()
{
    m_impl->close();
}

void ApiServer::setRuntime(PodRuntime *runtime)
{
    m_impl->api->setRuntime(runtime);
}

std::string ApiServer::start()
{
    return isUp() ? std::string() : m_impl->open();
}

void ApiServer::stop()
{
    m_impl->close();
}

bool ApiServer::isUp() const
{
    return m_impl->acceptor && m_impl->acceptor->is_open();
}

unsigned short ApiServer::port() const
{
    return m_impl->options.port;
}

} // namespace catamaran::lab
