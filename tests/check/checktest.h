// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "check/verdict.h"
#include "support/paths.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

namespace catamaran::tests {

/// What a pipeline expects is read strictly, and what is not known never passes.
class CheckTest : public QObject {
    Q_OBJECT

    using State = check::State;

    static QByteArray example()
    {
        QFile file(sourceFile(QStringLiteral("resources/checks/guide.yaml")));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static QByteArray document(const QByteArray &expect)
    {
        return "apiVersion: catamaran.io/v1\nkind: Check\nmetadata: { name: x }\nspec:\n  expect:\n" + expect;
    }
    static check::Expectations read(const QByteArray &yaml)
    {
        const auto expectations = check::parseExpectations(yaml, QStringLiteral("x.yaml"));
        if (!expectations)
            qFatal("%s", qPrintable(expectations.error().text()));
        return *expectations;
    }
    static truth::DirectionState direction(truth::Standing standing, observe::Health health)
    {
        truth::DirectionState state;
        state.direction = { QStringLiteral("cluster-1"), QStringLiteral("cluster-2") };
        for (const truth::Layer layer : truth::allLayers)
            state.cells.at(size_t(layer)).layer = layer;
        state.standing = standing;
        state.health = health;
        return state;
    }
    static findings::Finding finding(observe::Health state)
    {
        findings::Finding finding;
        finding.rule = QStringLiteral("trust.root-differs");
        finding.state = state;
        finding.sentence = QStringLiteral("the roots differ");
        return finding;
    }
    static core::Result<probe::RunResult> run(int good, int failed, double milliseconds = 4)
    {
        probe::RunResult result;
        for (int i = 0; i < good + failed; ++i) {
            probe::Sample sample;
            sample.index = i;
            sample.httpCode = i < good ? 200 : 503;
            sample.error = i < good ? QString() : QStringLiteral("no healthy upstream");
            sample.version = i % 2 == 0 ? QStringLiteral("v1") : QStringLiteral("v2");
            sample.totalMs = milliseconds;
            result.samples += sample;
        }
        return result;
    }

private slots:
    void readsTheExample()
    {
        const check::Expectations expectations = read(example());
        QCOMPARE(expectations.name, QStringLiteral("guide"));
        QCOMPARE(expectations.directions.size(), 1);
        QVERIFY(expectations.warningsAllowed == true);
        QCOMPARE(expectations.failover.first().service, QStringLiteral("default/helloworld"));
        QCOMPARE(expectations.runs.size(), 1);
        QVERIFY(expectations.runs.first().sharesAsRead && expectations.runs.first().spec.count == 200);
        QVERIFY(expectations.runs.first().p99 == std::chrono::seconds(1) && !expectations.runs.first().p50);
        QCOMPARE(check::unknownCases(expectations, QStringLiteral("why")).size(), 7);
    }

    void refusesWhatItDoesNotKnow_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QByteArray &expect, const char *says) {
            QTest::newRow(name) << document(expect) << QString::fromUtf8(says);
        };
        row("a word that nobody knows", "    latency: 5\n", "latency");
        row("nothing expected", "    {}\n", "expects nothing");
        row("an empty list", "    requests: []\n", "is empty");
        row("directions of another word", "    directions: some\n", "directions");
        row("a direction to itself", "    directions: [{ from: a, to: a }]\n", "leads nowhere");
        row("a direction twice", "    directions: [{ from: a, to: b }, { from: a, to: b }]\n", "expected twice");
        row("a severity that there is not", "    findings: { notWorseThan: critical }\n", "notWorseThan");
        row("a service without namespace", "    failover: [{ service: helloworld }]\n", "names no service");
        row("shares that are not all", "    requests: [{ from: a/b/c, url: 'http://x/', shares: { v1: 40, v2: 40 } }]\n",
            "does not add up to 100 %");
        row("a latency without limit", "    requests: [{ from: a/b/c, url: 'http://x/', latency: {} }]\n", "has no limit");
        row("a source of another form", "    requests: [{ from: sleep, url: 'http://x/' }]\n", "from");
        row("a count of none", "    requests: [{ from: a/b/c, url: 'http://x/', count: 0 }]\n", "count");
        row("another scheme", "    requests: [{ from: a/b/c, url: 'ftp://x/' }]\n", "url");
    }
    void refusesWhatItDoesNotKnow()
    {
        QFETCH(const QByteArray, yaml);
        QFETCH(const QString, says);
        const auto expectations = check::parseExpectations(yaml, QStringLiteral("x.yaml"));
        QVERIFY(!expectations);
        QCOMPARE(int(expectations.error().kind), int(core::ErrorKind::InvalidInput));
        QVERIFY2(expectations.error().target.startsWith(QStringLiteral("x.yaml:")), qPrintable(expectations.error().text()));
        QVERIFY2(expectations.error().text().contains(says), qPrintable(expectations.error().text()));
    }

