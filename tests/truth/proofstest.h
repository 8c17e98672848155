// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/world.h"
#include "truth/answers.h"
#include "truth/homekeeping.h"
#include "truth/looks.h"
#include "truth/prover.h"

#include <QJsonDocument>
#include <QTest>

#include <cmath>

namespace catamaran::tests {

class ProofsTest : public QObject {
    Q_OBJECT

    static observe::ObservedFleet threeClusters()
    {
        observe::ObservedFleet fleet = finishedWorld();
        fleet.clusters.append(emptyCluster(3));
        fleet.clusters[2].workloads = { workload(QStringLiteral("helloworld-v3"), QStringLiteral("v3"), 2) };
        for (int i = 0; i < 3; ++i)
            fleet.clusters[i].serving = { { QStringLiteral("default/helloworld"), { QStringLiteral("helloworld-v%1").arg(i + 1) } } };
        return fleet;
    }
    static QList<probe::Sample> samples(int count, const QString &instance, const QString &version, int code = 200)
    {
        probe::Sample sample;
        sample.httpCode = code;
        sample.error = code == 200 ? QString() : QStringLiteral("upstream connect error");
        sample.instance = code == 200 ? instance : QString();
        sample.version = code == 200 ? version : QString();
        sample.receivedAtMs = 1795802128502;
        return QList<probe::Sample>(count, sample);
    }
    static truth::Direction to(int cluster) { return { QStringLiteral("cluster-1"), QStringLiteral("cluster-%1").arg(cluster) }; }
    static truth::Proofs proofs(const observe::ObservedFleet &fleet, const QList<probe::Sample> &list)
    {
        return truth::proofsOf(fleet, QStringLiteral("cluster-1"), QStringLiteral("cluster-1/default/sleep-x"),
            QStringLiteral("http://helloworld:5000/hello"), list);
    }

private slots:
    void whoSendsElsewhereAsksForTheSameService_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("asked");
        const auto row = [](const char *name, const char *url, const char *from, const char *asked) {
            QTest::newRow(name) << QString::fromLatin1(url) << QString::fromLatin1(from) << QString::fromLatin1(asked);
        };
        row("from the same namespace", "http://helloworld:5000/hello", "default", "http://helloworld:5000/hello");
        row("from another one", "http://helloworld:5000/hello?a=b", "probes", "http://helloworld.default:5000/hello?a=b");
        row("with its namespace", "http://helloworld.shop:5000/", "probes", "http://helloworld.shop:5000/");
        row("an address", "http://10.0.0.7:5000/", "probes", "http://10.0.0.7:5000/");
        row("another host", "https://example.com/", "probes", "https://example.com/");
    }
    void whoSendsElsewhereAsksForTheSameService()
    {
        QFETCH(QString, url);
        QFETCH(QString, from);
        QFETCH(QString, asked);
        truth::Question question;
        question.url = url;
        QCOMPARE(question.urlFrom(from), asked);
        // Who was put there sends there, and nowhere else.
        question.clients.insert(QStringLiteral("cluster-2"), { QStringLiteral("probes"), QStringLiteral("catamaran-probe") });
        QCOMPARE(question.clientIn(QStringLiteral("cluster-2")).ns, QStringLiteral("probes"));
        QCOMPARE(question.clientIn(QStringLiteral("cluster-1")).workload, QStringLiteral("sleep"));
    }

    void onlyWhatHasNoClientLacksOne()
    {
        truth::Proofs proofs;
        const auto add = [&](int from, const QString &code) {
            truth::RequestProof proof;
            if (!code.isEmpty()) {
                proof.error = core::Error::make(core::ErrorKind::Precondition, QStringLiteral("send"), {}, {}, {});
                proof.error->code = code;
            }
            proofs.requests.insert({ QStringLiteral("cluster-%1").arg(from), QStringLiteral("cluster-9") }, proof);
        };
        add(3, truth::noClientCode);
        add(1, truth::noClientCode);
        add(2, {});
        add(4, QStringLiteral("Forbidden")); // that a list may not be read says nothing of what is there
        QCOMPARE(truth::withoutClient(proofs), (QStringList { QStringLiteral("cluster-1"), QStringLiteral("cluster-3") }));
    }

