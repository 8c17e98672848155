// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "store/database.h"

#include <QThread>

#include <chrono>

namespace catamaran::store {

/// The history with a thread of its own, for a window: nobody who asks waits for the disk or for somebody else's lock. What is
/// asked is done in its order. The first question opens the file; when that fails, the question has the error for its answer
/// and the next one tries again.
class History {
public:
    explicit History(const QString &file);
    /// Whatever was asked is done first: what was to be written is on the disk.
    ~History();
    Q_DISABLE_COPY_MOVE(History)

    [[nodiscard]] const QString &file() const { return m_file; }

    /// Calls @p question, a function of a Database & that returns a Result, on the history's thread. Main thread.
    template <typename Question> [[nodiscard]] auto ask(Question question) -> QFuture<std::invoke_result_t<Question, Database &>>
    {
        using Answer = std::invoke_result_t<Question, Database &>;
        auto promise = std::make_shared<QPromise<Answer>>();
        promise->start();
        auto future = promise->future();
        if (!m_thread.isRunning()) // the window starts without it
            m_thread.start();
        core::postTo(m_place.get(), [this, promise, asked = std::chrono::steady_clock::now(), question = std::move(question)]() mutable {
            const auto database = open(asked);
            promise->addResult(database ? question(**database) : Answer(core::fail(database.error())));
            promise->finish();
        });
        return future;
    }

private:
    /// For a question that was asked at @p asked: those that were asked while an opening failed have its error too.
    [[nodiscard]] core::Result<std::shared_ptr<Database>> open(std::chrono::steady_clock::time_point asked);

    const QString m_file;
    QThread m_thread;
    std::unique_ptr<QObject> m_place; ///< lives on the thread
    std::shared_ptr<Database> m_database;
    std::optional<core::Error> m_failure; ///< of the newest opening
    std::chrono::steady_clock::time_point m_failedAt;
};

} // namespace catamaran::store
