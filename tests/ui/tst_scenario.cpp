// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "support/chance.h"
#include "support/labprocess.h"
#include "support/rangesession.h"
#include "ui/activity/activitymodel.h"
#include "ui/common/errorbanner.h"
#include "ui/common/look.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"
#include "ui/matrix/matrixmodel.h"
#include "ui/matrix/matrixplace.h"
#include "ui/operations/planview.h"
#include "ui/person.h"
#include "ui/setup/setupplace.h"
#include "ui/shell/firststart.h"
#include "ui/shell/mainwindow.h"
#include "ui/topology/objectid.h"
#include "ui/topology/topologyplace.h"
#include "ui/verify/verifyplace.h"

#include <QComboBox>
#include <QDialog>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace catamaran;
using namespace catamaran::test;

/// The whole console as a person uses it for the first time: from the first screen over a set-up fleet to a client that
/// was moved and still gets its answers, with keys and mouse alone. What the screens say is compared with the servers.
class ScenarioTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void fromTheFirstStartToAMovedClient();
    void cleanupTestCase();

private:
    void startTheRange();
    void walkTheSetupToThePlan();
    void applyThePlan();
    void nothingIsProvenYet();
    void oneDirectionIsProven();
    void readTenAnswers();
    void verifyFromTheFirstCluster();
    void moveTheClient();
    void verifyFromTheSecondCluster();
    void aCutBetweenTheNetworksTurnsRedAndBack();
    void lookAtTheMap();
    void readTheJournal();

    /// What the tool bar says of the directions, and whether it shows the check mark.
    QString readiness() { return part<QToolButton>(*m_window, "readiness")->text(); }
    bool hasCheckMark() { return part<QToolButton>(*m_window, "readiness")->property("look").toInt() == int(ui::Look::Ok); }
    /// `catamaran-lab ctl` on the range that the window has started.
    void ctl(const QStringList &words)
    {
        QProcess lab;
        lab.start(tests::LabProcess::program(),
            QStringList { QStringLiteral("ctl"), QStringLiteral("--dir"), QFileInfo(m_services->session()->environment().file).path() }
                + words);
        QVERIFY(lab.waitForFinished());
        QVERIFY2(lab.exitCode() == 0, lab.readAllStandardError().constData());
    }

    /// Of the map and the matrix, where CATAMARAN_PICTURES names a folder; CATAMARAN_SCHEME=dark for the other colours.
    void pictures(const QString &name)
    {
        const QString folder = qEnvironmentVariable("CATAMARAN_PICTURES");
        if (folder.isEmpty())
            return;
        const QString before = m_window->currentPlace();
        for (const QString &id : { QStringLiteral("topology"), QStringLiteral("matrix"), before }) {
            m_window->showPlace(id);
            QCoreApplication::processEvents(); // lay it out
            QVERIFY(m_window->grab().save(QStringLiteral("%1/%2-%3-%4.png")
                                              .arg(folder, name, id, qEnvironmentVariable("CATAMARAN_SCHEME", QStringLiteral("light")))));
        }
    }
    void verifySixty(const QString &sourceCluster);
    /// Of namespace default, from the API server; -1: it is not there.
    int replicas(const QString &cluster, const QString &deployment)
    {
        return tests::wantedReplicas(*m_services->session(), cluster, deployment);
    }
    template <typename T> T *place(const char *id) { return qobject_cast<T *>(m_window->place(QLatin1String(id))); }

    QTemporaryDir m_folder;
    std::unique_ptr<ui::Services> m_services;
    std::unique_ptr<ui::MainWindow> m_window;
    QStringList m_planned; ///< titles of the plan's steps, as shown
};

