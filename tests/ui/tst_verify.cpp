// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/plans.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/examplefleet.h"
#include "ui/operations/planview.h"
#include "ui/person.h"
#include "ui/verify/answerfilter.h"
#include "ui/verify/answermodel.h"
#include "ui/verify/expectation.h"
#include "ui/verify/latencyhistogram.h"
#include "ui/verify/pastrunspanel.h"
#include "ui/verify/runcharts.h"
#include "ui/verify/runexport.h"
#include "ui/verify/sharebar.h"
#include "ui/verify/verifyform.h"
#include "ui/verify/verifyplace.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSpinBox>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <numeric>

using namespace catamaran;
using observe::Health;

namespace {

probe::Sample answer(int index, const QString &version, qint64 atMs, double totalMs = 4)
{
    probe::Sample sample;
    sample.index = index;
    sample.startedAtMs = atMs;
    sample.receivedAtMs = atMs + qint64(totalMs);
    sample.httpCode = 200;
    sample.totalMs = totalMs;
    sample.version = version;
    sample.instance = QStringLiteral("helloworld-%1-7b888").arg(version);
    sample.raw = QStringLiteral("Hello version: %1, instance: %2").arg(version, sample.instance);
    return sample;
}

probe::Sample failure(int index, qint64 atMs)
{
    probe::Sample sample;
    sample.index = index;
    sample.startedAtMs = atMs;
    sample.receivedAtMs = atMs;
    sample.httpCode = 503;
    sample.error = QStringLiteral("upstream connect error");
    sample.raw = sample.error;
    return sample;
}

constexpr qint64 t0 = 1750000000000;

/// Three seconds: 2 x v1 and 2 x v2 each, a failure in the last.
QList<probe::Sample> someSamples()
{
    QList<probe::Sample> samples;
    for (int i = 0; i < 12; ++i)
        samples << answer(i, i % 2 == 0 ? QStringLiteral("v1") : QStringLiteral("v2"), t0 + i * 250, 3 + i);
    samples << failure(12, t0 + 2900);
    return samples;
}

/// The judgement of @p samples against half and half, or against nothing.
ui::JudgedShares judged(const QList<probe::Sample> &samples, bool known = true)
{
    ui::JudgedShares judged;
    if (known) {
        judged.expectation.shares = { { QStringLiteral("v1"), 0.5 }, { QStringLiteral("v2"), 0.5 } };
        judged.expectation.sides = { { QStringLiteral("cluster-1"), { { QStringLiteral("v1"), 1 } }, {} },
            { QStringLiteral("cluster-2"), { { QStringLiteral("v2"), 1 } }, {} } };
        judged.expectation.at = QDateTime::fromMSecsSinceEpoch(t0);
    }
    probe::ShareTest test(judged.expectation.shares);
    test.add(samples);
    judged.verdict = test.verdict();
    return judged;
}

} // namespace

class VerifyTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void clientsComeFirst();
    void aChangeIsSaidInFewWords();
    void whatIsExpectedStandsInTheReport();
    void judgement_data();
    void judgement();
    void moveIsOfferedOnlyWhereItMakesSense();
    void answersAreSearched();
    void shareBarSaysWhatItShows();
    void csvHasALinePerSample();
    void jsonHasFiguresAndSamples();
    void pdfIsOnePageThatCanBeSearched();
    void reportIsOnWhiteInAnyScheme();
    void veryLongRunStillFitsItsPage();
    void failedExportTouchesNothing();
    void runInSightIsExportedWhole();
    void pastRunsComeInPagesWithoutTheirSamples();
    void samplesReachEveryView();
    void secondsCountFromTheFirstRequest();
    void aRunOfOneSecondHasLatencyLines();
    void oneDecimalPointInTheWindow();
    void chartsOfHoursStayRight();
    void everySampleReachesAPaint();
    void answersAreCopiedInCurlsWords();
    void formOffersTheFleet();
    void formKeepsWhatWasChosen();
    void commandFollowsTheForm();
    void planShowsCallsAndUndo();
    void objectsOfOneWorkloadAreOneRow();
    void timesGoByTheLongestChain();
    void bordersMoveByKey();
    void pictures();

private:
    QTemporaryDir m_folder;
    std::shared_ptr<store::Database> m_database;
    std::unique_ptr<ui::Services> m_services;

    [[nodiscard]] ui::PastRun someRun() const;
    /// The bytes of @p run as written to a file of this name.
    [[nodiscard]] QByteArray exported(const ui::PastRun &run, const QString &name);
};

void VerifyTest::initTestCase()
{
    ui::applyTheme(*qApp, ui::Scheme::Light);
    auto database = store::Database::open(m_folder.filePath(QStringLiteral("test.db")));
    QVERIFY2(database.has_value(), database ? "" : qPrintable(database.error().text()));
    m_database = *database;
    m_services = std::make_unique<ui::Services>(m_database->file(), store::makeMemorySecretStore());
}

void VerifyTest::init()
{
    // The offscreen platform says this of any window with size hints.
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints).*")));
}

void VerifyTest::clientsComeFirst()
{
    QCOMPARE(ui::possibleSources(test::guideFleet()).first().text(), QStringLiteral("cluster-1/default/sleep"));
}

void VerifyTest::judgement_data()
{
    const QString v1 = QStringLiteral("v1"), v2 = QStringLiteral("v2");
    QTest::addColumn<QStringList>("answers");
    QTest::addColumn<int>("failed");
    QTest::addColumn<bool>("known");
    QTest::addColumn<int>("health");
    const auto alternating = [&](int count) {
        QStringList list;
        for (int i = 0; i < count; ++i)
            list << (i % 2 == 0 ? v1 : v2);
        return list;
    };
    QTest::newRow("nothing sent") << QStringList() << 0 << true << int(Health::Unknown);
    QTest::newRow("all failed") << QStringList() << 5 << true << int(Health::Failed);
    QTest::newRow("both answer") << alternating(200) << 0 << true << int(Health::Ok);
    QTest::newRow("both answer, a few failed") << alternating(200) << 3 << true << int(Health::Warning);
    QTest::newRow("one version only, beyond chance") << QStringList(50, v1) << 0 << true << int(Health::Failed);
    QTest::newRow("one version only, too few to tell") << QStringList(3, v1) << 0 << true << int(Health::Unknown);
    QTest::newRow("lopsided beyond chance") << alternating(20) + QStringList(180, v1) << 0 << true << int(Health::Warning);
    QTest::newRow("nobody knows what to expect") << QStringList(50, v1) << 0 << false << int(Health::Ok);
}

