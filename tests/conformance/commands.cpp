// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "conformance.h"

#include "kube/logs.h"

#include <QSignalSpy>
#include <QTimer>

using namespace catamaran;
using namespace catamaran::conformance;
using namespace catamaran::kube;
using core::ErrorKind;

#define NEEDS_NODE()                                                                                                                       \
    if (!place().hasNode)                                                                                                                  \
    QSKIP("there is no node: nothing runs")
#define NEEDS_WORKER()                                                                                                                     \
    NEEDS_NODE();                                                                                                                          \
    QVERIFY2(!worker().isEmpty(), "the pod for commands is not ready")

namespace {

/// A command whose stream is kept open.
struct Running {
    explicit Running(std::unique_ptr<ExecSession> opened)
        : session(std::move(opened))
    {
        QObject::connect(session.get(), &ExecSession::standardOutput, session.get(), [this](const QByteArray &bytes) { output += bytes; });
        QObject::connect(session.get(), &ExecSession::standardError, session.get(), [this](const QByteArray &bytes) { errors += bytes; });
        QObject::connect(session.get(), &ExecSession::finished, session.get(), [this](int code, const std::shared_ptr<core::Error> &why) {
            ++ends;
            exitCode = code;
            error = why;
        });
        session->start();
    }
    std::unique_ptr<ExecSession> session;
    QByteArray output, errors;
    int ends = 0, exitCode = -1;
    std::shared_ptr<core::Error> error;

    [[nodiscard]] QByteArray told() const
    {
        return QByteArray("exit code ") + QByteArray::number(exitCode) + (error ? ", " + error->text().toUtf8() : QByteArray())
            + ", output: " + output.left(500) + errors.left(500);
    }
};

} // namespace

void Conformance::commands_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("output");
    QTest::newRow("done") << QStringLiteral("echo hello") << 0 << QByteArray("hello\n");
    QTest::newRow("its own exit code") << QStringLiteral("exit 3") << 3 << QByteArray();
    QTest::newRow("command not found in the shell") << QStringLiteral("no-such-command-here 2>/dev/null") << 127 << QByteArray();
    QTest::newRow("ended by a signal") << QStringLiteral("kill -9 $$") << 137 << QByteArray();
    QTest::newRow("odd characters") << QStringLiteral("printf %s 'a+b;c&d=é#%20 \"'") << 0 << QByteArray("a+b;c&d=é#%20 \"");
    QTest::newRow("no output at all") << QStringLiteral("true") << 0 << QByteArray();
    QTest::newRow("the pod's own name") << QStringLiteral("hostname") << 0 << QByteArray("worker\n");
}

void Conformance::commands()
{
    NEEDS_WORKER();
    QFETCH(QString, script);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, output);
    const auto result = wait(runInPod(*place().client, place().shell(worker(), script), {}));
    QVERIFY2(result, why(result));
    QCOMPARE(result->exitCode, exitCode);
    QCOMPARE(result->standardOutput, output);
}

void Conformance::outputAndErrorsComeApart()
{
    NEEDS_WORKER();
    const auto result = wait(runInPod(*place().client, place().shell(worker(), QStringLiteral("echo out; echo err >&2; echo out2")), {}));
    QVERIFY2(result, why(result));
    QCOMPARE(result->standardOutput, QByteArray("out\nout2\n"));
    QCOMPARE(result->standardError, QByteArray("err\n"));
}

void Conformance::aTerminalHasASizeThatChanges()
{
    NEEDS_WORKER();
    // The size travels on its own channel and a runtime sets it when it gets to it: ask until the new one shows.
    auto options = place().shell(worker(),
        QStringLiteral(
            "echo ready; while read line; do [ \"$line\" = end ] && break; stty size; done; echo err >&2; test -t 0 && echo terminal; exit 3"));
    options.tty = true;
    options.stdinOpen = true;
    Running run(place().client->exec(options));
    run.session->resize(91, 37);
    QTRY_VERIFY2_WITH_TIMEOUT(run.output.contains("ready"), run.told(), 20000);
    run.session->resize(123, 45);
    QTimer ask;
    connect(&ask, &QTimer::timeout, this, [&run] { run.session->write("\n"); });
    ask.start(50);
    QTRY_VERIFY2_WITH_TIMEOUT(run.output.contains("45 123"), run.told(), 20000);
    ask.stop();
    run.session->write("end\n");
    QTRY_COMPARE_WITH_TIMEOUT(run.ends, 1, 20000);
    QVERIFY2(!run.error, run.told());
    QVERIFY2(run.output.contains("terminal") && run.output.contains("err\r\n"), run.told()); // one output, cooked by the terminal
    QVERIFY(run.errors.isEmpty());
    QCOMPARE(run.exitCode, 3);
}

