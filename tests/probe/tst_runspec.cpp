// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/run.h"
#include "support/paths.h"

#include <QProcess>
#include <QSocketNotifier>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <csignal>
#include <memory>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace catamaran;
using namespace catamaran::probe;
using namespace std::chrono_literals;

namespace {

RunSpec spec(const QString &url = QStringLiteral("http://helloworld:5000/hello"), int count = 10)
{
    RunSpec spec;
    spec.source = { QStringLiteral("cluster-1"), QStringLiteral("default"), QStringLiteral("sleep") };
    spec.url = url;
    spec.count = count;
    return spec;
}

/// A plain HTTP server that counts its connections and requests.
class Answers : public QTcpServer {
public:
    Answers()
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            ++connections;
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { serve(*socket); });
        });
    }
    [[nodiscard]] QString url(const QString &path = QStringLiteral("/hello")) const
    {
        return QStringLiteral("http://127.0.0.1:%1%2").arg(serverPort()).arg(path);
    }

    int connections = 0;
    QList<QByteArray> paths;
    QByteArray body = "Hello version: v1, instance: a\n", status = "200 OK";
    bool silent = false;
    int missing = 0; ///< bytes of the body that are promised and never come

private:
    void serve(QTcpSocket &socket)
    {
        QByteArray &pending = m_pending[&socket];
        pending += socket.readAll();
        for (qsizetype end = pending.indexOf("\r\n\r\n"); end >= 0; end = pending.indexOf("\r\n\r\n")) {
            const QByteArray head = pending.left(end);
            pending.remove(0, end + 4);
            paths += head.split(' ').value(1);
            if (silent)
                continue;
            const bool closing = head.toLower().contains("connection: close");
            socket.write("HTTP/1.1 " + status + "\r\nContent-Length: " + QByteArray::number(body.size() + missing)
                + (closing ? "\r\nConnection: close" : "") + "\r\n\r\n" + body);
            if (closing && missing == 0)
                socket.disconnectFromHost();
        }
    }
    QHash<QTcpSocket *, QByteArray> m_pending;
};

const QByteArray mark = QByteArrayLiteral("00112233445566778899aabbccddeeff");

struct Outcome {
    QList<Sample> samples;
    int exitCode = -1;
    int garbage = 0, notSent = 0;
    QString rest;
    qint64 milliseconds = 0;
};

/// Runs the command with the real sh of this machine and the first curl of @p path, on a terminal, as a pod would.
Outcome runHere(const RunSpec &run, const QString &path = {})
{
    Outcome outcome;
    LineParser parser(mark, run.due());
    QList<QByteArray> words;
    for (const QString &word : run.command(mark))
        words += word.toUtf8();
    QList<char *> arguments;
    for (QByteArray &word : words)
        arguments += word.data();
    arguments += nullptr;
    const QByteArray before = qgetenv("PATH");
    if (!path.isEmpty())
        qputenv("PATH", path.toUtf8() + ':' + before);
    const auto restored = qScopeGuard([&] { qputenv("PATH", before); });
    QElapsedTimer timer;
    timer.start();
    int terminal = -1;
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child == 0) {
        ::execvp(arguments[0], arguments.data());
        ::_exit(126);
    }
    QEventLoop loop;
    QSocketNotifier readable(terminal, QSocketNotifier::Read);
    QObject::connect(&readable, &QSocketNotifier::activated, &loop, [&] {
        char buffer[65536];
        const auto got = ::read(terminal, buffer, sizeof buffer);
        if (got <= 0) // EIO: nobody has it open any more
            loop.quit();
        else
            outcome.samples += parser.feed(QByteArray(buffer, qsizetype(got)), QDateTime::currentMSecsSinceEpoch());
    });
    QTimer::singleShot(30000, &loop, &QEventLoop::quit);
    loop.exec();
    outcome.milliseconds = timer.elapsed();
    ::close(terminal);
    int status = 0;
    ::waitpid(child, &status, 0);
    outcome.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    outcome.samples += parser.flush();
    outcome.notSent = parser.notSent();
    outcome.garbage = parser.garbage();
    outcome.rest = parser.rest();
    return outcome;
}

