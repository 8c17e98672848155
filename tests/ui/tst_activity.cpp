// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/activity/activitymodel.h"
#include "ui/activity/activityplace.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/person.h"

#include <QAbstractItemModelTester>
#include <QDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace catamaran;
using namespace catamaran::ui;

namespace {

/// A step of a plan as the journal keeps it; the object need not exist.
QJsonObject plannedStep(
    const QString &id, const QString &title, const QString &subject, const QString &undo = QStringLiteral("kubectl undo it"))
{
    return { { QStringLiteral("id"), id }, { QStringLiteral("title"), title }, { QStringLiteral("why"), QString() },
        { QStringLiteral("depends_on"), QJsonArray() },
        { QStringLiteral("calls"),
            QJsonArray { QJsonObject { { QStringLiteral("system"), QStringLiteral("cluster-1") },
                { QStringLiteral("method"), QStringLiteral("PATCH /it") }, { QStringLiteral("body"), QString() } } } },
        { QStringLiteral("command"), QStringLiteral("kubectl do ") + id }, { QStringLiteral("undo"), undo },
        { QStringLiteral("keeps"), QString() }, { QStringLiteral("subject"), subject }, { QStringLiteral("lane"), QString() },
        { QStringLiteral("usual_seconds"), 5 },
        { QStringLiteral("operation"),
            QJsonObject { { QStringLiteral("kind"), QStringLiteral("kube.scale") }, { QStringLiteral("arguments"), QJsonObject() } } } };
}

QJsonObject planOf(const QList<QJsonObject> &steps)
{
    QJsonArray list;
    for (const QJsonObject &step : steps)
        list += step;
    return { { QStringLiteral("steps"), list } };
}

QJsonObject sleepPlan()
{
    return planOf({ plannedStep(QStringLiteral("scale-sleep"), QStringLiteral("Scale sleep to 0"),
                        QStringLiteral("cluster-1/default/deployments.apps/sleep")),
        plannedStep(QStringLiteral("scale-hello"), QStringLiteral("Scale helloworld to 0"),
            QStringLiteral("cluster-1/default/deployments.apps/helloworld")) });
}

ops::Event eventOf(const ops::Execution &execution, const QString &step, ops::EventState state, const QString &answer = {})
{
    ops::Event one;
    one.execution = execution.id;
    one.step = step;
    one.state = state;
    one.answer = answer;
    return one;
}

} // namespace

class ActivityTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void emptyJournalSaysWhatBelongsHere();
    void aHistoryThatCannotBeReadIsSaidAndNotShownAsEmpty();
    void newExecutionsAppearOnTopAndTheChosenRowStays();
    void searchFindsByAnythingThatIsKept();
    void statesAreWordsAndOnlyDoneIsOk_data();
    void statesAreWordsAndOnlyDoneIsOk();
    void executionsSayHowTheyStandAndWho();
    void aStepShowsAnswerEvidenceAndHowToTakeItBack();
    void whatIsNotPossibleIsDisabledAndSaysWhy();
    void aStepIsGivenUpWithAReason();
    void csvCellsAreNoFormulas();
    void rowsNameTheirObjects_data();
    void rowsNameTheirObjects();
    void changesAreExportedWhereAskedAndAFailureIsTold();
    void pictures();

private:
    /// An apply of sleepPlan() in this journal; the newest stays claimed by this process.
    ops::Execution begun(const QString &name = QStringLiteral("two-meshes"));
    void write(const QList<ops::Event> &events);
    /// Ends with all steps done.
    ops::Execution applied(const QString &name = QStringLiteral("two-meshes"));
    [[nodiscard]] static QTreeView *treeOf(const ActivityPlace &place) { return test::part<QTreeView>(place, "activities"); }
    [[nodiscard]] static QString cell(const ActivityPlace &place, const QModelIndex &row, int column)
    {
        return treeOf(place)->model()->data(row.siblingAtColumn(column)).toString();
    }

    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<ops::Journal> m_journal; ///< as another program has it open
    std::unique_ptr<Services> m_services;
};

void ActivityTest::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
    m_home = std::make_unique<QTemporaryDir>();
    m_journal = std::make_unique<ops::Journal>(*ops::Journal::open(m_home->filePath(QStringLiteral("c.db"))));
    m_services = std::make_unique<Services>(m_journal->file(), store::makeMemorySecretStore());
}

