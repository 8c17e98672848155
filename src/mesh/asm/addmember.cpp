// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/addmember.h"

#include "mesh/asm/members.h"

namespace catamaran::mesh {

using core::ErrorKind;
using core::Result;
using ops::Description;
using ops::Direction;
using ops::Evidence;
using ops::Names;
using ops::Receipt;
using ops::Scope;
using ops::State;

namespace {

struct Arguments {
    Membership one;
    Mode mode = Mode::Unknown;
};

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    ArgumentReader reader(operation, given);
    Arguments arguments;
    arguments.one.mesh = reader.label(QStringLiteral("mesh"));
    arguments.one.cluster = reader.text(QStringLiteral("cluster"));
    arguments.mode = modeOf(reader.text(QStringLiteral("mode")));
    if (arguments.mode == Mode::Unknown)
        reader.refuse(QStringLiteral("mode"), Say::tr("the mode must be managed or discovery-only"));
    if (const auto error = reader.error())
        return core::fail(*error);
    return arguments;
}

bool manages(const Arguments &arguments)
{
    return arguments.mode == Mode::Managed;
}

QString titleOf(const Arguments &arguments)
{
    return (manages(arguments) ? Say::tr("Let %1 manage %2") : Say::tr("Let %1 discover %2"))
        .arg(arguments.one.mesh, arguments.one.cluster);
}

class AddMember final : public ops::TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("asm.addMember"); }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return parsed(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override;
    [[nodiscard]] QList<ops::Right> needs(const Arguments &, Direction) const override { return {}; }
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &now) const override;
    [[nodiscard]] bool isSame(const State &a, const State &b) const override;
    [[nodiscard]] QString goneWith(const Arguments &arguments, const State &before, const State &now) const override;
    [[nodiscard]] Result<State> see(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const override;
};

} // namespace

Description AddMember::words(const Arguments &arguments, const Names &names) const
{
    const auto &[mesh, cluster] = arguments.one;
    const QString meshId = meshIdFor(names, mesh), clusterId = clusterIdFor(names, cluster);
    Description said = described(
        titleOf(arguments), mesh, alicloud::calls::addCluster(meshId, clusterId, !manages(arguments)), manages(arguments) ? 60 : 10);
    said.undo = commandOf(alicloud::calls::removeCluster(meshId, clusterId));
    return said;
}

bool AddMember::isDone(const Arguments &arguments, const State &now) const
{
    return isMember(now) && (modeIn(now) == arguments.mode || modeIn(now) == Mode::Unknown);
}

bool AddMember::isSame(const State &a, const State &b) const
{
    return isSameMembership(a, b);
}

QString AddMember::goneWith(const Arguments &arguments, const State &before, const State &now) const
{
    return goneWithMesh(arguments.one.mesh, before, now);
}

Result<State> AddMember::see(const Arguments &arguments, Scope &scope) const
{
    AsmCalls calls(scope, titleOf(arguments));
    return seeMembership(arguments.one, calls);
}

Result<Receipt> AddMember::change(const Arguments &arguments, const State &before, Scope &scope) const
{
    AsmCalls calls(scope, titleOf(arguments));
    if (!exists(before))
        return calls.absent(arguments.one.mesh);
    if (isMember(before))
        return core::fail(ErrorKind::Conflict, calls.tried(), arguments.one.mesh,
            Say::tr("%1 is a member already, in another mode").arg(arguments.one.cluster),
            Say::tr("Plan again: the world has changed since."));
    return join(arguments.one, idIn(before), arguments.mode, calls);
}

Result<Evidence> AddMember::proof(const Arguments &arguments, Scope &scope) const
{
    AsmCalls calls(scope, titleOf(arguments));
    return proveJoined(arguments.one, arguments.mode, calls);
}

Result<Evidence> AddMember::takeBack(const Arguments &arguments, const State &, const State &now, Scope &scope) const
{
    AsmCalls calls(scope, Say::tr("Remove %1 from %2").arg(arguments.one.cluster, arguments.one.mesh));
    const auto left = leave(arguments.one, idIn(now), calls);
    if (!left)
        return core::fail(left.error());
    return proveLeft(arguments.one, calls);
}

std::unique_ptr<const ops::Kind> makeAsmAddMember()
{
    return std::make_unique<AddMember>();
}

} // namespace catamaran::mesh
