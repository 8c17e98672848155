// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/apisession.h"

#include "core/trustedfile.h"
#include "kube/listparser.h"
#include "kube/pem.h"
#include "kube/requestsatonce.h"
#include "kube/say.h"
#include "kube/statuserror.h"
#include "net/keepalive.h"
#include "net/retrywait.h"

#include <QFileInfo>
#include <QRandomGenerator>
#include <QThreadPool>

#include <atomic>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr qint64 maxCredentialBytes = 1024 * 1024;
constexpr int longestServerWaitMs = 30000; ///< a longer Retry-After is the user's to wait for
constexpr std::chrono::milliseconds shortestFileWatch { 50 };
constexpr int pageSize = 500;
constexpr qsizetype parseElsewhere = 128 * 1024; ///< larger pages are parsed by the pool
constexpr qsizetype mostObjects = 200000;

QNetworkProxy proxyOf(const QString &text)
{
    if (text.isEmpty())
        return QNetworkProxy(QNetworkProxy::NoProxy);
    const QUrl url(text);
    const bool socks = url.scheme().startsWith(QLatin1StringView("socks5")); // its h asks the proxy for names, as Qt always does
    return QNetworkProxy(socks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy, url.host(),
        static_cast<quint16>(url.port(socks ? 1080 : 80)), url.userName(QUrl::FullyDecoded), url.password(QUrl::FullyDecoded));
}

/// When the files of the client certificate changed.
QList<QDateTime> timesOf(const ClusterAccess &access)
{
    if (access.clientCertificateFile.isEmpty())
        return {};
    return { QFileInfo(access.clientCertificateFile).lastModified(), QFileInfo(access.clientKeyFile).lastModified() };
}

/// A connection keeper that dies from the event loop: the last user may be inside one of its signals.
std::shared_ptr<net::HttpClient> shared(std::unique_ptr<net::HttpClient> http)
{
    return { http.release(), [](net::HttpClient *client) {
                if (QCoreApplication::instance())
                    client->deleteLater();
                else
                    delete client;
            } };
}

Error cancelled(const QString &tried, const QUrl &url)
{
    return Error::make(ErrorKind::Cancelled, tried, shownUrl(url), Say::tr("cancelled"));
}

} // namespace

struct ApiSession::Job {
    ApiCall call;
    QUrl url;
    std::stop_token stop;
    QPromise<Result<net::HttpReply>> promise;
    int attempts = 0;
    quint64 ticket = 0; ///< while credentials are waited for
    bool renewed = false;
    bool isUnderWay = false, waitsForTurn = false;
    QElapsedTimer heard; ///< since it was sent, or since the newest piece of its answer
    std::shared_ptr<Error> lost; ///< it was given up: the server does not answer anything else either
    std::stop_source givenUp;
    std::optional<std::stop_callback<std::function<void()>>> onStop; ///< while credentials or an answer are waited for
    net::RetryWait wait;
};

struct ApiSession::ListJob {
    ResourceKind kind;
    ApiCall call;
    std::stop_token stop;
    QPromise<Result<ListResult>> promise;
    ListResult result;
    QString next;
    bool restarted = false;

    void finish(Result<ListResult> value)
    {
        promise.addResult(std::move(value));
        promise.finish();
    }
};

namespace {
std::atomic_int atOnce = 6;
}

void setRequestsAtOnce(int most)
{
    atOnce = std::max(1, most);
}

int requestsAtOnce()
{
    return atOnce;
}

std::optional<std::chrono::milliseconds> repeatAfter(
    const net::RetryPolicy &policy, const ApiCall &call, int attemptsSoFar, const Error &error, double jitter)
{
    if (attemptsSoFar >= policy.attempts || error.retryAfterMs > longestServerWaitMs)
        return std::nullopt;
    bool again = false;
    switch (error.kind) {
    case ErrorKind::Throttled: again = true; break; // not executed
    case ErrorKind::Server: again = call.isGet() && error.retryAfterMs >= 0; break; // as client-go does
    case ErrorKind::Network: again = call.repeatable; break;
    default: break; // a timeout has already taken as long as the caller allowed
    }
    if (!again)
        return std::nullopt;
    return net::retryDelay(policy, attemptsSoFar + 1, error, jitter);
}

