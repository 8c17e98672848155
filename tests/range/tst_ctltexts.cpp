// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"
#include "support/actingletters.h"
#include "support/paths.h"
#include "support/scriptedserver.h"

#include <QCryptographicHash>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace catamaran;
using test::actingLetters;
using test::Exchange;
using test::ScriptedServer;

namespace {

/// What clears a screen, sets a title, turns letters around, and pretends to be a line of ours.
QString hostile()
{
    return QStringLiteral(
        "x\x1b[2J\x1b]0;owned\x07\b\x7f\u009b31m\u009d0;t\u202eyllew\u2066 \u2028\u200b\ufeff\r\nFORGED all is well\n\t<b>y</b>=1+1");
}

QByteArray json(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray frame(const QByteArray &payload)
{
    QByteArray head("\x82", 1);
    if (payload.size() < 126)
        return head + char(payload.size()) + payload;
    return head + char(126) + char(payload.size() >> 8) + char(payload.size() & 0xff) + payload;
}

QJsonObject metadata(const QString &name)
{
    return { { QStringLiteral("name"), name }, { QStringLiteral("namespace"), QStringLiteral("default") },
        { QStringLiteral("uid"), hostile() }, { QStringLiteral("resourceVersion"), QStringLiteral("7") },
        { QStringLiteral("labels"), QJsonObject { { QStringLiteral("app"), hostile() }, { QStringLiteral("version"), hostile() } } } };
}

/// An API server and a cloud that mean no good: every text of theirs is hostile.
struct Enemy {
    bool refuses = false;

    void answer(Exchange &e) const
    {
        const QByteArray path = e.path();
        if (!path.startsWith("/api") && path != "/version") {
            e.reply(400,
                json({ { QStringLiteral("Code"), hostile() }, { QStringLiteral("Message"), hostile() },
                    { QStringLiteral("RequestId"), hostile() } }));
            return;
        }
        if (refuses) {
            e.reply(403,
                json({ { QStringLiteral("kind"), QStringLiteral("Status") }, { QStringLiteral("status"), QStringLiteral("Failure") },
                    { QStringLiteral("code"), 403 }, { QStringLiteral("reason"), QStringLiteral("Forbidden") },
                    { QStringLiteral("message"), hostile() } }));
            return;
        }
        if (path == "/version") {
            e.reply(200,
                json({ { QStringLiteral("major"), QStringLiteral("1") }, { QStringLiteral("minor"), QStringLiteral("30") },
                    { QStringLiteral("gitVersion"), QString(QStringLiteral("v1.30.1") + hostile()) } }));
        } else if (path.endsWith("/exec")) {
            const QByteArray accept
                = QCryptographicHash::hash(e.header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", QCryptographicHash::Sha1)
                      .toBase64();
            e.raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept
                + "\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n");
            e.raw(frame("\x01" + hostile().toUtf8()) + frame("\x02" + hostile().toUtf8())
                + frame("\x03"
                    + json({ { QStringLiteral("status"), QStringLiteral("Failure") }, { QStringLiteral("reason"), hostile() },
                        { QStringLiteral("message"), hostile() } }))
                + QByteArray("\x88\x02\x03\xe8", 4));
        } else if (path.contains("selfsubject")) {
            e.reply(201,
                json({ { QStringLiteral("status"),
                    QJsonObject { { QStringLiteral("allowed"), !path.contains("nothing") }, { QStringLiteral("reason"), hostile() } } } }));
        } else if (e.method == "GET") {
            const bool one
                = path.contains("/deployments/") || path.contains("/namespaces/default/services/") || path.endsWith("/namespaces/default");
            e.reply(200,
                json(one ? object()
                         : QJsonObject { { QStringLiteral("kind"), QStringLiteral("List") },
                             { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("resourceVersion"), QStringLiteral("7") } } },
                             { QStringLiteral("items"), QJsonArray { object(), object(hostile()) } } }));
        } else {
            e.reply(422,
                json({ { QStringLiteral("kind"), QStringLiteral("Status") }, { QStringLiteral("code"), 422 },
                    { QStringLiteral("reason"), hostile() }, { QStringLiteral("message"), hostile() },
                    { QStringLiteral("details"),
                        QJsonObject { { QStringLiteral("causes"),
                            QJsonArray { QJsonObject {
                                { QStringLiteral("field"), hostile() }, { QStringLiteral("message"), hostile() } } } } } } }));
        }
    }

