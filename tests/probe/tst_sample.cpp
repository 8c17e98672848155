// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/figures.h"
#include "probe/shares.h"

#include <QTest>

#include <cmath>
#include <numeric>
#include <random>

using namespace catamaran::probe;

namespace {

Sample answer(const QString &version, double totalMs = 1, qint64 startedAtMs = 0)
{
    Sample sample;
    sample.httpCode = 200;
    sample.version = version;
    sample.instance = QStringLiteral("helloworld-") + version;
    sample.totalMs = totalMs;
    sample.startedAtMs = startedAtMs;
    return sample;
}

Sample failure(int code, int exit, const QString &error, qint64 startedAtMs = 0)
{
    Sample sample;
    sample.httpCode = code;
    sample.curlExit = exit;
    sample.error = error;
    sample.startedAtMs = startedAtMs;
    return sample;
}

QList<Sample> answers(int v1, int v2, int failed)
{
    QList<Sample> samples;
    for (int i = 0; i < v1; ++i)
        samples += answer(QStringLiteral("v1"));
    for (int i = 0; i < v2; ++i)
        samples += answer(QStringLiteral("v2"));
    for (int i = 0; i < failed; ++i)
        samples += failure(503, 0, QStringLiteral("no healthy upstream"));
    return samples;
}

} // namespace

class SampleTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void readsAnswer_data();
    void readsAnswer();
    void okNeedsCodeAndExit_data();
    void okNeedsCodeAndExit();
    void countsByVersionAndKind();
    void percentilesByNearestRank_data();
    void percentilesByNearestRank();
    void groupsErrorsThatDifferInFigures_data();
    void groupsErrorsThatDifferInFigures();
    void wilsonInterval_data();
    void wilsonInterval();
    void sentence_data();
    void sentence();
    void asExpectedIsSaidByTheTestAlone_data();
    void asExpectedIsSaidByTheTestAlone();
    void changesAreMarkedWhereTheyWere();
    void latencyIsCountedFromWhenItWasDue();
    void whatAServiceCallsItselfIsNoPlaceholder();
    void jsonIsReadBackWhole();
    void percentsAddUp_data();
    void percentsAddUp();
    void percentilesOfVeryManyAreClose();
    void namesAreBounded();
    void theLogKeepsTheNewestAndOlderFailures();
    void summaryIsReadBack();
    void sharesFollowWeightsAndPriorities_data();
    void sharesFollowWeightsAndPriorities();
    void falseAlarmsAreAsRareAsStated_data();
    void falseAlarmsAreAsRareAsStated();
    void aVersionThatGoesIsNoticed();
    void whatAWatchSays_data();
    void whatAWatchSays();
    void changesAreFound();
    void chanceIsNoChange();
};

namespace {

using Shares = QMap<QString, double>;

/// Answers drawn by @p shares; the same ones each time.
class Draw {
public:
    explicit Draw(unsigned seed)
        : m_random(seed)
    {
    }
    QString operator()(const Shares &shares)
    {
        // Not std::uniform_real_distribution: what that makes of the same numbers is each library's own.
        double at = double(m_random()) / 4294967296.0;
        for (auto it = shares.cbegin(); it != shares.cend(); ++it) {
            at -= it.value();
            if (at < 0)
                return it.key();
        }
        return shares.lastKey();
    }

private:
    std::mt19937 m_random;
};

const QString v1 = QStringLiteral("v1"), v2 = QStringLiteral("v2"), v3 = QStringLiteral("v3");
const Shares half { { v1, 0.5 }, { v2, 0.5 } };

} // namespace