ApiSession::ApiSession(ClusterAccess access, std::unique_ptr<net::HttpClient> http)
    : m_access(std::move(access))
    , m_proxy(proxyOf(m_access.proxyUrl))
    , m_givenHttp(http != nullptr)
{
    m_http = shared(http ? std::move(http) : net::makeHttpClient(m_access.tls, m_proxy));
    if (m_access.plugin)
        m_plugin = std::make_unique<ExecCredentialSource>(*m_access.plugin);
    if (m_plugin) // streams that are open go on with it
        connect(m_plugin.get(), &ExecCredentialSource::renewed, this, [this] { withIdentity([](const Result<Identity> &) {}); });
    m_tokenRead.start();
    m_certificateRead.start();
    m_certificateTimes = timesOf(m_access);
    connect(&m_doubt, &QTimer::timeout, this, [this] { doubt(); });
    // A watch that is open sends no requests for minutes, and its old identity must not live on so long.
    connect(&m_certificateWatch, &QTimer::timeout, this, [this] { refreshCertificate(); });
    if (!m_certificateTimes.isEmpty())
        m_certificateWatch.start(std::max(5 * m_certificateEvery, shortestFileWatch));
}

ApiSession::~ApiSession()
{
    for (const auto &job : m_jobs) {
        job->onStop.reset();
        job->wait.cancel();
    }
}

void ApiSession::setFileIntervals(std::chrono::milliseconds token, std::chrono::milliseconds certificate)
{
    m_tokenEvery = token;
    m_certificateEvery = certificate;
    if (m_certificateWatch.isActive())
        m_certificateWatch.start(std::max(5 * m_certificateEvery, shortestFileWatch));
}

std::shared_ptr<net::HttpClient> ApiSession::connections(const net::TlsOptions &tls)
{
    return m_givenHttp ? m_http : shared(net::makeHttpClient(tls, m_proxy));
}

void ApiSession::refreshToken()
{
    m_tokenRead.restart();
    if (m_access.tokenFile.isEmpty() || m_access.server.scheme() != u"https"
        || !QFileInfo(m_access.tokenFile).isFile()) // a pipe is read once
        return;
    const auto read = core::readBounded(m_access.tokenFile, maxCredentialBytes, {});
    if (!read)
        return; // the last one stays in force
    const QByteArray token = read->content.trimmed();
    if (!token.isEmpty() && net::isHeader("Authorization", token))
        m_access.token = core::Secret(token);
}

void ApiSession::refreshCertificate()
{
    m_certificateRead.restart();
    if (m_access.clientCertificateFile.isEmpty() || m_access.clientKeyFile.isEmpty())
        return;
    const auto times = timesOf(m_access);
    if (times == m_certificateTimes)
        return;
    const auto certificate = core::readBounded(m_access.clientCertificateFile, maxCredentialBytes, {});
    auto key = core::readBounded(m_access.clientKeyFile, maxCredentialBytes, {});
    if (!certificate || !key)
        return;
    const QByteArray pem = certificate->content;
    const core::Secret keyPem(std::move(key->content));
    const auto chain = parseCertificates(pem);
    const auto parsed = parsePrivateKey(keyPem.reveal());
    if (!chain || !parsed || !keyBelongsTo(pem, keyPem.reveal()))
        return; // it is being written: next time
    m_certificateTimes = times;
    if (*chain == m_access.tls.clientChain)
        return;
    m_access.tls.clientChain = *chain;
    m_access.tls.clientKey = *parsed;
    m_access.clientCertificateExpires = chain->first().expiryDate().toUTC();
    m_http = connections(m_access.tls);
    ++m_number;
    emit identityChanged();
}

