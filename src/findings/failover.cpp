// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/failover.h"

#include "findings/rule.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::findings {

namespace {

using observe::ServiceFacts;

bool isOnTheWay(const Finding &finding)
{
    return finding.layer == Layer::Discovery || finding.layer == Layer::Trust || finding.layer == Layer::Gateway
        || finding.layer == Layer::Request || finding.rule == u"cluster.unreachable";
}

/// Findings that break ways, by the service that they are about; empty: all services.
class Ways {
public:
    explicit Ways(const QList<Finding> &found)
    {
        for (const Finding &finding : found) {
            if (!isOnTheWay(finding))
                continue;
            if (finding.state == Health::Unknown)
                m_unknown[finding.cluster].append(&finding);
            else if (finding.state == Health::Failed || finding.state == Health::Stale)
                for (const QString &service : finding.services.isEmpty() ? QStringList { QString() } : finding.services)
                    m_broken[service].append(&finding);
        }
    }
    /// What breaks @p from to @p to for @p service; null: nothing known.
    [[nodiscard]] const Finding *broken(const QString &service, const QString &from, const QString &to) const
    {
        for (const QString &about : { QString(), service })
            for (const Finding *finding : m_broken.value(about))
                if (finding->concerns(service, from, to))
                    return finding;
        return nullptr;
    }
    /// What would have to be known of one of them.
    [[nodiscard]] const Finding *unknown(const QString &from, const QString &to) const
    {
        for (const QString &cluster : { from, to })
            if (const auto found = m_unknown.constFind(cluster); found != m_unknown.cend())
                return found->first();
        return nullptr;
    }

private:
    QHash<QString, QList<const Finding *>> m_broken, m_unknown;
};

/// What to do about a fact that was not read: only a refusal is mended by a right.
QString whatToDo(const observe::FactHead &fact, const QString &cluster, const QString &grant)
{
    return fact.error && fact.error->kind == core::ErrorKind::Forbidden ? grant : Say::tr("See why %1 does not answer.").arg(cluster);
}

struct Policy {
    const observe::DestinationRuleFacts *rule = nullptr;
    std::optional<observe::OutlierDetection> outlier;
    std::optional<observe::LocalitySettings> locality;
    std::optional<int> connectTimeoutMs;
};

Policy policyOf(const ClusterView &cluster, const QString &key)
{
    Policy policy;
    for (const auto *rule : cluster.rulesFor(key)) {
        if (!policy.rule)
            policy.rule = rule;
        if (!policy.outlier)
            policy.outlier = rule->policy.outlier;
        if (!policy.locality)
            policy.locality = rule->policy.locality;
        if (!policy.connectTimeoutMs)
            policy.connectTimeoutMs = rule->policy.connectTimeoutMs;
    }
    return policy;
}

class Judge {
public:
    Judge(const Index &index, const Ways &ways, const QString &key, const ClusterView &from, const ServiceFacts &service)
        : m_index(index)
        , m_ways(ways)
        , m_from(from)
        , m_service(service)
    {
        m_verdict.service = key;
        m_verdict.from = from.name();
    }

    FailoverVerdict run()
    {
        clients();
        endpoints();
        routes();
        ejection();
        pace();
        m_verdict.answer = Answer::Yes;
        for (const Answer wanted : { Answer::No, Answer::NotKnown }) {
            const auto found = std::find_if(m_verdict.conditions.begin(), m_verdict.conditions.end(), [&](const FailoverCondition &one) {
                return one.decides && (wanted == Answer::No ? one.holds == false : !one.holds.has_value());
            });
            if (found == m_verdict.conditions.end())
                continue;
            m_verdict.answer = wanted;
            m_verdict.sentence = wanted == Answer::No ? Say::tr("No: %1.").arg(found->text) : Say::tr("Not known: %1.").arg(found->text);
            break;
        }
        if (m_verdict.answer == Answer::Yes)
            m_verdict.sentence = Say::tr("Yes: %1 answers when the endpoints in %2 fail.").arg(someOf(m_others), m_from.name());
        if (m_verdict.answer != Answer::No)
            m_verdict.mend.clear();
        return m_verdict;
    }

private:
    void add(const QString &holdsText, const QString &failsText, std::optional<bool> holds, const QString &change, const Evidence &evidence,
        bool decides = true)
    {
        m_verdict.conditions.append(
            { holds == true ? holdsText : failsText, holds, decides, holds == true ? QString() : change, evidence });
    }

