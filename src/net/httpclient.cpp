// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "net/httpclient.h"

#include "core/async.h"

#include <QCoreApplication>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QPointer>
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

struct Say {
    Q_DECLARE_TR_FUNCTIONS(HttpClient)
};

/// The address without query and user info: both can carry what must not be shown.
QString shown(const QUrl &url)
{
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
}

QNetworkRequest toQt(const HttpRequest &request, const TlsOptions &tls)
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
    // HTTP/2 stays off: Qt 6.4 has no health check for it, so a dead connection would look healthy for minutes.
    qt.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    qt.setSslConfiguration(tls.toQt());
    if (!tls.serverName.isEmpty())
        qt.setPeerVerifyName(tls.serverName);
    return qt;
}

QString tlsRemedy(const QList<QSslError> &errors)
{
    for (const QSslError &error : errors) {
        switch (error.error()) {
        case QSslError::SelfSignedCertificate:
        case QSslError::SelfSignedCertificateInChain:
        case QSslError::UnableToGetLocalIssuerCertificate:
        case QSslError::UnableToVerifyFirstCertificate:
        case QSslError::CertificateUntrusted:
            return Say::tr("The server's certificate is not signed by a trusted authority: check the CA given for this server.");
        case QSslError::CertificateExpired:
            return Say::tr("The server's certificate has expired, or this machine's clock is wrong.");
        case QSslError::CertificateNotYetValid:
            return Say::tr("The server's certificate is not valid yet: check this machine's clock.");
        case QSslError::HostNameMismatch:
            return Say::tr("The certificate is for another name: check the address, or set tls-server-name.");
        default:
            break;
        }
    }
    return {};
}

struct Judgement {
    bool stopped = false;
    bool tooLong = false;
    bool timedOut = false;
    QList<QSslError> tlsErrors;
};

std::optional<Error> failureOf(const QNetworkReply &reply, const HttpRequest &request, const Judgement &judgement)
{
    const auto made = [&](ErrorKind kind, const QString &answer, const QString &remedy = {}) {
        return Error::make(kind, request.purpose.isEmpty() ? Say::tr("send a request") : request.purpose, shown(request.url), answer, remedy);
    };
    if (judgement.stopped)
        return made(ErrorKind::Cancelled, Say::tr("cancelled"));
    if (judgement.tooLong)
        return made(ErrorKind::Protocol, Say::tr("the answer is longer than %1 MiB").arg(request.maxBytes / (1024 * 1024)));
    if (judgement.timedOut)
        return made(ErrorKind::Timeout, Say::tr("no answer within %1 s").arg(static_cast<double>(request.timeout.count()) / 1000.0));
    if (!judgement.tlsErrors.isEmpty())
        return tlsError(request.purpose.isEmpty() ? Say::tr("send a request") : request.purpose, request.url, judgement.tlsErrors);
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    switch (reply.error()) {
    case QNetworkReply::NoError:
        if (status == 0)
            return made(ErrorKind::Protocol, Say::tr("the answer is not HTTP"), Say::tr("Check that the address and port are an HTTP server's."));
        return std::nullopt;
    case QNetworkReply::OperationCanceledError:
    case QNetworkReply::TimeoutError:
        return made(ErrorKind::Timeout, Say::tr("the connection timed out"), Say::tr("Check the address and the network between."));
    case QNetworkReply::SslHandshakeFailedError:
        return made(ErrorKind::Tls, reply.errorString(), Say::tr("The other side may not speak TLS, or may not trust our client certificate."));
    case QNetworkReply::ConnectionRefusedError:
        return made(ErrorKind::Network, Say::tr("connection refused"), Say::tr("Check that the server runs and that the address and port are right."));
    case QNetworkReply::HostNotFoundError:
        return made(ErrorKind::Network, Say::tr("the host name does not resolve"), Say::tr("Check the address."));
    case QNetworkReply::RemoteHostClosedError:
        return made(ErrorKind::Network, status == 0 ? Say::tr("the server closed the connection without an answer") : Say::tr("the connection broke inside the answer"));
    case QNetworkReply::ProtocolFailure:
        return made(ErrorKind::Protocol, reply.errorString());
    default:
        // Qt's codes for HTTP statuses begin with ContentAccessDenied; those are values. Below are connection and proxy.
        if (status >= 400 && reply.error() >= QNetworkReply::ContentAccessDenied)
            return std::nullopt;
        return made(status == 0 ? ErrorKind::Network : ErrorKind::Protocol, reply.errorString());
    }
}

