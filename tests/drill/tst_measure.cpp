// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/compare.h"
#include "drill/earlierrestores.h"
#include "drill/faultwatch.h"
#include "drill/meter.h"
#include "drill/runner.h"
#include "drill/trend.h"

#include <QJsonDocument>
#include <QTest>
#include <QXmlStreamReader>

using namespace catamaran;
using namespace catamaran::drill;

namespace {

constexpr qint64 origin = 1'700'000'000'000;
constexpr qint64 fault = 1000, restoreAt = 5000;

/// One letter per request, one every 100 ms from 0, each taking 10 ms: '1' and '2' are versions, 'x' a failure, '.' none.
QList<probe::Sample> samples(const QString &letters)
{
    QList<probe::Sample> list;
    for (qsizetype i = 0; i < letters.size(); ++i) {
        if (letters[i] == u'.')
            continue;
        probe::Sample sample;
        sample.index = int(list.size());
        sample.startedAtMs = origin + i * 100;
        sample.totalMs = 10;
        sample.receivedAtMs = sample.startedAtMs + 10;
        if (letters[i] == u'x') {
            sample.httpCode = 503;
            sample.error = QStringLiteral("no healthy upstream");
        } else {
            sample.httpCode = 200;
            sample.version = u'v' + QString(letters[i]);
        }
        list += sample;
    }
    return list;
}

/// Measured one by one, each with what had happened when it came.
Meter asItRuns(const QList<probe::Sample> &samples, const FaultTimes &times)
{
    Meter meter;
    for (const probe::Sample &sample : samples) {
        const auto known = [&](qint64 at) { return at <= sample.receivedAtMs ? at : -1; };
        meter.setTimes({ known(times.faultAtMs), known(times.inPlaceAtMs), known(times.restoreAtMs) });
        meter.add(sample);
    }
    meter.setTimes(times);
    return meter;
}

DrillDocument document(const QStringList &expected, int withinMs, int maxFailed)
{
    DrillDocument drill;
    drill.id = QStringLiteral("d");
    drill.title = QStringLiteral("Drill <d>");
    drill.stages.first().expectVersions = expected;
    drill.recoverWithin = std::chrono::milliseconds(withinMs);
    drill.maxFailedRequests = maxFailed;
    return drill;
}

const QStringList none;
const QStringList second { QStringLiteral("v2") };
const QStringList both { QStringLiteral("v1"), QStringLiteral("v2") };
const QString steady = QStringLiteral("1212121212"); // until the fault at 1000

} // namespace

class MeasureTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void measures_data();
    void measures();
    void judges_data();
    void judges();
    void withoutFaultThereIsNothingToMeasure();
    void orderDoesNotMatter();
    void manyVersionsAreBounded();
    void seesThatAFaultWasUndone_data();
    void seesThatAFaultWasUndone();
    void earlierRestoresAreRead();
    void refusesStrangeJournals_data();
    void refusesStrangeJournals();
    void reportIsSelfContained();
    void guardsTripAtTheirLimits();
    void thePrintedReportHasAPictureOfItsOwn();
    void aTrendIsOfWhatCanBeCompared();
    void resultIsReadBack();
    void figuresOfTheFailure_data();
    void figuresOfTheFailure();
    void whatTheRestoreAnsweredIsNoRecovery();
    void aTargetThatHangsCountsEachRequestThatWasDue();
    void eachStageIsJudgedByItself();
    void junitTellsWhatWasNotMeasured();
    void twoResultsAreCompared();
    void whatWasNotMeasuredIsNotToldAsIfItWere_data();
    void whatWasNotMeasuredIsNotToldAsIfItWere();
};

