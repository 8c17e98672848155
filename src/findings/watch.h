// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/acceptance.h"
#include "findings/facts.h"
#include "findings/failover.h"
#include "findings/finding.h"

#include <QObject>

#include <chrono>
#include <memory>

namespace catamaran::findings {

/// What was judged of one reading. Shared by threads: never changed.
struct Judgement {
    FleetFacts facts;
    QList<Finding> found; ///< worst first
    QList<FailoverVerdict> failover;
    QList<Acceptance> acceptances;
    std::optional<core::Error> acceptancesError; ///< they could not be read: nothing counts as accepted
    QHash<QString, QDateTime> seenSince; ///< by Finding::id(): when it was found first while this watch was there, UTC

    struct Counts {
        int failed = 0, stale = 0, warnings = 0, unknown = 0, accepted = 0;
        int unaskedRules = 0; ///< rules that could not be asked of some cluster
        [[nodiscard]] int open() const { return failed + stale + warnings; }
    };
    [[nodiscard]] Counts counts() const;
    /// When the oldest of it was read: no cluster's facts are older. UTC; null: of no cluster anything was read.
    [[nodiscard]] QDateTime readAt() const;
    /// Those about @p cluster; the fleet's own where it is empty.
    [[nodiscard]] QList<Finding> of(const QString &cluster) const;
};

/// Whose facts may have changed between two looks at a fleet. Pure.
struct Changed {
    QStringList clusters;
    bool meshes = false;
    [[nodiscard]] bool isNone() const { return clusters.isEmpty() && !meshes; }
};
[[nodiscard]] Changed changedBetween(const observe::ObservedFleet &before, const observe::ObservedFleet &now);

/// Keeps what is judged of an open environment current. Reads everything once, of a fleet that changes the clusters that changed, at a
/// bounded rate, and all of it again before it counts as old. Main thread; reading and judging are not on it.
class Watch : public QObject {
    Q_OBJECT
public:
    Watch(session::Session &session, observe::LiveFleet &live, QObject *parent = nullptr);
    ~Watch() override;

    /// Null: nothing was read yet.
    [[nodiscard]] std::shared_ptr<const Judgement> judgement() const;
    [[nodiscard]] bool isReading() const;
    /// Reads everything now; while something is being read, right after that.
    void refresh();
    /// The acceptances have changed: judges anew what is known.
    void judgeAgain();
    /// How long it waits between two readings; a change waits no longer than that.
    void setPace(std::chrono::milliseconds gap);

signals:
    void changed();
    void readingChanged(bool isReading);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace catamaran::findings
