// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/asmcalls.h"

#include <QRegularExpression>

#include <algorithm>

namespace catamaran::mesh {

using alicloud::MeshInfo;
using core::Done;
using core::ErrorKind;
using core::Result;

namespace {

const QString placeholder = QStringLiteral("ID-OF-MESH-");

QString idOf(const ops::Names &names, const QString &name)
{
    return names.idOf ? names.idOf(name) : QString();
}

} // namespace

Result<MeshArgument> readMeshArgument(const QString &operation, const QJsonObject &given)
{
    ArgumentReader reader(operation, given);
    MeshArgument argument { reader.label(QStringLiteral("mesh")) };
    if (const auto error = reader.error())
        return core::fail(*error);
    return argument;
}

QString meshIdFor(const ops::Names &names, const QString &mesh)
{
    const QString id = idOf(names, mesh);
    return id.isEmpty() ? placeholder + mesh : id;
}

QString clusterIdFor(const ops::Names &names, const QString &cluster)
{
    const QString id = idOf(names, cluster);
    return id.isEmpty() ? cluster : id;
}

ops::Call callOf(const alicloud::DescribedCall &call)
{
    QString body;
    QMap<QString, QString> all = call.parameters;
    all.insert(call.query); // in the order of the command
    for (auto it = all.begin(); it != all.end(); ++it)
        body += it.key() + u'=' + it.value() + u'\n';
    return { QStringLiteral("asm"), QString::fromLatin1(call.method) + u' ' + call.action, body };
}

QString commandOf(const alicloud::DescribedCall &call)
{
    static const QRegularExpression form(placeholder + QStringLiteral("([a-z0-9-]+)"));
    QString line = alicloud::describeAsCommand(call);
    line.replace(form,
        QStringLiteral("\"$(aliyun servicemesh DescribeServiceMeshes | jq -r '.ServiceMeshes[].ServiceMeshInfo | select(.Name == \"\\1\") "
                       "| .ServiceMeshId')\""));
    return line;
}

ops::Description described(const QString &title, const QString &mesh, const alicloud::DescribedCall &call, int usualSeconds)
{
    ops::Description said;
    said.title = title;
    said.subject = said.lane = subjectOf(mesh);
    said.calls = { callOf(call) };
    said.command = commandOf(call);
    said.usualSeconds = usualSeconds;
    return said;
}

AsmCalls::AsmCalls(ops::Scope &scope, QString tried)
    : m_scope(scope)
    , m_tried(std::move(tried))
{
}

Result<AsmProvider *> AsmCalls::account() const
{
    if (auto *account = m_scope.world.service<AsmProvider>())
        return account;
    return core::fail(ErrorKind::Precondition, m_tried, m_scope.world.environment(), Say::tr("the environment has no cloud account"),
        Say::tr("Add alibabaCloud to the environment file."));
}

Result<std::optional<MeshInfo>> AsmCalls::find(const QString &mesh)
{
    const auto all = read(mesh, [](alicloud::AsmClient &client, std::stop_token stop) { return client.meshes(std::move(stop)); });
    if (!all)
        return core::fail(all.error());
    const auto found = std::find_if(all->begin(), all->end(), [&](const MeshInfo &one) { return one.name == mesh; });
    return found == all->end() ? std::optional<MeshInfo>() : std::optional(*found);
}

Result<std::optional<MeshStatus>> AsmCalls::status(const QString &mesh)
{
    const auto account = this->account();
    if (!account)
        return core::fail(account.error());
    const auto all
        = ops::ask(m_scope, m_scope.stop, m_tried, mesh, [&](std::stop_token stop) { return (*account)->status(std::move(stop)); });
    if (!all)
        return core::fail(all.error());
    const QList<MeshStatus> &meshes = all->meshes;
    const auto found = std::find_if(meshes.begin(), meshes.end(), [&](const MeshStatus &one) { return one.name == mesh; });
    if (found == meshes.end())
        return std::optional<MeshStatus>();
    // A member that was not told is not one that is gone; and what is known of networks tells of modes.
    if ((!found->membersKnown || !found->networksKnown) && !found->unread.isEmpty())
        return core::fail(found->unread.first());
    return *found;
}

Result<QString> AsmCalls::clusterId(const QString &cluster)
{
    const auto account = this->account();
    if (!account)
        return core::fail(account.error());
    return (*account)->clusterId(cluster, m_scope.stop);
}

tl::unexpected<core::Error> AsmCalls::absent(const QString &mesh) const
{
    return core::fail(
        ErrorKind::NotFound, m_tried, mesh, Say::tr("there is no mesh of this name"), Say::tr("Plan again: the world has changed since."));
}

Result<MeshInfo> AsmCalls::untilRunning(const QString &mesh)
{
    MeshInfo info;
    const auto waited = poll(m_scope, { m_tried, mesh, Say::tr("the mesh is still not running") }, [&]() -> Result<bool> {
        const auto found = find(mesh);
        if (!found)
            return core::fail(found.error());
        if (!*found)
            return absent(mesh);
        if (info.state != (*found)->state)
            note(m_scope, Say::tr("%1 is %2").arg(mesh, (*found)->state));
        info = **found;
        const MeshState state = stateOf(info.state);
        if (state == MeshState::Failed)
            return core::fail(ErrorKind::Precondition, m_tried, mesh, Say::tr("the mesh is %1: %2").arg(info.state, info.errorMessage),
                Say::tr("Repair or delete it in the console of the service mesh."));
        return state == MeshState::Running;
    });
    if (waited)
        return info;
    core::Error error = waited.error();
    if (error.kind == ErrorKind::Timeout && !info.state.isEmpty() && stateOf(info.state) != MeshState::Running)
        error.answer = error.answer.replace(Say::tr("the mesh is still not running"), Say::tr("%1 is still %2").arg(mesh, info.state));
    return core::fail(error);
}

Result<MeshInfo> AsmCalls::readyForChange(const QString &mesh, const QString &id)
{
    const auto running = untilRunning(mesh);
    if (!running)
        return core::fail(notSent(running.error()));
    if (running->id != id)
        return core::fail(ErrorKind::Conflict, m_tried, mesh,
            Say::tr("it is another mesh of this name now: %1, not %2").arg(running->id, id),
            Say::tr("Plan again: the world has changed since."));
    return running;
}

Result<Done> AsmCalls::untilSettled(const QString &mesh, const QString &pending, const std::function<Result<bool>()> &done)
{
    return poll(m_scope, { m_tried, mesh, pending }, [&]() -> Result<bool> {
        if (const auto running = untilRunning(mesh); !running)
            return core::fail(running.error());
        return done();
    });
}

Result<ops::Receipt> AsmCalls::remove(const QString &mesh, const QString &id)
{
    const auto present = find(mesh);
    if (!present)
        return core::fail(present.error());
    if (!*present || (*present)->id != id)
        return core::fail(ErrorKind::Conflict, m_tried, mesh, Say::tr("the mesh %1 is not there any more").arg(id),
            Say::tr("Plan again: the world has changed since."));
    const MeshState state = stateOf((*present)->state);
    if (state == MeshState::Deleting)
        return ops::Receipt { Say::tr("it is being deleted already"), {} };
    if (state == MeshState::Creating || state == MeshState::Updating)
        if (const auto ready = readyForChange(mesh, id); !ready)
            return core::fail(ready.error());
    auto removed = change(mesh, Say::tr("accepted"),
        [&](alicloud::AsmClient &client, std::stop_token stop) { return client.deleteMesh(id, std::move(stop)); });
    if (!removed && removed.error().kind == ErrorKind::NotFound)
        return ops::Receipt { Say::tr("it was gone already"), removed.error().requestId };
    return removed;
}

Result<Done> AsmCalls::untilGone(const QString &mesh, const std::function<bool(const MeshInfo &)> &isIt)
{
    return poll(m_scope, { m_tried, mesh, Say::tr("the mesh is still there") }, [&]() -> Result<bool> {
        const auto found = find(mesh);
        if (!found)
            return core::fail(found.error());
        if (!*found || !isIt(**found))
            return true;
        note(m_scope, Say::tr("%1 is %2").arg(mesh, (*found)->state));
        if (stateOf((*found)->state) == MeshState::Failed)
            return core::fail(
                ErrorKind::Precondition, m_tried, mesh, Say::tr("the mesh is %1: %2").arg((*found)->state, (*found)->errorMessage));
        return false;
    });
}

ops::Evidence AsmCalls::evidence(const QString &text, const QString &action) const
{
    return { text, action, m_scope.clock() };
}

ops::State presence(const std::optional<MeshInfo> &mesh)
{
    if (!mesh)
        return { { { QStringLiteral("exists"), false } }, {} };
    QJsonObject value { { QStringLiteral("exists"), true }, { QStringLiteral("id"), mesh->id } };
    if (const QString owner = mesh->tags.value(ownerTag); !owner.isEmpty())
        value.insert(QStringLiteral("owner"), owner);
    if (stateOf(mesh->state) == MeshState::Deleting)
        value.insert(QStringLiteral("going"), true);
    return { value, {} };
}

bool isSamePresence(const ops::State &a, const ops::State &b)
{
    return exists(a) == exists(b) && idIn(a) == idIn(b) && ownerIn(a) == ownerIn(b);
}

QString whoMade(const QString &owner)
{
    return owner.isEmpty() ? Say::tr("nothing on it tells that Catamaran made it (an earlier version left no tag %1)").arg(ownerTag)
                           : Say::tr("it was made by execution %1 of Catamaran").arg(owner);
}

QString goneWithMesh(const QString &mesh, const ops::State &before, const ops::State &now)
{
    return exists(before) && !isSamePresence(before, now) ? Say::tr("it went with the mesh %1 (%2)").arg(mesh, idIn(before)) : QString();
}

} // namespace catamaran::mesh
