// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/homekeeping.h"

#include "observe/gateways.h"

#include <algorithm>

namespace catamaran::truth {

bool meansService(const QString &host, const QString &ns, const QString &service)
{
    const QString inNs = service.section(u'/', 0, 0), name = service.section(u'/', 1, 1);
    const QString whole = name + u'.' + inNs + QStringLiteral(".svc.");
    if (host.startsWith(u'*'))
        return host == u"*" || (whole + QStringLiteral("cluster.local")).endsWith(host.mid(1));
    if (!host.contains(u'.'))
        return host == name && ns == inNs;
    return host == name + u'.' + inNs || host == whole.chopped(1) || host.startsWith(whole);
}

bool prefersNear(const QJsonObject &rule, const QString &service)
{
    const QJsonObject spec = rule.value(u"spec").toObject();
    if (!meansService(spec.value(u"host").toString(), rule[u"metadata"][u"namespace"].toString(), service))
        return false;
    // Locality plays a part only where ejected hosts are known: an empty outlierDetection is enough.
    const auto prefers = [](const QJsonObject &policy) {
        const QJsonObject balancing = policy.value(u"loadBalancer").toObject().value(u"localityLbSetting").toObject();
        return policy.value(u"outlierDetection").isObject() && balancing.value(u"enabled").toBool(true);
    };
    const QJsonObject policy = spec.value(u"trafficPolicy").toObject();
    const QJsonArray ports = policy.value(u"portLevelSettings").toArray();
    return prefers(policy) || std::any_of(ports.begin(), ports.end(), [&](const QJsonValue &port) { return prefers(port.toObject()); });
}

bool isKeptNear(const QJsonObject &service)
{
    const QString word = service[u"spec"][u"trafficDistribution"].toString(
        service[u"metadata"][u"annotations"][u"networking.istio.io/traffic-distribution"].toString());
    return word.startsWith(u"Prefer");
}

QString whatKeepsHome(
    kube::KubeClient &client, const observe::ObservedCluster &cluster, const QString &service, const QString &ns, std::stop_token stop)
{
    const auto behind = cluster.workloadsBehind(service);
    if (std::none_of(behind.begin(), behind.end(), [](const observe::ObservedWorkload *one) { return one->ready > 0; }))
        return {};
    const QString inNs = service.section(u'/', 0, 0), name = service.section(u'/', 1, 1);
    QStringList spaces { ns, inNs, observe::systemNamespace };
    spaces.removeDuplicates();
    const auto object = client.get(kube::kinds::services, inNs, name, stop);
    std::vector<QFuture<core::Result<kube::ListResult>>> lists;
    for (const QString &space : std::as_const(spaces))
        lists.push_back(client.list(kube::kinds::destinationRules, space, {}, stop));
    if (const auto read = core::await(object, stop); read && isKeptNear(*read))
        return QStringLiteral("Service ") + service;
    for (auto &list : lists)
        if (const auto rules = core::await(list, stop))
            for (const QJsonObject &rule : rules->items)
                if (prefersNear(rule, service))
                    return QStringLiteral("DestinationRule %1/%2")
                        .arg(rule[u"metadata"][u"namespace"].toString(), rule[u"metadata"][u"name"].toString());
    return {};
}

} // namespace catamaran::truth
