// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/execsession.h"

#include "kube/execframes.h"
#include "kube/statuserror.h"
#include "net/keepalive.h"

#include <QElapsedTimer>
#include <QSslSocket>
#include <QTimer>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr quint64 largestMessage = 33 * 1024 * 1024; ///< servers send frames of up to 32 MiB
constexpr std::chrono::milliseconds pingEvery { 5000 }; ///< load balancers cut quiet connections; and who answers lives
constexpr std::chrono::milliseconds readyWait { 1000 }; ///< input waits for the server's first message, so long at most
constexpr std::chrono::milliseconds closeGrace { 500 }; ///< after the Status, for output still on its way
constexpr qint64 mostInFlight = 1024 * 1024; ///< input handed to the socket and not yet taken by the network
constexpr char v5[] = "v5.channel.k8s.io";
constexpr char v4[] = "v4.channel.k8s.io";

class WebSocketExec final : public ExecSession {
    Q_DECLARE_TR_FUNCTIONS(KubeExec)

public:
    WebSocketExec(std::shared_ptr<ApiSession> session, ExecOptions options)
        : m_session(std::move(session))
        , m_options(std::move(options))
    {
        if (m_options.ns.isEmpty())
            m_options.ns = m_session->access().defaultNamespace;
        m_url = m_session->url(execPath(m_options), execQuery(m_options));
        m_purpose = tr("run %1 in pod %2/%3").arg(m_options.command.value(0), m_options.ns, m_options.pod);
        for (QTimer *timer : { &m_openLimit, &m_ready, &m_grace, &m_silence, &m_quiet })
            timer->setSingleShot(true);
        connect(&m_quiet, &QTimer::timeout, this, [this] { doubt(); });
        connect(&m_silence, &QTimer::timeout, this, [this] {
            // A busy stream notes the time of each message, and does not set the timer anew for it.
            const auto left = m_options.silence - std::chrono::milliseconds(m_lastHeard.elapsed());
            if (left.count() > 0) {
                m_silence.start(left);
                return;
            }
            end(0,
                made(ErrorKind::Network,
                    tr("the connection is lost: nothing was heard for %1 s").arg(static_cast<double>(m_options.silence.count()) / 1000.0),
                    tr("The command may still be running.")));
        });
        connect(&m_openLimit, &QTimer::timeout, this, [this] {
            dropTicket();
            end(0,
                made(ErrorKind::Timeout,
                    tr("the connection did not open within %1 s").arg(static_cast<double>(m_options.openTimeout.count()) / 1000.0),
                    tr("Check that the cluster's API server can reach the pod's node.")));
        });
        connect(&m_ready, &QTimer::timeout, this, [this] { flushInput(); });
        connect(&m_grace, &QTimer::timeout, this, [this] { endWithStatus(); });
        connect(&m_ping, &QTimer::timeout, this, [this] {
            if (m_socket->state() == QAbstractSocket::ConnectedState)
                m_socket->ping();
        });
    }

    ~WebSocketExec() override
    {
        m_stopRefusal.request_stop();
        dropTicket();
        dropSocket();
    }

    void start() override
    {
        if (m_started)
            return;
        m_started = true;
        if (!isPathPart(m_options.pod) || !isPathPart(m_options.ns) || m_options.command.isEmpty()) {
            endLater(made(ErrorKind::InvalidInput, tr("a pod, its namespace and a command are needed")));
            return;
        }
        m_openLimit.start(m_options.openTimeout);
        m_ticket = m_session->withIdentity([self = QPointer<WebSocketExec>(this)](const Result<Identity> &identity) {
            if (!self || self->m_ended)
                return;
            self->m_ticket = 0;
            if (identity)
                self->open(*identity);
            else
                self->endLater(identity.error());
        });
    }

    void write(const QByteArray &bytes) override
    {
        if (m_ended || !m_options.stdinOpen || m_inputClosed)
            return;
        m_input += stdinMessages(bytes);
        pump();
    }