Identity ApiSession::identityOf(const ExecCredential *credential)
{
    Identity identity;
    identity.tls = m_access.tls;
    QByteArray token = m_access.token.reveal();
    bool isOther = false;
    if (credential) {
        token = credential->token.reveal();
        if (!credential->certificatePem.isEmpty()) {
            identity.tls.clientChain = credential->clientChain;
            identity.tls.clientKey = credential->clientKey;
        }
        if (credential->certificatePem != m_pluginCertificate) { // other certificate, other connections
            m_pluginCertificate = credential->certificatePem;
            m_http = connections(identity.tls);
            isOther = true;
        }
    }
    if (token != m_tokenInForce.reveal()) {
        isOther = isOther || !m_tokenInForce.isEmpty(); // the first is no other
        m_tokenInForce = core::Secret(token);
    }
    if (isOther) {
        ++m_number;
        emit identityChanged();
    }
    const bool secure = m_access.server.scheme() == u"https";
    if (secure && !token.isEmpty())
        identity.headers.append(QPair<QByteArray, QByteArray> { "Authorization", "Bearer " + token });
    else if (secure && (!m_access.username.isEmpty() || !m_access.password.isEmpty()))
        identity.headers.append(QPair<QByteArray, QByteArray> {
            "Authorization", "Basic " + (m_access.username.toUtf8() + ':' + m_access.password.reveal()).toBase64() });
    identity.headers += m_access.impersonation;
    identity.headers.append(QPair<QByteArray, QByteArray> { "User-Agent", "Catamaran" });
    identity.http = m_http;
    identity.number = m_number;
    return identity;
}

quint64 ApiSession::withIdentity(std::function<void(const Result<Identity> &)> handler)
{
    if (!m_plugin) {
        if (m_tokenRead.elapsed() >= m_tokenEvery.count())
            refreshToken();
        if (m_certificateRead.elapsed() >= m_certificateEvery.count())
            refreshCertificate();
        handler(identityOf(nullptr));
        return 0;
    }
    return m_plugin->need([this, handler = std::move(handler)](const Result<ExecCredential> &credential) {
        handler(credential ? Result<Identity>(identityOf(&*credential)) : Result<Identity>(core::fail(credential.error())));
    });
}

void ApiSession::dropIdentity(quint64 ticket)
{
    if (m_plugin && ticket != 0)
        m_plugin->drop(ticket);
}

bool ApiSession::renewCredentials()
{
    if (m_plugin) {
        m_plugin->forget();
        return true;
    }
    const QByteArray before = m_access.token.reveal();
    const auto http = m_http;
    refreshToken();
    refreshCertificate();
    return before != m_access.token.reveal() || http != m_http;
}

QFuture<Result<net::HttpReply>> ApiSession::send(const ApiCall &call, std::stop_token stop)
{
    auto job = std::make_shared<Job>();
    job->call = call;
    job->url = url(call.path, call.query);
    job->stop = std::move(stop);
    job->promise.start();
    auto future = job->promise.future();
    m_jobs.insert(job);
    attempt(job);
    return future;
}

