// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"
#include "ops/operation.h"

#include <QDate>
#include <QJsonObject>

/// What rules conclude from facts: docs/design/findings.md.
namespace catamaran::findings {

using observe::Health;

enum class Layer { Discovery, Trust, Gateway, Request, Workload, Cluster, Drill };
[[nodiscard]] QString layerName(Layer layer); ///< "discovery", …

struct Evidence {
    QString text; ///< in the source's words
    QString source; ///< "GET services on cluster-1"
    QDateTime at; ///< UTC
};

/// Somebody knows of it and wants it so.
struct Accepted {
    QDate until;
    QString reason;
};

struct Finding {
    QString rule; ///< "trust.root-differs"
    Layer layer = Layer::Cluster;
    Health state = Health::Unknown; ///< never Ok
    QString cluster; ///< where; empty: the fleet as a whole
    QString object; ///< "DestinationRule sample/helloworld"; empty: the cluster as a whole
    QString from, to; ///< the direction that it is about; one of them alone: from or to every other cluster; none: no direction
    bool bothWays = false; ///< the direction back as well
    QStringList services; ///< "namespace/name" of those that it is about; empty: all
    QString sentence; ///< one for people
    QList<Evidence> evidence;
    QString remedy; ///< words
    QList<ops::Operation> mend; ///< a plan that mends it; empty: nobody can but a person
    QDateTime since; ///< UTC: when its newest evidence was read
    std::optional<Accepted> accepted;

    /// The same for the same finding at another time: rule, place and direction.
    [[nodiscard]] QString id() const;
    /// Whether it is about requests for @p service ("namespace/name") from one cluster to the other.
    [[nodiscard]] bool concerns(const QString &service, const QString &from, const QString &to) const;
    /// Whether it counts: not accepted.
    [[nodiscard]] bool counts() const { return !accepted; }
};

/// {"id","rule","layer","state","cluster","object","from","to","both_ways","services","sentence","evidence":[{"text","source","at"}],"remedy","mend":[…],
/// "since","accepted":{"until","reason"}|null}
[[nodiscard]] QJsonObject toJson(const Finding &finding);

} // namespace catamaran::findings
