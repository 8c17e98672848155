// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/faults/away.h"
#include "drill/faultwriter.h"
#include "drill/say.h"
#include "kube/labelselector.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::drill {

using core::ErrorKind;
using core::Result;

namespace {

constexpr int crossClusterPort = 15443;

bool isGateway(const QJsonObject &service)
{
    const QJsonArray ports = service[u"spec"][u"ports"].toArray();
    const bool crosses
        = std::any_of(ports.begin(), ports.end(), [](const QJsonValue &port) { return port[u"port"].toInt() == crossClusterPort; });
    return crosses && !service[u"spec"][u"selector"].toObject().isEmpty();
}

class GatewayAwayFault final : public FaultKind {
public:
    [[nodiscard]] QString key() const override { return QStringLiteral("gatewayAway"); }
    [[nodiscard]] QString needs() const override
    {
        return Say::tr("a cross-cluster gateway in the cluster: a Service with port 15443 and the Deployment behind it");
    }
    [[nodiscard]] bool cutsOff(const QJsonObject &arguments, const probe::Source &source) const override
    {
        return arguments.value(u"cluster").toString() != source.cluster;
    }
    [[nodiscard]] QJsonObject parse(const documents::YamlValue &value) const override { return readPlace(value); }
    [[nodiscard]] QString words(const QJsonObject &arguments) const override
    {
        return Say::tr("the cross-cluster gateway of %1 goes away (%2)")
            .arg(arguments.value(u"cluster").toString(), namesIn(arguments, Say::tr("the Deployment behind port 15443")));
    }
    [[nodiscard]] QString undoWords(const QJsonObject &arguments) const override
    {
        return Say::tr("the gateway of %1 gets the replicas it had, read back").arg(arguments.value(u"cluster").toString());
    }
    [[nodiscard]] Result<QList<FaultObject>> touches(const QJsonObject &arguments) const override { return deploymentsIn(arguments); }
    [[nodiscard]] Result<core::Done> write(const QJsonObject &arguments, FaultWriter &writer) const override
    {
        return writeAway(arguments, writer);
    }

    [[nodiscard]] Result<QJsonObject> resolve(const QJsonObject &arguments, const FaultLook &look) const override
    {
        const QString cluster = arguments.value(u"cluster").toString(), ns = arguments.value(u"namespace").toString();
        const auto services = look.list(cluster, kube::kinds::services, ns);
        const auto deployments = services ? look.list(cluster, kube::kinds::deployments, ns) : services;
        if (!deployments)
            return core::fail(deployments.error());
        QList<QJsonObject> behind;
        for (const QJsonObject &service : *services) {
            if (!isGateway(service))
                continue;
            const QJsonObject selector { { QStringLiteral("matchLabels"), service[u"spec"][u"selector"] } };
            for (const QJsonObject &deployment : *deployments)
                if (kube::selects(selector, deployment[u"spec"][u"template"][u"metadata"][u"labels"].toObject()))
                    behind += deployment;
        }
        if (behind.isEmpty())
            return core::fail(ErrorKind::Precondition, Say::tr("prepare the drill"), cluster + u'/' + ns,
                Say::tr("there is no cross-cluster gateway: no Service with port 15443 that a Deployment stands behind"),
                Say::tr("Name the namespace that it is in, or run this drill where clusters are on different networks."));
        return withDeployments(arguments, behind);
    }
};

} // namespace

const FaultKind *gatewayAwayFault()
{
    static const GatewayAwayFault kind;
    return &kind;
}

} // namespace catamaran::drill
