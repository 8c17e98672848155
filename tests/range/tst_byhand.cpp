// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/shellquoted.h"
#include "documents/fleetdocument.h"
#include "drill/runner.h"
#include "fleet/plans.h"
#include "fleet/sessionworld.h"
#include "kube/execplugin.h"
#include "support/paths.h"
#include "support/rangesession.h"
#include "ui/common/rights.h"
#include "ui/topology/describe.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>

using namespace catamaran;
using namespace catamaran::tests;

namespace {

const QString ns = QStringLiteral("handmade");
const QString east = QStringLiteral("east \"1\""), west = QStringLiteral("it's west"); ///< contexts

struct Ran {
    int code = -1;
    QByteArray out, err;
};

void write(const QString &path, const QByteArray &text, bool program = false)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("cannot write %s", qPrintable(path));
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | (program ? QFileDevice::ExeOwner : QFileDevice::Permission {}));
}

} // namespace

/// Every command by hand that is shown anywhere, run as it is printed: by a shell, with the real kubectl, in a folder that
/// has nothing to do with it, where KUBECONFIG and the current context point somewhere else. The cloud's own tool is a
/// stand-in that writes down what it was called with.
class ByHandTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();

    // One range for all, in this order: empty, then set up, then changed.
    void plansAreMadeAndUndone();
    void cloudCallsAreWhatThePlanSays();
    void rightsAreAsked();
    void aKubeconfigOfTheCloudIsFetchedFirst();
    void requestsAreSent();
    void whatTheMapShows();
    void drillsAndMoves();