void ApiSession::attempt(const std::shared_ptr<Job> &job)
{
    if (job->stop.stop_requested()) {
        settle(job, core::fail(cancelled(job->call.purpose, job->url)));
        return;
    }
    if (m_underWay >= requestsAtOnce()) {
        waitForTurn(job);
        return;
    }
    job->isUnderWay = true;
    ++m_underWay;
    ++job->attempts;
    // A plugin may take its time: a stop must not wait for it.
    job->onStop.emplace(job->stop, [this, weak = std::weak_ptr<Job>(job)] {
        QMetaObject::invokeMethod(
            this,
            [this, weak] {
                const auto alive = weak.lock();
                if (!alive || alive->ticket == 0 || !m_jobs.contains(alive))
                    return;
                dropIdentity(std::exchange(alive->ticket, 0));
                settle(alive, core::fail(cancelled(alive->call.purpose, alive->url)));
            },
            Qt::QueuedConnection);
    });
    job->ticket = withIdentity([this, weak = std::weak_ptr<Job>(job)](const Result<Identity> &identity) {
        const auto alive = weak.lock();
        if (!alive || !m_jobs.contains(alive))
            return;
        alive->ticket = 0;
        alive->onStop.reset();
        if (!identity)
            settle(alive, core::fail(identity.error()));
        else
            sendNow(alive, *identity);
    });
}

void ApiSession::waitForTurn(const std::shared_ptr<Job> &job)
{
    job->waitsForTurn = true;
    m_turns.append(job);
    job->onStop.emplace(job->stop, [this, weak = std::weak_ptr<Job>(job)] {
        QMetaObject::invokeMethod(
            this,
            [this, weak] {
                const auto alive = weak.lock();
                if (alive && alive->waitsForTurn && m_jobs.contains(alive)) {
                    alive->waitsForTurn = false;
                    settle(alive, core::fail(cancelled(alive->call.purpose, alive->url)));
                }
            },
            Qt::QueuedConnection);
    });
}

/// Its exchange is over: others may begin.
void ApiSession::leave(const std::shared_ptr<Job> &job)
{
    if (!std::exchange(job->isUnderWay, false))
        return;
    --m_underWay;
    while (m_underWay < requestsAtOnce() && !m_turns.isEmpty()) {
        const auto next = m_turns.takeFirst().lock();
        if (!next || !std::exchange(next->waitsForTurn, false))
            continue;
        next->onStop.reset();
        attempt(next);
    }
}

bool isSilence(const std::shared_ptr<Error> &health)
{
    return health && (health->kind == ErrorKind::Timeout || health->kind == ErrorKind::Network || health->kind == ErrorKind::Tls);
}

void ApiSession::setDoubt(std::chrono::milliseconds quiet, std::chrono::milliseconds healthTimeout)
{
    m_quiet = quiet;
    m_healthTimeout = healthTimeout;
}

/// Looks for requests that hear nothing. Whether that is the request (a long list, a server at its limit) or the server
/// is told by another question, on another connection.
void ApiSession::doubt()
{
    bool isOpen = false, isSilent = false;
    const auto silent = [this](const Job &job) { return job.heard.isValid() && job.heard.elapsed() >= m_quiet.count(); };
    for (const auto &job : std::as_const(m_jobs)) {
        isOpen = isOpen || job->heard.isValid();
        isSilent = isSilent || silent(*job);
    }
    if (!isOpen)
        m_doubt.stop();
    if (!isSilent)
        return;
    net::hastenKeepAliveSoon(); // the server may live, and only the way of a connection of ours be cut
    checkHealth(m_quiet, m_healthTimeout, this, [this, silent](const std::shared_ptr<Error> &error) {
        if (!isSilence(error))
            return;
        for (const auto &job : std::as_const(m_jobs)) {
            if (!silent(*job) || job->lost)
                continue;
            job->lost = std::make_shared<Error>(Error::make(
                error->kind, job->call.purpose, shownUrl(job->url), Say::tr("the server is silent: %1").arg(error->answer), error->remedy));
            job->givenUp.request_stop();
        }
    });
}