void SampleTest::sharesFollowWeightsAndPriorities_data()
{
    QTest::addColumn<QList<PossibleHost>>("hosts");
    QTest::addColumn<QString>("shares");
    using Hosts = QList<PossibleHost>;
    QTest::newRow("one pod each") << Hosts { { v1 }, { v2 } } << "v1 50 v2 50";
    QTest::newRow("three pods behind a gateway") << Hosts { { v1 }, { v2, 3 } } << "v1 25 v2 75";
    QTest::newRow("two of one version") << Hosts { { v1 }, { v1 }, { v2 } } << "v1 67 v2 33";
    QTest::newRow("near ones first") << Hosts { { v1 }, { v2, 1, 1 } } << "v1 100";
    QTest::newRow("the near one is gone") << Hosts { { v1, 1, 0, false }, { v2, 1, 1 } } << "v2 100";
    QTest::newRow("half of the near ones") << Hosts { { v1 }, { v3, 1, 0, false }, { v2, 1, 1 } } << "v1 70 v2 30";
    QTest::newRow("three of four near ones are enough") << Hosts { { v1 }, { v1 }, { v1 }, { v1, 1, 0, false }, { v2, 1, 1 } } << "v1 100";
    QTest::newRow("nobody is well") << Hosts { { v1, 1, 0, false } } << "";
    QTest::newRow("nobody") << Hosts {} << "";
}

void SampleTest::sharesFollowWeightsAndPriorities()
{
    QFETCH(QList<PossibleHost>, hosts);
    const Shares shares = expectedShares(hosts);
    QStringList words;
    for (auto it = shares.cbegin(); it != shares.cend(); ++it)
        words << it.key() << QString::number(qRound(100 * it.value()));
    QTEST(words.join(u' '), "shares");
}

void SampleTest::falseAlarmsAreAsRareAsStated_data()
{
    QTest::addColumn<Shares>("shares");
    QTest::addColumn<int>("streams");
    QTest::newRow("two halves") << half << 10000;
    QTest::newRow("one in ten") << Shares { { v1, 0.9 }, { v2, 0.1 } } << 2000;
    QTest::newRow("three versions") << Shares { { v1, 0.5 }, { v2, 0.25 }, { v3, 0.25 } } << 2000;
}

void SampleTest::falseAlarmsAreAsRareAsStated()
{
    QFETCH(Shares, shares);
    QFETCH(int, streams);
    Draw draw(1);
    int alarms = 0;
    for (int stream = 0; stream < streams; ++stream) {
        ShareWatch watch(shares);
        for (int i = 0; i < ShareWatch::stretch; ++i)
            watch.add(draw(shares));
        alarms += watch.alarmAt() > 0;
        QVERIFY(watch.alarmAt() > 0 || watch.state() == ShareWatch::State::AsExpected);
    }
    qInfo("%d false alarms in %d streams of %d answers", alarms, streams, ShareWatch::stretch);
    QVERIFY2(alarms <= streams * ShareWatch::falseAlarmRate, qPrintable(QString::number(alarms)));
}

void SampleTest::aVersionThatGoesIsNoticed()
{
    Draw draw(2);
    int latest = 0;
    for (int stream = 0; stream < 500; ++stream) {
        ShareWatch watch(half);
        const int before = 20 + stream;
        for (int i = 0; i < before; ++i)
            watch.add(draw(half));
        if (watch.alarmAt() > 0)
            continue; // a false one: how rare they are is another test
        int after = 0;
        for (; after < 1000 && watch.alarmAt() == 0; ++after)
            watch.add(v1);
        latest = std::max(latest, after);
    }
    qInfo("seen after %d answers at the latest", latest);
    QVERIFY2(latest <= 20, qPrintable(QString::number(latest)));
}

