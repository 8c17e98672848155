// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"
#include "ops/operation.h"
#include "ops/world.h"

#include <QDateTime>
#include <QList>

#include <functional>

namespace catamaran::ops {

/// One call as it will go out. Secrets read "(secret)".
struct Call {
    QString system; ///< "asm", "cluster-1", "keyring"
    QString method; ///< "PATCH /apis/apps/v1/namespaces/default/deployments/sleep"
    QString body; ///< parameters or manifest, readable
};

/// What an operation says of itself before it is done. Pure: the words follow from the arguments.
struct Description {
    QString title; ///< "Scale sleep in cluster-1 to 0"
    QString subject; ///< what it changes: "cluster-1/default/deployments.apps/sleep", "mesh-1"; the same for every deed on it
    QString lane; ///< operations of one lane go one after the other ("mesh mesh-1"); empty: no such order
    QList<Call> calls;
    QString command; ///< the same by hand, several lines allowed
    QString undo; ///< by hand; empty when nothing remains
    QString keeps; ///< why it cannot be taken back; empty when revert() can
    int usualSeconds = 5;
};

/// What describe() needs besides the arguments: how clusters are reached by hand, and the provider's ids. Pure; either may be left out.
struct Names {
    std::function<kube::ByHand(const QString &cluster)> byHand {};
    /// The provider's id of a cluster or a mesh by our name for it; empty when there is none yet.
    std::function<QString(const QString &name)> idOf {};
};

struct Right {
    QString cluster;
    kube::AccessQuestion question;
};
enum class Direction { Do, Undo };

struct Receipt {
    QString answer; ///< one line for people
    QString requestId; ///< the server's, where it gives one
    QJsonObject made {}; ///< what only the act knows and looking needs: kept in the journal, so never a secret; see Scope::made
};

struct Evidence {
    QString text; ///< "replicas 1, ready 1"
    QString source; ///< "GET /apis/apps/v1/… on cluster-1"
    QDateTime at;
};

/// How operations of one kind are done. Stateless: one instance serves every thread. All I/O is for worker threads and obeys
/// scope.stop and scope.deadline. Errors of kind Network, Timeout, Server, Protocol and Cancelled from act() and revert() mean "unknown",
/// whatever they say: what became of it is then found by looking. Any other means that nothing was changed.
class Kind {
public:
    virtual ~Kind() = default;
    [[nodiscard]] virtual QString name() const = 0;

    /// False: it only waits or compares. Nothing of it is sent, unknown, or to be taken back; act() and revert() are never called.
    [[nodiscard]] virtual bool changes() const { return true; }

    // Pure.
    /// Strict: a missing, unknown or ill-typed argument is InvalidInput that names it.
    [[nodiscard]] virtual core::Result<core::Done> check(const QJsonObject &arguments) const = 0;
    [[nodiscard]] virtual Description describe(const Operation &operation, const Names &names) const = 0;
    [[nodiscard]] virtual QList<Right> rights(const Operation &operation, Direction direction) const = 0;
    /// Whether nothing is left to do when @p now is there.
    [[nodiscard]] virtual bool satisfied(const Operation &operation, const State &now) const = 0;
    /// For people, of a state that is satisfied: why nothing is done. "was in place"
    [[nodiscard]] virtual QString whyNothing(const Operation &operation, const State &now, const Names &names) const;
    /// Whether two sightings are the same thing in the same state. By value; a kind may leave out what others may change.
    [[nodiscard]] virtual bool same(const Operation &operation, const State &a, const State &b) const;
    /// For people, of a deed that @p now shows neither undone nor as it was left: why nothing of it can be there any more (members went
    /// with their mesh), so that nothing is to be taken back. Empty: that is not so.
    [[nodiscard]] virtual QString whyGone(const Operation &operation, const State &before, const State &now) const;
    /// How long after an unanswered act a sighting without effect is not yet a "no". 0: at once.
    [[nodiscard]] virtual std::chrono::milliseconds settlesWithin() const { return {}; }

    // Worker thread.
    [[nodiscard]] virtual core::Result<State> look(const Operation &operation, Scope &scope) const = 0;
    /// Makes the change, with @p before as precondition: Conflict when the world is not so any more.
    [[nodiscard]] virtual core::Result<Receipt> act(const Operation &operation, const State &before, Scope &scope) const = 0;
    /// Waits until the effect can be seen, until the deadline; a reason that will not pass by itself ends it at once.
    [[nodiscard]] virtual core::Result<Evidence> prove(const Operation &operation, Scope &scope) const = 0;
    /// Takes back what @p now shows as we left it, to @p before, with @p now as precondition, and proves it.
    [[nodiscard]] virtual core::Result<Evidence> revert(
        const Operation &operation, const State &before, const State &now, Scope &scope) const = 0;
};

} // namespace catamaran::ops
