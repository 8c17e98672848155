// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "support/chance.h"
#include "support/labprocess.h"
#include "support/paths.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>
#include <QVariant>

#include <algorithm>
#include <csignal>
#include <optional>

using namespace catamaran::tests;

namespace {

QString source(const char *path)
{
    return sourceFile(QLatin1String(path));
}

QString program()
{
    const QString set = qEnvironmentVariable("CATAMARAN_CTL");
    return set.isEmpty() ? catamaran::tests::program(QStringLiteral("catamaranctl")) : set;
}

struct Outcome {
    int exitCode = -1;
    QByteArray standardOutput, standardError;
    QJsonObject json;
};

Outcome finished(QProcess &process, int timeoutMs)
{
    Outcome outcome;
    if (!process.waitForFinished(timeoutMs)) {
        process.kill();
        process.waitForFinished(60000);
        outcome.standardError = "(did not end in time) ";
    } else if (process.exitStatus() == QProcess::NormalExit) {
        outcome.exitCode = process.exitCode();
    }
    outcome.standardOutput = process.readAllStandardOutput();
    outcome.standardError += process.readAllStandardError();
    outcome.json = QJsonDocument::fromJson(outcome.standardOutput).object();
    return outcome;
}

/// What the samples themselves say; the program's own figures are compared with it.
struct Counted {
    int requests = 0, ok = 0;
    QMap<QString, int> versions;
    QStringList errors;
};

Counted count(const QJsonArray &samples)
{
    Counted counted;
    for (const QJsonValue &sample : samples) {
        ++counted.requests;
        const int code = sample[u"http_code"].toInt();
        if (code == 200 && sample[u"curl_exit"].toInt() == 0) {
            ++counted.ok;
            // From the raw answer, not from what was read out of it.
            const QString raw = sample[u"raw"].toString();
            ++counted.versions[raw.startsWith(u"Hello version: ") ? raw.mid(15, 2) : QStringLiteral("?")];
        } else {
            counted.errors += QStringLiteral("%1 %2").arg(code).arg(sample[u"error"].toString());
        }
    }
    return counted;
}

const QString helloUrl = QStringLiteral("http://helloworld:5000/hello");

} // namespace

/// catamaranctl against a practice range, as a script would use it. One range carries a whole story where the steps
/// build on each other (story()); tests that break things have a range of their own.
class CtlTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanup();

    void explainsItself_data();
    void explainsItself();
    void refusesBadInput_data();
    void refusesBadInput();
    void wrongWordsAreJsonToo_data();
    void wrongWordsAreJsonToo();
    void aLockedHistoryIsSaid();
    void tellsAnEnvironmentThatIsDown();
    void tellsAWrongAccessKey();
    void saysWhoIsNotVerified();
    void believesNoFileOfOthers_data();
    void believesNoFileOfOthers();

    void setUpVerifyAndDestroy();
    void killedApplyIsGoneOnWithAndTakenBack();
    void aSentryPutsBackWhatAKilledDrillBroke();
    void whatOthersMadeStaysUnlessItIsAllowed();
    void partitionLeavesTheLocalVersion();
    void whatIsFoundIsMended();
    void oneRequestIsExplained();
    void twoRootsDoNotTrustEachOther();
    void drillRestoresWhatItBroke();
    void movesTheClientAndBack();
    void movesTheClientToWhereItWasBefore();
    void drillWhoseFaultIsUndoneNeverPasses_data();
    void drillWhoseFaultIsUndoneNeverPasses();
    void containerIsChosenAndNamed();
    void longRunsKeepTheirFigures();
    void killedDrillIsRestoredLater();
    void killedDrillIsRestoredFromElsewhere_data();
    void killedDrillIsRestoredFromElsewhere();
    void anotherMachinesDrillIsAskedAbout();
    void aRunningDrillIsRestoredByNobodyElse();
    void whatAnEarlierVersionKeptIsRestored();
    void stoppedDrillRestoresAtOnce_data();
    void stoppedDrillRestoresAtOnce();
    void podThatDisappearsEndsTheRun();

private:
    QStringList common(bool withEnvironment = true) const
    {
        QStringList arguments { QStringLiteral("--database"), m_home.filePath(QStringLiteral("catamaran.db")) };
        if (withEnvironment)
            arguments += { QStringLiteral("--env"), m_lab.environmentFile() };
        return arguments;
    }
    void prepare(QProcess &process) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_DATA_HOME"), m_home.path());
        environment.insert(
            QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), QStringLiteral("unix:path=/nonexistent")); // no keyring of the person who tests
        environment.remove(QStringLiteral("CATAMARAN_ENV"));
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_home.path());
    }
    Outcome ctl(const QStringList &arguments, int timeoutMs = 120000, bool withEnvironment = true)
    {
        QProcess process;
        prepare(process);
        process.start(program(), common(withEnvironment) + arguments);
        return finished(process, timeoutMs);
    }
    /// As somebody to whom the rights of files apply, which root is not.
    Outcome ctlWithoutPowers(const QStringList &arguments)
    {
        QProcess process;
        prepare(process);
        process.start(QStringLiteral("setpriv"),
            QStringList { QStringLiteral("--bounding-set=-all"), QStringLiteral("--inh-caps=-all"), program() } + common() + arguments);
        return finished(process, 120000);
    }
    [[nodiscard]] QString database() const { return m_home.filePath(QStringLiteral("catamaran.db")); }
    /// One statement on the history, as another program would.
    QVariant sqlite(const QString &statement)
    {
        QVariant value;
        {
            QSqlDatabase sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("other"));
            sql.setDatabaseName(database());
            QSqlQuery query(sql.open() ? sql : QSqlDatabase());
            if (query.exec(statement) && query.next())
                value = query.value(0);
        }
        QSqlDatabase::removeDatabase(QStringLiteral("other"));
        return value;
    }
    /// While this lives another program lets nobody else write to the history, or with @p alone not even read.
    struct Lock {
        Lock(const QString &file, bool alone)
        {
            QSqlDatabase sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("lock"));
            sql.setDatabaseName(file);
            held = sql.open() && (!alone || QSqlQuery(sql).exec(QStringLiteral("PRAGMA locking_mode = EXCLUSIVE")))
                && QSqlQuery(sql).exec(alone ? QStringLiteral("BEGIN EXCLUSIVE") : QStringLiteral("BEGIN IMMEDIATE"));
        }
        ~Lock()
        {
            QSqlDatabase::database(QStringLiteral("lock")).close();
            QSqlDatabase::removeDatabase(QStringLiteral("lock"));
        }
        bool held = false;
    };
    /// As somebody who may see everything and change nothing.
    Outcome ctlAsViewer(const QStringList &arguments)
    {
        const QDir folder = QFileInfo(m_lab.environmentFile()).dir();
        const auto changed = [&](const QString &from, const QString &to, const QList<QPair<QByteArray, QByteArray>> &words) {
            QFile source(folder.filePath(from)), target(folder.filePath(to));
            if (!source.open(QIODevice::ReadOnly) || !target.open(QIODevice::WriteOnly))
                qFatal("cannot write %s", qPrintable(target.fileName()));
            QByteArray text = source.readAll();
            for (const auto &[before, after] : words) {
                if (!text.contains(before))
                    qFatal("%s has no %s", qPrintable(from), before.constData());
                text.replace(before, after);
            }
            target.write(text);
            target.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
            return target.fileName();
        };
        for (const char *cluster : { "cluster-1.kubeconfig", "cluster-2.kubeconfig" })
            changed(QLatin1String(cluster), QLatin1String("viewer-") + QLatin1String(cluster),
                { { "  user:\n", "  user:\n    as: viewer\n    as-groups: [\"range:viewers\"]\n" } });
        const QString environment = changed(QFileInfo(m_lab.environmentFile()).fileName(), QStringLiteral("viewer.yaml"),
            { { "cluster-1.kubeconfig", "viewer-cluster-1.kubeconfig" }, { "cluster-2.kubeconfig", "viewer-cluster-2.kubeconfig" } });
        return ctl(QStringList { QStringLiteral("--env"), environment } + arguments);
    }
    void startLab()
    {
        if (LabProcess::program().isEmpty())
            QSKIP("there is no catamaran-lab");
        QVERIFY2(m_lab.start(
                     { QStringLiteral("--create-delay"), QStringLiteral("300"), QStringLiteral("--update-delay"), QStringLiteral("150") }),
            qPrintable(m_lab.errorText()));
    }
    void applyFleet(const char *fleet = "resources/fleets/two-meshes.yaml")
    {
        startLab();
        if (QTest::currentTestFailed() || LabProcess::program().isEmpty())
            return;
        const Outcome applied = ctl({ QStringLiteral("apply"), source(fleet) });
        QVERIFY2(applied.exitCode == 0, applied.standardError);
    }
    /// Beside the range's own files, for its owner alone; its path.
    QString writeFile(const QString &name, const QByteArray &text) const
    {
        QFile file(QDir(m_lab.directory()).filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()
            || !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner))
            qFatal("cannot write %s", qPrintable(file.fileName()));
        return file.fileName();
    }
    Outcome verify(int requests, const QString &from = QStringLiteral("cluster-1/default/sleep"), const QStringList &more = {})
    {
        return ctl(QStringList { QStringLiteral("verify"), QStringLiteral("--from"), from, QStringLiteral("--url"), helloUrl,
                       QStringLiteral("--count"), QString::number(requests), QStringLiteral("-o"), QStringLiteral("json") }
            + more);
    }
    /// Both versions answer, about half each, and the program's figures are those of its samples.
    void bothVersionsAnswer(const Outcome &verified, int requests)
    {
        QVERIFY2(verified.exitCode == 0, verified.standardError);
        const Counted counted = count(verified.json[u"samples"].toArray());
        QCOMPARE(counted.requests, requests);
        QCOMPARE(counted.ok, requests);
        QCOMPARE(verified.json[u"requests"].toInt(), requests);
        QCOMPARE(verified.json[u"ok"].toInt(), requests);
        QCOMPARE(verified.json[u"errors"].toInt(-1), 0);
        for (const QString &version : { QStringLiteral("v1"), QStringLiteral("v2") }) {
            QCOMPARE(verified.json[u"versions"][version].toInt(), counted.versions.value(version));
            QVERIFY2(counted.versions.value(version) >= fewestOfHalf(requests),
                qPrintable(QStringLiteral("%1: %2").arg(version).arg(counted.versions.value(version))));
        }
    }
    int replicas(int cluster, const QString &deployment)
    {
        const auto got = m_lab.run(QStringLiteral("kubectl"),
            { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(cluster), QStringLiteral("get"), QStringLiteral("deployment"), deployment,
                QStringLiteral("-o"), QStringLiteral("jsonpath={.spec.replicas}") });
        return got.ok() ? got.standardOutput.toInt() : -1;
    }
    bool kubectl(int cluster, const QStringList &words)
    {
        return m_lab.run(QStringLiteral("kubectl"), QStringList { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(cluster) } + words).ok();
    }
    /// The mark of a drill's fault on "deployment/sleep".
    QString markOf(int cluster, const QString &what)
    {
        const auto got = m_lab.run(QStringLiteral("kubectl"),
            { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(cluster), QStringLiteral("get"), what, QStringLiteral("-o"),
                QStringLiteral("jsonpath={.metadata.annotations.catamaran\\.io/fault}") });
        return got.ok() ? QString::fromUtf8(got.standardOutput) : QString();
    }
    /// As a console of another user, or on another machine.
    Outcome ctlElsewhere(const QStringList &arguments)
    {
        return ctl(QStringList { QStringLiteral("--database"), m_home.filePath(QStringLiteral("elsewhere.db")) } + arguments);
    }
    /// Kills a drill while its fault is in place.
    void breakAndKill(const QString &drill)
    {
        QProcess process;
        (void)begin(process, drill);
        ::kill(pid_t(process.processId()), SIGKILL);
        QVERIFY(process.waitForFinished(60000));
    }
    bool exists(int cluster, const QString &what)
    {
        return m_lab
            .run(QStringLiteral("kubectl"), { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(cluster), QStringLiteral("get"), what })
            .ok();
    }
    void figuresAgreeWithSamples(const QJsonObject &drill)
    {
        const QJsonArray samples = drill[u"samples"].toArray();
        const Counted counted = count(samples);
        QCOMPARE(drill[u"requests"].toInt(), counted.requests);
        QCOMPARE(drill[u"failed_requests"].toInt(), counted.requests - counted.ok);
        // Recovery, once more and differently: the last failure between fault and restore, and the next request's start.
        const double faultAt = drill[u"fault_at_ms"].toDouble(), restoreTime = drill[u"restore_at_ms"].toDouble();
        double recovery = 0;
        bool lastFailed = false;
        for (const QJsonValue &sample : samples) {
            const double start = sample[u"started_at_ms"].toDouble(), end = start + sample[u"total_ms"].toDouble();
            if (end < faultAt - 1 || start >= restoreTime)
                continue;
            if (lastFailed)
                recovery = start - faultAt;
            lastFailed = sample[u"http_code"].toInt() != 200;
        }
        QVERIFY(!lastFailed);
        QVERIFY2(std::abs(drill[u"recovery_ms"].toDouble(-1) - std::max(0.0, recovery)) <= 1, qPrintable(QString::number(recovery)));
    }

    /// The drill that loses helloworld-v1 in cluster-1, until it is broken; returns what it said until then.
    QByteArray beginFailover(QProcess &process) { return begin(process, QStringLiteral("workload-failover")); }
    QByteArray begin(QProcess &process, const QString &drill, const QStringList &more = {})
    {
        prepare(process);
        process.start(program(),
            common() + QStringList { QStringLiteral("drill"), QStringLiteral("run"), drill, QStringLiteral("-o"), QStringLiteral("json") }
                + more);
        QByteArray said;
        const auto observing = [&] {
            process.waitForReadyRead(50);
            said += process.readAllStandardError();
            return said.contains("observing");
        };
        [&] { QTRY_VERIFY2_WITH_TIMEOUT(observing(), said, 60000); }();
        return said;
    }

    LabProcess m_lab;
    QTemporaryDir m_home;
};

