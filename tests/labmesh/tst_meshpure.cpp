// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/accesslog.h"
#include "lab/mesh/balancer.h"
#include "lab/mesh/bytestream.h"
#include "lab/mesh/clusterview.h"
#include "lab/mesh/endpoints.h"
#include "lab/mesh/hostsfile.h"
#include "lab/mesh/injection.h"
#include "lab/mesh/places.h"
#include "lab/mesh/pod.h"
#include "lab/mesh/podstatus.h"
#include "lab/mesh/worldfolder.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <set>

#include <cmath>

using namespace catamaran::lab;
using namespace std::chrono_literals;

namespace {

/// A cluster with one helloworld pod per entry of @p pods.
struct PodOf {
    QString address;
    bool sidecar = true;
    QString label {}; ///< its network label
};

ClusterView cluster(
    const std::string &id, const QList<PodOf> &pods, const std::string &systemNetwork = {}, const std::vector<GatewayView> &gateways = {})
{
    ClusterView view;
    view.id = view.name = id;
    view.systemNetwork = systemNetwork;
    view.gateways = gateways;
    ServiceView service { "default", "helloworld", { "10.0.0." + id.substr(1) }, { { "http", 5000, true } }, {} };
    for (const auto &pod : pods)
        service.endpoints.push_back({ pod.address.toStdString(), 5000, "http", pod.sidecar, pod.label.toStdString(), "helloworld",
            { "region-" + id, {}, {} }, {} });
    view.services.push_back(service);
    return view;
}

QString textOf(const std::vector<UpstreamHost> &hosts)
{
    QStringList parts;
    for (const auto &host : hosts)
        parts << QStringLiteral("%1 w%2 p%3%4")
                     .arg(QString::fromStdString(host.key()))
                     .arg(host.weight)
                     .arg(host.priority)
                     .arg(host.mutualTls ? QStringLiteral(" tls") : QString());
    return parts.join(QStringLiteral("; "));
}

TrafficPolicy withOutlier()
{
    TrafficPolicy policy;
    policy.outlier = OutlierDetection();
    policy.outlier->maxEjectionPercent = 100;
    return policy;
}

UpstreamHost host(const std::string &address, unsigned weight = 1, unsigned priority = 0)
{
    UpstreamHost made;
    made.address = address;
    made.port = 1;
    made.weight = weight;
    made.priority = priority;
    return made;
}

const Balancer::Time start = Balancer::Time() + 1000s;

} // namespace

class MeshPureTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void endpointsOfOneClient_data()
    {
        QTest::addColumn<MeshView>("mesh");
        QTest::addColumn<QString>("network");
        QTest::addColumn<QString>("hosts");
        const PodOf near { QStringLiteral("1.1.1.1") };
        const PodOf far { QStringLiteral("2.2.2.2") };
        const std::map<std::string, NetworkAssignment> both { { "c1", { "network1", {} } }, { "c2", { "network2", {} } } };
        const std::vector<GatewayView> gateway { { "network2", "9.9.9.2", 15443 } };

        const auto row = [](const char *name, const MeshView &mesh, const char *network, const char *hosts) {
            QTest::newRow(name) << mesh << QString::fromLatin1(network) << QString::fromLatin1(hosts);
        };
        row("alone", { { cluster("c1", { near }) }, {}, {} }, "", "1.1.1.1:5000 w1 p0 tls");
        row("two clusters without networks: raw addresses", { { cluster("c1", { near }), cluster("c2", { far }) }, {}, {} }, "",
            "1.1.1.1:5000 w1 p0 tls; 2.2.2.2:5000 w1 p0 tls");
        row("networks but no gateway known: raw addresses", { { cluster("c1", { near }), cluster("c2", { far }) }, both, {} }, "network1",
            "1.1.1.1:5000 w1 p0 tls; 2.2.2.2:5000 w1 p0 tls");
        row("the other network behind its gateway", { { cluster("c1", { near }), cluster("c2", { far }, {}, gateway) }, both, {} },
            "network1", "1.1.1.1:5000 w1 p0 tls; 9.9.9.2:15443 w1 p0 tls");
        row("three pods behind one gateway weigh three",
            { { cluster("c1", { near }),
                  cluster("c2", { far, { QStringLiteral("2.2.2.3") }, { QStringLiteral("2.2.2.4") } }, {}, gateway) },
                both, {} },
            "network1", "1.1.1.1:5000 w1 p0 tls; 9.9.9.2:15443 w3 p0 tls");
        row("two gateways share the weight",
            { { cluster("c1", { near }), cluster("c2", { far }, {}, { gateway[0], { "network2", "9.9.9.3", 15443 } }) }, both, {} },
            "network1", "1.1.1.1:5000 w2 p0 tls; 9.9.9.2:15443 w1 p0 tls; 9.9.9.3:15443 w1 p0 tls");
        row("no sidecar, other network: dropped",
            { { cluster("c1", { near }), cluster("c2", { { QStringLiteral("2.2.2.2"), false, {} } }, {}, gateway) }, both, {} }, "network1",
            "1.1.1.1:5000 w1 p0 tls");
        row("no sidecar, own network: plain", { { cluster("c1", { { QStringLiteral("1.1.1.1"), false, {} } }) }, both, {} }, "network1",
            "1.1.1.1:5000 w1 p0");
        row("one network: direct although a gateway is known",
            { { cluster("c1", { near }), cluster("c2", { far }, {}, { { "network1", "9.9.9.2", 15443 } }) },
                { { "c1", { "network1", {} } }, { "c2", { "network1", {} } } }, {} },
            "network1", "1.1.1.1:5000 w1 p0 tls; 2.2.2.2:5000 w1 p0 tls");
        row("the pod's label wins over the assignment",
            { { cluster("c1", { near }), cluster("c2", { { QStringLiteral("2.2.2.2"), true, QStringLiteral("other") } }, {}, gateway) },
                both, {} },
            "network1", "1.1.1.1:5000 w1 p0 tls; 2.2.2.2:5000 w1 p0 tls");
        row("the system namespace's label wins over the assignment",
            { { cluster("c1", { near }), cluster("c2", { far }, "network1", gateway) }, both, {} }, "network1",
            "1.1.1.1:5000 w1 p0 tls; 2.2.2.2:5000 w1 p0 tls");
        row("a gateway given by address",
            { { cluster("c1", { near }), cluster("c2", { far }) },
                { { "c1", { "network1", {} } }, { "c2", { "network2", { { "network2", "8.8.8.8", 15443 } } } } }, {} },
            "network1", "1.1.1.1:5000 w1 p0 tls; 8.8.8.8:15443 w1 p0 tls");
        row("a client without network goes directly", { { cluster("c1", { near }), cluster("c2", { far }, {}, gateway) }, both, {} }, "",
            "1.1.1.1:5000 w1 p0 tls; 2.2.2.2:5000 w1 p0 tls");
    }
    void endpointsOfOneClient()
    {
        QFETCH(MeshView, mesh);
        QFETCH(QString, network);
        QFETCH(QString, hosts);
        const ClientSide client { "c1", network.toStdString(), {}, {} };
        QCOMPARE(textOf(hostsFor(mesh, client, "default", "helloworld", "http", {})), hosts);
    }

    void portsMeetByName()
    {
        MeshView mesh { { cluster("c1", { { QStringLiteral("1.1.1.1") } }), cluster("c2", { { QStringLiteral("2.2.2.2") } }) }, {}, {} };
        mesh.clusters[1].services[0].endpoints[0].portName = "web";
        QCOMPARE(
            textOf(hostsFor(mesh, { "c1", {}, {}, {} }, "default", "helloworld", "http", {})), QStringLiteral("1.1.1.1:5000 w1 p0 tls"));
    }

    void localityNeedsOutlierDetection()
    {
        const MeshView mesh { { cluster("c1", { { QStringLiteral("1.1.1.1") } }), cluster("c2", { { QStringLiteral("2.2.2.2") } }) }, {},
            {} };
        const ClientSide client { "c1", {}, { "region-c1", {}, {} }, {} };
        QCOMPARE(textOf(hostsFor(mesh, client, "default", "helloworld", "http", {})),
            QStringLiteral("1.1.1.1:5000 w1 p0 tls; 2.2.2.2:5000 w1 p0 tls"));
        QCOMPARE(textOf(hostsFor(mesh, client, "default", "helloworld", "http", withOutlier())),
            QStringLiteral("1.1.1.1:5000 w1 p0 tls; 2.2.2.2:5000 w1 p1 tls"));
        TrafficPolicy off = withOutlier();
        off.localityEnabled = false;
        QCOMPARE(textOf(hostsFor(mesh, client, "default", "helloworld", "http", off)),
            QStringLiteral("1.1.1.1:5000 w1 p0 tls; 2.2.2.2:5000 w1 p0 tls"));
    }

    void failoverPriorityByNetworkMatchesGateways()
    {
        const MeshView mesh { { cluster("c1", { { QStringLiteral("1.1.1.1") } }),
                                  cluster("c2", { { QStringLiteral("2.2.2.2") } }, {}, { { "network2", "9.9.9.2", 15443 } }) },
            { { "c1", { "network1", {} } }, { "c2", { "network2", {} } } }, {} };
        TrafficPolicy policy = withOutlier();
        policy.failoverPriority = { "topology.istio.io/network" };
        QCOMPARE(textOf(hostsFor(mesh, { "c1", "network1", {}, {} }, "default", "helloworld", "http", policy)),
            QStringLiteral("1.1.1.1:5000 w1 p0 tls; 9.9.9.2:15443 w1 p1 tls"));
    }

    void aProxyKnowsOnlyServicesOfItsOwnCluster()
    {
        MeshView mesh { { cluster("c1", { { QStringLiteral("1.1.1.1") } }), cluster("c2", { { QStringLiteral("2.2.2.2") } }) }, {}, {} };
        mesh.clusters[0].services.clear();
        QVERIFY(makeProxyConfig(mesh, { "c1", {}, {}, {} }, 1)->byAddress.empty());
        const auto there = makeProxyConfig(mesh, { "c2", {}, {}, {} }, 1);
        QCOMPARE(there->byAddress.count("10.0.0.2:5000"), std::size_t(1));
        QCOMPARE(there->byAddress.at("10.0.0.2:5000")->identities,
            std::vector<std::string> { "spiffe://cluster.local/ns/default/sa/helloworld" });
    }

    void aGatewaySeesOnlyItsOwnNetwork()
    {
        const MeshView mesh { { cluster("c1", { { QStringLiteral("1.1.1.1") } }),
                                  cluster("c2", { { QStringLiteral("2.2.2.2") }, { QStringLiteral("2.2.2.3"), false, {} } }) },
            { { "c1", { "network1", {} } }, { "c2", { "network2", {} } } }, {} };
        const auto config = makeGatewayConfig(mesh, "c2", "network2", 1);
        const auto found = config->bySni.find("outbound_.5000_._.helloworld.default.svc.cluster.local");
        QVERIFY(found != config->bySni.end());
        QCOMPARE(textOf(found->second->hosts), QStringLiteral("2.2.2.2:5000 w1 p0 tls"));
    }

    /// As Envoy on 600 requests: even shares, no order, runs now and then.
    void equalHostsAreDrawn_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 20; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }
    void equalHostsAreDrawn()
    {
        QFETCH(unsigned, seed);
        Balancer balancer(seed);
        balancer.setHosts({ host("a"), host("b") }, {});
        int a = 0, changes = 0, run = 0, longest = 0;
        std::string last;
        for (int i = 0; i < 600; ++i) {
            const std::string &chosen = balancer.host(*balancer.pick(start, {})).address;
            a += chosen == "a";
            changes += !last.empty() && chosen != last;
            run = chosen == last ? run + 1 : 1;
            longest = std::max(longest, run);
            last = chosen;
        }
        QVERIFY2(a >= 250 && a <= 350, qPrintable(QString::number(a)));
        QVERIFY2(changes >= 249 && changes <= 350, qPrintable(QString::number(changes)));
        QVERIFY2(longest >= 5, qPrintable(QString::number(longest)));
    }

    void weightsAreKept()
    {
        Balancer balancer;
        balancer.setHosts({ host("a"), host("b", 3) }, {});
        int b = 0;
        for (int i = 0; i < 40; ++i)
            b += balancer.host(*balancer.pick(start, {})).address == "b";
        QCOMPARE(b, 30);
    }

    void unequalHostsTakeTurnsByWeight()
    {
        Balancer balancer(1);
        balancer.setHosts({ host("a"), host("b", 2) }, {});
        QString order;
        for (int i = 0; i < 60; ++i)
            order += QString::fromStdString(balancer.host(*balancer.pick(start, {})).address);
        for (int i = 3; i < 60; ++i)
            QCOMPARE(order.at(i), order.at(i - 3)); // periodic
        QCOMPARE(order.count(u'a'), 20);
    }

    /// Two are drawn: a busy one is taken only where it was drawn twice.
    void busyHostsGetLess()
    {
        Balancer balancer(1);
        balancer.setHosts({ host("a"), host("b") }, {});
        balancer.started("a:1");
        int a = 0;
        for (int i = 0; i < 400; ++i)
            a += balancer.host(*balancer.pick(start, {})).address == "a";
        QVERIFY2(a >= 60 && a <= 140, qPrintable(QString::number(a)));
        balancer.ended("a:1");
        a = 0;
        for (int i = 0; i < 400; ++i)
            a += balancer.host(*balancer.pick(start, {})).address == "a";
        QVERIFY2(a >= 150 && a <= 250, qPrintable(QString::number(a)));
    }

    void halfAPriorityLeavesAtRandom()
    {
        Balancer balancer(1);
        balancer.setHosts({ host("near", 1, 0), host("sick", 1, 0), host("far", 1, 1) }, withOutlier().outlier);
        for (int i = 0; i < 5; ++i)
            balancer.result("sick:1", 503, start);
        int far = 0;
        for (int i = 0; i < 600; ++i)
            far += balancer.host(*balancer.pick(start, {})).address == "far";
        QVERIFY2(far >= 130 && far <= 230, qPrintable(QString::number(far))); // 30 %
    }

    void aRetryAvoidsTheTriedHost()
    {
        Balancer balancer;
        balancer.setHosts({ host("a"), host("b") }, {});
        for (int i = 0; i < 5; ++i)
            QCOMPARE(balancer.host(*balancer.pick(start, { "a:1" })).address, std::string("b"));
        QVERIFY2(balancer.pick(start, { "a:1", "b:1" }), "with every host tried, one is tried again");
    }

    void withoutARuleNobodyIsEjected()
    {
        Balancer balancer;
        balancer.setHosts({ host("a") }, {});
        for (int i = 0; i < 20; ++i)
            balancer.result("a:1", 503, start);
        QVERIFY(balancer.pick(start, {}));
    }

    void fiveErrorsInARowEject()
    {
        Balancer balancer;
        balancer.setHosts({ host("a"), host("b") }, withOutlier().outlier);
        for (int i = 0; i < 4; ++i)
            balancer.result("a:1", 503, start);
        balancer.result("a:1", 200, start);
        for (int i = 0; i < 4; ++i)
            balancer.result("a:1", 500, start);
        QVERIFY(!balancer.isEjected(0, start));
        balancer.result("a:1", 500, start);
        QVERIFY(balancer.isEjected(0, start));
        for (int i = 0; i < 5; ++i)
            QCOMPARE(balancer.host(*balancer.pick(start, {})).address, std::string("b"));
        // Back at the first sweep after its time; the second ejection lasts twice as long.
        (void)balancer.pick(start + 29s, {});
        QVERIFY(balancer.isEjected(0, start + 29s));
        (void)balancer.pick(start + 41s, {});
        QVERIFY(!balancer.isEjected(0, start + 41s));
        for (int i = 0; i < 5; ++i)
            balancer.result("a:1", 500, start + 41s);
        (void)balancer.pick(start + 90s, {});
        QVERIFY(balancer.isEjected(0, start + 90s));
    }

    void allEjectedIsNoHealthyUpstream()
    {
        Balancer balancer;
        balancer.setHosts({ host("a") }, withOutlier().outlier);
        for (int i = 0; i < 5; ++i)
            balancer.result("a:1", 503, start);
        QVERIFY(!balancer.pick(start, {}));
    }

    void tenPercentOfTwoEjectsOne()
    {
        Balancer balancer;
        balancer.setHosts({ host("a"), host("b") }, OutlierDetection());
        for (const char *key : { "a:1", "b:1" }) {
            for (int i = 0; i < 5; ++i)
                balancer.result(key, 503, start);
        }
        QVERIFY(balancer.isEjected(0, start));
        QVERIFY(!balancer.isEjected(1, start));
    }

    void trafficMovesOnlyAsFarAsTheHealthyShareAsks_data()
    {
        QTest::addColumn<QList<double>>("healthy");
        QTest::addColumn<QList<double>>("loads");
        QTest::newRow("all well") << QList<double> { 1, 1 } << QList<double> { 1, 0 };
        QTest::newRow("72 % well is enough") << QList<double> { 0.72, 1 } << QList<double> { 1, 0 };
        QTest::newRow("half: 70 % stay") << QList<double> { 0.5, 1 } << QList<double> { 0.7, 0.3 };
        QTest::newRow("first gone") << QList<double> { 0, 1 } << QList<double> { 0, 1 };
        QTest::newRow("both weak: shared out") << QList<double> { 0.25, 0.25 } << QList<double> { 0.5, 0.5 };
        QTest::newRow("nothing left") << QList<double> { 0, 0 } << QList<double> {};
    }
    void trafficMovesOnlyAsFarAsTheHealthyShareAsks()
    {
        QFETCH(QList<double>, healthy);
        QFETCH(QList<double>, loads);
        const auto found = priorityLoads({ healthy.begin(), healthy.end() });
        QCOMPARE(qsizetype(found.size()), loads.size());
        for (qsizetype i = 0; i < loads.size(); ++i)
            QVERIFY2(std::abs(found[std::size_t(i)] - loads[i]) < 1e-9, qPrintable(QString::number(found[std::size_t(i)])));
    }

    void localFirstThenFailover()
    {
        Balancer balancer;
        balancer.setHosts({ host("near", 1, 0), host("far", 1, 1) }, withOutlier().outlier);
        for (int i = 0; i < 5; ++i)
            QCOMPARE(balancer.host(*balancer.pick(start, {})).address, std::string("near"));
        for (int i = 0; i < 5; ++i)
            balancer.result("near:1", 503, start);
        for (int i = 0; i < 5; ++i)
            QCOMPARE(balancer.host(*balancer.pick(start, {})).address, std::string("far"));
    }

    void whoGetsASidecar_data()
    {
        QTest::addColumn<QByteArray>("labels");
        QTest::addColumn<QByteArray>("pod");
        QTest::addColumn<bool>("wanted");
        QTest::newRow("namespace enabled") << QByteArray(R"({"istio-injection":"enabled"})") << QByteArray(R"({"metadata":{},"spec":{}})")
                                           << true;
        QTest::newRow("namespace silent") << QByteArray("{}") << QByteArray(R"({"metadata":{},"spec":{}})") << false;
        QTest::newRow("pod says no") << QByteArray(R"({"istio-injection":"enabled"})")
                                     << QByteArray(R"({"metadata":{"labels":{"sidecar.istio.io/inject":"false"}}})") << false;
        QTest::newRow("annotation says no") << QByteArray(R"({"istio-injection":"enabled"})")
                                            << QByteArray(R"({"metadata":{"annotations":{"sidecar.istio.io/inject":"false"}}})") << false;
        QTest::newRow("pod asks") << QByteArray("{}") << QByteArray(R"({"metadata":{"labels":{"sidecar.istio.io/inject":"true"}}})")
                                  << true;
        QTest::newRow("namespace disabled wins") << QByteArray(R"({"istio-injection":"disabled"})")
                                                 << QByteArray(R"({"metadata":{"labels":{"sidecar.istio.io/inject":"true"}}})") << false;
        QTest::newRow("a revision") << QByteArray(R"({"istio.io/rev":"1-22"})") << QByteArray(R"({"metadata":{},"spec":{}})") << true;
        QTest::newRow("disabled wins over a revision")
            << QByteArray(R"({"istio-injection":"disabled","istio.io/rev":"1-22"})") << QByteArray(R"({"metadata":{},"spec":{}})") << false;
        QTest::newRow("host network") << QByteArray(R"({"istio-injection":"enabled"})")
                                      << QByteArray(R"({"metadata":{},"spec":{"hostNetwork":true}})") << false;
    }
    void whoGetsASidecar()
    {
        QFETCH(QByteArray, labels);
        QFETCH(QByteArray, pod);
        QFETCH(bool, wanted);
        QCOMPARE(wantsSidecar(json::parse(labels.toStdString()).as_object(), json::parse(pod.toStdString()).as_object()), wanted);
    }

    void injectionAddsWhatTheMeshNeeds()
    {
        json::object pod = json::parse(R"({"metadata":{"name":"sleep-5d-x","namespace":"default","labels":{"app":"sleep"},
            "ownerReferences":[{"kind":"ReplicaSet","name":"sleep-5d"}]},"spec":{"containers":[{"name":"sleep","image":"curl"}]}})")
                               .as_object();
        QVERIFY(!isInjected(pod));
        InjectionSettings settings;
        settings.clusterId = "c1";
        settings.network = "network1";
        injectSidecar(pod, settings);
        QVERIFY(isInjected(pod));
        QCOMPARE(labelIn(pod, "security.istio.io/tlsMode"), std::string("istio"));
        QCOMPARE(labelIn(pod, "service.istio.io/canonical-name"), std::string("sleep"));
        QCOMPARE(labelIn(pod, networkLabel), std::string("network1"));
        const auto &containers = pod.at("spec").at("containers").as_array();
        QCOMPARE(containers.size(), std::size_t(2));
        QCOMPARE(std::string(containers[1].at("name").as_string()), std::string("istio-proxy"));
        QVERIFY(json::serialize(containers[1]).find(R"({"name":"ISTIO_META_WORKLOAD_NAME","value":"sleep"})") != std::string::npos);
        QVERIFY(json::serialize(containers[1]).find(R"({"name":"ISTIO_META_NETWORK","value":"network1"})") != std::string::npos);
    }

    void aPodKeepsTheNetworkItAlreadyNames()
    {
        json::object pod
            = json::parse(R"({"metadata":{"name":"a","labels":{"topology.istio.io/network":"mine"}},"spec":{"containers":[]}})")
                  .as_object();
        InjectionSettings settings;
        settings.network = "network1";
        injectSidecar(pod, settings);
        QCOMPARE(labelIn(pod, networkLabel), std::string("mine"));
    }

    void destinationRulesAreRead()
    {
        const auto rule = json::parse(R"({"metadata":{"namespace":"default"},"spec":{"host":"helloworld","trafficPolicy":{
            "connectionPool":{"tcp":{"connectTimeout":"1.5s"}},
            "outlierDetection":{"consecutive5xxErrors":2,"interval":"1s","baseEjectionTime":"1m30s","maxEjectionPercent":100},
            "loadBalancer":{"localityLbSetting":{"enabled":true,"failover":[{"from":"a","to":"b"}],"failoverPriority":["topology.istio.io/network"]}}}}})");
        const auto policy = readPolicy(rule.as_object());
        QVERIFY(policy && policy->outlier);
        QCOMPARE(policy->host, std::string("helloworld.default.svc.cluster.local"));
        QVERIFY(policy->connectTimeout == 1500ms);
        QCOMPARE(policy->outlier->consecutive5xx, 2U);
        QVERIFY(policy->outlier->interval == 1s);
        QVERIFY(policy->outlier->baseEjection == 90s);
        QCOMPARE(policy->failover.at("a"), std::string("b"));
        QCOMPARE(policy->failoverPriority.size(), std::size_t(1));
    }

    void brokenRulesDoNoHarm()
    {
        for (const char *text :
            { "{}", R"({"spec":5})", R"({"spec":{"host":7}})", R"({"spec":{"host":"a","trafficPolicy":[1]}})",
                R"({"spec":{"host":"a","trafficPolicy":{"outlierDetection":{"interval":"soon","consecutive5xxErrors":"many"},"loadBalancer":{"localityLbSetting":{"failover":3}}}}})" }) {
            const auto policy = readPolicy(json::parse(text).as_object());
            QVERIFY(!policy || policy->connectTimeout == 10s);
        }
    }

    void durations_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("milliseconds");
        QTest::newRow("seconds") << QByteArray("3s") << 3000;
        QTest::newRow("fraction") << QByteArray("0.5s") << 500;
        QTest::newRow("milliseconds") << QByteArray("250ms") << 250;
        QTest::newRow("mixed") << QByteArray("1m30s") << 90000;
        QTest::newRow("no unit") << QByteArray("10") << -1;
        QTest::newRow("words") << QByteArray("soon") << -1;
        QTest::newRow("negative") << QByteArray("-1s") << -1;
        QTest::newRow("empty") << QByteArray() << -1;
    }
    void durations()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, milliseconds);
        QVERIFY(readDuration(text.toStdString(), -1ms) == std::chrono::milliseconds(milliseconds));
    }

    void clientHellosAreRead()
    {
        // From a real client: openssl s_client -servername a.b -alpn istio.
        SSL_CTX *const context = SSL_CTX_new(TLS_client_method());
        SSL *const client = SSL_new(context);
        BIO *const in = BIO_new(BIO_s_mem());
        BIO *const out = BIO_new(BIO_s_mem());
        SSL_set_bio(client, in, out);
        SSL_set_tlsext_host_name(client, "outbound_.5000_._.helloworld.default.svc.cluster.local");
        const unsigned char alpn[] = "\x0eistio-http/1.1\x05istio";
        SSL_set_alpn_protos(client, alpn, sizeof alpn - 1);
        SSL_set_connect_state(client);
        SSL_do_handshake(client);
        char *data = nullptr;
        const long size = BIO_get_mem_data(out, &data);
        const std::string bytes(data, std::size_t(size));
        SSL_free(client);
        SSL_CTX_free(context);

        ClientHello hello;
        QVERIFY(readClientHello(bytes, hello) == FirstBytes::Tls);
        QCOMPARE(hello.serverName, std::string("outbound_.5000_._.helloworld.default.svc.cluster.local"));
        QVERIFY(hello.speaksIstio());
        for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
            ClientHello part;
            QVERIFY(readClientHello(std::string_view(bytes).substr(0, cut), part) == FirstBytes::Incomplete);
        }
        QVERIFY(readClientHello("GET / HTTP/1.1", hello) == FirstBytes::Plain);
    }

    void addressesHavePlaces()
    {
        const AddressPlan plan { 42 };
        for (int cluster = 1; cluster <= 3; ++cluster) {
            for (const int index : { 0, 249, 250, 1999 }) {
                QVERIFY((placeOf(plan, plan.pod(cluster, index)) == Place { PlaceKind::Pod, cluster }));
                QVERIFY((placeOf(plan, plan.behindSidecar(cluster, index)) == Place { PlaceKind::BehindSidecar, cluster }));
            }
            QVERIFY((placeOf(plan, plan.gateway(cluster)) == Place { PlaceKind::Gateway, cluster }));
            QVERIFY((placeOf(plan, plan.service(cluster, 3)) == Place { PlaceKind::Service, cluster }));
        }
        // A range of many clusters has more than one block.
        const AddressPlan large { 42, AddressPlan::blocksFor(300) };
        std::set<std::string> different;
        for (int cluster = 1; cluster <= 300; ++cluster) {
            QVERIFY((placeOf(large, large.pod(cluster, 1999)) == Place { PlaceKind::Pod, cluster }));
            QVERIFY((placeOf(large, large.gateway(cluster)) == Place { PlaceKind::Gateway, cluster }));
            different.insert({ large.apiServer(cluster), large.gateway(cluster), large.node(cluster), large.pod(cluster, 0),
                large.service(cluster, 0), large.behindSidecar(cluster, 0) });
        }
        QCOMPARE(different.size(), std::size_t(6 * 300));
        for (const char *other : { "127.43.10.1", "10.0.0.1", "", "127.42.10", "127.42.10.1.1", "127.42.10.x" })
            QVERIFY2(placeOf(plan, other) == Place {}, other);
    }

    void versionComesFromTheImage_data()
    {
        QTest::addColumn<QString>("image");
        QTest::addColumn<QString>("version");
        QTest::newRow("the guide's v1") << QStringLiteral("registry-cn-hangzhou.ack.aliyuncs.com/ack-demo/examples-helloworld-v1:1.0")
                                        << QStringLiteral("v1");
        QTest::newRow("the guide's v2") << QStringLiteral("registry-cn-hangzhou.ack.aliyuncs.com/ack-demo/examples-helloworld-v2:1.0")
                                        << QStringLiteral("v2");
        QTest::newRow("upstream's") << QStringLiteral("docker.io/istio/examples-helloworld-v3") << QStringLiteral("v3");
        QTest::newRow("no version") << QStringLiteral("helloworld:latest") << QStringLiteral("v1");
        QTest::newRow("something else") << QStringLiteral("acs/curl:8.1.2") << QString();
    }
    void versionComesFromTheImage()
    {
        QFETCH(QString, image);
        QFETCH(QString, version);
        QCOMPARE(QString::fromStdString(helloworldVersion(image.toStdString())), version);
    }

    void statusKeepsItsTimes()
    {
        json::object pod = json::parse(R"({"metadata":{"name":"a"},"spec":{"containers":[{"name":"app","image":"i"}]}})").as_object();
        PodReport report;
        report.podIp = "127.20.10.1";
        report.running = report.ready = true;
        report.containerReady = [](const std::string &) { return true; };
        writeStatus(pod, report, "T1");
        const json::value first = pod.at("status");
        writeStatus(pod, report, "T2");
        QVERIFY2(pod.at("status") == first, "nothing has changed, so nothing may look changed");
        report.running = report.ready = false;
        writeStatus(pod, report, "T3");
        QVERIFY(json::serialize(pod.at("status")).find("CrashLoopBackOff") != std::string::npos);
        report.running = report.ready = true;
        report.restarts = 1;
        writeStatus(pod, report, "T4");
        const auto &container = pod.at("status").at("containerStatuses").as_array().front();
        QCOMPARE(container.at("restartCount").to_number<int>(), 1);
        QCOMPARE(std::string(container.at("state").at("running").at("startedAt").as_string()), std::string("T4"));
        QCOMPARE(container.at("lastState").at("terminated").at("exitCode").to_number<int>(), 137);
    }

    void hostsOfACluster()
    {
        ObjectStore store;
        store.create(
            "services", json::parse(R"({"metadata":{"name":"a","namespace":"x"},"spec":{"clusterIP":"127.20.101.1"}})").as_object());
        store.create("services",
            json::parse(R"({"metadata":{"name":"none","namespace":"x"},"spec":{"clusterIP":"None","ports":[{"name":"p","port":1}]}})")
                .as_object());
        store.create("discovery.k8s.io/endpointslices",
            json::parse(
                R"({"metadata":{"name":"s","namespace":"x","labels":{"kubernetes.io/service-name":"none"}},"ports":[{"name":"p","port":1}],
            "endpoints":[{"addresses":["127.20.10.1"]},{"addresses":["127.20.10.2"],"conditions":{"ready":false}}]})")
                .as_object());
        QCOMPARE(HostsFile::textFor(store), std::string("127.20.101.1 a.x.svc.cluster.local\n127.20.10.1 none.x.svc.cluster.local\n"));
    }

    void foldersOfKilledRangesGo()
    {
        QTemporaryDir base;
        const QByteArray before = qgetenv("XDG_RUNTIME_DIR");
        const auto restore = qScopeGuard([&] { before.isNull() ? qunsetenv("XDG_RUNTIME_DIR") : qputenv("XDG_RUNTIME_DIR", before); });
        qputenv("XDG_RUNTIME_DIR", base.path().toLocal8Bit());
        const QDir dir(base.path());
        // Left by a range that was killed: its lock has gone with it. The others are not ours to take away.
        QVERIFY(dir.mkpath(QStringLiteral("catamaran-lab-killed/c1")) && dir.mkpath(QStringLiteral("catamaran-lab-nolock"))
            && dir.mkpath(QStringLiteral("catamaran-lab-other-name")));
        for (const char *name : { "catamaran-lab-killed/owner", "catamaran-lab-other-name/owner" }) {
            QFile owner(dir.filePath(QLatin1String(name)));
            QVERIFY(owner.open(QIODevice::WriteOnly));
        }
        QString path;
        {
            const WorldFolder living;
            path = QString::fromStdString(living.path());
            QVERIFY2(path.startsWith(base.path()), qPrintable(path));
            QVERIFY(!dir.exists(QStringLiteral("catamaran-lab-killed")));
            const WorldFolder second;
            QVERIFY(second.path() != living.path());
            QVERIFY(QFile::exists(path + QStringLiteral("/owner")));
            QCOMPARE(WorldFolder::removeStale(base.path().toStdString()), 0);
        }
        QVERIFY(!QFile::exists(path));
        QCOMPARE(dir.entryList(QDir::Dirs | QDir::NoDotAndDotDot),
            (QStringList { QStringLiteral("catamaran-lab-nolock"), QStringLiteral("catamaran-lab-other-name") }));
    }
};

QTEST_GUILESS_MAIN(MeshPureTest)
#include "tst_meshpure.moc"
