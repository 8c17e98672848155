// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh::istio {

/// istio.awaitMesh {mesh, cluster}: waits until the control plane in that cluster runs and has shown its root to the cluster; changes
/// nothing.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeAwaitPlane();

} // namespace catamaran::mesh::istio
