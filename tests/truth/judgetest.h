// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/world.h"
#include "truth/matrix.h"
#include "truth/news.h"

#include <QTest>

#include <functional>

namespace catamaran::tests {

/// A world and what was asked in it; each case spoils something.
struct Told {
    observe::ObservedFleet fleet;
    truth::Proofs proofs;
    QDateTime now = QDateTime(QDate(2026, 11, 27), QTime(12, 0), Qt::UTC);

    Told()
    {
        fleet = finishedWorld();
        for (int i = 0; i < 2; ++i) {
            observe::ObservedCluster &cluster = fleet.clusters[i];
            cluster.serving = { { QStringLiteral("default/helloworld"), { QStringLiteral("helloworld-v%1").arg(i + 1) } } };
            cluster.gatewayAddress = QStringLiteral("203.0.113.%1:15443").arg(i + 1);
            cluster.gatewayAddresses = { cluster.gatewayAddress };
            cluster.network = QStringLiteral("network%1").arg(i + 1);
            cluster.conditions.first().at = now.addSecs(-20);
            fleet.meshes[i].conditions.append(
                { QStringLiteral("Discovery"), observe::Health::Ok, {}, {}, QStringLiteral("the account"), now.addSecs(-10) });
        }
        fleet.account = { { QStringLiteral("Account"), observe::Health::Ok, {}, {}, {}, now } };
        fleet.trust = { { QStringLiteral("RootShared"), observe::Health::Ok, {}, {}, QStringLiteral("GetCaCert"), now } };
        request() = asked(10, 10, 0);
        proofs.requests.insert({ QStringLiteral("cluster-2"), QStringLiteral("cluster-1") }, asked(10, 10, 0));
    }

    [[nodiscard]] truth::RequestProof asked(int crossed, int elsewhere, int failed) const
    {
        truth::RequestProof proof;
        proof.at = now.addSecs(-4);
        proof.source = QStringLiteral("cluster-1/default/sleep-x → http://helloworld:5000/hello");
        proof.service = QStringLiteral("default/helloworld");
        proof.sent = crossed + elsewhere + failed;
        proof.crossed = crossed;
        proof.elsewhere = elsewhere;
        proof.failed = failed;
        proof.missChance = 1e-6;
        return proof;
    }
    [[nodiscard]] static truth::Direction direction() { return { QStringLiteral("cluster-1"), QStringLiteral("cluster-2") }; }
    truth::RequestProof &request() { return proofs.requests[direction()]; }
    void met(truth::GatewayProof::Met what, int secondsAgo = 2, const QString &address = QStringLiteral("203.0.113.2:15443"))
    {
        truth::GatewayProof proof;
        proof.at = now.addSecs(-secondsAgo);
        proof.address = address;
        proof.met = what;
        proofs.gateways[direction()].append(proof);
    }
    truth::ProxyProof &proxy()
    {
        truth::ProxyProof &proof = proofs.proxies[direction()];
        proof.at = now.addSecs(-3);
        proof.source = QStringLiteral("cluster-1/default/sleep-x (istio-proxy)");
        return proof;
    }
    [[nodiscard]] truth::DirectionState judged() const
    {
        return *truth::judge(fleet, proofs, {}, now).find(direction().from, direction().to);
    }
};

class JudgeTest : public QObject {
    Q_OBJECT

