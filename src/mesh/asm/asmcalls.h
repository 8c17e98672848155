// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/calls.h"
#include "mesh/arguments.h"
#include "mesh/asm/asmprovider.h"
#include "mesh/asm/words.h"
#include "mesh/say.h"
#include "mesh/waiting.h"
#include "ops/ask.h"
#include "ops/kinds/typedkind.h"

/// What the kinds asm.* have in common.
namespace catamaran::mesh {

/// Of what is done to a mesh as a whole: {mesh}.
struct MeshArgument {
    QString mesh;
};
[[nodiscard]] core::Result<MeshArgument> readMeshArgument(const QString &operation, const QJsonObject &given);

// --- words, pure ------------------------------------------------------------------------------------------------------

/// The id of a mesh for a command; of one that is not there yet a word that commandOf() turns into a look-up by name.
[[nodiscard]] QString meshIdFor(const ops::Names &names, const QString &mesh);
[[nodiscard]] QString clusterIdFor(const ops::Names &names, const QString &cluster);
[[nodiscard]] ops::Call callOf(const alicloud::DescribedCall &call);
[[nodiscard]] QString commandOf(const alicloud::DescribedCall &call);
/// What is said of every operation on @p mesh.
[[nodiscard]] ops::Description described(const QString &title, const QString &mesh, const alicloud::DescribedCall &call, int usualSeconds);

// --- worker thread ----------------------------------------------------------------------------------------------------

/// The account in one operation's hands: looks, waits and sends within the operation's stop and deadline. Errors name @c tried.
class AsmCalls {
public:
    AsmCalls(ops::Scope &scope, QString tried);

    /// nullopt: the account has no mesh of this name.
    [[nodiscard]] core::Result<std::optional<alicloud::MeshInfo>> find(const QString &mesh);
    /// The same with its members and their modes. A part of it that was not read is the error.
    [[nodiscard]] core::Result<std::optional<MeshStatus>> status(const QString &mesh);
    [[nodiscard]] core::Result<QString> clusterId(const QString &cluster);

    /// Waits until it runs: NotFound, or Precondition when it has failed, end that at once.
    [[nodiscard]] core::Result<alicloud::MeshInfo> untilRunning(const QString &mesh);
    /// The same before anything is sent: Precondition when the time is over, and Conflict when it is another mesh than @p id.
    [[nodiscard]] core::Result<alicloud::MeshInfo> readyForChange(const QString &mesh, const QString &id);
    /// Waits until the mesh runs and @p done says true.
    [[nodiscard]] core::Result<core::Done> untilSettled(
        const QString &mesh, const QString &pending, const std::function<core::Result<bool>()> &done);
    /// Deletes the mesh with that id and no other, unless that is under way.
    [[nodiscard]] core::Result<ops::Receipt> remove(const QString &mesh, const QString &id);
    [[nodiscard]] core::Result<core::Done> untilGone(const QString &mesh, const std::function<bool(const alicloud::MeshInfo &)> &isIt);

    /// Start: (alicloud::AsmClient &, std::stop_token) -> future.
    template <typename Start> [[nodiscard]] auto read(const QString &target, Start start) { return call(target, m_scope.stop, start); }
    /// A stop is heeded before, not while.
    template <typename Start> [[nodiscard]] core::Result<ops::Receipt> change(const QString &target, const QString &answer, Start start)
    {
        return call(target, {}, start).map([&](const alicloud::Accepted &accepted) { return ops::Receipt { answer, accepted.requestId }; });
    }
    template <typename Start>
    [[nodiscard]] auto call(const QString &target, const std::stop_token &stop, Start start)
        -> std::decay_t<decltype(start(std::declval<alicloud::AsmClient &>(), std::stop_token()).result())>
    {
        const auto account = this->account();
        if (!account)
            return core::fail(account.error());
        return ops::ask(
            m_scope, stop, m_tried, target, [&](std::stop_token ended) { return start((*account)->client(), std::move(ended)); });
    }

    /// Evidence that the cloud gave by @p action, just now.
    [[nodiscard]] ops::Evidence evidence(const QString &text, const QString &action) const;
    [[nodiscard]] const QString &tried() const { return m_tried; }
    [[nodiscard]] ops::Scope &scope() { return m_scope; }
    [[nodiscard]] tl::unexpected<core::Error> absent(const QString &mesh) const;

private:
    [[nodiscard]] core::Result<AsmProvider *> account() const;
    ops::Scope &m_scope;
    const QString m_tried;
};

/// {"exists":false}, or {"exists":true,"id":…}, with "owner" (ownerTag) where one is told and "going" when it is being deleted.
[[nodiscard]] ops::State presence(const std::optional<alicloud::MeshInfo> &mesh);
/// Of states that presence() makes: that it is going is not another state.
[[nodiscard]] bool isSamePresence(const ops::State &a, const ops::State &b);
/// Of what was done to a mesh: why nothing of it can be there any more; empty while the mesh is.
[[nodiscard]] QString goneWithMesh(const QString &mesh, const ops::State &before, const ops::State &now);
[[nodiscard]] inline bool exists(const ops::State &state)
{
    return state.value.value(u"exists").toBool();
}
[[nodiscard]] inline bool isGoing(const ops::State &state)
{
    return state.value.contains(u"going");
}
[[nodiscard]] inline QString idIn(const ops::State &state)
{
    return state.value.value(u"id").toString();
}
[[nodiscard]] inline QString ownerIn(const ops::State &state)
{
    return state.value.value(u"owner").toString();
}
/// For people: "it was made by execution 1f0c… of Catamaran".
[[nodiscard]] QString whoMade(const QString &owner);

} // namespace catamaran::mesh
