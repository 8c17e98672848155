// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/async.h"
#include "net/httpclient.h"
#include "support/certificates.h"
#include "support/scriptedserver.h"

#include <QTcpServer>
#include <QtTest>

using namespace catamaran;
using namespace std::chrono_literals;
using core::ErrorKind;
using core::Result;
using test::Exchange;
using test::makePaper;
using test::Paper;
using test::PaperRequest;
using test::ScriptedServer;

namespace {

constexpr qint64 day = 24 * 3600;

const Paper &authority()
{
    static const Paper paper = makePaper({ .commonName = "Fleet CA", .names = {}, .isAuthority = true });
    return paper;
}

QList<QSslCertificate> trusted()
{
    return QSslCertificate::fromData(authority().certificate);
}

Result<net::HttpReply> ask(const QUrl &url, const net::TlsOptions &tls, std::chrono::milliseconds timeout = 5s)
{
    const auto http = net::makeHttpClient(tls);
    net::HttpRequest request;
    request.url = url;
    request.purpose = QStringLiteral("list pods");
    request.headers = { { "Authorization", "Bearer hidden-token" } };
    request.timeout = timeout;
    const auto future = http->send(request, {});
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 20000) || future.resultCount() == 0)
        return core::fail(ErrorKind::Internal, {}, {}, QStringLiteral("no end"));
    return future.result();
}

/// Answers every connection's first bytes with these, and hangs up.
class Blunt : public QTcpServer {
public:
    explicit Blunt(const QByteArray &answer)
    {
        if (!listen(QHostAddress(QStringLiteral("127.0.0.1"))))
            qFatal("cannot listen");
        connect(this, &QTcpServer::newConnection, this, [this, answer] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [this, socket, answer] {
                received += socket->readAll();
                socket->write(answer);
                socket->disconnectFromHost();
            });
        });
    }
    [[nodiscard]] QUrl url(const char *scheme) const
    {
        return QUrl(QStringLiteral("%1://127.0.0.1:%2/api").arg(QLatin1StringView(scheme)).arg(serverPort()));
    }
    QByteArray received;
};

} // namespace

/// Certificates and handshakes that must be refused, each with words that say what is wrong and what to do.
class HostileTlsTest : public QObject {
    Q_OBJECT

    static void check(const Result<net::HttpReply> &reply, const QString &answer, const QString &remedy)
    {
        QVERIFY2(!reply, "it must be refused");
        const core::Error &error = reply.error();
        QVERIFY2(error.answer.contains(QRegularExpression(answer)), qPrintable(error.text()));
        QVERIFY2(error.remedy.contains(QRegularExpression(remedy)), qPrintable(error.text()));
        QCOMPARE(error.tried, QStringLiteral("list pods"));
        QVERIFY2(error.target.contains(QStringLiteral("127.0.0.1:")), qPrintable(error.target));
        QVERIFY(!error.text().contains(QStringLiteral("hidden")) && !error.text().contains(QStringLiteral("BEGIN")));
    }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void certificates_data()
    {
        QTest::addColumn<Paper>("server");
        QTest::addColumn<QString>("serverName");
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QString>("remedy");
        const auto row = [](const char *name, const Paper &paper, const char *answer, const char *remedy, const char *serverName = "") {
            QTest::newRow(name) << paper << QString::fromLatin1(serverName) << QString::fromUtf8(answer) << QString::fromUtf8(remedy);
        };
        const auto made = [](const QByteArray &names, qint64 from, qint64 until, const Paper *issuer = &authority()) {
            return makePaper({ .commonName = "api", .names = names, .from = from, .until = until }, issuer);
        };
        const QByteArray loopback = "IP:127.0.0.1";
        row("expired", made(loopback, -9 * day, -3 * day - 60), "“api” expired 3 day.* ago, on 20..-", "clock: it says 20..-");
        row("expired an hour ago", made(loopback, -9 * day, -3700), "expired 61 minute", "Renew");
        row("not yet valid", made(loopback, 2 * day + 60, 9 * day), "valid only in 2 day.*from 20..-", "clock: it says 20..-");
        row("for other names", made("DNS:a.test,DNS:b.test,IP:10.0.0.1", -60, day), "not for “127.0.0.1”, but for 10.0.0.1, a.test, b.test",
            "tls-server-name");
        row("for many names", made("DNS:a.test,DNS:b.test,DNS:c.test,DNS:d.test,DNS:e.test,DNS:f.test,DNS:g.test", -60, day),
            "f.test, and 1 more", "check the address");
        row("not for the tls-server-name", made(loopback, -60, day), "not for “inner.test”, but for 127.0.0.1", "tls-server-name",
            "inner.test");
        row("self-signed", made(loopback, -60, day, nullptr), "self-signed \\(api\\)", "certificate-authority");
        static const Paper stranger = makePaper({ .commonName = "Stranger CA", .names = {}, .isAuthority = true });
        row("unknown authority", made(loopback, -60, day, &stranger), "signed by “Stranger CA”, which is not trusted",
            "check the CA given");
        row("unknown authority and expired: the authority is said", made(loopback, -9 * day, -day, &stranger), "Stranger CA",
            "check the CA");
    }
    void certificates()
    {
        QFETCH(Paper, server);
        QFETCH(QString, serverName);
        QFETCH(QString, answer);
        QFETCH(QString, remedy);
        ScriptedServer hostile([](Exchange &e) { e.reply(200, "{}"); }, ScriptedServer::Mode::Tls);
        hostile.setIdentity(server.certificate, server.key);
        net::TlsOptions tls;
        tls.trusted = trusted();
        tls.serverName = serverName;
        const auto reply = ask(hostile.url(), tls);
        check(reply, answer, remedy);
        QVERIFY(reply.error().kind == ErrorKind::Tls);
        QCOMPARE(hostile.requests(), 0); // nothing was said to a server that is not trusted
    }

