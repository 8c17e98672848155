// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/preflight.h"
#include "fleet/readings.h"
#include "fleet/world.h"

#include <QJsonDocument>
#include <QTest>

using namespace catamaran;
using namespace catamaran::fleet;
using namespace catamaran::tests;

namespace {

const Finding *findingOf(const QList<Finding> &findings, const QString &id, const QString &where)
{
    for (const Finding &finding : findings)
        if (finding.id == id && finding.where == where)
            return &finding;
    return nullptr;
}

QJsonObject json(const char *text)
{
    return QJsonDocument::fromJson(text).object();
}

using Change = void (*)(ObservedFleet &);

} // namespace

Q_DECLARE_METATYPE(Change)

class TestPreflight : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void aGoodWorldHasNothingToComplainAbout()
    {
        for (const ObservedFleet &world : { emptyWorld(), finishedWorld() })
            for (const Finding &finding : preflight(exampleFleet(), world))
                QVERIFY2(finding.severity == Health::Ok, qPrintable(finding.id + QStringLiteral(" ") + finding.where));
    }

    void preflightJudges_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("where");
        QTest::addColumn<int>("severity");
        const auto row = [](const char *name, Change change, const char *id, const char *where, Health severity) {
            QTest::newRow(name) << change << QString::fromUtf8(id) << QString::fromUtf8(where) << int(severity);
        };
        row(
            "unknown cluster", [](ObservedFleet &world) { world.clusters.removeLast(); }, "cluster-known", "cluster-2", Health::Failed);
        row(
            "unreachable cluster", [](ObservedFleet &world) { world.clusters[0].reachable = false; }, "api-server-reachable", "cluster-1",
            Health::Failed);
        row(
            "no public address", [](ObservedFleet &world) { world.clusters[1].publicApiServer.clear(); }, "api-server-public", "cluster-2",
            Health::Failed);
        row(
            "overlapping pods, with gateways", [](ObservedFleet &world) { world.clusters[1].podCidr = QStringLiteral("10.1.128.0/17"); },
            "pod-addresses", "cluster-1 and cluster-2", Health::Warning);
        row(
            "version not offered",
            [](ObservedFleet &world) {
                world.meshes.clear();
                world.meshVersions = QStringList { QStringLiteral("v1.30.0.1-g0-aliyun") };
            },
            "mesh-version", "mesh-1", Health::Failed);
        row(
            "old mesh", [](ObservedFleet &world) { world.meshes[1].status.version = QStringLiteral("v1.21.6.104-g5622cb3c-aliyun"); },
            "mesh-version", "mesh-2", Health::Failed);
        row(
            "mesh still updating", [](ObservedFleet &world) { world.meshes[1].conditions[0].health = Health::Warning; }, "mesh-running",
            "mesh-2", Health::Warning);
        row(
            "roots differ", [](ObservedFleet &world) { world.meshes[1].status.rootFingerprints = QSet<QString> { QStringLiteral("bb") }; },
            "roots", "mesh-1 and mesh-2", Health::Failed);
    }
    void preflightJudges()
    {
        QFETCH(Change, change);
        QFETCH(QString, id);
        QFETCH(QString, where);
        QFETCH(int, severity);
        ObservedFleet world = finishedWorld();
        change(world);
        const auto findings = preflight(exampleFleet(), world);
        const Finding *finding = findingOf(findings, id, where);
        QVERIFY(finding);
        QCOMPARE(int(finding->severity), severity);
        QVERIFY(!finding->remedy.isEmpty());
    }

    void whatHasNotAnsweredYetIsUnknown_data()
    {
        QTest::addColumn<ObservedFleet>("world");
        ObservedFleet before;
        before.environment = QStringLiteral("lab");
        QTest::newRow("before the first look") << before;
        QList<ClusterReadings> asked(2);
        for (int i = 0; i < asked.size(); ++i) {
            asked[i].environment.name = QStringLiteral("cluster-%1").arg(i + 1);
            asked[i].waiting = true;
        }
        QTest::newRow("asked, silent so far") << assembleFleet(QStringLiteral("lab"), QDateTime::currentDateTimeUtc(), asked, {});
    }
    void whatHasNotAnsweredYetIsUnknown()
    {
        QFETCH(ObservedFleet, world);
        const auto findings = preflight(exampleFleet(), world);
        for (const QString &cluster : { QStringLiteral("cluster-1"), QStringLiteral("cluster-2") }) {
            const Finding *finding = findingOf(findings, QStringLiteral("api-server-reachable"), cluster);
            QVERIFY2(finding, qPrintable(cluster));
            QCOMPARE(healthName(finding->severity), healthName(Health::Unknown));
            QCOMPARE(finding->evidence, QStringLiteral("not answered yet"));
            QVERIFY(finding->remedy.isEmpty()); // there is nothing to mend yet
        }
        for (const Finding &finding : findings)
            QVERIFY2(finding.severity != Health::Failed, qPrintable(finding.id + QStringLiteral(" ") + finding.where));
    }

    void anEnvironmentWithoutTheClusterIsAFault()
    {
        ObservedFleet world; // looked at, and empty
        world.environment = QStringLiteral("lab");
        world.at = QDateTime::currentDateTimeUtc();
        const auto findings = preflight(exampleFleet(), world);
        const Finding *finding = findingOf(findings, QStringLiteral("cluster-known"), QStringLiteral("cluster-1"));
        QVERIFY(finding && finding->severity == Health::Failed);
    }

    void overlappingPodsOnOneNetworkCannotWork()
    {
        FleetDocument fleet = exampleFleet();
        for (FleetCluster &cluster : fleet.clusters)
            cluster = { cluster.name, {}, false };
        ObservedFleet world = finishedWorld();
        world.clusters[1].podCidr = world.clusters[0].podCidr;
        const auto findings = preflight(fleet, world);
        QVERIFY(
            findingOf(findings, QStringLiteral("pod-addresses"), QStringLiteral("cluster-1 and cluster-2"))->severity == Health::Failed);
    }

    void aRunningFleetIsReadFromItsObjects()
    {
        ClusterReadings readings;
        readings.environment.name = QStringLiteral("cluster-1");
        readings.environment.cloudId = QStringLiteral("c1");
        readings.kubeVersion = QStringLiteral("v1.32.1");
        readings.namespaces = { json(R"({"metadata":{"name":"default","labels":{"istio-injection":"enabled"}}})"),
            json(R"({"metadata":{"name":"quiet"}})") };
        readings.deployments = {
            json(
                R"({"metadata":{"name":"hello","namespace":"default"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"hello"}},"template":{"metadata":{"labels":{"app":"hello","version":"v1"}}}},"status":{"readyReplicas":1}})"),
            json(R"({"metadata":{"name":"hidden","namespace":"quiet"},"spec":{"replicas":1}})"),
        };
        readings.pods = {
            json(
                R"({"metadata":{"name":"hello-a","namespace":"default","labels":{"app":"hello"}},"spec":{"containers":[{"name":"hello"},{"name":"istio-proxy"}]}})"),
            json(
                R"({"metadata":{"name":"hello-b","namespace":"default","labels":{"app":"hello"}},"spec":{"containers":[{"name":"hello"}],"initContainers":[{"name":"istio-proxy"}]}})"),
            json(
                R"({"metadata":{"name":"hello-gone","namespace":"default","deletionTimestamp":"2026-01-01T00:00:00Z","labels":{"app":"hello"}},"spec":{"containers":[{"name":"hello"}]}})"),
        };
        readings.services = {
            json(
                R"({"metadata":{"name":"asm-cross-network-c1","namespace":"istio-system"},"spec":{"ports":[{"port":15021},{"port":15443}]},"status":{"loadBalancer":{"ingress":[{"ip":"127.1.0.5"}]}}})"),
            json(R"({"metadata":{"name":"hello","namespace":"default"},"spec":{"ports":[{"port":80}]}})")
        };
        ObservedCluster cluster = readCluster(readings);
        QVERIFY(cluster.reachable);
        QCOMPARE(cluster.injectedNamespaces, QStringList { QStringLiteral("default") });
        QCOMPARE(cluster.services, QStringList { QStringLiteral("default/hello") });
        QCOMPARE(cluster.gatewayAddress, QStringLiteral("127.1.0.5:15443"));
        QCOMPARE(cluster.workloads.size(), 1);
        QCOMPARE(cluster.workloads[0].version, QStringLiteral("v1"));
        QCOMPARE(cluster.workloads[0].desired, 2);
        QCOMPARE(cluster.workloads[0].ready, 1);
        QVERIFY(cluster.workloads[0].injected);
        QCOMPARE(cluster.workloads[0].podNames, (QStringList { QStringLiteral("hello-a"), QStringLiteral("hello-b") }));

        readings.pods[0] = json(
            R"({"metadata":{"name":"hello-a","namespace":"default","labels":{"app":"hello"}},"spec":{"containers":[{"name":"hello"}]}})");
        QVERIFY(!readCluster(readings).workloads[0].injected);

        // Disconnected: what was last seen stays, and is called stale.
        readings.error = core::Error::make(
            core::ErrorKind::Network, QStringLiteral("watch"), QStringLiteral("cluster-1"), QStringLiteral("connection refused"));
        readings.stale = true;
        cluster = readCluster(readings);
        QVERIFY(!cluster.reachable);
        QCOMPARE(cluster.workloads.size(), 1);
        for (const Condition &condition : cluster.conditions)
            QVERIFY2(condition.health == Health::Stale, qPrintable(condition.type));

        // Not heard of yet is neither good nor bad.
        ClusterReadings fresh;
        fresh.waiting = true;
        QVERIFY(readCluster(fresh).conditions.first().health == Health::Unknown);
    }

    void theFleetIsJudgedFromItsMeshes()
    {
        ClusterReadings cluster;
        cluster.environment.name = QStringLiteral("cluster-1");
        cluster.environment.cloudId = member(1, mesh::Mode::Managed).clusterId;
        CloudReadings cloud;
        cloud.hasAccount = true;
        cloud.meshes = { runningMesh(1).status, runningMesh(2).status };
        cloud.meshes[0].members = { member(1, mesh::Mode::Managed) };
        cloud.meshes[0].members[0].clusterName = QStringLiteral("their name for it");
        ObservedFleet fleet = assembleFleet(QStringLiteral("lab"), {}, { cluster }, cloud);
        QCOMPARE(fleet.meshes[0].status.members[0].clusterName, QStringLiteral("cluster-1"));
        QCOMPARE(fleet.sharesRoot(), std::optional<bool>(true));
        QVERIFY(fleet.trust.last().health == Health::Ok);
        QCOMPARE(fleet.trust.size(), 3);

        cloud.meshes[1].rootFingerprints = QSet<QString> { QStringLiteral("bb") };
        fleet = assembleFleet(QStringLiteral("lab"), {}, { cluster }, cloud);
        QCOMPARE(fleet.sharesRoot(), std::optional<bool>(false));
        QVERIFY(fleet.worst() == Health::Failed);
        const auto found = findings(fleet);
        const Finding *roots = findingOf(found, QStringLiteral("roots"), QStringLiteral("all meshes"));
        QVERIFY(roots && roots->severity == Health::Failed && !roots->remedy.isEmpty());

        cloud.meshes[1].rootFingerprints.clear();
        fleet = assembleFleet(QStringLiteral("lab"), {}, { cluster }, cloud);
        QCOMPARE(fleet.sharesRoot(), std::optional<bool>());
        QVERIFY(fleet.trust.last().health == Health::Unknown);
    }

    void aPodWithoutSidecarIsAFinding()
    {
        ObservedFleet world = finishedWorld();
        world.clusters[0].workloads[0].injected = false;
        const auto found = findings(world);
        QVERIFY(findingOf(found, QStringLiteral("sidecar-missing"), QStringLiteral("cluster-1/default/helloworld-v1")));
        QVERIFY(!findingOf(found, QStringLiteral("sidecar-missing"), QStringLiteral("cluster-1/default/sleep")));
    }
};

QTEST_GUILESS_MAIN(TestPreflight)
#include "tst_preflight.moc"
