// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/restoration.h"
#include "fleet/probeplan.h"
#include "truth/prover.h"

/// Probes while they stand: made, used and taken away in one go, or taken away later where that did not come to pass. For worker threads,
/// but for what is pure.
namespace catamaran::drill {

struct ProbesReport {
    qint64 execution = 0; ///< 0: nothing was begun
    QList<fleet::PlannedProbe> made;
    QMap<QString, core::Error> failed; ///< by cluster
    RestoreReport removed;
    std::optional<core::Error> error; ///< why nothing was begun
    /// Whether nothing of them is left but what ends by itself.
    [[nodiscard]] bool areGone() const { return removed.ok(); }
};

struct ProbesOptions {
    QString databaseFile;
    std::function<void(const ops::StepProgress &)> onProgress {};
    std::chrono::milliseconds readyWithin { 120'000 }; ///< each
};

/// Carries @p plan out, calls @p use with what stands, and takes all of it away again, whatever happened and also after a stop: a process
/// that dies in between leaves an execution that is due to be taken back, and a mark on the Deployment. Probes wait for nobody who is at
/// work and keep nobody off: nothing is theirs but what they make.
[[nodiscard]] ProbesReport withProbes(const fleet::ProbePlan &plan, session::Session &session, const ProbesOptions &options,
    std::stop_token stop, const std::function<void(const QList<fleet::PlannedProbe> &made)> &use);

/// Who sends in the clusters of @p probes, by cluster, as @p fleet shows them; @p refused gets why not: a pod without a sidecar proves
/// nothing of a mesh. Pure.
[[nodiscard]] QHash<QString, truth::Client> clientsOf(
    const QList<fleet::PlannedProbe> &probes, const observe::ObservedFleet &fleet, QMap<QString, core::Error> &refused);

/// Proofs that say of each direction out of a cluster of @p errors why nothing could be sent: they take the place of "no client". Pure.
[[nodiscard]] truth::Proofs proofsOfFailure(
    const QMap<QString, core::Error> &errors, const observe::ObservedFleet &fleet, const QDateTime &now);

/// A probe's Deployment that stands in a cluster.
struct StandingProbe {
    MarkedObject object;
    OwnerState owner = OwnerState::Gone; ///< of the process that made it
};
struct ProbeSearch {
    QList<StandingProbe> found;
    QList<core::Error> unseen; ///< clusters that could not be searched
};
[[nodiscard]] ProbeSearch standingProbes(session::Session &session, const QStringList &namespaces, std::stop_token stop);

/// "catamaranctl --env … --database … probes remove". Pure.
[[nodiscard]] QString removeProbesCommand(const QString &environmentFile, const QString &databaseFile);

} // namespace catamaran::drill
