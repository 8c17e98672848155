// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/rule.h"

#include "observe/gateways.h"

#include <QHostAddress>
#include <QJsonArray>

#include <algorithm>

namespace catamaran::findings {

using observe::Health;

namespace {

QString subject(const EastWestGateway &gateway)
{
    return objectName("Service", *gateway.service);
}

/// Clusters of one network may share a gateway: whether some cluster of @p view on its network has a good label.
bool networkHasGateway(const View &view, const QString &network)
{
    return std::any_of(view.all().begin(), view.all().end(), [&](const ClusterView &one) {
        return !one.objects->services.isRead()
            || std::any_of(one.gateways.begin(), one.gateways.end(),
                [&](const EastWestGateway &gateway) { return gateway.network == network || (gateway.isMade && one.network == network); });
    });
}

void missing(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        if (cluster->network.isEmpty() || !view.crossesNetworks(*cluster) || !cluster->gateways.isEmpty()
            || networkHasGateway(view, cluster->network))
            continue;
        report.add({ .cluster = cluster,
            .to = cluster->name(),
            .sentence
            = Say::tr("%1 is on the network %2, and no cluster has a gateway for it: others dial pod addresses that they cannot reach.")
                  .arg(cluster->name(), cluster->network),
            .evidence = { seen(cluster->objects->services,
                Say::tr("no Service with topology.istio.io/network=%1 and port 15443").arg(cluster->network)) } });
    }
}

void unlabelled(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        for (const EastWestGateway &gateway : cluster->gateways) {
            if (!gateway.network.isEmpty() || gateway.isMade || !view.crossesNetworks(*cluster))
                continue;
            QList<ops::Operation> mend;
            if (!cluster->network.isEmpty())
                mend.append(patchOf(*cluster, QStringLiteral("v1"), QStringLiteral("Service"), gateway.service->ns, gateway.service->name,
                    { { QStringLiteral("metadata"),
                        QJsonObject { { QStringLiteral("labels"),
                            QJsonObject { { QStringLiteral("topology.istio.io/network"), cluster->network } } } } } }));
            report.add({ .cluster = cluster,
                .object = subject(gateway),
                .to = cluster->name(),
                .sentence = Say::tr(
                    "The gateway of %1 has no network label: other clusters do not know it and dial pod addresses that they cannot reach.")
                                .arg(cluster->name()),
                .evidence = { seen(cluster->objects->services, Say::tr("no label topology.istio.io/network")) },
                .mend = mend });
        }
    }
}

void wrongNetwork(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        const auto *system = cluster->namespaces.value(observe::systemNamespace);
        if (!system || system->network.isEmpty())
            continue;
        for (const EastWestGateway &gateway : cluster->gateways)
            if (!gateway.network.isEmpty() && gateway.network != system->network)
                report.add({ .cluster = cluster,
                    .object = subject(gateway),
                    .to = cluster->name(),
                    .sentence = Say::tr("The gateway of %1 says that it leads to %2, and the cluster is on %3.")
                                    .arg(cluster->name(), gateway.network, system->network),
                    .evidence = { seen(cluster->objects->services, Say::tr("topology.istio.io/network=%1").arg(gateway.network)),
                        seen(cluster->objects->namespaces, Say::tr("istio-system: topology.istio.io/network=%1").arg(system->network)) },
                    .mend = { patchOf(*cluster, QStringLiteral("v1"), QStringLiteral("Service"), gateway.service->ns, gateway.service->name,
                        { { QStringLiteral("metadata"),
                            QJsonObject { { QStringLiteral("labels"),
                                QJsonObject { { QStringLiteral("topology.istio.io/network"), system->network } } } } } }) } });
    }
}

void noAddress(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters())
        for (const EastWestGateway &gateway : cluster->gateways)
            if (gateway.service->addresses.isEmpty() && gateway.service->type != u"NodePort")
                report.add({ .cluster = cluster,
                    .object = subject(gateway),
                    .to = cluster->name(),
                    .sentence = gateway.service->type == u"LoadBalancer"
                        ? Say::tr("The gateway of %1 waits for an address.").arg(cluster->name())
                        : Say::tr("The gateway of %1 is of type %2 and has no address outside its cluster.")
                              .arg(cluster->name(), gateway.service->type),
                    .evidence = { seen(cluster->objects->services, Say::tr("type %1, no address").arg(gateway.service->type)) } });
}

