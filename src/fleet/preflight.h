// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/fleetdocument.h"
#include "observe/observedfleet.h"

namespace catamaran::fleet {

/// One judged fact.
struct Finding {
    QString id; ///< "api-server-reachable"
    QString title;
    QString where; ///< "cluster-1", "mesh-1 → cluster-2"
    observe::Health severity = observe::Health::Unknown;
    QString evidence, source, remedy;
};

/// What can be judged before anything is changed. Pure.
[[nodiscard]] QList<Finding> preflight(const documents::FleetDocument &desired, const observe::ObservedFleet &observed);
/// What can be judged of the fleet as it runs. Pure.
[[nodiscard]] QList<Finding> findings(const observe::ObservedFleet &observed);

} // namespace catamaran::fleet
