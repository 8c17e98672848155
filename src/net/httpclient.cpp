// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "net/httpclient.h"

#include "core/async.h"
#include "net/keepalive.h"
#include "net/managers.h"
#include "net/say.h"
#include "net/shownurl.h"

#include <QCoreApplication>
#include <QIODevice>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QPointer>
#include <QSet>
#include <QSslError>
#include <QTimer>

#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>

namespace catamaran::net {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr qint64 largestPiece = 256 * 1024;
constexpr qint64 largestRefusal = 4 * 1024 * 1024; ///< nobody has that much to say about an error

/// The body of a request that changes something. When a connection closes without an answer, Qt sends every request again,
/// also a POST, up to three times and without a word: it rewinds the body and goes on. This one is not rewound once it was
/// read, so that the loss is told, and whoever asked decides.
/// (No QBuffer: Qt takes the bytes out of one and rewinds those.)
class SentOnce final : public QIODevice {
public:
    explicit SentOnce(QByteArray body)
        : m_body(std::move(body))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    [[nodiscard]] qint64 size() const override { return m_body.size(); }
    /// Of an empty body nobody knows whether the request went out.
    bool reset() override { return !m_isRead && !m_body.isEmpty(); }
    bool seek(qint64) override { return false; }

protected:
    qint64 readData(char *to, qint64 most) override
    {
        const qint64 count = std::min(most, m_body.size() - m_at);
        if (count <= 0)
            return 0;
        m_isRead = true;
        std::memcpy(to, m_body.constData() + m_at, std::size_t(count));
        m_at += count;
        return count;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_body;
    qint64 m_at = 0;
    bool m_isRead = false;
};

bool changesNothing(const QByteArray &method)
{
    return method == "GET" || method == "HEAD";
}

QNetworkReply *sentBy(QNetworkAccessManager &manager, const QNetworkRequest &qt, const HttpRequest &request)
{
    if (changesNothing(request.method))
        return manager.sendCustomRequest(qt, request.method, request.body);
    auto *body = new SentOnce(request.body);
    QNetworkReply *reply = manager.sendCustomRequest(qt, request.method, body);
    body->setParent(reply);
    return reply;
}

QNetworkRequest toQt(const HttpRequest &request, const TlsOptions &tls, const QSslConfiguration &ssl)
{
    QNetworkRequest qt(request.url);
    for (const auto &[name, value] : request.headers) {
        // Qt keeps one value for a name and writes it as it is. A repeated header (Impersonate-Group) therefore goes
        // into one value with its line break; values were checked to hold none of their own.
        qt.setRawHeader(name, qt.hasRawHeader(name) ? qt.rawHeader(name) + "\r\n" + name + ": " + value : value);
    }
    qt.setDecompressedSafetyCheckThreshold(-1); // lists of pods shrink a hundredfold; maxBytes is the bound
    qt.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    qt.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    qt.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    qt.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    qt.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    // HTTP/2 stays off, though Qt 6.4 would choose it over TLS by itself. Measured against a real API server it neither
    // helps nor hurts a list (21 MB in 0.2 to 0.9 s with it, in 0.2 to 0.7 s without). But all watches of a cluster would share one
    // connection, which Qt never asks whether it lives (no PING), and one that has lost a packet would hold them all.
    qt.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    qt.setSslConfiguration(ssl);
    if (!tls.serverName.isEmpty())
        qt.setPeerVerifyName(tls.serverName);
    return qt;
}

/// What has come, one piece at most, in memory of its own size: read(n) would take n bytes for each, however few come,
/// and whoever keeps pieces would keep all of them.
QByteArray nextPiece(QNetworkReply &reply)
{
    static thread_local QByteArray scratch(largestPiece, Qt::Uninitialized);
    const qint64 size = reply.read(scratch.data(), largestPiece);
    return size > 0 ? QByteArray(scratch.constData(), size) : QByteArray();
}

/// How far a transfer came.
enum class Phase { Waiting, Connecting, Sent, Answering };

struct Judgement {
    bool stopped = false;
    bool tooLong = false;
    bool timedOut = false;
    Phase phase = Phase::Waiting;
    qint64 received = 0;
    QString serverName;
    QList<QSslError> tlsErrors;

