// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/fleetdocument.h"
#include "fleet/observedfleet.h"

namespace catamaran::fleet {

/// One judged fact.
struct Finding {
    QString id; ///< "api-server-reachable"
    QString title;
    QString where; ///< "cluster-1", "mesh-1 → cluster-2"
    Health severity = Health::Unknown;
    QString evidence, source, remedy;
};

/// What can be judged before anything is changed. Pure.
[[nodiscard]] QList<Finding> preflight(const FleetDocument &desired, const ObservedFleet &observed);
/// What can be judged of the fleet as it runs. Pure.
[[nodiscard]] QList<Finding> findings(const ObservedFleet &observed);

} // namespace catamaran::fleet
