// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/plan.h"
#include "fleet/session.h"
#include "store/database.h"

#include <functional>

namespace catamaran::fleet {

enum class StepState { Waiting, Running, Done, Failed, Skipped };

struct StepProgress {
    QString stepId;
    StepState state = StepState::Waiting;
    QString note;      ///< "mesh-1 is initial", "12 of 13 objects": the newest line of its log
    qint64 elapsedMs = 0;
    std::optional<core::Error> error;
};

struct ExecutionResult {
    bool complete = false;
    QStringList doneSteps;
    std::optional<core::Error> error; ///< of the step that failed
};

struct ExecuteOptions {
    QString operation;      ///< "apply two-meshes": for the journal
    QString databaseFile;   ///< journal; every call is recorded before and after
    std::function<void(const StepProgress &)> onProgress; ///< called on the worker thread
    std::chrono::milliseconds stepTimeout { 600000 };
    std::chrono::milliseconds pollInterval { 500 };
};

/// Runs @p plan to its end, or to the first failure, or to @p stop; reads every change back. For a worker thread
/// (runSequence). The same function serves the window and catamaranctl. A repeat after a crash is safe: each step
/// looks before it acts.
[[nodiscard]] ExecutionResult execute(const Plan &plan, Session &session, const ExecuteOptions &options, std::stop_token stop);

[[nodiscard]] QString stateName(StepState state);

} // namespace catamaran::fleet