void hostName(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters())
        for (const EastWestGateway &gateway : cluster->gateways)
            if (gateway.service->isAddressName)
                report.add({ .cluster = cluster,
                    .object = subject(gateway),
                    .to = cluster->name(),
                    .sentence = Say::tr(
                        "The gateway of %1 has a host name for an address: control planes resolve it themselves, every 30 seconds to an hour.")
                                    .arg(cluster->name()),
                    .evidence = { seen(cluster->objects->services, gateway.service->addresses.first()) } });
}

void loopbackAddress(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        const auto &pods = cluster->objects->pods.get();
        if (std::any_of(pods.begin(), pods.end(),
                [](const observe::PodFacts &pod) { return !pod.hostNetwork && QHostAddress(pod.ip).isLoopback(); }))
            continue; // a range
        for (const EastWestGateway &gateway : cluster->gateways)
            for (const QString &address : gateway.service->addresses)
                if (const QHostAddress host(address); !host.isNull() && (host.isLoopback() || host.isLinkLocal()))
                    report.add({ .cluster = cluster,
                        .object = subject(gateway),
                        .to = cluster->name(),
                        .sentence = Say::tr("The gateway of %1 has the address %2, which means another machine to each who dials it.")
                                        .arg(cluster->name(), address),
                        .evidence = { seen(cluster->objects->services, address) } });
    }
}

void sharedAddress(const View &view, Report &report)
{
    QHash<QString, const ClusterView *> owners;
    for (const ClusterView *cluster : view.clusters()) {
        for (const EastWestGateway &gateway : cluster->gateways) {
            for (const QString &address : gateway.service->addresses) {
                const QString at = QStringLiteral("%1:%2").arg(address).arg(gateway.port);
                const ClusterView *other = owners.value(at);
                if (other && other != cluster)
                    report.add({ .cluster = cluster,
                        .object = subject(gateway),
                        .from = other->name(),
                        .to = cluster->name(),
                        .bothWays = true,
                        .sentence = Say::tr("The gateways of %1 and %2 have the same address %3: one of them is not reached.")
                                        .arg(other->name(), cluster->name(), at),
                        .evidence = { seen(other->objects->services, at), seen(cluster->objects->services, at) } });
                owners.insert(at, cluster);
            }
        }
    }
}

void noPort(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters())
        for (const EastWestGateway &gateway : cluster->gateways)
            if (!gateway.hasPort)
                report.add({ .cluster = cluster,
                    .object = subject(gateway),
                    .to = cluster->name(),
                    .sentence = Say::tr("The gateway of %1 has no port %2: control planes pass it over.")
                                    .arg(cluster->name(), QString::number(gateway.port)),
                    .evidence = { seen(cluster->objects->services, Say::tr("no port %1").arg(QString::number(gateway.port))) } });
}

void noPods(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters())
        for (const EastWestGateway &gateway : cluster->gateways)
            if (!gateway.service->selector.isEmpty() && cluster->ready.value(gateway.service->key()) == 0)
                report.add({ .cluster = cluster,
                    .object = subject(gateway),
                    .to = cluster->name(),
                    .sentence = Say::tr(
                        "No pod stands behind the gateway of %1: control planes still offer its address, and connections are refused.")
                                    .arg(cluster->name()),
                    .evidence = { seen(cluster->objects->slices, Say::tr("0 ready endpoints of %1").arg(gateway.service->key())) },
                    .mend = scaledBack(*cluster, *gateway.service) });
}

