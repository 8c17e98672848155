// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/byhand.h"

#include "mesh/arguments.h"
#include "mesh/istio/istiokind.h"
#include "mesh/istio/primary.h"
#include "mesh/istio/say.h"
#include "ops/kinds/typedkind.h"

#include <QJsonArray>

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

using Settings = QMap<QString, NetworkSetting>;

struct Arguments {
    QString mesh, cluster, ns, version;
    Mode mode = Mode::Unknown;
    bool enabled = true;
    Settings networks;
    QStringList clusters;
};

/// The cluster that @p mesh has its control plane in, as its id says.
QString homeOf(const Names &names, const QString &mesh)
{
    return names.idOf ? names.idOf(mesh).section(u'/', 0, 0) : QString();
}

QString labelCommand(const Names &names, const QString &cluster, const QString &ns, const QString &label)
{
    return ops::kubectl(names, cluster, QStringLiteral("label --overwrite namespace %1 %2").arg(ns, label));
}

class ByHand final : public ops::TypedKind<Arguments> {
public:
    enum class Deed { CreateMesh, AwaitMesh, DeleteMesh, AddMember, RemoveMember, SetNetworks, SetInjection };

    ByHand(Deed deed, const char *name)
        : m_deed(deed)
        , m_name(istioName + u'.' + QLatin1String(name))
    {
    }

    [[nodiscard]] QString name() const override { return m_name; }
    [[nodiscard]] bool changes() const override { return false; }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override
    {
        ArgumentReader reader(m_name, given);
        Arguments arguments;
        arguments.mesh = reader.label(QStringLiteral("mesh"));
        switch (m_deed) {
        case Deed::CreateMesh:
            arguments.cluster = reader.label(QStringLiteral("cluster"));
            arguments.version = reader.maybeText(QStringLiteral("version"));
            break;
        case Deed::AddMember:
        case Deed::RemoveMember:
            arguments.cluster = reader.label(QStringLiteral("cluster"));
            arguments.mode = modeIn(reader.maybeText(QStringLiteral("mode")));
            break;
        case Deed::SetNetworks: {
            const QJsonObject networks = reader.object(QStringLiteral("networks"));
            for (auto it = networks.begin(); it != networks.end(); ++it)
                arguments.networks.insert(it.key(), { it.value()[u"network"].toString(), it.value()[u"gateway"].toBool() });
            break;
        }
        case Deed::SetInjection:
            arguments.ns = reader.label(QStringLiteral("namespace"));
            arguments.enabled = reader.flag(QStringLiteral("enabled"));
            arguments.clusters = reader.labels(QStringLiteral("clusters"));
            break;
        case Deed::AwaitMesh:
        case Deed::DeleteMesh: break;
        }
        if (const auto error = reader.error())
            return core::fail(*error);
        return arguments;
    }

    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override
    {
        Description said;
        said.title = titleOf(arguments);
        said.command = commandOf(arguments, names);
        said.keeps = Say::tr("Catamaran does not do this yet: do it by hand, then plan again.");
        return said;
    }

    [[nodiscard]] QList<ops::Right> needs(const Arguments &, Direction) const override { return {}; }
    [[nodiscard]] bool isDone(const Arguments &, const State &) const override { return false; }
    [[nodiscard]] Result<State> see(const Arguments &, Scope &) const override { return State {}; }
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &, Scope &) const override
    {
        return core::fail(refusal(arguments));
    }
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &) const override { return core::fail(refusal(arguments)); }
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &, const State &, const State &, Scope &) const override { return Evidence {}; }

private:
    static Mode modeIn(const QString &word)
    {
        return word == u"managed" ? Mode::Managed : word == u"discovery-only" ? Mode::DiscoveryOnly : Mode::Unknown;
    }

    [[nodiscard]] core::Error refusal(const Arguments &arguments) const
    {
        return core::Error::make(ErrorKind::Unsupported, titleOf(arguments), arguments.mesh,
            Say::tr("Catamaran does not do this for Istio yet; nothing was changed"),
            Say::tr("Do it by hand with the command that the plan shows, then plan again."));
    }

    [[nodiscard]] QString titleOf(const Arguments &arguments) const
    {
        QStringList networks;
        for (auto it = arguments.networks.begin(); it != arguments.networks.end(); ++it)
            networks << Say::tr("%1 on %2").arg(it.key(), it->network);
        switch (m_deed) {
        case Deed::CreateMesh: return Say::tr("By hand: install the control plane of %1 in %2").arg(arguments.mesh, arguments.cluster);
        case Deed::AwaitMesh: return Say::tr("By hand: see that the control plane of %1 runs").arg(arguments.mesh);
        case Deed::DeleteMesh: return Say::tr("By hand: remove the control plane of %1").arg(arguments.mesh);
        case Deed::AddMember:
            return arguments.mode == Mode::Managed
                ? Say::tr("By hand: put %1 in charge of %2").arg(arguments.mesh, arguments.cluster)
                : Say::tr("By hand: give %1 a remote secret for %2").arg(arguments.mesh, arguments.cluster);
        case Deed::RemoveMember: return Say::tr("By hand: take the remote secret for %2 from %1").arg(arguments.mesh, arguments.cluster);
        case Deed::SetNetworks:
            return Say::tr("By hand: set the network labels that %1 reads: %2").arg(arguments.mesh, networks.join(QStringLiteral(", ")));
        case Deed::SetInjection:
            return (arguments.enabled ? Say::tr("By hand: turn injection on in namespace %1 of %2")
                                      : Say::tr("By hand: turn injection off in namespace %1 of %2"))
                .arg(arguments.ns, arguments.clusters.join(QStringLiteral(", ")));
        }
        return {};
    }

    [[nodiscard]] QString commandOf(const Arguments &arguments, const Names &names) const
    {
        const QString home = homeOf(names, arguments.mesh);
        const QString secret = QStringLiteral("istio-remote-secret-") + arguments.cluster;
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
        case Deed::AddMember:
            if (arguments.mode == Mode::Managed)
                lines << Say::tr("# a control plane in %1, or an annotation of its namespace istio-system that names another one")
                             .arg(arguments.cluster);
            else
                lines << QStringLiteral("istioctl create-remote-secret --name %1 --server https://ADDRESS-THAT-PODS-REACH > %2.yaml")
                             .arg(arguments.cluster, secret)
                      << ops::kubectl(names, home, QStringLiteral("apply -f %1.yaml").arg(secret));
            break;
        case Deed::RemoveMember: lines << ops::kubectl(names, home, QStringLiteral("-n istio-system delete secret %1").arg(secret)); break;
        case Deed::SetNetworks:
            for (auto it = arguments.networks.begin(); it != arguments.networks.end(); ++it)
                lines << labelCommand(
                    names, it.key(), systemNamespace, it->network.isEmpty() ? networkLabel + u'-' : networkLabel + u'=' + it->network);
            break;
        case Deed::SetInjection:
            for (const QString &cluster : arguments.clusters)
                lines << labelCommand(names, cluster, arguments.ns,
                    arguments.enabled ? QStringLiteral("istio-injection=enabled") : QStringLiteral("istio-injection-"));
            break;
        }
        return lines.join(u'\n');
    }

    Deed m_deed;
    QString m_name;
};