void VerifyTest::judgement()
{
    QFETCH(const QStringList, answers);
    QFETCH(const int, failed);
    QFETCH(const bool, known);
    QFETCH(const int, health);
    QList<probe::Sample> samples;
    for (const QString &version : answers)
        samples << answer(int(samples.size()), version, t0);
    QCOMPARE(int(ui::judgeShares(int(answers.size()) + failed, int(answers.size()), judged(samples, known).verdict)), health);
}

void VerifyTest::aChangeIsSaidInFewWords()
{
    const QString v1 = QStringLiteral("v1"), v2 = QStringLiteral("v2");
    QCOMPARE(ui::changeText({ 5, t0, { { v1, 50 }, { v2, 50 } }, { { v1, 20 } } }), QStringLiteral("v1: 50 → 100 %"));
    QCOMPARE(ui::changeText({ 5, t0, { { v2, 3 } }, { { v1, 1 }, { v2, 2 } } }), QStringLiteral("v1: 0 → 33 %"));
}

void VerifyTest::moveIsOfferedOnlyWhereItMakesSense()
{
    observe::ObservedFleet fleet = test::guideFleet();
    const ui::ClientMove move = ui::possibleMove(fleet, QStringLiteral("default"));
    QVERIFY(move.isPossible());
    QCOMPARE(move.fromCluster, QStringLiteral("cluster-1"));
    QCOMPARE(move.toCluster, QStringLiteral("cluster-2"));
    QVERIFY(!ui::possibleMove(fleet, QStringLiteral("other")).isPossible());
    // After the move it is offered back.
    fleet.clusters[0].workloads[1].desired = 0;
    fleet.clusters[1].workloads << test::workload(QStringLiteral("sleep"), {}, 1, 1);
    QCOMPARE(ui::possibleMove(fleet, QStringLiteral("default")).toCluster, QStringLiteral("cluster-1"));
    fleet.clusters[0].workloads[1].desired = 1;
    QVERIFY(!ui::possibleMove(fleet, QStringLiteral("default")).isPossible());
}

void VerifyTest::answersAreSearched()
{
    ui::AnswerModel model(nullptr, 10);
    QAbstractItemModelTester tester(&model);
    ui::AnswerFilter filter;
    filter.setSourceModel(&model);
    QAbstractItemModelTester filterTester(&filter);
    model.append(someSamples()); // 13: three fall out at the front
    QCOMPARE(model.rowCount(), 10);
    QCOMPARE(model.sample(0).index, 3);
    filter.setText(QStringLiteral("VERSION: V1"));
    QCOMPARE(filter.rowCount(), 4);
    filter.setText(QStringLiteral("503"));
    QCOMPARE(filter.rowCount(), 1);
    filter.setText({});
    filter.setFailedOnly(true);
    QCOMPARE(filter.rowCount(), 1);
    model.append({ failure(13, t0) });
    QCOMPARE(filter.rowCount(), 2);
    filter.setFailedOnly(false);
    QCOMPARE(filter.rowCount(), 10);
    model.clear();
    QCOMPARE(filter.rowCount(), 0);
}

void VerifyTest::shareBarSaysWhatItShows()
{
    ui::ShareBar bar;
    bar.setShares({ { QStringLiteral("v1"), 98 }, { QStringLiteral("v2"), 100 } }, 2,
        { { QStringLiteral("v1"), 0.5 }, { QStringLiteral("v2"), 0.25 }, { QStringLiteral("v3"), 0.25 } });
    QCOMPARE(bar.parts().size(), 4); // v3 is expected and does not answer; failures last
    QCOMPARE(bar.parts().at(0).count, 98);
    QCOMPARE(bar.parts().at(0).share, 0.49);
    QVERIFY(bar.parts().at(0).interval.low < 0.49 && bar.parts().at(0).interval.high > 0.49);
    QCOMPARE(bar.parts().at(2).count, 0);
    QVERIFY(bar.parts().at(3).error);
    QVERIFY2(bar.accessibleDescription().contains(QStringLiteral("49.0 %")), qPrintable(bar.accessibleDescription()));
    QVERIFY(bar.accessibleDescription().contains(QStringLiteral("expected 50.0 %")));
}

ui::PastRun VerifyTest::someRun() const
{
    probe::RunResult result;
    result.spec.source = { QStringLiteral("cluster-1"), QStringLiteral("default"), QStringLiteral("sleep") };
    result.spec.url = QStringLiteral("http://helloworld:5000/hello");
    result.pod = QStringLiteral("sleep-7b888-x");
    result.samples = someSamples();
    return { 0, QDateTime::fromMSecsSinceEpoch(t0), QStringLiteral("lab"), ui::runContent(result, judged(result.samples)) };
}

void VerifyTest::whatIsExpectedStandsInTheReport()
{
    const QJsonObject content = someRun().content;
    QCOMPARE(content.value(QLatin1String("shares"))[u"state"].toString(), QStringLiteral("as-expected"));
    QVERIFY(content.value(QLatin1String("expectation"))[u"sentence"].toString().startsWith(
        QStringLiteral("Expected: v1 50 %, v2 50 %. Ready endpoints: cluster-1: 1 × v1")));
    QCOMPARE(content.value(QLatin1String("latency_histogram")).toArray().size(), 14);
}

