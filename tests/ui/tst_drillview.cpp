// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/restoration.h"
#include "ui/drills/drillhistory.h"
#include "ui/drills/drilllibrary.h"
#include "ui/drills/drillpdf.h"
#include "ui/drills/drilltimeline.h"
#include "ui/drills/drilltrend.h"
#include "ui/drills/drillview.h"
#include "ui/drills/losethis.h"
#include "ui/examplefleet.h"
#include "ui/verify/runcharts.h"

#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QDialog>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScreen>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace catamaran;
using namespace catamaran::ui;

namespace {

constexpr qint64 t0 = 1764000000000;

drill::DrillDocument failover()
{
    const auto drills = drill::builtinDrills();
    return drills.at(0);
}

probe::Sample sample(int index, qint64 atMs, bool ok, const QString &version = QStringLiteral("v2"))
{
    probe::Sample one;
    one.index = index;
    one.startedAtMs = atMs;
    one.receivedAtMs = atMs + 5;
    one.httpCode = ok ? 200 : 503;
    one.version = ok ? version : QString();
    return one;
}

QList<drill::PhaseMark> allPhases()
{
    return { { drill::Phase::Preparing, t0, {} }, { drill::Phase::Steady, t0 + 200, {} }, { drill::Phase::Fault, t0 + 3000, {} },
        { drill::Phase::Observing, t0 + 3100, {} }, { drill::Phase::Restoring, t0 + 9000, {} }, { drill::Phase::Proving, t0 + 9500, {} },
        { drill::Phase::Done, t0 + 10000, {} } };
}

} // namespace

class DrillViewTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints).*"))); }
    void productionAsksForTheNameOfTheEnvironment();
    void aDrillThatCannotRunSaysWhyAndCannotBeStarted();
    void escapeTwiceStops();
    void escapeOnceDoesNotStop();
    void theFaultIsAnnouncedWithItsObject();
    void theTimelineHasABarForWhatHappened();
    void theTimelineOfALongDrillIsBounded();
    void aLongKeptDrillSaysWhatItLeftOut();
    void whatIsNotBackIsPutBackByAWholeCommand();
    void theResultShowsVerdictFiguresAndProof();
    void timelineAndChartShareTheirSeconds();
    void aMarkLeavesNothingBehind();
    void theHistoryIsASoundModel();
    void twoKeptDrillsAreComparedAndTheTrendIsOfTheirKind();
    void aReportIsPrinted();
    void aControlPlaneIsLostWhereItRuns();
};

void DrillViewTest::productionAsksForTheNameOfTheEnvironment()
{
    DrillView view;
    view.prepare(failover(), QStringLiteral("payments"));
    view.show();
    auto *start = view.findChild<QPushButton *>(QStringLiteral("startDrill"));
    auto *typed = view.findChild<QLineEdit *>(QStringLiteral("typeEnvironment"));
    QSignalSpy asked(&view, &DrillView::startRequested);
    QVERIFY(typed->isVisible());
    QVERIFY(!start->isEnabled());
    QTest::keyClicks(typed, QStringLiteral("payment"));
    QVERIFY(!start->isEnabled());
    QTest::keyClick(typed, Qt::Key_Return);
    QCOMPARE(asked.size(), 0);
    QTest::keyClicks(typed, QStringLiteral("s"));
    QVERIFY(start->isEnabled());
    QTest::keyClick(typed, Qt::Key_Return);
    QCOMPARE(asked.size(), 1);
}

void DrillViewTest::aDrillThatCannotRunSaysWhyAndCannotBeStarted()
{
    DrillView view;
    view.prepare(failover(), {});
    view.show();
    auto *start = view.findChild<QPushButton *>(QStringLiteral("startDrill"));
    QVERIFY(start->isEnabled());
    view.setReasons({ core::Error::make(core::ErrorKind::Precondition, QStringLiteral("look at helloworld-v1"), QStringLiteral("cluster-1"),
        QStringLiteral("it has no ready pod")) });
    QVERIFY(!start->isEnabled());
    bool said = false;
    for (const QLabel *label : view.findChildren<QLabel *>())
        said = said || (label->isVisible() && label->text().contains(QStringLiteral("it has no ready pod")));
    QVERIFY(said);
    view.setReasons({});
    QVERIFY(start->isEnabled());
}