void CtlTest::initTestCase()
{
    QVERIFY2(QFile::exists(program()), qPrintable(program()));
    QVERIFY(m_home.isValid());
}

void CtlTest::cleanup()
{
    m_lab.stop();
    QFile::remove(m_home.filePath(QStringLiteral("catamaran.db")));
    QFile::remove(m_home.filePath(QStringLiteral("catamaran.db-wal")));
    QFile::remove(m_home.filePath(QStringLiteral("catamaran.db-shm")));
}

void CtlTest::explainsItself_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("as a whole") << QStringList { QStringLiteral("--help") } << QByteArray("Exit codes:");
    for (const char *command : { "preflight", "plan", "apply", "status", "verify", "matrix", "findings", "explain", "check", "bundle",
             "drill", "destroy", "undo", "history" })
        QTest::newRow(command) << QStringList { QLatin1String(command), QStringLiteral("--help") } << QByteArray("--env");
    QTest::newRow("the drills it brings") << QStringList { QStringLiteral("drill"), QStringLiteral("list") }
                                          << QByteArray("workload-failover");
    QTest::newRow("its version") << QStringList { QStringLiteral("--version") } << QByteArray("catamaranctl ");
}

void CtlTest::explainsItself()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, says);
    const Outcome outcome = ctl(arguments, 10000, false);
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(outcome.standardOutput.contains(says), outcome.standardOutput);
}

void CtlTest::refusesBadInput_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("names");
    const QString env = QStringLiteral("--env");
    QTest::newRow("no command") << QStringList() << QByteArray("Commands:");
    QTest::newRow("an unknown command") << QStringList { QStringLiteral("dance") } << QByteArray("dance");
    QTest::newRow("an unknown option") << QStringList { QStringLiteral("status"), QStringLiteral("--loud") } << QByteArray("loud");
    QTest::newRow("an unknown form") << QStringList { QStringLiteral("-o"), QStringLiteral("xml"), QStringLiteral("status") }
                                     << QByteArray("xml");
    QTest::newRow("no environment") << QStringList { QStringLiteral("status") } << QByteArray("--env");
    QTest::newRow("an environment that is not there")
        << QStringList { env, QStringLiteral("/nowhere/env.yaml"), QStringLiteral("status") } << QByteArray("/nowhere/env.yaml");
    QTest::newRow("no fleet") << QStringList { QStringLiteral("plan") } << QByteArray("FLEET");
    QTest::newRow("a fleet that is not there") << QStringList { QStringLiteral("plan"), QStringLiteral("/nowhere/fleet.yaml") }
                                               << QByteArray("/nowhere/fleet.yaml");
    QTest::newRow("a fleet that is no fleet") << QStringList { QStringLiteral("plan"), source("resources/drills/move-client.yaml") }
                                              << QByteArray("move-client.yaml");
    QTest::newRow("no source") << QStringList { QStringLiteral("verify") } << QByteArray("--from");
    QTest::newRow("a source of another form") << QStringList { QStringLiteral("verify"), QStringLiteral("--from"), QStringLiteral("sleep") }
                                              << QByteArray("cluster/namespace/workload");
    QTest::newRow("a count of nothing") << QStringList { QStringLiteral("verify"), QStringLiteral("--from"), QStringLiteral("a/b/c"),
        QStringLiteral("--count"), QStringLiteral("0") }
                                        << QByteArray("--count");
    QTest::newRow("a time that is none") << QStringList { QStringLiteral("verify"), QStringLiteral("--from"), QStringLiteral("a/b/c"),
        QStringLiteral("--duration"), QStringLiteral("soon") }
                                         << QByteArray("soon");
    QTest::newRow("a check without a file") << QStringList { QStringLiteral("check") } << QByteArray("FILE");
    QTest::newRow("a check of what is no check")
        << QStringList { QStringLiteral("check"), source("resources/fleets/two-meshes.yaml") } << QByteArray("kind");
    QTest::newRow("a bundle to nowhere") << QStringList { QStringLiteral("bundle") } << QByteArray("-o");
    QTest::newRow("a bundle to two files") << QStringList { QStringLiteral("bundle"), QStringLiteral("-o"), QStringLiteral("a"),
        QStringLiteral("-o"), QStringLiteral("b") }
                                           << QByteArray("-o");
    QTest::newRow("a URL that is none") << QStringList { QStringLiteral("verify"), QStringLiteral("--from"), QStringLiteral("a/b/c"),
        QStringLiteral("--url"), QStringLiteral("helloworld") }
                                        << QByteArray("helloworld");
    for (const char *file : { "/dev/null", "/", "/bin/true" })
        QTest::addRow("%s as the history", file)
            << QStringList { QStringLiteral("--database"), QLatin1String(file), QStringLiteral("drill"), QStringLiteral("history") }
            << QByteArray(file);
    QTest::newRow("no word after drill") << QStringList { QStringLiteral("drill") } << QByteArray("restore");
    QTest::newRow("a drill that is not there") << QStringList { QStringLiteral("drill"), QStringLiteral("run"),
        QStringLiteral("/nowhere/drill.yaml") } << QByteArray("/nowhere/drill.yaml");
}

void CtlTest::refusesBadInput()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, names);
    const Outcome outcome = ctl(arguments, 10000, false);
    QCOMPARE(outcome.exitCode, 2);
    QVERIFY2(outcome.standardError.contains(names), outcome.standardError);
    QVERIFY2(outcome.standardOutput.isEmpty(), outcome.standardOutput);
}

void CtlTest::wrongWordsAreJsonToo_data()
{
    QTest::addColumn<QStringList>("arguments");
    const QString o = QStringLiteral("-o"), json = QStringLiteral("json");
    QTest::newRow("an unknown option before the command") << QStringList { QStringLiteral("--loud"), QStringLiteral("status"), o, json };
    QTest::newRow("an unknown option after it") << QStringList { QStringLiteral("status"), o, json, QStringLiteral("--loud") };
    QTest::newRow("an unknown command") << QStringList { QStringLiteral("dance"), QStringLiteral("--output=json") };
}

void CtlTest::wrongWordsAreJsonToo()
{
    QFETCH(QStringList, arguments);
    const Outcome outcome = ctl(arguments, 10000, false);
    QCOMPARE(outcome.exitCode, 2);
    QCOMPARE(outcome.json[u"error"][u"kind"].toString(), QStringLiteral("invalid-input"));
}

void CtlTest::aLockedHistoryIsSaid()
{
    QCOMPARE(ctl({ QStringLiteral("drill"), QStringLiteral("history") }, 20000, false).exitCode, 0);
    const Lock lock(database(), true);
    QVERIFY(lock.held);
    const Outcome history
        = ctl({ QStringLiteral("drill"), QStringLiteral("history"), QStringLiteral("-o"), QStringLiteral("json") }, 30000, false);
    QCOMPARE(history.exitCode, 1);
    const QString text = history.json[u"error"][u"text"].toString();
    QVERIFY2(text.contains(QStringLiteral("locked")) && !text.contains(QStringLiteral("space")), qPrintable(text));
    QCOMPARE(history.json[u"error"][u"code"].toString(), QStringLiteral("history-locked"));
    QVERIFY(!history.json.contains(QStringLiteral("drills")));
}

