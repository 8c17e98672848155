// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/run.h"

#include <QTest>

using namespace catamaran::probe;

namespace {

const QByteArray mark = QByteArrayLiteral("0123456789abcdef");
const QByteArray hello = QByteArrayLiteral("Hello version: v1, instance: helloworld-v1-7b888-xyz\n");

/// What the command prints for one request.
QByteArray record(const QByteArray &body, const QByteArray &code = "200", const QByteArray &exit = "0", const QByteArray &message = {},
    qsizetype size = -1, const QByteArray &by = mark)
{
    return body + "\n\x1e" + by + '\t' + code + "\t1\t0.004500\t0.000500\t0.004000\t" + QByteArray::number(size < 0 ? body.size() : size)
        + "\t127.1.0.9\t" + exit + '\t' + message + "\x1e\n";
}

/// What it prints where requests do not wait for each other.
QByteArray openRecord(int number, const QByteArray &line = "Hello version: v1, instance: a", int late = 0, const QByteArray &by = mark)
{
    return "\x1e" + by + "\t@" + QByteArray::number(number) + '\t' + QByteArray::number(late)
        + "\t\t200\t1\t0.004500\t0.000500\t0.004000\t31\t127.1.0.9\t0\t" + line + "\x1e\n";
}

QByteArray unsent(int number)
{
    return "\x1e" + mark + "\t!" + QByteArray::number(number) + "\x1e\n";
}

QList<int> numbers(const QList<Sample> &samples)
{
    QList<int> all;
    for (const Sample &sample : samples)
        all += sample.index;
    return all;
}

/// The same through a terminal.
QByteArray onTerminal(QByteArray text)
{
    return text.replace("\n", "\r\n");
}

} // namespace

class LineParserTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void readsOneRequest();
    void timesAreWholeMicroseconds();
    void readsTheTimesOfAnyCurl_data();
    void readsTheTimesOfAnyCurl();
    void readsOutcomes_data();
    void readsOutcomes();
    void takesAnyChunks_data();
    void takesAnyChunks();
    void survivesGarbage_data();
    void survivesGarbage();
    void bodyCannotPassForARecord_data();
    void bodyCannotPassForARecord();
    void takesNoMoreThanWasAskedFor();
    void marksAreNeverTheSame();
    void readsBinaryBodies_data();
    void readsBinaryBodies();
    void boundsHugeBodies();
    void spreadsTimesOfOneChunk();
    void startsNeverGoBack();
    void keepsWhatTheShellSaid();
    void readsARequestThatDidNotWait();
    void tellsThemAsTheyWereDue_data();
    void tellsThemAsTheyWereDue();
    void oneThatNeverComesHoldsUpNobody();
    void knowsWhenEachWasSent();
    void countsWhatWasNeverSent();
};