QJsonObject networksJson(const Settings &settings)
{
    QJsonObject value;
    for (auto it = settings.begin(); it != settings.end(); ++it)
        value.insert(it.key(), QJsonObject { { QStringLiteral("network"), it->network }, { QStringLiteral("gateway"), it->gateway } });
    return value;
}

ops::Operation byHand(const char *name, QJsonObject arguments)
{
    return { istioName + u'.' + QLatin1String(name), std::move(arguments) };
}

QString modeWord(Mode mode)
{
    return mode == Mode::Managed ? QStringLiteral("managed") : QStringLiteral("discovery-only");
}

class IstioOperations final : public Operations {
public:
    [[nodiscard]] ops::Operation createMesh(const MeshWish &mesh) const override
    {
        QJsonObject arguments { { QStringLiteral("mesh"), mesh.name }, { QStringLiteral("cluster"), mesh.cluster } };
        if (!mesh.version.isEmpty())
            arguments.insert(QStringLiteral("version"), mesh.version);
        return byHand("createMesh", arguments);
    }
    [[nodiscard]] ops::Operation awaitMesh(const QString &mesh) const override
    {
        return byHand("awaitMesh", { { QStringLiteral("mesh"), mesh } });
    }
    [[nodiscard]] ops::Operation deleteMesh(const QString &mesh, ops::Foreign) const override
    {
        return byHand("deleteMesh", { { QStringLiteral("mesh"), mesh } });
    }
    [[nodiscard]] ops::Operation addMember(const QString &mesh, const QString &cluster, Mode mode) const override
    {
        return byHand("addMember",
            { { QStringLiteral("mesh"), mesh }, { QStringLiteral("cluster"), cluster }, { QStringLiteral("mode"), modeWord(mode) } });
    }
    [[nodiscard]] ops::Operation removeMember(const QString &mesh, const QString &cluster, Mode) const override
    {
        return byHand("removeMember", { { QStringLiteral("mesh"), mesh }, { QStringLiteral("cluster"), cluster } });
    }
    [[nodiscard]] ops::Operation setNetworks(const QString &mesh, const Settings &byCluster, const Settings &) const override
    {
        return byHand("setNetworks", { { QStringLiteral("mesh"), mesh }, { QStringLiteral("networks"), networksJson(byCluster) } });
    }
    [[nodiscard]] ops::Operation setInjection(
        const QString &mesh, const QString &ns, bool enabled, const QStringList &managed) const override
    {
        return byHand("setInjection",
            { { QStringLiteral("mesh"), mesh }, { QStringLiteral("namespace"), ns }, { QStringLiteral("enabled"), enabled },
                { QStringLiteral("clusters"), QJsonArray::fromStringList(managed) } });
    }
};

} // namespace

const Operations &istioOperations()
{
    static const IstioOperations operations;
    return operations;
}

bool isByHand(const QString &kind)
{
    return kind.startsWith(istioName + u'.');
}

std::vector<std::unique_ptr<const ops::Kind>> byHandKinds()
{
    using Deed = ByHand::Deed;
    std::vector<std::unique_ptr<const ops::Kind>> kinds;
    for (const auto &[deed, name] :
        { std::pair(Deed::CreateMesh, "createMesh"), std::pair(Deed::AwaitMesh, "awaitMesh"), std::pair(Deed::DeleteMesh, "deleteMesh"),
            std::pair(Deed::AddMember, "addMember"), std::pair(Deed::RemoveMember, "removeMember"),
            std::pair(Deed::SetNetworks, "setNetworks"), std::pair(Deed::SetInjection, "setInjection") })
        kinds.push_back(std::make_unique<ByHand>(deed, name));
    return kinds;
}

} // namespace catamaran::mesh::istio