    void clients()
    {
        const auto &objects = *m_from.objects;
        std::optional<bool> meshed;
        if (objects.namespaces.isRead() && objects.pods.isRead())
            meshed = m_from.isMeshed(m_service.ns);
        add(Say::tr("clients in %1 have a sidecar").arg(m_service.ns),
            meshed ? Say::tr("clients in %1 have no sidecar: they go to the cluster's own address").arg(m_service.ns)
                   : Say::tr("whether clients have a sidecar could not be read"),
            meshed, Say::tr("Turn injection on for the namespace and restart its pods."), seen(objects.namespaces, m_service.ns));
    }

    /// Another cluster with ready endpoints and a way to it.
    void endpoints()
    {
        bool somewhere = false;
        QString unread; // what to do about it
        const Finding *why = nullptr, *unknown = nullptr;
        const ClusterView *shown = &m_from; // whose endpoints decide
        for (const ClusterView &other : m_index.clusters()) {
            if (&other == &m_from)
                continue;
            const auto &objects = *other.objects;
            if (!objects.services.isRead() || !objects.slices.isRead()) {
                unread = whatToDo(objects.services.isRead() ? objects.slices : static_cast<const observe::FactHead &>(objects.services),
                    other.name(), Say::tr("Grant the right to list services and endpointslices there."));
                continue;
            }
            if (!other.services.contains(m_verdict.service) || other.ready.value(m_verdict.service) == 0)
                continue;
            somewhere = true;
            if (const Finding *broken = m_ways.broken(m_verdict.service, m_from.name(), other.name())) {
                why = broken;
                continue;
            }
            if (const Finding *open = m_ways.unknown(m_from.name(), other.name())) {
                unknown = open;
                continue;
            }
            if (m_others.isEmpty())
                shown = &other;
            m_others.append(other.name());
        }
        const Evidence evidence = seen(shown->objects->slices,
            Say::tr("ready endpoints in %1: %2").arg(shown->name(), QString::number(shown->ready.value(m_verdict.service))));
        if (!m_others.isEmpty())
            add(Say::tr("%1 has ready endpoints that are reached").arg(someOf(m_others)), {}, true, {}, evidence);
        else if (unknown)
            add({}, Say::tr("whether the other clusters' endpoints are reached is not known"), std::nullopt, unknown->remedy, evidence);
        else if (why)
            add({}, Say::tr("the other clusters' endpoints are not reached: %1").arg(why->sentence), false, why->remedy,
                why->evidence.isEmpty() ? evidence : why->evidence.first());
        else if (!unread.isEmpty() && !somewhere)
            add({}, Say::tr("the endpoints of other clusters could not be read"), std::nullopt, unread, evidence);
        else
            add({}, Say::tr("no other cluster has a ready endpoint of it"), false,
                Say::tr("Run it in another cluster too, with the same Service."), evidence);
        if (why && m_others.isEmpty())
            m_verdict.mend += why->mend;
    }

    void routes()
    {
        const auto &objects = *m_from.objects;
        const Evidence evidence = seen(objects.virtualServices, m_verdict.service);
        if (!objects.virtualServices.isRead()) {
            add({}, Say::tr("the routes could not be read"), std::nullopt,
                whatToDo(objects.virtualServices, m_from.name(), Say::tr("Grant the right to list virtualservices.")), evidence);
            return;
        }
        QStringList pinned;
        bool isRetried = true;
        for (const auto *route : m_from.virtualServices.value(m_verdict.service)) {
            isRetried = isRetried && route->retryAttempts != 0;
            for (const observe::RouteDestination &to : route->destinations) {
                if (!to.isDefault || to.weight <= 0 || to.subset.isEmpty())
                    continue;
                for (const auto *rule : m_from.rulesFor(serviceKeyOf(to.host, route->ns)))
                    for (const observe::SubsetFacts &subset : rule->subsets)
                        if (subset.name == to.subset && !isElsewhere(subset.labels))
                            pinned.append(subset.name);
            }
        }
        add(Say::tr("no route keeps it in one cluster"),
            Say::tr("its route leads to the subset %1, which no other cluster has").arg(someOf(pinned)), pinned.isEmpty(),
            Say::tr("Route to the host without subset, or run this version in another cluster too."), evidence);
        add(Say::tr("failed connections are tried again elsewhere"),
            Say::tr("its route turns retries off: each failed connection is an error until the endpoint is ejected"), isRetried,
            Say::tr("Leave retries at the default."), evidence, false);
        const QStringList &local = objects.meshConfig.get().clusterLocalHosts;
        const bool isLocal
            = std::any_of(local.begin(), local.end(), [&](const QString &host) { return coversService(host, m_verdict.service); });
        if (objects.meshConfig.isRead())
            add(Say::tr("the mesh configuration lets it out of its cluster"), Say::tr("the mesh configuration keeps it inside its cluster"),
                !isLocal, Say::tr("Remove the host from serviceSettings."), seen(objects.meshConfig, someOf(local)));
        else
            add({}, Say::tr("the mesh configuration could not be read"), std::nullopt,
                whatToDo(objects.meshConfig, m_from.name(), Say::tr("Grant the right to get the ConfigMap istio in istio-system.")),
                seen(objects.meshConfig, {}));
    }

