// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/byhand.h"
#include "mesh/istio/installation.h"
#include "mesh/istio/istiokind.h"
#include "mesh/istio/primary.h"
#include "mesh/istio/remotesecret.h"
#include "mesh/istio/say.h"

#include <QJsonArray>

#include <algorithm>

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

/// "install-deployment-istiod-cluster-1".
QString stepOfObject(const QString &verb, const QString &cluster, const QJsonObject &object)
{
    return QStringLiteral("%1-%2-%3-%4").arg(verb, object[u"kind"].toString().toLower(), object[u"metadata"][u"name"].toString(), cluster);
}

bool isBefore(const Operation &operation, const QString &kind)
{
    const QString is = operation.arguments[u"object"][u"kind"].toString();
    return is != kind && (is == u"CustomResourceDefinition" || is == u"Namespace");
}

/// Each object by itself. What others may have brought for their own control planes (definitions, namespaces, the reader's account and
/// roles) is left as it is where it is theirs; anything else of others is refused.
QList<Deed> install(const QString &cluster, const QList<QJsonObject> &objects, const QString &why)
{
    QList<Deed> deeds;
    for (const QJsonObject &object : objects) {
        const QString kind = object[u"kind"].toString(), name = object[u"metadata"][u"name"].toString();
        QJsonObject arguments { { QStringLiteral("cluster"), cluster }, { QStringLiteral("object"), object } };
        if (kind == u"Namespace")
            arguments.insert(QStringLiteral("onlyIfMissing"), true);
        else if (kind == u"CustomResourceDefinition" || name.startsWith(u"istio-reader"))
            arguments.insert(QStringLiteral("foreign"), QStringLiteral("leave"));
        deeds.append({ stepOfObject(QStringLiteral("install"), cluster, object), why, { QStringLiteral("kube.apply"), arguments } });
    }
    return deeds;
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

    [[nodiscard]] QList<Deed> makeMesh(const MeshWish &mesh) const override
    {
        if (mesh.objects.isEmpty())
            return { { {}, {}, createMesh(mesh) } };
        const QString space = spaceIn(mesh.objects);
        QList<Deed> deeds;
        const auto spaceOf = [&](const QString &name) {
            return Deed { QStringLiteral("install-namespace-%1-%2").arg(name, mesh.cluster),
                Say::tr("The control plane of %1 stands in it.").arg(mesh.name),
                { QStringLiteral("kube.apply"),
                    { { QStringLiteral("cluster"), mesh.cluster },
                        { QStringLiteral("object"),
                            QJsonObject { { QStringLiteral("apiVersion"), QStringLiteral("v1") },
                                { QStringLiteral("kind"), QStringLiteral("Namespace") },
                                { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("name"), name } } } } },
                        { QStringLiteral("onlyIfMissing"), true } } } };
        };
        const bool bringsSpace = std::any_of(mesh.objects.begin(), mesh.objects.end(), [&](const QJsonObject &one) {
            return one[u"kind"].toString() == u"Namespace" && one[u"metadata"][u"name"].toString() == space;
        });
        if (!bringsSpace)
            deeds.append(spaceOf(space));
        QList<Deed> installed
            = install(mesh.cluster, mesh.objects, Say::tr("%1 is missing: it is installed from what the fleet names.").arg(mesh.name));
        if (bringsSpace)
            while (!installed.isEmpty() && isBefore(installed.first().operation, QStringLiteral("ServiceAccount")))
                deeds.append(installed.takeFirst());
        if (mesh.root) {
            QJsonObject root { { QStringLiteral("name"), mesh.root->name }, { QStringLiteral("step"), mesh.rootStep } };
            if (mesh.root->shared)
                root.insert(QStringLiteral("shared"), true);
            QJsonObject arguments = both(mesh.name, mesh.cluster);
            arguments.insert(QStringLiteral("namespace"), space);
            arguments.insert(QStringLiteral("root"), root);
            deeds.append({ QStringLiteral("cacerts-") + mesh.cluster,
                Say::tr("A control plane that starts without it makes a root of its own, which no other mesh trusts."),
                { QStringLiteral("istio.makeCacerts"), arguments } });
        }
        return deeds + installed;
    }

    [[nodiscard]] QList<Deed> unmakeMesh(const MeshWish &mesh) const override
    {
        QList<Deed> deeds;
        for (auto it = mesh.objects.crbegin(); it != mesh.objects.crend(); ++it) {
            const QJsonObject &object = *it;
            const QString kind = object[u"kind"].toString();
            if (kind == u"CustomResourceDefinition" || kind == u"Namespace") // what others keep in them would go too
                continue;
            QJsonObject arguments { { QStringLiteral("cluster"), mesh.cluster }, { QStringLiteral("apiVersion"), object[u"apiVersion"] },
                { QStringLiteral("kind"), kind }, { QStringLiteral("name"), object[u"metadata"][u"name"] },
                { QStringLiteral("foreign"), QStringLiteral("leave") } };
            if (const QJsonValue space = object[u"metadata"][u"namespace"]; space.isString())
                arguments.insert(QStringLiteral("namespace"), space);
            deeds.append({ stepOfObject(QStringLiteral("uninstall"), mesh.cluster, object),
                Say::tr(
                    "It was installed with %1, and goes if Catamaran applied it. Definitions and the namespace stay: others may have objects of them.")
                    .arg(mesh.name),
                { QStringLiteral("kube.delete"), arguments } });
        }
        QJsonObject arguments = both(mesh.name, mesh.cluster);
        arguments.insert(QStringLiteral("namespace"), spaceIn(mesh.objects));
        if (!deeds.isEmpty())
            deeds.append({ QStringLiteral("uninstall-cacerts-") + mesh.cluster, Say::tr("Nothing issues with it any more."),
                { QStringLiteral("istio.removeCacerts"), arguments } });
        return deeds;
    }

    [[nodiscard]] Operation awaitMesh(const QString &mesh, const QString &home) const override
    {
        return home.isEmpty() ? byHand("awaitMesh", { { QStringLiteral("mesh"), mesh } })
                              : Operation { QStringLiteral("istio.awaitMesh"), both(mesh, home) };
    }

    [[nodiscard]] QString knownAs(const QString &mesh, const QString &home) const override
    {
        return home.isEmpty() ? mesh : QStringLiteral("istio-") + home;
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
        if (wish.mode == Mode::Managed && wish.home == wish.cluster)
            return {}; // its own control plane's: that it runs there is all
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
        if (!wish.isThere && !wish.objects.isEmpty())
            deeds = install(
                wish.cluster, wish.objects, Say::tr("No Service of %1 has the label of a gateway of its network.").arg(wish.cluster));
        if (!wish.isThere && wish.objects.isEmpty()) {
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
