// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/secretstore.h"
#include "support/wait.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <dlfcn.h>

using namespace catamaran;
using namespace catamaran::store;
using test::wait;

namespace {

const QString childFlag = QStringLiteral("--in-keyring-session");

/// What a store must do, whichever it is. Empty when it does.
QString judge(SecretStore &store)
{
    const QString name = QStringLiteral("catamaran/test/%1").arg(QCoreApplication::applicationPid());
    QByteArray bytes = "-----BEGIN PRIVATE KEY-----\n";
    for (int i = 0; i < 256; ++i)
        bytes += char(i);
    bytes += QByteArray(5000, 'k');
    auto read = wait(store.read(name, {}));
    if (read || read.error().kind != core::ErrorKind::NotFound)
        return QStringLiteral("reading what is not there is not NotFound");
    if (const auto written = wait(store.write(name, core::Secret(bytes), {})); !written)
        return QStringLiteral("write: ") + written.error().text();
    if (const auto has = wait(store.has(name, {})); !has || !*has)
        return QStringLiteral("what was written is not there");
    read = wait(store.read(name, {}));
    if (!read || read->reveal() != bytes)
        return QStringLiteral("what was read is not what was written");
    if (const auto again = wait(store.write(name, core::Secret("second"), {})); !again)
        return QStringLiteral("overwrite: ") + again.error().text();
    read = wait(store.read(name, {}));
    if (!read || read->reveal() != "second")
        return QStringLiteral("the second write did not replace the first");
    // From another thread, as a running plan does.
    const auto threaded = wait(core::runSequence([&store, name] { return core::await(store.read(name, {}), {}); }));
    if (!threaded || threaded->reveal() != "second")
        return QStringLiteral("reading from a worker thread failed");
    if (const auto removed = wait(store.remove(name, {})); !removed)
        return QStringLiteral("remove: ") + removed.error().text();
    if (const auto removed = wait(store.remove(name, {})); !removed)
        return QStringLiteral("removing what is not there: ") + removed.error().text();
    read = wait(store.read(name, {}));
    return read ? QStringLiteral("it is still there after its removal") : QString();
}

int failed(const QString &what)
{
    qCritical("%s", qPrintable(what));
    return 1;
}

QString secret(SecretStore &store, const char *name)
{
    const auto read = wait(store.read(QLatin1String(name), {}));
    return read ? QString::fromLatin1(read->reveal())
                : QStringLiteral("(%1: %2)").arg(core::kindName(read.error().kind), read.error().text());
}

QString keep(SecretStore &store, const char *name, const char *value)
{
    const auto written = wait(store.write(QLatin1String(name), core::Secret(value), {}));
    return written ? QString() : QStringLiteral("%1: %2").arg(written.error().code, written.error().text());
}

/// The real daemon on the D-Bus session bus that this test runs on; what it asks a person is answered by libgcr's own prompter
/// for tests.
class Keyring {
public:
    Keyring()
        : m_gcr(::dlopen("libgcr-base-3.so.1", RTLD_NOW))
    {
        if (const auto begin = function<const char *()>("gcr_mock_prompter_start"))
            m_prompter = begin();
    }
    [[nodiscard]] bool canPrompt() const { return !m_prompter.isEmpty(); }
    /// With @p password it opens its collection, or makes it; without it stays locked.
    bool start(const QByteArray &password = {})
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("GNOME_KEYRING_TEST_PROMPTER"), QString::fromLatin1(m_prompter));
        m_daemon.setProcessEnvironment(environment);
        m_daemon.setProcessChannelMode(QProcess::MergedChannels);
        QStringList arguments { QStringLiteral("--foreground"), QStringLiteral("--components=secrets") };
        if (!password.isEmpty())
            arguments << QStringLiteral("--unlock");
        m_daemon.start(QStringLiteral("gnome-keyring-daemon"), arguments);
        m_daemon.write(password);
        m_daemon.closeWriteChannel();
        return m_daemon.waitForStarted()
            && QTest::qWaitFor(
                [] { return QDBusConnection::sessionBus().interface()->isServiceRegistered(QStringLiteral("org.freedesktop.secrets")); },
                20000);
    }
    bool stop()
    {
        m_daemon.terminate();
        return m_daemon.waitForFinished(10000)
            && QTest::qWaitFor(
                [] { return !QDBusConnection::sessionBus().interface()->isServiceRegistered(QStringLiteral("org.freedesktop.secrets")); },
                10000);
    }
    void lock()
    {
        QDBusMessage message = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.secrets"),
            QStringLiteral("/org/freedesktop/secrets"), QStringLiteral("org.freedesktop.Secret.Service"), QStringLiteral("Lock"));
        message << QVariant::fromValue(
            QList<QDBusObjectPath> { QDBusObjectPath(QStringLiteral("/org/freedesktop/secrets/aliases/default")) });
        QDBusConnection::sessionBus().call(message);
    }
    /// The next prompt is answered after @p ms: with @p password, or dismissed.
    void answerNext(const char *password, unsigned ms)
    {
        function<void(unsigned)>("gcr_mock_prompter_set_delay_msec")(ms);
        if (password)
            function<void(const char *, const char *, ...)>("gcr_mock_prompter_expect_password_ok")(password, nullptr);
        else
            function<void()>("gcr_mock_prompter_expect_password_cancel")();
    }
    [[nodiscard]] bool isAnswered() const { return !function<int()>("gcr_mock_prompter_is_expecting")(); }