void ScenarioTest::initTestCase()
{
    if (tests::LabProcess::program().isEmpty())
        QSKIP("catamaran-lab has not been built");
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)"))); // the offscreen platform's own
    QCoreApplication::setOrganizationName(QStringLiteral("CatamaranTest"));
    QCoreApplication::setApplicationName(QStringLiteral("scenario"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
    qputenv("XDG_DATA_HOME", m_folder.path().toUtf8());
    const auto database = store::Database::open(m_folder.filePath(QStringLiteral("catamaran.db")));
    QVERIFY2(database.has_value(), database ? "" : qPrintable(database.error().text()));
    m_services = std::make_unique<ui::Services>((*database)->file(), store::makeMemorySecretStore());
    m_services->setRangeProgram(tests::LabProcess::program());
    const auto scheme = qEnvironmentVariable("CATAMARAN_SCHEME") == QLatin1String("dark") ? ui::Scheme::Dark : ui::Scheme::Light;
    ui::applyTheme(*qApp, scheme);
    m_window = std::make_unique<ui::MainWindow>(*m_services, scheme);
    m_window->resize(1280, 820);
    m_window->show();
    m_window->activateWindow(); // shortcuts belong to the active window
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void ScenarioTest::fromTheFirstStartToAMovedClient()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    for (const auto step : { &ScenarioTest::startTheRange, &ScenarioTest::walkTheSetupToThePlan, &ScenarioTest::applyThePlan,
             &ScenarioTest::nothingIsProvenYet, &ScenarioTest::readTenAnswers, &ScenarioTest::verifyFromTheFirstCluster,
             &ScenarioTest::oneDirectionIsProven, &ScenarioTest::moveTheClient, &ScenarioTest::verifyFromTheSecondCluster,
             &ScenarioTest::aCutBetweenTheNetworksTurnsRedAndBack, &ScenarioTest::lookAtTheMap, &ScenarioTest::readTheJournal }) {
        (this->*step)();
        if (QTest::currentTestFailed())
            return;
    }
}

void ScenarioTest::cleanupTestCase()
{
    m_window.reset();
    m_services.reset();
}

void ScenarioTest::startTheRange()
{
    QVERIFY(m_window->firstStart()->isVisible());
    QSignalSpy failed(m_services.get(), &ui::Services::openFailed);
    click(*m_window, "rangeCardButton");
    QTRY_VERIFY_WITH_TIMEOUT(m_services->session() || !failed.isEmpty(), 40000);
    QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed.first().first().value<core::Error>().text()));
    QVERIFY(!m_window->firstStart()->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(m_services->live()->fleet().clusters.size(), 2, 20000);
    QCOMPARE(replicas(QStringLiteral("cluster-1"), QStringLiteral("sleep")), -1); // nothing is set up yet
}

void ScenarioTest::walkTheSetupToThePlan()
{
    press(*m_window, Qt::Key_2, Qt::ControlModifier);
    QCOMPARE(m_window->currentPlace(), QStringLiteral("setup"));
    auto *setup = place<ui::SetupPlace>("setup");
    auto *next = part<QPushButton>(*setup, "next");
    QVERIFY(setup->isVisible());
    for (const ui::SetupStep page : { ui::SetupStep::Environment, ui::SetupStep::Clusters, ui::SetupStep::Meshes,
             ui::SetupStep::Memberships, ui::SetupStep::Networks, ui::SetupStep::Sample }) {
        QTRY_VERIFY2(setup->step() == page, qPrintable(QString::number(int(setup->step()))));
        QTRY_VERIFY_WITH_TIMEOUT(next->isEnabled(), 20000);
        if (page == ui::SetupStep::Clusters) {
            auto *clusters = part<QTableWidget>(*setup, "clusters");
            QCOMPARE(clusters->rowCount(), 2);
            QTRY_VERIFY_WITH_TIMEOUT(clusters->item(1, 1)->text().contains(QStringLiteral("answers")), 15000);
        } else if (page == ui::SetupStep::Memberships) {
            QCOMPARE(part<QComboBox>(*setup, "mode-mesh-1-cluster-1")->currentText(), QStringLiteral("managed"));
            QCOMPARE(part<QComboBox>(*setup, "mode-mesh-1-cluster-2")->currentText(), QStringLiteral("discovery-only"));
        }
        press(*m_window, Qt::Key_PageDown, Qt::ControlModifier);
    }
    QTRY_VERIFY(setup->step() == ui::SetupStep::Plan);
    QTRY_VERIFY_WITH_TIMEOUT(next->isEnabled(), 30000);
    auto *summary = part<QLabel>(*setup, "planSummary");
    int rows = 0;
    for (const auto *view : setup->findChildren<ui::PlanView *>()) {
        for (const ops::DescribedStep &one : view->steps())
            if (view->isVisible())
                m_planned << one.words.title;
        rows += view->isVisible() ? view->model()->rowCount() : 0;
    }
    QVERIFY2(
        summary->isVisible() && summary->text().contains(QStringLiteral("%1 steps").arg(m_planned.size())), qPrintable(summary->text()));
    // One row for the objects of a workload: as many as the guide has steps.
    QVERIFY2(rows >= 15 && rows <= 19 && m_planned.size() > rows,
        qPrintable(QStringLiteral("%1 rows for %2 steps").arg(rows).arg(m_planned.size())));
    QCOMPARE(replicas(QStringLiteral("cluster-1"), QStringLiteral("sleep")), -1); // a plan changes nothing
}

