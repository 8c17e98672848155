// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/byhand.h"
#include "mesh/istio/istiokind.h"
#include "mesh/istio/primary.h"
#include "mesh/istio/remotesecret.h"
#include "mesh/istio/say.h"

#include <QJsonArray>

namespace catamaran::mesh::istio {

namespace {

using ops::Operation;
using Settings = QMap<QString, NetworkSetting>;

/// The Gateway of the samples that Istio comes with.
QJsonObject exposure(const QString &ns)
{
    const QJsonObject server { { QStringLiteral("port"),
                                   QJsonObject { { QStringLiteral("number"), gatewayPort },
                                       { QStringLiteral("name"), QStringLiteral("tls") },
                                       { QStringLiteral("protocol"), QStringLiteral("TLS") } } },
        { QStringLiteral("tls"), QJsonObject { { QStringLiteral("mode"), QStringLiteral("AUTO_PASSTHROUGH") } } },
        { QStringLiteral("hosts"), QJsonArray { QStringLiteral("*.local") } } };
    return { { QStringLiteral("apiVersion"), QStringLiteral("networking.istio.io/v1") },
        { QStringLiteral("kind"), QStringLiteral("Gateway") },
        { QStringLiteral("metadata"),
            QJsonObject { { QStringLiteral("name"), QStringLiteral("cross-network-gateway") }, { QStringLiteral("namespace"), ns } } },
        { QStringLiteral("spec"),
            QJsonObject { { QStringLiteral("selector"), QJsonObject { { QStringLiteral("istio"), QStringLiteral("eastwestgateway") } } },
                { QStringLiteral("servers"), QJsonArray { server } } } } };
}

/// Of @p mesh and @p cluster, where nothing else is said.
QJsonObject both(const QString &mesh, const QString &cluster)
{
    return { { QStringLiteral("mesh"), mesh }, { QStringLiteral("cluster"), cluster } };
}

/// What is made in the clusters' own objects; the forms stand in the headers of the kinds beside this file. What is asked for of one
/// cluster (isPerCluster()) names one.
class IstioOperations final : public Operations {
public:
    [[nodiscard]] Operation createMesh(const MeshWish &mesh) const override
    {
        QJsonObject arguments = both(mesh.name, mesh.cluster);
        if (!mesh.version.isEmpty())
            arguments.insert(QStringLiteral("version"), mesh.version);
        return byHand("createMesh", arguments);
    }

    [[nodiscard]] Operation awaitMesh(const QString &mesh) const override
    {
        return byHand("awaitMesh", { { QStringLiteral("mesh"), mesh } });
    }

    [[nodiscard]] Operation deleteMesh(const QString &mesh, ops::Foreign foreign) const override
    {
        const QJsonObject arguments { { QStringLiteral("mesh"), mesh } };
        return foreign == ops::Foreign::Leave ? Operation { QStringLiteral("istio.leaveMesh"), arguments }
                                              : byHand("deleteMesh", arguments);
    }

    [[nodiscard]] Operation addMember(const QString &mesh, const QString &cluster, Mode) const override
    {
        return byHand("takeCharge", both(mesh, cluster));
    }

    [[nodiscard]] Operation removeMember(const QString &mesh, const QString &cluster, Mode) const override
    {
        return byHand("leaveCharge", both(mesh, cluster));
    }

    [[nodiscard]] Operation setNetworks(const QString &, const Settings &byCluster, const Settings &previous) const override
    {
        QJsonObject arguments { { QStringLiteral("cluster"), byCluster.firstKey() }, { QStringLiteral("namespace"), systemNamespace } };
        if (const QString network = byCluster.first().network; !network.isEmpty())
            arguments.insert(QStringLiteral("network"), network);
        if (const QString before = previous.value(byCluster.firstKey()).network; !before.isEmpty())
            arguments.insert(QStringLiteral("previous"), before);
        return { QStringLiteral("istio.setNetwork"), arguments };
    }

    [[nodiscard]] Operation setInjection(const QString &, const QString &ns, bool enabled, const QStringList &managed) const override
    {
        return { QStringLiteral("istio.setInjection"),
            { { QStringLiteral("cluster"), managed.value(0) }, { QStringLiteral("namespace"), ns },
                { QStringLiteral("enabled"), enabled } } };
    }

    [[nodiscard]] bool isPerCluster() const override { return true; }