ops::Execution ActivityTest::begun(const QString &name)
{
    const auto execution = m_journal->begin({ QStringLiteral("lab"), QStringLiteral("apply"), name, sleepPlan() });
    if (!execution)
        qFatal("%s", qPrintable(execution.error().text()));
    return *execution;
}

void ActivityTest::write(const QList<ops::Event> &events)
{
    if (const auto written = m_journal->append(events); !written)
        qFatal("%s", qPrintable(written.error().text()));
}

ops::Execution ActivityTest::applied(const QString &name)
{
    ops::Execution execution = begun(name);
    for (const QString &step : { QStringLiteral("scale-sleep"), QStringLiteral("scale-hello") }) {
        ops::Event intent = eventOf(execution, step, ops::EventState::Intent),
                   done = eventOf(execution, step, ops::EventState::Done, QStringLiteral("200"));
        intent.seen = ops::State { { { QStringLiteral("replicas"), 1 } }, QStringLiteral("1") };
        done.seen = ops::State { { { QStringLiteral("replicas"), 0 } }, QStringLiteral("2") };
        done.requestId = QStringLiteral("REQ-77");
        done.evidence = { QStringLiteral("replicas 0"), QStringLiteral("GET /it"), QDateTime::currentDateTimeUtc() };
        done.durationMs = 1200;
        write({ intent, done });
    }
    if (!m_journal->end(execution.id, ops::ExecutionState::Done))
        qFatal("it does not end");
    return execution;
}

void ActivityTest::emptyJournalSaysWhatBelongsHere()
{
    ActivityPlace place(*m_services);
    place.show();
    const auto all = place.findChildren<EmptyState *>();
    QTRY_VERIFY(std::any_of(all.begin(), all.end(), [](const EmptyState *empty) { return empty->isVisible(); }));
    QVERIFY(!treeOf(place)->isVisible());
}

void ActivityTest::aHistoryThatCannotBeReadIsSaidAndNotShownAsEmpty()
{
    applied();
    m_journal.reset();
    {
        // Another program keeps it to itself.
        QSqlDatabase sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("lock"));
        sql.setDatabaseName(m_services->history().file());
        QVERIFY(sql.open());
        QVERIFY(QSqlQuery(sql).exec(QStringLiteral("PRAGMA locking_mode = EXCLUSIVE"))
            && QSqlQuery(sql).exec(QStringLiteral("BEGIN EXCLUSIVE")));
    }
    ActivityPlace place(*m_services);
    place.show();
    QElapsedTimer alive;
    alive.start();
    qint64 longest = 0; // between two turns of the event loop
    auto *error = place.findChild<ErrorBanner *>(QStringLiteral("activityError"));
    while (!error->isVisible() && alive.elapsed() < 20000) {
        const qint64 before = alive.elapsed();
        QCoreApplication::processEvents(QEventLoop::AllEvents, 50);
        longest = std::max(longest, alive.elapsed() - before);
    }
    QVERIFY(error->isVisible());
    QVERIFY2(error->text().contains(QStringLiteral("locked")), qPrintable(error->text()));
    QVERIFY2(longest < 1000, qPrintable(QStringLiteral("the window stood still for %1 ms").arg(longest)));
    for (const auto *empty : place.findChildren<EmptyState *>())
        QVERIFY2(!empty->isVisible(), "what could not be read is shown as nothing");
    QSqlDatabase::database(QStringLiteral("lock")).close();
    QSqlDatabase::removeDatabase(QStringLiteral("lock"));
    emit error->actionTriggered();
    QTRY_COMPARE(treeOf(place)->model()->rowCount(), 1);
    QVERIFY(!error->isVisible());
}