void CtlTest::tellsAnEnvironmentThatIsDown()
{
    startLab();
    m_lab.stop();
    const Outcome outcome = ctl({ QStringLiteral("status"), QStringLiteral("-o"), QStringLiteral("json") });
    QCOMPARE(outcome.exitCode, 3);
    QVERIFY(!outcome.json[u"error"][u"text"].toString().isEmpty());
}

void CtlTest::saysWhoIsNotVerified()
{
    startLab();
    QFile own(m_lab.kubeconfig(1));
    QVERIFY(own.open(QIODevice::ReadOnly));
    QByteArray yaml = own.readAll();
    static const QRegularExpression authority(QStringLiteral("certificate-authority-data: \\S+"));
    yaml = QString::fromUtf8(yaml).replace(authority, QStringLiteral("insecure-skip-tls-verify: true")).toUtf8();
    const QString environment = writeFile(QStringLiteral("unverified.yaml"),
        "apiVersion: catamaran.io/v1\nkind: Environment\nmetadata: {name: unverified}\nspec:\n  clusters:\n  - {name: cluster-1, kubeconfig: unverified.kubeconfig}\n");
    writeFile(QStringLiteral("unverified.kubeconfig"), yaml);
    const Outcome outcome = ctl(
        { QStringLiteral("--env"), environment, QStringLiteral("-o"), QStringLiteral("json"), QStringLiteral("status") }, 60000, false);
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY2(outcome.standardError.contains("cluster-1: The identity of ")
            && outcome.standardError.contains("is not verified (insecure-skip-tls-verify)"),
        outcome.standardError);
    QCOMPARE(outcome.json[u"environment"].toString(), QStringLiteral("unverified")); // and the answer is whole
    QCOMPARE(outcome.json[u"clusters"][0][u"conditions"][1][u"type"].toString(), QStringLiteral("Verified"));
    QCOMPARE(outcome.json[u"health"].toString(), QStringLiteral("warning"));
}

void CtlTest::believesNoFileOfOthers_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("environment");
    QTest::newRow("environment") << QStringLiteral("open.yaml") << QStringLiteral("open.yaml");
    QTest::newRow("kubeconfig") << QStringLiteral("open.kubeconfig") << QStringLiteral("of-open.yaml");
}

void CtlTest::believesNoFileOfOthers()
{
    QFETCH(QString, file);
    QFETCH(QString, environment);
    startLab();
    QFile own(m_lab.kubeconfig(1));
    QVERIFY(own.open(QIODevice::ReadOnly));
    writeFile(QStringLiteral("open.kubeconfig"), own.readAll());
    writeFile(QStringLiteral("of-open.yaml"),
        "apiVersion: catamaran.io/v1\nkind: Environment\nmetadata: {name: open}\nspec:\n  clusters:\n  - {name: cluster-1, kubeconfig: open.kubeconfig}\n");
    writeFile(QStringLiteral("open.yaml"),
        "apiVersion: catamaran.io/v1\nkind: Environment\nmetadata: {name: open}\nspec:\n  clusters:\n  - {name: cluster-1, kubeconfig: cluster-1.kubeconfig}\n");
    const QStringList words { QStringLiteral("--env"), QDir(m_lab.directory()).filePath(environment), QStringLiteral("status") };
    QCOMPARE(ctl(words, 60000, false).exitCode, 0);
    const QString path = QDir(m_lab.directory()).filePath(file);
    QVERIFY(QFile::setPermissions(path, QFile::permissions(path) | QFileDevice::ReadOther | QFileDevice::WriteOther));
    const Outcome outcome = ctl(words, 60000, false);
    QCOMPARE(outcome.exitCode, 2);
    QVERIFY2(outcome.standardError.contains(path.toUtf8()) && outcome.standardError.contains("other users of this machine may change it")
            && outcome.standardError.contains("install -m 600"),
        outcome.standardError);
}

void CtlTest::tellsAWrongAccessKey()
{
    startLab();
    QFile file(m_lab.environmentFile());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArray yaml = file.readAll();
    const qsizetype at = yaml.indexOf("accessKeyId:");
    QVERIFY2(at > 0, yaml);
    const qsizetype end = yaml.indexOf('\n', at);
    yaml.replace(at, end - at, "accessKeyId: LTAIwrong");
    QFile changed(QDir(m_lab.directory()).filePath(QStringLiteral("wrong.yaml")));
    QVERIFY(changed.open(QIODevice::WriteOnly) && changed.write(yaml) == yaml.size());
    changed.close();
    const Outcome outcome = ctl(
        { QStringLiteral("--env"), changed.fileName(), QStringLiteral("plan"), source("resources/fleets/two-meshes.yaml") }, 60000, false);
    QCOMPARE(outcome.exitCode, 3);
    QVERIFY2(outcome.standardError.contains("AccessKey"), outcome.standardError);
}

void CtlTest::setUpVerifyAndDestroy()
{
    startLab();
    const QString fleet = source("resources/fleets/two-meshes.yaml");
    Outcome outcome = ctl({ QStringLiteral("preflight"), fleet });
    QVERIFY2(outcome.exitCode == 0, outcome.standardOutput + outcome.standardError);

    outcome = ctl({ QStringLiteral("plan"), fleet, QStringLiteral("-o"), QStringLiteral("json") });
    QVERIFY2(outcome.exitCode == 0, outcome.standardError);
    const QJsonArray steps = outcome.json[u"steps"].toArray();
    QVERIFY(steps.size() > 4);
    QStringList ids;
    for (const QJsonValue &step : steps) {
        QVERIFY(!step[u"id"].toString().isEmpty());
        QVERIFY(!ids.contains(step[u"id"].toString()));
        const QJsonArray after = step[u"depends_on"].toArray();
        for (const QJsonValue &id : after)
            QVERIFY2(ids.contains(id.toString()), "a step comes before what it depends on");
        ids += step[u"id"].toString();
    }

    outcome = ctl({ QStringLiteral("apply"), fleet });
    QVERIFY2(outcome.exitCode == 0, outcome.standardError);
    const qsizetype said = outcome.standardError.indexOf("No keyring answers");
    QVERIFY2(said > 0 && said < outcome.standardError.indexOf("running"), outcome.standardError); // before anything is begun
    outcome = ctl({ QStringLiteral("apply"), fleet });
    QVERIFY2(!outcome.standardError.contains("keyring"), outcome.standardError); // nothing to be kept
    QVERIFY2(outcome.exitCode == 0, outcome.standardError);
    QVERIFY2(outcome.standardOutput.contains("Nothing is to do"), outcome.standardOutput);
    outcome = ctl({ QStringLiteral("plan"), fleet, QStringLiteral("-o"), QStringLiteral("json") });
    QVERIFY(outcome.json[u"steps"].isArray() && outcome.json[u"steps"].toArray().isEmpty());

    outcome = ctl({ QStringLiteral("status"), QStringLiteral("-o"), QStringLiteral("json") });
    QVERIFY2(outcome.exitCode == 0, outcome.standardOutput);
    QCOMPARE(outcome.json[u"shares_root"].toBool(), true);

    const Outcome verified = verify(200);
    bothVersionsAnswer(verified, 200);
    bothVersionsAnswer(verify(200, QStringLiteral("cluster-1/default/sleep"), { QStringLiteral("--keep-alive") }), 200);
    // What was expected of it, and why; nothing else is said of chance.
    const QJsonObject expectation = verified.json[u"expectation"].toObject();
    QVERIFY2(expectation[u"known"].toBool(), qPrintable(expectation[u"sentence"].toString()));
    QCOMPARE(expectation[u"shares"].toObject(), (QJsonObject { { QStringLiteral("v1"), 0.5 }, { QStringLiteral("v2"), 0.5 } }));
    QCOMPARE(expectation[u"endpoints"][1][u"ready"].toObject(), (QJsonObject { { QStringLiteral("v2"), 1 } }));
    QCOMPARE(verified.json[u"shares"][u"measured"].toArray().size(), 2);
    QCOMPARE(verified.json[u"shares"][u"false_alarm_rate"].toDouble(), 0.01);
    QVERIFY(verified.json[u"shares"][u"state"].toString() != u"unknown");

    // A pipeline's expectations, and a bundle; both once more with a part that is not heard.
    const QString expected = m_home.filePath(QStringLiteral("check.yaml")), junit = m_home.filePath(QStringLiteral("junit.xml")),
                  bundle = m_home.filePath(QStringLiteral("range.bundle.tar.gz"));
    const auto expecting = [&](const QByteArray &what) {
        QFile file(expected);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write("apiVersion: catamaran.io/v1\nkind: Check\nmetadata: { name: range }\nspec: { expect: { " + what + " } }\n");
    };
    const auto checked = [&] {
        return ctl({ QStringLiteral("check"), expected, QStringLiteral("--junit"), junit, QStringLiteral("-o"), QStringLiteral("json") });
    };
    const auto junitText = [&] {
        QFile file(junit);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    expecting("directions: [{ from: cluster-1, to: cluster-2 }], findings: { notWorseThan: warning }, "
              "requests: [{ from: cluster-1/default/sleep, url: 'http://helloworld:5000/hello', count: 20, latency: { p99: 1m } }]");
    outcome = checked();
    QVERIFY2(outcome.exitCode == 0 && outcome.json[u"holds"].toBool(), outcome.standardOutput + outcome.standardError);
    QCOMPARE(outcome.json[u"cases"].toArray().size(), 4);
    QVERIFY2(junitText().contains("tests=\"4\" failures=\"0\" errors=\"0\""), junitText());
    expecting("failover: [{ service: default/nobody }]");
    outcome = checked();
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY2(junitText().contains("failures=\"1\" errors=\"0\""), junitText());
    QCOMPARE(ctl({ QStringLiteral("bundle"), QStringLiteral("-o"), bundle }).exitCode, 0);
    QVERIFY(QFile::exists(bundle));
    QVERIFY(m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), QStringLiteral("cluster-2") }).ok());
    expecting("directions: [{ from: cluster-1, to: cluster-2 }], "
              "requests: [{ from: cluster-1/default/sleep, url: 'http://helloworld:5000/hello', count: 20, shares: as-read }]");
    outcome = checked();
    QCOMPARE(outcome.exitCode, 3);
    QVERIFY2(junitText().contains("failures=\"0\" errors=\"2\""), junitText());
    const Outcome unread = verify(20);
    QCOMPARE(unread.json[u"shares"][u"state"].toString(), QStringLiteral("unknown"));
    QVERIFY2(unread.json[u"expectation"][u"sentence"].toString().contains(QStringLiteral("the endpoints in cluster-2 could not be read")),
        qPrintable(unread.json[u"expectation"][u"sentence"].toString()));
    QVERIFY(unread.json[u"expectation"][u"shares"].toObject().isEmpty());
    outcome = ctl({ QStringLiteral("bundle"), QStringLiteral("-o"), bundle, QStringLiteral("-o"), QStringLiteral("json") });
    QVERIFY2(outcome.exitCode == 0 && outcome.json[u"bundle"].toString() == bundle, outcome.standardOutput + outcome.standardError);
    QVERIFY(m_lab.ctl({ QStringLiteral("start"), QStringLiteral("api-server"), QStringLiteral("cluster-2") }).ok());

    outcome
        = verify(3, QStringLiteral("cluster-1/default/sleep"), { QStringLiteral("--url"), QStringLiteral("http://nowhere.invalid:5000/") });
    QCOMPARE(outcome.exitCode, 1);
    QCOMPARE(outcome.json[u"ok"].toInt(-1), 0);
    QVERIFY2(outcome.standardOutput.contains("Could not resolve host"), outcome.standardOutput);

    // Somebody who may only look hears it before anything is taken away.
    outcome = ctlAsViewer({ QStringLiteral("plan"), QStringLiteral("--destroy"), fleet, QStringLiteral("-o"), QStringLiteral("json") });
    QVERIFY2(outcome.exitCode == 0 && outcome.standardError.contains("cluster-1 does not allow: ")
            && outcome.standardError.contains("delete deployments.apps in namespace default"),
        outcome.standardError);
    QVERIFY(!outcome.json[u"steps"].toArray().isEmpty());
    outcome = ctlAsViewer({ QStringLiteral("destroy"), fleet, QStringLiteral("-o"), QStringLiteral("json") });
    QCOMPARE(outcome.exitCode, 1);
    const QJsonObject refusal = outcome.json[u"error"].toObject();
    QVERIFY2(
        refusal[u"answer"].toString().contains(QStringLiteral("delete deployments.apps in namespace default")), outcome.standardOutput);
    QVERIFY2(refusal[u"answer"].toString().contains(QStringLiteral("cluster-2 does not allow")), outcome.standardOutput);
    QVERIFY2(!refusal[u"answer"].toString().contains(QStringLiteral("get ")), "what is allowed is not named");
    QVERIFY(exists(1, QStringLiteral("deployment/helloworld-v1")) && exists(2, QStringLiteral("deployment/helloworld-v2")));

    outcome = ctl({ QStringLiteral("destroy"), fleet });
    QVERIFY2(outcome.exitCode == 0, outcome.standardError);
    QVERIFY(!exists(1, QStringLiteral("deployment/helloworld-v1")));
    outcome = ctl({ QStringLiteral("destroy"), fleet });
    QVERIFY2(outcome.exitCode == 0 && outcome.standardOutput.contains("Nothing is to do"), outcome.standardError);
}

