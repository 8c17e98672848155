// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/schedule.h"
#include "ops/stepwork.h"

namespace catamaran::ops {

/// One run over the steps of a plan, forward or back: order, threads, reports and rows of what is skipped.
struct Run {
    using Way = std::function<StepOutcome(int step, StepWork &work)>;

    const Plan &plan;
    QStringList titles; ///< of the steps
    const Registry &registry;
    World &world;
    const ExecuteOptions &options;
    const Execution &execution;
    std::stop_token stop;

    /// @p tasks: one per step, of the step's id, in the order in which ready ones begin. The result lacks only its claim.
    [[nodiscard]] ExecutionResult over(QList<Task> tasks, const Way &way);
};

/// An execution of @p world that can be gone on with or taken back: its plan is one that @p registry knows.
struct Kept {
    Execution execution;
    Plan plan;
};
[[nodiscard]] core::Result<Kept> findExecution(const Journal &journal, qint64 id, const Registry &registry, const World &world);

/// A claim that also keeps off who shares no journal with us. First those, for what we have begun ourselves is ours to end.
[[nodiscard]] core::Result<std::shared_ptr<Claim>> claimed(World &world, const QString &title, const ExecuteOptions &options,
    std::stop_token stop, const std::function<core::Result<std::shared_ptr<Claim>>()> &claim);

/// Of each lane and each subject one step runs at a time.
[[nodiscard]] QStringList lanesOf(const Description &words);
/// A result in which nothing was begun.
[[nodiscard]] ExecutionResult notBegun(const core::Error &error);

} // namespace catamaran::ops
