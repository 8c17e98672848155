// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/steprunner.h"

#include "fleet/trustroot.h"

#include <QCoreApplication>

#include <algorithm>

/// What the executor does on meshes. Each looks first, so that a repeat after a crash is safe.
namespace catamaran::fleet {

using core::Done;
using core::ErrorKind;
using core::Result;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Executor)
};

const mesh::MemberCluster *memberIn(const mesh::MeshStatus &status, const QString &clusterId)
{
    const auto found = std::find_if(
        status.members.begin(), status.members.end(), [&](const mesh::MemberCluster &one) { return one.clusterId == clusterId; });
    return found == status.members.end() ? nullptr : &*found;
}

} // namespace

StepRunner::Outcome StepRunner::act(const MakeRoot &action)
{
    return root(action).map([](const pki::Identity &) { return Done {}; });
}

StepRunner::Outcome StepRunner::act(const CreateMesh &action)
{
    const auto present = find(action.mesh);
    if (!present)
        return core::fail(present.error());
    if (*present)
        return Done {}; // an earlier run made it
    const auto account = plane();
    if (!account)
        return core::fail(account.error());
    const auto place = ackCluster(action.managedCluster);
    if (!place)
        return core::fail(place.error());
    mesh::NewMesh request { action.mesh, place->regionId, action.version, place->vpcId, place->vSwitches, std::nullopt };
    if (action.withSharedRoot) {
        const auto made = std::find_if(
            m_plan.steps.begin(), m_plan.steps.end(), [](const PlanStep &step) { return std::holds_alternative<MakeRoot>(step.action); });
        if (made == m_plan.steps.end())
            return core::fail(ErrorKind::Internal, tried(), action.mesh, Say::tr("the plan has no step for the root"));
        const auto shared = root(std::get<MakeRoot>(made->action));
        if (!shared)
            return core::fail(shared.error());
        auto ca = issueFor(action.mesh, *shared);
        if (!ca)
            return core::fail(ca.error());
        request.ca = std::move(*ca);
    }
    const Outcome created = change(QStringLiteral("POST CreateServiceMesh"), action.mesh, [&]() -> Outcome {
        return core::await((*account)->create(request, m_stop), m_stop).map([this, &action](const QString &id) {
            m_note(Say::tr("%1 has the id %2").arg(action.mesh, id));
            return Done {};
        });
    });
    // A lost answer: the mesh may have been made all the same (facts asm-openapi 4.5).
    if (!created && (created.error().kind == ErrorKind::Network || created.error().kind == ErrorKind::Timeout)) {
        const auto made = find(action.mesh);
        if (made && *made)
            return Done {};
    }
    return created;
}

StepRunner::Outcome StepRunner::act(const WaitForMesh &action)
{
    return journalled([&] { return waitUntilRunning(action.mesh).map([](const mesh::MeshStatus &) { return Done {}; }); });
}

StepRunner::Outcome StepRunner::act(const AddMember &action)
{
    const auto id = clusterId(action.cluster);
    if (!id)
        return core::fail(id.error());
    const auto status = waitUntilRunning(action.mesh);
    if (!status)
        return core::fail(status.error());
    if (const mesh::MemberCluster *member = memberIn(*status, *id)) {
        if (member->mode == action.mode || member->mode == mesh::Mode::Unknown)
            return Done {};
        return core::fail(ErrorKind::Conflict, tried(), action.mesh,
            Say::tr("%1 is a member already, in another mode").arg(action.cluster), Say::tr("Plan again: the world has changed since."));
    }
    const auto account = plane();
    const Outcome added = change(QStringLiteral("POST AddClusterIntoServiceMesh"), action.mesh + u'/' + action.cluster,
        [&] { return core::await((*account)->addCluster(status->id, *id, action.mode, m_stop), m_stop); });
    if (!added)
        return added;
    return poll(action.mesh, Say::tr("%1 is still not a member").arg(action.cluster), [&]() -> Result<bool> {
        const auto after = waitUntilRunning(action.mesh);
        if (!after)
            return core::fail(after.error());
        const mesh::MemberCluster *member = memberIn(*after, *id);
        if (member)
            m_note(Say::tr("%1 is a member, state: %2").arg(action.cluster, member->state));
        return member && (member->state.isEmpty() || member->state == QLatin1String("running"));
    });
}

