// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QFuture>
#include <QFutureWatcher>
#include <QPromise>
#include <QThread>
#include <QTimer>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <type_traits>

/// The project's one model of concurrency: I/O returns QFuture<Result<T>> with a std::stop_token going down; sockets
/// live on the main thread; widgets attach with whenReady(); long sequences are straight-line functions started with
/// runSequence() that wait with await().
namespace catamaran::core {

/// A future that already holds @p value.
template <typename T> [[nodiscard]] QFuture<T> readyFuture(T value)
{
    QPromise<T> promise;
    promise.start();
    promise.addResult(std::move(value));
    promise.finish();
    return promise.future();
}

/// Hands the value of @p future to @p handler on the caller's thread, always from the event loop and never
/// after @p context is gone. A future that ends without a value (its producer was destroyed) calls nothing.
template <typename T, typename Handler> void whenReady(const QFuture<T> &future, QObject *context, Handler handler)
{
    auto *watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, handler = std::move(handler)]() mutable {
        watcher->setParent(nullptr); // @p handler may hold the context's last owner: it would delete the watcher that is deleting it
        watcher->deleteLater();
        if (watcher->future().resultCount() > 0)
            handler(watcher->result());
    });
    watcher->setFuture(future);
}

/// What @p function makes of the value of @p future; without a value (its producer was destroyed) none either. @p function is called on the
/// main thread, from its event loop. Any thread.
///
/// Not QFuture::then(): in Qt 6.4 a continuation that is added by one thread while another finishes the future may be run twice, and the
/// second time crashes (QFutureInterfaceBase::setContinuation() stores what it has just run).
template <typename T, typename Function>
[[nodiscard]] auto mapped(QFuture<T> future, Function function) -> QFuture<std::invoke_result_t<Function, T>>
{
    using Made = std::invoke_result_t<Function, T>;
    auto promise = std::make_shared<QPromise<Made>>();
    promise->start();
    auto made = promise->future();
    QObject *main = QCoreApplication::instance();
    QMetaObject::invokeMethod(main, [main, promise, future, function = std::move(function)]() mutable {
        whenReady(future, main, [promise, function = std::move(function)](const T &value) mutable {
            promise->addResult(function(value));
            promise->finish();
        });
    });
    return made;
}

/// Blocks a worker thread until @p future has its value or @p stop is requested; the latter gives Cancelled at once
/// (the caller passed the same token down, so the work ends too), or @p deadline comes (Timeout; the work goes on). Never
/// call it on the main thread: the sockets live there. Events of the worker thread's own objects are handled meanwhile.
template <typename T>
[[nodiscard]] Result<T> await(QFuture<Result<T>> future, std::stop_token stop,
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max())
{
    Q_ASSERT(!QCoreApplication::instance() || QThread::currentThread() != QCoreApplication::instance()->thread());
    bool isTooLate = false;
    if (!future.isFinished() && !stop.stop_requested()) {
        QEventLoop loop; // and no continuation: see mapped()
        QFutureWatcher<Result<T>> watcher;
        QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
        QTimer timer;
        if (deadline != std::chrono::steady_clock::time_point::max()) {
            timer.setSingleShot(true);
            timer.setTimerType(Qt::PreciseTimer);
            QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
                isTooLate = true;
                loop.quit();
            });
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
            timer.start(std::clamp(left, std::chrono::milliseconds(0), std::chrono::milliseconds(std::chrono::hours(24 * 20))));
        }
        const std::stop_callback onStop(stop, [&loop] { QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection); });
        watcher.setFuture(future);
        loop.exec();
    }
    if (future.isFinished() && future.resultCount() > 0)
        return future.result();
    if (isTooLate && !future.isFinished())
        return fail(ErrorKind::Timeout, QCoreApplication::translate("Async", "wait for an answer"), {},
            QCoreApplication::translate("Async", "no answer came in time"));
    return fail(ErrorKind::Cancelled, QCoreApplication::translate("Async", "wait for an answer"), {},
        QCoreApplication::translate("Async", "cancelled"));
}

/// Waits @p duration or until @p stop; true when the whole time passed. For worker threads.
inline bool sleepFor(std::chrono::milliseconds duration, std::stop_token stop)
{
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    changed.wait_for(lock, stop, duration, [] { return false; });
    return !stop.stop_requested();
}

/// Runs @p sequence, a plain straight-line function, on a thread of its own and yields what it returns.
/// The thread ends with the function; request a stop on the token that the function was given and it ends soon. What the
/// function holds is gone, on its thread, when the future is finished.
template <typename Function> [[nodiscard]] auto runSequence(Function sequence) -> QFuture<std::invoke_result_t<Function>>
{
    using T = std::invoke_result_t<Function>;
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    auto future = promise->future();
    // No QThread: it would wait to be deleted by the event loop of the thread that starts it, and a worker has none.
    std::thread([promise, sequence = std::make_unique<Function>(std::move(sequence))]() mutable {
        promise->addResult((*sequence)());
        sequence.reset();
        promise->finish();
    }).detach();
    return future;
}

/// Runs @p function on @p object's thread (at once when already there), without waiting for it.
template <typename Function> void postTo(QObject *object, Function function)
{
    QMetaObject::invokeMethod(object, std::move(function), Qt::AutoConnection);
}

/// Calls @p start, a function that returns QFuture<Result<T>>, on @p object's thread and yields its value. This is how
/// a worker thread uses a client whose sockets live on the main thread.
template <typename Function> [[nodiscard]] auto startOn(QObject *object, Function start) -> std::invoke_result_t<Function>
{
    using Future = std::invoke_result_t<Function>;
    if (QThread::currentThread() == object->thread())
        return start();
    using T = typename std::decay_t<decltype(std::declval<Future>().result())>;
    auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    auto future = promise->future();
    QMetaObject::invokeMethod(
        object,
        [object, promise, start = std::move(start)]() mutable {
            whenReady(start(), object, [promise](const T &value) {
                promise->addResult(value);
                promise->finish();
            });
        },
        Qt::QueuedConnection);
    return future;
}

} // namespace catamaran::core
