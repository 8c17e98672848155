// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace catamaran::ui {

/// How well @p pattern, letters in order but not together, fits @p text; -1: not at all. Whole words, their beginnings
/// and runs of letters score high; case does not count. The empty pattern fits everything with 0.
[[nodiscard]] int fuzzyScore(const QString &pattern, const QString &text);

} // namespace catamaran::ui