private:
    Ran sh(const QString &command)
    {
        QProcess shell;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(
            QStringLiteral("PATH"), m_folder->filePath(QStringLiteral("bin")) + u':' + environment.value(QStringLiteral("PATH")));
        environment.insert(QStringLiteral("KUBECONFIG"), m_folder->filePath(QStringLiteral("decoy")));
        environment.insert(QStringLiteral("HOME"), m_folder->filePath(QStringLiteral("elsewhere")));
        shell.setProcessEnvironment(environment);
        shell.setWorkingDirectory(m_folder->filePath(QStringLiteral("elsewhere")));
        shell.start(QStringLiteral("sh"), { QStringLiteral("-c"), command });
        Ran ran;
        if (shell.waitForFinished(60000) && shell.exitStatus() == QProcess::NormalExit)
            ran.code = shell.exitCode();
        ran.out = shell.readAllStandardOutput();
        ran.err = shell.readAllStandardError();
        return ran;
    }
    void runs(const QString &command)
    {
        const Ran ran = sh(command);
        QVERIFY2(ran.code == 0, qPrintable(command + QStringLiteral("\n--> %1 ").arg(ran.code) + QString::fromUtf8(ran.err)));
    }
    /// As the range's own kubeconfigs say.
    bool exists(int cluster, const QString &what) const
    {
        return m_lab
            .run(QStringLiteral("kubectl"),
                { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(cluster), QStringLiteral("-n"), ns, QStringLiteral("get"), what })
            .ok();
    }
    QByteArray replicas(int cluster, const QString &deployment) const
    {
        return m_lab
            .run(QStringLiteral("kubectl"),
                { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(cluster), QStringLiteral("-n"), ns, QStringLiteral("get"),
                    QStringLiteral("deploy/") + deployment, QStringLiteral("-o"), QStringLiteral("jsonpath={.spec.replicas}") })
            .standardOutput;
    }
    /// The calls that the stand-in for the cloud's tool got, each a list of words.
    QList<QStringList> cloudCalls() const
    {
        QFile log(m_folder->filePath(QStringLiteral("calls")));
        QList<QStringList> calls;
        if (!log.open(QIODevice::ReadOnly))
            return calls;
        for (const QByteArray &call : log.readAll().split('\1')) {
            QStringList words = QString::fromUtf8(call).split(QChar(u'\2'));
            words.removeLast();
            if (!words.isEmpty())
                calls << words;
        }
        return calls;
    }
    static documents::FleetDocument sample()
    {
        documents::FleetDocument document = documents::loadFleet(sourceFile(QStringLiteral("resources/fleets/two-meshes.yaml"))).value();
        document.injectedNamespaces = QStringList { ns };
        for (documents::FleetWorkload &workload : document.workloads)
            workload.ns = ns;
        return document;
    }
    /// The connections of the range in two files: the contexts and clusters in one, the users in the other. The current
    /// context is the second one.
    documents::Environment ownEnvironment() const
    {
        auto environment = documents::loadEnvironment(m_lab.environmentFile()).value();
        QJsonArray clusters, users, contexts;
        const QStringList names { east, west };
        for (int i = 0; i < 2; ++i) {
            const auto seen = m_lab.run(QStringLiteral("kubectl"),
                { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(i + 1), QStringLiteral("config"), QStringLiteral("view"),
                    QStringLiteral("--raw"), QStringLiteral("--flatten"), QStringLiteral("-o"), QStringLiteral("json") });
            const QJsonObject config = QJsonDocument::fromJson(seen.standardOutput).object();
            const auto renamed = [&](const char *list) {
                QJsonObject entry = config[QLatin1String(list)][0].toObject();
                entry[u"name"] = QStringLiteral("#%1").arg(i);
                return entry;
            };
            clusters << renamed("clusters");
            users << renamed("users");
            contexts << QJsonObject { { QStringLiteral("name"), names[i] },
                { QStringLiteral("context"),
                    QJsonObject { { QStringLiteral("cluster"), QStringLiteral("#%1").arg(i) },
                        { QStringLiteral("user"), QStringLiteral("#%1").arg(i) } } } };
            environment.clusters[i].kubeconfigs
                = QStringList { m_folder->filePath(QStringLiteral("it's mine/one")), m_folder->filePath(QStringLiteral("it's mine/two")) };
            environment.clusters[i].context = i == 0 ? east : QString();
        }
        write(environment.clusters[0].kubeconfigs[0],
            QJsonDocument(QJsonObject { { QStringLiteral("clusters"), clusters }, { QStringLiteral("contexts"), contexts },
                              { QStringLiteral("current-context"), west } })
                .toJson());
        write(environment.clusters[0].kubeconfigs[1], QJsonDocument(QJsonObject { { QStringLiteral("users"), users } }).toJson());
        return environment;
    }
    void setUp()
    {
        if (m_isSetUp)
            return;
        m_isSetUp = true;
        const auto applied = applyFleet(sample(), *m_session, m_options);
        QVERIFY2(applied, applied ? "" : qPrintable(applied.error().text()));
    }

    /// The words of what @p plan does to @p fleet, in its order.
    QList<ops::DescribedStep> described(const core::Result<ops::Plan> &plan, const observe::ObservedFleet &fleet) const
    {
        if (!plan)
            qFatal("%s", qPrintable(plan.error().text()));
        return ops::describeSteps(*plan, fleet::operationKinds(), fleet::namesOf(*m_session, fleet));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<store::SecretStore> m_secrets;
    std::shared_ptr<session::Session> m_session;
    fleet::CarryOutOptions m_options;
    LabProcess m_lab;
    bool m_isSetUp = false;
};

