// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/async.h"

#include <QPointer>
#include <QSignalSpy>
#include <QTest>

#include <barrier>
#include <vector>

using namespace catamaran::core;

class TestAsync : public QObject {
    Q_OBJECT
private slots:
    void whenReadyRunsFromTheEventLoop();
    void whenReadyCallsNothingAfterItsContextIsGone();
    void whenReadyCallsNothingWhenTheProducerDied();
    /// As a session that is being opened does while nobody waits for it any more.
    void theHandlerMayBeTheLastOwnerOfItsContext()
    {
        auto context = std::make_shared<QObject>();
        const QPointer<QObject> guard(context.get());
        int gone = 0, called = 0;
        QObject::connect(context.get(), &QObject::destroyed, qApp, [&] { ++gone; });
        QPromise<int> promise;
        promise.start();
        whenReady(promise.future(), context.get(), [held = context, &called](int) { ++called; });
        context.reset();
        promise.addResult(1);
        promise.finish();
        QTRY_VERIFY(guard.isNull());
        QCOMPARE(called, 1);
        QCOMPARE(gone, 1);
    }
    void awaitGivesTheValue();
    void whatASequenceHeldIsGoneWithIt();
    /// A continuation that is added just then is run twice by Qt 6.4, and crashes.
    void awaitMeetsTheFinishAtAnyMoment()
    {
        constexpr int rounds = 4000;
        const auto outcome = runSequence([] {
            std::barrier together(2);
            std::vector<QPromise<Result<int>>> promises(rounds);
            std::jthread producer([&] {
                for (int i = 0; i < rounds; ++i) {
                    together.arrive_and_wait();
                    promises[i].addResult(Result<int>(i));
                    promises[i].finish();
                }
            });
            int right = 0;
            for (int i = 0; i < rounds; ++i) {
                promises[i].start();
                const auto future = promises[i].future();
                together.arrive_and_wait();
                const auto value = await(future, {});
                right += value && *value == i;
            }
            return right;
        });
        QTRY_VERIFY(outcome.isFinished());
        QCOMPARE(outcome.result(), rounds);
    }

    void awaitGivesUpWhenStopped();
    void awaitSurvivesAProducerThatDied();
    void startOnRunsOnTheThreadOfTheObject();
    void sleepEndsAtOnceWhenStopped();
};

void TestAsync::whenReadyRunsFromTheEventLoop()
{
    QObject context;
    int seen = 0;
    whenReady(readyFuture(7), &context, [&](int value) { seen = value; });
    QCOMPARE(seen, 0); // never from within the call
    QTRY_COMPARE(seen, 7);
}

void TestAsync::whenReadyCallsNothingAfterItsContextIsGone()
{
    QPromise<int> promise;
    promise.start();
    bool called = false;
    {
        QObject context;
        whenReady(promise.future(), &context, [&](int) { called = true; });
    }
    promise.addResult(1);
    promise.finish();
    QObject other;
    bool otherCalled = false;
    whenReady(promise.future(), &other, [&](int) { otherCalled = true; });
    QTRY_VERIFY(otherCalled);
    QVERIFY(!called);
}

void TestAsync::whenReadyCallsNothingWhenTheProducerDied()
{
    QObject context;
    bool called = false;
    QFuture<int> orphan;
    {
        QPromise<int> promise;
        promise.start();
        orphan = promise.future();
        whenReady(orphan, &context, [&](int) { called = true; });
    }
    QTRY_VERIFY(orphan.isFinished());
    bool later = false;
    whenReady(readyFuture(1), &context, [&](int) { later = true; });
    QTRY_VERIFY(later);
    QVERIFY(!called);
}

void TestAsync::awaitGivesTheValue()
{
    const auto outcome = runSequence([] { return await(readyFuture(Result<int>(5)), {}); });
    QTRY_VERIFY(outcome.isFinished());
    QCOMPARE(outcome.result().value(), 5);
}

void TestAsync::whatASequenceHeldIsGoneWithIt()
{
    auto held = std::make_shared<int>(5);
    const std::weak_ptr<int> watched = held;
    // One that starts another, on a thread without an event loop.
    const auto outcome = runSequence([held = std::move(held)] { return await(runSequence([held] { return Result<int>(*held); }), {}); });
    QTRY_VERIFY(outcome.isFinished());
    QCOMPARE(outcome.result().value(), 5);
    QVERIFY(watched.expired());
}

void TestAsync::awaitGivesUpWhenStopped()
{
    QPromise<Result<int>> never;
    never.start();
    std::stop_source stop;
    const auto outcome = runSequence([future = never.future(), token = stop.get_token()] { return await(future, token); });
    stop.request_stop();
    QTRY_VERIFY(outcome.isFinished());
    QVERIFY(!outcome.result());
    QVERIFY(outcome.result().error().kind == ErrorKind::Cancelled);
    never.finish();
}

void TestAsync::awaitSurvivesAProducerThatDied()
{
    auto promise = std::make_unique<QPromise<Result<int>>>();
    promise->start();
    const auto outcome = runSequence([future = promise->future()] { return await(future, {}); });
    promise.reset();
    QTRY_VERIFY(outcome.isFinished());
    QVERIFY(outcome.result().error().kind == ErrorKind::Cancelled);
}

void TestAsync::startOnRunsOnTheThreadOfTheObject()
{
    QObject here;
    const auto outcome = runSequence([&here] {
        return await(
            startOn(&here, [] { return readyFuture(Result<bool>(QThread::currentThread() == QCoreApplication::instance()->thread())); }),
            {});
    });
    QTRY_VERIFY(outcome.isFinished());
    QVERIFY(outcome.result().value());
}

void TestAsync::sleepEndsAtOnceWhenStopped()
{
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(!sleepFor(std::chrono::hours(1), stop.get_token()));
    QVERIFY(sleepFor(std::chrono::milliseconds(1), {}));
}

QTEST_GUILESS_MAIN(TestAsync)
#include "tst_async.moc"
