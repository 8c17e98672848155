// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/fleetdocument.h"
#include "fleet/observedfleet.h"

namespace catamaran::fleet {

/// Why no plan can be made of what was seen; nullopt when one can. Pure.
[[nodiscard]] std::optional<core::Error> whyNotPlannable(const FleetDocument &desired, const ObservedFleet &observed);
/// Why the roots of the meshes that exist do not fit the fleet. A plan cannot change the root of a mesh. Pure.
[[nodiscard]] std::optional<core::Error> whyRootsDoNotFit(const FleetDocument &desired, const ObservedFleet &observed);

/// The member @p clusterId of @p mesh; null when there is none.
[[nodiscard]] const mesh::MemberCluster *memberOf(const ObservedFleet &observed, const QString &mesh, const QString &clusterId);
[[nodiscard]] const ObservedWorkload *workloadOf(const ObservedCluster &cluster, const QString &ns, const QString &name);

} // namespace catamaran::fleet
