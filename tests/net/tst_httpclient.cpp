// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/async.h"
#include "net/httpclient.h"
#include "support/scriptedserver.h"
#include "support/wait.h"

#include <QDir>
#include <QSignalSpy>
#include <QSslKey>
#include <QtTest>

using namespace catamaran;
using namespace std::chrono_literals;
using core::ErrorKind;
using core::Result;
using net::HttpReply;
using test::Exchange;
using test::ScriptedServer;
using test::wait;

namespace {

/// Waits for @p future on the event loop.
net::HttpRequest requestFor(const QUrl &url)
{
    net::HttpRequest request;
    request.url = url;
    request.purpose = QStringLiteral("try it");
    request.timeout = 5s;
    return request;
}

} // namespace

class HttpClientTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void anyStatusIsAValue_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : { 200, 201, 302, 400, 401, 403, 404, 409, 410, 418, 422, 429, 500, 501, 502, 503, 504, 599 })
            QTest::addRow("status %d", status) << status;
    }
    void anyStatusIsAValue()
    {
        QFETCH(int, status);
        ScriptedServer server([status](Exchange &e) {
            e.reply(status, "the body", "text/plain", { { "Location", "http://127.0.0.2:1/elsewhere" } });
        });
        const auto http = net::makeHttpClient({});
        const auto reply = wait(http->send(requestFor(server.url(QStringLiteral("/x"))), {}));
        QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
        QCOMPARE(reply->status, status);
        QCOMPARE(reply->body, QByteArray("the body"));
        QCOMPARE(server.requests(), 1); // a redirect is not followed, 401 not asked again
    }

    void failures_data()
    {
        QTest::addColumn<int>("behaviour");
        QTest::addColumn<int>("kind");
        QTest::newRow("silence") << 0 << int(ErrorKind::Timeout);
        QTest::newRow("closes without a word") << 1 << int(ErrorKind::Network);
        QTest::newRow("body shorter than it said") << 2 << int(ErrorKind::Network);
        QTest::newRow("chunked body without its end") << 3 << int(ErrorKind::Network);
        QTest::newRow("a body without end") << 4 << int(ErrorKind::Protocol);
        QTest::newRow("one byte now and then") << 5 << int(ErrorKind::Timeout);
        QTest::newRow("truncated error page") << 6 << int(ErrorKind::Network);
        QTest::newRow("not HTTP at all") << 7 << int(ErrorKind::Network);
    }
    void failures()
    {
        QFETCH(int, behaviour);
        QFETCH(int, kind);
        QTimer drip;
        ScriptedServer server([&](Exchange &e) {
            switch (behaviour) {
            case 1: e.close(); break;
            case 2:
                e.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
                e.close();
                break;
            case 3:
                e.beginChunks();
                e.chunk("{\"half\":");
                e.close();
                break;
            case 4:
                e.beginChunks();
                for (int i = 0; i < 40; ++i)
                    e.chunk(QByteArray(1024, 'x'));
                break;
            case 5:
                e.beginChunks();
                connect(&drip, &QTimer::timeout, &e, [&e] { e.chunk("x"); });
                drip.start(50);
                break;
            case 6:
                e.raw("HTTP/1.1 500 Oh\r\nContent-Length: 100\r\n\r\nshort");
                e.close();
                break;
            case 7:
                e.raw(QByteArray("\x16\x03\x01\x00\x00 SSH-2.0\r\n\r\n\r\n", 19));
                e.close();
                break;
            default: break;
            }
        });
        const auto http = net::makeHttpClient({});
        auto request = requestFor(server.url(QStringLiteral("/x")));
        request.url.setQuery(QStringLiteral("token=hidden"));
        request.timeout = 700ms;
        request.maxBytes = 16 * 1024;
        const auto reply = wait(http->send(request, {}));
        QVERIFY(!reply);
        if (behaviour != 7) // what Qt makes of garbage is its own matter; it must only fail
            QCOMPARE(int(reply.error().kind), kind);
        QVERIFY2(!reply.error().text().contains(u"hidden"), "the query is not shown");
        QCOMPARE(reply.error().tried, QStringLiteral("try it"));
    }

    void refusedPort()
    {
        QUrl url;
        {
            ScriptedServer gone([](Exchange &) {});
            url = gone.url();
        }
        const auto http = net::makeHttpClient({});
        const auto reply = wait(http->send(requestFor(url), {}));
        QVERIFY(!reply);
        QVERIFY(reply.error().kind == ErrorKind::Network);
        QVERIFY(!reply.error().remedy.isEmpty());
    }

    void stopFromAnotherThread()
    {
        ScriptedServer server([](Exchange &) {});
        const auto http = net::makeHttpClient({});
        std::stop_source stop;
        const auto future = core::runSequence([&] { return core::await(http->send(requestFor(server.url()), stop.get_token()), {}); });
        QTRY_COMPARE(server.requests(), 1);
        stop.request_stop();
        const auto reply = wait(future);
        QVERIFY(!reply);
        QVERIFY(reply.error().kind == ErrorKind::Cancelled);
    }

    /// Qt finds an error on a thread of its own. A stop that comes while the word of it is on its way must not make a second
    /// one, about which Qt warns. When exactly that is cannot be chosen from outside, so the stop comes after each number
    /// of turns of the event loop until the request has ended before it.
    void stopWhileAnErrorIsOnItsWay_data()
    {
        QTest::addColumn<QString>("trouble");
        QTest::addColumn<bool>("isStream");
        for (const char *trouble : { "refused port", "broken connection", "untrusted certificate" }) {
            QTest::addRow("%s", trouble) << QString::fromLatin1(trouble) << false;
            QTest::addRow("%s, stream", trouble) << QString::fromLatin1(trouble) << true;
        }
    }
    void stopWhileAnErrorIsOnItsWay()
    {
        QFETCH(QString, trouble);
        QFETCH(bool, isStream);
        ScriptedServer server([](Exchange &e) { e.close(); },
            trouble.startsWith(QLatin1String("untrusted")) ? ScriptedServer::Mode::Tls : ScriptedServer::Mode::Plain);
        QUrl url = server.url();
        if (trouble.startsWith(QLatin1String("refused")))
            server.die();
        int cancelled = 0, failed = 0;
        for (int turns = 0; turns < 1000 && failed < 20; ++turns) {
            const auto http = net::makeHttpClient({});
            std::stop_source stop;
            std::optional<ErrorKind> ended;
            std::unique_ptr<net::HttpStream> stream;
            if (isStream) {
                stream.reset(http->stream(requestFor(url), nullptr));
                connect(stream.get(), &net::HttpStream::finished, this,
                    [&](const std::shared_ptr<core::Error> &error) { ended = error ? error->kind : ErrorKind::Internal; });
            } else {
                core::whenReady(http->send(requestFor(url), stop.get_token()), this,
                    [&](const core::Result<net::HttpReply> &reply) { ended = reply ? ErrorKind::Internal : reply.error().kind; });
            }
            for (int turn = 0; turn < turns && !ended; ++turn)
                QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            if (isStream)
                stream->stop();
            else
                stop.request_stop();
            QTRY_VERIFY(ended);
            QVERIFY(*ended != ErrorKind::Internal);
            *ended == ErrorKind::Cancelled ? ++cancelled : ++failed;
        }
        QVERIFY2(cancelled > 0, "some were stopped on their way");
        QVERIFY2(failed > 0, "and some were too late");
    }

    void connectionsAreReused()
    {
        ScriptedServer server([](Exchange &e) { e.reply(200, "{}"); }, ScriptedServer::Mode::Tls);
        net::TlsOptions tls;
        tls.trusted = server.authority();
        const auto http = net::makeHttpClient(tls);
        for (int i = 0; i < 5; ++i)
            QVERIFY(wait(http->send(requestFor(server.url()), {})));
        QCOMPARE(server.requests(), 5);
        QCOMPARE(server.connections(), 1);
    }

    void aChangeIsSentOnce_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<bool>("hasBody");
        QTest::addColumn<bool>("byReset");
        for (const char *method : { "POST", "PUT", "PATCH", "DELETE" }) {
            for (const bool hasBody : { true, false }) {
                for (const bool byReset : { true, false })
                    QTest::addRow("%s%s, %s", method, hasBody ? " with a body" : "", byReset ? "reset" : "closed")
                        << QByteArray(method) << hasBody << byReset;
            }
        }
    }
    void aChangeIsSentOnce()
    {
        QFETCH(QByteArray, method);
        QFETCH(bool, hasBody);
        QFETCH(bool, byReset);
        ScriptedServer server([&](Exchange &e) {
            if (e.method == "GET")
                e.reply(200, "{}");
            else if (byReset)
                e.reset();
            else
                e.close(); // it may have been done
        });
        const auto http = net::makeHttpClient({});
        QVERIFY(wait(http->send(requestFor(server.url()), {}))); // the connection has served before
        net::HttpRequest request = requestFor(server.url());
        request.method = method;
        request.body = hasBody ? QByteArray("{\"a\":1}") : QByteArray();
        const auto answer = wait(http->send(request, {}));
        QVERIFY(!answer);
        QVERIFY2(answer.error().kind == ErrorKind::Network, qPrintable(answer.error().text()));
        const auto &seen = server.exchanges();
        QCOMPARE(std::count_if(seen.begin(), seen.end(), [&](const auto &one) { return one && one->method == method; }), 1);
    }

    void certificates_data()
    {
        QTest::addColumn<bool>("trusts");
        QTest::addColumn<QString>("serverName");
        QTest::addColumn<bool>("skip");
        QTest::addColumn<QString>("refusal"); // empty: accepted
        QTest::newRow("trusted authority") << true << QString() << false << QString();
        QTest::newRow("unknown authority") << false << QString() << false << QStringLiteral("authority");
        QTest::newRow("other name that it has") << true << QStringLiteral("api.fleet.test") << false << QString();
        QTest::newRow("other name that it has not") << true << QStringLiteral("other.test") << false << QStringLiteral("another name");
        QTest::newRow("verification off") << false << QString() << true << QString();
    }
    void certificates()
    {
        QFETCH(bool, trusts);
        QFETCH(QString, serverName);
        QFETCH(bool, skip);
        QFETCH(QString, refusal);
        ScriptedServer server([](Exchange &e) { e.reply(200, "{}"); }, ScriptedServer::Mode::Tls);
        net::TlsOptions tls;
        if (trusts)
            tls.trusted = server.authority();
        tls.serverName = serverName;
        tls.skipVerification = skip;
        const auto http = net::makeHttpClient(tls);
        const auto reply = wait(http->send(requestFor(server.url()), {}));
        if (refusal.isEmpty()) {
            QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
        } else {
            QVERIFY(!reply);
            QVERIFY(reply.error().kind == ErrorKind::Tls);
            QVERIFY2(reply.error().remedy.contains(refusal), qPrintable(reply.error().text()));
            QCOMPARE(server.requests(), 0);
        }
    }

    void eachOfSeveralRequestsHearsWhyTheServerIsNotTrusted()
    {
        ScriptedServer server([](Exchange &e) { e.reply(200, "{}"); }, ScriptedServer::Mode::Tls);
        const auto http = net::makeHttpClient({});
        QList<QFuture<core::Result<net::HttpReply>>> futures;
        for (int i = 0; i < 10; ++i)
            futures += http->send(requestFor(server.url()), {});
        for (const auto &future : futures) {
            const auto reply = wait(future);
            QVERIFY(!reply);
            QVERIFY2(reply.error().remedy.contains(u"not signed by a trusted authority"), qPrintable(reply.error().text()));
        }
    }

    void repeatedHeadersStaySeparate()
    {
        ScriptedServer server([](Exchange &e) { e.reply(200, "{}"); });
        const auto http = net::makeHttpClient({});
        auto request = requestFor(server.url());
        request.headers = { { "Impersonate-Group", "a, b" }, { "Impersonate-Group", "c" } };
        QVERIFY(wait(http->send(request, {})));
        QCOMPARE(server.exchanges().first()->headersNamed("Impersonate-Group"), (QList<QByteArray> { "a, b", "c" }));
    }

    void headerInjectionIsRefused()
    {
        ScriptedServer server([](Exchange &e) { e.reply(200, "{}"); });
        const auto http = net::makeHttpClient({});
        auto request = requestFor(server.url());
        request.headers = { { "Authorization", "Bearer a\r\nX-Evil: b" } };
        const auto reply = wait(http->send(request, {}));
        QVERIFY(!reply);
        QVERIFY(reply.error().kind == ErrorKind::InvalidInput);
        QVERIFY(!reply.error().text().contains(u"Evil"));
        QCOMPARE(server.requests(), 0);
    }

    void streamDeliversPiecesAndEnds()
    {
        ScriptedServer server([](Exchange &e) {
            e.beginChunks();
            e.chunk("one\n");
        });
        const auto http = net::makeHttpClient({});
        net::HttpStream *stream = http->stream(requestFor(server.url()), this);
        QByteArray got;
        connect(stream, &net::HttpStream::received, this, [&](const QByteArray &bytes) { got += bytes; });
        QSignalSpy started(stream, &net::HttpStream::started);
        QSignalSpy finished(stream, &net::HttpStream::finished);
        QTRY_COMPARE(got, QByteArray("one\n"));
        QCOMPARE(started.size(), 1);
        server.exchanges().first()->chunk("two\n");
        server.exchanges().first()->endChunks();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(got, QByteArray("one\ntwo\n"));
        QVERIFY(!finished.first().first().value<std::shared_ptr<core::Error>>());
        delete stream;
    }

    void silentStreamEndsByItsTimeout()
    {
        ScriptedServer server([](Exchange &e) {
            e.beginChunks();
            e.chunk("one\n");
        });
        const auto http = net::makeHttpClient({});
        auto request = requestFor(server.url());
        request.timeout = 300ms;
        net::HttpStream *stream = http->stream(request, this);
        QSignalSpy finished(stream, &net::HttpStream::finished);
        QTRY_COMPARE(finished.size(), 1);
        const auto error = finished.first().first().value<std::shared_ptr<core::Error>>();
        QVERIFY(error && error->kind == ErrorKind::Timeout);
        delete stream;
    }

    void streamsDoNotStarveRequests()
    {
        ScriptedServer server([](Exchange &e) {
            if (e.path() == "/watch")
                e.beginChunks();
            else
                e.reply(200, "{}");
        });
        const auto http = net::makeHttpClient({});
        QObject owner;
        for (int i = 0; i < 10; ++i)
            http->stream(requestFor(server.url(QStringLiteral("/watch"))), &owner);
        QTRY_COMPARE(server.requests(), 10);
        QVERIFY(wait(http->send(requestFor(server.url(QStringLiteral("/get"))), {})));
    }

    /// Clients share access managers, and Qt keys its connections by address alone.
    void noConnectionServesTwoIdentities()
    {
        ScriptedServer server(
            [](Exchange &e) {
                if (e.path() == "/watch") {
                    e.beginChunks();
                    e.chunk(e.clientCommonName);
                } else {
                    e.reply(200, e.clientCommonName);
                }
            },
            ScriptedServer::Mode::TlsWithClientCertificate);
        const auto identity = [&](const QString &name) {
            const auto papers = server.clientCertificate(name);
            net::TlsOptions tls;
            tls.trusted = server.authority();
            tls.clientChain = QSslCertificate::fromData(papers.first);
            tls.clientKey = QSslKey(papers.second, QSsl::Ec);
            return tls;
        };
        net::TlsOptions trusting;
        trusting.trusted = server.authority();
        const net::TlsOptions ada = identity(QStringLiteral("ada")), ben = identity(QStringLiteral("ben"));
        const auto nameAt = [&](net::HttpClient &http) {
            const auto reply = wait(http.send(requestFor(server.url()), {}));
            return reply ? reply->body : reply.error().text().toUtf8();
        };
        // Managers live on while others use them, with the connections of those who are gone.
        ScriptedServer elsewhere([](Exchange &e) { e.beginChunks(); });
        QObject owner;
        std::vector<std::unique_ptr<net::HttpClient>> stay;
        for (int i = 0; i < 30; ++i) {
            stay.push_back(net::makeHttpClient({}));
            stay.back()->stream(requestFor(elsewhere.url()), &owner);
        }
        for (int round = 0; round < 3; ++round) {
            const auto one = net::makeHttpClient(ada), other = net::makeHttpClient(ben), nobody = net::makeHttpClient(trusting);
            for (int i = 0; i < 3; ++i) {
                QCOMPARE(nameAt(*one), QByteArray("ada"));
                QCOMPARE(nameAt(*other), QByteArray("ben"));
                QVERIFY2(!wait(nobody->send(requestFor(server.url()), {})), "who has no certificate is not let in on another's connection");
            }
            for (net::HttpClient *http : { one.get(), other.get() }) {
                QByteArray got;
                net::HttpStream *stream = http->stream(requestFor(server.url(QStringLiteral("/watch"))), &owner);
                connect(stream, &net::HttpStream::received, &owner, [&](const QByteArray &bytes) { got += bytes; });
                QTRY_COMPARE(got, QByteArray(http == one.get() ? "ada" : "ben"));
                delete stream;
            }
        }
        // One after the other, and whoever comes second has something else to show.
        for (const auto &[tls, name] : { std::pair(ben, "ben"), std::pair(ada, "ada"), std::pair(ben, "ben") }) {
            const auto http = net::makeHttpClient(tls);
            QCOMPARE(nameAt(*http), QByteArray(name));
        }
        net::TlsOptions strict = ada; // the same certificate, and another trust
        strict.trusted.clear();
        const auto distrusting = net::makeHttpClient(strict);
        QVERIFY(!wait(distrusting->send(requestFor(server.url()), {})));
    }

    void hundredsOfServersTakeFewThreads()
    {
        const auto threads = [] { return QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(); };
        if (threads() == 0)
            QSKIP("nothing tells the number of threads here");
        std::vector<std::unique_ptr<ScriptedServer>> servers;
        std::vector<std::unique_ptr<net::HttpClient>> clients;
        QObject owner;
        int watched = 0;
        for (int i = 0; i < 100; ++i) {
            servers.push_back(std::make_unique<ScriptedServer>([](Exchange &e) {
                if (e.path() == "/watch") {
                    e.beginChunks();
                    e.chunk("x");
                } else {
                    e.reply(200, "{}");
                }
            }));
            clients.push_back(net::makeHttpClient({}));
            net::HttpStream *stream = clients.back()->stream(requestFor(servers.back()->url(QStringLiteral("/watch"))), &owner);
            connect(stream, &net::HttpStream::received, &owner, [&] { ++watched; });
            QVERIFY(wait(clients.back()->send(requestFor(servers.back()->url()), {})));
        }
        QTRY_COMPARE(watched, 100);
        QVERIFY2(threads() <= 30, qPrintable(QString::number(threads())));
    }

    void aStreamMayDieInItsOwnSignal()
    {
        ScriptedServer server([](Exchange &e) {
            e.beginChunks();
            e.chunk("x");
            e.endChunks();
        });
        const auto http = net::makeHttpClient({});
        QPointer<net::HttpStream> stream = http->stream(requestFor(server.url()), this);
        connect(stream.data(), &net::HttpStream::received, this, [&] { stream->deleteLater(); });
        QTRY_VERIFY(!stream);
    }
};

QTEST_GUILESS_MAIN(HttpClientTest)
#include "tst_httpclient.moc"
