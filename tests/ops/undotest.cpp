// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "tst_ops.h"

#include <QSqlQuery>

using namespace catamaran;
using namespace catamaran::ops;
using namespace catamaran::tests;
using core::ErrorKind;

namespace {

const QString a = QStringLiteral("a"), b = QStringLiteral("b"), c = QStringLiteral("c");

QString stateOf(const Place &place, qint64 execution)
{
    return stateName(place.journal().execution(execution)->state);
}

} // namespace

class UndoTest : public QObject {
    Q_OBJECT

private slots:
    void everythingGoesBackInReverse()
    {
        Place place;
        ModelWorld world;
        world.store.set(a, QStringLiteral("old"));
        world.store.set(c, c);
        const auto before = world.store.values();
        QStringList order;
        const auto kinds = modelKinds({ [&](Point point, const QString &step, const Scope &) -> std::optional<core::Error> {
            if (point == Point::BeforeRevert)
                order += step;
            return std::nullopt;
        } });
        const Plan plan { { setStep(a, a, a), setStep(b, b, b, { a }), setStep(c, c, c, { b }), createStep(a, { c }) } };
        const auto result = execute(plan, kinds, world, place.options(), {});
        QVERIFY(result.complete);
        QList<StepProgress> seen;
        auto options = place.options();
        options.onProgress = [&](const StepProgress &progress) { seen += progress; };
        const auto undone = undo(result.execution, kinds, world, options, {});
        QVERIFY2(undone.complete, qPrintable(texts(undone)));
        QCOMPARE(order, QStringList({ QStringLiteral("create-a"), b, a })); // c was in place
        QCOMPARE(world.store.values(), before);
        QCOMPARE(world.store.items(a), 0);
        QCOMPARE(seen.last().stepId, a);
        QCOMPARE(stateOf(place, result.execution), QStringLiteral("undone"));
        QCOMPARE(place.eventsOf(result.execution, a), QStringLiteral("intent sent done undone"));
        QCOMPARE(place.eventsOf(undone.execution, a), QStringLiteral("intent done"));
        const auto walk = place.journal().execution(undone.execution);
        QCOMPARE(walk->title(), QStringLiteral("undo apply model"));
        QCOMPARE(walk->undoes, result.execution);
        // Once more there is nothing to do, and an undo is not undone.
        QVERIFY(undo(result.execution, kinds, world, place.options(), {}).complete);
        QCOMPARE(order.size(), 3);
        QVERIFY(undo(undone.execution, kinds, world, place.options(), {}).error.has_value());
    }

    void deedsOnOneSubjectGoBackNewestFirst()
    {
        Place place;
        ModelWorld world;
        world.store.set(a, QStringLiteral("old"));
        Plan plan;
        for (int i = 0; i < 5; ++i)
            plan.steps += setStep(QString::number(i), a, QString::number(i)); // no step depends on another
        const auto result = execute(plan, modelKinds(), world, place.options(), {});
        QVERIFY(result.complete);
        const auto undone = undo(result.execution, modelKinds(), world, place.options(), {});
        QVERIFY2(undone.complete, qPrintable(texts(undone)));
        QCOMPARE(world.store.values().value(a), QStringLiteral("old"));
    }

