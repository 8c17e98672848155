// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/stopsignals.h"
#include "documents/fleetdocument.h"
#include "support/labprocess.h"
#include "support/paths.h"
#include "support/rangesession.h"
#include "ui/drills/drillsplace.h"
#include "ui/drills/drillview.h"
#include "ui/drills/losethis.h"
#include "ui/person.h"

#include <QComboBox>
#include <QDialog>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace catamaran;
using namespace catamaran::ui;

/// A drill as a user runs it, on a real range: what is on the screen and what happened in the cluster.
class DrillsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void aDrillRunsShowsTheFaultAndRestores();
    void aTemplateIsFilledInAndPrepared();
    void whatIsToBeLostIsFilledIn_data();
    void whatIsToBeLostIsFilledIn();
    void stopAndRestoreEndsADrillInTheMiddle();
    void aSignalEndsADrillInTheMiddle_data();
    void aSignalEndsADrillInTheMiddle();

private:
    int replicas() { return tests::wantedReplicas(*m_services->session(), QStringLiteral("cluster-1"), QStringLiteral("helloworld-v1")); }
    void prepare(DrillsPlace &place)
    {
        place.resize(1200, 900);
        place.show();
        auto *open = place.findChild<QPushButton *>(QStringLiteral("openDrill-workload-failover"));
        QVERIFY(open);
        open->setFocus();
        QTest::keyClick(open, Qt::Key_Space);
        QVERIFY(place.view()->state() == DrillView::State::Before);
    }

    /// Starts the drill; its fault is in place.
    void breakIt(DrillsPlace &place)
    {
        prepare(place);
        QSignalSpy marked(m_services.get(), &Services::faultMarked);
        auto *start = place.findChild<QPushButton *>(QStringLiteral("startDrill"));
        QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), 30000);
        QTest::mouseClick(start, Qt::LeftButton);
        QTRY_VERIFY2_WITH_TIMEOUT(!marked.isEmpty(), qPrintable(place.view()->result().reason), 60000);
    }

    QTemporaryDir m_home;
    std::unique_ptr<tests::LabProcess> m_lab;
    std::unique_ptr<Services> m_services;
};

void DrillsTest::initTestCase()
{
    if (tests::LabProcess::program().isEmpty())
        QSKIP("no catamaran-lab here");
    m_lab = std::make_unique<tests::LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->errorText()));
    const auto database = store::Database::open(m_home.filePath(QStringLiteral("c.db")));
    QVERIFY(database);
    m_services = std::make_unique<Services>((*database)->file(), store::makeMemorySecretStore());
    QSignalSpy opened(m_services.get(), &Services::sessionChanged);
    m_services->openEnvironment(m_lab->environmentFile());
    QVERIFY(opened.wait(20000));
    const auto fleet = documents::loadFleet(tests::sourceFile(QStringLiteral("resources/fleets/two-meshes.yaml")));
    QVERIFY(fleet);
    fleet::CarryOutOptions options;
    options.purpose = QStringLiteral("apply");
    options.databaseFile = (*database)->file();
    const auto applied = tests::applyFleet(*fleet, *m_services->session(), options);
    QVERIFY2(applied, applied ? "" : qPrintable(applied.error().text()));
}

