// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/environment.h"
#include "findings/finding.h"

namespace catamaran::findings {

/// Findings that somebody knows of and wants so.
struct Acceptance {
    QString rule;
    QString cluster, object; ///< empty: any
    Accepted accepted;
    bool operator==(const Acceptance &other) const
    {
        return rule == other.rule && cluster == other.cluster && object == other.object && accepted.until == other.accepted.until
            && accepted.reason == other.accepted.reason;
    }
};

/// Kind Acceptances: spec.accepted is a list of {rule, cluster, object, until: YYYY-MM-DD, reason}; cluster and object may be left out.
/// Strict: errors name @p origin, line and field; a rule that does not exist is one.
[[nodiscard]] core::Result<QList<Acceptance>> parseAcceptances(const QByteArray &yaml, const QString &origin);
[[nodiscard]] QByteArray toYaml(const QList<Acceptance> &acceptances, const QString &name);

/// Beside the environment's file: "prod.yaml" has "prod.accepted.yaml"; empty for an environment without a file.
[[nodiscard]] QString acceptancesFile(const documents::Environment &environment);
/// Those of that file; an empty list where there is none. It decides what is shown, so it must be the user's own (core::readTrusted).
[[nodiscard]] core::Result<QList<Acceptance>> loadAcceptances(const documents::Environment &environment);

/// Writes that file whole or not at all, for its user alone. @p file as acceptancesFile() names it; comments in it are lost.
[[nodiscard]] core::Result<core::Done> saveAcceptances(const documents::Environment &environment, const QList<Acceptance> &acceptances);
/// With @p finding accepted, in the place of what was said of the same before.
[[nodiscard]] QList<Acceptance> withAccepted(QList<Acceptance> acceptances, const Finding &finding, const Accepted &accepted);
/// Without what makes @p finding accepted. One that is for every cluster or object goes for all of them.
[[nodiscard]] QList<Acceptance> withoutAccepted(QList<Acceptance> acceptances, const Finding &finding);

/// Marks what is accepted on @p today; after its day a finding counts again. What is Unknown is never accepted: nobody knows what it would
/// be.
void accept(QList<Finding> &found, const QList<Acceptance> &acceptances, const QDate &today);

} // namespace catamaran::findings
