// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QFuture>
#include <QList>
#include <QNetworkProxy>
#include <QObject>
#include <QPair>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>
#include <QSslKey>
#include <QUrl>

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

namespace catamaran::net {

/// Who we trust and who we are, for one identity at one server.
struct TlsOptions {
    QList<QSslCertificate> trusted; ///< the ONLY trust store when not empty; else the system's
    QList<QSslCertificate> clientChain; ///< our certificate first, then its issuers
    QSslKey clientKey;
    bool skipVerification = false; ///< only where the user's own kubeconfig says so; the UI shows it
    QString serverName; ///< replaces the URL's host in SNI and verification when not empty

    /// The Qt configuration for these options: TLS 1.2 at least, HTTP/1.1 only.
    [[nodiscard]] QSslConfiguration toQt() const;
};

using Headers = QList<QPair<QByteArray, QByteArray>>;

struct HttpRequest {
    QByteArray method = "GET";
    QUrl url;
    Headers headers; ///< names may repeat; a line break in one is an InvalidInput error
    QByteArray body;
    std::chrono::milliseconds timeout { 30000 }; ///< for the whole transfer
    qint64 maxBytes = 256 * 1024 * 1024; ///< a longer answer is a Protocol error
    QString purpose; ///< "list pods": becomes Error::tried
    std::function<void()> heard; ///< called for send(), on the client's thread, with each piece of the answer
};

struct HttpReply {
    int status = 0;
    Headers headers;
    QByteArray body;

    /// Value of header @p name (any case), empty when absent.
    [[nodiscard]] QByteArray header(const QByteArray &name) const;
};

/// A body that comes in pieces: watches and logs. Lives on the client's thread; stops when destroyed.
class HttpStream : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    /// Ends the transfer; finished() is emitted with ErrorKind::Cancelled, from the event loop.
    virtual void stop() = 0;

signals:
    /// The answer's head came. Non-2xx bodies are delivered through received() as well.
    void started(int status, const catamaran::net::Headers &headers);
    void received(const QByteArray &bytes);
    /// Emitted exactly once. @p error is null after a clean end of the body.
    void finished(const std::shared_ptr<catamaran::core::Error> &error);
};

/// The only seam between the API clients and the network; tests may hand in a fake.
class HttpClient : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Sends one request; may be called from any thread. The future yields exactly one Result: any HTTP status is a
    /// value (also 4xx and 5xx), a failure before a complete answer is an Error (Network, Timeout, Tls, Protocol,
    /// Cancelled). It finishes on this object's thread, and is cancelled only when the client is destroyed first.
    /// Redirects are never followed, cookies never kept. Nothing that may change something is sent a second time here: see
    /// net/retry.h. (A GET or HEAD goes out anew when a connection closes before its answer.)
    [[nodiscard]] virtual QFuture<core::Result<HttpReply>> send(HttpRequest request, std::stop_token stop) = 0;

    /// Opens a long-lived answer on a connection of its own, so that it never starves send(). Only on this object's
    /// thread. @p request.timeout bounds the time to the head and then each silence (0: no bound). The caller owns it.
    [[nodiscard]] virtual HttpStream *stream(const HttpRequest &request, QObject *parent) = 0;
};

/// HttpClient over Qt Network, for this one identity: its connections are never another's, though clients share access managers and
/// their threads (net/managers.h). @p proxy: the application's own by default.
[[nodiscard]] std::unique_ptr<HttpClient> makeHttpClient(
    const TlsOptions &tls, const QNetworkProxy &proxy = QNetworkProxy(QNetworkProxy::DefaultProxy));

/// A refused certificate as an Error: the most telling of @p errors, with dates, names and what to do about it.
/// @p serverName: what the certificate had to be for, when it is not the URL's host.
[[nodiscard]] core::Error tlsError(const QString &tried, const QUrl &url, const QList<QSslError> &errors, const QString &serverName = {});

/// A handshake that failed without a judgement of the certificate; @p words are the TLS library's. Pure.
[[nodiscard]] core::Error handshakeError(const QString &tried, const QUrl &url, const QString &words);

/// Whether @p name and @p value can travel as one header line: no line break, no NUL, a name that is a token.
[[nodiscard]] bool isHeader(const QByteArray &name, const QByteArray &value);

} // namespace catamaran::net

Q_DECLARE_METATYPE(catamaran::net::Headers)
