// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh {

/// asm.deleteMesh {mesh, foreign}: deletes the mesh with the id that was seen, and waits until it is gone. A mesh that has clusters is
/// refused by the provider. Cannot be taken back.
///
/// Ownership: a mesh without the tag catamaran.io/execution is refused (Precondition with code "Foreign") unless foreign is "take"; with
/// "leave" it stays and counts as done, and the note says why.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeAsmDeleteMesh();

} // namespace catamaran::mesh
