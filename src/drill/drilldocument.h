// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "probe/run.h"

#include <QList>
#include <QString>

#include <chrono>

namespace catamaran::drill {

/// What a drill breaks. More kinds follow; each knows how to look, break, restore and prove.
struct ScaleFault {
    QString cluster, ns, deployment;
    int replicas = 0;
};
struct MoveClientFault { ///< the guide's step 5: client to 0 in one cluster, deployed in the other
    QString ns, fromCluster, toCluster;
};

enum class FaultKind { Scale, MoveClient };
struct Fault {
    FaultKind kind = FaultKind::Scale;
    ScaleFault scale;
    MoveClientFault move;
};

struct Guard {
    int maxFailedInARow = 0; ///< 0: off
    std::chrono::milliseconds maxDuration { 120000 };
};

/// Hypothesis, faults, guards, restore (kind Drill). resources/drills holds examples.
struct DrillDocument {
    QString id; ///< metadata.name
    QString title, summary, hypothesis;
    QList<Fault> faults;
    probe::RunSpec probes; ///< sent during the whole drill
    std::chrono::milliseconds steadyFor { 3000 }; ///< all good this long before the fault
    std::chrono::milliseconds observeFor { 10000 }; ///< how long the fault stays
    std::chrono::milliseconds recoverWithin { 10000 }; ///< the hypothesis' limit for the measured recovery
    int maxFailedRequests = -1; ///< -1: no limit
    QStringList expectVersionsDuring; ///< who must answer while it is broken; empty: anybody
    Guard guard;
};

[[nodiscard]] core::Result<DrillDocument> parseDrill(const QByteArray &yaml, const QString &origin);
[[nodiscard]] core::Result<DrillDocument> loadDrill(const QString &file);
/// The drills that come with Catamaran, in order.
[[nodiscard]] QList<DrillDocument> builtinDrills();

} // namespace catamaran::drill
