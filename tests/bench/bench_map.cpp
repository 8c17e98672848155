// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/helperprocess.h"
#include "bench/largefleet.h"
#include "ui/topology/topologyview.h"

#include <QTest>

#include <algorithm>

using namespace catamaran;

/// What the map costs the thread of the window, by the size of the fleet. CATAMARAN_BENCH_CLUSTERS is the largest;
/// CATAMARAN_PICTURES names a folder for pictures of each.
class BenchMap : public QObject {
    Q_OBJECT

    /// Processor milliseconds of this thread: the least of some rounds, whatever else the machine does.
    template <typename Work> static double least(int rounds, Work work)
    {
        double best = 1e9;
        for (int i = 0; i < rounds; ++i) {
            const double before = threadSeconds();
            work(i);
            best = std::min(best, (threadSeconds() - before) * 1000);
        }
        return best;
    }

private slots:
    void costsByClusters()
    {
        const int most = std::max(25, qEnvironmentVariableIntValue("CATAMARAN_BENCH_CLUSTERS"));
        double layoutAtHundred = 0;
        for (const int clusters : { 25, 100, 300, 400, 1000 }) {
            if (clusters > most)
                break;
            observe::ObservedFleet fleet = bench::largeFleet(clusters);
            observe::FleetView view(fleet);
            const double index = least(3, [&](int) { view = observe::FleetView(fleet); });
            ui::FleetLayout layout;
            const double laid = least(3, [&](int) { layout = ui::layoutFleet(view, { 1280, 820 }); });
            if (clusters == 100)
                layoutAtHundred = laid;
            truth::Matrix matrix;
            const QDateTime now = QDateTime::currentDateTimeUtc();
            const double judged = least(1, [&](int) { matrix = truth::judge(fleet, {}, {}, now); });
            ui::TopologyView map;
            map.resize(1280, 820);
            map.show();
            QVERIFY(QTest::qWaitForWindowExposed(&map));
            const double first = least(1, [&](int) {
                map.setMatrix(matrix);
                map.setFleet(view);
            });
            QPixmap picture;
            const double painted = least(1, [&](int) { picture = map.grab(); });
            if (const QString folder = qEnvironmentVariable("CATAMARAN_PICTURES"); !folder.isEmpty())
                picture.save(QStringLiteral("%1/map-%2.png").arg(folder).arg(clusters));
            const auto next = [&](int round) {
                fleet.clusters[clusters / 2].workloads[3].ready = round % 3;
                return observe::FleetView(fleet);
            };
            double delta = 1e9, followed = 1e9;
            for (int round = 0; round < 20; ++round) {
                const observe::FleetView after = next(round);
                observe::FleetDelta what;
                delta = std::min(delta, least(1, [&](int) { what = observe::deltaOf(view, after); }));
                followed = std::min(followed, least(1, [&](int) { map.follow(after, what); }));
                view = after;
            }
            qInfo("%4d clusters, %lld nodes, %lld links: index %.1f ms, delta %.1f ms, matrix %.0f ms, none of it in the window's thread",
                clusters, static_cast<long long>(layout.nodes.size()), static_cast<long long>(layout.links.size()), index, delta, judged);
            qInfo(
                "%4d clusters: layout %.1f ms%s (goal at 400: 500 ms), first showing %.1f ms, painting all %.0f ms, one changed pod %.2f ms (goal: 2 ms)",
                clusters, laid,
                layoutAtHundred > 0 ? qPrintable(QStringLiteral(", %1 times that of 100").arg(laid / layoutAtHundred, 0, 'f', 1)) : "",
                first, painted, followed);
        }
    }
};

QTEST_MAIN(BenchMap)
#include "bench_map.moc"
