// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/view.h"

#include "observe/gateways.h"

#include <algorithm>

namespace catamaran::findings {

using observe::ClusterObjects;
using observe::systemNamespace;

namespace {

const QString networkLabel = QStringLiteral("topology.istio.io/network");

QString labelKey(const QString &ns, const QString &key, const QString &value)
{
    return ns + u'\n' + key + u'=' + value;
}

bool isControlPlane(const observe::Labels &labels)
{
    return labels.value(QStringLiteral("app")) == u"istiod" || labels.value(QStringLiteral("istio")) == u"pilot";
}

std::optional<EastWestGateway> gatewayOf(const observe::ServiceFacts &service)
{
    EastWestGateway gateway { &service, service.labels.value(networkLabel) };
    bool isNumber = false;
    if (const int port = service.labels.value(QStringLiteral("networking.istio.io/gatewayPort")).toInt(&isNumber); isNumber && port > 0)
        gateway.port = port;
    gateway.hasPort = std::any_of(
        service.ports.begin(), service.ports.end(), [&](const observe::ServicePort &port) { return port.port == gateway.port; });
    const bool isAmbient
        = std::any_of(service.ports.begin(), service.ports.end(), [](const observe::ServicePort &port) { return port.port == 15008; });
    gateway.isMade = service.isProvidersGateway;
    const bool isEastWest = service.labels.value(QStringLiteral("istio")) == u"eastwestgateway";
    // The label alone is no sign: other objects carry it too.
    if ((isEastWest && !(isAmbient && !gateway.hasPort)) || gateway.isMade || (gateway.hasPort && !gateway.network.isEmpty()))
        return gateway;
    return std::nullopt;
}

/// What most of the proxies were told.
template <typename Get> QString mostCommon(const QList<observe::PodFacts> &pods, Get get)
{
    QHash<QString, int> counts;
    for (const observe::PodFacts &pod : pods)
        if (pod.hasSidecar && !get(pod).isEmpty())
            ++counts[get(pod)];
    QString best;
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        if (best.isEmpty() || it.value() > counts.value(best) || (it.value() == counts.value(best) && it.key() < best))
            best = it.key();
    return best;
}

void readIdentity(ClusterView &view)
{
    const ClusterObjects &objects = *view.objects;
    const observe::MeshConfigFacts &config = objects.meshConfig.get();
    for (const observe::DeploymentFacts &deployment : objects.deployments.get())
        view.hasPrimary = view.hasPrimary || (deployment.ns == systemNamespace && isControlPlane(deployment.podLabels));
    for (const observe::PodFacts &pod : objects.pods.get()) {
        if (pod.ns == systemNamespace && isControlPlane(pod.labels)) {
            view.hasPrimary = true;
            if (view.id.isEmpty())
                view.id = pod.clusterId;
        }
    }
    if (view.id.isEmpty())
        view.id = config.clusterId;
    if (view.id.isEmpty())
        view.id = mostCommon(objects.pods.get(), [](const observe::PodFacts &pod) { return pod.clusterId; });
    if (view.id.isEmpty())
        view.id = objects.name;
    if (const auto *system = view.namespaces.value(systemNamespace))
        view.network = system->network;
    if (view.network.isEmpty())
        view.network = config.network;
    if (view.network.isEmpty())
        view.network = mostCommon(objects.pods.get(), [](const observe::PodFacts &pod) { return pod.network; });
    view.meshId
        = config.meshId.isEmpty() ? mostCommon(objects.pods.get(), [](const observe::PodFacts &pod) { return pod.meshId; }) : config.meshId;
    view.trustDomain = config.trustDomain;
}

} // namespace

QString serviceKeyOf(const QString &host, const QString &ns)
{
    if (host.isEmpty() || host.startsWith(u'*'))
        return {};
    if (!host.contains(u'.'))
        return observe::keyOf(ns, host);
    const qsizetype first = host.indexOf(u'.');
    const qsizetype second = host.indexOf(u'.', first + 1);
    const QStringView rest = second < 0 ? QStringView() : QStringView(host).mid(second);
    return rest == u".svc" || rest.startsWith(u".svc.") ? observe::keyOf(host.mid(first + 1, second - first - 1), host.left(first))
                                                        : QString();
}

QString hostOf(const QString &key)
{
    return key.section(u'/', 1) + u'.' + key.section(u'/', 0, 0) + QStringLiteral(".svc.cluster.local");
}

bool coversService(const QString &pattern, const QString &key)
{
    if (pattern == u"*")
        return true;
    const QString host = hostOf(key);
    return pattern.startsWith(u"*.") ? QStringView(host).endsWith(QStringView(pattern).mid(1)) : host == pattern;
}

bool isSystemNamespace(const QString &ns)
{
    return ns == systemNamespace || ns == u"kube-system" || ns == u"kube-public" || ns == u"kube-node-lease";
}

QList<const observe::DestinationRuleFacts *> ClusterView::rulesFor(const QString &key) const
{
    QList<const observe::DestinationRuleFacts *> rules = destinationRules.value(key);
    for (const auto *rule : wideDestinationRules)
        if (coversService(rule->host, key))
            rules.append(rule);
    return rules;
}

QList<const observe::PodFacts *> ClusterView::podsOf(const observe::ServiceFacts &service) const
{
    QList<const observe::PodFacts *> found;
    if (service.selector.isEmpty())
        return found;
    // From the label that fewest pods have.
    QList<const observe::PodFacts *> fewest;
    bool isFirst = true;
    for (auto it = service.selector.cbegin(); it != service.selector.cend(); ++it) {
        const auto with = podsByLabel.value(labelKey(service.ns, it.key(), it.value()));
        if (isFirst || with.size() < fewest.size())
            fewest = with;
        isFirst = false;
    }
    for (const observe::PodFacts *pod : fewest)
        if (observe::matches(service.selector, pod->labels))
            found.append(pod);
    return found;
}

bool ClusterView::isMeshed(const QString &ns) const
{
    const auto *space = namespaces.value(ns);
    if (space && space->injects)
        return true;
    const auto in = pods.value(ns);
    return std::any_of(in.begin(), in.end(), [](const observe::PodFacts *pod) { return pod->hasSidecar; });
}

const observe::PeerAuthenticationFacts *ClusterView::peerPolicy(const QString &ns, const observe::Labels &labels) const
{
    const observe::PeerAuthenticationFacts *ofMesh = nullptr, *ofNamespace = nullptr, *ofPods = nullptr;
    for (const observe::PeerAuthenticationFacts &policy : objects->peerAuthentications.get()) {
        if (policy.mode.isEmpty() || policy.mode == u"UNSET")
            continue;
        if (policy.ns == ns && !policy.selector.isEmpty() && observe::matches(policy.selector, labels))
            ofPods = &policy;
        else if (policy.ns == ns && policy.selector.isEmpty())
            ofNamespace = &policy;
        else if (policy.ns == objects->meshConfig.get().rootNamespace && policy.selector.isEmpty())
            ofMesh = &policy;
    }
    return ofPods ? ofPods : ofNamespace ? ofNamespace : ofMesh;
}

Index::Index(const FleetFacts &facts)
    : m_facts(facts)
{
    m_clusters.reserve(size_t(facts.clusters.size()));
    for (const ClusterObjects &objects : facts.clusters) {
        ClusterView view;
        view.objects = &objects;
        for (const auto &one : objects.namespaces.get())
            view.namespaces.insert(one.name, &one);
        for (const auto &one : objects.services.get()) {
            view.services.insert(one.key(), &one);
            if (const auto gateway = gatewayOf(one))
                view.gateways.append(*gateway);
        }
        for (const auto &one : objects.slices.get())
            view.ready[observe::keyOf(one.ns, one.service)] += one.ready;
        for (const auto &one : objects.pods.get()) {
            if (one.isGoing || one.phase == u"Succeeded" || one.phase == u"Failed")
                continue;
            view.pods[one.ns].append(&one);
            for (auto it = one.labels.cbegin(); it != one.labels.cend(); ++it)
                view.podsByLabel[labelKey(one.ns, it.key(), it.value())].append(&one);
        }
        for (const auto &one : objects.destinationRules.get()) {
            if (one.host.startsWith(u'*'))
                view.wideDestinationRules.append(&one);
            else if (const QString key = serviceKeyOf(one.host, one.ns); !key.isEmpty())
                view.destinationRules[key].append(&one);
        }
        for (const auto &one : objects.virtualServices.get())
            for (const QString &host : one.hosts)
                if (const QString key = serviceKeyOf(host, one.ns); !key.isEmpty())
                    view.virtualServices[key].append(&one);
        readIdentity(view);
        m_clusters.push_back(std::move(view));
    }
}

View::View(const Index &index, QList<const ClusterView *> clusters)
    : m_index(index)
    , m_clusters(std::move(clusters))
{
}

const ClusterView *View::cluster(const QString &name) const
{
    const auto found = std::find_if(m_clusters.begin(), m_clusters.end(), [&](const ClusterView *one) { return one->name() == name; });
    return found == m_clusters.end() ? nullptr : *found;
}

const QList<SharedService> &Index::sharedServices(const QList<const ClusterView *> &clusters) const
{
    if (const auto known = m_shared.find(clusters); known != m_shared.end())
        return known->second;
    QHash<QString, SharedService> byKey;
    QHash<QString, bool> isMeshed;
    for (const ClusterView *cluster : clusters) {
        QHash<QString, bool> meshedHere;
        for (const observe::ServiceFacts &service : cluster->objects->services.get()) {
            if (isSystemNamespace(service.ns) || service.type == u"ExternalName"
                || (service.ns == u"default" && service.name == u"kubernetes"))
                continue;
            const auto known = meshedHere.constFind(service.ns);
            const bool meshed = known != meshedHere.cend() ? *known : *meshedHere.insert(service.ns, cluster->isMeshed(service.ns));
            const QString key = service.key();
            SharedService &shared = byKey[key];
            shared.key = key;
            shared.in.append({ cluster, &service });
            isMeshed[key] = isMeshed.value(key) || meshed;
        }
    }
    QList<SharedService> result;
    for (const SharedService &one : std::as_const(byKey))
        if (one.in.size() > 1 && isMeshed.value(one.key))
            result.append(one);
    std::sort(result.begin(), result.end(), [](const SharedService &a, const SharedService &b) { return a.key < b.key; });
    return m_shared.emplace(clusters, std::move(result)).first->second;
}

bool View::crossesNetworks(const ClusterView &cluster) const
{
    return std::any_of(m_index.clusters().begin(), m_index.clusters().end(),
        [&](const ClusterView &other) { return other.objects != cluster.objects && onOtherNetworks(cluster, other); });
}

} // namespace catamaran::findings
