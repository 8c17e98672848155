// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/members.h"

#include <algorithm>

namespace catamaran::mesh {

using core::ErrorKind;
using core::Result;
using ops::Evidence;
using ops::Receipt;
using ops::State;

namespace {

const QString source = QStringLiteral("DescribeClustersInServiceMesh");

const MemberCluster *memberIn(const MeshStatus &status, const QString &clusterId)
{
    const auto found
        = std::find_if(status.members.begin(), status.members.end(), [&](const MemberCluster &one) { return one.clusterId == clusterId; });
    return found == status.members.end() ? nullptr : &*found;
}

/// The cluster as the mesh has it, nullopt when it does not.
Result<std::optional<MemberCluster>> find(const Membership &one, AsmCalls &calls)
{
    const auto id = calls.clusterId(one.cluster);
    if (!id)
        return core::fail(id.error());
    const auto status = calls.status(one.mesh);
    if (!status)
        return core::fail(status.error());
    if (!*status)
        return calls.absent(one.mesh);
    const MemberCluster *member = memberIn(**status, *id);
    return member ? std::optional(*member) : std::nullopt;
}

} // namespace

Result<State> seeMembership(const Membership &one, AsmCalls &calls)
{
    const auto status = calls.status(one.mesh);
    if (!status)
        return core::fail(status.error());
    State state { { { QStringLiteral("exists"), status->has_value() } }, {} };
    if (!*status)
        return state;
    const auto id = calls.clusterId(one.cluster);
    if (!id)
        return core::fail(id.error());
    const MemberCluster *member = memberIn(**status, *id);
    state.value.insert(QStringLiteral("id"), (*status)->id);
    state.value.insert(QStringLiteral("member"), member != nullptr);
    if (member)
        state.value.insert(QStringLiteral("mode"), modeName(member->mode));
    return state;
}

bool isSameMembership(const State &a, const State &b)
{
    if (!isSamePresence(a, b) || isMember(a) != isMember(b))
        return false;
    return modeIn(a) == modeIn(b) || modeIn(a) == Mode::Unknown || modeIn(b) == Mode::Unknown;
}

namespace {

/// Start: (client, cluster's id, stop) -> future.
template <typename Start> Result<Receipt> changed(const Membership &one, const QString &id, AsmCalls &calls, Start start)
{
    const auto cluster = calls.clusterId(one.cluster);
    if (!cluster)
        return core::fail(cluster.error());
    if (const auto ready = calls.readyForChange(one.mesh, id); !ready)
        return core::fail(ready.error());
    return calls.change(one.mesh + u'/' + one.cluster, Say::tr("accepted"),
        [&](alicloud::AsmClient &client, std::stop_token stop) { return start(client, *cluster, std::move(stop)); });
}

} // namespace

Result<Receipt> join(const Membership &one, const QString &id, Mode mode, AsmCalls &calls)
{
    return changed(one, id, calls, [&](alicloud::AsmClient &client, const QString &cluster, std::stop_token stop) {
        return client.addCluster(id, cluster, mode == Mode::DiscoveryOnly, std::move(stop));
    });
}

Result<Receipt> leave(const Membership &one, const QString &id, AsmCalls &calls)
{
    return changed(one, id, calls, [&](alicloud::AsmClient &client, const QString &cluster, std::stop_token stop) {
        return client.removeCluster(id, cluster, std::move(stop));
    });
}

Result<Evidence> proveJoined(const Membership &one, Mode mode, AsmCalls &calls)
{
    MemberCluster seen;
    const auto settled = calls.untilSettled(one.mesh, Say::tr("%1 is still not a member").arg(one.cluster), [&]() -> Result<bool> {
        const auto member = find(one, calls);
        if (!member)
            return core::fail(member.error());
        if (!*member)
            return false;
        seen = **member;
        note(calls.scope(), Say::tr("%1 is a member, state: %2").arg(one.cluster, seen.state));
        return seen.state.isEmpty() || seen.state == QLatin1String("running");
    });
    if (!settled)
        return core::fail(settled.error());
    if (seen.mode != mode && seen.mode != Mode::Unknown)
        return core::fail(ErrorKind::Conflict, calls.tried(), one.mesh, Say::tr("%1 is a member already, in another mode").arg(one.cluster),
            Say::tr("Plan again: the world has changed since."));
    return calls.evidence(Say::tr("%1 is a member, state: %2").arg(one.cluster, seen.state), source);
}

Result<Evidence> proveLeft(const Membership &one, AsmCalls &calls)
{
    const auto settled = calls.untilSettled(one.mesh, Say::tr("%1 is still a member").arg(one.cluster),
        [&] { return find(one, calls).map([](const std::optional<MemberCluster> &member) { return !member; }); });
    if (!settled)
        return core::fail(settled.error());
    return calls.evidence(Say::tr("%1 is no member").arg(one.cluster), source);
}

} // namespace catamaran::mesh
