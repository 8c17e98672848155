// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"
#include "ops/adopt.h"
#include "ops/journal.h"
#include "session/session.h"

/// Faults as the objects themselves tell of them, for a console whose journal knows nothing.
namespace catamaran::drill {

/// "the drill “workload-failover”, begun 2026-11-27 14:02 by process 4711 on atlas"
[[nodiscard]] QString whoseMark(const ops::FaultMark &mark);

/// An object with the mark of a fault.
struct MarkedObject {
    QString cluster, apiVersion, kind, ns, name;
    ops::FaultMark mark;

    [[nodiscard]] ops::Trace trace() const;
    [[nodiscard]] QString whose() const { return whoseMark(mark); }
    /// "cluster-1/default/deployments.apps/helloworld-v1 had 1 replicas"
    [[nodiscard]] QString text() const;
};

/// Of everything that was observed. Pure.
[[nodiscard]] QList<MarkedObject> marksIn(const observe::ObservedFleet &fleet);

struct MarkSearch {
    QList<MarkedObject> found;
    QList<core::Error> unseen; ///< one per cluster that could not be searched, and per object whose mark cannot be read
    QStringList unlisted {}; ///< kinds that this identity may not list, where what a fault made of them is not seen: a sentence each
};
/// Asks every cluster: for Deployments, StatefulSets, Services, ServiceAccounts and VirtualServices of all namespaces, or where these may
/// not be listed, of @p namespaces and the kubeconfig's own. For a worker thread.
[[nodiscard]] MarkSearch findMarks(session::Session &session, const QStringList &namespaces, std::stop_token stop);

/// Those that no execution of @p journal made.
[[nodiscard]] core::Result<QList<MarkedObject>> unknownTo(const ops::Journal &journal, const QList<MarkedObject> &marks);

enum class OwnerState { Gone, Alive, Elsewhere };
/// Whether the process that made a mark is there: only on its own machine that can be seen. Reads /proc.
[[nodiscard]] OwnerState ownerOf(const ops::FaultMark &mark);

} // namespace catamaran::drill
