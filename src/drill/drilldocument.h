// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "drill/fault.h"
#include "drill/guards.h"
#include "probe/run.h"

#include <QList>
#include <QMap>
#include <QString>

#include <chrono>

namespace catamaran::drill {

/// A time in which something is broken. What an earlier stage broke stays broken.
struct FaultStage {
    QString name; ///< for people; may be empty
    std::chrono::milliseconds hold { 10000 }; ///< how long its faults stay before the next stage, or the restore
    QStringList expectVersions {}; ///< who must answer meanwhile; empty: anybody
};

/// Hypothesis, faults, guards, restore (kind Drill), all parameters filled in. See docs/design/drills.md; resources/drills holds examples.
struct DrillDocument {
    static constexpr int mostFaults = 10, mostStages = 9;

    QString id; ///< metadata.name
    QString title, summary, hypothesis;
    QMap<QString, QString> parameters {}; ///< what it was filled with
    QList<Fault> faults;
    QList<FaultStage> stages { FaultStage() }; ///< at least one
    probe::RunSpec probes; ///< sent during the whole drill
    std::chrono::milliseconds steadyFor { 3000 }; ///< all good this long before the fault
    std::chrono::milliseconds afterFor { 1500 }; ///< how long requests go on when everything is back
    std::chrono::milliseconds recoverWithin { 10000 }; ///< the hypothesis' limit for the measured recovery
    std::chrono::milliseconds failbackWithin { 0 }; ///< the same of the restore; 0: no limit
    int maxFailedRequests = -1; ///< -1: no limit
    Guard guard;

    [[nodiscard]] std::chrono::milliseconds observeFor() const; ///< of all stages
    /// The clusters that it sends from or touches.
    [[nodiscard]] QStringList clusters() const;
};

/// A document without open parameters: parseTemplate() and fill() in one.
[[nodiscard]] core::Result<DrillDocument> parseDrill(const QByteArray &yaml, const QString &origin);
[[nodiscard]] core::Result<DrillDocument> loadDrill(const QString &file);
/// The drills that come with Catamaran and can run as they are, in order.
[[nodiscard]] QList<DrillDocument> builtinDrills();

} // namespace catamaran::drill
