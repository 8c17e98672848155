// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/asmanswers.h"

#include "alicloud/apierror.h"
#include "alicloud/say.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace catamaran::alicloud::answers {

using core::ErrorKind;
using core::Result;

namespace {

/// The answer came but lacks what was promised.
auto missing(const QString &tried, const char *field, const QJsonObject &answer)
{
    core::Error error = core::Error::make(ErrorKind::Protocol, tried, {}, Say::tr("the answer has no %1").arg(QLatin1String(field)));
    error.requestId = tolerantText(answer.value(u"RequestId"));
    return core::fail(error);
}

QString text(const QJsonObject &object, const char *key)
{
    return tolerantText(object.value(QLatin1String(key)));
}

/// The answer came, but says it in a form that nobody promised: what is in it is not known, which is not "nothing".
auto notUnderstood(const QString &tried, const char *field, const QJsonObject &answer)
{
    core::Error error
        = core::Error::make(ErrorKind::Protocol, tried, {}, Say::tr("%1 of the answer is not understood").arg(QLatin1String(field)),
            Say::tr("Check the endpoint of this environment: something else may be answering there."));
    error.requestId = tolerantText(answer.value(u"RequestId"));
    return core::fail(error);
}

/// Not there, or the null that some servers write for an empty list.
bool isLeftOut(const QJsonValue &value)
{
    return value.isUndefined() || value.isNull();
}

/// A list of ids; a documented sample holds one element that is itself the text of a JSON array.
QStringList flattened(const QJsonValue &value)
{
    QStringList list;
    for (const QJsonValue &element : value.toArray()) {
        const QString id = element.toString();
        const QJsonDocument inner = id.startsWith(u'[') ? QJsonDocument::fromJson(id.toUtf8()) : QJsonDocument();
        if (inner.isArray()) {
            for (const QJsonValue &each : inner.array())
                list.append(each.toString());
        } else if (!id.isEmpty()) {
            list.append(id);
        }
    }
    return list;
}

/// [{"Key","Value"}], which some answers leave out.
QMap<QString, QString> readTags(const QJsonValue &value)
{
    QMap<QString, QString> tags;
    const QJsonArray list = value.toArray();
    for (const QJsonValue &each : list)
        if (const QString key = text(each.toObject(), "Key"); !key.isEmpty())
            tags.insert(key, text(each.toObject(), "Value"));
    return tags;
}

MeshInfo readMesh(const QJsonObject &object)
{
    const QJsonObject info = object.value(u"ServiceMeshInfo").toObject();
    const QJsonObject endpoints = object.value(u"Endpoints").toObject();
    const QJsonObject network = object.value(u"Spec").toObject().value(u"Network").toObject();
    MeshInfo mesh;
    mesh.id = text(info, "ServiceMeshId");
    mesh.name = text(info, "Name");
    mesh.regionId = text(info, "RegionId");
    mesh.version = text(info, "Version");
    mesh.state = text(info, "State");
    mesh.errorMessage = text(info, "ErrorMessage");
    mesh.profile = text(info, "Profile");
    mesh.vpcId = text(network, "VpcId");
    mesh.vSwitches = flattened(network.value(u"VSwitches"));
    mesh.clusterIds = flattened(object.value(u"Clusters"));
    mesh.publicApiServer = text(endpoints, "PublicApiServerEndpoint");
    mesh.publicPilot = text(endpoints, "PublicPilotEndpoint");
    mesh.tags = readTags(object.value(u"Tag"));
    return mesh;
}

MeshCluster readCluster(const QJsonObject &object)
{
    MeshCluster cluster;
    cluster.id = text(object, "ClusterId");
    cluster.name = text(object, "Name");
    cluster.regionId = text(object, "RegionId");
    cluster.vpcId = text(object, "VpcId");
    cluster.state = text(object, "State");
    cluster.version = text(object, "Version");
    cluster.serviceMeshId = text(object, "ServiceMeshId");
    cluster.clusterDomain = text(object, "ClusterDomain");
    cluster.errorMessage = text(object, "ErrorMessage");
    cluster.forbiddenFlag = text(object, "ForbiddenFlag").toInt();
    cluster.forbiddenInfo = text(object, "ForbiddenInfo");
    return cluster;
}

} // namespace

