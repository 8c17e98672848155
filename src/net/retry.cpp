// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "net/retry.h"

#include <algorithm>
#include <cmath>

namespace catamaran::net {

std::chrono::milliseconds retryDelay(const RetryPolicy &policy, int next, const core::Error &error, double jitter)
{
    if (error.retryAfterMs >= 0)
        return std::chrono::milliseconds(error.retryAfterMs);
    const double doublings = std::max(0, next - 2);
    const double base = static_cast<double>(policy.first.count()) * std::pow(2.0, std::min(doublings, 20.0));
    const double wait = std::min(base * (1.0 + jitter), static_cast<double>(policy.longest.count()));
    return std::chrono::milliseconds(static_cast<qint64>(wait));
}

bool isRetryable(const core::Error &error, bool idempotent)
{
    using core::ErrorKind;
    switch (error.kind) {
    case ErrorKind::Throttled: return true;
    case ErrorKind::Server: return idempotent || error.retryAfterMs >= 0;
    case ErrorKind::Network: return idempotent;
    default: return false; // a timeout has already taken as long as the caller allowed
    }
}

} // namespace catamaran::net