private:
    template <typename Function> [[nodiscard]] Function *function(const char *name) const
    {
        return m_gcr ? reinterpret_cast<Function *>(::dlsym(m_gcr, name)) : nullptr;
    }
    void *m_gcr;
    QByteArray m_prompter;
    QProcess m_daemon;
};

int whenItIsOpen()
{
    Keyring keyring;
    if (!keyring.start("secret"))
        return failed(QStringLiteral("the keyring does not start"));
    const auto store = openSecretStore();
    if (store->keeping() != Keeping::Unknown)
        return failed(QStringLiteral("somebody looked before there was a question"));
    if (const QString bad = judge(*store); !bad.isEmpty())
        return failed(bad);
    if (store->keeping() != Keeping::Keyring)
        return failed(QStringLiteral("the keyring was not used"));
    // A second one, as the next start would open it, finds what the first kept.
    if (const QString bad = keep(*store, "catamaran/kept", "root"); !bad.isEmpty())
        return failed(bad);
    const QString found = secret(*openSecretStore(), "catamaran/kept");
    return found == QLatin1String("root") ? 0 : failed(found);
}

int whenItIsLocked()
{
    Keyring keyring;
    if (!keyring.canPrompt())
        return 77;
    // By another process: a session with the keyring does not outlive it.
    if (!keyring.start("secret") || QProcess::execute(QCoreApplication::applicationFilePath(), { childFlag, QStringLiteral("seed") }) != 0)
        return failed(QStringLiteral("the keyring does not start"));
    if (!keyring.stop() || !keyring.start())
        return failed(QStringLiteral("the keyring does not start again"));

    const auto store = openSecretStore();
    QSignalSpy asked(store.get(), &SecretStore::waitingForPerson);
    const auto looked = wait(store->look({}));
    if (!looked || *looked != Keeping::Keyring)
        return failed(QStringLiteral("a locked keyring is not seen as one"));
    if (!*wait(store->has(QStringLiteral("catamaran/kept"), {})) || *wait(store->has(QStringLiteral("catamaran/other"), {})))
        return failed(QStringLiteral("what a locked keyring holds is not known"));
    const auto missing = wait(store->read(QStringLiteral("catamaran/other"), {}));
    if (missing || missing.error().kind != core::ErrorKind::NotFound)
        return failed(QStringLiteral("what is not there is not NotFound"));
    if (!asked.isEmpty())
        return failed(QStringLiteral("somebody was asked although there is no secret"));

    // Dismissed: an error, and never "there is none", after which another would be made and kept over it.
    keyring.answerNext(nullptr, 0);
    const auto dismissed = wait(store->read(QStringLiteral("catamaran/kept"), {}));
    if (dismissed || dismissed.error().code != lockedKeyring || dismissed.error().kind == core::ErrorKind::NotFound)
        return failed(QStringLiteral("a dismissed question gives ") + (dismissed ? QStringLiteral("a secret") : dismissed.error().text()));
    keyring.answerNext(nullptr, 0);
    const QString notKept = keep(*store, "catamaran/new", "secret");
    if (!notKept.startsWith(lockedKeyring))
        return failed(QStringLiteral("a dismissed question keeps: ") + notKept);
    if (*wait(store->has(QStringLiteral("catamaran/new"), {})))
        return failed(QStringLiteral("what was not kept is there"));

    // Whoever waits for a slow person can still be stopped.
    keyring.answerNext(nullptr, 3000);
    asked.clear();
    std::stop_source stop;
    auto reading = store->read(QStringLiteral("catamaran/kept"), stop.get_token());
    if (!QTest::qWaitFor([&] { return asked.size() == 1; }, 10000))
        return failed(QStringLiteral("nobody was told that a person is asked"));
    stop.request_stop();
    const auto stopped = wait(reading);
    if (stopped || stopped.error().kind != core::ErrorKind::Cancelled || asked.size() != 1)
        return failed(QStringLiteral("a stop does not end the waiting"));
    if (!QTest::qWaitFor([&] { return asked.size() == 2 && keyring.isAnswered(); }, 20000))
        return failed(QStringLiteral("the prompt did not end"));

    // A slow person is waited for, longer than anything that has a limit here.
    keyring.answerNext("secret", 4000);
    QElapsedTimer clock;
    clock.start();
    if (const QString read = secret(*store, "catamaran/kept"); read != QLatin1String("root"))
        return failed(QStringLiteral("after it was unlocked: ") + read);
    if (clock.elapsed() < 4000)
        return failed(QStringLiteral("the prompt was not waited for"));

    // Open now, and nobody is asked again; locked again, and somebody is.
    asked.clear();
    if (const QString bad = keep(*store, "catamaran/new", "secret"); !bad.isEmpty() || !asked.isEmpty())
        return failed(QStringLiteral("an open keyring: ") + bad);
    keyring.lock();
    keyring.answerNext("secret", 0);
    if (const QString read = secret(*store, "catamaran/new"); read != QLatin1String("secret") || asked.isEmpty())
        return failed(QStringLiteral("locked again: ") + read);
    return 0;
}