void ByHandTest::initTestCase()
{
    if (LabProcess::program().isEmpty())
        QSKIP("catamaran-lab has not been built");
    if (QStandardPaths::findExecutable(QStringLiteral("kubectl")).isEmpty())
        QSKIP("there is no kubectl to run the commands with");
    m_folder = std::make_unique<QTemporaryDir>();
    for (const char *folder : { "bin", "elsewhere", "it's mine" })
        QVERIFY(QDir(m_folder->path()).mkdir(QLatin1String(folder)));
    write(m_folder->filePath(QStringLiteral("decoy")),
        "current-context: x\nclusters: [{name: x, cluster: {server: 'https://127.0.0.1:1'}}]\ncontexts: [{name: x, context: {cluster: x}}]\n");
    write(m_folder->filePath(QStringLiteral("bin/aliyun")),
        "#!/bin/sh\nfor word in \"$@\"; do printf '%s\\002' \"$word\"; done >>"
            + core::shellQuoted(m_folder->filePath(QStringLiteral("calls"))).toUtf8() + "\nprintf '\\001' >>"
            + core::shellQuoted(m_folder->filePath(QStringLiteral("calls"))).toUtf8()
            + "\n[ \"$2\" != DescribeServiceMeshes ] || echo '{\"ServiceMeshes\":[{\"ServiceMeshInfo\":{\"Name\":\"mesh-1\",\"ServiceMeshId\":\"id-1\"}},{\"ServiceMeshInfo\":{\"Name\":\"mesh-2\",\"ServiceMeshId\":\"id-2\"}}]}'\n"
              "[ \"$2\" != DescribeClusterUserKubeconfig ] || cat "
            + core::shellQuoted(m_folder->filePath(QStringLiteral("answer"))).toUtf8() + "\n",
        true);
    m_secrets = store::makeMemorySecretStore();
    m_options.purpose = QStringLiteral("apply");
    m_options.name = QStringLiteral("two-meshes");
    m_options.databaseFile = m_folder->filePath(QStringLiteral("catamaran.db"));
    QVERIFY2(
        m_lab.start({ QStringLiteral("--create-delay"), QStringLiteral("200"), QStringLiteral("--update-delay"), QStringLiteral("100") }),
        qPrintable(m_lab.errorText()));
    const auto session = waitFor(session::Session::open(ownEnvironment(), *m_secrets, {}));
    QVERIFY2(session, session ? "" : qPrintable(session.error().text()));
    m_session = *session;
}

void ByHandTest::cleanupTestCase()
{
    m_session.reset();
    m_lab.stop();
}

void ByHandTest::plansAreMadeAndUndone()
{
    const auto isForKubectl = [](const QString &command) { return command.contains(QStringLiteral("kubectl")); };
    const QStringList made { QStringLiteral("deploy/sleep"), QStringLiteral("deploy/helloworld-v1"), QStringLiteral("service/helloworld") };
    const auto before = *look(*m_session);
    QStringList undo;
    int forKubectl = 0;
    for (const ops::DescribedStep &step : described(fleet::applyPlan(sample(), before), before)) {
        if (!isForKubectl(step.words.command))
            continue;
        ++forKubectl;
        runs(step.words.command);
        undo.prepend(step.words.undo);
    }
    QVERIFY2(forKubectl > 5, qPrintable(QString::number(forKubectl))); // two namespaces, the objects of three workloads
    for (const QString &what : made)
        QVERIFY2(exists(1, what), qPrintable(what));
    QVERIFY(exists(2, QStringLiteral("deploy/helloworld-v2")) && !exists(2, QStringLiteral("deploy/helloworld-v1"))
        && !exists(1, QStringLiteral("deploy/helloworld-v2")));

    // Taken away, brought back and taken away again.
    const auto there = *look(*m_session);
    QStringList back;
    const QString first = QStringLiteral("# keep it first: ");
    for (const ops::DescribedStep &step : described(fleet::destroyPlan(sample(), there), there)) {
        QVERIFY2(isForKubectl(step.words.command), qPrintable(step.words.command)); // no mesh was made
        QVERIFY2(step.words.undo.startsWith(first), qPrintable(step.words.undo));
        runs(step.words.undo.section(u'\n', 0, 0).mid(first.size()));
        runs(step.words.command);
        back.prepend(step.words.undo.section(u'\n', 1));
    }
    QCOMPARE(back.size(), forKubectl);
    QVERIFY(!exists(1, made.first()) && !exists(1, QStringLiteral("namespace/") + ns) && !exists(2, QStringLiteral("namespace/") + ns));
    for (const QString &command : std::as_const(back))
        runs(command);
    QVERIFY(exists(1, made.first()) && exists(2, QStringLiteral("deploy/helloworld-v2")));
    for (const QString &command : std::as_const(undo))
        runs(command);
    QVERIFY(!exists(1, QStringLiteral("namespace/") + ns) && !exists(2, QStringLiteral("namespace/") + ns));
}

