// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/rule.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::findings {

using observe::Health;

namespace {

QString subject(const QString &key)
{
    return QStringLiteral("Service ") + key;
}

Evidence seenService(const ClusterView &cluster, const QString &text)
{
    return seen(cluster.objects->services, text);
}

/// Those of @p shared whose @p sign is not that of most; the first that has what most have.
template <typename Same, typename Sign>
QPair<const SharedService::In *, QList<const SharedService::In *>> unlikeMost(const SharedService &shared, Same same, Sign sign)
{
    // Nearly always they are all the same, and signs cost.
    if (std::all_of(
            shared.in.begin(), shared.in.end(), [&](const SharedService::In &in) { return same(*in.service, *shared.in.first().service); }))
        return {};
    QMap<QString, QList<const SharedService::In *>> groups;
    for (const SharedService::In &in : shared.in)
        groups[sign(*in.service)].append(&in);
    if (groups.size() < 2)
        return {};
    // Of equal groups the one with the first cluster counts as most.
    const auto most = std::max_element(groups.begin(), groups.end(),
        [&](const auto &a, const auto &b) { return a.size() != b.size() ? a.size() < b.size() : a.first() > b.first(); });
    QList<const SharedService::In *> others;
    for (auto it = groups.begin(); it != groups.end(); ++it)
        if (it != most)
            others += *it;
    return { most->first(), others };
}

bool samePorts(const observe::ServiceFacts &a, const observe::ServiceFacts &b)
{
    return a.ports == b.ports;
}

QString portsOf(const observe::ServiceFacts &service)
{
    QStringList ports;
    for (const observe::ServicePort &port : service.ports)
        ports.append(QStringLiteral("%1/%2/%3").arg(port.port).arg(port.name, port.protocol));
    ports.sort();
    return ports.join(QStringLiteral(", "));
}

void portsDiffer(const View &view, Report &report)
{
    for (const SharedService &shared : view.sharedServices()) {
        const auto [most, others] = unlikeMost(shared, samePorts, portsOf);
        for (const SharedService::In *in : others)
            report.add({ .cluster = in->cluster,
                .object = subject(shared.key),
                .from = most->cluster->name(),
                .to = in->cluster->name(),
                .bothWays = true,
                .sentence = Say::tr("%1 has other ports or port names in %2 than in %3: each side keeps only endpoints of its own.")
                                .arg(shared.key, in->cluster->name(), most->cluster->name()),
                .evidence = { seenService(*most->cluster, portsOf(*most->service)), seenService(*in->cluster, portsOf(*in->service)) } });
    }
}

QString protocolsOf(const observe::ServiceFacts &service)
{
    QStringList ports;
    for (const observe::ServicePort &port : service.ports)
        ports.append(QStringLiteral("%1 %2").arg(port.port).arg(port.appProtocol));
    ports.sort();
    return ports.join(QStringLiteral(", "));
}

void protocolDiffers(const View &view, Report &report)
{
    for (const SharedService &shared : view.sharedServices()) {
        const auto [most, others] = unlikeMost(shared, samePorts, protocolsOf);
        for (const SharedService::In *in : others)
            if (portsOf(*in->service) == portsOf(*most->service))
                report.add({ .cluster = in->cluster,
                    .object = subject(shared.key),
                    .from = most->cluster->name(),
                    .to = in->cluster->name(),
                    .bothWays = true,
                    .sentence = Say::tr("%1 has another appProtocol in %2 than in %3: one side may speak HTTP where the other speaks TCP.")
                                    .arg(shared.key, in->cluster->name(), most->cluster->name()),
                    .evidence
                    = { seenService(*most->cluster, protocolsOf(*most->service)), seenService(*in->cluster, protocolsOf(*in->service)) } });
    }
}

void headlessDiffers(const View &view, Report &report)
{
    for (const SharedService &shared : view.sharedServices()) {
        const auto [most, others] = unlikeMost(
            shared, [](const auto &a, const auto &b) { return a.isHeadless == b.isHeadless; },
            [](const observe::ServiceFacts &one) { return one.isHeadless ? QStringLiteral("None") : QStringLiteral("an address"); });
        for (const SharedService::In *in : others)
            report.add({ .cluster = in->cluster,
                .object = subject(shared.key),
                .from = most->cluster->name(),
                .to = in->cluster->name(),
                .bothWays = true,
                .sentence
                = Say::tr("%1 is headless in one of %2 and %3 and not in the other: listeners do not fit, and connections end nowhere.")
                      .arg(shared.key, in->cluster->name(), most->cluster->name()),
                .evidence
                = { seenService(*most->cluster,
                        Say::tr("%1: clusterIP %2")
                            .arg(most->cluster->name(), most->service->isHeadless ? QStringLiteral("None") : most->service->clusterIp)),
                    seenService(*in->cluster,
                        Say::tr("%1: clusterIP %2")
                            .arg(in->cluster->name(), in->service->isHeadless ? QStringLiteral("None") : in->service->clusterIp)) } });
    }
}

QString selectorOf(const observe::ServiceFacts &service)
{
    QStringList parts;
    for (auto it = service.selector.cbegin(); it != service.selector.cend(); ++it)
        parts.append(it.key() + u'=' + it.value());
    parts.sort();
    return parts.join(u',');
}

void selectorDiffers(const View &view, Report &report)
{
    for (const SharedService &shared : view.sharedServices()) {
        const auto [most, others] = unlikeMost(
            shared, [](const auto &a, const auto &b) { return a.selector == b.selector; }, selectorOf);
        for (const SharedService::In *in : others)
            report.add({ .cluster = in->cluster,
                .object = subject(shared.key),
                .sentence = Say::tr("%1 selects other pods in %2 than in %3.").arg(shared.key, in->cluster->name(), most->cluster->name()),
                .evidence
                = { seenService(*most->cluster, selectorOf(*most->service)), seenService(*in->cluster, selectorOf(*in->service)) } });
    }
}

void notExported(const View &view, Report &report)
{
    for (const SharedService &shared : view.sharedServices())
        for (const SharedService::In &in : shared.in)
            if (in.service->exportTo && in.service->exportTo->contains(QStringLiteral("~")))
                report.add({ .cluster = in.cluster,
                    .object = subject(shared.key),
                    .from = in.cluster->name(),
                    .sentence = Say::tr(
                        "%1 is exported to nobody in %2: clients there know no endpoints of it and reach only their own cluster, in plain text.")
                                    .arg(shared.key, in.cluster->name()),
                    .evidence = { seenService(*in.cluster, QStringLiteral("networking.istio.io/exportTo: ~")) },
                    .mend = { patchOf(*in.cluster, QStringLiteral("v1"), QStringLiteral("Service"), in.service->ns, in.service->name,
                        { { QStringLiteral("metadata"),
                            QJsonObject { { QStringLiteral("annotations"),
                                QJsonObject { { QStringLiteral("networking.istio.io/exportTo"), QJsonValue::Null } } } } } }) } });
}

void exportDiffers(const View &view, Report &report)
{
    const auto sign = [](const observe::ServiceFacts &one) {
        QStringList names = one.exportTo.value_or(QStringList { QStringLiteral("*") });
        names.sort();
        return names.join(u',');
    };
    for (const SharedService &shared : view.sharedServices()) {
        const auto [most, others] = unlikeMost(
            shared, [](const auto &a, const auto &b) { return a.exportTo == b.exportTo; }, sign);
        for (const SharedService::In *in : others)
            if (!sign(*in->service).contains(u'~') && !sign(*most->service).contains(u'~'))
                report.add({ .cluster = in->cluster,
                    .object = subject(shared.key),
                    .sentence = Say::tr("%1 is exported to other namespaces in %2 (%3) than in %4 (%5).")
                                    .arg(shared.key, in->cluster->name(), sign(*in->service), most->cluster->name(), sign(*most->service)),
                    .evidence = { seenService(*in->cluster, sign(*in->service)) } });
    }
}

void keptInside(const View &view, Report &report)
{
    for (const SharedService &shared : view.sharedServices()) {
        for (const SharedService::In &in : shared.in) {
            const QStringList &hosts = in.cluster->objects->meshConfig.get().clusterLocalHosts;
            const auto found
                = std::find_if(hosts.begin(), hosts.end(), [&](const QString &host) { return coversService(host, shared.key); });
            if (found != hosts.end())
                report.add({ .cluster = in.cluster,
                    .object = subject(shared.key),
                    .from = in.cluster->name(),
                    .sentence = Say::tr("The mesh configuration of %1 keeps %2 inside the cluster.").arg(in.cluster->name(), shared.key),
                    .evidence = { seen(in.cluster->objects->meshConfig, Say::tr("clusterLocal: %1").arg(*found)) } });
        }
    }
}

bool saysProtocol(const observe::ServicePort &port)
{
    static const QStringList known { QStringLiteral("http"), QStringLiteral("http2"), QStringLiteral("https"), QStringLiteral("grpc"),
        QStringLiteral("grpc-web"), QStringLiteral("tcp"), QStringLiteral("tls"), QStringLiteral("mongo"), QStringLiteral("mysql"),
        QStringLiteral("redis"), QStringLiteral("udp"), QStringLiteral("hbone") };
    return !port.appProtocol.isEmpty() || port.protocol != u"TCP" || known.contains(port.name.section(u'-', 0, 0).toLower())
        || port.name.startsWith(u"grpc-web");
}

void protocolSniffed(const View &view, Report &report)
{
    for (const SharedService &shared : view.sharedServices()) {
        for (const SharedService::In &in : shared.in) {
            QStringList ports;
            for (const observe::ServicePort &port : in.service->ports)
                if (!saysProtocol(port))
                    ports.append(QStringLiteral("%1 (%2)").arg(port.name).arg(port.port));
            if (!ports.isEmpty())
                report.add({ .cluster = in.cluster,
                    .object = subject(shared.key),
                    .sentence = Say::tr(
                        "Ports of %1 in %2 do not say their protocol: proxies guess it from the first bytes, and protocols in which the server speaks first hang.")
                                    .arg(shared.key, in.cluster->name()),
                    .evidence = { seenService(*in.cluster, someOf(ports)) } });
        }
    }
}

void distributionDiffers(const View &view, Report &report)
{
    for (const SharedService &shared : view.sharedServices()) {
        const auto [most, others] = unlikeMost(
            shared, [](const auto &a, const auto &b) { return a.trafficDistribution == b.trafficDistribution; },
            [](const observe::ServiceFacts &one) { return one.trafficDistribution; });
        for (const SharedService::In *in : others)
            report.add({ .cluster = in->cluster,
                .object = subject(shared.key),
                .sentence = Say::tr("%1 has the traffic distribution “%2” in %3 and “%4” in %5: clients there prefer other endpoints.")
                                .arg(shared.key, in->service->trafficDistribution, in->cluster->name(), most->service->trafficDistribution,
                                    most->cluster->name()),
                .evidence = { seenService(*in->cluster, Say::tr("trafficDistribution: %1").arg(in->service->trafficDistribution)) } });
    }
}

void noEndpoints(const View &view, Report &report)
{
    for (const SharedService &shared : view.sharedServices()) {
        const bool somewhere = std::any_of(
            shared.in.begin(), shared.in.end(), [&](const SharedService::In &in) { return in.cluster->ready.value(shared.key) > 0; });
        for (const SharedService::In &in : shared.in) {
            if (in.service->selector.isEmpty() || in.cluster->ready.value(shared.key) > 0)
                continue;
            // Deployments that are meant to have none are no trouble.
            const auto &deployments = in.cluster->objects->deployments.get();
            const bool isWanted = std::any_of(deployments.begin(), deployments.end(), [&](const observe::DeploymentFacts &one) {
                return one.ns == in.service->ns && one.desired > 0 && observe::matches(in.service->selector, one.podLabels);
            });
            if (!isWanted && somewhere)
                continue;
            report.add({ .cluster = in.cluster,
                .object = subject(shared.key),
                .to = in.cluster->name(),
                .sentence = somewhere ? Say::tr("%1 has no ready endpoint in %2: every request goes to the other clusters.")
                                            .arg(shared.key, in.cluster->name())
                                      : Say::tr("%1 has no ready endpoint in any cluster.").arg(shared.key),
                .evidence = { seen(in.cluster->objects->slices, Say::tr("0 ready endpoints")) },
                .mend = scaledBack(*in.cluster, *in.service),
                .state = somewhere ? Health::Warning : Health::Failed });
        }
    }
}

void podsRefused(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters())
        for (const observe::DeploymentFacts &deployment : cluster->objects->deployments.get())
            if (!deployment.trouble.isEmpty() && cluster->isMeshed(deployment.ns))
                report.add({ .cluster = cluster,
                    .object = objectName("Deployment", deployment),
                    .to = cluster->name(),
                    .sentence = Say::tr("Pods of %1 in %2 cannot be made.").arg(deployment.key(), cluster->name()),
                    .evidence = { seen(cluster->objects->deployments, deployment.trouble) } });
}

