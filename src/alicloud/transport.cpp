// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/transport.h"

#include "alicloud/apierror.h"
#include "net/retrywait.h"

#include <QRandomGenerator>
#include <QUuid>

namespace catamaran::alicloud {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr qint64 longestAnswer = 16 * 1024 * 1024;

/// The host as it is signed and sent: with the port unless it is the scheme's own.
QString hostOf(const QUrl &endpoint)
{
    const int usual = endpoint.scheme() == u"http" ? 80 : 443;
    const int port = endpoint.port(usual);
    return port == usual ? endpoint.host() : QStringLiteral("%1:%2").arg(endpoint.host()).arg(port);
}

/// As RAM policies call it.
QString productOf(const QString &version)
{
    return version == u"2015-12-15" ? QStringLiteral("cs")
        : version == u"2015-04-01"  ? QStringLiteral("sts")
                                    : QStringLiteral("servicemesh");
}

} // namespace

struct Transport::Running {
    Call call;
    std::stop_token stop;
    QPromise<Result<QJsonObject>> promise;
    int attempts = 0;
    bool isRenewed = false;
    net::RetryWait wait;
};

Transport::Transport(
    std::shared_ptr<CredentialSource> credentials, QList<QSslCertificate> trusted, std::unique_ptr<net::HttpClient> http, QObject *parent)
    : QObject(parent)
    , m_credentials(std::move(credentials))
    , m_http(std::move(http))
{
    if (!m_http) {
        net::TlsOptions tls;
        tls.trusted = std::move(trusted);
        m_http = net::makeHttpClient(tls);
    }
}

Transport::~Transport()
{
    for (const auto &running : m_running) {
        running->wait.cancel();
    }
}

QFuture<Result<QJsonObject>> Transport::send(Call call, std::stop_token stop)
{
    return core::startOn(this, [this, call = std::move(call), stop = std::move(stop)] {
        auto running = std::make_shared<Running>();
        running->call = call;
        if (running->call.target.isEmpty())
            running->call.target = call.endpoint.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
        running->stop = stop;
        running->promise.start();
        auto future = running->promise.future();
        m_running.insert(running);
        attempt(running);
        return future;
    });
}

net::HttpRequest Transport::signedRequest(const Call &call, const Credentials &credentials) const
{
    UnsignedRequest toSign;
    toSign.method = call.method;
    toSign.host = hostOf(call.endpoint);
    toSign.path = call.path;
    toSign.query = call.query;
    toSign.body = encodeParameters(call.form);
    toSign.contentType = "application/x-www-form-urlencoded";
    toSign.action = call.action;
    toSign.version = call.version;
    toSign.date = m_clock();
    toSign.nonce = QUuid::createUuid().toByteArray(QUuid::Id128);

    net::HttpRequest request;
    request.method = call.method;
    request.url = call.endpoint;
    request.url.setPath(call.path);
    // Encoded by us: what is signed and what is sent must not differ by one character.
    request.url.setQuery(QString::fromLatin1(encodeParameters(call.query)), QUrl::StrictMode);
    request.headers = signedHeaders(toSign, credentials);
    request.headers.emplaceBack("Host", toSign.host.toUtf8());
    request.headers.emplaceBack("accept", "application/json");
    request.headers.emplaceBack("user-agent", "Catamaran");
    request.body = toSign.body;
    request.maxBytes = longestAnswer;
    request.purpose = call.purpose;
    return request;
}

void Transport::attempt(const std::shared_ptr<Running> &running)
{
    if (running->stop.stop_requested()) {
        settle(running, core::fail(ErrorKind::Cancelled, running->call.purpose, running->call.target, tr("cancelled")));
        return;
    }
    core::whenReady(m_credentials->credentials(running->stop), this, [this, running](const Result<Credentials> &credentials) {
        if (credentials)
            send(running, *credentials);
        else
            settle(running, core::fail(credentials.error()));
    });
}

void Transport::send(const std::shared_ptr<Running> &running, const Credentials &credentials)
{
    ++running->attempts;
    const auto sent = m_http->send(signedRequest(running->call, credentials), running->stop);
    core::whenReady(sent, this, [this, running, credentials](const Result<net::HttpReply> &reply) {
        Result<QJsonObject> answer
            = reply ? readAnswer(*reply, running->call.purpose, running->call.target) : Result<QJsonObject>(core::fail(reply.error()));
        if (!answer && running->attempts < m_retry.attempts && net::isRetryable(answer.error(), running->call.idempotent)) {
            const double jitter = QRandomGenerator::global()->generateDouble();
            waitThenAttempt(running, net::retryDelay(m_retry, running->attempts + 1, answer.error(), jitter));
            return;
        }
        if (!answer && reply && answer.error().kind == ErrorKind::Forbidden)
            if (const QString missing = missingPermission(*reply, productOf(running->call.version), running->call.action);
                !missing.isEmpty())
                answer.error().remedy = permissionRemedy(missing);
        // Nothing was done with credentials that were refused.
        if (!answer && answer.error().code.startsWith(u"InvalidSecurityToken") && !std::exchange(running->isRenewed, true)
            && m_credentials->renew(credentials)) {
            attempt(running);
            return;
        }
        settle(running, std::move(answer));
    });
}

void Transport::waitThenAttempt(const std::shared_ptr<Running> &running, std::chrono::milliseconds delay)
{
    running->wait.start(delay, running->stop, [this, weak = std::weak_ptr<Running>(running)] {
        if (const auto alive = weak.lock())
            attempt(alive);
    });
}

void Transport::settle(const std::shared_ptr<Running> &running, Result<QJsonObject> result)
{
    m_running.erase(running);
    running->promise.addResult(std::move(result));
    running->promise.finish();
}

} // namespace catamaran::alicloud
