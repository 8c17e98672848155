// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/readings.h"

namespace catamaran::session {
class Session;
}

namespace catamaran::observe {


/// What the cloud account tells: its meshes, and its clusters by id.
struct AccountReadings {
    CloudReadings cloud;
    QList<alicloud::AckCluster> clusters; ///< all of them, unless cloud.clustersError is set

    /// By cloudId, or by name where the environment gives none.
    [[nodiscard]] std::optional<alicloud::AckCluster> find(const documents::EnvironmentCluster &cluster) const;
};

/// Asks the account; @p everything: also its clusters and the versions it offers, which seldom change. For a worker thread.
[[nodiscard]] AccountReadings readAccount(session::Session &session, bool everything, std::stop_token stop);

/// One cluster as the account knows it, or why it is not known. For a worker thread.
[[nodiscard]] core::Result<alicloud::AckCluster> readAckCluster(session::Session &session, const documents::EnvironmentCluster &cluster, std::stop_token stop);

} // namespace catamaran::observe
