// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/largefleet.h"
#include "ui/common/errorbanner.h"
#include "ui/common/services.h"
#include "ui/common/staleness.h"
#include "ui/common/theme.h"
#include "ui/examplefleet.h"
#include "ui/examplematrix.h"
#include "ui/topology/describe.h"
#include "ui/topology/fleetfacts.h"
#include "ui/topology/layout.h"
#include "ui/topology/topologymodel.h"
#include "ui/topology/topologyplace.h"
#include "ui/topology/topologyview.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QFile>
#include <QImage>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>
#include <QXmlStreamReader>

using namespace catamaran;
using namespace catamaran::ui;

namespace {

const QString mesh1 = objectid::mesh(QStringLiteral("mesh-1"));
const QString cluster1 = objectid::cluster(QStringLiteral("cluster-1"));
const QString cluster2 = objectid::cluster(QStringLiteral("cluster-2"));
const QString gateway2 = objectid::gateway(QStringLiteral("cluster-2"));
const QString hello1 = objectid::workload(QStringLiteral("cluster-1"), QStringLiteral("default"), QStringLiteral("helloworld-v1"));
const QString hello2 = objectid::workload(QStringLiteral("cluster-2"), QStringLiteral("default"), QStringLiteral("helloworld-v2"));
const QSizeF wide(1024, 700);

QRectF rectOf(const FleetLayout &layout, const QString &id)
{
    const NodeBox *box = layout.node(id);
    return box ? box->rect : QRectF();
}

QPoint onScreen(const TopologyView &view, const QString &id)
{
    const QRectF rect = rectOf(view.fleetLayout(), id);
    return view.mapFromScene(QPointF(rect.left() + 20, rect.top() + 20));
}

Traffic traffic(const QMap<QString, int> &byVersion, int errors)
{
    Traffic some;
    for (auto it = byVersion.cbegin(); it != byVersion.cend(); ++it)
        some.answers.insert({ it.key(), {} }, it.value());
    some.errors = errors;
    return some;
}

/// The tree as lines of text, two blanks per level.
QString printed(const QAbstractItemModel &model, const QModelIndex &parent = {}, int depth = 0)
{
    QString text;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const QModelIndex index = model.index(row, 0, parent);
        text += QString(depth * 2, u' ') + index.data().toString() + u'\n';
        text += printed(model, index, depth + 1);
    }
    return text;
}

} // namespace

class TopologyTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { applyTheme(*qApp, Scheme::Light); }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)"))); // the offscreen platform's own
    }

    void idsGoBothWays_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("kind");
        QTest::newRow("root") << objectid::root() << int(objectid::Kind::Root);
        QTest::newRow("mesh") << mesh1 << int(objectid::Kind::Mesh);
        QTest::newRow("default network") << objectid::network({}) << int(objectid::Kind::Network);
        QTest::newRow("cluster") << cluster1 << int(objectid::Kind::Cluster);
        QTest::newRow("gateway") << gateway2 << int(objectid::Kind::Gateway);
        QTest::newRow("workload") << hello1 << int(objectid::Kind::Workload);
        QTest::newRow("workload without namespace") << QStringLiteral("workload:a/b") << int(objectid::Kind::None);
        QTest::newRow("unknown kind") << QStringLiteral("moon:a") << int(objectid::Kind::None);
        QTest::newRow("empty") << QString() << int(objectid::Kind::None);
    }

    void idsGoBothWays()
    {
        QFETCH(QString, id);
        QFETCH(int, kind);
        QCOMPARE(int(objectid::parse(id).kind), kind);
    }

    void everythingStandsWhereItBelongs()
    {
        const FleetLayout layout = layoutFleet(test::guideFleet(), wide);
        const QRectF root = rectOf(layout, objectid::root()), mesh = rectOf(layout, mesh1), card = rectOf(layout, cluster1);
        const QRectF region1 = rectOf(layout, objectid::network(QStringLiteral("network1"))),
                     region2 = rectOf(layout, objectid::network(QStringLiteral("network2")));
        QVERIFY(root.bottom() < mesh.top());
        QVERIFY(mesh.bottom() < region1.top());
        QVERIFY(region1.contains(card));
        QVERIFY(card.contains(rectOf(layout, hello1)));
        QVERIFY(!region1.intersects(region2));
        QCOMPARE(mesh.center().x(), card.center().x()); // above the cluster that it manages
        QCOMPARE(rectOf(layout, gateway2).center().x(), region2.left()); // on the border that faces the other network
        for (const NodeBox &box : layout.nodes)
            QVERIFY2(layout.bounds.contains(box.rect), qPrintable(box.id));
    }

    void linksSayHowMeshesKnowClusters()
    {
        const FleetLayout layout = layoutFleet(test::guideFleet(), wide);
        QStringList managed, discovered, cross;
        for (const LinkPath &link : layout.links) {
            if (link.kind == LinkKind::Managed)
                managed << link.id;
            else if (link.kind == LinkKind::DiscoveryOnly)
                discovered << link.id;
            else if (link.kind == LinkKind::CrossNetwork)
                cross << link.from + u' ' + link.to;
        }
        QCOMPARE(managed, QStringList({ QStringLiteral("managed:mesh-1>cluster-1"), QStringLiteral("managed:mesh-2>cluster-2") }));
        QCOMPARE(discovered, QStringList({ QStringLiteral("discovery:mesh-1>cluster-2"), QStringLiteral("discovery:mesh-2>cluster-1") }));
        QCOMPARE(cross,
            QStringList({ QStringLiteral("gateway:cluster-1 gateway:cluster-2"), QStringLiteral("gateway:cluster-2 gateway:cluster-1") }));
    }

    void oneFlatNetworkHasNoGateways()
    {
        const FleetLayout layout = layoutFleet(test::guideFleet(false), wide);
        QVERIFY(layout.node(objectid::network({})));
        QVERIFY(!layout.node(gateway2));
        const TrafficPath path = trafficPath(layout, test::guideFleet(false), QStringLiteral("cluster-1"), hello2);
        QVERIFY(!path.crossNetwork);
        QCOMPARE(path.target, hello2);
    }

    void layoutNeverOverlapsClusters_data()
    {
        QTest::addColumn<int>("clusters");
        for (int count : { 0, 1, 2, 3, 5, 9 })
            QTest::addRow("%d clusters", count) << count;
    }

    void layoutNeverOverlapsClusters()
    {
        QFETCH(int, clusters);
        observe::ObservedFleet fleet;
        for (int i = 0; i < clusters; ++i)
            fleet.clusters << test::cluster(i + 1);
        const FleetLayout layout = layoutFleet(fleet, wide);
        for (int i = 0; i < clusters; ++i) {
            for (int j = i + 1; j < clusters; ++j)
                QVERIFY(!rectOf(layout, objectid::cluster(fleet.clusters[i].name))
                             .intersects(rectOf(layout, objectid::cluster(fleet.clusters[j].name))));
        }
    }

    void draggedClusterTakesItsRegionAlong()
    {
        const FleetLayout layout = layoutFleet(test::guideFleet(), wide, { { cluster1, QPointF(-90, 60) } });
        const FleetLayout before = layoutFleet(test::guideFleet(), wide);
        QCOMPARE(rectOf(layout, cluster1).topLeft(), rectOf(before, cluster1).topLeft() + QPointF(-90, 60));
        QVERIFY(rectOf(layout, objectid::network(QStringLiteral("network1"))).contains(rectOf(layout, cluster1)));
        QCOMPARE(rectOf(layout, cluster2), rectOf(before, cluster2));
    }

    void trafficRunsThroughTheOtherNetworksGateway()
    {
        const auto fleet = test::guideFleet();
        const FleetLayout layout = layoutFleet(fleet, wide);
        const TrafficPath far = trafficPath(layout, fleet, QStringLiteral("cluster-1"), hello2);
        QVERIFY(far.crossNetwork);
        QCOMPARE(far.target, hello2);
        QVERIFY(far.path.intersects(rectOf(layout, gateway2)));
        const TrafficPath near = trafficPath(layout, fleet, QStringLiteral("cluster-1"), hello1);
        QVERIFY(!near.crossNetwork);
        QCOMPARE(near.target, hello1);
        QVERIFY(trafficPath(layout, fleet, QStringLiteral("cluster-1"), QString()).path.isEmpty());
        QVERIFY(trafficPath(layout, fleet, QStringLiteral("cluster-7"), hello1).path.isEmpty());
    }

    /// In a fleet for disaster recovery the same version runs on both sides: only the pod's name tells who answered.
    void trafficIsDrawnToWhoAnswered()
    {
        observe::ObservedFleet fleet = test::guideFleet();
        const QString here = fleet.clusters[0].workloads[0].podNames.value(0), there = fleet.clusters[1].workloads[0].podNames.value(0);
        QVERIFY(!here.isEmpty() && !there.isEmpty());
        const QString v1 = QStringLiteral("v1"), v2 = QStringLiteral("v2");
        QCOMPARE(workloadOf(fleet, { v2, {} }), hello2); // one cluster has it
        QCOMPARE(workloadOf(fleet, { {}, there }), hello2);
        QCOMPARE(workloadOf(fleet, { QStringLiteral("v9"), {} }), QString());
        fleet.clusters[1].workloads[0].version = v1;
        QCOMPARE(workloadOf(fleet, { v1, here }), hello1);
        QCOMPARE(workloadOf(fleet, { v1, there }), hello2);
        QCOMPARE(workloadOf(fleet, { v1, {} }), QString()); // either
        QCOMPARE(workloadOf(fleet, { v1, QStringLiteral("a-pod-of-before") }), QString());
        fleet.clusters[0].workloads[0].ready = 0;
        QCOMPARE(workloadOf(fleet, { v1, {} }), hello2);

        TopologyView view;
        view.resize(1000, 700);
        view.setFleet(test::guideFleet());
        view.show();
        Traffic unknown;
        unknown.answers = { { { QStringLiteral("v9"), {} }, 5 } };
        view.showTraffic(QStringLiteral("cluster-1"), unknown);
        QCOMPARE(view.movingDots(), 0); // nobody's way is drawn for it
    }

    void arrowsWalkAlongLinks()
    {
        const FleetLayout layout = layoutFleet(test::guideFleet(), wide);
        QCOMPARE(neighbour(layout, {}, Qt::Key_Down), objectid::root());
        QCOMPARE(neighbour(layout, mesh1, Qt::Key_Up), objectid::root());
        QCOMPARE(neighbour(layout, mesh1, Qt::Key_Right), objectid::mesh(QStringLiteral("mesh-2")));
        QCOMPARE(neighbour(layout, cluster1, Qt::Key_Down), hello1);
        QCOMPARE(neighbour(layout, objectid::root(), Qt::Key_Up), QString());
    }

    void lostClusterIsDeadAndGreysWhatItRuns()
    {
        auto fleet = test::guideFleet();
        fleet.clusters[1].reachable = false;
        fleet.clusters[1].conditions[0]
            = test::condition(QStringLiteral("Reachable"), observe::Health::Failed, QStringLiteral("connection refused"));
        const auto impaired = impairments(fleet, {});
        QVERIFY(impaired.value(cluster2).dead);
        QCOMPARE(impaired.value(cluster2).reason, QStringLiteral("connection refused"));
        QVERIFY(impaired.contains(hello2));
        QVERIFY(!impaired.value(hello2).dead);
        QVERIFY(impaired.contains(gateway2));
        QVERIFY(!impaired.contains(cluster1));
    }

    void silentClusterIsStaleSinceAndWhy()
    {
        auto fleet = test::guideFleet();
        const QDateTime heard = QDateTime::currentDateTimeUtc().addSecs(-40);
        fleet.clusters[1].reachable = false;
        fleet.clusters[1].conditions[0]
            = test::condition(QStringLiteral("Reachable"), observe::Health::Stale, QStringLiteral("cluster-2 cannot be reached"));
        fleet.clusters[1].conditions[0].evidence = QStringLiteral("connection refused");
        fleet.clusters[1].conditions[0].at = heard;
        const QString since = heard.toLocalTime().toString(QStringLiteral("HH:mm:ss"));
        const auto impaired = impairments(fleet, {});
        QVERIFY(impaired.contains(cluster2) && !impaired.value(cluster2).dead);
        QCOMPARE(impaired.value(cluster2).reason, QStringLiteral("stale since %1: connection refused").arg(since));
        QVERIFY2(impaired.value(hello2).reason.contains(since), qPrintable(impaired.value(hello2).reason));
        QVERIFY(!impaired.contains(cluster1));
        QVERIFY(healthOf(fleet.clusters[1]) == observe::Health::Stale);
        const ObjectFacts facts = describeObject(fleet, cluster2, {});
        QVERIFY(facts.look == Look::Stale);
        QVERIFY(facts.note.contains(QStringLiteral("connection refused")));
        TopologyModel model;
        QAbstractItemModelTester tester(&model);
        model.setFleet(fleet, {});
        const auto obstacle = staleObstacle(fleet, QStringLiteral("cluster-2"), QStringLiteral("start"));
        QVERIFY(obstacle && obstacle->answer.contains(since));
        QVERIFY(!staleObstacle(fleet, QStringLiteral("cluster-1"), QStringLiteral("start")));
    }

    void fleetWithoutMeshShowsItsClustersAlone()
    {
        auto fleet = test::guideFleet();
        fleet.meshes.clear();
        fleet.trust.clear();
        for (auto &cluster : fleet.clusters) {
            cluster.gatewayAddress.clear();
            cluster.conditions.removeIf([](const observe::Condition &condition) { return condition.type == QLatin1String("Gateway"); });
            for (auto &workload : cluster.workloads)
                workload.injected = false;
        }
        const QStringList ids = allObjects(fleet);
        QVERIFY(!ids.contains(objectid::root()) && !ids.contains(mesh1) && !ids.contains(gateway2));
        QVERIFY(ids.contains(cluster1) && ids.contains(hello1));
        const FleetLayout layout = layoutFleet(fleet, wide);
        QVERIFY(layout.links.isEmpty());
        QCOMPARE(std::count_if(
                     layout.nodes.cbegin(), layout.nodes.cend(), [](const NodeBox &box) { return box.kind == objectid::Kind::Cluster; }),
            2);
        const ObjectFacts facts = describeObject(fleet, hello1, {});
        const bool said = std::any_of(facts.rows.cbegin(), facts.rows.cend(),
            [](const auto &row) { return row.value.contains(QStringLiteral("there is no mesh here")); });
        QVERIFY(said);
    }

    void meshesThatWereNotHeardAreNotNone()
    {
        auto fleet = test::guideFleet();
        const auto refusal
            = core::Error::make(core::ErrorKind::Forbidden, QStringLiteral("list meshes"), {}, QStringLiteral("Forbidden.RAM"));
        fleet.meshes.clear();
        fleet.trust.clear();
        fleet.meshesError = refusal;
        fleet.account
            = { test::condition(QStringLiteral("Account"), observe::Health::Failed, QStringLiteral("the meshes could not be listed")) };
        fleet.account[0].evidence = refusal.text();
        for (auto &cluster : fleet.clusters)
            cluster.workloads[0].injected = false;
        for (const QString &id : { hello1, objectid::network({}) }) {
            const ObjectFacts facts = describeObject(fleet, id, {});
            QVERIFY(!facts.rows.isEmpty());
            for (const auto &row : facts.rows)
                QVERIFY2(!row.value.contains(QStringLiteral("no mesh")), qPrintable(row.value));
        }
        QVERIFY2(unheardText(fleet).contains(QStringLiteral("Forbidden.RAM")), qPrintable(unheardText(fleet)));

        // The place says it above the map, as long as it is so.
        QTemporaryDir folder;
        Services services(folder.filePath(QStringLiteral("test.db")), store::makeMemorySecretStore());
        TopologyPlace place(services);
        const auto *note = place.findChild<ErrorBanner *>(QStringLiteral("unheard"));
        QVERIFY(note && note->isHidden());
        place.setFleet(fleet);
        QVERIFY(!note->isHidden() && note->text().contains(QStringLiteral("the meshes could not be listed")));
        place.setFleet(test::guideFleet());
        QVERIFY(note->isHidden());
    }

    void aClusterThatShowsPartOfItselfSaysSo()
    {
        auto fleet = test::guideFleet();
        fleet.clusters[1].conditions << test::condition(
            QStringLiteral("Access"), observe::Health::Warning, QStringLiteral("cluster-2 lets us see single namespaces only: sample"));
        QVERIFY(healthOf(fleet.clusters[1]) == observe::Health::Warning);
        QVERIFY(impairments(fleet, {}).isEmpty()); // it answers
        QCOMPARE(unheardText(fleet), QStringLiteral("cluster-2 lets us see single namespaces only: sample"));
    }

    void aWorkloadOutsideTheMeshOnPurposeHasNoMark()
    {
        auto fleet = test::guideFleet();
        auto &workload = fleet.clusters[0].workloads[0];
        workload.injected = false;
        workload.apart = QStringLiteral("its pods use the network of their node (hostNetwork)");
        const auto shown = [&] {
            for (const auto &row : describeObject(fleet, hello1, {}).rows)
                if (row.value.contains(QStringLiteral("hostNetwork")))
                    return row.value;
            return QString();
        };
        QVERIFY2(shown().contains(QStringLiteral("as it is meant")), qPrintable(shown()));
        workload.desired = workload.ready = 0;
        QVERIFY(healthOf(workload) == observe::Health::Warning); // not ok: it serves nobody
    }

    void clusterNotHeardYetIsNotDead()
    {
        auto fleet = test::guideFleet();
        fleet.clusters[1].reachable = false;
        fleet.clusters[1].conditions[0]
            = test::condition(QStringLiteral("Reachable"), observe::Health::Unknown, QStringLiteral("has not answered yet"));
        QVERIFY(impairments(fleet, {}).isEmpty());
        QVERIFY(healthOf(fleet.clusters[1]) == observe::Health::Unknown);
    }

    void workloadScaledToNothingIsNotAFailure()
    {
        auto fleet = test::guideFleet();
        fleet.clusters[0].workloads[1].desired = fleet.clusters[0].workloads[1].ready = 0;
        QVERIFY(impairments(fleet, {}).isEmpty());
        fleet.clusters[0].workloads[0].ready = 0; // wanted, but not there
        QVERIFY(impairments(fleet, {}).value(hello1).dead);
    }

    void faultOfADrillIsMarkedWithItsReason()
    {
        const auto impaired = impairments(test::guideFleet(), { { hello1, QStringLiteral("scaled to 0 by the drill") } });
        QVERIFY(impaired.value(hello1).dead);
        QCOMPARE(impaired.value(hello1).reason, QStringLiteral("scaled to 0 by the drill"));
    }

    /// Links and what is only said: never green by a word alone, red where the direction failed, and it says why.
    void theMapIsAsGreenAsItsMatrix_data()
    {
        QTest::addColumn<truth::Standing>("standing");
        QTest::addColumn<int>("cross");
        QTest::addColumn<int>("discovery");
        QTest::addColumn<int>("mesh");
        QTest::addColumn<int>("root");
        const auto row = [](const char *name, truth::Standing standing, Look cross, Look discovery, Look mesh, Look root) {
            QTest::newRow(name) << standing << int(cross) << int(discovery) << int(mesh) << int(root);
        };
        row("configured", truth::Standing::Configured, Look::Configured, Look::Configured, Look::Configured, Look::Configured);
        row("proven", truth::Standing::Proven, Look::Ok, Look::Ok, Look::Configured, Look::Ok);
        row("failed", truth::Standing::Failed, Look::Failed, Look::Configured, Look::Configured, Look::Configured);
        row("stale", truth::Standing::Stale, Look::Stale, Look::Configured, Look::Configured, Look::Configured);
        row("unknown", truth::Standing::Unknown, Look::Unknown, Look::Unknown, Look::Configured, Look::Unknown);
    }

    void theMapIsAsGreenAsItsMatrix()
    {
        QFETCH(truth::Standing, standing);
        QFETCH(int, cross);
        QFETCH(int, discovery);
        QFETCH(int, mesh);
        QFETCH(int, root);
        TopologyView view;
        view.setFleet(test::guideFleet());
        view.setMatrix(test::matrix(2, standing));
        const auto link = view.link(QStringLiteral("cross:cluster-1>cluster-2"));
        QVERIFY(link);
        QCOMPARE(int(link->look()), cross);
        QCOMPARE(int(view.link(QStringLiteral("discovery:mesh-1>cluster-2"))->look()), discovery);
        QCOMPARE(int(shownLook(*view.node(mesh1))), mesh);
        QCOMPARE(int(shownLook(*view.node(objectid::root()))), root);
        const QString said = link->text(QDateTime::currentDateTimeUtc());
        QVERIFY2(said.contains(QStringLiteral("cluster-1 → cluster-2: ") + proofWord(Look(cross))), qPrintable(said));
        TopologyModel model; // the tree says the same
        model.setFleet(test::guideFleet(), {}, test::matrix(2, standing));
        QCOMPARE(model.indexOf(mesh1).data(TopologyModel::LookRole).toInt(), mesh);
        QCOMPARE(model.indexOf(objectid::root()).data(TopologyModel::LookRole).toInt(), root);
    }

    void withoutAMatrixNothingIsProven()
    {
        TopologyView view;
        view.setFleet(test::guideFleet());
        for (const LinkPath &link : view.fleetLayout().links)
            QVERIFY2(view.link(link.id)->look() == Look::Configured, qPrintable(link.id));
        for (const QString &id : { mesh1, objectid::root(), gateway2 })
            QVERIFY2(shownLook(*view.node(id)) == Look::Configured, qPrintable(id));
    }

    void oneBrokenDirectionIsRedAndTheOtherIsNot()
    {
        auto matrix = test::matrix(2, truth::Standing::Proven);
        test::set(matrix, QStringLiteral("cluster-1"), QStringLiteral("cluster-2"), truth::Standing::Failed);
        TopologyView view;
        view.setFleet(test::guideFleet());
        view.setMatrix(matrix);
        QVERIFY(view.link(QStringLiteral("cross:cluster-1>cluster-2"))->look() == Look::Failed);
        QVERIFY(view.link(QStringLiteral("cross:cluster-2>cluster-1"))->look() != Look::Failed);
        // The gateway that is not reached is where it is broken; its cluster is not dead.
        QVERIFY(shownLook(*view.node(gateway2)) == Look::Failed);
        QVERIFY2(view.node(gateway2)->impairment->reason.contains(QStringLiteral("refused")),
            qPrintable(view.node(gateway2)->impairment->reason));
        QVERIFY(shownLook(*view.node(cluster2)) == Look::Warning);
        QVERIFY2(view.accessibleDescription().contains(QStringLiteral("cluster-1 → cluster-2: failed")),
            qPrintable(view.accessibleDescription()));
        const ObjectFacts facts = describeObject(view.fleet(), cluster2, {}, matrix);
        QCOMPARE(facts.truth.total, 2);
        QVERIFY(facts.truth.lines.first().look == Look::Failed && !facts.truth.lines.first().cell.evidence.isEmpty());
        // Neither reaches the other: the network is cut, and no gateway is to blame.
        test::set(matrix, QStringLiteral("cluster-2"), QStringLiteral("cluster-1"), truth::Standing::Failed);
        view.setMatrix(matrix);
        QVERIFY(shownLook(*view.node(gateway2)) == Look::Stale);
        QVERIFY(view.link(QStringLiteral("cross:cluster-2>cluster-1"))->look() == Look::Failed);
    }

    void whatADrillBrokeIsNotGreenWhileTheProofIsYoung()
    {
        TopologyView view;
        view.setFleet(test::guideFleet());
        view.setMatrix(test::matrix(2, truth::Standing::Proven));
        view.setFault(gateway2, QStringLiteral("stopped by the drill"));
        const auto link = view.link(QStringLiteral("cross:cluster-1>cluster-2"));
        QVERIFY(link->look() == Look::Stale);
        QVERIFY(link->label.contains(QStringLiteral("stopped by the drill")));
    }

    /// What the deltas lead to is what the whole would have.
    void aMapThatFollowsIsTheSameAsOneShownAnew()
    {
        observe::ObservedFleet fleet = bench::largeFleet(24);
        observe::FleetView last(fleet);
        auto matrix = truth::judge(fleet, {}, {}, QDateTime::currentDateTimeUtc());
        TopologyView follower, hidden;
        follower.resize(900, 600);
        hidden.resize(900, 600);
        for (TopologyView *view : { &follower, &hidden }) {
            view->setFleet(last);
            view->setMatrix(matrix);
        }
        follower.show();
        QRandomGenerator chance(20261128);
        for (int round = 0; round < 60; ++round) {
            const int c = chance.bounded(24);
            auto &cluster = fleet.clusters[c];
            auto &workload = cluster.workloads[chance.bounded(int(cluster.workloads.size()))];
            switch (round % 8) {
            case 0: workload.ready = 0; break;
            case 1: workload.ready = workload.desired; break;
            case 2: workload.version = QStringLiteral("release-%1").arg(round); break;
            case 3:
                cluster.reachable = !cluster.reachable;
                cluster.conditions.first().health = cluster.reachable ? observe::Health::Ok : observe::Health::Failed;
                break;
            case 4: fleet.meshes[c % 4].status.state = round % 16 < 8 ? mesh::MeshState::Failed : mesh::MeshState::Running; break;
            case 5: fleet.meshes[c % 4].status.members.removeLast(); break;
            case 6:
                cluster.gatewayAddresses = cluster.gatewayAddresses.isEmpty() ? QStringList { QStringLiteral("10.9.9.9") } : QStringList();
                break;
            case 7:
                cluster.workloads.append(workload);
                cluster.workloads.last().name += QString::number(round);
                break;
            }
            const observe::FleetView now(fleet);
            const observe::FleetDelta delta = observe::deltaOf(last, now);
            QVERIFY2(!delta.isEmpty() || round % 8 == 1 || round % 8 == 0 || round % 8 == 4, qPrintable(QString::number(round)));
            const bool isOfClusters = !delta.places && !delta.whole && delta.meshes.isEmpty();
            const QDateTime at = matrix.at.addSecs(1);
            const auto next = isOfClusters ? truth::judgeAgain(matrix, delta.clusters, fleet, {}, {}, at) : truth::judge(fleet, {}, {}, at);
            QVERIFY2(truth::deltaOf(next, truth::judge(fleet, {}, {}, at)).clusters.isEmpty(), "judged in part is as judged whole");
            const truth::MatrixDelta differs = truth::deltaOf(matrix, next);
            for (TopologyView *view : { &follower, &hidden }) {
                view->follow(now, delta);
                view->followMatrix(next, differs);
            }
            last = now;
            matrix = next;
            if (round % 6 != 5)
                continue;
            TopologyView anew;
            anew.resize(900, 600);
            anew.setFleet(now);
            anew.setMatrix(matrix);
            for (const NodeBox &box : anew.fleetLayout().nodes) {
                for (const TopologyView *view : { &follower, &hidden }) {
                    const auto state = view->node(box.id), whole = anew.node(box.id);
                    QVERIFY2(state, qPrintable(box.id));
                    QVERIFY2(state->look == whole->look && state->title == whole->title && state->detail == whole->detail
                            && state->impairment == whole->impairment && state->version == whole->version && state->ready == whole->ready
                            && state->pods == whole->pods && state->rows == whole->rows,
                        qPrintable(QStringLiteral("%1 after %2: %3").arg(box.id).arg(round).arg(state->detail)));
                }
            }
            for (const LinkPath &link : anew.fleetLayout().links)
                for (const TopologyView *view : { &follower, &hidden })
                    QVERIFY2(view->link(link.id) && view->link(link.id)->look() == anew.link(link.id)->look()
                            && view->link(link.id)->label == anew.link(link.id)->label,
                        qPrintable(link.id));
            QCOMPARE(follower.fleetLayout().nodes.size(), anew.fleetLayout().nodes.size());
            QCOMPARE(follower.fleetLayout().links.size(), anew.fleetLayout().links.size());
        }
    }

    void timesAloneAreNoChange()
    {
        observe::ObservedFleet fleet = test::guideFleet();
        const observe::FleetView before(fleet);
        fleet.at = fleet.at.addSecs(10);
        for (auto &cluster : fleet.clusters)
            for (auto &condition : cluster.conditions)
                condition.at = condition.at.addSecs(10);
        QVERIFY(observe::deltaOf(before, fleet).isEmpty());
        fleet.clusters[1].workloads[0].why = QStringLiteral("the image cannot be pulled");
        const observe::FleetDelta delta = observe::deltaOf(before, fleet);
        QCOMPARE(delta.clusters, QSet<QString> { QStringLiteral("cluster-2") });
        QVERIFY(!delta.places && !delta.whole && delta.meshes.isEmpty());
        fleet.clusters[1].conditions[0].health = observe::Health::Stale; // and since when it is so is a change
        const observe::FleetView stale(fleet);
        fleet.clusters[1].conditions[0].at = fleet.clusters[1].conditions[0].at.addSecs(-60);
        QCOMPARE(observe::deltaOf(stale, fleet).clusters.size(), 1);
    }

    void manyGatewaysAreLinkedByTheirNetworksAndHideNoTrouble()
    {
        TopologyView view;
        view.setFleet(bench::largeFleet(60)); // three networks
        auto matrix = test::matrix(60, truth::Standing::Proven);
        view.setMatrix(matrix);
        int bundles = 0;
        for (const LinkPath &link : view.fleetLayout().links) {
            QVERIFY(link.kind != LinkKind::CrossNetwork);
            bundles += link.kind == LinkKind::Bundle ? 1 : 0;
        }
        QCOMPARE(bundles, 6); // there and back are two
        const QString there = QStringLiteral("bundle:network1>network3"), back = QStringLiteral("bundle:network3>network1");
        QVERIFY(view.link(there)->look() == Look::Ok);
        QCOMPARE(view.link(there)->truth.total, 400);
        test::set(matrix, QStringLiteral("cluster-2"), QStringLiteral("cluster-59"), truth::Standing::Failed);
        view.setMatrix(matrix);
        QVERIFY(view.link(there)->look() == Look::Failed);
        QVERIFY(view.link(back)->look() == Look::Ok);
        QCOMPARE(view.link(there)->truth.failed, 1);
        QVERIFY2(view.link(there)->text(matrix.at).contains(QStringLiteral("cluster-2 → cluster-59")),
            qPrintable(view.link(there)->text(matrix.at)));
    }

    void everyObjectCanBeDescribed()
    {
        const auto fleet = test::guideFleet();
        for (const QString &id : allObjects(fleet)) {
            const ObjectFacts facts = describeObject(fleet, id);
            QVERIFY2(facts.isValid(), qPrintable(id));
            QVERIFY2(!facts.title.isEmpty() && !facts.kind.isEmpty() && !facts.rows.isEmpty(), qPrintable(id));
            for (const QString &other : facts.related)
                QVERIFY2(describeObject(fleet, other).isValid(), qPrintable(other));
        }
        QVERIFY(!describeObject(fleet, objectid::cluster(QStringLiteral("cluster-9"))).isValid());
        QVERIFY(!describeObject(fleet, QStringLiteral("nonsense")).isValid());
        QVERIFY(!describeObject({}, objectid::root()).isValid());
    }

    void treeHoldsTheFleet()
    {
        TopologyModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFleet(test::guideFleet());
        QCOMPARE(printed(model),
            QStringLiteral("Trust root\n"
                           "Meshes\n"
                           "  mesh-1\n    cluster-1\n    cluster-2\n"
                           "  mesh-2\n    cluster-1\n    cluster-2\n"
                           "network1\n  cluster-1\n    Gateway\n    helloworld-v1\n    sleep\n"
                           "network2\n  cluster-2\n    Gateway\n    helloworld-v2\n"));
        QCOMPARE(model.indexOf(cluster1).parent().data().toString(), QStringLiteral("network1"));
        QVERIFY(!model.indexOf(QStringLiteral("nonsense")).isValid());
        QVERIFY(!model.index(0, TopologyModel::COLUMN_COUNT).isValid());
    }

    void treeIsUpdatedNotReset()
    {
        TopologyModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setFleet(test::guideFleet());
        const QPersistentModelIndex kept = model.indexOf(hello2);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset), changes(&model, &QAbstractItemModel::dataChanged),
            inserts(&model, &QAbstractItemModel::rowsInserted);
        auto fleet = test::guideFleet();
        model.setFleet(fleet);
        QCOMPARE(changes.count() + inserts.count(), 0); // nothing new, nothing said
        fleet.clusters[0].workloads.removeFirst();
        fleet.clusters[1].workloads.prepend(test::workload(QStringLiteral("sleep"), {}, 0, 1));
        fleet.clusters[1].workloads[1].ready = 0;
        model.setFleet(fleet);
        QCOMPARE(resets.count(), 0);
        QVERIFY(kept.isValid());
        QCOMPARE(kept.sibling(kept.row(), TopologyModel::StateColumn).data().toString(), QStringLiteral("failed"));
        QVERIFY(!model.indexOf(hello1).isValid());
        std::swap(fleet.clusters[0], fleet.clusters[1]); // another order: rows move
        model.setFleet(fleet);
        QVERIFY(kept.isValid());
        model.setFleet({});
        QCOMPARE(model.rowCount(), 0);
    }

    void clickSelectsAndDoubleClickOpens()
    {
        TopologyView view;
        view.resize(1000, 700);
        view.setFleet(test::guideFleet());
        view.show();
        QSignalSpy selected(&view, &TopologyView::selected), activated(&view, &TopologyView::activated);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, onScreen(view, cluster1));
        QCOMPARE(view.selectedId(), cluster1);
        QCOMPARE(selected.count(), 1);
        QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, onScreen(view, mesh1));
        QCOMPARE(activated.value(0).value(0).toString(), mesh1);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(3, 3));
        QCOMPARE(view.selectedId(), QString());
    }

    void doubleClickOnALinkAsksForItsDirection()
    {
        TopologyView view;
        view.resize(1000, 700);
        view.setFleet(test::guideFleet());
        view.show();
        QSignalSpy asked(&view, &TopologyView::directionActivated), activated(&view, &TopologyView::activated);
        const QList<LinkPath> &links = view.fleetLayout().links;
        const auto cross
            = std::find_if(links.begin(), links.end(), [](const LinkPath &link) { return link.id == u"cross:cluster-1>cluster-2"; });
        QVERIFY(cross != links.end());
        QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, view.mapFromScene(cross->path.pointAtPercent(0.5)));
        QCOMPARE(asked.count(), 1);
        QVERIFY(asked.first().first().value<truth::Direction>()
            == (truth::Direction { QStringLiteral("cluster-1"), QStringLiteral("cluster-2") }));
        QCOMPARE(activated.count(), 0);
    }

    /// The findings of a part are those that are about it; what was not asked is counted and not among them.
    void eachPartHasItsFindings()
    {
        auto fleet = test::guideFleet();
        fleet.clusters[0].serving = { { QStringLiteral("default/helloworld"), { QStringLiteral("helloworld-v1") } } };
        const auto finding = [](const char *object, findings::Layer layer, observe::Health state, const QStringList &services = {}) {
            findings::Finding one;
            one.rule = QStringLiteral("a.rule");
            one.cluster = QStringLiteral("cluster-1");
            one.object = QLatin1String(object);
            one.layer = layer;
            one.state = state;
            one.services = services;
            return one;
        };
        const QList<findings::Finding> found { finding("Service default/helloworld", findings::Layer::Workload, observe::Health::Failed),
            finding(
                "DestinationRule default/x", findings::Layer::Request, observe::Health::Warning, { QStringLiteral("default/helloworld") }),
            finding("Service istio-system/gate", findings::Layer::Gateway, observe::Health::Failed),
            finding("", findings::Layer::Cluster, observe::Health::Unknown) };
        QCOMPARE(findingsAbout(fleet, objectid::cluster(QStringLiteral("cluster-1")), found).size(), 3);
        QCOMPARE(findingsAbout(fleet, objectid::cluster(QStringLiteral("cluster-2")), found).size(), 0);
        QCOMPARE(findingsAbout(fleet, objectid::gateway(QStringLiteral("cluster-1")), found).size(), 1);
        QCOMPARE(findingsAbout(fleet,
                     objectid::workload(QStringLiteral("cluster-1"), QStringLiteral("default"), QStringLiteral("helloworld-v1")), found)
                     .size(),
            2);
        QCOMPARE(
            findingsAbout(fleet, objectid::workload(QStringLiteral("cluster-1"), QStringLiteral("default"), QStringLiteral("sleep")), found)
                .size(),
            0);
        QCOMPARE(unaskedOf(objectid::cluster(QStringLiteral("cluster-1")), found), 1);
        QCOMPARE(unaskedOf(objectid::cluster(QStringLiteral("cluster-2")), found), 0);
    }

    void mapSaysWhatIsChosenAndWhatIsNotWell()
    {
        TopologyView view;
        view.setFleet(test::guideFleet());
        QCOMPARE(view.accessibleName(), QStringLiteral("Map of the fleet"));
        view.select(objectid::cluster(QStringLiteral("cluster-1")));
        QVERIFY2(view.accessibleDescription().startsWith(QStringLiteral("cluster-1, ok")), qPrintable(view.accessibleDescription()));
        auto fleet = test::guideFleet();
        fleet.clusters[0].reachable = false;
        fleet.clusters[0].conditions[0] = test::condition(QStringLiteral("Reachable"), observe::Health::Failed, QStringLiteral("no route"));
        view.setFleet(fleet); // it changes while it is chosen
        QVERIFY2(view.accessibleDescription().startsWith(QStringLiteral("cluster-1, failed")), qPrintable(view.accessibleDescription()));
        view.select({});
        QVERIFY2(view.accessibleDescription().contains(QStringLiteral("cluster-1, failed")), qPrintable(view.accessibleDescription()));
        view.setFleet(test::guideFleet());
        QVERIFY2(!view.accessibleDescription().contains(QStringLiteral("failed")), qPrintable(view.accessibleDescription()));
        view.setFault(objectid::workload(QStringLiteral("cluster-1"), QStringLiteral("default"), QStringLiteral("helloworld-v1")),
            QStringLiteral("scaled to 0 by the drill"));
        QVERIFY2(
            view.accessibleDescription().contains(QStringLiteral("scaled to 0 by the drill")), qPrintable(view.accessibleDescription()));
    }

    void keysWalkFitAndOpen()
    {
        TopologyView view;
        view.resize(1000, 700);
        view.setFleet(test::guideFleet());
        view.show();
        QSignalSpy activated(&view, &TopologyView::activated), filter(&view, &TopologyView::filterRequested);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.selectedId(), objectid::root());
        QTest::keyClick(&view, Qt::Key_Down);
        QVERIFY(view.selectedId().startsWith(QLatin1String("mesh:")));
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(activated.count(), 1);
        QTest::keyClick(&view, Qt::Key_Slash);
        QCOMPARE(filter.count(), 1);
        const double fitted = view.transform().m11();
        QTest::keyClick(&view, Qt::Key_Plus);
        QVERIFY(view.transform().m11() > fitted);
        QTest::keyClick(&view, Qt::Key_F);
        QCOMPARE(view.transform().m11(), fitted);
        QTest::keyClick(&view, Qt::Key_Escape);
        QCOMPARE(view.selectedId(), QString());
    }

    void wheelZoomsToThePointer()
    {
        TopologyView view;
        view.resize(1000, 700);
        view.setFleet(test::guideFleet());
        view.show();
        const QPoint pointer = onScreen(view, cluster2);
        const QPointF before = view.mapToScene(pointer);
        QWheelEvent wheel(
            pointer, view.viewport()->mapToGlobal(pointer), {}, { 0, 240 }, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(view.viewport(), &wheel);
        const QPointF after = view.mapToScene(pointer);
        QVERIFY2((before - after).manhattanLength() < 3,
            qPrintable(QStringLiteral("%1 %2").arg(before.x() - after.x()).arg(before.y() - after.y())));
    }

    /// A large fleet that was fitted is further out than the wheel and the keys go.
    void zoomingOutNeverZoomsIn()
    {
        TopologyView view;
        view.resize(1000, 700);
        view.setFleet(test::guideFleet());
        view.show();
        const double fitted = 0.03;
        view.setTransform(QTransform::fromScale(fitted, fitted));
        QTest::keyClick(&view, Qt::Key_Minus);
        QVERIFY2(view.transform().m11() <= fitted, qPrintable(QString::number(view.transform().m11())));
        const QPoint at = view.viewport()->rect().center();
        const auto turn = [&](int angle) {
            QWheelEvent wheel(
                at, view.viewport()->mapToGlobal(at), {}, { 0, angle }, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(view.viewport(), &wheel);
        };
        turn(-120);
        QVERIFY2(view.transform().m11() <= fitted, qPrintable(QString::number(view.transform().m11())));
        turn(120);
        QVERIFY(view.transform().m11() > fitted && view.transform().m11() < 2 * fitted); // and in again without a jump
    }

    void dragMovesAndIsKept()
    {
        TopologyView view;
        view.resize(1000, 700);
        view.setFleet(test::guideFleet());
        view.show();
        QSignalSpy moved(&view, &TopologyView::offsetsChanged);
        const QPoint from = onScreen(view, mesh1);
        const QPointF before = rectOf(view.fleetLayout(), mesh1).topLeft();
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, from);
        for (int step = 1; step <= 4; ++step) {
            QMouseEvent move(QEvent::MouseMove, from + QPoint(step * 10, step * 5),
                view.viewport()->mapToGlobal(from + QPoint(step * 10, step * 5)), Qt::LeftButton, Qt::LeftButton, Qt::NoModifier);
            QApplication::sendEvent(view.viewport(), &move);
        }
        QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, from + QPoint(40, 20));
        QCOMPARE(moved.count(), 1);
        QVERIFY(rectOf(view.fleetLayout(), mesh1).left() > before.x() + 10);
        QVERIFY(view.offsets().contains(mesh1));
        const QPointF there = rectOf(view.fleetLayout(), mesh1).topLeft();
        view.setFleet(test::guideFleet()); // the next observation does not move it back
        QCOMPARE(rectOf(view.fleetLayout(), mesh1).topLeft(), there);
    }

    void selectionSurvivesAnObservationAndGoesWithItsObject()
    {
        TopologyView view;
        view.resize(800, 600);
        view.setFleet(test::guideFleet());
        view.select(hello1);
        auto fleet = test::guideFleet();
        fleet.clusters[0].workloads[0].ready = 0;
        view.setFleet(fleet);
        QCOMPARE(view.selectedId(), hello1);
        QSignalSpy selected(&view, &TopologyView::selected);
        fleet.clusters[0].workloads.clear();
        view.setFleet(fleet);
        QCOMPARE(view.selectedId(), QString());
        QCOMPARE(selected.count(), 1);
    }

    void trafficMovesAndComesToRest()
    {
        TopologyView view;
        view.resize(800, 600);
        view.setFleet(test::guideFleet());
        view.show();
        view.showTraffic(QStringLiteral("cluster-1"), traffic({ { QStringLiteral("v1"), 3 }, { QStringLiteral("v2"), 2 } }, 1));
        QCOMPARE(view.movingDots(), 6);
        QTRY_COMPARE(view.movingDots(), 0);
        view.showTraffic(QStringLiteral("cluster-1"), traffic({ { QStringLiteral("v9"), 3 } }, 0)); // nobody has that version
        QCOMPARE(view.movingDots(), 0);
    }

    void pictureIsExported()
    {
        QTemporaryDir folder;
        TopologyView view;
        view.resize(800, 600);
        view.setFleet(test::guideFleet());
        const QString svg = folder.filePath(QStringLiteral("map.svg")), png = folder.filePath(QStringLiteral("map.png"));
        QVERIFY(view.exportSvg(svg).has_value());
        QFile file(svg);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QXmlStreamReader xml(&file);
        QStringList words;
        while (!xml.atEnd()) {
            if (xml.readNext() == QXmlStreamReader::Characters && !xml.isWhitespace())
                words << xml.text().toString().simplified();
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        for (const char *name : { "cluster-1", "cluster-2", "mesh-1", "mesh-2", "helloworld-v2" })
            QVERIFY2(
                words.contains(QLatin1String(name)), qPrintable(QLatin1String(name) + QStringLiteral(" is not among ") + words.join(u'|')));

        QVERIFY(view.exportPng(png).has_value());
        const QSizeF area = view.fleetLayout().bounds.adjusted(-24, -24, 24, 24).size();
        QCOMPARE(QImage(png).size(), (area * 2).toSize());

        // What cannot be written is told, and what stood there stays.
        const auto failed = view.exportPng(folder.filePath(QStringLiteral("no/such/folder/map.png")));
        QVERIFY(!failed.has_value());
        QVERIFY2(failed.error().text().contains(QStringLiteral("no/such/folder")), qPrintable(failed.error().text()));
        TopologyView empty; // a map without anything in it cannot be drawn as a picture of no size
        QVERIFY(!empty.exportPng(png, 0).has_value());
        QCOMPARE(QImage(png).size(), (area * 2).toSize());
    }

    void fittedMapStaysClearOfItsLegend_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("wide") << QSize(1204, 690);
        QTest::newRow("beside the inspector") << QSize(890, 690);
        QTest::newRow("small window beside the inspector") << QSize(660, 560);
    }

    void fittedMapStaysClearOfItsLegend()
    {
        QFETCH(QSize, size);
        TopologyView view;
        view.resize(size);
        view.setLegendVisible(true);
        view.setFleet(test::guideFleet());
        view.show();
        const auto *legend = view.findChild<QWidget *>(QStringLiteral("legend"));
        QVERIFY(legend && legend->isVisible());
        for (int round = 0; round < 2; ++round) { // the second time with news from the fleet
            for (const NodeBox &box : view.fleetLayout().nodes) {
                const QRect seen = view.mapFromScene(box.rect).boundingRect();
                QVERIFY2(!seen.intersects(legend->geometry()), qPrintable(box.id));
                QVERIFY2(view.viewport()->rect().contains(seen), qPrintable(box.id));
            }
            auto more = test::guideFleet();
            more.clusters[0].workloads << test::workload(QStringLiteral("reviews"), QStringLiteral("v1"), 1, 1);
            view.setFleet(more);
        }
    }

    void picturesForTheEye()
    {
        const QString folder = qEnvironmentVariable("CATAMARAN_PICTURES");
        if (folder.isEmpty())
            QSKIP("CATAMARAN_PICTURES names no folder");
        for (const Scheme scheme : { Scheme::Light, Scheme::Dark }) {
            applyTheme(*qApp, scheme);
            for (const QSize size : { QSize(1024, 700), QSize(1600, 1000), QSize(420, 260) }) {
                const QString name = QStringLiteral("%1/%2-%3").arg(folder, schemeName(scheme)).arg(size.width());
                TopologyView view;
                view.resize(size);
                view.setMini(size.width() < 500);
                view.setLegendVisible(true);
                view.setFleet(test::guideFleet());
                view.show();
                QVERIFY(view.grab().save(name + QStringLiteral(".png")));
                auto matrix = test::matrix(2, truth::Standing::Proven);
                view.setMatrix(matrix);
                QVERIFY(view.grab().save(name + QStringLiteral("-proven.png")));
                test::set(matrix, QStringLiteral("cluster-1"), QStringLiteral("cluster-2"), truth::Standing::Failed);
                test::set(matrix, QStringLiteral("cluster-2"), QStringLiteral("cluster-1"), truth::Standing::Stale);
                view.setMatrix(matrix);
                QVERIFY(view.grab().save(name + QStringLiteral("-failed.png")));
                view.setMatrix({});
                view.select(objectid::mesh(QStringLiteral("mesh-1")));
                view.showTraffic(QStringLiteral("cluster-1"), traffic({ { QStringLiteral("v1"), 6 }, { QStringLiteral("v2"), 6 } }, 0));
                QTRY_VERIFY(view.movingDots() > 0);
                QVERIFY(view.grab().save(name + QStringLiteral("-traffic.png")));
                auto broken = test::guideFleet();
                broken.clusters[0].workloads[0].ready = 0;
                broken.clusters[1].reachable = false;
                broken.clusters[1].conditions[0] = test::condition(
                    QStringLiteral("Reachable"), observe::Health::Failed, QStringLiteral("connection refused at 127.0.2.1:6443"));
                view.setFleet(broken);
                view.setFault(objectid::gateway(QStringLiteral("cluster-1")), QStringLiteral("stopped by the drill"));
                view.showTraffic(QStringLiteral("cluster-1"), traffic({}, 5));
                QTRY_VERIFY(view.movingDots() > 0);
                QVERIFY(view.grab().save(name + QStringLiteral("-broken.png")));
            }
        }
        applyTheme(*qApp, Scheme::Light);
    }
};

QTEST_MAIN(TopologyTest)
#include "tst_topology.moc"
