// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/byhand.h"

#include "mesh/arguments.h"
#include "mesh/istio/primary.h"
#include "mesh/istio/say.h"
#include "ops/kinds/typedkind.h"

namespace catamaran::mesh::istio {

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

const QString byHandPrefix = QStringLiteral("istio.byHand.");

struct HandArguments {
    QString mesh, cluster, version, network;
};

/// The cluster that @p mesh has its control plane in, as its id says.
QString homeOf(const Names &names, const QString &mesh)
{
    return names.idOf ? names.idOf(mesh).section(u'/', 0, 0) : QString();
}

class ByHand final : public ops::TypedKind<HandArguments> {
public:
    enum class Deed { CreateMesh, AwaitMesh, DeleteMesh, TakeCharge, LeaveCharge, InstallGateway };

    ByHand(Deed deed, const char *name)
        : m_deed(deed)
        , m_name(byHandPrefix + QLatin1String(name))
    {
    }

    [[nodiscard]] QString name() const override { return m_name; }
    [[nodiscard]] bool changes() const override { return false; }

protected:
    [[nodiscard]] Result<HandArguments> read(const QJsonObject &given) const override
    {
        ArgumentReader reader(m_name, given);
        HandArguments arguments;
        arguments.mesh = reader.label(QStringLiteral("mesh"));
        switch (m_deed) {
        case Deed::CreateMesh:
            arguments.cluster = reader.label(QStringLiteral("cluster"));
            arguments.version = reader.maybeText(QStringLiteral("version"));
            break;
        case Deed::InstallGateway: arguments.network = reader.label(QStringLiteral("network")); [[fallthrough]];
        case Deed::TakeCharge:
        case Deed::LeaveCharge: arguments.cluster = reader.label(QStringLiteral("cluster")); break;
        case Deed::AwaitMesh:
        case Deed::DeleteMesh: break;
        }
        if (const auto error = reader.error())
            return core::fail(*error);
        return arguments;
    }

    [[nodiscard]] Description words(const HandArguments &arguments, const Names &names) const override
    {
        Description said;
        said.title = titleOf(arguments);
        said.command = commandOf(arguments, names);
        said.keeps = isInstalling()
            ? Say::tr(
                "The Fleet document does not say what it is installed from (controlPlane or gateway of the mesh: manifests, or istioctl). Say "
                "it there, or do it by hand; then plan again.")
            : Say::tr("Catamaran does not do this: do it by hand, then plan again.");
        return said;
    }

    [[nodiscard]] QList<ops::Right> needs(const HandArguments &, Direction) const override { return {}; }
    [[nodiscard]] bool isDone(const HandArguments &, const State &) const override { return false; }
    [[nodiscard]] Result<State> see(const HandArguments &, Scope &) const override { return State {}; }
    [[nodiscard]] Result<Receipt> change(const HandArguments &arguments, const State &, Scope &) const override
    {
        return core::fail(refusal(arguments));
    }
    [[nodiscard]] Result<Evidence> proof(const HandArguments &arguments, Scope &) const override { return core::fail(refusal(arguments)); }
    [[nodiscard]] Result<Evidence> takeBack(const HandArguments &, const State &, const State &, Scope &) const override
    {
        return Evidence {};
    }

private:
    [[nodiscard]] bool isInstalling() const
    {
        return m_deed == Deed::CreateMesh || m_deed == Deed::AwaitMesh || m_deed == Deed::InstallGateway;
    }

    [[nodiscard]] core::Error refusal(const HandArguments &arguments) const
    {
        return core::Error::make(ErrorKind::Unsupported, titleOf(arguments), arguments.mesh,
            Say::tr("Catamaran does not do this by itself; nothing was changed"),
            Say::tr("Do it by hand with the command that the plan shows, then plan again."));
    }

    [[nodiscard]] QString titleOf(const HandArguments &arguments) const
    {
        switch (m_deed) {
        case Deed::CreateMesh: return Say::tr("By hand: install the control plane of %1 in %2").arg(arguments.mesh, arguments.cluster);
        case Deed::AwaitMesh: return Say::tr("By hand: see that the control plane of %1 runs").arg(arguments.mesh);
        case Deed::DeleteMesh: return Say::tr("By hand: remove the control plane of %1").arg(arguments.mesh);
        case Deed::TakeCharge: return Say::tr("By hand: put %1 in charge of %2").arg(arguments.mesh, arguments.cluster);
        case Deed::LeaveCharge: return Say::tr("By hand: take %2 out of the charge of %1").arg(arguments.mesh, arguments.cluster);
        case Deed::InstallGateway:
            return Say::tr("By hand: install the cross-cluster gateway of %1 in %2").arg(arguments.network, arguments.cluster);
        }
        return {};
    }

    [[nodiscard]] QString commandOf(const HandArguments &arguments, const Names &names) const
    {
        const QString home = homeOf(names, arguments.mesh);
        QStringList lines;
        switch (m_deed) {
        case Deed::CreateMesh:
            lines << QStringLiteral("istioctl install --set values.global.multiCluster.clusterName=%1 --set values.global.meshID=MESH "
                                    "--set values.global.network=NETWORK")
                         .arg(arguments.cluster)
                  << Say::tr("# after the Secret cacerts is in istio-system of %1, with the kubeconfig of that cluster")
                         .arg(arguments.cluster);
            break;
        case Deed::AwaitMesh: lines << ops::kubectl(names, home, QStringLiteral("-n istio-system rollout status deployment istiod")); break;
        case Deed::DeleteMesh: lines << QStringLiteral("istioctl uninstall --purge"); break;
        case Deed::TakeCharge:
            lines << Say::tr("# a control plane in %1, or an annotation of its namespace istio-system that names another one")
                         .arg(arguments.cluster);
            break;
        case Deed::LeaveCharge: lines << Say::tr("# what put it in charge of %1 goes by hand").arg(arguments.cluster); break;
        case Deed::InstallGateway:
            lines << QStringLiteral("istioctl install -f eastwest.yaml")
                  << Say::tr("# with the kubeconfig of %1; its Service has the label %2 and the port 15443")
                         .arg(arguments.cluster, networkLabel + u'=' + arguments.network);
            break;
        }
        return lines.join(u'\n');
    }

    Deed m_deed;
    QString m_name;
};

} // namespace

ops::Operation byHand(const char *name, const QJsonObject &arguments)
{
    return { byHandPrefix + QLatin1String(name), arguments };
}

bool isByHand(const QString &kind)
{
    return kind.startsWith(byHandPrefix);
}

std::vector<std::unique_ptr<const ops::Kind>> byHandKinds()
{
    using Deed = ByHand::Deed;
    std::vector<std::unique_ptr<const ops::Kind>> kinds;
    for (const auto &[deed, name] : { std::pair(Deed::CreateMesh, "createMesh"), std::pair(Deed::AwaitMesh, "awaitMesh"),
             std::pair(Deed::DeleteMesh, "deleteMesh"), std::pair(Deed::TakeCharge, "takeCharge"),
             std::pair(Deed::LeaveCharge, "leaveCharge"), std::pair(Deed::InstallGateway, "installGateway") })
        kinds.push_back(std::make_unique<ByHand>(deed, name));
    return kinds;
}

} // namespace catamaran::mesh::istio
