// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/apisession.h"
#include "kube/informer.h"
#include "support/memory.h"
#include "support/scriptedserver.h"
#include "support/wait.h"

#include <QDateTime>
#include <QLocale>
#include <QtTest>

#include <zlib.h>

using namespace catamaran;
using namespace catamaran::kube;
using namespace std::chrono_literals;
using core::Error;
using core::ErrorKind;
using core::Result;
using test::Exchange;
using test::ScriptedServer;
using test::wait;

using Handler = std::function<void(Exchange &)>;

namespace {

constexpr qint64 MiB = 1024 * 1024;

/// @p size zero bytes as gzip.
QByteArray bomb(qint64 size)
{
    z_stream stream {};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
    QByteArray zeros(64 * 1024, '\0'), out, piece(64 * 1024, Qt::Uninitialized);
    for (qint64 fed = 0; fed <= size; fed += zeros.size()) {
        stream.next_in = reinterpret_cast<Bytef *>(zeros.data());
        stream.avail_in = uInt(zeros.size());
        do {
            stream.next_out = reinterpret_cast<Bytef *>(piece.data());
            stream.avail_out = uInt(piece.size());
            deflate(&stream, fed + zeros.size() > size ? Z_FINISH : Z_NO_FLUSH);
            out.append(piece.constData(), piece.size() - qsizetype(stream.avail_out));
        } while (stream.avail_out == 0);
    }
    deflateEnd(&stream);
    return out;
}

QByteArray status(int code, const QByteArray &reason, const QByteArray &message, const QByteArray &details = "{}")
{
    return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"" + message + "\",\"reason\":\"" + reason
        + "\",\"details\":" + details + ",\"code\":" + QByteArray::number(code) + "}";
}

const QByteArray loginPage
    = "<!DOCTYPE html>\n<html><head><title>Example Corp\n Proxy &ndash; Sign in</title><style>body{}</style><script>var token='hidden-in-page';</script></head>"
      "<body><form action='/login?session=hidden-session'><input type=\"password\"></form></body></html>";

} // namespace

/// Servers, and what stands before them, that answer badly. Each gets an error that says what was tried, on what, what
/// came back and what to do, in bounded time and memory, and without a secret in it.
class HostileTest : public QObject {
    Q_OBJECT

    static ClusterAccess accessTo(const ScriptedServer &server)
    {
        ClusterAccess access;
        access.server = server.url();
        access.tls.trusted = server.authority();
        access.token = core::Secret("hidden-token");
        return access;
    }

    /// One GET of a pod, without repeats, within 700 ms.
    static Result<net::HttpReply> ask(const ClusterAccess &access, std::chrono::milliseconds timeout = 700ms, int attempts = 1)
    {
        ApiSession session(access, nullptr);
        session.setRetryPolicy({ attempts, 10ms, 50ms });
        ApiCall call;
        call.path = "/api/v1/namespaces/n/pods/p";
        call.query = { { "secret", "hidden-query" } };
        call.purpose = QStringLiteral("read pods/p in namespace n");
        call.timeout = timeout;
        return wait(session.send(call, {}));
    }

