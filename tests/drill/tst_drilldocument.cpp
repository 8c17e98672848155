// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/drilldocument.h"
#include "support/paths.h"

#include <QTest>

using namespace catamaran;
using namespace catamaran::drill;
using namespace std::chrono_literals;

namespace {

QByteArray document(const QByteArray &spec)
{
    return "apiVersion: catamaran.io/v1\nkind: Drill\nmetadata:\n  name: mine\nspec:\n" + spec;
}

const QByteArray probes = "  probes: { from: cluster-1/default/sleep, url: 'http://helloworld:5000/hello' }\n";
const QByteArray scale = "  faults:\n  - scale: { cluster: cluster-1, namespace: default, deployment: helloworld-v1, replicas: 0 }\n";
const QByteArray hypothesis = "  hypothesis: It holds.\n";

} // namespace

class DrillDocumentTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void readsTheSmallest();
    void readsEverything();
    void refuses_data();
    void refuses();
    void builtinDrillsAreTheExamples();
};

void DrillDocumentTest::readsTheSmallest()
{
    const auto drill = parseDrill(document(hypothesis + probes + scale), QStringLiteral("mine.yaml"));
    QVERIFY2(drill, drill ? "" : qPrintable(drill.error().text()));
    QCOMPARE(drill->id, QStringLiteral("mine"));
    QCOMPARE(drill->title, QStringLiteral("mine"));
    QCOMPARE(drill->faults.size(), 1);
    QVERIFY(drill->faults.first().kind == FaultKind::Scale);
    QCOMPARE(drill->faults.first().scale.deployment, QStringLiteral("helloworld-v1"));
    QCOMPARE(drill->maxFailedRequests, -1);
    QCOMPARE(drill->observeFor, 10000ms);
}

void DrillDocumentTest::readsEverything()
{
    const auto drill = parseDrill(document("  title: T\n  summary: S\n  hypothesis: H\n"
                                           "  probes: { from: cluster-1/default/sleep, url: 'https://a/', rate: 2.5, keepAlive: true, requestTimeout: 1s }\n"
                                           "  faults:\n  - moveClient: { namespace: default, from: cluster-1, to: cluster-2 }\n"
                                           "  steadyFor: 1s\n  observeFor: 4s\n  recoverWithin: 500ms\n  maxFailedRequests: 3\n  expectVersionsDuring: [v1, v2]\n"
                                           "  guard: { maxFailedInARow: 9, maxDuration: 1m }\n"),
        QStringLiteral("mine.yaml"));
    QVERIFY2(drill, drill ? "" : qPrintable(drill.error().text()));
    QCOMPARE(drill->title, QStringLiteral("T"));
    QCOMPARE(drill->probes.rate, 2.5);
    QVERIFY(drill->probes.keepAlive);
    QCOMPARE(drill->probes.requestTimeout, 1000ms);
    QVERIFY(drill->faults.first().kind == FaultKind::MoveClient);
    QCOMPARE(drill->faults.first().move.toCluster, QStringLiteral("cluster-2"));
    QCOMPARE(drill->steadyFor, 1000ms);
    QCOMPARE(drill->recoverWithin, 500ms);
    QCOMPARE(drill->maxFailedRequests, 3);
    QCOMPARE(drill->expectVersionsDuring, (QStringList { QStringLiteral("v1"), QStringLiteral("v2") }));
    QCOMPARE(drill->guard.maxFailedInARow, 9);
    QCOMPARE(drill->guard.maxDuration, 60000ms);
}

void DrillDocumentTest::refuses_data()
{
    QTest::addColumn<QByteArray>("spec");
    QTest::addColumn<QString>("names"); ///< what the error must name
    QTest::newRow("no hypothesis") << probes + scale << "hypothesis";
    QTest::newRow("no probes") << hypothesis + scale << "probes";
    QTest::newRow("no fault") << hypothesis + probes + "  faults: []\n" << "faults";
    QTest::newRow("a fault of two kinds")
        << hypothesis + probes
            + "  faults:\n  - scale: { cluster: a, namespace: b, deployment: c, replicas: 0 }\n    moveClient: { namespace: default, from: cluster-1, to: cluster-2 }\n"
        << "faults[0]";
    QTest::newRow("an unknown fault") << hypothesis + probes + "  faults:\n  - reboot: {}\n" << "reboot";
    QTest::newRow("negative replicas") << hypothesis + probes + "  faults:\n  - scale: { cluster: a, namespace: b, deployment: c, replicas: -1 }\n" << "replicas";
    QTest::newRow("a source of another form") << hypothesis + "  probes: { from: sleep, url: 'http://a/' }\n" + scale << "probes.from";
    QTest::newRow("a URL of another kind") << hypothesis + "  probes: { from: a/b/c, url: 'ftp://a/' }\n" + scale << "probes.url";
    QTest::newRow("a client moved to where it is") << hypothesis + probes + "  faults:\n  - moveClient: { namespace: default, from: cluster-1, to: cluster-1 }\n" << "moveClient";
    QTest::newRow("a client that does not send") << hypothesis + "  probes: { from: cluster-2/default/sleep, url: 'http://a/' }\n  faults:\n  - moveClient: { namespace: default, from: cluster-1, to: cluster-2 }\n" << "faults[0]";
    QTest::newRow("a key that does not exist") << hypothesis + probes + scale + "  steadyfor: 3s\n" << "steadyfor";
    QTest::newRow("a time without unit") << hypothesis + probes + scale + "  steadyFor: 3\n" << "steadyFor";
    QTest::newRow("too short to see anything") << hypothesis + probes + scale + "  observeFor: 10ms\n" << "observeFor";
    QTest::newRow("a guard that ends it early") << hypothesis + probes + scale + "  guard: { maxDuration: 5s }\n" << "guard";
}

void DrillDocumentTest::refuses()
{
    QFETCH(QByteArray, spec);
    QFETCH(QString, names);
    const auto drill = parseDrill(document(spec), QStringLiteral("mine.yaml"));
    QVERIFY(!drill);
    QVERIFY(drill.error().kind == core::ErrorKind::InvalidInput);
    const QString text = drill.error().text();
    QVERIFY2(text.contains(names), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("mine.yaml:")), qPrintable(text));
}

void DrillDocumentTest::builtinDrillsAreTheExamples()
{
    const auto drills = builtinDrills();
    QCOMPARE(drills.size(), 2);
    for (const DrillDocument &drill : drills) {
        const auto file = loadDrill(tests::sourceFile(QStringLiteral("resources/drills/%1.yaml").arg(drill.id)));
        QVERIFY2(file, file ? "" : qPrintable(file.error().text()));
        QCOMPARE(file->hypothesis, drill.hypothesis);
        QVERIFY(!drill.title.isEmpty());
    }
    QVERIFY(!loadDrill(QStringLiteral("/nowhere/x.yaml")));
}

QTEST_APPLESS_MAIN(DrillDocumentTest)
#include "tst_drilldocument.moc"
