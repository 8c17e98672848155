// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "support/labprocess.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using catamaran::tests::LabProcess;

/// The program catamaran-lab: its files, its end, its control commands.
class tst_LabProgram : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void filesAndReadyLine();
    void manyClusters();
    void aFleetOfAsManyMeshes();
    void endsCleanlyAndStartsAgain();
    void oneRangePerFolder();
    void aFolderOfOthersIsRefused_data();
    void aFolderOfOthersIsRefused();
    void rangesSideBySide();
    void diesWithItsParent();
    void faults_data();
    void faults();
    void explainsItself();
    void badArguments_data();
    void badArguments();
    void deepFolder();
};

void tst_LabProgram::initTestCase()
{
    if (LabProcess::program().isEmpty())
        QSKIP("catamaran-lab is not built");
}

void tst_LabProgram::filesAndReadyLine()
{
    LabProcess lab;
    QVERIFY2(lab.start(), qPrintable(lab.errorText()));
    QCOMPARE(lab.ready().value(u"env").toString(), lab.environmentFile());
    QCOMPARE(lab.ready().value(u"ca").toString(), lab.caFile());
    QCOMPARE(lab.ready().value(u"kubeconfigs").toArray(), QJsonArray({ lab.kubeconfig(1), lab.kubeconfig(2) }));
    const auto all
        = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeUser;
    for (const QString &file : { lab.environmentFile(), lab.caFile(), lab.kubeconfig(1), lab.kubeconfig(2),
             lab.directory() + QStringLiteral("/access-key-secret") }) {
        QVERIFY2(QFileInfo(file).size() > 0, qPrintable(file));
        QVERIFY2(!(QFileInfo(file).permissions() & all), qPrintable(file));
    }
    QVERIFY(QDir(lab.directory()).entryList({ QStringLiteral("*.new") }).isEmpty());
}

void tst_LabProgram::manyClusters()
{
    LabProcess lab;
    QElapsedTimer timer;
    timer.start();
    QVERIFY2(lab.start({ QStringLiteral("--clusters"), QStringLiteral("300"), QStringLiteral("--meshes"), QStringLiteral("100") }, 120000),
        qPrintable(lab.errorText()));
    qInfo("300 clusters are ready after %lld ms", timer.elapsed());
    QCOMPARE(lab.ready().value(u"clusters").toInt(), 300);
    QCOMPARE(lab.ready().value(u"meshes").toInt(), 100);
    QCOMPARE(lab.ready().value(u"kubeconfigs").toArray().size(), 300);
    QCOMPARE(lab.ready().value(u"networks").toArray().last().toString(), QStringLiteral("network300"));
    QVERIFY(!lab.ready().contains(u"fleet")); // nobody could read it
    QSet<QByteArray> nodes;
    for (const int number : { 1, 9, 10, 299, 300 }) {
        const auto got = lab.run(QStringLiteral("kubectl"),
            { QStringLiteral("--kubeconfig"), lab.kubeconfig(number), QStringLiteral("get"), QStringLiteral("nodes"), QStringLiteral("-o"),
                QStringLiteral("name") });
        QVERIFY2(got.ok(), got.standardError);
        nodes += got.standardOutput;
    }
    QCOMPARE(nodes.size(), 5);
    QVERIFY(lab.ctl({ QStringLiteral("partition"), QStringLiteral("network1"), QStringLiteral("network300") }).ok());
    QVERIFY(lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), QStringLiteral("cluster-300") }).ok());
    QCOMPARE(lab.stop(), 0);
}

void tst_LabProgram::aFleetOfAsManyMeshes()
{
    LabProcess lab;
    QVERIFY2(lab.start({ QStringLiteral("--clusters"), QStringLiteral("3"), QStringLiteral("--meshes"), QStringLiteral("9") }),
        qPrintable(lab.errorText()));
    QCOMPARE(lab.ready().value(u"meshes").toInt(), 3); // each manages one at least
    QFile file(lab.ready().value(u"fleet").toString());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QCOMPARE(text.count("mode: managed"), 3);
    QCOMPARE(text.count("mode: discovery-only"), 6);
    for (const char *line :
        { "{ mesh: mesh-3, cluster: cluster-3, mode: managed }", "{ mesh: mesh-1, cluster: cluster-3, mode: discovery-only }",
            "{ cluster: cluster-2, namespace: default, manifest: helloworld-v2 }" })
        QVERIFY2(text.contains(line), text.constData());
}

