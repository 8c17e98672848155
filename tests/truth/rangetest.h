// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/world.h"
#include "mesh/asm/asmaccount.h"
#include "mesh/asm/asmprovider.h"
#include "support/rangesession.h"
#include "truth/prover.h"

#include <QScopeGuard>
#include <QSignalSpy>
#include <QTemporaryDir>

namespace catamaran::tests {

/// What breaks on a practice range is what turns red, and nothing else.
class TruthRangeTest : public QObject {
    Q_OBJECT

    using Deed = std::function<void()>;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<store::SecretStore> m_secrets;
    std::unique_ptr<LabProcess> m_lab;
    std::shared_ptr<session::Session> m_session;
    bool m_tellsControlPlane = false; ///< whether proxies say that they are connected to one: not all versions do

    /// A range with a client in both clusters.
    void start(const QString &fleetName)
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_secrets = store::makeMemorySecretStore();
        m_lab = std::make_unique<LabProcess>();
        QVERIFY2(m_lab->start(
                     { QStringLiteral("--create-delay"), QStringLiteral("100"), QStringLiteral("--update-delay"), QStringLiteral("50") }),
            qPrintable(m_lab->errorText()));
        const auto session = openRange(*m_lab, *m_secrets);
        QVERIFY2(session, qPrintable(session ? QString() : session.error().text()));
        m_session = *session;
        documents::FleetDocument fleet = exampleFleet(fleetName);
        const auto sleep = std::find_if(fleet.workloads.begin(), fleet.workloads.end(),
            [](const documents::FleetWorkload &one) { return one.manifest == QStringLiteral("sleep"); });
        documents::FleetWorkload second = *sleep;
        second.cluster = QStringLiteral("cluster-2");
        fleet.workloads.append(second);
        fleet::CarryOutOptions options;
        options.purpose = QStringLiteral("apply");
        options.name = fleetName;
        options.databaseFile = m_folder->filePath(QStringLiteral("history.db"));
        options.stepTimeout = std::chrono::milliseconds(60000);
        const auto applied = applyFleet(fleet, *m_session, options);
        QVERIFY2(applied, qPrintable(applied ? QString() : applied.error().text()));
    }

    [[nodiscard]] truth::Matrix asked()
    {
        return inSequence([this] {
            const auto fleet = observe::look(*m_session, {});
            if (!fleet)
                qFatal("%s", qPrintable(fleet.error().text()));
            truth::Question question;
            question.timeout = std::chrono::milliseconds(1000);
            const truth::Proofs proofs = truth::prove(*m_session, *fleet, question, {}, {});
            m_tellsControlPlane = std::any_of(proofs.proxies.cbegin(), proofs.proxies.cend(),
                [](const truth::ProxyProof &one) { return one.hasControlPlane.has_value(); });
            return truth::judge(*fleet, proofs, {}, QDateTime::currentDateTimeUtc());
        });
    }

    static QString shown(const truth::Matrix &matrix)
    {
        QStringList lines;
        for (const truth::DirectionState &state : matrix.directions)
            for (const truth::Cell &cell : state.cells)
                lines << QStringLiteral("%1 %2 %3: %4 %5")
                             .arg(state.direction.text(), truth::layerName(cell.layer), observe::healthName(cell.health), cell.evidence,
                                 cell.latent);
        return lines.join(u'\n');
    }

    /// "1>2 gateway", …, sorted
    static QStringList red(const truth::Matrix &matrix)
    {
        QStringList cells;
        for (const truth::DirectionState &state : matrix.directions)
            for (const truth::Cell &cell : state.cells)
                if (cell.health == observe::Health::Failed)
                    cells << state.direction.from.right(1) + u'>' + state.direction.to.right(1) + u' ' + truth::layerName(cell.layer);
        cells.sort();
        return cells;
    }

    /// Asks until @p holds; what is shown then, or at last.
    bool until(const std::function<bool(const truth::Matrix &)> &holds, truth::Matrix &last, int timeoutMs = 60000)
    {
        QDeadlineTimer deadline(timeoutMs);
        do
            last = asked();
        while (!holds(last) && !deadline.hasExpired());
        return holds(last);
    }

    static bool isWell(const truth::Matrix &matrix) { return matrix.summary().health() == observe::Health::Ok; }
    Deed ctl(const QStringList &arguments)
    {
        return [this, arguments] {
            const auto output = m_lab->ctl(arguments);
            QVERIFY2(output.ok(), output.standardError.constData());
        };
    }
    Deed scaled(int replicas)
    {
        return [this, replicas] {
            QVERIFY(
                waitFor(m_session->cluster(QStringLiteral("cluster-2"))
                            ->setScale(kube::kinds::deployments, QStringLiteral("default"), QStringLiteral("helloworld-v2"), replicas, {}))
                    .has_value());
        };
    }
    Deed member(bool isThere)
    {
        return [this, isThere] {
            const auto fleet = look(*m_session);
            QVERIFY(fleet.has_value());
            const QString mesh = fleet->mesh(QStringLiteral("mesh-1"))->status.id,
                          cluster = fleet->cluster(QStringLiteral("cluster-2"))->cloudId;
            auto &client = static_cast<mesh::AsmProvider *>(m_session->provider()->service(typeid(mesh::AsmProvider)))->client();
            if (!isThere)
                QVERIFY(waitFor(client.removeCluster(mesh, cluster, {})).has_value());
        };
    }

private slots:
    void initTestCase()
    {
        if (LabProcess::program().isEmpty())
            QSKIP("there is no catamaran-lab");
        start(QStringLiteral("two-meshes"));
    }

    void cleanupTestCase()
    {
        m_session.reset();
        m_lab.reset();
    }

