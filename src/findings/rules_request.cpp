// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/rule.h"

#include <algorithm>

namespace catamaran::findings {

using observe::Health;

namespace {

// --- routes -----------------------------------------------------------------------------------------------------------

QStringList servicesOf(const observe::VirtualServiceFacts &route)
{
    QStringList keys;
    for (const QString &host : route.hosts)
        if (const QString key = serviceKeyOf(host, route.ns); !key.isEmpty())
            keys.append(key);
    return keys;
}

bool definesSubset(const ClusterView &cluster, const QString &key, const QString &subset)
{
    const auto rules = cluster.rulesFor(key);
    return std::any_of(rules.begin(), rules.end(), [&](const auto *rule) {
        return std::any_of(rule->subsets.begin(), rule->subsets.end(), [&](const observe::SubsetFacts &one) { return one.name == subset; });
    });
}

void subsetUndefined(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        for (const observe::VirtualServiceFacts &route : cluster->objects->virtualServices.get()) {
            QStringList missing;
            for (const observe::RouteDestination &to : route.destinations) {
                const QString key = serviceKeyOf(to.host, route.ns);
                if (!to.subset.isEmpty() && !key.isEmpty() && !definesSubset(*cluster, key, to.subset))
                    missing.append(to.subset);
            }
            if (!missing.isEmpty())
                report.add({ .cluster = cluster,
                    .object = objectName("VirtualService", route),
                    .from = cluster->name(),
                    .services = servicesOf(route),
                    .sentence
                    = Say::tr("A route of %1 in %2 leads to the subset %3, which no DestinationRule there defines: its clients get 503.")
                          .arg(route.key(), cluster->name(), someOf(missing)),
                    .evidence = { seen(cluster->objects->virtualServices, Say::tr("subset: %1").arg(someOf(missing))),
                        seen(cluster->objects->destinationRules, Say::tr("no such subset")) } });
        }
    }
}

void subsetEmpty(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        for (const observe::DestinationRuleFacts &rule : cluster->objects->destinationRules.get()) {
            const QString key = serviceKeyOf(rule.host, rule.ns);
            const observe::ServiceFacts *service = key.isEmpty() ? nullptr : cluster->services.value(key);
            if (!service || service->selector.isEmpty())
                continue;
            QStringList empty;
            for (const observe::SubsetFacts &subset : rule.subsets) {
                observe::Labels labels = subset.labels;
                const QString inCluster = labels.take(QStringLiteral("topology.istio.io/cluster")),
                              inNetwork = labels.take(QStringLiteral("topology.istio.io/network"));
                const bool isThere = std::any_of(view.clusters().begin(), view.clusters().end(), [&](const ClusterView *one) {
                    if ((!inCluster.isEmpty() && one->id != inCluster) || (!inNetwork.isEmpty() && one->network != inNetwork))
                        return false;
                    const auto pods = one->podsOf(*service);
                    return std::any_of(
                        pods.begin(), pods.end(), [&](const observe::PodFacts *pod) { return observe::matches(labels, pod->labels); });
                });
                if (!isThere)
                    empty.append(subset.name);
            }
            if (empty.isEmpty())
                continue;
            bool isUsed = false;
            for (const auto *route : cluster->virtualServices.value(key))
                isUsed = isUsed
                    || std::any_of(route->destinations.begin(), route->destinations.end(),
                        [&](const observe::RouteDestination &to) { return empty.contains(to.subset); });
            report.add({ .cluster = cluster,
                .object = objectName("DestinationRule", rule),
                .from = cluster->name(),
                .services = { key },
                .sentence = isUsed
                    ? Say::tr("Routes of %1 lead to subsets of %2 without any pod (%3): its clients get 503.")
                          .arg(cluster->name(), key, someOf(empty))
                    : Say::tr("Subsets of %1 in %2 have no pod in any cluster: %3.").arg(key, cluster->name(), someOf(empty)),
                .evidence = { seen(cluster->objects->destinationRules, someOf(empty)) },
                .state = isUsed ? Health::Failed : Health::Warning });
        }
    }
}

