// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/logposition.h"
#include "kube/logstream.h"
#include "support/rotatingidentity.h"
#include "support/scriptedserver.h"

#include <QSignalSpy>
#include <QSslKey>
#include <QTemporaryDir>
#include <QtTest>

using namespace catamaran;
using namespace catamaran::kube;
using namespace std::chrono_literals;
using core::ErrorKind;
using test::Exchange;
using test::ScriptedServer;
using State = LogStream::State;

class LogsTest : public QObject {
    Q_OBJECT

    struct World {
        std::function<void(Exchange &)> onLog = [](Exchange &e) { e.beginChunks(200, "text/plain"); };
        QList<QPointer<Exchange>> requests;
        bool healthy = true;
        ScriptedServer server { [this](Exchange &e) {
            if (e.path() == "/version") {
                if (healthy)
                    e.reply(200, "{}");
                return;
            }
            requests.append(&e);
            onLog(e);
        } };
        std::unique_ptr<LogStream> log;
        QByteArrayList pieces;

        void start(LogOptions options)
        {
            ClusterAccess access;
            access.server = server.url();
            options.ns = QStringLiteral("n");
            options.pod = QStringLiteral("p");
            log = makeLogStream(std::make_shared<ApiSession>(access, nullptr), options);
            QObject::connect(log.get(), &LogStream::received, log.get(), [this](const QByteArray &lines) { pieces.append(lines); });
            log->start();
        }
    };

    static LogOptions follow()
    {
        LogOptions options;
        options.follow = true;
        return options;
    }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void position_data()
    {
        QTest::addColumn<QByteArray>("had");
        QTest::addColumn<bool>("isKnown");
        QTest::addColumn<QByteArray>("comes");
        QTest::addColumn<QByteArray>("rest");
        const QByteArray a = "2026-01-02T03:04:05.100000000Z a\n", b = "2026-01-02T03:04:05.200000000Z b\n",
                         c = "2026-01-02T03:04:05.300000000Z c\n";
        const QByteArray b2 = QByteArray(b).replace(" b", " b2"), b3 = QByteArray(b).replace(" b", " b3");
        QTest::newRow("nothing yet") << QByteArray() << false << a << a;
        QTest::newRow("what was had is left out") << a + b << true << a + b + c << c;
        QTest::newRow("of one moment as many as were had") << a + b + b2 << true << a + b + b2 + b3 + c << b3 + c;
        QTest::newRow("the file begins later now") << a + b << true << c << c;
        QTest::newRow("only what is behind") << a + b << true << QByteArray() << QByteArray();
        QTest::newRow("inside a line") << a + b.chopped(1) << false << a + b << a + b;
        QTest::newRow("a line without a time") << a + QByteArray("oops\n") << false << a << a;
        QTest::newRow("times of another length come again")
            << a + b << true << QByteArray("2026-01-02T03:04:05.1Z a\n") + b << QByteArray("2026-01-02T03:04:05.1Z a\n") + b;
        QTest::newRow("a node with a time zone")
            << QByteArray("2026-01-02T11:04:05.100000000+08:00 a\n") << true
            << QByteArray("2026-01-02T11:04:05.100000000+08:00 a\n") + QByteArray("2026-01-02T11:04:05.100000000+08:00 b\n")
            << QByteArray("2026-01-02T11:04:05.100000000+08:00 b\n");
    }
    void position()
    {
        QFETCH(QByteArray, had);
        QFETCH(bool, isKnown);
        QFETCH(QByteArray, comes);
        QFETCH(QByteArray, rest);
        LogPosition whole;
        whole.passed(had);
        QCOMPARE(whole.isKnown(), isKnown);
        if (!isKnown)
            return;
        QCOMPARE(whole.moment().toUTC(), QDateTime(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC));
        whole.resume();
        QByteArray buffer, got;
        for (const char byte : comes) { // as slowly as it can come
            buffer += byte;
            whole.leaveOut(buffer);
            if (buffer.endsWith('\n'))
                got += std::exchange(buffer, {});
        }
        QCOMPARE(got, rest);
    }

