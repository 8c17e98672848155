// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/cloud/cloudserver.h"

#include "lab/cloud/ackapi.h"
#include "lab/cloud/asmapi.h"
#include "lab/cloud/doorkeeper.h"
#include "lab/cloud/stsapi.h"
#include "lab/kube/awaiting.h"

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <algorithm>
#include <set>

namespace catamaran::lab {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace ssl = boost::asio::ssl;
using tcp = asio::ip::tcp;

namespace {

constexpr std::size_t longestBody = 1024 * 1024;
constexpr auto idleLimit = std::chrono::seconds(60);

using Stream = beast::ssl_stream<beast::tcp_stream>;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

CloudRequest toCloud(const Request &request, CloudAnswer &refusal)
{
    CloudRequest cloud;
    cloud.method = std::string(request.method_string());
    const std::string target(request.target());
    const auto question = target.find('?');
    cloud.path = target.substr(0, question);
    if (cloud.path.empty() || cloud.path.front() != '/')
        refusal = refuse(400, "InvalidURI", "The path is not valid.");
    if (question != std::string::npos) {
        if (auto pairs = readPairs(std::string_view(target).substr(question + 1), false))
            cloud.query = std::move(*pairs);
        else
            refusal = refuse(400, "InvalidQueryString", "The query is not well formed.");
    }
    for (const auto &field : request) {
        std::string name(field.name_string());
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        cloud.headers.emplace(std::move(name), std::string(field.value()));
    }
    cloud.body = request.body();
    return cloud;
}

} // namespace

struct CloudServer::Impl : std::enable_shared_from_this<CloudServer::Impl> {
    asio::io_context &io;
    CloudOptions options;
    std::shared_ptr<AsmApi> meshes;
    Doorkeeper door;
    ssl::context tls { ssl::context::tls_server };
    std::shared_ptr<tcp::acceptor> acceptor;
    std::set<std::shared_ptr<Stream>> connections;

    Impl(asio::io_context &context, MeshWorld &world, CloudOptions wanted)
        : io(context)
        , options(std::move(wanted))
        , meshes(std::make_shared<AsmApi>(io, world, options.clusters, options.delays))
        , door(options.accessKeyId, options.accessKeySecret, options.requestsPerSecond)
    {
    }

    std::string start()
    {
        boost::system::error_code error;
        const QByteArray chain = options.serving.certificate + options.serving.chain;
        tls.use_certificate_chain(asio::buffer(chain.constData(), static_cast<std::size_t>(chain.size())), error);
        if (!error) {
            const QByteArray &key = options.serving.key.reveal();
            tls.use_private_key(asio::buffer(key.constData(), static_cast<std::size_t>(key.size())), ssl::context::pem, error);
        }
        if (error)
            return "the certificate of the cloud endpoint cannot be used: " + error.message();
        SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
        acceptor = options.listener;
        if (!acceptor) {
            acceptor = std::make_shared<tcp::acceptor>(io);
            const tcp::endpoint endpoint(asio::ip::make_address(options.address, error), options.port);
            if (!error)
                acceptor->open(endpoint.protocol(), error);
            if (!error)
                acceptor->set_option(asio::socket_base::reuse_address(true), error);
            if (!error)
                acceptor->bind(endpoint, error);
            if (!error)
                acceptor->listen(asio::socket_base::max_listen_connections, error);
            if (error)
                return "cannot listen on " + options.address + ":" + std::to_string(options.port) + ": " + error.message();
        }
        asio::co_spawn(io, acceptLoop(shared_from_this()), asio::detached);
        return {};
    }

    void stop()
    {
        boost::system::error_code ignored;
        if (acceptor)
            acceptor->close(ignored);
        for (const auto &stream : connections)
            beast::get_lowest_layer(*stream).socket().close(ignored);
    }

