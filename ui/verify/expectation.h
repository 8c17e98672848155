// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"
#include "probe/run.h"

#include <QMap>
#include <QStringList>

#include <optional>

/// What the observed fleet lets us expect of a run. Pure.
namespace catamaran::ui {

/// Workloads of every cluster that can send requests: deployments with a ready pod, clients ("sleep", "curl") first.
/// @p all also lists those without a ready pod.
[[nodiscard]] QList<probe::Source> possibleSources(const observe::ObservedFleet &fleet, bool all = false);

/// Part of the answers (0..1) that each version should give for @p url: ready pods of the versions of that service over
/// all clusters of the fleet, as equal endpoints share requests. Empty when no workload fits the host of @p url.
/// A service's workloads are those named like it or "<service>-…" in @p ns.
[[nodiscard]] QMap<QString, double> expectedSplit(
    const observe::ObservedFleet &fleet, const QString &url, const QString &ns, const QString &from = {});

/// What the counts of a run say against what was expected. Ok: nothing failed and nothing contradicts @p expected.
/// Warning: some requests failed, or a share is outside what chance explains. Failed: none was answered, or a version
/// that should answer never did, beyond chance (1 %). Unknown: nothing sent, or too few to tell.
[[nodiscard]] observe::Health judgeShares(int requests, const QMap<QString, int> &versions, const QMap<QString, double> &expected);

/// Where the client could move (the guide's step 5): from the cluster where a client runs to one where none does.
struct ClientMove {
    QString ns, fromCluster, toCluster;
    int replicas = 1; ///< what it has now
    std::optional<int> standing; ///< replicas of a client that stands in the other cluster already
    [[nodiscard]] bool isPossible() const { return !fromCluster.isEmpty() && !toCluster.isEmpty(); }
};
/// The move of deployment `sleep` in @p ns; not possible when it runs nowhere, everywhere, or there is one cluster.
[[nodiscard]] ClientMove possibleMove(const observe::ObservedFleet &fleet, const QString &ns);

} // namespace catamaran::ui
