// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/objects.h"
#include "observe/observedfleet.h"
#include "probe/run.h"

#include <QJsonObject>

/// How the answers of a run are to be shared out, from what is there: endpoints on each side, weights and locality.
namespace catamaran::truth {

/// What was read for one service as one client sees it.
struct SplitFacts {
    struct Side {
        QString cluster;
        observe::Fact<QList<observe::PodFacts>> endpoints {}; ///< ready pods behind the service; none where it has no such service
        observe::Fact<QList<observe::NodeFacts>> nodes {}; ///< only where a setting prefers what is near
    };
    QString service; ///< "namespace/name"
    QString cluster, ns; ///< the client's
    QString cannot {}; ///< why nothing of it can be expected, whatever was read; empty: nothing is in the way
    std::optional<bool> hasSidecar {}; ///< whether a proxy sends the client's requests
    bool keepsConnections = false;
    bool isReachKnown = true; ///< whether anybody tells which clusters a request may go to
    bool hasMesh = true;
    QList<Side> sides;
    observe::Fact<QList<observe::DestinationRuleFacts>> rules; ///< of the client's cluster, which may be for the service
    observe::Fact<QList<observe::VirtualServiceFacts>> routes;
    QString keptNear {}; ///< the setting that makes the client's proxy prefer what is near: "DestinationRule sample/x"; empty: none
    QStringList clientNodes {}; ///< nodes of the client's pods; only where keptNear
    QDateTime at; ///< UTC
};

/// Reads it once. For a worker thread.
[[nodiscard]] SplitFacts readSplit(
    session::Session &session, const observe::ObservedFleet &fleet, const probe::RunSpec &spec, std::stop_token stop);

/// What to expect, and where that comes from.
struct SplitExpectation {
    QMap<QString, double> shares; ///< in parts of 1, by version; empty: it is not known what to expect
    QString unknown {}; ///< why not
    struct Side {
        QString cluster;
        QMap<QString, int> endpoints; ///< ready, by version
        QString unread {}; ///< why they are not known; empty: they were read
    };
    QList<Side> sides {};
    QStringList settings {}; ///< weights and locality, one line each
    QDateTime at {}; ///< UTC, when it was read

    [[nodiscard]] bool isKnown() const { return !shares.isEmpty(); }
    /// "Expected v1 50 %, v2 50 %: cluster-1 has 1 ready endpoint (v1), cluster-2 1 (v2); no weights, no preference for what is near;
    /// read at 12:03:04." Or what keeps it from being known.
    [[nodiscard]] QString sentence() const;
    /// {"known","shares","unknown","sentence","endpoints":[{"cluster","ready":{version: n},"unread"}],"settings","at"}
    [[nodiscard]] QJsonObject toJson() const;
    /// What toJson() wrote.
    [[nodiscard]] static SplitExpectation fromJson(const QJsonObject &object);
};
/// Pure.
[[nodiscard]] SplitExpectation expectedSplit(const SplitFacts &facts);
/// Both on a thread of their own; without @p fleet it is looked at first. A stop gives what is known by then. Any thread.
[[nodiscard]] QFuture<SplitExpectation> askForSplit(std::shared_ptr<session::Session> session, std::optional<observe::ObservedFleet> fleet,
    const probe::RunSpec &spec, std::stop_token stop);

} // namespace catamaran::truth
