// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/exec.h"
#include "support/scriptedserver.h"
#include "support/wait.h"

#include <QCryptographicHash>
#include <QSignalSpy>
#include <QTimer>
#include <QWebSocket>
#include <QWebSocketServer>
#include <QtTest>

using namespace catamaran;
using namespace catamaran::kube;
using namespace std::chrono_literals;
using core::ErrorKind;
using core::Result;
using test::Exchange;
using test::ScriptedServer;
using test::wait;

namespace {

const QByteArray success = "\x03{\"status\":\"Success\"}";

/// The far end of a command: a WebSocket server that speaks the channels.
struct FarEnd {
    QWebSocketServer server { QString(), QWebSocketServer::NonSecureMode };
    std::unique_ptr<QWebSocket> socket;
    QByteArray input;
    bool inputEnded = false;
    std::function<void(QWebSocket &)> onOpen = [](QWebSocket &) {};
    std::function<void()> onInputEnd = [] {};

    explicit FarEnd(const QStringList &protocols = { QStringLiteral("v5.channel.k8s.io"), QStringLiteral("v4.channel.k8s.io") })
    {
        server.setSupportedSubprotocols(protocols);
        if (!server.listen(QHostAddress(QStringLiteral("127.0.0.1"))))
            qFatal("cannot listen");
        QObject::connect(&server, &QWebSocketServer::newConnection, &server, [this] {
            socket.reset(server.nextPendingConnection());
            QObject::connect(socket.get(), &QWebSocket::binaryMessageReceived, &server, [this](const QByteArray &message) {
                if (message == QByteArray("\xff\0", 2)) {
                    inputEnded = true;
                    onInputEnd();
                } else if (message.startsWith('\0')) {
                    QVERIFY(message.size() <= 32 * 1024);
                    input += message.mid(1);
                }
            });
            onOpen(*socket);
        });
    }

    [[nodiscard]] ClusterAccess access() const
    {
        ClusterAccess access;
        access.server = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(server.serverPort()));
        return access;
    }
};

ExecOptions command(const QStringList &arguments = { QStringLiteral("true") })
{
    ExecOptions options;
    options.ns = QStringLiteral("n");
    options.pod = QStringLiteral("p");
    options.command = arguments;
    return options;
}

QByteArray statusBody(int code, const QByteArray &reason, const QByteArray &message)
{
    return "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":" + QByteArray::number(code) + ",\"reason\":\"" + reason
        + "\",\"message\":\"" + message + "\"}";
}

} // namespace

class ExecTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void outputAndExitCode()
    {
        FarEnd far;
        far.onOpen = [](QWebSocket &socket) {
            socket.sendBinaryMessage("\x01"); // "ready"
            socket.sendBinaryMessage("\x01out");
            socket.sendBinaryMessage("\x02" + QByteArray("err"));
            socket.sendBinaryMessage(
                "\x03{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"7\"}]}}");
            socket.close();
        };
        KubeClient client(far.access());
        const auto output = wait(runInPod(client, command({ QStringLiteral("a b"), QStringLiteral("c+d;e&f%20é") }), {}));
        QVERIFY2(output, output ? "" : qPrintable(output.error().text()));
        QCOMPARE(output->exitCode, 7);
        QCOMPARE(output->standardOutput, QByteArray("out"));
        QCOMPARE(output->standardError, QByteArray("err"));
    }

    void argumentsArriveWhole()
    {
        ScriptedServer server([](Exchange &e) { e.reply(403, statusBody(403, "Forbidden", "no")); });
        ClusterAccess access;
        access.server = server.url();
        access.impersonation = { { "Impersonate-User", "bob" }, { "Impersonate-Group", "a" }, { "Impersonate-Group", "b" } };
        KubeClient client(access);
        QVERIFY(!wait(runInPod(client, command({ QStringLiteral("a b"), QStringLiteral("c+d;e&f%20é#") }), {})));
        const Exchange &handshake = *server.exchanges().first();
        QCOMPARE(handshake.target,
            QByteArray(
                "/api/v1/namespaces/n/pods/p/exec?command=a%20b&command=c%2Bd%3Be%26f%2520%C3%A9%23&stdin=false&stdout=true&stderr=true&tty=false"));
        QCOMPARE(handshake.header("Sec-WebSocket-Protocol").replace(" ", ""), QByteArray("v5.channel.k8s.io,v4.channel.k8s.io"));
        QCOMPARE(handshake.headersNamed("Impersonate-Group").size(), 2);
    }

    void protocols_data()
    {
        QTest::addColumn<QStringList>("offered");
        QTest::addColumn<bool>("opens");
        QTest::addColumn<bool>("halfClose");
        QTest::newRow("both: v5") << QStringList { QStringLiteral("v4.channel.k8s.io"), QStringLiteral("v5.channel.k8s.io") } << true
                                  << true;
        QTest::newRow("old server: v4") << QStringList { QStringLiteral("v4.channel.k8s.io") } << true << false;
        QTest::newRow("none") << QStringList {} << false << false;
    }
    void protocols()
    {
        QFETCH(QStringList, offered);
        QFETCH(bool, opens);
        QFETCH(bool, halfClose);
        FarEnd far(offered);
        far.onOpen = [](QWebSocket &socket) { socket.sendBinaryMessage("\x01"); };
        far.onInputEnd = [&] {
            far.socket->sendBinaryMessage(success);
            far.socket->close();
        };
        KubeClient client(far.access());
        auto options = command();
        options.stdinOpen = true;
        const auto session = client.exec(options);
        QSignalSpy opened(session.get(), &ExecSession::opened);
        QSignalSpy finished(session.get(), &ExecSession::finished);
        session->start();
        if (!opens) {
            QTRY_COMPARE(finished.size(), 1);
            const auto error = finished.first().at(1).value<std::shared_ptr<core::Error>>();
            QVERIFY(error && error->kind == ErrorKind::Protocol);
            QCOMPARE(opened.size(), 0);
            return;
        }
        QTRY_COMPARE(opened.size(), 1);
        session->write(QByteArray(100000, 'x'));
        QTRY_COMPARE(far.input.size(), 100000);
        QCOMPARE(session->closeStdin(), halfClose);
        if (halfClose) {
            QTRY_COMPARE(finished.size(), 1);
            QCOMPARE(finished.first().at(0).toInt(), 0);
            QVERIFY(!finished.first().at(1).value<std::shared_ptr<core::Error>>());
        } else {
            session->stop();
            QTRY_COMPARE(finished.size(), 1);
            QVERIFY(finished.first().at(1).value<std::shared_ptr<core::Error>>()->kind == ErrorKind::Cancelled);
        }
    }

    void largeOutput()
    {
        FarEnd far;
        far.onOpen = [](QWebSocket &socket) {
            for (int i = 0; i < 16; ++i)
                socket.sendBinaryMessage('\x01' + QByteArray(1024 * 1024, char('a' + i)));
            socket.sendBinaryMessage(success);
            socket.close();
        };
        KubeClient client(far.access());
        const auto output = wait(runInPod(client, command(), {}, 64 * 1024 * 1024));
        QVERIFY2(output, output ? "" : qPrintable(output.error().text()));
        QCOMPARE(output->standardOutput.size(), 16 * 1024 * 1024);
        QCOMPARE(output->standardOutput.back(), 'p');
    }

    void collectsAtMostTheLimit()
    {
        FarEnd far;
        far.onOpen = [](QWebSocket &socket) {
            for (int i = 0; i < 8; ++i)
                socket.sendBinaryMessage('\x01' + QByteArray(600, 'x'));
            socket.sendBinaryMessage(success);
            socket.close();
        };
        KubeClient client(far.access());
        const auto output = wait(runInPod(client, command(), {}, 1000));
        QVERIFY(output);
        QCOMPARE(output->standardOutput.size(), 1000);
    }

    void endsWithoutAStatus_data()
    {
        QTest::addColumn<bool>("clean");
        QTest::newRow("clean close") << true;
        QTest::newRow("lost connection") << false;
    }
    void endsWithoutAStatus()
    {
        QFETCH(bool, clean);
        FarEnd far;
        far.onOpen = [clean](QWebSocket &socket) {
            socket.sendBinaryMessage("\x01half");
            if (clean)
                socket.close();
            else
                QMetaObject::invokeMethod(
                    &socket, [&socket] { socket.abort(); }, Qt::QueuedConnection);
        };
        KubeClient client(far.access());
        const auto output = wait(runInPod(client, command(), {}));
        QVERIFY(!output);
        QVERIFY(output.error().kind == ErrorKind::Network); // never "exit 0"
    }

    void refusals_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("words");
        QTest::newRow("forbidden") << 403 << statusBody(403, "Forbidden", "cannot create pods/exec") << int(ErrorKind::Forbidden)
                                   << "cannot create pods/exec";
        QTest::newRow("no such pod") << 404 << statusBody(404, "NotFound", "pods p not found") << int(ErrorKind::NotFound)
                                     << "pods p not found";
        QTest::newRow("upgrade removed by a proxy")
            << 400 << statusBody(400, "BadRequest", "Upgrade request required") << int(ErrorKind::Protocol) << "though access is allowed";
        QTest::newRow("no API server") << 200 << QByteArray("hello") << int(ErrorKind::Protocol) << "refused the WebSocket";
        QTest::newRow("HTML of a proxy") << 502 << QByteArray("<html>Bad Gateway</html>") << int(ErrorKind::Server) << "Bad Gateway";
    }
    void refusals()
    {
        QFETCH(int, code);
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        QFETCH(QString, words);
        ScriptedServer server([&](Exchange &e) { e.reply(code, body); });
        ClusterAccess access;
        access.server = server.url();
        KubeClient client(access);
        const auto output = wait(runInPod(client, command(), {}));
        QVERIFY(!output);
        QCOMPARE(int(output.error().kind), kind);
        QVERIFY2(output.error().answer.contains(words), qPrintable(output.error().text()));
        QVERIFY(!output.error().remedy.isEmpty() || code == 404 || code == 502);
    }

    void certificates_data()
    {
        QTest::addColumn<bool>("trusts");
        QTest::addColumn<QString>("serverName");
        QTest::addColumn<int>("kind");
        QTest::newRow("unknown authority") << false << QString() << int(ErrorKind::Tls);
        QTest::newRow("trusted, then refused by the server") << true << QString() << int(ErrorKind::Forbidden);
        QTest::newRow("other name that it has") << true << QStringLiteral("api.fleet.test") << int(ErrorKind::Forbidden);
        QTest::newRow("other name that it has not") << true << QStringLiteral("other.test") << int(ErrorKind::Tls);
    }
    void certificates()
    {
        QFETCH(bool, trusts);
        QFETCH(QString, serverName);
        QFETCH(int, kind);
        ScriptedServer server(
            [](Exchange &e) { e.reply(403, statusBody(403, "Forbidden", "no")); }, ScriptedServer::Mode::TlsWithClientCertificate);
        const auto papers = server.clientCertificate(QStringLiteral("alice"));
        ClusterAccess access;
        access.server = server.url();
        if (trusts)
            access.tls.trusted = server.authority();
        access.tls.serverName = serverName;
        access.tls.clientChain = QSslCertificate::fromData(papers.first);
        access.tls.clientKey = QSslKey(papers.second, QSsl::Ec);
        access.token = core::Secret("secret");
        KubeClient client(access);
        const auto output = wait(runInPod(client, command(), {}));
        QVERIFY(!output);
        QVERIFY2(int(output.error().kind) == kind, qPrintable(output.error().text()));
        if (kind == int(ErrorKind::Forbidden)) {
            QCOMPARE(server.exchanges().first()->clientCommonName, QByteArray("alice"));
            QCOMPARE(server.exchanges().first()->header("Authorization"), QByteArray("Bearer secret"));
        } else {
            QCOMPARE(server.requests(), 0);
        }
    }

    void silentServerTimesOut()
    {
        ScriptedServer server([](Exchange &) {});
        ClusterAccess access;
        access.server = server.url();
        KubeClient client(access);
        auto options = command();
        options.openTimeout = 200ms;
        const auto output = wait(runInPod(client, options, {}));
        QVERIFY(!output && output.error().kind == ErrorKind::Timeout);
    }

    void refusedPort()
    {
        ClusterAccess access;
        {
            ScriptedServer gone([](Exchange &) {});
            access.server = gone.url();
        }
        KubeClient client(access);
        const auto output = wait(runInPod(client, command(), {}));
        QVERIFY(!output && output.error().kind == ErrorKind::Network);
    }

    void stopFromAWorker()
    {
        FarEnd far;
        KubeClient client(far.access());
        std::stop_source stop;
        const auto future = core::runSequence([&] { return core::await(runInPod(client, command(), stop.get_token()), {}); });
        QTRY_VERIFY(far.socket);
        stop.request_stop();
        const auto output = wait(future);
        QVERIFY(!output && output.error().kind == ErrorKind::Cancelled);
        QTRY_VERIFY(far.socket->state() == QAbstractSocket::UnconnectedState);
    }

    void nothingToRun()
    {
        KubeClient client(ClusterAccess {});
        const auto output = wait(runInPod(client, command({}), {}));
        QVERIFY(!output && output.error().kind == ErrorKind::InvalidInput);
    }

    void inputIsNotSentAheadWithoutBound()
    {
        FarEnd far;
        far.onOpen = [](QWebSocket &socket) { socket.sendBinaryMessage("\x01"); };
        far.onInputEnd = [&] {
            far.socket->sendBinaryMessage(success);
            far.socket->close();
        };
        KubeClient client(far.access());
        auto options = command();
        options.stdinOpen = true;
        const auto session = client.exec(options);
        QSignalSpy finished(session.get(), &ExecSession::finished);
        session->start();
        for (int i = 0; i < 64; ++i)
            session->write(QByteArray(256 * 1024, char('a' + i % 26)));
        QVERIFY(session->closeStdin()); // stands behind what waits
        QVERIFY(session->pendingInput() >= 16 * 1024 * 1024);
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 30000);
        QVERIFY(!finished.first().at(1).value<std::shared_ptr<core::Error>>());
        QCOMPARE(far.input.size(), 16 * 1024 * 1024); // every byte, in order, before the end
        QCOMPARE(far.input.back(), char('a' + 63 % 26));
        QVERIFY(far.inputEnded);
    }

    void resizing()
    {
        QByteArrayList sizes;
        FarEnd far;
        far.onOpen = [&](QWebSocket &socket) {
            QObject::connect(&socket, &QWebSocket::binaryMessageReceived, &far.server, [&](const QByteArray &message) {
                if (message.startsWith('\x04'))
                    sizes += message.mid(1);
            });
        };
        KubeClient client(far.access());
        auto options = command();
        options.tty = true;
        const auto session = client.exec(options);
        session->resize(100, 30); // before it is open: the first size
        session->start();
        QTRY_COMPARE(sizes.size(), 1);
        session->resize(0, 5);
        session->resize(120, 40);
        QTRY_COMPARE(sizes.size(), 2);
        QCOMPARE(sizes, (QByteArrayList { "{\"Height\":30,\"Width\":100}", "{\"Height\":40,\"Width\":120}" }));
    }

    void aDeadConnectionIsLost()
    {
        // Opens like a command and then hears nothing any more: no pong, no byte.
        ScriptedServer server([](Exchange &e) {
            const QByteArray accept
                = QCryptographicHash::hash(e.header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", QCryptographicHash::Sha1)
                      .toBase64();
            e.raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept
                + "\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n");
        });
        ClusterAccess access;
        access.server = server.url();
        KubeClient client(access);
        auto options = command();
        options.silence = 600ms;
        const auto output = wait(runInPod(client, options, {}));
        QVERIFY(!output && output.error().kind == ErrorKind::Network);
        QVERIFY2(output.error().answer.contains(QStringLiteral("the connection is lost: nothing was heard for 0.6 s")),
            qPrintable(output.error().text()));
        QVERIFY(output.error().remedy.contains(QStringLiteral("may still be running")));
    }

    /// As above; the server is asked by another way whether it lives.
    void aDeadServerIsNoticedBeforeTheSilence_data()
    {
        QTest::addColumn<bool>("isAlive");
        QTest::newRow("dead") << false;
        QTest::newRow("alive, but the command does not read its input") << true;
    }
    void aDeadServerIsNoticedBeforeTheSilence()
    {
        QFETCH(bool, isAlive);
        int questions = 0;
        QPointer<Exchange> stream;
        ScriptedServer server([&](Exchange &e) {
            if (e.path() == "/version") {
                ++questions;
                if (isAlive)
                    e.reply(200, "{}");
                return;
            }
            stream = &e;
            const QByteArray accept
                = QCryptographicHash::hash(e.header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", QCryptographicHash::Sha1)
                      .toBase64();
            e.raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept
                + "\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n");
        });
        ClusterAccess access;
        access.server = server.url();
        KubeClient client(access);
        auto options = command();
        options.silence = 1h;
        options.quiet = 200ms;
        options.healthTimeout = 200ms;
        const auto future = runInPod(client, options, {});
        if (isAlive) {
            QTRY_VERIFY(questions >= 4);
            QVERIFY2(!future.isFinished(), "it is not taken for dead");
            stream->raw("\x82" + QByteArray(1, char(success.size())) + success);
        }
        const auto output = wait(future);
        QCOMPARE(bool(output), isAlive);
        if (!isAlive) {
            QCOMPARE(output.error().kind, ErrorKind::Network);
            QVERIFY2(output.error().answer.contains(QStringLiteral("the connection is lost: nothing was heard for")),
                qPrintable(output.error().text()));
        }
    }

    void pongsKeepAQuietCommandAlive()
    {
        FarEnd far; // a real server answers pings by itself
        far.onOpen = [&](QWebSocket &socket) {
            QTimer::singleShot(1500, &socket, [&socket] {
                socket.sendBinaryMessage(success);
                socket.close();
            });
        };
        KubeClient client(far.access());
        auto options = command();
        options.silence = 600ms;
        const auto output = wait(runInPod(client, options, {}));
        QVERIFY2(output, output ? "" : qPrintable(output.error().text()));
    }

    void oldServerThatWantsAnotherVerb()
    {
        // Kubernetes 1.20: the handshake is refused without a body that a WebSocket client sees; a plain GET brings the reason.
        ScriptedServer server([](Exchange &e) {
            e.reply(403, statusBody(403, "Forbidden", "pods \\\"p\\\" is forbidden: User \\\"x\\\" cannot get resource \\\"pods/exec\\\""));
        });
        ClusterAccess access;
        access.server = server.url();
        KubeClient client(access);
        const auto output = wait(runInPod(client, command(), {}));
        QVERIFY(!output && output.error().kind == ErrorKind::Forbidden);
        QCOMPARE(server.requests(), 2);
        QCOMPARE(server.exchanges().at(0)->header("Upgrade").toLower(), QByteArray("websocket"));
        QVERIFY(server.exchanges().at(1)->header("Upgrade").isEmpty());
        QCOMPARE(server.exchanges().at(1)->target, server.exchanges().at(0)->target);
        QVERIFY2(output.error().answer.contains(QStringLiteral("cannot get resource \"pods/exec\"")), qPrintable(output.error().text()));
        QVERIFY2(output.error().remedy.contains(QStringLiteral("the verb get on pods/exec")), qPrintable(output.error().text()));
    }

    void mayDieInItsSignals()
    {
        FarEnd far;
        far.onOpen = [](QWebSocket &socket) { socket.sendBinaryMessage("\x01x"); };
        KubeClient client(far.access());
        auto session = client.exec(command());
        QPointer<ExecSession> alive = session.get();
        connect(session.get(), &ExecSession::standardOutput, this, [&] { session.release()->deleteLater(); });
        session->start();
        QTRY_VERIFY(!alive);
    }
};

QTEST_GUILESS_MAIN(ExecTest)
#include "tst_exec.moc"
