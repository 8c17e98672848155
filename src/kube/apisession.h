// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/execplugin.h"
#include "kube/kubeclient.h"
#include "kube/resourceurl.h"
#include "net/retry.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QSet>
#include <QTimer>

/// What KubeClient, its watches and its commands share: one identity's credentials and connections.
namespace catamaran::kube {

/// One call in API terms.
struct ApiCall {
    QByteArray method = "GET";
    QByteArray path; ///< already encoded
    Query query;
    QByteArray body;
    QByteArray contentType = "application/json";
    QByteArray accept = "application/json";
    QString purpose;
    std::chrono::milliseconds timeout { 30000 };
    qint64 maxBytes = 64 * 1024 * 1024;
    bool repeatable = true; ///< may be sent again after a lost connection

    [[nodiscard]] bool isGet() const { return method == "GET"; }
};

/// Headers and connections for one request.
struct Identity {
    net::Headers headers;
    net::TlsOptions tls;
    std::shared_ptr<net::HttpClient> http;
    quint64 number = 0; ///< of the credentials; see isCurrent()
};

class ApiSession : public QObject {
    Q_OBJECT
public:
    ApiSession(ClusterAccess access, std::unique_ptr<net::HttpClient> http);
    ~ApiSession() override;

    [[nodiscard]] const ClusterAccess &access() const { return m_access; }
    [[nodiscard]] QUrl url(const QByteArray &path, const Query &query = {}) const { return apiUrl(m_access.server, path, query); }

    /// Sends one call, repeats it where that is harmless. The value is always 2xx; everything else is an Error. A server
    /// that is silent for five seconds is asked whether it lives: when it does not say so within five more, the call ends
    /// before its own time. On this object's thread only.
    [[nodiscard]] QFuture<core::Result<net::HttpReply>> send(const ApiCall &call, std::stop_token stop);

    /// All pages of one kind. On this object's thread only.
    [[nodiscard]] QFuture<core::Result<ListResult>> list(
        const ResourceKind &kind, const QString &ns, const QString &labelSelector, std::stop_token stop);

    /// Calls @p handler, at once or later, with what a request needs now. Never after this object is gone. Returns a
    /// ticket for dropIdentity(), 0 when @p handler was called already.
    quint64 withIdentity(std::function<void(const core::Result<Identity> &)> handler);
    /// Nobody waits for @p ticket any more: a plugin that runs only for it is ended.
    void dropIdentity(quint64 ticket);
    /// The server said 401: a plugin is asked again, files are read again. False when there is nothing to renew.
    bool renewCredentials();

    /// Asks the server for its version on behalf of every watch that hears nothing: one question at a time, at most
    /// one each @p every. @p handler gets null when it answers.
    void checkHealth(std::chrono::milliseconds every, std::chrono::milliseconds timeout, QObject *context,
        std::function<void(const std::shared_ptr<core::Error> &)> handler);

    /// How often files are looked at: tokens about every minute, certificates about each second while requests are sent
    /// and every five otherwise, for the streams that are open.
    void setFileIntervals(std::chrono::milliseconds token, std::chrono::milliseconds certificate);
    /// Whether the credentials are in force that a request went out with.
    [[nodiscard]] bool isCurrent(quint64 number) const { return number == m_number; }
    /// Tests shorten these: the silence after which a call is doubted, and the server's time to say that it lives.
    void setDoubt(std::chrono::milliseconds quiet, std::chrono::milliseconds healthTimeout);
    void setRetryPolicy(const net::RetryPolicy &policy) { m_retry = policy; }
    [[nodiscard]] QNetworkProxy proxy() const { return m_proxy; }

signals:
    /// Other credentials are in force (a certificate or token changed on disk, came from a plugin, or was renewed): what was opened
    /// before belongs to the identity of then and should end. May come in the middle of withIdentity(): connect queued.
    void identityChanged();

private:
    struct Job;
    struct ListJob;
    void attempt(const std::shared_ptr<Job> &job);
    void waitForTurn(const std::shared_ptr<Job> &job);
    void leave(const std::shared_ptr<Job> &job);
    void sendNow(const std::shared_ptr<Job> &job, const Identity &identity);
    void waitThenAttempt(const std::shared_ptr<Job> &job, std::chrono::milliseconds delay);
    void settle(const std::shared_ptr<Job> &job, core::Result<net::HttpReply> result);
    void nextPage(const std::shared_ptr<ListJob> &job);
    void doubt();
    void refreshToken();
    void refreshCertificate();
    [[nodiscard]] Identity identityOf(const ExecCredential *credential);
    [[nodiscard]] std::shared_ptr<net::HttpClient> connections(const net::TlsOptions &tls);

    ClusterAccess m_access;
    QNetworkProxy m_proxy { QNetworkProxy::NoProxy };
    std::shared_ptr<net::HttpClient> m_http;
    bool m_givenHttp = false; ///< a caller's own; never replaced
    QByteArray m_pluginCertificate;
    core::Secret m_tokenInForce; ///< that the newest identity has
    quint64 m_number = 0; ///< of that identity
    std::unique_ptr<ExecCredentialSource> m_plugin;
    net::RetryPolicy m_retry;
    QSet<std::shared_ptr<Job>> m_jobs;
    QList<std::weak_ptr<Job>> m_turns; ///< who waits until others have their answers
    int m_underWay = 0;
    std::chrono::milliseconds m_tokenEvery { 60000 }, m_certificateEvery { 1000 };
    QElapsedTimer m_tokenRead, m_certificateRead;
    QTimer m_doubt; ///< while requests are open
    std::chrono::milliseconds m_quiet { 5000 }, m_healthTimeout { 5000 };
    QTimer m_certificateWatch; ///< only with certificates in files
    QList<QDateTime> m_certificateTimes; ///< of the files that are in force

    struct Waiting {
        QPointer<QObject> context;
        std::function<void(const std::shared_ptr<core::Error> &)> handler;
    };
    QList<Waiting> m_healthWaiting;
    std::shared_ptr<net::HttpClient> m_healthHttp;
    std::weak_ptr<net::HttpClient> m_healthFor; ///< the connections whose identity it has
    bool m_healthRunning = false;
    QElapsedTimer m_healthAsked;
    std::shared_ptr<core::Error> m_healthLast;
};

/// Whether checkHealth()'s answer means that nobody answers there; a server that is only in trouble does. Pure.
[[nodiscard]] bool isSilence(const std::shared_ptr<core::Error> &health);

/// Whether a failed call may be sent again, and after which wait; nullopt to give up. Pure.
[[nodiscard]] std::optional<std::chrono::milliseconds> repeatAfter(
    const net::RetryPolicy &policy, const ApiCall &call, int attemptsSoFar, const core::Error &error, double jitter);

} // namespace catamaran::kube