QByteArray VerifyTest::exported(const ui::PastRun &run, const QString &name)
{
    QFile file(m_folder.filePath(name));
    const auto written = ui::exportRun(run, file.fileName());
    if (!written || !file.open(QIODevice::ReadOnly))
        qFatal("%s was not written", qPrintable(name));
    return file.readAll();
}

void VerifyTest::csvHasALinePerSample()
{
    ui::PastRun run = someRun();
    QJsonArray samples = run.content.value(QLatin1String("samples")).toArray();
    QJsonObject first = samples[0].toObject(), second = samples[1].toObject();
    first.insert(QStringLiteral("raw"), QStringLiteral("a \"b\", c"));
    second.insert(QStringLiteral("raw"), QStringLiteral("=HYPERLINK(1)")); // an answer is not to become a formula
    samples[0] = first;
    samples[1] = second;
    run.content.insert(QStringLiteral("samples"), samples);
    const QList<QByteArray> lines = exported(run, QStringLiteral("run.csv")).split('\n');
    QCOMPARE(lines.size(), 15); // header, 13 samples, the last line's end
    QVERIFY2(lines.first().startsWith("index,started_at_ms,http_code,"), lines.first().constData());
    QVERIFY2(lines.at(1).contains("\"a \"\"b\"\", c\""), lines.at(1).constData());
    QVERIFY2(lines.at(2).contains(",'=HYPERLINK(1),"), lines.at(2).constData());
}

void VerifyTest::jsonHasFiguresAndSamples()
{
    const QJsonObject read = QJsonDocument::fromJson(exported(someRun(), QStringLiteral("run.json"))).object();
    QCOMPARE(read.value(QLatin1String("samples")).toArray().size(), 13);
    QCOMPARE(read.value(QLatin1String("requests")).toInt(), 13);
    QCOMPARE(read.value(QLatin1String("errors")).toInt(), 1);
    QCOMPARE(read.value(QLatin1String("expected")).toObject().value(QLatin1String("v1")).toDouble(), 0.5);
    QVERIFY2(read.value(QLatin1String("sentence")).toString().contains(QStringLiteral("both versions answer, as expected")),
        qPrintable(read.value(QLatin1String("sentence")).toString()));
}

void VerifyTest::pdfIsOnePageThatCanBeSearched()
{
    const QByteArray pdf = exported(someRun(), QStringLiteral("run.pdf"));
    QVERIFY2(pdf.startsWith("%PDF-1."), pdf.left(8).constData());
    QVERIFY(pdf.trimmed().endsWith("%%EOF"));
    QCOMPARE(pdf.count("/Type /Page\n"), 1);
    const QString program = QStandardPaths::findExecutable(QStringLiteral("pdftotext"));
    if (program.isEmpty())
        QSKIP("there is no pdftotext to read it with");
    QProcess reader;
    reader.start(program, { QStringLiteral("-layout"), m_folder.filePath(QStringLiteral("run.pdf")), QStringLiteral("-") });
    QVERIFY(reader.waitForFinished());
    const QString text = QString::fromUtf8(reader.readAllStandardOutput()).simplified();
    for (const char *fact : { "http://helloworld:5000/hello", "cluster-1/default/sleep", "sleep-7b888-x",
             "both versions answer, as expected", "1 of 13 requests failed", "v1 6 46.2 %", "v2 6 46.2 %", "failed 1 7.7 %", "50.0 %",
             "helloworld-v1-7b888", "upstream connect error", "Answers per second", "Latency of good answers", "Expectation",
             "Ready endpoints: cluster-1: 1", "from when they were due", "up to 5.0 ms: 3" })
        QVERIFY2(text.contains(QLatin1String(fact)), qPrintable(QLatin1String(fact) + QStringLiteral(" is not in: ") + text));
    // What the charts draw themselves is as small as the rest, within the page.
    reader.start(program, { QStringLiteral("-bbox"), m_folder.filePath(QStringLiteral("run.pdf")), QStringLiteral("-") });
    QVERIFY(reader.waitForFinished());
    const QString boxes = QString::fromUtf8(reader.readAllStandardOutput());
    const QRegularExpression word(QStringLiteral("xMin=\"([\\d.]+)\" yMin=\"([\\d.]+)\" xMax=\"([\\d.]+)\" yMax=\"([\\d.]+)\">p99<"));
    const QRegularExpressionMatch label = word.match(boxes, boxes.lastIndexOf(QLatin1String(">Latency<")));
    QVERIFY2(label.hasMatch(), qPrintable(boxes.right(600)));
    QVERIFY2(label.captured(4).toDouble() - label.captured(2).toDouble() < 20 && label.captured(3).toDouble() < 595,
        qPrintable(label.captured(0)));
}

void VerifyTest::reportIsOnWhiteInAnyScheme()
{
    ui::applyTheme(*qApp, ui::Scheme::Dark);
    const auto light = qScopeGuard([] { ui::applyTheme(*qApp, ui::Scheme::Light); });
    QImage picture;
    QVERIFY(picture.loadFromData(exported(someRun(), QStringLiteral("run.png")), "PNG"));
    QCOMPARE(picture.size(), QSize(1520, 2172));
    int dark = 0, series = 0;
    for (int y = 0; y < picture.height(); y += 2) {
        for (int x = 0; x < picture.width(); x += 2) {
            const QColor colour = picture.pixelColor(x, y);
            dark += colour.lightness() < 90;
            series += colour == ui::lightTheme().seriesOf(QStringLiteral("v1"));
        }
    }
    QVERIFY2(series > 500, qPrintable(QString::number(series))); // the chart is there, with its colours
    QVERIFY2(dark < picture.width() * picture.height() / 4 / 10, qPrintable(QString::number(dark))); // and no dark ground
}