/// A folder with a curl of version 7.@p minor made of this machine's: what it does not know yet it refuses or complains
/// of as that version does.
class OldCurl {
public:
    explicit OldCurl(int minor)
    {
        write(QStringLiteral("#!/bin/sh\nexec sh '%1' %2 '%3' \"$@\"\n")
                  .arg(tests::sourceFile(QStringLiteral("tests/probe/oldcurl.sh")))
                  .arg(minor)
                  .arg(QStandardPaths::findExecutable(QStringLiteral("curl"))));
    }
    /// A curl that is this script.
    explicit OldCurl(const QString &text) { write(text); }
    [[nodiscard]] QString folder() const { return m_folder.path(); }

private:
    void write(const QString &text) const
    {
        QFile program(m_folder.filePath(QStringLiteral("curl")));
        if (!program.open(QIODevice::WriteOnly) || program.write(text.toUtf8()) < 0)
            qFatal("no curl could be written");
        program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    QTemporaryDir m_folder;
};

/// Real curls beside this machine's, for whoever has them: CATAMARAN_CURLS=FOLDER:FOLDER, each with a program of that name.
QStringList otherCurls()
{
    return qEnvironmentVariable("CATAMARAN_CURLS").split(u':', Qt::SkipEmptyParts);
}

} // namespace

class RunSpecTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void parsesSources_data();
    void parsesSources();
    void refusesBadSpecs_data();
    void refusesBadSpecs();
    void nothingVariableIsInTheScript();
    void kubectlLineQuotes_data();
    void kubectlLineQuotes();

    void opensAConnectionPerRequest();
    void keepsOneConnection();
    void urlIsNeverACommand_data();
    void urlIsNeverACommand();
    void holdsTheRate();
    void doesNotWaitForWhatHangs_data();
    void doesNotWaitForWhatHangs();
    void everythingThatIsDueIsTold_data();
    void everythingThatIsDueIsTold();
    void asManyAtATimeAsItTakes_data();
    void asManyAtATimeAsItTakes();
    void answersDoNotMix_data();
    void answersDoNotMix();
    void aTimeAtARateIsANumber_data();
    void aTimeAtARateIsANumber();
    void tellsFailuresInCurlsWords();
    void readsStatusAndFirstLine();
    void saysWhenThereIsNoCurl();
    void anyCurlTellsTheOutcome_data();
    void anyCurlTellsTheOutcome();
    void refusesWhatAnOldCurlCannotDo_data();
    void refusesWhatAnOldCurlCannotDo();
    void aCurlThatIsKilledIsAFailedRequest();
    void aCurlThatIsKilledIsAllItsRequests();
    void answersOfBytesAreAnswers();
    void leavesNothingRunning_data();
    void leavesNothingRunning();
};

void RunSpecTest::parsesSources_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("ok");
    QTest::newRow("as in the guide") << "cluster-1/default/sleep" << true;
    QTest::newRow("two parts") << "default/sleep" << false;
    QTest::newRow("four parts") << "a/b/c/d" << false;
    QTest::newRow("an empty part") << "cluster-1//sleep" << false;
    QTest::newRow("upper case") << "cluster-1/default/Sleep" << false;
    QTest::newRow("an option") << "cluster-1/default/--all" << false;
    QTest::newRow("a newline behind it") << "cluster-1/default/sleep\n" << false;
    QTest::newRow("a blank") << "cluster-1/default/sl eep" << false;
    QTest::newRow("empty") << "" << false;
}

void RunSpecTest::parsesSources()
{
    QFETCH(QString, text);
    const auto source = Source::parse(text);
    QTEST(source.has_value(), "ok");
    if (source)
        QCOMPARE(source->text(), text);
    else
        QVERIFY(source.error().kind == core::ErrorKind::InvalidInput);
}