void ByHandTest::cloudCallsAreWhatThePlanSays()
{
    if (QStandardPaths::findExecutable(QStringLiteral("jq")).isEmpty()
        || QStandardPaths::findExecutable(QStringLiteral("openssl")).isEmpty())
        QSKIP("the commands need jq and openssl");
    const auto seen = *look(*m_session);
    int compared = 0;
    for (const ops::DescribedStep &one : described(fleet::applyPlan(sample(), seen), seen)) {
        const ops::Description &step = one.words;
        if (step.command.isEmpty() || step.calls.isEmpty()
            || (step.calls.first().system != u"asm" && !one.step.operation.kind.startsWith(QStringLiteral("trust."))))
            continue;
        QFile::remove(m_folder->filePath(QStringLiteral("calls")));
        runs(step.command);
        auto calls = cloudCalls();
        calls.removeIf([](const QStringList &words) {
            return words == QStringList { QStringLiteral("servicemesh"), QStringLiteral("DescribeServiceMeshes") };
        });
        QList<ops::Call> planned = step.calls;
        planned.removeIf(
            [](const ops::Call &call) { return call.system != u"asm" || call.method.endsWith(QStringLiteral("DescribeServiceMeshes")); });
        QCOMPARE(calls.size(), planned.size());
        for (qsizetype i = 0; i < planned.size(); ++i) {
            QStringList words { QStringLiteral("servicemesh"), planned[i].method.section(u' ', 1) };
            for (const QString &line : planned[i].body.split(u'\n', Qt::SkipEmptyParts)) {
                const QString key = line.section(u'=', 0, 0);
                QString value = line.section(u'=', 1);
                static const QRegularExpression placeholder(QStringLiteral("^ID-OF-MESH-mesh-(\\d)$"));
                value.replace(placeholder, QStringLiteral("id-\\1"));
                words << QStringLiteral("--") + key << value;
            }
            // Certificates and keys are read from the files that the commands before have made.
            QStringList &said = calls[i];
            for (qsizetype k = 0; k + 1 < words.size() && k + 1 < said.size(); ++k) {
                if (said[k] == words[k] && (words[k].startsWith(QStringLiteral("--Existing")) || words[k] == u"--CertChain")) {
                    QVERIFY2(QByteArray::fromBase64(said[k + 1].toLatin1()).startsWith("-----BEGIN "), qPrintable(said[k]));
                    words[k + 1] = said[k + 1];
                } else if (words[k] == u"--Tag.1.Value" && said[k] == words[k]) {
                    QCOMPARE(said[k + 1], QStringLiteral("by-hand")); // no execution makes it
                    words[k + 1] = said[k + 1];
                }
            }
            QCOMPARE(said, words);
            ++compared;
        }
        if (!step.undo.isEmpty())
            runs(step.undo);
    }
    QVERIFY2(compared >= 8, qPrintable(QString::number(compared)));
}