void ActivityTest::newExecutionsAppearOnTopAndTheChosenRowStays()
{
    applied();
    ActivityPlace place(*m_services);
    place.show();
    auto *tree = treeOf(place);
    QAbstractItemModelTester tester(tree->model());
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    const QModelIndex first = tree->model()->index(0, 0);
    QCOMPARE(tree->model()->rowCount(first), 2);
    QVERIFY(tree->isExpanded(first));
    tree->setCurrentIndex(tree->model()->index(1, 0, first));
    const ops::Execution next = begun(QStringLiteral("three-meshes"));
    m_services->announceActivity();
    QTRY_COMPARE(tree->model()->rowCount(), 2);
    QCOMPARE(cell(place, tree->model()->index(0, 0), ActivityModel::WhatColumn), QStringLiteral("Apply three-meshes"));
    QCOMPARE(cell(place, tree->currentIndex(), ActivityModel::WhatColumn), QStringLiteral("Scale helloworld to 0"));
    QCOMPARE(cell(place, tree->currentIndex().parent(), ActivityModel::WhatColumn), QStringLiteral("Apply two-meshes"));
    // What goes on with a step is seen, without the list being anew.
    write({ eventOf(next, QStringLiteral("scale-sleep"), ops::EventState::Intent) });
    m_services->announceActivity();
    QTRY_VERIFY(
        cell(place, tree->model()->index(0, 0, tree->model()->index(0, 0)), ActivityModel::StateColumn).contains(QStringLiteral("begun")));
    QCOMPARE(cell(place, tree->currentIndex(), ActivityModel::WhatColumn), QStringLiteral("Scale helloworld to 0"));
    ops::Journal::abandon(m_journal->file(), next.id);
}

void ActivityTest::searchFindsByAnythingThatIsKept()
{
    applied();
    ActivityPlace place(*m_services);
    place.show();
    auto *tree = treeOf(place);
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    auto *search = test::part<QLineEdit>(place, "searchActivity");
    QTest::keyClicks(search, QStringLiteral("HELLOworld"));
    QCOMPARE(tree->model()->rowCount(), 1);
    QCOMPARE(tree->model()->rowCount(tree->model()->index(0, 0)), 1);
    for (const char *found : { "req-77", "replicas 0", "apply two", "lab" }) {
        search->clear();
        QTest::keyClicks(search, QLatin1String(found));
        QVERIFY2(tree->model()->rowCount(tree->model()->index(0, 0)) == 2, found);
    }
    search->clear();
    QTest::keyClicks(search, QStringLiteral("nothing like it"));
    QCOMPARE(tree->model()->rowCount(), 0);
}

void ActivityTest::statesAreWordsAndOnlyDoneIsOk_data()
{
    QTest::addColumn<ops::EventState>("state");
    QTest::addColumn<QString>("shown");
    QTest::newRow("begun") << ops::EventState::Intent << QStringLiteral("? begun, no end noted");
    QTest::newRow("sent") << ops::EventState::Sent << QStringLiteral("? sent, not yet proven");
    QTest::newRow("done") << ops::EventState::Done << QStringLiteral("✓ done");
    QTest::newRow("failed") << ops::EventState::Failed << QStringLiteral("✗ failed");
    QTest::newRow("unknown") << ops::EventState::Unknown << QStringLiteral("? sent, no answer");
    QTest::newRow("skipped") << ops::EventState::Skipped << QStringLiteral("– skipped");
    QTest::newRow("given up") << ops::EventState::GivenUp << QStringLiteral("▲ given up");
}

void ActivityTest::statesAreWordsAndOnlyDoneIsOk()
{
    QFETCH(ops::EventState, state);
    QFETCH(QString, shown);
    const ops::Execution execution = begun();
    write({ eventOf(execution, QStringLiteral("scale-sleep"), state) });
    QVERIFY(m_journal->end(execution.id, ops::ExecutionState::Failed));
    ActivityPlace place(*m_services);
    place.show();
    auto *tree = treeOf(place);
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    const QModelIndex step = tree->model()->index(0, ActivityModel::StateColumn, tree->model()->index(0, 0));
    QCOMPARE(step.data().toString(), shown);
    const bool isOk = step.data(Qt::ForegroundRole).value<QColor>() == themeOf(&place).ok;
    QCOMPARE(isOk, state == ops::EventState::Done);
}

