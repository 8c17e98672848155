// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "observe/gateways.h"

#include "mesh/providers.h"
#include "observe/say.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::observe {

namespace {

constexpr int usualPort = 15443;

QString labelOf(const QJsonObject &service, QStringView key)
{
    return service[u"metadata"][u"labels"][key].toString();
}

int gatewayPort(const QJsonObject &service)
{
    bool isNumber = false;
    const int port = labelOf(service, u"networking.istio.io/gatewayPort").toInt(&isNumber);
    return isNumber && port > 0 && port < 65536 ? port : usualPort;
}

bool opens(const QJsonObject &service, int port)
{
    const QJsonArray ports = service[u"spec"][u"ports"].toArray();
    return std::any_of(ports.begin(), ports.end(), [port](const QJsonValue &one) { return one[u"port"].toInt() == port; });
}

QString hostOf(const QJsonObject &service)
{
    for (const QJsonValue &ingress : service[u"status"][u"loadBalancer"][u"ingress"].toArray())
        for (const QStringView field : { QStringView(u"ip"), QStringView(u"hostname") })
            if (const QString host = ingress[field].toString(); !host.isEmpty())
                return host;
    return service[u"spec"][u"externalIPs"].toArray().first().toString();
}

QString whyNoAddress(const QJsonObject &service)
{
    const QString type = service[u"spec"][u"type"].toString();
    if (type == u"LoadBalancer")
        return Say::tr("pending: its load balancer has no address yet");
    if (type == u"ExternalName")
        return Say::tr("it is of type ExternalName (%1): meshes do not take it for a gateway")
            .arg(service[u"spec"][u"externalName"].toString());
    if (type == u"NodePort")
        return Say::tr("it is of type NodePort: other clusters reach it through the nodes alone, if at all");
    return Say::tr("it is of type %1: it cannot be reached from outside its cluster")
        .arg(type.isEmpty() ? QStringLiteral("ClusterIP") : type);
}

SeenGateway read(const QJsonObject &service)
{
    const int port = gatewayPort(service);
    SeenGateway gateway { service[u"metadata"][u"namespace"].toString() + u'/' + service[u"metadata"][u"name"].toString(),
        labelOf(service, u"topology.istio.io/network"), {}, {} };
    const QString host = service[u"spec"][u"type"].toString() == u"ExternalName" ? QString() : hostOf(service);
    if (!opens(service, port))
        gateway.trouble = Say::tr("it has no port %1: meshes pass it over").arg(port);
    else if (host.isEmpty())
        gateway.trouble = whyNoAddress(service);
    else
        gateway.address = (host.contains(u':') ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2")).arg(host).arg(port);
    return gateway;
}

} // namespace

bool isProvidersGateway(const QJsonObject &service)
{
    const auto &kinds = mesh::providerKinds();
    return std::any_of(kinds.begin(), kinds.end(), [&](const mesh::ProviderKind *kind) { return kind->madeGateway(service); });
}

QList<SeenGateway> crossClusterGateways(const QList<QJsonObject> &services)
{
    QList<SeenGateway> labelled, made;
    for (const QJsonObject &service : services) {
        if (!service[u"metadata"][u"deletionTimestamp"].isUndefined())
            continue;
        const bool isEastWest = labelOf(service, u"istio") == u"eastwestgateway";
        if (!labelOf(service, u"topology.istio.io/network").isEmpty()) {
            // Other objects carry the label too; one without the port is a mistake only where it was meant as a gateway.
            if (opens(service, gatewayPort(service)) || (isEastWest && !opens(service, 15008)))
                labelled.append(read(service));
        } else if (opens(service, gatewayPort(service)) && (isEastWest || isProvidersGateway(service))) {
            made.append(read(service));
            if (!isProvidersGateway(service) && made.last().trouble.isEmpty())
                made.last().trouble = Say::tr("it has no label topology.istio.io/network: meshes do not take it for a gateway");
        }
    }
    return labelled.isEmpty() ? made : labelled;
}

} // namespace catamaran::observe
