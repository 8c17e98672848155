// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/providers.h"
#include "pki/ca.h"
#include "support/labprocess.h"
#include "support/rangesession.h"
#include "ui/common/errorbanner.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/operations/planview.h"
#include "ui/person.h"
#include "ui/setup/kubeconfigpage.h"
#include "ui/setup/setupcontext.h"
#include "ui/setup/setupplace.h"
#include "ui/verify/sharebar.h"
#include "ui/verify/verifyplace.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QHeaderView>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace catamaran;

/// A person at the keyboard, from the first page to ten answers, on a practice range.
class SetupTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void emptyPlaceOffersTheRange();
    void badEnvironmentFileIsExplained();
    void walkFromTheRangeToTenAnswers();
    void draftIsKept();
    void verifyFromThePlaceItself();
    void clientMoves();
    void anUndoSaysWhatItCannotTakeBack();
    void anApplyIsPausedStoppedAndTakenBack();
    void whoHoldsItIsSaidAndTriedAgain();
    void choicesAreMadeUnseen();
    void driftIsShownCorrectedAndAdopted();
    void istioNeedsKubeconfigsAlone();
    void noPageSpeaksOfAnotherProvider();
    void anUnreadClusterIsNoAbsence();
    void cleanupTestCase();

private:
    QTemporaryDir m_folder;
    std::shared_ptr<store::Database> m_database;
    std::unique_ptr<ui::Services> m_services;
    std::unique_ptr<ui::SetupPlace> m_place;

    tests::LabProcess m_own; ///< clusters of one's own, with control planes of Istio in them
    void picture(QWidget *widget, const QString &name);
    void installIstio();
    [[nodiscard]] QString wordsOn(const QWidget &page) const;
    [[nodiscard]] QPushButton *button(const char *name) const { return m_place->findChild<QPushButton *>(QLatin1String(name)); }
};

void SetupTest::initTestCase()
{
    if (tests::LabProcess::program().isEmpty())
        QSKIP("catamaran-lab has not been built");
    ui::applyTheme(*qApp, qEnvironmentVariable("CATAMARAN_SCHEME") == QLatin1String("dark") ? ui::Scheme::Dark : ui::Scheme::Light);
    qputenv("XDG_DATA_HOME", m_folder.path().toUtf8());
    auto database = store::Database::open(m_folder.filePath(QStringLiteral("test.db")));
    QVERIFY2(database.has_value(), database ? "" : qPrintable(database.error().text()));
    m_database = *database;
    m_services = std::make_unique<ui::Services>(m_database->file(), store::makeMemorySecretStore());
    m_services->setRangeProgram(tests::LabProcess::program());
    m_place = std::make_unique<ui::SetupPlace>(*m_services);
    m_place->resize(930, 620);
    m_place->show();
    QVERIFY(QTest::qWaitForWindowActive(m_place.get()));
}

void SetupTest::picture(QWidget *widget, const QString &name)
{
    const QString folder = qEnvironmentVariable("CATAMARAN_PICTURES");
    if (folder.isEmpty())
        return;
    QCoreApplication::processEvents(); // lay out what has just grown
    QVERIFY(widget->grab().save(
        QStringLiteral("%1/%2-%3.png").arg(folder, name, qEnvironmentVariable("CATAMARAN_SCHEME", QStringLiteral("light")))));
}

void SetupTest::emptyPlaceOffersTheRange()
{
    QVERIFY(m_place->step() == ui::SetupStep::Environment);
    QVERIFY(button("openRange")->isEnabled());
    QVERIFY(!button("next")->isEnabled());
    auto *steps = m_place->findChild<QListWidget *>(QStringLiteral("setupSteps"));
    QCOMPARE(steps->count(), ui::setupStepCount);
    QVERIFY(!(steps->item(3)->flags() & Qt::ItemIsEnabled));
    m_place->goTo(ui::SetupStep::Plan); // not before there is an environment
    QVERIFY(m_place->step() == ui::SetupStep::Environment);
    picture(m_place.get(), QStringLiteral("setup-0-start"));
}

void SetupTest::badEnvironmentFileIsExplained()
{
    auto *file = m_place->findChild<QLineEdit *>(QStringLiteral("environmentFile"));
    auto *error = m_place->findChild<QWidget *>(QStringLiteral("environmentError"));
    file->setFocus();
    QTest::keyClicks(file, m_folder.filePath(QStringLiteral("none.yaml")));
    QTest::keyClick(file, Qt::Key_Return);
    QTRY_VERIFY(error->isVisible());
    QVERIFY2(error->accessibleName().contains(QStringLiteral("none.yaml")), qPrintable(error->accessibleName()));
    QVERIFY(!m_services->session());
    picture(m_place.get(), QStringLiteral("setup-0-error"));
}