void Conformance::aTerminalWithoutInputShowsAll()
{
    NEEDS_WORKER();
    auto options = place().shell(worker(), QStringLiteral("seq 1 20000"));
    options.tty = true;
    const auto result = wait(runInPod(*place().client, options, {}));
    QVERIFY2(result, why(result));
    QCOMPARE(result->exitCode, 0);
    QVERIFY2(result->standardOutput.startsWith("1\r\n2\r\n") && result->standardOutput.endsWith("\r\n20000\r\n"),
        result->standardOutput.right(40));
    QCOMPARE(result->standardOutput.count('\n'), 20000);
}

void Conformance::inputArrives()
{
    NEEDS_WORKER();
    constexpr int size = 200000; // more than one message; version 4 of the protocol has no end of input
    auto options = place().shell(worker(), QStringLiteral("head -c %1 | tr a-z A-Z").arg(size));
    options.stdinOpen = true;
    Running run(place().client->exec(options));
    run.session->write(QByteArray(size - 3, 'x') + "end" + QByteArray(100, '?'));
    QTRY_COMPARE_WITH_TIMEOUT(run.ends, 1, 30000);
    QVERIFY2(!run.error, run.told());
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.output.size(), size);
    QVERIFY(run.output.startsWith("XXX") && run.output.endsWith("XEND"));
}

void Conformance::aCommandIsCancelled()
{
    NEEDS_WORKER();
    Running run(place().client->exec(place().shell(worker(), QStringLiteral("echo begun; exec sleep 20"))));
    QTRY_COMPARE_WITH_TIMEOUT(run.output, QByteArray("begun\n"), 20000);
    run.session->stop();
    QTRY_COMPARE_WITH_TIMEOUT(run.ends, 1, 15000); // it would have slept for 20 s
    QVERIFY(run.error);
    QVERIFY2(run.error->kind == ErrorKind::Cancelled, run.told());
    // The connection is free for the next one.
    const auto next = wait(runInPod(*place().client, place().shell(worker(), QStringLiteral("echo next")), {}));
    QVERIFY2(next, why(next));
    QCOMPARE(next->standardOutput, QByteArray("next\n"));
}

void Conformance::aMegabyteArrivesIntact()
{
    NEEDS_WORKER();
    constexpr int size = 1048576;
    QByteArray expected;
    for (int i = 1; expected.size() < size; ++i)
        expected += QByteArray::number(i) + '\n';
    expected.truncate(size);
    const auto result = wait(runInPod(*place().client, place().shell(worker(), QStringLiteral("seq 1 300000 | head -c %1").arg(size)), {}));
    QVERIFY2(result, why(result));
    QCOMPARE(result->exitCode, 0);
    QCOMPARE(result->standardOutput.size(), size);
    QVERIFY(result->standardOutput == expected);
}

void Conformance::impossibleCommands_data()
{
    QTest::addColumn<QString>("pod");
    QTest::addColumn<QString>("container");
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<QList<int>>("kinds");
    QTest::addColumn<QStringList>("says");
    const QStringList harmless { QStringLiteral("true") };
    QTest::newRow("pod that is not there") << QStringLiteral("nobody") << QString() << harmless << QList<int> { int(ErrorKind::NotFound) }
                                           << QStringList { QStringLiteral("nobody") };
    QTest::newRow("container that is not there")
        << QString() << QStringLiteral("nobody") << harmless << QList<int> { int(ErrorKind::InvalidInput) }
        << QStringList { QStringLiteral("container nobody is not valid for pod worker") };
    QTest::newRow("program that is not there") << QString() << QStringLiteral("main") << QStringList { QStringLiteral("no-such-program") }
                                               << QList<int> { int(ErrorKind::Server), int(ErrorKind::Protocol),
                                                      int(ErrorKind::Precondition) }
                                               << QStringList { QStringLiteral("no-such-program") };
}

void Conformance::impossibleCommands()
{
    NEEDS_WORKER();
    QFETCH(QString, pod);
    QFETCH(QString, container);
    QFETCH(QStringList, command);
    QFETCH(QList<int>, kinds);
    QFETCH(QStringList, says);
    auto options = place().shell(pod.isEmpty() ? worker() : pod, {});
    options.container = container;
    options.command = command;
    const auto result = wait(runInPod(*place().client, options, {}));
    QVERIFY2(!result, "it ended by itself");
    QVERIFY2(kinds.contains(int(result.error().kind)), qPrintable(core::kindName(result.error().kind) + u' ' + result.error().text()));
    for (const QString &text : says)
        QVERIFY2(result.error().answer.contains(text), qPrintable(result.error().text()));
}