void ActivityTest::executionsSayHowTheyStandAndWho()
{
    applied(QStringLiteral("done"));
    const ops::Execution dead = begun(QStringLiteral("dead"));
    ops::Journal::abandon(m_journal->file(), dead.id);
    const ops::Execution stopped = begun(QStringLiteral("stopped"));
    QVERIFY(m_journal->end(stopped.id, ops::ExecutionState::Stopped));
    const ops::Execution running = begun(QStringLiteral("running"));
    ActivityPlace place(*m_services);
    place.show();
    auto *tree = treeOf(place);
    QTRY_COMPARE(tree->model()->rowCount(), 4);
    QMap<QString, QString> states;
    for (int row = 0; row < 4; ++row) {
        const QModelIndex index = tree->model()->index(row, 0);
        states.insert(cell(place, index, ActivityModel::WhatColumn), cell(place, index, ActivityModel::StateColumn));
        QCOMPARE(cell(place, index, ActivityModel::WhoColumn), ops::Owner::self().text());
        QCOMPARE(cell(place, index, ActivityModel::TargetColumn), QStringLiteral("lab"));
    }
    QCOMPARE(states.value(QStringLiteral("Apply done")), QStringLiteral("✓ done"));
    QCOMPARE(states.value(QStringLiteral("Apply dead")), QStringLiteral("▲ interrupted"));
    QCOMPARE(states.value(QStringLiteral("Apply stopped")), QStringLiteral("▲ stopped"));
    QCOMPARE(states.value(QStringLiteral("Apply running")), QStringLiteral("▶ running"));
    // Its owner dies without a word: the next look sees it.
    ops::Journal::abandon(m_journal->file(), running.id);
    m_services->announceActivity();
    QTRY_COMPARE(cell(place, tree->model()->index(0, 0), ActivityModel::StateColumn), QStringLiteral("▲ interrupted"));
}

void ActivityTest::aStepShowsAnswerEvidenceAndHowToTakeItBack()
{
    applied();
    ActivityPlace place(*m_services);
    place.show();
    auto *tree = treeOf(place);
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    const auto shown = [&] {
        QStringList all;
        for (const auto *box : place.findChildren<CommandBox *>())
            all += box->command();
        for (const auto &row : test::part<KeyValueList>(place, "activityDetails")->rows())
            all += row.value;
        return all;
    };
    tree->setCurrentIndex(tree->model()->index(0, 0, tree->model()->index(0, 0)));
    for (const char *text :
        { "Scale sleep to 0", "done", "200", "REQ-77", "replicas 0", "kubectl do scale-sleep", "kubectl undo it", "cluster-1: PATCH /it" })
        QVERIFY2(
            shown().contains(QLatin1String(text)), qPrintable(QLatin1String(text) + QStringLiteral(" is not in ") + shown().join(u'|')));
    tree->setCurrentIndex(tree->model()->index(0, 0));
    QVERIFY2(shown().contains(QStringLiteral("2 done")), qPrintable(shown().join(u'|')));
}

void ActivityTest::whatIsNotPossibleIsDisabledAndSaysWhy()
{
    applied();
    ActivityPlace place(*m_services);
    place.show();
    QVERIFY(QTest::qWaitForWindowActive(&place));
    auto *tree = treeOf(place);
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    tree->setCurrentIndex(tree->model()->index(0, 0));
    tree->setFocus();
    for (const char *name : { "goOnExecution", "undoExecution", "giveUpStep" })
        QVERIFY2(!test::part<QAction>(place, name)->isEnabled(), name);
    QVERIFY(test::part<QAction>(place, "goOnExecution")->toolTip().contains(QStringLiteral("it is done")));
    QVERIFY(test::part<QAction>(place, "undoExecution")->toolTip().contains(QStringLiteral("no environment is open")));
    QTest::keyClick(tree, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!place.findChild<QDialog *>());
    emit tree->customContextMenuRequested(tree->visualRect(tree->currentIndex()).center());
    auto *menu = test::part<QMenu>(place, "activityMenu");
    QTRY_VERIFY(menu->isVisible());
    QStringList texts;
    for (const QAction *action : menu->actions()) {
        QVERIFY(!action->isEnabled());
        texts += action->text();
    }
    QVERIFY2(texts.join(u'|').contains(QStringLiteral("Go on… – it is done")), qPrintable(texts.join(u'|')));
    QTest::keyClick(menu, Qt::Key_Escape);
}