    /// Fits where a pod, a deployment, a node or a service is expected.
    static QJsonObject object(const QString &name = QStringLiteral("sleep"))
    {
        const QString said = hostile();
        const QJsonArray conditions { QJsonObject { { QStringLiteral("type"), QStringLiteral("Ready") },
            { QStringLiteral("status"), QStringLiteral("True") }, { QStringLiteral("reason"), said },
            { QStringLiteral("message"), said } } };
        return { { QStringLiteral("metadata"), metadata(name) },
            { QStringLiteral("spec"),
                QJsonObject { { QStringLiteral("replicas"), 1 }, { QStringLiteral("nodeName"), said }, { QStringLiteral("podCIDR"), said },
                    { QStringLiteral("providerID"), said },
                    { QStringLiteral("containers"),
                        QJsonArray {
                            QJsonObject { { QStringLiteral("name"), QStringLiteral("sleep") }, { QStringLiteral("image"), said } } } } } },
            { QStringLiteral("status"),
                QJsonObject { { QStringLiteral("replicas"), 1 }, { QStringLiteral("readyReplicas"), 1 },
                    { QStringLiteral("phase"), QStringLiteral("Running") }, { QStringLiteral("reason"), said },
                    { QStringLiteral("message"), said }, { QStringLiteral("conditions"), conditions } } } };
    }
};

struct Outcome {
    int code = -1;
    QByteArray out, err;
};

} // namespace

/// Whatever an API server, a cloud, a file or the history says, no control character of it reaches the terminal, and none
/// of it makes a line of its own there.
class CtlTextsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void nothingThatActsLeaves_data();
    void nothingThatActsLeaves();

private:
    QTemporaryDir m_home;
    Enemy m_enemy;
    std::unique_ptr<ScriptedServer> m_server;

    [[nodiscard]] QString path(const QString &name) const { return m_home.filePath(name); }
    void write(const QString &name, const QByteArray &bytes) const;
    Outcome run(const QStringList &arguments);
};

void CtlTextsTest::write(const QString &name, const QByteArray &bytes) const
{
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(name));
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
}