void ScenarioTest::applyThePlan()
{
    auto *setup = place<ui::SetupPlace>("setup");
    press(*m_window, Qt::Key_PageDown, Qt::ControlModifier);
    QTRY_VERIFY(setup->step() == ui::SetupStep::Apply);
    QSignalSpy operations(m_services.get(), &ui::Services::operationEnded);
    press(*m_window, Qt::Key_Return, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(operations.count() == 1, 180000);
    QVERIFY2(operations.first().at(2).toBool(), qPrintable(operations.first().at(1).toString()));
    QTRY_VERIFY(part<QPushButton>(*setup, "next")->isEnabled());
    QCOMPARE(replicas(QStringLiteral("cluster-1"), QStringLiteral("sleep")), 1);
    QCOMPARE(replicas(QStringLiteral("cluster-1"), QStringLiteral("helloworld-v1")), 1);
    QCOMPARE(replicas(QStringLiteral("cluster-1"), QStringLiteral("helloworld-v2")), -1);
    QCOMPARE(replicas(QStringLiteral("cluster-2"), QStringLiteral("helloworld-v2")), 1);
    QCOMPARE(replicas(QStringLiteral("cluster-2"), QStringLiteral("sleep")), -1);
}

void ScenarioTest::nothingIsProvenYet()
{
    // All is set up, every account says that all is well, and no request was sent.
    QTRY_VERIFY2_WITH_TIMEOUT(readiness().startsWith(QStringLiteral("0 of 2 direction")), qPrintable(readiness()), 20000);
    QVERIFY(part<QToolButton>(*m_window, "readiness")->isVisible());
    QVERIFY(!hasCheckMark());
    auto *map = place<ui::TopologyPlace>("topology")->map();
    QTRY_VERIFY_WITH_TIMEOUT(map->link(QStringLiteral("cross:cluster-1>cluster-2")), 20000);
    for (const ui::LinkPath &link : map->fleetLayout().links)
        QVERIFY2(map->link(link.id)->look() != ui::Look::Ok, qPrintable(link.id));
    pictures(QStringLiteral("unproven"));
}

void ScenarioTest::oneDirectionIsProven()
{
    QTRY_VERIFY2_WITH_TIMEOUT(readiness().startsWith(QStringLiteral("1 of 2 direction")), qPrintable(readiness()), 20000);
    QVERIFY(!hasCheckMark()); // the other one is not
    auto *verify = place<ui::VerifyPlace>("verify");
    const auto *said = part<QLabel>(*verify, "directions");
    QTRY_VERIFY2(said->isVisible() && said->text().contains(QStringLiteral("cluster-1 → cluster-2: proven")), qPrintable(said->text()));
    QTest::mouseClick(part<QToolButton>(*m_window, "readiness"), Qt::LeftButton);
    QCOMPARE(m_window->currentPlace(), QStringLiteral("matrix"));
    const auto *model = place<ui::MatrixPlace>("matrix")->model();
    QCOMPARE(model->indexOf({ QStringLiteral("cluster-1"), QStringLiteral("cluster-2") }).data().toString(), QStringLiteral("proven"));
    QVERIFY(model->indexOf({ QStringLiteral("cluster-2"), QStringLiteral("cluster-1") }).data().toString() != QStringLiteral("proven"));
    pictures(QStringLiteral("one-proven"));
    press(*m_window, Qt::Key_3, Qt::ControlModifier);
    pictures(QStringLiteral("verify"));
}

void ScenarioTest::readTenAnswers()
{
    auto *setup = place<ui::SetupPlace>("setup");
    press(*m_window, Qt::Key_PageDown, Qt::ControlModifier);
    QTRY_VERIFY(setup->step() == ui::SetupStep::Answers);
    auto *answers = part<QPlainTextEdit>(*setup, "firstAnswers");
    const auto both = [answers] {
        const QString text = answers->toPlainText();
        return text.contains(QStringLiteral("version: v1,")) && text.contains(QStringLiteral("version: v2,"));
    };
    auto *again = part<QPushButton>(*setup, "sendTen");
    // All ten from one version is chance in one of 512 runs; four times in a row, 1.5e-11.
    for (int round = 0; round < 4 && !both(); ++round) {
        if (round > 0) {
            QTRY_VERIFY(again->isEnabled());
            QTest::mouseClick(again, Qt::LeftButton);
        }
        QTRY_COMPARE_WITH_TIMEOUT(answers->toPlainText().count(QStringLiteral("Hello version: ")), 10, 60000);
    }
    QVERIFY2(both(), qPrintable(answers->toPlainText()));
    const auto *sentence = part<QLabel>(*setup, "answersSentence");
    QTRY_VERIFY2_WITH_TIMEOUT(
        sentence->text().contains(QStringLiteral("both versions answer, as expected")), qPrintable(sentence->text()), 30000);
}

void ScenarioTest::verifyFromTheFirstCluster()
{
    press(*m_window, Qt::Key_3, Qt::ControlModifier);
    QCOMPARE(m_window->currentPlace(), QStringLiteral("verify"));
    auto *verify = place<ui::VerifyPlace>("verify");
    QTRY_VERIFY_WITH_TIMEOUT(part<QPushButton>(*verify, "start")->isEnabled(), 20000);
    retype(*verify, "count", QStringLiteral("60"));
    verifySixty(QStringLiteral("cluster-1"));
}

void ScenarioTest::moveTheClient()
{
    auto *verify = place<ui::VerifyPlace>("verify");
    auto *move = part<QPushButton>(*verify, "moveClient");
    QTRY_VERIFY_WITH_TIMEOUT(move->isVisible() && move->isEnabled(), 20000);
    QTest::mouseClick(move, Qt::LeftButton);
    auto *dialog = part<QDialog>(*verify, "planDialog");
    QTRY_VERIFY(dialog->isVisible());
    QCOMPARE(replicas(QStringLiteral("cluster-1"), QStringLiteral("sleep")), 1); // asked, not done
    QSignalSpy operations(m_services.get(), &ui::Services::operationEnded);
    QTest::keyClick(dialog, Qt::Key_Return); // its default button
    m_window->activateWindow(); // what a window manager does when a dialog closes
    QTRY_VERIFY_WITH_TIMEOUT(operations.count() == 1, 60000);
    QVERIFY2(operations.first().at(2).toBool(), qPrintable(operations.first().at(1).toString()));
    QCOMPARE(replicas(QStringLiteral("cluster-1"), QStringLiteral("sleep")), 0);
    QCOMPARE(replicas(QStringLiteral("cluster-2"), QStringLiteral("sleep")), 1);
    QTRY_COMPARE_WITH_TIMEOUT(part<QComboBox>(*verify, "sourceCluster")->currentText(), QStringLiteral("cluster-2"), 20000);
    QTRY_COMPARE_WITH_TIMEOUT(part<QComboBox>(*verify, "sourceWorkload")->currentText(), QStringLiteral("sleep"), 20000);
}

void ScenarioTest::verifyFromTheSecondCluster()
{
    verifySixty(QStringLiteral("cluster-2"));
}

void ScenarioTest::verifySixty(const QString &sourceCluster)
{
    auto *verify = place<ui::VerifyPlace>("verify");
    QCOMPARE(part<QComboBox>(*verify, "sourceCluster")->currentText(), sourceCluster);
    QSignalSpy finished(verify, &ui::VerifyPlace::runFinished);
    QTRY_VERIFY(m_window->isActiveWindow()); // again, after a dialog
    press(*verify, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(verify->isRunning());
    QVERIFY(finished.wait(60000));
    QCOMPARE(verify->series().requests(), 60);
    QCOMPARE(verify->series().errors(), 0);
    for (const QString &version : { QStringLiteral("v1"), QStringLiteral("v2") }) {
        const int answers = verify->series().versions().value(version);
        QVERIFY2(answers >= tests::fewestOfHalf(60), qPrintable(QStringLiteral("%1 answered %2 of 60").arg(version).arg(answers)));
    }
    auto *sentence = part<QLabel>(*verify, "sentence");
    QVERIFY(sentence->isVisible());
    // What to expect is read beside the run, which may be over before.
    QTRY_VERIFY2(sentence->text().contains(QStringLiteral("of 60: both versions answer, as expected")), qPrintable(sentence->text()));
    const auto *expectation = part<QLabel>(*verify, "expectation");
    QVERIFY2(expectation->isVisible()
            && expectation->text().startsWith(
                QStringLiteral("Expected: v1 50 %, v2 50 %. Ready endpoints: cluster-1: 1 × v1; cluster-2: 1 × v2")),
        qPrintable(expectation->text()));
}

/// With the client in the second cluster: its direction breaks, and is mended, while nobody does anything but look.
void ScenarioTest::aCutBetweenTheNetworksTurnsRedAndBack()
{
    press(*m_window, Qt::Key_6, Qt::ControlModifier);
    QCOMPARE(m_window->currentPlace(), QStringLiteral("matrix"));
    auto *matrix = place<ui::MatrixPlace>("matrix");
    const truth::Direction direction { QStringLiteral("cluster-2"), QStringLiteral("cluster-1") };
    const QString link = QStringLiteral("cross:cluster-2>cluster-1");
    auto *map = place<ui::TopologyPlace>("topology")->map();
    const auto state = [&] { return matrix->model()->indexOf(direction).data().toString(); };
    auto *news = part<ui::ErrorBanner>(*m_window, "directionNews");
    QVERIFY(!news->isVisible());
    click(*matrix, "keepProving");
    QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("proven"), 60000);
    QTRY_VERIFY(map->link(link)->look() == ui::Look::Ok);

    QElapsedTimer since;
    since.start();
    ctl({ QStringLiteral("partition"), QStringLiteral("network1"), QStringLiteral("network2") });
    QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("failed"), 120000);
    qInfo("cut, and seen after %lld ms", since.elapsed());
    QTRY_VERIFY(map->link(link)->look() == ui::Look::Failed);
    QTRY_VERIFY2(readiness().contains(QStringLiteral("1 failed")) && !hasCheckMark(), qPrintable(readiness()));
    QTRY_VERIFY2(news->isVisible() && news->text().contains(QStringLiteral("cluster-2 → cluster-1 broke")), qPrintable(news->text()));

    pictures(QStringLiteral("cut"));
    since.start();
    ctl({ QStringLiteral("heal"), QStringLiteral("network1"), QStringLiteral("network2") });
    QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("proven"), 120000);
    qInfo("healed, and seen after %lld ms", since.elapsed());
    QTRY_VERIFY(map->link(link)->look() == ui::Look::Ok);
    QTRY_VERIFY2(news->text().contains(QStringLiteral("proven again")), qPrintable(news->text()));
    click(*matrix, "keepProving");
    QVERIFY(!m_services->prover()->isKeepingProving());

    m_window->showPlace(QStringLiteral("activity"), QStringLiteral("directions"));
    const auto *log = part<QTableView>(*m_window, "directionLog");
    QTRY_COMPARE(log->model()->rowCount(), 2); // the newest first
    QCOMPARE(log->model()->index(0, 1).data().toString(), QStringLiteral("proven again"));
    QCOMPARE(log->model()->index(1, 1).data().toString(), QStringLiteral("broke"));
    pictures(QStringLiteral("healed"));
    m_window->showPlace(QStringLiteral("activity"), QStringLiteral("changes"));
}