    [[nodiscard]] qint64 pendingInput() const override
    {
        qint64 pending = m_socket ? m_socket->bytesToWrite() : 0;
        for (const QByteArray &message : m_input)
            pending += message.size() - 1;
        return pending;
    }

    bool closeStdin() override
    {
        if (m_ended || !m_options.stdinOpen || (m_isOpen && !m_halfClose))
            return false;
        if (m_inputClosed)
            return true;
        m_inputClosed = true;
        pump();
        return true;
    }

    void resize(int width, int height) override
    {
        if (!m_options.tty || m_ended || width <= 0 || height <= 0)
            return;
        m_size = { width, height };
        if (m_isOpen)
            m_socket->sendBinaryMessage(resizeMessage(width, height));
    }

    void stop() override { endLater(made(ErrorKind::Cancelled, tr("cancelled"))); }

private:
    [[nodiscard]] std::shared_ptr<Error> made(ErrorKind kind, const QString &answer, const QString &remedy = {}) const
    {
        return std::make_shared<Error>(Error::make(kind, m_purpose, shownUrl(m_url), answer, remedy));
    }

    void open(const Identity &identity)
    {
        m_serverName = identity.tls.serverName;
        QUrl url = m_url;
        url.setScheme(m_url.scheme() == u"https" ? QStringLiteral("wss") : QStringLiteral("ws"));
        QNetworkRequest request(url);
        for (const auto &[name, value] : identity.headers) // repeated names in one value, as in net's requests
            request.setRawHeader(name, request.hasRawHeader(name) ? request.rawHeader(name) + "\r\n" + name + ": " + value : value);
        m_socket = std::make_unique<QWebSocket>();
        QWebSocket *socket = m_socket.get();
        socket->setProxy(m_session->proxy());
        socket->setSslConfiguration(identity.tls.toQt());
        socket->setMaxAllowedIncomingFrameSize(largestMessage);
        socket->setMaxAllowedIncomingMessageSize(largestMessage);
        connect(socket, &QWebSocket::connected, this, [this] { connected(); });
        connect(socket, &QWebSocket::binaryMessageReceived, this, [this](const QByteArray &message) { take(message); });
        connect(socket, &QWebSocket::pong, this, [this] { heard(); });
        connect(socket, &QWebSocket::bytesWritten, this, [this] { pump(); });
        connect(socket, &QWebSocket::textMessageReceived, this,
            [this] { end(0, made(ErrorKind::Protocol, tr("the server sent text on a binary connection"))); });
        connect(
            socket, &QWebSocket::disconnected, this, [this] { closed(); }, Qt::QueuedConnection);
        connect(socket, &QWebSocket::sslErrors, this, [this, socket, skip = identity.tls.skipVerification](const QList<QSslError> &errors) {
            if (skip)
                socket->ignoreSslErrors();
            else
                m_tlsErrors = errors;
        });
        connect(
            socket, qOverload<QAbstractSocket::SocketError>(&QWebSocket::error), this, [this] { failed(); }, Qt::QueuedConnection);
        QWebSocketHandshakeOptions offered;
        offered.setSubprotocols({ QString::fromLatin1(v5), QString::fromLatin1(v4) });
        socket->open(request, offered);
        // QWebSocket has no setting for it; its socket has, and has not begun its handshake yet.
        if (!identity.tls.serverName.isEmpty()) {
            if (auto *tls = socket->findChild<QSslSocket *>())
                tls->setPeerVerifyName(identity.tls.serverName);
        }
    }