    /// We have ended it ourselves.
    [[nodiscard]] bool isOver() const { return stopped || tooLong || timedOut; }
};

/// Notes in @p judgement, which outlives @p reply, how far it comes.
template <typename Pointer> void followPhases(QNetworkReply *reply, Pointer judgement)
{
    const auto atLeast = [judgement](Phase phase) { judgement->phase = std::max(judgement->phase, phase); };
    QObject::connect(reply, &QNetworkReply::socketStartedConnecting, reply, [atLeast] { atLeast(Phase::Connecting); });
    QObject::connect(reply, &QNetworkReply::encrypted, reply, [atLeast] { atLeast(Phase::Sent); });
    QObject::connect(reply, &QNetworkReply::requestSent, reply, [atLeast] { atLeast(Phase::Sent); }); // Qt 6.4 says it late
    QObject::connect(reply, &QNetworkReply::metaDataChanged, reply, [atLeast] { atLeast(Phase::Answering); });
}

/// What did not come in time, and what that usually means.
QPair<QString, QString> silenceOf(const HttpRequest &request, const Judgement &judgement)
{
    const double seconds = static_cast<double>(request.timeout.count()) / 1000.0;
    switch (judgement.phase) {
    case Phase::Waiting:
        return { Say::tr("no answer within %1 s").arg(seconds),
            Say::tr("The server is overloaded or hangs, or something between swallows answers: try again.") }; // on a connection of before
    case Phase::Connecting:
        if (request.url.scheme() == u"https")
            return { Say::tr("no encrypted connection within %1 s: the server cannot be reached, or does not answer the TLS handshake")
                         .arg(seconds),
                Say::tr("Check the address and port, and whether a firewall or proxy is between.") };
        return {
            Say::tr("no connection, or no answer on it, within %1 s").arg(seconds),
            Say::tr(
                "Check the address and port, and whether a firewall is between. If this server speaks TLS, begin its address with https://")
        };
    case Phase::Sent:
        return { Say::tr("no answer within %1 s: the connection stands and the request was sent").arg(seconds),
            Say::tr("The server is overloaded or hangs, or something between swallows answers: try again.") };
    case Phase::Answering: break;
    }
    return { Say::tr("the answer did not end within %1 s; %2 bytes of its body came").arg(seconds).arg(judgement.received),
        Say::tr("The network is slow, or something between holds the answer back: try again.") };
}

std::optional<Error> failureOf(const QNetworkReply &reply, const HttpRequest &request, const Judgement &judgement)
{
    const QString tried = request.purpose.isEmpty() ? Say::tr("send a request") : request.purpose;
    const auto made = [&](ErrorKind kind, const QString &answer, const QString &remedy = {}) {
        return Error::make(kind, tried, shownUrl(request.url), answer, remedy);
    };
    const bool secure = request.url.scheme() == u"https";
    if (judgement.stopped)
        return made(ErrorKind::Cancelled, Say::tr("cancelled"));
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (judgement.tooLong && status >= 300)
        return made(ErrorKind::Protocol,
            Say::tr("HTTP status %1, with an answer longer than %2 MiB")
                .arg(status)
                .arg(static_cast<double>(std::min(request.maxBytes, largestRefusal)) / (1024 * 1024)),
            Say::tr("It was broken off there. Check that the address is the right server's."));
    if (judgement.tooLong)
        return made(ErrorKind::Protocol,
            Say::tr("the answer is longer than %1 MiB").arg(static_cast<double>(request.maxBytes) / (1024 * 1024)),
            Say::tr("It was broken off there. Check that the address is the right server's; ask for less at once."));
    if (judgement.timedOut) {
        const auto [answer, remedy] = silenceOf(request, judgement);
        return made(ErrorKind::Timeout, answer, remedy);
    }
    if (!judgement.tlsErrors.isEmpty())
        return tlsError(tried, request.url, judgement.tlsErrors, judgement.serverName);
    switch (reply.error()) {
    case QNetworkReply::NoError:
        if (status == 0)
            return made(
                ErrorKind::Protocol, Say::tr("the answer is not HTTP"), Say::tr("Check that the address and port are an HTTP server's."));
        return std::nullopt;
    case QNetworkReply::OperationCanceledError:
        return made(ErrorKind::Timeout, Say::tr("the connection timed out"), Say::tr("Check the address and the network between."));
    case QNetworkReply::TimeoutError: // the kernel's judgement, not our limit: the way is cut, and another connection may find one
        return made(ErrorKind::Network, Say::tr("the connection timed out"), Say::tr("Check the address and the network between."));
    case QNetworkReply::SslHandshakeFailedError: return handshakeError(tried, request.url, reply.errorString());
    case QNetworkReply::ConnectionRefusedError:
        return made(ErrorKind::Network, Say::tr("connection refused"),
            Say::tr("Check that the server runs and that the address and port are right."));
    case QNetworkReply::HostNotFoundError:
        return made(ErrorKind::Network, Say::tr("the host name does not resolve"), Say::tr("Check the address."));
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError: // it was a change: see SentOnce
        if (status != 0)
            return made(ErrorKind::Network,
                Say::tr("the connection broke inside the answer, after %1 bytes of its body").arg(judgement.received),
                Say::tr("Try again; if it stays, look at the server, or at the proxy or load balancer before it."));
        return made(ErrorKind::Network, Say::tr("the server closed the connection without an answer"),
            secure ? Say::tr("Check that the address and port are the server's, and its log.")
                   : Say::tr("If this server speaks TLS, begin its address with https://"));
    case QNetworkReply::ProtocolFailure:
        return made(ErrorKind::Protocol, reply.errorString(), Say::tr("Check that the address and port are an HTTP server's."));
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::UnknownProxyError:
        return made(ErrorKind::Network, Say::tr("the proxy cannot be used: %1").arg(reply.errorString()),
            Say::tr("Check proxy-url in the kubeconfig, or HTTPS_PROXY and NO_PROXY in the environment."));
    case QNetworkReply::ProxyAuthenticationRequiredError:
        return made(ErrorKind::Network, Say::tr("the proxy wants a user name and password"),
            Say::tr("Give them in proxy-url: http://user:password@proxy:3128"));
    default:
        // Qt's codes for HTTP statuses begin with ContentAccessDenied; those are values. Below are connection and proxy.
        if (status >= 400 && reply.error() >= QNetworkReply::ContentAccessDenied)
            return std::nullopt;
        if (const QString words = reply.errorString(); secure && words.contains(QLatin1StringView("SSL"), Qt::CaseInsensitive))
            return handshakeError(tried, request.url, words); // with TLS 1.3 a client certificate is refused after the handshake
        return made(status == 0 ? ErrorKind::Network : ErrorKind::Protocol, reply.errorString(),
            status == 0 ? Say::tr("Check the address and the network between.")
                        : Say::tr("Check that the address is the right server's; a proxy may have changed the answer."));
    }
}

/// Why @p request cannot be sent at all.
std::optional<Error> refusalOf(const HttpRequest &request)
{
    const QString tried = request.purpose.isEmpty() ? Say::tr("send a request") : request.purpose;
    if (!request.url.isValid() || request.url.host().isEmpty() || (request.url.scheme() != u"https" && request.url.scheme() != u"http"))
        return Error::make(ErrorKind::InvalidInput, tried, shownUrl(request.url), Say::tr("this is not an http or https address"));
    for (const auto &[name, value] : request.headers) {
        if (!isHeader(name, value))
            return Error::make(ErrorKind::InvalidInput, tried, shownUrl(request.url),
                Say::tr("header %1 holds a line break or another character that is not allowed").arg(QString::fromLatin1(name.left(60))),
                Say::tr("If it is a token, check that it was copied without line ends."));
    }
    return std::nullopt;
}

Headers headersOf(const QNetworkReply &reply)
{
    Headers headers;
    for (const auto &pair : reply.rawHeaderPairs())
        headers.append({ pair.first, pair.second });
    return headers;
}

/// Ends a transfer, or what is left of it. Not by abort(): where Qt's own thread has just found an error that is still
/// on its way here, abort() would report a second one, and Qt warns that this "must only be called once". A reply that
/// is gone hears no more.
void abandon(QNetworkReply *reply)
{
    reply->deleteLater(); // we may be inside one of its signals
}

/// Long-lived answers, a few to a lease of an access manager, which opens six connections to a server at most: one for all
/// would starve the seventh watch.
class StreamLeases {
public:
    [[nodiscard]] std::shared_ptr<ManagerLease> take(const QString &server, const TlsOptions &tls, const QNetworkProxy &proxy)
    {
        m_all.removeIf([](const auto &one) { return one.second.expired(); });
        for (const auto &[to, one] : std::as_const(m_all)) {
            if (auto lease = one.lock(); lease && to == server && lease->streams < mostStreams)
                return lease;
        }
        auto fresh = leaseManager(server, tls, proxy);
        m_all.append({ server, fresh });
        return fresh;
    }

private:
    static constexpr int mostStreams = 5; ///< of six: a broken one may still be closing
    QList<std::pair<QString, std::weak_ptr<ManagerLease>>> m_all;
};

class QtHttpStream final : public HttpStream {
public:
    QtHttpStream(const HttpRequest &request, const TlsOptions &tls, const QSslConfiguration &ssl, std::shared_ptr<ManagerLease> lease,
        QObject *parent)
        : HttpStream(parent)
        , m_request(request)
        , m_lease(std::move(lease))
    {
        ++m_lease->streams;
        if (const auto refusal = refusalOf(request)) {
            QMetaObject::invokeMethod(
                this, [this, refusal] { emit finished(std::make_shared<Error>(*refusal)); }, Qt::QueuedConnection);
            return;
        }
        m_reply = sentBy(m_lease->manager(), toQt(request, tls, ssl), request);
        m_judgement->serverName = tls.serverName;
        followPhases(m_reply, m_judgement);
        m_silence.setSingleShot(true);
        connect(&m_silence, &QTimer::timeout, this, [this] {
            m_judgement->timedOut = true;
            breakOff();
        });
        touch();
        connect(m_reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError> &errors) { m_judgement->tlsErrors = errors; });
        if (tls.skipVerification)
            connect(m_reply, &QNetworkReply::sslErrors, m_reply, [this] {
                m_judgement->tlsErrors.clear();
                m_reply->ignoreSslErrors();
            });
        connect(m_reply, &QNetworkReply::metaDataChanged, this, [this] { announce(); });
        connect(m_reply, &QNetworkReply::readyRead, this, [this] {
            const QPointer<QtHttpStream> alive(this);
            announce(); // who hears of it may destroy this stream
            if (!alive)
                return;
            touch();
            deliver();
        });
        connect(
            m_reply, &QNetworkReply::finished, this, [this] { end(); }, Qt::QueuedConnection);
    }

