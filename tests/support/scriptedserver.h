// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QPointer>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTcpServer>
#include <QUrl>

#include <functional>

namespace catamaran::test {

/// One request that came, and the means to answer it well or badly.
class Exchange : public QObject {
    Q_OBJECT
public:
    using Headers = QList<QPair<QByteArray, QByteArray>>;

    QByteArray method;
    QByteArray target; ///< path and query, as they were sent
    Headers headers;
    QByteArray body;
    QByteArray clientCommonName; ///< from the client's certificate

    [[nodiscard]] QByteArray path() const { return target.left(target.indexOf('?') < 0 ? target.size() : target.indexOf('?')); }
    [[nodiscard]] QByteArray header(const QByteArray &name) const;
    [[nodiscard]] QList<QByteArray> headersNamed(const QByteArray &name) const;

    /// A complete answer; the connection stays open for the next request.
    void reply(int status, const QByteArray &answer, const QByteArray &contentType = "application/json", const Headers &more = {});
    /// Only the head of a chunked answer; chunk() and endChunks() follow, or never.
    void beginChunks(int status = 200, const QByteArray &contentType = "application/json");
    void chunk(const QByteArray &bytes);
    void endChunks();
    void raw(const QByteArray &bytes);
    /// Closes the connection: with what was written, or without a word.
    void close();
    void reset();
    [[nodiscard]] bool isConnected() const;
    /// Sends @p piece again and again, never more ahead than some of them, until @p total bytes are written or the client
    /// goes away.
    void flood(const QByteArray &piece, qint64 total);
    /// What flood() got rid of: more than the client read by what the kernel holds.
    [[nodiscard]] qint64 flooded() const { return m_flooded; }

private:
    friend class ScriptedServer;
    void pour();
    QPointer<QSslSocket> m_socket;
    QByteArray m_piece;
    qint64 m_total = 0, m_flooded = 0;
};

/// A small HTTP/1.1 server on loopback, over TLS or plain, that does to each request what the test says. Lives on the
/// test's thread.
class ScriptedServer : public QTcpServer {
    Q_OBJECT
public:
    enum class Mode { Plain, Tls, TlsWithClientCertificate };
    using Handler = std::function<void(Exchange &)>;

    explicit ScriptedServer(Handler handler, Mode mode = Mode::Plain, QObject *parent = nullptr);
    ~ScriptedServer() override;

    [[nodiscard]] QUrl url(const QString &path = {}) const;
    [[nodiscard]] QList<QSslCertificate> authority() const; ///< signs the server and the clients
    [[nodiscard]] QByteArray authorityPem() const;
    /// A certificate and key (PEM) for @p commonName, signed by authority().
    [[nodiscard]] QPair<QByteArray, QByteArray> clientCertificate(const QString &commonName) const;

    /// Another certificate (PEM, with its issuers) and key (PEM, elliptic curve) from now on. Mode::Tls only.
    void setIdentity(const QByteArray &chain, const QByteArray &key);
    void setHandler(Handler handler) { m_handler = std::move(handler); }
    [[nodiscard]] const QList<QPointer<Exchange>> &exchanges() const { return m_exchanges; }
    [[nodiscard]] int requests() const { return int(m_exchanges.size()); }
    [[nodiscard]] int connections() const { return m_connections; }
    /// Takes new connections no more, and breaks the open ones.
    void die();

protected:
    void incomingConnection(qintptr handle) override;

private:
    void readable(QSslSocket *socket);

    Handler m_handler;
    Mode m_mode;
    QSslConfiguration m_tls;
    QHash<QSslSocket *, QByteArray> m_buffers;
    QList<QPointer<Exchange>> m_exchanges;
    int m_connections = 0;
};

} // namespace catamaran::test
