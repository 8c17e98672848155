// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/activity/activitymodel.h"
#include "ui/activity/activityplace.h"
#include "ui/common/widgets.h"
#include "ui/findings/findingsmodel.h"
#include "ui/person.h"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace catamaran;
using namespace catamaran::ui;

namespace {

store::Activity change(const QString &what, const QString &state = QStringLiteral("done"))
{
    store::Activity activity;
    activity.at = QDateTime::currentDateTimeUtc();
    activity.operation = QStringLiteral("apply two-meshes");
    activity.what = what;
    activity.target = QStringLiteral("mesh-1");
    activity.call = QStringLiteral("POST CreateServiceMesh");
    activity.command = QStringLiteral("aliyun servicemesh CreateServiceMesh");
    activity.undo = QStringLiteral("aliyun servicemesh DeleteServiceMesh");
    activity.state = state;
    return activity;
}

} // namespace

class ActivityTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void emptyJournalSaysWhatBelongsHere();
    void aHistoryThatCannotBeReadIsSaidAndNotShownAsEmpty();
    void newChangesAppearOnTopAndTheChosenOneStays();
    void searchFindsByAnythingThatIsKept();
    void theUndoIsShown();
    void csvCellsAreNoFormulas();
    void rowsOfOneStepNameTheirObjects_data();
    void rowsOfOneStepNameTheirObjects();
    void changesAreExportedWhereAskedAndAFailureIsTold();
    void findingsAreSortedByWhatMattersMost();

private:
    std::unique_ptr<QTemporaryDir> m_home;
    std::shared_ptr<store::Database> m_database; ///< as another program has it open
    std::unique_ptr<Services> m_services;
};

void ActivityTest::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints).*")));
    m_home = std::make_unique<QTemporaryDir>();
    m_database = *store::Database::open(m_home->filePath(QStringLiteral("c.db")));
    m_services = std::make_unique<Services>(m_database->file(), store::makeMemorySecretStore());
}

void ActivityTest::emptyJournalSaysWhatBelongsHere()
{
    ActivityPlace place(*m_services);
    place.show();
    const auto all = place.findChildren<EmptyState *>();
    QTRY_VERIFY(std::any_of(all.begin(), all.end(), [](const EmptyState *empty) { return empty->isVisible(); }));
    QVERIFY(!place.findChild<QTableView *>(QStringLiteral("activities"))->isVisible());
}

void ActivityTest::aHistoryThatCannotBeReadIsSaidAndNotShownAsEmpty()
{
    QVERIFY(m_database->begin(change(QStringLiteral("Create mesh-1"))));
    m_database.reset();
    {
        // Another program keeps it to itself.
        QSqlDatabase sql = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("lock"));
        sql.setDatabaseName(m_services->history().file());
        QVERIFY(sql.open());
        QVERIFY(QSqlQuery(sql).exec(QStringLiteral("PRAGMA locking_mode = EXCLUSIVE")) && QSqlQuery(sql).exec(QStringLiteral("BEGIN EXCLUSIVE")));
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
    QTRY_COMPARE(place.findChild<QTableView *>(QStringLiteral("activities"))->model()->rowCount(), 1);
    QVERIFY(!error->isVisible());
}

void ActivityTest::newChangesAppearOnTopAndTheChosenOneStays()
{
    QVERIFY(m_database->begin(change(QStringLiteral("Create mesh-1"))));
    ActivityPlace place(*m_services);
    place.show();
    auto *table = place.findChild<QTableView *>(QStringLiteral("activities"));
    QAbstractItemModelTester tester(table->model());
    QTRY_COMPARE(table->model()->rowCount(), 1);
    table->setCurrentIndex(table->model()->index(0, 0));
    QVERIFY(m_database->begin(change(QStringLiteral("Create mesh-2"), QStringLiteral("started"))));
    m_services->announceActivity();
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QCOMPARE(table->model()->index(0, ActivityModel::WhatColumn).data().toString(), QStringLiteral("Create mesh-2"));
    QCOMPARE(table->currentIndex().row(), 1);
}

void ActivityTest::searchFindsByAnythingThatIsKept()
{
    QVERIFY(m_database->begin(change(QStringLiteral("Create mesh-1"))));
    auto other = change(QStringLiteral("Scale sleep"));
    other.requestId = QStringLiteral("REQ-77");
    QVERIFY(m_database->begin(other));
    ActivityPlace place(*m_services);
    place.show();
    auto *table = place.findChild<QTableView *>(QStringLiteral("activities"));
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QTest::keyClicks(place.findChild<QLineEdit *>(QStringLiteral("searchActivity")), QStringLiteral("scale SLEEP"));
    QCOMPARE(table->model()->rowCount(), 1);
    QCOMPARE(table->model()->index(0, ActivityModel::WhatColumn).data().toString(), QStringLiteral("Scale sleep"));
}