    void goesOnAsTheNewIdentity_data()
    {
        QTest::addColumn<bool>("timestamps");
        QTest::newRow("with times") << true;
        QTest::newRow("without: it stays") << false;
    }
    void goesOnAsTheNewIdentity()
    {
        QFETCH(bool, timestamps);
        QList<QPointer<Exchange>> logs;
        ScriptedServer server(
            [&](Exchange &e) {
                if (e.path() == "/version") {
                    e.reply(200, "{}");
                    return;
                }
                logs.append(&e);
                e.beginChunks(200, "text/plain");
            },
            ScriptedServer::Mode::TlsWithClientCertificate);
        test::RotatingIdentity identity(server, QStringLiteral("alice"));
        const auto session = std::make_shared<ApiSession>(identity.access(), nullptr);
        session->setFileIntervals(1min, 10ms);
        auto options = follow();
        options.ns = QStringLiteral("n");
        options.pod = QStringLiteral("p");
        options.timestamps = timestamps;
        options.tailLines = 5;
        const auto log = makeLogStream(session, options);
        QByteArray got;
        connect(log.get(), &LogStream::received, this, [&](const QByteArray &lines) { got += lines; });
        log->start();
        QTRY_COMPARE(log->state(), State::Live);
        const QByteArray a = "2026-01-02T03:04:05.1Z a\n", b = "2026-01-02T03:04:05.2Z b\n", c = "2026-01-02T03:04:05.3Z c\n";
        logs.first()->chunk(a + b + c.left(10)); // and half of the next
        QTRY_COMPARE(got, a + b);
        QSignalSpy changed(session.get(), &ApiSession::identityChanged);
        identity.rotateTo(QStringLiteral("bob"));
        QTRY_COMPARE(changed.size(), 1);
        if (!timestamps) {
            logs.first()->chunk(c.mid(10));
            QTRY_COMPARE(got, a + b + c);
            QCOMPARE(logs.size(), 1);
            return;
        }
        QTRY_COMPARE(logs.size(), 2);
        QCOMPARE(logs.last()->clientCommonName, QByteArray("bob"));
        QVERIFY2(logs.last()->target.contains("sinceTime=2026-01-02T03%3A04%3A05Z") && !logs.last()->target.contains("tailLines"),
            logs.last()->target.constData());
        logs.last()->chunk(a + b + c);
        QTRY_COMPARE(got, a + b + c);
        QCOMPARE(log->state(), State::Live);
    }

    void asksForWhatWasWanted()
    {
        LogOptions options;
        options.container = QStringLiteral("c;+");
        options.follow = true;
        options.previous = true;
        options.timestamps = true;
        options.tailLines = 20;
        options.since = 90s;
        options.limitBytes = 1000;
        World world;
        world.start(options);
        QTRY_COMPARE(world.requests.size(), 1);
        QCOMPARE(world.requests.first()->target,
            QByteArray(
                "/api/v1/namespaces/n/pods/p/log?container=c%3B%2B&follow=true&previous=true&timestamps=true&tailLines=20&sinceSeconds=90&limitBytes=1000"));
        options.sinceTime = QDateTime(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC);
        QVERIFY(logQuery(options).contains(QueryItem { "sinceTime", "2026-01-02T03:04:05Z" }));
    }

    void givesWholeLinesHoweverTheyCome()
    {
        World world;
        world.start(follow());
        QTRY_VERIFY(world.log->state() == State::Live);
        const QByteArray text = QStringLiteral("eins\nzwölf\ndrei").toUtf8();
        for (const char byte : text)
            world.requests.first()->chunk(QByteArray(1, byte));
        QTRY_COMPARE(world.pieces.join(), QStringLiteral("eins\nzwölf\n").toUtf8());
        for (const QByteArray &piece : world.pieces)
            QVERIFY(piece.endsWith('\n'));
        world.requests.first()->endChunks();
        QTRY_VERIFY(world.log->state() == State::Ended);
        QCOMPARE(world.pieces.join(), text); // the last line, too
    }