void SetupTest::walkFromTheRangeToTenAnswers()
{
    const auto next = [this] { test::press(*m_place, Qt::Key_PageDown, Qt::ControlModifier); };
    auto *range = button("openRange");
    range->setFocus();
    QTest::keyClick(range, Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(m_services->session(), 40000);
    QTRY_VERIFY_WITH_TIMEOUT(m_services->live() && m_services->live()->fleet().clusters.size() == 2, 20000);
    QTRY_VERIFY(button("next")->isEnabled());
    picture(m_place.get(), QStringLiteral("setup-1-environment"));
    QTest::keyClick(m_place.get(), Qt::Key_N, Qt::AltModifier);
    QTRY_VERIFY(m_place->step() == ui::SetupStep::Clusters);

    auto *clusters = m_place->findChild<QTableWidget *>(QStringLiteral("clusters"));
    QCOMPARE(clusters->rowCount(), 2);
    QVERIFY(clusters->item(0, 0)->checkState() == Qt::Checked);
    QTRY_VERIFY_WITH_TIMEOUT(clusters->item(1, 1)->text().contains(QStringLiteral("answers")), 15000);
    picture(m_place.get(), QStringLiteral("setup-2-clusters"));
    // Leaving one out and taking it back with the keyboard.
    clusters->setFocus();
    clusters->setCurrentCell(1, 0);
    QTest::keyClick(clusters, Qt::Key_Space);
    QTRY_VERIFY(clusters->item(1, 0)->checkState() == Qt::Unchecked);
    QTest::keyClick(clusters, Qt::Key_Space);
    QTRY_VERIFY(clusters->item(1, 0)->checkState() == Qt::Checked);

    next();
    QTRY_VERIFY(m_place->step() == ui::SetupStep::Meshes);
    auto *meshName = m_place->findChild<QLineEdit *>(QStringLiteral("meshName1"));
    QVERIFY(meshName);
    QCOMPARE(meshName->text(), QStringLiteral("mesh-1"));
    picture(m_place.get(), QStringLiteral("setup-3-meshes"));
    next();
    QTRY_VERIFY(m_place->step() == ui::SetupStep::Memberships);
    auto *mode = m_place->findChild<QComboBox *>(QStringLiteral("mode-mesh-1-cluster-2"));
    QVERIFY(mode);
    QCOMPARE(mode->currentText(), QStringLiteral("discovery-only"));
    picture(m_place.get(), QStringLiteral("setup-4-memberships"));
    // Without a manager it does not go on, and says why.
    auto *manager = m_place->findChild<QComboBox *>(QStringLiteral("mode-mesh-2-cluster-2"));
    manager->setFocus();
    QTest::keyClick(manager, Qt::Key_End);
    QCOMPARE(manager->currentText(), QStringLiteral("none"));
    QTRY_VERIFY(!button("next")->isEnabled());
    picture(m_place.get(), QStringLiteral("setup-4-memberships-problem"));
    QTest::keyClick(manager, Qt::Key_Home);
    QTRY_VERIFY(button("next")->isEnabled());
    next();
    QTRY_VERIFY(m_place->step() == ui::SetupStep::Networks);
    picture(m_place.get(), QStringLiteral("setup-5-networks"));
    next();
    QTRY_VERIFY(m_place->step() == ui::SetupStep::Sample);
    picture(m_place.get(), QStringLiteral("setup-6-sample"));
    next();
    QTRY_VERIFY(m_place->step() == ui::SetupStep::Plan);
    auto *summary = m_place->findChild<QLabel *>(QStringLiteral("planSummary"));
    QTRY_VERIFY_WITH_TIMEOUT(button("next")->isEnabled(), 30000);
    QVERIFY2(summary->text().contains(QStringLiteral("step")), qPrintable(summary->text()));
    picture(m_place.get(), QStringLiteral("setup-7-plan"));
    next();
    QTRY_VERIFY(m_place->step() == ui::SetupStep::Apply);
    picture(m_place.get(), QStringLiteral("setup-8-apply-before"));

    QSignalSpy operations(m_services.get(), &ui::Services::operationEnded);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
    auto *stop = button("stopApply");
    QTRY_VERIFY_WITH_TIMEOUT(stop->isEnabled(), 30000);
    QTRY_VERIFY_WITH_TIMEOUT(
        m_place->findChild<QPlainTextEdit *>(QStringLiteral("applyLog"))->toPlainText().contains(QStringLiteral("✓")), 60000);
    picture(m_place.get(), QStringLiteral("setup-8-apply-running"));
    QTRY_VERIFY_WITH_TIMEOUT(operations.count() == 1, 180000);
    QVERIFY2(operations.first().at(2).toBool(), qPrintable(operations.first().at(1).toString()));
    picture(m_place.get(), QStringLiteral("setup-8-apply-done"));
    QTRY_VERIFY(button("next")->isEnabled());
    next();
    QTRY_VERIFY(m_place->step() == ui::SetupStep::Answers);
    auto *shares = m_place->findChild<ui::ShareBar *>(QStringLiteral("answersShares"));
    auto *answers = m_place->findChild<QPlainTextEdit *>(QStringLiteral("firstAnswers"));
    QTRY_COMPARE_WITH_TIMEOUT(answers->toPlainText().count(QStringLiteral("Hello version: ")), 10, 60000);
    picture(m_place.get(), QStringLiteral("setup-9-answers"));
    QMap<QString, int> counts;
    for (const auto &part : shares->parts()) {
        QVERIFY(!part.error);
        counts.insert(part.name, part.count);
    }
    QCOMPARE(counts.keys(), (QStringList { QStringLiteral("v1"), QStringLiteral("v2") }));
    QVERIFY2(counts.value(QStringLiteral("v1")) > 0 && counts.value(QStringLiteral("v2")) > 0, qPrintable(answers->toPlainText()));

    // Back at the plan nothing is to do any more.
    m_place->goTo(ui::SetupStep::Plan);
    QTRY_VERIFY_WITH_TIMEOUT(button("next")->isEnabled(), 30000);
    QCOMPARE(summary->text(), QStringLiteral("0 steps"));
    picture(m_place.get(), QStringLiteral("setup-7-plan-nothing"));

    // Somebody who has lost the document gets it from what is there.
    m_place->goTo(ui::SetupStep::Clusters);
    clusters->setFocus();
    clusters->setCurrentCell(0, 0);
    QTest::keyClick(clusters, Qt::Key_Space); // without the first one it is another fleet
    QTRY_VERIFY(clusters->item(0, 0)->checkState() == Qt::Unchecked);
    QTest::mouseClick(button("adopt"), Qt::LeftButton);
    auto *adopted = m_place->findChild<ui::ErrorBanner *>(QStringLiteral("adopted"));
    QVERIFY2(adopted->isVisible() && adopted->text().contains(QStringLiteral("a plan of them is empty")), qPrintable(adopted->text()));
    QVERIFY(clusters->item(0, 0)->checkState() == Qt::Checked);
    picture(m_place.get(), QStringLiteral("setup-2-adopted"));
    m_place->goTo(ui::SetupStep::Plan);
    QTRY_VERIFY_WITH_TIMEOUT(button("next")->isEnabled(), 30000);
    QTRY_COMPARE(summary->text(), QStringLiteral("0 steps"));
}

void SetupTest::draftIsKept()
{
    if (!m_services->session())
        QSKIP("the walk did not get to an environment");
    m_place->goTo(ui::SetupStep::Networks);
    m_place.reset();
    m_place = std::make_unique<ui::SetupPlace>(*m_services);
    QTRY_VERIFY(m_place->step() == ui::SetupStep::Networks);
    m_place->resize(930, 620);
    m_place->show();
}

void SetupTest::verifyFromThePlaceItself()
{
    if (!m_services->session())
        QSKIP("the walk did not get to an environment");
    ui::VerifyPlace verify(*m_services);
    verify.resize(930, 640);
    verify.show();
    QVERIFY(QTest::qWaitForWindowActive(&verify));
    auto *start = verify.findChild<QPushButton *>(QStringLiteral("start"));
    QTRY_VERIFY(start->isEnabled());
    verify.findChild<QSpinBox *>(QStringLiteral("count"))->setValue(60);
    QSignalSpy finished(&verify, &ui::VerifyPlace::runFinished);
    QSignalSpy traffic(m_services.get(), &ui::Services::trafficSeen);
    auto *url = verify.findChild<QLineEdit *>(QStringLiteral("url"));
    url->setFocus();
    QTest::keyClick(url, Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(verify.isRunning());
    QVERIFY(finished.wait(60000));
    QCOMPARE(verify.series().requests(), 60);
    QCOMPARE(verify.series().errors(), 0);
    QVERIFY(verify.series().versions().value(QStringLiteral("v1")) > 10);
    QVERIFY(verify.series().versions().value(QStringLiteral("v2")) > 10);
    QVERIFY(traffic.count() > 0);
    auto *past = verify.findChild<QTableView *>(QStringLiteral("pastRuns"));
    QTRY_COMPARE(past->model()->rowCount(), 1);
    picture(&verify, QStringLiteral("verify-live"));

    // One without an end is ended by its button, and what it received stays.
    auto *amount = verify.findChild<QComboBox *>(QStringLiteral("amount"));
    amount->setFocus();
    QTest::keyClick(amount, Qt::Key_End);
    QTest::mouseClick(start, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(verify.series().requests() > 5, 20000);
    QTest::mouseClick(verify.findChild<QPushButton *>(QStringLiteral("stop")), Qt::LeftButton);
    QVERIFY(finished.wait(20000));
    QVERIFY(verify.series().requests() > 5);
    QTRY_COMPARE(past->model()->rowCount(), 2);
    verify.showTourStop(QStringLiteral("verify-past-runs"));
    past->selectAll();
    QTest::mouseClick(verify.findChild<QPushButton *>(QStringLiteral("compare")), Qt::LeftButton);
    auto *compare = verify.findChild<QDialog *>(QStringLiteral("compareRuns"));
    QVERIFY(compare);
    picture(compare, QStringLiteral("verify-compare"));
    compare->close();
    picture(&verify, QStringLiteral("verify-past"));
}

void SetupTest::clientMoves()
{
    if (!m_services->session())
        QSKIP("the walk did not get to an environment");
    ui::VerifyPlace verify(*m_services);
    verify.resize(930, 640);
    verify.show();
    QVERIFY(QTest::qWaitForWindowActive(&verify));
    auto *move = verify.findChild<QPushButton *>(QStringLiteral("moveClient"));
    QTRY_VERIFY_WITH_TIMEOUT(move->isEnabled(), 10000);
    QTest::mouseClick(move, Qt::LeftButton);
    auto *dialog = verify.findChild<QDialog *>(QStringLiteral("planDialog"));
    QVERIFY(dialog);
    picture(dialog, QStringLiteral("verify-move"));
    QSignalSpy operations(m_services.get(), &ui::Services::operationEnded);
    QTest::keyClick(dialog->findChild<QPushButton *>(QStringLiteral("planConfirm")), Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(operations.count() == 1, 60000);
    QVERIFY2(operations.first().at(2).toBool(), qPrintable(operations.first().at(1).toString()));
    // The form now sends from the other side.
    auto *cluster = verify.findChild<QComboBox *>(QStringLiteral("sourceCluster"));
    QTRY_COMPARE_WITH_TIMEOUT(cluster->currentText(), QStringLiteral("cluster-2"), 10000);
    QTRY_COMPARE_WITH_TIMEOUT(
        verify.findChild<QComboBox *>(QStringLiteral("sourceWorkload"))->currentText(), QStringLiteral("sleep"), 20000);
    QSignalSpy finished(&verify, &ui::VerifyPlace::runFinished);
    verify.findChild<QSpinBox *>(QStringLiteral("count"))->setValue(40);
    QTest::mouseClick(verify.findChild<QPushButton *>(QStringLiteral("start")), Qt::LeftButton);
    QVERIFY(finished.wait(60000));
    QCOMPARE(verify.series().errors(), 0);
    QVERIFY(verify.series().versions().value(QStringLiteral("v1")) > 5);
    QVERIFY(verify.series().versions().value(QStringLiteral("v2")) > 5);
}

/// The client was moved: what was applied of it is not as it was left. Shown, refused with both states, and given up.
void SetupTest::anUndoSaysWhatItCannotTakeBack()
{
    if (!m_services->session())
        QSKIP("the walk did not get to an environment");
    m_place->resize(1024, 700);
    m_place->goTo(ui::SetupStep::Apply);
    QVERIFY(m_place->step() == ui::SetupStep::Apply);
    auto *undo = button("undoApply");
    QTRY_VERIFY_WITH_TIMEOUT(undo->isEnabled(), 30000);
    test::click(*m_place, "undoApply");
    QTRY_VERIFY(m_place->findChild<QDialog *>(QStringLiteral("executionDialog")));
    auto *dialog = m_place->findChild<QDialog *>(QStringLiteral("executionDialog"));
    QTRY_VERIFY(dialog->isVisible());
    auto *view = dialog->findChild<ui::PlanView *>();
    QVERIFY2(view->model()->index(0, 0).data().toString().contains(QStringLiteral("Take back:")),
        qPrintable(view->model()->index(0, 0).data().toString()));
    picture(dialog, QStringLiteral("undo-1-asked"));
    QCOMPARE(
        tests::wantedReplicas(*m_services->session(), QStringLiteral("cluster-2"), QStringLiteral("helloworld-v2")), 1); // asked, not done
    QSignalSpy operations(m_services.get(), &ui::Services::operationEnded);
    test::click(*dialog, "executionConfirm");
    QTRY_VERIFY(view->model()->count(ops::StepState::Done) > 0);
    picture(dialog, QStringLiteral("undo-2-running"));
    QTRY_VERIFY_WITH_TIMEOUT(operations.count() == 1, 120000);
    picture(dialog, QStringLiteral("undo-3-ended"));
    const QString sleep = QStringLiteral("deploy-sleep-cluster-1");
    const QModelIndex row = view->model()->indexOf(sleep);
    QCOMPARE(row.siblingAtColumn(ui::StepModel::StateColumn).data().toString(), QStringLiteral("✗ failed"));
    QCOMPARE(
        tests::wantedReplicas(*m_services->session(), QStringLiteral("cluster-2"), QStringLiteral("helloworld-v2")), -1); // the rest went
    QCOMPARE(tests::wantedReplicas(*m_services->session(), QStringLiteral("cluster-1"), QStringLiteral("sleep")), 0);
    auto *said = test::part<ui::ErrorBanner>(*dialog, "stepSaid");
    QVERIFY(said->isVisible());
    QVERIFY2(said->text().contains(QStringLiteral("neither as it was (it was not there)"))
            && said->text().contains(QStringLiteral("replicas was 1 and is 0")),
        qPrintable(said->text()));
    QVERIFY2(said->text().size() < 1500, qPrintable(said->text()));
    // Given up with a reason, and then the rest.
    test::click(*said, "bannerAction0");
    auto *question = test::part<QDialog>(*dialog, "giveUpDialog");
    QTest::keyClicks(test::part<QLineEdit>(*question, "giveUpReason"), QStringLiteral("the client is looked after by hand"));
    test::click(*question, "giveUpConfirm");
    QTRY_COMPARE(row.siblingAtColumn(ui::StepModel::StateColumn).data().toString(), QStringLiteral("– not begun"));
    test::click(*dialog, "executionConfirm");
    QTRY_VERIFY_WITH_TIMEOUT(operations.count() == 2, 120000);
    QVERIFY2(operations.at(1).at(2).toBool(), qPrintable(operations.at(1).at(1).toString()));
    picture(dialog, QStringLiteral("undo-4-complete"));
    QVERIFY(tests::waitFor(m_services->session()
                               ->cluster(QStringLiteral("cluster-1"))
                               ->remove(kube::kinds::deployments, QStringLiteral("default"), QStringLiteral("sleep"), {}))); // as was said
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!m_place->findChild<QDialog *>(QStringLiteral("executionDialog")));
    QTRY_VERIFY(!undo->isEnabled());
    QVERIFY2(undo->toolTip().contains(QStringLiteral("undone")), qPrintable(undo->toolTip()));
}

void SetupTest::anApplyIsPausedStoppedAndTakenBack()
{
    if (!m_services->session())
        QSKIP("the walk did not get to an environment");
    m_place->goTo(ui::SetupStep::Apply);
    auto *go = button("apply"), *pause = button("pauseApply"), *stop = button("stopApply"), *undo = button("undoApply");
    QTRY_VERIFY_WITH_TIMEOUT(go->isEnabled(), 30000);
    ui::PlanView *view = nullptr;
    for (auto *one : m_place->findChildren<ui::PlanView *>())
        view = one->isVisible() ? one : view;
    QVERIFY(view);
    const auto count = [&](ops::StepState state) { return view->model()->count(state); };
    QSignalSpy operations(m_services.get(), &ui::Services::operationEnded);
    test::click(*m_place, "apply");
    // Several at once; then nothing new begins, and what runs comes to its end.
    QTRY_VERIFY_WITH_TIMEOUT(count(ops::StepState::Running) > 1, 60000);
    QTest::mouseClick(pause, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(count(ops::StepState::Running) == 0, 60000);
    const int waiting = count(ops::StepState::Waiting);
    QVERIFY(waiting > 0);
    QCOMPARE(operations.count(), 0);
    QVERIFY(test::part<QLabel>(*m_place, "applySummary")->text().startsWith(QStringLiteral("Paused.")));
    picture(m_place.get(), QStringLiteral("apply-1-paused"));
    QTest::mouseClick(pause, Qt::LeftButton);
    QTRY_VERIFY(count(ops::StepState::Waiting) < waiting);
    QTest::mouseClick(stop, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(operations.count() == 1, 60000);
    QVERIFY(!operations.first().at(2).toBool());
    QVERIFY(count(ops::StepState::Skipped) > 0);
    QTRY_VERIFY(undo->isEnabled());
    QVERIFY2(go->text().contains(QStringLiteral("Resume")), qPrintable(go->text()));
    picture(m_place.get(), QStringLiteral("apply-2-stopped"));
    // Taken back with keys alone.
    undo->setFocus();
    QTest::keyClick(undo, Qt::Key_Space);
    QTRY_VERIFY(m_place->findChild<QDialog *>(QStringLiteral("executionDialog")));
    auto *dialog = m_place->findChild<QDialog *>(QStringLiteral("executionDialog"));
    QTest::keyClick(test::part<QPushButton>(*dialog, "executionConfirm"), Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(operations.count() == 2, 120000);
    QVERIFY2(operations.at(1).at(2).toBool(), qPrintable(operations.at(1).at(1).toString()));
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(!m_place->findChild<QDialog *>(QStringLiteral("executionDialog")));
    QCOMPARE(tests::wantedReplicas(*m_services->session(), QStringLiteral("cluster-1"), QStringLiteral("helloworld-v1")), -1);
    QTRY_VERIFY(!undo->isEnabled());
}

void SetupTest::whoHoldsItIsSaidAndTriedAgain()
{
    if (!m_services->session())
        QSKIP("the walk did not get to an environment");
    m_place->goTo(ui::SetupStep::Apply);
    QTRY_VERIFY_WITH_TIMEOUT(button("apply")->isEnabled(), 30000);
    // Somebody else works on cluster-1.
    const QJsonObject step { { QStringLiteral("id"), QStringLiteral("theirs") },
        { QStringLiteral("subject"), QStringLiteral("cluster-1/default") } };
    auto journal = ops::Journal::open(m_database->file());
    QVERIFY(journal);
    const auto other = journal->begin({ m_services->session()->environment().name, QStringLiteral("apply"), QStringLiteral("theirs"),
        { { QStringLiteral("steps"), QJsonArray { step } } } });
    QVERIFY2(other, other ? "" : qPrintable(other.error().text()));
    QSignalSpy operations(m_services.get(), &ui::Services::operationEnded);
    test::click(*m_place, "apply");
    QTRY_VERIFY_WITH_TIMEOUT(operations.count() == 1, 60000);
    auto *note = test::part<ui::ErrorBanner>(*m_place, "applyNote");
    QTRY_VERIFY(note->isVisible());
    QVERIFY2(note->text().contains(ops::Owner::self().text()) && note->text().contains(QStringLiteral("since")), qPrintable(note->text()));
    auto *retry = test::part<QPushButton>(*note, "bannerAction0");
    QVERIFY(retry->isVisible() && retry->text().remove(u'&') == QStringLiteral("Retry"));
    picture(m_place.get(), QStringLiteral("apply-3-held"));
    QVERIFY(journal->end(other->id, ops::ExecutionState::Done));
    QTest::mouseClick(retry, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(operations.count() == 2, 120000);
    QVERIFY2(operations.at(1).at(2).toBool(), qPrintable(operations.at(1).at(1).toString()));
    QCOMPARE(tests::wantedReplicas(*m_services->session(), QStringLiteral("cluster-1"), QStringLiteral("helloworld-v1")), 1);
}

/// Whoever does not see the window toggles; each toggle changes the draft as a click does, and what is shown changes nothing.
void SetupTest::choicesAreMadeUnseen()
{
    if (!m_services->session())
        QSKIP("the walk did not get to an environment");
    const auto draft = [this]() -> const ui::SetupDraft & { return m_place->findChild<ui::SetupContext *>()->draft(); };
    // What went wrong; nothing when there and back again did what it says.
    const auto twice = [this, &draft](ui::SetupStep step, const char *name, const std::function<bool(const ui::SetupDraft &)> &chosen) {
        m_place->goTo(step);
        const bool before = chosen(draft());
        for (const bool wanted : { !before, before }) {
            auto *box = test::part<QAbstractButton>(*m_place, name); // pages may make theirs anew
            test::pressUnseen(box);
            if (chosen(draft()) != wanted || box->isChecked() != wanted)
                return QStringLiteral("%1 is %2 and shows %3").arg(QLatin1String(name)).arg(chosen(draft())).arg(box->isChecked());
        }
        return QString();
    };
    QCOMPARE(
        twice(ui::SetupStep::Sample, "deploySample", [](const ui::SetupDraft &now) { return !now.fleet.workloads.isEmpty(); }), QString());
    QCOMPARE(
        twice(ui::SetupStep::Sample, "sample-sleep-cluster-1",
            [](const ui::SetupDraft &now) { return ui::hasWorkload(now.fleet, QStringLiteral("cluster-1"), QStringLiteral("sleep")); }),
        QString());
    m_place->goTo(ui::SetupStep::Meshes);
    test::pressUnseen(*m_place, "separateRoots");
    QTRY_VERIFY(draft().fleet.root == documents::RootKind::Separate);
    test::pressUnseen(*m_place, "sharedRoot");
    QTRY_VERIFY(draft().fleet.root == documents::RootKind::Shared);
    m_place->goTo(ui::SetupStep::Networks);
    test::pressUnseen(*m_place, "oneNetwork");
    QTRY_VERIFY(!ui::networksSeparate(draft().fleet));
    test::pressUnseen(*m_place, "severalNetworks");
    QTRY_VERIFY(ui::networksSeparate(draft().fleet));
    QCOMPARE(twice(ui::SetupStep::Networks, "gateway-cluster-1",
                 [](const ui::SetupDraft &now) { return now.fleet.cluster(QStringLiteral("cluster-1"))->gateway; }),
        QString());
    QCOMPARE(twice(ui::SetupStep::Clusters, "plainClusters", [](const ui::SetupDraft &now) { return now.plain; }), QString());
}

/// A workload is gone, then somebody scales another and notes something on it: each thing with what it is meant as, and both ways out.
void SetupTest::driftIsShownCorrectedAndAdopted()
{
    if (!m_services->session())
        QSKIP("the walk did not get to an environment");
    m_place->resize(1024, 700);
    QVERIFY(tests::waitFor(m_services->session()
                               ->cluster(QStringLiteral("cluster-2"))
                               ->remove(kube::kinds::deployments, QStringLiteral("default"), QStringLiteral("helloworld-v2"), {})));
    m_place->goTo(ui::SetupStep::Plan);
    auto *summary = m_place->findChild<QLabel *>(QStringLiteral("planSummary"));
    QTRY_VERIFY(summary->text().contains(QStringLiteral("step")));
    auto *drift = button("planDrift");
    QTRY_VERIFY(drift->isEnabled());
    test::click(*m_place, "planDrift");
    auto *dialog = test::part<QDialog>(*m_place, "driftDialog");
    auto *said = test::part<QLabel>(*dialog, "driftSummary");
    auto *fields = test::part<QTableWidget>(*dialog, "driftFields");
    QTRY_VERIFY2(said->text().contains(QStringLiteral("not what the choices say")), qPrintable(said->text()));
    QVERIFY(fields->rowCount() > 0);
    QVERIFY2(fields->item(0, 0)->text().contains(QStringLiteral("missing")), qPrintable(fields->item(0, 0)->text()));
    // Made whole by a plan that is shown first.
    const auto correct = [&] {
        QTRY_VERIFY(test::part<QPushButton>(*dialog, "driftCorrect")->isEnabled());
        test::click(*dialog, "driftCorrect");
        QTRY_VERIFY(dialog->findChild<QDialog *>(QStringLiteral("planDialog")));
        auto *plan = test::part<QDialog>(*dialog, "planDialog");
        QSignalSpy operations(m_services.get(), &ui::Services::operationEnded);
        test::click(*plan, "planConfirm");
        QTRY_VERIFY_WITH_TIMEOUT(operations.count() == 1, 120000);
        QVERIFY2(operations.first().at(2).toBool(), qPrintable(operations.first().at(1).toString()));
        QTRY_VERIFY2(said->text().contains(QStringLiteral("is what the choices say")), qPrintable(said->text()));
    };
    correct();
    if (QTest::currentTestFailed())
        return;
    auto &session = *m_services->session();
    kube::Write write;
    write.kind = kube::kinds::deployments;
    write.ns = QStringLiteral("default");
    write.name = QStringLiteral("helloworld-v1");
    write.fieldManager = QStringLiteral("somebody");
    write.force = true;
    write.body = QJsonObject { { QStringLiteral("apiVersion"), QStringLiteral("apps/v1") },
        { QStringLiteral("kind"), QStringLiteral("Deployment") },
        { QStringLiteral("metadata"),
            QJsonObject { { QStringLiteral("name"), write.name }, { QStringLiteral("namespace"), write.ns },
                { QStringLiteral("annotations"), QJsonObject { { QStringLiteral("team"), QStringLiteral("blue") } } } } },
        { QStringLiteral("spec"), QJsonObject { { QStringLiteral("minReadySeconds"), 1 }, { QStringLiteral("replicas"), 2 } } } };
    QVERIFY(tests::waitFor(session.cluster(QStringLiteral("cluster-1"))->write(write, {})));
    const auto row = [&](const QString &field) {
        for (int r = 0; r < fields->rowCount(); ++r)
            if (fields->item(r, 3)->text() == field)
                return r;
        return -1;
    };
    test::click(*dialog, "driftAgain");
    QTRY_VERIFY(row(QStringLiteral("spec.replicas")) >= 0);
    const int replicas = row(QStringLiteral("spec.replicas"));
    QCOMPARE(fields->item(replicas, 6)->text(), QStringLiteral("somebody"));
    QCOMPARE(fields->item(replicas, 5)->text(), QStringLiteral("2"));
    const int own = row(QStringLiteral("metadata.annotations.team"));
    QVERIFY(own >= 0);
    QCOMPARE(fields->item(own, 0)->text(), QStringLiteral("the cluster's own"));
    picture(dialog, QStringLiteral("drift-1-fields"));
    QTest::keyClick(test::part<QCheckBox>(*dialog, "driftOwn"), Qt::Key_Space);
    QTRY_COMPARE(row(QStringLiteral("metadata.annotations.team")), -1);
    // Or what is there is what was wanted.
    test::click(*dialog, "driftAdopt");
    auto *adopt = test::part<QDialog>(*dialog, "adoptDialog");
    picture(adopt, QStringLiteral("drift-2-adopt"));
    test::click(*adopt, "adoptConfirm");
    QTRY_VERIFY(!m_place->findChild<QDialog *>(QStringLiteral("driftDialog")));
    QTRY_COMPARE_WITH_TIMEOUT(summary->text(), QStringLiteral("0 steps"), 30000);
}

namespace {

/// @p json, about the cluster of this @p number.
QJsonObject object(QByteArray json, int number = 0)
{
    return QJsonDocument::fromJson(json.replace("cluster-N", QByteArray("cluster-" + QByteArray::number(number)))).object();
}

} // namespace

/// As istioctl leaves it, as far as anybody but a proxy can see: control planes, their root, networks, and remote secrets both ways.
void SetupTest::installIstio()
{
    const auto root = pki::makeRoot(QStringLiteral("istio"), pki::KeyType::EcP256);
    QVERIFY(root);
    for (const int number : { 1, 2 }) {
        const auto config = kube::loadKubeconfig({ m_own.kubeconfig(number) });
        const auto access = config ? kube::resolveContext(*config) : core::fail(config.error());
        QVERIFY(access);
        kube::KubeClient client(*access);
        QFile other(m_own.kubeconfig(3 - number));
        QVERIFY(other.open(QIODevice::ReadOnly));
        QJsonObject space = object(R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"istio-system"}})");
        space[u"metadata"] = QJsonObject { { QStringLiteral("name"), QStringLiteral("istio-system") },
            { QStringLiteral("labels"),
                QJsonObject { { QStringLiteral("topology.istio.io/network"), QStringLiteral("network%1").arg(number) } } } };
        const QJsonObject deployment = object(
            R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"istiod","namespace":"istio-system","labels":{"app":"istiod","istio.io/rev":"default"}},
               "spec":{"replicas":1,"selector":{"matchLabels":{"app":"istiod"}},"template":{"metadata":{"labels":{"app":"istiod","istio.io/rev":"default"}},
               "spec":{"containers":[{"name":"discovery","image":"istio/pilot:1.30.3","command":["/bin/sleep","3650d"],
               "env":[{"name":"CLUSTER_ID","value":"cluster-N"}]}]}}}})",
            number);
        QJsonObject bundle
            = object(R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"istio-ca-root-cert","namespace":"istio-system"}})");
        bundle[u"data"] = QJsonObject { { QStringLiteral("root-cert.pem"), QString::fromLatin1(root->certificate) } };
        QJsonObject secret = object(R"({"apiVersion":"v1","kind":"Secret"})");
        secret[u"metadata"] = QJsonObject { { QStringLiteral("name"), QStringLiteral("istio-remote-secret-cluster-%1").arg(3 - number) },
            { QStringLiteral("namespace"), QStringLiteral("istio-system") },
            { QStringLiteral("labels"), QJsonObject { { QStringLiteral("istio/multiCluster"), QStringLiteral("true") } } } };
        secret[u"data"] = QJsonObject { { QStringLiteral("cluster-%1").arg(3 - number), QString::fromLatin1(other.readAll().toBase64()) } };
        const QList<std::pair<kube::ResourceKind, QJsonObject>> objects { { kube::kinds::namespaces, space },
            { kube::kinds::deployments, deployment }, { kube::kinds::configMaps, bundle }, { kube::kinds::secrets, secret } };
        for (const auto &[kind, body] : objects) {
            kube::Write write;
            write.kind = kind;
            write.ns = body[u"metadata"][u"namespace"].toString();
            write.name = body[u"metadata"][u"name"].toString();
            write.body = body;
            write.fieldManager = QStringLiteral("istioctl");
            const auto written = tests::waitFor(client.write(write, {}));
            QVERIFY2(written, written ? "" : qPrintable(written.error().text()));
        }
    }
}