void RunSpecTest::refusesBadSpecs_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<int>("count");
    QTest::addColumn<double>("rate");
    QTest::addColumn<int>("timeoutMs");
    QTest::addColumn<QString>("field");
    QTest::newRow("sound") << "http://helloworld:5000/hello" << 10 << 0.0 << 5000 << "";
    QTest::newRow("the highest rate of one source") << "http://a/" << 10 << 500.0 << 5000 << "";
    QTest::newRow("a rate beyond it") << "http://a/" << 10 << 501.0 << 5000 << "rate";
    QTest::newRow("sound https") << "https://[::1]:8443/a?b=c" << 10 << 0.5 << 5000 << "";
    QTest::newRow("no URL") << " " << 10 << 0.0 << 5000 << "url";
    QTest::newRow("no scheme") << "helloworld:5000/hello" << 10 << 0.0 << 5000 << "url";
    QTest::newRow("a file") << "file:///etc/passwd" << 10 << 0.0 << 5000 << "url";
    QTest::newRow("gopher") << "gopher://x/" << 10 << 0.0 << 5000 << "url";
    QTest::newRow("a blank inside") << "http://a b/" << 10 << 0.0 << 5000 << "url";
    QTest::newRow("a newline inside") << "http://a/\nb" << 10 << 0.0 << 5000 << "url";
    QTest::newRow("a password") << "http://u:p@a/" << 10 << 0.0 << 5000 << "url";
    QTest::newRow("no end") << "http://a/" << 0 << 0.0 << 5000 << "count";
    QTest::newRow("negative count") << "http://a/" << -1 << 0.0 << 5000 << "count";
    QTest::newRow("negative rate") << "http://a/" << 1 << -1.0 << 5000 << "rate";
    QTest::newRow("no number for a rate") << "http://a/" << 1 << qQNaN() << 5000 << "rate";
    QTest::newRow("rate too high") << "http://a/" << 1 << 1e9 << 5000 << "rate";
    QTest::newRow("no time for a request") << "http://a/" << 1 << 0.0 << 0 << "requestTimeout";
}

void RunSpecTest::refusesBadSpecs()
{
    QFETCH(QString, url);
    QFETCH(int, count);
    QFETCH(double, rate);
    QFETCH(int, timeoutMs);
    QFETCH(QString, field);
    RunSpec run = spec(url, count);
    run.rate = rate;
    run.requestTimeout = std::chrono::milliseconds(timeoutMs);
    const auto checked = run.check();
    QCOMPARE(checked.has_value(), field.isEmpty());
    if (!checked) {
        QCOMPARE(checked.error().target, field);
        QVERIFY(!checked.error().text().isEmpty());
    }
    run.count = 0;
    if (field == u"count" && count == 0)
        QVERIFY(run.check(true));
}

void RunSpecTest::nothingVariableIsInTheScript()
{
    RunSpec one = spec(QStringLiteral("http://a/$(touch x)"), 1), other = spec(QStringLiteral("https://b/'; reboot; '"), 77);
    other.keepAlive = true;
    other.rate = 5;
    QCOMPARE(one.command(mark).mid(0, 4), other.command(mark).mid(0, 4));
    QCOMPARE(one.command(mark).at(0), QStringLiteral("sh"));
}

void RunSpecTest::kubectlLineQuotes_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("keep");
    QTest::newRow("loop") << "http://helloworld:5000/hello" << false;
    QTest::newRow("one process") << "http://helloworld:5000/hello" << true;
    QTest::newRow("an apostrophe") << "http://helloworld:5000/it's" << false;
}

void RunSpecTest::kubectlLineQuotes()
{
    QFETCH(QString, url);
    QFETCH(bool, keep);
    RunSpec run = spec(url, 3);
    run.keepAlive = keep;
    // The shell splits the line into words; the words after -- are the command, which must name the URL.
    QProcess shell;
    shell.start(QStringLiteral("sh"),
        { QStringLiteral("-c"),
            QStringLiteral("kubectl() { for word in \"$@\"; do printf '%s\\n' \"$word\"; done; }; ")
                + run.asKubectl({ { QStringLiteral("/it's/k") }, QStringLiteral("a b") }) });
    QVERIFY(shell.waitForFinished());
    const QStringList words = QString::fromUtf8(shell.readAllStandardOutput()).trimmed().split(u'\n');
    QCOMPARE(words.mid(0, 8),
        (QStringList { QStringLiteral("--kubeconfig"), QStringLiteral("/it's/k"), QStringLiteral("--context=a b"), QStringLiteral("-n"),
            QStringLiteral("default"), QStringLiteral("exec"), QStringLiteral("deploy/sleep"), QStringLiteral("--") }));
    QCOMPARE(words.value(8), keep ? QStringLiteral("curl") : QStringLiteral("sh"));
    QVERIFY(words.last().contains(QStringLiteral("helloworld:5000")));
}

