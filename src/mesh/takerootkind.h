// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh {

/// trust.takeRoot {name, shared, meshes}: the root that meshes, those of them that exist, have in common, from the secret
/// store; when none of them exists a new one, which is kept there. shared: by its name, with every fleet that names it.
///
/// State {fingerprint, entry}, empty while there is none; of one that was made it goes by what the act left (Receipt::made), and where that
/// is not known by what lies in rootEntryInMaking(). Proving ends the making: the root lies in its own entry, and only there.
/// Taking back removes the entry that was made, unless it is shared, was there before, or a mesh of the account shows that root.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeTrustTakeRoot();

} // namespace catamaran::mesh