void DrillViewTest::escapeTwiceStops()
{
    DrillView view;
    view.prepare(failover(), {});
    view.show();
    view.begin();
    QSignalSpy stopped(&view, &DrillView::stopRequested);
    QTest::keyClick(&view, Qt::Key_Escape);
    QCOMPARE(stopped.size(), 0);
    QTest::keyClick(&view, Qt::Key_Escape);
    QCOMPARE(stopped.size(), 1);
    QVERIFY(!view.findChild<QPushButton *>(QStringLiteral("stopDrill"))->isEnabled()); // once is enough
}

void DrillViewTest::escapeOnceDoesNotStop()
{
    DrillView view;
    view.prepare(failover(), {});
    view.show();
    view.begin();
    auto *stop = view.findChild<QPushButton *>(QStringLiteral("stopDrill"));
    const QString before = stop->text();
    QSignalSpy stopped(&view, &DrillView::stopRequested);
    QTest::keyClick(&view, Qt::Key_Escape);
    QVERIFY(stop->text() != before); // it says that one more is needed
    QTRY_COMPARE_WITH_TIMEOUT(stop->text(), before, 10000);
    QTest::keyClick(&view, Qt::Key_Escape);
    QCOMPARE(stopped.size(), 0);
}

void DrillViewTest::theFaultIsAnnouncedWithItsObject()
{
    DrillView view;
    view.prepare(failover(), {});
    view.begin();
    QSignalSpy fault(&view, &DrillView::fault);
    QSignalSpy over(&view, &DrillView::faultsOver);
    for (const auto &mark : allPhases()) {
        view.takePhase(mark);
        if (mark.phase == drill::Phase::Observing) {
            QCOMPARE(fault.size(), 1);
            QCOMPARE(fault.first().first().toString(), QStringLiteral("workload:cluster-1/default/helloworld-v1"));
            QCOMPARE(over.size(), 0);
        }
    }
    QVERIFY(over.size() > 0);
}

void DrillViewTest::theTimelineHasABarForWhatHappened()
{
    DrillTimeline timeline;
    timeline.setPhases(allPhases());
    timeline.setSamples(
        { sample(0, t0 + 2900, true), sample(1, t0 + 3050, false), sample(2, t0 + 3600, false), sample(3, t0 + 3700, true) });
    QMap<QString, DrillTimeline::Bar> byLane;
    for (const auto &bar : timeline.bars())
        byLane.insert(bar.lane, bar);
    QCOMPARE(byLane.value(QStringLiteral("Fault")).fromMs, t0 + 3000);
    QCOMPARE(byLane.value(QStringLiteral("Fault")).toMs, t0 + 9000);
    QCOMPARE(byLane.value(QStringLiteral("Failed")).fromMs, t0 + 3050);
    QCOMPARE(byLane.value(QStringLiteral("Recovery")).toMs, t0 + 3600);
    QVERIFY(timeline.accessibleDescription().contains(QStringLiteral("Fault")));
    timeline.clear();
    QVERIFY(timeline.bars().isEmpty());
}