void RunSpecTest::opensAConnectionPerRequest()
{
    Answers server;
    const Outcome outcome = runHere(spec(server.url(), 50));
    QCOMPARE(outcome.exitCode, 0);
    QCOMPARE(outcome.samples.size(), 50);
    QCOMPARE(server.paths.size(), 50);
    QCOMPARE(server.connections, 50);
    QCOMPARE(outcome.garbage, 0);
    for (const Sample &sample : outcome.samples) {
        QVERIFY(sample.ok());
        QVERIFY(sample.newConnection);
        QCOMPARE(sample.version, QStringLiteral("v1"));
        QCOMPARE(sample.remoteAddress, QStringLiteral("127.0.0.1"));
    }
}

void RunSpecTest::keepsOneConnection()
{
    Answers server;
    RunSpec run = spec(server.url(), 50);
    run.keepAlive = true;
    const Outcome outcome = runHere(run);
    QCOMPARE(outcome.samples.size(), 50);
    QCOMPARE(server.paths.size(), 50);
    QCOMPARE(server.connections, 1);
    QVERIFY(outcome.samples.first().newConnection);
    QVERIFY(!outcome.samples.last().newConnection);
}

void RunSpecTest::urlIsNeverACommand_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("seen");
    QTest::newRow("brackets are no pattern") << "/a[1-3]b" << QByteArray("/a[1-3]b");
    QTest::newRow("braces are no pattern") << "/{x,y}" << QByteArray("/%7Bx,y%7D");
    QTest::newRow("substitution") << "/$(id)" << QByteArray("/$(id)");
    QTest::newRow("quotes") << "/'\"" << QByteArray("/'%22");
    QTest::newRow("a fragment stays here") << "/a#b" << QByteArray("/a");
    QTest::newRow("a query goes out") << "/a?b=c&d=%20e" << QByteArray("/a?b=c&d=%20e");
}

void RunSpecTest::urlIsNeverACommand()
{
    QFETCH(QString, path);
    QFETCH(QByteArray, seen);
    Answers server;
    const Outcome outcome = runHere(spec(server.url(path), 2));
    QCOMPARE(outcome.samples.size(), 2);
    QCOMPARE(server.paths, (QList<QByteArray> { seen, seen }));
}

void RunSpecTest::holdsTheRate()
{
    Answers server;
    RunSpec run = spec(server.url(), 11);
    run.rate = 20;
    const Outcome outcome = runHere(run);
    QCOMPARE(outcome.samples.size(), 11);
    QVERIFY2(outcome.milliseconds >= 480, qPrintable(QString::number(outcome.milliseconds))); // 10 pauses of 50 ms
}

void RunSpecTest::doesNotWaitForWhatHangs_data()
{
    QTest::addColumn<QString>("shell");
    QTest::newRow("sh") << "sh";
    for (const char *other : { "bash", "dash", "busybox" }) {
        if (!QStandardPaths::findExecutable(QLatin1String(other)).isEmpty())
            QTest::newRow(other) << other;
    }
}

/// A target that hangs is asked on: while none has come back, one after the other would have sent one.
void RunSpecTest::doesNotWaitForWhatHangs()
{
    QFETCH(QString, shell);
    Answers server;
    server.silent = true;
    RunSpec run = spec(server.url(), 0);
    run.rate = 25;
    run.requestTimeout = 60s;
    QStringList command = run.command(mark);
    command.removeFirst();
    if (shell == u"busybox")
        command.prepend(QStringLiteral("sh"));
    QProcess process;
    process.setChildProcessModifier([] { ::setpgid(0, 0); });
    process.start(shell, command);
    QVERIFY(process.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(server.paths.size() >= 10, 50000);
    ::kill(-pid_t(process.processId()), SIGKILL);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 10000);
    QVERIFY2(!process.readAllStandardOutput().contains("\t@"), "a request had come back");
}

