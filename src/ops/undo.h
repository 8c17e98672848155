// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/executor.h"

namespace catamaran::ops {

/// Takes back what @p execution did, in reverse, each step proven, as an execution of its own that can be interrupted and gone on
/// with (call it again). As it was: nothing is done. As we left it: reverted. Neither: refused with both states, and what was done
/// before that step stays too. What cannot be reverted by its kind stays and says so. Done in the result means taken back.
/// @p held is a drill's claim. Purpose and name of @p options do not count. For a worker thread.
[[nodiscard]] ExecutionResult undo(qint64 execution, const Registry &registry, World &world, const ExecuteOptions &options,
    std::stop_token stop, std::shared_ptr<Claim> held = {});

} // namespace catamaran::ops