void routeToNobody(const View &view, Report &report)
{
    QSet<QString> known, entries;
    for (const ClusterView *cluster : view.clusters()) {
        for (auto it = cluster->services.keyBegin(); it != cluster->services.keyEnd(); ++it)
            known.insert(*it);
        for (const observe::ServiceEntryFacts &entry : cluster->objects->serviceEntries.get())
            for (const QString &host : entry.hosts)
                entries.insert(host);
    }
    for (const ClusterView *cluster : view.clusters()) {
        for (const observe::VirtualServiceFacts &route : cluster->objects->virtualServices.get()) {
            QStringList missing;
            for (const observe::RouteDestination &to : route.destinations)
                if (const QString key = serviceKeyOf(to.host, route.ns);
                    !key.isEmpty() && !known.contains(key) && !entries.contains(to.host))
                    missing.append(to.host);
            if (!missing.isEmpty())
                report.add({ .cluster = cluster,
                    .object = objectName("VirtualService", route),
                    .from = cluster->name(),
                    .services = servicesOf(route),
                    .sentence = Say::tr("A route of %1 in %2 leads to %3, which is a Service of no cluster.")
                                    .arg(route.key(), cluster->name(), someOf(missing)),
                    .evidence = { seen(cluster->objects->virtualServices, someOf(missing)) } });
        }
    }
}

void faultsInjected(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters())
        for (const observe::VirtualServiceFacts &route : cluster->objects->virtualServices.get())
            if (route.injectsFaults)
                report.add({ .cluster = cluster,
                    .object = objectName("VirtualService", route),
                    .from = cluster->name(),
                    .services = servicesOf(route),
                    .sentence = Say::tr("%1 in %2 delays or aborts requests on purpose.").arg(route.key(), cluster->name()),
                    .evidence = { seen(cluster->objects->virtualServices, QStringLiteral("http[].fault")) } });
}

void ruleHostUnknown(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        for (const observe::DestinationRuleFacts &rule : cluster->objects->destinationRules.get()) {
            const QString host = rule.host;
            // "helloworld.sample" is no short name: it is a host that nobody has.
            const QStringList parts = host.split(u'.');
            if (parts.size() != 2 || !cluster->services.contains(observe::keyOf(parts.at(1), parts.at(0))))
                continue;
            report.add({ .cluster = cluster,
                .object = objectName("DestinationRule", rule),
                .from = cluster->name(),
                .sentence
                = Say::tr("%1 in %2 is for the host %3, which no Service has: it has no effect.").arg(rule.key(), cluster->name(), host),
                .evidence = { seen(cluster->objects->destinationRules, Say::tr("host: %1").arg(host)) } });
        }
    }
}

// --- visibility -------------------------------------------------------------------------------------------------------

/// Whether clients of namespace @p ns see the Service @p key through a Sidecar with @p hosts.
bool sidecarShows(const QStringList &hosts, const QString &ns, const QString &key)
{
    return std::any_of(hosts.begin(), hosts.end(), [&](const QString &host) {
        const QString space = host.section(u'/', 0, 0), name = host.section(u'/', 1);
        const QString of = key.section(u'/', 0, 0);
        if (space != u"*" && space != of && !(space == u"." && ns == of))
            return false;
        return coversService(name, key);
    });
}

const observe::SidecarFacts *sidecarOf(const ClusterView &cluster, const QString &ns)
{
    const observe::SidecarFacts *ofMesh = nullptr;
    for (const observe::SidecarFacts &sidecar : cluster.objects->sidecars.get()) {
        if (!sidecar.selector.isEmpty() || !sidecar.hasEgress)
            continue;
        if (sidecar.ns == ns)
            return &sidecar;
        if (sidecar.ns == cluster.objects->meshConfig.get().rootNamespace)
            ofMesh = &sidecar;
    }
    return ofMesh;
}

