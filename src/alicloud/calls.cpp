// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/calls.h"

#include "core/shellquoted.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace catamaran::alicloud {

using core::shellQuoted;

namespace {

QString flag(bool value)
{
    return value ? QStringLiteral("true") : QStringLiteral("false");
}

QString base64(const QByteArray &pem)
{
    return QString::fromLatin1(pem.toBase64());
}

QString compact(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QString compact(const QJsonArray &array)
{
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

/// The file a certificate or key parameter is read from, by Istio's names for them; empty for other parameters.
QString fileFor(const QString &parameter)
{
    static const QMap<QString, QString> files {
        { QStringLiteral("ExistingCaCert"), QStringLiteral("ca-cert.pem") },
        { QStringLiteral("ExistingCaKey"), QStringLiteral("ca-key.pem") },
        { QStringLiteral("ExistingRootCaCert"), QStringLiteral("root-cert.pem") },
        { QStringLiteral("CertChain"), QStringLiteral("cert-chain.pem") },
    };
    return files.value(parameter);
}

} // namespace

namespace calls {

DescribedCall createMesh(const CreateMeshRequest &request)
{
    DescribedCall call { QStringLiteral("CreateServiceMesh"), "POST", {} };
    auto &parameters = call.parameters;
    const auto put = [&](const char *name, const QString &value) {
        if (!value.isEmpty())
            parameters.insert(QLatin1String(name), value);
    };
    put("Name", request.name);
    put("RegionId", request.regionId);
    put("VpcId", request.vpcId);
    put("VSwitches", compact(QJsonArray::fromStringList(request.vSwitches)));
    put("IstioVersion", request.istioVersion);
    put("Edition", request.edition);
    put("ClusterSpec", request.clusterSpec);
    put("ApiServerPublicEip", flag(request.publicApiServer));
    if (!request.caCert.isEmpty() || !request.caKey.isEmpty() || !request.rootCert.isEmpty()) {
        put("UseExistingCA", flag(true));
        put("ExistingCaCert", base64(request.caCert));
        put("ExistingCaKey", request.caKey.isEmpty() ? QString() : hiddenSecret);
        put("ExistingRootCaCert", base64(request.rootCert));
        put("CertChain", base64(request.certChain));
    }
    if (request.guestCluster)
        put("GuestCluster", *request.guestCluster);
    int number = 0;
    for (auto it = request.tags.begin(); it != request.tags.end(); ++it) { // in the query (facts asm-openapi 3.1)
        ++number;
        call.query.insert(QStringLiteral("Tag.%1.Key").arg(number), it.key());
        call.query.insert(QStringLiteral("Tag.%1.Value").arg(number), it.value());
    }
    return call;
}

DescribedCall deleteMesh(const QString &meshId)
{
    return { QStringLiteral("DeleteServiceMesh"), "POST", { { QStringLiteral("ServiceMeshId"), meshId } } };
}

DescribedCall addCluster(const QString &meshId, const QString &clusterId, bool discoveryOnly)
{
    DescribedCall call { QStringLiteral("AddClusterIntoServiceMesh"), "POST",
        { { QStringLiteral("ServiceMeshId"), meshId }, { QStringLiteral("ClusterId"), clusterId } } };
    if (discoveryOnly) {
        call.parameters.insert(QStringLiteral("DiscoveryOnly"), flag(true));
        // The peer's own mesh has its istio-system there already; a discovery-only member gets nothing installed into it.
        call.parameters.insert(QStringLiteral("IgnoreNamespaceCheck"), flag(true));
    }
    return call;
}

DescribedCall removeCluster(const QString &meshId, const QString &clusterId)
{
    return { QStringLiteral("RemoveClusterFromServiceMesh"), "POST",
        { { QStringLiteral("ServiceMeshId"), meshId }, { QStringLiteral("ClusterId"), clusterId } } };
}

DescribedCall setNetworks(const QString &meshId, const ClusterNetworks &networks)
{
    QJsonObject byCluster;
    for (auto it = networks.begin(); it != networks.end(); ++it) {
        QJsonObject entry { { QStringLiteral("Network"), it->network }, { QStringLiteral("EnableGateway"), it->enableGateway } };
        if (!it->customGatewayAddress.isEmpty())
            entry.insert(QStringLiteral("CustomGatewayAddress"), it->customGatewayAddress);
        byCluster.insert(it.key(), entry);
    }
    return { QStringLiteral("UpdateMeshMultiClusterNetwork"), "POST",
        { { QStringLiteral("ServiceMeshId"), meshId }, { QStringLiteral("MultiClusterNetworks"), compact(byCluster) } } };
}

DescribedCall setInjection(const QString &meshId, const QString &ns, bool enabled)
{
    return { QStringLiteral("UpdateIstioInjectionConfig"), "POST",
        { { QStringLiteral("ServiceMeshId"), meshId }, { QStringLiteral("Namespace"), ns },
            { QStringLiteral("EnableIstioInjection"), flag(enabled) } } };
}

} // namespace calls

QString describeAsCommand(const QString &action, const QMap<QString, QString> &parameters)
{
    QString line = QStringLiteral("aliyun servicemesh ") + shellQuoted(action);
    for (auto it = parameters.begin(); it != parameters.end(); ++it) {
        const QString file = fileFor(it.key());
        const QString value = file.isEmpty() ? shellQuoted(it.value()) : QStringLiteral("\"$(base64 -w0 %1)\"").arg(file);
        line += QStringLiteral(" --%1 %2").arg(it.key(), value);
    }
    return line;
}

QString describeAsCommand(const DescribedCall &call)
{
    QMap<QString, QString> all = call.parameters;
    all.insert(call.query);
    return describeAsCommand(call.action, all);
}

QString fetchKubeconfigCommand(const QString &region, const QString &clusterId, int minutes)
{
    return shellQuoted(QStringList { QStringLiteral("aliyun"), QStringLiteral("cs"), QStringLiteral("DescribeClusterUserKubeconfig"),
               QStringLiteral("--region"), region, QStringLiteral("--ClusterId"), clusterId, QStringLiteral("--PrivateIpAddress"),
               QStringLiteral("false"), QStringLiteral("--TemporaryDurationMinutes"), QString::number(minutes) })
        + QStringLiteral(" | jq -r .config");
}

} // namespace catamaran::alicloud
