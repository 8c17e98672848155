// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>
#include <vector>

namespace catamaran::mesh {

/// asm.* and trust.*: everything this program changes at meshes and at the root that they share. What each takes and promises
/// stands in its own header.
[[nodiscard]] std::vector<std::unique_ptr<const ops::Kind>> meshKinds();

} // namespace catamaran::mesh