/// What can be read on a page, tool tips and the words of a screen reader included.
QString SetupTest::wordsOn(const QWidget &page) const
{
    QStringList words;
    for (const QWidget *widget : page.findChildren<QWidget *>()) {
        bool isAsked = false; // the question where meshes are made names them all
        for (const QWidget *one = widget; one && one != &page; one = one->parentWidget())
            isAsked = isAsked || one->objectName() == QStringLiteral("makers");
        if (isAsked || !widget->isVisibleTo(&page))
            continue;
        words << widget->toolTip() << widget->accessibleName();
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            words << label->text();
        else if (const auto *pressed = qobject_cast<const QAbstractButton *>(widget))
            words << pressed->text();
        else if (const auto *line = qobject_cast<const QLineEdit *>(widget))
            words << line->text() << line->placeholderText();
        else if (const auto *combo = qobject_cast<const QComboBox *>(widget))
            words << combo->currentText();
        else if (const auto *text = qobject_cast<const QPlainTextEdit *>(widget))
            words << text->toPlainText();
        if (const auto *table = qobject_cast<const QTableWidget *>(widget))
            for (int column = 0; column < table->columnCount(); ++column) {
                if (table->isColumnHidden(column))
                    continue;
                words << table->horizontalHeaderItem(column)->text();
                for (int row = 0; row < table->rowCount(); ++row)
                    if (const auto *item = table->item(row, column))
                        words << item->text() << item->toolTip();
            }
    }
    words.removeAll(QString());
    return words.join(u'\n');
}