/// @p service as its own cluster has it, for one that has the pods and not the Service.
QJsonObject copyOf(const observe::ServiceFacts &service)
{
    QJsonArray ports;
    for (const observe::ServicePort &port : service.ports) {
        QJsonObject one { { QStringLiteral("port"), port.port }, { QStringLiteral("protocol"), port.protocol } };
        bool isNumber = false;
        const int number = port.target.toInt(&isNumber);
        if (!port.target.isEmpty())
            one.insert(QStringLiteral("targetPort"), isNumber ? QJsonValue(number) : QJsonValue(port.target));
        if (!port.name.isEmpty())
            one.insert(QStringLiteral("name"), port.name);
        if (!port.appProtocol.isEmpty())
            one.insert(QStringLiteral("appProtocol"), port.appProtocol);
        ports.append(one);
    }
    QJsonObject selector;
    for (auto it = service.selector.cbegin(); it != service.selector.cend(); ++it)
        selector.insert(it.key(), it.value());
    QJsonObject spec { { QStringLiteral("ports"), ports }, { QStringLiteral("selector"), selector } };
    if (service.isHeadless)
        spec.insert(QStringLiteral("clusterIP"), QStringLiteral("None"));
    return { { QStringLiteral("apiVersion"), QStringLiteral("v1") }, { QStringLiteral("kind"), QStringLiteral("Service") },
        { QStringLiteral("metadata"),
            QJsonObject { { QStringLiteral("name"), service.name }, { QStringLiteral("namespace"), service.ns } } },
        { QStringLiteral("spec"), spec } };
}

