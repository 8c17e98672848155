// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/awaitplane.h"

#include "mesh/arguments.h"
#include "mesh/istio/istioprovider.h"
#include "mesh/istio/primary.h"
#include "mesh/istio/say.h"
#include "mesh/waiting.h"
#include "ops/kinds/typedkind.h"

#include <algorithm>

namespace catamaran::mesh::istio {

using core::Result;
using ops::Evidence;
using ops::Scope;
using ops::State;

namespace {

struct AwaitArguments {
    QString mesh, cluster;
};

QString awaitTitle(const AwaitArguments &arguments)
{
    return Say::tr("Wait until the control plane of %1 runs").arg(arguments.mesh);
}

class AwaitPlane final : public ops::TypedKind<AwaitArguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("istio.awaitMesh"); }
    [[nodiscard]] bool changes() const override { return false; }

protected:
    [[nodiscard]] Result<AwaitArguments> read(const QJsonObject &given) const override
    {
        ArgumentReader reader(name(), given);
        const AwaitArguments arguments { reader.label(QStringLiteral("mesh")), reader.label(QStringLiteral("cluster")) };
        if (const auto error = reader.error())
            return core::fail(*error);
        return arguments;
    }

    [[nodiscard]] ops::Description words(const AwaitArguments &arguments, const ops::Names &names) const override
    {
        ops::Description said;
        said.title = awaitTitle(arguments);
        said.subject = subjectOf(arguments.mesh);
        said.command
            = ops::kubectl(names, arguments.cluster, QStringLiteral("-n %1 rollout status deployment istiod").arg(systemNamespace));
        said.usualSeconds = 10;
        return said;
    }

    [[nodiscard]] QList<ops::Right> needs(const AwaitArguments &, ops::Direction) const override { return {}; }
    [[nodiscard]] bool isDone(const AwaitArguments &, const State &) const override { return false; } // proven each time
    [[nodiscard]] bool isSame(const State &, const State &) const override { return true; }
    [[nodiscard]] Result<State> see(const AwaitArguments &, Scope &) const override { return State {}; }
    [[nodiscard]] Result<ops::Receipt> change(const AwaitArguments &, const State &, Scope &) const override { return ops::Receipt {}; }

    [[nodiscard]] Result<Evidence> proof(const AwaitArguments &arguments, Scope &scope) const override
    {
        MeshStatus seen;
        const auto waited = poll(
            scope, { awaitTitle(arguments), arguments.mesh, Say::tr("it does not run yet, or has shown no root") }, [&]() -> Result<bool> {
                if (auto *provider = scope.world.service<IstioProvider>())
                    provider->forget(arguments.cluster); // what was read before it was made
                const auto all = readMeshes(scope, awaitTitle(arguments));
                if (!all)
                    return core::fail(all.error());
                const auto found
                    = std::find_if(all->begin(), all->end(), [&](const MeshStatus &one) { return one.home == arguments.cluster; });
                if (found == all->end())
                    return false;
                seen = *found;
                return seen.state == MeshState::Running && !seen.rootFingerprints.isEmpty();
            });
        if (!waited)
            return core::fail(waited.error());
        return Evidence { Say::tr("it runs, and its root is %1…").arg(seen.rootFingerprints.begin()->left(16)),
            Say::tr("GET deployments?app=istiod and istio-ca-root-cert on %1").arg(arguments.cluster), scope.clock() };
    }

    [[nodiscard]] Result<Evidence> takeBack(const AwaitArguments &, const State &, const State &, Scope &) const override
    {
        return Evidence {};
    }
};

} // namespace

std::unique_ptr<const ops::Kind> makeAwaitPlane()
{
    return std::make_unique<AwaitPlane>();
}

} // namespace catamaran::mesh::istio
