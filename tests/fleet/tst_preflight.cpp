// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/preflight.h"
#include "fleet/world.h"
#include "observe/readings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace catamaran;
using namespace catamaran::documents;
using namespace catamaran::fleet;
using namespace catamaran::observe;
using namespace catamaran::session;
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
Q_DECLARE_METATYPE(CloudReadings)

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
        CloudReadings account;
        account.hasAccount = account.waiting = true;
        QTest::newRow("asked, silent so far") << assembleFleet(QStringLiteral("lab"), QDateTime::currentDateTimeUtc(), asked, { account });
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

    void gatewaysAreThoseOfTheNetwork_data()
    {
        QTest::addColumn<QByteArray>("services");
        QTest::addColumn<QString>("address");
        QTest::addColumn<int>("health"); // -1: no gateway at all
        QTest::addColumn<QString>("says");
        const QByteArray ingress
            = R"({"metadata":{"name":"istio-ingressgateway","namespace":"istio-system","labels":{"istio":"ingressgateway"}},"spec":{"type":"LoadBalancer","ports":[{"port":443},{"port":15443}]},"status":{"loadBalancer":{"ingress":[{"ip":"203.0.113.10"}]}}})";
        const auto eastWest = [](const char *labels, const char *spec, const char *status) {
            return QByteArray(R"({"metadata":{"name":"east","namespace":"istio-system","labels":{)") + labels + R"(}},"spec":{)" + spec
                + R"(},"status":{)" + status + "}}";
        };
        const char *labelled = R"("istio":"eastwestgateway","topology.istio.io/network":"network1")",
                   *balanced = R"("type":"LoadBalancer","ports":[{"port":15021},{"port":15443}])";
        const char *at20 = R"("loadBalancer":{"ingress":[{"ip":"203.0.113.20"}]})";
        const auto row = [](const char *name, const QByteArray &services, const char *address, int health, const char *says) {
            QTest::newRow(name) << services << QString::fromLatin1(address) << health << QString::fromLatin1(says);
        };
        const int ok = int(Health::Ok), warning = int(Health::Warning);
        row("an ingress gateway alone is none", ingress, "", -1, "");
        row("the labelled one, listed last", ingress + "," + eastWest(labelled, balanced, at20), "203.0.113.20:15443", ok, "");
        row("pending beside an ingress gateway", eastWest(labelled, balanced, "") + "," + ingress, "", warning,
            "istio-system/east: pending");
        row("an empty list of addresses", eastWest(labelled, balanced, R"("loadBalancer":{"ingress":[]})"), "", warning, "pending");
        row("a host name", eastWest(labelled, balanced, R"("loadBalancer":{"ingress":[{"hostname":"lb.example.com"}]})"),
            "lb.example.com:15443", ok, "");
        row("IPv6", eastWest(labelled, balanced, R"("loadBalancer":{"ingress":[{"ip":"2001:db8::1"}]})"), "[2001:db8::1]:15443", ok, "");
        row("external addresses", eastWest(labelled, R"("type":"ClusterIP","externalIPs":["203.0.113.30"],"ports":[{"port":15443}])", ""),
            "203.0.113.30:15443", ok, "");
        row("another port by its label",
            eastWest(R"("topology.istio.io/network":"n","networking.istio.io/gatewayPort":"443")",
                R"("type":"LoadBalancer","ports":[{"port":443}])", at20),
            "203.0.113.20:443", ok, "");
        row("without the port", eastWest(labelled, R"("type":"LoadBalancer","ports":[{"port":15021}])", at20), "", warning,
            "no port 15443");
        row("ExternalName", eastWest(labelled, R"("type":"ExternalName","externalName":"gw.example.com","ports":[{"port":15443}])", at20),
            "", warning, "ExternalName (gw.example.com)");
        row("only inside the cluster", eastWest(labelled, R"("type":"ClusterIP","ports":[{"port":15443}])", ""), "", warning, "ClusterIP");
        row("through nodes", eastWest(labelled, R"("type":"NodePort","ports":[{"port":15443}])", ""), "", warning, "NodePort");
        row("no network label", eastWest(R"("istio":"eastwestgateway")", balanced, at20), "", warning,
            "no label topology.istio.io/network");
        row("one of two is pending", eastWest(labelled, balanced, "") + "," + eastWest(labelled, balanced, at20), "203.0.113.20:15443",
            warning, "pending");
        row("labelled, but no gateway", eastWest(R"("topology.istio.io/network":"network1")", R"("ports":[{"port":80}])", ""), "", -1, "");
    }
    void gatewaysAreThoseOfTheNetwork()
    {
        QFETCH(QByteArray, services);
        QFETCH(QString, address);
        QFETCH(int, health);
        QFETCH(QString, says);
        ClusterReadings readings;
        for (const QJsonValue &service : QJsonDocument::fromJson("[" + services + "]").array())
            readings.services << service.toObject();
        const ObservedCluster cluster = readCluster(readings);
        QCOMPARE(cluster.gatewayAddress, address);
        const Condition *condition = cluster.condition(QStringLiteral("Gateway"));
        QCOMPARE(condition ? int(condition->health) : -1, health);
        if (condition)
            QVERIFY2(condition->reason.contains(says), qPrintable(condition->reason));
    }

    void namespacesInjectAsTheInjectorDecides_data()
    {
        QTest::addColumn<QByteArray>("metadata");
        QTest::addColumn<bool>("injects");
        QTest::newRow("by name") << QByteArray(R"({"name":"a","labels":{"istio-injection":"enabled"}})") << true;
        QTest::newRow("by revision") << QByteArray(R"({"name":"a","labels":{"istio.io/rev":"1-22"}})") << true;
        QTest::newRow("disabled wins over a revision")
            << QByteArray(R"({"name":"a","labels":{"istio-injection":"disabled","istio.io/rev":"1-22"}})") << false;
        QTest::newRow("so does any other word")
            << QByteArray(R"({"name":"a","labels":{"istio-injection":"","istio.io/rev":"1-22"}})") << false;
        QTest::newRow("enabled beside a revision")
            << QByteArray(R"({"name":"a","labels":{"istio-injection":"enabled","istio.io/rev":"1-22"}})") << true;
        QTest::newRow("silent") << QByteArray(R"({"name":"a"})") << false;
        QTest::newRow("never there") << QByteArray(R"({"name":"kube-system","labels":{"istio-injection":"enabled"}})") << false;
    }
    void namespacesInjectAsTheInjectorDecides()
    {
        QFETCH(QByteArray, metadata);
        QFETCH(bool, injects);
        ClusterReadings readings;
        readings.namespaces = { json(("{\"metadata\":" + metadata + "}").constData()) };
        QCOMPARE(!readCluster(readings).injectedNamespaces.isEmpty(), injects);
    }

    void podsThatStayOutsideOnPurposeMissNothing_data()
    {
        QTest::addColumn<QByteArray>("podTemplate");
        QTest::addColumn<QString>("apart"); // empty: the sidecar is missing
        QTest::newRow("nothing is against it") << QByteArray(R"({"metadata":{"labels":{"app":"web"}}})") << QString();
        QTest::newRow("the node's network") << QByteArray(R"({"spec":{"hostNetwork":true}})") << QStringLiteral("hostNetwork");
        QTest::newRow("a label") << QByteArray(R"({"metadata":{"labels":{"sidecar.istio.io/inject":"false"}}})")
                                 << QStringLiteral("sidecar.istio.io/inject");
        QTest::newRow("an annotation") << QByteArray(R"({"metadata":{"annotations":{"sidecar.istio.io/inject":"no"}}})")
                                       << QStringLiteral("sidecar.istio.io/inject");
        QTest::newRow("the label wins") << QByteArray(
            R"({"metadata":{"labels":{"sidecar.istio.io/inject":"true"},"annotations":{"sidecar.istio.io/inject":"false"}}})")
                                        << QString();
    }
    void podsThatStayOutsideOnPurposeMissNothing()
    {
        QFETCH(QByteArray, podTemplate);
        QFETCH(QString, apart);
        ClusterReadings readings;
        readings.environment.name = QStringLiteral("cluster-1");
        readings.namespaces = { json(R"({"metadata":{"name":"default","labels":{"istio-injection":"enabled"}}})") };
        readings.deployments = { json((
            R"({"metadata":{"name":"web","namespace":"default"},"spec":{"replicas":1,"selector":{"matchExpressions":[{"key":"app","operator":"In","values":["web"]}]},"template":)"
            + podTemplate + R"(},"status":{"readyReplicas":1}})")
                                          .constData()) };
        readings.pods = {
            json(
                R"({"metadata":{"name":"web-1","namespace":"default","labels":{"app":"web"}},"spec":{"containers":[{"name":"web"}]},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}})")
        };
        ObservedFleet fleet;
        fleet.clusters = { readCluster(readings) };
        const ObservedWorkload &workload = fleet.clusters[0].workloads[0];
        QCOMPARE(workload.podNames, QStringList { QStringLiteral("web-1") }); // found by the expression
        QVERIFY(!workload.injected);
        QCOMPARE(workload.apart.isEmpty(), apart.isEmpty());
        QVERIFY2(workload.apart.contains(apart), qPrintable(workload.apart));
        QCOMPARE(findingOf(findings(fleet), QStringLiteral("sidecar-missing"), QStringLiteral("cluster-1/default/web")) != nullptr,
            apart.isEmpty());
    }

    void workloadsAreWellOnlyWhenTheyServe_data()
    {
        QTest::addColumn<QByteArray>("deployment"); // spec.replicas and status
        QTest::addColumn<QByteArray>("pods");
        QTest::addColumn<int>("health");
        QTest::addColumn<QString>("says");
        QTest::addColumn<QStringList>("names");
        const auto pod = [](const char *name, const char *status, bool sidecar = true) {
            return QByteArray("{\"metadata\":{\"name\":\"") + name
                + "\",\"namespace\":\"default\",\"labels\":{\"app\":\"web\"}},\"spec\":{\"containers\":[{\"name\":\"web\"}"
                + (sidecar ? ",{\"name\":\"istio-proxy\"}" : "") + "]},\"status\":" + status + "}";
        };
        const char *well = R"({"phase":"Running","conditions":[{"type":"Ready","status":"True"}]})";
        const char *evicted = R"({"phase":"Failed","reason":"Evicted","message":"The node was low on resource: memory."})";
        const QByteArray one = R"("spec":{"replicas":1},"status":{"readyReplicas":1,"updatedReplicas":1})",
                         none = R"("spec":{"replicas":1},"status":{})";
        const QStringList web1 { QStringLiteral("web-1") };
        QTest::newRow("it serves") << one << pod("web-1", well) << int(Health::Ok) << QStringLiteral("1 of 1 ready") << web1;
        QTest::newRow("scaled to 0") << QByteArray(R"("spec":{"replicas":0},"status":{})") << QByteArray() << int(Health::Warning)
                                     << QStringLiteral("scaled to 0") << QStringList();
        QTest::newRow("evicted ones beside it count for nothing")
            << one << pod("web-0", evicted, false) + "," + pod("web-1", well) << int(Health::Ok) << QStringLiteral("1 of 1 ready") << web1;
        QTest::newRow("evicted, and nothing in its place")
            << none << pod("web-0", evicted) << int(Health::Warning) << QStringLiteral("evicted: The node was low") << QStringList();
        QTest::newRow("the quota is used up") << QByteArray(
            R"("spec":{"replicas":1},"status":{"conditions":[{"type":"ReplicaFailure","status":"True","message":"exceeded quota: small"}]})")
                                              << QByteArray() << int(Health::Warning) << QStringLiteral("exceeded quota: small")
                                              << QStringList();
        QTest::newRow("the old pods serve, the new ones cannot") << one
                                                                 << pod("web-1", well) + ","
                + pod("web-2",
                    R"({"phase":"Pending","containerStatuses":[{"name":"web","image":"x","state":{"waiting":{"reason":"ErrImagePull","message":"not found"}}}]})")
                                                                 << int(Health::Warning) << QStringLiteral("cannot be pulled")
                                                                 << QStringList { QStringLiteral("web-1"), QStringLiteral("web-2") };
    }
    void workloadsAreWellOnlyWhenTheyServe()
    {
        QFETCH(QByteArray, deployment);
        QFETCH(QByteArray, pods);
        QFETCH(int, health);
        QFETCH(QString, says);
        QFETCH(QStringList, names);
        QJsonObject object = json(("{" + deployment + "}").constData()), spec = object[u"spec"].toObject();
        spec.insert(QStringLiteral("selector"), json(R"({"matchLabels":{"app":"web"}})"));
        object.insert(QStringLiteral("spec"), spec);
        object.insert(QStringLiteral("metadata"), json(R"({"name":"web","namespace":"default"})"));
        ClusterReadings readings;
        readings.deployments = { object };
        for (const QJsonValue &pod : QJsonDocument::fromJson("[" + pods + "]").array())
            readings.pods << readPart(pod.toObject()); // what a live cache keeps is enough
        const ObservedCluster cluster = readCluster(readings);
        const Condition *condition = cluster.condition(QStringLiteral("Workload"));
        QVERIFY(condition);
        QCOMPARE(condition->subject, QStringLiteral("default/web"));
        QCOMPARE(healthName(condition->health), healthName(Health(health)));
        QVERIFY2(condition->reason.contains(says), qPrintable(condition->reason));
        QCOMPARE(cluster.workloads[0].podNames, names);
        QCOMPARE(cluster.workloads[0].injected, !names.isEmpty());
    }

    void anAccountThatDoesNotTellIsACondition_data()
    {
        QTest::addColumn<CloudReadings>("cloud");
        QTest::addColumn<int>("worst");
        QTest::addColumn<bool>("unknown");
        const auto error
            = core::Error::make(core::ErrorKind::Forbidden, QStringLiteral("list meshes"), {}, QStringLiteral("Forbidden.RAM"));
        CloudReadings cloud;
        QTest::newRow("no account") << cloud << int(Health::Ok) << false;
        cloud.hasAccount = true;
        cloud.heard = QDateTime::currentDateTimeUtc();
        QTest::newRow("it tells: there is none") << cloud << int(Health::Ok) << false;
        cloud.error = error;
        QTest::newRow("refused now, heard before") << cloud << int(Health::Stale) << true;
        cloud.heard = {};
        QTest::newRow("refused") << cloud << int(Health::Failed) << true;
        cloud.error.reset();
        cloud.waiting = true;
        QTest::newRow("asked, silent so far") << cloud << int(Health::Unknown) << true;
        cloud.waiting = false;
        cloud.clustersError = error;
        QTest::newRow("its clusters are refused") << cloud << int(Health::Failed) << false;
        cloud.clustersError.reset();
        cloud.versionsError = error;
        QTest::newRow("its versions are refused") << cloud << int(Health::Warning) << false;
    }
    void anAccountThatDoesNotTellIsACondition()
    {
        QFETCH(CloudReadings, cloud);
        QFETCH(int, worst);
        QFETCH(bool, unknown);
        ClusterReadings cluster;
        cluster.environment.name = QStringLiteral("cluster-1");
        const ObservedFleet fleet = assembleFleet(QStringLiteral("lab"), QDateTime::currentDateTimeUtc(), { cluster }, { cloud });
        QCOMPARE(healthName(fleet.worst()), healthName(Health(worst)));
        QCOMPARE(fleet.meshesUnknown(), unknown);
        QCOMPARE(fleet.account.isEmpty(), !cloud.hasAccount);
        QVERIFY(cloud.hasAccount || fleet.meshesError); // nobody to ask is no proof of absence either
        const bool isRefused = cloud.error || cloud.clustersError || cloud.versionsError;
        QCOMPARE(fleet.errors.isEmpty(), !isRefused);
        if (!isRefused)
            return;
        QVERIFY(fleet.account.last().evidence.contains(QStringLiteral("Forbidden.RAM")));
        QVERIFY(findingOf(findings(fleet), QStringLiteral("account"), QStringLiteral("lab")));
        const auto before = preflight(exampleFleet(), fleet);
        QVERIFY(findingOf(before, QStringLiteral("account"), QStringLiteral("lab")));
    }

    void rightsInSomeNamespacesAreEnoughForTheirFleet_data()
    {
        QTest::addColumn<QStringList>("read"); // of sample: resources that were read one by one
        QTest::addColumn<int>("health");
        QTest::addColumn<QString>("says");
        QTest::newRow("all of it") << QStringList { resources::namespaces, resources::deployments, resources::pods, resources::services }
                                   << int(Health::Warning) << QStringLiteral("single namespaces only: sample");
        QTest::newRow("not its services") << QStringList { resources::namespaces, resources::deployments, resources::pods }
                                          << int(Health::Unknown) << QStringLiteral("list services in namespace sample");
        QTest::newRow("nothing") << QStringList() << int(Health::Unknown) << QStringLiteral("list deployments.apps in namespace sample");
    }
    void rightsInSomeNamespacesAreEnoughForTheirFleet()
    {
        QFETCH(QStringList, read);
        QFETCH(int, health);
        QFETCH(QString, says);
        ClusterReadings readings;
        readings.environment.name = QStringLiteral("cluster-1");
        readings.wanted = QStringList { QStringLiteral("sample") };
        const auto refusal = core::Error::make(core::ErrorKind::Forbidden, QStringLiteral("list"), {}, QStringLiteral("dev cannot list"));
        for (const QString &resource : { resources::namespaces, resources::deployments, resources::pods, resources::services }) {
            readings.unread.append({ resource, {}, refusal });
            if (read.contains(resource))
                readings.readOneByOne[resource] << QStringLiteral("sample");
            else
                readings.unread.append({ resource, QStringLiteral("sample"), refusal });
        }
        if (!read.isEmpty())
            readings.namespaces = { json(R"({"metadata":{"name":"sample"}})") };
        const ObservedFleet fleet = assembleFleet(QStringLiteral("lab"), QDateTime::currentDateTimeUtc(), { readings }, {});
        const ObservedCluster &cluster = fleet.clusters.first();
        QVERIFY(cluster.reachable);
        QVERIFY(cluster.condition(QStringLiteral("Reachable"))->health == Health::Ok);
        const Condition *access = cluster.condition(QStringLiteral("Access"));
        QVERIFY(access);
        QCOMPARE(healthName(access->health), healthName(Health(health)));
        QVERIFY2(access->reason.contains(says), qPrintable(access->reason));
        QVERIFY2(access->reason.contains(QStringLiteral("list pods in all namespaces")), qPrintable(access->reason));
        QCOMPARE(fleet.errors.isEmpty(), Health(health) == Health::Warning);
        QVERIFY(cluster.whyUnread(resources::pods, QStringLiteral("elsewhere")));
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
        ObservedFleet fleet = assembleFleet(QStringLiteral("lab"), {}, { cluster }, { cloud });
        QCOMPARE(fleet.meshes[0].status.members[0].clusterName, QStringLiteral("cluster-1"));
        // A cluster is not ours because its account calls it as we call one of ours.
        cloud.meshes[0].members.append(
            { QStringLiteral("c-of-others"), QStringLiteral("cluster-1"), mesh::Mode::DiscoveryOnly, {}, {}, false });
        fleet = assembleFleet(QStringLiteral("lab"), {}, { cluster }, { cloud });
        QVERIFY(fleet.meshes[0].status.members[1].clusterName.isEmpty());
        QVERIFY(std::any_of(fleet.meshes[0].conditions.begin(), fleet.meshes[0].conditions.end(),
            [](const Condition &one) { return one.reason.contains(QStringLiteral("c-of-others (no cluster of this environment)")); }));
        cloud.meshes[0].members.removeLast();
        QCOMPARE(fleet.sharesRoot(), std::optional<bool>(true));
        QVERIFY(fleet.trust.last().health == Health::Ok);
        QCOMPARE(fleet.trust.size(), 3);

        cloud.meshes[1].rootFingerprints = QSet<QString> { QStringLiteral("bb") };
        fleet = assembleFleet(QStringLiteral("lab"), {}, { cluster }, { cloud });
        QCOMPARE(fleet.sharesRoot(), std::optional<bool>(false));
        QVERIFY(fleet.worst() == Health::Failed);
        const auto found = findings(fleet);
        const Finding *roots = findingOf(found, QStringLiteral("roots"), QStringLiteral("all meshes"));
        QVERIFY(roots && roots->severity == Health::Failed && !roots->remedy.isEmpty());

        cloud.meshes[1].rootFingerprints.clear();
        fleet = assembleFleet(QStringLiteral("lab"), {}, { cluster }, { cloud });
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