void CtlTest::aSentryPutsBackWhatAKilledDrillBroke()
{
    applyFleet();
    if (QTest::currentTestFailed() || LabProcess::program().isEmpty())
        return;
    QProcess process;
    const QByteArray said = begin(process, QStringLiteral("workload-failover"), { QStringLiteral("--sentry") });
    QVERIFY2(said.contains("stands sentry"), said);
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 0);
    ::kill(pid_t(process.processId()), SIGKILL);
    QVERIFY(process.waitForFinished(60000));
    QTRY_COMPARE_WITH_TIMEOUT(replicas(1, QStringLiteral("helloworld-v1")), 1, 60000); // nobody was asked
    QTRY_VERIFY2_WITH_TIMEOUT(markOf(1, QStringLiteral("deployment/helloworld-v1")).isEmpty(), "the mark is gone", 60000);
    QTRY_VERIFY_WITH_TIMEOUT(
        ctl({ QStringLiteral("drill"), QStringLiteral("restore") }).standardOutput.contains("Nothing is to be restored"), 60000);
}

void CtlTest::killedApplyIsGoneOnWithAndTakenBack()
{
    if (LabProcess::program().isEmpty())
        QSKIP("there is no catamaran-lab");
    // The meshes are still coming up when the next run looks.
    QVERIFY2(
        m_lab.start({ QStringLiteral("--create-delay"), QStringLiteral("20000"), QStringLiteral("--update-delay"), QStringLiteral("150") }),
        qPrintable(m_lab.errorText()));
    const QString fleet = source("resources/fleets/two-meshes.yaml");
    const QStringList json { QStringLiteral("-o"), QStringLiteral("json") };
    const auto newest = [&] { return ctl(QStringList { QStringLiteral("history") } + json).json[u"executions"][0].toObject(); };
    const auto meshes = [&] { return ctl(QStringList { QStringLiteral("status") } + json).json[u"meshes"].toArray().size(); };
    QProcess process;
    prepare(process);
    process.start(program(), common() + QStringList { QStringLiteral("apply"), fleet });
    QByteArray said;
    const auto waiting = [&] { // both are made; there is no keyring that would keep the root for a second
        process.waitForReadyRead(50);
        said += process.readAllStandardError();
        return said.contains("Wait until mesh-1 runs: running") && said.contains("Wait until mesh-2 runs: running");
    };
    QTRY_VERIFY2_WITH_TIMEOUT(waiting(), said, 60000);
    ::kill(pid_t(process.processId()), SIGSTOP);

    // While it lives nobody else works there, and hears who does.
    const QString owner = QStringLiteral("process %1 on ").arg(process.processId());
    const Outcome held = ctl(QStringList { QStringLiteral("apply"), fleet } + json);
    QCOMPARE(held.exitCode, 1);
    QCOMPARE(held.json[u"error"][u"code"].toString(), QStringLiteral("Held"));
    QVERIFY2(held.json[u"error"][u"answer"].toString().contains(owner)
            && held.json[u"error"][u"answer"].toString().contains(QStringLiteral(" since ")),
        held.standardOutput);
    QCOMPARE(newest()[u"state"].toString(), QStringLiteral("running"));
    QVERIFY(newest()[u"owner"].toString().startsWith(owner));
    QVERIFY(ctl({ QStringLiteral("undo"), QString::number(newest()[u"id"].toInteger()) }).exitCode == 1);

    ::kill(pid_t(process.processId()), SIGKILL);
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(newest()[u"state"].toString(), QStringLiteral("interrupted"));
    const qint64 execution = newest()[u"id"].toInteger();

    const Outcome again = ctl(QStringList { QStringLiteral("apply"), fleet } + json);
    QVERIFY2(again.exitCode == 0, again.standardError);
    QCOMPARE(again.json[u"execution"].toInteger(), execution);
    QCOMPARE(meshes(), 2);
    QVERIFY(ctl(QStringList { QStringLiteral("plan"), fleet } + json).json[u"steps"].toArray().isEmpty());
    QCOMPARE(newest()[u"state"].toString(), QStringLiteral("done"));
    QCOMPARE(newest()[u"done_steps"].toInt(), newest()[u"steps"].toInt());
    const Outcome told = ctl({ QStringLiteral("history"), QString::number(execution) });
    for (const char *words : { "apply two-meshes", "[deploy-sleep-cluster-1]  done", "evidence: replicas 1, ready 1", "undo by hand:" })
        QVERIFY2(told.standardOutput.contains(words), told.standardOutput);

    // Somebody has changed a part of it since: that is theirs to decide, and is said.
    QVERIFY(m_lab
                .run(QStringLiteral("kubectl"),
                    { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(1), QStringLiteral("scale"), QStringLiteral("deploy/sleep"),
                        QStringLiteral("--replicas=2") })
                .ok());
    const QStringList undo { QStringLiteral("undo"), QString::number(execution) };
    const Outcome refused = ctl(undo);
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(
        refused.standardOutput.contains("NOT DONE") && refused.standardError.contains("--give-up deploy-sleep-cluster-1 --reason TEXT"),
        refused.standardOutput + refused.standardError);
    QCOMPARE(replicas(1, QStringLiteral("sleep")), 2);
    const Outcome without = ctl(undo + QStringList { QStringLiteral("--give-up"), QStringLiteral("deploy-sleep-cluster-1") });
    QCOMPARE(without.exitCode, 2);
    const Outcome undone = ctl(undo
        + QStringList { QStringLiteral("--give-up"), QStringLiteral("deploy-sleep-cluster-1"), QStringLiteral("--reason"),
            QStringLiteral("it is used") }
        + json);
    QVERIFY2(undone.exitCode == 0, undone.standardOutput + undone.standardError);
    QCOMPARE(replicas(1, QStringLiteral("sleep")), 2);
    QVERIFY(!exists(1, QStringLiteral("deployment/helloworld-v1")) && !exists(2, QStringLiteral("deployment/helloworld-v2")));
    QCOMPARE(meshes(), 0);
    QVERIFY2(ctl(undo).standardOutput.contains("Nothing is to be taken back"), "twice");
    QCOMPARE(ctl({ QStringLiteral("undo"), QStringLiteral("4711") }).exitCode, 2);
}

