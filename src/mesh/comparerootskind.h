// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh {

/// trust.compareRoots {meshes}: fetches the roots of the meshes and proves that every two share one. Changes nothing, and
/// there is nothing to take back.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeTrustCompareRoots();

} // namespace catamaran::mesh
