// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "figures.h"
#include "fleet/plans.h"
#include "fleet/sessionworld.h"
#include "ops/model.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QTest>

using namespace catamaran;
using namespace catamaran::ops;
using namespace catamaran::tests;

namespace {

/// The graph of a fleet of 100 meshes and 300 clusters: each mesh is made, waited for, given its three clusters and their three
/// neighbours, its networks and its injection; each cluster gets a namespace and two workloads.
Plan largeFleet()
{
    Plan plan;
    const auto add = [&](const QString &id, const QStringList &after, const QString &lane = {}) {
        plan.steps += setStep(id, id, QStringLiteral("wish"), after, lane);
        return id;
    };
    const QString root = add(QStringLiteral("root"), {});
    for (int m = 0; m < 100; ++m) {
        const QString mesh = QStringLiteral("mesh-%1").arg(m);
        QString last = add(mesh + QStringLiteral("-running"), { add(mesh, { root }, mesh) }, mesh);
        for (int member = 0; member < 6; ++member)
            last = add(QStringLiteral("%1-member-%2").arg(mesh).arg(member), { last }, mesh);
        last = add(mesh + QStringLiteral("-networks"), { last }, mesh);
        last = add(mesh + QStringLiteral("-injection"), { last }, mesh);
        for (int c = 3 * m; c < 3 * m + 3; ++c) {
            const QString cluster = QStringLiteral("cluster-%1").arg(c), ns = add(cluster + QStringLiteral("-namespace"), {});
            add(cluster + QStringLiteral("-sleep"), { ns, last });
            add(cluster + QStringLiteral("-helloworld"), { ns, last });
        }
    }
    return plan;
}

/// The same as a document, in a world where nothing of it is there.
documents::FleetDocument largeDocument()
{
    documents::FleetDocument fleet;
    fleet.name = QStringLiteral("large");
    fleet.injectedNamespaces = QStringList { QStringLiteral("shop") };
    const auto cluster = [](int number) { return QStringLiteral("cluster-%1").arg(number % 300); };
    for (int m = 0; m < 100; ++m) {
        const QString mesh = QStringLiteral("mesh-%1").arg(m);
        fleet.meshes.append({ mesh, {} });
        for (int c = 3 * m; c < 3 * m + 3; ++c) {
            fleet.clusters.append({ cluster(c), QStringLiteral("network%1").arg(c), true });
            fleet.memberships.append({ mesh, cluster(c), mesh::Mode::Managed });
            fleet.memberships.append({ mesh, cluster(c + 3), mesh::Mode::DiscoveryOnly });
            for (const char *manifest : { "sleep", "helloworld-v1" })
                fleet.workloads.append({ cluster(c), QStringLiteral("shop"), QLatin1String(manifest) });
        }
    }
    return fleet;
}

observe::ObservedFleet largeWorld()
{
    observe::ObservedFleet world;
    for (int c = 0; c < 300; ++c) {
        observe::ObservedCluster cluster;
        cluster.name = QStringLiteral("cluster-%1").arg(c);
        cluster.cloudId = QStringLiteral("c0ffee%1").arg(c);
        cluster.region = QStringLiteral("cn-hangzhou");
        cluster.vpcId = QStringLiteral("vpc-%1").arg(c);
        cluster.vSwitches = QStringList { QStringLiteral("vsw-%1").arg(c) };
        cluster.reachable = true;
        world.clusters.append(cluster);
    }
    return world;
}

} // namespace

/// What a plan for a large fleet costs to check and describe, beside writing the same down as JSON; and the longest time that
/// carrying it out adds to a world that answers at once.
class BenchPlan : public QObject {
    Q_OBJECT

private slots:
    void aLargeFleetIsPlanned()
    {
        const documents::FleetDocument document = largeDocument();
        const observe::ObservedFleet world = largeWorld();
        QList<double> planning, yardstick;
        qsizetype steps = 0;
        for (int round = 0; round < 9; ++round) {
            QElapsedTimer clock;
            clock.start();
            const auto plan = fleet::applyPlan(document, world);
            planning += double(clock.nsecsElapsed()) / 1e6;
            QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
            steps = plan->steps.size();
            clock.restart();
            QVERIFY(ops::checkPlan(*plan, fleet::operationKinds()).has_value());
            const QJsonObject shown = ops::describePlan(*plan, fleet::operationKinds(), {});
            yardstick += double(clock.nsecsElapsed()) / 1e6;
        }
        qInfo("100 meshes, 300 clusters, %d steps: planned in %.1f ms (at most 100), %.2f times what checking and describing them takes",
            int(steps), median(planning), median(planning) / median(yardstick));
    }

    void aLargeFleet()
    {
        const Registry kinds = modelKinds();
        QList<double> planning, yardstick;
        QJsonObject shown;
        for (int round = 0; round < 9; ++round) {
            QElapsedTimer clock;
            clock.start();
            const Plan plan = largeFleet();
            QVERIFY(checkPlan(plan, kinds).has_value());
            shown = describePlan(plan, kinds, {});
            planning += double(clock.nsecsElapsed()) / 1e6;
            clock.restart();
            QVERIFY(!QJsonDocument(shown).toJson().isEmpty());
            yardstick += double(clock.nsecsElapsed()) / 1e6;
        }
        Place place;
        ModelWorld world;
        QElapsedTimer clock;
        clock.start();
        const Plan plan = largeFleet();
        const auto result = execute(plan, kinds, world, place.options(), {});
        QVERIFY2(result.complete, qPrintable(texts(result)));
        qInfo(
            "%d steps: made, checked and described in %.1f ms (at most 100), %.1f times what writing them as JSON takes; carried out in %.1f s",
            int(plan.steps.size()), median(planning), median(planning) / median(yardstick), double(clock.elapsed()) / 1000);
    }
};

QTEST_GUILESS_MAIN(BenchPlan)
#include "bench_plan.moc"