    void connected()
    {
        if (m_ended)
            return;
        m_openLimit.stop();
        const QString chosen = m_socket->subprotocol();
        if (chosen != QLatin1StringView(v5) && chosen != QLatin1StringView(v4)) {
            end(0,
                made(ErrorKind::Protocol,
                    chosen.isEmpty() ? tr("the server chose no protocol for the streams")
                                     : tr("the server chose the unknown protocol %1").arg(chosen.left(60)),
                    tr("A proxy between may remove Sec-WebSocket-Protocol.")));
            return;
        }
        m_isOpen = true;
        // A server that lives says nothing of a connection whose way is cut: the kernel does, and QWebSocket does not ask it.
        if (const auto *tcp = m_socket->findChild<QAbstractSocket *>())
            net::hastenKeepAlive(tcp->socketDescriptor());
        m_halfClose = chosen == QLatin1StringView(v5);
        m_ping.start(m_options.silence.count() > 0 ? std::min(pingEvery, m_options.silence / 4) : pingEvery);
        heard();
        if (m_size.first > 0)
            m_socket->sendBinaryMessage(resizeMessage(m_size.first, m_size.second));
        m_ready.start(readyWait);
        emit opened();
    }

    void flushInput()
    {
        m_ready.stop();
        if (m_flowing || m_ended)
            return;
        m_flowing = true;
        pump();
    }

    /// Sends what waits, as far as the network takes it, and the end of the input behind it.
    void pump()
    {
        if (!m_flowing || m_ended || !m_socket)
            return;
        while (!m_input.isEmpty() && m_socket->bytesToWrite() < mostInFlight)
            m_socket->sendBinaryMessage(m_input.takeFirst());
        if (m_input.isEmpty() && m_inputClosed && m_halfClose && !std::exchange(m_closeSent, true))
            m_socket->sendBinaryMessage(closeStdinMessage());
    }

    void heard()
    {
        m_lastHeard.start();
        if (m_options.silence.count() > 0 && !m_silence.isActive() && !m_ended)
            m_silence.start(m_options.silence);
        if (!m_quiet.isActive() && !m_ended)
            m_quiet.start(m_options.quiet);
    }

    /// No pong: the command may not read its input, or nobody is there any more. Another question tells.
    void doubt()
    {
        const auto left = m_options.quiet - std::chrono::milliseconds(m_lastHeard.elapsed());
        if (left.count() > 0) {
            m_quiet.start(left);
            return;
        }
        m_session->checkHealth(m_options.quiet, m_options.healthTimeout, this, [this](const std::shared_ptr<Error> &error) {
            if (m_ended || m_quiet.isActive())
                return;
            if (isSilence(error) && m_lastHeard.elapsed() >= m_options.quiet.count())
                end(0,
                    made(ErrorKind::Network,
                        tr("the connection is lost: nothing was heard for %1 s")
                            .arg(static_cast<double>(m_lastHeard.elapsed() / 100) / 10.0),
                        tr("The command may still be running.")));
            else
                m_quiet.start(m_options.quiet);
        });
    }

    void dropTicket() { m_session->dropIdentity(std::exchange(m_ticket, 0)); }

    void take(const QByteArray &message)
    {
        if (m_ended)
            return;
        heard();
        if (m_isOpen && !m_flowing)
            flushInput();
        const auto parsed = parseExecMessage(message);
        if (!parsed)
            return;
        switch (parsed->channel) {
        case ExecChannel::Stdout: emit standardOutput(parsed->payload); break;
        case ExecChannel::Stderr: emit standardError(parsed->payload); break;
        case ExecChannel::Status:
            if (!m_status) {
                m_status = parseExecStatus(parsed->payload, m_purpose, m_url);
                m_grace.start(closeGrace);
                m_ping.stop();
            }
            break;
        default: break;
        }
    }

    void endWithStatus() { end(m_status->exitCode, m_status->error ? std::make_shared<Error>(*m_status->error) : nullptr); }

    void closed()
    {
        if (m_ended || m_refusalAsked)
            return;
        if (m_status) {
            endWithStatus();
        } else if (!m_isOpen) {
            failed();
        } else {
            QString how
                = tr("the connection is lost: it closed before the command's end was known (close code %1").arg(int(m_socket->closeCode()));
            how += m_socket->closeReason().isEmpty() ? QStringLiteral(")")
                                                     : QStringLiteral(": ") + m_socket->closeReason().left(200) + u')';
            end(0, made(ErrorKind::Network, how, tr("The command may still be running.")));
        }
    }

