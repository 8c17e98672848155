// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh {

/// asm.createMesh {mesh, version, cluster, region, vpc, vSwitches, root: {name, shared, step}}: a mesh where the cluster is
/// that it is made for. Without version the provider's newest; without root one that the provider makes. root.step is the
/// trust.takeRoot of the same plan: the issuing authority is made under the root that it left, whose key is read from the
/// secret store when it is needed. Accepted is done: asm.awaitMesh waits until it runs.
///
/// The mesh gets the tag catamaran.io/execution. State {exists, id, owner} by name, owner being that tag. There is no client token: an
/// unanswered creation is looked after for 30 s, and only a mesh with our tag settles it. Once it was begun, another mesh of the name is
/// Conflict; before, it is in place, whosever it is.
/// Taking back deletes the mesh with our tag and no other; refused, with their names, while it has clusters.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeAsmCreateMesh();

} // namespace catamaran::mesh
