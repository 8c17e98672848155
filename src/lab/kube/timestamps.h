// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace catamaran::lab {

/// The present second as Kubernetes writes it: 2026-07-01T12:00:00Z.
[[nodiscard]] std::string timestampNow();
[[nodiscard]] std::string timestampAt(std::int64_t unixSeconds);
/// Unix seconds of such a text, or -1.
[[nodiscard]] std::int64_t timestampSeconds(const std::string &text);
/// How kubectl shows ages: 5s, 3m10s, 7m, 3h20m, 2d4h, 40d, 2y3d.
[[nodiscard]] std::string humanAge(std::int64_t seconds);
/// humanAge since @p timestamp, "<unknown>" when it is none.
[[nodiscard]] std::string ageOf(const std::string &timestamp);

} // namespace catamaran::lab