void VerifyTest::veryLongRunStillFitsItsPage()
{
    probe::RunResult result;
    result.spec.url = QStringLiteral("http://helloworld:5000/hello");
    for (int i = 0; i < 400; ++i) {
        result.samples << answer(i, QStringLiteral("v%1").arg(i % 40), t0 + i * 50);
        result.samples.last().instance = QStringLiteral("helloworld-%1").arg(i);
    }
    ui::PastRun run { 0, QDateTime::fromMSecsSinceEpoch(t0), {}, ui::runContent(result, {}, 100) };
    QCOMPARE(run.content.value(QLatin1String("samplesOmitted")).toInt(), 300);
    QCOMPARE(run.requests(), 400); // figures count all
    QCOMPARE(exported(run, QStringLiteral("long.pdf")).count("/Type /Page\n"), 1);
}

void VerifyTest::failedExportTouchesNothing()
{
    QVERIFY(!ui::exportRun(someRun(), QStringLiteral("/nowhere/at/all.csv")).has_value());
    const QString file = m_folder.filePath(QStringLiteral("notes.txt"));
    QFile notes(file);
    QVERIFY(notes.open(QIODevice::WriteOnly) && notes.write("mine") == 4);
    notes.close();
    const auto refused = ui::exportRun(someRun(), file); // the name does not say what to write
    QVERIFY(!refused.has_value());
    QVERIFY2(refused.error().remedy.contains(QStringLiteral(".pdf")), qPrintable(refused.error().text()));
    QVERIFY(notes.open(QIODevice::ReadOnly));
    QCOMPARE(notes.readAll(), QByteArray("mine"));
}

void VerifyTest::runInSightIsExportedWhole()
{
    ui::VerifyPlace place(*m_services);
    place.resize(1100, 760);
    place.show();
    place.findChild<QStackedWidget *>()->setCurrentIndex(1); // the empty state is in front without an environment
    place.takeSamples(someSamples());
    QTRY_COMPARE(place.series().requests(), 13);
    for (const char *name : { "shown.csv", "shown.pdf", "shown.png", "shown.json" }) {
        const QString file = m_folder.filePath(QLatin1String(name));
        test::click(place, "exportAnswers");
        test::saveAs(place, file);
        QTRY_VERIFY2(QFile::exists(file), name);
        QTRY_VERIFY(!place.findChild<QFileDialog *>());
    }
    auto *banner = place.findChild<ui::ErrorBanner *>(QStringLiteral("verifyError"));
    QVERIFY2(banner->text().contains(QStringLiteral("shown.json")), qPrintable(banner->text()));
    QFile csv(m_folder.filePath(QStringLiteral("shown.csv")));
    QVERIFY(csv.open(QIODevice::ReadOnly));
    QCOMPARE(csv.readAll().count('\n'), 14);
    QVERIFY(!QImage(m_folder.filePath(QStringLiteral("shown.png"))).isNull());
}

void VerifyTest::pastRunsComeInPagesWithoutTheirSamples()
{
    const QString environment = QStringLiteral("pages");
    const auto keep = [&] { return m_database->save({ 0, {}, QStringLiteral("run"), environment, {}, someRun().content }).has_value(); };
    const auto many = m_database->transaction(QStringLiteral("keep runs"), [&]() -> core::Result<core::Done> { // one wait for the disk
        for (int i = 0; i < 250; ++i)
            if (!keep())
                return core::fail(core::ErrorKind::Storage, {}, {}, {});
        return core::Done {};
    });
    QVERIFY(many.has_value());
    ui::PastRunsPanel panel(m_services->history());
    panel.resize(900, 400);
    panel.show();
    panel.reload(environment);
    auto *model = panel.model();
    QAbstractItemModelTester tester(model);
    QTRY_VERIFY(model->rowCount() >= 100); // a view that has room asks for more by itself
    QVERIFY(!model->run(0).content.contains(QLatin1String("samples")));
    QCOMPARE(model->run(0).requests(), 13);
    // Whoever comes to the end of the list gets the next page; at last there is none.
    auto *table = panel.findChild<QTableView *>(QStringLiteral("pastRuns"));
    table->setFocus();
    table->setCurrentIndex(model->index(0, 0));
    for (const int rows : { 200, 250 }) {
        QVERIFY(model->hasMore());
        QTest::keyClick(table, Qt::Key_End, Qt::ControlModifier);
        QTRY_COMPARE(model->rowCount(), rows);
    }
    QVERIFY(!model->hasMore());
    for (int row = 1; row < model->rowCount(); ++row)
        QVERIFY(model->run(row - 1).id > model->run(row).id);
    // A new run comes on top, and the older pages stay.
    QVERIFY(keep());
    panel.reload(environment);
    QTRY_COMPARE(model->rowCount(), 251);
    QVERIFY(!model->hasMore());
    // What is exported is read whole.
    QSignalSpy exports(&panel, &ui::PastRunsPanel::exportRequested);
    const auto choose = [&](int row) { // alone, whatever keys were held before
        table->clearSelection();
        table->selectRow(row);
    };
    choose(220);
    panel.findChild<QPushButton *>(QStringLiteral("exportRun"))->click();
    QTRY_COMPARE(exports.size(), 1);
    const auto whole = exports.first().first().value<ui::PastRun>();
    QCOMPARE(whole.id, model->run(220).id);
    QCOMPARE(whole.content, someRun().content);
    choose(0);
    panel.findChild<QPushButton *>(QStringLiteral("removeRun"))->click();
    QTRY_COMPARE(model->rowCount(), 250);
    // Another environment's are not among them.
    panel.reload(QStringLiteral("elsewhere"));
    QTRY_COMPARE(model->rowCount(), 0);
}