void sidecarHides(const View &view, Report &report)
{
    struct Hiding {
        const ClusterView *cluster;
        QStringList services;
    };
    QMap<QPair<QString, QString>, Hiding> hidden; // by cluster and namespace
    for (const SharedService &shared : view.sharedServices()) {
        const QString ns = shared.key.section(u'/', 0, 0);
        QList<const ClusterView *> hiding;
        for (const SharedService::In &in : shared.in)
            if (const auto *sidecar = sidecarOf(*in.cluster, ns); sidecar && !sidecarShows(sidecar->egressHosts, ns, shared.key))
                hiding.append(in.cluster);
        if (hiding.size() == shared.in.size())
            continue; // so it is meant
        for (const ClusterView *cluster : hiding) {
            Hiding &one = hidden[{ cluster->name(), ns }];
            one.cluster = cluster;
            one.services.append(shared.key);
        }
    }
    for (auto it = hidden.cbegin(); it != hidden.cend(); ++it) {
        const auto *sidecar = sidecarOf(*it->cluster, it.key().second);
        report.add({ .cluster = it->cluster,
            .object = objectName("Sidecar", *sidecar),
            .from = it->cluster->name(),
            .services = it->services,
            .sentence = Say::tr("A Sidecar hides %1 from clients of its own namespace in %2: they go around the mesh to their own cluster.")
                            .arg(someOf(it->services), it->cluster->name()),
            .evidence = { seen(it->cluster->objects->sidecars, Say::tr("egress hosts: %1").arg(someOf(sidecar->egressHosts))) } });
    }
}

void entryShadows(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters())
        for (const observe::ServiceEntryFacts &entry : cluster->objects->serviceEntries.get())
            for (const QString &host : entry.hosts)
                if (const QString key = serviceKeyOf(host, entry.ns);
                    host.contains(u'.') && !key.isEmpty() && cluster->services.contains(key))
                    report.add({ .cluster = cluster,
                        .object = objectName("ServiceEntry", entry),
                        .from = cluster->name(),
                        .sentence = Say::tr("A ServiceEntry in %1 has the host of the Service %2: which endpoints are used is not defined.")
                                        .arg(cluster->name(), key),
                        .evidence = { seen(cluster->objects->serviceEntries, host) } });
}

// --- policies ---------------------------------------------------------------------------------------------------------

/// "cluster.local" of "cluster.local/ns/sample/sa/sleep"; empty: of any ("*", "*/sa/x").
QString domainOf(const QString &principal)
{
    const QString first = principal.section(u'/', 0, 0);
    return first.contains(u'*') || !principal.contains(u'/') ? QString() : first;
}

void policyForeignDomain(const View &view, Report &report)
{
    QSet<QString> domains;
    for (const ClusterView *cluster : view.clusters()) {
        domains.insert(cluster->trustDomain);
        for (const QString &alias : cluster->objects->meshConfig.get().trustDomainAliases)
            domains.insert(alias);
    }
    domains.insert(QStringLiteral("cluster.local")); // a synonym for the own one
    for (const ClusterView *cluster : view.clusters()) {
        for (const observe::AuthorizationPolicyFacts &policy : cluster->objects->authorizationPolicies.get()) {
            QStringList foreign;
            for (const QString &principal : policy.principals)
                if (const QString domain = domainOf(principal); !domain.isEmpty() && !domains.contains(domain))
                    foreign.append(principal);
            if (foreign.isEmpty())
                continue;
            const bool isAll = foreign.size() == policy.principals.size() && policy.action == u"ALLOW" && !policy.isOpen;
            report.add({ .cluster = cluster,
                .object = objectName("AuthorizationPolicy", policy),
                .to = cluster->name(),
                .sentence = Say::tr("%1 in %2 names principals of a trust domain that no cluster has: they never match.")
                                .arg(policy.key(), cluster->name()),
                .evidence = { seen(cluster->objects->authorizationPolicies, someOf(foreign)) },
                .state = isAll ? Health::Failed : Health::Warning });
        }
    }
}