void SampleTest::whatAWatchSays_data()
{
    QTest::addColumn<Shares>("expected");
    QTest::addColumn<QString>("answers"); // the versions' figures
    QTest::addColumn<int>("state");
    QTest::addColumn<QStringList>("strangers");
    using enum ShareWatch::State;
    const Shares one { { v1, 1 } };
    QTest::newRow("nothing yet") << half << "" << int(TooFew) << QStringList();
    QTest::newRow("all from one, by chance perhaps") << half << "1111111111" << int(TooFew) << QStringList();
    QTest::newRow("all from one") << half << QString(30, u'1') << int(NotAsExpected) << QStringList();
    QTest::newRow("both") << half << "1221" << int(AsExpected) << QStringList();
    QTest::newRow("only one is expected") << one << "111" << int(AsExpected) << QStringList();
    QTest::newRow("a stranger") << one << "11211" << int(NotAsExpected) << QStringList { v2 };
    QTest::newRow("an alarm stays") << half << QString(30, u'1') + QString(10, u'2') << int(NotAsExpected) << QStringList();
    QTest::newRow("nothing is expected") << Shares() << "12" << int(TooFew) << QStringList { v1, v2 };
}

void SampleTest::whatAWatchSays()
{
    QFETCH(Shares, expected);
    QFETCH(QString, answers);
    ShareWatch watch(expected);
    for (const QChar figure : answers)
        watch.add(QStringLiteral("v") + figure);
    QTEST(int(watch.state()), "state");
    QTEST(watch.strangers(), "strangers");
    QCOMPARE(watch.answers(), int(answers.size()));
}

void SampleTest::changesAreFound()
{
    Draw draw(3);
    QStringList answers;
    for (int i = 0; i < 200; ++i)
        answers += draw(half);
    for (int i = 0; i < 100; ++i)
        answers += v1;
    for (int i = 0; i < 200; ++i)
        answers += draw(half);
    const QList<int> points = changePoints(answers);
    QCOMPARE(points.size(), 2);
    QVERIFY2(std::abs(points[0] - 200) <= 10 && std::abs(points[1] - 300) <= 10,
        qPrintable(QStringLiteral("%1 %2").arg(points[0]).arg(points[1])));
    QVERIFY(changePoints({}).isEmpty());
    QVERIFY(changePoints(QStringList(50, v1)).isEmpty());
}

void SampleTest::chanceIsNoChange()
{
    Draw draw(4);
    int found = 0;
    for (int stream = 0; stream < 1000; ++stream) {
        QStringList answers;
        for (int i = 0; i < 200; ++i)
            answers += draw(half);
        found += !changePoints(answers).isEmpty();
    }
    QVERIFY2(found <= 10, qPrintable(QString::number(found)));
}

void SampleTest::readsAnswer_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("version");
    QTest::addColumn<QString>("instance");
    QTest::newRow("the sample's answer") << "Hello version: v1, instance: helloworld-v1-7b888-xyz\n"
                                         << "v1"
                                         << "helloworld-v1-7b888-xyz";
    QTest::newRow("without newline") << "Hello version: v2, instance: a"
                                     << "v2"
                                     << "a";
    QTest::newRow("only the first line counts") << "Hello version: v2, instance: a\nHello version: v1, instance: b\n"
                                                << "v2"
                                                << "a";
    QTest::newRow("second line looks right") << "x\nHello version: v1, instance: b\n"
                                             << ""
                                             << "";
    QTest::newRow("something before it") << " Hello version: v1, instance: b"
                                         << ""
                                         << "";
    QTest::newRow("no instance") << "Hello version: v1, instance: "
                                 << ""
                                 << "";
    QTest::newRow("empty") << ""
                           << ""
                           << "";
    QTest::newRow("another application") << "{\"version\": \"v1\"}"
                                         << ""
                                         << "";
}

void SampleTest::readsAnswer()
{
    QFETCH(QString, body);
    const auto [version, instance] = parseAnswer(body);
    QTEST(version, "version");
    QTEST(instance, "instance");
}

void SampleTest::okNeedsCodeAndExit_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("exit");
    QTest::addColumn<bool>("ok");
    QTest::newRow("200") << 200 << 0 << true;
    QTest::newRow("204") << 204 << 0 << true;
    QTest::newRow("redirect") << 301 << 0 << false;
    QTest::newRow("503") << 503 << 0 << false;
    QTest::newRow("200, then broken off") << 200 << 18 << false;
    QTest::newRow("no answer") << 0 << 28 << false;
}