void DrillViewTest::theTimelineOfALongDrillIsBounded()
{
    // As many failures as a day has of them: the lane says how many there were, and where the first and the last was.
    DrillTimeline timeline;
    timeline.resize(800, 200);
    timeline.setPhases(allPhases());
    for (int i = 0; i < 100'000; i += 100) {
        QList<probe::Sample> few;
        for (int j = 0; j < 100; ++j)
            few += sample(i + j, t0 + 3000 + (i + j) / 20, false);
        timeline.addSamples(few);
    }
    for (const auto &bar : timeline.bars()) {
        if (bar.lane == QStringLiteral("Failed")) {
            QVERIFY2(bar.text.contains(QStringLiteral("100000")) || bar.text.contains(QStringLiteral("100,000")), qPrintable(bar.text));
            QCOMPARE(bar.fromMs, t0 + 3000);
            QCOMPARE(bar.toMs, t0 + 3000 + 99'999 / 20);
        }
    }
    QVERIFY(!timeline.grab().isNull());
}

void DrillViewTest::aLongKeptDrillSaysWhatItLeftOut()
{
    drill::DrillResult result;
    result.drill = failover();
    result.phases = allPhases();
    result.samples = { sample(50, t0 + 3700, true) };
    result.olderFailures = { sample(7, t0 + 3050, false) };
    result.summary = probe::summarize(result.olderFailures + result.samples);
    result.summary.requests = 51;
    DrillView view;
    view.prepare(failover(), {});
    view.showResult(drill::DrillResult::fromJson(result.toJson()));
    bool said = false;
    for (const QLabel *label : view.findChildren<QLabel *>())
        said = said || label->text().contains(QStringLiteral("first 50 requests"));
    QVERIFY(said);
    QCOMPARE(view.findChild<QLabel *>(QStringLiteral("drillFailed"))->text(), QStringLiteral("1"));
}

void DrillViewTest::whatIsNotBackIsPutBackByAWholeCommand()
{
    drill::DrillResult result;
    result.drill = failover();
    result.phases = allPhases();
    result.restored = false;
    const QString command = drill::restoreCommand(QStringLiteral("/a b/env.yaml"), QStringLiteral("/c.db"));
    QCOMPARE(command, QStringLiteral("catamaranctl --env '/a b/env.yaml' --database /c.db drill restore"));
    DrillView view;
    view.prepare(failover(), {});
    view.setRestoreCommand(command);
    view.showResult(result);
    bool said = false;
    for (const QLabel *label : view.findChildren<QLabel *>())
        said = said || label->text().contains(command);
    QVERIFY(said);
}

void DrillViewTest::theResultShowsVerdictFiguresAndProof()
{
    drill::DrillResult result;
    result.drill = failover();
    result.verdict = drill::Verdict::Pass;
    result.reason = QStringLiteral("Every request was answered again after 0.6 s.");
    result.phases = allPhases();
    result.samples = { sample(0, t0 + 2900, true), sample(1, t0 + 3050, false), sample(2, t0 + 3700, true) };
    result.measurement = drill::measure(result.samples, t0 + 3000, t0 + 9000);
    result.restored = true;
    result.restoreProof = { QStringLiteral("cluster-1/default/helloworld-v1: replicas 1, ready 1 (read back)") };
    DrillView view;
    view.prepare(failover(), {});
    view.show();
    view.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&view));
    view.begin();
    QVERIFY(view.findChild<QPushButton *>(QStringLiteral("stopDrill"))->hasFocus());
    view.showResult(result);
    QVERIFY(view.findChild<QPushButton *>(QStringLiteral("exportDrill"))->hasFocus());
    QVERIFY(view.state() == DrillView::State::After);
    QCOMPARE(view.findChild<QLabel *>(QStringLiteral("drillVerdict"))->text(), result.reason);
    QCOMPARE(view.findChild<QLabel *>(QStringLiteral("drillFailed"))->text(), QStringLiteral("1"));
    bool proof = false;
    for (const QLabel *label : view.findChildren<QLabel *>())
        proof = proof || label->text().contains(QStringLiteral("(read back)"));
    QVERIFY(proof);
    QVERIFY(view.findChild<QPushButton *>(QStringLiteral("exportDrill"))->isVisible());
    QVERIFY(!view.findChild<QPushButton *>(QStringLiteral("stopDrill"))->isVisible());
}

void DrillViewTest::timelineAndChartShareTheirSeconds()
{
    drill::DrillResult result;
    result.drill = failover();
    result.phases = allPhases();
    for (int i = 0; i < 100; ++i)
        result.samples += sample(i, t0 + 250 + 100 * i, true);
    DrillView view;
    view.resize(1000, 900);
    view.prepare(failover(), {});
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.showResult(result);
    const auto *timeline = view.findChild<DrillTimeline *>();
    const auto *chart = view.findChild<AnswersChart *>();
    const auto apart = [&](qint64 atMs) { // pixels between the same moment above and below
        const TimeChart::Scale scale = chart->scale();
        const double second = double(atMs - scale.zeroMs) / 1000;
        const double below = scale.left + (scale.right - scale.left) * (second - scale.from) / (scale.to - scale.from);
        return std::abs(timeline->mapTo(&view, QPoint()).x() + timeline->positionOf(atMs) - chart->mapTo(&view, QPoint()).x() - below);
    };
    QTRY_VERIFY(apart(t0 + 3000) < 1.5 && apart(t0 + 9000) < 1.5);
    QVERIFY(chart->scale().to >= double(result.phases.last().atMs - chart->scale().zeroMs) / 1000); // its end is in sight
    view.resize(700, 900);
    QTRY_VERIFY(apart(t0 + 3000) < 1.5 && apart(t0 + 9000) < 1.5);
}

