// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "support/scriptedserver.h"

#include "pki/ca.h"

#include <QSslKey>

namespace catamaran::test {

namespace {

/// One root for the whole test program: making keys is slow.
const pki::Identity &root()
{
    static const pki::Identity identity = pki::makeRoot(QStringLiteral("Test root"), pki::KeyType::EcP256).value();
    return identity;
}

const pki::Identity &serverIdentity()
{
    static const pki::Identity identity = [] {
        pki::LeafRequest request;
        request.commonName = QStringLiteral("scripted");
        request.dnsNames = { QStringLiteral("localhost"), QStringLiteral("api.fleet.test") };
        request.ipAddresses = { QStringLiteral("127.0.0.1") };
        return pki::makeLeaf(root(), request).value();
    }();
    return identity;
}

} // namespace

QByteArray Exchange::header(const QByteArray &name) const
{
    return headersNamed(name).value(0);
}

QList<QByteArray> Exchange::headersNamed(const QByteArray &name) const
{
    QList<QByteArray> values;
    for (const auto &[key, value] : headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            values.append(value);
    }
    return values;
}

void Exchange::raw(const QByteArray &bytes)
{
    if (m_socket)
        m_socket->write(bytes);
}

void Exchange::reply(int status, const QByteArray &answer, const QByteArray &contentType, const Headers &more)
{
    QByteArray head = "HTTP/1.1 " + QByteArray::number(status) + " Scripted\r\nContent-Type: " + contentType
        + "\r\nContent-Length: " + QByteArray::number(answer.size()) + "\r\n";
    for (const auto &[name, value] : more)
        head += name + ": " + value + "\r\n";
    raw(head + "\r\n" + answer);
}

void Exchange::beginChunks(int status, const QByteArray &contentType)
{
    raw("HTTP/1.1 " + QByteArray::number(status) + " Scripted\r\nContent-Type: " + contentType + "\r\nTransfer-Encoding: chunked\r\n\r\n");
}

void Exchange::chunk(const QByteArray &bytes)
{
    raw(QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n");
}

void Exchange::endChunks()
{
    raw("0\r\n\r\n");
}

void Exchange::close()
{
    if (m_socket)
        m_socket->disconnectFromHost();
}

void Exchange::reset()
{
    if (m_socket)
        m_socket->abort();
}

void Exchange::flood(const QByteArray &piece, qint64 total)
{
    m_piece = piece;
    m_total = total;
    if (!m_socket)
        return;
    connect(m_socket, &QIODevice::bytesWritten, this, &Exchange::pour);
    connect(m_socket, &QSslSocket::encryptedBytesWritten, this, &Exchange::pour);
    pour();
}

void Exchange::pour()
{
    while (m_socket && m_socket->state() == QAbstractSocket::ConnectedState && m_flooded < m_total
        && m_socket->bytesToWrite() + m_socket->encryptedBytesToWrite() < 4 * m_piece.size()) {
        m_socket->write(m_piece);
        m_flooded += m_piece.size();
    }
}

bool Exchange::isConnected() const
{
    return m_socket && m_socket->state() == QAbstractSocket::ConnectedState;
}

ScriptedServer::ScriptedServer(Handler handler, Mode mode, QObject *parent)
    : QTcpServer(parent)
    , m_handler(std::move(handler))
    , m_mode(mode)
{
    if (mode != Mode::Plain) {
        m_tls = QSslConfiguration::defaultConfiguration();
        m_tls.setLocalCertificateChain(QSslCertificate::fromData(serverIdentity().certificate));
        m_tls.setPrivateKey(QSslKey(serverIdentity().key.reveal(), QSsl::Ec));
        m_tls.setCaCertificates(authority());
        m_tls.setPeerVerifyMode(mode == Mode::Tls ? QSslSocket::VerifyNone : QSslSocket::VerifyPeer);
    }
    if (!listen(QHostAddress(QStringLiteral("127.0.0.1"))))
        qFatal("cannot listen");
}

ScriptedServer::~ScriptedServer()
{
    die();
}

void ScriptedServer::die()
{
    close();
    const auto sockets = m_buffers.keys();
    m_buffers.clear();
    for (QSslSocket *socket : sockets) {
        socket->disconnect(this);
        socket->abort();
        socket->deleteLater();
    }
}

void ScriptedServer::setIdentity(const QByteArray &chain, const QByteArray &key)
{
    m_tls.setLocalCertificateChain(QSslCertificate::fromData(chain));
    m_tls.setPrivateKey(QSslKey(key, QSsl::Ec));
}

QUrl ScriptedServer::url(const QString &path) const
{
    QUrl url;
    url.setScheme(m_mode == Mode::Plain ? QStringLiteral("http") : QStringLiteral("https"));
    url.setHost(QStringLiteral("127.0.0.1"));
    url.setPort(serverPort());
    url.setPath(path);
    return url;
}

QByteArray ScriptedServer::authorityPem() const
{
    return root().certificate;
}

QList<QSslCertificate> ScriptedServer::authority() const
{
    return QSslCertificate::fromData(root().certificate);
}

QPair<QByteArray, QByteArray> ScriptedServer::clientCertificate(const QString &commonName) const
{
    pki::LeafRequest request;
    request.commonName = commonName;
    const auto identity = pki::makeLeaf(root(), request).value();
    return { identity.certificate, identity.key.reveal() };
}

void ScriptedServer::incomingConnection(qintptr handle)
{
    ++m_connections;
    auto *socket = new QSslSocket(this);
    socket->setSocketDescriptor(handle);
    m_buffers.insert(socket, {});
    connect(socket, &QSslSocket::readyRead, this, [this, socket] { readable(socket); });
    connect(socket, &QSslSocket::disconnected, this, [this, socket] {
        m_buffers.remove(socket);
        socket->deleteLater();
    });
    if (m_mode == Mode::Plain)
        return;
    socket->setSslConfiguration(m_tls);
    socket->startServerEncryption();
}

void ScriptedServer::readable(QSslSocket *socket)
{
    QByteArray &buffer = m_buffers[socket];
    buffer += socket->readAll();
    for (;;) {
        const auto headEnd = buffer.indexOf("\r\n\r\n");
        if (headEnd < 0)
            return;
        auto lines = buffer.left(headEnd).split('\n');
        const auto first = lines.takeFirst().trimmed().split(' ');
        auto *exchange = new Exchange;
        exchange->setParent(this);
        exchange->m_socket = socket;
        exchange->method = first.value(0);
        exchange->target = first.value(1);
        for (const QByteArray &line : lines) {
            const auto colon = line.indexOf(':');
            exchange->headers.append({ line.left(colon), line.mid(colon + 1).trimmed() });
        }
        const auto length = exchange->header("Content-Length").toLongLong();
        if (buffer.size() < headEnd + 4 + length) {
            delete exchange;
            return;
        }
        exchange->body = buffer.mid(headEnd + 4, length);
        buffer.remove(0, headEnd + 4 + length);
        exchange->clientCommonName = socket->peerCertificate().subjectInfo(QSslCertificate::CommonName).value(0).toUtf8();
        m_exchanges.append(exchange);
        m_handler(*exchange);
        if (!m_buffers.contains(socket))
            return;
    }
}

} // namespace catamaran::test
