// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/facts.h"
#include "findings/finding.h"

#include <chrono>

namespace catamaran::findings {

/// A fact older than this is old.
inline constexpr std::chrono::seconds usuallyFresh { 120 };

/// Asks every rule. Where a rule could not be asked of a cluster, for a need was not read, there is one finding of state Unknown that names
/// what is missing; one that rests on old facts (an error beside the value, or older than @p fresh) is Stale. Worst first, then by
/// rule and place. Pure; 300 clusters and 20,000 services take less than a second.
[[nodiscard]] QList<Finding> judge(const FleetFacts &facts, std::chrono::milliseconds fresh = usuallyFresh);

} // namespace catamaran::findings