void serviceMissing(const View &view, Report &report)
{
    QHash<QString, QList<const ClusterView *>> clustersWithPods; // by namespace
    for (const ClusterView *cluster : view.clusters())
        for (auto it = cluster->pods.cbegin(); it != cluster->pods.cend(); ++it)
            clustersWithPods[it.key()].append(cluster);
    struct Having {
        const ClusterView *cluster;
        const observe::ServiceFacts *service;
    };
    QHash<QString, Having> first; // by key
    for (const ClusterView *having : view.clusters()) {
        QHash<QString, bool> meshed;
        for (const observe::ServiceFacts &service : having->objects->services.get()) {
            if (isSystemNamespace(service.ns) || service.selector.isEmpty())
                continue;
            if (!meshed.contains(service.ns))
                meshed.insert(service.ns, having->isMeshed(service.ns));
            const QString key = service.key();
            if (meshed.value(service.ns) && !first.contains(key))
                first.insert(key, { having, &service });
        }
    }
    for (auto it = first.cbegin(); it != first.cend(); ++it) {
        const observe::ServiceFacts &service = *it->service;
        for (const ClusterView *other : clustersWithPods.value(service.ns)) {
            if (other == it->cluster || other->services.contains(it.key()))
                continue;
            const auto pods = other->podsOf(service);
            if (!pods.isEmpty())
                report.add({ .cluster = other,
                    .object = subject(it.key()),
                    .to = other->name(),
                    .sentence
                    = Say::tr("%1 has pods of %2 but no Service of this name: they are in nobody's list.").arg(other->name(), it.key()),
                    .evidence
                    = { seen(other->objects->pods,
                            Say::tr("%1 pods match the selector that %2 has").arg(QString::number(pods.size()), it->cluster->name())),
                        seen(other->objects->services, Say::tr("no Service %1").arg(it.key())) },
                    .mend = { applyOf(*other, copyOf(service)) } });
        }
    }
}

} // namespace

