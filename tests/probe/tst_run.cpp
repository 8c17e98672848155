// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/run.h"
#include "support/wait.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QUrlQuery>
#include <QWebSocket>
#include <QWebSocketServer>

using namespace catamaran;
using namespace catamaran::probe;
using core::ErrorKind;
using test::wait;

namespace {

/// An API server with one ready pod, and what its runtime does with a command.
class Api : public QTcpServer {
public:
    Api()
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("cannot listen");
        m_commands.setSupportedSubprotocols({ QStringLiteral("v5.channel.k8s.io") });
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { serve(socket); });
        });
        connect(&m_commands, &QWebSocketServer::newConnection, this, [this] {
            QWebSocket *socket = m_commands.nextPendingConnection();
            socket->setParent(&m_commands); // the server leaves it to us
            const QUrlQuery query(socket->requestUrl());
            arguments = query.allQueryItemValues(QStringLiteral("command"), QUrl::FullyDecoded);
            container = query.queryItemValue(QStringLiteral("container"));
            QByteArray output = prints;
            socket->sendBinaryMessage('\x01' + output.replace("@MARK@", mark()));
            socket->sendBinaryMessage('\x03' + status);
            socket->close();
        });
    }
    [[nodiscard]] kube::ClusterAccess access() const
    {
        kube::ClusterAccess access;
        access.server = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(serverPort()));
        return access;
    }
    /// Of the last command: its arguments after the script and its name are url, count, hourly, pause, keep, timeout, limit, mark.
    [[nodiscard]] QByteArray mark() const { return arguments.value(11).toUtf8(); }

    QByteArray prints, status; ///< "@MARK@" becomes the run's own
    QStringList arguments;
    QString container;

private:
    void serve(QTcpSocket *socket)
    {
        const QByteArray head = socket->peek(65536);
        if (!head.contains("\r\n\r\n"))
            return;
        const QByteArray path = head.split(' ').value(1);
        if (path.contains("/exec?")) {
            socket->disconnect(this);
            disconnect(socket, &QTcpSocket::readyRead, socket, nullptr);
            m_commands.handleConnection(socket);
            return;
        }
        socket->readAll();
        const QJsonObject pod {
            { QStringLiteral("metadata"),
                QJsonObject { { QStringLiteral("name"), QStringLiteral("sleep-1") }, { QStringLiteral("uid"), QStringLiteral("u1") },
                    { QStringLiteral("annotations"),
                        QJsonObject { { QStringLiteral("kubectl.kubernetes.io/default-container"), QStringLiteral("app") } } } } },
            { QStringLiteral("spec"),
                QJsonObject { { QStringLiteral("containers"),
                    QJsonArray { QJsonObject { { QStringLiteral("name"), QStringLiteral("shipper") } },
                        QJsonObject { { QStringLiteral("name"), QStringLiteral("app") } } } } } },
            { QStringLiteral("status"),
                QJsonObject { { QStringLiteral("phase"), QStringLiteral("Running") },
                    { QStringLiteral("conditions"),
                        QJsonArray { QJsonObject { { QStringLiteral("type"), QStringLiteral("Ready") },
                            { QStringLiteral("status"), QStringLiteral("True") } } } } } }
        };
        const QJsonObject deployment { { QStringLiteral("spec"),
            QJsonObject { { QStringLiteral("selector"),
                QJsonObject {
                    { QStringLiteral("matchLabels"), QJsonObject { { QStringLiteral("app"), QStringLiteral("sleep") } } } } } } } };
        const QJsonObject list { { QStringLiteral("kind"), QStringLiteral("PodList") },
            { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("resourceVersion"), QStringLiteral("1") } } },
            { QStringLiteral("items"), QJsonArray { pod } } };
        const QByteArray body = QJsonDocument(path.contains("/deployments/") ? deployment : path.contains("/pods/") ? pod : list).toJson();
        socket->write(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    }

    QWebSocketServer m_commands { QString(), QWebSocketServer::NonSecureMode };
};

RunSpec spec(int count = 2)
{
    RunSpec spec;
    spec.source = { QStringLiteral("cluster-1"), QStringLiteral("default"), QStringLiteral("sleep") };
    spec.url = QStringLiteral("http://helloworld:5000/hello");
    spec.count = count;
    return spec;
}

const QByteArray success = R"({"status":"Success"})";

QByteArray exited(int code)
{
    return R"({"status":"Failure","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":")"
        + QByteArray::number(code) + R"("}]}})";
}

QByteArray record(const QByteArray &mark)
{
    const QByteArray body = "Hello version: v1, instance: a";
    return body + "\r\n\x1e" + mark + "\t200\t1\t0.004\t0.001\t0.003\t" + QByteArray::number(body.size()) + "\t10.0.0.1\t0\t\x1e\r\n";
}

} // namespace

