// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh {

/// asm.removeMember {mesh, cluster, mode}: in place when it is no member, or there is no such mesh. mode is the one
/// that the planner took it to be in.
///
/// State {id, member, mode}, with the mesh's id. Taking back adds the cluster in the mode that it had, where the provider did
/// not tell in the argument's; refused when neither is known.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeAsmRemoveMember();

} // namespace catamaran::mesh