void CtlTextsTest::initTestCase()
{
    if (tests::program(QStringLiteral("catamaranctl")).isEmpty())
        QSKIP("catamaranctl has not been built");
    m_server = std::make_unique<ScriptedServer>([this](Exchange &e) { m_enemy.answer(e); }, ScriptedServer::Mode::Tls);
    const QByteArray url = m_server->url().toString(QUrl::RemovePath).toUtf8();
    write(QStringLiteral("ca.pem"), m_server->authorityPem());
    write(QStringLiteral("secret"), "key");
    for (const char *cluster : { "cluster-1", "cluster-2" }) {
        write(QLatin1String(cluster) + QStringLiteral(".kubeconfig"),
            QByteArray("apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters:\n- name: c\n  cluster:\n    server: ") + url
                + "\n    certificate-authority: ca.pem\n"
                  "users:\n- name: c\n  user:\n    token: t\ncontexts:\n- name: c\n  context: {cluster: c, user: c}\n");
    }
    const QByteArray cloud
        = "  alibabaCloud:\n    accessKeyId: id\n    accessKeySecret:\n      file: secret\n    regions: [cn-hangzhou]\n    endpoints:\n      servicemesh: "
        + url + "\n      cs: " + url + "\n      ca: ca.pem\n";
    const QByteArray clusters
        = "  clusters:\n    - {name: cluster-1, cloudId: c-1, region: cn-hangzhou, kubeconfig: cluster-1.kubeconfig}\n    - {name: cluster-2, cloudId: c-2, region: cn-hangzhou, kubeconfig: cluster-2.kubeconfig}\n";
    const QByteArray head = "apiVersion: catamaran.io/v1\nkind: Environment\nmetadata:\n  name: ";
    write(QStringLiteral("cloud.yaml"), head + "hostile\nspec:\n" + cloud + clusters);
    write(QStringLiteral("plain.yaml"), head + "hostile\nspec:\n" + clusters);
    const QByteArray quoted = QJsonDocument(QJsonArray { hostile() }).toJson(QJsonDocument::Compact).chopped(1).mid(1);
    write(QStringLiteral("bad.yaml"), head + quoted + "\nspec:\n  " + quoted + ": 1\n" + clusters);
    write(QStringLiteral("fleet.yaml"),
        "apiVersion: catamaran.io/v1\nkind: Fleet\nmetadata:\n  name: " + quoted + "\nspec:\n  " + quoted + ": " + quoted
            + "\n  clusters: [{name: " + quoted + "}]\n");
    write(QStringLiteral("drill.yaml"),
        "apiVersion: catamaran.io/v1\nkind: Drill\nmetadata:\n  name: " + quoted + "\nspec:\n  title: " + quoted + "\n  " + quoted
            + ": 1\n");

    const QJsonObject said { { QStringLiteral("drill"), hostile() }, { QStringLiteral("title"), hostile() },
        { QStringLiteral("hypothesis"), hostile() }, { QStringLiteral("reason"), hostile() },
        { QStringLiteral("verdict"), QStringLiteral("fail") }, { QStringLiteral("environment"), hostile() },
        { QStringLiteral("source"), hostile() }, { QStringLiteral("url"), hostile() },
        { QStringLiteral("restore_proof"), QJsonArray { hostile() } }, { QStringLiteral("requests"), 1 }, { QStringLiteral("ok"), 1 },
        { QStringLiteral("versions"), QJsonObject { { hostile(), 1 } } },
        { QStringLiteral("phases"),
            QJsonArray { QJsonObject { { QStringLiteral("phase"), QStringLiteral("fault") }, { QStringLiteral("at_ms"), 1 },
                { QStringLiteral("note"), hostile() } } } },
        { QStringLiteral("samples"),
            QJsonArray { QJsonObject { { QStringLiteral("http_code"), 200 }, { QStringLiteral("version"), hostile() },
                { QStringLiteral("raw"), hostile() } } } } };
    write(QStringLiteral("result.json"), json(said));
    const auto database = store::Database::open(path(QStringLiteral("c.db")));
    QVERIFY(database.has_value());
    QVERIFY((*database)
                ->save({ 0, QDateTime::currentDateTimeUtc(), QStringLiteral("drill"), QStringLiteral("hostile"), hostile(), said })
                .has_value());
    const QJsonObject actions { { QStringLiteral("restore"),
        QJsonArray { QJsonObject { { QStringLiteral("kind"), hostile() }, { QStringLiteral("cluster"), hostile() } } } } };
    QVERIFY(
        (*database)
            ->run(QStringLiteral("keep a restore"),
                QStringLiteral(
                    "INSERT INTO execution (uid, at, environment, purpose, name, plan, undoes, state, host, boot, pid, started, heartbeat, ended) "
                    "VALUES ('u', 1, 'hostile', 'drill', ?, ?, 0, 'undo-due', '', '', 0, 0, 0, 1)"),
                { hostile(), QString::fromUtf8(json(actions)) })
            .has_value());
}

Outcome CtlTextsTest::run(const QStringList &arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_DATA_HOME"), m_home.path());
    environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
    environment.remove(QStringLiteral("CATAMARAN_ENV"));
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(m_home.path());
    process.start(tests::program(QStringLiteral("catamaranctl")),
        QStringList { QStringLiteral("--database"), path(QStringLiteral("c.db")) } + arguments);
    // The server lives on this thread: its events go on meanwhile.
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000)) {
        process.kill();
        process.waitForFinished(60000);
        return { -1, "(did not end in time)", {} };
    }
    return { process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
        process.readAllStandardError() };
}

