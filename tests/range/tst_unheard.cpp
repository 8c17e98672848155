// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "support/labprocess.h"
#include "support/paths.h"
#include "support/scriptedserver.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace catamaran::test;

namespace {

QJsonObject json(const QByteArray &text)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (document.isNull())
        qFatal("%s: %s", qPrintable(error.errorString()), text.constData());
    return document.object();
}

void answer(Exchange &exchange, int status, const QJsonObject &object, const Exchange::Headers &more = {})
{
    exchange.reply(status, QJsonDocument(object).toJson(QJsonDocument::Compact), "application/json", more);
}

/// An API server of few objects that may refuse whatever a test says.
struct Api {
    QList<QJsonObject> namespaces, deployments, pods, services;
    std::function<bool(const QByteArray &path)> isForbidden = [](const QByteArray &) { return false; };
    QJsonObject deploymentStatus; ///< of what is applied
    QHash<QByteArray, QJsonObject> applied;
    QList<QByteArray> asked;

    static QByteArray ns(const QJsonObject &object) { return object[u"metadata"][u"namespace"].toString().toUtf8(); }
    static QByteArray name(const QJsonObject &object) { return object[u"metadata"][u"name"].toString().toUtf8(); }

    static void refuse(Exchange &exchange, int code, const char *reason, const QString &message)
    {
        answer(exchange, code,
            { { QStringLiteral("kind"), QStringLiteral("Status") }, { QStringLiteral("apiVersion"), QStringLiteral("v1") },
                { QStringLiteral("status"), QStringLiteral("Failure") }, { QStringLiteral("reason"), QLatin1String(reason) },
                { QStringLiteral("message"), message }, { QStringLiteral("code"), code } });
    }

    void handle(Exchange &exchange)
    {
        const QByteArray path = exchange.path();
        asked << exchange.method + ' ' + path;
        if (isForbidden(path))
            return refuse(exchange, 403, "Forbidden", QStringLiteral("User \"dev\" cannot get or list %1").arg(QString::fromUtf8(path)));
        if (path == "/version")
            return answer(exchange, 200, json(R"({"major":"1","minor":"32","gitVersion":"v1.32.0"})"));
        if (path.endsWith("/selfsubjectaccessreviews"))
            return answer(exchange, 201, json(R"({"kind":"SelfSubjectAccessReview","status":{"allowed":true}})"));
        if (exchange.method == "PATCH") {
            QJsonObject object = json(exchange.body), metadata = object[u"metadata"].toObject();
            metadata.insert(QStringLiteral("uid"), QStringLiteral("u"));
            metadata.insert(QStringLiteral("generation"), 1);
            object.insert(QStringLiteral("metadata"), metadata);
            if (path.contains("/deployments/"))
                object.insert(QStringLiteral("status"), deploymentStatus);
            applied.insert(path, object);
            return answer(exchange, 200, object);
        }
        if (applied.contains(path))
            return answer(exchange, 200, applied.value(path));
        const QList<QByteArray> parts = path.mid(1).split('/'); // api/v1/… or apis/apps/v1/…
        QList<QByteArray> rest = parts.mid(parts.first() == "api" ? 2 : 3);
        QByteArray space;
        if (rest.size() > 2 && rest.first() == "namespaces") {
            space = rest.at(1);
            rest = rest.mid(2);
        }
        const QHash<QByteArray, const QList<QJsonObject> *> lists { { "namespaces", &namespaces }, { "deployments", &deployments },
            { "pods", &pods }, { "services", &services } };
        const QList<QJsonObject> none, &all = lists.contains(rest.first()) ? *lists.value(rest.first()) : none;
        QJsonArray items;
        for (const QJsonObject &object : all) {
            if (!space.isEmpty() && ns(object) != space)
                continue;
            if (rest.size() > 1 && name(object) == rest.at(1))
                return answer(exchange, 200, object);
            items.append(object);
        }
        if (rest.size() > 1)
            return refuse(exchange, 404, "NotFound", QStringLiteral("not found"));
        for (auto it = applied.cbegin(); it != applied.cend(); ++it) // and what was applied since
            if (it.key().startsWith(path + '/') && !it.key().mid(path.size() + 1).contains('/'))
                items.append(it.value());
        answer(exchange, 200, { { QStringLiteral("metadata"), json(R"({"resourceVersion":"1"})") }, { QStringLiteral("items"), items } });
    }
};