void DrillsTest::aDrillRunsShowsTheFaultAndRestores()
{
    DrillsPlace place(*m_services);
    const QString resultStop = QStringLiteral("drills-result");
    QVERIFY(!place.tourStops().contains(resultStop)); // there is no result to take a picture of
    prepare(place);
    QSignalSpy marked(m_services.get(), &Services::faultMarked);
    QSignalSpy traffic(m_services.get(), &Services::trafficSeen);
    auto *start = place.findChild<QPushButton *>(QStringLiteral("startDrill"));
    QTRY_VERIFY(start->isEnabled());
    start->setFocus();
    QTest::keyClick(start, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(!marked.isEmpty(), 60000);
    QTRY_COMPARE_WITH_TIMEOUT(replicas(), 0, 20000);
    QTRY_VERIFY_WITH_TIMEOUT(place.view()->state() == DrillView::State::After, 90000);
    QCOMPARE(replicas(), 1);
    const auto &result = place.view()->result();
    QVERIFY2(result.verdict == drill::Verdict::Pass, qPrintable(result.reason));
    QVERIFY(result.restored);
    const auto failed = std::count_if(result.samples.begin(), result.samples.end(), [](const auto &sample) { return !sample.ok(); });
    QCOMPARE(result.measurement.failed, int(failed));
    QVERIFY(!traffic.isEmpty());
    auto *history = place.findChild<QTableView *>(QStringLiteral("drillHistory"));
    QTRY_COMPARE(history->model()->rowCount(), 1);

    // The report, as handed on.
    const QString html = m_home.filePath(QStringLiteral("report.html")), json = m_home.filePath(QStringLiteral("report.JSON")),
                  junit = m_home.filePath(QStringLiteral("report.xml"));
    for (const QString &file : { html, json, junit }) {
        test::click(place, "exportDrill");
        test::saveAs(place, file);
        QTRY_VERIFY2(QFile::exists(file), qPrintable(file));
        QTRY_VERIFY(!place.findChild<QFileDialog *>());
    }
    QFile page(html), document(json), cases(junit);
    QVERIFY(page.open(QIODevice::ReadOnly) && document.open(QIODevice::ReadOnly) && cases.open(QIODevice::ReadOnly));
    QVERIFY(cases.readAll().contains("<testsuites name=\"workload-failover\""));
    QVERIFY(page.readAll().contains(result.drill.title.toUtf8()));
    const QJsonObject read = QJsonDocument::fromJson(document.readAll()).object();
    QCOMPARE(read.value(QLatin1String("verdict")).toString(), QStringLiteral("pass"));
    QCOMPARE(read.value(QLatin1String("requests")).toInt(), int(result.samples.size()));

    QVERIFY(place.tourStops().contains(resultStop));
    place.showTourStop(QStringLiteral("drills"));
    QVERIFY(!place.view()->isVisible());
    place.showTourStop(resultStop);
    QTRY_VERIFY(place.view()->isVisible() && place.view()->state() == DrillView::State::After);
    QCOMPARE(place.view()->result().samples.size(), read.value(QLatin1String("requests")).toInt()); // read whole
}

void DrillsTest::whatIsToBeLostIsFilledIn_data()
{
    QTest::addColumn<QString>("object");
    QTest::addColumn<QString>("drill");
    QTest::addColumn<QString>("parameter");
    QTest::addColumn<QString>("value");
    const QString cluster = QStringLiteral("cluster"), two = QStringLiteral("cluster-2");
    QTest::newRow("a workload") << QStringLiteral("workload:cluster-2/default/helloworld-v2") << QStringLiteral("lose-workload")
                                << QStringLiteral("target") << QStringLiteral("cluster-2/default/helloworld-v2");
    QTest::newRow("a gateway") << QStringLiteral("gateway:cluster-2") << QStringLiteral("lose-gateway") << cluster << two;
    QTest::newRow("a direction") << QStringLiteral("link:cluster-1>cluster-2") << QStringLiteral("lose-gateway") << cluster << two;
    QTest::newRow("a mesh that the cloud runs") << QStringLiteral("mesh:mesh-2") << QString() << QString() << QString();
    QTest::newRow("a cluster without a control plane of its own")
        << QStringLiteral("cluster:cluster-2") << QString() << QString() << QString();
    QTest::newRow("a gateway that is not there") << QStringLiteral("gateway:nowhere") << QString() << QString() << QString();
    QTest::newRow("the root cannot be lost") << QStringLiteral("root") << QString() << QString() << QString();
    QTest::newRow("a cluster that is not there") << QStringLiteral("cluster:nowhere") << QString() << QString() << QString();
}

void DrillsTest::whatIsToBeLostIsFilledIn()
{
    QFETCH(QString, object);
    QFETCH(QString, drill);
    QFETCH(QString, parameter);
    addLoseThis(*m_services);
    DrillsPlace place(*m_services);
    place.show();
    connect(
        m_services.get(), &Services::placeRequested, &place, [&place](const QString &, const QString &what) { place.showObject(what); });
    QTRY_VERIFY_WITH_TIMEOUT(m_services->live()->view().managingMesh(QStringLiteral("cluster-2")) == QLatin1String("mesh-2"), 30000);
    QCOMPARE(m_services->objectActions().run(QStringLiteral("lose"), object), !drill.isEmpty());
    const auto *form = place.window()->findChild<QDialog *>(QStringLiteral("templateForm"));
    QCOMPARE(form != nullptr, !drill.isEmpty());
    if (!form)
        return;
    const auto templates = drill::builtinTemplates();
    const auto wanted
        = std::find_if(templates.cbegin(), templates.cend(), [&](const drill::DrillTemplate &one) { return one.id == drill; });
    QVERIFY(wanted != templates.cend());
    QCOMPARE(form->findChild<QComboBox *>(QStringLiteral("drillTemplate"))->currentText(), wanted->title);
    QTEST(form->findChild<QComboBox *>(QStringLiteral("parameter-") + parameter)->currentText(), "value");
}

void DrillsTest::aTemplateIsFilledInAndPrepared()
{
    DrillsPlace place(*m_services);
    place.resize(1200, 900);
    place.show();
    test::click(place, "drillFromTemplate");
    auto *form = test::part<QDialog>(place, "templateForm");
    QVERIFY(QTest::qWaitForWindowExposed(form));
    for (const QLabel *label : form->findChildren<QLabel *>()) {
        QVERIFY2(!label->text().contains(QLatin1StringView("$(")), qPrintable(label->text()));
        QVERIFY2(!label->isVisible() || label->height() >= label->heightForWidth(label->width()), qPrintable(label->text())); // read whole
    }
    test::click(*form, "takeTemplate");
    QVERIFY(form->isVisible()); // it says what is to be given
    const QMap<QString, QString> values { { QStringLiteral("client"), QStringLiteral("cluster-1/default/sleep") },
        { QStringLiteral("target"), QStringLiteral("cluster-1/default/helloworld-v1") },
        { QStringLiteral("url"), QStringLiteral("http://helloworld:5000/hello") } };
    for (auto it = values.cbegin(); it != values.cend(); ++it) {
        auto *value = form->findChild<QComboBox *>(QStringLiteral("parameter-") + it.key());
        QVERIFY2(value, qPrintable(it.key()));
        value->lineEdit()->selectAll();
        QTest::keyClicks(value->lineEdit(), it.value());
    }
    test::click(*form, "takeTemplate");
    QTRY_VERIFY(place.view()->isVisible() && place.view()->state() == DrillView::State::Before);
    bool isTold = false;
    for (const QLabel *label : place.view()->findChildren<QLabel *>())
        isTold = isTold || label->text().contains(QStringLiteral("helloworld-v1 in cluster-1 goes to 0 replicas"));
    QVERIFY(isTold);
}

void DrillsTest::stopAndRestoreEndsADrillInTheMiddle()
{
    DrillsPlace place(*m_services);
    breakIt(place);
    if (QTest::currentTestFailed())
        return;
    QVERIFY(m_services->drill() && m_services->drill()->isBroken); // the window says so in every place
    QTest::keyClick(place.view(), Qt::Key_Escape);
    QTest::keyClick(place.view(), Qt::Key_Escape);
    QTRY_VERIFY_WITH_TIMEOUT(place.view()->state() == DrillView::State::After, 60000);
    QVERIFY(!m_services->drill());
    QVERIFY(place.view()->result().verdict == drill::Verdict::Aborted);
    QVERIFY(place.view()->result().restored);
    QCOMPARE(replicas(), 1);
}

void DrillsTest::aSignalEndsADrillInTheMiddle_data()
{
    QTest::addColumn<int>("number");
    QTest::newRow("the end of the terminal") << SIGHUP;
    QTest::newRow("the end of the desktop session") << SIGTERM;
    QTest::newRow("Ctrl-C") << SIGINT;
}

void DrillsTest::aSignalEndsADrillInTheMiddle()
{
    QFETCH(int, number);
    const core::StopSignals stopSignals([this] { m_services->stopOperations(); }); // as the program does
    DrillsPlace place(*m_services);
    breakIt(place);
    if (QTest::currentTestFailed())
        return;
    QCOMPARE(::raise(number), 0);
    QTRY_VERIFY_WITH_TIMEOUT(!m_services->hasOperations(), 60000);
    QTRY_VERIFY(place.view()->state() == DrillView::State::After);
    QVERIFY(place.view()->result().verdict == drill::Verdict::Aborted);
    QVERIFY(place.view()->result().restored);
    QCOMPARE(replicas(), 1);
}

QTEST_MAIN(DrillsTest)
#include "tst_drills.moc"
