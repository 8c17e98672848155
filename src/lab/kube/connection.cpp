// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/connection.h"

#include "lab/kube/awaiting.h"
#include "lab/kube/watchfeed.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket.hpp>

#include <openssl/ssl.h>
#include <zlib.h>

#include <algorithm>
#include <random>

namespace catamaran::lab {

namespace {

constexpr std::uint64_t bodyLimit = 3U << 20;
constexpr std::size_t gzipFrom = 128U << 10;
constexpr auto handshakeTime = std::chrono::seconds(10);
constexpr auto idleTime = std::chrono::minutes(3);
constexpr auto bookmarkEvery = std::chrono::seconds(50);
constexpr auto writeTime = std::chrono::minutes(5);

std::string nameEntry(X509_NAME_ENTRY *entry)
{
    unsigned char *text = nullptr;
    const int length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
    if (length < 0)
        return {};
    std::string result(reinterpret_cast<const char *>(text), static_cast<std::size_t>(length));
    OPENSSL_free(text);
    return result;
}

ApiUser userOfCertificate(SSL *ssl)
{
    ApiUser user;
    X509 *certificate = SSL_get1_peer_certificate(ssl);
    if (!certificate)
        return user;
    // A certificate of a stranger is no credential; the connection lives on and gets 401.
    if (SSL_get_verify_result(ssl) == X509_V_OK) {
        X509_NAME *subject = X509_get_subject_name(certificate);
        for (int i = 0; i < X509_NAME_entry_count(subject); ++i) {
            auto *entry = X509_NAME_get_entry(subject, i);
            const int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
            if (nid == NID_commonName)
                user.name = nameEntry(entry);
            else if (nid == NID_organizationName)
                user.groups.push_back(nameEntry(entry));
        }
        user.groups.emplace_back("system:authenticated");
    }
    X509_free(certificate);
    return user;
}

std::string auditId()
{
    static std::mt19937_64 generator { std::random_device {}() };
    char text[40];
    const auto a = generator(), b = generator();
    std::snprintf(text, sizeof text, "%08x-%04x-4%03x-a%03x-%012llx", unsigned(a >> 32), unsigned(a >> 16) & 0xffff, unsigned(a) & 0xfff,
        unsigned(b >> 52) & 0xfff, static_cast<unsigned long long>(b & 0xffffffffffffULL));
    return text;
}

std::string text(beast::string_view view)
{
    return { view.data(), view.size() };
}

bool hasEnded(const json::object &pod, const std::string &container)
{
    const auto *status = pod.if_contains("status");
    const auto *list = status ? at(*status, { "containerStatuses" }) : nullptr;
    if (!list || !list->is_array())
        return false;
    const auto &items = list->as_array();
    return std::any_of(items.begin(), items.end(), [&](const json::value &item) {
        return stringAt(item, { "name" }) == container && !at(item, { "state", "running" })
            && (at(item, { "state", "terminated" }) || at(item, { "lastState", "terminated" }));
    });
}

/// A quoted-string of HTTP.
std::string quoted(const std::string &text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

ApiRequest requestOf(const HttpRequest &message)
{
    ApiRequest request;
    request.method = text(message.method_string());
    const auto target = text(message.target());
    const auto question = std::min(target.find('?'), target.size());
    request.path = target.substr(0, question);
    request.query = Query(std::string_view(target).substr(std::min(question + 1, target.size())));
    for (const auto &header : message) {
        // Several Accept or protocol lines are one list.
        if (header.name() == http::field::accept)
            request.accept += (request.accept.empty() ? "" : ",") + text(header.value());
        else if (header.name() == http::field::sec_websocket_protocol || beast::iequals(header.name_string(), "X-Stream-Protocol-Version"))
            request.protocols += (request.protocols.empty() ? "" : ",") + text(header.value());
    }
    request.actsAs.name = text(message["Impersonate-User"]);
    for (const auto &header : message) {
        if (beast::iequals(header.name_string(), "Impersonate-Group"))
            request.actsAs.groups.push_back(text(header.value()));
    }
    request.contentType = text(message[http::field::content_type]);
    request.userAgent = text(message[http::field::user_agent]);
    request.webSocket = beast::websocket::is_upgrade(message);
    request.spdy = message.method() == http::verb::post && beast::iequals(message[http::field::upgrade], "SPDY/3.1");
    request.body = message.body();
    return request;
}

/// Whether it changes an object: no question, no dry run.
bool isChange(const ApiRequest &request)
{
    const bool writes = request.method == "POST" || request.method == "PUT" || request.method == "PATCH" || request.method == "DELETE";
    return writes && !request.spdy && !request.path.starts_with("/apis/authorization.k8s.io/") && !request.query.has("dryRun");
}

ApiAnswer mishapAnswer(CallGate::Way way)
{
    switch (way) {
    case CallGate::Way::Throttle: return answerOf(ApiError { 429, "TooManyRequests", "Too many requests, please try again later.", {} });
    case CallGate::Way::Error503:
        return answerOf(ApiError { 503, "ServiceUnavailable", "the server is currently unable to handle the request", {} });
    default: return answerOf(internalError("the range was told to fail here"));
    }
}

} // namespace

/// Wakes a coroutine that waits for lines, for the client's end, or for a moment.
struct Connection::Pulse {
    explicit Pulse(const asio::any_io_executor &executor)
        : timer(executor)
    {
    }
    void wake()
    {
        woken = true;
        timer.cancel();
    }
    asio::steady_timer timer;
    bool woken = false;
    bool gone = false;
};

Connection::Connection(asio::ip::tcp::socket socket, asio::ssl::context &context, std::shared_ptr<Api> api,
    std::shared_ptr<const std::vector<ApiServerOptions::Token>> tokens, std::shared_ptr<CallGate> gate)
    : m_stream(std::make_unique<TlsStream>(beast::tcp_stream(std::move(socket)), context))
    , m_api(std::move(api))
    , m_tokens(std::move(tokens))
    , m_gate(std::move(gate))
{
}

void Connection::close()
{
    m_closed = true;
    m_stream->next_layer().close();
}

ApiUser Connection::userOf(const HttpRequest &message) const
{
    if (m_certificateUser.isKnown())
        return m_certificateUser;
    const auto header = text(message[http::field::authorization]);
    constexpr std::string_view scheme = "Bearer ";
    if (!header.starts_with(scheme))
        return {};
    const auto given = std::string_view(header).substr(scheme.size());
    for (const auto &token : *m_tokens) {
        if (token.token.size() == given.size() && CRYPTO_memcmp(token.token.data(), given.data(), given.size()) == 0) {
            ApiUser user { token.user, token.groups };
            user.groups.emplace_back("system:authenticated");
            return user;
        }
    }
    return m_api->userOfToken(std::string(given)).value_or(ApiUser());
}

asio::awaitable<void> Connection::run([[maybe_unused]] std::shared_ptr<Connection> self)
{
    auto &tcp = m_stream->next_layer();
    tcp.expires_after(handshakeTime);
    const auto [failure] = co_await m_stream->async_handshake(asio::ssl::stream_base::server, awaiting);
    if (failure || m_closed)
        co_return;
    m_certificateUser = userOfCertificate(m_stream->native_handle());

    bool goesOn = true;
    while (goesOn && !m_closed) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(bodyLimit);
        parser.header_limit(64 << 10);
        tcp.expires_after(idleTime);
        const auto [error, size] = co_await http::async_read(*m_stream, m_buffer, parser, awaiting);
        (void)size;
        if (error == http::error::body_limit) {
            co_await refuseLargeBody();
            break;
        }
        if (error)
            break;
        auto message = std::make_shared<const HttpRequest>(parser.release());
        goesOn = co_await answer(message);
    }
    if (!m_closed && !m_takenOver) {
        tcp.expires_after(std::chrono::seconds(2));
        co_await m_stream->async_shutdown(awaiting);
    }
    boost::system::error_code ignored;
    tcp.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    tcp.close();
}

asio::awaitable<void> Connection::refuseLargeBody()
{
    HttpRequest head;
    head.version(11);
    head.keep_alive(false);
    ApiAnswer refusal = answerOf(tooLarge());
    co_await sendAnswer(head, std::move(refusal));
    // The client still sends; closing at once would reset the connection before it reads the answer.
    std::vector<char> rest(64U << 10);
    const auto buffer = asio::buffer(rest);
    m_stream->next_layer().expires_after(std::chrono::seconds(5));
    for (std::size_t total = 0; total < (64U << 20);) {
        const auto [error, size] = co_await m_stream->async_read_some(buffer, awaiting);
        if (error)
            break;
        total += size;
    }
}

asio::awaitable<bool> Connection::answer(std::shared_ptr<const HttpRequest> message)
{
    auto request = requestOf(*message);
    request.user = userOf(*message);
    const bool passesGate = m_gate && isChange(request);
    if (passesGate) {
        m_stream->next_layer().expires_never(); // it may wait long
        const auto way = co_await m_gate->before(request.method + ' ' + request.path);
        if (way == CallGate::Way::Cut || m_closed)
            co_return false;
        if (way != CallGate::Way::On)
            co_return co_await sendAnswer(*message, mishapAnswer(way));
    }
    auto reply = m_api->reply(request);
    if (passesGate && co_await m_gate->after() == CallGate::Way::Cut)
        co_return false;
    if (auto *whole = std::get_if<ApiAnswer>(&reply)) {
        ApiAnswer ready = std::move(*whole);
        co_return co_await sendAnswer(*message, std::move(ready));
    }
    m_stream->next_layer().expires_never();
    m_takenOver = true;
    if (auto *watch = std::get_if<WatchPlan>(&reply)) {
        WatchPlan plan = std::move(*watch);
        co_await streamWatch(std::move(plan));
    } else if (auto *log = std::get_if<LogPlan>(&reply)) {
        LogPlan plan = std::move(*log);
        co_await streamLog(std::move(plan));
    } else if (auto *exec = std::get_if<ExecPlan>(&reply)) {
        ExecPlan plan = std::move(*exec);
        const std::shared_ptr<void> self = shared_from_this();
        if (plan.overSpdy) {
            const auto rest = m_buffer.data();
            std::string early(static_cast<const char *>(rest.data()), rest.size());
            co_await runSpdyExec(self, *m_stream, m_api, std::move(early), std::move(plan));
        } else {
            co_await runExec(self, *m_stream, m_api, message, std::move(plan));
        }
    }
    co_return false;
}

asio::awaitable<bool> Connection::sendAnswer(const HttpRequest &message, ApiAnswer answer)
{
    http::response<http::string_body> response(static_cast<http::status>(answer.status), message.version());
    response.set(http::field::content_type, answer.contentType);
    response.set(http::field::cache_control, "no-cache, private");
    response.set("Audit-Id", auditId());
    response.set("X-Kubernetes-Pf-Flowschema-Uid", "d9a1b1c2-0000-4000-8000-000000000001");
    response.set("X-Kubernetes-Pf-Prioritylevel-Uid", "d9a1b1c2-0000-4000-8000-000000000002");
    for (const auto &[name, value] : answer.headers)
        response.insert(name, value);
    for (const auto &warning : answer.warnings)
        response.insert("Warning", "299 - " + quoted(warning));
    if (answer.body.size() > gzipFrom && message[http::field::accept_encoding].find("gzip") != beast::string_view::npos) {
        response.set(http::field::content_encoding, "gzip");
        response.set(http::field::vary, "Accept-Encoding");
        answer.body = gzipped(answer.body);
    }
    const bool isHead = message.method() == http::verb::head;
    const auto size = answer.body.size();
    if (!isHead)
        response.body() = std::move(answer.body);
    response.keep_alive(message.keep_alive());
    response.content_length(size);
    m_stream->next_layer().expires_after(writeTime);
    const auto [error, sent] = co_await http::async_write(*m_stream, response, awaiting);
    (void)sent;
    co_return !error && response.keep_alive();
}

asio::awaitable<bool> Connection::openStream(const char *contentType)
{
    http::response<http::empty_body> response(http::status::ok, 11);
    response.set(http::field::content_type, contentType);
    response.set(http::field::cache_control, "no-cache, private");
    response.set("Audit-Id", auditId());
    // The end of the stream is the end of the connection: no client takes it up while it closes.
    response.keep_alive(false);
    response.chunked(true);
    http::response_serializer<http::empty_body> serializer(response);
    const auto [error, sent] = co_await http::async_write_header(*m_stream, serializer, awaiting);
    (void)sent;
    co_return !error;
}

asio::awaitable<bool> Connection::sendChunk(const std::string &bytes)
{
    m_stream->next_layer().expires_after(writeTime);
    const auto buffer = asio::buffer(bytes);
    const auto chunk = http::make_chunk(buffer);
    const auto [error, sent] = co_await asio::async_write(*m_stream, chunk, awaiting);
    (void)sent;
    m_stream->next_layer().expires_never();
    co_return !error;
}

asio::awaitable<void> Connection::endStream()
{
    const auto last = http::make_chunk_last();
    co_await asio::async_write(*m_stream, last, awaiting);
}

asio::awaitable<void> Connection::watchForEnd(std::shared_ptr<Connection> self, std::shared_ptr<Pulse> pulse)
{
    // A client says nothing more on this connection; whatever comes, or an end, ends the stream.
    char byte = 0;
    const auto buffer = asio::buffer(&byte, 1);
    co_await self->m_stream->async_read_some(buffer, awaiting);
    pulse->gone = true;
    pulse->wake();
}

asio::awaitable<void> Connection::streamWatch(WatchPlan plan)
{
    const auto executor = m_stream->get_executor();
    auto pulse = std::make_shared<Pulse>(executor);
    const auto end = std::chrono::steady_clock::now() + plan.limit;
    auto wakeUp = [pulse] { pulse->wake(); };
    WatchFeed feed(m_api->store(), std::move(plan), wakeUp);
    const bool opened = co_await openStream("application/json");
    if (!opened)
        co_return;
    auto self = shared_from_this();
    asio::co_spawn(executor, watchForEnd(self, pulse), asio::detached);
    auto nextBookmark = std::chrono::steady_clock::now() + bookmarkEvery;
    bool good = true;
    while (good && !pulse->gone && !m_closed) {
        if (!feed.isEmpty()) {
            const auto lines = feed.take();
            good = co_await sendChunk(lines);
            continue;
        }
        const auto now = std::chrono::steady_clock::now();
        if (feed.hasEnded() || now >= end)
            break;
        if (now >= nextBookmark) {
            nextBookmark = now + bookmarkEvery;
            feed.addBookmark();
            continue;
        }
        pulse->woken = false;
        pulse->timer.expires_at(std::min(end, nextBookmark));
        co_await pulse->timer.async_wait(awaiting);
    }
    if (good && !pulse->gone && !m_closed) {
        feed.addBookmark();
        if (!feed.isEmpty()) {
            const auto lines = feed.take();
            co_await sendChunk(lines);
        }
        co_await endStream();
    }
}

asio::awaitable<void> Connection::streamLog(LogPlan plan)
{
    const auto executor = m_stream->get_executor();
    auto pulse = std::make_shared<Pulse>(executor);
    auto waiting = std::make_shared<std::string>(std::move(plan.text));
    const bool timestamps = plan.timestamps;
    auto onLine = [pulse, waiting, timestamps](std::string_view line) {
        if (timestamps)
            waiting->append(
                logMoment(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count())
                + " ");
        waiting->append(line);
        pulse->wake();
    };
    std::shared_ptr<void> following;
    if (auto *runtime = m_api->runtime())
        following = runtime->followLogs(plan.ns, plan.pod, plan.container, onLine);
    // Following ends with its container, or with its pod.
    const auto ns = plan.ns, pod = plan.pod, container = plan.container;
    auto onEvent = [pulse, ns, pod, container](const ObjectEvent &event) {
        if (event.typeKey != "pods" || nameOf(*event.object) != pod || namespaceOf(*event.object) != ns)
            return;
        if (event.type == ObjectEvent::Type::Deleted || hasEnded(*event.object, container)) {
            pulse->gone = true;
            pulse->wake();
        }
    };
    auto subscription = m_api->store().subscribe(onEvent);
    const bool opened = co_await openStream("text/plain");
    if (!opened)
        co_return;
    auto self = shared_from_this();
    asio::co_spawn(executor, watchForEnd(self, pulse), asio::detached);
    bool good = true;
    while (good && !m_closed) {
        if (!waiting->empty()) {
            const auto lines = std::exchange(*waiting, {});
            good = co_await sendChunk(lines);
            continue;
        }
        if (pulse->gone)
            break;
        pulse->timer.expires_after(std::chrono::hours(1));
        co_await pulse->timer.async_wait(awaiting);
    }
    if (good && !m_closed)
        co_await endStream();
}

std::string gzipped(std::string_view bytes)
{
    z_stream stream {};
    if (deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    std::string result(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef *>(result.data());
    stream.avail_out = static_cast<uInt>(result.size());
    deflate(&stream, Z_FINISH);
    result.resize(stream.total_out);
    deflateEnd(&stream);
    return result;
}

} // namespace catamaran::lab
