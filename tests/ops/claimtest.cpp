// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "crashplan.h"
#include "tst_ops.h"

#include <QSqlQuery>

#include <unistd.h>

using namespace catamaran;
using namespace catamaran::ops;
using namespace catamaran::tests;

namespace {

const QString a = QStringLiteral("a"), b = QStringLiteral("b");

NewExecution wanting(const Step &step, const QString &environment = QStringLiteral("model"))
{
    return { environment, QStringLiteral("apply"), QStringLiteral("other"), describePlan({ { step } }, modelKinds(), {}) };
}

/// Rewrites who has an execution, as another process would have written it.
void setOwner(const Place &place, qint64 id, const Owner &owner, const QDateTime &heartbeat)
{
    const auto database = store::Database::open(place.database());
    QVERIFY((*database)
                ->run({}, QStringLiteral("UPDATE execution SET host = ?, boot = ?, pid = ?, started = ?, heartbeat = ? WHERE id = ?"),
                    { owner.host, owner.boot, owner.pid, owner.started, heartbeat.toMSecsSinceEpoch(), id })
                .has_value());
}

} // namespace

/// Who may change what, when several want to.
class ClaimTest : public QObject {
    Q_OBJECT

private slots:
    void theOwnerIsThisProcess()
    {
        const Owner &self = Owner::self();
        QCOMPARE(self.pid, qint64(getpid()));
        QVERIFY(self.started > 0);
        QFile boot(QStringLiteral("/proc/sys/kernel/random/boot_id"));
        QVERIFY(boot.open(QIODevice::ReadOnly));
        QVERIFY(self.boot.startsWith(QString::fromUtf8(boot.readAll()).trimmed()));
        QVERIFY(isAlive(self, {}, QDateTime::currentDateTimeUtc()));
    }