void CtlTest::whatOthersMadeStaysUnlessItIsAllowed()
{
    startLab();
    const QString fleet = source("resources/fleets/plain-clusters.yaml");
    const auto kubectl = [&](const QStringList &words) {
        return m_lab.run(QStringLiteral("kubectl"), QStringList { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(1) } + words).ok();
    };
    const QString object = QStringLiteral("Deployment/sample/helloworld-v1");
    QVERIFY(kubectl({ QStringLiteral("create"), QStringLiteral("namespace"), QStringLiteral("sample") }));
    QVERIFY(kubectl({ QStringLiteral("-n"), QStringLiteral("sample"), QStringLiteral("apply"), QStringLiteral("-f"),
        source("resources/manifests/helloworld-v1.yaml") }));
    QVERIFY(kubectl({ QStringLiteral("-n"), QStringLiteral("sample"), QStringLiteral("scale"), QStringLiteral("deploy/helloworld-v1"),
        QStringLiteral("--replicas=0") }));

    const Outcome refused = ctl({ QStringLiteral("apply"), fleet, QStringLiteral("-o"), QStringLiteral("json") });
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.json[u"error"][u"answer"].toString().contains(
                 QStringLiteral("Deployment helloworld-v1 in cluster-1/sample belongs to kubectl-client-side-apply")),
        refused.standardOutput);
    QVERIFY2(refused.json[u"error"][u"remedy"].toString().contains(QStringLiteral("--foreign ") + object), refused.standardOutput);
    QVERIFY2(!kubectl({ QStringLiteral("-n"), QStringLiteral("sample"), QStringLiteral("get"), QStringLiteral("deployment/sleep") }),
        "nothing was begun");
    QCOMPARE(ctl({ QStringLiteral("apply"), fleet, QStringLiteral("--foreign"), QStringLiteral("helloworld") }).exitCode, 2);

    const Outcome applied = ctl({ QStringLiteral("apply"), fleet, QStringLiteral("--foreign"), object });
    QVERIFY2(applied.exitCode == 0, applied.standardError);
    const Outcome destroyed = ctl({ QStringLiteral("destroy"), fleet });
    QVERIFY2(destroyed.exitCode == 0, destroyed.standardError);
    for (const char *words : { "Delete Deployment helloworld-v1 from cluster-1", "left as it is: it belongs to kubectl-client-side-apply",
             "-n sample delete deployments.apps/helloworld-v1" })
        QVERIFY2(destroyed.standardOutput.contains(words), destroyed.standardOutput);
    QVERIFY(kubectl({ QStringLiteral("-n"), QStringLiteral("sample"), QStringLiteral("get"), QStringLiteral("deployment/helloworld-v1") }));
    QVERIFY(
        !kubectl({ QStringLiteral("-n"), QStringLiteral("sample"), QStringLiteral("get"), QStringLiteral("deployment/helloworld-v2") }));
}

void CtlTest::partitionLeavesTheLocalVersion()
{
    applyFleet();
    bothVersionsAnswer(verify(100), 100);
    QVERIFY(m_lab.ctl({ QStringLiteral("partition"), QStringLiteral("network1"), QStringLiteral("network2") }).ok());
    const Outcome cut = verify(60, QStringLiteral("cluster-1/default/sleep"), { QStringLiteral("--rate"), QStringLiteral("20") });
    const Counted counted = count(cut.json[u"samples"].toArray());
    QCOMPARE(counted.requests + cut.json[u"not_sent"].toInt(-1), 60); // a busy machine cannot send all when they are due
    QCOMPARE(counted.versions.value(QStringLiteral("v2")), 0);
    QVERIFY(counted.versions.value(QStringLiteral("v1")) > 0);
    QCOMPARE(cut.json[u"errors"].toInt(-1), counted.requests - counted.ok);
    QCOMPARE(cut.exitCode, counted.ok == counted.requests ? 0 : 1);

    QVERIFY(m_lab.ctl({ QStringLiteral("heal"), QStringLiteral("network1"), QStringLiteral("network2") }).ok());
    QTRY_VERIFY_WITH_TIMEOUT(count(verify(20).json[u"samples"].toArray()).versions.value(QStringLiteral("v2")) > 0, 90000);
}

void CtlTest::whatIsFoundIsMended()
{
    applyFleet();
    const QStringList json { QStringLiteral("-o"), QStringLiteral("json") }, findings { QStringLiteral("findings") };
    const QString two = QStringLiteral("workload.no-endpoints|cluster-2");
    Outcome outcome = ctl(findings + QStringList { QStringLiteral("--mend"), two } + json);
    QCOMPARE(outcome.exitCode, 2); // there is no such finding
    for (const int cluster : { 1, 2 })
        QVERIFY(m_lab
                    .run(QStringLiteral("kubectl"),
                        { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(cluster), QStringLiteral("scale"),
                            QStringLiteral("deploy/helloworld-v%1").arg(cluster), QStringLiteral("--replicas=0") })
                    .ok());
    QTRY_VERIFY(ctl(findings).standardOutput.contains("no ready endpoint in any cluster"));
    outcome = ctl(findings + QStringList { QStringLiteral("--mend"), QStringLiteral("workload.no-endpoints") } + json);
    QCOMPARE(outcome.exitCode, 2); // both sides have it
    QVERIFY2(outcome.json[u"error"][u"remedy"].toString().contains(two), outcome.standardOutput);
    QCOMPARE(replicas(2, QStringLiteral("helloworld-v2")), 0);
    outcome = ctl(findings + QStringList { QStringLiteral("--mend"), two } + json);
    QVERIFY2(outcome.exitCode == 0, outcome.standardOutput + outcome.standardError);
    QCOMPARE(outcome.json[u"gone"], QJsonValue(true));
    QCOMPARE(outcome.json[u"done_steps"].toArray().size(), 1);
    QVERIFY2(outcome.standardError.contains("/scale"), outcome.standardError); // the plan was shown
    QCOMPARE(replicas(2, QStringLiteral("helloworld-v2")), 1);
    // Taken back as every execution.
    outcome = ctl({ QStringLiteral("undo"), QString::number(outcome.json[u"execution"].toInteger()) });
    QVERIFY2(outcome.exitCode == 0, outcome.standardOutput + outcome.standardError);
    QCOMPARE(replicas(2, QStringLiteral("helloworld-v2")), 0);
    // Where nobody knows whether there is anything, nothing is done.
    QVERIFY(m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), QStringLiteral("cluster-2") }).ok());
    outcome = ctl(findings + QStringList { QStringLiteral("--mend"), two } + json);
    QCOMPARE(outcome.exitCode, 3);
}

void CtlTest::oneRequestIsExplained()
{
    applyFleet();
    const auto explain = [&](const QString &from, const QString &to) {
        return ctl({ QStringLiteral("explain"), QStringLiteral("--from"), from, QStringLiteral("--to"), to, QStringLiteral("-o"),
            QStringLiteral("json") });
    };
    const auto hop = [](const Outcome &outcome, const QString &name) {
        for (const QJsonValue &one : outcome.json[u"hops"].toArray())
            if (one[u"hop"] == name)
                return one.toObject();
        return QJsonObject();
    };
    const QString sleep = QStringLiteral("cluster-1/default/sleep"), two = QStringLiteral("cluster-2");
    Outcome outcome = explain(sleep, two);
    QVERIFY2(outcome.exitCode == 0, outcome.standardOutput + outcome.standardError);
    QCOMPARE(outcome.json[u"arrives"], QJsonValue(true));
    QCOMPARE(outcome.json[u"hops"].toArray().size(), 5);
    for (const char *name : { "sidecar", "pod" }) { // as the proxies present them
        const QJsonObject certificate = hop(outcome, QLatin1String(name))[u"certificate"].toObject();
        QVERIFY2(certificate[u"identity"].toString().startsWith(u"spiffe://"), outcome.standardOutput);
        QVERIFY(!certificate[u"serial"].toString().isEmpty() && !certificate[u"until"].toString().isEmpty());
    }
    QCOMPARE(explain(sleep, QStringLiteral("cluster-1")).exitCode, 2);
    QCOMPARE(explain(sleep, QStringLiteral("moon")).exitCode, 2);
    QCOMPARE(explain(QStringLiteral("sleep"), two).exitCode, 2);

    QVERIFY(m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("gateway"), two }).ok());
    outcome = explain(sleep, two);
    QVERIFY2(outcome.exitCode == 1, outcome.standardOutput + outcome.standardError);
    QCOMPARE(outcome.json[u"stops_at"].toString(), QStringLiteral("gateway-in"));
    QVERIFY(m_lab.ctl({ QStringLiteral("start"), QStringLiteral("gateway"), two }).ok());

    QVERIFY(m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), two }).ok());
    outcome = explain(QStringLiteral("cluster-2/default/sleep"), QStringLiteral("cluster-1"));
    QVERIFY2(outcome.exitCode == 3, outcome.standardOutput + outcome.standardError);
    QVERIFY(outcome.json[u"arrives"].isNull() && outcome.json[u"stops_at"].isNull());
    QVERIFY(!hop(outcome, QStringLiteral("client"))[u"needs"].toString().isEmpty());
    QCOMPARE(hop(outcome, QStringLiteral("sidecar"))[u"health"].toString(), QStringLiteral("unknown"));
}

void CtlTest::twoRootsDoNotTrustEachOther()
{
    applyFleet("resources/fleets/two-roots.yaml");
    const Outcome status = ctl({ QStringLiteral("status") });
    QCOMPARE(status.exitCode, 1);
    QVERIFY2(status.standardOutput.contains("The roots differ"), status.standardOutput);

    // A sidecar tries a failed connection again elsewhere: while v1 is there, the client only sees that v2 never answers.
    QCOMPARE(count(verify(40).json[u"samples"].toArray()).versions.value(QStringLiteral("v2")), 0);
    const QStringList kubectl { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(1) };
    QVERIFY(
        m_lab
            .run(QStringLiteral("kubectl"),
                kubectl + QStringList { QStringLiteral("scale"), QStringLiteral("deploy/helloworld-v1"), QStringLiteral("--replicas=0") })
            .ok());
    QVERIFY(m_lab
                .run(QStringLiteral("kubectl"),
                    kubectl
                        + QStringList { QStringLiteral("wait"), QStringLiteral("pod"), QStringLiteral("-l"),
                            QStringLiteral("app=helloworld"), QStringLiteral("--for=delete"), QStringLiteral("--timeout=30s") })
                .ok());
    const auto onlyTlsErrors = [&] {
        const Counted crossed = count(verify(20).json[u"samples"].toArray());
        return crossed.requests == 20 && crossed.ok == 0
            && std::all_of(crossed.errors.begin(), crossed.errors.end(),
                [](const QString &error) { return error.startsWith(QStringLiteral("503")) && error.contains(QStringLiteral("TLS")); });
    };
    QTRY_VERIFY_WITH_TIMEOUT(onlyTlsErrors(), 20000);
    QCOMPARE(verify(5).exitCode, 1);
}