void LineParserTest::readsARequestThatDidNotWait()
{
    LineParser parser(mark);
    const QList<Sample> samples = parser.feed(onTerminal(openRecord(0, "Hello version: v1, instance: a\tb", 12)), 10'000);
    QCOMPARE(samples.size(), 1);
    const Sample &sample = samples.first();
    QVERIFY(sample.ok());
    QCOMPARE(sample.totalMs, 4.5);
    QCOMPARE(sample.lateMs, 120.0);
    QCOMPARE(sample.latencyMs(), 124.5); // what who asks at that rate waits
    QCOMPARE(sample.raw, QStringLiteral("Hello version: v1, instance: a\tb"));
    QCOMPARE(sample.remoteAddress, QStringLiteral("127.1.0.9"));
    QCOMPARE(sample.startedAtMs, 9'996);
    QCOMPARE(summarize(samples).late, 1);
    QCOMPARE(summarize(samples).latencyMs.p50, 124.5);

    LineParser failing(mark);
    const QList<Sample> failed = failing.feed(
        "\x1e" + mark + "\t@0\t0\tOperation timed out\t000\t1\t2.000000\t0.000500\t0.000000\t0\t127.1.0.9\t28\t\x1e\n", 10'000);
    QCOMPARE(failed.size(), 1);
    QCOMPARE(failed.first().curlExit, 28);
    QCOMPARE(failed.first().error, QStringLiteral("Operation timed out"));
    QCOMPARE(failed.first().startedAtMs, 8'000);
}

void LineParserTest::tellsThemAsTheyWereDue_data()
{
    QTest::addColumn<QList<QByteArray>>("pieces");
    QTest::addColumn<QList<QList<int>>>("told");
    using Pieces = QList<QByteArray>;
    using Told = QList<QList<int>>;
    QTest::newRow("in order") << Pieces { openRecord(0), openRecord(1) } << Told { { 0 }, { 1 } };
    QTest::newRow("one hangs") << Pieces { openRecord(1), openRecord(2), openRecord(0) } << Told { {}, {}, { 0, 1, 2 } };
    QTest::newRow("the hanging one was never sent") << Pieces { openRecord(1), unsent(0), openRecord(2) } << Told { {}, { 1 }, { 2 } };
    QTest::newRow("others print between") << Pieces { openRecord(0) + "bash: warning\r\n", openRecord(1) } << Told { { 0 }, { 1 } };
    QTest::newRow("somebody else's") << Pieces { openRecord(0, "Hello", 0, "0123456789abcdee"), openRecord(0) } << Told { {}, { 0 } };
}

void LineParserTest::tellsThemAsTheyWereDue()
{
    QFETCH(QList<QByteArray>, pieces);
    QFETCH(QList<QList<int>>, told);
    LineParser parser(mark);
    for (qsizetype i = 0; i < pieces.size(); ++i)
        QCOMPARE(numbers(parser.feed(pieces[i], 10'000 + i)), told[i]);
    QVERIFY(parser.flush().isEmpty());
}

void LineParserTest::oneThatNeverComesHoldsUpNobody()
{
    LineParser parser(mark);
    QVERIFY(parser.feed(openRecord(1) + openRecord(3), 10'000).isEmpty());
    QCOMPARE(numbers(parser.flush()), (QList<int> { 1, 3 }));
    QCOMPARE(numbers(parser.feed(openRecord(2), 10'000)), (QList<int> { 2 })); // later than late

    LineParser endless(mark);
    int count = 0;
    for (int number = 1; number <= 20'000; ++number)
        count += int(endless.feed(openRecord(number), 10'000).size());
    QVERIFY2(count >= 10'000, qPrintable(QString::number(count))); // what is held is bounded
}

/// Lines may take any time to come; a request was sent when it was due, and that is known from the line that came fastest.
void LineParserTest::knowsWhenEachWasSent()
{
    LineParser parser(mark, 0, { 10, 4 }); // four are due every 40 ms
    const auto startOf = [&](int number, qint64 nowMs) {
        QByteArray records;
        for (int each = number; each < number + 4; ++each)
            records += openRecord(each);
        const QList<Sample> samples = parser.feed(records, nowMs);
        return samples.size() == 4 ? samples.last().startedAtMs : -1;
    };
    startOf(0, 100'050);
    const qint64 fast = startOf(4, 100'055);
    QCOMPARE(startOf(8, 100'500), fast + 40);
    QCOMPARE(startOf(12, 100'600), fast + 80);
}

void LineParserTest::countsWhatWasNeverSent()
{
    LineParser parser(mark, 4);
    QList<Sample> samples = parser.feed(openRecord(0) + unsent(1) + openRecord(2) + unsent(3) + openRecord(4) + unsent(5), 10'000);
    samples += parser.flush();
    QCOMPARE(numbers(samples), (QList<int> { 0, 2 })); // never more than were asked for, those never sent among them
    QCOMPARE(parser.notSent(), 2);
    QCOMPARE(parser.garbage(), 2);
}

void LineParserTest::readsOneRequest()
{
    LineParser parser(mark);
    const QList<Sample> samples = parser.feed(record(hello), 10'000);
    QCOMPARE(samples.size(), 1);
    const Sample &sample = samples.first();
    QVERIFY(sample.ok());
    QCOMPARE(sample.index, 0);
    QCOMPARE(sample.version, QStringLiteral("v1"));
    QCOMPARE(sample.instance, QStringLiteral("helloworld-v1-7b888-xyz"));
    QCOMPARE(sample.totalMs, 4.5);
    QCOMPARE(sample.connectMs, 0.5);
    QCOMPARE(sample.firstByteMs, 4.0);
    QCOMPARE(sample.remoteAddress, QStringLiteral("127.1.0.9"));
    QVERIFY(sample.newConnection);
    QCOMPARE(sample.receivedAtMs, 10'000);
    QCOMPARE(sample.startedAtMs, 9'995);
    QCOMPARE(parser.garbage(), 0);
}

void LineParserTest::timesAreWholeMicroseconds()
{
    LineParser parser(mark);
    QByteArray line = record(hello);
    const qsizetype at = line.indexOf("0.0045");
    QVERIFY2(at > 0, line);
    const QList<Sample> samples = parser.feed(line.replace(at, line.indexOf('\t', at) - at, "0.001334"), 10'000);
    QCOMPARE(samples.size(), 1);
    QVERIFY2(samples.first().totalMs == 1.334, "written as JSON, nothing but these digits");
}

void LineParserTest::readsTheTimesOfAnyCurl_data()
{
    QTest::addColumn<QByteArray>("total");
    QTest::addColumn<double>("milliseconds");
    QTest::newRow("six digits") << QByteArray("1.001812") << 1001.812;
    QTest::newRow("three digits, before 7.61") << QByteArray("1.002") << 1002.0;
    QTest::newRow("microseconds, 7.74") << QByteArray("1001812") << 1001.812;
    QTest::newRow("few microseconds, 7.74") << QByteArray("66") << 0.066;
    QTest::newRow("nothing") << QByteArray("0") << 0.0;
}

void LineParserTest::readsTheTimesOfAnyCurl()
{
    QFETCH(QByteArray, total);
    LineParser parser(mark);
    const QList<Sample> samples = parser.feed(record(hello).replace("0.004500", total), 10'000);
    QCOMPARE(samples.size(), 1);
    QTEST(samples.first().totalMs, "milliseconds");
}

void LineParserTest::readsOutcomes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("raw");
    QTest::newRow("503 with words") << record("upstream connect error", "503") << 503 << 0 << "upstream connect error"
                                    << "upstream connect error";
    QTest::newRow("503 without words") << record("", "503") << 503 << 0 << "HTTP 503"
                                       << "";
    QTest::newRow("404 with several lines") << record("not here\nreally\n", "404") << 404 << 0 << "not here"
                                            << "not here";
    QTest::newRow("unknown host") << record("", "000", "6", "Could not resolve host: nowhere") << 0 << 6
                                  << "Could not resolve host: nowhere"
                                  << "";
    QTest::newRow("timeout") << record("", "000", "28", "Operation timed out after 1001 milliseconds") << 0 << 28
                             << "Operation timed out after 1001 milliseconds"
                             << "";
    QTest::newRow("broken off") << record("Hel", "200", "18", "transfer closed with 50 bytes remaining to read") << 200 << 18
                                << "transfer closed with 50 bytes remaining to read"
                                << "Hel";
    QTest::newRow("a tab in the message") << record("", "000", "7", "a\tb") << 0 << 7 << "a b"
                                          << "";
    QTest::newRow("ok without body") << record("", "204") << 204 << 0 << ""
                                     << "";
}

void LineParserTest::readsOutcomes()
{
    QFETCH(QByteArray, text);
    for (const QByteArray &bytes : { text, onTerminal(text) }) {
        LineParser parser(mark);
        const QList<Sample> samples = parser.feed(bytes, 1000);
        QCOMPARE(samples.size(), 1);
        QTEST(samples.first().httpCode, "code");
        QTEST(samples.first().curlExit, "exit");
        QTEST(samples.first().error, "error");
        QTEST(samples.first().raw, "raw");
        QCOMPARE(parser.garbage(), 0);
    }
}

void LineParserTest::takesAnyChunks_data()
{
    QTest::addColumn<int>("length");
    QTest::addColumn<bool>("terminal");
    for (const int length : { 1, 2, 3, 7, 64, 1000 }) {
        QTest::addRow("pieces of %d", length) << length << false;
        QTest::addRow("pieces of %d through a terminal", length) << length << true;
    }
}

void LineParserTest::takesAnyChunks()
{
    QFETCH(int, length);
    QFETCH(bool, terminal);
    QByteArray text;
    for (int i = 0; i < 20; ++i)
        text += record(i % 3 == 0 ? QByteArray("no healthy upstream")
                : i % 3 == 1      ? hello
                                  : QByteArray("\n\nline\r\n"),
            i % 3 == 0 ? "503" : "200");
    if (terminal)
        text = onTerminal(text);
    LineParser parser(mark);
    QList<Sample> samples;
    for (qsizetype at = 0; at < text.size(); at += length)
        samples += parser.feed(text.mid(at, length), 1000 + at);
    QCOMPARE(samples.size(), 20);
    QCOMPARE(parser.garbage(), 0);
    for (int i = 0; i < 20; ++i) {
        QCOMPARE(samples[i].index, i);
        QCOMPARE(samples[i].raw,
            i % 3 == 0       ? QStringLiteral("no healthy upstream")
                : i % 3 == 1 ? QString::fromUtf8(hello.trimmed())
                             : QString());
    }
}

void LineParserTest::survivesGarbage_data()
{
    QTest::addColumn<QByteArray>("garbage");
    QTest::newRow("a warning of the shell") << QByteArray("sh: 1: something\n");
    QTest::newRow("echo of Ctrl-C") << QByteArray("^C");
    QTest::newRow("half a mark") << QByteArray("\x1e" + mark.left(4));
    QTest::newRow("a mark without fields") << QByteArray("\x1e" + mark + "\t\x1e\n");
    QTest::newRow("too few fields") << QByteArray("\x1e" + mark + "\t200\t0\x1e\n");
    QTest::newRow("a code that is no number") << QByteArray("\x1e" + mark + "\tabc\t1\t0.1\t0\t0\t0\t\t0\t\x1e\n");
    QTest::newRow("a code too large") << QByteArray("\x1e" + mark + "\t20000\t1\t0.1\t0\t0\t0\t\t0\t\x1e\n");
    QTest::newRow("a negative time") << QByteArray("\x1e" + mark + "\t200\t1\t-1\t0\t0\t0\t\t0\t\x1e\n");
    QTest::newRow("no number for a time") << QByteArray("\x1e" + mark + "\t200\t1\tnan\t0\t0\t0\t\t0\t\x1e\n");
    QTest::newRow("no exit code") << QByteArray("\x1e" + mark + "\t200\t1\t0.1\t0\t0\t0\t\t\t\x1e\n");
    QTest::newRow("another run's record") << record(hello, "200", "0", {}, -1, "fedcba9876543210");
    QTest::newRow("a negative size") << QByteArray("\x1e" + mark + "\t200\t1\t1\t0\t0\t-4\t\t0\t\x1e\n");
    QTest::newRow("a trailer that does not end") << QByteArray("\x1e" + mark + "\t200\t" + QByteArray(10000, '0'));
    QTest::newRow("zero bytes") << QByteArray(300, '\0');
    QTest::newRow("not UTF-8") << QByteArray("\xff\xfe\xc0\n");
}

void LineParserTest::survivesGarbage()
{
    QFETCH(QByteArray, garbage);
    LineParser parser(mark);
    QList<Sample> samples = parser.feed(record(hello), 1000);
    samples += parser.feed(garbage, 1001);
    QCOMPARE(samples.size(), 1);
    samples += parser.feed(record(hello) + record("no", "503"), 1002);
    QCOMPARE(samples.size(), 3);
    QVERIFY(parser.garbage() > 0);
    QCOMPARE(samples[1].version, QStringLiteral("v1"));
    QCOMPARE(samples[2].httpCode, 503);
}

void LineParserTest::bodyCannotPassForARecord_data()
{
    QTest::addColumn<QByteArray>("body");
    const QByteArray foreign = record("Hello version: v9, instance: x", "200", "0", {}, 0, "catamaran");
    QTest::newRow("records of our own form, by a word") << foreign + foreign + "tail";
    QTest::newRow("records of nobody's mark") << record("", "200", "0", {}, 0, "") + record(hello, "200", "0", {}, 0, "fedcba9876543210");
    QTest::newRow("sizes that fit what stands before") << record("x", "200", "0", {}, -1, "catamaran") + hello;
    QTest::newRow("the old form") << QByteArray("Hello version: v2, instance: real\n\x1e"
                                                "catamaran\t200\t0\t1\t0.1\t0.1\t0.1\t5\t1.2.3.4\t\x1e\n");
    QTest::newRow("nothing but separators") << QByteArray(5000, '\x1e');
}

void LineParserTest::bodyCannotPassForARecord()
{
    // An application that answers with what looks like good requests is still one failed request.
    QFETCH(QByteArray, body);
    for (const QByteArray &bytes : { record(body, "500"), onTerminal(record(body, "500")) }) {
        LineParser parser(mark);
        const QList<Sample> samples = parser.feed(bytes + record(hello), 1000);
        QCOMPARE(samples.size(), 2);
        QCOMPARE(samples.first().httpCode, 500);
        QCOMPARE(samples.last().version, QStringLiteral("v1"));
    }
}

void LineParserTest::takesNoMoreThanWasAskedFor()
{
    LineParser parser(mark, 2);
    QList<Sample> samples = parser.feed(record(hello), 1000);
    samples += parser.feed(record(hello) + record(hello, "503"), 1001);
    samples += parser.feed(record(hello), 1002);
    QCOMPARE(samples.size(), 2);
    QVERIFY(parser.garbage() > 0);
}

void LineParserTest::marksAreNeverTheSame()
{
    const QByteArray one = newMark(), other = newMark();
    QVERIFY(one != other);
    QCOMPARE(one.size(), 32); // 128 bits
    QVERIFY2(QByteArray::fromHex(one).toHex() == one, one.constData()); // nothing in it that curl's format would read
}

void LineParserTest::readsBinaryBodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("zero bytes") << QByteArray(3000, '\0');
    QByteArray all;
    for (int i = 0; i < 256; ++i)
        all += char(i);
    QTest::newRow("every byte") << all;
    QTest::newRow("line ends of all kinds") << QByteArray("\r\n\n\r\r\n\n");
    QTest::newRow("a newline at its end") << QByteArray("a\0b\n", 4);
    QTest::newRow("only a newline") << QByteArray("\n");
}

void LineParserTest::readsBinaryBodies()
{
    QFETCH(QByteArray, body);
    for (const bool terminal : { false, true }) {
        LineParser parser(mark);
        const QByteArray text = record(body) + record(hello);
        const QList<Sample> samples = parser.feed(terminal ? onTerminal(text) : text, 1000);
        QCOMPARE(samples.size(), 2);
        QVERIFY(samples.first().ok());
        QCOMPARE(samples.last().version, QStringLiteral("v1"));
        QCOMPARE(parser.garbage(), 0);
    }
}

void LineParserTest::boundsHugeBodies()
{
    LineParser parser(mark);
    const QByteArray line(1'000'000, 'x');
    QList<Sample> samples;
    QByteArray text = record("start of it\n" + line);
    for (qsizetype at = 0; at < text.size(); at += 4096)
        samples += parser.feed(text.mid(at, 4096), 1000);
    QCOMPARE(samples.size(), 1);
    QCOMPARE(samples.first().raw, QStringLiteral("start of it"));
    samples = parser.feed(record(line), 2000); // in one piece
    QCOMPARE(samples.size(), 1);
    QCOMPARE(samples.first().raw.size(), 512);
    samples = parser.feed(record(hello), 3000);
    QCOMPARE(samples.size(), 1);
    QCOMPARE(samples.first().version, QStringLiteral("v1"));
    QCOMPARE(parser.garbage(), 0);
}

void LineParserTest::spreadsTimesOfOneChunk()
{
    LineParser parser(mark);
    const QList<Sample> samples = parser.feed(record(hello) + record(hello) + record(hello), 10'000); // 4.5 ms each
    QCOMPARE(samples.size(), 3);
    QCOMPARE(samples[2].startedAtMs, 9'995);
    QCOMPARE(samples[1].startedAtMs, 9'991);
    QCOMPARE(samples[0].startedAtMs, 9'986);
    for (const Sample &sample : samples)
        QCOMPARE(sample.receivedAtMs, 10'000);
}

void LineParserTest::startsNeverGoBack()
{
    LineParser parser(mark);
    const QList<Sample> first = parser.feed(record(hello), 10'000);
    const QList<Sample> second = parser.feed(record(hello), 9'000); // our clock was set back
    QCOMPARE(first.first().startedAtMs, 9'995);
    QVERIFY(second.first().startedAtMs <= 9'000);
    const QList<Sample> third = parser.feed(record(hello), 9'001);
    QVERIFY(third.first().startedAtMs >= second.first().startedAtMs);
}

void LineParserTest::keepsWhatTheShellSaid()
{
    LineParser parser(mark);
    QVERIFY(parser.feed("there is no curl in this container\r\n", 1000).isEmpty());
    QCOMPARE(parser.rest(), QStringLiteral("there is no curl in this container"));
}

QTEST_APPLESS_MAIN(LineParserTest)
#include "tst_lineparser.moc"
