// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/fleetdocument.h"
#include "observe/observedfleet.h"

/// From what is there to the Fleet document that asks for exactly that. Pure.
namespace catamaran::fleet {

struct Adopted {
    documents::FleetDocument document; ///< sound, and applyPlan() of it is empty
    QStringList notes; ///< what is there and not in it, or was concluded and not read; a sentence each
};

/// All meshes of the account with the members that the environment names; without meshes the clusters that answer. Of the workloads those
/// that a manifest of Catamaran describes. Errors: what the document would rest on was not read, is unfinished (a mesh that is being made),
/// or cannot be said in a Fleet document (two meshes manage one cluster); InvalidInput when @p name is no DNS label.
[[nodiscard]] core::Result<Adopted> adopt(const QString &name, const observe::ObservedFleet &observed);

} // namespace catamaran::fleet