    void directions_data()
    {
        using observe::Health;
        using truth::Standing;
        QTest::addColumn<int>("standing");
        QTest::addColumn<int>("health");
        QTest::addColumn<int>("state");
        QTest::newRow("proven") << int(Standing::Proven) << int(Health::Ok) << int(State::Pass);
        QTest::newRow("proven, and holds only until something restarts")
            << int(Standing::Proven) << int(Health::Warning) << int(State::Fail);
        QTest::newRow("failed") << int(Standing::Failed) << int(Health::Failed) << int(State::Fail);
        QTest::newRow("only configured") << int(Standing::Configured) << int(Health::Unknown) << int(State::Unknown);
        QTest::newRow("nobody asked") << int(Standing::Unknown) << int(Health::Unknown) << int(State::Unknown);
        QTest::newRow("asked long ago") << int(Standing::Stale) << int(Health::Stale) << int(State::Unknown);
    }
    void directions()
    {
        QFETCH(const int, standing);
        QFETCH(const int, health);
        QFETCH(const int, state);
        truth::Matrix matrix;
        matrix.directions = { direction(truth::Standing(standing), observe::Health(health)) };
        const auto cases = check::judgeDirections(read(document("    directions: all\n")), matrix);
        QCOMPARE(cases.size(), 1);
        QCOMPARE(int(cases.first().state), state);
        // Of one that nobody knows nothing is said, and of no direction at all neither.
        const auto other = check::judgeDirections(read(document("    directions: [{ from: cluster-2, to: cluster-1 }]\n")), matrix);
        QCOMPARE(int(other.first().state), int(State::Unknown));
        const auto none = check::judgeDirections(read(document("    directions: all\n")), {});
        QCOMPARE(none.size(), 1);
        QCOMPARE(int(none.first().state), int(State::Unknown));
    }

    void findingsAreNotWorse_data()
    {
        using observe::Health;
        QTest::addColumn<QList<int>>("states");
        QTest::addColumn<bool>("accepted");
        QTest::addColumn<int>("warningAllowed");
        QTest::addColumn<int>("nothingAllowed");
        const auto row = [](const char *name, const QList<int> &states, bool accepted, State warning, State nothing) {
            QTest::newRow(name) << states << accepted << int(warning) << int(nothing);
        };
        row("nothing found", {}, false, State::Pass, State::Pass);
        row("a warning", { int(Health::Warning) }, false, State::Pass, State::Fail);
        row("a failure", { int(Health::Failed) }, false, State::Fail, State::Fail);
        row("an accepted failure", { int(Health::Failed) }, true, State::Pass, State::Pass);
        row("a rule that could not be asked", { int(Health::Unknown) }, false, State::Unknown, State::Unknown);
        row("facts that are old", { int(Health::Stale) }, false, State::Unknown, State::Unknown);
        row("a failure beside a rule that could not be asked", { int(Health::Failed), int(Health::Unknown) }, false, State::Fail,
            State::Fail);
    }
    void findingsAreNotWorse()
    {
        QFETCH(const QList<int>, states);
        QFETCH(const bool, accepted);
        QFETCH(const int, warningAllowed);
        QFETCH(const int, nothingAllowed);
        QList<findings::Finding> found;
        for (const int state : states) {
            found += finding(observe::Health(state));
            if (accepted)
                found.last().accepted = findings::Accepted { QDate(2030, 1, 1), QStringLiteral("meant") };
        }
        QCOMPARE(
            int(check::judgeFindings(read(document("    findings: { notWorseThan: warning }\n")), found).first().state), warningAllowed);
        QCOMPARE(int(check::judgeFindings(read(document("    findings: { notWorseThan: none }\n")), found).first().state), nothingAllowed);
        QVERIFY(check::judgeFindings(read(document("    directions: all\n")), found).isEmpty());
    }

    void failover()
    {
        const auto expectations
            = read(document("    failover: [{ service: default/helloworld }, { service: default/helloworld, from: cluster-2 }]\n"));
        findings::FailoverVerdict one;
        one.service = QStringLiteral("default/helloworld");
        one.from = QStringLiteral("cluster-1");
        const auto states = [&](findings::Answer answer, const QStringList &unread = {}) {
            one.answer = answer;
            const auto cases = check::judgeFailover(expectations, { one }, unread);
            return QList<int> { int(cases.at(0).state), int(cases.at(1).state) };
        };
        const int pass = int(State::Pass), fail = int(State::Fail), unknown = int(State::Unknown);
        QCOMPARE(states(findings::Answer::Yes), (QList<int> { pass, fail })); // in cluster-2 nothing is called so
        QCOMPARE(states(findings::Answer::No), (QList<int> { fail, fail }));
        QCOMPARE(states(findings::Answer::NotKnown), (QList<int> { unknown, fail }));
        QCOMPARE(states(findings::Answer::Yes, { QStringLiteral("cluster-2") }), (QList<int> { unknown, unknown }));
    }