void CtlTextsTest::nothingThatActsLeaves_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<bool>("refuses");
    const QString fleet = tests::sourceFile(QStringLiteral("resources/fleets/two-meshes.yaml")),
                  plainFleet = tests::sourceFile(QStringLiteral("resources/fleets/plain-clusters.yaml"));
    const QString words = hostile();
    const auto row = [](const char *name, const QString &environment, const QStringList &arguments) {
        const QStringList all = environment.isEmpty() ? arguments : QStringList { QStringLiteral("--env"), environment } + arguments;
        QTest::addRow("%s, answered", name) << all << false;
        QTest::addRow("%s, refused", name) << all << true;
    };
    const QString cloud = QStringLiteral("cloud.yaml"), plain = QStringLiteral("plain.yaml");
    for (const QString &environment : { cloud, plain }) {
        const auto both = [&](const char *name, const QStringList &arguments) {
            row(qPrintable(QLatin1String(name) + u' ' + environment.section(u'.', 0, 0)), environment, arguments);
        };
        both("status", { QStringLiteral("status"), QStringLiteral("--namespace"), QStringLiteral("default") });
        both("preflight", { QStringLiteral("preflight"), fleet });
        both("plan", { QStringLiteral("plan"), environment == cloud ? fleet : plainFleet });
        both("plan of taking away", { QStringLiteral("plan"), QStringLiteral("--destroy"), fleet });
        both("apply", { QStringLiteral("apply"), QStringLiteral("--yes"), environment == cloud ? fleet : plainFleet });
        both("destroy", { QStringLiteral("destroy"), QStringLiteral("--yes"), fleet });
        both("move-client",
            { QStringLiteral("move-client"), QStringLiteral("cluster-1"), QStringLiteral("cluster-2"), QStringLiteral("--yes") });
        both("verify",
            { QStringLiteral("verify"), QStringLiteral("--from"), QStringLiteral("cluster-1/default/sleep"), QStringLiteral("--count"),
                QStringLiteral("2") });
        both("verify at an address",
            { QStringLiteral("verify"), QStringLiteral("--cluster-address"), QStringLiteral("--from"),
                QStringLiteral("cluster-1/default/sleep"), QStringLiteral("--count"), QStringLiteral("2") });
        both("matrix", { QStringLiteral("matrix"), QStringLiteral("--count"), QStringLiteral("2") });
        both("drill run",
            { QStringLiteral("drill"), QStringLiteral("run"), QStringLiteral("workload-failover"), QStringLiteral("--yes"),
                QStringLiteral("--report"), QStringLiteral("run.html") });
        both("drill restore", { QStringLiteral("drill"), QStringLiteral("restore") });
        both("findings", { QStringLiteral("findings") });
        both("failover", { QStringLiteral("failover") });
        both("adopt", { QStringLiteral("adopt") });
        both("adopt by a name", { QStringLiteral("adopt"), QStringLiteral("--name"), words });
        both("drift", { QStringLiteral("drift"), environment == cloud ? fleet : plainFleet });
        both("undo", { QStringLiteral("undo"), QStringLiteral("1") });
    }
    row("history", plain, { QStringLiteral("history") });
    row("history of one", plain, { QStringLiteral("history"), QStringLiteral("1") });
    row("undo of what was never done", plain, { QStringLiteral("undo"), words });
    row("drill list", plain, { QStringLiteral("drill"), QStringLiteral("list") });
    row("drill show of a template", plain, { QStringLiteral("drill"), QStringLiteral("show"), QStringLiteral("lose-gateway") });
    row("drill show", plain, { QStringLiteral("drill"), QStringLiteral("show"), QStringLiteral("drill.yaml") });
    row("drill compare", plain, { QStringLiteral("drill"), QStringLiteral("compare"), QStringLiteral("1"), QStringLiteral("1") });
    row("drill history", plain, { QStringLiteral("drill"), QStringLiteral("history") });
    row("drill report", plain, { QStringLiteral("drill"), QStringLiteral("report") });
    row("drill report in a file", plain,
        { QStringLiteral("drill"), QStringLiteral("report"), QStringLiteral("--report"), QStringLiteral("drill.html") });
    row("a drill document", plain, { QStringLiteral("drill"), QStringLiteral("run"), QStringLiteral("drill.yaml") });
    row("a fleet document", plain, { QStringLiteral("plan"), QStringLiteral("fleet.yaml") });
    row("an environment", QStringLiteral("bad.yaml"), { QStringLiteral("status") });
    row("report", {},
        { QStringLiteral("report"), QStringLiteral("--out"), QStringLiteral("report.html"), QStringLiteral("--verify"),
            QStringLiteral("result.json"), QStringLiteral("--drill"), QStringLiteral("result.json") });
    row("words of the command line", plain, { words });
    row("an option", plain, { QStringLiteral("status"), QStringLiteral("--") + words });
    row("a form", plain, { QStringLiteral("-o"), words, QStringLiteral("status") });
    row("a source", plain, { QStringLiteral("verify"), QStringLiteral("--from"), words });
    row("an address", plain,
        { QStringLiteral("verify"), QStringLiteral("--from"), QStringLiteral("cluster-1/default/sleep"), QStringLiteral("--url"), words });
    row("a file that is not there", words, { QStringLiteral("status") });
    row("a drill that is not there", plain, { QStringLiteral("drill"), QStringLiteral("run"), words });
}