void SampleTest::okNeedsCodeAndExit()
{
    QFETCH(int, code);
    QFETCH(int, exit);
    QTEST(failure(code, exit, {}).ok(), "ok");
}

void SampleTest::countsByVersionAndKind()
{
    const Summary summary
        = summarize(answers(3, 2, 1) + QList<Sample> { failure(0, 6, QStringLiteral("Could not resolve host: nowhere")) });
    QCOMPARE(summary.requests, 7);
    QCOMPARE(summary.ok, 5);
    QCOMPARE(summary.errors, 2);
    QCOMPARE(summary.versions, (QMap<QString, int> { { QStringLiteral("v1"), 3 }, { QStringLiteral("v2"), 2 } }));
    QCOMPARE(summary.instances.value(QStringLiteral("helloworld-v2")), 2);
    QCOMPARE(summary.errorKinds,
        (QMap<QString, int> {
            { QStringLiteral("HTTP 503: no healthy upstream"), 1 }, { QStringLiteral("Could not resolve host: nowhere"), 1 } }));
}

void SampleTest::percentilesByNearestRank_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<double>("p50");
    QTest::addColumn<double>("p95");
    QTest::addColumn<double>("p99");
    QTest::newRow("none") << 0 << 0.0 << 0.0 << 0.0;
    QTest::newRow("one") << 1 << 1.0 << 1.0 << 1.0;
    QTest::newRow("two") << 2 << 1.0 << 2.0 << 2.0;
    QTest::newRow("twenty") << 20 << 10.0 << 19.0 << 20.0;
    QTest::newRow("hundred") << 100 << 50.0 << 95.0 << 99.0;
}

void SampleTest::percentilesByNearestRank()
{
    QFETCH(int, count);
    QList<Sample> samples;
    for (int i = count; i > 0; --i)
        samples += answer(QStringLiteral("v1"), i);
    samples += failure(503, 0, {}); // a failure's time is not a latency
    samples.last().totalMs = 99999;
    const Percentiles latency = summarize(samples).latencyMs;
    QTEST(latency.p50, "p50");
    QTEST(latency.p95, "p95");
    QTEST(latency.p99, "p99");
}

void SampleTest::groupsErrorsThatDifferInFigures_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("kind");
    QTest::newRow("timeout") << 0 << 28 << "Operation timed out after 1001 milliseconds with 0 bytes received"
                             << "Operation timed out";
    QTest::newRow("timeout in the body") << 200 << 28 << "Operation timed out after 500 milliseconds with 5 out of 10 bytes received"
                                         << "Operation timed out";
    QTest::newRow("connect timeout") << 0 << 28 << "Connection timed out after 5001 milliseconds"
                                     << "Connection timed out";
    QTest::newRow("refused") << 0 << 7 << "Failed to connect to a port 5000 after 3 ms: Couldn't connect to server"
                             << "Failed to connect to a port 5000: Couldn't connect to server";
    QTest::newRow("HTTP with words") << 503 << 0 << "no healthy upstream"
                                     << "HTTP 503: no healthy upstream";
    QTest::newRow("HTTP without words") << 404 << 0 << "HTTP 404"
                                        << "HTTP 404";
    QTest::newRow("nothing said") << 0 << 0 << ""
                                  << "no answer";
    QTest::newRow("ok") << 200 << 0 << ""
                        << "";
}

void SampleTest::groupsErrorsThatDifferInFigures()
{
    QFETCH(int, code);
    QFETCH(int, exit);
    QFETCH(QString, error);
    QTEST(errorKind(failure(code, exit, error)), "kind");
}