void ByHandTest::requestsAreSent()
{
    setUp();
    if (QTest::currentTestFailed())
        return;
    probe::RunSpec spec;
    spec.source = { QStringLiteral("cluster-1"), ns, QStringLiteral("sleep") };
    spec.url = QStringLiteral("http://helloworld:5000/hello");
    spec.count = 4;
    for (const bool keepAlive : { false, true }) {
        spec.keepAlive = keepAlive;
        spec.rate = keepAlive ? 0 : 50;
        const Ran ran = sh(spec.asKubectl(m_session->byHand(spec.source.cluster)));
        QVERIFY2(ran.code == 0, ran.err.constData());
        QCOMPARE(ran.out.count("Hello version: v"), 4);
    }
    spec.count = 3;
    const auto result = waitFor(probe::run(*m_session->cluster(spec.source.cluster), spec, {}));
    QVERIFY2(result, result ? "" : qPrintable(result.error().text()));
    spec.container = result->container; // the one that was chosen
    QCOMPARE(result->toJson()[u"command"].toString(), spec.asKubectl(m_session->byHand(spec.source.cluster)));
}

void ByHandTest::drillsAndMoves()
{
    setUp();
    if (QTest::currentTestFailed())
        return;
    drill::DrillDocument document;
    document.id = QStringLiteral("by-hand");
    document.probes.source = { QStringLiteral("cluster-1"), ns, QStringLiteral("sleep") };
    document.probes.url = QStringLiteral("http://helloworld:5000/hello");
    document.probes.rate = 20;
    document.steadyFor = document.stages.first().hold = std::chrono::milliseconds(500);
    document.faults = { { drill::findFaultKind(QStringLiteral("scale")),
                            { { QStringLiteral("cluster"), QStringLiteral("cluster-1") }, { QStringLiteral("namespace"), ns },
                                { QStringLiteral("deployment"), QStringLiteral("helloworld-v1") }, { QStringLiteral("replicas"), 0 } } },
        { drill::findFaultKind(QStringLiteral("moveClient")),
            { { QStringLiteral("namespace"), ns }, { QStringLiteral("from_cluster"), QStringLiteral("cluster-1") },
                { QStringLiteral("to_cluster"), QStringLiteral("cluster-2") } } } };
    const auto result = inSequence([&] { return drill::runDrill(document, *m_session, m_options.databaseFile, {}, {}, { true }); });
    QVERIFY2(result.restored && result.times.faultAtMs > 0, qPrintable(result.reason));

    // What the journal has of it does the same once more.
    const auto database = store::Database::open(m_options.databaseFile);
    QVERIFY(database);
    int ran = 0;
    auto activities = (*database)->activities(1000).value();
    std::sort(activities.begin(), activities.end(), [](const auto &a, const auto &b) { return a.id < b.id; });
    for (const store::Activity &activity : activities) {
        if (!activity.operation.startsWith(QStringLiteral("drill")))
            continue;
        runs(activity.command);
        ++ran;
    }
    QVERIFY2(ran >= 4, qPrintable(QString::number(ran))); // two scaled, and the client with its service
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), QByteArray("0"));
    QCOMPARE(replicas(1, QStringLiteral("sleep")), QByteArray("0"));
    QCOMPARE(replicas(2, QStringLiteral("sleep")), QByteArray("1"));

    // And the move by hand, there and back: to a client that stands there at nothing, and to where there is none.
    for (const auto &standing : { std::optional<int>(0), std::optional<int>() }) {
        if (!standing)
            QVERIFY(m_lab
                        .run(QStringLiteral("kubectl"),
                            { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(1), QStringLiteral("-n"), ns, QStringLiteral("delete"),
                                QStringLiteral("deploy/sleep"), QStringLiteral("service/sleep"), QStringLiteral("serviceaccount/sleep") })
                        .ok());
        const auto steps = described(fleet::movePlan({ ns, QStringLiteral("cluster-2"), QStringLiteral("cluster-1"), 1, standing }), {});
        for (const ops::DescribedStep &step : steps)
            runs(step.words.command);
        QCOMPARE(replicas(2, QStringLiteral("sleep")), QByteArray("0"));
        QCOMPARE(replicas(1, QStringLiteral("sleep")), QByteArray("1"));
        for (auto step = steps.crbegin(); step != steps.crend(); ++step)
            runs(step->words.undo);
        QCOMPARE(replicas(2, QStringLiteral("sleep")), QByteArray("1"));
    }
}