/// One answer of the cloud to all of its lists, or to one of them.
struct Reply {
    int status = 200;
    QByteArray body;
    Exchange::Headers headers {};
};

struct Outcome {
    int exitCode = -1;
    QByteArray out, err;
    QJsonObject json;
};

const QByteArray kubeconfig = "apiVersion: v1\n"
                              "kind: Config\n"
                              "current-context: c\n"
                              "clusters: [{name: c, cluster: {server: \"%1\", certificate-authority-data: %2}}]\n"
                              "users: [{name: u, user: {token: abc}}]\n"
                              "contexts: [{name: c, context: {cluster: c, user: u}}]\n";

const QByteArray fleetWithMesh = "apiVersion: catamaran.io/v1\n"
                                 "kind: Fleet\n"
                                 "metadata: { name: one }\n"
                                 "spec:\n"
                                 "  meshes: [ { name: mesh-1 } ]\n"
                                 "  clusters: [ { name: cluster-1 } ]\n"
                                 "  memberships: [ { mesh: mesh-1, cluster: cluster-1, mode: managed } ]\n";

const QByteArray fleetOfSleep = "apiVersion: catamaran.io/v1\n"
                                "kind: Fleet\n"
                                "metadata: { name: small }\n"
                                "spec:\n"
                                "  clusters: [ { name: cluster-1 } ]\n"
                                "  workloads:\n"
                                "  - { cluster: cluster-1, namespace: sample, manifest: sleep }\n";

} // namespace

Q_DECLARE_METATYPE(Reply)

/// catamaranctl where something does not answer, or refuses: no sentence and no exit code about what was not heard, and the
/// reasons that are there.
class UnheardTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_home;
    Api m_api;
    std::unique_ptr<ScriptedServer> m_server, m_cloud;

    QString path(const char *name) const { return m_home.filePath(QLatin1String(name)); }
    QString write(const char *name, const QByteArray &text)
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write %s", name);
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        return file.fileName();
    }
    void writeEnvironment(bool withCloud)
    {
        QByteArray text = "apiVersion: catamaran.io/v1\nkind: Environment\nmetadata: { name: case }\nspec:\n";
        if (withCloud)
            text
                += "  alibabaCloud:\n    accessKeyId: LTAIexample\n    accessKeySecret: { env: CASE_SECRET }\n    regions: [cn-hangzhou]\n    endpoints: { servicemesh: \""
                + m_cloud->url().toEncoded() + "\", cs: \"" + m_cloud->url().toEncoded() + "\", ca: cloud.pem }\n";
        text += "  clusters:\n  - { name: cluster-1, kubeconfig: kubeconfig.yaml"
            + QByteArray(withCloud ? ", cloudId: c00000000000000000000000000000001, region: cn-hangzhou" : "") + " }\n";
        write("env.yaml", text);
    }
    /// The environment gets an account that answers so.
    void startCloud(ScriptedServer::Handler handler)
    {
        m_cloud = std::make_unique<ScriptedServer>(std::move(handler), ScriptedServer::Mode::Tls);
        write("cloud.pem", m_cloud->authorityPem());
        writeEnvironment(true);
    }
    /// An account whose lists are in order; @p meshes and @p clusters are the bodies of two of them.
    void startCloud(const QByteArray &meshes, const QByteArray &clusters)
    {
        startCloud([=](Exchange &exchange) {
            const QByteArray action = exchange.header("x-acs-action");
            if (action == "DescribeServiceMeshes")
                exchange.reply(200, meshes);
            else if (action == "DescribeClustersV1")
                exchange.reply(200, clusters);
            else if (action == "DescribeVersions")
                exchange.reply(200, R"({"VersionInfo":[]})");
            else
                exchange.reply(403, R"({"Code":"Forbidden.RAM","Message":"no"})");
        });
    }
    void prepare(QProcess &process)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_DATA_HOME"), m_home.path());
        environment.insert(QStringLiteral("CASE_SECRET"), QStringLiteral("notasecret"));
        environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        process.setProcessEnvironment(environment);
    }
    QStringList common() const { return { QStringLiteral("--database"), path("catamaran.db"), QStringLiteral("--env"), path("env.yaml") }; }
    Outcome ctl(const QStringList &arguments)
    {
        QProcess process;
        prepare(process);
        process.start(catamaran::tests::program(QStringLiteral("catamaranctl")), common() + arguments);
        Outcome outcome;
        // The servers live on this thread.
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 110000)) {
            process.kill();
            process.waitForFinished(60000);
            return outcome;
        }
        outcome.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
        outcome.out = process.readAllStandardOutput();
        outcome.err = process.readAllStandardError();
        outcome.json = QJsonDocument::fromJson(outcome.out).object();
        return outcome;
    }
    static QJsonObject condition(const QJsonObject &of, const char *type)
    {
        for (const QJsonValue &one : of[u"conditions"].toArray())
            if (one[u"type"].toString() == QLatin1String(type))
                return one.toObject();
        return {};
    }

