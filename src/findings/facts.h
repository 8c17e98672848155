// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/fleetdocument.h"
#include "observe/objectreader.h"

namespace catamaran::findings {

/// Everything that rules know.
struct FleetFacts {
    QDateTime now; ///< UTC
    QList<observe::ClusterObjects> clusters;
    observe::Fact<QList<mesh::MeshStatus>> meshes; ///< of the cloud account; without one an empty list
    std::optional<documents::FleetDocument> wish; ///< what was meant; the clusters are then those that it names
};

/// Reads all of it once. For a worker thread.
[[nodiscard]] FleetFacts readFacts(session::Session &session, const std::optional<documents::FleetDocument> &wish, std::stop_token stop);

/// @p before with @p clusters read anew, and the accounts where @p accounts; what was not told is as it was, with the new errors.
[[nodiscard]] FleetFacts rereadFacts(
    session::Session &session, const FleetFacts &before, const QStringList &clusters, bool accounts, std::stop_token stop);

/// @p now, and where it was not read what @p before knew, with the new errors.
[[nodiscard]] FleetFacts withWhatWasKnown(FleetFacts now, const FleetFacts &before);

} // namespace catamaran::findings