    void answersBelongToWhoseThePodIs()
    {
        const auto found = proofs(threeClusters(),
            samples(3, QStringLiteral("helloworld-v2-x"), QStringLiteral("v2"))
                + samples(5, QStringLiteral("helloworld-v1-x"), QStringLiteral("v1")) + samples(4, {}, {}, 503));
        QCOMPARE(found.requests.size(), 2);
        const truth::RequestProof second = found.requests.value(to(2)), third = found.requests.value(to(3));
        QCOMPARE(second.crossed, 3);
        QCOMPARE(second.elsewhere, 5);
        QCOMPARE(second.failed, 0);
        QCOMPARE(second.failedElsewhere, 4); // cluster-3 answered none: they were on their way there
        QCOMPARE(second.answeredBy, QStringList { QStringLiteral("helloworld-v2-x") });
        QCOMPARE(third.crossed, 0);
        QCOMPARE(third.failed, 4);
        QVERIFY(third.words.contains(QStringLiteral("503")));
        QCOMPARE(third.sent, 12);
        QVERIFY(std::abs(third.missChance - std::pow(0.5, 12)) < 1e-9); // two of four ready pods are there
    }

    void whatSeveralRunTellsNothing()
    {
        observe::ObservedFleet fleet = threeClusters();
        fleet.clusters[2].workloads[0].version = QStringLiteral("v2");
        auto found = proofs(fleet, samples(6, QStringLiteral("new-pod"), QStringLiteral("v2")));
        QCOMPARE(found.requests.value(to(2)).crossed, 0);
        QCOMPARE(found.requests.value(to(2)).unattributed, 6);
        QCOMPARE(found.requests.value(to(2)).strangers, QStringList { QStringLiteral("new-pod") });
        fleet.clusters[2].workloads[0].podNames = { QStringLiteral("helloworld-v2-x") }; // a name that two clusters have
        found = proofs(fleet, samples(6, QStringLiteral("helloworld-v2-x"), QStringLiteral("v2")));
        QCOMPARE(found.requests.value(to(2)).unattributed, 6);
    }

    void aClusterThatIsNotReadMayRunAnything()
    {
        observe::ObservedFleet fleet = threeClusters();
        fleet.clusters[2].reachable = false;
        fleet.clusters[2].workloads.clear();
        const auto found = proofs(fleet, samples(6, QStringLiteral("unknown"), QStringLiteral("v2")));
        QCOMPARE(found.requests.value(to(2)).crossed, 0);
        QCOMPARE(found.requests.value(to(2)).unattributed, 6);
    }

    void namesWithoutEndAreBounded()
    {
        truth::Answers answers;
        for (int i = 0; i < truth::Answers::mostNames * 2; ++i)
            answers.add(samples(1, QString::number(i), {}));
        const truth::Answerers nobody(threeClusters(), QStringLiteral("default/helloworld"), QStringLiteral("default"));
        QCOMPARE(answers.byCluster(nobody).value(QString()), truth::Answers::mostNames * 2);
        QVERIFY(answers.strangers(nobody).size() <= 10);
    }

    void enoughRequestsForACertainChance()
    {
        QCOMPARE(truth::enoughFor(0.5, 1e-4), 14); // 2^14 is more than 10,000
        QCOMPARE(truth::enoughFor(1, 1e-4), 1);
        QVERIFY(std::pow(0.95, truth::enoughFor(0.05, 1e-6)) <= 1e-6);
        QVERIFY(std::pow(0.95, truth::enoughFor(0.05, 1e-6) - 1) > 1e-6);
    }

    void fewRequestsAddUp()
    {
        truth::RollingProofs rolling;
        truth::RequestProof crossed;
        crossed.at = QDateTime(QDate(2026, 11, 27), QTime(12, 0), Qt::UTC);
        crossed.sent = crossed.crossed = 1;
        const auto take = [&](const truth::RequestProof &proof) {
            truth::Proofs look;
            look.requests.insert(to(2), proof);
            rolling.take(look, {});
        };
        take(crossed);
        truth::RequestProof missed = crossed;
        missed.crossed = 0;
        missed.elsewhere = 1;
        missed.missChance = 0.5;
        for (int i = 1; i <= 9; ++i) { // 1 in 512: may be an accident
            missed.at = crossed.at.addSecs(i);
            take(missed);
            QCOMPARE(rolling.shown().requests.value(to(2)).crossed, 1);
        }
        missed.at = crossed.at.addSecs(10);
        take(missed);
        QCOMPARE(rolling.shown().requests.value(to(2)).crossed, 0);
        QCOMPARE(rolling.shown().requests.value(to(2)).sent, 10);
        crossed.at = crossed.at.addSecs(11);
        take(crossed);
        QCOMPARE(rolling.shown().requests.value(to(2)).crossed, 1);
        missed.at = crossed.at.addSecs(1);
        take(missed); // what was missed before is forgotten
        QCOMPARE(rolling.shown().requests.value(to(2)).crossed, 1);
    }

