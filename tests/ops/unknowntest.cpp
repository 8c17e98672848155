// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "tst_ops.h"

using namespace catamaran;
using namespace catamaran::ops;
using namespace catamaran::tests;
using core::ErrorKind;

namespace {
const QString a = QStringLiteral("a"), b = QStringLiteral("b"), createA = QStringLiteral("create-a");
}

/// Answers that never came.
class UnknownTest : public QObject {
    Q_OBJECT

private slots:
    void anAnswerThatNeverCameIsSettledByLooking_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("heard");
        QTest::addColumn<QString>("events");
        for (const ErrorKind kind : { ErrorKind::Network, ErrorKind::Timeout, ErrorKind::Server, ErrorKind::Protocol }) {
            const QByteArray name = core::kindName(kind).toUtf8();
            QTest::newRow((name + ", it was heard").constData()) << int(kind) << true << QStringLiteral("intent unknown done");
            QTest::newRow((name + ", it was not heard").constData())
                << int(kind) << false << QStringLiteral("intent unknown failed intent sent done");
        }
    }
    void anAnswerThatNeverCameIsSettledByLooking()
    {
        QFETCH(int, kind);
        QFETCH(bool, heard);
        bool once = true;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            if (point != (heard ? Point::AfterAct : Point::BeforeAct) || !std::exchange(once, false))
                return std::nullopt;
            return errorOf(ErrorKind(kind));
        } });
        Place place;
        ModelWorld world;
        const auto result = execute({ { createStep(a) } }, kinds, world, place.options(), {});
        QVERIFY2(result.complete, qPrintable(texts(result)));
        QCOMPARE(world.store.items(a), 1); // a creation without a token: never two
        QTEST(place.eventsOf(result.execution, createA), "events");
    }

    void whoIsTooBusyIsAskedAgain_data()
    {
        QTest::addColumn<int>("times");
        QTest::addColumn<bool>("complete");
        QTest::addColumn<QString>("events");
        QTest::newRow("twice") << 2 << true << QStringLiteral("intent failed intent failed intent sent done");
        QTest::newRow("each time") << 99 << false << QStringLiteral("intent failed intent failed intent failed");
    }
    void whoIsTooBusyIsAskedAgain()
    {
        QFETCH(int, times);
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            return point == Point::BeforeAct && times-- > 0 ? std::optional(errorOf(ErrorKind::Throttled)) : std::nullopt;
        } });
        Place place;
        ModelWorld world;
        const auto result = execute({ { createStep(a) } }, kinds, world, place.options(), {});
        QTEST(result.complete, "complete");
        QCOMPARE(world.store.items(a), result.complete ? 1 : 0);
        QTEST(place.eventsOf(result.execution, createA), "events");
    }

    void aRefusalAfterAnUnansweredAttemptIsLookedInto()
    {
        // The first attempt comes late: nothing of it is seen, and when the second is sent it is there and refuses that one.
        int attempt = 0;
        ModelWorld world;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            if (point != Point::BeforeAct)
                return std::nullopt;
            if (++attempt == 1)
                return errorOf(ErrorKind::Network);
            world.store.set(a, a);
            return errorOf(ErrorKind::Conflict);
        } });
        Place place;
        const auto result = execute({ { setStep(a, a, a) } }, kinds, world, place.options(), {});
        QVERIFY2(result.complete, qPrintable(texts(result)));
        QCOMPARE(place.eventsOf(result.execution, a), QStringLiteral("intent unknown failed intent unknown done"));
        // It is ours, so it goes back.
        QVERIFY(undo(result.execution, modelKinds(), world, place.options(), {}).complete);
        QVERIFY(!world.store.values().contains(a));
    }

    void whatShowsAfterItWasLookedForIsOurs_data()
    {
        QTest::addColumn<bool>("resumed");
        QTest::newRow("in the same run") << false;
        QTest::newRow("in the next one") << true;
    }
    void whatShowsAfterItWasLookedForIsOurs()
    {
        // The attempt is heard and not answered; what it does shows when one has looked and was about to try again.
        QFETCH(bool, resumed);
        int looks = 0, acts = 0;
        bool isBlind = resumed; // the first run cannot look
        ModelWorld world;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            if (point == Point::BeforeAct && ++acts == 1)
                return errorOf(ErrorKind::Network);
            if (point == Point::Look && acts == 1 && isBlind)
                return errorOf(ErrorKind::Network);
            if (point == Point::Look && acts == 1 && ++looks == 2)
                world.store.set(a, a);
            return std::nullopt;
        } });
        Place place;
        auto result = execute({ { setStep(a, a, a) } }, kinds, world, place.options(), {});
        if (resumed) {
            QVERIFY(!result.complete);
            isBlind = false;
            result = resume(result.execution, kinds, world, place.options(), {});
        }
        QVERIFY2(result.complete, qPrintable(texts(result)));
        QCOMPARE(acts, 1); // nothing was sent twice
        QVERIFY(undo(result.execution, modelKinds(), world, place.options(), {}).complete);
        QVERIFY(!world.store.values().contains(a));
    }

    void whatAnAttemptLeftOutlivesTheNextOne_data()
    {
        QTest::addColumn<QList<Event>>("events");
        QTest::addColumn<bool>("acted");
        QTest::addColumn<QString>("left");
        const auto at = [](EventState state, const QString &seen = {}) {
            Event event;
            event.step = a;
            event.state = state;
            if (!seen.isEmpty())
                event.seen = State { { { QStringLiteral("is"), seen } }, {} };
            return event;
        };
        const Event intent = at(EventState::Intent, QStringLiteral("before")), sent = at(EventState::Sent), failed = at(EventState::Failed),
                    unknown = at(EventState::Unknown);
        const Event failedSeen = at(EventState::Failed, QStringLiteral("left"));
        QTest::newRow("refused") << QList<Event> { intent, failed } << false << QString();
        QTest::newRow("unanswered, looked at, nothing was done") << QList<Event> { intent, unknown, failed } << false << QString();
        QTest::newRow("sent, and not proven") << QList<Event> { intent, sent, failedSeen } << true << QStringLiteral("left");
        QTest::newRow("sent, not proven; the next run could not look")
            << QList<Event> { intent, sent, failedSeen, failed } << true << QStringLiteral("left");
        QTest::newRow("sent, not proven; the next attempt was refused")
            << QList<Event> { intent, sent, failedSeen, at(EventState::Intent, QStringLiteral("left")), failed } << true
            << QStringLiteral("left");
        QTest::newRow("refused after one that is unknown") << QList<Event> { intent, unknown, intent, failed } << true << QString();
        QTest::newRow("done, then taken back") << QList<Event> { intent, sent, at(EventState::Done, QStringLiteral("left")),
            at(EventState::Undone) } << false << QStringLiteral("left");
    }
    void whatAnAttemptLeftOutlivesTheNextOne()
    {
        QFETCH(QList<Event>, events);
        const StepRecord record = recordsOf(events).value(a);
        QTEST(record.acted, "acted");
        QTEST(record.left ? record.left->value[u"is"].toString() : QString(), "left");
        if (record.acted)
            QCOMPARE(record.before->value[u"is"].toString(), QStringLiteral("before"));
    }

    void aRefusalIsARefusal_data()
    {
        QTest::addColumn<int>("kind");
        for (const ErrorKind kind :
            { ErrorKind::Forbidden, ErrorKind::Unauthorized, ErrorKind::Conflict, ErrorKind::InvalidInput, ErrorKind::NotFound })
            QTest::newRow(qPrintable(core::kindName(kind))) << int(kind);
    }
    void aRefusalIsARefusal()
    {
        QFETCH(int, kind);
        int calls = 0;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            return point == Point::BeforeAct ? (++calls, std::optional(errorOf(ErrorKind(kind)))) : std::nullopt;
        } });
        Place place;
        ModelWorld world;
        const auto result = execute({ { createStep(a) } }, kinds, world, place.options(), {});
        QVERIFY(outcomeOf(result, createA).state == StepState::Failed);
        QCOMPARE(calls, 1);
        QCOMPARE(place.eventsOf(result.execution, createA), QStringLiteral("intent failed"));
    }

    void afterSoManyUnheardAttemptsItHasFailed()
    {
        int calls = 0;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            return point == Point::BeforeAct ? (++calls, std::optional(errorOf(ErrorKind::Server))) : std::nullopt;
        } });
        Place place;
        ModelWorld world;
        const auto result = execute({ { createStep(a) } }, kinds, world, place.options(), {});
        QVERIFY(outcomeOf(result, createA).state == StepState::Failed);
        QCOMPARE(calls, 3);
    }

    void aCreationThatShowsLateIsNotMadeTwice()
    {
        // The call was heard, the connection lost, and the first looks do not show what is being made.
        ModelWorld world;
        int looks = 0, calls = 0;
        const auto kinds
            = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
                              if (point == Point::BeforeAct)
                                  return ++calls, errorOf(ErrorKind::Network);
                              if (point == Point::Look && calls > 0 && ++looks == 4)
                                  world.store.change([](QJsonObject &content) { content[u"items"] = QJsonObject { { a, 1 } }; });
                              return std::nullopt;
                          },
                std::chrono::hours(1) });
        Place place;
        const auto result = execute({ { createStep(a) } }, kinds, world, place.options(), {});
        QVERIFY2(result.complete, qPrintable(texts(result)));
        QCOMPARE(calls, 1);
        QVERIFY(looks >= 4);
        QCOMPARE(world.store.items(a), 1);
    }

    void whatIsNeitherIsSaidAndNotTouchedAgain()
    {
        ModelWorld world;
        world.store.set(a, QStringLiteral("before"));
        int calls = 0;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            if (point != Point::BeforeAct)
                return std::nullopt;
            ++calls;
            world.store.set(a, QStringLiteral("foreign"));
            return errorOf(ErrorKind::Timeout);
        } });
        Place place;
        const auto result
            = execute({ { setStep(a, a, QStringLiteral("wish")), setStep(b, b, b, { a }) } }, kinds, world, place.options(), {});
        const StepOutcome outcome = outcomeOf(result, a);
        QVERIFY(outcome.state == StepState::Unknown);
        for (const char *state : { "before", "foreign" })
            QVERIFY2(outcome.error->text().contains(QLatin1String(state)), qPrintable(outcome.error->text()));
        QVERIFY(outcomeOf(result, b).state == StepState::Skipped);
        const auto resumed = resume(result.execution, kinds, world, place.options(), {});
        QVERIFY(outcomeOf(resumed, a).state == StepState::Unknown);
        QCOMPARE(calls, 1);
        QCOMPARE(world.store.values().value(a), QStringLiteral("foreign"));
        // Once it can be told, it is.
        world.store.set(a, QStringLiteral("wish"));
        QVERIFY(resume(result.execution, kinds, world, place.options(), {}).complete == false); // b's call is unheard here
        QCOMPARE(place.eventsOf(result.execution, a).section(u' ', -1), QStringLiteral("done"));
    }

    void whatCannotBeSeenStaysUnknownAndIsLookedAtByTheNextRun()
    {
        bool dark = false;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            if (point == Point::AfterAct)
                return dark = true, errorOf(ErrorKind::Network);
            return point == Point::Look && dark ? std::optional(errorOf(ErrorKind::Network)) : std::nullopt;
        } });
        Place place;
        ModelWorld world;
        const auto result = execute({ { createStep(a) } }, kinds, world, place.options(), {});
        QVERIFY(outcomeOf(result, createA).state == StepState::Unknown);
        dark = false;
        const auto resumed = resume(result.execution, modelKinds(), world, place.options(), {});
        QVERIFY2(resumed.complete, qPrintable(texts(resumed)));
        QCOMPARE(world.store.items(a), 1);
        QCOMPARE(world.store.acts(createA), 1);
    }

    void whatCannotBeLookedAtIsNotTouched()
    {
        const auto kinds = modelKinds({ [](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            return point == Point::Look ? std::optional(errorOf(ErrorKind::Throttled)) : std::nullopt;
        } });
        Place place;
        ModelWorld world;
        const auto result = execute({ { createStep(a) } }, kinds, world, place.options(), {});
        QVERIFY(outcomeOf(result, createA).state == StepState::Failed);
        QCOMPARE(world.store.items(a), 0);
        QCOMPARE(place.eventsOf(result.execution, createA), QStringLiteral("failed"));
    }

    void aChangedVersionIsAConflictAndIsNotForced()
    {
        ModelWorld world;
        const auto kinds = modelKinds({ [&](Point point, const QString &, const Scope &) -> std::optional<core::Error> {
            if (point == Point::BeforeAct)
                world.store.set(a, QStringLiteral("foreign"));
            return std::nullopt;
        } });
        Place place;
        const auto result = execute({ { setStep(a, a, a) } }, kinds, world, place.options(), {});
        QVERIFY(outcomeOf(result, a).error->kind == ErrorKind::Conflict);
        QCOMPARE(world.store.values().value(a), QStringLiteral("foreign"));
    }
};

int catamaran::tests::runUnknownTest(const QStringList &arguments)
{
    return run<UnknownTest>(arguments);
}

#include "unknowntest.moc"
