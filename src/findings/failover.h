// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/facts.h"
#include "findings/finding.h"

namespace catamaran::findings {

enum class Answer { Yes, No, NotKnown };
[[nodiscard]] QString answerName(Answer answer); ///< "yes", "no", "unknown"

/// One thing that it depends on.
struct FailoverCondition {
    QString text; ///< "other clusters have ready endpoints"
    std::optional<bool> holds; ///< nullopt: not known
    bool decides = true; ///< false: it only makes failing over faster or slower
    QString change; ///< what to do where it does not hold
    Evidence evidence;
};

/// Whether requests of clients in one cluster for one service are answered by another cluster once the endpoints of their own fail:
/// answer with errors, hang up, or are gone.
struct FailoverVerdict {
    QString service; ///< "namespace/name"
    QString from; ///< the clients' cluster
    Answer answer = Answer::NotKnown;
    QString sentence; ///< the first deciding condition that does not hold, or that is not known
    QList<FailoverCondition> conditions;
    QList<ops::Operation> mend; ///< what makes it yes, as far as it can be done by operations

    [[nodiscard]] QJsonObject toJson() const;
};

/// Every service of applications in the mesh, for each cluster that has it, by service and cluster. @p found: what judge() says of the same
/// @p facts; a way between clusters that a failed finding is about is no way. Pure.
[[nodiscard]] QList<FailoverVerdict> failover(const FleetFacts &facts, const QList<Finding> &found);

} // namespace catamaran::findings