void MeasureTest::measures_data()
{
    QTest::addColumn<QString>("letters");
    QTest::addColumn<int>("failed");
    QTest::addColumn<int>("detect");
    QTest::addColumn<int>("recovery");
    QTest::newRow("the other answers at once") << steady + QStringLiteral("2222222222") << 0 << 10 << 0;
    QTest::newRow("some fail, then the other answers") << steady + QStringLiteral("2xx2x22222") << 3 << 10 << 500;
    QTest::newRow("failures alone show it") << steady + QStringLiteral("12x1212121") << 1 << 210 << 300;
    QTest::newRow("a failure at the very end") << steady + QStringLiteral("222222222x") << 1 << 10 << -1;
    QTest::newRow("all fail") << steady + QStringLiteral("xxxxxxxxxx") << 10 << 10 << -1;
    QTest::newRow("nobody notices") << steady + QStringLiteral("1212121212") << 0 << -1 << 0;
    QTest::newRow("chance is no detection") << steady + QStringLiteral("1212122222") << 0 << -1 << 0;
    QTest::newRow("the vanished version answers once more") << steady + QStringLiteral("2212222222222") << 0 << 310 << 0;
    QTest::newRow("a new version answers") << steady + QStringLiteral("1213121312") << 0 << 310 << 0;
    QTest::newRow("failures before the fault are failures, but not its")
        << QStringLiteral("x212121212") + QStringLiteral("2222222222") << 1 << 10 << 0;
    QTest::newRow("no request while it was broken") << steady << 0 << -1 << -1;
    QTest::newRow("recovery by the restore is none") << steady + QString(40, u'x') + QStringLiteral("1212") << 40 << 10 << -1;
    QTest::newRow("a failure after the restore counts, but not as recovery")
        << steady + QString(40, u'2') + QStringLiteral("x212") << 1 << 10 << 0;
    QTest::newRow("the client was away") << steady + QStringLiteral(".....") + QStringLiteral("1212121212") << 0 << -1 << 0;
}

void MeasureTest::measures()
{
    QFETCH(QString, letters);
    const auto list = samples(letters);
    const Measurement measured = measure(list, origin + fault, origin + restoreAt);
    QCOMPARE(measured.requests, int(list.size()));
    QTEST(measured.failed, "failed");
    QTEST(int(measured.detectMs), "detect");
    QTEST(int(measured.recoveryMs), "recovery");
    const Measurement running = asItRuns(list, { origin + fault, origin + fault, origin + restoreAt }).measurement();
    QCOMPARE(running.requests, measured.requests);
    QCOMPARE(running.failed, measured.failed);
    QCOMPARE(running.detectMs, measured.detectMs);
    QCOMPARE(running.recoveryMs, measured.recoveryMs);
}

void MeasureTest::judges_data()
{
    QTest::addColumn<QString>("letters");
    QTest::addColumn<QStringList>("expected");
    QTest::addColumn<int>("withinMs");
    QTest::addColumn<int>("maxFailed");
    QTest::addColumn<QString>("verdict");
    QTest::newRow("as hoped") << steady + QStringLiteral("2222222222") << second << 1000 << -1 << "pass";
    QTest::newRow("some fail, in time") << steady + QStringLiteral("xx22222222") << second << 1000 << -1 << "pass";
    QTest::newRow("some fail, too long") << steady + QStringLiteral("xxxxxx2222") << second << 500 << -1 << "fail";
    QTest::newRow("exactly in time") << steady + QStringLiteral("xxxxx22222") << second << 500 << -1 << "pass";
    QTest::newRow("too many fail") << steady + QStringLiteral("xx22222222") << second << 1000 << 1 << "fail";
    QTest::newRow("as many as allowed") << steady + QStringLiteral("x222222222") << second << 1000 << 1 << "pass";
    QTest::newRow("never recovers") << steady + QStringLiteral("22222x") << second << 1000 << -1 << "fail";
    QTest::newRow("the wrong one answers") << steady + QStringLiteral("1111111111") << second << 1000 << -1 << "fail";
    QTest::newRow("the broken one still answers") << steady + QStringLiteral("2222212222") << second << 1000 << -1 << "fail";
    QTest::newRow("a pod that goes away answers a little longer")
        << steady + QStringLiteral("1112222222") << second << 1000 << -1 << "pass";
    QTest::newRow("before it was in place, anybody may answer") << steady + QStringLiteral("1222222222") << second << 1000 << -1 << "pass";
    QTest::newRow("anybody may answer") << steady + QStringLiteral("1212121212") << none << 1000 << -1 << "pass";
    QTest::newRow("both wanted, one came") << steady + QStringLiteral("2222222222") << both << 1000 << -1 << "fail";
    QTest::newRow("no request while it was broken") << steady << second << 1000 << -1 << "fail";
}

void MeasureTest::judges()
{
    QFETCH(QString, letters);
    QFETCH(QStringList, expected);
    QFETCH(int, withinMs);
    QFETCH(int, maxFailed);
    const auto list = samples(letters);
    const FaultTimes times { origin + fault, origin + fault + 100, origin + restoreAt };
    const Judgement judgement = judge(document(expected, withinMs, maxFailed), list, times);
    QTEST(verdictName(judgement.verdict), "verdict");
    QVERIFY(!judgement.reason.isEmpty());
    // A drill that runs does not know yet when it will break and mend.
    const Judgement running = asItRuns(list, times).judge(document(expected, withinMs, maxFailed));
    QCOMPARE(running.reason, judgement.reason);
}