/// Gateway objects for the pods behind @p gateway that listen on its port.
QList<const observe::GatewayServer *> serversOf(const ClusterView &cluster, const EastWestGateway &gateway)
{
    QList<const observe::GatewayServer *> servers;
    for (const observe::GatewayFacts &object : cluster.objects->gateways.get())
        if (!object.selector.isEmpty() && observe::matches(object.selector, gateway.service->selector))
            for (const observe::GatewayServer &server : object.servers)
                if (server.port == gateway.port)
                    servers.append(&server);
    return servers;
}

/// By the pods' labels where the Service's selector says less.
QList<const observe::GatewayServer *> listeningOf(const ClusterView &cluster, const EastWestGateway &gateway)
{
    auto servers = serversOf(cluster, gateway);
    if (!servers.isEmpty())
        return servers;
    for (const observe::PodFacts *pod : cluster.podsOf(*gateway.service))
        for (const observe::GatewayFacts &object : cluster.objects->gateways.get())
            if (!object.selector.isEmpty() && observe::matches(object.selector, pod->labels))
                for (const observe::GatewayServer &server : object.servers)
                    if (server.port == gateway.port)
                        servers.append(&server);
    return servers;
}

/// The Gateway of samples/multicluster/expose-services.yaml, for the pods behind @p gateway. Empty where the cluster has one of that name:
/// what is in it is somebody's, and may be meant.
QList<ops::Operation> exposing(const ClusterView &cluster, const EastWestGateway &gateway)
{
    const QString name = QStringLiteral("cross-network-gateway");
    const auto &objects = cluster.objects->gateways.get();
    if (std::any_of(objects.begin(), objects.end(),
            [&](const observe::GatewayFacts &one) { return one.name == name && one.ns == gateway.service->ns; }))
        return {};
    QJsonObject selector;
    for (auto it = gateway.service->selector.cbegin(); it != gateway.service->selector.cend(); ++it)
        selector.insert(it.key(), it.value());
    const QJsonObject server { { QStringLiteral("port"),
                                   QJsonObject { { QStringLiteral("number"), gateway.port },
                                       { QStringLiteral("name"), QStringLiteral("tls") },
                                       { QStringLiteral("protocol"), QStringLiteral("TLS") } } },
        { QStringLiteral("tls"), QJsonObject { { QStringLiteral("mode"), QStringLiteral("AUTO_PASSTHROUGH") } } },
        { QStringLiteral("hosts"), QJsonArray { QStringLiteral("*.local") } } };
    return { applyOf(cluster,
        { { QStringLiteral("apiVersion"), QStringLiteral("networking.istio.io/v1") }, { QStringLiteral("kind"), QStringLiteral("Gateway") },
            { QStringLiteral("metadata"),
                QJsonObject { { QStringLiteral("name"), name }, { QStringLiteral("namespace"), gateway.service->ns } } },
            { QStringLiteral("spec"),
                QJsonObject { { QStringLiteral("selector"), selector }, { QStringLiteral("servers"), QJsonArray { server } } } } }) };
}

void noPassthrough(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        for (const EastWestGateway &gateway : cluster->gateways) {
            if (gateway.isMade || gateway.service->selector.isEmpty())
                continue; // its provider configures it
            const auto servers = listeningOf(*cluster, gateway);
            if (std::any_of(
                    servers.begin(), servers.end(), [](const observe::GatewayServer *one) { return one->tlsMode == u"AUTO_PASSTHROUGH"; }))
                continue;
            report.add({ .cluster = cluster,
                .object = subject(gateway),
                .to = cluster->name(),
                .sentence = servers.isEmpty() ? Say::tr("Nothing tells the gateway of %1 to listen on %2: connections are refused.")
                                                    .arg(cluster->name(), QString::number(gateway.port))
                                              : Say::tr("The gateway of %1 listens on %2 with TLS mode %3, not AUTO_PASSTHROUGH.")
                                                    .arg(cluster->name(), QString::number(gateway.port), servers.first()->tlsMode),
                .evidence = { seen(cluster->objects->gateways,
                    servers.isEmpty() ? Say::tr("no Gateway for %1").arg(gateway.service->key())
                                      : Say::tr("tls.mode: %1").arg(servers.first()->tlsMode)) },
                .mend = servers.isEmpty() ? exposing(*cluster, gateway) : QList<ops::Operation>() });
        }
    }
}