    void whatIsAlreadyAsItWasIsLeft()
    {
        Place place;
        ModelWorld world;
        world.store.set(a, QStringLiteral("old"));
        const auto result = execute({ { setStep(a, a, a) } }, modelKinds(), world, place.options(), {});
        world.store.set(a, QStringLiteral("old")); // by hand
        int reverts = 0;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            reverts += point == Point::BeforeRevert ? 1 : 0;
            return std::nullopt;
        } });
        const auto undone = undo(result.execution, kinds, world, place.options(), {});
        QVERIFY(undone.complete);
        QCOMPARE(reverts, 0);
        QCOMPARE(stateOf(place, result.execution), QStringLiteral("undone"));
    }

    void whatSomebodyElseChangedIsRefusedAndEarlierStepsStay()
    {
        Place place;
        ModelWorld world;
        world.store.set(b, QStringLiteral("old"));
        const auto result = execute({ { setStep(a, a, a), setStep(b, b, QStringLiteral("ours"), { a }), setStep(c, c, c) } }, modelKinds(),
            world, place.options(), {});
        world.store.set(b, QStringLiteral("foreign"));
        auto undone = undo(result.execution, modelKinds(), world, place.options(), {});
        QVERIFY(!undone.complete);
        QVERIFY(outcomeOf(undone, b).state == StepState::Failed);
        for (const char *state : { "old", "ours", "foreign", "unset b" }) // as it was, as we left it, as it is, and by hand
            QVERIFY2(outcomeOf(undone, b).error->text().contains(QLatin1String(state)), qPrintable(outcomeOf(undone, b).error->text()));
        QVERIFY(outcomeOf(undone, a).state == StepState::Skipped); // b was done after it, and is still there
        QVERIFY(outcomeOf(undone, c).state == StepState::Done);
        QCOMPARE(world.store.values(), (QMap<QString, QString> { { a, a }, { b, QStringLiteral("foreign") } }));
        QCOMPARE(stateOf(place, result.execution), QStringLiteral("undo-due"));
        QCOMPARE(place.journal().undoDue(QStringLiteral("model"))->size(), 1);

        // Given up by the user, with a reason that is kept, it holds nothing up any more.
        QVERIFY(place.journal().giveUp(result.execution, b, QStringLiteral("it is theirs now")).has_value());
        undone = undo(result.execution, modelKinds(), world, place.options(), {});
        QVERIFY2(undone.complete, qPrintable(texts(undone)));
        QVERIFY(outcomeOf(undone, b).note.contains(QStringLiteral("it is theirs now")));
        QCOMPARE(world.store.values(), (QMap<QString, QString> { { b, QStringLiteral("foreign") } }));
        QCOMPARE(stateOf(place, result.execution), QStringLiteral("undone"));
        QCOMPARE(recordsOf(*place.journal().events(result.execution)).value(b).answer, QStringLiteral("it is theirs now"));
    }

    void giveUpOfTheLastStepEndsTheUndo()
    {
        Place place;
        ModelWorld world;
        const auto result = execute({ { setStep(a, a, a) } }, modelKinds(), world, place.options(), {});
        world.store.set(a, QStringLiteral("foreign"));
        QVERIFY(!undo(result.execution, modelKinds(), world, place.options(), {}).complete);
        QVERIFY(place.journal().giveUp(result.execution, a, QStringLiteral("enough")).has_value());
        QVERIFY(place.journal().undoDue()->isEmpty());
        QVERIFY(!place.journal().giveUp(result.execution, a, QStringLiteral("again")));
    }

    void whatCannotBeBroughtBackStaysAndSaysSo()
    {
        Place place;
        ModelWorld world;
        world.store.set(a, a);
        const auto result = execute({ { setStep(b, b, b), burnStep(a, { b }) } }, modelKinds(), world, place.options(), {});
        QVERIFY2(result.complete, qPrintable(texts(result)));
        const auto undone = undo(result.execution, modelKinds(), world, place.options(), {});
        QVERIFY2(undone.complete, qPrintable(texts(undone)));
        QVERIFY(outcomeOf(undone, QStringLiteral("burn-a")).note.contains(QStringLiteral("What is burnt is gone.")));
        QVERIFY(world.store.values().isEmpty());
        QCOMPARE(stateOf(place, result.execution), QStringLiteral("undone"));
    }

    void anAnswerToARevertThatNeverCameIsSettledByLooking_data()
    {
        QTest::addColumn<bool>("heard");
        QTest::newRow("it was heard") << true;
        QTest::newRow("it was not heard") << false;
    }
    void anAnswerToARevertThatNeverCameIsSettledByLooking()
    {
        QFETCH(bool, heard);
        Place place;
        ModelWorld world;
        const auto result = execute({ { createStep(a) } }, modelKinds(), world, place.options(), {});
        bool once = true;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            const bool here = point == (heard ? Point::AfterRevert : Point::BeforeRevert) && std::exchange(once, false);
            return here ? std::optional(errorOf(ErrorKind::Timeout)) : std::nullopt;
        } });
        const auto undone = undo(result.execution, kinds, world, place.options(), {});
        QVERIFY2(undone.complete, qPrintable(texts(undone)));
        QCOMPARE(world.store.items(a), 0); // one revert is not made twice: that would be -1
    }

    void onlyWhatWasDoneGoesBack()
    {
        Place place;
        ModelWorld world;
        const auto kinds = modelKinds({ [](Point point, const QString &step, const Scope &) -> std::optional<core::Error> {
            return point == Point::BeforeAct && step == b ? std::optional(errorOf(ErrorKind::Forbidden)) : std::nullopt;
        } });
        const auto result
            = execute({ { setStep(a, a, a), setStep(b, b, b, { a }), setStep(c, c, c, { b }) } }, kinds, world, place.options(), {});
        QVERIFY(!result.complete);
        const auto undone = undo(result.execution, kinds, world, place.options(), {});
        QVERIFY2(undone.complete, qPrintable(texts(undone)));
        QVERIFY(world.store.values().isEmpty());
        QCOMPARE(place.eventsOf(undone.execution, b), QString());
    }

    void aStoppedUndoIsGoneOnWith()
    {
        Place place;
        ModelWorld world;
        const auto result = execute({ { setStep(a, a, a), setStep(b, b, b, { a }) } }, modelKinds(), world, place.options(), {});
        std::stop_source stop;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            if (point == Point::AfterRevert)
                stop.request_stop();
            return std::nullopt;
        } });
        const auto stopped = undo(result.execution, kinds, world, place.options(), stop.get_token());
        QVERIFY(stopped.stopped);
        QCOMPARE(world.store.values(), (QMap<QString, QString> { { a, a } }));
        QCOMPARE(stateOf(place, result.execution), QStringLiteral("undo-due"));
        QVERIFY(undo(result.execution, modelKinds(), world, place.options(), {}).complete);
        QVERIFY(world.store.values().isEmpty());
    }

    void aDrillIsHeldUntilItIsUndone()
    {
        Place place;
        ModelWorld world;
        auto result = execute({ { setStep(a, a, a) } }, modelKinds(), world, place.options(drillPurpose, QStringLiteral("failover")), {});
        QVERIFY(result.complete && result.claim);
        QVERIFY(place.journal().undoDue()->isEmpty()); // it runs
        // Neither another plan nor somebody else's undo gets at it.
        const auto other = execute({ { setStep(b, a, b) } }, modelKinds(), world, place.options(), {});
        QVERIFY(other.error && other.error->text().contains(QStringLiteral("drill failover")));
        QVERIFY(undo(result.execution, modelKinds(), world, place.options(), {}).error.has_value());
        QCOMPARE(world.store.values().value(a), a);
        const auto undone = undo(result.execution, modelKinds(), world, place.options(), {}, result.claim);
        QVERIFY2(undone.complete, qPrintable(texts(undone)));
        QVERIFY(world.store.values().isEmpty());
        QCOMPARE(stateOf(place, result.execution), QStringLiteral("undone"));
        QVERIFY(execute({ { setStep(b, a, b) } }, modelKinds(), world, place.options(), {}).complete);
    }

    void aDrillThatIsLetGoIsDue()
    {
        Place place;
        ModelWorld world;
        auto result = execute({ { setStep(a, a, a) } }, modelKinds(), world, place.options(drillPurpose, QStringLiteral("failover")), {});
        result.claim.reset();
        const auto due = place.journal().undoDue(QStringLiteral("model"));
        QCOMPARE(due->size(), 1);
        QCOMPARE(due->first().title(), QStringLiteral("drill failover"));
        QVERIFY(undo(result.execution, modelKinds(), world, place.options(), {}).complete);
        QVERIFY(world.store.values().isEmpty());
        QVERIFY(place.journal().undoDue()->isEmpty());
    }

    void whatAnEarlierVersionWroteSaysHowItIsTakenBack()
    {
        Place place;
        ModelWorld world;
        const auto database = store::Database::open(place.database());
        store::Activity activity;
        activity.environment = QStringLiteral("model");
        activity.operation = QStringLiteral("apply two-meshes");
        activity.step = a;
        QVERIFY((*database)->begin(activity).has_value());
        const auto undone = undo(1, modelKinds(), world, place.options(), {});
        QVERIFY(undone.error && undone.error->text().contains(QStringLiteral("earlier Catamaran")));
        // What it was to restore is due, and can be given up as a whole.
        Execution kept;
        kept.uid = QStringLiteral("earlier");
        kept.environment = QStringLiteral("model");
        kept.purpose = drillPurpose;
        kept.name = QStringLiteral("failover");
        kept.plan = { { QStringLiteral("restore"), QJsonArray() } };
        const auto restore = place.journal().adopt(kept, {});
        QVERIFY(restore.has_value());
        QCOMPARE(place.journal().adopt(kept, {}).value(), *restore); // once
        QCOMPARE(place.journal().undoDue()->size(), 1);
        QVERIFY(place.journal().giveUp(*restore, {}, QStringLiteral("done by hand")).has_value());
        QVERIFY(place.journal().undoDue()->isEmpty());
    }
};

int catamaran::tests::runUndoTest(const QStringList &arguments)
{
    return run<UndoTest>(arguments);
}

#include "undotest.moc"
