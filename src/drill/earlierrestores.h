// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/adopt.h"
#include "ops/journal.h"

namespace catamaran::drill {

/// What @p execution changed, and what was there before: by the operations of its plan, or by the list {"restore":[…]} that versions
/// before the operations wrote in its place. Protocol: it is neither. Pure.
[[nodiscard]] core::Result<QList<ops::Trace>> tracesOf(const ops::Execution &execution);

/// Whether a version before the operations wrote it. Pure.
[[nodiscard]] bool isOfEarlierVersion(const ops::Execution &execution);

} // namespace catamaran::drill
