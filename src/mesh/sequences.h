// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>

namespace catamaran::mesh {

/// The sequences (worker threads) that use an object, so that it can end them before it goes. The destructor stops all of
/// them and waits; they end soon, because await() and sleepFor() return at once after a stop.
class Sequences {
public:
    Sequences() = default;
    ~Sequences() { stopAndWait(); }
    Sequences(const Sequences &) = delete;
    Sequences &operator=(const Sequences &) = delete;

    /// Runs @p function(std::stop_token) as core::runSequence() does; the token answers to @p outer and to stopAndWait().
    template <typename Function> [[nodiscard]] auto run(std::stop_token outer, Function function)
    {
        auto source = std::make_shared<std::stop_source>();
        auto shared = m_shared;
        {
            const std::lock_guard lock(shared->mutex);
            shared->running.insert(source);
            if (shared->ending)
                source->request_stop();
        }
        return core::runSequence([shared, source, outer, function = std::move(function)]() mutable {
            const std::stop_callback link(outer, [source] { source->request_stop(); });
            // Leaves only after the result was made: what the function used is free to go then.
            struct Leave {
                std::shared_ptr<Shared> all;
                std::shared_ptr<std::stop_source> own;
                ~Leave()
                {
                    const std::lock_guard lock(all->mutex);
                    all->running.erase(own);
                    all->changed.notify_all();
                }
            } leave { shared, source };
            return function(source->get_token());
        });
    }

    void stopAndWait()
    {
        std::set<std::shared_ptr<std::stop_source>> running;
        {
            const std::lock_guard lock(m_shared->mutex);
            m_shared->ending = true;
            running = m_shared->running;
        }
        for (const auto &source : running)
            source->request_stop();
        std::unique_lock lock(m_shared->mutex);
        m_shared->changed.wait(lock, [this] { return m_shared->running.empty(); });
    }

private:
    struct Shared {
        std::mutex mutex;
        std::condition_variable changed;
        std::set<std::shared_ptr<std::stop_source>> running;
        bool ending = false;
    };
    std::shared_ptr<Shared> m_shared = std::make_shared<Shared>();
};

} // namespace catamaran::mesh