void SampleTest::wilsonInterval_data()
{
    QTest::addColumn<int>("part");
    QTest::addColumn<int>("whole");
    QTest::addColumn<double>("low");
    QTest::addColumn<double>("high");
    // Figures of the published formula, computed independently.
    QTest::newRow("nothing known") << 0 << 0 << 0.0 << 1.0;
    QTest::newRow("half of 200") << 100 << 200 << 0.4313 << 0.5687;
    QTest::newRow("none of 10") << 0 << 10 << 0.0 << 0.2775;
    QTest::newRow("all of 10") << 10 << 10 << 0.7225 << 1.0;
    QTest::newRow("1 of 10") << 1 << 10 << 0.0179 << 0.4042;
}

void SampleTest::wilsonInterval()
{
    QFETCH(int, part);
    QFETCH(int, whole);
    QFETCH(double, low);
    QFETCH(double, high);
    const Interval interval = wilson(part, whole);
    QVERIFY2(std::abs(interval.low - low) < 0.0001, qPrintable(QString::number(interval.low)));
    QVERIFY2(std::abs(interval.high - high) < 0.0001, qPrintable(QString::number(interval.high)));
}

void SampleTest::sentence_data()
{
    QTest::addColumn<int>("v1");
    QTest::addColumn<int>("v2");
    QTest::addColumn<int>("failed");
    QTest::addColumn<QStringList>("expected");
    QTest::addColumn<QString>("sentence");
    const QStringList both { QStringLiteral("v1"), QStringLiteral("v2") };
    QTest::newRow("both") << 100 << 100 << 0 << both << "v1 50 %, v2 50 % of 200: both versions answer, as expected.";
    QTest::newRow("one missing") << 200 << 0 << 0 << both << "v1 100 % of 200: v2 did not answer.";
    QTest::newRow("one of many is not none") << 999 << 1 << 0 << both << "v1 99 %, v2 1 % of 1000: both versions answer, as expected.";
    QTest::newRow("halves add up to 100") << 99 << 101 << 0 << both << "v1 49 %, v2 51 % of 200: both versions answer, as expected.";
    QTest::newRow("some failed")
        << 50 << 40 << 10 << both
        << "v1 56 %, v2 44 % of 90: both versions answer, as expected; 10 of 100 requests failed (HTTP 503: no healthy upstream).";
    QTest::newRow("all failed") << 0 << 0 << 5 << both << "All 5 requests failed: HTTP 503: no healthy upstream.";
    QTest::newRow("nothing expected") << 1 << 1 << 0 << QStringList() << "v1 50 %, v2 50 % of 2: every request was answered.";
    QTest::newRow("only one expected") << 0 << 8 << 0 << QStringList { QStringLiteral("v2") }
                                       << "v2 100 % of 8: only v2 answers, as expected.";
    QTest::newRow("one too many") << 1 << 1 << 0 << QStringList { QStringLiteral("v2") }
                                  << "v1 50 %, v2 50 % of 2: v1 answered too, which was not expected.";
    QTest::newRow("nothing sent") << 0 << 0 << 0 << both << "No request was answered or failed: nothing was sent.";
}

void SampleTest::sentence()
{
    QFETCH(int, v1);
    QFETCH(int, v2);
    QFETCH(int, failed);
    QFETCH(QStringList, expected);
    QTEST(verdictSentence(summarize(answers(v1, v2, failed)), expected), "sentence");
}