void CtlTextsTest::nothingThatActsLeaves()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const bool, refuses);
    m_enemy.refuses = refuses;
    for (const QString &form : { QStringLiteral("text"), QStringLiteral("json") }) {
        const Outcome ended = run(QStringList { QStringLiteral("-o"), form } + arguments);
        QVERIFY2(ended.code >= 0 && ended.code <= 4, (ended.out + ended.err).constData());
        QVERIFY2(actingLetters(QString::fromUtf8(ended.out)).isEmpty(),
            qPrintable(form + QStringLiteral(" on stdout: ") + actingLetters(QString::fromUtf8(ended.out)) + u'\n'
                + QString::fromUtf8(ended.out)));
        QVERIFY2(actingLetters(QString::fromUtf8(ended.err)).isEmpty(),
            qPrintable(form + QStringLiteral(" on stderr: ") + actingLetters(QString::fromUtf8(ended.err)) + u'\n'
                + QString::fromUtf8(ended.err)));
        const QList<QByteArray> lines
            = (ended.out.startsWith("<!") ? ended.err : ended.out + '\n' + ended.err).split('\n'); // a page has no lines
        QVERIFY2(std::none_of(lines.cbegin(), lines.cend(), [](const QByteArray &line) { return line.startsWith("FORGED"); }),
            (ended.out + ended.err).constData());
        if (form == u"json" && !ended.out.isEmpty()) {
            QJsonParseError error;
            (void)QJsonDocument::fromJson(ended.out, &error);
            QVERIFY2(error.error == QJsonParseError::NoError, ended.out.constData());
        }
    }
    for (const char *written : { "run.html", "drill.html", "report.html" }) {
        QFile page(path(QLatin1String(written)));
        if (!page.open(QIODevice::ReadOnly))
            continue;
        const QByteArray html = page.readAll();
        QVERIFY2(actingLetters(QString::fromUtf8(html)).isEmpty(),
            qPrintable(QLatin1String(written) + QStringLiteral(": ") + actingLetters(QString::fromUtf8(html))));
        QVERIFY2(!html.contains("<b>y"), written);
        page.remove();
    }
}

QTEST_GUILESS_MAIN(CtlTextsTest)
#include "tst_ctltexts.moc"