    static void checkWords(const Error &error, const QUrl &server)
    {
        QVERIFY2(error.tried.contains(QStringLiteral("pods")), qPrintable(error.text()));
        QVERIFY2(error.target.startsWith(server.toString()), qPrintable(error.target));
        QVERIFY2(!error.answer.isEmpty() && error.answer.size() <= 1025, qPrintable(error.text()));
        QVERIFY2(!error.remedy.isEmpty(), qPrintable(error.text()));
        QVERIFY2(!error.text().contains(QStringLiteral("hidden")), qPrintable(error.text()));
    }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void answers_data()
    {
        QTest::addColumn<Handler>("handler");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QString>("remedy");
        const auto row = [](const char *name, const Handler &handler, ErrorKind kind, const char *answer, const char *remedy) {
            QTest::newRow(name) << handler << int(kind) << QString::fromUtf8(answer) << QString::fromUtf8(remedy);
        };
        const auto reply = [](int code, const QByteArray &body, const QByteArray &type = "application/json",
                               const Exchange::Headers &more = {}) { return [=](Exchange &e) { e.reply(code, body, type, more); }; };
        row("login page of a proxy", reply(200, loginPage, "text/html; charset=utf-8"), ErrorKind::Protocol,
            "looks like the login page of a proxy: “Example Corp Proxy .* Sign in”", "log in there with a browser");
        row("login page without a content type", reply(200, loginPage, ""), ErrorKind::Protocol, "login page", "NO_PROXY");
        row("a page that says welcome", reply(200, "<html><title>Welcome to nginx!</title></html>", "text/html"), ErrorKind::Protocol,
            "a web page: “Welcome to nginx!”", "not a Kubernetes API server");
        row("redirect to another host",
            reply(302, "", "text/plain", { { "Location", "https://login.test/start?state=hidden-state#hidden" } }), ErrorKind::Protocol,
            "redirects .* to https://login.test/start$", "not followed and no credentials went there");
        row("redirect on the same host", reply(301, "", "text/plain", { { "Location", "/other/path" } }), ErrorKind::Protocol,
            "to https://127.0.0.1:\\d+/other/path", "Check the address");
        row("redirect to nowhere", reply(307, ""), ErrorKind::Protocol, "does not say where", "does not redirect");
        row("redirect with a password", reply(302, "", "", { { "Location", "https://u:hidden@x.test/" } }), ErrorKind::Protocol,
            "https://x.test/$", "not followed");
        row("401", reply(401, status(401, "Unauthorized", "Unauthorized")), ErrorKind::Unauthorized, "Unauthorized", "check the user");
        row("403 with its reason", reply(403, status(403, "Forbidden", "pods is forbidden: User x cannot get")), ErrorKind::Forbidden,
            "cannot get", "administrator");
        row("403 without a word", reply(403, "", ""), ErrorKind::Forbidden, "HTTP status 403", "proxy or firewall");
        row("404 of a path that is not there", reply(404, "404 page not found", "text/plain"), ErrorKind::NotFound, "404 page not found",
            "check the path");
        row("422 with causes",
            reply(422,
                status(422, "Invalid", "Deployment is invalid",
                    "{\"causes\":[{\"field\":\"spec.a\",\"message\":\"too long\"},{\"field\":\"spec.b\",\"message\":\"required\"},{\"field\":\"spec.c\",\"message\":\"wrong\"}]}")),
            ErrorKind::InvalidInput, "spec.a: too long; spec.b: required; spec.c: wrong", "named fields");
        row("Status without a message", reply(500, "{\"kind\":\"Status\",\"status\":\"Failure\"}"), ErrorKind::Server, "HTTP status 500",
            "log");
        row("504", reply(504, status(504, "Timeout", "request did not complete")), ErrorKind::Server, "did not complete",
            "look before trying again");
        row("HTML 502", reply(502, "<html><head><title>502 Bad Gateway</title></head></html>", "text/html"), ErrorKind::Server,
            "HTTP status 502: a web page: “502 Bad Gateway”", "load balancer");
        row("plain request to a TLS port, as Go answers", reply(400, "Client sent an HTTP request to an HTTPS server.\n", "text/plain"),
            ErrorKind::InvalidInput, "HTTPS server", "https://");
        row(
            "closes without a word", [](Exchange &e) { e.close(); }, ErrorKind::Network, "without an answer", "port are the server's");
        row(
            "less than it said",
            [](Exchange &e) {
                e.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":");
                e.close();
            },
            ErrorKind::Network, "broke inside the answer, after 8 bytes", "Try again");
        row(
            "chunks that do not end",
            [](Exchange &e) {
                e.beginChunks();
                e.chunk("{\"half\":");
                e.close();
            },
            ErrorKind::Network, "broke inside the answer", "Try again");
        row(
            "no answer", [](Exchange &) {}, ErrorKind::Timeout, "no answer within 1.5 s: the connection stands", "overloaded or hangs");
        row(
            "a body that stops",
            [](Exchange &e) {
                e.beginChunks();
                e.chunk("{\"half\":");
            },
            ErrorKind::Timeout, "did not end within 1.5 s; 8 bytes", "network is slow");
        row("429 for a day", reply(429, status(429, "TooManyRequests", "slow down"), "application/json", { { "Retry-After", "86400" } }),
            ErrorKind::Throttled, "slow down", "busy");
        row("429 with a number that does not fit", reply(429, "", "", { { "Retry-After", "99999999999999999999" } }), ErrorKind::Throttled,
            "HTTP status 429", "busy");
        row(
            "a Status of 1 GB",
            [](Exchange &e) {
                e.raw(
                    "HTTP/1.1 500 No\r\nContent-Type: application/json\r\nContent-Length: 1073741900\r\n\r\n{\"kind\":\"Status\",\"message\":\"");
                e.flood(QByteArray(256 * 1024, 'x'), 1024 * MiB);
            },
            ErrorKind::Protocol, "HTTP status 500, with an answer longer than 4 MiB", "broken off");
    }
    void answers()
    {
        QFETCH(Handler, handler);
        QFETCH(int, kind);
        QFETCH(QString, answer);
        QFETCH(QString, remedy);
        ScriptedServer server(handler, ScriptedServer::Mode::Tls);
        const test::PeakMemory memory;
        const auto reply = ask(accessTo(server), kind == int(ErrorKind::Timeout) ? 1500ms : 20s);
        QVERIFY(!reply);
        checkWords(reply.error(), server.url());
        QVERIFY2(reply.error().answer.contains(QRegularExpression(answer)), qPrintable(reply.error().text()));
        QVERIFY2(reply.error().remedy.contains(QRegularExpression(remedy)), qPrintable(reply.error().text()));
        QCOMPARE(core::kindName(reply.error().kind), core::kindName(ErrorKind(kind)));
        QCOMPARE(server.exchanges().first()->header("Authorization"), QByteArray("Bearer hidden-token")); // or the row proves nothing
        if (memory.counts())
            QVERIFY2(memory.grownBy() < 300 * MiB, qPrintable(QString::number(memory.grownBy())));
    }

    void bodiesThatAreNoObject_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<bool>("list");
        for (const bool list : { false, true }) {
            const QByteArray of = list ? "list: " : "object: ";
            QTest::addRow("%struncated", of.constData())
                << QByteArray("{\"kind\":\"PodList\",\"metadata\":{},\"items\":[{\"metadata\":{\"na") << QByteArray("application/json")
                << list;
            QTest::addRow("%sempty", of.constData()) << QByteArray() << QByteArray("application/json") << list;
            QTest::addRow("%sa number", of.constData()) << QByteArray("42") << QByteArray("application/json") << list;
            QTest::addRow("%san array", of.constData()) << QByteArray("[{}]") << QByteArray("application/json") << list;
            QTest::addRow("%snot UTF-8", of.constData()) << QByteArray("{\"\xff\xfe\":") << QByteArray("application/json") << list;
            QTest::addRow("%sprotobuf", of.constData())
                << QByteArray("k8s\0\n\x0c", 6) << QByteArray("application/vnd.kubernetes.protobuf") << list;
            QTest::addRow("%sdeep", of.constData())
                << QByteArray("{\"items\":").append(QByteArray(100000, '[')) << QByteArray("application/json") << list;
        }
    }
    void bodiesThatAreNoObject()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, type);
        QFETCH(bool, list);
        ScriptedServer server([&](Exchange &e) { e.reply(200, body, type); }, ScriptedServer::Mode::Tls);
        KubeClient client(accessTo(server));
        const auto error = [&]() -> std::optional<Error> {
            if (list) {
                const auto result = wait(client.list(kinds::pods, QStringLiteral("n"), {}, {}));
                return result ? std::nullopt : std::optional(result.error());
            }
            const auto result = wait(client.get(kinds::pods, QStringLiteral("n"), QStringLiteral("p"), {}));
            return result ? std::nullopt : std::optional(result.error());
        }();
        QVERIFY(error);
        checkWords(*error, server.url());
        QVERIFY2(error->kind == ErrorKind::Protocol, qPrintable(error->text()));
    }

    void endlessBodies_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<QByteArray>("piece");
        QTest::newRow("JSON without end") << QByteArray(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"a\":[")
                                          << QByteArray("\"xxxxxxxx\",").repeated(20000);
        QTest::newRow("a length that is a lie")
            << QByteArray("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9223372036854775807\r\n\r\n{\"a\":[")
            << QByteArray("1,").repeated(100000);
        QTest::newRow("one chunk without end") << QByteArray(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n{\"a\":\"")
                                               << QByteArray(200000, 'x');
    }
    void endlessBodies()
    {
        QFETCH(QByteArray, head);
        QFETCH(QByteArray, piece);
        ScriptedServer server([&](Exchange &e) {
            e.raw(head);
            e.flood(piece, 4096 * MiB);
        });
        const test::PeakMemory memory;
        const auto reply = ask(accessTo(server), 60s);
        QVERIFY(!reply);
        checkWords(reply.error(), server.url());
        QVERIFY2(reply.error().answer.contains(QStringLiteral("longer than 64 MiB")), qPrintable(reply.error().text()));
        QTRY_VERIFY(!server.exchanges().first()->isConnected());
        QVERIFY2(server.exchanges().first()->flooded() < 160 * MiB, qPrintable(QString::number(server.exchanges().first()->flooded())));
        if (memory.counts())
            QVERIFY2(memory.grownBy() < 300 * MiB, qPrintable(QString::number(memory.grownBy())));
    }

    void gzipBomb()
    {
        const QByteArray packed = bomb(1024 * MiB);
        QVERIFY(packed.size() < 2 * MiB);
        ScriptedServer server([&](Exchange &e) { e.reply(200, packed, "application/json", { { "Content-Encoding", "gzip" } }); });
        const test::PeakMemory memory;
        const auto reply = ask(accessTo(server), 60s);
        QVERIFY(!reply);
        checkWords(reply.error(), server.url());
        QVERIFY2(reply.error().answer.contains(QStringLiteral("longer than 64 MiB")), qPrintable(reply.error().text()));
        if (memory.counts())
            QVERIFY2(memory.grownBy() < 150 * MiB, qPrintable(QString::number(memory.grownBy())));
    }

    void slowBytes_data()
    {
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("in the head") << QByteArray("HTTP/1.1 200 OK\r\nX-Slow: ");
        QTest::newRow("in the body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    }
    void slowBytes()
    {
        QFETCH(QByteArray, begin);
        QTimer drip;
        ScriptedServer server([&](Exchange &e) {
            e.raw(begin);
            connect(&drip, &QTimer::timeout, &e, [&e] { e.raw("x"); });
            drip.start(20);
        });
        QElapsedTimer took;
        took.start();
        const auto reply = ask(accessTo(server));
        QVERIFY(!reply && reply.error().kind == ErrorKind::Timeout);
        checkWords(reply.error(), server.url());
        QVERIFY(took.elapsed() < 5000); // each byte does not begin the time anew
    }

    /// A server that has died without a word is not waited for as long as one that thinks.
    void silentServerIsNotWaitedFor_data()
    {
        QTest::addColumn<Handler>("toRequest");
        QTest::addColumn<Handler>("toHealthQuestion");
        QTest::addColumn<bool>("isGivenUp");
        const Handler silent = [](Exchange &) {};
        const Handler refused = [](Exchange &e) { e.reply(401, "{}"); };
        const Handler inTrouble = [](Exchange &e) { e.reply(503, "{}"); };
        const Handler fine = [](Exchange &e) { e.reply(200, "{}"); };
        // Its bytes come one by one, for about a second, each sooner than the silence that is doubted.
        const Handler drips = [](Exchange &e) {
            e.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n");
            auto *tap = new QTimer(&e);
            connect(tap, &QTimer::timeout, &e, [&e, left = 20]() mutable {
                if (left-- > 0)
                    e.raw(left == 19 ? "{" : left == 0 ? "}" : " ");
            });
            tap->start(50);
        };
        QTest::newRow("dead") << silent << silent << true;
        QTest::newRow("alive, and this takes long") << silent << fine << false;
        QTest::newRow("alive, and refuses the question") << silent << refused << false;
        QTest::newRow("alive, and in trouble") << silent << inTrouble << false;
        QTest::newRow("a slow answer, and a line too full for the question") << drips << silent << false;
    }
    void silentServerIsNotWaitedFor()
    {
        QFETCH(Handler, toRequest);
        QFETCH(Handler, toHealthQuestion);
        QFETCH(bool, isGivenUp);
        QPointer<Exchange> request;
        int questions = 0;
        ScriptedServer server([&](Exchange &e) {
            if (e.path() == "/version") {
                ++questions;
                toHealthQuestion(e);
            } else {
                request = &e;
                toRequest(e);
            }
        });
        ApiSession session(accessTo(server), nullptr);
        session.setDoubt(400ms, 200ms);
        ApiCall call;
        call.method = "PATCH";
        call.path = "/api/v1/namespaces/n/pods/p";
        call.purpose = QStringLiteral("change pods/p");
        call.timeout = 1h;
        const auto future = session.send(call, {});
        if (isGivenUp) {
            const auto reply = wait(future);
            QVERIFY(!reply);
            QCOMPARE(reply.error().kind, ErrorKind::Timeout);
            QVERIFY2(reply.error().answer.contains(QStringLiteral("the server is silent")), qPrintable(reply.error().text()));
            checkWords(reply.error(), server.url());
            QCOMPARE(server.requests() - questions, 1); // it may have been carried out: not sent again
            QTRY_VERIFY2(!request->isConnected(), "it is not left open either");
            return;
        }
        QTRY_VERIFY(questions >= 4 || future.isFinished());
        if (!future.isFinished())
            request->reply(200, "{}");
        const auto reply = wait(future);
        QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
    }

    void stopEndsACallThatIsDoubted()
    {
        ScriptedServer server([](Exchange &) {});
        ApiSession session(accessTo(server), nullptr);
        session.setDoubt(50ms, 1h);
        ApiCall call;
        call.path = "/api/v1/pods";
        call.timeout = 1h;
        std::stop_source stop;
        const auto future = session.send(call, stop.get_token());
        QTRY_VERIFY2(server.requests() == 2, "the server is asked whether it lives");
        stop.request_stop();
        QCOMPARE(wait(future).error().kind, ErrorKind::Cancelled);
    }

    void strangeFrames_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("chunk sizes that are none")
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n");
        QTest::newRow("a negative length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello");
        QTest::newRow("broken gzip") << QByteArray("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello");
        QTest::newRow("another protocol") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n");
        QTest::newRow("a status that is none") << QByteArray("HTTP/1.1 abc Strange\r\n\r\n");
        QTest::newRow("a header of 10 MB") << "HTTP/1.1 200 OK\r\nX-Long: " + QByteArray(10 * MiB, 'x')
                + "\r\nContent-Length: 3\r\n\r\nabc";
        QTest::newRow("100,000 headers") << "HTTP/1.1 200 OK\r\n" + QByteArray("X-A: b\r\n").repeated(100000)
                + "Content-Length: 3\r\n\r\nabc";
    }
    void strangeFrames()
    {
        QFETCH(QByteArray, bytes);
        ScriptedServer server([&](Exchange &e) {
            e.raw(bytes);
            e.close();
        });
        const test::PeakMemory memory;
        QElapsedTimer took;
        took.start();
        // What Qt makes of it is its own matter: an error, or a body that the parsers judge. It must end, in bounds.
        const auto reply = ask(accessTo(server), 10s);
        if (!reply)
            checkWords(reply.error(), server.url());
        else
            QVERIFY(reply->body.size() < 100);
        QVERIFY(took.elapsed() < 12000);
        if (memory.counts())
            QVERIFY2(memory.grownBy() < 128 * MiB, qPrintable(QString::number(memory.grownBy())));
    }

    void hundredThousandNamespaces()
    {
        QByteArray body = "{\"kind\":\"NamespaceList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[";
        for (int i = 0; i < 100000; ++i)
            body += (i ? ",{\"metadata\":{\"name\":\"ns-" : "{\"metadata\":{\"name\":\"ns-") + QByteArray::number(i)
                + "\",\"resourceVersion\":\"" + QByteArray::number(i) + "\"},\"status\":{\"phase\":\"Active\"}}";
        body += "]}";
        ScriptedServer server([&](Exchange &e) { e.reply(200, body); }); // all at once, whatever the limit asked for
        KubeClient client(accessTo(server));
        QElapsedTimer took;
        took.start();
        const auto result = wait(client.list(kinds::namespaces, {}, {}, {}));
        QVERIFY2(result, result ? "" : qPrintable(result.error().text()));
        QCOMPARE(result->items.size(), 100000);
        QVERIFY2(took.elapsed() < 30000, qPrintable(QString::number(took.elapsed())));
    }

    void pagesWithoutEnd()
    {
        int page = 0;
        ScriptedServer server([&](Exchange &e) {
            e.reply(200, "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"1\",\"continue\":\"same\"},\"items\":[]}");
            ++page;
        });
        KubeClient client(accessTo(server));
        const auto result = wait(client.list(kinds::pods, {}, {}, {}));
        QVERIFY(!result && result.error().kind == ErrorKind::Protocol);
        QVERIFY2(result.error().answer.contains(QStringLiteral("does not end")), qPrintable(result.error().text()));
        QVERIFY(page < 5);
    }

    void watchLineOfAGigabyte()
    {
        QPointer<Exchange> stream;
        ScriptedServer server([&](Exchange &e) {
            if (!e.target.contains("watch=1")) {
                e.reply(200, "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}");
            } else if (!stream) {
                stream = &e;
                e.raw(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"type\":\"ADDED\",\"object\":{\"a\":\"");
                e.flood(QByteArray(256 * 1024, 'x'), 1024 * MiB);
            }
        });
        KubeClient client(accessTo(server));
        const test::PeakMemory memory;
        const auto watch = client.informer(kinds::pods, QStringLiteral("n"));
        QTRY_VERIFY_WITH_TIMEOUT(stream && !stream->isConnected(), 60000);
        QTRY_VERIFY(watch->health().state == InformerHealth::State::Stale);
        QVERIFY2(watch->health().error.answer.contains(QStringLiteral("longer than")), qPrintable(watch->health().error.text()));
        checkWords(watch->health().error, server.url());
        qInfo("the server got rid of %lld MiB before it was cut off", static_cast<long long>(stream->flooded() / MiB));
        QVERIFY2(stream->flooded() < 48 * MiB, qPrintable(QString::number(stream->flooded())));
        if (memory.counts())
            QVERIFY2(memory.grownBy() < 60 * MiB, qPrintable(QString::number(memory.grownBy())));
    }

    void waitsThatTheServerAsksFor_data()
    {
        QTest::addColumn<QByteArray>("retryAfter");
        QTest::addColumn<int>("requests"); ///< of at most 3 attempts
        const QString http = QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'");
        QTest::newRow("now") << QByteArray("0") << 3;
        QTest::newRow("a day: the user's to wait") << QByteArray("86400") << 1;
        QTest::newRow("more than fits: the same") << QByteArray("99999999999999999999") << 1;
        QTest::newRow("negative counts as not said") << QByteArray("-5") << 3;
        QTest::newRow("words count as not said") << QByteArray("soon") << 3;
        QTest::newRow("a date that is past") << QLocale::c().toString(QDateTime::currentDateTimeUtc().addDays(-1), http).toLatin1() << 3;
        QTest::newRow("a date of tomorrow") << QLocale::c().toString(QDateTime::currentDateTimeUtc().addDays(1), http).toLatin1() << 1;
    }
    void waitsThatTheServerAsksFor()
    {
        QFETCH(QByteArray, retryAfter);
        QFETCH(int, requests);
        ScriptedServer server([&](Exchange &e) { e.reply(429, "", "", { { "Retry-After", retryAfter } }); });
        const auto reply = ask(accessTo(server), 5s, 3);
        QVERIFY(!reply && reply.error().kind == ErrorKind::Throttled);
        QCOMPARE(server.requests(), requests);
    }
};

QTEST_GUILESS_MAIN(HostileTest)
#include "tst_hostile.moc"