    CloudAnswer answer(const CloudRequest &request)
    {
        CloudAnswer refusal = door.check(request, std::chrono::system_clock::now());
        if (refusal.isError())
            return refusal;
        const std::string version = request.header("x-acs-version");
        if (version == "2015-12-15")
            return handleAck(options.clusters, request.method, request.path, request.query);
        if (version != "2020-01-11" && version != "2015-04-01")
            return refuse(404, "InvalidApi.NotFound", "The product or version " + version + " is not offered here.");
        if (request.path != "/")
            return refuse(404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.");
        CloudParameters parameters = request.query;
        if (!request.body.empty()) {
            auto form = readPairs(request.body, true);
            if (!form)
                return refuse(400, "InvalidParameter", "The form is not well formed.");
            form->merge(parameters);
            parameters = std::move(*form);
        }
        if (version == "2015-04-01")
            return handleSts(request.header("x-acs-action"), parameters, std::chrono::system_clock::now(), door);
        return meshes->handle(request.method, request.header("x-acs-action"), parameters);
    }

    /// The action when it changes something; else empty.
    static std::string changeOf(const Request &request)
    {
        const std::string action(request["x-acs-action"]);
        const bool reads = action.empty() || action.starts_with("Describe") || action.starts_with("Get") || action.starts_with("List")
            || action == "AssumeRole";
        return reads ? std::string() : action;
    }

    static CloudAnswer mishap(CallGate::Way way)
    {
        switch (way) {
        case CallGate::Way::Throttle: return refuse(400, "Throttling.User", "Request was denied due to user flow control.");
        case CallGate::Way::Error503:
            return refuse(503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.");
        default: return refuse(500, "InternalError", "The request processing has failed due to some unknown error, exception or failure.");
        }
    }

    /// @p way: what the gate said of it.
    Response respond(const Request &request, CallGate::Way way)
    {
        CloudAnswer refusal;
        const CloudRequest cloud = toCloud(request, refusal);
        CloudAnswer result = refusal.isError() ? std::move(refusal) : way != CallGate::Way::On ? mishap(way) : answer(cloud);
        const std::string requestId = newRequestId();
        const bool isLowerCase = result.body.contains("code");
        const bool isAck = cloud.header("x-acs-version") == "2015-12-15";
        if (result.isError()) {
            result.body[isLowerCase ? "requestId" : "RequestId"] = requestId;
            if (!isLowerCase) {
                result.body["HostId"] = cloud.header("host");
                result.body["Recommend"] = "https://api.alibabacloud.com/troubleshoot?q=" + std::string(result.body["Code"].as_string())
                    + "&requestId=" + requestId;
            }
        } else if (!isAck) {
            result.body["RequestId"] = requestId;
        }
        Response response(static_cast<http::status>(result.status), request.version());
        response.set(http::field::content_type, "application/json;charset=utf-8");
        response.set("x-acs-request-id", requestId);
        if (result.retryAfterMs >= 0)
            response.set("x-acs-retry-after", std::to_string(result.retryAfterMs));
        response.keep_alive(request.keep_alive());
        response.body() = json::serialize(result.body);
        response.prepare_payload();
        return response;
    }

    static asio::awaitable<void> acceptLoop(std::shared_ptr<Impl> self)
    {
        while (self->acceptor->is_open()) {
            auto [error, socket] = co_await self->acceptor->async_accept(awaiting);
            if (error == asio::error::operation_aborted)
                co_return;
            if (error) {
                asio::steady_timer pause(self->io, std::chrono::milliseconds(50)); // out of file descriptors, most likely
                co_await pause.async_wait(awaiting);
                continue;
            }
            auto stream = std::make_shared<Stream>(beast::tcp_stream(std::move(socket)), self->tls);
            self->connections.insert(stream);
            asio::co_spawn(self->io, serve(self, stream), asio::detached);
        }
    }

    static asio::awaitable<void> serve(std::shared_ptr<Impl> self, std::shared_ptr<Stream> stream)
    {
        co_await converse(self, stream);
        self->connections.erase(stream);
    }

    static asio::awaitable<void> converse(std::shared_ptr<Impl> self, std::shared_ptr<Stream> stream)
    {
        auto &lowest = beast::get_lowest_layer(*stream);
        boost::system::error_code ignored;
        lowest.socket().set_option(tcp::no_delay(true), ignored);
        lowest.expires_after(idleLimit);
        const auto [handshakeError] = co_await stream->async_handshake(ssl::stream_base::server, awaiting);
        if (handshakeError)
            co_return;
        beast::flat_buffer buffer;
        bool isGoingOn = true;
        while (isGoingOn) {
            http::request_parser<http::string_body> parser;
            parser.body_limit(longestBody);
            lowest.expires_after(idleLimit);
            const auto [readError, received] = co_await http::async_read(*stream, buffer, parser, awaiting);
            (void)received;
            if (readError && readError != http::error::body_limit)
                break;
            Response response;
            if (readError) {
                response = Response(http::status::payload_too_large, 11);
                response.keep_alive(false);
                response.body() = R"({"Code":"RequestEntityTooLarge","Message":"The request is longer than 1 MiB."})";
                response.prepare_payload();
            } else {
                const std::string change = self->options.gate ? changeOf(parser.get()) : std::string();
                auto way = CallGate::Way::On;
                if (!change.empty()) {
                    lowest.expires_never(); // it may wait long
                    way = co_await self->options.gate->before(change);
                    if (way == CallGate::Way::Cut)
                        co_return;
                }
                response = self->respond(parser.get(), way);
                if (!change.empty() && way == CallGate::Way::On && co_await self->options.gate->after() == CallGate::Way::Cut)
                    co_return;
            }
            isGoingOn = response.keep_alive();
            lowest.expires_after(idleLimit);
            const auto [writeError, sent] = co_await http::async_write(*stream, response, awaiting);
            (void)sent;
            if (writeError)
                co_return;
        }
        lowest.expires_after(std::chrono::seconds(2));
        co_await stream->async_shutdown(awaiting);
    }
};

CloudServer::CloudServer(asio::io_context &io, MeshWorld &world, CloudOptions options)
    : m_impl(std::make_shared<Impl>(io, world, std::move(options)))
{
}

CloudServer::~CloudServer()
{
    m_impl->stop();
}

std::string CloudServer::start()
{
    return m_impl->start();
}

void CloudServer::stop()
{
    m_impl->stop();
}

std::vector<std::string> CloudServer::meshNames() const
{
    std::vector<std::string> names;
    for (const auto &[id, mesh] : m_impl->meshes->meshes())
        names.push_back(mesh.name);
    std::sort(names.begin(), names.end());
    return names;
}

json::object CloudServer::state() const
{
    std::multimap<std::string, json::object> sorted; // two of one name are two
    for (const auto &[id, mesh] : m_impl->meshes->meshes()) {
        json::object shown { { "state", mesh.state } };
        json::object members, networks, injection;
        for (const auto &[cluster, member] : mesh.members)
            members[cluster] = member.discoveryOnly ? "discovery-only" : "managed";
        for (const auto &[cluster, network] : mesh.networks)
            networks[cluster] = json::object { { "network", network.network }, { "gateway", network.enableGateway } };
        for (const auto &[ns, enabled] : mesh.injection) {
            if (enabled) // turned off again is as never turned on
                injection[ns] = true;
        }
        shown["members"] = std::move(members);
        shown["networks"] = std::move(networks);
        shown["injection"] = std::move(injection);
        sorted.emplace(mesh.name, std::move(shown));
    }
    json::object all;
    int number = 0;
    for (auto &[name, shown] : sorted)
        all[all.contains(name) ? name + " again " + std::to_string(++number) : name] = std::move(shown);
    return all;
}

std::string CloudServer::meshNamed(const std::string &nameOrId) const
{
    for (const auto &[id, mesh] : m_impl->meshes->meshes()) {
        if (id == nameOrId || mesh.name == nameOrId)
            return mesh.name;
    }
    return {};
}

} // namespace catamaran::lab