int whenItWasNeverMade()
{
    Keyring keyring;
    if (!keyring.canPrompt())
        return 77;
    if (!keyring.start())
        return failed(QStringLiteral("the keyring does not start"));
    const auto store = openSecretStore();
    QSignalSpy asked(store.get(), &SecretStore::waitingForPerson);
    const auto missing = wait(store->read(QStringLiteral("catamaran/any"), {}));
    if (missing || missing.error().kind != core::ErrorKind::NotFound || store->keeping() != Keeping::Keyring || !asked.isEmpty())
        return failed(QStringLiteral("a password is asked for before there is a secret"));
    keyring.answerNext("new password", 3000);
    if (const QString bad = keep(*store, "catamaran/any", "secret"); !bad.isEmpty() || asked.isEmpty())
        return failed(bad);
    const QString read = secret(*store, "catamaran/any");
    return read == QLatin1String("secret") ? 0 : failed(read);
}

int whenItComesLater()
{
    const QByteArray address = qgetenv("DBUS_SESSION_BUS_ADDRESS");
    Keyring keyring;
    if (!keyring.start("secret"))
        return failed(QStringLiteral("the keyring does not start"));
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    const auto store = openSecretStore();
    if (const QString bad = keep(*store, "catamaran/early", "first"); !bad.isEmpty() || store->keeping() != Keeping::ThisRun)
        return failed(QStringLiteral("without a keyring: ") + bad);
    const auto missing = wait(store->read(QStringLiteral("catamaran/other"), {}));
    if (missing || !missing.error().answer.contains(QStringLiteral("no keyring")))
        return failed(QStringLiteral("it is not said that there is no keyring"));
    QSignalSpy changed(store.get(), &SecretStore::keepingChanged);
    qputenv("DBUS_SESSION_BUS_ADDRESS", address);
    if (const QString bad = keep(*store, "catamaran/late", "second");
        !bad.isEmpty() || store->keeping() != Keeping::Keyring || changed.size() != 1)
        return failed(QStringLiteral("a keyring that came later was not used: ") + bad);
    // What this run works with stays the same, and the next run finds what was kept since.
    if (const QString read = secret(*store, "catamaran/early"); read != QLatin1String("first"))
        return failed(read);
    const auto next = openSecretStore();
    if (const QString read = secret(*next, "catamaran/late"); read != QLatin1String("second"))
        return failed(read);
    return *wait(next->has(QStringLiteral("catamaran/early"), {})) ? failed(QStringLiteral("where did it keep that?")) : 0;
}

/// The bus starts a keyring by itself when it is asked for one, where the system says so.
bool endWhoCameInstead()
{
    const QString service = QStringLiteral("org.freedesktop.secrets");
    const auto gone = [&service] { return !QDBusConnection::sessionBus().interface()->isServiceRegistered(service); };
    if (!gone())
        ::kill(pid_t(QDBusConnection::sessionBus().interface()->servicePid(service)), SIGTERM);
    return QTest::qWaitFor(gone, 20000);
}

