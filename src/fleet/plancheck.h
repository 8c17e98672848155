// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/fleetdocument.h"
#include "observe/observedfleet.h"

namespace catamaran::fleet {

/// Whether one of its meshes is made by a provider with an account. Pure.
[[nodiscard]] bool needsAccount(const documents::FleetDocument &desired);

/// Why no plan can be made of what was seen; nullopt when one can. Pure.
[[nodiscard]] std::optional<core::Error> whyNotPlannable(const documents::FleetDocument &desired, const observe::ObservedFleet &observed);
/// Why what @p desired needs to know was not heard; nullopt when it was. What is unknown is never planned as if it were
/// not there. @p takesAway: also whose the namespaces are. Pure.
[[nodiscard]] std::optional<core::Error> whyUnheard(
    const documents::FleetDocument &desired, const observe::ObservedFleet &observed, bool takesAway = false);
/// The same of the objects of @p workload in @p cluster. Pure.
[[nodiscard]] std::optional<core::Error> whyUnheard(const documents::FleetWorkload &workload, const observe::ObservedCluster &cluster);
/// Why the roots of the meshes that exist do not fit the fleet. A plan cannot change the root of a mesh. Pure.
[[nodiscard]] std::optional<core::Error> whyRootsDoNotFit(const documents::FleetDocument &desired, const observe::ObservedFleet &observed);

[[nodiscard]] const observe::ObservedWorkload *workloadOf(const observe::ObservedCluster &cluster, const QString &ns, const QString &name);

} // namespace catamaran::fleet