void CtlTest::drillRestoresWhatItBroke()
{
    applyFleet();
    const QString page = m_home.filePath(QStringLiteral("drill.html"));
    const Outcome outcome = ctl({ QStringLiteral("drill"), QStringLiteral("run"), source("resources/drills/workload-failover.yaml"),
        QStringLiteral("--report"), page, QStringLiteral("-o"), QStringLiteral("json") });
    QVERIFY2(outcome.exitCode == 0, outcome.standardOutput.left(2000) + outcome.standardError);
    const QJsonObject drill = outcome.json;
    QCOMPARE(drill[u"drill"].toString(), QStringLiteral("workload-failover"));
    QCOMPARE(drill[u"verdict"].toString(), QStringLiteral("pass"));
    QCOMPARE(drill[u"restored"].toBool(), true);
    QVERIFY(drill[u"detect_ms"].isDouble());
    figuresAgreeWithSamples(drill);
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 1);
    QVERIFY(QFile::exists(page));
    bothVersionsAnswer(verify(100), 100);

    const Outcome history = ctl({ QStringLiteral("drill"), QStringLiteral("history"), QStringLiteral("-o"), QStringLiteral("json") });
    QCOMPARE(history.json[u"drills"].toArray().size(), 1);
    const Outcome again = ctl({ QStringLiteral("drill"), QStringLiteral("report"), QStringLiteral("--report"), page });
    QVERIFY2(again.exitCode == 0, again.standardError);
    const Outcome nothing = ctl({ QStringLiteral("drill"), QStringLiteral("restore") });
    QVERIFY2(nothing.exitCode == 0 && nothing.standardOutput.contains("Nothing"), nothing.standardOutput);
}

void CtlTest::movesTheClientAndBack()
{
    applyFleet();
    const Outcome outcome = ctl(
        { QStringLiteral("drill"), QStringLiteral("run"), QStringLiteral("move-client"), QStringLiteral("-o"), QStringLiteral("json") });
    QVERIFY2(outcome.exitCode == 0, outcome.standardOutput.left(2000) + outcome.standardError);
    QCOMPARE(outcome.json[u"verdict"].toString(), QStringLiteral("pass"));
    figuresAgreeWithSamples(outcome.json);
    QCOMPARE(replicas(1, QStringLiteral("sleep")), 1);
    QVERIFY(!exists(2, QStringLiteral("deployment/sleep")));
}

void CtlTest::movesTheClientToWhereItWasBefore()
{
    applyFleet();
    const QStringList kubectl { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(2) };
    const auto run = [&](const QStringList &words) { return m_lab.run(QStringLiteral("kubectl"), kubectl + words).ok(); };
    QVERIFY(run({ QStringLiteral("apply"), QStringLiteral("--server-side"), QStringLiteral("-f"),
        source("resources/manifests/sleep-standalone.yaml") }));
    const QString quick = m_home.filePath(QStringLiteral("quick.yaml"));
    QFile whole(source("resources/drills/move-client.yaml")), file(quick);
    QVERIFY(whole.open(QIODevice::ReadOnly) && file.open(QIODevice::WriteOnly));
    file.write(whole.readAll()
                   .replace("steadyFor: 3s", "steadyFor: 1s")
                   .replace("observeFor: 10s", "observeFor: 3s")
                   .replace("recoverWithin: 10s", "recoverWithin: 3s"));
    file.close();
    const QStringList drill { QStringLiteral("drill"), QStringLiteral("run"), quick, QStringLiteral("-o"), QStringLiteral("json") };

    // A client that runs there is somebody's.
    const Outcome refused = ctl(drill);
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.standardError.contains("the client is there already"), refused.standardError);
    QCOMPARE(replicas(1, QStringLiteral("sleep")), 1);

    QVERIFY(run({ QStringLiteral("scale"), QStringLiteral("deploy/sleep"), QStringLiteral("--replicas=0") }));
    const Outcome moved = ctl(drill);
    QVERIFY2(moved.exitCode == 0, moved.standardOutput.left(2000) + moved.standardError);
    QCOMPARE(moved.json[u"restored"].toBool(), true);
    QCOMPARE(replicas(1, QStringLiteral("sleep")), 1);
    QCOMPARE(replicas(2, QStringLiteral("sleep")), 0);

    // The same by move-client, after somebody else scaled it.
    QVERIFY(run({ QStringLiteral("scale"), QStringLiteral("deploy/sleep"), QStringLiteral("--replicas=1") }));
    QVERIFY(run({ QStringLiteral("scale"), QStringLiteral("deploy/sleep"), QStringLiteral("--replicas=0") }));
    const QStringList move { QStringLiteral("move-client"), QStringLiteral("cluster-1"), QStringLiteral("cluster-2") };
    const Outcome theirs = ctl(move);
    QCOMPARE(theirs.exitCode, 1);
    QVERIFY2(theirs.standardError.contains("Deployment sleep in cluster-2/default belongs to kubectl")
            && theirs.standardError.contains("--foreign Deployment/default/sleep"),
        theirs.standardError);
    QCOMPARE(replicas(1, QStringLiteral("sleep")), 1);
    QCOMPARE(replicas(2, QStringLiteral("sleep")), 0);
    const Outcome by = ctl(move + QStringList { QStringLiteral("--foreign"), QStringLiteral("Deployment/default/sleep") });
    QVERIFY2(by.exitCode == 0, by.standardError);
    QCOMPARE(replicas(1, QStringLiteral("sleep")), 0);
    QCOMPARE(replicas(2, QStringLiteral("sleep")), 1);
}

void CtlTest::killedDrillIsRestoredLater()
{
    applyFleet();
    QProcess process;
    prepare(process);
    process.start(
        program(), common() + QStringList { QStringLiteral("drill"), QStringLiteral("run"), QStringLiteral("workload-failover") });
    QByteArray said;
    const auto observing = [&] {
        process.waitForReadyRead(50);
        said += process.readAllStandardError();
        return said.contains("observing");
    };
    QTRY_VERIFY2_WITH_TIMEOUT(observing(), said, 60000);
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 0);
    ::kill(pid_t(process.processId()), SIGKILL);
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 0);

    const Outcome warned = ctl({ QStringLiteral("status") });
    QVERIFY2(warned.standardError.contains("drill restore"), warned.standardError);
    // What the drill left at 0 is no well workload, and no exit code says so.
    QCOMPARE(warned.exitCode, 1);
    const Outcome told = ctl({ QStringLiteral("status"), QStringLiteral("-o"), QStringLiteral("json") });
    QCOMPARE(told.json[u"health"].toString(), QStringLiteral("failed"));
    QCOMPARE(told.json[u"restores"].toArray().size(), 1);
    QString left;
    for (const QJsonValue &condition : told.json[u"clusters"][0][u"conditions"].toArray())
        if (condition[u"subject"].toString() == u"default/helloworld-v1")
            left = condition[u"health"].toString() + u' ' + condition[u"reason"].toString();
    QVERIFY2(left.startsWith(u"failed") && left.contains(u"left it at 0 replicas, it had 1"), qPrintable(left));
    const Outcome refused = ctl({ QStringLiteral("drill"), QStringLiteral("run"), QStringLiteral("workload-failover") });
    QCOMPARE(refused.exitCode, 1);
    const Outcome unable
        = ctlAsViewer({ QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("-o"), QStringLiteral("json") });
    QVERIFY(unable.exitCode != 0);
    QVERIFY2(unable.standardError.contains("cluster-1 does not allow: patch deployments.apps in namespace default"), unable.standardError);
    QCOMPARE(unable.json[u"restored"].toBool(true), false);
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 0);
    const QString mark = markOf(1, QStringLiteral("deployment/helloworld-v1"));
    QVERIFY2(mark.contains(QStringLiteral("\"replicas\":1")), qPrintable(mark));
    // A journal that cannot be written, and one that is damaged, are enough to put things back; that they could not be told is said.
    const QStringList restore { QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("-o"), QStringLiteral("json") };
    const auto restoresAndSays = [&](const Outcome &outcome, const char *why) {
        QVERIFY2(outcome.exitCode == 0, outcome.standardOutput + outcome.standardError);
        QVERIFY(outcome.json[u"restored"].toBool());
        QVERIFY2(outcome.json[u"journal"].toString().contains(QLatin1String(why)), outcome.standardOutput);
        QVERIFY2(outcome.standardError.contains("will offer this restore again"), outcome.standardError);
        QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 1);
        QVERIFY(markOf(1, QStringLiteral("deployment/helloworld-v1")).isEmpty());
        QVERIFY(kubectl(1, { QStringLiteral("scale"), QStringLiteral("deploy/helloworld-v1"), QStringLiteral("--replicas=0") }));
        QVERIFY(kubectl(
            1, { QStringLiteral("annotate"), QStringLiteral("deploy/helloworld-v1"), QStringLiteral("catamaran.io/fault=") + mark }));
    };
    QFile journal(database());
    QVERIFY(journal.setPermissions(QFile::ReadOwner));
    const Outcome history = ctlWithoutPowers({ QStringLiteral("drill"), QStringLiteral("history") });
    QVERIFY2(history.exitCode == 0 && history.standardError.contains("can only be read"), history.standardError);
    restoresAndSays(ctlWithoutPowers(restore), "cannot be written");
    QVERIFY(journal.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    const qint64 page = sqlite(QStringLiteral("SELECT rootpage FROM sqlite_master WHERE name = 'document_kind'")).toLongLong();
    QVERIFY(page > 1 && journal.open(QIODevice::ReadWrite) && journal.seek((page - 1) * 4096));
    const QByteArray whole = journal.read(4096);
    QVERIFY(journal.seek((page - 1) * 4096) && journal.write(QByteArray(4096, '\xa5')) == 4096 && journal.flush());
    restoresAndSays(ctl(restore), "damaged");
    QVERIFY(journal.seek((page - 1) * 4096) && journal.write(whole) == 4096);
    journal.close();

    const Outcome restored = ctl(restore);
    QVERIFY2(!restored.standardError.contains("does not allow"), restored.standardError);
    QVERIFY2(restored.exitCode == 0, restored.standardOutput + restored.standardError);
    QCOMPARE(restored.json[u"restored"].toBool(), true);
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 1);
    QVERIFY(markOf(1, QStringLiteral("deployment/helloworld-v1")).isEmpty());
    const Outcome twice = ctl({ QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("-o"), QStringLiteral("json") });
    QCOMPARE(twice.exitCode, 0);
    QVERIFY(twice.json[u"outcomes"].toArray().isEmpty());
}

void CtlTest::stoppedDrillRestoresAtOnce_data()
{
    QTest::addColumn<bool>("journal");
    QTest::newRow("with its journal") << true;
    QTest::newRow("with a journal that somebody has locked meanwhile") << false;
}