void ApiSession::sendNow(const std::shared_ptr<Job> &job, const Identity &identity)
{
    job->heard.start();
    job->lost.reset();
    job->givenUp = std::stop_source();
    // A stop comes from any thread; request_stop() may too.
    job->onStop.emplace(job->stop, [givenUp = job->givenUp]() mutable { givenUp.request_stop(); });
    if (!m_doubt.isActive())
        m_doubt.start(std::max(m_quiet / 5, std::chrono::milliseconds(10)));
    net::HttpRequest request;
    request.method = job->call.method;
    request.url = job->url;
    request.headers = identity.headers;
    request.headers.append(QPair<QByteArray, QByteArray> { "Accept", job->call.accept });
    if (m_access.disableCompression)
        request.headers.append(QPair<QByteArray, QByteArray> { "Accept-Encoding", "identity" });
    if (!job->call.body.isEmpty())
        request.headers.append(QPair<QByteArray, QByteArray> { "Content-Type", job->call.contentType });
    request.body = job->call.body;
    request.timeout = job->call.timeout;
    request.maxBytes = job->call.maxBytes;
    request.purpose = job->call.purpose;
    request.heard = [weak = std::weak_ptr<Job>(job)] {
        if (const auto alive = weak.lock())
            alive->heard.start();
    };
    // The connections are kept by the handler: a renewed certificate may replace them meanwhile.
    core::whenReady(identity.http->send(request, job->givenUp.get_token()), this,
        [this, job, http = identity.http](const Result<net::HttpReply> &reply) {
            job->onStop.reset();
            job->heard.invalidate();
            leave(job);
            if (!reply && reply.error().kind == ErrorKind::Cancelled && job->lost && !job->stop.stop_requested()) {
                settle(job, core::fail(*job->lost));
                return;
            }
            const auto page = reply ? pageError(job->call.purpose, job->url, *reply) : std::nullopt;
            if (reply && reply->status / 100 == 2 && !page) {
                settle(job, *reply);
                return;
            }
            const Error error = page ? *page : reply ? statusError(job->call.purpose, job->url, *reply) : reply.error();
            if (error.kind == ErrorKind::Unauthorized && !job->renewed && renewCredentials()) {
                job->renewed = true; // refused before anything was done, so once more is harmless
                attempt(job);
                return;
            }
            if (const auto delay = repeatAfter(m_retry, job->call, job->attempts, error, QRandomGenerator::global()->generateDouble()))
                waitThenAttempt(job, *delay);
            else
                settle(job, core::fail(error));
        });
}

void ApiSession::waitThenAttempt(const std::shared_ptr<Job> &job, std::chrono::milliseconds delay)
{
    job->wait.start(delay, job->stop, [this, weak = std::weak_ptr<Job>(job)] {
        if (const auto alive = weak.lock())
            attempt(alive);
    });
}

void ApiSession::settle(const std::shared_ptr<Job> &job, Result<net::HttpReply> result)
{
    const auto kept = job;
    m_jobs.remove(kept);
    leave(kept);
    kept->promise.addResult(std::move(result));
    kept->promise.finish();
}

QFuture<Result<ListResult>> ApiSession::list(
    const ResourceKind &kind, const QString &ns, const QString &labelSelector, std::stop_token stop)
{
    auto job = std::make_shared<ListJob>();
    job->kind = kind;
    job->call.path = resourcePath(kind, ns);
    job->call.purpose
        = ns.isEmpty() || !kind.namespaced ? Say::tr("list %1").arg(kind.plural) : Say::tr("list %1 in namespace %2").arg(kind.plural, ns);
    job->call.query = { { "limit", QByteArray::number(pageSize) } };
    if (!labelSelector.isEmpty())
        job->call.query.append(QueryItem { "labelSelector", labelSelector.toUtf8() });
    job->call.timeout = std::chrono::seconds(60);
    job->call.maxBytes = 256 * 1024 * 1024;
    job->stop = std::move(stop);
    job->promise.start();
    auto future = job->promise.future();
    nextPage(job);
    return future;
}