    void failed()
    {
        if (m_ended || m_refusalAsked)
            return;
        if (m_isOpen) {
            closed();
            return;
        }
        if (!m_tlsErrors.isEmpty()) {
            end(0, std::make_shared<Error>(net::tlsError(m_purpose, m_url, m_tlsErrors, m_serverName)));
            return;
        }
        const auto code = m_socket->error();
        const QString words = m_socket->errorString();
        if (code == QAbstractSocket::ConnectionRefusedError) {
            end(0,
                made(ErrorKind::Network, tr("connection refused"),
                    tr("Check that the server runs and that the address and port are right.")));
            return;
        }
        if (code == QAbstractSocket::HostNotFoundError || code == QAbstractSocket::SocketTimeoutError
            || code == QAbstractSocket::NetworkError) {
            end(0,
                made(ErrorKind::Network, code == QAbstractSocket::HostNotFoundError ? tr("the host name does not resolve") : words,
                    tr("Check the address and the network between.")));
            return;
        }
        if (code == QAbstractSocket::SslHandshakeFailedError || code == QAbstractSocket::SslInternalError) {
            end(0, std::make_shared<Error>(net::handshakeError(m_purpose, m_url, words)));
            return;
        }
        askForRefusal(words);
    }

    /// QWebSocket does not show the body of a refused handshake; the same address as an ordinary GET says why.
    void askForRefusal(const QString &words)
    {
        m_refusalAsked = true;
        ApiCall call;
        call.path = execPath(m_options);
        call.query = execQuery(m_options);
        call.purpose = m_purpose;
        call.timeout = std::chrono::seconds(10);
        call.maxBytes = 1024 * 1024;
        core::whenReady(m_session->send(call, m_stopRefusal.get_token()), this, [this, words](const Result<net::HttpReply> &reply) {
            if (reply) {
                end(0,
                    made(ErrorKind::Protocol, tr("the server refused the WebSocket: %1").arg(words),
                        tr("The address answers ordinary requests; this is not a Kubernetes API server, or a proxy is between.")));
                return;
            }
            Error error = reply.error();
            if (error.httpStatus == 400 && error.answer.contains(QLatin1StringView("upgrade"), Qt::CaseInsensitive)) {
                error.kind = ErrorKind::Protocol;
                error.answer = tr("the server refused the WebSocket, though access is allowed: %1").arg(words);
                error.remedy = tr("A proxy between may remove the upgrade headers, or the server knows none of the protocols.");
            } else if (error.kind == ErrorKind::Forbidden) {
                error.remedy = tr(
                    "Running a command over WebSocket needs the verb get on pods/exec (older servers check nothing else), and from Kubernetes 1.35 create as well: ask the cluster's administrator for both.");
            }
            end(0, std::make_shared<Error>(error));
        });
    }

    void endLater(const std::shared_ptr<Error> &error)
    {
        QMetaObject::invokeMethod(
            this, [this, error] { end(0, error); }, Qt::QueuedConnection);
    }
    void endLater(const Error &error) { endLater(std::make_shared<Error>(error)); }

    void dropSocket()
    {
        if (!m_socket)
            return;
        m_socket->disconnect(this);
        m_socket->close();
        m_socket.release()->deleteLater(); // we may be inside one of its signals
    }

    void end(int exitCode, const std::shared_ptr<Error> &error)
    {
        if (m_ended)
            return;
        m_ended = true;
        m_stopRefusal.request_stop();
        dropTicket();
        for (QTimer *timer : { &m_openLimit, &m_ready, &m_grace, &m_ping, &m_silence, &m_quiet })
            timer->stop();
        dropSocket();
        emit finished(exitCode, error);
    }

