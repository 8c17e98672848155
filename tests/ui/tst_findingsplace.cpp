// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "support/labprocess.h"
#include "support/paths.h"
#include "support/rangesession.h"
#include "ui/common/emptystate.h"
#include "ui/common/errorbanner.h"
#include "ui/common/labels.h"
#include "ui/common/statebadge.h"
#include "ui/common/theme.h"
#include "ui/findings/failoverpanel.h"
#include "ui/findings/findingsmodel.h"
#include "ui/findings/findingspanel.h"
#include "ui/findings/findingsplace.h"
#include "ui/findings/whypanel.h"
#include "ui/person.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace catamaran;
using namespace catamaran::ui;
using findings::Finding;
using observe::Health;

namespace {

const QDateTime noon = QDateTime(QDate(2026, 11, 27), QTime(12, 0), Qt::UTC);

Finding finding(const char *rule, Health state, const QString &cluster, const QString &sentence)
{
    Finding made;
    made.rule = QString::fromLatin1(rule);
    made.layer = findings::Layer::Gateway;
    made.state = state;
    made.cluster = cluster;
    made.to = cluster;
    made.sentence = sentence;
    made.remedy = QStringLiteral("Turn it round.");
    made.evidence = { { QStringLiteral("0 ready endpoints"), QStringLiteral("GET endpointslices on ") + cluster, noon } };
    return made;
}

Finding notAsked(const char *rule, const QString &cluster)
{
    Finding made = finding(rule, Health::Unknown, cluster, QStringLiteral("Not known of ") + cluster);
    made.remedy = QStringLiteral("Ask whoever administers %1 for the right: list pods.").arg(cluster);
    return made;
}

std::shared_ptr<findings::Judgement> judged(const QList<Finding> &found)
{
    auto made = std::make_shared<findings::Judgement>();
    made->facts.now = QDateTime::currentDateTimeUtc();
    made->facts.clusters.resize(2);
    made->facts.clusters[0].name = QStringLiteral("cluster-1");
    made->facts.clusters[1].name = QStringLiteral("cluster-2");
    for (observe::ClusterObjects &cluster : made->facts.clusters) {
        cluster.services.take(QList<observe::ServiceFacts>(), {}, noon);
        cluster.namespaces.take(QList<observe::NamespaceFacts>(), {}, noon);
    }
    made->found = found;
    for (const Finding &one : found)
        made->seenSince.insert(one.id(), noon);
    return made;
}

QList<Finding> several()
{
    Finding failed = finding("gateway.no-pods", Health::Failed, QStringLiteral("cluster-1"), QStringLiteral("No pod stands behind it."));
    failed.object = QStringLiteral("Service istio-system/gate");
    failed.mend = { { QStringLiteral("kube.scale"),
        { { QStringLiteral("cluster"), QStringLiteral("cluster-1") }, { QStringLiteral("namespace"), QStringLiteral("istio-system") },
            { QStringLiteral("name"), QStringLiteral("gate") }, { QStringLiteral("replicas"), 1 } } } };
    const Finding warning
        = finding("gateway.host-name", Health::Warning, QStringLiteral("cluster-2"), QStringLiteral("It has a host name <b>bold</b>."));
    Finding accepted = finding("gateway.hosts", Health::Failed, QStringLiteral("cluster-2"), QStringLiteral("It passes little on."));
    accepted.accepted = findings::Accepted { QDate(2027, 1, 31), QStringLiteral("known: #12") };
    return { failed, warning, accepted, notAsked("cluster.proxy-skew", QStringLiteral("cluster-2")),
        notAsked("cluster.mesh-skew", QStringLiteral("cluster-2")) };
}

truth::RequestPath stoppedPath()
{
    truth::RequestPath path;
    path.question = { QStringLiteral("cluster-1"), QStringLiteral("default"), QStringLiteral("sleep"), QStringLiteral("http://a/"),
        QStringLiteral("cluster-2") };
    path.at = noon;
    path.arrives = false;
    path.stopsAt = truth::HopKind::GatewayIn;
    path.sentence = QStringLiteral("It stops here.");
    for (const truth::HopKind kind :
        { truth::HopKind::Client, truth::HopKind::Sidecar, truth::HopKind::GatewayOut, truth::HopKind::GatewayIn, truth::HopKind::Pod }) {
        truth::Hop hop;
        hop.kind = kind;
        hop.isAbsent = kind == truth::HopKind::GatewayOut;
        hop.needs = kind == truth::HopKind::Pod ? QStringLiteral("an answer") : QString();
        path.hops << hop;
    }
    path.hops[3].health = Health::Failed;
    path.hops[3].rulings = { { QStringLiteral("Gateway istio-system/cross"), QStringLiteral("TLS mode AUTO_PASSTHROUGH"), {}, noon } };
    return path;
}

} // namespace

