// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh {

/// asm.awaitMesh {mesh}: waits until it runs. Changes nothing, and there is nothing to take back.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeAsmAwaitMesh();

} // namespace catamaran::mesh