void VerifyTest::samplesReachEveryView()
{
    ui::VerifyPlace place(*m_services);
    place.resize(1100, 760);
    place.show();
    auto *shares = place.findChild<ui::ShareBar *>(QStringLiteral("shares"));
    auto *chart = place.findChild<ui::AnswersChart *>(QStringLiteral("answersChart"));
    auto *latency = place.findChild<ui::LatencyChart *>(QStringLiteral("latencyChart"));
    auto *instances = place.findChild<QTableView *>(QStringLiteral("instances"));
    auto *answers = place.findChild<QTableView *>(QStringLiteral("answers"));
    auto *sentence = place.findChild<QLabel *>(QStringLiteral("sentence"));
    QVERIFY(shares && chart && latency && instances && answers && sentence);
    QAbstractItemModelTester answersTester(answers->model());
    QAbstractItemModelTester instancesTester(instances->model());

    place.takeSamples(someSamples());
    QTRY_COMPARE(place.series().requests(), 13);
    QCOMPARE(shares->parts().size(), 3);
    QCOMPARE(shares->parts().at(0).count, 6);
    QCOMPARE(answers->model()->rowCount(), 13);
    QCOMPARE(instances->model()->rowCount(), 3); // two instances and a reason
    QCOMPARE(chart->value(QStringLiteral("v1"), 0), 2.0);
    QCOMPARE(chart->value(QStringLiteral("v2"), 2), 2.0);
    QCOMPARE(chart->value(ui::RunSeries::errorKey(), 2), 1.0);
    QCOMPARE(chart->value(ui::RunSeries::errorKey(), 0), 0.0);
    QCOMPARE(latency->points(50).size(), 3);
    QCOMPARE(latency->points(99).last().y(), 14.0);
    QVERIFY2(sentence->text().contains(QStringLiteral("v1 50 %")), qPrintable(sentence->text()));
    QVERIFY2(sentence->text().contains(QStringLiteral("1 of 13 requests failed")), qPrintable(sentence->text()));
}

void VerifyTest::secondsCountFromTheFirstRequest()
{
    // Begun late in a second of the clock: what was sent within one second stands in one bar all the same.
    ui::RunSeries series;
    series.add({ answer(0, QStringLiteral("v1"), t0 + 900, 5), answer(1, QStringLiteral("v2"), t0 + 1400, 7),
        answer(2, QStringLiteral("v2"), t0 + 1899, 7), answer(3, QStringLiteral("v1"), t0 + 2900, 7) });
    QCOMPARE(series.beginMs(), t0 + 900);
    QCOMPARE(series.seconds().size(), 3);
    QCOMPARE(series.seconds().at(0).total, 3);
    QCOMPARE(series.seconds().at(1).total, 0);
    QCOMPARE(series.seconds().at(2).total, 1);
    QCOMPARE(series.rate(), 1.5); // three more in two seconds
    // Sent before the first, told later.
    series.add({ answer(4, QStringLiteral("v1"), t0 + 850, 5) });
    QCOMPARE(series.seconds().first().second, -1);
    QCOMPARE(series.seconds().size(), 4);
}

void VerifyTest::aRunOfOneSecondHasLatencyLines()
{
    ui::RunSeries series;
    series.add({ answer(0, QStringLiteral("v1"), t0, 5), answer(1, QStringLiteral("v2"), t0 + 100, 7) });
    ui::LatencyChart chart;
    chart.refresh(series);
    const QList<QPointF> p99 = chart.points(99);
    QCOMPARE(p99.size(), 2); // a single point would draw nothing
    QCOMPARE(p99.first().y(), 7.0);
    QVERIFY(p99.last().x() > p99.first().x() + 0.5);
}

void VerifyTest::oneDecimalPointInTheWindow()
{
    const QLocale before;
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    const auto back = qScopeGuard([before] { QLocale::setDefault(before); });
    ui::VerifyPlace place(*m_services);
    place.resize(1100, 760);
    place.show();
    QList<probe::Sample> samples;
    for (int i = 0; i < 200; ++i)
        samples << answer(i, i < 99 ? QStringLiteral("v1") : QStringLiteral("v2"), t0 + i * 40, 3.25 + 0.01 * i);
    place.takeSamples(samples);
    QTRY_COMPARE(place.series().requests(), 200);
    QStringList texts { place.findChild<ui::ShareBar *>(QStringLiteral("shares"))->accessibleDescription() };
    for (const QLabel *label : place.findChildren<QLabel *>())
        texts << label->text();
    for (const char *name : { "instances", "answers" }) {
        const QAbstractItemModel *model = place.findChild<QTableView *>(QLatin1String(name))->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            for (int column = 0; column < model->columnCount(); ++column)
                texts << model->index(row, column).data().toString() << model->index(row, column).data(Qt::ToolTipRole).toString();
        }
    }
    const QString all = texts.join(u'\n');
    QVERIFY(all.contains(QStringLiteral("49,5 %")) && all.contains(QStringLiteral("50,5 %")));
    QVERIFY2(
        all.contains(QStringLiteral("v1 49 %, v2 51 % of 200")), qPrintable(place.findChild<QLabel *>(QStringLiteral("sentence"))->text()));
    const QRegularExpression point(QStringLiteral("[0-9]\\.[0-9]+ (?:%|ms|s)\\b|[0-9]\\.[0-9]+ %"));
    QVERIFY2(!point.match(all).hasMatch(), qPrintable(point.match(all).captured(0)));
}

