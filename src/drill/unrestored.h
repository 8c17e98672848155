// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/observedfleet.h"
#include "store/database.h"

namespace catamaran::drill {

/// Says in @p fleet what drills left broken: one condition per entry of @p pending in fleet.restores, and the workloads that
/// are not as the drill found them are failed instead of as they look. Pure.
void markUnrestored(fleet::ObservedFleet &fleet, const QList<store::PendingRestore> &pending);

} // namespace catamaran::drill
