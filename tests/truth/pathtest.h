// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/engine.h"
#include "truth/path.h"
#include "ui/examplematrix.h"

#include <QJsonDocument>
#include <QTest>

namespace catamaran::tests {
class PathTest;
}
Q_DECLARE_METATYPE(std::function<void(catamaran::tests::PathTest &)>)

namespace catamaran::tests {

/// Where a request stops, from what was asked: pure.
class PathTest : public QObject {
    Q_OBJECT

    using Change = std::function<void(PathTest &)>;

    const QString one = QStringLiteral("cluster-1"), two = QStringLiteral("cluster-2");
    const QDateTime m_now = QDateTime(QDate(2026, 11, 27), QTime(12, 0), Qt::UTC);
    truth::PathQuestion m_question { QStringLiteral("cluster-1"), QStringLiteral("sample"), QStringLiteral("sleep"),
        QStringLiteral("http://helloworld:5000/hello"), QStringLiteral("cluster-2") };
    findings::FleetFacts m_facts;
    QList<findings::Finding> m_found;
    truth::Matrix m_matrix;
    truth::Proofs m_proofs;
    truth::ServingProxy m_serving;

    static QList<QJsonObject> objects(const QByteArray &json)
    {
        QList<QJsonObject> list;
        const QJsonDocument document = QJsonDocument::fromJson(json);
        if (!document.isArray())
            qFatal("%s", json.constData());
        for (const QJsonValue &value : document.array())
            list << value.toObject();
        return list;
    }

    observe::ClusterObjects cluster(const QString &name, const QByteArray &network) const
    {
        const QByteArray pod
            = R"("namespace":"sample","labels":{"app":"APP"}},"spec":{"serviceAccountName":"APP","containers":[{"name":"APP"},{"name":"istio-proxy","image":"proxyv2:1.24.0"}]},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}})";
        QByteArray sleep = pod, hello = pod;
        sleep.replace("APP", "sleep");
        hello.replace("APP", "helloworld");
        observe::ObjectLists lists;
        lists[QStringLiteral("namespaces")] = objects(R"([{"metadata":{"name":"sample","labels":{"istio-injection":"enabled"}}},
            {"metadata":{"name":"istio-system","labels":{"topology.istio.io/network":")"
            + network + R"("}}}])");
        lists[QStringLiteral("services")] = objects(
            R"([{"metadata":{"name":"helloworld","namespace":"sample"},"spec":{"clusterIP":"10.1.0.9","selector":{"app":"helloworld"},"ports":[{"name":"http","port":5000}]}},
            {"metadata":{"name":"eastwest","namespace":"istio-system","labels":{"istio":"eastwestgateway","topology.istio.io/network":")"
            + network
            + R"("}},"spec":{"type":"LoadBalancer","selector":{"istio":"eastwestgateway"},"ports":[{"name":"tls","port":15443}]},"status":{"loadBalancer":{"ingress":[{"ip":"203.0.113.9"}]}}}])");
        lists[QStringLiteral("pods")]
            = objects(R"([{"metadata":{"name":"sleep-1",)" + sleep + R"(,{"metadata":{"name":"helloworld-1",)" + hello + "]");
        lists[QStringLiteral("endpointslices")] = objects(
            R"([{"metadata":{"name":"h","namespace":"sample","labels":{"kubernetes.io/service-name":"helloworld"}},"endpoints":[{"conditions":{"ready":true}}],"ports":[{"name":"http"}]}])");
        for (const char *kind : { "destinationrules", "virtualservices", "sidecars", "gateways", "peerauthentications",
                 "authorizationpolicies", "networkpolicies", "configmaps", "deployments", "nodes" })
            lists[QLatin1String(kind)] = {};
        return observe::decodeObjects(name, lists, {}, m_now);
    }

    truth::Cell &cell(truth::Layer layer)
    {
        for (truth::DirectionState &state : m_matrix.directions)
            if (state.direction == truth::Direction { one, two })
                return state.cells.at(size_t(layer));
        qFatal("no such direction");
    }

    void is(truth::Standing standing)
    {
        m_matrix = test::matrix({ one, two }, standing, m_now);
        for (truth::DirectionState &state : m_matrix.directions)
            state.isOneNetwork = false;
    }

    void sent(int all, int crossed)
    {
        truth::RequestProof proof;
        proof.at = m_now;
        proof.source = QStringLiteral("cluster-1/sample/sleep-1 → http://helloworld:5000/hello");
        proof.service = QStringLiteral("sample/helloworld");
        proof.sent = all;
        proof.crossed = crossed;
        proof.elsewhere = all - crossed;
        if (crossed > 0)
            proof.answeredBy = { QStringLiteral("helloworld-1") };
        m_proofs.requests.insert({ one, two }, proof);
    }

    void met(truth::GatewayProof::Met met)
    {
        truth::GatewayProof proof;
        proof.at = m_now;
        proof.address = QStringLiteral("203.0.113.9:15443");
        proof.met = met;
        m_proofs.gateways[{ one, two }] = { proof };
    }

    [[nodiscard]] truth::RequestPath path() const { return truth::pathOf(m_question, m_facts, m_found, m_matrix, m_proofs, m_serving); }

    static QString shown(const truth::RequestPath &path) { return QString::fromUtf8(QJsonDocument(path.toJson()).toJson()); }