void VerifyTest::chartsOfHoursStayRight()
{
    // Three hours at 20 a second: what was long ago is given up, what is shown and what is counted stays as it was measured.
    ui::RunSeries series;
    constexpr int rate = 20, seconds = 3 * 3600;
    int sent = 0;
    for (int second = 0; second < seconds; ++second) {
        QList<probe::Sample> few;
        for (int i = 0; i < rate; ++i, ++sent)
            few << (second == seconds - 100 && i == 0
                    ? failure(sent, t0 + second * 1000LL)
                    : answer(sent, i % 4 == 0 ? QStringLiteral("v1") : QStringLiteral("v2"), t0 + second * 1000LL + i * 50, 5 + i));
        series.add(few);
    }
    QCOMPARE(series.requests(), rate * seconds);
    QCOMPARE(series.errors(), 1);
    QCOMPARE(series.versions().value(QStringLiteral("v1")), rate / 4 * seconds - 1);
    QCOMPARE(series.seconds().size(), 3600);
    qsizetype values = 0;
    for (const ui::RunSeries::Second &second : series.seconds()) {
        values += second.latencies.capacity();
        QCOMPARE(second.total, rate);
        QVERIFY(second.hasLatency);
        QCOMPARE(series.percentilesOf(second).p50, second.counts.contains(ui::RunSeries::errorKey()) ? 15.0 : 14.0);
    }
    QVERIFY2(values < 200 * 2 * rate, qPrintable(QString::number(values)));
    const probe::Percentiles latency = series.summary().latencyMs;
    QVERIFY(
        std::abs(latency.p50 - 15) <= 15 * probe::Latencies::errorShare && std::abs(latency.p99 - 24) <= 24 * probe::Latencies::errorShare);
    ui::AnswersChart answers;
    answers.refresh(series);
    QCOMPARE(answers.value(QStringLiteral("v1"), seconds - 1), rate / 4.0);
    QCOMPARE(answers.value(QStringLiteral("v2"), seconds - 1), rate * 3 / 4.0);
    answers.setWholeRun(true);
    answers.refresh(series);
    QCOMPARE(answers.value(ui::RunSeries::errorKey(), seconds - 100), 1.0);
    ui::LatencyChart latencies;
    latencies.setWholeRun(true);
    latencies.refresh(series);
    QCOMPARE(latencies.points(50).size(), 3600);
    QCOMPARE(latencies.points(50).first().y(), 14.0);
}

void VerifyTest::everySampleReachesAPaint()
{
    // 200 samples per second for a second, as a run delivers them; its place is on the screen.
    ui::VerifyPlace place(*m_services);
    place.resize(1100, 760);
    place.show();
    // The empty state is in front without an environment: bring the charts forward.
    auto *chart = place.findChild<ui::AnswersChart *>(QStringLiteral("answersChart"));
    chart->setParent(nullptr);
    chart->resize(700, 200);
    chart->show();
    QVERIFY(QTest::qWaitForWindowExposed(chart));
    int sent = 0;
    QTimer source;
    source.setTimerType(Qt::PreciseTimer);
    connect(&source, &QTimer::timeout, &place, [&] {
        QList<probe::Sample> few;
        for (int i = 0; i < 4; ++i, ++sent)
            few << answer(sent, sent % 2 == 0 ? QStringLiteral("v1") : QStringLiteral("v2"), t0 + sent * 5);
        place.takeSamples(few);
        if (sent >= 200)
            source.stop();
    });
    source.start(20);
    QTRY_COMPARE(int(place.paintDelays().size()), 200);
    delete chart;
}

void VerifyTest::answersAreCopiedInCurlsWords()
{
    ui::VerifyPlace place(*m_services);
    place.takeSamples(someSamples());
    QTRY_COMPARE(place.series().requests(), 13);
    place.findChild<QLineEdit *>(QStringLiteral("searchAnswers"))->setText(QStringLiteral("v2"));
    QTest::mouseClick(place.findChild<QPushButton *>(QStringLiteral("copyAnswers")), Qt::LeftButton);
    const QStringList lines = QApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.size(), 6);
    QCOMPARE(lines.first(), QStringLiteral("Hello version: v2, instance: helloworld-v2-7b888"));
}

void VerifyTest::formOffersTheFleet()
{
    ui::VerifyForm form;
    auto *start = form.findChild<QPushButton *>(QStringLiteral("start"));
    QVERIFY(!start->isEnabled());
    form.setFleet(test::guideFleet());
    QCOMPARE(form.spec().source.text(), QStringLiteral("cluster-1/default/sleep"));
    QCOMPARE(form.spec().url, QStringLiteral("http://helloworld:5000/hello"));
    QVERIFY(start->isEnabled());
    QSignalSpy wanted(&form, &ui::VerifyForm::startRequested);
    form.show();
    QTest::mouseClick(start, Qt::LeftButton);
    QCOMPARE(wanted.count(), 1);
    form.setRunning(true);
    QVERIFY(!start->isEnabled());
    QVERIFY(form.findChild<QPushButton *>(QStringLiteral("stop"))->isEnabled());
}

void VerifyTest::formKeepsWhatWasChosen()
{
    ui::VerifyForm form;
    form.show();
    form.setFleet(test::guideFleet());
    auto *cluster = form.findChild<QComboBox *>(QStringLiteral("sourceCluster"));
    cluster->setFocus();
    QTest::keyClick(cluster, Qt::Key_Down);
    QCOMPARE(form.spec().source.cluster, QStringLiteral("cluster-2"));
    QCOMPARE(form.spec().source.workload, QStringLiteral("helloworld-v2"));
    observe::ObservedFleet later = test::guideFleet();
    later.clusters[1].workloads << test::workload(QStringLiteral("sleep"), {}, 1, 1);
    form.setFleet(later);
    QCOMPARE(form.spec().source.text(), QStringLiteral("cluster-2/default/helloworld-v2"));
    form.setSource({ QStringLiteral("cluster-2"), QStringLiteral("default"), QStringLiteral("sleep") });
    form.setFleet(later);
    QCOMPARE(form.spec().source.text(), QStringLiteral("cluster-2/default/sleep"));
    // A source that is gone gives way to one that exists.
    form.setFleet(test::guideFleet());
    QCOMPARE(form.spec().source.text(), QStringLiteral("cluster-2/default/helloworld-v2"));
}

void VerifyTest::commandFollowsTheForm()
{
    ui::VerifyForm form;
    form.show();
    form.setFleet(test::guideFleet());
    const QString before = form.findChild<ui::CommandBox *>()->command();
    QVERIFY2(before.startsWith(QStringLiteral("kubectl --kubeconfig /k/1 --context=context-1 -n default exec deploy/sleep ")),
        qPrintable(before));
    auto *count = form.findChild<QSpinBox *>(QStringLiteral("count"));
    count->setValue(7);
    QCOMPARE(form.spec().count, 7);
    QVERIFY(form.findChild<ui::CommandBox *>()->command() != before);
    auto *amount = form.findChild<QComboBox *>(QStringLiteral("amount"));
    QTest::keyClick(amount, Qt::Key_Down);
    QCOMPARE(form.spec().count, 0);
    QCOMPARE(form.spec().duration, std::chrono::milliseconds(30000));
    QTest::keyClick(amount, Qt::Key_Down);
    QVERIFY(form.isEndless());
    QVERIFY(form.spec().check(true).has_value());
}

