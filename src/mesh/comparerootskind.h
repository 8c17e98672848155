// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/provider.h"
#include "ops/kind.h"

#include <functional>
#include <memory>

namespace catamaran::mesh {

/// How roots are told, in the provider's words.
struct RootWords {
    std::function<ops::Call(const QString &id)> call; ///< that tells the root of a mesh, by its id
    std::function<QString(const MeshStatus &mesh)> source; ///< of what was told
};

/// trust.compareRoots {meshes}: fetches the roots of the meshes and proves that every two share one. Changes nothing, and
/// there is nothing to take back.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeTrustCompareRoots(RootWords words);

} // namespace catamaran::mesh
