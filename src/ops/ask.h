// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "ops/say.h"
#include "ops/world.h"

namespace catamaran::ops {

/// Waits for one call of an operation: @p start, a function of a stop token that gives a future. What is not answered at the
/// deadline is not waited for any longer, nor sent again. A change is called without @p stop: a stop is heeded before it is sent,
/// then it is answered, or known to be open. For a worker thread.
template <typename Start>
[[nodiscard]] auto ask(const Scope &scope, const std::stop_token &stop, const QString &tried, const QString &target, Start start)
    -> std::decay_t<decltype(start(std::stop_token()).result())>
{
    using core::ErrorKind;
    if (scope.stop.stop_requested())
        return core::fail(ErrorKind::Cancelled, tried, target, Say::tr("stopped before it was sent"));
    if (std::chrono::steady_clock::now() >= scope.deadline)
        return core::fail(ErrorKind::Timeout, tried, target, Say::tr("the time was over before it was sent"));
    std::stop_source ended;
    const std::stop_callback forward(stop, [ended]() mutable { ended.request_stop(); });
    auto answer = core::await(start(ended.get_token()), stop, scope.deadline);
    ended.request_stop();
    if (!answer && answer.error().target.isEmpty()) {
        core::Error error = answer.error();
        error.target = target;
        return core::fail(error);
    }
    return answer;
}

} // namespace catamaran::ops
