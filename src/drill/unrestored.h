// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/restoration.h"

namespace catamaran::drill {

/// Says in @p fleet what drills left broken: conditions in fleet.restores, one per execution of @p restores and per drill whose @p unknown
/// marks are on objects while no journal here has it; and the workloads that are not as the drill found them are failed instead of as they
/// look. Pure.
void markUnrestored(observe::ObservedFleet &fleet, const DueRestores &restores, const QList<MarkedObject> &unknown);

} // namespace catamaran::drill
