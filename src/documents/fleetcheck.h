// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/fleetdocument.h"

namespace catamaran::documents {

/// Something wrong in a fleet: where (a section of spec, the element, its field) and what.
struct FleetProblem {
    QString section; ///< "meshes", "clusters", "memberships", "injection", "workloads"
    int index = -1; ///< -1: the whole section
    QString field; ///< empty: the whole element
    QString answer, remedy;
};

/// All of them, in the order of the document. Pure.
[[nodiscard]] QList<FleetProblem> problemsOf(const FleetDocument &fleet);

} // namespace catamaran::documents
