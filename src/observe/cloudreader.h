// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/readings.h"

namespace catamaran::session {
class Session;
}

namespace catamaran::observe {

/// What the accounts tell: their meshes, and the clusters they know.
struct AccountReadings {
    QList<CloudReadings> clouds; ///< one per account
    QList<KnownCluster> clusters; ///< all of them, unless a CloudReadings::clustersError is set

    /// By id, or by name where the environment gives none.
    [[nodiscard]] std::optional<KnownCluster> find(const documents::EnvironmentCluster &cluster) const;
};

/// Who is asked: accounts alone, or also those who need none and look into the clusters.
enum class Asked { Accounts, Everybody };

/// @p everything: also their clusters and the versions they offer, which seldom change. For a worker thread.
[[nodiscard]] AccountReadings readAccounts(session::Session &session, bool everything, std::stop_token stop, Asked who = Asked::Everybody);

} // namespace catamaran::observe