void MeasureTest::withoutFaultThereIsNothingToMeasure()
{
    const Measurement measured = measure(samples(QStringLiteral("12x12")), -1, -1);
    QCOMPARE(measured.requests, 5);
    QCOMPARE(measured.failed, 1);
    QCOMPARE(measured.detectMs, -1);
    QCOMPARE(measured.recoveryMs, -1);
}

void MeasureTest::orderDoesNotMatter()
{
    auto list = samples(steady + QStringLiteral("2xx2x22222"));
    std::reverse(list.begin(), list.end());
    const Measurement measured = measure(list, origin + fault, origin + restoreAt);
    QCOMPARE(measured.detectMs, 10);
    QCOMPARE(measured.recoveryMs, 500);
}

void MeasureTest::manyVersionsAreBounded()
{
    // A service that calls itself anew in each answer is "somebody new" all the time, and no memory is spent on its names.
    Meter meter;
    meter.setTimes({ origin + fault, origin + fault, -1 });
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 200'000; ++i) {
        probe::Sample sample;
        sample.httpCode = 200;
        sample.startedAtMs = origin + i;
        sample.version = QStringLiteral("v%1").arg(i);
        meter.add(sample);
    }
    QCOMPARE(meter.measurement().requests, 200'000);
    QVERIFY2(timer.elapsed() < 20000, qPrintable(QString::number(timer.elapsed()))); // a list of all names would take minutes
}

void MeasureTest::seesThatAFaultWasUndone_data()
{
    QTest::addColumn<QByteArray>("deployment");
    QTest::addColumn<int>("wanted");
    QTest::addColumn<int>("replicas"); // -2: it holds
    QTest::addColumn<QString>("manager");
    const auto owned = [](const char *replicas, const char *entries) {
        return QByteArray(R"({"metadata":{"managedFields":[)") + entries + R"(]},"spec":{"replicas":)" + replicas + "}}";
    };
    const char *ours
        = R"({"manager":"catamaran","operation":"Update","subresource":"scale","time":"2026-01-01T00:00:00Z","fieldsV1":{"f:spec":{"f:replicas":{}}}})";
    const char *scaler
        = R"({"manager":"kube-controller-manager","operation":"Update","subresource":"scale","time":"2026-01-01T00:00:02Z","fieldsV1":{"f:spec":{"f:replicas":{}}}})";
    const char *other = R"({"manager":"helm","operation":"Apply","time":"2026-01-01T00:00:09Z","fieldsV1":{"f:spec":{"f:template":{}}}})";
    const QByteArray both = QByteArray(scaler) + ',' + ours + ',' + other;
    QTest::newRow("it holds") << owned("0", ours) << 0 << -2 << "";
    QTest::newRow("an autoscaler") << owned("3", scaler) << 0 << 3 << "kube-controller-manager";
    QTest::newRow("the latest owner of this field") << owned("3", both) << 0 << 3 << "kube-controller-manager";
    QTest::newRow("nobody is recorded") << owned("1", "") << 0 << 1 << "";
    QTest::newRow("scaled to less than it should be") << owned("0", scaler) << 2 << 0 << "kube-controller-manager";
    QTest::newRow("no replicas are one") << QByteArray(R"({"spec":{}})") << 0 << 1 << "";
}

void MeasureTest::seesThatAFaultWasUndone()
{
    QFETCH(QByteArray, deployment);
    QFETCH(int, wanted);
    QFETCH(int, replicas);
    const auto changed = undone(QJsonDocument::fromJson(deployment).object(), wanted);
    QCOMPARE(changed.has_value(), replicas != -2);
    if (changed) {
        QCOMPARE(changed->replicas, replicas);
        QTEST(changed->manager, "manager");
    }
}