namespace {

ops::DescribedStep described(
    const QString &id, const QString &subject, const QStringList &dependsOn = {}, int seconds = 5, const QString &lane = {})
{
    ops::DescribedStep one;
    one.step.id = id;
    one.step.dependsOn = dependsOn;
    one.step.operation.kind = QStringLiteral("kube.apply");
    one.words.title = QStringLiteral("Apply ") + id;
    one.words.subject = subject;
    one.words.command = QStringLiteral("kubectl apply ") + id;
    one.words.undo = QStringLiteral("kubectl delete ") + id;
    one.words.usualSeconds = seconds;
    one.words.lane = lane;
    return one;
}

QList<ops::DescribedStep> sleepInTwoClusters()
{
    QList<ops::DescribedStep> steps;
    for (const QString &cluster : { QStringLiteral("cluster-1"), QStringLiteral("cluster-2") }) {
        const QString id = QStringLiteral("deploy-sleep-") + cluster, place = cluster + QStringLiteral("/default/");
        steps << described(id + QStringLiteral("-serviceaccount"), place + QStringLiteral("serviceaccounts/sleep"))
              << described(id + QStringLiteral("-service"), place + QStringLiteral("services/sleep"))
              << described(id, place + QStringLiteral("deployments.apps/sleep"),
                     { id + QStringLiteral("-serviceaccount"), id + QStringLiteral("-service") }, 20);
    }
    return steps;
}

ops::StepProgress progressOf(const QString &id, ops::StepState state, qint64 elapsedMs = 1200)
{
    ops::StepProgress progress { id, state };
    progress.elapsedMs = elapsedMs;
    return progress;
}

} // namespace

void VerifyTest::planShowsCallsAndUndo()
{
    const ui::ShownPlan plan
        = ui::shownPlan(fleet::movePlan({ QStringLiteral("default"), QStringLiteral("cluster-1"), QStringLiteral("cluster-2") }), {});
    QVERIFY(plan.steps.size() >= 2);
    ui::PlanView view;
    QAbstractItemModelTester tester(view.model());
    view.resize(600, 500);
    view.show();
    view.setSteps(plan.steps);
    QVERIFY(ui::planAsScript(plan.steps).contains(plan.steps.first().words.command));
    const QString first = plan.steps.first().step.id;
    view.setProgress(progressOf(first, ops::StepState::Done));
    QCOMPARE(view.model()->count(ops::StepState::Done), 1);
    QVERIFY(view.model()->indexOf(first).siblingAtColumn(ui::StepModel::StateColumn).data().toString().contains(QStringLiteral("done")));
    view.setSteps(plan.steps); // the same steps keep their states
    QCOMPARE(view.model()->count(ops::StepState::Done), 1);
    view.resetStates();
    QCOMPARE(view.model()->count(ops::StepState::Done), 0);
}

void VerifyTest::objectsOfOneWorkloadAreOneRow()
{
    ui::PlanView view;
    QAbstractItemModelTester tester(view.model());
    view.resize(600, 500);
    view.show();
    QList<ops::DescribedStep> steps = sleepInTwoClusters();
    steps << described(QStringLiteral("deploy-sleep-cluster-1-namespace"),
        QStringLiteral("cluster-3/default/services/sleep")); // its name only looks alike
    view.setSteps(steps);
    const ui::StepModel &model = *view.model();
    const auto state = [&](int row) { return model.index(row, ui::StepModel::StateColumn).data().toString(); };
    QCOMPARE(model.rowCount(), 3);
    QVERIFY2(model.index(0, 0).data().toString().endsWith(QStringLiteral("Deploy sleep in cluster-1")),
        qPrintable(model.index(0, 0).data().toString()));
    QCOMPARE(model.rowCount(model.index(0, 0)), 3);
    QCOMPARE(model.rowCount(model.index(2, 0)), 0);
    // One state for all, and several at once.
    const QString one = QStringLiteral("deploy-sleep-cluster-1"), two = QStringLiteral("deploy-sleep-cluster-2");
    view.setProgress(progressOf(one + QStringLiteral("-service"), ops::StepState::Running));
    view.setProgress(progressOf(two + QStringLiteral("-service"), ops::StepState::Running));
    QCOMPARE(state(0), QStringLiteral("▶ running"));
    QCOMPARE(state(1), QStringLiteral("▶ running"));
    view.setProgress(progressOf(one + QStringLiteral("-service"), ops::StepState::Done));
    QCOMPARE(state(0), QStringLiteral("▶ 1 of 3 done"));
    ops::StepProgress unknown = progressOf(one, ops::StepState::Unknown);
    unknown.error = core::Error::make(
        core::ErrorKind::Network, QStringLiteral("apply it"), QStringLiteral("cluster-1"), QStringLiteral("the connection was lost"));
    view.setFollowing(true);
    view.setProgress(unknown);
    QCOMPARE(state(0), QStringLiteral("? no answer"));
    // It is looked at by itself, its row is opened, and its words are neither done nor failed.
    auto *said = test::part<ui::ErrorBanner>(view, "stepSaid");
    QVERIFY(said->isVisible());
    QVERIFY2(said->text().startsWith(QStringLiteral("Sent, no answer")) && said->text().contains(QStringLiteral("the connection was lost")),
        qPrintable(said->text()));
    const QColor colour = model.index(0, ui::StepModel::StateColumn).data(Qt::ForegroundRole).value<QColor>();
    QVERIFY(colour != ui::themeOf(&view).ok && colour != ui::themeOf(&view).failed);
    ops::StepProgress skipped = progressOf(two, ops::StepState::Skipped, 0);
    skipped.note = QStringLiteral("not begun, because this is not done: Apply it");
    view.setProgress(skipped);
    view.showStep(two);
    QVERIFY2(said->text().contains(skipped.note), qPrintable(said->text()));
}