    ~QtHttpStream() override
    {
        release();
        if (!m_reply)
            return;
        m_reply->disconnect(this);
        abandon(m_reply);
    }

    void stop() override
    {
        m_judgement->stopped = true;
        if (m_reply)
            breakOff();
    }

private:
    /// Ends the transfer at our own wish; finished() follows from the event loop.
    void breakOff()
    {
        m_silence.stop();
        m_reply->disconnect(this);
        QMetaObject::invokeMethod(
            this, [this] { end(); }, Qt::QueuedConnection);
    }

    /// Its connection is free for the next.
    void release()
    {
        if (!std::exchange(m_released, true))
            --m_lease->streams;
    }

    /// Hands on what has come, piece by piece: a small compressed piece may unfold to any size.
    void deliver()
    {
        const QPointer<QtHttpStream> alive(this);
        while (!m_judgement->stopped) {
            const QByteArray piece = nextPiece(*m_reply);
            if (piece.isEmpty())
                return;
            m_judgement->received += piece.size();
            emit received(piece);
            if (!alive)
                return;
        }
    }

    void touch()
    {
        if (m_request.timeout.count() > 0)
            m_silence.start(m_request.timeout);
    }

    void announce()
    {
        const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (m_started || status == 0)
            return;
        m_started = true;
        hastenKeepAliveSoon(); // an answer that stays open and silent is where a lost connection would go unseen
        emit started(status, headersOf(*m_reply));
    }

