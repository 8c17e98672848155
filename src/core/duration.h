// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"

#include <chrono>

namespace catamaran::core {

/// No time that a person gives us is longer: not a drill's, not a run's, not a time limit.
constexpr std::chrono::hours longestDuration { 24 };

/// "500ms", "1.5s", "2m", "1h" or plain seconds: "30". InvalidInput, of which only answer and remedy are filled in, for
/// what is no time or longer than longestDuration. Pure.
[[nodiscard]] Result<std::chrono::milliseconds> parseDuration(const QString &text);

/// The same where a number must say its unit; "0" needs none.
[[nodiscard]] Result<std::chrono::milliseconds> parseDurationWithUnit(const QString &text);

} // namespace catamaran::core