void RunSpecTest::everythingThatIsDueIsTold_data()
{
    QTest::addColumn<bool>("silent");
    QTest::addColumn<int>("count");
    QTest::addColumn<double>("rate");
    QTest::newRow("answered") << false << 40 << 50.0;
    QTest::newRow("hanging, more than can be under way") << true << 80 << 50.0;
    QTest::newRow("answered, several at a time") << false << 101 << 100.0;
    QTest::newRow("answered, as many as can be") << false << 997 << 500.0;
    QTest::newRow("hanging, several at a time") << true << 101 << 100.0;
    QTest::newRow("hanging, as many as can be") << true << 997 << 500.0;
}

/// Each that is due is told once, in their order, as answered, failed or never sent; and what was sent the target has seen.
void RunSpecTest::everythingThatIsDueIsTold()
{
    QFETCH(bool, silent);
    QFETCH(int, count);
    QFETCH(double, rate);
    Answers server;
    server.silent = silent;
    RunSpec run = spec(server.url(), count);
    run.rate = rate;
    run.requestTimeout = 3s;
    const Outcome outcome = runHere(run);
    QCOMPARE(outcome.exitCode, 0);
    QCOMPARE(outcome.samples.size() + outcome.notSent, count);
    QCOMPARE(server.paths.size(), outcome.samples.size());
    int before = -1;
    for (const Sample &sample : outcome.samples) {
        QVERIFY(sample.index > before && sample.index < count); // each once, as they were due
        before = sample.index;
        QCOMPARE(sample.curlExit, silent ? 28 : 0);
        QCOMPARE(sample.version, silent ? QString() : QStringLiteral("v1"));
        QVERIFY(sample.latencyMs() >= sample.totalMs);
    }
    QCOMPARE(outcome.garbage, 0);
}

void RunSpecTest::asManyAtATimeAsItTakes_data()
{
    QTest::addColumn<double>("rate");
    QTest::addColumn<int>("timeout");
    QTest::addColumn<int>("together");
    QTest::newRow("each alone") << 50.0 << 2000 << 1;
    QTest::newRow("as many as are under way while all hang") << 100.0 << 2000 << 4;
    QTest::newRow("no more than there are pipes") << 100.0 << 60000 << 7;
    QTest::newRow("as many as can be started in time") << 200.0 << 100 << 3;
    QTest::newRow("the highest rate") << 500.0 << 2000 << 7;
    QTest::newRow("without a rate") << 0.0 << 2000 << 1;
}

void RunSpecTest::asManyAtATimeAsItTakes()
{
    QFETCH(double, rate);
    QFETCH(int, timeout);
    RunSpec run = spec();
    run.rate = rate;
    run.requestTimeout = std::chrono::milliseconds(timeout);
    QTEST(run.together(), "together");
    run.keepAlive = true;
    QCOMPARE(run.together(), 1);
}

/// Beside others an answer is still its own: who answered, with what, and how it failed.
void RunSpecTest::answersDoNotMix_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("version");
    QTest::addColumn<QString>("raw");
    QTest::newRow("one line") << QByteArray("Hello version: v7, instance: a\n") << "v7"
                              << "Hello version: v7, instance: a";
    QTest::newRow("without its end") << QByteArray("Hello version: v7, instance: a") << "v7"
                                     << "Hello version: v7, instance: a";
    QTest::newRow("two lines") << QByteArray("first\nHello version: v7, instance: a\n") << ""
                               << "first";
    QTest::newRow("nothing") << QByteArray() << ""
                             << "";
    QTest::newRow("what looks like a record") << QByteArray("\x1e" + mark + "\t!3\x1e\n") << ""
                                              << "";
    QTest::newRow("more than a pipe holds") << QByteArray(300'000, 'x') << ""
                                            << "";
}

void RunSpecTest::answersDoNotMix()
{
    QFETCH(QByteArray, body);
    Answers server;
    server.body = body;
    RunSpec run = spec(server.url(), 21);
    run.rate = 100;
    run.requestTimeout = 10s;
    const Outcome outcome = runHere(run);
    QCOMPARE(outcome.exitCode, 0);
    QCOMPARE(outcome.samples.size(), 21);
    for (const Sample &sample : outcome.samples) {
        QVERIFY2(sample.ok(), qPrintable(sample.error));
        QTEST(sample.version, "version");
        QTEST(sample.raw, "raw");
    }
}

