// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh {

/// asm.setInjection {mesh, namespace, enabled, clusters}: whether pods made in the namespace get a sidecar. clusters: those
/// that the mesh manages, in whose namespaces it can be seen; the mesh makes the namespace where there is none.
///
/// State {id, clusters: {CLUSTER: "enabled" | "disabled" | "unset" | "absent"}}: the label of the namespace. Taking back sets what was.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeAsmSetInjection();

} // namespace catamaran::mesh