void ActivityTest::aStepIsGivenUpWithAReason()
{
    const ops::Execution execution = begun();
    write({ eventOf(execution, QStringLiteral("scale-sleep"), ops::EventState::Intent),
        eventOf(execution, QStringLiteral("scale-sleep"), ops::EventState::Unknown, QStringLiteral("the connection was lost")) });
    ops::Journal::abandon(m_journal->file(), execution.id);
    ActivityPlace place(*m_services);
    place.show();
    QVERIFY(QTest::qWaitForWindowActive(&place));
    auto *tree = treeOf(place);
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    tree->setCurrentIndex(tree->model()->index(0, 0, tree->model()->index(0, 0)));
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_Delete);
    auto *dialog = test::part<QDialog>(place, "giveUpDialog");
    auto *go = test::part<QPushButton>(*dialog, "giveUpConfirm");
    QVERIFY(!go->isEnabled());
    QTest::keyClicks(test::part<QLineEdit>(*dialog, "giveUpReason"), QStringLiteral("seen to it by hand"));
    QVERIFY(go->isEnabled());
    QTest::mouseClick(go, Qt::LeftButton);
    QTRY_COMPARE(
        cell(place, tree->model()->index(0, 0, tree->model()->index(0, 0)), ActivityModel::StateColumn), QStringLiteral("▲ given up"));
    QCOMPARE(
        ops::recordsOf(*m_journal->events(execution.id)).value(QStringLiteral("scale-sleep")).answer, QStringLiteral("seen to it by hand"));
    QVERIFY(!test::part<QAction>(place, "giveUpStep")->isEnabled());
}

void ActivityTest::csvCellsAreNoFormulas()
{
    ExecutionEntry entry;
    StepEntry step;
    step.step.words.title = QStringLiteral("=cmd|' /C calc'!A0 \"x\"");
    const QByteArray csv = stepsToCsv({ { entry, step } });
    QVERIFY(csv.contains("\"'=cmd"));
    QVERIFY(csv.contains("\"\"x\"\""));
    QCOMPARE(csv.count("\r\n"), 2);
    QCOMPARE(csv.split('\n').first().count(','), csv.split('\n').at(1).count(','));
    QCOMPARE(QJsonDocument::fromJson(stepsToJson({ { entry, step } })).array().size(), 1);
}

void ActivityTest::rowsNameTheirObjects_data()
{
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("call");
    QTest::addColumn<QString>("shown");
    const QString old = QStringLiteral("cluster-1/default/sleep");
    QTest::newRow("an operation's object") << QStringLiteral("cluster-1/default/deployments.apps/sleep") << QString()
                                           << QStringLiteral("Deployment cluster-1/default/sleep");
    QTest::newRow("an operation's namespace") << QStringLiteral("cluster-1/namespaces/sample") << QString()
                                              << QStringLiteral("Namespace cluster-1/sample");
    QTest::newRow("a mesh") << QStringLiteral("mesh-1") << QStringLiteral("POST CreateServiceMesh") << QStringLiteral("mesh-1");
    QTest::newRow("deployment") << old << QStringLiteral("PATCH /apis/apps/v1/namespaces/default/deployments/sleep?fieldManager=catamaran")
                                << QStringLiteral("Deployment cluster-1/default/sleep");
    QTest::newRow("its scale") << old << QStringLiteral("PATCH /apis/apps/v1/namespaces/default/deployments/sleep/scale")
                               << QStringLiteral("Deployment cluster-1/default/sleep");
    QTest::newRow("service") << old << QStringLiteral("PATCH /api/v1/namespaces/default/services/sleep")
                             << QStringLiteral("Service cluster-1/default/sleep");
    QTest::newRow("kind without a word of ours")
        << old << QStringLiteral("PATCH /apis/x.io/v1/namespaces/a/things/b") << QStringLiteral("things cluster-1/default/sleep");
    QTest::newRow("nothing") << old << QString() << old;
}

void ActivityTest::rowsNameTheirObjects()
{
    QFETCH(QString, subject);
    QFETCH(QString, call);
    QFETCH(QString, shown);
    QCOMPARE(subjectText(subject, call), shown);
}