/// Whether @p policy is for the pods of @p service.
bool isFor(const ClusterView &cluster, const observe::AuthorizationPolicyFacts &policy, const observe::ServiceFacts &service)
{
    if (policy.ns != service.ns && policy.ns != cluster.objects->meshConfig.get().rootNamespace)
        return false;
    if (policy.selector.isEmpty())
        return true;
    const auto pods = cluster.podsOf(service);
    return std::any_of(
        pods.begin(), pods.end(), [&](const observe::PodFacts *pod) { return observe::matches(policy.selector, pod->labels); });
}

struct Ruled {
    const ClusterView *cluster;
    const observe::AuthorizationPolicyFacts *policy;
    QList<const observe::ServiceFacts *> services;
    [[nodiscard]] QStringList keys() const
    {
        QStringList names;
        for (const observe::ServiceFacts *service : services)
            names.append(service->key());
        return names;
    }
};

/// Policies and the shared services that they are for.
QList<Ruled> ruledBy(const View &view)
{
    QHash<const ClusterView *, QList<const observe::ServiceFacts *>> shared;
    for (const SharedService &one : view.sharedServices())
        for (const SharedService::In &in : one.in)
            shared[in.cluster].append(in.service);
    QList<Ruled> result;
    for (const ClusterView *cluster : view.clusters()) {
        for (const observe::AuthorizationPolicyFacts &policy : cluster->objects->authorizationPolicies.get()) {
            Ruled one { cluster, &policy, {} };
            for (const observe::ServiceFacts *service : shared.value(cluster))
                if (isFor(*cluster, policy, *service))
                    one.services.append(service);
            if (!one.services.isEmpty())
                result.append(one);
        }
    }
    return result;
}

void policyDeniesAll(const View &view, Report &report)
{
    for (const Ruled &one : ruledBy(view)) {
        const bool isDeny = one.policy->action == u"DENY" && one.policy->isOpen;
        if (!isDeny && !(one.policy->action == u"ALLOW" && one.policy->rules == 0))
            continue;
        // "Nobody, unless another policy says so" is how strict namespaces begin.
        QStringList refused;
        const auto &all = one.cluster->objects->authorizationPolicies.get();
        for (const observe::ServiceFacts *service : one.services)
            if (isDeny || std::none_of(all.begin(), all.end(), [&](const auto &other) {
                    return other.action == u"ALLOW" && other.rules > 0 && isFor(*one.cluster, other, *service);
                }))
                refused.append(service->key());
        if (!refused.isEmpty())
            report.add({ .cluster = one.cluster,
                .object = objectName("AuthorizationPolicy", *one.policy),
                .to = one.cluster->name(),
                .services = refused,
                .sentence = Say::tr("%1 in %2 refuses every request to %3, also those of its own cluster.")
                                .arg(one.policy->key(), one.cluster->name(), someOf(refused)),
                .evidence = { seen(one.cluster->objects->authorizationPolicies,
                    isDeny ? Say::tr("DENY with a rule that everybody fits") : Say::tr("ALLOW without rules")) } });
    }
}

void policyByAddress(const View &view, Report &report)
{
    for (const Ruled &one : ruledBy(view))
        if (one.policy->restrictsAddresses && view.crossesNetworks(*one.cluster))
            report.add({ .cluster = one.cluster,
                .object = objectName("AuthorizationPolicy", *one.policy),
                .to = one.cluster->name(),
                .services = one.keys(),
                .sentence = Say::tr("%1 in %2 judges %3 by address: requests of other networks all come from the gateway's pods.")
                                .arg(one.policy->key(), one.cluster->name(), someOf(one.keys())),
                .evidence = { seen(one.cluster->objects->authorizationPolicies, QStringLiteral("ipBlocks")) } });
}