void hostsMissing(const View &view, Report &report)
{
    QHash<const ClusterView *, QStringList> shared; // keys
    for (const SharedService &one : view.sharedServices())
        for (const SharedService::In &in : one.in)
            shared[in.cluster].append(one.key);
    for (const ClusterView *cluster : view.clusters()) {
        for (const EastWestGateway &gateway : cluster->gateways) {
            if (gateway.isMade)
                continue;
            QStringList hosts;
            bool listens = false;
            for (const observe::GatewayServer *server : listeningOf(*cluster, gateway)) {
                if (server->tlsMode != u"AUTO_PASSTHROUGH")
                    continue;
                listens = true;
                hosts += server->hosts;
            }
            QStringList closed;
            for (const QString &key : shared.value(cluster))
                if (std::none_of(hosts.begin(), hosts.end(), [&](const QString &host) { return coversService(host, key); }))
                    closed.append(key);
            if (!listens || closed.isEmpty())
                continue;
            report.add({ .cluster = cluster,
                .object = subject(gateway),
                .to = cluster->name(),
                .services = closed,
                .sentence
                = Say::tr("The gateway of %1 does not pass %2 on: it closes such connections.").arg(cluster->name(), someOf(closed)),
                .evidence = { seen(cluster->objects->gateways, Say::tr("hosts: %1").arg(someOf(hosts))) } });
        }
    }
}

void networkView(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        for (const EastWestGateway &gateway : cluster->gateways) {
            if (gateway.isMade || gateway.network.isEmpty())
                continue;
            QStringList names;
            for (const observe::PodFacts *pod : cluster->podsOf(*gateway.service))
                if (pod->hasSidecar && !pod->networkView.isEmpty() && pod->networkView != gateway.network)
                    names.append(QStringLiteral("%1: %2").arg(pod->name, pod->networkView));
            if (!names.isEmpty())
                report.add({ .cluster = cluster,
                    .object = subject(gateway),
                    .to = cluster->name(),
                    .sentence
                    = Say::tr("Pods of %1's gateway for %2 see the endpoints of another network.").arg(cluster->name(), gateway.network),
                    .evidence = { seen(cluster->objects->pods, Say::tr("ISTIO_META_REQUESTED_NETWORK_VIEW: %1").arg(someOf(names))) } });
        }
    }
}

} // namespace