    [[nodiscard]] bool isElsewhere(observe::Labels labels) const
    {
        const QString inCluster = labels.take(QStringLiteral("topology.istio.io/cluster"));
        return std::any_of(m_index.clusters().begin(), m_index.clusters().end(), [&](const ClusterView &other) {
            if (&other == &m_from || (!inCluster.isEmpty() && inCluster != other.id))
                return false;
            const ServiceFacts *service = other.services.value(m_verdict.service);
            const auto pods = service ? other.podsOf(*service) : QList<const observe::PodFacts *>();
            return std::any_of(
                pods.begin(), pods.end(), [&](const observe::PodFacts *pod) { return observe::matches(labels, pod->labels); });
        });
    }

    void ejection()
    {
        const auto &fact = m_from.objects->destinationRules;
        if (!fact.isRead()) {
            add({}, Say::tr("outlier detection could not be read"), std::nullopt,
                whatToDo(fact, m_from.name(), Say::tr("Grant the right to list destinationrules.")), seen(fact, {}));
            return;
        }
        const Policy policy = policyOf(m_from, m_verdict.service);
        const QJsonObject sound { { QStringLiteral("consecutive5xxErrors"), 5 }, { QStringLiteral("interval"), QStringLiteral("5s") },
            { QStringLiteral("baseEjectionTime"), QStringLiteral("30s") }, { QStringLiteral("maxEjectionPercent"), 100 } };
        const QJsonObject spec { { QStringLiteral("trafficPolicy"), QJsonObject { { QStringLiteral("outlierDetection"), sound } } } };
        const QString name = policy.rule ? policy.rule->key() : Say::tr("no DestinationRule");
        const Evidence evidence = seen(fact, name);
        const QString howTo = Say::tr("Set outlierDetection with maxEjectionPercent 100 in a DestinationRule, in all clusters.");
        const bool isSound = policy.outlier && policy.outlier->maxEjectionPercent.value_or(10) >= 100
            && policy.outlier->minHealthPercent.value_or(0) == 0
            && !(policy.outlier->consecutive5xx == 0 && policy.outlier->consecutiveGateway.value_or(0) == 0);
        if (!isSound) {
            if (policy.rule) {
                m_verdict.mend.append(patchOf(m_from, QStringLiteral("networking.istio.io/v1"), QStringLiteral("DestinationRule"),
                    policy.rule->ns, policy.rule->name, { { QStringLiteral("spec"), spec } }));
            } else {
                QJsonObject whole = spec;
                whole.insert(QStringLiteral("host"), hostOf(m_verdict.service));
                m_verdict.mend.append({ QStringLiteral("kube.apply"),
                    { { QStringLiteral("cluster"), m_from.name() },
                        { QStringLiteral("object"),
                            QJsonObject { { QStringLiteral("apiVersion"), QStringLiteral("networking.istio.io/v1") },
                                { QStringLiteral("kind"), QStringLiteral("DestinationRule") },
                                { QStringLiteral("metadata"),
                                    QJsonObject {
                                        { QStringLiteral("name"), m_service.name }, { QStringLiteral("namespace"), m_service.ns } } },
                                { QStringLiteral("spec"), whole } } } } });
            }
        }
        add(Say::tr("endpoints that answer with errors are left (outlier detection)"),
            Say::tr(
                "there is no outlier detection: endpoints that answer with errors are not left, only those whose pods stop being ready"),
            policy.outlier.has_value(), howTo, evidence);
        if (policy.outlier) {
            const int percent = policy.outlier->maxEjectionPercent.value_or(10);
            add(Say::tr("all endpoints of a cluster may be ejected"),
                Say::tr("only %1 % of the endpoints may be ejected, which is never the last one").arg(QString::number(percent)),
                percent >= 100, howTo, evidence);
            add(Say::tr("errors are counted"), Say::tr("outlier detection counts no errors"),
                !(policy.outlier->consecutive5xx == 0 && policy.outlier->consecutiveGateway.value_or(0) == 0), howTo, evidence);
            add(Say::tr("sick endpoints stay out"),
                Say::tr("below %1 % healthy endpoints the sick ones are used again")
                    .arg(QString::number(policy.outlier->minHealthPercent.value_or(0))),
                policy.outlier->minHealthPercent.value_or(0) == 0, Say::tr("Leave minHealthPercent at 0."), evidence);
        }
        const bool distributes = policy.locality && policy.locality->isEnabled && policy.locality->distributes;
        add(Say::tr("shares are not fixed by locality"), Say::tr("shares are fixed by locality: those that are not listed get nothing"),
            !distributes, Say::tr("Use failover or failoverPriority instead of distribute."), evidence);
        m_policy = policy;
    }

