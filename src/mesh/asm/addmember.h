// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh {

/// asm.addMember {mesh, cluster, mode}: mode "managed" or "discovery-only". In place when the cluster is a member in that
/// mode, or in one that the provider does not tell; in the other one: Conflict, for the provider changes no mode in place.
///
/// State {id, member, mode}, with the mesh's id. Taking back removes the cluster from the mesh of that id.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeAsmAddMember();

} // namespace catamaran::mesh