class RunTest : public QObject {
    Q_OBJECT
private slots:
    /// What the test left to be deleted later is deleted now: no event loop comes after the last one.
    void cleanup() { QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void saysWhatCannotSend_data();
    void saysWhatCannotSend();
    void takesItsOwnRecordsAlone();
    void sendsFromTheContainerOfKubectl();
};

void RunTest::saysWhatCannotSend_data()
{
    QTest::addColumn<QByteArray>("prints");
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<bool>("unfit"); // never, whatever is tried again
    QTest::addColumn<QByteArray>("words");
    const QByteArray failure = R"({"status":"Failure","reason":"InternalError","code":500,"message":")";
    QTest::newRow("a distroless image") << QByteArray()
                                        << failure
            + R"(OCI runtime exec failed: exec failed: unable to start container process: exec: \"sh\": executable file not found in $PATH: unknown"})"
                                        << true << QByteArray("no shell");
    QTest::newRow("a distroless image, an older runtime")
        << QByteArray("OCI runtime exec failed: exec failed: exec: \"sh\": executable file not found in $PATH: unknown\r\n") << exited(126)
        << true << QByteArray("no shell");
    QTest::newRow("no curl") << QByteArray("there is no curl in this container\r\n") << exited(127) << true
                             << QByteArray("there is no curl in this container");
    QTest::newRow("too old a curl") << QByteArray("curl 7.19.7\r\n") << exited(125) << true << QByteArray("too old (curl 7.19.7)");
    QTest::newRow("too old to keep connections")
        << QByteArray("curl 7.74.0\r\n") << exited(124) << true << QByteArray("too old (curl 7.74.0)");
    QTest::newRow("the node is in trouble") << QByteArray() << failure + R"(error dialing backend: connection refused"})" << false
                                            << QByteArray("connection refused");
    QTest::newRow("records of nobody's mark") << record("catamaran") + record("") << success << false << QByteArray("ended early");
    QTest::newRow("the command says so after a request") << record("@MARK@") << exited(127) << false << QByteArray("ended early");
}

void RunTest::saysWhatCannotSend()
{
    QFETCH(QByteArray, prints);
    QFETCH(QByteArray, status);
    QFETCH(bool, unfit);
    QFETCH(QByteArray, words);
    Api api;
    api.prints = prints;
    api.status = status;
    kube::KubeClient client(api.access());
    const auto result = wait(run(client, spec(), {}));
    const std::optional<core::Error> error = result ? result->error : result.error();
    QVERIFY(error.has_value());
    QCOMPARE(error->kind == ErrorKind::InvalidInput, unfit);
    QCOMPARE(error->code == unfitCode, unfit);
    QVERIFY2(error->text().contains(QString::fromUtf8(words)), qPrintable(error->text()));
    if (unfit) {
        QCOMPARE(error->target, QStringLiteral("cluster-1/default/sleep-1, container app"));
        QVERIFY(!error->remedy.isEmpty());
    }
}

void RunTest::takesItsOwnRecordsAlone()
{
    Api api;
    api.prints = record("catamaran") + record("@MARK@") + record("@MARK@") + record("@MARK@");
    api.status = success;
    kube::KubeClient client(api.access());
    const auto first = wait(run(client, spec(2), {}));
    QVERIFY2(first, first ? "" : qPrintable(first.error().text()));
    QCOMPARE(first->summary.requests, 2); // as many as were asked for
    QCOMPARE(first->samples.size(), 2);
    const QByteArray mark = api.mark();
    QCOMPARE(mark.size(), 32);
    api.prints = record(mark) + record("@MARK@"); // what an earlier run gave away is worth nothing
    const auto second = wait(run(client, spec(1), {}));
    QVERIFY2(second, second ? "" : qPrintable(second.error().text()));
    QVERIFY(api.mark() != mark);
    QCOMPARE(second->summary.requests, 1);
}

void RunTest::sendsFromTheContainerOfKubectl()
{
    Api api;
    api.prints = record("@MARK@");
    api.status = success;
    kube::KubeClient client(api.access());
    RunSpec one = spec(1);
    const auto chosen = wait(run(client, one, {}));
    QVERIFY(chosen);
    QCOMPARE(api.container, QStringLiteral("app"));
    QCOMPARE(chosen->toJson()[u"container"].toString(), QStringLiteral("app"));
    QVERIFY2(chosen->command.contains(QStringLiteral(" -c app ")), qPrintable(chosen->command));
    one.container = QStringLiteral("shipper");
    QVERIFY(wait(run(client, one, {})));
    QCOMPARE(api.container, QStringLiteral("shipper"));
    one.container = QStringLiteral("gone");
    const auto refused = wait(run(client, one, {}));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::InvalidInput);
    QVERIFY2(refused.error().text().contains(QStringLiteral("shipper, app")), qPrintable(refused.error().text()));
}

QTEST_GUILESS_MAIN(RunTest)
#include "tst_run.moc"