void tst_LabProgram::endsCleanlyAndStartsAgain()
{
    LabProcess lab;
    for (int round = 0; round < 2; ++round) {
        QVERIFY2(lab.start(), qPrintable(lab.errorText()));
        QVERIFY(QFileInfo::exists(lab.directory() + QStringLiteral("/control.sock")));
        QCOMPARE(lab.stop(), 0);
        QVERIFY(!QFileInfo::exists(lab.directory() + QStringLiteral("/control.sock")));
    }
}

void tst_LabProgram::oneRangePerFolder()
{
    LabProcess lab;
    QVERIFY2(lab.start(), qPrintable(lab.errorText()));
    const auto second = lab.run(LabProcess::program(), { QStringLiteral("--dir"), lab.directory() });
    QCOMPARE(second.exitCode, 3);
    QVERIFY2(second.standardError.contains("running in"), second.standardError.constData());
    QVERIFY(lab.ctl({ QStringLiteral("heal"), QStringLiteral("network1"), QStringLiteral("network2") }).ok());
}

void tst_LabProgram::aFolderOfOthersIsRefused_data()
{
    QTest::addColumn<uint>("mode");
    QTest::addColumn<bool>("foreign");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("others may read it") << 0755u << false << 0;
    QTest::newRow("others may write it") << 0777u << false << 3;
    QTest::newRow("a common folder") << 01777u << false << 3;
    QTest::newRow("another user's") << 0700u << true << 3;
}

void tst_LabProgram::aFolderOfOthersIsRefused()
{
    QFETCH(uint, mode);
    QFETCH(bool, foreign);
    QFETCH(int, exitCode);
    if (foreign && ::geteuid() != 0)
        QSKIP("only root can make folders of others");
    QTemporaryDir directory;
    const QByteArray path = directory.path().toUtf8();
    QCOMPARE(::chmod(path.constData(), mode), 0);
    if (foreign)
        QCOMPARE(::chown(path.constData(), 65534, gid_t(-1)), 0);
    QProcess process;
    process.start(LabProcess::program(), { QStringLiteral("--dir"), directory.path(), QStringLiteral("--die-with-parent") });
    if (exitCode == 0) {
        QVERIFY(process.waitForReadyRead(10000));
        process.closeWriteChannel();
    }
    QVERIFY(process.waitForFinished(10000));
    QCOMPARE(process.exitCode(), exitCode);
    struct stat found { };
    QCOMPARE(::stat(path.constData(), &found), 0);
    QCOMPARE(uint(found.st_mode & 07777), mode); // it stays as it was
    if (exitCode == 0)
        return;
    const QByteArray said = process.readAllStandardError();
    QVERIFY2(said.contains("cannot be used") && said.contains("--dir"), said.constData());
    QVERIFY(QDir(directory.path()).isEmpty());
}

void tst_LabProgram::rangesSideBySide()
{
    LabProcess one, two;
    QVERIFY2(one.start(), qPrintable(one.errorText()));
    QVERIFY2(two.start(), qPrintable(two.errorText()));
    QVERIFY(one.ready().value(u"cloud") != two.ready().value(u"cloud"));
}

void tst_LabProgram::diesWithItsParent()
{
    QTemporaryDir directory;
    QProcess process;
    process.start(LabProcess::program(), { QStringLiteral("--dir"), directory.path(), QStringLiteral("--die-with-parent") });
    QVERIFY(process.waitForReadyRead(10000));
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(process.exitCode(), 0);
}

void tst_LabProgram::faults_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *words, int exitCode, const char *says) {
        QTest::newRow(words) << QString::fromLatin1(words) << exitCode << QString::fromLatin1(says);
    };
    row("partition network1 network2", 0, "are cut");
    row("heal network1 network2", 0, "are joined");
    row("latency network1 network2 30", 0, "30 ms");
    row("latency network1 network2 -1", 2, "milliseconds");
    row("latency network1 network2 many", 2, "milliseconds");
    row("partition network1 network2 reject", 0, "are refused");
    row("partition network1 network2 drop", 0, "are cut");
    row("partition network1 network2 loudly", 2, "drop");
    row("partition network1 network1", 2, "two different");
    row("partition network1 network9", 2, "network1, network2");
    row("stop api-server cluster-1", 0, "is stopped");
    row("start api-server cluster-1", 0, "runs");
    row("stop api-server cluster-9", 2, "cluster-1, cluster-2");
    row("stop gateway cluster-9", 2, "cluster-1, cluster-2");
    row("stop control-plane mesh-9", 2, "Known: none");
    row("stop pod cluster-1/default/nobody", 2, "no pod");
    row("stop pod cluster-1", 2, "CLUSTER/NAMESPACE/POD");
    row("explode", 2, "partition");
}