void SampleTest::asExpectedIsSaidByTheTestAlone_data()
{
    const QString v1 = QStringLiteral("v1"), v2 = QStringLiteral("v2");
    QTest::addColumn<QStringList>("versions");
    QTest::addColumn<Shares>("expected");
    QTest::addColumn<QString>("state");
    QTest::addColumn<int>("since");
    QTest::addColumn<QString>("sentence");
    const Shares half { { v1, 0.5 }, { v2, 0.5 } };
    const auto alternating = [&](int count) {
        QStringList list;
        for (int i = 0; i < count; ++i)
            list += i % 2 == 0 ? v1 : v2;
        return list;
    };
    const QString at = QDateTime::fromMSecsSinceEpoch(1'700'000'000'000).toString(QStringLiteral("HH:mm:"));
    QTest::newRow("half and half") << alternating(200) << half << "as-expected" << 0
                                   << "v1 50 %, v2 50 % of 200: both versions answer, as expected.";
    QTest::newRow("one of ten, which chance may do") << QStringList(9, v1) + QStringList { v2 } << half << "as-expected" << 0
                                                     << "v1 90 %, v2 10 % of 10: both versions answer, as expected.";
    QTest::newRow("too few to tell") << QStringList(3, v1) << half << "too-few" << 0
                                     << "v1 100 % of 3: v2 has not answered yet; too few answers to tell.";
    QTest::newRow("nobody knows what to expect")
        << alternating(200) << Shares() << "unknown" << 0 << "v1 50 %, v2 50 % of 200: every request was answered.";
    QTest::newRow("a stranger at the end") << alternating(10) + QStringList { QStringLiteral("v3") } << half << "differs" << 11
                                           << "v3 answered too, which was not expected (since request 11, at " + at;
    QTest::newRow("one side alone") << QStringList(40, v1) << half << "differs" << -1
                                    << "v1 100 % of 40: differs from what is expected: v2 did not answer (since request";
    QTest::newRow("one side gone after a hundred")
        << alternating(100) + QStringList(40, v1) << half << "differs" << -101
        << "differs: all versions answer, but not in the shares that are expected (since request 1";
}

void SampleTest::asExpectedIsSaidByTheTestAlone()
{
    QFETCH(const QStringList, versions);
    QFETCH(const Shares, expected);
    QFETCH(const QString, state);
    QFETCH(const int, since);
    QFETCH(const QString, sentence);
    QList<Sample> samples;
    for (const QString &version : versions) {
        samples += answer(version);
        samples.last().index = int(samples.size()) - 1;
        samples.last().receivedAtMs = 1'700'000'000'000 + samples.size();
    }
    ShareFeed feed; // the expectation comes in the middle
    feed.add(samples.mid(0, samples.size() / 2));
    QCOMPARE(stateName(feed.verdict().state), QStringLiteral("unknown"));
    feed.expect(expected);
    feed.add(samples.mid(samples.size() / 2));
    const ShareVerdict verdict = feed.verdict();
    QCOMPARE(stateName(verdict.state), state);
    if (since < 0) // within twenty requests of what changed
        QVERIFY2(verdict.sinceRequest >= -since && verdict.sinceRequest <= 20 - since, qPrintable(QString::number(verdict.sinceRequest)));
    else
        QCOMPARE(verdict.sinceRequest, since);
    const Summary summary = summarize(samples);
    QVERIFY2(verdictSentence(summary, expected, verdict).contains(sentence), qPrintable(verdictSentence(summary, expected, verdict)));
    const QJsonObject json = sharesToJson(summary, expected, verdict, shareChanges(samples));
    QCOMPARE(json.value(u"state").toString(), state);
    QCOMPARE(shareVerdictOf(json).sinceRequest, verdict.sinceRequest);
    QCOMPARE(shareVerdictOf(json).missing, verdict.missing);
    QCOMPARE(json.value(u"since_request").isNull(), state != u"differs");
    QCOMPARE(json.value(u"measured").toArray().first()[u"expected"].isNull(), expected.isEmpty());
}

