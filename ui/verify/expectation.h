// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"
#include "probe/run.h"
#include "probe/shares.h"
#include "truth/split.h"

#include <QMap>
#include <QStringList>

#include <optional>

/// What the observed fleet lets us expect of a run. Pure.
namespace catamaran::ui {

/// Workloads of every cluster that can send requests: deployments with a ready pod, clients ("sleep", "curl") first.
/// @p all also lists those without a ready pod.
[[nodiscard]] QList<probe::Source> possibleSources(const observe::ObservedFleet &fleet, bool all = false);

/// What is expected of a run and what the test says of it.
struct JudgedShares {
    truth::SplitExpectation expectation;
    probe::ShareVerdict verdict;
};

/// What a run says. Ok: nothing failed, and its shares are as expected, or nobody knows what to expect. Warning: some requests
/// failed, or the shares differ. Failed: none was answered, or a version that should answer never did, beyond chance. Unknown: nothing
/// sent, or too few to tell.
[[nodiscard]] observe::Health judgeShares(int requests, int ok, const probe::ShareVerdict &verdict);

/// "v2 50 → 0 %": a change of shares in as few words as a mark on a chart has room for.
[[nodiscard]] QString changeText(const probe::ShareChange &change);

/// What of @p fleet decides how answers are shared out: another text when that may have changed.
[[nodiscard]] QString endpointsText(const observe::ObservedFleet &fleet);

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
