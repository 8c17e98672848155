// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/executor.h"

namespace catamaran::ops {

/// An object that a fault changed or made, as told by who has no rows of it: by its mark, or by what an earlier version kept.
struct Trace {
    QString execution {}, step; ///< execution: the uid that its mark names; empty: it bears no mark
    QString cluster, apiVersion, kind, ns, name;
    std::optional<int> replicas {}; ///< that were there; nullopt: the object was not there
    std::optional<int> set {}; ///< that the fault gave it; nullopt: whatever it has now

    /// "cluster-1/default/deployments.apps/sleep"
    [[nodiscard]] QString subject() const;
};

/// Whose doing the traces of one adoption are.
struct Adoptee {
    qint64 execution = 0; ///< in this journal, where an earlier version kept it; else 0
    QString uid {}; ///< else: by the marks
    QString name; ///< the drill's
    QDateTime at {};
    Owner owner {};
};

/// Looks at the objects of @p traces and writes them down as an execution of purpose drill that is to be taken back: undo() does it like
/// any other. A marked object that does not bear its mark any more is left out. The execution's id; 0: none is left. For a worker thread.
[[nodiscard]] core::Result<qint64> adopt(Journal &journal, const Adoptee &whose, const QList<Trace> &traces, const Registry &registry,
    World &world, const ExecuteOptions &options, std::stop_token stop);

/// What faults of @p plan changed or made: the operations that mark. Of the execution @p uid. Pure.
[[nodiscard]] QList<Trace> tracesOf(const Plan &plan, const QString &uid);

/// The operations that such traces are left by, of objects that nobody has looked at: for their rights. Pure.
[[nodiscard]] Plan planOf(const QList<Trace> &traces);

/// Takes the mark off an object that stays as it is, by an execution of its own. Done: it does not bear this mark (any more). For a worker
/// thread.
[[nodiscard]] core::Result<core::Done> takeMarkOff(
    const Trace &trace, const Registry &registry, World &world, const ExecuteOptions &options, std::stop_token stop);

} // namespace catamaran::ops
