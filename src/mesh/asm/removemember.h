// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh {

/// asm.removeMember {mesh, cluster, mode}: in place when it is no member, or there is no such mesh. mode is the one
/// that it is in, for the words of the undo by hand only.
///
/// State {id, member, mode}, with the mesh's id. Taking back adds the cluster in the mode that it had; refused where the
/// provider did not tell the mode.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeAsmRemoveMember();

} // namespace catamaran::mesh