void ActivityTest::theUndoIsShown()
{
    QVERIFY(m_database->begin(change(QStringLiteral("Create mesh-1"))));
    ActivityPlace place(*m_services);
    place.show();
    const auto commands = [&] {
        QStringList all;
        for (const auto *box : place.findChildren<CommandBox *>())
            all += box->command();
        return all;
    };
    QTRY_VERIFY(commands().contains(QStringLiteral("aliyun servicemesh DeleteServiceMesh")));
}

void ActivityTest::csvCellsAreNoFormulas()
{
    auto bad = change(QStringLiteral("=cmd|' /C calc'!A0 \"x\""));
    const QByteArray csv = activitiesToCsv({ bad });
    QVERIFY(csv.contains("\"'=cmd"));
    QVERIFY(csv.contains("\"\"x\"\""));
    QCOMPARE(csv.count("\r\n"), 2);
    QCOMPARE(QJsonDocument::fromJson(activitiesToJson({ bad })).array().size(), 1);
}

void ActivityTest::rowsOfOneStepNameTheirObjects_data()
{
    QTest::addColumn<QString>("call");
    QTest::addColumn<QString>("shown");
    QTest::newRow("deployment") << QStringLiteral("PATCH /apis/apps/v1/namespaces/default/deployments/sleep?fieldManager=catamaran") << QStringLiteral("Deployment cluster-1/default/sleep");
    QTest::newRow("its scale") << QStringLiteral("PATCH /apis/apps/v1/namespaces/default/deployments/sleep/scale") << QStringLiteral("Deployment cluster-1/default/sleep");
    QTest::newRow("service") << QStringLiteral("PATCH /api/v1/namespaces/default/services/sleep") << QStringLiteral("Service cluster-1/default/sleep");
    QTest::newRow("namespace itself") << QStringLiteral("PATCH /api/v1/namespaces/sample") << QStringLiteral("Namespace cluster-1/default/sleep");
    QTest::newRow("kind without a word of ours") << QStringLiteral("PATCH /apis/x.io/v1/namespaces/a/things/b") << QStringLiteral("things cluster-1/default/sleep");
    QTest::newRow("cloud") << QStringLiteral("POST CreateServiceMesh") << QStringLiteral("cluster-1/default/sleep");
    QTest::newRow("nothing") << QString() << QStringLiteral("cluster-1/default/sleep");
}

void ActivityTest::rowsOfOneStepNameTheirObjects()
{
    QFETCH(QString, call);
    QFETCH(QString, shown);
    store::Activity row = change(QStringLiteral("Apply sleep"));
    row.target = QStringLiteral("cluster-1/default/sleep");
    row.call = call;
    ActivityModel model;
    QAbstractItemModelTester tester(&model);
    model.setActivities({ row });
    QCOMPARE(model.index(0, ActivityModel::TargetColumn).data().toString(), shown);
}

void ActivityTest::changesAreExportedWhereAskedAndAFailureIsTold()
{
    QVERIFY(m_database->begin(change(QStringLiteral("Create mesh-1"))));
    ActivityPlace place(*m_services);
    place.show();
    QVERIFY(QTest::qWaitForWindowActive(&place));
    QTRY_COMPARE(place.findChild<QTableView *>(QStringLiteral("activities"))->model()->rowCount(), 1);
    const QString csv = m_home->filePath(QStringLiteral("changes.csv"));
    test::click(place, "exportActivity");
    test::saveAs(place, csv);
    QTRY_VERIFY(QFile::exists(csv));
    QFile written(csv);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QVERIFY(written.readAll().contains("Create mesh-1"));
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

void ActivityTest::findingsAreSortedByWhatMattersMost()
{
    FindingsModel model;
    QAbstractItemModelTester tester(&model);
    fleet::Finding ok, failed, warning;
    ok.title = QStringLiteral("fine");
    ok.severity = fleet::Health::Ok;
    failed.title = QStringLiteral("broken");
    failed.severity = fleet::Health::Failed;
    warning.title = QStringLiteral("odd");
    warning.severity = fleet::Health::Warning;
    model.setFindings({ ok, warning, failed });
    QStringList titles;
    for (int row = 0; row < model.rowCount(); ++row)
        titles += model.index(row, FindingsModel::TitleColumn).data().toString();
    QCOMPARE(titles, QStringList({ QStringLiteral("broken"), QStringLiteral("odd"), QStringLiteral("fine") }));
}

QTEST_MAIN(ActivityTest)
#include "tst_activity.moc"
