// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/failover.h"
#include "probe/run.h"
#include "truth/matrix.h"
#include "truth/prover.h"

/// What a pipeline expects of a fleet, and whether it holds.
namespace catamaran::check {

/// A run of requests and what is expected of its answers.
struct ExpectedRun {
    QString name; ///< "cluster-1/default/sleep to http://helloworld:5000/hello", where the document gives none
    probe::RunSpec spec;
    int mostFailed = 0; ///< requests that may fail, or could not be sent in time
    bool sharesAsRead = false; ///< shares as endpoints, weights and locality give them
    QMap<QString, double> shares {}; ///< in parts of 1; empty: those as read, or none are expected
    std::optional<std::chrono::milliseconds> p50 {}, p95 {}, p99 {}; ///< at most, from when each request was due

    [[nodiscard]] bool judgesShares() const { return sharesAsRead || !shares.isEmpty(); }
};

struct ExpectedFailover {
    QString service; ///< "namespace/name"
    QString from; ///< the clients' cluster; empty: each that has the service
};

/// Kind Check; resources/checks has an example, resources/checks/check.schema.json says the same for editors.
struct Expectations {
    QString name;
    truth::Question question; ///< how directions are asked about
    bool allDirections = false;
    QList<truth::Direction> directions {};
    std::optional<bool> warningsAllowed {}; ///< of findings; nullopt: nothing is expected of them
    QList<ExpectedFailover> failover {};
    QList<ExpectedRun> runs {};

    [[nodiscard]] bool asksDirections() const { return allDirections || !directions.isEmpty(); }
    [[nodiscard]] bool asksFindings() const { return warningsAllowed || !failover.isEmpty(); }
};

/// Strict: errors name @p origin, line and field.
[[nodiscard]] core::Result<Expectations> parseExpectations(const QByteArray &yaml, const QString &origin);
[[nodiscard]] core::Result<Expectations> loadExpectations(const QString &file);

} // namespace catamaran::check
