// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh::istio {

/// istio.leaveMesh {mesh}: says that a control plane stays, for others installed it. Changes nothing.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeLeaveMesh();

} // namespace catamaran::mesh::istio
