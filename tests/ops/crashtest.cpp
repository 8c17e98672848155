// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "crashplan.h"
#include "tst_ops.h"

using namespace catamaran;
using namespace catamaran::ops;
using namespace catamaran::tests;

namespace {

bool isAsWished(ModelWorld &world)
{
    const auto values = world.store.values();
    return values.size() == 3 && values.value(QStringLiteral("a")) == QLatin1String("1")
        && values.value(QStringLiteral("b")) == QLatin1String("2") && values.value(QStringLiteral("c")) == QLatin1String("3")
        && world.store.items(QStringLiteral("a")) == 1 && world.store.items(QStringLiteral("b")) == 1;
}

bool isEmpty(ModelWorld &world)
{
    return world.store.values().isEmpty() && world.store.items(QStringLiteral("a")) == 0 && world.store.items(QStringLiteral("b")) == 0;
}

QString state(const CrashPlace &place, qint64 execution)
{
    return stateName(Journal::open(place.database())->execution(execution)->state);
}

} // namespace

/// kill -9 of a real process before and after every call and every row.
class CrashTest : public QObject {
    Q_OBJECT

private slots:
    void killedAnywhereAnExecutionIsGoneOnWith()
    {
        int killed = 0;
        for (int point = 1;; ++point) {
            const QTemporaryDir folder(quickFolder());
            const CrashPlace place(folder.path());
            const ChildEnd child = runChild(QStringLiteral("killed"), { folder.path(), QString::number(point) });
            ModelWorld world(place.world());
            if (!child.killed) {
                QVERIFY2(child.code == 0 && isAsWished(world), qPrintable(child.text));
                break;
            }
            ++killed;
            auto journal = Journal::open(place.database());
            const auto interrupted = journal->interrupted(world.environment());
            QCOMPARE(interrupted->size(), 1);
            const qint64 execution = interrupted->first().id;
            const auto result = resume(execution, modelKinds(), world, place.options(), {});
            QVERIFY2(result.complete && isAsWished(world), qPrintable(QStringLiteral("killed at %1: %2").arg(point).arg(texts(result))));
            QCOMPARE(state(place, execution), QStringLiteral("done"));
            QVERIFY(journal->interrupted()->isEmpty());
            // And what the one began and the other finished goes back as one.
            const auto undone = undo(execution, modelKinds(), world, place.options(), {});
            QVERIFY2(undone.complete && isEmpty(world), qPrintable(QStringLiteral("killed at %1: %2").arg(point).arg(texts(undone))));
        }
        qInfo("killed at %d points", killed);
        QCOMPARE(killed, 5 * 6); // of five steps each: a look, both sides of the act, the proof, a look, the report
    }

    void killedAnywhereAnExecutionCanBeTakenBack()
    {
        int killed = 0;
        for (int point = 1;; ++point) {
            const QTemporaryDir folder(quickFolder());
            const CrashPlace place(folder.path());
            if (!runChild(QStringLiteral("killed"), { folder.path(), QString::number(point) }).killed)
                break;
            ++killed;
            ModelWorld world(place.world());
            const qint64 execution = Journal::open(place.database())->interrupted()->first().id;
            const auto undone = undo(execution, modelKinds(), world, place.options(), {});
            QVERIFY2(undone.complete && isEmpty(world), qPrintable(QStringLiteral("killed at %1: %2").arg(point).arg(texts(undone))));
            QCOMPARE(state(place, execution), QStringLiteral("undone"));
        }
        QVERIFY(killed > 0);
    }

    void killedAnywhereAnUndoIsGoneOnWith()
    {
        int killed = 0;
        for (int point = 1;; ++point) {
            const QTemporaryDir folder(quickFolder());
            const CrashPlace place(folder.path());
            ModelWorld world(place.world());
            const auto result = execute(crashPlan(), modelKinds(), world, place.options(), {});
            QVERIFY(result.complete);
            const ChildEnd child
                = runChild(QStringLiteral("killed"), { folder.path(), QString::number(point), QString::number(result.execution) });
            if (!child.killed) {
                QVERIFY2(child.code == 0 && isEmpty(world), qPrintable(child.text));
                break;
            }
            ++killed;
            auto journal = Journal::open(place.database());
            QCOMPARE(journal->undoDue()->size(), 1);
            const auto undone = undo(result.execution, modelKinds(), world, place.options(), {});
            QVERIFY2(undone.complete && isEmpty(world), qPrintable(QStringLiteral("killed at %1: %2").arg(point).arg(texts(undone))));
            QCOMPARE(state(place, result.execution), QStringLiteral("undone"));
            QVERIFY(journal->interrupted()->isEmpty()); // the first undo was gone on with, not left behind
            QCOMPARE(journal->executions(10)->size(), 2);
        }
        qInfo("killed at %d points", killed);
        QCOMPARE(killed, 5 * 5);
    }
};

int catamaran::tests::runCrashTest(const QStringList &arguments)
{
    return run<CrashTest>(arguments);
}

#include "crashtest.moc"