/// Findings as they are looked at and used: with values, and on a practice range.
class FindingsPlaceTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<Services> m_services;
    std::unique_ptr<FindingsPlace> m_place;

    void open()
    {
        m_place = std::make_unique<FindingsPlace>(*m_services);
        m_place->resize(1000, 640);
        m_place->show();
        QVERIFY(QTest::qWaitForWindowActive(m_place.get()));
    }
    QTableView *table() { return test::part<QTableView>(*m_place, "findings"); }
    QString cell(int row, int column) { return table()->model()->index(row, column).data().toString(); }
    QString textOf(const char *part)
    {
        QString text;
        for (const QLabel *label : test::part<QWidget>(*m_place, part)->findChildren<QLabel *>())
            text += label->text() + u'\n';
        return text;
    }

private slots:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("CatamaranTest"));
        QCoreApplication::setApplicationName(QStringLiteral("findings"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
        applyTheme(*qApp, Scheme::Light);
    }

    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        QSettings().clear();
        m_services = std::make_unique<Services>(m_folder.filePath(QStringLiteral("test.db")), store::makeMemorySecretStore());
    }

    void cleanup()
    {
        m_place.reset();
        m_services.reset();
    }

    void theThreeEmptyScreensDiffer()
    {
        open();
        QVERIFY(test::part<EmptyState>(*m_place, "findingsClosed")->isVisible());
        m_place->setJudgement(nullptr, true);
        QVERIFY(test::part<EmptyState>(*m_place, "findingsUnread")->isVisible());
        m_place->setJudgement(judged({}), true);
        QVERIFY(test::part<EmptyState>(*m_place, "findingsNone")->isVisible());
        QVERIFY2(textOf("findingsNone").contains(QStringLiteral("2 clusters")), qPrintable(textOf("findingsNone")));
        // What could not be asked is not nothing.
        m_place->setJudgement(judged({ notAsked("cluster.proxy-skew", QStringLiteral("cluster-2")) }), true);
        QVERIFY(table()->isVisible());
        QVERIFY2(textOf("findingsPanel").contains(QStringLiteral("1 rule")), qPrintable(textOf("findingsPanel")));
    }

    void theWorstIsFirstAndWhatWasNotAskedIsCounted()
    {
        FindingsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto judgement = judged(several());
        model.setRows(findingRows(*judgement));
        QCOMPARE(model.rowCount(), 4);
        const auto at = [&](int row, int column) { return model.index(row, column).data().toString(); };
        QCOMPARE(at(0, FindingsModel::StateColumn), QStringLiteral("failed"));
        QCOMPARE(at(1, FindingsModel::StateColumn), QStringLiteral("warning"));
        QCOMPARE(at(2, FindingsModel::StateColumn), QStringLiteral("accepted"));
        QCOMPARE(at(3, FindingsModel::StateColumn), QStringLiteral("not asked"));
        QVERIFY2(at(3, FindingsModel::FindingColumn).contains(QStringLiteral("2 rule")), qPrintable(at(3, FindingsModel::FindingColumn)));
        QVERIFY(at(3, FindingsModel::FindingColumn).contains(QStringLiteral("list pods")));
        QCOMPARE(at(0, FindingsModel::DirectionColumn), QStringLiteral("every other → cluster-1"));
        const auto counts = judgement->counts();
        QCOMPARE(counts.open(), 2);
        QCOMPARE(counts.accepted, 1);
        QCOMPARE(counts.unaskedRules, 2);
    }

    void theListChangesInPlace()
    {
        FindingsModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(findingRows(*judged(several())));
        const QPersistentModelIndex warning = model.index(1, 0);
        QList<Finding> now = several();
        now.removeFirst(); // mended
        now[0].state = Health::Failed;
        now.prepend(finding("gateway.missing", Health::Failed, QStringLiteral("cluster-9"), QStringLiteral("new")));
        model.setRows(findingRows(*judged(now)));
        QCOMPARE(warning.row(), 1);
        QCOMPARE(model.row(warning.row()).finding.rule, QStringLiteral("gateway.host-name"));
        QCOMPARE(model.row(0).finding.cluster, QStringLiteral("cluster-9"));
        model.setRows({});
        QCOMPARE(model.rowCount(), 0);
    }

    void searchingNarrowsTheListAndTheChoiceIsShownWhole()
    {
        open();
        m_place->setJudgement(judged(several()), true);
        QCOMPARE(table()->model()->rowCount(), 4);
        const QString detail = textOf("findingDetail");
        for (const char *word : { "No pod stands behind it.", "Turn it round.", "0 ready endpoints", "GET endpointslices on cluster-1",
                 "gateway.no-pods", "Gateways have pods" })
            QVERIFY2(detail.contains(QLatin1String(word)), qPrintable(QLatin1String(word) + QStringLiteral(" not in ") + detail));
        table()->setFocus();
        test::press(*m_place, Qt::Key_F, Qt::ControlModifier);
        QVERIFY(test::part<QLineEdit>(*m_place, "searchFindings")->hasFocus());
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("host name"));
        QCOMPARE(table()->model()->rowCount(), 1);
        QCOMPARE(cell(0, FindingsModel::WhereColumn), QStringLiteral("cluster-2"));
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral(" of nobody"));
        QCOMPARE(table()->model()->rowCount(), 0);
        QVERIFY(test::part<QLabel>(*m_place, "findingsNoMatch")->isVisible());
        test::part<QLineEdit>(*m_place, "searchFindings")->clear();
        auto *kinds = test::part<QComboBox>(*m_place, "findingKinds");
        kinds->setFocus();
        for (const int expected : { 1, 1, 1, 1 }) { // failed, warnings, accepted, not asked
            QTest::keyClick(kinds, Qt::Key_Down);
            QCOMPARE(table()->model()->rowCount(), expected);
        }
        m_place->showObject(several().first().sentence); // what is asked for is shown, whatever was filtered
        QCOMPARE(table()->model()->rowCount(), 4);
        QCOMPARE(cell(table()->currentIndex().row(), FindingsModel::FindingColumn), several().first().sentence);
    }

    void aFindingIsCopiedAndAllAreExported()
    {
        open();
        m_place->setJudgement(judged(several()), true);
        table()->setFocus();
        test::press(*m_place, Qt::Key_Down);
        test::press(*m_place, Qt::Key_C, Qt::ControlModifier);
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY2(
            copied.contains(QStringLiteral("gateway.host-name")) && copied.contains(QStringLiteral("<b>bold</b>")), qPrintable(copied));
        const QString file = m_folder.filePath(QStringLiteral("found.csv"));
        test::click(*m_place, "exportFindingsButton");
        test::saveAs(*m_place, file);
        QTRY_VERIFY(QFile::exists(file));
        QFile csv(file);
        QVERIFY(csv.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = csv.readAll().trimmed().split('\n');
        QCOMPARE(lines.size(), 5);
        QVERIFY2(lines.at(1).startsWith("\"failed\",\"gateway.no-pods\",\"cluster-1\""), lines.at(1));
        const QJsonArray list = QJsonDocument::fromJson(findingsToJson(findingRows(*judged(several()))))[u"findings"].toArray();
        QCOMPARE(list.size(), 4);
        QCOMPARE(list.at(3)[u"rules_not_asked"].toInt(), 2);
    }

    void onlyWhatOperationsMendIsOffered()
    {
        open();
        m_place->setJudgement(judged(several()), true);
        auto *mend = test::part<QToolButton>(*m_place, "mendFindingButton");
        table()->setCurrentIndex(table()->model()->index(0, 0));
        QVERIFY(mend->isEnabled());
        table()->setCurrentIndex(table()->model()->index(1, 0));
        QVERIFY(!mend->isEnabled());
        QVERIFY(textOf("findingDetail").contains(QStringLiteral("only a person can")));
        table()->setCurrentIndex(table()->model()->index(3, 0)); // nobody knows whether there is anything
        QVERIFY(!mend->isEnabled());
    }

    void whetherItFailsOverStandsWithWhatToChange()
    {
        open();
        auto judgement = judged({});
        findings::FailoverVerdict no, unknown;
        no.service = unknown.service = QStringLiteral("shop/cart");
        no.from = QStringLiteral("cluster-1");
        unknown.from = QStringLiteral("cluster-2");
        no.answer = findings::Answer::No;
        no.sentence = QStringLiteral("No: there is no outlier detection.");
        no.conditions = { { QStringLiteral("clients have a sidecar"), true, true, {}, {} },
            { QStringLiteral("there is no outlier detection"), false, true, QStringLiteral("Set outlierDetection."), {} } };
        judgement->failover = { unknown, no };
        m_place->setJudgement(judgement, true);
        m_place->showObject(QStringLiteral("failover"));
        auto *list = test::part<QTableView>(*m_place, "failover");
        QAbstractItemModelTester tester(m_place->failoverPanel()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(list->model()->rowCount(), 2);
        QCOMPARE(list->model()->index(0, 0).data().toString(), QStringLiteral("no"));
        QCOMPARE(list->model()->index(1, 0).data().toString(), QStringLiteral("not known"));
        const QString detail = textOf("failoverDetail");
        QVERIFY2(detail.contains(QStringLiteral("to change: Set outlierDetection.")), qPrintable(detail));
        QVERIFY(detail.indexOf(QStringLiteral("there is no outlier detection")) < detail.indexOf(QStringLiteral("clients have a sidecar")));
        // A cluster whose services were not read is said, and is not "none".
        judgement->failover.clear();
        judgement->facts.clusters[1].services = {};
        m_place->setJudgement(judgement, true);
        QVERIFY(test::part<ErrorBanner>(*m_place, "failoverUnread")->text().contains(QStringLiteral("cluster-2")));
        QVERIFY2(textOf("failoverEmpty").contains(QStringLiteral("could be read")), qPrintable(textOf("failoverEmpty")));
    }

    void aPathSaysWhereItStops()
    {
        open();
        const truth::RequestPath path = stoppedPath();
        m_place->showObject(QStringLiteral("why"));
        m_place->whyPanel()->showPath(path);
        QCOMPARE(test::part<StateBadge>(*m_place, "whyState")->word(), QStringLiteral("does not arrive"));
        QVERIFY(test::part<QWidget>(*m_place, "hop-gateway-in")->findChild<StateBadge *>()->word() == u"stops here");
        QVERIFY(test::part<QWidget>(*m_place, "hop-gateway-out")->findChild<StateBadge *>()->word() == u"none");
        QVERIFY(textOf("hop-gateway-in").contains(QStringLiteral("Gateway istio-system/cross")));
        QVERIFY(textOf("hop-pod").contains(QStringLiteral("an answer")));
        test::click(*m_place, "copyWhy");
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("stops here")));
    }

    void pictures()
    {
        // Kept when asked for: CATAMARAN_PICTURES=DIR. The test is that drawing warns of nothing in either scheme.
        const QString folder = qEnvironmentVariable("CATAMARAN_PICTURES");
        auto judgement = judged(several());
        findings::FailoverVerdict no;
        no.service = QStringLiteral("shop/cart");
        no.from = QStringLiteral("cluster-1");
        no.answer = findings::Answer::No;
        no.sentence = QStringLiteral("No: there is no outlier detection.");
        no.conditions = { { QStringLiteral("there is no outlier detection"), false, true, QStringLiteral("Set outlierDetection."),
                              { QStringLiteral("no DestinationRule"), QStringLiteral("GET destinationrules on cluster-1"), noon } },
            { QStringLiteral("clients in shop have a sidecar"), true, true, {}, {} },
            { QStringLiteral("nodes say no region: clients use all clusters alike"), false, false, QStringLiteral("Label the nodes."),
                {} } };
        no.mend = several().first().mend;
        judgement->failover = { no };
        for (const Scheme scheme : { Scheme::Light, Scheme::Dark }) {
            applyTheme(*qApp, scheme);
            for (const QSize size : { QSize(940, 600), QSize(1350, 800) }) {
                open();
                m_place->resize(size);
                m_place->setJudgement(judgement, true);
                m_place->whyPanel()->showPath(stoppedPath());
                for (const QString &stop : m_place->tourStops()) {
                    m_place->showObject(stop);
                    QCoreApplication::processEvents(); // lay out what has just been shown
                    const QPixmap picture = m_place->grab();
                    QVERIFY(!picture.isNull());
                    if (!folder.isEmpty())
                        QVERIFY(picture.save(QStringLiteral("%1/%2-%3-%4.png").arg(folder, stop, schemeName(scheme)).arg(size.width())));
                }
            }
        }
        applyTheme(*qApp, Scheme::Light);
    }

    void onARangeItIsAcceptedMendedAndExplained();
};