    /// What makes it faster or slower.
    void pace()
    {
        const auto &nodes = m_from.objects->nodes;
        const bool hasRegion
            = std::all_of(nodes.get().begin(), nodes.get().end(), [](const observe::NodeFacts &node) { return !node.region.isEmpty(); });
        if (nodes.isRead())
            add(Say::tr("clients prefer their own cluster (nodes have regions)"),
                Say::tr("nodes say no region: clients use all clusters alike"), hasRegion,
                Say::tr("Label the nodes with topology.kubernetes.io/region and zone."), seen(nodes, {}), false);
        else
            add({}, Say::tr("the nodes' regions could not be read"), std::nullopt, Say::tr("Grant the right to list nodes."),
                seen(nodes, {}), false);
        const bool isQuick = m_policy.connectTimeoutMs && *m_policy.connectTimeoutMs <= 2000;
        add(Say::tr("connections to nobody are given up soon"),
            Say::tr("a connection that nobody answers is waited for %1 ms").arg(QString::number(m_policy.connectTimeoutMs.value_or(10000))),
            isQuick, Say::tr("Set connectionPool.tcp.connectTimeout to 1s or 2s."), seen(m_from.objects->destinationRules, {}), false);
    }

    const Index &m_index;
    const Ways &m_ways;
    const ClusterView &m_from;
    const ServiceFacts &m_service;
    FailoverVerdict m_verdict;
    QStringList m_others;
    Policy m_policy;
};

} // namespace

QString answerName(Answer answer)
{
    return answer == Answer::Yes ? QStringLiteral("yes") : answer == Answer::No ? QStringLiteral("no") : QStringLiteral("unknown");
}

QJsonObject FailoverVerdict::toJson() const
{
    QJsonArray list, operations;
    for (const FailoverCondition &one : conditions)
        list.append(QJsonObject { { QStringLiteral("text"), one.text },
            { QStringLiteral("holds"), one.holds ? QJsonValue(*one.holds) : QJsonValue(QJsonValue::Null) },
            { QStringLiteral("decides"), one.decides }, { QStringLiteral("change"), one.change },
            { QStringLiteral("evidence"), one.evidence.text }, { QStringLiteral("source"), one.evidence.source },
            { QStringLiteral("at"), one.evidence.at.toString(Qt::ISODateWithMs) } });
    for (const ops::Operation &operation : mend)
        operations.append(operation.toJson());
    return { { QStringLiteral("service"), service }, { QStringLiteral("from"), from }, { QStringLiteral("answer"), answerName(answer) },
        { QStringLiteral("sentence"), sentence }, { QStringLiteral("conditions"), list }, { QStringLiteral("mend"), operations } };
}

QList<FailoverVerdict> failover(const FleetFacts &facts, const QList<Finding> &found)
{
    const Index index(facts);
    const Ways ways(found);
    QList<FailoverVerdict> verdicts;
    for (const ClusterView &cluster : index.clusters()) {
        QHash<QString, bool> meshed;
        for (const ServiceFacts &service : cluster.objects->services.get()) {
            if (isSystemNamespace(service.ns) || service.selector.isEmpty() || service.type == u"ExternalName")
                continue;
            if (!meshed.contains(service.ns)) // in any cluster: a namespace that is meant for the mesh
                meshed.insert(service.ns, std::any_of(index.clusters().begin(), index.clusters().end(), [&](const ClusterView &one) {
                    return one.isMeshed(service.ns);
                }));
            if (meshed.value(service.ns))
                verdicts.append(Judge(index, ways, service.key(), cluster, service).run());
        }
    }
    std::stable_sort(
        verdicts.begin(), verdicts.end(), [](const FailoverVerdict &a, const FailoverVerdict &b) { return a.service < b.service; });
    return verdicts;
}

} // namespace catamaran::findings