    void end()
    {
        if (m_ended)
            return;
        m_ended = true;
        release();
        m_silence.stop();
        const QPointer<QtHttpStream> alive(this);
        announce();
        if (!alive)
            return;
        if (m_reply->isOpen())
            deliver();
        if (!alive)
            return;
        const auto failure = failureOf(*m_reply, m_request, *m_judgement);
        m_reply->disconnect(this);
        abandon(std::exchange(m_reply, nullptr));
        emit finished(failure ? std::make_shared<Error>(*failure) : nullptr);
    }

    HttpRequest m_request;
    std::shared_ptr<ManagerLease> m_lease;
    QNetworkReply *m_reply = nullptr; ///< a child of the manager; ours
    QTimer m_silence;
    std::shared_ptr<Judgement> m_judgement = std::make_shared<Judgement>(); ///< outlived by the reply
    bool m_started = false;
    bool m_ended = false;
    bool m_released = false;
};

class QtHttpClient final : public HttpClient {
public:
    QtHttpClient(const TlsOptions &tls, const QNetworkProxy &proxy)
        : m_tls(tls)
        , m_ssl(tls.toQt())
        , m_proxy(proxy)
    {
    }

    ~QtHttpClient() override
    {
        qDeleteAll(std::exchange(m_open, {})); // their futures end without a value
    }