void FindingsPlaceTest::onARangeItIsAcceptedMendedAndExplained()
{
    if (tests::LabProcess::program().isEmpty())
        QSKIP("there is no practice range");
    tests::LabProcess lab;
    QVERIFY2(lab.start({ QStringLiteral("--create-delay"), QStringLiteral("100"), QStringLiteral("--update-delay"), QStringLiteral("50") }),
        qPrintable(lab.errorText()));
    open();
    m_services->openEnvironment(lab.environmentFile());
    QTRY_VERIFY(m_services->session());
    QVERIFY(test::part<EmptyState>(*m_place, "findingsUnread")->isVisible() || m_services->findings()->judgement());
    const auto fleet = documents::loadFleet(tests::sourceFile(QStringLiteral("resources/fleets/two-meshes.yaml")));
    QVERIFY(fleet);
    fleet::CarryOutOptions options;
    options.purpose = QStringLiteral("apply");
    options.name = QStringLiteral("two-meshes");
    options.databaseFile = m_folder.filePath(QStringLiteral("test.db"));
    const auto applied = tests::applyFleet(*fleet, *m_services->session(), options);
    QVERIFY2(applied, qPrintable(applied ? QString() : applied.error().text()));
    m_services->findings()->setPace(std::chrono::milliseconds(100));

    // Both sides of the service are scaled to none: found without a word from us, for the fleet has changed.
    ops::Plan breaking;
    for (const auto &[cluster, name] : { std::pair { "cluster-1", "helloworld-v1" }, std::pair { "cluster-2", "helloworld-v2" } })
        breaking.steps.append({ QStringLiteral("break-") + QLatin1String(cluster), {}, {},
            { QStringLiteral("kube.scale"),
                { { QStringLiteral("cluster"), QLatin1String(cluster) }, { QStringLiteral("namespace"), QStringLiteral("default") },
                    { QStringLiteral("name"), QLatin1String(name) }, { QStringLiteral("replicas"), 0 } } } });
    options.purpose = QStringLiteral("break");
    const auto broken = tests::carriedOut(breaking, *m_services->session(), options);
    QVERIFY2(broken.complete, qPrintable(broken.error ? broken.error->text() : QString()));
    const auto indexOf = [&](const char *rule, const QString &cluster) {
        for (int row = 0; row < table()->model()->rowCount(); ++row)
            if (table()->model()->index(row, 0).data(FindingsModel::SearchRole).toString().contains(QLatin1String(rule))
                && cell(row, FindingsModel::WhereColumn).startsWith(cluster))
                return row;
        return -1;
    };
    const QString one = QStringLiteral("cluster-1"), two = QStringLiteral("cluster-2");
    QTRY_VERIFY(indexOf("workload.no-endpoints", one) >= 0 && indexOf("workload.no-endpoints", two) >= 0);

    // Accepted by hand: it stays, says so, and is in the file that catamaranctl reads.
    table()->setFocus();
    table()->setCurrentIndex(table()->model()->index(indexOf("workload.no-endpoints", two), 0));
    test::press(*m_place, Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    auto *accepting = test::part<QDialog>(*m_place, "acceptDialog");
    QVERIFY(!test::part<QPushButton>(*accepting, "acceptConfirm")->isEnabled()); // not without a reason
    QTest::keyClicks(test::part<QLineEdit>(*accepting, "acceptReason"), QStringLiteral("night"));
    QTest::keyClick(test::part<QLineEdit>(*accepting, "acceptReason"), Qt::Key_Return);
    QTRY_COMPARE(cell(indexOf("workload.no-endpoints", two), FindingsModel::StateColumn), QStringLiteral("accepted"));
    const auto kept = findings::loadAcceptances(m_services->session()->environment());
    QVERIFY(kept && kept->size() == 1 && kept->first().accepted.reason == u"night");
    table()->setCurrentIndex(table()->model()->index(indexOf("workload.no-endpoints", two), 0));
    test::click(*m_place, "takeBackAcceptanceButton");
    QTRY_COMPARE(cell(indexOf("workload.no-endpoints", two), FindingsModel::StateColumn), QStringLiteral("failed"));

    // Mended: the plan is shown, nothing happens before it is agreed to, and the facts take the finding away.
    table()->setCurrentIndex(table()->model()->index(indexOf("workload.no-endpoints", two), 0));
    QTRY_VERIFY(test::part<QToolButton>(*m_place, "mendFindingButton")->isEnabled());
    test::click(*m_place, "mendFindingButton");
    QVERIFY2(
        m_place->findChild<QDialog *>(QStringLiteral("mendDialog")), qPrintable(test::part<ErrorBanner>(*m_place, "findingsNote")->text()));
    auto *asking = test::part<QDialog>(*m_place, "mendDialog");
    QTest::keyClick(asking, Qt::Key_Escape);
    QCOMPARE(tests::wantedReplicas(*m_services->session(), two, QStringLiteral("helloworld-v2")), 0);
    QTRY_VERIFY(!m_place->findChild<QDialog *>(QStringLiteral("mendDialog")));
    m_place->activateWindow(); // the offscreen platform does not when a dialog goes
    QVERIFY(QTest::qWaitForWindowActive(m_place.get()));
    table()->setFocus();
    test::press(*m_place, Qt::Key_M, Qt::ControlModifier);
    QTRY_VERIFY(m_place->findChild<QDialog *>(QStringLiteral("mendDialog")));
    test::click(*test::part<QDialog>(*m_place, "mendDialog"), "planConfirm");
    QTRY_VERIFY(indexOf("workload.no-endpoints", two) < 0);
    QCOMPARE(tests::wantedReplicas(*m_services->session(), two, QStringLiteral("helloworld-v2")), 1);
    QTRY_VERIFY(test::part<ErrorBanner>(*m_place, "findingsNote")->text().contains(QStringLiteral("every step is done")));

    // A gateway stops: the way of one request says where.
    QVERIFY(lab.ctl({ QStringLiteral("stop"), QStringLiteral("gateway"), two }).ok());
    m_services->explainRequest(
        { one, QStringLiteral("default"), QStringLiteral("sleep"), QStringLiteral("http://helloworld:5000/hello"), two });
    QTRY_COMPARE(test::part<StateBadge>(*m_place, "whyState")->word(), QStringLiteral("does not arrive"));
    QCOMPARE(test::part<QWidget>(*m_place, "hop-gateway-in")->findChild<StateBadge *>()->word(), QStringLiteral("stops here"));

    // An API server goes: what could not be asked is counted, and nothing of it looks well.
    QVERIFY(lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), two }).ok());
    m_place->showObject(two);
    QTRY_VERIFY(indexOf("cluster.unreachable", two) >= 0);
    m_services->findings()->refresh();
    QTRY_VERIFY(!m_services->findings()->isReading());
    QVERIFY(m_services->findings()->judgement()->counts().open() > 0);
}

QTEST_MAIN(FindingsPlaceTest)
#include "tst_findingsplace.moc"