private slots:
    void initTestCase()
    {
        QVERIFY(m_home.isValid());
        QVERIFY(QFile::exists(catamaran::tests::program(QStringLiteral("catamaranctl"))));
    }
    void init()
    {
        m_api = {};
        m_api.namespaces = { json(R"({"metadata":{"name":"default"}})") };
        m_server = std::make_unique<ScriptedServer>([this](Exchange &exchange) { m_api.handle(exchange); }, ScriptedServer::Mode::Tls);
        QByteArray config = kubeconfig;
        config.replace("%1", m_server->url().toEncoded()).replace("%2", m_server->authorityPem().toBase64());
        write("kubeconfig.yaml", config);
        writeEnvironment(false);
        write("mesh.yaml", fleetWithMesh);
        write("sleep.yaml", fleetOfSleep);
        write("check.yaml",
            "apiVersion: catamaran.io/v1\nkind: Check\nmetadata: { name: x }\nspec: { expect: { directions: all, findings: { notWorseThan: warning }, "
            "failover: [{ service: default/sleep }], requests: [{ from: cluster-1/default/sleep, url: 'http://x/', shares: as-read }] } }\n");
    }

    void listsOfTheAccountThatWereNotHeard_data()
    {
        QTest::addColumn<Reply>("reply");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("says");
        const auto error = [](int status, const char *code, Exchange::Headers headers = {}) {
            return Reply { status, QByteArray("{\"Code\":\"") + code + "\",\"Message\":\"no\",\"RequestId\":\"r\"}", std::move(headers) };
        };
        QTest::newRow("no permission") << error(403, "Forbidden.RAM") << 1 << QByteArray("Forbidden.RAM");
        QTest::newRow("another product's host") << error(404, "InvalidProduct.NotFound") << 1 << QByteArray("InvalidProduct.NotFound");
        QTest::newRow("a portal's page") << Reply { 200, "<html><body>please log in</body></html>" } << 1 << QByteArray("not JSON");
        QTest::newRow("an answer without the list")
            << Reply { 200, R"({"RequestId":"r"})" } << 1 << QByteArray("the answer has no ServiceMeshes");
        QTest::newRow("throttled") << error(429, "Throttling.User", { { "x-acs-retry-after", "1" } }) << 3 << QByteArray("Throttling.User");
        QTest::newRow("a fault of the cloud") << error(503, "ServiceUnavailable", { { "x-acs-retry-after", "1" } }) << 3
                                              << QByteArray("ServiceUnavailable");
        QTest::newRow("the wrong secret") << error(400, "SignatureDoesNotMatch") << 3 << QByteArray("SignatureDoesNotMatch");
        QTest::newRow("a clock that is wrong") << error(400, "IllegalTimestamp", { { "Date", "Fri, 02 Jan 2026 03:04:05 GMT" } }) << 3
                                               << QByteArray("ahead of the cloud's (by the answer's date, 2026-01-02T03:04:05Z)");
    }
    void listsOfTheAccountThatWereNotHeard()
    {
        QFETCH(Reply, reply);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, says);
        startCloud([&reply](Exchange &exchange) { exchange.reply(reply.status, reply.body, "application/json", reply.headers); });
        const QString fleet = path("mesh.yaml"), o = QStringLiteral("-o"), form = QStringLiteral("json");
        const QList<QStringList> commands { { QStringLiteral("status") }, { o, form, QStringLiteral("status") },
            { o, form, QStringLiteral("destroy"), fleet }, { QStringLiteral("plan"), QStringLiteral("--destroy"), fleet },
            { QStringLiteral("plan"), fleet }, { o, form, QStringLiteral("apply"), fleet }, { QStringLiteral("preflight"), fleet },
            { o, form, QStringLiteral("matrix") } };
        for (const QStringList &command : commands) {
            const Outcome outcome = ctl(command);
            const QByteArray told = command.join(u' ').toUtf8() + ": " + outcome.out + outcome.err;
            QVERIFY2(outcome.exitCode == exitCode || (command.last() == u"matrix" && outcome.exitCode == std::max(1, exitCode)), told);
            for (const char *lie : { "Nothing is to do", "There is no mesh yet", "\"complete\": true", "\"health\": \"ok\",\n    \"shares",
                     "no mesh manages" })
                QVERIFY2(!outcome.out.contains(lie), told);
            QVERIFY2((outcome.out + outcome.err).contains(says), told);
            QVERIFY2(m_api.applied.isEmpty(), told);
        }
    }

    void aRefusedKeyIsToldBesideWhatAnswers()
    {
        startCloud([](Exchange &exchange) { exchange.reply(400, R"({"Code":"SignatureDoesNotMatch","Message":"no"})"); });
        const Outcome outcome = ctl({ QStringLiteral("-o"), QStringLiteral("json"), QStringLiteral("status") });
        QCOMPARE(outcome.exitCode, 3);
        QCOMPARE(condition(outcome.json[u"clusters"][0].toObject(), "Reachable")[u"health"].toString(), QStringLiteral("ok"));
        QVERIFY2(outcome.json[u"account"][0][u"evidence"].toString().contains(QStringLiteral("SignatureDoesNotMatch")), outcome.out);
        QCOMPARE(outcome.json[u"errors"][0][u"kind"].toString(), QStringLiteral("unauthorized"));
    }

    void oneClusterThatDoesNotAnswer()
    {
        QFile config(path("kubeconfig.yaml"));
        QVERIFY(config.open(QIODevice::ReadOnly));
        QTcpServer closed; // bound and never answering would be slow: it is closed before it is asked
        QVERIFY(closed.listen(QHostAddress::LocalHost));
        const QByteArray port = QByteArray::number(closed.serverPort());
        closed.close();
        write("gone.yaml", config.readAll().replace(m_server->url().toEncoded(), "https://127.0.0.1:" + port));
        write("env.yaml",
            "apiVersion: catamaran.io/v1\nkind: Environment\nmetadata: { name: case }\nspec:\n  clusters:\n  - { name: cluster-1, kubeconfig: kubeconfig.yaml }\n  - { name: cluster-2, kubeconfig: gone.yaml }\n");
        const Outcome outcome = ctl({ QStringLiteral("-o"), QStringLiteral("json"), QStringLiteral("status") });
        QCOMPARE(outcome.exitCode, 3); // as plan and apply, which need both
        QCOMPARE(condition(outcome.json[u"clusters"][0].toObject(), "Reachable")[u"health"].toString(), QStringLiteral("ok"));
        QCOMPARE(condition(outcome.json[u"clusters"][1].toObject(), "Reachable")[u"health"].toString(), QStringLiteral("failed"));
    }

    /// Whatever looks says of a cluster that was not heard that it was not.
    void everyCommandSaysWhatItCouldNotRead_data()
    {
        QTest::addColumn<bool>("answers"); // the API server, but for a refusal of everything
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<QByteArray>("never"); // it would be said of what was read
        const auto rows = [](const char *name, bool answers) {
            const auto row = [&](const char *what, const QStringList &command, const char *never) {
                QTest::newRow(qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(name), QLatin1String(what))))
                    << answers << command << QByteArray(never);
            };
            row("findings", { QStringLiteral("findings") }, "Nothing was found");
            row("failover", { QStringLiteral("failover") }, "No service of the mesh was found");
            row("adopt", { QStringLiteral("adopt") }, "kind: Fleet");
            row("drift", { QStringLiteral("drift"), QStringLiteral("sleep.yaml") }, "is what its document says");
            row("status", { QStringLiteral("status") }, "c answers");
            row("check", { QStringLiteral("check"), QStringLiteral("check.yaml") }, "holds  ");
        };
        rows("no answer", false);
        rows("all refused", true);
    }
    void everyCommandSaysWhatItCouldNotRead()
    {
        QFETCH(bool, answers);
        QFETCH(QStringList, command);
        QFETCH(QByteArray, never);
        m_api.isForbidden = [](const QByteArray &path) { return !path.endsWith("/selfsubjectaccessreviews"); };
        if (!answers)
            m_server.reset();
        if (command.size() > 1)
            command[1] = m_home.filePath(command[1]);
        const Outcome told = ctl(command);
        QVERIFY2(told.exitCode == 3 || told.exitCode == 1, told.out + told.err);
        QVERIFY2(!told.out.contains(never) && !told.out.contains("no address yet"), told.out.constData());
        QVERIFY2((told.out + told.err).contains("cluster-1") || told.err.contains("https://127.0.0.1:"), told.out + told.err);
    }

    void anAccountHasConditionsOfItsOwn()
    {
        startCloud([](Exchange &exchange) { exchange.reply(403, R"({"Code":"Forbidden.RAM","Message":"no"})"); });
        const Outcome outcome = ctl({ QStringLiteral("status"), QStringLiteral("-o"), QStringLiteral("json") });
        QCOMPARE(outcome.json[u"health"].toString(), QStringLiteral("failed"));
        QVERIFY(outcome.json[u"shares_root"].isNull());
        QCOMPARE(outcome.json[u"roots"].toString(), QStringLiteral("Which meshes there are is unknown: they could not be listed."));
        const QJsonArray account = outcome.json[u"account"].toArray();
        QCOMPARE(account.size(), 3);
        QCOMPARE(account[0][u"type"].toString(), QStringLiteral("Account"));
        QCOMPARE(account[0][u"source"].toString(), QStringLiteral("DescribeServiceMeshes"));
        QCOMPARE(account[0][u"health"].toString(), QStringLiteral("failed"));
        QCOMPARE(account[1][u"source"].toString(), QStringLiteral("DescribeClustersV1"));
        // The cluster is as well as before.
        QCOMPARE(condition(outcome.json[u"clusters"][0].toObject(), "Reachable")[u"health"].toString(), QStringLiteral("ok"));
    }

    void anAccountWithoutAnythingIsWell()
    {
        startCloud(R"({"ServiceMeshes":[]})", R"({"clusters":[],"page_info":{"total_count":0}})");
        const Outcome outcome = ctl({ QStringLiteral("status") });
        QVERIFY2(outcome.exitCode == 0 && outcome.out.contains("There is no mesh yet."), outcome.out + outcome.err);
        const Outcome nothing = ctl({ QStringLiteral("destroy"), path("mesh.yaml") });
        QVERIFY2(nothing.exitCode == 0 && nothing.out.contains("Nothing is to do"), nothing.out + nothing.err);
    }

    void anAccountWhoseListBreaksOffIsNotTaken()
    {
        startCloud(R"({"ServiceMeshes":[]})", R"({"clusters":[],"page_info":{"total_count":70}})");
        const Outcome outcome = ctl({ QStringLiteral("status") });
        QVERIFY2(outcome.exitCode == 1 && outcome.out.contains("0 of 70 clusters"), outcome.out + outcome.err);
    }

    void aMeshThatDoesNotTellItsMembersIsNotTakenApart()
    {
        // Its list is allowed, what is in it is not: nothing may be concluded of members, networks and root.
        startCloud(
            R"({"ServiceMeshes":[{"ServiceMeshInfo":{"ServiceMeshId":"m1","Name":"mesh-1","State":"running","Version":"v1.22.6.71-g7d67a80b-aliyun"}}]})",
            R"({"clusters":[],"page_info":{"total_count":0}})");
        for (const char *command : { "plan", "apply", "destroy" }) {
            const Outcome outcome = ctl({ QLatin1String(command), path("mesh.yaml") });
            QVERIFY2(
                outcome.exitCode == 1 && outcome.err.contains("Could not list the clusters of a mesh (m1)"), outcome.out + outcome.err);
        }
        const Outcome outcome = ctl({ QStringLiteral("status") });
        QVERIFY2(outcome.exitCode == 1 && outcome.out.contains("mesh-1: the account says that it runs"), outcome.out + outcome.err);
    }

    void rightsInOneNamespaceOnly_data()
    {
        QTest::addColumn<QByteArray>("allowed"); // what may be read of /…/namespaces/sample
        QTest::addColumn<bool>("canPlan");
        QTest::newRow("the namespace and what is in it") << QByteArray("namespaces/sample") << true;
        QTest::newRow("only what is in it") << QByteArray("namespaces/sample/") << true;
        QTest::newRow("single objects, no lists") << QByteArray("/sleep") << true;
        QTest::newRow("only services") << QByteArray("namespaces/sample/services") << false;
    }
    void rightsInOneNamespaceOnly()
    {
        QFETCH(QByteArray, allowed);
        QFETCH(bool, canPlan);
        m_api.namespaces.append(json(R"({"metadata":{"name":"sample"}})"));
        m_api.isForbidden = [allowed](const QByteArray &path) {
            return path != "/version" && !path.endsWith("/selfsubjectaccessreviews") && !path.contains(allowed);
        };
        const QString fleet = path("sleep.yaml");
        Outcome outcome = ctl({ QStringLiteral("-o"), QStringLiteral("json"), QStringLiteral("status"), QStringLiteral("--namespace"),
            QStringLiteral("sample") });
        const QJsonObject cluster = outcome.json[u"clusters"][0].toObject();
        QVERIFY(cluster[u"reachable"].toBool());
        QCOMPARE(condition(cluster, "Reachable")[u"health"].toString(), QStringLiteral("ok"));
        QVERIFY2(condition(cluster, "Access")[u"reason"].toString().contains(QStringLiteral("list pods in all namespaces")), outcome.out);
        QVERIFY2(!(outcome.out + outcome.err).contains("cannot be reached"), outcome.out);
        QCOMPARE(outcome.exitCode, allowed.startsWith("namespaces/sample") && canPlan ? 0 : 1);
        outcome = ctl({ QStringLiteral("preflight"), fleet });
        QVERIFY2(outcome.exitCode == (canPlan ? 0 : 1), outcome.out + outcome.err);
        outcome = ctl({ QStringLiteral("-o"), QStringLiteral("json"), QStringLiteral("plan"), fleet });
        QVERIFY2(outcome.exitCode == (canPlan ? 0 : 1), outcome.out + outcome.err);
        if (canPlan)
            QCOMPARE(outcome.json[u"steps"].toArray().size(), 3); // sleep's three objects; the namespace is there
        else
            QVERIFY2(
                outcome.json[u"error"][u"text"].toString().contains(QStringLiteral("list deployments in namespace sample")), outcome.out);
        QVERIFY(m_api.asked.contains("GET /apis/apps/v1/namespaces/sample/deployments"));
    }

    void anEditorOfOneNamespaceOfTheRange()
    {
        using catamaran::tests::LabProcess;
        if (LabProcess::program().isEmpty())
            QSKIP("there is no catamaran-lab");
        LabProcess lab;
        QVERIFY2(lab.start(), qPrintable(lab.errorText()));
        const QStringList kubectl { QStringLiteral("--kubeconfig"), lab.kubeconfig(1) };
        const auto made = lab.run(QStringLiteral("kubectl"),
            kubectl + QStringList { QStringLiteral("create"), QStringLiteral("namespace"), QStringLiteral("sample") });
        QVERIFY2(made.ok(), made.standardError);
        QFile config(lab.kubeconfig(1));
        QVERIFY(config.open(QIODevice::ReadOnly));
        QByteArray text = config.readAll();
        QVERIFY(text.contains("  user:\n"));
        write("kubeconfig.yaml", text.replace("  user:\n", "  user:\n    as: editor\n    as-groups: [\"range:sample-editors\"]\n"));
        const auto sleepThere = [&] {
            return lab
                .run(QStringLiteral("kubectl"),
                    kubectl
                        + QStringList { QStringLiteral("-n"), QStringLiteral("sample"), QStringLiteral("get"),
                            QStringLiteral("deployment/sleep") })
                .ok();
        };
        const QString fleet = path("sleep.yaml");
        Outcome outcome = ctl({ QStringLiteral("apply"), fleet });
        QVERIFY2(outcome.exitCode == 0, outcome.err);
        QVERIFY(sleepThere());
        outcome = ctl({ QStringLiteral("status"), QStringLiteral("--namespace"), QStringLiteral("sample") });
        QVERIFY2(outcome.exitCode == 0 && outcome.out.contains("sample/sleep: 1 of 1 ready")
                && outcome.out.contains("cluster-1 lets us see single namespaces only: sample"),
            outcome.out);
        // Nothing is said of a namespace that may not be read.
        outcome = ctl({ QStringLiteral("status"), QStringLiteral("--namespace"), QStringLiteral("default") });
        QVERIFY2(outcome.exitCode == 1 && outcome.out.contains("list deployments.apps in namespace default"), outcome.out);
        outcome = ctl({ QStringLiteral("destroy"), fleet });
        QVERIFY2(outcome.exitCode == 0, outcome.err);
        QVERIFY(!sleepThere());
    }

    void theGatewayIsTheNetworksOwn()
    {
        m_api.services = {
            json(
                R"({"metadata":{"name":"istio-ingressgateway","namespace":"istio-system","labels":{"istio":"ingressgateway"}},"spec":{"type":"LoadBalancer","ports":[{"port":15443}]},"status":{"loadBalancer":{"ingress":[{"ip":"203.0.113.10"}]}}})"),
            json(
                R"({"metadata":{"name":"istio-eastwestgateway","namespace":"istio-system","labels":{"istio":"eastwestgateway","topology.istio.io/network":"network1"}},"spec":{"type":"LoadBalancer","ports":[{"port":15443}]},"status":{"loadBalancer":{}}})")
        };
        const Outcome outcome = ctl({ QStringLiteral("status") });
        QVERIFY2(outcome.out.contains("pending") && !outcome.out.contains("203.0.113.10"), outcome.out);
    }

    void disabledWinsOverARevision()
    {
        m_api.namespaces = { json(R"({"metadata":{"name":"default","labels":{"istio-injection":"disabled","istio.io/rev":"1-22"}}})") };
        const Outcome outcome = ctl({ QStringLiteral("-o"), QStringLiteral("json"), QStringLiteral("status") });
        QVERIFY2(outcome.json[u"clusters"][0][u"injected_namespaces"].isArray()
                && outcome.json[u"clusters"][0][u"injected_namespaces"].toArray().isEmpty(),
            outcome.out);
    }

    void aRefusedPodIsSaidWhileWaitingAndAtTheEnd()
    {
        m_api.deploymentStatus = json(
            R"({"observedGeneration":1,"unavailableReplicas":1,"conditions":[{"type":"ReplicaFailure","status":"True","reason":"FailedCreate","message":"pods sleep-1 is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2"}]})");
        QElapsedTimer clock;
        clock.start();
        const Outcome outcome = ctl({ QStringLiteral("-o"), QStringLiteral("json"), QStringLiteral("apply"), path("sleep.yaml") });
        QVERIFY2(outcome.exitCode == 1 && clock.elapsed() < 100000, outcome.err);
        QVERIFY2(outcome.err.contains("0 of 1 pods ready; no pod can be made: the namespace's quota does not allow it"), outcome.err);
        QVERIFY2(outcome.json[u"error"][u"answer"].toString().contains(QStringLiteral("limited: pods=2")), outcome.out);
        // The command in it is for the very cluster and namespace: it runs as it is printed.
        const QString remedy = outcome.json[u"error"][u"remedy"].toString(),
                      command = remedy.mid(remedy.indexOf(QStringLiteral("kubectl ")));
        QVERIFY2(command.startsWith(QStringLiteral("kubectl --kubeconfig ")) && command.contains(QStringLiteral(" --context="))
                && command.endsWith(QStringLiteral(" describe quota")) && command.contains(QStringLiteral(" -n ")),
            outcome.out);
    }

    void podsThatMayNotBeReadAreNoErrorOfTheWait()
    {
        m_api.isForbidden
            = [](const QByteArray &path) { return path.endsWith("/pods") || path.endsWith("/events") || path.endsWith("/replicasets"); };
        m_api.deploymentStatus = json(R"({"observedGeneration":1,"unavailableReplicas":1})");
        QProcess process;
        prepare(process);
        process.start(catamaran::tests::program(QStringLiteral("catamaranctl")),
            common() + QStringList { QStringLiteral("apply"), path("sleep.yaml") });
        QByteArray said;
        QTRY_VERIFY2_WITH_TIMEOUT(
            (said += process.readAllStandardError()).contains("0 of 1 pods ready; what keeps them cannot be read: User \"dev\""), said,
            60000);
        process.terminate(); // it waits on: they may come up all the same
        QVERIFY(QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000));
        QCOMPARE(process.exitCode(), 4);
    }
};

QTEST_GUILESS_MAIN(UnheardTest)
#include "tst_unheard.moc"
