// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/run.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

#include <csignal>
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
    [[nodiscard]] QString url(const QString &path = QStringLiteral("/hello")) const { return QStringLiteral("http://127.0.0.1:%1%2").arg(serverPort()).arg(path); }

    int connections = 0;
    QList<QByteArray> paths;
    QByteArray body = "Hello version: v1, instance: a\n", status = "200 OK";
    bool silent = false;

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
            socket.write("HTTP/1.1 " + status + "\r\nContent-Length: " + QByteArray::number(body.size()) + (closing ? "\r\nConnection: close" : "") + "\r\n\r\n" + body);
            if (closing)
                socket.disconnectFromHost();
        }
    }
    QHash<QTcpSocket *, QByteArray> m_pending;
};

struct Outcome {
    QList<Sample> samples;
    int exitCode = -1;
    int garbage = 0;
    qint64 milliseconds = 0;
};

/// Runs the command with the real sh and curl of this machine, as a pod would.
Outcome runHere(const RunSpec &run, const QString &shell = QStringLiteral("sh"))
{
    QProcess process;
    LineParser parser;
    Outcome outcome;
    QStringList command = run.command();
    command.removeFirst();
    QObject::connect(&process, &QProcess::readyReadStandardOutput, &process, [&] {
        outcome.samples += parser.feed(process.readAllStandardOutput(), QDateTime::currentMSecsSinceEpoch());
    });
    QElapsedTimer timer;
    timer.start();
    process.start(shell, command);
    QEventLoop loop;
    QObject::connect(&process, &QProcess::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(20000, &loop, &QEventLoop::quit);
    loop.exec();
    outcome.milliseconds = timer.elapsed();
    outcome.exitCode = process.exitCode();
    outcome.garbage = parser.garbage();
    return outcome;
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
    void tellsFailuresInCurlsWords();
    void readsStatusAndFirstLine();
    void saysWhenThereIsNoCurl();
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
    QCOMPARE(one.command().mid(0, 4), other.command().mid(0, 4));
    QCOMPARE(one.command().at(0), QStringLiteral("sh"));
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
    shell.start(QStringLiteral("sh"), { QStringLiteral("-c"), QStringLiteral("kubectl() { for word in \"$@\"; do printf '%s\\n' \"$word\"; done; }; ") + run.asKubectl({ { QStringLiteral("/it's/k") }, QStringLiteral("a b") }) });
    QVERIFY(shell.waitForFinished());
    const QStringList words = QString::fromUtf8(shell.readAllStandardOutput()).trimmed().split(u'\n');
    QCOMPARE(words.mid(0, 8),
        (QStringList { QStringLiteral("--kubeconfig"), QStringLiteral("/it's/k"), QStringLiteral("--context=a b"), QStringLiteral("-n"), QStringLiteral("default"), QStringLiteral("exec"),
            QStringLiteral("deploy/sleep"), QStringLiteral("--") }));
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
    process.start(QStandardPaths::findExecutable(QStringLiteral("sh")), spec().command().mid(1));
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 127);
    QCOMPARE(process.readAllStandardOutput().trimmed(), QByteArray("there is no curl in this container"));
}

void RunSpecTest::leavesNothingRunning_data()
{
    QTest::addColumn<int>("interrupt");
    QTest::newRow("after its natural end") << 0;
    QTest::newRow("interrupted, as by Ctrl-C") << int(SIGINT);
    QTest::newRow("when its terminal goes") << int(SIGHUP);
}

void RunSpecTest::leavesNothingRunning()
{
    QFETCH(int, interrupt);
    Answers server;
    RunSpec run = spec(server.url(), interrupt == 0 ? 3 : 0);
    run.rate = interrupt == 0 ? 0 : 20;
    run.duration = interrupt == 0 ? 0ms : 5000s; // makes a limit of its own, by which the watchdog is known
    QProcess process;
    QStringList command = run.command();
    command.removeFirst();
    process.setChildProcessModifier([] { ::setpgid(0, 0); }); // a terminal signals a whole group
    process.start(QStringLiteral("sh"), command);
    QVERIFY(process.waitForStarted());
    const auto group = pid_t(process.processId());
    QTRY_VERIFY_WITH_TIMEOUT(server.paths.size() >= 3, 10000);
    if (interrupt != 0)
        ::kill(-group, interrupt);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 10000);
    QTRY_VERIFY_WITH_TIMEOUT(::kill(-group, 0) != 0, 5000); // no process of the group is left
}

QTEST_GUILESS_MAIN(RunSpecTest)
#include "tst_runspec.moc"