void networkPolicyBlocks(const View &view, Report &report)
{
    for (const SharedService &shared : view.sharedServices()) {
        for (const SharedService::In &in : shared.in) {
            if (!view.crossesNetworks(*in.cluster))
                continue;
            bool admits = false;
            const observe::NetworkPolicyFacts *blocking = nullptr;
            for (const observe::NetworkPolicyFacts &policy : in.cluster->objects->networkPolicies.get()) {
                if (policy.ns != in.service->ns || !policy.isOfIngress)
                    continue;
                const auto pods = in.cluster->podsOf(*in.service);
                if (!std::any_of(pods.begin(), pods.end(),
                        [&](const observe::PodFacts *pod) { return observe::matches(policy.podSelector, pod->labels); }))
                    continue;
                admits = admits || policy.admitsOtherNamespaces;
                blocking = &policy;
            }
            if (blocking && !admits)
                report.add({ .cluster = in.cluster,
                    .object = objectName("NetworkPolicy", *blocking),
                    .to = in.cluster->name(),
                    .services = { shared.key },
                    .sentence = Say::tr(
                        "NetworkPolicies of %1 admit nobody from other namespaces to %2, and the gateway stands in one: requests of other clusters do not get through.")
                                    .arg(in.cluster->name(), shared.key),
                    .evidence = { seen(in.cluster->objects->networkPolicies,
                        Say::tr("%1: %2 ingress rules, none from other namespaces")
                            .arg(blocking->key(), QString::number(blocking->ingressRules))) } });
        }
    }
}

// --- the same everywhere ----------------------------------------------------------------------------------------------

void filterRefused(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters())
        for (const observe::EnvoyFilterFacts &filter : cluster->objects->envoyFilters.get())
            if (!filter.outOfRange.isEmpty())
                report.add({ .cluster = cluster,
                    .object = objectName("EnvoyFilter", filter),
                    .from = cluster->name(),
                    .sentence
                    = Say::tr("%1 in %2 has a value that Envoy refuses: running proxies keep their old listeners, and new ones have none.")
                          .arg(filter.key(), cluster->name()),
                    .evidence = { seen(cluster->objects->envoyFilters, someOf(filter.outOfRange)) } });
}

/// Objects of one kind by "namespace/name" and cluster.
template <typename T>
void compare(const View &view, Report &report, const char *kind, observe::Fact<QList<T>> observe::ClusterObjects::*member)
{
    QMap<QString, QHash<const ClusterView *, QByteArray>> byName;
    for (const ClusterView *cluster : view.clusters())
        for (const T &one : (cluster->objects->*member).get())
            if (!isSystemNamespace(one.ns))
                byName[one.key()].insert(cluster, one.hash);
    QHash<QString, QList<const ClusterView *>> meshed; // by namespace
    for (auto it = byName.cbegin(); it != byName.cend(); ++it) {
        const QString ns = it.key().section(u'/', 0, 0);
        if (!meshed.contains(ns))
            for (const ClusterView *cluster : view.clusters())
                if (cluster->isMeshed(ns))
                    meshed[ns].append(cluster);
        QStringList without;
        QSet<QByteArray> hashes;
        const ClusterView *with = nullptr;
        for (const ClusterView *cluster : meshed.value(ns)) {
            const auto found = it->constFind(cluster);
            if (found == it->cend()) {
                without.append(cluster->name());
                continue;
            }
            hashes.insert(*found);
            if (!with)
                with = cluster;
        }
        if (!with || (without.isEmpty() && hashes.size() < 2))
            continue;
        report.add({ .cluster = with,
            .object = QString::fromLatin1(kind) + u' ' + it.key(),
            .sentence = without.isEmpty() ? Say::tr("%1 %2 is not the same in all clusters.").arg(QString::fromLatin1(kind), it.key())
                                          : Say::tr("%1 %2 of %3 is missing in %4: primaries do not copy configuration from each other.")
                                                .arg(QString::fromLatin1(kind), it.key(), with->name(), someOf(without)),
            .evidence = { seen(with->objects->*member,
                without.isEmpty() ? Say::tr("%1 different specs").arg(QString::number(hashes.size()))
                                  : Say::tr("not in %1").arg(someOf(without))) } });
    }
}

