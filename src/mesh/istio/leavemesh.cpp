// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/leavemesh.h"

#include "mesh/arguments.h"
#include "mesh/istio/say.h"
#include "ops/kinds/typedkind.h"

namespace catamaran::mesh::istio {

using core::Result;
using ops::Evidence;
using ops::Scope;
using ops::State;

namespace {

struct LeaveArguments {
    QString mesh;
};

class LeaveMesh final : public ops::TypedKind<LeaveArguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("istio.leaveMesh"); }
    [[nodiscard]] bool changes() const override { return false; }

protected:
    [[nodiscard]] Result<LeaveArguments> read(const QJsonObject &given) const override
    {
        ArgumentReader reader(name(), given);
        LeaveArguments arguments { reader.label(QStringLiteral("mesh")) };
        if (const auto error = reader.error())
            return core::fail(*error);
        return arguments;
    }

    [[nodiscard]] ops::Description words(const LeaveArguments &arguments, const ops::Names &) const override
    {
        ops::Description said;
        said.title = Say::tr("Leave the control plane of %1 as it is").arg(arguments.mesh);
        said.usualSeconds = 0;
        return said;
    }

    [[nodiscard]] QList<ops::Right> needs(const LeaveArguments &, ops::Direction) const override { return {}; }
    [[nodiscard]] bool isDone(const LeaveArguments &, const State &) const override { return true; }
    [[nodiscard]] Result<State> see(const LeaveArguments &, Scope &) const override { return State {}; }
    [[nodiscard]] Result<ops::Receipt> change(const LeaveArguments &, const State &, Scope &) const override { return ops::Receipt {}; }
    [[nodiscard]] Result<Evidence> proof(const LeaveArguments &, Scope &scope) const override
    {
        return Evidence { Say::tr("left as it is: it was not installed by Catamaran"), {}, scope.clock() };
    }
    [[nodiscard]] Result<Evidence> takeBack(const LeaveArguments &, const State &, const State &, Scope &) const override
    {
        return Evidence {};
    }
};

} // namespace

std::unique_ptr<const ops::Kind> makeLeaveMesh()
{
    return std::make_unique<LeaveMesh>();
}

} // namespace catamaran::mesh::istio