    using Spoil = std::function<void(Told &)>;

private slots:
    void whatIsNewsOfADirection_data()
    {
        QTest::addColumn<QString>("standings"); ///< one after the other, by their first letters
        QTest::addColumn<QString>("news"); ///< of each judgement: b(roken), f(ound), m(ended) or -
        const auto row = [](const char *name, const char *standings, const char *news) {
            QTest::newRow(name) << QString::fromLatin1(standings) << QString::fromLatin1(news);
        };
        row("proven, then failed, then proven", "pfp", "-bm");
        row("the same again says nothing", "ppffpp", "--b-m-");
        row("failed from the start is no news", "ff", "--");
        row("and to be proven then is", "fp", "-m");
        row("configured, then failed, without ever being proven", "cfp", "-fm");
        row("configured, then proven, is as it has to be", "cp", "--");
        row("what is not known hides nothing", "pufup", "--b-m");
        row("what has grown old was proven", "psf", "--b");
        row("configured after it was proven does not forget that", "pcf", "--b");
        row("unknown, then failed: nobody saw it well", "uf", "--");
    }
    void whatIsNewsOfADirection()
    {
        QFETCH(QString, standings);
        QHash<truth::Direction, truth::Standing> known;
        QString told;
        for (const QChar letter : std::as_const(standings)) {
            truth::DirectionState state;
            state.direction = { QStringLiteral("1"), QStringLiteral("2") };
            for (const auto standing : { truth::Standing::Proven, truth::Standing::Failed, truth::Standing::Stale,
                     truth::Standing::Configured, truth::Standing::Unknown })
                if (truth::standingName(standing).startsWith(letter))
                    state.standing = standing;
            const truth::News news = truth::newsOf({ state }, known);
            told += news.isEmpty() ? u'-' : !news.broken.isEmpty() ? u'b' : !news.found.isEmpty() ? u'f' : u'm';
        }
        QTEST(told, "news");
    }