void SampleTest::changesAreMarkedWhereTheyWere()
{
    QList<Sample> samples;
    for (int i = 0; i < 200; ++i) {
        samples += i % 10 == 9 ? failure(503, 0, QStringLiteral("no healthy upstream"))
                               : answer(i < 100 && i % 2 == 0 ? QStringLiteral("v2") : QStringLiteral("v1"));
        samples.last().index = i;
        samples.last().startedAtMs = 1'700'000'000'000 + i * 1000;
    }
    const QList<ShareChange> changes = shareChanges(samples);
    QCOMPARE(changes.size(), 1);
    QVERIFY2(std::abs(changes.first().request - 100) <= 3, qPrintable(QString::number(changes.first().request)));
    QCOMPARE(changes.first().atMs, 1'700'000'000'000 + (changes.first().request - 1) * 1000);
    QCOMPARE(changes.first().after.keys(), QStringList { QStringLiteral("v1") });
    QVERIFY(changes.first().before.contains(QStringLiteral("v2")));
    const QList<ShareChange> again = shareChangesOf(sharesToJson(summarize(samples), {}, {}, changes));
    QCOMPARE(again.size(), 1);
    QCOMPARE(again.first().request, changes.first().request);
    QCOMPARE(again.first().before, changes.first().before);
}

void SampleTest::latencyIsCountedFromWhenItWasDue()
{
    QList<Sample> samples { answer(QStringLiteral("v1")), answer(QStringLiteral("v1")), answer(QStringLiteral("v1")), failure(503, 0, {}) };
    samples[0].totalMs = 1.5;
    samples[1].totalMs = 5; // a bound belongs below it
    samples[2].totalMs = 5;
    samples[2].lateMs = 20'000; // sent twenty seconds late, because others hung: that is what its user waited
    const Summary summary = summarize(samples);
    QCOMPARE(summary.latencyCounts, (std::array<int, 14> { 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 }));
    const QJsonArray histogram = summary.toJson().value(u"latency_histogram").toArray();
    QCOMPARE(histogram.size(), 14);
    QCOMPARE(histogram.at(1)[u"up_to_ms"].toDouble(), 2.0);
    QVERIFY(histogram.last()[u"up_to_ms"].isNull());
    QCOMPARE(Summary::fromJson(summary.toJson()).latencyCounts, summary.latencyCounts);
}

void SampleTest::whatAServiceCallsItselfIsNoPlaceholder()
{
    QCOMPARE(verdictSentence(summarize({ answer(QStringLiteral("%2")), answer(QStringLiteral("%3")) }), QStringList()),
        QStringLiteral("%2 50 %, %3 50 % of 2: every request was answered."));
}

void SampleTest::jsonIsReadBackWhole()
{
    Sample sample = failure(503, 18, QStringLiteral("broken off"), 1'700'000'000'123);
    sample.index = 7;
    sample.receivedAtMs = 1'700'000'000'456;
    sample.totalMs = 1.5;
    sample.connectMs = 0.25;
    sample.firstByteMs = 1.25;
    sample.remoteAddress = QStringLiteral("127.1.0.7");
    sample.newConnection = false;
    sample.version = QStringLiteral("v1");
    sample.instance = QStringLiteral("i");
    sample.raw = QStringLiteral("Hello");
    const QJsonObject json = sample.toJson();
    QCOMPARE(Sample::fromJson(json).toJson(), json);
    QCOMPARE(json[u"ok"].toBool(), false);
    QCOMPARE(qint64(json[u"started_at_ms"].toDouble()), 1'700'000'000'123);
}

void SampleTest::percentsAddUp_data()
{
    QTest::addColumn<QList<int>>("counts");
    QTest::addColumn<QList<int>>("percents");
    QTest::newRow("none") << QList<int> {} << QList<int> {};
    QTest::newRow("of nothing") << QList<int> { 0, 0 } << QList<int> { 0, 0 };
    QTest::newRow("all") << QList<int> { 7 } << QList<int> { 100 };
    QTest::newRow("thirds") << QList<int> { 1, 1, 1 } << QList<int> { 34, 33, 33 };
    QTest::newRow("two halves") << QList<int> { 99, 101 } << QList<int> { 49, 51 };
    QTest::newRow("one of very many") << QList<int> { 1, 100'000'000 } << QList<int> { 1, 99 };
    QTest::newRow("several of very many") << QList<int> { 1, 1, 0, 1'000'000 } << QList<int> { 1, 1, 0, 98 };
}