void CtlTest::stoppedDrillRestoresAtOnce()
{
    QFETCH(bool, journal);
    applyFleet();
    QProcess process;
    const QByteArray said = beginFailover(process);
    std::optional<Lock> lock;
    if (!journal) {
        lock.emplace(database(), false);
        QVERIFY(lock->held);
    }
    process.terminate();
    Outcome stopped = finished(process, 60000);
    stopped.standardError.prepend(said);
    QVERIFY2(journal || stopped.json[u"reason"].toString().contains(QStringLiteral("the journal could not be told")),
        stopped.standardOutput.left(2000));
    QCOMPARE(stopped.exitCode, 4);
    QCOMPARE(stopped.json[u"verdict"].toString(), QStringLiteral("aborted"));
    QVERIFY(stopped.json[u"recovery_ms"].toInt(-1) != 0); // it was stopped before anybody knew
    QCOMPARE(stopped.json[u"restored"].toBool(), true);
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 1);
}

void CtlTest::killedDrillIsRestoredFromElsewhere_data()
{
    QTest::addColumn<QString>("drill");
    QTest::newRow("a workload at 0") << QStringLiteral("workload-failover");
    QTest::newRow("a client that was moved") << QStringLiteral("move-client");
}

void CtlTest::killedDrillIsRestoredFromElsewhere()
{
    QFETCH(QString, drill);
    applyFleet();
    const bool moves = drill == u"move-client";
    const QString broken = moves ? QStringLiteral("sleep") : QStringLiteral("helloworld-v1");
    breakAndKill(drill);
    if (QTest::currentTestFailed())
        return;
    QCOMPARE(replicas(1, broken), 0);
    QVERIFY(!moves || exists(2, QStringLiteral("serviceaccount/sleep")));

    // A journal that knows nothing of it finds the marks.
    const Outcome told = ctlElsewhere({ QStringLiteral("status"), QStringLiteral("-o"), QStringLiteral("json") });
    QCOMPARE(told.exitCode, 1);
    QCOMPARE(told.json[u"restores"].toArray().size(), 1);
    const QString reason = told.json[u"restores"][0][u"reason"].toString() + told.json[u"restores"][0][u"evidence"].toString();
    QVERIFY2(reason.contains(drill) && reason.contains(QStringLiteral("process "))
            && reason.contains(QStringLiteral("cluster-1/default/") + broken + QStringLiteral(" had 1 replicas")),
        qPrintable(reason));
    const Outcome restored
        = ctlElsewhere({ QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("-o"), QStringLiteral("json") });
    QVERIFY2(restored.exitCode == 0, restored.standardOutput + restored.standardError);
    QCOMPARE(restored.json[u"outcomes"].toArray().size(), moves ? 4 : 1);
    QCOMPARE(replicas(1, broken), 1);
    QVERIFY(markOf(1, QStringLiteral("deployment/") + broken).isEmpty());
    for (const char *made : { "deployment/sleep", "service/sleep", "serviceaccount/sleep" })
        QVERIFY2(!exists(2, QLatin1String(made)), made);
    const Outcome again = ctlElsewhere({ QStringLiteral("drill"), QStringLiteral("restore") });
    QVERIFY2(again.exitCode == 0 && again.standardOutput.contains("Nothing"), again.standardOutput);
    // And the journal of the drill sees that it is as it was.
    const Outcome own = ctl({ QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("-o"), QStringLiteral("json") });
    QVERIFY2(own.exitCode == 0 && own.json[u"restored"].toBool(), own.standardOutput + own.standardError);
    QVERIFY(ctl({ QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("-o"), QStringLiteral("json") })
                .json[u"outcomes"]
                .toArray()
                .isEmpty());
    bothVersionsAnswer(verify(40), 40);
}

void CtlTest::anotherMachinesDrillIsAskedAbout()
{
    applyFleet();
    breakAndKill(QStringLiteral("workload-failover"));
    if (QTest::currentTestFailed())
        return;
    const QString deployment = QStringLiteral("deployment/helloworld-v1");
    QJsonObject mark = QJsonDocument::fromJson(markOf(1, deployment).toUtf8()).object(), by = mark[u"by"].toObject();
    by[u"host"] = QStringLiteral("atlas");
    mark[u"by"] = by;
    QVERIFY(kubectl(1,
        { QStringLiteral("annotate"), QStringLiteral("--overwrite"), deployment,
            QStringLiteral("catamaran.io/fault=") + QString::fromUtf8(QJsonDocument(mark).toJson(QJsonDocument::Compact)) }));
    const QStringList restore { QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("-o"), QStringLiteral("json") };
    const Outcome asked = ctlElsewhere(restore);
    QCOMPARE(asked.exitCode, 1);
    QCOMPARE(asked.json[u"restored"].toBool(true), false);
    QCOMPARE(asked.json[u"asked"][0][u"drill"].toString(), QStringLiteral("workload-failover"));
    QVERIFY2(asked.json[u"asked"][0][u"owner"].toString().endsWith(QStringLiteral(" on atlas")), asked.standardOutput);
    QVERIFY2(asked.standardError.contains("drill restore --yes"), asked.standardError);
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 0);
    // A drill on it is not begun either.
    const Outcome refused = ctlElsewhere({ QStringLiteral("drill"), QStringLiteral("run"), QStringLiteral("workload-failover") });
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.standardError.contains("bears the mark of a fault of the drill “workload-failover”"), refused.standardError);
    const Outcome restored = ctlElsewhere(restore + QStringList { QStringLiteral("--yes") });
    QVERIFY2(restored.exitCode == 0, restored.standardOutput + restored.standardError);
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 1);
    QVERIFY(markOf(1, deployment).isEmpty());
    // A mark that nobody can read is told, not passed over.
    QVERIFY(kubectl(1, { QStringLiteral("annotate"), deployment, QStringLiteral("catamaran.io/fault=once upon a time") }));
    const Outcome unreadable = ctlElsewhere(restore);
    QCOMPARE(unreadable.exitCode, 1);
    QCOMPARE(unreadable.json[u"unseen"].toArray().size(), 1);
    QVERIFY2(unreadable.standardError.contains("helloworld-v1") && unreadable.standardError.contains("once upon a time"),
        unreadable.standardError);
    QVERIFY(kubectl(1, { QStringLiteral("annotate"), deployment, QStringLiteral("catamaran.io/fault-") }));
    // What cannot be searched is not "nothing".
    QVERIFY(m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), QStringLiteral("cluster-2") }).ok());
    const Outcome silent = ctlElsewhere(restore);
    QCOMPARE(silent.exitCode, 3);
    QCOMPARE(silent.json[u"unseen"].toArray().size(), 1);
    QVERIFY2(silent.standardError.contains("cluster-2"), silent.standardError);
}

void CtlTest::aRunningDrillIsRestoredByNobodyElse()
{
    applyFleet();
    QProcess process;
    (void)beginFailover(process);
    const QByteArray pid = QByteArray::number(process.processId());
    const QStringList restore { QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("-o"), QStringLiteral("json") };
    // By its own journal, and by the marks on the objects for a journal that knows nothing; also when one insists.
    for (const bool elsewhere : { false, true }) {
        const Outcome refused = elsewhere ? ctlElsewhere(restore + QStringList { QStringLiteral("--yes") }) : ctl(restore);
        QCOMPARE(refused.exitCode, 1);
        const QString why = refused.json[u"outcomes"][0][u"proof"].toString();
        QVERIFY2(why.contains(QStringLiteral("workload-failover")) && why.contains(QStringLiteral("process ") + QString::fromLatin1(pid))
                && why.contains(QStringLiteral(" 20")),
            qPrintable(why));
        QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 0);
    }
    const Outcome second = ctl({ QStringLiteral("drill"), QStringLiteral("run"), QStringLiteral("workload-failover") });
    QCOMPARE(second.exitCode, 1);
    QVERIFY2(second.standardError.contains("holds it since") && second.standardError.contains(pid), second.standardError);
    const Outcome ended = finished(process, 60000);
    QVERIFY2(ended.exitCode == 0, ended.standardOutput.left(2000) + ended.standardError);
    QCOMPARE(ended.json[u"verdict"].toString(), QStringLiteral("pass"));
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 1);

    // The fault's PATCH once more, as it went out: delayed somewhere on its way. It undoes no restore.
    const QString seen = sqlite(
        QStringLiteral("SELECT seen FROM event e JOIN execution x ON x.id = e.execution WHERE x.purpose = 'drill' AND e.state = 'intent'"))
                             .toString();
    const QString version = QJsonDocument::fromJson(seen.toUtf8())[u"version"].toString();
    QVERIFY2(!version.isEmpty(), qPrintable(seen));
    const auto late = m_lab.run(QStringLiteral("kubectl"),
        { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(1), QStringLiteral("patch"), QStringLiteral("deployment"),
            QStringLiteral("helloworld-v1"), QStringLiteral("--type=merge"), QStringLiteral("-p"),
            QStringLiteral(R"({"metadata":{"resourceVersion":"%1"},"spec":{"replicas":0}})").arg(version) });
    QVERIFY2(!late.ok() && late.standardError.contains("Conflict"), late.standardError);
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 1);
}