void ScenarioTest::lookAtTheMap()
{
    press(*m_window, Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(m_window->currentPlace(), QStringLiteral("topology"));
    auto *topology = place<ui::TopologyPlace>("topology");
    QVERIFY(topology->map()->isVisible());
    const auto shown = [topology] {
        QStringList ids;
        for (const ui::NodeBox &box : topology->map()->fleetLayout().nodes)
            ids << box.id;
        return ids;
    };
    QStringList wanted { ui::objectid::root(),
        ui::objectid::workload(QStringLiteral("cluster-2"), QStringLiteral("default"), QStringLiteral("sleep")) };
    for (const QString &number : { QStringLiteral("1"), QStringLiteral("2") })
        wanted << ui::objectid::mesh(QStringLiteral("mesh-") + number) << ui::objectid::cluster(QStringLiteral("cluster-") + number)
               << ui::objectid::gateway(QStringLiteral("cluster-") + number);
    for (const QString &id : std::as_const(wanted))
        QTRY_VERIFY2_WITH_TIMEOUT(shown().contains(id), qPrintable(id + QStringLiteral(" is not among ") + shown().join(u' ')), 10000);
    for (const observe::Condition &trust : topology->map()->fleet().trust)
        QVERIFY2(trust.health == observe::Health::Ok, qPrintable(trust.reason));
}

void ScenarioTest::readTheJournal()
{
    press(*m_window, Qt::Key_5, Qt::ControlModifier);
    QCOMPARE(m_window->currentPlace(), QStringLiteral("activity"));
    auto *tree = part<QTreeView>(*m_window, "activities");
    QTRY_VERIFY(tree->isVisible());
    const auto *model = tree->model();
    QTRY_VERIFY(
        model->rowCount() > 0 && model->index(0, ui::ActivityModel::StateColumn).data().toString().contains(QStringLiteral("done")));
    QMap<QString, int> executions; // steps by title
    QSet<QString> changes;
    for (int row = 0; row < model->rowCount(); ++row) {
        const QModelIndex execution = model->index(row, 0);
        executions[execution.data().toString()] += model->rowCount(execution);
        QCOMPARE(model->index(row, ui::ActivityModel::StateColumn).data().toString(), QStringLiteral("✓ done"));
        for (int step = 0; step < model->rowCount(execution); ++step) {
            changes << model->index(step, ui::ActivityModel::WhatColumn, execution).data().toString();
            QCOMPARE(model->index(step, ui::ActivityModel::StateColumn, execution).data().toString(), QStringLiteral("✓ done"));
        }
    }
    QVERIFY2(executions.value(QStringLiteral("Move the client")) >= 2, qPrintable(executions.keys().join(u',')));
    for (const QString &title : std::as_const(m_planned))
        QVERIFY2(changes.contains(title), qPrintable(title));
}

QTEST_MAIN(ScenarioTest)
#include "tst_scenario.moc"
