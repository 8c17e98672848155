// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDateTime>

#include <functional>

namespace catamaran::core {

/// The time of day, passed in so that tests decide what time it is. UTC.
using Clock = std::function<QDateTime()>;

/// The machine's clock.
[[nodiscard]] inline Clock systemClock()
{
    return [] { return QDateTime::currentDateTimeUtc(); };
}

} // namespace catamaran::core