    QFuture<Result<HttpReply>> send(HttpRequest request, std::stop_token stop) override
    {
        return core::startOn(this, [this, request = std::move(request), stop = std::move(stop)] { return start(request, stop); });
    }

    HttpStream *stream(const HttpRequest &request, QObject *parent) override
    {
        return new QtHttpStream(request, m_tls, m_ssl, m_streams.take(serverOf(request.url), m_tls, m_proxy), parent);
    }

private:
    struct Pending {
        QPromise<Result<HttpReply>> promise;
        Judgement judgement;
        QByteArray body;
        std::optional<std::stop_callback<std::function<void()>>> onStop;
    };

    /// Takes what has come, piece by piece: a small compressed answer may unfold to any size. False beyond @p limit.
    static bool readBounded(QNetworkReply &reply, Pending &pending, qint64 limit)
    {
        if (reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() >= 300)
            limit = std::min(limit, largestRefusal);
        while (!pending.judgement.tooLong) {
            const QByteArray piece = nextPiece(reply);
            if (piece.isEmpty())
                break;
            pending.body += piece;
            pending.judgement.received = pending.body.size();
            if (pending.body.size() > limit) {
                pending.judgement.tooLong = true;
                pending.body.clear();
                pending.body.squeeze();
            }
        }
        return !pending.judgement.tooLong;
    }

