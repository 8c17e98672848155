// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QObject>
#include <QRegularExpression>
#include <QTest>

#include <condition_variable>
#include <thread>

namespace catamaran::tests {

/// Runs the tests of @p Test as part of this program: all, or those of the named functions that it has.
template <typename Test> int run(const QStringList &arguments)
{
    static const QRegularExpression identifier(QStringLiteral("^[A-Za-z_]\\w*(\\(\\))?(:.*)?$"));
    QStringList mine { arguments.first() };
    bool named = false, has = false;
    for (const QString &argument : arguments.mid(1)) {
        const bool isName = identifier.match(argument).hasMatch();
        const bool isMine = isName
            && Test::staticMetaObject.indexOfMethod(
                   qPrintable(argument.section(QRegularExpression(QStringLiteral("[(:]")), 0, 0) + QStringLiteral("()")))
                >= 0;
        named = named || isName;
        has = has || isMine;
        if (!isName || isMine)
            mine += argument;
    }
    Test test;
    return named && !has ? 0 : QTest::qExec(&test, mine);
}

int runPlanTest(const QStringList &arguments);
int runExecutorTest(const QStringList &arguments);
int runUnknownTest(const QStringList &arguments);
int runClaimTest(const QStringList &arguments);
int runCrashTest(const QStringList &arguments);
int runUndoTest(const QStringList &arguments);
int runStorageTest(const QStringList &arguments);
int runPropertyTest(const QStringList &arguments);

/// Threads that come to the same point and wait there for each other. The limit only bounds a failure.
class Meeting {
public:
    explicit Meeting(int expected)
        : m_expected(expected)
    {
    }
    /// True when all have come.
    bool arrive()
    {
        std::unique_lock lock(m_mutex);
        ++m_here;
        m_changed.notify_all();
        return m_changed.wait_for(lock, std::chrono::seconds(20), [this] { return m_here >= m_expected; });
    }

private:
    const int m_expected;
    int m_here = 0;
    std::mutex m_mutex;
    std::condition_variable m_changed;
};

} // namespace catamaran::tests
