// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"

#include <optional>

/// A cluster that is not heard any more is shown as it was last seen, and says so. Pure.
namespace catamaran::ui {

struct Staleness {
    QDateTime since; ///< when it was last heard, UTC
    QString why; ///< what came instead, in words
};

/// Nothing while the cluster is heard, and for one that never was.
[[nodiscard]] std::optional<Staleness> stalenessOf(const observe::ObservedCluster &cluster);
/// "stale since 12:03:11: connection refused"; empty when it is not stale.
[[nodiscard]] QString staleText(const observe::ObservedCluster &cluster);
/// Why nothing may be started on @p cluster now, with what to do; nothing when it is heard.
[[nodiscard]] std::optional<core::Error> staleObstacle(const observe::ObservedFleet &fleet, const QString &cluster, const QString &tried);

} // namespace catamaran::ui