QList<Rule> serviceRules()
{
    const Needs shared = Needs(Need::Services) | Need::Namespaces | Need::Pods;
    return {
        { "discovery.service-missing", Layer::Discovery, Health::Failed, shared, serviceMissing,
            QT_TRANSLATE_NOOP("Findings", "A service is there in every cluster that has its pods"),
            QT_TRANSLATE_NOOP("Findings",
                "A Service must exist in each cluster by itself: without it the pods there are endpoints of nothing, and without DNS capture clients there cannot even resolve the name."),
            QT_TRANSLATE_NOOP("Findings", "Create the Service there as in the other clusters.") },
        { "discovery.service-ports-differ", Layer::Discovery, Health::Failed, shared, portsDiffer,
            QT_TRANSLATE_NOOP("Findings", "A service has the same ports in all clusters"),
            QT_TRANSLATE_NOOP("Findings",
                "A control plane keeps endpoints whose port number and name are those of its own Service. Others are known and not used; no request fails."),
            QT_TRANSLATE_NOOP("Findings", "Give the ports the same numbers and names in all clusters.") },
        { "discovery.service-protocol-differs", Layer::Discovery, Health::Warning, shared, protocolDiffers,
            QT_TRANSLATE_NOOP("Findings", "A service speaks the same protocol in all clusters"),
            QT_TRANSLATE_NOOP("Findings", "appProtocol decides whether proxies treat a port as HTTP."),
            QT_TRANSLATE_NOOP("Findings", "Set the same appProtocol in all clusters.") },
        { "discovery.service-headless-differs", Layer::Discovery, Health::Failed, shared, headlessDiffers,
            QT_TRANSLATE_NOOP("Findings", "A service is headless in all clusters or in none"),
            QT_TRANSLATE_NOOP("Findings", "A headless Service has listeners of its own kind. A mixture sends connections to 0.0.0.0."),
            QT_TRANSLATE_NOOP("Findings", "Make the Service again with the same clusterIP setting.") },
        { "discovery.service-selector-differs", Layer::Discovery, Health::Warning, shared, selectorDiffers,
            QT_TRANSLATE_NOOP("Findings", "A service selects the same pods in all clusters"),
            QT_TRANSLATE_NOOP("Findings", "Services of one name are one service; with other selectors other applications answer."),
            QT_TRANSLATE_NOOP("Findings", "Use the same selector in all clusters.") },
        { "discovery.service-not-exported", Layer::Discovery, Health::Failed, shared, notExported,
            QT_TRANSLATE_NOOP("Findings", "No shared service is hidden from everybody"),
            QT_TRANSLATE_NOOP("Findings",
                "With exportTo ~ a control plane offers the service to no proxy. Clients then go to the cluster's own address, around the mesh."),
            QT_TRANSLATE_NOOP("Findings", "Remove the annotation networking.istio.io/exportTo.") },
        { "discovery.service-export-differs", Layer::Discovery, Health::Warning, shared, exportDiffers,
            QT_TRANSLATE_NOOP("Findings", "A service is exported alike in all clusters"),
            QT_TRANSLATE_NOOP("Findings", "Each control plane applies the exportTo of its own Service."),
            QT_TRANSLATE_NOOP("Findings", "Set the same exportTo in all clusters.") },
        { "discovery.service-kept-inside", Layer::Discovery, Health::Warning, shared | Need::MeshConfig, keptInside,
            QT_TRANSLATE_NOOP("Findings", "No shared service is kept inside a cluster"),
            QT_TRANSLATE_NOOP(
                "Findings", "serviceSettings with clusterLocal keep a host's traffic in the cluster: no other one takes over."),
            QT_TRANSLATE_NOOP("Findings", "Remove the host from serviceSettings if it is to fail over.") },
        { "discovery.protocol-sniffed", Layer::Discovery, Health::Warning, shared, protocolSniffed,
            QT_TRANSLATE_NOOP("Findings", "Ports say their protocol"),
            QT_TRANSLATE_NOOP("Findings",
                "A port's name begins with its protocol (http-web), or appProtocol says it. Else proxies listen to the first bytes."),
            QT_TRANSLATE_NOOP("Findings", "Name the port by its protocol or set appProtocol, in all clusters alike.") },
        { "discovery.distribution-differs", Layer::Discovery, Health::Warning, shared, distributionDiffers,
            QT_TRANSLATE_NOOP("Findings", "A service is distributed alike in all clusters"),
            QT_TRANSLATE_NOOP("Findings",
                "trafficDistribution makes clients prefer endpoints that are near. Each control plane applies that of its own Service."),
            QT_TRANSLATE_NOOP("Findings", "Set the same trafficDistribution in all clusters.") },
        { "workload.no-endpoints", Layer::Workload, Health::Warning, shared | Need::Slices | Need::Deployments, noEndpoints,
            QT_TRANSLATE_NOOP("Findings", "A shared service has ready endpoints in every cluster"),
            QT_TRANSLATE_NOOP("Findings", "A service with endpoints on one side only has nothing to fail over to."),
            QT_TRANSLATE_NOOP("Findings", "Look at the pods and their events.") },
        { "workload.pods-refused", Layer::Workload, Health::Failed, Needs(Need::Deployments) | Need::Namespaces | Need::Pods, podsRefused,
            QT_TRANSLATE_NOOP("Findings", "Pods of the mesh can be made"),
            QT_TRANSLATE_NOOP("Findings", "Pods are refused by quotas, policies, or a webhook that has nobody behind it."),
            QT_TRANSLATE_NOOP("Findings", "Mend what refuses them; see the evidence.") },
    };
}

} // namespace catamaran::findings
