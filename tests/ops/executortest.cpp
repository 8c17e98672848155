// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "tst_ops.h"

using namespace catamaran;
using namespace catamaran::ops;
using namespace catamaran::tests;

namespace {

const QString a = QStringLiteral("a"), b = QStringLiteral("b"), c = QStringLiteral("c"), d = QStringLiteral("d");

/// How many are within at once.
class Gauge {
public:
    void enter()
    {
        const int now = ++m_now;
        int most = m_most;
        while (now > most && !m_most.compare_exchange_weak(most, now)) { }
    }
    void leave() { --m_now; }
    [[nodiscard]] int most() const { return m_most; }

private:
    std::atomic<int> m_now = 0, m_most = 0;
};

QString stateOf(const Place &place, qint64 execution)
{
    return stateName(place.journal().execution(execution)->state);
}

} // namespace

class ExecutorTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsIndependentRunsAtOnceButNeverMoreThanAllowed()
    {
        // The first sixteen can only go on together: a seventeenth would be seen, a missing one would stop them all.
        Meeting meeting(16);
        Gauge gauge;
        std::atomic<int> alone = 0;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            if (point == Point::BeforeAct) {
                gauge.enter();
                alone += meeting.arrive() ? 0 : 1;
            } else if (point == Point::AfterAct) {
                gauge.leave();
            }
            return std::nullopt;
        } });
        Plan plan;
        for (int i = 0; i < 40; ++i)
            plan.steps += setStep(QString::number(i), QString::number(i), a);
        Place place;
        ModelWorld world;
        const auto result = execute(plan, kinds, world, place.options(), {});
        QVERIFY2(result.complete, qPrintable(texts(result)));
        QCOMPARE(alone.load(), 0);
        QCOMPARE(gauge.most(), 16);
    }

    void aLaneIsOneAfterTheOtherAndLanesAreAtOnce()
    {
        Meeting meeting(2); // one of each lane
        std::map<QChar, Gauge> lanes;
        lanes[u'x'];
        lanes[u'y'];
        std::atomic<int> alone = 0;
        const auto kinds = modelKinds({ [&](Point point, const QString &step, const Scope &) -> std::optional<core::Error> {
            if (point == Point::BeforeAct) {
                lanes[step.at(0)].enter();
                alone += meeting.arrive() ? 0 : 1;
            } else if (point == Point::AfterAct) {
                lanes[step.at(0)].leave();
            }
            return std::nullopt;
        } });
        Plan plan;
        for (const QString &lane : { QStringLiteral("x"), QStringLiteral("y") })
            for (int i = 0; i < 4; ++i)
                plan.steps += setStep(lane + QString::number(i), lane + QString::number(i), a, {}, lane);
        Place place;
        ModelWorld world;
        QVERIFY(execute(plan, kinds, world, place.options(), {}).complete);
        QCOMPARE(alone.load(), 0);
        QCOMPARE(lanes[u'x'].most(), 1);
        QCOMPARE(lanes[u'y'].most(), 1);
    }

    void deedsOnOneSubjectAreNeverAtOnce()
    {
        Gauge gauge;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            if (point == Point::BeforeAct)
                gauge.enter();
            else if (point == Point::AfterAct)
                gauge.leave();
            return std::nullopt;
        } });
        Plan plan;
        for (int i = 0; i < 8; ++i)
            plan.steps += setStep(QString::number(i), a, QString::number(i));
        Place place;
        ModelWorld world;
        const auto result = execute(plan, kinds, world, place.options(), {});
        QVERIFY2(result.complete, qPrintable(texts(result)));
        QCOMPARE(gauge.most(), 1);
        QCOMPARE(world.store.values().value(a), QStringLiteral("7"));
    }

    void aFailureSkipsWhatDependsOnItAndNothingElse()
    {
        const auto kinds = modelKinds({ [&](Point point, const QString &step, const Scope &) -> std::optional<core::Error> {
            return point == Point::BeforeAct && step == a ? std::optional(errorOf(core::ErrorKind::Forbidden)) : std::nullopt;
        } });
        Place place;
        ModelWorld world;
        QMap<QString, QList<StepState>> seen;
        auto options = place.options();
        options.onProgress = [&](const StepProgress &progress) { seen[progress.stepId] += progress.state; };
        const auto result = execute(
            { { setStep(a, a, a), setStep(b, b, b, { a }), setStep(c, c, c, { b }), setStep(d, d, d) } }, kinds, world, options, {});
        QVERIFY(!result.complete);
        QVERIFY(!result.stopped);
        QVERIFY(result.error && result.error->kind == core::ErrorKind::Forbidden);
        QCOMPARE(result.doneSteps(), QStringList { d });
        QVERIFY(outcomeOf(result, a).state == StepState::Failed);
        QCOMPARE(outcomeOf(result, a).requestId, QStringLiteral("request-of-error"));
        for (const QString &skipped : { b, c }) {
            QVERIFY(outcomeOf(result, skipped).state == StepState::Skipped);
            QVERIFY2(outcomeOf(result, skipped).note.contains(QStringLiteral("Set a to “a”")), qPrintable(outcomeOf(result, skipped).note));
            QCOMPARE(place.eventsOf(result.execution, skipped), QStringLiteral("skipped"));
        }
        QCOMPARE(place.eventsOf(result.execution, a), QStringLiteral("intent failed"));
        QCOMPARE(seen.value(a), QList<StepState>({ StepState::Waiting, StepState::Running, StepState::Failed }));
        QCOMPARE(seen.value(b), QList<StepState>({ StepState::Waiting, StepState::Skipped }));
        QCOMPARE(stateOf(place, result.execution), QStringLiteral("failed"));
        QCOMPARE(world.store.values(), (QMap<QString, QString> { { d, d } }));
    }

    void everyDeedIsWrittenDownWithItsRequestAndItsProof()
    {
        Place place;
        ModelWorld world;
        world.store.set(b, b);
        const auto result = execute({ { setStep(a, a, a), setStep(b, b, b) } }, modelKinds(), world, place.options(), {});
        QVERIFY(result.complete);
        const auto execution = place.journal().execution(result.execution);
        QCOMPARE(execution->title(), QStringLiteral("apply model"));
        QCOMPARE(execution->environment, QStringLiteral("model"));
        QCOMPARE(execution->uid, result.uid);
        QVERIFY(execution->state == ExecutionState::Done);
        QVERIFY(execution->ended.isValid());
        QCOMPARE(place.eventsOf(result.execution, a), QStringLiteral("intent sent done"));
        QCOMPARE(place.eventsOf(result.execution, b), QStringLiteral("done"));
        QCOMPARE(outcomeOf(result, b).note, QStringLiteral("was in place"));
        const auto record = recordsOf(*place.journal().events(result.execution)).value(a);
        QCOMPARE(record.requestId, QStringLiteral("request-a"));
        QCOMPARE(record.before->value[u"value"].toString(), QString());
        QCOMPARE(record.left->value[u"value"].toString(), a);
        const auto events = place.journal().events(result.execution);
        QCOMPARE(events->last().evidence.text.isEmpty() && events->at(events->size() - 2).evidence.text.isEmpty(), false);
        QCOMPARE(outcomeOf(result, a).requestId, QStringLiteral("request-a"));
        // The place of changes reads the same rows.
        const auto database = store::Database::open(place.database());
        const auto activities = (*database)->activities(10);
        QCOMPARE(activities->size(), 2);
        const auto first = std::find_if(activities->begin(), activities->end(), [](const store::Activity &one) { return one.step == a; });
        QCOMPARE(first->what, QStringLiteral("Set a to “a”"));
        QCOMPARE(first->operation, QStringLiteral("apply model"));
        QCOMPARE(first->state, QStringLiteral("done"));
        QCOMPARE(first->requestId, QStringLiteral("request-a"));
        QCOMPARE(first->call, QStringLiteral("PUT a"));
    }

    void aStopLetsNothingBeginAndSettlesWhatWasSent_data()
    {
        QTest::addColumn<int>("answer");
        QTest::addColumn<bool>("done");
        QTest::addColumn<QString>("events");
        QTest::newRow("the call is answered") << 0 << true << QStringLiteral("intent sent done");
        QTest::newRow("the call is cut off after it was heard") << 1 << true << QStringLiteral("intent unknown done");
        QTest::newRow("the call is cut off before it was heard") << 2 << false << QStringLiteral("intent unknown failed skipped");
    }
    void aStopLetsNothingBeginAndSettlesWhatWasSent()
    {
        QFETCH(int, answer);
        QFETCH(bool, done);
        std::stop_source stop;
        bool once = true;
        const Hook hook = [&](Point point, const QString &step, const Scope &scope) -> std::optional<core::Error> {
            const bool here = point == (answer == 1 ? Point::AfterAct : Point::BeforeAct) && step == a && once;
            if (here) {
                once = false;
                stop.request_stop();
                return answer == 0 ? std::nullopt : std::optional(errorOf(core::ErrorKind::Cancelled));
            }
            // As a real client does: what is told to stop answers nothing more.
            return scope.stop.stop_requested() && point != Point::AfterAct ? std::optional(errorOf(core::ErrorKind::Cancelled))
                                                                           : std::nullopt;
        };
        Place place;
        ModelWorld world;
        const Plan plan { { setStep(a, a, a), setStep(b, b, b, { a }) } };
        const auto result = execute(plan, modelKinds({ hook }), world, place.options(), stop.get_token());
        QVERIFY(result.stopped);
        QVERIFY(!result.complete);
        QVERIFY2((outcomeOf(result, a).state == StepState::Done) == done, qPrintable(texts(result)));
        QVERIFY(outcomeOf(result, b).state == StepState::Skipped);
        QTEST(place.eventsOf(result.execution, a), "events");
        QCOMPARE(world.store.values().contains(a), done);
        QVERIFY(!world.store.values().contains(b));
        QCOMPARE(stateOf(place, result.execution), QStringLiteral("stopped"));

        const auto resumed = resume(result.execution, modelKinds(), world, place.options(), {});
        QVERIFY2(resumed.complete, qPrintable(texts(resumed)));
        QCOMPARE(world.store.acts(a), 1);
        QCOMPARE(world.store.values(), (QMap<QString, QString> { { a, a }, { b, b } }));
        QCOMPARE(stateOf(place, result.execution), QStringLiteral("done"));
    }

    void whilePausedNothingBegins()
    {
        Place place, elsewhere;
        ModelWorld world, other;
        auto options = place.options();
        options.control = std::make_shared<Control>();
        options.control->pause();
        Meeting waiting(2);
        std::atomic<bool> resumed = false, tooEarly = false;
        options.onProgress = [&](const StepProgress &progress) {
            if (progress.stepId == b && progress.state == StepState::Waiting)
                waiting.arrive();
            else if (progress.state == StepState::Running && !resumed)
                tooEarly = true;
        };
        std::jthread watcher([&] {
            waiting.arrive();
            // Time enough for whoever does not wait.
            for (int i = 0; i < 3; ++i)
                (void)execute({ { setStep(a, a, QString::number(i)) } }, modelKinds(), other, elsewhere.options(), {});
            resumed = true;
            options.control->resume();
        });
        const auto result = execute({ { setStep(a, a, a), setStep(b, b, b) } }, modelKinds(), world, options, {});
        QVERIFY(result.complete);
        QVERIFY(!tooEarly);
    }

    void aPausedExecutionCanBeStopped()
    {
        Place place;
        ModelWorld world;
        auto options = place.options();
        options.control = std::make_shared<Control>();
        options.control->pause();
        std::stop_source stop;
        options.onProgress = [&](const StepProgress &) { stop.request_stop(); };
        const auto result = execute({ { setStep(a, a, a) } }, modelKinds(), world, options, stop.get_token());
        QVERIFY(result.stopped);
        QVERIFY(world.store.values().isEmpty());
    }

    void progressTellsTheNewestLineOnce()
    {
        const auto kinds = modelKinds({ [](Point point, const QString &, const Scope &scope) -> std::optional<core::Error> {
            if (point == Point::Prove)
                for (const char *line : { "1 of 2", "1 of 2", "2 of 2" })
                    scope.note(QLatin1String(line));
            return std::nullopt;
        } });
        Place place;
        ModelWorld world;
        QStringList notes;
        auto options = place.options();
        options.onProgress = [&](const StepProgress &progress) {
            if (progress.state == StepState::Running)
                notes += progress.note;
        };
        QVERIFY(execute({ { setStep(a, a, a) } }, kinds, world, options, {}).complete);
        QCOMPARE(notes, QStringList({ QString(), QStringLiteral("1 of 2"), QStringLiteral("2 of 2") }));
    }

    void whatIsNotProvenFailsAndIsProvenByTheNextRun()
    {
        bool broken = true;
        const auto kinds = modelKinds({ [&](Point point, const QString &step, const Scope &) -> std::optional<core::Error> {
            return point == Point::Prove && step == a && broken ? std::optional(errorOf(core::ErrorKind::Timeout)) : std::nullopt;
        } });
        Place place;
        ModelWorld world;
        const auto result = execute({ { setStep(a, a, a), setStep(b, b, b, { a }) } }, kinds, world, place.options(), {});
        QVERIFY(outcomeOf(result, a).state == StepState::Failed);
        QCOMPARE(place.eventsOf(result.execution, a), QStringLiteral("intent sent failed"));
        broken = false;
        const auto resumed = resume(result.execution, kinds, world, place.options(), {});
        QVERIFY2(resumed.complete, qPrintable(texts(resumed)));
        QCOMPARE(world.store.acts(a), 1);
        QCOMPARE(place.eventsOf(result.execution, a), QStringLiteral("intent sent failed done"));
        // And what it was before the first run is what an undo goes back to.
        QVERIFY(undo(result.execution, kinds, world, place.options(), {}).complete);
        QVERIFY(world.store.values().isEmpty());
    }

    void whatIsOverIsNotResumed()
    {
        Place place;
        ModelWorld world;
        const auto result = execute({ { setStep(a, a, a) } }, modelKinds(), world, place.options(), {});
        const auto again = resume(result.execution, modelKinds(), world, place.options(), {});
        QVERIFY(again.error && again.error->kind == core::ErrorKind::Precondition);
        const auto nowhere = resume(result.execution + 1, modelKinds(), world, place.options(), {});
        QVERIFY(nowhere.error && nowhere.error->kind == core::ErrorKind::NotFound);
        ModelWorld other({}, QStringLiteral("other"));
        const auto elsewhere = resume(result.execution, modelKinds(), other, place.options(), {});
        QVERIFY(elsewhere.error && elsewhere.error->kind == core::ErrorKind::InvalidInput);
    }
};

int catamaran::tests::runExecutorTest(const QStringList &arguments)
{
    return run<ExecutorTest>(arguments);
}

#include "executortest.moc"
