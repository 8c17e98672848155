// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/proof.h"

namespace catamaran::truth {

size_t qHash(const Direction &direction, size_t seed)
{
    return qHashMulti(seed, direction.from, direction.to);
}

} // namespace catamaran::truth