void Conformance::aCommandWithoutTheVerbIsExplained()
{
    const auto token = tokenWithoutRights(QStringLiteral("listener"));
    QVERIFY2(token, why(token));
    const auto poor = place().clientOf(*token);
    const auto refused = wait(runInPod(*poor, place().shell(QStringLiteral("worker"), QStringLiteral("true")), {}));
    QVERIFY(!refused);
    QVERIFY2(refused.error().kind == ErrorKind::Forbidden, qPrintable(refused.error().text()));
    QVERIFY2(refused.error().answer.contains(QStringLiteral("cannot get resource \"pods/exec\"")), qPrintable(refused.error().text()));
    QVERIFY2(refused.error().remedy.contains(QStringLiteral("get")) && refused.error().remedy.contains(QStringLiteral("pods/exec")),
        qPrintable(refused.error().text()));
}

void Conformance::aCommandEndsWhenItsPodGoes()
{
    NEEDS_NODE();
    const QString image = m_images.sleep.isEmpty() ? QStringLiteral("registry.cn-hangzhou.aliyuncs.com/acs/curl:8.1.2") : m_images.sleep;
    const QString problem
        = place().run(place().pod(QStringLiteral("victim"), image, { QStringLiteral("/bin/sleep"), QStringLiteral("infinity") }));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    Running run(place().client->exec(place().shell(QStringLiteral("victim"), QStringLiteral("echo begun; sleep 300; echo woken"))));
    QTRY_COMPARE_WITH_TIMEOUT(run.output, QByteArray("begun\n"), 20000);
    QVERIFY(wait(place().client->remove(kinds::pods, place().ns, QStringLiteral("victim"), {})));
    QTRY_COMPARE_WITH_TIMEOUT(run.ends, 1, 60000);
    QVERIFY2(run.error || run.exitCode != 0, run.told()); // never taken for a good end
    QVERIFY(!run.output.contains("woken"));
    qInfo("%s", run.told().constData());
}

void Conformance::logsAreReadAndFollowed()
{
    NEEDS_NODE();
    const bool isOwn = m_images.helloworld.isEmpty();
    const QString image
        = isOwn ? QStringLiteral("registry-cn-hangzhou.ack.aliyuncs.com/ack-demo/examples-helloworld-v1:1.0") : m_images.helloworld;
    const QString problem = place().run(place().pod(QStringLiteral("talker"), image, m_images.helloworldCommand(QStringLiteral("v1"))));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    LogOptions options;
    options.ns = place().ns;
    options.pod = QStringLiteral("talker");
    const auto readAll = [this](const LogOptions &wanted) {
        QByteArray text;
        const auto log = place().client->logs(wanted);
        connect(log.get(), &LogStream::received, this, [&](const QByteArray &lines) { text += lines; });
        log->start();
        const bool ended
            = QTest::qWaitFor([&] { return log->state() == LogStream::State::Ended || log->state() == LogStream::State::Failed; }, 20000);
        return ended && log->state() == LogStream::State::Ended ? text : "FAILED: " + log->lastError().text().toUtf8();
    };
    QByteArray whole;
    QTRY_VERIFY2_WITH_TIMEOUT(!(whole = readAll(options)).isEmpty(), "the container says nothing", 15000);
    QVERIFY2(!whole.startsWith("FAILED") && whole.endsWith('\n'), whole);
    LogOptions last = options;
    last.tailLines = 1;
    const QByteArray line = readAll(last);
    QVERIFY2(whole.endsWith(line) && line.count('\n') == 1, line);
    LogOptions stamped = last;
    stamped.timestamps = true;
    const QByteArray withTime = readAll(stamped);
    QVERIFY2(withTime.endsWith(line) && QDateTime::fromString(QString::fromLatin1(withTime.left(19)), Qt::ISODate).isValid(), withTime);

    LogOptions follow = options;
    follow.follow = true;
    QByteArray followed;
    const auto log = place().client->logs(follow);
    connect(log.get(), &LogStream::received, this, [&](const QByteArray &lines) { followed += lines; });
    log->start();
    QTRY_VERIFY_WITH_TIMEOUT(followed.startsWith(whole), 15000);
    QVERIFY(log->state() == LogStream::State::Live);
    QVERIFY(wait(place().client->remove(kinds::pods, place().ns, QStringLiteral("talker"), {})));
    QTRY_VERIFY2_WITH_TIMEOUT(log->state() == LogStream::State::Ended, log->lastError().text().toUtf8(), 60000);
}

void Conformance::logsOfNobody()
{
    LogOptions options;
    options.ns = place().ns;
    options.pod = QStringLiteral("nobody");
    const auto log = place().client->logs(options);
    log->start();
    QTRY_VERIFY_WITH_TIMEOUT(log->state() == LogStream::State::Failed, 15000);
    QVERIFY2(log->lastError().kind == ErrorKind::NotFound, qPrintable(log->lastError().text()));
}