    std::shared_ptr<ApiSession> m_session;
    ExecOptions m_options;
    QUrl m_url;
    QString m_purpose;
    std::unique_ptr<QWebSocket> m_socket;
    QTimer m_openLimit, m_ready, m_grace, m_ping, m_silence, m_quiet;
    QElapsedTimer m_lastHeard;
    quint64 m_ticket = 0; ///< while credentials are waited for
    QString m_serverName;
    QList<QSslError> m_tlsErrors;
    std::optional<ExecEnd> m_status;
    QByteArrayList m_input; ///< messages that wait to be sent
    QPair<int, int> m_size { 0, 0 };
    std::stop_source m_stopRefusal;
    bool m_started = false;
    bool m_isOpen = false;
    bool m_halfClose = false; ///< v5
    bool m_flowing = false; ///< input may be sent
    bool m_inputClosed = false;
    bool m_closeSent = false;
    bool m_refusalAsked = false;
    bool m_ended = false;
};

/// The collector behind runInPod(); a child of its session, so it goes when the client goes.
class Collector final : public QObject {
public:
    Collector(std::unique_ptr<ExecSession> session, qint64 limit, QObject *parent)
        : QObject(parent)
        , m_session(std::move(session))
        , m_limit(limit)
    {
        m_promise.start();
    }

    QFuture<Result<ExecOutput>> run(const std::stop_token &stop)
    {
        const auto add = [this](QByteArray &to, const QByteArray &bytes) { to += bytes.left(std::max<qint64>(0, m_limit - to.size())); };
        connect(m_session.get(), &ExecSession::standardOutput, this,
            [this, add](const QByteArray &bytes) { add(m_output.standardOutput, bytes); });
        connect(m_session.get(), &ExecSession::standardError, this,
            [this, add](const QByteArray &bytes) { add(m_output.standardError, bytes); });
        connect(m_session.get(), &ExecSession::finished, this, [this](int exitCode, const std::shared_ptr<Error> &error) {
            m_onStop.reset();
            m_output.exitCode = exitCode;
            m_promise.addResult(error ? Result<ExecOutput>(core::fail(*error)) : Result<ExecOutput>(std::move(m_output)));
            m_promise.finish();
            deleteLater();
        });
        auto future = m_promise.future();
        m_session->start();
        m_onStop.emplace(stop, [self = this] {
            QMetaObject::invokeMethod(
                self, [self] { self->m_session->stop(); }, Qt::QueuedConnection);
        });
        return future;
    }

private:
    std::unique_ptr<ExecSession> m_session;
    qint64 m_limit;
    ExecOutput m_output;
    QPromise<Result<ExecOutput>> m_promise;
    std::optional<std::stop_callback<std::function<void()>>> m_onStop;
};

} // namespace

QByteArray execPath(const ExecOptions &options)
{
    return resourcePath(kinds::pods, options.ns, options.pod, QStringLiteral("exec"));
}

Query execQuery(const ExecOptions &options)
{
    Query query;
    if (!options.container.isEmpty())
        query.append(QueryItem { "container", options.container.toUtf8() });
    for (const QString &argument : options.command)
        query.append(QueryItem { "command", argument.toUtf8() });
    // A terminal always has an input: without one a 1.20 server with containerd loses what it prints, or never ends.
    query.append(QueryItem { "stdin", options.stdinOpen || options.tty ? "true" : "false" });
    query.append(QueryItem { "stdout", "true" });
    query.append(QueryItem { "stderr", options.tty ? "false" : "true" }); // a terminal has one output
    query.append(QueryItem { "tty", options.tty ? "true" : "false" });
    return query;
}

std::unique_ptr<ExecSession> makeExecSession(std::shared_ptr<ApiSession> session, const ExecOptions &options)
{
    return std::make_unique<WebSocketExec>(std::move(session), options);
}

QFuture<Result<ExecOutput>> runInPod(KubeClient &client, const ExecOptions &options, std::stop_token stop, qint64 limit)
{
    return core::startOn(&client, [&client, options, stop, limit] {
        auto *collector = new Collector(client.exec(options), limit, &client);
        return collector->run(stop);
    });
}

} // namespace catamaran::kube