void VerifyTest::timesGoByTheLongestChain()
{
    // Both clusters at once: the slower one counts.
    QCOMPARE(ui::usualMs(sleepInTwoClusters()), 25000);
    // What is in one lane goes one after the other.
    QCOMPARE(ui::usualMs({ described(QStringLiteral("a"), QStringLiteral("mesh-1"), {}, 40, QStringLiteral("mesh mesh-1")),
                 described(QStringLiteral("b"), QStringLiteral("mesh-1"), {}, 30, QStringLiteral("mesh mesh-1")) }),
        70000);
    // Whatever order they stand in, and also when they wait for each other, which no plan does.
    QCOMPARE(ui::usualMs({ described(QStringLiteral("late"), {}, { QStringLiteral("early") }, 10),
                 described(QStringLiteral("early"), {}, {}, 20) }),
        30000);
    QVERIFY(ui::usualMs({ described(QStringLiteral("a"), {}, { QStringLiteral("b") }),
                described(QStringLiteral("b"), {}, { QStringLiteral("a") }) })
        > 0);
    ui::StepModel model;
    model.setSteps(sleepInTwoClusters());
    QCOMPARE(model.remainingMs(), 25000);
    for (const ops::DescribedStep &one : model.steps())
        if (one.words.usualSeconds == 5)
            model.setProgress(progressOf(one.step.id, ops::StepState::Done));
    QCOMPARE(model.remainingMs(), 20000);
    QVERIFY2(ui::runningText(model, 12000).contains(QStringLiteral("4 of 6 steps done, 12 s so far, about 20 s to go")),
        qPrintable(ui::runningText(model, 12000)));
}

void VerifyTest::bordersMoveByKey()
{
    ui::PlanView view;
    view.resize(600, 500);
    view.show();
    QVERIFY(QTest::qWaitForWindowActive(&view));
    view.setSteps(sleepInTwoClusters());
    auto *splitter = view.findChild<QSplitter *>();
    QWidget *border = splitter->handle(1);
    QVERIFY(border->focusPolicy() & Qt::TabFocus);
    border->setFocus(Qt::TabFocusReason);
    const QList<int> before = splitter->sizes();
    QTest::keyClick(border, Qt::Key_Up);
    QVERIFY2(splitter->sizes().first() < before.first(), qPrintable(QString::number(splitter->sizes().first())));
    QVERIFY2(border->accessibleDescription().contains(QLatin1Char('%')), qPrintable(border->accessibleDescription()));
    QTest::keyClick(border, Qt::Key_Down);
    QCOMPARE(splitter->sizes(), before);
    QTest::keyClick(border, Qt::Key_Home);
    const int least = splitter->sizes().first();
    QTest::keyClick(border, Qt::Key_Up); // no further
    QCOMPARE(splitter->sizes().first(), least);
    QVERIFY(least > 0);
    QTest::keyClick(border, Qt::Key_Left); // across is not its way
    QCOMPARE(splitter->sizes().first(), least);
}

void VerifyTest::pictures()
{
    // Kept when asked for: CATAMARAN_PICTURES=DIR. The test is that drawing warns of nothing in either scheme.
    const QString folder = qEnvironmentVariable("CATAMARAN_PICTURES");
    for (const ui::Scheme scheme : { ui::Scheme::Light, ui::Scheme::Dark }) {
        ui::applyTheme(*qApp, scheme);
        ui::VerifyPlace place(*m_services);
        place.resize(930, 640);
        place.show();
        QPixmap empty = place.grab();
        QList<probe::Sample> samples;
        for (int i = 0; i < 900; ++i) {
            const bool broken = i > 420 && i < 470 && i % 3 != 0;
            samples << (broken ? failure(i, t0 + i * 50)
                               : answer(i,
                                   i > 420 && i < 600     ? QStringLiteral("v2")
                                       : (i * 7) % 13 < 6 ? QStringLiteral("v1")
                                                          : QStringLiteral("v2"),
                                   t0 + i * 50, 3 + (i * 37) % 11 + (broken ? 30 : 0)));
        }
        place.findChild<QStackedWidget *>()->setCurrentIndex(1);
        place.findChild<ui::VerifyForm *>()->setFleet(test::guideFleet());
        place.takeSamples(samples);
        QTRY_COMPARE(place.series().requests(), 900);
        QCoreApplication::processEvents(); // lay out what has just grown
        // Where the shares changed, and changed back.
        QTRY_COMPARE(place.findChild<ui::AnswersChart *>()->marks().size(), 2);
        QCOMPARE(place.findChild<ui::AnswersChart *>()->marks().first().text, QStringLiteral("v1: 46 → 0 %"));
        const auto &counts = place.findChild<ui::LatencyHistogram *>()->counts();
        QCOMPARE(std::accumulate(counts.begin(), counts.end(), 0), place.series().ok());
        QPixmap full = place.grab();
        place.findChild<QTabWidget *>()->setCurrentIndex(2);
        QPixmap latency = place.grab();
        QVERIFY(!full.isNull() && !empty.isNull() && !latency.isNull());
        if (!folder.isEmpty()) {
            QVERIFY(empty.save(QStringLiteral("%1/verify-empty-%2.png").arg(folder, ui::schemeName(scheme))));
            QVERIFY(full.save(QStringLiteral("%1/verify-%2.png").arg(folder, ui::schemeName(scheme))));
            QVERIFY(latency.save(QStringLiteral("%1/verify-latency-%2.png").arg(folder, ui::schemeName(scheme))));
        }
    }
    ui::applyTheme(*qApp, ui::Scheme::Light);
}

QTEST_MAIN(VerifyTest)
#include "tst_verify.moc"
