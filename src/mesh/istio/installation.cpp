// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/installation.h"

#include "mesh/istio/primary.h"
#include "mesh/istio/say.h"
#include "ops/kinds/target.h"

#include <QJsonArray>
#include <QSet>

#include <algorithm>

namespace catamaran::mesh::istio {

using core::ErrorKind;
using core::Result;

namespace {

QString kindIn(const QJsonObject &object)
{
    return object.value(u"kind").toString();
}

bool isControlPlane(const QJsonObject &object)
{
    return kindIn(object) == u"Deployment" && object[u"metadata"][u"labels"][u"app"].toString() == u"istiod";
}

bool isGatewayService(const QJsonObject &object)
{
    return kindIn(object) == u"Service" && !object[u"metadata"][u"labels"][networkLabel].toString().isEmpty();
}

bool isWebhook(const QJsonObject &object)
{
    return kindIn(object).endsWith(u"WebhookConfiguration");
}

/// Where it comes in the order.
int rankOf(const QJsonObject &object, Part part)
{
    static const QStringList first { QStringLiteral("CustomResourceDefinition"), QStringLiteral("Namespace"),
        QStringLiteral("ServiceAccount"), QStringLiteral("ClusterRole"), QStringLiteral("ClusterRoleBinding"), QStringLiteral("Role"),
        QStringLiteral("RoleBinding"), QStringLiteral("ConfigMap") };
    const QString kind = kindIn(object);
    if (part == Part::ControlPlane ? isControlPlane(object) : isGatewayService(object))
        return 100;
    if (kind == u"Deployment" || kind == u"DaemonSet")
        return 50;
    if (isWebhook(object)) // behind the mesh's own configuration: without a control plane the one that validates refuses it
        return 40;
    if (kind == u"Service")
        return 30;
    const qsizetype at = first.indexOf(kind);
    return at < 0 ? 20 : int(at);
}

/// It writes these itself once it runs: applied, they would be taken from us, and our objects would differ from what we left for ever.
QJsonObject withoutOwn(QJsonObject object)
{
    QJsonArray webhooks = object.value(u"webhooks").toArray();
    for (QJsonValueRef one : webhooks) {
        QJsonObject webhook = one.toObject(), client = webhook.value(u"clientConfig").toObject();
        client.remove(QStringLiteral("caBundle"));
        webhook.insert(QStringLiteral("clientConfig"), client);
        if (kindIn(object).startsWith(u"Validating"))
            webhook.remove(QStringLiteral("failurePolicy"));
        one = webhook;
    }
    object.insert(QStringLiteral("webhooks"), webhooks);
    return object;
}

/// What kubectl's own tools write of an object that was not made yet: creationTimestamp: null.
QJsonObject withoutNulls(const QJsonObject &object)
{
    QJsonObject rest;
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it->isNull())
            continue;
        rest.insert(it.key(), it->isObject() ? QJsonValue(withoutNulls(it->toObject())) : *it);
    }
    return rest;
}

const QJsonObject *controlPlaneIn(const QList<QJsonObject> &objects)
{
    const auto found = std::find_if(objects.begin(), objects.end(), &isControlPlane);
    return found == objects.end() ? nullptr : &*found;
}

} // namespace

Result<QList<QJsonObject>> installationOf(const QList<QJsonObject> &objects, Part part, const QString &origin)
{
    const QString tried = Say::tr("read what is installed");
    const auto bad
        = [&](const QString &what, const QString &answer) { return core::fail(ErrorKind::InvalidInput, tried, origin + what, answer); };
    QList<QJsonObject> all;
    QSet<QString> seen;
    bool isWhole = false;
    for (const QJsonObject &given : objects) {
        QJsonObject object = withoutNulls(given);
        const QString told = QStringLiteral(": %1 %2").arg(kindIn(object).left(80), object[u"metadata"][u"name"].toString().left(253));
        if (object.value(u"status").toObject().isEmpty())
            object.remove(QStringLiteral("status"));
        const auto target = ops::Target::of(QStringLiteral("kube.apply"), QStringLiteral("cluster"), object);
        if (!target)
            return bad(told, target.error().answer);
        if (kindIn(object) == u"Secret")
            return bad(told, Say::tr("a Secret is not taken from a manifest: its data would be written down"));
        if (isWebhook(object))
            object = withoutOwn(object);
        if (seen.contains(target->path()))
            return bad(told, Say::tr("it is given twice"));
        seen.insert(target->path());
        isWhole = isWhole || (part == Part::ControlPlane ? isControlPlane(object) : isGatewayService(object));
        all.append(object);
    }
    if (!isWhole)
        return bad({},
            part == Part::ControlPlane ? Say::tr("it holds no Deployment with the label app=istiod")
                                       : Say::tr("it holds no Service with the label %1").arg(networkLabel));
    std::stable_sort(
        all.begin(), all.end(), [part](const QJsonObject &a, const QJsonObject &b) { return rankOf(a, part) < rankOf(b, part); });
    return all;
}

QString clusterIdIn(const QList<QJsonObject> &objects)
{
    const QJsonObject *plane = controlPlaneIn(objects);
    return plane ? decodePlane(*plane).clusterId : QString();
}

bool hasReaderIn(const QList<QJsonObject> &objects)
{
    return std::any_of(objects.begin(), objects.end(),
        [](const QJsonObject &one) { return kindIn(one) == u"ServiceAccount" && one[u"metadata"][u"name"].toString() == readerAccount; });
}

QString gatewayNetworkIn(const QList<QJsonObject> &objects)
{
    const auto found = std::find_if(objects.begin(), objects.end(), &isGatewayService);
    return found == objects.end() ? QString() : (*found)[u"metadata"][u"labels"][networkLabel].toString();
}

QString spaceIn(const QList<QJsonObject> &objects)
{
    const QJsonObject *plane = controlPlaneIn(objects);
    return plane ? (*plane)[u"metadata"][u"namespace"].toString() : systemNamespace;
}

} // namespace catamaran::mesh::istio
