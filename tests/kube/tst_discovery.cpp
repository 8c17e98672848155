// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/accesscheck.h"
#include "kube/discovery.h"
#include "support/scriptedserver.h"
#include "support/wait.h"

#include <QSignalSpy>
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

const QByteArray aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

QByteArray aggregatedCore()
{
    return R"({"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[{"metadata":{},"versions":[{"version":"v1","freshness":"Current","resources":[
        {"resource":"pods","responseKind":{"group":"","version":"v1","kind":"Pod"},"scope":"Namespaced","singularResource":"pod","verbs":["get","list","watch"],"shortNames":["po"],"categories":["all"],
         "subresources":[{"subresource":"log","verbs":["get"]},{"subresource":"exec","verbs":["get","create"]}]}]}]}]})";
}

QByteArray aggregatedGroups()
{
    return R"({"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","items":[
        {"metadata":{"name":"apps"},"versions":[{"version":"v1","freshness":"Current","resources":[
          {"resource":"deployments","responseKind":{"group":"apps","version":"v1","kind":"Deployment"},"scope":"Namespaced","singularResource":"deployment","verbs":["get"],"subresources":[{"subresource":"scale"}]}]},
          {"version":"v1beta1","resources":[{"resource":"deployments","responseKind":{"kind":"Deployment"},"scope":"Namespaced","verbs":["get"]}]}]},
        {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale","resources":[]}]}]})";
}

} // namespace

class DiscoveryTest : public QObject {
    Q_OBJECT

    static std::unique_ptr<KubeClient> clientOf(const ScriptedServer &server)
    {
        ClusterAccess access;
        access.server = server.url();
        return std::make_unique<KubeClient>(access);
    }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aggregatedFormNeedsTwoRequests()
    {
        ScriptedServer server([](Exchange &e) {
            const bool wanted = e.header("Accept").contains("as=APIGroupDiscoveryList");
            if (wanted && e.path() == "/api")
                e.reply(200, aggregatedCore(), aggregatedType);
            else if (wanted && e.path() == "/apis")
                e.reply(200, aggregatedGroups(), aggregatedType);
            else
                e.reply(404, "{}");
        });
        const auto client = clientOf(server);
        const auto found = wait(client->discover({}));
        QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
        QCOMPARE(server.requests(), 2);
        QVERIFY(found->aggregated);
        QCOMPARE(found->resources.size(), 3);
        const ApiResource *pods = found->find(QStringLiteral("po"));
        QVERIFY(pods);
        QVERIFY(pods->kind == kinds::pods);
        QVERIFY(pods->can(QStringLiteral("watch")));
        QCOMPARE(pods->subresources, (QStringList { QStringLiteral("log"), QStringLiteral("exec") }));
        const ApiResource *deployments = found->find(QStringLiteral("Deployment"));
        QVERIFY(deployments);
        QCOMPARE(deployments->kind.version, QStringLiteral("v1"));
        QVERIFY(found->find(QStringLiteral("deployments.apps")));
        QVERIFY(!found->find(QStringLiteral("deployments.extensions")));
        QVERIFY(found->findKind(QStringLiteral("apps/v1beta1"), QStringLiteral("Deployment")));
        QCOMPARE(found->errors.size(), 1);
        QVERIFY(found->errors.first().answer.contains(QStringLiteral("metrics.k8s.io")));
    }