void ByHandTest::whatTheMapShows()
{
    setUp();
    if (QTest::currentTestFailed())
        return;
    const auto fleet = look(*m_session);
    QVERIFY(fleet);
    QMap<QString, int> shown;
    for (const QString &id : ui::allObjects(*fleet)) {
        const ui::ObjectFacts facts = ui::describeObject(*fleet, id);
        if (facts.command.isEmpty())
            continue;
        ++shown[facts.kind];
        const Ran ran = sh(facts.command);
        QVERIFY2(ran.code == 0 && ran.err.isEmpty(), qPrintable(facts.command + QStringLiteral("\n--> ") + QString::fromUtf8(ran.err)));
        if (id.startsWith(QStringLiteral("workload:")))
            QVERIFY2(ran.out.contains(facts.title.toUtf8()), ran.out.constData());
        if (id == u"root")
            QCOMPARE(ran.out.count("ingerprint="), 2); // of each mesh, where it manages
    }
    QVERIFY2(shown.size() >= 4, qPrintable(shown.keys().join(u' ')));
}

void ByHandTest::rightsAreAsked()
{
    for (const char *cluster : { "cluster-1", "cluster-2" }) {
        for (const ui::Right &right : ui::allRights(QStringLiteral("default"))) {
            for (const kube::AccessQuestion &question : right.questions) {
                const Ran ran = sh(ui::questionCommand(question, m_session->byHand(QLatin1String(cluster))));
                QVERIFY2(ran.code == 0 && ran.out == "yes\n", (ran.out + ran.err).constData());
            }
        }
    }
}

void ByHandTest::aKubeconfigOfTheCloudIsFetchedFirst()
{
    if (QStandardPaths::findExecutable(QStringLiteral("jq")).isEmpty())
        QSKIP("the commands need jq");
    auto environment = documents::loadEnvironment(m_lab.environmentFile()).value();
    for (documents::EnvironmentCluster &cluster : environment.clusters)
        cluster.kubeconfigs.clear();
    const auto session = waitFor(session::Session::open(environment, *m_secrets, {}));
    QVERIFY2(session, session ? "" : qPrintable(session.error().text()));
    QFile kubeconfig(m_lab.kubeconfig(2));
    QVERIFY(kubeconfig.open(QIODevice::ReadOnly));
    write(m_folder->filePath(QStringLiteral("answer")),
        QJsonDocument(QJsonObject { { QStringLiteral("config"), QString::fromUtf8(kubeconfig.readAll()) } }).toJson());
    QFile::remove(m_folder->filePath(QStringLiteral("calls")));
    const Ran ran = sh((*session)
                           ->byHand(QStringLiteral("cluster-2"))
                           .kubectl({ QStringLiteral("get"), QStringLiteral("--raw"), QStringLiteral("/version") }));
    QVERIFY2(ran.code == 0 && ran.out.contains("gitVersion"), ran.err.constData());
    QCOMPARE(cloudCalls(),
        (QList<QStringList> { { QStringLiteral("cs"), QStringLiteral("DescribeClusterUserKubeconfig"), QStringLiteral("--region"),
            environment.clusters[1].region, QStringLiteral("--ClusterId"), environment.clusters[1].cloudId,
            QStringLiteral("--PrivateIpAddress"), QStringLiteral("false"), QStringLiteral("--TemporaryDurationMinutes"),
            QStringLiteral("720") } }));
    const auto kept = QFileInfo(m_folder->filePath(QStringLiteral("elsewhere/cluster-2.kubeconfig"))).permissions();
    QVERIFY2(!(kept & (QFileDevice::ReadGroup | QFileDevice::ReadOther)), "it holds a key");
}

QTEST_GUILESS_MAIN(ByHandTest)
#include "tst_byhand.moc"
