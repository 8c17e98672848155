// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/kubeclient.h"
#include "kube/requestsatonce.h"
#include "support/scriptedserver.h"
#include "support/wait.h"

#include <QJsonDocument>
#include <QScopeGuard>
#include <QTemporaryDir>
#include <QUrlQuery>
#include <QtTest>

using namespace catamaran;
using namespace catamaran::kube;
using core::ErrorKind;
using core::Result;
using test::Exchange;
using test::ScriptedServer;
using test::wait;

namespace {

QByteArray status(int code, const QByteArray &reason, const QByteArray &message)
{
    return R"({"kind":"Status","apiVersion":"v1","status":"Failure","code":)" + QByteArray::number(code) + R"(,"reason":")" + reason
        + R"(","message":")" + message + R"("})";
}

} // namespace

class KubeClientTest : public QObject {
    Q_OBJECT

    static ClusterAccess accessTo(const ScriptedServer &server)
    {
        ClusterAccess access;
        access.name = QStringLiteral("test");
        access.server = server.url();
        access.tls.trusted = server.authority();
        access.token = core::Secret("secret-token");
        return access;
    }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void requestsAsTheyGoOut_data()
    {
        QTest::addColumn<int>("call");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("contentType");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("get") << 0 << QByteArray("GET /p/api/v1/namespaces/n/pods/a%20b") << QByteArray() << QByteArray();
        QTest::newRow("get in the default namespace")
            << 1 << QByteArray("GET /p/api/v1/namespaces/team/services/s") << QByteArray() << QByteArray();
        QTest::newRow("apply")
            << 2
            << QByteArray(
                   "PATCH /p/apis/apps/v1/namespaces/n/deployments/d?fieldManager=catamaran&force=true&fieldValidation=Strict&dryRun=All")
            << QByteArray("application/apply-patch+yaml")
            << QByteArray(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","namespace":"n"}})");
        QTest::newRow("apply of what has no namespace")
            << 3 << QByteArray("PATCH /p/api/v1/namespaces/x?fieldManager=catamaran&force=false&fieldValidation=Strict")
            << QByteArray("application/apply-patch+yaml")
            << QByteArray(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}})");
        QTest::newRow("merge patch") << 4 << QByteArray("PATCH /p/api/v1/namespaces/x?fieldManager=catamaran")
                                     << QByteArray("application/merge-patch+json") << QByteArray(R"({"a":1})");
        QTest::newRow("set scale") << 5 << QByteArray("PATCH /p/apis/apps/v1/namespaces/n/deployments/d/scale?fieldManager=catamaran")
                                   << QByteArray("application/merge-patch+json") << QByteArray(R"({"spec":{"replicas":3}})");
        QTest::newRow("delete") << 6 << QByteArray("DELETE /p/api/v1/namespaces/n/pods/a") << QByteArray("application/json")
                                << QByteArray(R"({"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Background"})");
        QTest::newRow("create") << 7 << QByteArray("POST /p/api/v1/namespaces/n/configmaps?fieldManager=catamaran")
                                << QByteArray("application/json") << QByteArray(R"({"metadata":{"name":"m"}})");
        QTest::newRow("delete with preconditions")
            << 8 << QByteArray("DELETE /p/api/v1/namespaces/n/pods/a") << QByteArray("application/json")
            << QByteArray(
                   R"({"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"resourceVersion":"7","uid":"u"},"propagationPolicy":"Background"})");
        QTest::newRow("scale from a version") << 9
                                              << QByteArray("PATCH /p/apis/apps/v1/namespaces/n/deployments/d/scale?fieldManager=catamaran")
                                              << QByteArray("application/merge-patch+json")
                                              << QByteArray(R"({"metadata":{"resourceVersion":"7"},"spec":{"replicas":3}})");
        QTest::newRow("apply to this very object")
            << 10
            << QByteArray("PATCH /p/api/v1/namespaces/n/configmaps/m?fieldManager=catamaran&force=false&fieldValidation=Strict&dryRun=All")
            << QByteArray("application/apply-patch+yaml") << QByteArray(R"({"metadata":{"resourceVersion":"7","uid":"u"}})");
    }
    void requestsAsTheyGoOut()
    {
        QFETCH(int, call);
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, contentType);
        QFETCH(QByteArray, body);
        ScriptedServer server(
            [](Exchange &e) { e.reply(200, R"({"spec":{"replicas":3},"status":{"replicas":1},"metadata":{"resourceVersion":"8"}})"); },
            ScriptedServer::Mode::Tls);
        auto access = accessTo(server);
        access.server.setPath(QStringLiteral("/p"));
        access.defaultNamespace = QStringLiteral("team");
        access.impersonation = { { "Impersonate-User", "bob" }, { "Impersonate-Group", "a" }, { "Impersonate-Group", "b" } };
        KubeClient client(access);
        const QString n = QStringLiteral("n");
        switch (call) {
        case 0: QVERIFY(wait(client.get(kinds::pods, n, QStringLiteral("a b"), {}))); break;
        case 1: QVERIFY(wait(client.get(kinds::services, {}, QStringLiteral("s"), {}))); break;
        case 2: {
            ApplyOptions options;
            options.force = options.dryRun = true;
            QJsonObject object = QJsonDocument::fromJson(body).object();
            QJsonObject metadata = object[u"metadata"].toObject();
            metadata[u"managedFields"] = QJsonArray {}; // the server would refuse it
            object[u"metadata"] = metadata;
            QVERIFY(wait(client.apply(object, options, {})));
            break;
        }
        case 3: QVERIFY(wait(client.apply(QJsonDocument::fromJson(body).object(), {}, {}))); break;
        case 4: QVERIFY(wait(client.mergePatch(kinds::namespaces, {}, QStringLiteral("x"), { { QStringLiteral("a"), 1 } }, {}))); break;
        case 5: {
            const auto scale = wait(client.setScale(kinds::deployments, n, QStringLiteral("d"), 3, {}));
            QVERIFY(scale);
            QCOMPARE(scale->specReplicas, 3);
            QCOMPARE(scale->statusReplicas, 1);
            QCOMPARE(scale->resourceVersion, QStringLiteral("8"));
            break;
        }
        case 6: QVERIFY(wait(client.remove(kinds::pods, n, QStringLiteral("a"), {}))); break;
        case 7: QVERIFY(wait(client.create(kinds::configMaps, n, QJsonDocument::fromJson(body).object(), {}))); break;
        case 8:
            QVERIFY(wait(client.write(
                { Write::How::Delete, kinds::pods, n, QStringLiteral("a"), {}, {}, QStringLiteral("u"), QStringLiteral("7") }, {})));
            break;
        case 9:
            QVERIFY(wait(client.write(
                { Write::How::MergePatch, kinds::deployments, n, QStringLiteral("d"), QStringLiteral("scale"),
                    { { QStringLiteral("spec"), QJsonObject { { QStringLiteral("replicas"), 3 } } } }, {}, QStringLiteral("7") },
                {})));
            break;
        case 10:
            QVERIFY(wait(client.write({ Write::How::Apply, kinds::configMaps, n, QStringLiteral("m"), {}, {}, QStringLiteral("u"),
                                          QStringLiteral("7"), false, true },
                {})));
            break;
        default: break;
        }
        QCOMPARE(server.requests(), 1);
        const Exchange &seen = *server.exchanges().first();
        QCOMPARE(seen.method + ' ' + seen.target, line);
        QCOMPARE(seen.header("Content-Type"), contentType);
        QCOMPARE(seen.body, body);
        QCOMPARE(seen.header("Authorization"), QByteArray("Bearer secret-token"));
        QCOMPARE(seen.headersNamed("Impersonate-Group").size(), 2);
    }

    void clientCertificateIdentifiesUs()
    {
        ScriptedServer server([](Exchange &e) { e.reply(200, R"({"gitVersion":"v1.32.1-aliyun.1","major":"1","minor":"32+"})"); },
            ScriptedServer::Mode::TlsWithClientCertificate);
        const auto papers = server.clientCertificate(QStringLiteral("alice"));
        const QByteArray yaml = "current-context: c\nclusters: [{name: k, cluster: {server: '" + server.url().toString().toUtf8()
            + "', certificate-authority-data: " + server.authorityPem().toBase64()
            + "}}]\nusers: [{name: u, user: {client-certificate-data: " + papers.first.toBase64()
            + ", client-key-data: " + papers.second.toBase64() + "}}]\ncontexts: [{name: c, context: {cluster: k, user: u}}]";
        const auto access = resolveContext(parseKubeconfig(yaml, QStringLiteral("f"), Origin::User).value());
        QVERIFY2(access, access ? "" : qPrintable(access.error().text()));
        KubeClient client(*access);
        const auto version = wait(client.version({}));
        QVERIFY2(version, version ? "" : qPrintable(version.error().text()));
        QCOMPARE(version->minor, 32);
        QCOMPARE(server.exchanges().first()->clientCommonName, QByteArray("alice"));
        QVERIFY(server.exchanges().first()->header("Authorization").isEmpty());
    }

    void tokenNeverTravelsOverPlainHttp()
    {
        ScriptedServer server([](Exchange &e) { e.reply(200, "{}"); });
        KubeClient client(accessTo(server));
        QVERIFY(wait(client.get(kinds::pods, QStringLiteral("n"), QStringLiteral("a"), {})));
        QVERIFY(server.exchanges().first()->header("Authorization").isEmpty());
    }

    void redirectIsAnErrorAndCarriesNothingAway()
    {
        ScriptedServer other([](Exchange &e) { e.reply(200, "{}"); }, ScriptedServer::Mode::Tls);
        ScriptedServer server(
            [&](Exchange &e) {
                e.reply(302, {}, "text/html", { { "Location", other.url().toEncoded() } });
            },
            ScriptedServer::Mode::Tls);
        KubeClient client(accessTo(server));
        const auto got = wait(client.get(kinds::pods, QStringLiteral("n"), QStringLiteral("a"), {}));
        QVERIFY(!got);
        QVERIFY(got.error().answer.contains(QStringLiteral("redirects")));
        QCOMPARE(other.requests(), 0);
    }

    void errors_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::newRow("unauthorized") << 401 << status(401, "Unauthorized", "Unauthorized") << int(ErrorKind::Unauthorized);
        QTest::newRow("forbidden") << 403 << status(403, "Forbidden", "no") << int(ErrorKind::Forbidden);
        QTest::newRow("not found") << 404 << status(404, "NotFound", "no pod") << int(ErrorKind::NotFound);
        QTest::newRow("server error") << 500 << status(500, "InternalError", "failed calling webhook") << int(ErrorKind::Server);
        QTest::newRow("HTML of a proxy") << 502 << QByteArray("<html>bad</html>") << int(ErrorKind::Server);
        QTest::newRow("HTML where JSON should be") << 200 << QByteArray("<html>login</html>") << int(ErrorKind::Protocol);
        QTest::newRow("an array where an object should be") << 200 << QByteArray("[]") << int(ErrorKind::Protocol);
    }
    void errors()
    {
        QFETCH(int, code);
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        ScriptedServer server([&](Exchange &e) { e.reply(code, body); }, ScriptedServer::Mode::Tls);
        KubeClient client(accessTo(server));
        const auto got = wait(client.get(kinds::pods, QStringLiteral("n"), QStringLiteral("a"), {}));
        QVERIFY(!got);
        QCOMPARE(int(got.error().kind), kind);
        QVERIFY(!got.error().tried.isEmpty() && !got.error().target.isEmpty());
        QVERIFY(!got.error().text().contains(QStringLiteral("secret-token")));
        QCOMPARE(server.requests(), 1);
    }

    void readsAreRepeated_data()
    {
        QTest::addColumn<int>("behaviour");
        QTest::addColumn<bool>("isRead");
        QTest::addColumn<int>("requests"); // more than one: repeated until it works
        QTest::newRow("read, 429 with Retry-After") << 0 << true << 2;
        QTest::newRow("write, 429 was not executed") << 0 << false << 2;
        QTest::newRow("read, 503 with Retry-After") << 1 << true << 2;
        QTest::newRow("write, 503 may have been executed") << 1 << false << 1;
        QTest::newRow("read, 500 without Retry-After") << 2 << true << 1;
        QTest::newRow("read, lost connection") << 3 << true << 2;
    }
    void readsAreRepeated()
    {
        QFETCH(int, behaviour);
        QFETCH(bool, isRead);
        QFETCH(int, requests);
        int count = 0;
        ScriptedServer server(
            [&](Exchange &e) {
                if (++count > 1) {
                    e.reply(200, "{}");
                    return;
                }
                switch (behaviour) {
                case 0: e.reply(429, status(429, "TooManyRequests", "busy"), "application/json", { { "Retry-After", "0" } }); break;
                case 1: e.reply(503, status(503, "ServiceUnavailable", "down"), "application/json", { { "Retry-After", "0" } }); break;
                case 2: e.reply(500, status(500, "InternalError", "oh")); break;
                default:
                    e.raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{");
                    e.close();
                    break;
                }
            },
            ScriptedServer::Mode::Tls);
        KubeClient client(accessTo(server));
        if (isRead)
            QCOMPARE(wait(client.get(kinds::pods, QStringLiteral("n"), QStringLiteral("a"), {})).has_value(), requests > 1);
        else
            QCOMPARE(wait(client.create(kinds::pods, QStringLiteral("n"), {}, {})).has_value(), requests > 1);
        QCOMPARE(count, requests);
    }

    void aChangeFromAStateIsNotSentTwice_data()
    {
        QTest::addColumn<QString>("uid");
        QTest::addColumn<QString>("version");
        QTest::addColumn<int>("requests");
        QTest::newRow("whatever the state") << QString() << QString() << 2;
        QTest::newRow("of one object") << QStringLiteral("u") << QString() << 1;
        QTest::newRow("of one version") << QString() << QStringLiteral("7") << 1;
    }
    void aChangeFromAStateIsNotSentTwice()
    {
        // The first may have been done: the second would be told of a conflict with it, and count as refused.
        QFETCH(QString, uid);
        QFETCH(QString, version);
        QFETCH(int, requests);
        ScriptedServer server([](Exchange &e) { e.close(); }, ScriptedServer::Mode::Tls);
        server.setHandler([&](Exchange &e) { server.requests() > 1 ? e.reply(200, "{}") : e.close(); });
        KubeClient client(accessTo(server));
        const auto written
            = wait(client.write({ Write::How::Delete, kinds::pods, QStringLiteral("n"), QStringLiteral("a"), {}, {}, uid, version }, {}));
        QCOMPARE(server.requests(), requests);
        QCOMPARE(written.has_value(), requests > 1);
        QVERIFY(written || written.error().kind == ErrorKind::Network);
    }

    void longRetryAfterIsReportedNotWaitedFor()
    {
        ScriptedServer server(
            [](Exchange &e) {
                e.reply(429, {}, "text/plain", { { "Retry-After", "3600" } });
            },
            ScriptedServer::Mode::Tls);
        KubeClient client(accessTo(server));
        const auto got = wait(client.get(kinds::pods, QStringLiteral("n"), QStringLiteral("a"), {}));
        QVERIFY(!got && got.error().kind == ErrorKind::Throttled);
        QCOMPARE(got.error().retryAfterMs, 3600000);
    }

    void stopWhileWaitingToRepeat()
    {
        ScriptedServer server([](Exchange &e) { e.reply(429, {}, "text/plain", { { "Retry-After", "20" } }); }, ScriptedServer::Mode::Tls);
        KubeClient client(accessTo(server));
        std::stop_source stop;
        const auto future = client.get(kinds::pods, QStringLiteral("n"), QStringLiteral("a"), stop.get_token());
        QTRY_COMPARE(server.requests(), 1);
        QVERIFY(!future.isFinished());
        stop.request_stop();
        const auto got = wait(future);
        QVERIFY(!got && got.error().kind == ErrorKind::Cancelled);
    }

    void listInChunks()
    {
        ScriptedServer server(
            [](Exchange &e) {
                const QUrlQuery query(QString::fromLatin1(e.target.mid(e.target.indexOf('?') + 1)));
                const QString token = query.queryItemValue(QStringLiteral("continue"), QUrl::FullyDecoded);
                if (token.isEmpty())
                    e.reply(200,
                        R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"a+b/c="},"items":[{"metadata":{"name":"1"}}]})");
                else if (token == u"a+b/c=")
                    e.reply(200,
                        R"({"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"2"}}]})");
                else
                    e.reply(400, {});
            },
            ScriptedServer::Mode::Tls);
        KubeClient client(accessTo(server));
        const auto list = wait(client.list(kinds::pods, {}, QStringLiteral("app in (a,b)"), {}));
        QVERIFY2(list, list ? "" : qPrintable(list.error().text()));
        QCOMPARE(list->items.size(), 2);
        QCOMPARE(list->resourceVersion, QStringLiteral("7"));
        QCOMPARE(list->items.last().value(u"kind").toString(), QStringLiteral("Pod"));
        QVERIFY(server.exchanges().first()->target.startsWith("/api/v1/pods?limit=500&labelSelector=app%20in%20%28a%2Cb%29"));
    }

    void expiredPageStartsOverOnce_data()
    {
        QTest::addColumn<bool>("always");
        QTest::newRow("once") << false;
        QTest::newRow("for ever") << true;
    }
    void expiredPageStartsOverOnce()
    {
        QFETCH(bool, always);
        int expired = 0;
        ScriptedServer server(
            [&](Exchange &e) {
                if (!e.target.contains("continue="))
                    e.reply(200, R"({"metadata":{"resourceVersion":"7","continue":"x"},"items":[{"metadata":{"name":"1"}}]})");
                else if (always || expired == 0)
                    ++expired, e.reply(410, status(410, "Expired", "too old"));
                else
                    e.reply(200, R"({"metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"2"}}]})");
            },
            ScriptedServer::Mode::Tls);
        KubeClient client(accessTo(server));
        const auto list = wait(client.list(kinds::pods, {}, {}, {}));
        QCOMPARE(list.has_value(), !always);
        QCOMPARE(server.requests(), 4);
        if (list)
            QCOMPARE(list->items.size(), 2);
        else
            QVERIFY(list.error().kind == ErrorKind::Gone);
    }

    void endlessListIsAnError()
    {
        ScriptedServer server([](Exchange &e) { e.reply(200, R"({"metadata":{"continue":"x"},"items":[]})"); }, ScriptedServer::Mode::Tls);
        KubeClient client(accessTo(server));
        const auto list = wait(client.list(kinds::pods, {}, {}, {}));
        QVERIFY(!list && list.error().kind == ErrorKind::Protocol);
    }

    void deletingWhatIsNotThere_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("expected");
        QTest::newRow("object is missing") << status(404, "NotFound", "pods a not found") << true;
        QTest::newRow("address is wrong") << QByteArray("404 page not found") << false;
    }
    void deletingWhatIsNotThere()
    {
        QFETCH(QByteArray, body);
        QFETCH(bool, expected);
        ScriptedServer server([&](Exchange &e) { e.reply(404, body); }, ScriptedServer::Mode::Tls);
        KubeClient client(accessTo(server));
        QCOMPARE(wait(client.remove(kinds::pods, QStringLiteral("n"), QStringLiteral("a"), {})).has_value(), expected);
    }

    void badNamesAreNotSent()
    {
        ScriptedServer server([](Exchange &e) { e.reply(200, "{}"); }, ScriptedServer::Mode::Tls);
        KubeClient client(accessTo(server));
        for (const QString &name : { QString(), QStringLiteral(".."), QStringLiteral("a/b") }) {
            const auto got = wait(client.get(kinds::pods, QStringLiteral("n"), name, {}));
            QVERIFY(!got && got.error().kind == ErrorKind::InvalidInput);
        }
        QCOMPARE(server.requests(), 0);
    }

    void accessReview()
    {
        ScriptedServer server(
            [](Exchange &e) {
                e.reply(201, e.body.contains("\"create\"") ? R"({"status":{"allowed":false}})" : R"({"status":{"allowed":true}})");
            },
            ScriptedServer::Mode::Tls);
        KubeClient client(accessTo(server));
        AccessQuestion question { QStringLiteral("get"), {}, QStringLiteral("pods"), QStringLiteral("exec"), QStringLiteral("n"), {} };
        QCOMPARE(wait(client.mayI(question, {})).value_or(false), true);
        question.verb = QStringLiteral("create");
        QCOMPARE(wait(client.mayI(question, {})).value_or(true), false);
    }

    void tokenFileIsReadAgainAfter401()
    {
        QTemporaryDir dir;
        QFile file(dir.filePath(QStringLiteral("token")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("new-token\n");
        file.close();
        ScriptedServer server(
            [](Exchange &e) {
                e.header("Authorization") == "Bearer new-token" ? e.reply(200, "{}")
                                                                : e.reply(401, status(401, "Unauthorized", "Unauthorized"));
            },
            ScriptedServer::Mode::Tls);
        auto access = accessTo(server);
        access.tokenFile = file.fileName();
        KubeClient client(access);
        QVERIFY(wait(client.get(kinds::pods, QStringLiteral("n"), QStringLiteral("a"), {})));
        QCOMPARE(server.requests(), 2);
    }

    void callsFromWorkerThreads()
    {
        ScriptedServer server([](Exchange &e) { e.reply(200, R"({"metadata":{"name":"a"}})"); }, ScriptedServer::Mode::Tls);
        KubeClient client(accessTo(server));
        QList<QFuture<Result<QJsonObject>>> futures;
        for (int i = 0; i < 20; ++i)
            futures.append(core::runSequence(
                [&client] { return core::await(client.get(kinds::pods, QStringLiteral("n"), QStringLiteral("a"), {}), {}); }));
        for (const auto &future : futures)
            QVERIFY(wait(future));
        QVERIFY(server.connections() <= 6);
    }

    /// Connections are few, nobody is forgotten, and who is stopped does not wait for those before it.
    void noMoreRequestsAtOnceThanAreAllowed()
    {
        const int before = requestsAtOnce();
        const auto restored = qScopeGuard([before] { setRequestsAtOnce(before); });
        setRequestsAtOnce(2);
        ScriptedServer server([](Exchange &) {}, ScriptedServer::Mode::Tls); // answers when the test says so
        KubeClient client(accessTo(server));
        std::stop_source stop;
        QList<QFuture<Result<ServerVersion>>> all;
        for (int i = 0; i < 8; ++i)
            all << client.version(i == 5 ? stop.get_token() : std::stop_token());
        QTRY_COMPARE(server.requests(), 2);
        stop.request_stop();
        const auto stopped = wait(all.at(5));
        QVERIFY(!stopped && stopped.error().kind == ErrorKind::Cancelled);
        QCOMPARE(server.requests(), 2);
        for (int answered = 0; answered < 7; ++answered) {
            QTRY_VERIFY(server.requests() > answered);
            QVERIFY(server.requests() <= answered + 2);
            server.exchanges().at(answered)->reply(200, R"({"gitVersion":"v1.32.1","major":"1","minor":"32"})");
        }
        for (int i = 0; i < 8; ++i)
            if (i != 5)
                QVERIFY(wait(all.at(i)));
        QCOMPARE(server.connections(), 2);
    }

    void destroyedClientEndsItsFutures()
    {
        ScriptedServer server([](Exchange &) {}, ScriptedServer::Mode::Tls);
        auto client = std::make_unique<KubeClient>(accessTo(server));
        const auto one = client->get(kinds::pods, QStringLiteral("n"), QStringLiteral("a"), {});
        const auto many = client->list(kinds::pods, {}, {}, {});
        QTRY_COMPARE(server.requests(), 2);
        client.reset();
        QTRY_VERIFY(one.isFinished() && many.isFinished());
        QCOMPARE(one.resultCount() + many.resultCount(), 0);
    }
};

QTEST_GUILESS_MAIN(KubeClientTest)
#include "tst_kubeclient.moc"
