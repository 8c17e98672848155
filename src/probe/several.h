// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/run.h"

/// Runs from several sources at once.
namespace catamaran::probe {

struct SourceRun {
    kube::KubeClient *client; ///< of the source's cluster
    RunSpec spec;
};

struct SeveralResult {
    QList<core::Result<RunResult>> each; ///< in the order of the runs; an error: nothing was sent from there
    Summary together; ///< of every request of all of them

    /// The object of one run with the figures of all together, its "source" naming each and its "samples" those of all by the time they
    /// were sent, and beside them "sources": what RunResult::toJson() gives for each, or {"source","error"}. @p runs: as they were begun.
    /// Pure.
    [[nodiscard]] QJsonObject toJson(const QList<SourceRun> &runs) const;
};

/// All @p runs side by side. @p onSamples is called on the clients' thread. For a worker thread; a stop ends the sending, and what came
/// until then is the result.
[[nodiscard]] SeveralResult runSeveral(
    const QList<SourceRun> &runs, std::stop_token stop, const std::function<void(const QList<Sample> &)> &onSamples = {});

} // namespace catamaran::probe