private slots:
    void init()
    {
        m_facts = {};
        m_facts.now = m_now;
        m_facts.clusters = { cluster(one, "network1"), cluster(two, "network2") };
        m_found.clear();
        m_proofs = {};
        m_serving = {};
        is(truth::Standing::Proven);
        sent(20, 9);
        met(truth::GatewayProof::Met::Greeting);
        truth::ProxyProof proxy;
        proxy.at = m_now;
        proxy.source = QStringLiteral("cluster-1/sample/sleep-1 (istio-proxy)");
        proxy.identity = QStringLiteral("spiffe://cluster.local/ns/sample/sa/sleep");
        proxy.certificateSerial = QStringLiteral("1f2e");
        proxy.certificateUntil = m_now.addDays(1);
        proxy.hasEndpoints = true;
        proxy.endpointsThere = { QStringLiteral("203.0.113.9:15443") };
        m_proofs.proxies.insert({ one, two }, proxy);
        m_serving.pod = QStringLiteral("cluster-2/sample/helloworld-1");
        m_serving.word = proxy;
        m_serving.word.identity = QStringLiteral("spiffe://cluster.local/ns/sample/sa/helloworld");
    }

    void whatArrivesPassedEveryHop()
    {
        const truth::RequestPath path = this->path();
        QCOMPARE(path.arrives, std::optional(true));
        QVERIFY(!path.stopsAt);
        QCOMPARE(path.service, QStringLiteral("sample/helloworld"));
        QCOMPARE(path.hops.size(), 5);
        for (const truth::HopKind kind :
            { truth::HopKind::Client, truth::HopKind::Sidecar, truth::HopKind::GatewayIn, truth::HopKind::Pod })
            QVERIFY2(path.hop(kind).health == observe::Health::Ok, qPrintable(shown(path)));
        QVERIFY(path.hop(truth::HopKind::GatewayOut).isAbsent);
        const truth::Hop &sidecar = path.hop(truth::HopKind::Sidecar);
        QCOMPARE(sidecar.certificate->serial, QStringLiteral("1f2e"));
        QVERIFY(!sidecar.certificate->issuerNeeds.isEmpty()); // nobody let us read cacerts
        QCOMPARE(sidecar.endpoints, QStringList { QStringLiteral("203.0.113.9:15443") });
        QVERIFY2(shown(path).contains(QStringLiteral("Service istio-system/eastwest")), qPrintable(shown(path)));
        QVERIFY(path.hop(truth::HopKind::Pod).certificate->identity.endsWith(u"/helloworld"));
    }

    void itStopsWhereSomethingShowsIt_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("stopsAt"); // empty: nothing shows it
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QString &stop, const QString &says, Change change) {
            QTest::newRow(name) << change << stop << says;
        };
        row("a gateway that refuses", QStringLiteral("gateway-in"), QStringLiteral("refused"),
            [](PathTest &t) { t.met(truth::GatewayProof::Met::Refused); });
        row("nothing else shows it", QString(), QStringLiteral("nothing that was asked shows where they stop"), [](PathTest &t) {
            t.m_proofs.gateways.clear();
            t.cell(truth::Layer::Gateway)
                = { truth::Layer::Gateway, observe::Health::Unknown, truth::Basis::Nothing, {}, {}, {}, QStringLiteral("a greeting"), {} };
        });
        row("the way is open and no pod answers", QStringLiteral("pod"), QStringLiteral("silent loss"), [](PathTest &t) {
            t.met(truth::GatewayProof::Met::Greeting);
            t.cell(truth::Layer::Gateway)
                = { truth::Layer::Gateway, observe::Health::Ok, truth::Basis::Proven, QStringLiteral("it greets"), {}, t.m_now, {}, {} };
        });
        row("no endpoints in the sidecar's list", QStringLiteral("sidecar"), QStringLiteral("no endpoint there"), [](PathTest &t) {
            t.cell(truth::Layer::Discovery) = { truth::Layer::Discovery, observe::Health::Failed, truth::Basis::Proven,
                QStringLiteral("no endpoint there"), {}, t.m_now, {}, {} };
        });
        row("a client without a sidecar", QStringLiteral("sidecar"), QStringLiteral("no sidecar"), [](PathTest &t) {
            for (observe::PodFacts &pod : *t.m_facts.clusters[0].pods.value)
                pod.hasSidecar = false;
        });
        row("a finding that rules the sidecar", QStringLiteral("sidecar"), QStringLiteral("kept at home"), [](PathTest &t) {
            findings::Finding finding;
            finding.rule = QStringLiteral("discovery.secret-missing");
            finding.layer = findings::Layer::Discovery;
            finding.state = observe::Health::Failed;
            finding.cluster = finding.from = t.one;
            finding.to = t.two;
            finding.sentence = QStringLiteral("kept at home");
            t.m_found << finding;
        });
        row("different roots", QStringLiteral("pod"), QStringLiteral("roots differ"), [](PathTest &t) {
            t.cell(truth::Layer::Gateway).health = observe::Health::Ok;
            t.cell(truth::Layer::Trust) = { truth::Layer::Trust, observe::Health::Failed, truth::Basis::Configured,
                QStringLiteral("roots differ"), {}, t.m_now, {}, {} };
        });
    }

    void itStopsWhereSomethingShowsIt()
    {
        QFETCH(Change, change);
        QFETCH(QString, stopsAt);
        QFETCH(QString, says);
        is(truth::Standing::Failed);
        sent(20, 0);
        m_proofs.gateways.clear();
        change(*this);
        const truth::RequestPath path = this->path();
        QCOMPARE(path.arrives, std::optional(false));
        QCOMPARE(path.stopsAt ? truth::hopName(*path.stopsAt) : QString(), stopsAt);
        QVERIFY2(path.sentence.contains(says), qPrintable(path.sentence));
        QCOMPARE(path.toJson()[u"stops_at"].toString(), stopsAt);
        // The finding of another direction, or service, is none of this way.
        findings::Finding other;
        other.rule = QStringLiteral("gateway.missing");
        other.layer = findings::Layer::Gateway;
        other.state = observe::Health::Failed;
        other.from = two;
        other.to = one;
        m_found << other;
        other.from = one;
        other.to = two;
        other.services = { QStringLiteral("sample/other") };
        m_found << other;
        QCOMPARE(this->path().stopsAt, path.stopsAt);
    }

    void whatWasNotReadIsSaidUnknownWithWhatWouldTell()
    {
        is(truth::Standing::Unknown);
        m_proofs = {};
        m_serving = {};
        for (observe::ClusterObjects &cluster : m_facts.clusters) {
            cluster = {};
            cluster.name = &cluster == &m_facts.clusters[0] ? one : two;
        }
        const truth::RequestPath path = this->path();
        QVERIFY(!path.arrives);
        QVERIFY(!path.stopsAt);
        QVERIFY2(path.sentence.contains(QStringLiteral("not known")), qPrintable(path.sentence));
        for (const truth::Hop &hop : path.hops) {
            QCOMPARE(hop.health, observe::Health::Unknown);
            QVERIFY2(!hop.needs.isEmpty(), qPrintable(truth::hopName(hop.kind)));
            QVERIFY2(!hop.isAbsent, qPrintable(truth::hopName(hop.kind))); // that there is none would have to be read
        }
    }

    void oneNetworkHasNoGatewayInBetween()
    {
        for (truth::DirectionState &state : m_matrix.directions)
            state.isOneNetwork = true;
        QVERIFY(path().hop(truth::HopKind::GatewayIn).isAbsent);
    }

    void aSecretIsNamedAndNothingOfItShown()
    {
        m_facts.clusters[0].issuer.take(observe::IssuerFacts { .isThere = true,
                                            .missing = {},
                                            .created = {},
                                            .issuer = pki::CertificateInfo { QStringLiteral("CN=issuer-1"), QStringLiteral("CN=root"),
                                                QStringLiteral("77aa"), m_now, m_now.addDays(9), true, false, {}, {} },
                                            .root = {},
                                            .chainTrouble = {} },
            QStringLiteral("GET istio-system/secrets/cacerts on cluster-1"), m_now);
        const truth::Hop sidecar = path().hop(truth::HopKind::Sidecar);
        QVERIFY2(sidecar.certificate->issuer.contains(QStringLiteral("77aa")), qPrintable(sidecar.certificate->issuer));
        const bool isNamed = std::any_of(sidecar.rulings.begin(), sidecar.rulings.end(),
            [](const truth::Ruling &ruling) { return ruling.object == u"Secret istio-system/cacerts"; });
        QVERIFY(isNamed);
    }
};

} // namespace catamaran::tests
