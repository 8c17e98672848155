// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::ops {

/// wait.hold {milliseconds}: nothing is done for so long (at most an hour), and what waits for it begins then. A stop ends it. The step's
/// time limit has to be longer.
[[nodiscard]] std::unique_ptr<const Kind> makeHold();

} // namespace catamaran::ops
