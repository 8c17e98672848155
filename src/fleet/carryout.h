// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/executor.h"
#include "ops/journal.h"
#include "session/session.h"

/// Plans carried out on a session, the same way by the window and by catamaranctl. For worker threads.
namespace catamaran::fleet {

struct CarryOutOptions {
    QString databaseFile;
    QString purpose, name; ///< "apply", "two-meshes"
    ops::Names names {}; ///< namesOf()
    std::function<void(const ops::StepProgress &)> onProgress {};
    std::function<void(const QString &)> onNotice {}; ///< why others at work are not seen; on the calling thread
    std::shared_ptr<ops::Control> control {};
    std::function<void(const ops::Execution &)> onExecution {}; ///< takeBack() turns to this one now; on the calling thread
    std::chrono::milliseconds stepTimeout { 600000 };
};

/// Carries @p plan out. An earlier carrying out of the same purpose, name and environment that was interrupted, or ended with something
/// open, comes first: when all that is left of it is in @p plan too, that one is gone on with, and what @p plan has besides follows as a
/// new one; else it is ended by looking what became of it. So is another's that left something open where @p plan works.
///
/// A new execution says from which it goes on (ops::continuesOf()): the newest one of the same name, when that has the same purpose, is not
/// complete (or was gone on with just now) and did something that is not taken back.
[[nodiscard]] ops::ExecutionResult carryOut(
    const ops::Plan &plan, session::Session &session, const CarryOutOptions &options, std::stop_token stop);

/// @p execution with what it goes on from and what goes on from it, newest first: what is taken back together.
[[nodiscard]] core::Result<QList<ops::Execution>> chainOf(qint64 execution, const ops::Journal &journal);

/// Takes back what @p execution did, with its whole chain, newest first, until one is not complete. The result is of all of them: the steps
/// one after the other, the number of the last.
[[nodiscard]] ops::ExecutionResult takeBack(
    qint64 execution, session::Session &session, const CarryOutOptions &options, std::stop_token stop);

/// Goes on with an execution that was interrupted, stopped or failed; with one that takes back too. Purpose and name of @p options do not
/// count.
[[nodiscard]] ops::ExecutionResult goOn(qint64 execution, session::Session &session, const CarryOutOptions &options, std::stop_token stop);

/// Ends an interrupted execution: what was sent is settled by looking, nothing new is begun.
[[nodiscard]] ops::ExecutionResult leave(qint64 execution, session::Session &session, const CarryOutOptions &options, std::stop_token stop);

} // namespace catamaran::fleet
