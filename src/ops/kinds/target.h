// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/managedfields.h"
#include "kube/until.h"
#include "ops/kind.h"
#include "store/columns.h"

#include <initializer_list>

/// What the kinds of operations on one Kubernetes object have in common.
namespace catamaran::ops {

/// Our name in managedFields.
inline const QString fieldManager = QStringLiteral("catamaran");

/// The object that an operation is about. Arguments: cluster, apiVersion, kind, namespace (where the kind has one), name.
struct Target {
    QString cluster;
    QString apiVersion, kindName; ///< "apps/v1", "Deployment"
    kube::ResourceKind kind;
    QString ns, name;

    [[nodiscard]] QString words() const; ///< "Deployment sleep"
    [[nodiscard]] QString subject() const; ///< "cluster-1/default/deployments.apps/sleep"; of a namespace "cluster-1/default"
    [[nodiscard]] QString path(const QString &subresource = {}) const; ///< "/apis/apps/v1/namespaces/default/deployments/sleep"
    [[nodiscard]] QString place() const; ///< "namespace default of cluster-1", "cluster-1"
    /// For kubectl: "-n default delete deployments.apps/sleep".
    [[nodiscard]] QString byHand(const QString &verb) const;
    [[nodiscard]] kube::ObjectName object() const { return { kind, ns, name }; }
    /// @p object with what it has to say of which it is.
    [[nodiscard]] QJsonObject identified(QJsonObject object) const;

    /// Strict, but for the arguments named in @p others, which the kind judges.
    [[nodiscard]] static core::Result<Target> read(
        const QString &operation, const QJsonObject &arguments, std::initializer_list<QStringView> others = {});
    /// The same with apiVersion, kind, namespace and name taken from @p object.
    [[nodiscard]] static core::Result<Target> of(const QString &operation, const QString &cluster, const QJsonObject &object);
};

/// InvalidInput that names the argument.
[[nodiscard]] core::Error badArgument(const QString &operation, const QString &argument, const QString &answer);
/// What is done with an object that we have not applied: argument "foreign", "refuse" when it is left out.
enum class Foreign {
    Refuse, ///< Precondition, with who has it
    Leave, ///< it counts as done, and the note says who has it
    Take ///< the user says that this one may be changed
};
[[nodiscard]] core::Result<Foreign> foreignOf(const QString &operation, const QJsonObject &arguments);
/// The same where there is nothing to leave: whether it may be changed, "refuse" or "take".
[[nodiscard]] core::Result<bool> takesForeign(const QString &operation, const QJsonObject &arguments);
/// Precondition with the code "Foreign".
[[nodiscard]] core::Error foreignError(const QString &tried, const Target &target, const QString &answer, const QString &remedy);
/// Why an object with @p mark on it is not changed: another execution's fault broke it, and its undo would find neither what it left nor
/// what there was. nullopt: no mark, or that of the execution in @p scope.
[[nodiscard]] std::optional<core::Error> faultError(const QString &tried, const Target &target, const QString &mark, const Scope &scope);
/// A true or false that may be left out; no value: it is neither.
[[nodiscard]] core::Result<bool> flag(const QString &operation, const QJsonObject &arguments, const QString &name);

[[nodiscard]] QList<Right> rightsOn(const Target &target, const QStringList &verbs, const QString &subresource = {});
/// What until() needs besides reading.
inline const QStringList seeing { QStringLiteral("get"), QStringLiteral("list"), QStringLiteral("watch") };

/// kubectl as names tells it, else as it is.
[[nodiscard]] QString kubectl(const Names &names, const QString &cluster, const QString &words);
/// @p words with @p object on kubectl's standard input.
[[nodiscard]] QString kubectlWith(const Names &names, const QString &cluster, const QString &words, const QJsonObject &object);
using store::compact;

// --- worker thread ----------------------------------------------------------------------------------------------------

/// The object as it is, nullopt when there is none. A server that does not know the kind at all is an error.
[[nodiscard]] core::Result<std::optional<QJsonObject>> readObject(const Target &target, Scope &scope);
/// The object as a State: presence(), its version, and what @p more adds where there is one.
[[nodiscard]] core::Result<State> seen(const Target &target, Scope &scope, const std::function<void(const QJsonObject &, State &)> &more);
/// Sends one change. A stop is heeded before, not while: what was sent is answered, or known to be open at the deadline.
[[nodiscard]] core::Result<kube::Written> send(const Target &target, kube::Write write, Scope &scope);
/// until() as evidence. @p heedsPods as there.
[[nodiscard]] core::Result<Evidence> proven(
    const Target &target, const QString &tried, const kube::Condition &condition, Scope &scope, bool heedsPods = false);

/// A PATCH that the server refuses with 409 once the object is not of @p version any more.
[[nodiscard]] kube::Write mergePatch(const QJsonObject &body, const QString &version);

/// How an object is looked at again.
struct Sight {
    std::function<core::Result<State>()> look;
    std::function<bool(const State &, const State &)> same;
};

/// Calls @p change with @p before. When only the object's version has moved on (its status was written), while it is the
/// same by @p sight, calls it again with the new sighting; otherwise the world has changed: Conflict.
[[nodiscard]] core::Result<kube::Written> asSeen(
    const Sight &sight, const State &before, const std::function<core::Result<kube::Written>(const State &)> &change);

// --- objects, pure ----------------------------------------------------------------------------------------------------

[[nodiscard]] inline QJsonObject metadataOf(const QJsonObject &object)
{
    return object.value(u"metadata").toObject();
}
[[nodiscard]] inline QString uidOf(const QJsonObject &object)
{
    return metadataOf(object).value(u"uid").toString();
}
[[nodiscard]] inline QString versionOf(const QJsonObject &object)
{
    return metadataOf(object).value(u"resourceVersion").toString();
}
[[nodiscard]] inline bool isGoing(const QJsonObject &object)
{
    return metadataOf(object).contains(u"deletionTimestamp");
}

/// The object as the journal may keep it: without status, what only the server writes, a Secret's data, and kubectl's copy
/// of all that in an annotation. managedFields stay (without times).
[[nodiscard]] QJsonObject kept(const QJsonObject &object);
/// Who else owns something of @p object, for people: "kubectl, helm".
[[nodiscard]] QString managersOf(const QJsonObject &object);
/// Adds to @p state, of an object that we have not applied, whose it is: "foreign". Not to be compared: it may change without harm.
void tellForeign(const QJsonObject &object, State &state);
/// Why such an object is not changed; nullopt: it is ours. @p state was told by tellForeign().
[[nodiscard]] std::optional<core::Error> foreignIn(const QString &tried, const Target &target, const State &state);
/// The text of the fault's mark on it; empty: none.
[[nodiscard]] QString markTextOf(const QJsonObject &object);
/// {"exists":false}, or {"exists":true,"uid":…}, with "going" when it is being deleted.
[[nodiscard]] QJsonObject presence(const std::optional<QJsonObject> &object);

} // namespace catamaran::ops
