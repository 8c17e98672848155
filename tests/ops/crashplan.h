// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.h"

#include <QCoreApplication>
#include <QProcess>

/// What is carried out by processes that come to an end too early.
namespace catamaran::tests {

/// As a fleet is set up: two things are made, each then configured, and one thing comes after both.
[[nodiscard]] inline ops::Plan crashPlan()
{
    const QString a = QStringLiteral("a"), b = QStringLiteral("b");
    return { { createStep(a), createStep(b, { QStringLiteral("create-a") }),
        setStep(QStringLiteral("set-a"), a, QStringLiteral("1"), { QStringLiteral("create-a") }, a),
        setStep(QStringLiteral("set-b"), b, QStringLiteral("2"), { QStringLiteral("create-b") }, b),
        setStep(QStringLiteral("last"), QStringLiteral("c"), QStringLiteral("3"), { QStringLiteral("set-a"), QStringLiteral("set-b") }) } };
}

/// A folder that processes share: journal and world.
class CrashPlace {
public:
    explicit CrashPlace(QString folder)
        : m_folder(std::move(folder))
    {
    }
    [[nodiscard]] QString database() const { return m_folder + QStringLiteral("/journal.db"); }
    [[nodiscard]] QString world() const { return m_folder + QStringLiteral("/world.json"); }
    [[nodiscard]] ops::ExecuteOptions options() const
    {
        using namespace std::chrono_literals;
        ops::ExecuteOptions options;
        options.databaseFile = database();
        options.purpose = QStringLiteral("apply");
        options.name = QStringLiteral("crash");
        options.pause = 0ms;
        options.settleTimeout = 0ms;
        options.lateWithin = 0ms;
        return options;
    }

private:
    QString m_folder;
};

struct ChildEnd {
    bool killed = false;
    int code = -1;
    QString text;
};

/// Runs a child to its end.
[[nodiscard]] inline ChildEnd runChild(const QString &role, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QCoreApplication::applicationFilePath(), childArguments(role, arguments));
    if (!process.waitForFinished(60000))
        return {};
    const bool killed = process.exitStatus() == QProcess::CrashExit;
    return { killed, killed ? -1 : process.exitCode(), QString::fromUtf8(process.readAll()) };
}

} // namespace catamaran::tests
