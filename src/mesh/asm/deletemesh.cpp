// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/deletemesh.h"

#include "mesh/asm/asmcalls.h"

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
    QString mesh;
    ops::Foreign foreign = ops::Foreign::Refuse;
};

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    const auto foreign = ops::foreignOf(operation, given);
    if (!foreign)
        return core::fail(foreign.error());
    QJsonObject others = given;
    others.remove(QStringLiteral("foreign"));
    return readMeshArgument(operation, others).map([&](const MeshArgument &argument) { return Arguments { argument.mesh, *foreign }; });
}

QString titleOf(const Arguments &arguments)
{
    return Say::tr("Delete %1").arg(arguments.mesh);
}

bool isLeft(const Arguments &arguments, const State &now)
{
    return arguments.foreign == ops::Foreign::Leave && exists(now) && ownerIn(now).isEmpty() && !isGoing(now);
}

class DeleteMesh final : public ops::TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("asm.deleteMesh"); }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return parsed(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override;
    [[nodiscard]] QList<ops::Right> needs(const Arguments &, Direction) const override { return {}; }
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &now) const override;
    [[nodiscard]] QString whyDone(const Arguments &arguments, const State &now, const Names &names) const override;
    [[nodiscard]] bool isSame(const State &a, const State &b) const override;
    [[nodiscard]] Result<State> see(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const override;
};

} // namespace

Description DeleteMesh::words(const Arguments &arguments, const Names &names) const
{
    Description said = described(titleOf(arguments), arguments.mesh, alicloud::calls::deleteMesh(meshIdFor(names, arguments.mesh)), 60);
    said.keeps = Say::tr("A mesh cannot be brought back: what it held of configuration goes with it.");
    return said;
}

bool DeleteMesh::isDone(const Arguments &arguments, const State &now) const
{
    return !exists(now) || isLeft(arguments, now);
}

QString DeleteMesh::whyDone(const Arguments &arguments, const State &now, const Names &) const
{
    return isLeft(arguments, now)
        ? Say::tr("left as it is: %1 (if it may go: --foreign mesh/%2)").arg(whoMade(ownerIn(now)), arguments.mesh)
        : QString();
}

bool DeleteMesh::isSame(const State &a, const State &b) const
{
    return isSamePresence(a, b);
}

Result<State> DeleteMesh::see(const Arguments &arguments, Scope &scope) const
{
    return AsmCalls(scope, titleOf(arguments)).find(arguments.mesh).map(presence);
}

Result<Receipt> DeleteMesh::change(const Arguments &arguments, const State &before, Scope &scope) const
{
    if (ownerIn(before).isEmpty() && arguments.foreign != ops::Foreign::Take) {
        core::Error error = core::Error::make(ErrorKind::Precondition, titleOf(arguments), arguments.mesh, whoMade({}),
            Say::tr("Somebody else's mesh is not deleted unless that is asked for. If it may go: --foreign mesh/%1").arg(arguments.mesh));
        error.code = QStringLiteral("Foreign");
        return core::fail(error);
    }
    return AsmCalls(scope, titleOf(arguments)).remove(arguments.mesh, idIn(before));
}

Result<Evidence> DeleteMesh::proof(const Arguments &arguments, Scope &scope) const
{
    AsmCalls calls(scope, titleOf(arguments));
    const auto gone = calls.untilGone(arguments.mesh, [](const alicloud::MeshInfo &) { return true; });
    if (!gone)
        return core::fail(gone.error());
    return calls.evidence(Say::tr("there is no mesh of this name any more"), QStringLiteral("DescribeServiceMeshes"));
}

Result<Evidence> DeleteMesh::takeBack(const Arguments &arguments, const State &, const State &, Scope &) const
{
    return core::fail(ErrorKind::Unsupported, Say::tr("bring %1 back").arg(arguments.mesh), arguments.mesh,
        Say::tr("what it held of configuration is gone"), Say::tr("Plan again what you want."));
}

std::unique_ptr<const ops::Kind> makeAsmDeleteMesh()
{
    return std::make_unique<DeleteMesh>();
}

} // namespace catamaran::mesh
