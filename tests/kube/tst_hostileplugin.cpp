// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/childenvironment.h"
#include "kube/apisession.h"
#include "support/memory.h"
#include "support/scriptedserver.h"
#include "support/wait.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

using namespace catamaran;
using namespace catamaran::kube;
using namespace std::chrono_literals;
using core::ErrorKind;
using core::Result;
using test::Exchange;
using test::ScriptedServer;
using test::wait;

namespace {

QByteArray credential(const QByteArray &token, const QByteArray &more = {})
{
    return "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"" + token + "\"" + more
        + "}}";
}

} // namespace

/// Credential plugins that misbehave, and credentials that change while we run.
class HostilePluginTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;

    QString path(const char *name) const { return m_dir->filePath(QLatin1StringView(name)); }

    void write(const QString &file, const QByteArray &text) const
    {
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly | QIODevice::Truncate));
        out.write(text);
    }

    QByteArray read(const char *name) const
    {
        QFile in(path(name));
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }

    /// Whether the process whose number the plugin wrote to @p file runs.
    bool isAlive(const char *file) const
    {
        const int pid = read(file).trimmed().toInt();
        QFile state(QStringLiteral("/proc/%1/stat").arg(pid));
        return pid > 0 && state.open(QIODevice::ReadOnly) && !state.readAll().contains(") Z ");
    }

    ExecPlugin script(const QByteArray &body) const
    {
        ExecPlugin plugin;
        plugin.apiVersion = QStringLiteral("client.authentication.k8s.io/v1");
        plugin.command = path("login");
        plugin.interactiveMode = QStringLiteral("IfAvailable");
        plugin.origin = QStringLiteral("user u in f");
        write(plugin.command, "#!/bin/sh\ncd " + m_dir->path().toUtf8() + "\n" + body);
        QFile::setPermissions(plugin.command, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
        return plugin;
    }

    static Result<ExecCredential> ask(ExecCredentialSource &source)
    {
        std::optional<Result<ExecCredential>> got;
        source.need([&](const Result<ExecCredential> &result) { got = result; });
        if (!QTest::qWaitFor([&] { return got.has_value(); }, 20000))
            return core::fail(ErrorKind::Internal, {}, {}, QStringLiteral("no answer"));
        return *got;
    }

    static ApiCall call()
    {
        ApiCall call;
        call.path = "/api/v1/pods";
        call.purpose = QStringLiteral("list pods");
        return call;
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_dir = std::make_unique<QTemporaryDir>();
        permitPlugins();
    }

    void nothingRunsUnlessItIsPermitted()
    {
        setPluginPermission({});
        ExecCredentialSource source(script("echo x >> runs; echo '" + credential("t") + "'\n"));
        const auto result = ask(source);
        QVERIFY(!result);
        QVERIFY2(result.error().answer.contains(QStringLiteral("not permitted")), qPrintable(result.error().text()));
        QVERIFY(read("runs").isEmpty());
        QCOMPARE(source.runs(), 0);
    }

    /// Somebody is asked what will be run, and takes as long as it takes; what the answer was is what happens.
    void theAnswerDecides_data()
    {
        QTest::addColumn<bool>("yes");
        QTest::newRow("yes") << true;
        QTest::newRow("no") << false;
    }
    void theAnswerDecides()
    {
        QFETCH(bool, yes);
        QList<PluginQuestion> questions;
        std::function<void(bool)> answer;
        setPluginPermission([&](const PluginQuestion &question, std::function<void(bool)> then) {
            questions.append(question);
            answer = std::move(then);
        });
        ExecPlugin plugin = script("echo x >> runs; echo '" + credential("t") + "'\n");
        plugin.file = path("login");
        plugin.arguments = { QStringLiteral("--as"), QStringLiteral("a b") };
        ExecCredentialSource source(plugin);
        source.setTimeout(1ms); // of the program, not of the person
        int answers = 0;
        std::optional<Result<ExecCredential>> got;
        for (int i = 0; i < 3; ++i) {
            source.need([&](const Result<ExecCredential> &result) {
                ++answers;
                got = result;
            });
        }
        bool later = false;
        QTimer::singleShot(50ms, this, [&later] { later = true; });
        QTRY_VERIFY(later);
        QCOMPARE(questions.size(), 1);
        QCOMPARE(answers, 0);
        QVERIFY(read("runs").isEmpty());
        QCOMPARE(questions.first().program, plugin.command);
        QCOMPARE(questions.first().arguments, plugin.arguments);
        QCOMPARE(questions.first().file, plugin.file);
        QCOMPARE(questions.first().owner, QFileInfo(plugin.file).owner());
        source.setTimeout(15000ms);
        answer(yes);
        QTRY_COMPARE_WITH_TIMEOUT(answers, 3, 15000);
        QCOMPARE(got->has_value(), yes);
        QCOMPARE(read("runs").isEmpty(), !yes);
        answer(true); // a second answer changes nothing
        QCOMPARE(source.runs(), yes ? 1 : 0);
    }

    void anAnswerThatNobodyWaitsForRunsNothing()
    {
        std::function<void(bool)> answer;
        setPluginPermission([&](const PluginQuestion &, std::function<void(bool)> then) { answer = std::move(then); });
        auto source = std::make_unique<ExecCredentialSource>(script("echo x >> runs; echo '" + credential("t") + "'\n"));
        const quint64 ticket = source->need([](const Result<ExecCredential> &) { QFAIL("dropped"); });
        source->drop(ticket);
        answer(true);
        QCOMPARE(source->runs(), 0);
        source->need([](const Result<ExecCredential> &) { QFAIL("gone"); });
        source.reset();
        answer(true);
        QVERIFY(read("runs").isEmpty());
    }

    /// A consent is for what was shown: anything else that decides what runs is another question.
    void everythingThatDecidesIsInTheHash()
    {
        ExecPlugin plugin = script("");
        plugin.file = QStringLiteral("/home/a/.kube/config");
        plugin.arguments = { QStringLiteral("login") };
        plugin.environment = { { QStringLiteral("PATH_EXTRA"), QStringLiteral("/usr") } };
        plugin.clusterInfo = R"({"server":"https://a","config":{"audience":"a"}})";
        const auto hash = [](const ExecPlugin &one, const QString &program) { return questionOf(one, program).hash; };
        const QByteArray before = hash(plugin, plugin.command);
        QCOMPARE(before.size(), 64);
        QCOMPARE(hash(plugin, plugin.command), before);
        QSet<QByteArray> hashes { before };
        const auto changed = [&](const std::function<void(ExecPlugin &)> &change) {
            ExecPlugin other = plugin;
            change(other);
            hashes.insert(hash(other, other.command));
        };
        changed([](ExecPlugin &one) { one.command = QStringLiteral("/tmp/other"); });
        changed([](ExecPlugin &one) { one.file = QStringLiteral("/home/b/.kube/config"); });
        changed([](ExecPlugin &one) { one.arguments = QStringList { QStringLiteral("log"), QStringLiteral("in") }; });
        changed([](ExecPlugin &one) { one.environment[0].second = QStringLiteral("/tmp"); });
        changed([](ExecPlugin &one) { one.environment[0].first = QStringLiteral("LD_PRELOAD"); });
        changed([](ExecPlugin &one) { one.environment.clear(); });
        changed([](ExecPlugin &one) { one.provideClusterInfo = true; });
        QCOMPARE(hashes.size(), 8);
        ExecPlugin told = plugin;
        told.provideClusterInfo = true;
        told.clusterInfo = R"({"server":"https://b","config":{"audience":"a"}})";
        QVERIFY2(hashes.contains(hash(told, told.command)), "one plugin for several servers is one question");
    }

    void whatIsFoundInPathIsShownAndRun()
    {
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", m_dir->path().toUtf8() + ':' + path);
        ExecPlugin plugin = script("echo '" + credential("t") + "'\n");
        const QString program = std::exchange(plugin.command, QStringLiteral("login"));
        plugin.environment = { { QStringLiteral("PATH"), QStringLiteral("/nowhere:") + QString::fromUtf8(path) } }; // looked up in ours
        QString shown;
        setPluginPermission([&](const PluginQuestion &question, const std::function<void(bool)> &then) {
            shown = question.program;
            then(true);
        });
        ExecCredentialSource source(plugin);
        QVERIFY(ask(source));
        QCOMPARE(shown, program);
        qputenv("PATH", path);
    }

    void ourSecretsAreNotHandedOn()
    {
        qputenv("TST_ACCESS_KEY", "hidden");
        core::withholdFromChildren(QStringLiteral("TST_ACCESS_KEY"));
        ExecCredentialSource source(script("env > environment; echo '" + credential("t") + "'\n"));
        QVERIFY(ask(source));
        QVERIFY(read("environment").contains("PATH=") && !read("environment").contains("hidden"));
        ExecCredentialSource needy(script(": \"${TST_ACCESS_KEY:?is not set}\"\n"));
        const auto result = ask(needy);
        QVERIFY(!result);
        QVERIFY2(result.error().remedy.contains(QStringLiteral("TST_ACCESS_KEY")), qPrintable(result.error().text()));
        qunsetenv("TST_ACCESS_KEY");
    }

    void misbehaviour_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QString>("remedy");
        const auto row = [](const char *name, const QByteArray &body, ErrorKind kind, const char *answer, const char *remedy) {
            QTest::newRow(name) << body << int(kind) << QString::fromUtf8(answer) << QString::fromUtf8(remedy);
        };
        row("hangs", "echo 'visit https://login.test' >&2; exec sleep 60\n", ErrorKind::Timeout,
            "did not end within 1.5 s; visit https://login.test", "in a terminal");
        row("hangs in a program it started", "sleep 60 & echo $! > child; wait\n", ErrorKind::Timeout, "did not end", "in a terminal");
        row("waits for input", "read -r password || { echo 'no input' >&2; exit 4; }; sleep 60\n", ErrorKind::Unauthorized,
            "exit code 4: no input", "log in again");
        row("asks on the terminal", "(read -r x < /dev/tty) 2>/dev/null || { echo 'no terminal' >&2; exit 5; }; sleep 60\n",
            ErrorKind::Unauthorized, "exit code 5: no terminal", "terminal");
        row("prints garbage", "head -c 5000 /dev/urandom\n", ErrorKind::Protocol, "not one ExecCredential", "in a terminal");
        row("prints a gigabyte", "head -c 1000000000 /dev/zero\n", ErrorKind::Protocol, "longer than 1024 KiB", "one ExecCredential");
        row("complains without end and fails", "head -c 5000000 /dev/zero | tr '\\0' x >&2; exit 3\n", ErrorKind::Unauthorized,
            "exit code 3: xxxx", "in a terminal");
        row("prints a token that is none", "printf '%s' '" + credential("hidden\\nX-Evil: 1") + "'\n", ErrorKind::Protocol, "line break",
            "version");
        row("prints a login and then fails", "echo '" + credential("hidden") + "'; exit 1\n", ErrorKind::Unauthorized,
            "exit code 1: it says nothing on standard error", "in a terminal");
        row("contains itself",
            "printf 'kind: ExecCredential\\napiVersion: client.authentication.k8s.io/v1\\nstatus: &a\\n  status: *a\\n'\n",
            ErrorKind::Protocol, "neither a token nor", "log in");
    }
    void misbehaviour()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        QFETCH(QString, answer);
        QFETCH(QString, remedy);
        ExecCredentialSource source(script(body));
        source.setTimeout(kind == int(ErrorKind::Timeout) ? 1500ms : 15000ms);
        const test::PeakMemory memory;
        const auto result = ask(source);
        QVERIFY(!result);
        QCOMPARE(core::kindName(result.error().kind), core::kindName(ErrorKind(kind)));
        QVERIFY2(result.error().answer.contains(answer), qPrintable(result.error().text()));
        QVERIFY2(result.error().remedy.contains(remedy), qPrintable(result.error().text()));
        QVERIFY2(result.error().tried.contains(QStringLiteral("login")) && result.error().target == QStringLiteral("user u in f"),
            qPrintable(result.error().text()));
        QVERIFY(!result.error().text().contains(QStringLiteral("hidden")));
        QTRY_VERIFY2(!isAlive("child"), "what it started goes with it");
        if (memory.counts())
            QVERIFY2(memory.grownBy() < 32 * 1024 * 1024, qPrintable(QString::number(memory.grownBy())));
    }

    void aChildThatKeepsThePipeOpenDoesNotHold()
    {
        ExecCredentialSource source(script("sleep 60 & echo $! > child\necho '" + credential("t") + "'\n"));
        QElapsedTimer took;
        took.start();
        const auto result = ask(source);
        QVERIFY2(result, result ? "" : qPrintable(result.error().text()));
        QVERIFY(took.elapsed() < 10000);
        QVERIFY2(isAlive("child"), "an agent that a login leaves behind is its own matter");
        ::kill(read("child").trimmed().toInt(), SIGKILL);
    }

    void nobodyWaitsAnyMore()
    {
        ExecCredentialSource source(script("sleep 60 & echo $! > child; wait\n"));
        bool called = false;
        const auto ticket = source.need([&](const auto &) { called = true; });
        QTRY_VERIFY(isAlive("child"));
        source.drop(ticket);
        QTRY_VERIFY(!isAlive("child"));
        QVERIFY(!called);
        source.drop(ticket); // twice is once
    }

    void stopDoesNotWaitForThePlugin()
    {
        ClusterAccess access;
        access.server = QUrl(QStringLiteral("https://127.0.0.1:1"));
        access.plugin = std::make_shared<const ExecPlugin>(script("sleep 60 & echo $! > child; wait\n"));
        ApiSession session(access, nullptr);
        std::stop_source stop;
        const auto future = session.send(call(), stop.get_token());
        QTRY_VERIFY(isAlive("child"));
        stop.request_stop();
        const auto reply = wait(future);
        QVERIFY(!reply && reply.error().kind == ErrorKind::Cancelled);
        QTRY_VERIFY2(!isAlive("child"), "nobody else wanted it");
    }

    void refusedCredentialsAreFetchedAgainOnce()
    {
        // A login whose first token is stale: the request is repeated with the second.
        ScriptedServer server(
            [](Exchange &e) { e.reply(e.header("Authorization") == "Bearer token-2" ? 200 : 401, "{}"); }, ScriptedServer::Mode::Tls);
        ClusterAccess access;
        access.server = server.url();
        access.tls.trusted = server.authority();
        access.plugin = std::make_shared<const ExecPlugin>(
            script("echo x >> runs; printf '%s' '" + credential("token-N") + "' | sed \"s/token-N/token-$(wc -l < runs)/\"\n"));
        ApiSession session(access, nullptr);
        const auto reply = wait(session.send(call(), {}));
        QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
        QCOMPARE(read("runs"), QByteArray("x\nx\n"));

        // And one that never is taken: two runs and two requests, however often one asks.
        server.setHandler([](Exchange &e) { e.reply(401, "{}"); });
        const int before = server.requests();
        for (int i = 0; i < 3; ++i)
            QVERIFY(!wait(session.send(call(), {})));
        QVERIFY2(read("runs").size() <= 6, read("runs").constData());
        QCOMPARE(server.requests() - before, 6);
    }

    void expiredCredentialIsTakenAndAskedForAgainLater()
    {
        ExecCredentialSource source(
            script("echo x >> runs; echo '" + credential("t", ",\"expirationTimestamp\":\"2001-01-01T00:00:00Z\"") + "'\n"));
        for (int i = 0; i < 5; ++i)
            QVERIFY(ask(source));
        QCOMPARE(read("runs"), QByteArray("x\n")); // not for every request: at most each five seconds
    }

    void tokenFileIsReadAgain()
    {
        QList<QByteArray> seen;
        ScriptedServer server(
            [&](Exchange &e) {
                seen += e.header("Authorization");
                e.reply(200, "{}");
            },
            ScriptedServer::Mode::Tls);
        ClusterAccess access;
        access.server = server.url();
        access.tls.trusted = server.authority();
        access.token = core::Secret("first");
        access.tokenFile = path("token");
        ApiSession session(access, nullptr);
        session.setFileIntervals(0ms, 0ms);
        QVERIFY(wait(session.send(call(), {}))); // not there: the last one stays
        write(access.tokenFile, "second\n");
        QVERIFY(wait(session.send(call(), {})));
        write(access.tokenFile, "broken\nin two");
        QVERIFY(wait(session.send(call(), {})));
        QFile::remove(access.tokenFile);
        QVERIFY(wait(session.send(call(), {})));
        QCOMPARE(seen, (QList<QByteArray> { "Bearer first", "Bearer second", "Bearer second", "Bearer second" }));
    }

    void refusedTokenFileIsReadAtOnce()
    {
        ScriptedServer server(
            [](Exchange &e) { e.reply(e.header("Authorization") == "Bearer fresh" ? 200 : 401, "{}"); }, ScriptedServer::Mode::Tls);
        ClusterAccess access;
        access.server = server.url();
        access.tls.trusted = server.authority();
        access.token = core::Secret("stale");
        access.tokenFile = path("token");
        write(access.tokenFile, "fresh");
        ApiSession session(access, nullptr); // a minute has not passed
        const auto reply = wait(session.send(call(), {}));
        QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
        QCOMPARE(server.requests(), 2);
    }

    void rotatedCertificateClosesConnections()
    {
        ScriptedServer server([](Exchange &e) { e.reply(200, "{}"); }, ScriptedServer::Mode::TlsWithClientCertificate);
        const auto alice = server.clientCertificate(QStringLiteral("alice")), bob = server.clientCertificate(QStringLiteral("bob"));
        ClusterAccess access;
        access.server = server.url();
        access.tls.trusted = server.authority();
        access.tls.clientChain = QSslCertificate::fromData(alice.first);
        access.tls.clientKey = QSslKey(alice.second, QSsl::Ec);
        access.clientCertificateFile = path("cert.pem");
        access.clientKeyFile = path("key.pem");
        write(access.clientCertificateFile, alice.first);
        write(access.clientKeyFile, alice.second);
        ApiSession session(access, nullptr);
        session.setFileIntervals(0ms, 0ms);
        QSignalSpy changed(&session, &ApiSession::identityChanged);
        QVERIFY(wait(session.send(call(), {})));
        QVERIFY(wait(session.send(call(), {})));
        QCOMPARE(server.connections(), 1);
        const auto touch = [](const QString &file, int seconds) {
            QFile opened(file);
            return opened.open(QIODevice::ReadWrite)
                && opened.setFileTime(QDateTime::currentDateTime().addSecs(seconds), QFileDevice::FileModificationTime);
        };
        write(access.clientCertificateFile, bob.first); // half written: the key is still alice's
        QVERIFY(touch(access.clientCertificateFile, 10));
        QVERIFY(wait(session.send(call(), {})));
        QCOMPARE(server.exchanges().last()->clientCommonName, QByteArray("alice"));
        write(access.clientKeyFile, bob.second);
        QVERIFY(touch(access.clientKeyFile, 20));
        QVERIFY(wait(session.send(call(), {})));
        QCOMPARE(server.exchanges().last()->clientCommonName, QByteArray("bob"));
        QCOMPARE(server.connections(), 2);
        QCOMPARE(changed.size(), 1);
    }

    void compressionCanBeSwitchedOff()
    {
        ScriptedServer server([](Exchange &e) { e.reply(200, "{}"); });
        for (const bool off : { false, true }) {
            ClusterAccess access;
            access.server = server.url();
            access.disableCompression = off;
            ApiSession session(access, nullptr);
            QVERIFY(wait(session.send(call(), {})));
            QCOMPARE(server.exchanges().last()->header("Accept-Encoding").contains("gzip"), !off);
        }
    }
};

QTEST_GUILESS_MAIN(HostilePluginTest)
#include "tst_hostileplugin.moc"