void MeasureTest::earlierRestoresAreRead()
{
    ops::Execution kept;
    kept.plan = QJsonDocument::fromJson(
        R"({"restore":[{"action":"scale","cluster":"cluster-1","namespace":"default","deployment":"helloworld-v1","replicas":3},
        {"action":"delete","cluster":"cluster-2","namespace":"default","apiVersion":"v1","kind":"Service","name":"sleep"}]})")
                    .object();
    const auto read = drill::tracesOf(kept);
    QVERIFY(read);
    QCOMPARE(read->size(), 2);
    QCOMPARE(read->first().subject(), QStringLiteral("cluster-1/default/deployments.apps/helloworld-v1"));
    QCOMPARE(read->first().replicas, std::optional(3));
    QCOMPARE(read->last().subject(), QStringLiteral("cluster-2/default/services/sleep"));
    QVERIFY(!read->last().replicas); // it was not there
}

void MeasureTest::refusesStrangeJournals_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("empty") << QByteArray("{}");
    QTest::newRow("no list") << QByteArray(R"({"restore":1})");
    QTest::newRow("an unknown action") << QByteArray(R"({"restore":[{"action":"reboot","cluster":"a","namespace":"b"}]})");
    QTest::newRow("no cluster") << QByteArray(R"({"restore":[{"action":"scale","namespace":"b","deployment":"c","replicas":1}]})");
    QTest::newRow("replicas of another kind") << QByteArray(
        R"({"restore":[{"action":"scale","cluster":"a","namespace":"b","deployment":"c","replicas":"1"}]})");
    QTest::newRow("negative replicas") << QByteArray(
        R"({"restore":[{"action":"scale","cluster":"a","namespace":"b","deployment":"c","replicas":-1}]})");
    QTest::newRow("nothing to delete") << QByteArray(
        R"({"restore":[{"action":"delete","cluster":"a","namespace":"b","kind":"Deployment"}]})");
}

void MeasureTest::refusesStrangeJournals()
{
    QFETCH(QByteArray, json);
    ops::Execution kept;
    kept.plan = QJsonDocument::fromJson(json).object();
    QVERIFY(!drill::tracesOf(kept));
}

void MeasureTest::reportIsSelfContained()
{
    DrillResult result;
    result.drill = document(second, 1000, -1);
    result.samples = samples(steady + QStringLiteral("xx22222222"));
    result.times = { origin + fault, origin + fault, origin + restoreAt };
    result.measurement = measure(result.samples, result.times.faultAtMs, result.times.restoreAtMs);
    result.phases = { { Phase::Steady, origin, QStringLiteral("a & b") }, { Phase::Observing, origin + fault, {} },
        { Phase::Done, origin + restoreAt, {} } };
    result.verdict = Verdict::Pass;
    const QString html = QString::fromUtf8(toHtml(result));
    QVERIFY(html.contains(QStringLiteral("Drill &lt;d&gt;")));
    QVERIFY(!html.contains(QStringLiteral("<script")));
    QVERIFY(!html.contains(QStringLiteral("src=")));
    QVERIFY(!html.contains(QStringLiteral("http-equiv")));
    QVERIFY(html.contains(QStringLiteral("prefers-color-scheme:dark")));

    // The drawing is XML, and has one stroke per request.
    const qsizetype from = html.indexOf(QStringLiteral("<svg")), to = html.indexOf(QStringLiteral("</svg>")) + 6;
    QXmlStreamReader reader(html.mid(from, to - from));
    int strokes = 0;
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == u"path")
            strokes += int(reader.attributes().value(QLatin1String("d")).count(u'M'));
    }
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QCOMPARE(strokes, int(result.samples.size()));

    result.samples.clear(); // a drill that never began has a report too
    QVERIFY(!toHtml(result).isEmpty());
}

void MeasureTest::thePrintedReportHasAPictureOfItsOwn()
{
    DrillResult result;
    result.drill = document(second, 1000, -1);
    result.drill.title = QStringLiteral("<img src=\"/etc/passwd\">");
    result.samples = samples(steady + QStringLiteral("xx22222222"));
    const PrintedReport report = toPrint(result);
    QVERIFY(!report.html.contains(QStringLiteral("<svg")));
    QCOMPARE(report.html.count(QStringLiteral("<img ")), 1); // a title is text
    QVERIFY(report.html.contains(QStringLiteral("src=\"%1\"").arg(QLatin1StringView(PrintedReport::chartName))));
    QXmlStreamReader reader(report.chart);
    int strokes = 0;
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == u"path")
            strokes += int(reader.attributes().value(QLatin1String("d")).count(u'M'));
    }
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QCOMPARE(strokes, int(result.samples.size()));
    result.samples.clear();
    QVERIFY(toPrint(result).chart.isEmpty());
    QVERIFY(!toPrint(result).html.contains(QStringLiteral("<img ")));
}