void RunSpecTest::aTimeAtARateIsANumber_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("seconds");
    QTest::addColumn<double>("rate");
    QTest::addColumn<bool>("keep");
    QTest::addColumn<int>("due");
    QTest::newRow("a time at a rate") << 0 << 10 << 25.0 << false << 250;
    QTest::newRow("a time, less than one request") << 0 << 1 << 0.01 << false << 1;
    QTest::newRow("a number at a rate") << 60 << 0 << 20.0 << false << 60;
    QTest::newRow("what comes first") << 60 << 1 << 20.0 << false << 20;
    QTest::newRow("kept connections wait for each other") << 0 << 10 << 25.0 << true << 0;
    QTest::newRow("a time at a high rate") << 0 << 10 << 200.0 << false << 2000;
    QTest::newRow("without a rate") << 10 << 0 << 0.0 << false << 10;
}

void RunSpecTest::aTimeAtARateIsANumber()
{
    QFETCH(int, count);
    QFETCH(int, seconds);
    QFETCH(double, rate);
    QFETCH(bool, keep);
    RunSpec run = spec(QStringLiteral("http://a/"), count);
    run.duration = std::chrono::seconds(seconds);
    run.rate = rate;
    run.keepAlive = keep;
    QTEST(run.due(), "due");
}

void RunSpecTest::tellsFailuresInCurlsWords()
{
    RunSpec run = spec(QStringLiteral("http://nowhere.invalid/"), 2);
    Outcome outcome = runHere(run);
    QCOMPARE(outcome.samples.size(), 2);
    QCOMPARE(outcome.samples.first().curlExit, 6);
    QVERIFY(outcome.samples.first().error.contains(QStringLiteral("Could not resolve host")));

    Answers server;
    server.silent = true;
    run = spec(server.url(), 2);
    run.requestTimeout = 150ms;
    outcome = runHere(run);
    QCOMPARE(outcome.samples.size(), 2);
    QCOMPARE(outcome.samples.first().curlExit, 28);
    QCOMPARE(outcome.samples.first().httpCode, 0);
    QVERIFY(outcome.samples.first().error.contains(QStringLiteral("timed out")));
    QVERIFY(outcome.samples.first().totalMs >= 140);
}

void RunSpecTest::readsStatusAndFirstLine()
{
    Answers server;
    server.status = "503 Service Unavailable";
    server.body = "upstream connect error or disconnect/reset before headers. reset reason: connection timeout";
    const Outcome outcome = runHere(spec(server.url(), 1));
    QCOMPARE(outcome.samples.size(), 1);
    QCOMPARE(outcome.samples.first().httpCode, 503);
    QCOMPARE(outcome.samples.first().error, QString::fromUtf8(server.body));
}

void RunSpecTest::saysWhenThereIsNoCurl()
{
    QProcess process;
    QProcessEnvironment nothing;
    nothing.insert(QStringLiteral("PATH"), QStringLiteral("/nowhere"));
    process.setProcessEnvironment(nothing);
    process.start(QStandardPaths::findExecutable(QStringLiteral("sh")), spec().command(mark).mid(1));
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 127);
    QCOMPARE(process.readAllStandardOutput().trimmed(), QByteArray("there is no curl in this container"));
}

void RunSpecTest::anyCurlTellsTheOutcome_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<std::shared_ptr<OldCurl>>("old");
    QTest::newRow("this machine's") << QString() << std::shared_ptr<OldCurl>();
    for (const int minor : { 29, 32, 74, 75, 83, 84 }) {
        const auto old = std::make_shared<OldCurl>(minor);
        QTest::addRow("7.%d", minor) << old->folder() << old;
    }
    for (const QString &folder : otherCurls())
        QTest::addRow("%s", qPrintable(folder)) << folder << std::shared_ptr<OldCurl>();
}