/// The chart grows while the drill runs: a mark stands at one place only.
void DrillViewTest::aMarkLeavesNothingBehind()
{
    DrillView view;
    view.resize(1000, 900);
    view.prepare(failover(), {});
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const qint64 begin = QDateTime::currentMSecsSinceEpoch() - 8000;
    view.begin();
    view.takePhase({ drill::Phase::Steady, begin, {} });
    view.takePhase({ drill::Phase::Fault, begin + 3000, {} });
    auto *chart = view.findChild<AnswersChart *>();
    for (const int from : { 0, 50 }) {
        QList<probe::Sample> samples;
        for (int i = from; i < from + 50; ++i)
            samples += sample(i, begin + 100 * i, true);
        view.takeSamples(samples);
        const double before = chart->scale().to;
        QTRY_VERIFY(chart->scale().to > before || (from == 0 && chart->scale().zeroMs > 0)); // the next frame, and the one after it
        QSignalSpy painted(chart, &TimeChart::painted);
        QTRY_VERIFY(!painted.isEmpty());
    }
    const auto different = [&] { // pixels that a fresh painting would change
        const QRect where(chart->mapTo(&view, QPoint()), chart->size());
        const QImage onScreen = view.screen()->grabWindow(view.winId()).toImage().copy(where).convertToFormat(QImage::Format_RGB32);
        const QImage anew = view.grab(where).toImage().convertToFormat(QImage::Format_RGB32);
        int count = onScreen.size() == anew.size() ? 0 : -1;
        for (int y = 0; count >= 0 && y < anew.height(); ++y) {
            for (int x = 0; x < anew.width(); ++x)
                count += onScreen.pixel(x, y) != anew.pixel(x, y) ? 1 : 0;
        }
        return count;
    };
    QTRY_COMPARE(different(), 0); // a frame may be on its way
}

void DrillViewTest::theHistoryIsASoundModel()
{
    DrillHistoryModel model;
    QAbstractItemModelTester tester(&model);
    store::Document document;
    document.at = QDateTime::currentDateTimeUtc();
    document.content = { { QStringLiteral("drill"), QStringLiteral("workload-failover") },
        { QStringLiteral("verdict"), QStringLiteral("fail") }, { QStringLiteral("recovery_ms"), 812 },
        { QStringLiteral("failed_requests"), 3 }, { QStringLiteral("requests"), 400 }, { QStringLiteral("restored"), true } };
    model.setDocuments({ document });
    QCOMPARE(
        model.index(0, DrillHistoryModel::DrillColumn).data().toString(), QStringLiteral("workload-failover")); // recorded without a title
    QCOMPARE(model.index(0, DrillHistoryModel::VerdictColumn).data().toString(), QStringLiteral("did not hold"));
    QCOMPARE(model.index(0, DrillHistoryModel::RecoveryColumn).data().toString(), QStringLiteral("812 ms"));
    QCOMPARE(model.index(0, DrillHistoryModel::FailedColumn).data().toString(), QStringLiteral("3 of 400"));
    document.content[QStringLiteral("title")] = QStringLiteral("Lose a workload");
    model.setDocuments({ document });
    QCOMPARE(model.index(0, DrillHistoryModel::DrillColumn).data().toString(), QStringLiteral("Lose a workload"));
    QCOMPARE(model.index(0, DrillHistoryModel::DrillColumn).data(Qt::ToolTipRole).toString(), QStringLiteral("workload-failover"));
    model.setDocuments({});
    QCOMPARE(model.rowCount(), 0);
}

namespace {

store::Document past(qint64 id, const char *source, QJsonValue recovery, const char *verdict)
{
    return { id, QDateTime::fromMSecsSinceEpoch(t0 + id * 60000, Qt::UTC), QStringLiteral("drill"), QStringLiteral("lab"),
        QStringLiteral("lose-workload"),
        { { QStringLiteral("drill"), QStringLiteral("lose-workload") }, { QStringLiteral("title"), QStringLiteral("Lose a workload") },
            { QStringLiteral("source"), QLatin1String(source) }, { QStringLiteral("url"), QStringLiteral("http://helloworld:5000/hello") },
            { QStringLiteral("verdict"), QLatin1String(verdict) }, { QStringLiteral("recovery_ms"), recovery },
            { QStringLiteral("failed_requests"), int(id) }, { QStringLiteral("requests"), 400 },
            { QStringLiteral("fault_at_ms"), double(t0) } } };
}

} // namespace

