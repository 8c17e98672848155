// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/helperprocess.h"
#include "core/process.h"
#include "findings/watch.h"
#include "support/labprocess.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"
#include "ui/shell/mainwindow.h"
#include "ui/topology/topologyplace.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace catamaran;

/// The window on a large fleet in which nothing happens, beside the same window on nothing. CATAMARAN_BENCH_CLUSTERS=300
/// (and a third as many meshes) is what the goals are for.
class BenchFleet : public QObject {
    Q_OBJECT
private slots:
    void aLargeFleetIsWatched();
};

void BenchFleet::aLargeFleetIsWatched()
{
    core::prepareProcess(); // as the program does
    const int clusters = std::max(2, qEnvironmentVariableIntValue("CATAMARAN_BENCH_CLUSTERS"));
    const int seconds = std::max(5, qEnvironmentVariableIntValue("CATAMARAN_BENCH_SECONDS"));
    const auto threads = [] { return int(QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size()); };
    const auto rest = [](int ms) { // in an event loop of its own: the test library's waiting polls, which would be measured
        QEventLoop loop;
        QTimer::singleShot(ms, &loop, &QEventLoop::quit);
        loop.exec();
    };
    const auto used = [&] {
        QElapsedTimer clock;
        const double before = processorSeconds();
        clock.start();
        rest(seconds * 1000);
        return (processorSeconds() - before) / (double(clock.nsecsElapsed()) / 1e9) * 100;
    };
    QTemporaryDir folder;
    QCoreApplication::setOrganizationName(QStringLiteral("CatamaranTest"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder.path());
    tests::LabProcess lab;
    QVERIFY2(lab.start({ QStringLiteral("--clusters"), QString::number(clusters), QStringLiteral("--meshes"),
                           QString::number(std::max(2, clusters / 3)) },
                 300'000),
        qPrintable(lab.errorText()));
    ui::applyTheme(*qApp, ui::Scheme::Light);
    ui::Services services(folder.filePath(QStringLiteral("x.db")), store::makeMemorySecretStore());
    ui::MainWindow window(services, ui::Scheme::Light);
    window.resize(1280, 820);
    window.show();
    window.showPlace(QStringLiteral("topology"));
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    rest(2000);
    const double emptyMemory = residentNow(), emptyUsed = used();
    const int emptyThreads = threads();

    QElapsedTimer clock;
    clock.start();
    const double processorBefore = processorSeconds(), threadBefore = threadSeconds();
    services.openEnvironment(lab.environmentFile());
    const auto reached = [&] {
        const auto *live = services.live();
        if (!live)
            return qsizetype(0);
        const auto &all = live->fleet().clusters;
        return qsizetype(std::count_if(all.begin(), all.end(), [](const observe::ObservedCluster &one) { return one.reachable; }));
    };
    qint64 first = 0, longest = 0;
    QElapsedTimer turn;
    turn.start();
    while (reached() < clusters && clock.elapsed() < 300'000) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
        longest = std::max(longest, turn.restart());
        if (first == 0 && reached() > 0)
            first = clock.elapsed();
    }
    QCOMPARE(reached(), qsizetype(clusters));
    (void)window.grab();
    const double populated = double(clock.elapsed()) / 1000;
    const double work = processorSeconds() - processorBefore, ownWork = threadSeconds() - threadBefore; // whatever else the machine does
    const int busyThreads = threads();
    // Then control planes are looked for and rules have their objects read, for the first time; what is idle comes after that.
    while ((!services.findings()->judgement() || services.findings()->isReading()) && clock.elapsed() < 300'000)
        rest(200);
    const double everything = double(clock.elapsed()) / 1000, allWork = processorSeconds() - processorBefore;
    rest(10'000);
    const double memory = residentNow(), idle = used();
    qInfo(
        "%d clusters: map populated after %.1f s, its first cluster after %.1f s (goal for 300: at most 5 s); longest turn of the event loop %lld ms",
        clusters, populated, double(first) / 1000, longest);
    qInfo("%d clusters: opening them is %.1f s of a processor, %.1f s of it in the window's thread, %.1f ms a cluster", clusters, work,
        ownWork, ownWork * 1000 / clusters);
    qInfo("%d clusters: all that rules ask for read after %.1f s, with %.1f s of a processor in all", clusters, everything, allWork);
    qInfo("%d clusters: %.0f MB, %.1f times the empty window's %.0f MB, %.2f MB a cluster (goal for 300: at most 600 MB)", clusters, memory,
        memory / emptyMemory, emptyMemory, (memory - emptyMemory) / clusters);
    qInfo("%d clusters: %.1f %% of a core when idle, the empty window %.1f %% (goal for 300: at most 5 %%)", clusters, idle, emptyUsed);
    qInfo("%d clusters: %d threads, %d while opening, the empty window %d (goal for 300: at most 40)", clusters, threads(), busyThreads,
        emptyThreads);
}

QTEST_MAIN(BenchFleet)
#include "bench_fleet.moc"