void RunSpecTest::anyCurlTellsTheOutcome()
{
    QFETCH(QString, path);
    Answers server;
    Outcome outcome = runHere(spec(server.url(QStringLiteral("/a[1-3]b")), 3), path);
    QCOMPARE(outcome.samples.size(), 3);
    QCOMPARE(server.paths, QList<QByteArray>(3, "/a[1-3]b"));
    QCOMPARE(server.connections, 3);
    QCOMPARE(outcome.garbage, 0);
    for (const Sample &sample : std::as_const(outcome.samples)) {
        QVERIFY(sample.ok());
        QCOMPARE(sample.version, QStringLiteral("v1"));
        QCOMPARE(sample.remoteAddress, QStringLiteral("127.0.0.1"));
        QVERIFY2(sample.totalMs >= 0 && sample.totalMs < 5000, qPrintable(QString::number(sample.totalMs)));
    }

    server.status = "503 Service Unavailable";
    outcome = runHere(spec(server.url(), 1), path);
    QCOMPARE(outcome.samples.size(), 1);
    QCOMPARE(outcome.samples.first().httpCode, 503);
    QCOMPARE(outcome.samples.first().curlExit, 0);

    // An answer that breaks off half-way is no answer, though its first line and its code are right.
    server.status = "200 OK";
    server.missing = 5000;
    RunSpec run = spec(server.url(), 2);
    run.requestTimeout = 1s; // enough for the first half on a busy machine
    outcome = runHere(run, path);
    QCOMPARE(outcome.samples.size(), 2);
    for (const Sample &sample : std::as_const(outcome.samples)) {
        QVERIFY(!sample.ok());
        QCOMPARE(sample.httpCode, 200);
        QCOMPARE(sample.curlExit, 28);
        QVERIFY2(sample.totalMs > 900 && sample.totalMs < 10000, qPrintable(QString::number(sample.totalMs)));
        QVERIFY2(
            sample.error.startsWith(QStringLiteral("Operation timed out")) || sample.error.startsWith(QStringLiteral("transfer closed")),
            qPrintable(sample.error));
    }

    const QString nobody = server.url();
    server.close();
    outcome = runHere(spec(nobody, 1), path);
    QCOMPARE(outcome.samples.size(), 1);
    QCOMPARE(outcome.samples.first().curlExit, 7);
    QCOMPARE(outcome.samples.first().httpCode, 0);
    QVERIFY2(outcome.samples.first().error.contains(QStringLiteral("onnect")), qPrintable(outcome.samples.first().error));

    Answers again;
    run = spec(again.url(), 4);
    run.rate = 10;
    outcome = runHere(run, path);
    QCOMPARE(outcome.samples.size(), 4);
    QVERIFY(outcome.samples.last().ok());
    QVERIFY2(outcome.milliseconds >= 280, qPrintable(QString::number(outcome.milliseconds))); // three pauses of 100 ms
}

void RunSpecTest::refusesWhatAnOldCurlCannotDo_data()
{
    QTest::addColumn<int>("minor");
    QTest::addColumn<bool>("keep");
    QTest::addColumn<double>("rate");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("older than 7.29") << 19 << false << 0.0 << int(RunSpec::CurlTooOld);
    QTest::newRow("one that cannot say how each request ended cannot keep connections")
        << 74 << true << 0.0 << int(RunSpec::CurlTooOldToKeep);
    QTest::newRow("one that can, does") << 75 << true << 0.0 << 0;
    QTest::newRow("kept connections at a rate need --rate") << 83 << true << 20.0 << int(RunSpec::CurlTooOldToKeep);
    QTest::newRow("with --rate") << 84 << true << 20.0 << 0;
    QTest::newRow("many at a time need to be told apart") << 74 << false << 100.0 << int(RunSpec::CannotHoldRate);
}

void RunSpecTest::refusesWhatAnOldCurlCannotDo()
{
    QFETCH(int, minor);
    QFETCH(bool, keep);
    QFETCH(double, rate);
    QFETCH(int, exitCode);
    const OldCurl old(minor);
    Answers server;
    RunSpec run = spec(server.url(), 3);
    run.keepAlive = keep;
    run.rate = rate;
    const Outcome outcome = runHere(run, old.folder());
    QCOMPARE(outcome.exitCode, exitCode);
    QCOMPARE(outcome.samples.size(), exitCode == 0 ? 3 : 0);
    QCOMPARE(server.connections, exitCode == 0 ? 1 : 0);
    if (exitCode != 0)
        QCOMPARE(outcome.rest, QStringLiteral("curl 7.%1.0").arg(minor));
}

