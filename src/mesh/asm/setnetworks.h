// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh {

/// asm.setNetworks {mesh, networks: {CLUSTER: {network, gateway}}, previous}: of the clusters named. The provider takes the whole
/// map: the others keep what they have, and what was not read is never written over. previous has the form of networks and is for
/// the words only, also of the undo by hand.
///
/// State {id, networks: {CLUSTER: {network, gateway}}} of the clusters named, an empty network where none is set. The provider has
/// no version: the map is read again just before it is sent. Taking back gives exactly those clusters their former setting.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeAsmSetNetworks();

} // namespace catamaran::mesh