void MeasureTest::aTrendIsOfWhatCanBeCompared()
{
    const auto run = [](qint64 document, const char *source, QJsonValue recovery, const char *verdict = "pass") {
        return PastDrill { document, QDateTime::fromMSecsSinceEpoch(document * 1000, Qt::UTC),
            { { QStringLiteral("drill"), QStringLiteral("lose-workload") }, { QStringLiteral("title"), QStringLiteral("Lose a workload") },
                { QStringLiteral("source"), QLatin1String(source) }, { QStringLiteral("url"), QStringLiteral("http://a/") },
                { QStringLiteral("verdict"), QLatin1String(verdict) }, { QStringLiteral("recovery_ms"), recovery },
                { QStringLiteral("fault_at_ms"), 5000 } } };
    };
    const QJsonValue none(QJsonValue::Null);
    const QList<Trend> all = trends({ run(1, "c1/n/a", 300), run(2, "c2/n/a", 20), run(3, "c1/n/a", 100), run(4, "c1/n/a", none, "fail"),
        run(5, "c1/n/a", none, "aborted"), run(6, "c1/n/a", 900, "fail"), run(7, "c1/n/a", 200) });
    QCOMPARE(all.size(), 2);
    const Trend &first = all.first();
    QCOMPARE(first.source, QStringLiteral("c1/n/a")); // it ran last
    QCOMPARE(first.runs.size(), 6);
    QCOMPARE(first.runs.first().document, 1);
    QCOMPARE(first.runs.last().document, 7);
    QCOMPARE(first.held(), 3);
    QCOMPARE(first.never(), 1); // one that was stopped measured nothing
    QCOMPARE(first.best(), std::optional<qint64>(100));
    QCOMPARE(first.median(), std::optional<qint64>(200)); // a figure that was measured, not one between two
    QCOMPARE(first.worst(), std::optional<qint64>(900));
    QCOMPARE(all.last().runs.size(), 1);
    const Trend never = trends({ run(1, "c1/n/a", none, "fail") }).first();
    QVERIFY(!never.best() && !never.median() && !never.worst());
    QVERIFY(never.toJson().value(QStringLiteral("best_ms")).isNull());
    QVERIFY(trends({}).isEmpty());
}

void MeasureTest::guardsTripAtTheirLimits()
{
    using Kind = GuardReading::Kind;
    Guard guard;
    guard.maxFailedInARow = 3;
    guard.maxFailedShare = 50;
    guard.maxLatency = std::chrono::seconds(1);
    guard.maxBlind = std::chrono::seconds(30);
    Guards guards(guard);
    qint64 now = 0;
    const auto send = [&](bool ok, qint64 took = 10) {
        probe::Sample sample;
        sample.startedAtMs = now;
        sample.receivedAtMs = now + took;
        sample.httpCode = ok ? 200 : 503;
        now += took + 90;
        guards.add(sample);
    };
    const auto reading = [&](Kind kind) {
        for (const GuardReading &one : guards.readings(0, now))
            if (one.kind == kind)
                return one;
        return GuardReading {};
    };
    send(false);
    QVERIFY(!reading(Kind::FailedShare).value); // of one request no share is told
    send(false);
    send(false);
    QVERIFY(!reading(Kind::FailedInARow).isTripped()); // three are allowed
    send(false);
    QVERIFY(reading(Kind::FailedInARow).isTripped());
    QVERIFY(reading(Kind::FailedInARow).sentence().contains(QStringLiteral("4 requests")));
    for (int i = 0; i < 6; ++i)
        send(true);
    QCOMPARE(*reading(Kind::FailedInARow).value, 0.0);
    QCOMPARE(*reading(Kind::FailedShare).value, 40.0);
    QCOMPARE(guards.highest().first().value, std::optional(4.0)); // what was near the limit stays known
    QVERIFY(!reading(Kind::SlowShare).value); // six good answers
    for (int i = 0; i < 12; ++i)
        send(true, i == 0 ? 1200 : 10);
    QVERIFY(reading(Kind::SlowShare).isTripped()); // one of 18 is more than 5 %
    now += 11000;
    QVERIFY(!reading(Kind::SlowShare).value); // the window has passed, and nothing is said of nothing
    QVERIFY(!reading(Kind::Blind).value); // nothing is watched: that is no sight of it
    guards.setSeenAt(now - 31000);
    QVERIFY(reading(Kind::Blind).isTripped());
    guards.setSeenAt(now - 200);
    QCOMPARE(reading(Kind::Blind).value, std::optional(200.0));
    now = 120001;
    QVERIFY(reading(Kind::Duration).isTripped());
    guards.restart(); // the fault begins
    QCOMPARE(reading(Kind::FailedInARow).value, std::optional(0.0));
    QCOMPARE(guardWords(guard).size(), 5);
    QCOMPARE(guardWords(Guard()).size(), 1);
    QCOMPARE(Guards(Guard()).readings(0, 0).size(), 1);
}

