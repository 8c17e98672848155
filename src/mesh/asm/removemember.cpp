// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/removemember.h"

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
    Mode mode = Mode::Unknown; ///< it is in, as the planner saw it
};

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    ArgumentReader reader(operation, given);
    Arguments arguments;
    arguments.one.mesh = reader.label(QStringLiteral("mesh"));
    arguments.one.cluster = reader.text(QStringLiteral("cluster"));
    const QString mode = reader.maybeText(QStringLiteral("mode"));
    arguments.mode = modeOf(mode);
    if (!mode.isEmpty() && arguments.mode == Mode::Unknown)
        reader.refuse(QStringLiteral("mode"), Say::tr("the mode must be managed or discovery-only"));
    if (const auto error = reader.error())
        return core::fail(*error);
    return arguments;
}

QString titleOf(const Arguments &arguments)
{
    return Say::tr("Remove %1 from %2").arg(arguments.one.cluster, arguments.one.mesh);
}

class RemoveMember final : public ops::TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("asm.removeMember"); }

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

Description RemoveMember::words(const Arguments &arguments, const Names &names) const
{
    const auto &[mesh, cluster] = arguments.one;
    const QString meshId = meshIdFor(names, mesh), clusterId = clusterIdFor(names, cluster);
    Description said = described(titleOf(arguments), mesh, alicloud::calls::removeCluster(meshId, clusterId), 10);
    alicloud::DescribedCall back = alicloud::calls::addCluster(meshId, clusterId, arguments.mode == Mode::DiscoveryOnly);
    if (arguments.mode == Mode::Unknown)
        back.parameters.insert(QStringLiteral("DiscoveryOnly"), Say::tr("AS-IT-WAS"));
    said.undo = commandOf(back);
    return said;
}

bool RemoveMember::isDone(const Arguments &, const State &now) const
{
    return !isMember(now);
}

bool RemoveMember::isSame(const State &a, const State &b) const
{
    return isSameMembership(a, b);
}

QString RemoveMember::goneWith(const Arguments &arguments, const State &before, const State &now) const
{
    return goneWithMesh(arguments.one.mesh, before, now);
}

Result<State> RemoveMember::see(const Arguments &arguments, Scope &scope) const
{
    AsmCalls calls(scope, titleOf(arguments));
    return seeMembership(arguments.one, calls);
}

Result<Receipt> RemoveMember::change(const Arguments &arguments, const State &before, Scope &scope) const
{
    AsmCalls calls(scope, titleOf(arguments));
    return leave(arguments.one, idIn(before), calls);
}

Result<Evidence> RemoveMember::proof(const Arguments &arguments, Scope &scope) const
{
    AsmCalls calls(scope, titleOf(arguments));
    return proveLeft(arguments.one, calls);
}

Result<Evidence> RemoveMember::takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const
{
    const Mode mode = modeIn(before) != Mode::Unknown ? modeIn(before) : arguments.mode;
    AsmCalls calls(scope, Say::tr("add %1 to %2 again").arg(arguments.one.cluster, arguments.one.mesh));
    if (mode == Mode::Unknown)
        return core::fail(ErrorKind::Precondition, calls.tried(), arguments.one.mesh,
            Say::tr("the provider did not tell in which mode it was a member"), Say::tr("Add it by hand, in the mode that it had."));
    const auto joined = join(arguments.one, idIn(now), mode, calls);
    if (!joined)
        return core::fail(joined.error());
    return proveJoined(arguments.one, mode, calls);
}

std::unique_ptr<const ops::Kind> makeAsmRemoveMember()
{
    return std::make_unique<RemoveMember>();
}

} // namespace catamaran::mesh