    void requests_data()
    {
        QTest::addColumn<int>("good");
        QTest::addColumn<int>("failed");
        QTest::addColumn<double>("latency");
        QTest::addColumn<bool>("known");
        QTest::addColumn<QList<int>>("states"); // answers, shares, p99
        const int pass = int(State::Pass), fail = int(State::Fail), unknown = int(State::Unknown);
        QTest::newRow("as expected") << 100 << 0 << 4.0 << true << QList<int> { pass, pass, pass };
        QTest::newRow("one failed") << 99 << 1 << 4.0 << true << QList<int> { fail, pass, pass };
        QTest::newRow("too slow") << 100 << 0 << 400.0 << true << QList<int> { pass, pass, fail };
        QTest::newRow("what to expect could not be read") << 100 << 0 << 4.0 << false << QList<int> { pass, unknown, pass };
        QTest::newRow("too few to tell, for the run broke off") << 1 << 0 << 4.0 << true << QList<int> { unknown, unknown, pass };
        QTest::newRow("all failed") << 0 << 100 << 4.0 << true << QList<int> { fail, unknown, unknown };
    }
    void requests()
    {
        QFETCH(const int, good);
        QFETCH(const int, failed);
        QFETCH(const double, latency);
        QFETCH(const bool, known);
        QFETCH(const QList<int>, states);
        const auto expectations
            = read(document("    requests: [{ from: a/b/c, url: 'http://x/', count: 100, shares: as-read, latency: { p99: 100ms } }]\n"));
        truth::SplitExpectation expectation;
        if (known)
            expectation.shares = { { QStringLiteral("v1"), 0.5 }, { QStringLiteral("v2"), 0.5 } };
        else
            expectation.unknown = QStringLiteral("the endpoints in cluster-2 could not be read");
        const auto result = run(good, failed, latency);
        probe::ShareTest test(expectation.shares);
        test.add(result->samples);
        const auto cases = check::judgeRun(expectations.runs.first(), result, expectation, test.verdict());
        QList<int> seen;
        for (const check::Case &one : cases)
            seen += int(one.state);
        QCOMPARE(seen, states);
        // What could not be sent at all is not known, whatever was expected of it.
        for (const check::Case &one :
            check::judgeRun(expectations.runs.first(), core::fail(core::ErrorKind::Network, {}, {}, {}), expectation, {}))
            QCOMPARE(int(one.state), int(State::Unknown));
    }

    void junitIsReadByOthers()
    {
        check::Report report { QStringLiteral("guide"), QStringLiteral("lab"), QDateTime::currentDateTimeUtc(), {} };
        report.cases
            = { { QStringLiteral("directions"), QStringLiteral("a to b is proven"), State::Pass, QStringLiteral("request: ok"), 1.5 },
                  { QStringLiteral("findings"), QStringLiteral("none & <all>"), State::Fail,
                      QStringLiteral("one\ntwo \x01\x1b[31m ]]> \"q\""), 0 },
                  { QStringLiteral("requests"), QStringLiteral("p99"), State::Unknown, QStringLiteral("not read"), 0 } };
        const QByteArray bytes = report.toJunit();
        QXmlStreamReader xml(bytes);
        int cases = 0, failures = 0, errors = 0;
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement)
                continue;
            cases += xml.name() == u"testcase";
            failures += xml.name() == u"failure";
            errors += xml.name() == u"error";
            if (xml.name() == u"testsuite" || xml.name() == u"testsuites") {
                QCOMPARE(xml.attributes().value(QLatin1String("tests")).toString(), QStringLiteral("3"));
                QCOMPARE(xml.attributes().value(QLatin1String("failures")).toString(), QStringLiteral("1"));
                QCOMPARE(xml.attributes().value(QLatin1String("errors")).toString(), QStringLiteral("1"));
            }
            if (xml.name() == u"testcase")
                QVERIFY(xml.attributes().value(QLatin1String("classname")).startsWith(u"catamaran.guide."));
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QCOMPARE(cases, 3);
        QCOMPARE(failures, 1);
        QCOMPARE(errors, 1);
        QVERIFY(!report.holds());
        QVERIFY(!check::Report().holds()); // nothing looked at is nothing that holds
        // Another reader too.
        const QString python = QStandardPaths::findExecutable(QStringLiteral("python3"));
        if (python.isEmpty())
            QSKIP("there is no python3 to read it with");
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("junit.xml")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
        file.close();
        QProcess reader;
        reader.start(python,
            { QStringLiteral("-c"),
                QStringLiteral(
                    "import sys, xml.etree.ElementTree as t; r = t.parse(sys.argv[1]).getroot(); print(r.tag, len(r.findall('testsuite/testcase')))"),
                file.fileName() });
        QVERIFY(reader.waitForFinished(60000));
        QCOMPARE(reader.readAllStandardOutput().trimmed(), QByteArray("testsuites 3"));
    }
};

} // namespace catamaran::tests