void CtlTest::whatAnEarlierVersionKeptIsRestored()
{
    applyFleet();
    QVERIFY(kubectl(1, { QStringLiteral("scale"), QStringLiteral("deploy/sleep"), QStringLiteral("--replicas=0") }));
    QVERIFY(kubectl(2,
        { QStringLiteral("apply"), QStringLiteral("--server-side"), QStringLiteral("--field-manager=catamaran"), QStringLiteral("-f"),
            source("resources/manifests/sleep-standalone.yaml") }));
    const auto keep = [&](const char *actions) {
        (void)sqlite(QStringLiteral(
            "INSERT INTO execution (uid, at, environment, purpose, name, plan, undoes, state, host, boot, pid, started, heartbeat, ended) SELECT lower(hex(randomblob(16))), 1000, environment, "
            "'drill', 'move-client', '%1', 0, 'undo-due', '', '', 0, 0, 0, 1000 FROM execution LIMIT 1 RETURNING id")
                         .arg(QLatin1String(actions)));
    };
    keep(R"({"restore":[{"action":"scale","cluster":"cluster-1","namespace":"default","deployment":"sleep","replicas":1},)"
         R"({"action":"delete","cluster":"cluster-2","namespace":"default","apiVersion":"apps/v1","kind":"Deployment","name":"sleep"},)"
         R"({"action":"delete","cluster":"cluster-2","namespace":"default","apiVersion":"v1","kind":"Service","name":"sleep"}]})");
    const QStringList restore { QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("-o"), QStringLiteral("json") };
    const Outcome restored = ctl(restore);
    QVERIFY2(restored.exitCode == 0, restored.standardOutput + restored.standardError);
    QCOMPARE(restored.json[u"outcomes"].toArray().size(), 3);
    QCOMPARE(replicas(1, QStringLiteral("sleep")), 1);
    QVERIFY(!exists(2, QStringLiteral("deployment/sleep")) && !exists(2, QStringLiteral("service/sleep"))
        && exists(2, QStringLiteral("serviceaccount/sleep")));

    // An object that is gone, and a list that nobody can read: said, and given up one by one.
    keep(R"({"restore":[{"action":"scale","cluster":"cluster-1","namespace":"default","deployment":"never-was","replicas":2}]})");
    keep(R"({"restore":[{"action":"reboot","cluster":"cluster-1","namespace":"default"}]})");
    const Outcome unable = ctl(restore);
    QCOMPARE(unable.exitCode, 1);
    QCOMPARE(unable.json[u"outcomes"].toArray().size(), 2);
    QVERIFY2(unable.standardError.contains("--give-up"), unable.standardError);
    QCOMPARE(ctl({ QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("--give-up"), QStringLiteral("1") }).exitCode, 2);
    for (const QJsonValue &outcome : unable.json[u"outcomes"].toArray()) {
        const QString step = outcome[u"step"].toString();
        const Outcome given = ctl({ QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("--give-up"),
            QString::number(outcome[u"execution"].toInt()) + (step.isEmpty() ? QString() : u'/' + step), QStringLiteral("--reason"),
            QStringLiteral("moved away for good") });
        QVERIFY2(given.exitCode == 0, given.standardOutput + given.standardError);
    }
    QCOMPARE(sqlite(QStringLiteral("SELECT count(*) FROM event WHERE state = 'given-up' AND answer = 'moved away for good'")).toInt(), 2);
    const Outcome nothing = ctl(restore);
    QVERIFY2(nothing.exitCode == 0 && nothing.json[u"outcomes"].toArray().isEmpty(), nothing.standardOutput);

    // A cluster that is down keeps nothing elsewhere from being put back, and what is there stays due.
    QVERIFY(kubectl(1, { QStringLiteral("scale"), QStringLiteral("deploy/sleep"), QStringLiteral("--replicas=0") }));
    keep(R"({"restore":[{"action":"scale","cluster":"cluster-1","namespace":"default","deployment":"sleep","replicas":1},)"
         R"({"action":"scale","cluster":"cluster-2","namespace":"default","deployment":"helloworld-v2","replicas":2}]})");
    QVERIFY(m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), QStringLiteral("cluster-2") }).ok());
    const Outcome half = ctl(restore);
    QCOMPARE(half.exitCode, 1);
    QCOMPARE(replicas(1, QStringLiteral("sleep")), 1);
    QVERIFY(m_lab.ctl({ QStringLiteral("start"), QStringLiteral("api-server"), QStringLiteral("cluster-2") }).ok());
    const Outcome whole = ctl(restore);
    QVERIFY2(whole.exitCode == 0, whole.standardOutput + whole.standardError);
    QCOMPARE(replicas(2, QStringLiteral("helloworld-v2")), 2);
}

void CtlTest::drillWhoseFaultIsUndoneNeverPasses_data()
{
    QTest::addColumn<int>("others");
    QTest::newRow("to the number that was there") << 1;
    QTest::newRow("to another number") << 2;
}

void CtlTest::drillWhoseFaultIsUndoneNeverPasses()
{
    QFETCH(int, others);
    applyFleet();
    QProcess process;
    (void)beginFailover(process);
    QVERIFY(kubectl(1, { QStringLiteral("scale"), QStringLiteral("deploy/helloworld-v1"), QStringLiteral("--replicas=%1").arg(others) }));
    const Outcome ended = finished(process, 30000);
    QCOMPARE(ended.json[u"verdict"].toString(), QStringLiteral("aborted"));
    const QString reason = ended.json[u"reason"].toString();
    QVERIFY2(
        QRegularExpression(
            QStringLiteral("the fault did not hold: somebody set replicas to %1 after [\\d.]+ s \\(field manager kubectl\\)").arg(others))
            .match(reason)
            .hasMatch(),
        qPrintable(reason));
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), others);
    if (others == 1) { // what is left is our mark
        QCOMPARE(ended.exitCode, 4);
        QCOMPARE(ended.json[u"restored"].toBool(), true);
        QVERIFY(markOf(1, QStringLiteral("deployment/helloworld-v1")).isEmpty());
        return;
    }
    // What somebody else has made of it is not taken from them: said with both states, and left for the user.
    QCOMPARE(ended.exitCode, 1);
    QCOMPARE(ended.json[u"restored"].toBool(true), false);
    const QString proof = ended.json[u"restore_proof"][0].toString();
    QVERIFY2(proof.contains(QStringLiteral("replicas was 1 and is 2")), qPrintable(proof));
    const QStringList restore { QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("-o"), QStringLiteral("json") };
    const Outcome refused = ctl(restore);
    QCOMPARE(refused.exitCode, 1);
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 2);
    const QJsonValue outcome = refused.json[u"outcomes"][0];
    const QString what = QString::number(outcome[u"execution"].toInt()) + u'/' + outcome[u"step"].toString();
    QVERIFY2(refused.standardError.contains("drill restore --give-up " + what.toUtf8()), refused.standardError);
    const Outcome given = ctl({ QStringLiteral("drill"), QStringLiteral("restore"), QStringLiteral("--give-up"), what,
        QStringLiteral("--reason"), QStringLiteral("the autoscaler has it now") });
    QVERIFY2(given.exitCode == 0, given.standardOutput + given.standardError);
    QCOMPARE(sqlite(QStringLiteral("SELECT answer FROM event WHERE state = 'given-up'")).toString(),
        QStringLiteral("the autoscaler has it now"));
    QVERIFY(markOf(1, QStringLiteral("deployment/helloworld-v1")).isEmpty());
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 2);
    const Outcome nothing = ctl(restore);
    QVERIFY2(nothing.exitCode == 0 && nothing.json[u"outcomes"].toArray().isEmpty(), nothing.standardOutput);
    // It keeps no later drill waiting.
    const Outcome later = ctl({ QStringLiteral("drill"), QStringLiteral("run"), QStringLiteral("workload-failover"), QStringLiteral("-o"),
        QStringLiteral("json") });
    QVERIFY2(later.exitCode == 0, later.standardOutput.left(2000) + later.standardError);
    QCOMPARE(replicas(1, QStringLiteral("helloworld-v1")), 2);
}

void CtlTest::containerIsChosenAndNamed()
{
    applyFleet();
    Outcome verified = verify(4);
    QVERIFY2(verified.exitCode == 0, verified.standardError);
    QCOMPARE(verified.json[u"container"].toString(), QStringLiteral("sleep"));
    verified = verify(4, QStringLiteral("cluster-1/default/sleep"), { QStringLiteral("--container"), QStringLiteral("sleep") });
    QCOMPARE(verified.exitCode, 0);
    const Outcome none = verify(4, QStringLiteral("cluster-1/default/sleep"), { QStringLiteral("--container"), QStringLiteral("shipper") });
    QCOMPARE(none.exitCode, 2);
    QVERIFY2(none.standardError.contains("no container") && none.standardError.contains("sleep"), none.standardError);
    QFile drill(m_home.filePath(QStringLiteral("container.yaml"))), whole(source("resources/drills/workload-failover.yaml"));
    QVERIFY(whole.open(QIODevice::ReadOnly) && drill.open(QIODevice::WriteOnly));
    QVERIFY(drill.write(whole.readAll().replace("    rate: 25\n", "    rate: 25\n    container: shipper\n")) > 0);
    drill.close();
    QElapsedTimer timer;
    timer.start();
    const Outcome refused = ctl({ QStringLiteral("drill"), QStringLiteral("run"), drill.fileName() });
    QCOMPARE(refused.exitCode, 2); // nothing was broken
    QVERIFY2(refused.standardError.contains("no container"), refused.standardError);
    QVERIFY2(timer.elapsed() < 15000, "waiting makes no container");
}

void CtlTest::longRunsKeepTheirFigures()
{
    // More than is kept one by one; the figures are of every request.
    applyFleet();
    const int many = 25'000;
    const Outcome verified = verify(many, QStringLiteral("cluster-1/default/sleep"), { QStringLiteral("--keep-alive") });
    QVERIFY2(verified.exitCode == 0, verified.standardError);
    const QJsonArray samples = verified.json[u"samples"].toArray();
    QCOMPARE(verified.json[u"requests"].toInt(), many);
    QCOMPARE(verified.json[u"ok"].toInt(), many);
    QCOMPARE(verified.json[u"versions"][u"v1"].toInt() + verified.json[u"versions"][u"v2"].toInt(), many);
    QVERIFY(samples.size() < many);
    QCOMPARE(verified.json[u"samples_left_out"].toInt(), many - int(samples.size()));
    QCOMPARE(samples.last()[u"index"].toInt(), many - 1);
    QCOMPARE(verified.json[u"latency_within_percent"].toDouble(-1), 0.0);
}

void CtlTest::podThatDisappearsEndsTheRun()
{
    applyFleet();
    QProcess process;
    prepare(process);
    process.start(program(),
        common()
            + QStringList { QStringLiteral("verify"), QStringLiteral("--from"), QStringLiteral("cluster-1/default/sleep"),
                QStringLiteral("--duration"), QStringLiteral("60s"), QStringLiteral("--rate"), QStringLiteral("50"), QStringLiteral("-o"),
                QStringLiteral("json") });
    QByteArray said;
    const auto sending = [&] {
        process.waitForReadyRead(50);
        said += process.readAllStandardError();
        return said.contains("sending");
    };
    QTRY_VERIFY2_WITH_TIMEOUT(sending(), said, 20000);
    // Requests are under way when the target has seen one; half a second of them is enough for the rest.
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 1500 && !process.waitForFinished(100)) { }
    QVERIFY(m_lab
                .run(QStringLiteral("kubectl"),
                    { QStringLiteral("--kubeconfig"), m_lab.kubeconfig(1), QStringLiteral("scale"), QStringLiteral("deploy/sleep"),
                        QStringLiteral("--replicas=0") })
                .ok());
    const Outcome ended = finished(process, 30000);
    QCOMPARE(ended.exitCode, 1);
    QVERIFY2(ended.json[u"error"][u"text"].toString().contains(QStringLiteral("disappeared")), ended.standardError);
    QVERIFY(ended.json[u"requests"].toInt() > 0);
}

QTEST_GUILESS_MAIN(CtlTest)
#include "tst_ctl.moc"