    void turnsRedWhatIsBroken_data()
    {
        QTest::addColumn<Deed>("breaks");
        QTest::addColumn<Deed>("mends");
        QTest::addColumn<QStringList>("broken");
        QTest::addColumn<QString>("says");
        const auto words = [](const char *text) { return QString::fromLatin1(text).split(u' '); };
        const auto cells = [](const char *text) { return text ? QString::fromLatin1(text).split(u',') : QStringList(); };
        QTest::newRow("the networks are cut") << ctl(words("partition network1 network2")) << ctl(words("heal network1 network2"))
                                              << cells("1>2 gateway,1>2 request,2>1 gateway,2>1 request") << QString();
        QTest::newRow("a gateway is stopped") << ctl(words("stop gateway cluster-2")) << ctl(words("start gateway cluster-2"))
                                              << cells("1>2 gateway,1>2 request") << QString();
        QTest::newRow("a control plane is stopped") << ctl(words("stop control-plane mesh-2")) << ctl(words("start control-plane mesh-2"))
                                                    << cells(nullptr) << QStringLiteral("not connected to their control plane");
        QTest::newRow("an API server is stopped") << ctl(words("stop api-server cluster-2")) << ctl(words("start api-server cluster-2"))
                                                  << cells(nullptr) << QStringLiteral("not asked");
        QTest::newRow("the workload is scaled to 0") << scaled(0) << scaled(1) << cells("1>2 request") << QStringLiteral("is scaled to 0");
    }

    void turnsRedWhatIsBroken()
    {
        QFETCH(Deed, breaks);
        QFETCH(Deed, mends);
        QFETCH(QStringList, broken);
        QFETCH(QString, says);
        truth::Matrix last;
        QVERIFY2(until(isWell, last), qPrintable(shown(last)));
        breaks();
        auto mended = qScopeGuard(mends);
        const bool isSeen = until(
            [&](const truth::Matrix &matrix) {
                const bool isTold = !isWell(matrix) && shown(matrix).contains(says);
                return red(matrix) == broken && (isTold || (says.contains(QStringLiteral("control plane")) && !m_tellsControlPlane));
            },
            last);
        QVERIFY2(isSeen, qPrintable(red(last).join(u',') + u'\n' + shown(last)));
        const auto seen = look(*m_session);
        QVERIFY(seen.has_value());
        for (const observe::ObservedMesh &mesh : seen->meshes)
            for (const observe::Condition &condition : mesh.conditions)
                QVERIFY2(condition.health != observe::Health::Ok || condition.isHearsay, qPrintable(condition.reason));
        mended.dismiss();
        mends();
        QVERIFY2(until(isWell, last), qPrintable(shown(last)));
    }

    void accessIsTakenAway()
    {
        truth::Matrix last;
        QVERIFY2(until(isWell, last), qPrintable(shown(last)));
        member(false)();
        const QStringList broken { QStringLiteral("1>2 discovery"), QStringLiteral("1>2 request") };
        QVERIFY2(until([&](const truth::Matrix &matrix) { return red(matrix) == broken; }, last),
            qPrintable(red(last).join(u',') + u'\n' + shown(last)));
        start(QStringLiteral("two-meshes"));
    }

    void keepsProving()
    {
        observe::LiveFleet live(*m_session);
        truth::Prover prover(*m_session, live);
        QList<truth::DirectionState> broke, mended;
        connect(&prover, &truth::Prover::told, this, [&](const truth::News &news) {
            broke << news.broken << news.found;
            mended << news.mended;
        });
        live.start();
        const auto isRead = [&live] {
            const observe::ObservedFleet &fleet = live.fleet();
            return fleet.clusters.size() == 2 && fleet.meshes.size() == 2
                && std::all_of(fleet.clusters.begin(), fleet.clusters.end(), [](const observe::ObservedCluster &cluster) {
                       return cluster.reachable && !cluster.gatewayAddresses.isEmpty()
                           && std::count_if(cluster.workloads.begin(), cluster.workloads.end(),
                                  [](const observe::ObservedWorkload &one) { return one.ready > 0 && !one.podNames.isEmpty(); })
                           >= 2; // who sends and who answers
                   });
        };
        QTRY_VERIFY_WITH_TIMEOUT(isRead(), 60000);
        prover.prove();
        QTRY_VERIFY2_WITH_TIMEOUT(isWell(prover.matrix()), qPrintable(shown(prover.matrix())), 60000);
        prover.keepProving(true, std::chrono::seconds(1));
        ctl({ QStringLiteral("stop"), QStringLiteral("gateway"), QStringLiteral("cluster-2") })();
        QTRY_VERIFY2_WITH_TIMEOUT(broke.size() == 1, qPrintable(shown(prover.matrix())), 60000);
        QCOMPARE(broke.first().direction, (truth::Direction { QStringLiteral("cluster-1"), QStringLiteral("cluster-2") }));
        QVERIFY(prover.matrix().find(QStringLiteral("cluster-2"), QStringLiteral("cluster-1"))->isProven());
        ctl({ QStringLiteral("start"), QStringLiteral("gateway"), QStringLiteral("cluster-2") })();
        QTRY_VERIFY2_WITH_TIMEOUT(mended.size() == 1, qPrintable(shown(prover.matrix())), 60000);
        QCOMPARE(broke.size(), 1);
    }

    void anotherRoot()
    {
        start(QStringLiteral("two-roots"));
        truth::Matrix last;
        const QStringList broken { QStringLiteral("1>2 request"), QStringLiteral("1>2 trust"), QStringLiteral("2>1 request"),
            QStringLiteral("2>1 trust") };
        QVERIFY2(until([&](const truth::Matrix &matrix) { return red(matrix) == broken; }, last),
            qPrintable(red(last).join(u',') + u'\n' + shown(last)));
    }
};

} // namespace catamaran::tests
