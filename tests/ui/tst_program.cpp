// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "support/paths.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace catamaran;

/// The program `catamaran` where there is no display: it answers, and never ends in a crash.
class ProgramTest final : public QObject {
    Q_OBJECT

    struct Outcome {
        QProcess::ExitStatus status = QProcess::CrashExit;
        int code = -1;
        QByteArray out, err;
    };
    Outcome run(const QStringList &arguments, const QString &display = {})
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char *name : { "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "DBUS_SESSION_BUS_ADDRESS" })
            environment.remove(QLatin1String(name));
        if (!display.isEmpty())
            environment.insert(QStringLiteral("DISPLAY"), display);
        environment.insert(QStringLiteral("HOME"), m_home.path());
        environment.insert(QStringLiteral("XDG_DATA_HOME"), m_home.path());
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_home.path());
        process.setProcessEnvironment(environment);
        process.start(tests::program(QStringLiteral("catamaran")), arguments);
        if (!process.waitForFinished(60000))
            process.kill();
        return { process.exitStatus(), process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError() };
    }
    QTemporaryDir m_home;

private slots:
    void answersWithoutADisplay_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("out");
        QTest::addColumn<QByteArray>("err");
        const auto row = [](const char *name, const QStringList &arguments, int code, const char *out, const char *err) {
            QTest::newRow(name) << arguments << code << QByteArray(out) << QByteArray(err);
        };
        row("help", { "--help" }, 0, "--tour", "");
        row("help, in short", { "-h" }, 0, "--tour", "");
        row("version", { "--version" }, 0, "catamaran ", "");
        row("an unknown option", { "--loud" }, 2, "", "loud");
        row("an unknown argument", { "aloud" }, 2, "", "aloud");
        row("an unknown theme", { "--theme", "pink" }, 2, "", "pink");
        row("a theme that forges a line", { "--theme", "pink\nenvironment opened" }, 2, "", "pink\\nenvironment opened\n");
        row("an option that forges a line", { "--loud\nenvironment opened" }, 2, "", "loud\\nenvironment opened");
        row("a size that is none", { "--size", "big" }, 2, "", "big");
        row("an environment that is not there", { "--env", "/nowhere/env.yaml" }, 2, "", "/nowhere/env.yaml");
        row("a bundle and an environment", { "--open", "x.bundle.tar.gz", "--env", "/nowhere/env.yaml" }, 2, "",
            "goes with neither --env nor --range");
        row("a bundle without a name", { "--open", "" }, 2, "", "--open names no file");
        row("nothing to complain about but the display", {}, 3, "", "no display");
    }
    void answersWithoutADisplay()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, out);
        QFETCH(QByteArray, err);
        const Outcome outcome = run(arguments);
        QCOMPARE(outcome.status, QProcess::NormalExit);
        QTEST(outcome.code, "code");
        QVERIFY2(out.isEmpty() ? outcome.out.isEmpty() : outcome.out.contains(out), outcome.out);
        QVERIFY2(err.isEmpty() ? outcome.err.isEmpty() : outcome.err.contains(err), outcome.err);
    }

    void aDisplayThatIsNotThereIsNoCrash()
    {
        const Outcome outcome = run({}, QStringLiteral(":4711"));
        QCOMPARE(outcome.status, QProcess::NormalExit);
        QCOMPARE(outcome.code, 3);
        QVERIFY2(outcome.err.contains("display"), outcome.err);
    }

    void picturesNeedNoDisplay()
    {
        const QString folder = m_home.filePath(QStringLiteral("pictures"));
        const Outcome outcome = run({ "--tour", folder });
        QCOMPARE(outcome.status, QProcess::NormalExit);
        QVERIFY2(!QDir(folder).entryList({ QStringLiteral("*.png") }, QDir::Files).isEmpty(), outcome.err);
    }

    void whatIsNoBundleIsNotOpened()
    {
        const QString file = m_home.filePath(QStringLiteral("no.bundle.tar.gz"));
        QFile no(file);
        QVERIFY(no.open(QIODevice::WriteOnly) && no.write("no") == 2);
        no.close();
        const Outcome outcome = run({ "--tour", m_home.filePath(QStringLiteral("none")), "--open", file });
        QCOMPARE(outcome.status, QProcess::NormalExit);
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("Could not read the bundle") && outcome.err.contains("it is no such archive"), outcome.err);
    }
};

QTEST_GUILESS_MAIN(ProgramTest)
#include "tst_program.moc"
