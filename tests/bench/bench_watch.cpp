// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/helperprocess.h"
#include "bench/podtext.h"
#include "kube/informer.h"
#include "observe/observedfleet.h"
#include "session/session.h"
#include "ui/common/theme.h"
#include "ui/topology/topologyplace.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>

using namespace catamaran;

/// Ten thousand changes a second into the informer whose live fleet the topology canvas shows.
class BenchWatch : public QObject {
    Q_OBJECT
private slots:
    void tenThousandEventsASecond();
};

void BenchWatch::tenThousandEventsASecond()
{
    const int seconds
        = qEnvironmentVariableIsSet("CATAMARAN_BENCH_SECONDS") ? std::max(3, qEnvironmentVariableIntValue("CATAMARAN_BENCH_SECONDS")) : 30;
    constexpr int rate = 10000, pods = 1000;
    const qint64 all = qint64(rate) * seconds;
    QProcess server;
    const QJsonObject ready
        = startServer(server, { QStringLiteral("churn"), QString::number(pods), QString::number(rate), QString::number(seconds) });
    QCOMPARE(ready[u"ports"].toArray().size(), 1);

    QTemporaryDir folder;
    const auto write = [&](const char *name, const QByteArray &text) {
        QFile file(folder.filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    };
    QVERIFY(write("ca.pem", ready[u"ca"].toString().toLatin1()));
    QVERIFY(write("c.kubeconfig",
        "apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters:\n- name: c\n  cluster: {server: \"https://127.0.0.1:"
            + QByteArray::number(ready[u"ports"].toArray().first().toInt())
            + "\", certificate-authority: ca.pem}\nusers:\n- name: u\n  user: {token: bench}\ncontexts:\n- name: c\n  context: {cluster: c, user: u}\n"));
    QVERIFY(write("env.yaml",
        "apiVersion: catamaran.io/v1\nkind: Environment\nmetadata: {name: bench}\nspec:\n  clusters:\n  - name: cluster-1\n    kubeconfig: c.kubeconfig\n"));
    const auto environment = documents::loadEnvironment(folder.filePath(QStringLiteral("env.yaml")));
    QVERIFY2(environment, environment ? "" : qPrintable(environment.error().text()));

    ui::applyTheme(*qApp, ui::Scheme::Light);
    ui::Services services(folder.filePath(QStringLiteral("c.db")), store::makeMemorySecretStore());
    const auto opened = session::Session::open(*environment, services.secrets(), {});
    QTRY_VERIFY_WITH_TIMEOUT(opened.isFinished(), 20000);
    const auto session = opened.result();
    QVERIFY2(session, session ? "" : qPrintable(session.error().text()));

    ui::TopologyPlace place(services);
    place.resize(1280, 800);
    place.show();
    QVERIFY(QTest::qWaitForWindowExposed(&place));
    observe::LiveFleet live(**session);
    int assemblies = 0;
    connect(&live, &observe::LiveFleet::changed, &place, [&](const observe::ObservedFleet &fleet) {
        ++assemblies;
        place.setFleet(fleet);
    });
    const auto informer = (*session)->cluster(QStringLiteral("cluster-1"))->informer(kube::kinds::pods, {});
    quint64 told = 0;
    connect(informer.get(), &kube::Informer::changed, &place,
        [&](const QList<kube::ObjectChange> &changes) { told += quint64(changes.size()); });
    live.start();
    QTRY_VERIFY_WITH_TIMEOUT(informer->eventsSeen() > 0, 20000);

    // A frame is what the user sees change: from one finished paint of the whole map to the next, asked for 60 times a
    // second. Whatever holds the GUI thread up makes one longer.
    std::vector<double> frames, work;
    frames.reserve(std::size_t(seconds) * 70);
    double workedUntil = threadSeconds();
    QElapsedTimer since, clock;
    QTimer painter;
    painter.setTimerType(Qt::PreciseTimer);
    QWidget *canvas = place.map()->viewport();
    connect(&painter, &QTimer::timeout, canvas, [&] {
        canvas->repaint();
        frames.push_back(double(since.nsecsElapsed()) / 1e6);
        since.start();
        // Of it, this thread's own work: what is left when other programs want the machine as well.
        const double worked = threadSeconds();
        work.push_back((worked - workedUntil) * 1000);
        workedUntil = worked;
    });
    since.start();
    painter.start(16);
    clock.start();
    const double guiBefore = threadSeconds(), allBefore = processorSeconds();
    double early = 0;
    QEventLoop loop; // not the test library's waiting: it sleeps in between
    QTimer check;
    connect(&check, &QTimer::timeout, &loop, [&] {
        if (early == 0 && clock.elapsed() >= seconds * 1000 / 3)
            early = residentNow();
        if (informer->eventsSeen() >= quint64(all) || clock.elapsed() > (seconds + 60) * 1000)
            loop.quit();
    });
    check.start(50);
    loop.exec();
    const double took = double(clock.elapsed()) / 1000;
    const double guiSeconds = threadSeconds() - guiBefore, allSeconds = processorSeconds() - allBefore;
    const double late = residentNow();
    const std::vector<double> busy = std::exchange(frames, {}), busyWork = std::exchange(work, {});
    // The yardstick: the same map on the same machine while nothing changes.
    QTimer::singleShot(2000, &loop, &QEventLoop::quit);
    loop.exec();
    painter.stop();

    QCOMPARE(informer->eventsSeen(), quint64(all));
    QTRY_COMPARE(told, quint64(all) + pods); // and the list
    QCOMPARE(informer->objects().size(), pods);
    // Each pod stands at the last of its own changes.
    QMap<QString, QString> versions;
    for (qint64 i = all - pods; i < all; ++i) {
        const int index = int(i % pods);
        versions.insert(
            QStringLiteral("default/app-%1-%2").arg(index % bench::applications).arg(index), QString::number(bench::firstVersion + 1 + i));
    }
    for (auto it = informer->objects().cbegin(); it != informer->objects().cend(); ++it)
        QCOMPARE(it->resourceVersion, versions.value(it.key()));
    QVERIFY(informer->health().state == kube::InformerHealth::State::Live);

    const auto at = [](std::vector<double> of, double part) {
        std::sort(of.begin(), of.end());
        return of.at(std::size_t(double(of.size() - 1) * part));
    };
    qInfo("%lld watch events at %d a second over %.1f s: none lost, final state right; the map was assembled %d times",
        static_cast<long long>(all), rate, took, assemblies);
    qInfo(
        "GUI frames meanwhile: p50 %.1f ms, p95 %.1f ms, p99 %.1f ms of %d (goal: p95 at most 33 ms); without changes: p50 %.1f ms, p95 %.1f ms",
        at(busy, 0.5), at(busy, 0.95), at(busy, 0.99), int(busy.size()), at(frames, 0.5), at(frames, 0.95));
    qInfo("the GUI thread's own work in a frame: p95 %.1f ms, most %.1f ms; without changes: p95 %.1f ms", at(busyWork, 0.95),
        at(busyWork, 1), at(work, 0.95));
    qInfo("the GUI thread worked %.0f %% of the time, the whole process %.2f cores", guiSeconds / took * 100, allSeconds / took);
    qInfo("memory: %.0f MB after a third, %.0f MB at the end: %+.1f %% (goal: flat)", early, late, (late - early) / early * 100);
    endServer(server);
}

QTEST_MAIN(BenchWatch)
#include "bench_watch.moc"