    void refusalsAreErrors_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<int>("kind");
        QTest::newRow("not started") << 400 << QByteArray("container \\\"c\\\" in pod \\\"p\\\" is waiting to start")
                                     << int(ErrorKind::InvalidInput);
        QTest::newRow("not allowed") << 403 << QByteArray("pods \\\"p\\\" is forbidden") << int(ErrorKind::Forbidden);
        QTest::newRow("no such pod") << 404 << QByteArray("pods \\\"p\\\" not found") << int(ErrorKind::NotFound);
    }
    void refusalsAreErrors()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, message);
        World world;
        world.onLog = [&](Exchange &e) {
            e.reply(status, "{\"kind\":\"Status\",\"code\":" + QByteArray::number(status) + ",\"message\":\"" + message + "\"}");
        };
        world.start(follow());
        QTRY_VERIFY(world.log->state() == State::Failed);
        const auto error = world.log->lastError();
        QCOMPARE(error.httpStatus, status);
        QVERIFY2(error.answer.contains(QString::fromUtf8(QByteArray(message).replace("\\\"", "\""))), qPrintable(error.answer));
        QVERIFY(world.pieces.isEmpty());
        QCOMPARE(!error.remedy.isEmpty(), status == 403);
    }

    void aBreakIsAFailure()
    {
        World world;
        world.start(follow());
        QTRY_VERIFY(world.log->state() == State::Live);
        world.requests.first()->chunk("half");
        QTRY_VERIFY(world.log->lastHeard().isValid());
        world.requests.first()->reset();
        QTRY_VERIFY(world.log->state() == State::Failed);
        QVERIFY(world.log->lastError().kind == ErrorKind::Network);
    }

    void aQuietLogStaysAndADeadServerFails()
    {
        LogOptions options = follow();
        options.quiet = 40ms;
        options.healthTimeout = 200ms;
        World world;
        world.start(options);
        QTRY_VERIFY(world.log->state() == State::Live);
        QTRY_VERIFY(world.server.requests() > 4); // asked whether it lives, several times
        QVERIFY(world.log->state() == State::Live);
        world.healthy = false;
        QTRY_VERIFY(world.log->state() == State::Failed);
        QVERIFY(world.log->lastError().kind == ErrorKind::Timeout);
    }

    void stopsForGood()
    {
        World world;
        world.start(follow());
        QTRY_VERIFY(world.log->state() == State::Live);
        QSignalSpy states(world.log.get(), &LogStream::stateChanged);
        world.log->stop();
        QTRY_VERIFY(!world.requests.first()->isConnected());
        QCOMPARE(states.size(), 0);
    }

    void muchIsGatheredAndNothingLost()
    {
        World world;
        world.start(follow());
        QTRY_VERIFY(world.log->state() == State::Live);
        const QByteArray line = QByteArray(99, 'x') + '\n';
        for (int i = 0; i < 2000; ++i)
            world.requests.first()->chunk(line.repeated(20));
        const auto size = [&] {
            qsizetype sum = 0;
            for (const QByteArray &piece : world.pieces)
                sum += piece.size();
            return sum;
        };
        QTRY_COMPARE(size(), qsizetype(4000000));
        QVERIFY2(world.pieces.size() < 200, qPrintable(QString::number(world.pieces.size())));
    }

    void aNameThatIsNoPathIsRefused()
    {
        World world;
        ClusterAccess access;
        access.server = world.server.url();
        LogOptions options;
        options.ns = QStringLiteral("n");
        options.pod = QStringLiteral("../x");
        const auto log = makeLogStream(std::make_shared<ApiSession>(access, nullptr), options);
        log->start();
        QTRY_VERIFY(log->state() == State::Failed);
        QVERIFY(log->lastError().kind == ErrorKind::InvalidInput);
        QCOMPARE(world.server.requests(), 0);
    }
};

QTEST_GUILESS_MAIN(LogsTest)
#include "tst_logs.moc"