    QFuture<Result<HttpReply>> start(const HttpRequest &request, const std::stop_token &stop)
    {
        if (const auto refusal = refusalOf(request))
            return core::readyFuture(Result<HttpReply>(core::fail(*refusal)));
        auto pending = std::make_shared<Pending>();
        pending->promise.start();
        auto future = pending->promise.future();

        std::shared_ptr<ManagerLease> &lease = m_leases[serverOf(request.url)];
        if (!lease)
            lease = leaseManager(serverOf(request.url), m_tls, m_proxy);
        QNetworkReply *reply = sentBy(lease->manager(), toQt(request, m_tls, m_ssl), request);
        m_open.insert(reply);
        const auto settle = [this, reply, request](const std::shared_ptr<Pending> &open) {
            open->onStop.reset();
            // Of requests that wait for one connection Qt tells only the first why it was not trusted.
            if (reply->error() == QNetworkReply::SslHandshakeFailedError && open->judgement.tlsErrors.isEmpty())
                open->judgement.tlsErrors = m_tlsErrors.value(request.url.authority());
            else if (reply->isFinished() && reply->error() == QNetworkReply::NoError)
                m_tlsErrors.remove(request.url.authority());
            m_open.remove(reply);
            abandon(reply);
            if (reply->isOpen() && reply->error() == QNetworkReply::NoError)
                (void)readBounded(*reply, *open, request.maxBytes);
            if (const auto failure = failureOf(*reply, request, open->judgement)) {
                open->promise.addResult(core::fail(*failure));
            } else {
                HttpReply answer;
                answer.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
                answer.headers = headersOf(*reply);
                answer.body = std::move(open->body);
                open->promise.addResult(std::move(answer));
            }
            open->promise.finish();
        };
        // Queued, so that settling never runs inside request_stop() or inside the reply's own emission.
        const auto settleSoon = [reply, settle](const std::shared_ptr<Pending> &open) {
            QObject::disconnect(reply, nullptr, reply, nullptr); // ours; Qt's own go elsewhere
            QMetaObject::invokeMethod(
                reply, [settle, open] { settle(open); }, Qt::QueuedConnection);
        };
        // Qt's own transfer timeout begins anew with each byte; a drop of water each second must end too.
        if (request.timeout.count() > 0) {
            QTimer::singleShot(request.timeout, reply, [reply, pending, settleSoon] {
                if (reply->isFinished() || pending->judgement.isOver())
                    return;
                pending->judgement.timedOut = true;
                settleSoon(pending);
            });
        }

        connect(reply, &QNetworkReply::sslErrors, reply, [this, reply, pending](const QList<QSslError> &errors) {
            if (m_tls.skipVerification)
                reply->ignoreSslErrors();
            else
                pending->judgement.tlsErrors = m_tlsErrors[reply->url().authority()] = errors;
        });
        pending->judgement.serverName = m_tls.serverName;
        followPhases(reply, std::shared_ptr<Judgement>(pending, &pending->judgement));
        connect(reply, &QNetworkReply::readyRead, reply, [reply, pending, settleSoon, limit = request.maxBytes, heard = request.heard] {
            if (heard)
                heard();
            if (!readBounded(*reply, *pending, limit))
                settleSoon(pending);
        });
        connect(reply, &QNetworkReply::finished, reply, [pending, settleSoon] { settleSoon(pending); });
        // A stop may come from any thread; the reply may be touched on this one only.
        pending->onStop.emplace(stop, [guard = QPointer<QNetworkReply>(reply), weak = std::weak_ptr<Pending>(pending), this, settleSoon] {
            QMetaObject::invokeMethod(
                this,
                [guard, weak, settleSoon] {
                    const auto alive = weak.lock();
                    if (!alive || !guard || guard->isFinished() || alive->judgement.isOver())
                        return;
                    alive->judgement.stopped = true;
                    settleSoon(alive);
                },
                Qt::QueuedConnection);
        });
        return future;
    }

    const TlsOptions m_tls;
    const QSslConfiguration m_ssl;
    const QNetworkProxy m_proxy;
    QHash<QString, QList<QSslError>> m_tlsErrors; ///< by authority: the newest refusals
    QHash<QString, std::shared_ptr<ManagerLease>> m_leases; ///< by server
    QSet<QNetworkReply *> m_open; ///< children of the managers; ours
    StreamLeases m_streams;
};

} // namespace

QSslConfiguration TlsOptions::toQt() const
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    if (!trusted.isEmpty())
        configuration.setCaCertificates(trusted);
    if (!clientChain.isEmpty())
        configuration.setLocalCertificateChain(clientChain);
    if (!clientKey.isNull())
        configuration.setPrivateKey(clientKey);
    configuration.setPeerVerifyMode(skipVerification ? QSslSocket::VerifyNone : QSslSocket::VerifyPeer);
    configuration.setAllowedNextProtocols({});
    // A ticket could carry one identity's session into another's connection.
    configuration.setSslOption(QSsl::SslOptionDisableSessionTickets, true);
    configuration.setSslOption(QSsl::SslOptionDisableSessionSharing, true);
    return configuration;
}

QByteArray HttpReply::header(const QByteArray &name) const
{
    for (const auto &[key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

std::unique_ptr<HttpClient> makeHttpClient(const TlsOptions &tls, const QNetworkProxy &proxy)
{
    return std::make_unique<QtHttpClient>(tls, proxy);
}

bool isHeader(const QByteArray &name, const QByteArray &value)
{
    const auto token = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c != 0 && std::strchr("!#$%&'*+-.^_`|~", c));
    };
    const auto control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; };
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), token) && std::none_of(value.begin(), value.end(), control);
}

} // namespace catamaran::net
