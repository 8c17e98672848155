// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/awaitmesh.h"

#include "mesh/asm/asmcalls.h"
#include "mesh/asm/asmprovider.h"

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

using Arguments = MeshArgument;

QString titleOf(const Arguments &arguments)
{
    return Say::tr("Wait until %1 runs").arg(arguments.mesh);
}

class AwaitMesh final : public ops::TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("asm.awaitMesh"); }
    [[nodiscard]] bool changes() const override { return false; }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return readMeshArgument(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override;
    [[nodiscard]] QList<ops::Right> needs(const Arguments &, Direction) const override { return {}; }
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &now) const override;
    [[nodiscard]] bool isSame(const State &a, const State &b) const override;
    [[nodiscard]] Result<State> see(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const override;
};

} // namespace

Description AwaitMesh::words(const Arguments &arguments, const Names &) const
{
    Description said = described(titleOf(arguments), arguments.mesh, { QStringLiteral("DescribeServiceMeshes"), "GET", {} }, 150);
    said.subject.clear(); // who waits keeps nobody off
    return said;
}

bool AwaitMesh::isDone(const Arguments &, const State &now) const
{
    return stateOf(now.value.value(u"state").toString()) == MeshState::Running;
}

bool AwaitMesh::isSame(const State &, const State &) const
{
    return true;
}

Result<State> AwaitMesh::see(const Arguments &arguments, Scope &scope) const
{
    return AsmCalls(scope, titleOf(arguments)).find(arguments.mesh).map([](const std::optional<alicloud::MeshInfo> &found) {
        State state = presence(found);
        if (found)
            state.value.insert(QStringLiteral("state"), found->state);
        return state;
    });
}

Result<Receipt> AwaitMesh::change(const Arguments &, const State &, Scope &) const
{
    return Receipt {};
}

Result<Evidence> AwaitMesh::proof(const Arguments &arguments, Scope &scope) const
{
    AsmCalls calls(scope, titleOf(arguments));
    const auto running = calls.untilRunning(arguments.mesh);
    if (!running)
        return core::fail(running.error());
    return calls.evidence(
        Say::tr("%1 (%2) is %3").arg(arguments.mesh, running->id, running->state), QStringLiteral("DescribeServiceMeshes"));
}

Result<Evidence> AwaitMesh::takeBack(const Arguments &, const State &, const State &, Scope &) const
{
    return Evidence {};
}

std::unique_ptr<const ops::Kind> makeAsmAwaitMesh()
{
    return std::make_unique<AwaitMesh>();
}

} // namespace catamaran::mesh