    [[nodiscard]] QList<Deed> join(const MemberWish &wish) const override
    {
        if (wish.mode == Mode::Managed)
            return { { {}, {}, addMember(wish.mesh, wish.cluster, wish.mode) } };
        QList<Deed> deeds;
        if (!wish.hasReader.value_or(false))
            for (const QJsonObject &object : readerObjects())
                deeds.append({ QStringLiteral("reader-%1-%2").arg(object[u"kind"].toString().toLower(), wish.cluster),
                    (wish.hasReader
                            ? Say::tr("%1 has no account yet that other control planes read it with.")
                            : Say::tr(
                                "Whether %1 has an account that other control planes read it with is not known; one that is there stays as it is."))
                        .arg(wish.cluster),
                    { QStringLiteral("kube.apply"),
                        { { QStringLiteral("cluster"), wish.cluster }, { QStringLiteral("object"), object },
                            { QStringLiteral("onlyIfMissing"), true } } } });
        if (wish.token.longLived)
            deeds.append({ QStringLiteral("reader-token-") + wish.cluster,
                Say::tr("Control planes read %1 with a token that lasts as long as its Secret.").arg(wish.cluster),
                { QStringLiteral("istio.makeReaderToken"), { { QStringLiteral("cluster"), wish.cluster } } } });
        QJsonObject arguments = remoteSecretArguments(wish);
        if (wish.renews)
            arguments.insert(QStringLiteral("renews"), true);
        deeds.append({ {}, {}, { QStringLiteral("istio.addMember"), arguments } });
        return deeds;
    }

    [[nodiscard]] Operation leave(const MemberWish &wish) const override
    {
        if (wish.mode == Mode::Managed)
            return removeMember(wish.mesh, wish.cluster, wish.mode);
        QJsonObject arguments = remoteSecretArguments(wish);
        arguments.insert(QStringLiteral("foreign"), QStringLiteral("leave"));
        return { QStringLiteral("istio.removeMember"), arguments };
    }

    [[nodiscard]] QList<Deed> openGateway(const GatewayWish &wish) const override
    {
        QList<Deed> deeds;
        if (!wish.isThere) {
            QJsonObject arguments = both(wish.mesh, wish.cluster);
            arguments.insert(QStringLiteral("network"), wish.network);
            deeds.append({ QStringLiteral("gateway-") + wish.cluster,
                Say::tr("No Service of %1 has the label of a gateway of its network.").arg(wish.cluster),
                byHand("installGateway", arguments) });
        }
        if (!wish.isExposed)
            deeds.append({ QStringLiteral("expose-") + wish.cluster,
                Say::tr("Without it the gateway of %1 opens no port for other networks.").arg(wish.cluster),
                { QStringLiteral("kube.apply"),
                    { { QStringLiteral("cluster"), wish.cluster }, { QStringLiteral("object"), exposure(wish.space) } } } });
        return deeds;
    }

    [[nodiscard]] QList<Deed> closeGateway(const GatewayWish &wish) const override
    {
        if (!wish.isExposed)
            return {};
        const QJsonObject object = exposure(wish.space);
        return { { QStringLiteral("close-") + wish.cluster, Say::tr("Other networks need no way into %1 any more.").arg(wish.cluster),
            { QStringLiteral("kube.delete"),
                { { QStringLiteral("cluster"), wish.cluster }, { QStringLiteral("apiVersion"), object[u"apiVersion"] },
                    { QStringLiteral("kind"), object[u"kind"] }, { QStringLiteral("namespace"), wish.space },
                    { QStringLiteral("name"), object[u"metadata"][u"name"] },
                    { QStringLiteral("foreign"), QStringLiteral("leave") } } } } };
    }
};

} // namespace

const Operations &istioOperations()
{
    static const IstioOperations operations;
    return operations;
}

std::optional<ops::Target> objectOf(const Operation &operation)
{
    if (operation.kind != u"istio.addMember" && operation.kind != u"istio.removeMember")
        return std::nullopt;
    ArgumentReader reader(operation.kind, operation.arguments);
    (void)reader.maybeFlag(QStringLiteral("renews"));
    const auto secret = readRemoteSecret(reader, operation.kind, operation.arguments);
    return secret ? std::optional(secret->target) : std::nullopt;
}

} // namespace catamaran::mesh::istio