int whenItIsStartedAnew()
{
    Keyring keyring;
    if (!keyring.start("secret"))
        return failed(QStringLiteral("the keyring does not start"));
    const auto store = openSecretStore();
    if (const QString bad = keep(*store, "catamaran/kept", "root"); !bad.isEmpty())
        return failed(bad);
    if (!keyring.stop())
        return failed(QStringLiteral("the keyring does not end"));
    // While it is away: said as it is, and never as "there is no such entry" alone, after which another root would be made.
    const auto away = wait(store->read(QStringLiteral("catamaran/kept"), {}));
    if (away || away.error().answer.isEmpty() || !away.error().text().contains(QStringLiteral("keyring")))
        return failed(QStringLiteral("while it is away: ") + (away ? QStringLiteral("a secret") : away.error().text()));
    if (!endWhoCameInstead() || !keyring.start("secret"))
        return failed(QStringLiteral("the keyring does not start again"));
    if (const QString read = secret(*store, "catamaran/kept"); read != QLatin1String("root"))
        return failed(QStringLiteral("started anew: ") + read);
    if (const QString bad = keep(*store, "catamaran/after", "second"); !bad.isEmpty())
        return failed(QStringLiteral("started anew: ") + bad);
    // The next run finds it: it did not go to memory.
    const QString read = secret(*openSecretStore(), "catamaran/after");
    if (read != QLatin1String("second"))
        return failed(read);
    // And locked, as after a new login: the person is asked, and waited for.
    if (!keyring.canPrompt())
        return 0;
    if (!keyring.stop() || !keyring.start())
        return failed(QStringLiteral("the keyring does not start a third time"));
    keyring.answerNext("secret", 0);
    const QString unlocked = secret(*store, "catamaran/kept");
    return unlocked == QLatin1String("root") ? 0 : failed(QStringLiteral("started anew and locked: ") + unlocked);
}

int seed()
{
    const QString bad = keep(*openSecretStore(), "catamaran/kept", "root");
    return bad.isEmpty() ? 0 : failed(bad);
}

const QMap<QString, int (*)()> sessions {
    { QStringLiteral("seed"), seed },
    { QStringLiteral("open"), whenItIsOpen },
    { QStringLiteral("locked"), whenItIsLocked },
    { QStringLiteral("never made"), whenItWasNeverMade },
    { QStringLiteral("later"), whenItComesLater },
    { QStringLiteral("anew"), whenItIsStartedAnew },
};

} // namespace

class TestSecretStore : public QObject {
    Q_OBJECT

private slots:
    void memoryKeepsForThisRunOnly()
    {
        const auto store = makeMemorySecretStore();
        QCOMPARE(store->keeping(), Keeping::ThisRun);
        QCOMPARE(judge(*store), QString());
    }

    void withoutAKeyringItIsMemory()
    {
        // No session bus answers at this address.
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
        const auto store = openSecretStore();
        QCOMPARE(*wait(store->look({})), Keeping::ThisRun);
        QCOMPARE(judge(*store), QString());
        QCOMPARE(store->keeping(), Keeping::ThisRun);
    }

    void aRealKeyring_data()
    {
        QTest::addColumn<QString>("session");
        QTest::newRow("that is open keeps") << QStringLiteral("open");
        QTest::newRow("that is locked asks only for a secret, and is waited for") << QStringLiteral("locked");
        QTest::newRow("that was never made is made for the first secret") << QStringLiteral("never made");
        QTest::newRow("that comes later is used from then on") << QStringLiteral("later");
        QTest::newRow("that is started anew is used again") << QStringLiteral("anew");
    }
    void aRealKeyring()
    {
        QFETCH(QString, session);
        const QString bus = QStandardPaths::findExecutable(QStringLiteral("dbus-run-session"));
        if (bus.isEmpty() || QStandardPaths::findExecutable(QStringLiteral("gnome-keyring-daemon")).isEmpty())
            QSKIP("needs dbus-run-session and gnome-keyring-daemon");
        const QTemporaryDir home;
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char *variable : { "DBUS_SESSION_BUS_ADDRESS", "XDG_CURRENT_DESKTOP", "DISPLAY", "WAYLAND_DISPLAY" })
            environment.remove(QLatin1String(variable));
        for (const char *variable : { "HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME" })
            environment.insert(QLatin1String(variable), home.path());
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(bus, { QStringLiteral("--"), QCoreApplication::applicationFilePath(), childFlag, session });
        QVERIFY(process.waitForFinished(120000));
        const QByteArray output = process.readAll();
        if (process.exitCode() == 77)
            QSKIP("needs libgcr's prompter for tests");
        QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0, output.constData());
    }
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (app.arguments().value(1) == childFlag)
        return sessions.value(app.arguments().value(2))();
    TestSecretStore test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_secretstore.moc"