/// Why @p request cannot be sent at all.
std::optional<Error> refusalOf(const HttpRequest &request)
{
    const QString tried = request.purpose.isEmpty() ? Say::tr("send a request") : request.purpose;
    if (!request.url.isValid() || request.url.host().isEmpty() || (request.url.scheme() != u"https" && request.url.scheme() != u"http"))
        return Error::make(ErrorKind::InvalidInput, tried, shown(request.url), Say::tr("this is not an http or https address"));
    for (const auto &[name, value] : request.headers) {
        if (!isHeader(name, value))
            return Error::make(ErrorKind::InvalidInput, tried, shown(request.url), Say::tr("header %1 holds a line break or another character that is not allowed").arg(QString::fromLatin1(name.left(60))),
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

class QtHttpStream final : public HttpStream {
public:
    QtHttpStream(const HttpRequest &request, const TlsOptions &tls, const QNetworkProxy &proxy, QObject *parent)
        : HttpStream(parent)
        , m_request(request)
    {
        m_manager.setProxy(proxy);
        if (const auto refusal = refusalOf(request)) {
            QMetaObject::invokeMethod(this, [this, refusal] { emit finished(std::make_shared<Error>(*refusal)); }, Qt::QueuedConnection);
            return;
        }
        // A manager of its own: Qt opens six connections per host and manager, a watch would hold one for ever.
        m_reply = m_manager.sendCustomRequest(toQt(request, tls), request.method, request.body);
        m_silence.setSingleShot(true);
        connect(&m_silence, &QTimer::timeout, this, [this] { m_judgement.timedOut = true; m_reply->abort(); });
        touch();
        connect(m_reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError> &errors) { m_judgement.tlsErrors = errors; });
        if (tls.skipVerification)
            connect(m_reply, &QNetworkReply::sslErrors, m_reply, [this] { m_judgement.tlsErrors.clear(); m_reply->ignoreSslErrors(); });
        connect(m_reply, &QNetworkReply::metaDataChanged, this, [this] { announce(); });
        connect(m_reply, &QNetworkReply::readyRead, this, [this] {
            const QPointer<QtHttpStream> alive(this);
            announce(); // who hears of it may destroy this stream
            if (!alive)
                return;
            touch();
            emit received(m_reply->readAll());
        });
        connect(m_reply, &QNetworkReply::finished, this, [this] { end(); }, Qt::QueuedConnection);
    }

    ~QtHttpStream() override
    {
        if (m_reply)
            m_reply->disconnect(this);
    }

    void stop() override
    {
        m_judgement.stopped = true;
        if (m_reply)
            m_reply->abort();
    }

private:
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
        emit started(status, headersOf(*m_reply));
    }

    void end()
    {
        if (m_ended)
            return;
        m_ended = true;
        m_silence.stop();
        const QPointer<QtHttpStream> alive(this);
        announce();
        if (!alive)
            return;
        const QByteArray rest = m_reply->isOpen() ? m_reply->readAll() : QByteArray();
        if (!rest.isEmpty())
            emit received(rest);
        if (!alive)
            return;
        const auto failure = failureOf(*m_reply, m_request, m_judgement);
        emit finished(failure ? std::make_shared<Error>(*failure) : nullptr);
    }

    HttpRequest m_request;
    QNetworkAccessManager m_manager;
    QNetworkReply *m_reply = nullptr; // owned by m_manager
    QTimer m_silence;
    Judgement m_judgement;
    bool m_started = false;
    bool m_ended = false;
};

class QtHttpClient final : public HttpClient {
public:
    QtHttpClient(const TlsOptions &tls, const QNetworkProxy &proxy)
        : m_tls(tls)
    {
        m_manager.setProxy(proxy);
        m_manager.setAutoDeleteReplies(false);
    }

    QFuture<Result<HttpReply>> send(HttpRequest request, std::stop_token stop) override
    {
        return core::startOn(this, [this, request = std::move(request), stop = std::move(stop)] { return start(request, stop); });
    }

    HttpStream *stream(const HttpRequest &request, QObject *parent) override { return new QtHttpStream(request, m_tls, m_manager.proxy(), parent); }

private:
    struct Pending {
        QPromise<Result<HttpReply>> promise;
        Judgement judgement;
        QByteArray body;
        std::optional<std::stop_callback<std::function<void()>>> onStop;
    };

    QFuture<Result<HttpReply>> start(const HttpRequest &request, const std::stop_token &stop)
    {
        if (const auto refusal = refusalOf(request))
            return core::readyFuture(Result<HttpReply>(core::fail(*refusal)));
        auto pending = std::make_shared<Pending>();
        pending->promise.start();
        auto future = pending->promise.future();

        QNetworkReply *reply = m_manager.sendCustomRequest(toQt(request, m_tls), request.method, request.body);
        // Qt's own transfer timeout begins anew with each byte; a drop of water each second must end too.
        if (request.timeout.count() > 0) {
            QTimer::singleShot(request.timeout, reply, [reply, pending] {
                if (reply->isFinished())
                    return;
                pending->judgement.timedOut = true;
                reply->abort();
            });
        }

        connect(reply, &QNetworkReply::sslErrors, reply, [this, reply, pending](const QList<QSslError> &errors) {
            if (m_tls.skipVerification)
                reply->ignoreSslErrors();
            else
                pending->judgement.tlsErrors = m_tlsErrors[reply->url().authority()] = errors;
        });
        connect(reply, &QNetworkReply::readyRead, reply, [reply, pending, limit = request.maxBytes] {
            pending->body += reply->readAll();
            if (pending->body.size() > limit) {
                pending->judgement.tooLong = true;
                reply->abort();
            }
        });
        // Queued, so that settling never runs inside request_stop() or inside the reply's own emission.
        connect(
            reply, &QNetworkReply::finished, reply,
            [this, reply, pending, request] {
                pending->onStop.reset();
                // Of requests that wait for one connection Qt tells only the first why it was not trusted.
                if (reply->error() == QNetworkReply::SslHandshakeFailedError && pending->judgement.tlsErrors.isEmpty())
                    pending->judgement.tlsErrors = m_tlsErrors.value(request.url.authority());
                else if (reply->error() == QNetworkReply::NoError)
                    m_tlsErrors.remove(request.url.authority());
                reply->deleteLater();
                if (const auto failure = failureOf(*reply, request, pending->judgement)) {
                    pending->promise.addResult(core::fail(*failure));
                } else {
                    HttpReply answer;
                    answer.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
                    answer.headers = headersOf(*reply);
                    if (reply->isOpen())
                        pending->body += reply->readAll();
                    answer.body = std::move(pending->body);
                    pending->promise.addResult(std::move(answer));
                }
                pending->promise.finish();
            },
            Qt::QueuedConnection);
        // A stop may come from any thread; the reply may be touched on this one only.
        pending->onStop.emplace(stop, [guard = QPointer<QNetworkReply>(reply), weak = std::weak_ptr<Pending>(pending), manager = &m_manager] {
            QMetaObject::invokeMethod(
                manager,
                [guard, weak] {
                    if (const auto alive = weak.lock(); alive && guard) {
                        alive->judgement.stopped = true;
                        guard->abort();
                    }
                },
                Qt::QueuedConnection);
        });
        return future;
    }

    TlsOptions m_tls;
    QHash<QString, QList<QSslError>> m_tlsErrors; ///< by authority: the newest refusals
    QNetworkAccessManager m_manager;
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

Error tlsError(const QString &tried, const QUrl &url, const QList<QSslError> &errors)
{
    return Error::make(ErrorKind::Tls, tried, shown(url), errors.isEmpty() ? Say::tr("the handshake failed") : errors.first().errorString(), tlsRemedy(errors));
}

bool isHeader(const QByteArray &name, const QByteArray &value)
{
    const auto token = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c != 0 && std::strchr("!#$%&'*+-.^_`|~", c)); };
    const auto control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; };
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), token) && std::none_of(value.begin(), value.end(), control);
}

} // namespace catamaran::net