void SetupTest::istioNeedsKubeconfigsAlone()
{
    QVERIFY2(m_own.start(), qPrintable(m_own.errorText()));
    installIstio();
    if (QTest::currentTestFailed())
        return;
    m_place->resize(1024, 700);
    m_place->goTo(ui::SetupStep::Environment);
    picture(m_place.get(), QStringLiteral("setup-istio-0-where"));
    auto *istio = button("maker-istio");
    istio->setFocus();
    QTest::keyClick(istio, Qt::Key_Space);
    auto *page = m_place->kubeconfigs();
    QTRY_VERIFY(page->isVisible());
    QCOMPARE(test::part<QComboBox>(*page, "maker")->currentText(), QStringLiteral("Istio"));
    QVERIFY2(!page->findChild<QLineEdit *>(QStringLiteral("accessKeyId")), "there is no account to ask for");
    auto *path = test::part<QLineEdit>(*page, "kubeconfigPath");
    for (const int number : { 1, 2 }) {
        path->setFocus();
        QTest::keyClicks(path, m_own.kubeconfig(number));
        QTest::keyClick(path, Qt::Key_Return);
        QTRY_COMPARE(page->model()->rowCount(), number);
        QTRY_VERIFY(!page->isBusy());
    }
    auto *name = test::part<QLineEdit>(*page, "environmentName");
    name->setFocus();
    QTest::keyClick(name, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(name, QStringLiteral("own-istio"));
    // Where other machines see this one: a cluster, and a namespace in it.
    auto *lease = test::part<QComboBox>(*page, "leaseCluster");
    lease->setFocus();
    QTest::keyClick(lease, Qt::Key_Down);
    QVERIFY(lease->currentIndex() == 1);
    auto *save = test::part<QPushButton>(*page, "useContexts");
    QVERIFY2(!save->isEnabled(), "a Lease needs a namespace");
    auto *ns = test::part<QLineEdit>(*page, "leaseNamespace");
    ns->setFocus();
    QTest::keyClicks(ns, QStringLiteral("default"));
    QTRY_VERIFY(save->isEnabled());
    const QString words = wordsOn(*page);
    for (const char *other : { "ASM", "ACK", "Alibaba", "AccessKey" })
        QVERIFY2(!words.contains(QLatin1String(other)), qPrintable(words));
    picture(m_place.get(), QStringLiteral("setup-istio-1-kubeconfigs"));
    QTest::mouseClick(save, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_services->session() && m_services->session()->environment().name == QStringLiteral("own-istio"), 20000);
    const documents::Environment &environment = m_services->session()->environment();
    QVERIFY(environment.accounts.isEmpty());
    QVERIFY(environment.lease && environment.lease->ns == QStringLiteral("default")
        && environment.lease->cluster == environment.clusters.first().name);
    // What runs in the clusters is found, and becomes the document.
    auto *steps = m_place->findChild<QListWidget *>(QStringLiteral("setupSteps"));
    QTRY_VERIFY_WITH_TIMEOUT(m_services->live() && m_services->live()->fleet().meshes.size() == 2, 60000);
    for (const ui::SetupStep step : { ui::SetupStep::Meshes, ui::SetupStep::Memberships, ui::SetupStep::Networks })
        QVERIFY(steps->item(int(step))->flags() & Qt::ItemIsEnabled);
    m_place->goTo(ui::SetupStep::Meshes);
    auto *meshName = [this] { return m_place->findChild<QLineEdit *>(QStringLiteral("meshName1")); }();
    QVERIFY(meshName);
    QTRY_COMPARE(
        m_place->findChild<QLineEdit *>(QStringLiteral("meshName1"))->text(), QStringLiteral("istio-") + environment.clusters.first().name);
    QTRY_COMPARE(test::part<QLabel>(*m_place, "meshMaker1")->text(), QStringLiteral("Istio"));
    QTRY_VERIFY(m_place->findChild<QWidget *>(QStringLiteral("controlPlanes"))->isVisible());
    QTRY_VERIFY2(wordsOn(*m_place).contains(QStringLiteral("istio-system/istiod")), qPrintable(wordsOn(*m_place)));
    picture(m_place.get(), QStringLiteral("setup-istio-3-meshes"));
    m_place->goTo(ui::SetupStep::Memberships);
    QTRY_VERIFY(m_place->findChild<QWidget *>(QStringLiteral("readers"))->isVisible());
    const QString second = environment.clusters.last().name;
    QTRY_VERIFY2(wordsOn(*m_place).contains(second), qPrintable(wordsOn(*m_place)));
    picture(m_place.get(), QStringLiteral("setup-istio-4-memberships"));
    m_place->goTo(ui::SetupStep::Networks);
    QTRY_VERIFY2(test::part<QLabel>(*m_place, "networkReason")->text().contains(QStringLiteral("labels put them on different networks")),
        qPrintable(test::part<QLabel>(*m_place, "networkReason")->text()));
    picture(m_place.get(), QStringLiteral("setup-istio-5-networks"));
    m_place->goTo(ui::SetupStep::Plan);
    auto *summary = m_place->findChild<QLabel *>(QStringLiteral("planSummary"));
    QTRY_COMPARE_WITH_TIMEOUT(summary->text(), QStringLiteral("0 steps"), 60000); // the document says what is there
    // With more wanted, what Catamaran does not do itself is called by its name.
    m_place->goTo(ui::SetupStep::Networks);
    auto *network = test::part<QLineEdit>(*m_place, qPrintable(QStringLiteral("network-") + second));
    network->setFocus();
    QTest::keyClick(network, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(network, QStringLiteral("network9"));
    m_place->goTo(ui::SetupStep::Plan);
    auto *view = m_place->findChild<ui::PlanView *>();
    QTRY_VERIFY_WITH_TIMEOUT(!view->steps().isEmpty() && button("next")->isEnabled(), 60000);
    bool any = false;
    for (const ops::DescribedStep &step : view->steps()) {
        const bool byHand = mesh::isByHand(step.step.operation);
        any = any || byHand;
        const QModelIndex row = view->model()->indexOf(step.step.id).siblingAtColumn(ui::StepModel::StateColumn);
        QCOMPARE(row.data().toString().contains(QStringLiteral("by hand")), byHand);
    }
    auto *error = m_place->findChild<ui::ErrorBanner *>(QStringLiteral("planError"));
    QCOMPARE(error->isVisible() && error->text().contains(QStringLiteral("by hand")), any);
    picture(m_place.get(), QStringLiteral("setup-istio-7-plan"));
}

void SetupTest::noPageSpeaksOfAnotherProvider()
{
    if (!m_services->session() || m_services->session()->environment().name != QStringLiteral("own-istio"))
        QSKIP("the clusters of one's own are not open");
    static const QRegularExpression others(QStringLiteral("\\b(ASM|ACK|Alibaba|AccessKey|VPCs?|vSwitch|CEN|RAM|aliyun|cn-[a-z]+)\\b"));
    for (int step = 0; step < ui::setupStepCount; ++step) {
        m_place->goTo(ui::SetupStep(step));
        QTRY_VERIFY(m_place->step() == ui::SetupStep(step));
        if (ui::SetupStep(step) == ui::SetupStep::Plan)
            QTRY_VERIFY(!m_place->findChild<QLabel *>(QStringLiteral("planSummary"))->text().contains(QStringLiteral("Looking")));
        QString words = wordsOn(*m_place);
        for (const observe::ObservedCluster &cluster : m_services->live()->fleet().clusters)
            words.remove(cluster.kubeVersion); // a server's own word
        for (const QString &line : words.split(u'\n')) {
            const bool isImage = line.contains(QStringLiteral("image: ")); // where the guide has it
            QVERIFY2(isImage || !others.match(line).hasMatch(), qPrintable(QStringLiteral("page %1: %2").arg(step).arg(line)));
        }
    }
}

/// With one API server away nobody knows what runs there: nothing is said to be made there, and nothing is planned.
void SetupTest::anUnreadClusterIsNoAbsence()
{
    if (!m_services->session() || m_services->session()->environment().name != QStringLiteral("own-istio"))
        QSKIP("the clusters of one's own are not open");
    QVERIFY(m_own.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), QStringLiteral("cluster-2") }).ok());
    QSignalSpy changed(m_services.get(), &ui::Services::sessionChanged);
    m_services->openEnvironment(m_services->session()->environment().file);
    QTRY_VERIFY(changed.count() > 0 && m_services->session());
    QTRY_VERIFY_WITH_TIMEOUT(m_services->live() && m_services->live()->fleet().meshesUnread, 60000);
    m_place->goTo(ui::SetupStep::Meshes);
    QTRY_VERIFY2(
        wordsOn(*m_place).contains(QStringLiteral("There may be others than those that are shown")), qPrintable(wordsOn(*m_place)));
    QVERIFY2(!wordsOn(*m_place).contains(QStringLiteral("will be made")), qPrintable(wordsOn(*m_place)));
    picture(m_place.get(), QStringLiteral("setup-istio-8-unread"));
    m_place->goTo(ui::SetupStep::Plan);
    auto *error = m_place->findChild<ui::ErrorBanner *>(QStringLiteral("planError"));
    QTRY_VERIFY_WITH_TIMEOUT(error->isVisible(), 60000);
    picture(m_place.get(), QStringLiteral("setup-istio-8-unread-plan"));
    QVERIFY(m_own.ctl({ QStringLiteral("start"), QStringLiteral("api-server"), QStringLiteral("cluster-2") }).ok());
}

void SetupTest::cleanupTestCase()
{
    m_place.reset();
    m_services.reset();
}

QTEST_MAIN(SetupTest)
#include "tst_setup.moc"
