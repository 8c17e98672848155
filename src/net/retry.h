// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"

#include <chrono>
#include <functional>

namespace catamaran::net {

/// When to try again, decided by pure functions.
struct RetryPolicy {
    int attempts = 4; ///< the first one included
    std::chrono::milliseconds first { 300 }; ///< wait before the second attempt
    std::chrono::milliseconds longest { 10000 };
};

/// How long to wait before attempt @p next (2 is the first repeat): doubling, with @p jitter in [0,1) adding up to as
/// much again, never beyond policy.longest; a server's own retry time wins over it.
[[nodiscard]] std::chrono::milliseconds retryDelay(const RetryPolicy &policy, int next, const core::Error &error, double jitter);

/// Whether a repeat may help: throttling, server errors that ask for it, and (for calls that can be repeated without
/// harm) lost connections.
[[nodiscard]] bool isRetryable(const core::Error &error, bool idempotent);

} // namespace catamaran::net