void MeasureTest::resultIsReadBack()
{
    DrillResult result;
    result.drill = document(second, 1000, -1);
    result.drill.probes.source = { QStringLiteral("cluster-1"), QStringLiteral("default"), QStringLiteral("sleep") };
    result.drill.recoverWithin = std::chrono::milliseconds(4711);
    result.drill.faults = { { findFaultKind(QStringLiteral("scale")),
                                { { QStringLiteral("cluster"), QStringLiteral("cluster-1") },
                                    { QStringLiteral("namespace"), QStringLiteral("shop") },
                                    { QStringLiteral("deployment"), QStringLiteral("till") }, { QStringLiteral("replicas"), 2 } } },
        { findFaultKind(QStringLiteral("moveClient")),
            { { QStringLiteral("namespace"), QStringLiteral("shop") }, { QStringLiteral("from_cluster"), QStringLiteral("cluster-1") },
                { QStringLiteral("to_cluster"), QStringLiteral("cluster-2") } } } };
    result.samples = samples(steady + QStringLiteral("xx22222222"));
    result.times = { origin + fault, origin + fault, origin + restoreAt };
    result.measurement = measure(result.samples, result.times.faultAtMs, result.times.restoreAtMs);
    result.phases = { { Phase::Steady, origin, QStringLiteral("note") } };
    result.restored = true;
    result.restoreProof = QStringList { QStringLiteral("proof") };
    result.verdict = Verdict::Fail;
    result.guards = { { GuardReading::Kind::FailedInARow, 12, 250 }, { GuardReading::Kind::SlowShare, {}, 5 } };
    const QJsonObject json = result.toJson();
    QCOMPARE(DrillResult::fromJson(json).toJson(), json);
    const DrillResult read = DrillResult::fromJson(json);
    QCOMPARE(read.drill.recoverWithin.count(), 4711);
    QCOMPARE(read.drill.faults.size(), 2);
    QCOMPARE(read.drill.faults.first().arguments[u"deployment"].toString(), QStringLiteral("till"));
    QCOMPARE(read.drill.faults.last().arguments[u"to_cluster"].toString(), QStringLiteral("cluster-2"));
    QCOMPARE(json[u"failed_requests"].toInt(), 2);
    QCOMPARE(json[u"recovery_ms"].toInt(), 200);

    QJsonObject older = json; // what was not recorded is not made up
    older.remove(QStringLiteral("faults"));
    older.remove(QStringLiteral("recover_within_ms"));
    QCOMPARE(DrillResult::fromJson(older).drill.recoverWithin.count(), 0);
    QVERIFY(DrillResult::fromJson(older).drill.faults.isEmpty());

    result.measurement.recoveryMs = -1;
    QVERIFY(result.toJson()[u"recovery_ms"].isNull());
    QCOMPARE(DrillResult::fromJson(result.toJson()).measurement.recoveryMs, -1);
}

void MeasureTest::figuresOfTheFailure_data()
{
    QTest::addColumn<QString>("letters");
    QTest::addColumn<int>("firstFailure");
    QTest::addColumn<int>("shift");
    QTest::addColumn<int>("gap");
    QTest::addColumn<int>("flaps");
    QTest::addColumn<int>("failback");
    const QString calm(30, u'2'); // to the restore
    QTest::newRow("none fails, the other answers at once")
        << steady + QString(40, u'2') + QStringLiteral("1212") << -1 << 0 << 100 << 0 << 0;
    QTest::newRow("some fail, then the other answers")
        << steady + QStringLiteral("2xxx222222") + calm + QStringLiteral("1212") << 110 << 0 << 400 << 0 << 0;
    QTest::newRow("good, and failed again") << steady + QStringLiteral("2x2xx22222") + calm + QStringLiteral("12") << 110 << 0 << 300 << 1
                                            << 0;
    QTest::newRow("the vanished version answers once more")
        << steady + QStringLiteral("2212222222") + calm + QStringLiteral("1") << -1 << 210 << 100 << 0 << 0;
    QTest::newRow("the restore is felt") << steady + QString(40, u'2') + QStringLiteral("xx1212") << -1 << 0 << 100 << 0 << 200;
    QTest::newRow("it does not become good after the restore")
        << steady + QString(40, u'2') + QStringLiteral("12xx") << -1 << 0 << 100 << 0 << -1;
    QTest::newRow("none is good any more") << steady + QStringLiteral("22") + QString(38, u'x') + QStringLiteral("12") << 210 << -1 << 3890
                                           << 0 << 0;
    QTest::newRow("nothing came after the restore") << steady + QString(40, u'2') << -1 << 0 << 100 << 0 << -1;
}