void RunSpecTest::aCurlThatIsKilledIsAFailedRequest()
{
    const OldCurl killed(QStringLiteral("#!/bin/sh\ncase $* in *http:*) printf 'Hello version: v1, ins'; kill -9 $$ ;; esac\nexit 0\n"));
    const Outcome outcome = runHere(spec(QStringLiteral("http://127.0.0.1:1/"), 2), killed.folder());
    QCOMPARE(outcome.samples.size(), 2);
    QCOMPARE(outcome.samples.first().curlExit, 137);
    QCOMPARE(outcome.samples.first().error, QStringLiteral("curl was killed by signal 9"));
    QVERIFY(outcome.samples.first().version.isEmpty());
}

/// Also one that had several requests under way: each of them is told.
void RunSpecTest::aCurlThatIsKilledIsAllItsRequests()
{
    const OldCurl killed(QStringLiteral("#!/bin/sh\ncase $* in *http:*) kill -9 $$ ;; *file:*) printf 00 ;; esac\nexit 0\n"));
    RunSpec run = spec(QStringLiteral("http://127.0.0.1:1/"), 9);
    run.rate = 100;
    const Outcome outcome = runHere(run, killed.folder());
    QCOMPARE(outcome.samples.size(), 9);
    for (const Sample &sample : outcome.samples) {
        QCOMPARE(sample.curlExit, 137);
        QCOMPARE(sample.error, QStringLiteral("curl was killed by signal 9"));
    }
}

void RunSpecTest::answersOfBytesAreAnswers()
{
    // On a terminal curl refuses to print zero bytes of its own accord.
    Answers server;
    server.body = QByteArray("Hello version: v1, instance: a\n") + QByteArray(3000, '\0') + "\r\n\x1e\xff\x03\x04\x1b[2J";
    const Outcome outcome = runHere(spec(server.url(), 2));
    QCOMPARE(outcome.samples.size(), 2);
    for (const Sample &sample : outcome.samples) {
        QVERIFY2(sample.ok(), qPrintable(sample.error));
        QCOMPARE(sample.version, QStringLiteral("v1"));
    }
    QCOMPARE(outcome.garbage, 0);
}

void RunSpecTest::leavesNothingRunning_data()
{
    QTest::addColumn<int>("interrupt");
    QTest::addColumn<int>("minor");
    QTest::addColumn<double>("rate");
    for (const int minor : { 0, 74 }) {
        const char *curl = minor == 0 ? "" : ", an old curl";
        QTest::addRow("after its natural end%s", curl) << 0 << minor << 20.0;
        QTest::addRow("interrupted, as by Ctrl-C%s", curl) << int(SIGINT) << minor << 20.0;
        QTest::addRow("when its terminal goes%s", curl) << int(SIGHUP) << minor << 20.0;
    }
    QTest::newRow("interrupted, many at a time") << int(SIGINT) << 0 << 100.0;
    QTest::newRow("when its terminal goes, many at a time") << int(SIGHUP) << 0 << 100.0;
}

void RunSpecTest::leavesNothingRunning()
{
    QFETCH(int, interrupt);
    QFETCH(int, minor);
    QFETCH(double, rate);
    const OldCurl old(minor);
    Answers server;
    RunSpec run = spec(server.url(), interrupt == 0 ? 3 : 0);
    run.rate = interrupt == 0 ? 0 : rate;
    run.duration = interrupt == 0 ? 0ms : 5000s; // makes a limit of its own, by which the watchdog is known
    QProcess process;
    QStringList command = run.command(mark);
    command.removeFirst();
    if (minor > 0) {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("PATH"), old.folder() + u':' + environment.value(QStringLiteral("PATH")));
        process.setProcessEnvironment(environment);
    }
    process.setChildProcessModifier([] { ::setpgid(0, 0); }); // a terminal signals a whole group
    process.start(QStringLiteral("sh"), command);
    QVERIFY(process.waitForStarted());
    const auto group = pid_t(process.processId());
    QTRY_VERIFY_WITH_TIMEOUT(server.paths.size() >= 3, 10000);
    if (interrupt != 0)
        ::kill(-group, interrupt);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 10000);
    QTRY_VERIFY(::kill(-group, 0) != 0); // no process of the group is left
}

QTEST_GUILESS_MAIN(RunSpecTest)
#include "tst_runspec.moc"