    void soundCertificateIsTaken()
    {
        const Paper paper = makePaper({ .commonName = "api", .names = "IP:127.0.0.1" }, &authority());
        ScriptedServer server([](Exchange &e) { e.reply(200, "{}"); }, ScriptedServer::Mode::Tls);
        server.setIdentity(paper.certificate, paper.key);
        net::TlsOptions tls;
        tls.trusted = trusted();
        const auto reply = ask(server.url(), tls);
        QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
    }

    void clientCertificates_data()
    {
        QTest::addColumn<bool>("given");
        QTest::newRow("none given") << false;
        QTest::newRow("one of another authority") << true;
    }
    void clientCertificates()
    {
        QFETCH(bool, given);
        ScriptedServer server([](Exchange &e) { e.reply(200, "{}"); }, ScriptedServer::Mode::TlsWithClientCertificate);
        net::TlsOptions tls;
        tls.trusted = server.authority();
        if (given) {
            const Paper paper = makePaper({ .commonName = "mallory", .names = {} }, &authority());
            tls.clientChain = QSslCertificate::fromData(paper.certificate);
            tls.clientKey = QSslKey(paper.key, QSsl::Ec);
        }
        const auto reply = ask(server.url(), tls);
        check(reply, QStringLiteral("closed the connection"), QStringLiteral("and its log")); // Qt's server says no more; see alerts()
        QCOMPARE(server.requests(), 0);
    }

    /// What a server that refuses a handshake says about it, and what we make of that.
    void alerts_data()
    {
        QTest::addColumn<char>("alert");
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QString>("remedy");
        const auto row = [](const char *name, int alert, const char *answer, const char *remedy) {
            QTest::newRow(name) << char(alert) << QString::fromUtf8(answer) << QString::fromUtf8(remedy);
        };
        row("certificate required", 116, "does not accept our client certificate, or wants one", "client-certificate and client-key");
        row("bad certificate", 42, "does not accept our client certificate", "client-certificate");
        row("unknown authority", 48, "does not accept our client certificate", "own authority must have signed");
        row("certificate revoked", 44, "does not accept our client certificate", "client-certificate");
        row("certificate expired", 45, "says that our client certificate has expired", "new kubeconfig");
        row("unrecognized name", 112, "has nothing by the name “127.0.0.1”", "tls-server-name");
        row("handshake failure", 40, "no way of encryption in common", "current ciphers");
        row("internal error", 80, "internal error", "may not speak TLS");
    }
    void alerts()
    {
        QFETCH(char, alert);
        QFETCH(QString, answer);
        QFETCH(QString, remedy);
        Blunt server(QByteArray("\x15\x03\x03\x00\x02\x02", 6) + alert);
        const auto reply = ask(server.url("https"), {});
        check(reply, answer, remedy);
        QCOMPARE(reply.error().kind, ErrorKind::Tls);
        QVERIFY(!server.received.contains("hidden-token"));
    }

    void tooOldTls_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("alert: protocol version") << QByteArray("\x15\x03\x02\x00\x02\x02\x46", 7);
        // A ServerHello that chooses TLS 1.1: record, handshake header, version, random, no session, a cipher, no compression.
        QTest::newRow("chooses TLS 1.1") << QByteArray("\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02", 11) + QByteArray(32, 'r')
                + QByteArray("\x00\xc0\x13\x00", 4);
    }
    void tooOldTls()
    {
        QFETCH(QByteArray, bytes);
        Blunt old(bytes);
        const auto reply = ask(old.url("https"), {});
        check(reply, QStringLiteral("before 1.2"), QStringLiteral("offer TLS 1.2"));
        QVERIFY(reply.error().kind == ErrorKind::Tls);
        QVERIFY(!old.received.contains("hidden-token"));
    }

    void httpsToAPlainPort()
    {
        Blunt plain("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        const auto reply = ask(plain.url("https"), {});
        check(reply, QStringLiteral("does not speak TLS"), QStringLiteral("http://"));
        QVERIFY(!plain.received.contains("hidden-token"));
    }

    void httpToATlsPort()
    {
        ScriptedServer server([](Exchange &e) { e.reply(200, "{}"); }, ScriptedServer::Mode::Tls);
        QUrl url = server.url();
        url.setScheme(QStringLiteral("http"));
        const auto reply = ask(url, {});
        check(reply, QStringLiteral("closed the connection without an answer"), QStringLiteral("begin its address with https://"));
        QCOMPARE(server.requests(), 0);
    }

    void handshakeThatNeverAnswers()
    {
        QTcpServer silent;
        QVERIFY(silent.listen(QHostAddress(QStringLiteral("127.0.0.1"))));
        const auto reply = ask(QUrl(QStringLiteral("https://127.0.0.1:%1/").arg(silent.serverPort())), {}, 500ms);
        check(reply, QStringLiteral("no encrypted connection within 0.5 s.*TLS handshake"), QStringLiteral("firewall"));
        QVERIFY(reply.error().kind == ErrorKind::Timeout);
    }
};

QTEST_GUILESS_MAIN(HostileTlsTest)
#include "tst_hostiletls.moc"