QList<Rule> gatewayRules()
{
    const Needs base = Needs(Need::Services) | Need::Namespaces | Need::MeshConfig | Need::Pods;
    const char *const reach = QT_TRANSLATE_NOOP(
        "Findings", "Look at the events of the gateway's Service: it needs a load balancer that the other clusters reach.");
    return {
        { "gateway.missing", Layer::Gateway, Health::Failed, base, missing, QT_TRANSLATE_NOOP("Findings", "Every network has a gateway"),
            QT_TRANSLATE_NOOP(
                "Findings", "Pods of another network are reached through its gateway. Where none is known, pod addresses are dialled."),
            QT_TRANSLATE_NOOP("Findings", "Install an east-west gateway with the network's label and port 15443.") },
        { "gateway.unlabelled", Layer::Gateway, Health::Failed, base, unlabelled,
            QT_TRANSLATE_NOOP("Findings", "Gateways say which network they lead to"),
            QT_TRANSLATE_NOOP(
                "Findings", "The label topology.istio.io/network on the Service (not on its pods) makes it the network's gateway."),
            QT_TRANSLATE_NOOP("Findings", "Label the Service with topology.istio.io/network.") },
        { "gateway.wrong-network", Layer::Gateway, Health::Failed, base, wrongNetwork,
            QT_TRANSLATE_NOOP("Findings", "Gateways lead to the network of their cluster"),
            QT_TRANSLATE_NOOP(
                "Findings", "A gateway labelled with another network takes that network's traffic and has none of its endpoints."),
            QT_TRANSLATE_NOOP("Findings", "Correct the label topology.istio.io/network of the Service.") },
        { "gateway.no-address", Layer::Gateway, Health::Failed, Need::Services, noAddress,
            QT_TRANSLATE_NOOP("Findings", "Gateways have an address"),
            QT_TRANSLATE_NOOP("Findings",
                "Without an address other clusters do not know the gateway. One that had an address keeps being offered until a control plane restarts."),
            reach },
        { "gateway.host-name", Layer::Gateway, Health::Warning, Need::Services, hostName,
            QT_TRANSLATE_NOOP("Findings", "Gateways have an IP address"),
            QT_TRANSLATE_NOOP(
                "Findings", "A host name is resolved by each control plane; when that fails the gateway is gone until the next try."),
            QT_TRANSLATE_NOOP("Findings", "Give the load balancer a fixed address where the provider can, or accept this finding.") },
        { "gateway.loopback-address", Layer::Gateway, Health::Failed, Needs(Need::Services) | Need::Pods, loopbackAddress,
            QT_TRANSLATE_NOOP("Findings", "Gateways have an address that others reach"),
            QT_TRANSLATE_NOOP("Findings", "Loopback and link-local addresses end on the machine that dials them."), reach },
        { "gateway.address-twice", Layer::Gateway, Health::Failed, Need::Services, sharedAddress,
            QT_TRANSLATE_NOOP("Findings", "Every gateway has an address of its own"),
            QT_TRANSLATE_NOOP("Findings", "Two gateways behind one address and port: one network's traffic ends in the other."), reach },
        { "gateway.no-port", Layer::Gateway, Health::Failed, Need::Services, noPort,
            QT_TRANSLATE_NOOP("Findings", "Gateways open port 15443"),
            QT_TRANSLATE_NOOP("Findings", "A Service with the network label and without the port is logged and passed over."),
            QT_TRANSLATE_NOOP("Findings", "Add the port 15443, or name another with networking.istio.io/gatewayPort.") },
        { "gateway.no-pods", Layer::Gateway, Health::Failed, Needs(Need::Services) | Need::Slices, noPods,
            QT_TRANSLATE_NOOP("Findings", "Gateways have pods"),
            QT_TRANSLATE_NOOP("Findings",
                "Control planes know a gateway by its Service and go on offering it when no pod stands behind it. Clients retry in their own cluster, and no request fails."),
            QT_TRANSLATE_NOOP("Findings", "Scale the gateway up, or look at why its pods are not ready.") },
        { "gateway.no-passthrough", Layer::Gateway, Health::Failed, Needs(Need::Services) | Need::Pods | Need::Gateways, noPassthrough,
            QT_TRANSLATE_NOOP("Findings", "Gateways pass mutual TLS on"),
            QT_TRANSLATE_NOOP("Findings",
                "A Gateway object with mode AUTO_PASSTHROUGH on 15443 makes the listener with one chain per service. Without it the port is closed, as soon as the old listener is drained (45 s)."),
            QT_TRANSLATE_NOOP("Findings", "Apply the Gateway cross-network-gateway (samples/multicluster/expose-services.yaml).") },
        { "gateway.hosts", Layer::Gateway, Health::Failed, base | Need::Gateways, hostsMissing,
            QT_TRANSLATE_NOOP("Findings", "Gateways pass every shared service on"),
            QT_TRANSLATE_NOOP("Findings",
                "A host that no entry of the Gateway covers has no chain: the gateway closes the connection, and clients retry in their own cluster."),
            QT_TRANSLATE_NOOP("Findings", "hosts: [\"*.local\"] in the gateway's Gateway object.") },
        { "gateway.network-view", Layer::Gateway, Health::Failed, Needs(Need::Services) | Need::Pods, networkView,
            QT_TRANSLATE_NOOP("Findings", "Gateways see the endpoints of their network"),
            QT_TRANSLATE_NOOP("Findings", "ISTIO_META_REQUESTED_NETWORK_VIEW limits the gateway to the endpoints of one network."),
            QT_TRANSLATE_NOOP("Findings", "Set it to the gateway's network.") },
    };
}

} // namespace catamaran::findings