    void oldFormAndOneBrokenGroup()
    {
        ScriptedServer server([](Exchange &e) {
            if (e.path() == "/api")
                e.reply(200, R"({"kind":"APIVersions","versions":["v1"]})");
            else if (e.path() == "/apis")
                e.reply(200,
                    R"({"kind":"APIGroupList","groups":[{"name":"apps","versions":[{"version":"v1beta1"},{"version":"v1"}],"preferredVersion":{"version":"v1"}},
                    {"name":"metrics.k8s.io","versions":[{"version":"v1beta1"}],"preferredVersion":{"version":"v1beta1"}}]})");
            else if (e.path() == "/api/v1")
                e.reply(200,
                    R"({"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","namespaced":true,"kind":"Pod","verbs":["get"],"shortNames":["po"]},{"name":"pods/exec","namespaced":true,"kind":"PodExecOptions","verbs":["get"]}]})");
            else if (e.path() == "/apis/apps/v1" || e.path() == "/apis/apps/v1beta1")
                e.reply(200,
                    R"({"kind":"APIResourceList","resources":[{"name":"deployments","singularName":"deployment","namespaced":true,"kind":"Deployment","verbs":["get"]}]})");
            else
                e.reply(503, "service unavailable", "text/plain");
        });
        const auto client = clientOf(server);
        const auto found = wait(client->discover({}));
        QVERIFY2(found, found ? "" : qPrintable(found.error().text()));
        QVERIFY(!found->aggregated);
        QCOMPARE(found->resources.size(), 3);
        QCOMPARE(found->find(QStringLiteral("pods"))->subresources, QStringList { QStringLiteral("exec") });
        QVERIFY(found->find(QStringLiteral("deploy")) == nullptr);
        QCOMPARE(found->find(QStringLiteral("deployment"))->kind.version, QStringLiteral("v1"));
        QCOMPARE(found->errors.size(), 1);
        QVERIFY2(found->errors.first().tried.contains(QStringLiteral("metrics.k8s.io/v1beta1")), qPrintable(found->errors.first().tried));
    }

    void bothFormsTogether()
    {
        // A server without the core group, and one that answers half in each form.
        ScriptedServer server([](Exchange &e) {
            if (e.path() == "/apis")
                e.reply(200, aggregatedGroups(), aggregatedType);
            else
                e.reply(404, "404 page not found", "text/plain");
        });
        const auto client = clientOf(server);
        const auto found = wait(client->discover({}));
        QVERIFY(found);
        QCOMPARE(found->resources.size(), 2);
    }

    void noServerIsAnError_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("forbidden") << 403 << QByteArray("{\"kind\":\"Status\",\"message\":\"no\"}");
        QTest::newRow("a login page") << 200 << QByteArray("<html></html>");
        QTest::newRow("other JSON") << 200 << QByteArray("{\"kind\":\"Pod\"}");
    }
    void noServerIsAnError()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        ScriptedServer server([&](Exchange &e) { e.reply(status, body); });
        const auto client = clientOf(server);
        const auto found = wait(client->discover({}));
        QVERIFY(!found);
        QVERIFY(!found.error().tried.isEmpty());
    }

    void accessIsAskedOnceAndRemembered()
    {
        int asked = 0;
        ScriptedServer server([&](Exchange &e) {
            ++asked;
            e.reply(201, e.body.contains("\"namespace\":\"no\"") ? "{\"status\":{\"allowed\":false}}" : "{\"status\":{\"allowed\":true}}");
        });
        const auto client = clientOf(server);
        AccessCheck &check = client->accessCheck();
        QCOMPARE(&check, &client->accessCheck());
        const auto question = execNeeds(QStringLiteral("yes")).first();
        QVERIFY(!check.known(question)); // and asks
        const auto first = check.ask(question), second = check.ask(question);
        QVERIFY(wait(first).value());
        QVERIFY(wait(second).value());
        QCOMPARE(asked, 1);
        QCOMPARE(check.known(question), std::optional<bool>(true));
        QVERIFY(wait(check.ask(question)).value());
        QCOMPARE(asked, 1);

        auto needs = execNeeds(QStringLiteral("yes"), 35);
        QCOMPARE(needs.size(), 2);
        needs += execNeeds(QStringLiteral("no"));
        const auto refused = wait(check.refusedOf(needs));
        QVERIFY(refused);
        QCOMPARE(refused->size(), 1);
        QCOMPARE(describeAccess(refused->first()), QStringLiteral("get pods/exec in namespace no"));

        const int before = asked;
        check.forget(QStringLiteral("no"));
        QVERIFY(check.known(question));
        QVERIFY(!check.known(execNeeds(QStringLiteral("no")).first()));
        QTRY_COMPARE(asked, before + 1);
    }

    void answersGrowOldAndErrorsAreNotKept()
    {
        int asked = 0;
        ScriptedServer server([&](Exchange &e) {
            if (++asked == 1)
                e.reply(403, "{}");
            else
                e.reply(201, asked == 2 ? "{\"status\":{\"allowed\":true}}" : "{\"status\":{\"allowed\":false}}");
        });
        const auto client = clientOf(server);
        AccessCheck check(*client, 0ms);
        const auto question = logNeeds(QStringLiteral("n")).first();
        QVERIFY(!wait(check.ask(question)));
        QVERIFY(wait(check.ask(question)).value());
        QSignalSpy answered(&check, &AccessCheck::answered);
        QCOMPARE(check.known(question), std::optional<bool>(true)); // the old answer until the new one is there
        QTRY_COMPARE(answered.size(), 1);
        QCOMPARE(answered.first().at(1).toBool(), false);
    }
};

QTEST_GUILESS_MAIN(DiscoveryTest)
#include "tst_discovery.moc"