StepRunner::Outcome StepRunner::act(const RemoveMember &action)
{
    const auto id = clusterId(action.cluster);
    if (!id)
        return core::fail(id.error());
    const auto present = find(action.mesh);
    if (!present)
        return core::fail(present.error());
    if (!*present || !memberIn(**present, *id))
        return Done {};
    const auto status = waitUntilRunning(action.mesh);
    if (!status)
        return core::fail(status.error());
    const auto account = plane();
    const Outcome removed = change(QStringLiteral("POST RemoveClusterFromServiceMesh"), action.mesh + u'/' + action.cluster,
        [&] { return core::await((*account)->removeCluster(status->id, *id, m_stop), m_stop); });
    if (!removed)
        return removed;
    return poll(action.mesh, Say::tr("%1 is still a member").arg(action.cluster), [&]() -> Result<bool> {
        const auto after = waitUntilRunning(action.mesh);
        if (!after)
            return core::fail(after.error());
        return !memberIn(*after, *id);
    });
}

StepRunner::Outcome StepRunner::act(const SetNetworks &action)
{
    const auto status = waitUntilRunning(action.mesh);
    if (!status)
        return core::fail(status.error());
    // The whole map goes out, so members that the plan does not speak of keep what they have.
    QMap<QString, mesh::NetworkSetting> wanted, present;
    for (const mesh::MemberCluster &member : status->members)
        if (!member.network.isEmpty())
            present.insert(member.clusterId, { member.network, member.gateway });
    wanted = present;
    for (auto it = action.byCluster.begin(); it != action.byCluster.end(); ++it) {
        const auto id = clusterId(it.key());
        if (!id)
            return core::fail(id.error());
        wanted.insert(*id, it.value());
    }
    if (wanted == present)
        return Done {};
    const auto account = plane();
    const Outcome set = change(QStringLiteral("POST UpdateMeshMultiClusterNetwork"), action.mesh,
        [&] { return core::await((*account)->setNetworks(status->id, wanted, m_stop), m_stop); });
    if (!set)
        return set;
    return poll(action.mesh, Say::tr("the networks are still not as they were set"), [&]() -> Result<bool> {
        const auto after = waitUntilRunning(action.mesh);
        if (!after)
            return core::fail(after.error());
        return std::all_of(after->members.begin(), after->members.end(), [&](const mesh::MemberCluster &member) {
            return !wanted.contains(member.clusterId)
                || wanted.value(member.clusterId) == mesh::NetworkSetting { member.network, member.gateway };
        });
    });
}

StepRunner::Outcome StepRunner::act(const SetInjection &action)
{
    const auto status = waitUntilRunning(action.mesh);
    if (!status)
        return core::fail(status.error());
    // What shows it: the label on the namespace in the clusters that this mesh manages.
    QStringList managed;
    for (const QString &name : m_session.clusterNames()) {
        const auto id = clusterId(name);
        const mesh::MemberCluster *member = id ? memberIn(*status, *id) : nullptr;
        if (member && member->mode == mesh::Mode::Managed)
            managed << name;
    }
    const auto isSet = [&]() -> Result<bool> {
        for (const QString &name : std::as_const(managed)) {
            const auto client = cluster(name);
            if (!client)
                return core::fail(client.error());
            const auto space = core::await((*client)->get(kube::kinds::namespaces, {}, action.ns, m_stop), m_stop);
            if (!space && space.error().kind == ErrorKind::NotFound)
                return !action.enabled; // the mesh makes the namespace when it turns injection on
            if (!space)
                return core::fail(space.error());
            const bool enabled = space->value(u"metadata").toObject().value(u"labels").toObject().value(u"istio-injection").toString()
                == QLatin1String("enabled");
            m_note(
                enabled ? Say::tr("%1 injects into %2").arg(name, action.ns) : Say::tr("%1 does not inject into %2").arg(name, action.ns));
            if (enabled != action.enabled)
                return false;
        }
        return true;
    };
    if (!managed.isEmpty())
        if (const auto already = isSet(); already && *already)
            return Done {};
    const auto account = plane();
    const Outcome set = change(QStringLiteral("POST UpdateIstioInjectionConfig"), action.mesh + u'/' + action.ns,
        [&] { return core::await((*account)->setInjection(status->id, action.ns, action.enabled, m_stop), m_stop); });
    if (!set)
        return set;
    if (const auto running = waitUntilRunning(action.mesh); !running)
        return core::fail(running.error());
    return poll(action.mesh, Say::tr("the namespace still does not show it"), isSet);
}