void SampleTest::percentsAddUp()
{
    QFETCH(QList<int>, counts);
    QTEST(wholePercents(counts), "percents");
}

void SampleTest::percentilesOfVeryManyAreClose()
{
    // A run of hours: times from 0.1 ms to two minutes, each decade as often as the next.
    Latencies latencies;
    QList<double> values;
    const int count = 3 * Latencies::mostExact;
    for (int i = 0; i < count; ++i)
        values += 0.1 * std::pow(10.0, 6.08 * ((i * 7919LL) % count) / count);
    for (int i = 0; i < count; ++i) {
        latencies.add(values[i]);
        if (i + 1 == Latencies::mostExact) {
            const Percentiles exact = percentiles(values.mid(0, i + 1)), ours = latencies.percentiles();
            QVERIFY(latencies.isExact());
            QVERIFY(ours.p50 == exact.p50 && ours.p95 == exact.p95 && ours.p99 == exact.p99);
        }
    }
    QVERIFY(!latencies.isExact());
    const Percentiles exact = percentiles(values), ours = latencies.percentiles();
    for (const auto &[a, b] : { std::pair(ours.p50, exact.p50), { ours.p95, exact.p95 }, { ours.p99, exact.p99 } })
        QVERIFY2(std::abs(a - b) <= b * Latencies::errorShare, qPrintable(QStringLiteral("%1 for %2").arg(a).arg(b)));
}

void SampleTest::namesAreBounded()
{
    // A service that calls itself anew in each answer must not fill our memory; what it does is counted all the same.
    Figures figures;
    for (int i = 0; i < 20000; ++i) {
        Sample sample = answer(QStringLiteral("v%1").arg(i));
        sample.instance = QStringLiteral("i%1").arg(i);
        figures.add(sample);
        figures.add(failure(500, 0, QStringLiteral("reason %1").arg(i)));
    }
    const Summary summary = figures.summary();
    QCOMPARE(summary.ok, 20000);
    QVERIFY(summary.versions.size() <= Figures::mostVersions + 1 && summary.instances.size() <= Figures::mostInstances + 1
        && summary.errorKinds.size() <= Figures::mostErrorKinds + 1);
    QCOMPARE(std::accumulate(summary.versions.begin(), summary.versions.end(), 0), 20000);
    QCOMPARE(summary.versions.value(QStringLiteral("v0")), 1);
    QCOMPARE(summary.versions.value(Figures::otherName()), 20000 - Figures::mostVersions);
}

void SampleTest::theLogKeepsTheNewestAndOlderFailures()
{
    SampleLog log(100);
    for (int i = 0; i < 5000; ++i) {
        Sample sample = i % 10 == 0 ? failure(503, 0, QStringLiteral("no")) : answer(QStringLiteral("v1"));
        sample.index = i;
        log.add({ sample });
    }
    QCOMPARE(log.samples().size(), 100);
    QCOMPARE(log.samples().first().index, 4900);
    QCOMPARE(log.samples().last().index, 4999);
    QCOMPARE(log.olderFailures().size(), 490);
    QCOMPARE(log.olderFailures().last().index, 4890);
    log.add(QList<Sample>(3000, failure(503, 0, {}))); // more at once than it keeps
    QCOMPARE(log.samples().size(), 100);
    QCOMPARE(log.olderFailures().size(), SampleLog::mostOlderFailures);
}

void SampleTest::summaryIsReadBack()
{
    Summary summary = summarize(answers(3, 2, 1));
    summary.latencyIsExact = false;
    QCOMPARE(Summary::fromJson(summary.toJson()).toJson(), summary.toJson());
    QVERIFY(summary.toJson()[u"latency_within_percent"].toDouble() > 0);
}

QTEST_APPLESS_MAIN(SampleTest)
#include "tst_sample.moc"
