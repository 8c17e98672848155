// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

namespace catamaran::tests {

/// A sidecar gives each request to one of two equal hosts by chance: the fewest that one of them gets of @p requests. That one
/// of them gets less has a chance of at most 1e-9.
inline int fewestOfHalf(int requests)
{
    double chance = std::ldexp(1.0, 1 - requests); // of none, or all
    double below = 0;
    int fewest = 0;
    for (; below + chance <= 1e-9; ++fewest) {
        below += chance;
        chance *= double(requests - fewest) / (fewest + 1);
    }
    return fewest;
}

} // namespace catamaran::tests