void configDiffers(const View &view, Report &report)
{
    using O = observe::ClusterObjects;
    compare(view, report, "DestinationRule", &O::destinationRules);
    compare(view, report, "VirtualService", &O::virtualServices);
    compare(view, report, "Sidecar", &O::sidecars);
    compare(view, report, "ServiceEntry", &O::serviceEntries);
    compare(view, report, "PeerAuthentication", &O::peerAuthentications);
    compare(view, report, "AuthorizationPolicy", &O::authorizationPolicies);
    compare(view, report, "EnvoyFilter", &O::envoyFilters);
}

} // namespace

QList<Rule> requestRules()
{
    const Needs shared = Needs(Need::Services) | Need::Namespaces | Need::Pods;
    const Needs routes = Needs(Need::VirtualServices) | Need::Services;
    return {
        { "request.subset-undefined", Layer::Request, Health::Failed, routes | Need::DestinationRules, subsetUndefined,
            QT_TRANSLATE_NOOP("Findings", "Every subset that a route names is defined"),
            QT_TRANSLATE_NOOP("Findings",
                "A route to a subset without a DestinationRule in the same cluster is answered with 503 (NC, cluster not found)."),
            QT_TRANSLATE_NOOP("Findings", "Apply the DestinationRule in this cluster too.") },
        { "request.subset-empty", Layer::Request, Health::Warning,
            shared | Need::DestinationRules | Need::VirtualServices | Need::MeshConfig, subsetEmpty,
            QT_TRANSLATE_NOOP("Findings", "Every subset has pods"),
            QT_TRANSLATE_NOOP("Findings", "A subset whose labels no pod has is a route to nobody."),
            QT_TRANSLATE_NOOP("Findings", "Correct the subset's labels, or remove it.") },
        { "request.route-to-nobody", Layer::Request, Health::Failed, routes | Need::ServiceEntries, routeToNobody,
            QT_TRANSLATE_NOOP("Findings", "Routes lead to services that exist"),
            QT_TRANSLATE_NOOP("Findings", "A destination that no Service and no ServiceEntry has is answered with 503."),
            QT_TRANSLATE_NOOP("Findings", "Correct the destination host.") },
        { "request.faults-injected", Layer::Request, Health::Warning, Need::VirtualServices, faultsInjected,
            QT_TRANSLATE_NOOP("Findings", "No route injects faults"),
            QT_TRANSLATE_NOOP("Findings", "Fault injection is left over from a test, or a test is under way."),
            QT_TRANSLATE_NOOP("Findings", "Remove fault from the VirtualService.") },
        { "request.rule-host-unknown", Layer::Request, Health::Warning, Needs(Need::DestinationRules) | Need::Services, ruleHostUnknown,
            QT_TRANSLATE_NOOP("Findings", "DestinationRules are for hosts that exist"),
            QT_TRANSLATE_NOOP("Findings",
                "A name with a dot is taken as it stands: helloworld.sample is not the Service helloworld of namespace sample."),
            QT_TRANSLATE_NOOP("Findings", "Write the host in full: name.namespace.svc.cluster.local.") },
        { "request.sidecar-hides", Layer::Request, Health::Failed, shared | Need::Sidecars | Need::MeshConfig, sidecarHides,
            QT_TRANSLATE_NOOP("Findings", "No Sidecar hides a shared service on one side"),
            QT_TRANSLATE_NOOP("Findings",
                "A Sidecar object lists what clients of its namespace see. What it leaves out is reached by the cluster's own address alone, in plain text."),
            QT_TRANSLATE_NOOP("Findings", "Add ./* to the egress hosts.") },
        { "request.entry-shadows", Layer::Request, Health::Warning, Needs(Need::ServiceEntries) | Need::Services, entryShadows,
            QT_TRANSLATE_NOOP("Findings", "No ServiceEntry has the host of a Service"),
            QT_TRANSLATE_NOOP("Findings", "Two definitions of one host: proxies get one of them."),
            QT_TRANSLATE_NOOP("Findings", "Give the ServiceEntry another host.") },
        { "request.policy-foreign-domain", Layer::Request, Health::Failed, Needs(Need::AuthorizationPolicies) | Need::MeshConfig,
            policyForeignDomain, QT_TRANSLATE_NOOP("Findings", "Policies name principals that exist"),
            QT_TRANSLATE_NOOP("Findings",
                "A principal begins with its trust domain. One of a domain that no cluster has never matches: an ALLOW policy then refuses everybody (403)."),
            QT_TRANSLATE_NOOP("Findings", "Use the mesh's trust domain in principals, or list the other in trustDomainAliases.") },
        { "request.policy-denies-all", Layer::Request, Health::Failed, shared | Need::AuthorizationPolicies | Need::MeshConfig,
            policyDeniesAll, QT_TRANSLATE_NOOP("Findings", "No policy refuses everybody"),
            QT_TRANSLATE_NOOP(
                "Findings", "An ALLOW policy without rules, or a DENY policy with an empty one, refuses every request with 403."),
            QT_TRANSLATE_NOOP("Findings", "Add a rule that allows the clients, in all clusters.") },
        { "request.policy-by-address", Layer::Request, Health::Warning, shared | Need::AuthorizationPolicies | Need::MeshConfig,
            policyByAddress, QT_TRANSLATE_NOOP("Findings", "No policy judges other networks by address"),
            QT_TRANSLATE_NOOP("Findings", "Behind a gateway the address of the client is the gateway's."),
            QT_TRANSLATE_NOOP("Findings", "Use principals or namespaces instead of ipBlocks.") },
        { "request.network-policy-blocks", Layer::Request, Health::Failed, shared | Need::NetworkPolicies | Need::MeshConfig,
            networkPolicyBlocks, QT_TRANSLATE_NOOP("Findings", "NetworkPolicies let the gateway through"),
            QT_TRANSLATE_NOOP("Findings", "Requests of other networks come from the gateway's pods, in another namespace."),
            QT_TRANSLATE_NOOP("Findings", "Admit the namespace of the gateway (namespaceSelector) in the NetworkPolicy.") },
        { "request.filter-refused", Layer::Request, Health::Warning, Need::EnvoyFilters, filterRefused,
            QT_TRANSLATE_NOOP("Findings", "EnvoyFilters hold values that Envoy takes"),
            QT_TRANSLATE_NOOP("Findings",
                "Nobody checks an EnvoyFilter before it is sent. A refused listener leaves running proxies with the old one, without a word, and new pods without any."),
            QT_TRANSLATE_NOOP("Findings", "Correct or delete the EnvoyFilter.") },
        { "request.config-differs", Layer::Request, Health::Warning,
            shared | Need::DestinationRules | Need::VirtualServices | Need::Sidecars | Need::ServiceEntries | Need::PeerAuthentications
                | Need::AuthorizationPolicies | Need::EnvoyFilters,
            configDiffers, QT_TRANSLATE_NOOP("Findings", "All primaries have the same configuration"),
            QT_TRANSLATE_NOOP("Findings",
                "Services and endpoints cross clusters, rules do not: each control plane applies its own. Clusters may differ on purpose."),
            QT_TRANSLATE_NOOP("Findings", "Apply it in all clusters alike, or accept this finding.") },
    };
}

} // namespace catamaran::findings