    void whoIsAlive_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<int>("silentMs");
        QTest::addColumn<bool>("alive");
        QTest::newRow("here, though silent") << QString() << 3600000 << true;
        QTest::newRow("here, but the pid is used again") << QStringLiteral("started") << 0 << false;
        QTest::newRow("here, but gone") << QStringLiteral("pid") << 0 << false;
        QTest::newRow("another host, heard a moment ago") << QStringLiteral("host") << 29000 << true;
        QTest::newRow("another host, silent") << QStringLiteral("host") << 31000 << false;
        QTest::newRow("another host whose clock is ahead") << QStringLiteral("host") << -60000 << true;
        QTest::newRow("before this machine started, silent") << QStringLiteral("boot") << 31000 << false;
        QTest::newRow("beside us in another namespace of processes") << QStringLiteral("boot") << 1000 << true;
    }
    void whoIsAlive()
    {
        QFETCH(QString, what);
        QFETCH(int, silentMs);
        Owner owner = Owner::self();
        if (what == QLatin1String("started"))
            owner.started += 1;
        else if (what == QLatin1String("pid"))
            owner.pid = 4194305; // beyond what Linux gives
        else if (what == QLatin1String("host"))
            owner.host += u'2';
        else if (what == QLatin1String("boot"))
            owner.boot += u'2';
        const QDateTime now = QDateTime::currentDateTimeUtc();
        QTEST(isAlive(owner, now.addMSecs(-silentMs), now), "alive");
    }

    void whatSomebodyChangesIsHeld_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("environment");
        QTest::addColumn<bool>("held");
        QTest::newRow("the same subject") << a << QStringLiteral("model") << true;
        QTest::newRow("something within it") << a + QStringLiteral("/within") << QStringLiteral("model") << true;
        QTest::newRow("another subject") << b << QStringLiteral("model") << false;
        QTest::newRow("another environment") << a << QStringLiteral("elsewhere") << false;
    }
    void whatSomebodyChangesIsHeld()
    {
        QFETCH(QString, key);
        QFETCH(QString, environment);
        QFETCH(bool, held);
        Place place;
        ModelWorld world;
        // While the first execution acts, another wants to begin.
        std::optional<core::Error> refusal;
        bool begun = false;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            if (point == Point::BeforeAct) {
                auto journal = place.journal();
                const auto other = journal.begin(wanting(setStep(b, key, b), environment));
                begun = other.has_value();
                if (!other)
                    refusal = other.error();
                else
                    begun = journal.end(other->id, ExecutionState::Done).has_value();
            }
            return std::nullopt;
        } });
        QVERIFY(execute({ { setStep(a, a, a) } }, kinds, world, place.options(QStringLiteral("drill-like"), QStringLiteral("first")), {})
                    .complete);
        QCOMPARE(begun, !held);
        if (held) {
            QVERIFY(refusal && refusal->kind == core::ErrorKind::Conflict);
            QCOMPARE(refusal->code, QStringLiteral("Held"));
            const QString since = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd "));
            for (const QString &part :
                { QStringLiteral("drill-like first"), since, QString::number(getpid()), QSysInfo::machineHostName(), key })
                QVERIFY2(refusal->text().contains(part), qPrintable(refusal->text()));
        }
        // Once it has ended everything is free.
        QVERIFY(place.journal().begin(wanting(setStep(b, key, b), environment)).has_value());
    }

    void ofTwoProcessesOneGetsIt()
    {
        for (int round = 0; round < 10; ++round) {
            const QTemporaryDir folder(quickFolder());
            const CrashPlace place(folder.path());
            QProcess first, second;
            for (QProcess *process : { &first, &second }) {
                process->start(QCoreApplication::applicationFilePath(), childArguments(QStringLiteral("racing"), { folder.path() }));
                QVERIFY(process->waitForReadyRead(20000));
                QCOMPARE(process->readLine().trimmed(), QByteArrayLiteral("ready"));
            }
            first.write("go\n");
            second.write("go\n");
            first.waitForBytesWritten();
            second.waitForBytesWritten();
            // One acts and waits there for us; the other is refused and ends.
            QVERIFY(
                QTest::qWaitFor([&] { return first.state() == QProcess::NotRunning || second.state() == QProcess::NotRunning; }, 20000));
            QProcess &loser = first.state() == QProcess::NotRunning ? first : second, &winner = &loser == &first ? second : first;
            const QByteArray said = loser.readAll();
            QVERIFY2(loser.exitCode() == 3, said.constData());
            for (const QByteArray &part :
                { QByteArrayLiteral("apply crash"), QByteArrayLiteral("since"), QByteArray::number(winner.processId()) })
                QVERIFY2(said.contains(part), said.constData());
            winner.write("end\n");
            QVERIFY(winner.waitForFinished(20000));
            QVERIFY2(winner.exitCode() == 0, winner.readAll().constData());
            ModelWorld world(place.world());
            QCOMPARE(world.store.items(a), 1);
            QCOMPARE(Journal::open(place.database())->executions(10)->size(), 1);
        }
    }

    void aDeadOwnersExecutionIsOfferedAndWhatItLeftOpenIsNotTouched()
    {
        const QTemporaryDir folder(quickFolder());
        const CrashPlace place(folder.path());
        // Killed before the first act, with the intent written.
        QVERIFY(runChild(QStringLiteral("killed"), { folder.path(), QStringLiteral("2") }).killed);
        ModelWorld world(place.world());
        const auto result = execute(crashPlan(), modelKinds(), world, place.options(), {});
        QVERIFY(result.error && result.error->kind == core::ErrorKind::Conflict);
        QCOMPARE(result.error->code, QStringLiteral("Unsettled"));
        QVERIFY2(result.error->text().contains(QStringLiteral("create-a"))
                && result.error->text().contains(QStringLiteral("Resume execution 1")),
            qPrintable(result.error->text()));
        QCOMPARE(world.store.items(a), 0);
        // What touches nothing of it may begin.
        QVERIFY(execute({ { setStep(a, QStringLiteral("z"), a) } }, modelKinds(), world, place.options(), {}).complete);
        // Given up it blocks nobody.
        auto journal = Journal::open(place.database());
        QVERIFY(!journal->giveUp(1, QStringLiteral("create-a"), QStringLiteral(" ")));
        QVERIFY(!journal->giveUp(1, QStringLiteral("create-b"), QStringLiteral("why not")));
        QVERIFY(journal->giveUp(1, QStringLiteral("create-a"), QStringLiteral("looked by hand")).has_value());
        QVERIFY(execute(crashPlan(), modelKinds(), world, place.options(), {}).complete);
        // And is not done by who resumes.
        const auto resumed = resume(1, modelKinds(), world, place.options(), {});
        QVERIFY2(
            outcomeOf(resumed, QStringLiteral("create-a")).note.contains(QStringLiteral("looked by hand")), qPrintable(texts(resumed)));
        QVERIFY(outcomeOf(resumed, QStringLiteral("last")).state == StepState::Skipped);
    }

    void whatEndedWithSomethingUnknownKeepsOthersOff()
    {
        Place place;
        ModelWorld world;
        bool silent = true; // neither the act nor the looking is answered
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            return silent && (point == Point::AfterAct || (point == Point::Look && world.store.items(a) > 0))
                ? std::optional(errorOf(core::ErrorKind::Network))
                : std::nullopt;
        } });
        const auto begun = execute({ { createStep(a) } }, kinds, world, place.options(), {});
        QVERIFY(outcomeOf(begun, QStringLiteral("create-a")).state == StepState::Unknown);
        QCOMPARE(place.journal().execution(begun.execution)->state, ExecutionState::Failed);
        QCOMPARE(place.journal().unsettled()->size(), 1);
        silent = false;
        const auto other = execute({ { createStep(a) } }, kinds, world, place.options(), {});
        QVERIFY(other.error);
        QCOMPARE(other.error->code, QStringLiteral("Unsettled"));
        // Settled by looking it is done, begins nothing new, and holds nobody off.
        const auto settled = settle(begun.execution, kinds, world, place.options(), {});
        QVERIFY2(settled.complete && outcomeOf(settled, QStringLiteral("create-a")).state == StepState::Done, qPrintable(texts(settled)));
        QCOMPARE(world.store.items(a), 1);
        QVERIFY(place.journal().unsettled()->isEmpty());
        QVERIFY(place.journal().begin(wanting(createStep(a))).has_value());
    }

    void settlingBeginsNothing()
    {
        const QTemporaryDir folder(quickFolder());
        const CrashPlace place(folder.path());
        QVERIFY(runChild(QStringLiteral("killed"), { folder.path(), QStringLiteral("2") })
                    .killed); // with the first intent written, before the act
        ModelWorld world(place.world());
        const auto settled = settle(1, modelKinds(), world, place.options(), {});
        QVERIFY2(settled.complete, qPrintable(texts(settled)));
        QVERIFY(settled.doneSteps().isEmpty());
        QCOMPARE(world.store.items(a), 0);
        QCOMPARE(Journal::open(place.database())->execution(1)->state, ExecutionState::Stopped);
        QVERIFY(execute(crashPlan(), modelKinds(), world, place.options(), {}).complete);
    }

    void whatADrillBrokeIsNobodysUntilItIsPutBack()
    {
        Place place;
        ModelWorld world;
        const Plan plan { { setStep(a, a, a) } };
        auto drill = execute(plan, modelKinds(), world, place.options(drillPurpose, QStringLiteral("first")), {});
        QVERIFY(drill.claim);
        drill.claim.reset();
        Journal::abandon(place.database(), drill.execution); // as a killed one leaves it
        const auto other = execute({ { setStep(b, a, b) } }, modelKinds(), world, place.options(), {});
        QVERIFY(other.error);
        QCOMPARE(other.error->code, QStringLiteral("Unrestored"));
        QVERIFY2(other.error->text().contains(QStringLiteral("drill first")), qPrintable(other.error->text()));
        QVERIFY(execute({ { setStep(b, b, b) } }, modelKinds(), world, place.options(), {}).complete);
        QVERIFY(undo(drill.execution, modelKinds(), world, place.options(), {}).complete);
        QVERIFY(execute({ { setStep(b, a, b) } }, modelKinds(), world, place.options(), {}).complete);
    }

    void aLivingOwnerIsNeverTouched_data()
    {
        QTest::addColumn<QString>("how");
        QTest::newRow("resume") << QStringLiteral("resume");
        QTest::newRow("undo") << QStringLiteral("undo");
        QTest::newRow("give up") << QStringLiteral("give up");
    }
    void aLivingOwnerIsNeverTouched()
    {
        QFETCH(QString, how);
        Place place;
        ModelWorld world;
        Meeting acting(2), over(2);
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            if (point == Point::AfterAct) {
                acting.arrive();
                over.arrive();
            }
            return std::nullopt;
        } });
        std::jthread owner([&] { QVERIFY(execute({ { setStep(a, a, a) } }, kinds, world, place.options(), {}).complete); });
        acting.arrive();
        const int looked = world.store.acts(a);
        std::optional<core::Error> refusal;
        if (how == QLatin1String("give up")) {
            if (const auto given = place.journal().giveUp(1, a, how); !given)
                refusal = given.error();
        } else {
            refusal = (how == QLatin1String("undo") ? undo(1, modelKinds(), world, place.options(), {})
                                                    : resume(1, modelKinds(), world, place.options(), {}))
                          .error;
        }
        QCOMPARE(world.store.acts(a), looked);
        over.arrive();
        QVERIFY(refusal && refusal->kind == core::ErrorKind::Conflict);
        QVERIFY2(refusal->text().contains(QStringLiteral("since")) && refusal->text().contains(QString::number(getpid())),
            qPrintable(refusal->text()));
        owner.join();
        QCOMPARE(world.store.values().value(a), a);
    }

    void whoWasTakenOverWritesNothingMore()
    {
        Place place;
        ModelWorld world;
        const auto kinds = modelKinds({ [&](Point point, const QString &step, const Scope &) -> std::optional<core::Error> {
            if (point == Point::Look && step == a) {
                Owner other = Owner::self();
                other.host = QStringLiteral("atlas");
                setOwner(place, 1, other, QDateTime::currentDateTimeUtc());
            }
            return std::nullopt;
        } });
        const auto result = execute({ { setStep(a, a, a), setStep(b, b, b, { a }) } }, kinds, world, place.options(), {});
        QVERIFY(!result.complete);
        QVERIFY(result.error && result.error->kind == core::ErrorKind::Conflict);
        QVERIFY(world.store.values().isEmpty()); // nor did it act
        QVERIFY(place.journal().execution(1)->state == ExecutionState::Running);
    }

    void whoIsSilentOnAnotherMachineIsTakenOver()
    {
        Place place;
        ModelWorld world;
        auto journal = place.journal();
        const auto begun = journal.begin(wanting(setStep(a, a, a)));
        Owner other = Owner::self();
        other.host = QStringLiteral("atlas");
        setOwner(place, begun->id, other, QDateTime::currentDateTimeUtc());
        QVERIFY(journal.interrupted()->isEmpty());
        QVERIFY(resume(begun->id, modelKinds(), world, place.options(), {}).error.has_value());
        setOwner(place, begun->id, other, QDateTime::currentDateTimeUtc().addSecs(-31));
        QCOMPARE(journal.interrupted()->size(), 1);
        const auto resumed = resume(begun->id, modelKinds(), world, place.options(), {});
        QVERIFY2(resumed.complete, qPrintable(texts(resumed)));
        QVERIFY(journal.execution(begun->id)->owner == Owner::self());
    }

    void theJournalKeepsTheNewestAndWhateverIsNotSettled()
    {
        Place place;
        ModelWorld world;
        auto journal = place.journal();
        QCOMPARE(journal.retention()->executions, 500);
        QVERIFY(!journal.setRetention({ 0 }));
        QVERIFY(journal.setRetention({ 3 }).has_value());
        bool isDark = false;
        const auto dark = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            isDark = isDark || point == Point::AfterAct;
            return isDark ? std::optional(errorOf(core::ErrorKind::Network)) : std::nullopt;
        } });
        const auto begunFirst = journal.begin(wanting(setStep(a, QStringLiteral("running"), a)));
        const auto unknown = execute({ { setStep(a, a, a) } }, dark, world, place.options(), {});
        const auto drill = execute({ { setStep(a, QStringLiteral("drilled"), a) } }, modelKinds(), world, place.options(drillPurpose), {});
        QList<qint64> ids;
        for (int i = 0; i < 6; ++i)
            ids += execute({ { setStep(a, b, QString::number(i)) } }, modelKinds(), world, place.options(), {}).execution;
        QSet<qint64> kept;
        const auto left = journal.executions(100);
        for (const Execution &one : *left)
            kept.insert(one.id);
        QCOMPARE(kept, (QSet<qint64> { begunFirst->id, unknown.execution, drill.execution, ids.at(3), ids.at(4), ids.at(5) }));
        QVERIFY(journal.events(ids.at(0))->isEmpty());
        QVERIFY(!journal.events(ids.at(3))->isEmpty());
    }
};

int catamaran::tests::runClaimTest(const QStringList &arguments)
{
    return run<ClaimTest>(arguments);
}

#include "claimtest.moc"
