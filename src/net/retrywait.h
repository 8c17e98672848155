// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace catamaran::net {

/// The pause before a call is made again; a stop ends it early. One thread, except for the stop itself.
class RetryWait {
public:
    /// Runs @p then once, from the event loop, after @p delay or as soon as @p stop is requested; not when the wait is
    /// destroyed before. @p then may destroy or start the wait again.
    void start(std::chrono::milliseconds delay, std::stop_token stop, std::function<void()> then);
    void cancel();

private:
    std::unique_ptr<QTimer> m_timer;
    // After the timer, so that it goes first: its destructor waits for a callback that is touching the timer.
    std::optional<std::stop_callback<std::function<void()>>> m_onStop;
};

} // namespace catamaran::net
