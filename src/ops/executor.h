// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/claim.h"
#include "ops/control.h"
#include "ops/plan.h"
#include "ops/registry.h"

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>

namespace catamaran::ops {

enum class StepState { Waiting, Running, Done, Failed, Unknown, Skipped };
[[nodiscard]] QString stateName(StepState state); ///< "waiting"

struct StepProgress {
    QString stepId;
    StepState state = StepState::Waiting;
    QString note {}; ///< "mesh-1 is initial", "12 of 13 objects": the newest line of its log
    qint64 elapsedMs = 0;
    std::optional<core::Error> error {};
};

/// How a step ended.
struct StepOutcome {
    QString stepId;
    StepState state = StepState::Waiting;
    QString note {}; ///< "was in place", or why it was skipped
    Evidence evidence {};
    QString requestId {};
    qint64 elapsedMs = 0;
    std::optional<core::Error> error {}; ///< failed, unknown
};

struct ExecutionResult {
    qint64 execution = 0; ///< 0: nothing was begun
    QString uid;
    bool complete = false; ///< every step is done
    bool stopped = false; ///< on request, before everything was done
    QList<StepOutcome> steps; ///< in the plan's order
    /// Why nothing was begun; else of the first step that failed.
    std::optional<core::Error> error;
    /// Of a drill: it is held further until undo() is called with this, or until it is dropped (which makes the undo due).
    std::shared_ptr<Claim> claim;

    [[nodiscard]] QStringList doneSteps() const;
};

struct ExecuteOptions {
    QString databaseFile; ///< the journal
    QString purpose, name; ///< "apply", "two-meshes"
    Names names;
    qint64 continues = 0; ///< of execute(): the earlier execution that it goes on from; see continuesOf()
    /// On one of the worker threads, one call at a time.
    std::function<void(const StepProgress &)> onProgress;
    /// What the user is to know of the whole, before anything is begun: that consoles on other machines are not seen, and why.
    std::function<void(const QString &)> onNotice;
    /// The server has answered a step's change, which is not proven yet. On a worker thread, several calls at a time.
    std::function<void(const QString &stepId, const QDateTime &at)> onAnswered {};
    std::shared_ptr<Control> control; ///< for pausing; may be null
    int atOnce = 16; ///< steps
    std::chrono::milliseconds stepTimeout { 600000 };
    /// How often one step acts: again only when no answer came and looking has shown that nothing was done, or when the server was
    /// too busy to take it (after the time that it names).
    int attempts = 3;
    std::chrono::milliseconds pause { 1000 }; ///< before the next look or attempt
    std::chrono::milliseconds settleTimeout { 60000 }; ///< how long an unanswered act is looked after (more where the kind says so)
    /// How long after it was sent a change may still arrive that nobody answered: so long an undo does not believe that nothing of it
    /// came. (An API server gives up a request after 60 s.)
    std::chrono::milliseconds lateWithin { 60000 };
    core::Clock clock = core::systemClock();
};

/// Carries @p plan out, as docs/design/operations.md tells: journalled before each act, what is ready at once, the rest after
/// a failure that does not depend on it, until the end or @p stop. For a worker thread; the window and catamaranctl use the same.
[[nodiscard]] ExecutionResult execute(
    const Plan &plan, const Registry &registry, World &world, const ExecuteOptions &options, std::stop_token stop);

/// Goes on with an execution that was interrupted, stopped or failed: what was sent is settled by looking, what is done stays.
/// Purpose and name of @p options do not count. An execution that undoes is gone on with by undo().
[[nodiscard]] ExecutionResult resume(
    qint64 execution, const Registry &registry, World &world, const ExecuteOptions &options, std::stop_token stop);

/// Ends an execution that was interrupted, or ended with something unknown, without going on with it: what was sent is settled by
/// looking, nothing new is begun. Complete in the result: nothing of it is unknown any more. One that undoes is refused.
[[nodiscard]] ExecutionResult settle(
    qint64 execution, const Registry &registry, World &world, const ExecuteOptions &options, std::stop_token stop);

} // namespace catamaran::ops
