// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "store/secretstore.h"
#include "support/wait.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

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

int inKeyringSession()
{
    const auto store = openSecretStore();
    if (!store->isPersistent()) {
        qCritical("the keyring was not used");
        return 3;
    }
    if (const QString bad = judge(*store); !bad.isEmpty()) {
        qCritical("%s", qPrintable(bad));
        return 4;
    }
    // A second one, as the next start would open it, finds what the first kept.
    if (!wait(store->write(QStringLiteral("catamaran/kept"), core::Secret("root"), {})))
        return 5;
    const auto next = openSecretStore();
    const auto found = wait(next->read(QStringLiteral("catamaran/kept"), {}));
    return found && found->reveal() == "root" ? 0 : 6;
}

} // namespace

class TestSecretStore : public QObject {
    Q_OBJECT

private slots:
    void memoryKeepsForThisRunOnly()
    {
        const auto store = makeMemorySecretStore();
        QVERIFY(!store->isPersistent());
        QCOMPARE(judge(*store), QString());
    }

    void withoutAKeyringItIsMemory()
    {
        // No session bus answers at this address.
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
        const auto store = openSecretStore();
        QVERIFY(!store->isPersistent());
        QCOMPARE(judge(*store), QString());
    }

    void aRealKeyringKeeps()
    {
        const QString session = QStandardPaths::findExecutable(QStringLiteral("dbus-run-session"));
        const QString daemon = QStandardPaths::findExecutable(QStringLiteral("gnome-keyring-daemon"));
        if (session.isEmpty() || daemon.isEmpty())
            QSKIP("needs dbus-run-session and gnome-keyring-daemon");
        const QTemporaryDir home;
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        for (const char *variable : { "HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME" })
            environment.insert(QLatin1String(variable), home.path());
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        // --unlock reads the new login keyring's password from its input.
        const QString script
            = QStringLiteral("printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$0\" %1")
                  .arg(childFlag);
        process.start(
            session, { QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"), script, QCoreApplication::applicationFilePath() });
        QVERIFY(process.waitForFinished(60000));
        const QByteArray output = process.readAll();
        QVERIFY2(process.exitCode() == 0, output.constData());
    }
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (app.arguments().contains(childFlag))
        return inKeyringSession();
    TestSecretStore test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_secretstore.moc"