    void whatAPodMet_data()
    {
        using Met = truth::GatewayProof::Met;
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<bool>("isRedirected");
        QTest::addColumn<Met>("met");
        QTest::newRow("greeted") << QByteArray("met 0 0 0.007736 1") << false << Met::Greeting;
        QTest::newRow("greeted, through the sidecar") << QByteArray("met 0 0 0.000736 1\r") << true << Met::Greeting;
        QTest::newRow("refused") << QByteArray("met 0 7 0.000000 0") << false << Met::Refused;
        QTest::newRow("no answer") << QByteArray("met 0 28 0.000000 0") << false << Met::Silence;
        QTest::newRow("no answer, through the sidecar") << QByteArray("met 0 28 0.000188 0") << true << Met::Silence;
        QTest::newRow("closed") << QByteArray("met 0 0 0.003937 0") << false << Met::Closed;
        QTest::newRow("closed by the sidecar, whose word it is") << QByteArray("met 0 0 0.003937 0") << true << Met::Nothing;
        QTest::newRow("an alert") << QByteArray("met 0 0 0.003937 2") << false << Met::Closed;
        QTest::newRow("curl cannot") << QByteArray("met 0 1 0.000000 0") << false << Met::Nothing;
    }

    void whatAPodMet()
    {
        QFETCH(QByteArray, line);
        QFETCH(bool, isRedirected);
        QFETCH(truth::GatewayProof::Met, met);
        const QString address = QStringLiteral("203.0.113.2:15443");
        const auto found = truth::parseMet("noise\n" + line + "\nmet 7 0 0.1 1\nmet 0 x", { address }, isRedirected);
        QCOMPARE(found.size(), 1);
        QCOMPARE(found.value(address).met, met);
        QCOMPARE(found.value(address).error.has_value(), met == truth::GatewayProof::Met::Nothing);
    }

    void theGreetingIsAHello()
    {
        const QByteArray bytes = truth::greeting(QStringLiteral("outbound_.5000_._.helloworld.default.svc.cluster.local"));
        QVERIFY(bytes.startsWith(QByteArray("\x16\x03\x01", 3)));
        QCOMPARE(bytes.size(), 5 + (uchar(bytes[3]) << 8 | uchar(bytes[4])) + 7); // one record and the alert
        QVERIFY(!bytes.contains('\xff'));
        QVERIFY(bytes.contains("outbound_.5000_._.helloworld"));
        QVERIFY(bytes.contains("istio-peer-exchange"));
        const QStringList command
            = truth::greetCommand(QStringLiteral("h"), { QStringLiteral("203.0.113.2:15443") }, std::chrono::milliseconds(1500));
        QCOMPARE(command.at(5), QStringLiteral("2"));
        QCOMPARE(command.last(), QStringLiteral("203.0.113.2:15443"));
    }