void MeasureTest::figuresOfTheFailure()
{
    QFETCH(QString, letters);
    const Measurement measured = measure(samples(letters), origin + fault, origin + restoreAt);
    QTEST(int(measured.firstFailureMs), "firstFailure");
    QTEST(int(measured.shiftMs), "shift");
    QTEST(int(measured.longestGapMs), "gap");
    QTEST(measured.flaps, "flaps");
    QTEST(int(measured.failbackMs), "failback");
}

void MeasureTest::whatTheRestoreAnsweredIsNoRecovery()
{
    QList<probe::Sample> list = samples(steady + QString(40, u'x') + QStringLiteral("1212")); // which the restore comes before
    probe::Sample waiting = list.last();
    waiting.startedAtMs = origin + restoreAt - 50;
    waiting.totalMs = 300;
    waiting.receivedAtMs = waiting.startedAtMs + 300;
    list.insert(list.size() - 4, waiting);
    QCOMPARE(measure(list, origin + fault, origin + restoreAt).recoveryMs, qint64(-1));
    list[list.size() - 5].totalMs = 40; // answered while it was still broken
    QCOMPARE(measure(list, origin + fault, origin + restoreAt).recoveryMs, qint64(restoreAt - fault - 50));
}

void MeasureTest::aTargetThatHangsCountsEachRequestThatWasDue()
{
    // 25 a second; from 1000 on nothing answers for 8.5 s, each given up after 2 s; the range answered well before and after.
    QList<probe::Sample> list;
    for (int i = 0; i < 300; ++i) {
        probe::Sample sample;
        sample.index = i;
        sample.startedAtMs = origin + i * 40;
        const bool hangs = i * 40 >= 1000 && i * 40 < 9500;
        sample.totalMs = hangs ? 2000 : 10;
        sample.receivedAtMs = sample.startedAtMs + qint64(sample.totalMs);
        sample.httpCode = hangs ? 0 : 200;
        sample.curlExit = hangs ? 28 : 0;
        sample.version = hangs ? QString() : QStringLiteral("v1");
        list += sample;
    }
    Meter meter;
    meter.setTimes({ origin + 1000, origin + 1000, origin + 11000 });
    for (const probe::Sample &sample : std::as_const(list))
        meter.add(sample);
    QVERIFY2(std::abs(meter.measurement().failed - 212) <= 1, qPrintable(QString::number(meter.measurement().failed)));
    QCOMPARE(meter.measurement().recoveryMs, 8520);
    meter.setNeverSent(7); // what found no room was due as well
    QCOMPARE(meter.measurement().requests, 307);
    QVERIFY(std::abs(meter.measurement().failed - 219) <= 1);
    DrillDocument drill = document(none, 10000, 215);
    QVERIFY(meter.judge(drill).verdict == Verdict::Fail);
}

void MeasureTest::eachStageIsJudgedByItself()
{
    DrillDocument drill = document(second, 10000, -1);
    drill.stages.append({ QStringLiteral("two"), std::chrono::milliseconds(1000), { QStringLiteral("v3") } });
    const auto verdictOf = [&](const QString &letters) {
        Meter meter;
        meter.open(Window::Kind::Before, {}, origin);
        meter.open(Window::Kind::Broken, {}, origin + 1000);
        meter.open(Window::Kind::Broken, QStringLiteral("two"), origin + 2000);
        meter.open(Window::Kind::After, {}, origin + 3000);
        meter.setTimes({ origin + 1000, origin + 1000, origin + 3000 });
        for (const probe::Sample &sample : samples(letters))
            meter.add(sample);
        const auto &windows = meter.windows();
        int counted = 0;
        for (const Window &window : windows)
            counted += window.requests;
        return std::pair(
            meter.judge(drill), counted == meter.measurement().requests ? windows.at(2).versions.value(QStringLiteral("v3")) : -1);
    };
    const auto good = verdictOf(steady + QStringLiteral("2222222222") + QStringLiteral("3333333333") + QStringLiteral("1212"));
    QVERIFY2(good.first.verdict == Verdict::Pass, qPrintable(good.first.reason));
    QCOMPARE(good.second, 10);
    const auto wrong = verdictOf(steady + QStringLiteral("2222222222") + QStringLiteral("2222222222") + QStringLiteral("1212"));
    QVERIFY(wrong.first.verdict == Verdict::Fail);
    QVERIFY2(wrong.first.reason.contains(QStringLiteral("two")), qPrintable(wrong.first.reason));
}