    void judgesADirection_data()
    {
        using Met = truth::GatewayProof::Met;
        QTest::addColumn<Spoil>("spoil");
        QTest::addColumn<QString>("cells"); ///< discovery, trust, gateway, request: health/basis, one letter each
        QTest::addColumn<QString>("standing");
        QTest::addColumn<QString>("says"); ///< in some cell
        const auto row = [](const char *name, const char *cells, const char *standing, const char *says, const Spoil &spoil) {
            QTest::newRow(name) << spoil << QString::fromLatin1(cells) << QString::fromLatin1(standing) << QString::fromUtf8(says);
        };
        row("answered from there", "op op op op", "proven", "10 of 20", [](Told &) {});
        row("nobody asked", "uc uc uc un", "configured", "not asked", [](Told &t) { t.proofs = {}; });
        row("silent loss", "uc uc uc fp", "failed", "silent loss: all 20", [](Told &t) { t.request() = t.asked(0, 20, 0); });
        row("some fail, none crosses", "uc uc uc fp", "failed", "13 failed", [](Told &t) { t.request() = t.asked(0, 7, 13); });
        row("some fail, some cross", "op op op wp", "proven", "5 failed", [](Told &t) { t.request() = t.asked(8, 7, 5); });
        row("another cluster's failures", "op op op op", "proven", "5 failed", [](Told &t) {
            t.request() = t.asked(8, 7, 0);
            t.request().sent = 20;
            t.request().failedElsewhere = 5;
        });
        row("too few to tell", "uc uc uc un", "configured", "so few", [](Told &t) {
            t.request() = t.asked(0, 2, 0);
            t.request().missChance = 0.25;
        });
        row("kept at home by a setting", "uc uc uc un", "configured", "keeps them at home", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.request().keptHomeBy = QStringLiteral("DestinationRule default/helloworld");
        });
        row("answered by nobody knows whom", "uc uc uc un", "configured", "nobody knows whom", [](Told &t) {
            t.request() = t.asked(0, 10, 0);
            t.request().sent = 20;
            t.request().unattributed = 10;
        });
        row("no workload there at all", "uc uc uc un", "configured", "no workload behind", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.fleet.clusters[1].serving = {};
        });
        row("scaled to 0 there", "uc uc uc fp", "failed", "is scaled to 0", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.fleet.clusters[1].workloads = { workload(QStringLiteral("helloworld-v2"), QStringLiteral("v2"), 0) };
        });
        row("scaled to 0 since the last answer", "uc uc uc fc", "failed", "is scaled to 0", [](Told &t) {
            t.fleet.clusters[1].workloads = { workload(QStringLiteral("helloworld-v2"), QStringLiteral("v2"), 0) };
            t.fleet.clusters[1].conditions.first().at = t.now;
        });
        row("too long ago", "uc uc uc sp", "stale", "too long ago", [](Told &t) { t.request().at = t.now.addSecs(-61); });
        row("from a time to come: the clock was set back", "uc uc uc sp", "stale", "too long ago",
            [](Told &t) { t.request().at = t.now.addSecs(60); });
        row("could not be asked", "uc uc uc un", "configured", "not asked: ", [](Told &t) {
            t.request().error = core::Error::make(core::ErrorKind::Precondition, QStringLiteral("send"), {}, QStringLiteral("no client"));
            t.request().crossed = 0;
        });
        row("the account does not answer, but requests cross", "op op op op", "proven", "answered from there", [](Told &t) {
            t.fleet.meshesError = core::Error::make(core::ErrorKind::Network, QStringLiteral("list"), {}, QStringLiteral("away"));
            t.fleet.meshes.clear();
        });
        row("no account, nobody asked", "un un uc un", "unknown", "the environment has no account", [](Told &t) {
            t.proofs = {};
            t.fleet.meshes.clear();
            t.fleet.account.clear();
        });
        row("no account, no network named, none crosses", "un un un fp", "failed", "nobody tells which mesh", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.fleet.meshes.clear();
            t.fleet.account.clear();
            t.fleet.clusters[0].network.clear();
        });
        row("a mode that nobody tells", "un un uc fp", "failed", "nobody tells whether it manages it", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.fleet.meshes[0].status.members[0].mode = mesh::Mode::Unknown;
            t.fleet.meshes[1].status.members[0].mode = mesh::Mode::Unknown;
        });
        row("not added, none crosses", "fc uc uc fp", "failed", "mesh-1 has not added cluster-2", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.fleet.meshes[0].status.members.removeLast();
        });
        row("not added any more, and yet it crosses", "wp op op op", "proven", "holds only until mesh-1",
            [](Told &t) { t.fleet.meshes[0].status.members.removeLast(); });
        row("nobody manages the sender", "fc fc uc fp", "failed", "no mesh manages", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.fleet.meshes.removeFirst();
            t.fleet.meshes[0].status.members.removeFirst();
        });
        row("the proxy has no endpoint there", "fp uc uc fp", "failed", "has no endpoint", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.proxy().hasEndpoints = true;
        });
        row("the proxy has an endpoint there", "op uc uc fp", "failed", "has endpoints", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.proxy().hasEndpoints = true;
            t.proxy().endpointsThere = { QStringLiteral("203.0.113.2:15443") };
        });
        row("the proxy lives on what it was told", "wp op op op", "proven", "not connected to their control plane",
            [](Told &t) { t.proxy().hasControlPlane = false; });
        row("no control plane of the sender is ready", "wp op op op", "proven", "no control plane in cluster-1 is ready",
            [](Told &t) { t.fleet.clusters[0].controlPlaneReady = 0; });
        row("the other API server is away", "wp op op op", "proven", "holds only until mesh-1 restarts",
            [](Told &t) { t.fleet.clusters[1].reachable = false; });
        const auto lost = [](Told &t) {
            t.fleet.meshes[0].status.members.last().lost
                = { { QStringLiteral("watch error in cluster cluster-2: Unauthorized"), QStringLiteral("log of istiod"), t.now } };
        };
        const auto word = [](Told &t, const char *replica, const char *says) {
            t.fleet.meshes[0].status.controlPlanes = { { QStringLiteral("default"), QStringLiteral("1.30.3"), {}, 1, 1 } };
            t.fleet.meshes[0].status.members.last().words.append(
                { QString::fromLatin1(replica), QString::fromLatin1(says), {}, QStringLiteral("/debug/clusterz"), t.now });
        };
        row("the control plane's log admits that it cannot read the other", "wp op op op", "proven", "holds only until mesh-1 restarts",
            lost);
        row("the same, nobody asked", "wc uc uc un", "configured", "watch error in cluster cluster-2", [=](Told &t) {
            t.proofs = {};
            lost(t);
        });
        row("the control plane says synced, and nobody asked", "uc uc uc un", "configured", "has read it once", [=](Told &t) {
            t.proofs = {};
            word(t, "istiod-a", "synced");
        });
        row("the control plane has never read the other", "fc uc uc fp", "failed", "has not read cluster-2 since it started", [=](Told &t) {
            t.request() = t.asked(0, 20, 0);
            word(t, "istiod-a", "timeout");
        });
        row("the same, and yet it crosses", "wp op op op", "proven", "istiod-a says timeout",
            [=](Told &t) { word(t, "istiod-a", "timeout"); });
        row("one of two replicas has not read the other", "wc uc uc un", "configured", "istiod-b says absent", [=](Told &t) {
            t.proofs = {};
            word(t, "istiod-a", "synced");
            word(t, "istiod-b", "absent");
        });
        row("the control plane's cluster is away", "un un uc un", "unknown", "no route", [](Told &t) {
            t.proofs = {};
            t.fleet.meshes[0].status.stale
                = core::Error::make(core::ErrorKind::Network, QStringLiteral("list deployments"), {}, QStringLiteral("no route"));
        });
        row("which control planes there are is not told by all", "un un uc un", "unknown", "no route", [](Told &t) {
            t.proofs = {};
            t.fleet.meshes.removeFirst();
            t.fleet.meshesUnread
                = core::Error::make(core::ErrorKind::Network, QStringLiteral("list deployments"), {}, QStringLiteral("no route"));
        });
        row("another root", "uc fc uc fp", "failed", "the roots of mesh-1 and mesh-2 differ", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.fleet.meshes[1].status.rootFingerprints = { QStringLiteral("bb") };
        });
        row("another root since, and yet it crosses", "op wp op op", "proven", "holds only until certificates",
            [](Told &t) { t.fleet.meshes[1].status.rootFingerprints = { QStringLiteral("bb") }; });
        row("a rotation", "op wp op op", "proven", "rotation", [](Told &t) {
            t.fleet.meshes[1].status.rootFingerprints = { QStringLiteral("aa"), QStringLiteral("bb") };
        });
        row("the proxies take other roots", "un fp uc fp", "failed", "take the root", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.fleet.meshes.clear();
            t.fleet.account.clear();
            t.proxy().roots = { QStringLiteral("1a") };
            truth::ProxyProof &back = t.proofs.proxies[{ QStringLiteral("cluster-2"), QStringLiteral("cluster-1") }];
            back.at = t.now;
            back.roots = { QStringLiteral("2b") };
        });
        row("one network: trust is not shown", "op uc op op", "proven", "in one network an answer does not show", [](Told &t) {
            for (observe::ObservedMesh &mesh : t.fleet.meshes)
                for (mesh::MemberCluster &member : mesh.status.members)
                    member.network.clear();
        });
        row("the gateway refuses", "uc uc fp fp", "failed", "refuses connections", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.met(Met::Refused);
        });
        row("the gateway is silent", "uc uc fp fp", "failed", "does not answer", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.met(Met::Silence);
        });
        row("the gateway greets and none crosses", "uc uc op fp", "failed", "answers with TLS", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.met(Met::Greeting);
        });
        row("refused after the last answer", "op op fp op", "failed", "refuses", [](Told &t) { t.met(Met::Refused, 2); });
        row("answered after it refused", "op op wp op", "proven", "may hold only until the connections",
            [](Told &t) { t.met(Met::Refused, 9); });
        row("it closes new connections, and yet requests cross", "op op wp op", "proven", "all the same",
            [](Told &t) { t.met(Met::Closed, 2); });
        row("one of two gateways refuses", "op op wp op", "proven", "refuses", [](Told &t) {
            t.fleet.clusters[1].gatewayAddresses << QStringLiteral("203.0.113.9:15443");
            t.met(Met::Greeting);
            t.met(Met::Refused, 2, QStringLiteral("203.0.113.9:15443"));
        });
        row("it closes, for nobody is behind it", "uc uc uc fp", "failed", "is scaled to 0", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.fleet.clusters[1].workloads = { workload(QStringLiteral("helloworld-v2"), QStringLiteral("v2"), 0) };
            t.met(Met::Closed);
        });
        row("what a gateway said long ago", "op op op op", "proven", "10 of 20", [](Told &t) { t.met(Met::Refused, 70); });
        row("no gateway", "uc uc fc fp", "failed", "has no gateway", [](Told &t) {
            t.request() = t.asked(0, 20, 0);
            t.fleet.clusters[1].gatewayAddresses.clear();
            t.fleet.clusters[1].gatewayAddress.clear();
        });
        row("a gateway that lost its address, and yet it crosses", "op op wp op", "proven", "holds only until mesh-1 restarts",
            [](Told &t) {
                t.fleet.clusters[1].gatewayAddresses.clear();
                t.fleet.clusters[1].gatewayAddress.clear();
            });
        row("the mesh is being changed", "wp op op op", "proven", "mesh-1 is updating", [](Told &t) {
            t.fleet.meshes[0].status.state = mesh::MeshState::Updating;
            t.fleet.meshes[0].status.stateWord = QStringLiteral("updating");
        });
        row("an account that was heard too long ago", "sc uc uc un", "stale", "says the account", [](Told &t) {
            t.proofs = {};
            t.fleet.meshes[0].conditions.last().at = t.now.addSecs(-120);
        });
    }

    void judgesADirection()
    {
        QFETCH(Spoil, spoil);
        QFETCH(QString, cells);
        QFETCH(QString, standing);
        QFETCH(QString, says);
        Told told;
        spoil(told);
        const truth::DirectionState state = told.judged();
        QStringList found;
        QString text;
        for (const truth::Cell &cell : state.cells) {
            found << observe::healthName(cell.health).left(1) + truth::basisName(cell.basis).left(1);
            text += cell.evidence + u'\n' + cell.latent + u'\n' + cell.needs + u'\n';
        }
        QVERIFY2(found.join(u' ') == cells, qPrintable(found.join(u' ') + u'\n' + text));
        QCOMPARE(truth::standingName(state.standing), standing);
        QVERIFY2(text.contains(says), qPrintable(text));
        for (const truth::Cell &cell : state.cells)
            QVERIFY2(cell.health != observe::Health::Ok || cell.basis == truth::Basis::Proven, qPrintable(cell.evidence));
    }

    void countsInWords()
    {
        truth::Summary summary;
        const QDateTime now = Told().now;
        QCOMPARE(summary.health(), observe::Health::Unknown);
        summary.total = 8;
        summary.proven = 6;
        summary.failed = 2;
        summary.newest = now.addSecs(-4);
        QCOMPARE(summary.sentence(now), QStringLiteral("6 of 8 direction(s) proven, newest 4 s ago; 2 failed"));
        QCOMPARE(summary.health(), observe::Health::Failed);
        summary.proven = 8;
        summary.failed = 0;
        QCOMPARE(summary.health(), observe::Health::Ok);
        summary.warnings = 1;
        QCOMPARE(summary.health(), observe::Health::Warning);
    }

    void theContractOfTheMatrix()
    {
        Told told;
        told.met(truth::GatewayProof::Met::Refused, 9); // a warning
        const truth::Matrix matrix = truth::judge(told.fleet, told.proofs, {}, told.now);
        const QJsonArray list = matrix.toJson();
        QCOMPARE(list.size(), 2);
        QCOMPARE(list[0][u"from"].toString(), QStringLiteral("cluster-1"));
        QCOMPARE(list[0][u"proven"].toBool(), false);
        QCOMPARE(list[1][u"proven"].toBool(), true);
        QStringList layers;
        for (const QJsonValue &layer : list[1][u"layers"].toArray()) {
            layers << layer[u"layer"].toString();
            QCOMPARE(layer[u"health"].toString(), QStringLiteral("ok"));
            QVERIFY(!layer[u"evidence"].toString().isEmpty() && !layer[u"source"].toString().isEmpty());
            QVERIFY(QDateTime::fromString(layer[u"at"].toString(), Qt::ISODateWithMs).isValid());
        }
        QCOMPARE(layers,
            (QStringList { QStringLiteral("discovery"), QStringLiteral("trust"), QStringLiteral("gateway"), QStringLiteral("request") }));
        QCOMPARE(matrix.summary().proven, 2);
        QCOMPARE(matrix.summary().warnings, 1);
    }
};

} // namespace catamaran::tests