void DrillViewTest::twoKeptDrillsAreComparedAndTheTrendIsOfTheirKind()
{
    DrillHistoryPanel panel;
    panel.resize(900, 500);
    panel.show();
    auto *table = panel.findChild<QTableView *>(QStringLiteral("drillHistory"));
    auto *compare = panel.findChild<QPushButton *>(QStringLiteral("compareDrills"));
    auto *open = panel.findChild<QPushButton *>(QStringLiteral("openDrillResult"));
    auto *words = panel.findChild<QLabel *>(QStringLiteral("drillTrendText"));
    auto *trend = panel.findChild<DrillTrend *>();
    QVERIFY(!table->isVisible() && !compare->isVisible()); // it is not known yet

    panel.setHistory(
        QList<store::Document> { past(4, "cluster-1/default/sleep", 900, "fail"), past(3, "cluster-2/default/sleep", 50, "pass"),
            past(2, "cluster-1/default/sleep", QJsonValue::Null, "fail"), past(1, "cluster-1/default/sleep", 300, "pass") });
    QVERIFY(table->isVisible() && trend->isVisible());
    QVERIFY(words->text().contains(QStringLiteral("; 1 held;"))); // of the newest, as long as none is chosen
    QVERIFY(words->text().contains(QStringLiteral("300 ms at best")));
    QVERIFY(words->text().contains(QStringLiteral("put back: 1")));
    QVERIFY(trend->positionOf(1).y() > trend->positionOf(4).y()); // 900 ms are higher up
    QVERIFY(trend->positionOf(2).y() < trend->positionOf(4).y()); // and never is above all
    QVERIFY(trend->positionOf(3).isNull());
    QVERIFY(!compare->isEnabled() && !open->isEnabled());

    QTest::mouseClick(trend, Qt::LeftButton, {}, trend->positionOf(1).toPoint());
    QCOMPARE(table->selectionModel()->selectedRows().value(0).row(), 3);
    QVERIFY(open->isEnabled());
    QSignalSpy opened(&panel, &DrillHistoryPanel::resultOpened);
    QTest::mouseClick(open, Qt::LeftButton);
    QCOMPARE(opened.takeFirst().first().toLongLong(), 1);

    QTest::mouseClick(table->viewport(), Qt::LeftButton, Qt::ControlModifier, table->visualRect(panel.model()->index(0, 0)).center());
    QVERIFY(compare->isEnabled());
    QTest::mouseClick(compare, Qt::LeftButton);
    const auto *dialog = panel.findChild<QDialog *>(QStringLiteral("compareDrillsDialog"));
    QVERIFY(dialog);
    QStringList texts;
    for (const QLabel *label : dialog->findChildren<QLabel *>())
        texts << label->text();
    QVERIFY2(texts.contains(QStringLiteral("+600 ms")), qPrintable(texts.join(u'|')));
    QVERIFY2(texts.contains(QStringLiteral("+3")), qPrintable(texts.join(u'|')));

    panel.forget();
    QVERIFY(!table->isVisible() && !trend->isVisible());
}

void DrillViewTest::aControlPlaneIsLostWhereItRuns()
{
    observe::ObservedFleet fleet = test::guideFleet();
    fleet.meshes[1].status.home = QStringLiteral("cluster-2"); // as that of an Istio is seen
    const observe::FleetView view(fleet);
    const auto cluster = [&](const char *object) {
        const auto aim = aimAt(QLatin1String(object), view);
        return aim ? aim->drill + u' ' + aim->values.value(QStringLiteral("cluster")) : QString();
    };
    QCOMPARE(cluster("mesh:mesh-2"), QStringLiteral("lose-control-plane cluster-2"));
    QCOMPARE(cluster("cluster:cluster-2"), QStringLiteral("lose-control-plane cluster-2"));
    QCOMPARE(cluster("mesh:mesh-1"), QString()); // it runs in none of the clusters
    QCOMPARE(cluster("cluster:cluster-1"), QString());
}

void DrillViewTest::aReportIsPrinted()
{
    drill::DrillResult result;
    result.drill = failover();
    result.verdict = drill::Verdict::Pass;
    result.phases = allPhases();
    for (int i = 0; i < 200; ++i)
        result.samples << sample(i, t0 + 200 + i * 40, i < 80 || i > 90);
    QBuffer buffer;
    QVERIFY(buffer.open(QIODevice::WriteOnly));
    QVERIFY(writeDrillPdf(result, buffer));
    QVERIFY(buffer.data().startsWith("%PDF-"));
    QVERIFY(buffer.data().contains("/Image")); // the chart
    QVERIFY(buffer.data().contains("/Count "));
    QFile full(QStringLiteral("/dev/full"));
    QVERIFY(full.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
    QVERIFY(!writeDrillPdf(result, full));
}

QTEST_MAIN(DrillViewTest)
#include "tst_drillview.moc"