    void whatAProxyKnows()
    {
        const QByteArray json = R"(2026/11/27 INFO GOMEMLIMIT is already set
{"cluster_statuses":[{"name":"xds-grpc","host_statuses":[{"address":{"pipe":{"path":"./x"}}}]},{"name":"PassthroughCluster"},
{"name":"outbound|5000||helloworld.sample.svc.cluster.local","host_statuses":[{"address":{"socket_address":{"address":"10.211.0.5","port_value":5000}},
"stats":[{"name":"cx_connect_fail"}],"health_status":{"eds_health_status":"HEALTHY"}},{"address":{"socket_address":{"address":"10.202.0.11","port_value":15443}},
"stats":[{"value":"27","name":"cx_connect_fail"}],"health_status":{"failed_outlier_check":true}}]},
{"name":"outbound|5000||helloworld.other.svc.cluster.local","host_statuses":[{"address":{"socket_address":{"address":"10.9.9.9","port_value":1}}}]}]})";
        const auto word = truth::parseEndpoints(json, QStringLiteral("sample/helloworld"), 5000);
        QVERIFY(word.has_value());
        QVERIFY(word->hasService);
        QCOMPARE(word->host, QStringLiteral("helloworld.sample.svc.cluster.local"));
        QCOMPARE(word->endpoints.size(), 2);
        QCOMPARE(word->endpoints[1].address, QStringLiteral("10.202.0.11:15443"));
        QVERIFY(word->endpoints[1].isRejected && !word->endpoints[0].isRejected);
        QCOMPARE(word->endpoints[1].connectFailures, 27);
        QVERIFY(!truth::parseEndpoints(json, QStringLiteral("sample/helloworld"), 80)->hasService);
        for (const QByteArray &bad :
            { QByteArray(), QByteArray("invalid path"), QByteArray("{}"), QByteArray(R"({"cluster_statuses":{}})"), json.chopped(9) })
            QVERIFY(!truth::parseEndpoints(bad, QStringLiteral("sample/helloworld"), 5000));

        truth::ProxyWord own;
        QVERIFY(truth::parseCertificates(
            R"({"certificates":[{"ca_cert":[{"serial_number":"6127"}],"cert_chain":[{"subject_alt_names":[{"uri":"spiffe://cluster.local/ns/sample/sa/sleep"}],"expiration_time":"2026-11-28T17:55:24Z"}]},{"ca_cert":[{"serial_number":"6127"}]}]})",
            own)
                    .has_value());
        QCOMPARE(own.roots, QStringList { QStringLiteral("6127") });
        QCOMPARE(own.identity, QStringLiteral("spiffe://cluster.local/ns/sample/sa/sleep"));
        QVERIFY(own.certificateUntil.isValid());
        QVERIFY(truth::parseControlPlane("control_plane.connected_state: 1\n") == true);
        QVERIFY(truth::parseControlPlane("control_plane.connected_state: 0\n") == false);
        QVERIFY(!truth::parseControlPlane("server.live: 1\n"));
    }

    void whatKeepsRequestsAtHome_data()
    {
        QTest::addColumn<QByteArray>("policy");
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("keeps");
        const QString host = QStringLiteral("helloworld");
        QTest::newRow("failover with outlier detection")
            << QByteArray(R"({"outlierDetection":{"consecutive5xxErrors":1}})") << host << true;
        QTest::newRow("an empty outlier detection is enough") << QByteArray(R"({"outlierDetection":{}})") << host << true;
        QTest::newRow("locality without outlier detection plays no part")
            << QByteArray(R"({"loadBalancer":{"localityLbSetting":{"enabled":true}}})") << host << false;
        QTest::newRow("locality switched off") << QByteArray(
            R"({"outlierDetection":{},"loadBalancer":{"localityLbSetting":{"enabled":false}}})")
                                               << host << false;
        QTest::newRow("for one port") << QByteArray(R"({"portLevelSettings":[{"port":{"number":5000},"outlierDetection":{}}]})") << host
                                      << true;
        QTest::newRow("of another service") << QByteArray(R"({"outlierDetection":{}})") << QStringLiteral("other") << false;
        QTest::newRow("by its whole name") << QByteArray(R"({"outlierDetection":{}})")
                                           << QStringLiteral("helloworld.default.svc.cluster.local") << true;
        QTest::newRow("for all") << QByteArray(R"({"outlierDetection":{}})") << QStringLiteral("*.local") << true;
    }

    void whatKeepsRequestsAtHome()
    {
        QFETCH(QByteArray, policy);
        QFETCH(QString, host);
        const QJsonObject rule { { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("namespace"), QStringLiteral("default") } } },
            { QStringLiteral("spec"),
                QJsonObject {
                    { QStringLiteral("host"), host }, { QStringLiteral("trafficPolicy"), QJsonDocument::fromJson(policy).object() } } } };
        QTEST(truth::prefersNear(rule, QStringLiteral("default/helloworld")), "keeps");
    }
};

} // namespace catamaran::tests
