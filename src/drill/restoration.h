// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/faultmarks.h"
#include "fleet/rights.h"
#include "ops/executor.h"
#include "ops/purpose.h"

/// Putting back what drills broke, and taking away what probes made: the undo of their executions. Each is asked for by its purpose. For
/// worker threads, but for what is pure.
namespace catamaran::drill {

struct RestoreOutcome {
    QString what; ///< "cluster-1/default/deployments.apps/helloworld-v1"
    bool ok = false;
    QString proof; ///< or why not
    qint64 execution = 0; ///< for giving it up; 0: it cannot be given up here
    QString step {};
};
struct RestoreReport {
    QList<RestoreOutcome> outcomes;
    QList<MarkedObject> asked; ///< faults of other machines that nobody allowed to be taken back
    QList<core::Error> unseen; ///< clusters that could not be searched for marks
    QStringList unlisted {}; ///< MarkSearch::unlisted
    std::optional<core::Error> journal; ///< why the journal could not be told: what is restored will be offered again
    [[nodiscard]] bool ok() const; ///< everything is back that is known of
};

/// Takes back what @p broken, a drill's execution, did. Where its journal cannot be written the marks on the objects of @p plan tell what
/// was there.
/// @p held is the drill's claim. Nothing stops it but @p stop.
[[nodiscard]] RestoreReport takeBack(const ops::ExecutionResult &broken, const ops::Plan &plan, session::Session &session,
    const QString &databaseFile, std::stop_token stop, std::shared_ptr<ops::Claim> held = {}, const QString &purpose = ops::drillPurpose);

/// What is to be restored in an environment by the journal, and what a living owner works on.
struct DueRestores {
    QList<ops::Execution> due, held; ///< of one purpose
};
[[nodiscard]] core::Result<DueRestores> dueRestores(
    const QString &databaseFile, const QString &environment, const QString &purpose = ops::drillPurpose);
/// "the drill “workload-failover” (execution 3) runs since 2026-11-27 14:02:11, process 4711 on atlas"
[[nodiscard]] QString heldText(const ops::Execution &execution);

struct RestoreOptions {
    bool alsoOfOthers = false; ///< what bears the mark of a drill on another machine, which may still run there
    QString purpose = ops::drillPurpose; ///< or ops::probePurpose
};
/// Puts back what drills left broken, each proven: what the journal says is due, then what bears the mark of a fault that the journal does
/// not know. A living owner's is never touched. It asks no more of the journal than that it can be read: a damaged one, and one
/// that cannot be written, will do.
[[nodiscard]] core::Result<RestoreReport> restorePending(
    session::Session &session, const QString &databaseFile, const RestoreOptions &options, std::stop_token stop);
/// Which rights restorePending() needs for what is due and this identity has not: to be said before it. What it may put back it puts back
/// all the same.
[[nodiscard]] core::Result<fleet::Rights> refusedForRestore(session::Session &session, const QString &databaseFile, std::stop_token stop);

/// Leaves what a drill did as it is, for a @p reason that is kept, and takes its marks off, so that no later drill is kept waiting for it:
/// of one @p step, or of all that could not be taken back. The outcomes say what became of the marks.
[[nodiscard]] core::Result<QList<RestoreOutcome>> giveUp(session::Session &session, const QString &databaseFile, qint64 execution,
    const QString &step, const QString &reason, std::stop_token stop);

/// "catamaranctl --env … --database … drill restore", with @p more words. Pure.
[[nodiscard]] QString restoreCommand(const QString &environmentFile, const QString &databaseFile, const QStringList &more = {});
/// That command for giving up what @p outcome is about. Pure.
[[nodiscard]] QString giveUpCommand(const QString &environmentFile, const QString &databaseFile, const RestoreOutcome &outcome);

} // namespace catamaran::drill
