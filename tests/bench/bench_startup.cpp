// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/figures.h"
#include "support/paths.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

struct Start {
    double milliseconds = 0; ///< from the start of the process to its first painted frame
    double megabytes = 0; ///< resident memory then
};

double residentMegabytes(qint64 pid)
{
    QFile status(QStringLiteral("/proc/%1/status").arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).trimmed().split(' ').value(0).toDouble() / 1024;
    }
    return 0;
}

/// Starts @p program and waits for its line about the first frame; zeros when that does not come.
Start measureStart(const QString &program, const QStringList &arguments, const QString &home)
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
    environment.insert(QStringLiteral("HOME"), home);
    environment.insert(QStringLiteral("XDG_CONFIG_HOME"), home);
    environment.insert(QStringLiteral("XDG_DATA_HOME"), home);
    process.setProcessEnvironment(environment);
    QElapsedTimer timer;
    timer.start();
    process.start(program, arguments);
    Start result;
    while (process.waitForReadyRead(20000)) {
        if (process.readAllStandardOutput().contains("first_frame")) {
            result.milliseconds = double(timer.nsecsElapsed()) / 1e6;
            result.megabytes = residentMegabytes(process.processId());
            break;
        }
    }
    process.kill();
    process.waitForFinished(5000);
    return result;
}

} // namespace

class BenchStartup : public QObject {
    Q_OBJECT
private slots:
    void startToFirstFrameBesideAnEmptyWindow();
};

void BenchStartup::startToFirstFrameBesideAnEmptyWindow()
{
    QTemporaryDir home;
    const QStringList arguments { QStringLiteral("--report-first-frame"), QStringLiteral("--database"),
        home.filePath(QStringLiteral("c.db")) };
    QList<double> ours, theirs, memory, emptyMemory;
    for (int i = 0; i < 31; ++i) { // in turn, so that both see the same machine; often, since single starts differ by a third
        const auto empty = measureStart(catamaran::tests::program(QStringLiteral("bench_emptywindow")), {}, home.path());
        const auto console = measureStart(catamaran::tests::program(QStringLiteral("catamaran")), arguments, home.path());
        QVERIFY2(empty.milliseconds > 0 && console.milliseconds > 0, "a program did not report its first frame");
        theirs += empty.milliseconds;
        ours += console.milliseconds;
        memory += console.megabytes;
        emptyMemory += empty.megabytes;
    }
    qInfo("first frame: catamaran %.0f ms, empty window with a chart view %.0f ms: %.2f times (goal: at most 1.6)", median(ours),
        median(theirs), median(ours) / median(theirs));
    qInfo("memory: catamaran %.0f MB, empty window %.0f MB (goal: at most 120 MB)", median(memory), median(emptyMemory));
}

QTEST_GUILESS_MAIN(BenchStartup)
#include "bench_startup.moc"