void tst_LabProgram::faults()
{
    QFETCH(QString, words);
    QFETCH(int, exitCode);
    QFETCH(QString, says);
    LabProcess lab;
    QVERIFY2(lab.start(), qPrintable(lab.errorText()));
    const auto output = lab.ctl(words.split(u' '));
    QCOMPARE(output.exitCode, exitCode);
    const QByteArray &text = exitCode == 0 ? output.standardOutput : output.standardError;
    QVERIFY2(text.contains(says.toUtf8()), text.constData());
    QCOMPARE(text.count('\n'), 1);
}

void tst_LabProgram::badArguments_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("no folder") << QStringList {} << 2;
    QTest::newRow("unknown option") << QStringList { QStringLiteral("--fast") } << 2;
    QTest::newRow("an option that forges a line") << QStringList { QStringLiteral("--fast\n{\"ready\":true}") } << 2;
    QTest::newRow("delay that is no number") << QStringList { QStringLiteral("--dir"), QStringLiteral("x"),
        QStringLiteral("--create-delay"), QStringLiteral("soon") }
                                             << 2;
    for (const auto &[option, number] : { std::pair("--clusters", "0"), std::pair("--clusters", "301"), std::pair("--clusters", "-1"),
             std::pair("--meshes", "101"), std::pair("--meshes", "many") })
        QTest::addRow("%s %s", option, number) << QStringList { QStringLiteral("--dir"), QStringLiteral("x"), QLatin1String(option),
            QLatin1String(number) } << 2;
    QTest::newRow("folder that cannot be made") << QStringList { QStringLiteral("--dir"), QStringLiteral("/proc/range") } << 3;
    QTest::newRow("control without a range") << QStringList { QStringLiteral("ctl"), QStringLiteral("--dir"), QStringLiteral("/nowhere"),
        QStringLiteral("heal") } << 3;
    QTest::newRow("control without a folder") << QStringList { QStringLiteral("ctl"), QStringLiteral("heal") } << 2;
}

void tst_LabProgram::explainsItself()
{
    for (const QStringList &words :
        { QStringList { QStringLiteral("--help") }, QStringList { QStringLiteral("ctl"), QStringLiteral("--help") } }) {
        QProcess process;
        process.start(LabProcess::program(), words);
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.exitCode(), 0);
        QVERIFY(process.readAllStandardOutput().contains("partition NET NET [drop|reject]"));
    }
}

void tst_LabProgram::badArguments()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QProcess process;
    process.start(LabProcess::program(), arguments);
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(process.exitCode(), exitCode);
    QVERIFY(process.readAllStandardOutput().isEmpty());
    const QByteArray said = process.readAllStandardError();
    QVERIFY(said.startsWith("catamaran-lab: "));
    QCOMPARE(said.count('\n'), 1);
}

/// Deeper than a socket address can hold.
void tst_LabProgram::deepFolder()
{
    QTemporaryDir directory;
    const QString deep = directory.path() + u'/' + QString(120, u'd');
    QProcess process;
    process.start(LabProcess::program(), { QStringLiteral("--dir"), deep });
    QVERIFY2(process.waitForReadyRead(10000), process.readAllStandardError().constData());
    QCOMPARE(QFileInfo(deep).permissions() & (QFileDevice::ReadGroup | QFileDevice::ReadOther), QFileDevice::Permissions());
    QProcess control;
    control.start(LabProcess::program(),
        { QStringLiteral("ctl"), QStringLiteral("--dir"), deep, QStringLiteral("heal"), QStringLiteral("network1"),
            QStringLiteral("network2") });
    QVERIFY(control.waitForFinished(60000));
    QCOMPARE(control.exitCode(), 0);
    process.terminate();
    QVERIFY(process.waitForFinished(60000));
}

QTEST_GUILESS_MAIN(tst_LabProgram)
#include "tst_labprogram.moc"