StepRunner::Outcome StepRunner::act(const CompareRoots &action)
{
    return journalled([&]() -> Outcome {
        const auto all = meshes();
        if (!all)
            return core::fail(all.error());
        QList<const mesh::MeshStatus *> compared;
        bool same = true;
        for (const QString &name : action.meshes) {
            const auto found = std::find_if(all->begin(), all->end(), [&](const mesh::MeshStatus &one) { return one.name == name; });
            if (found == all->end())
                return core::fail(ErrorKind::NotFound, tried(), name, Say::tr("there is no mesh of this name"));
            if (found->rootFingerprints.isEmpty())
                return core::fail(
                    ErrorKind::Precondition, tried(), name, Say::tr("its root could not be read: %1").arg(found->rootError));
            for (const mesh::MeshStatus *other : std::as_const(compared)) {
                same = same && pki::sameRoots(other->rootFingerprints, found->rootFingerprints);
                if (!pki::shareARoot(other->rootFingerprints, found->rootFingerprints))
                    return core::fail(ErrorKind::Precondition, tried(), Say::tr("%1 and %2").arg(other->name, name),
                        Say::tr("their roots differ: %1… and %2…")
                            .arg(other->rootFingerprints.begin()->left(16), found->rootFingerprints.begin()->left(16)),
                        Say::tr("The root of a mesh cannot be changed after its creation: delete one of them and apply again."));
            }
            compared << &*found;
        }
        if (!compared.isEmpty())
            m_note(same ? Say::tr("all have the root %1…").arg(compared.first()->rootFingerprints.begin()->left(16))
                        : Say::tr("they have a root in common, and others besides: a rotation is under way"));
        return Done {};
    });
}

StepRunner::Outcome StepRunner::act(const DeleteMesh &action)
{
    const auto present = find(action.mesh);
    if (!present)
        return core::fail(present.error());
    if (!*present)
        return Done {};
    const auto account = plane();
    if ((*present)->state != mesh::MeshState::Deleting) {
        if ((*present)->state == mesh::MeshState::Creating || (*present)->state == mesh::MeshState::Updating)
            if (const auto running = waitUntilRunning(action.mesh); !running)
                return core::fail(running.error());
        const Outcome deleted = change(QStringLiteral("POST DeleteServiceMesh"), action.mesh,
            [&] { return core::await((*account)->remove((*present)->id, m_stop), m_stop); });
        if (!deleted && deleted.error().kind != ErrorKind::NotFound)
            return deleted;
    }
    return poll(action.mesh, Say::tr("the mesh is still there"), [&]() -> Result<bool> {
        const auto found = find(action.mesh);
        if (!found)
            return core::fail(found.error());
        if (*found)
            m_note(Say::tr("%1 is %2").arg(action.mesh, (*found)->stateWord));
        if (*found && (*found)->state == mesh::MeshState::Failed)
            return core::fail(ErrorKind::Precondition, tried(), action.mesh,
                Say::tr("the mesh is %1: %2").arg((*found)->stateWord, (*found)->errorMessage));
        return !found->has_value();
    });
}

} // namespace catamaran::fleet