void ActivityTest::changesAreExportedWhereAskedAndAFailureIsTold()
{
    applied();
    ActivityPlace place(*m_services);
    place.show();
    QVERIFY(QTest::qWaitForWindowActive(&place));
    QTRY_COMPARE(treeOf(place)->model()->rowCount(), 1);
    const QString csv = m_home->filePath(QStringLiteral("changes.csv"));
    test::click(place, "exportActivity");
    test::saveAs(place, csv);
    QTRY_VERIFY(QFile::exists(csv));
    QFile written(csv);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QVERIFY(written.readAll().contains("Scale sleep to 0"));
    QTRY_VERIFY(!place.findChild<QFileDialog *>());
    const QString json = m_home->filePath(QStringLiteral("changes.json"));
    test::click(place, "exportActivity");
    test::saveAs(place, json);
    QTRY_VERIFY(QFile::exists(json));
    QFile document(json);
    QVERIFY(document.open(QIODevice::ReadOnly));
    QVERIFY(QJsonDocument::fromJson(document.readAll()).isArray());
    // Given up: nothing is written and nothing is said.
    QTRY_VERIFY(!place.findChild<QFileDialog *>());
    QSignalSpy failed(m_services.get(), &Services::openFailed);
    test::click(place, "exportActivity");
    QTest::keyClick(place.findChild<QFileDialog *>(), Qt::Key_Escape);
    QTRY_VERIFY(!place.findChild<QFileDialog *>());
    QCOMPARE(failed.count(), 0);
}

void ActivityTest::pictures()
{
    // Kept when asked for: CATAMARAN_PICTURES=DIR. The test is that drawing warns of nothing in either scheme.
    const QString folder = qEnvironmentVariable("CATAMARAN_PICTURES");
    applied(QStringLiteral("two-meshes"));
    const ops::Execution undone = applied(QStringLiteral("try-out"));
    const auto undo = m_journal->begin({ QStringLiteral("lab"), ops::undoPurpose, undone.title(), sleepPlan(), undone.id });
    QVERIFY(undo);
    for (const QString &step : { QStringLiteral("scale-sleep"), QStringLiteral("scale-hello") })
        write({ eventOf(*undo, step, ops::EventState::Done, QStringLiteral("replicas 1")),
            eventOf(undone, step, ops::EventState::Undone, QStringLiteral("replicas 1")) });
    QVERIFY(m_journal->end(undo->id, ops::ExecutionState::Done, ops::ExecutionState::Undone));
    const ops::Execution failed = begun(QStringLiteral("three-meshes"));
    write({ eventOf(failed, QStringLiteral("scale-sleep"), ops::EventState::Intent),
        eventOf(failed, QStringLiteral("scale-sleep"), ops::EventState::Failed, QStringLiteral("cluster-1 does not allow it")),
        eventOf(failed, QStringLiteral("scale-hello"), ops::EventState::Skipped,
            QStringLiteral("not begun, because this is not done: Scale sleep to 0")) });
    QVERIFY(m_journal->end(failed.id, ops::ExecutionState::Failed));
    const ops::Execution dead = begun(QStringLiteral("four-meshes"));
    write({ eventOf(dead, QStringLiteral("scale-sleep"), ops::EventState::Intent),
        eventOf(dead, QStringLiteral("scale-sleep"), ops::EventState::Unknown, QStringLiteral("the connection was lost")) });
    ops::Journal::abandon(m_journal->file(), dead.id);
    for (const Scheme scheme : { Scheme::Light, Scheme::Dark }) {
        applyTheme(*qApp, scheme);
        ActivityPlace place(*m_services);
        place.resize(1100, 700);
        place.show();
        QTRY_COMPARE(treeOf(place)->model()->rowCount(), 5);
        treeOf(place)->expandAll();
        treeOf(place)->setCurrentIndex(treeOf(place)->model()->index(0, 0, treeOf(place)->model()->index(0, 0)));
        QCoreApplication::processEvents(); // lay out what has just grown
        const QPixmap picture = place.grab();
        QVERIFY(!picture.isNull());
        if (!folder.isEmpty())
            QVERIFY(picture.save(QStringLiteral("%1/activity-%2.png").arg(folder, schemeName(scheme))));
    }
    applyTheme(*qApp, Scheme::Light);
}

QTEST_MAIN(ActivityTest)
#include "tst_activity.moc"
