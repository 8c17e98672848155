// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/control.h"
#include "ops/journal.h"
#include "ops/schedule.h"

#include <stop_token>

namespace catamaran::ops {

/// What is done with the tasks of a schedule, on the threads of a crew.
struct CrewWork {
    /// The journal of the calling thread, opened at its first task.
    using ThreadJournal = core::Result<Journal>;
    /// Carries @p task out; true when it ended well.
    std::function<bool(int task, ThreadJournal &journal)> carryOut;
    std::function<void(const Schedule::Skipped &skipped, ThreadJournal &journal)> skip;
    std::function<CrewWork::ThreadJournal()> openJournal;
};

/// Runs @p schedule on up to @p atOnce threads until nothing is left, or until @p stop and what runs has ended. While
/// @p control (may be null) is paused nothing begins.
void runCrew(Schedule &schedule, int atOnce, Control *control, std::stop_token stop, const CrewWork &work);

} // namespace catamaran::ops