void ApiSession::nextPage(const std::shared_ptr<ListJob> &job)
{
    ApiCall call = job->call;
    if (!job->next.isEmpty())
        call.query.append(QueryItem { "continue", job->next.toUtf8() });
    const auto onPage = [this, job](const Result<ListPage> &page) {
        const QUrl shown = url(job->call.path);
        if (!page) {
            Error error = page.error();
            if (error.kind == ErrorKind::Gone && !job->restarted && !job->next.isEmpty()) {
                job->restarted = true; // the token of the next page has expired: from the beginning, once
                job->next.clear();
                job->result = {};
                nextPage(job);
                return;
            }
            if (error.tried.isEmpty()) {
                error.tried = job->call.purpose;
                error.target = shownUrl(shown);
                error.remedy = Say::tr("Check that the address is a Kubernetes API server's.");
            }
            job->finish(core::fail(error));
            return;
        }
        job->result.items += page->items;
        job->result.resourceVersion = page->resourceVersion;
        const bool again = !page->next.isEmpty() && page->next == job->next && page->items.isEmpty();
        if (again || job->result.items.size() > mostObjects) {
            job->finish(core::fail(ErrorKind::Protocol, job->call.purpose, shownUrl(shown),
                again ? Say::tr("the list does not end: the same page comes again")
                      : Say::tr("the list has more than %1 objects").arg(mostObjects)));
            return;
        }
        job->next = page->next;
        if (job->next.isEmpty())
            job->finish(std::move(job->result));
        else
            nextPage(job);
    };
    core::whenReady(send(call, job->stop), this, [this, onPage](const Result<net::HttpReply> &reply) {
        if (!reply) {
            onPage(core::fail(reply.error()));
        } else if (reply->body.size() < parseElsewhere) {
            onPage(parseListPage(reply->body));
        } else {
            auto promise = std::make_shared<QPromise<Result<ListPage>>>();
            promise->start();
            core::whenReady(promise->future(), this, onPage);
            QThreadPool::globalInstance()->start([promise, body = reply->body] {
                promise->addResult(parseListPage(body));
                promise->finish();
            });
        }
    });
}

void ApiSession::checkHealth(std::chrono::milliseconds every, std::chrono::milliseconds timeout, QObject *context,
    std::function<void(const std::shared_ptr<Error> &)> handler)
{
    if (!m_healthRunning && m_healthAsked.isValid() && m_healthAsked.elapsed() < every.count() && !m_healthLast) {
        handler(nullptr); // it has just answered somebody else
        return;
    }
    m_healthWaiting.append({ context, std::move(handler) });
    if (m_healthRunning)
        return;
    m_healthRunning = true;
    m_healthAsked.start();
    const auto told = [this](const std::shared_ptr<Error> &error) {
        m_healthRunning = false;
        m_healthLast = error;
        const auto waiting = std::exchange(m_healthWaiting, {});
        const QPointer<ApiSession> alive(this);
        for (const Waiting &one : waiting) {
            if (one.context)
                one.handler(error);
            if (!alive)
                return;
        }
    };
    withIdentity([this, timeout, told](const Result<Identity> &identity) {
        if (!identity) {
            told(std::make_shared<Error>(identity.error()));
            return;
        }
        if (!m_healthHttp || m_healthFor.lock() != identity->http) { // its own connection: six slow lists must not look like a dead server
            m_healthHttp = connections(identity->tls);
            m_healthFor = identity->http;
        }
        net::HttpRequest request;
        request.url = url("/version");
        request.headers = identity->headers;
        request.timeout = timeout;
        request.maxBytes = 1024 * 1024;
        request.purpose = Say::tr("hear from the API server");
        core::whenReady(m_healthHttp->send(request, {}), this,
            [told, shown = request.url, purpose = request.purpose, http = m_healthHttp](const Result<net::HttpReply> &reply) {
                if (!reply)
                    told(std::make_shared<Error>(reply.error()));
                else if (reply->status >= 500) // 401 and 403 also mean that it lives
                    told(std::make_shared<Error>(statusError(purpose, shown, *reply)));
                else
                    told(nullptr);
            });
    });
}

} // namespace catamaran::kube