Result<QList<MeshInfo>> meshes(const QJsonObject &answer)
{
    if (!answer.value(u"ServiceMeshes").isArray())
        return missing(Say::tr("list meshes"), "ServiceMeshes", answer);
    QList<MeshInfo> list;
    for (const QJsonValue &each : answer.value(u"ServiceMeshes").toArray()) {
        MeshInfo mesh = readMesh(each.toObject());
        if (mesh.id.isEmpty()) // one that is left out would be taken for one that is not there
            return notUnderstood(Say::tr("list meshes"), "ServiceMeshes", answer);
        list.append(std::move(mesh));
    }
    return list;
}

Result<MeshInfo> mesh(const QJsonObject &answer)
{
    MeshInfo mesh = readMesh(answer.value(u"ServiceMesh").toObject());
    if (mesh.id.isEmpty())
        return missing(Say::tr("read a mesh"), "ServiceMesh", answer);
    return mesh;
}

Result<QList<MeshCluster>> clusters(const QJsonObject &answer)
{
    // An empty list is sometimes left out altogether.
    const QJsonValue clusters = answer.value(u"Clusters");
    if (!clusters.isArray() && !isLeftOut(clusters))
        return notUnderstood(Say::tr("list the clusters of a mesh"), "Clusters", answer);
    QList<MeshCluster> list;
    for (const QJsonValue &each : clusters.toArray()) {
        MeshCluster cluster = readCluster(each.toObject());
        if (cluster.id.isEmpty())
            return notUnderstood(Say::tr("list the clusters of a mesh"), "Clusters", answer);
        list.append(std::move(cluster));
    }
    return list;
}

Result<ClusterNetworks> networks(const QJsonObject &answer)
{
    ClusterNetworks byCluster;
    const QJsonValue networks = answer.value(u"MultiClusterNetworks");
    if (!networks.isObject() && !isLeftOut(networks))
        return notUnderstood(Say::tr("read the networks of a mesh"), "MultiClusterNetworks", answer);
    const QJsonObject object = networks.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        const QJsonObject entry = it.value().toObject();
        byCluster.insert(it.key(),
            { text(entry, "Network"), text(entry, "EnableGateway") == u"true", text(entry, "CustomGatewayAddress"),
                text(entry, "GatewayName") });
    }
    return byCluster;
}

Result<QMap<QString, QMap<QString, QString>>> namespaceLabels(const QJsonObject &answer)
{
    if (!answer.value(u"NsList").isArray() && !answer.value(u"NsLabels").isObject())
        return missing(Say::tr("list namespaces of a cluster"), "NsList", answer);
    QMap<QString, QMap<QString, QString>> byNamespace;
    for (const QJsonValue &each : answer.value(u"NsList").toArray())
        byNamespace.insert(each.toString(), {});
    const QJsonObject labelled = answer.value(u"NsLabels").toObject();
    for (auto it = labelled.begin(); it != labelled.end(); ++it) {
        const QJsonObject object = it.value().toObject();
        QMap<QString, QString> labels;
        for (auto label = object.begin(); label != object.end(); ++label)
            labels.insert(label.key(), tolerantText(label.value()));
        byNamespace.insert(it.key(), labels);
    }
    return byNamespace;
}

Result<QByteArray> caCert(const QJsonObject &answer)
{
    const QByteArray begin = "-----BEGIN CERTIFICATE-----";
    QByteArray pem = text(answer, "CaCert").toUtf8();
    if (pem.isEmpty())
        return missing(Say::tr("fetch the root certificate of a mesh"), "CaCert", answer);
    if (!pem.contains(begin)) {
        const auto decoded = QByteArray::fromBase64Encoding(pem.simplified().replace(' ', ""), QByteArray::AbortOnBase64DecodingErrors);
        pem = decoded ? *decoded : QByteArray();
    }
    if (!pem.contains(begin))
        return core::fail(ErrorKind::Protocol, Say::tr("fetch the root certificate of a mesh"), {},
            Say::tr("the answer is neither PEM nor base64 of PEM"));
    return pem;
}

Result<QStringList> versions(const QJsonObject &answer)
{
    if (!answer.value(u"VersionInfo").isArray())
        return missing(Say::tr("list mesh versions"), "VersionInfo", answer);
    QStringList list;
    for (const QJsonValue &each : answer.value(u"VersionInfo").toArray()) {
        for (const QString &version : flattened(each.toObject().value(u"Versions"))) {
            if (!list.contains(version))
                list.append(version);
        }
    }
    // Newest first; what cannot be read as a version goes last, as it came.
    std::stable_sort(list.begin(), list.end(), [](const QString &a, const QString &b) { return versionNumbers(a) > versionNumbers(b); });
    return list;
}

} // namespace catamaran::alicloud::answers