void MeasureTest::junitTellsWhatWasNotMeasured()
{
    DrillResult result;
    result.drill = document(second, 1000, 3);
    result.drill.failbackWithin = std::chrono::milliseconds(500);
    result.reason = QStringLiteral("stopped");
    result.restored = true;
    const QByteArray aborted = result.toJunit();
    QVERIFY2(aborted.contains("tests=\"5\" failures=\"0\" errors=\"4\""), aborted.constData());

    result.verdict = Verdict::Pass;
    result.times = { origin + fault, origin + fault, origin + restoreAt };
    result.measurement = measure(
        samples(steady + QStringLiteral("2xx2222222") + QString(30, u'2') + QStringLiteral("1212")), origin + fault, origin + restoreAt);
    const QByteArray passed = result.toJunit();
    QVERIFY2(passed.contains("tests=\"5\" failures=\"0\" errors=\"0\""), passed.constData());

    result.restored = false;
    result.measurement.recoveryMs = -1; // it was broken, and never became well
    QVERIFY(result.toJunit().contains("tests=\"5\" failures=\"2\" errors=\"0\""));
}

void MeasureTest::twoResultsAreCompared()
{
    DrillResult one;
    one.drill = document(second, 1000, -1);
    one.times = { origin + fault, origin + fault, origin + restoreAt };
    DrillResult other = one;
    one.measurement = measure(samples(steady + QStringLiteral("2xx2222222")), origin + fault, origin + restoreAt);
    other.measurement = measure(samples(steady + QStringLiteral("2xxxx22222")), origin + fault, origin + restoreAt);
    QMap<QString, ComparedFigure> figures;
    for (const ComparedFigure &figure : compared(one.toJson(), other.toJson()))
        figures.insert(figure.key, figure);
    QCOMPARE(figures[QStringLiteral("recovery_ms")].difference().value_or(-1), 200.0);
    QCOMPARE(figures[QStringLiteral("failed_requests")].difference().value_or(-1), 2.0);
    QVERIFY(!figures[QStringLiteral("failback_ms")].difference()); // nothing came after the restore: it is not known
    QVERIFY(whyNotAlike(one.toJson(), other.toJson()).isEmpty());
    other.drill.probes.url = QStringLiteral("http://other/");
    QVERIFY(!whyNotAlike(one.toJson(), other.toJson()).isEmpty());
}

void MeasureTest::whatWasNotMeasuredIsNotToldAsIfItWere_data()
{
    QTest::addColumn<int>("verdict");
    QTest::addColumn<int>("faultAt");
    QTest::addColumn<int>("recovery");
    QTest::addColumn<QString>("said");
    QTest::newRow("it came back") << int(Verdict::Pass) << 1 << 120 << QStringLiteral("120 ms");
    QTest::newRow("it never came back") << int(Verdict::Fail) << 1 << -1 << QStringLiteral("never");
    QTest::newRow("stopped before it was known") << int(Verdict::Aborted) << 1 << -1 << QStringLiteral("not measured");
    QTest::newRow("nothing was broken") << int(Verdict::Fail) << 0 << -1 << QStringLiteral("not measured");
}

void MeasureTest::whatWasNotMeasuredIsNotToldAsIfItWere()
{
    QFETCH(int, verdict);
    QFETCH(int, faultAt);
    QFETCH(int, recovery);
    DrillResult result;
    result.verdict = Verdict(verdict);
    result.times.faultAtMs = faultAt;
    result.measurement.recoveryMs = recovery;
    QTEST(result.recoveryText(), "said");
    QVERIFY(toHtml(result).contains(result.recoveryText().toUtf8()));
}

QTEST_APPLESS_MAIN(MeasureTest)
#include "tst_measure.moc"
