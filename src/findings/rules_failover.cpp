// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/rule.h"

#include <algorithm>

namespace catamaran::findings {

using observe::Health;

namespace {

/// Calls @p judge with each DestinationRule of a shared service's host, and the policies in it (its own and its subsets').
template <typename Judge> void eachPolicy(const View &view, Judge judge)
{
    QSet<const observe::DestinationRuleFacts *> seenRules; // one with a wildcard is of many services
    for (const SharedService &shared : view.sharedServices()) {
        for (const SharedService::In &in : shared.in) {
            for (const auto *rule : in.cluster->rulesFor(shared.key)) {
                if (seenRules.contains(rule))
                    continue;
                seenRules.insert(rule);
                judge(shared, *in.cluster, *rule, rule->policy);
                for (const observe::SubsetFacts &subset : rule->subsets)
                    judge(shared, *in.cluster, *rule, subset.policy);
            }
        }
    }
}

Evidence seenRule(const ClusterView &cluster, const QString &text)
{
    return seen(cluster.objects->destinationRules, text);
}

QJsonObject outlierPatch(const QJsonObject &outlier)
{
    return { { QStringLiteral("spec"),
        QJsonObject { { QStringLiteral("trafficPolicy"), QJsonObject { { QStringLiteral("outlierDetection"), outlier } } } } } };
}

ops::Operation patchRule(const ClusterView &cluster, const observe::DestinationRuleFacts &rule, const QJsonObject &patch)
{
    return patchOf(cluster, QStringLiteral("networking.istio.io/v1"), QStringLiteral("DestinationRule"), rule.ns, rule.name, patch);
}

void withoutOutlier(const View &view, Report &report)
{
    eachPolicy(view,
        [&](const SharedService &shared, const ClusterView &cluster, const observe::DestinationRuleFacts &rule,
            const observe::TrafficPolicy &policy) {
            const bool wants = policy.locality && policy.locality->isEnabled
                && (!policy.locality->failover.isEmpty() || !policy.locality->failoverPriority.isEmpty());
            if (!wants || policy.outlier || rule.policy.outlier)
                return;
            report.add({ .cluster = &cluster,
                .object = objectName("DestinationRule", rule),
                .from = cluster.name(),
                .sentence = Say::tr(
                    "The failover setting for %1 in %2 has no effect: without outlierDetection all endpoints count alike, and a sick cluster is not left.")
                                .arg(shared.key, cluster.name()),
                .evidence = { seenRule(cluster, Say::tr("localityLbSetting without outlierDetection")) },
                .mend = { patchRule(cluster, rule,
                    outlierPatch({ { QStringLiteral("consecutive5xxErrors"), 5 }, { QStringLiteral("interval"), QStringLiteral("5s") },
                        { QStringLiteral("baseEjectionTime"), QStringLiteral("30s") },
                        { QStringLiteral("maxEjectionPercent"), 100 } })) } });
        });
}

void cannotEject(const View &view, Report &report)
{
    eachPolicy(view,
        [&](const SharedService &shared, const ClusterView &cluster, const observe::DestinationRuleFacts &rule,
            const observe::TrafficPolicy &policy) {
            if (!policy.outlier || policy.outlier->maxEjectionPercent.value_or(10) >= 100)
                return;
            const int percent = policy.outlier->maxEjectionPercent.value_or(10);
            // Envoy ejects a host only where the share afterwards still fits.
            int hosts = 0;
            for (const ClusterView *one : view.clusters())
                hosts = std::max(hosts, one->ready.value(shared.key));
            if (hosts > 0 && percent >= 50 && hosts * percent / 100 >= hosts)
                return;
            report.add({ .cluster = &cluster,
                .object = objectName("DestinationRule", rule),
                .from = cluster.name(),
                .sentence = policy.outlier->isEmpty
                    ? Say::tr(
                        "Outlier detection of %1 in %2 is empty: it makes clients prefer their own cluster, and with the defaults (5 errors, 10 %) a sick pod is hardly ever left.")
                          .arg(shared.key, cluster.name())
                    : Say::tr("Outlier detection of %1 in %2 may eject %3 % of the endpoints: that is none of few, and never the last.")
                          .arg(shared.key, cluster.name(), QString::number(percent)),
                .evidence = { seenRule(cluster,
                    policy.outlier->maxEjectionPercent ? Say::tr("maxEjectionPercent: %1").arg(QString::number(percent))
                                                       : Say::tr("maxEjectionPercent is not set: 10")) },
                .mend = { patchRule(cluster, rule, outlierPatch({ { QStringLiteral("maxEjectionPercent"), 100 } })) } });
        });
}

void neverEjects(const View &view, Report &report)
{
    eachPolicy(view,
        [&](const SharedService &shared, const ClusterView &cluster, const observe::DestinationRuleFacts &rule,
            const observe::TrafficPolicy &policy) {
            if (policy.outlier && policy.outlier->consecutive5xx == 0 && policy.outlier->consecutiveGateway.value_or(0) == 0)
                report.add({ .cluster = &cluster,
                    .object = objectName("DestinationRule", rule),
                    .from = cluster.name(),
                    .sentence
                    = Say::tr("Outlier detection of %1 in %2 counts no errors: nothing is ever ejected.").arg(shared.key, cluster.name()),
                    .evidence = { seenRule(cluster, QStringLiteral("consecutive5xxErrors: 0")) },
                    .mend = { patchRule(cluster, rule, outlierPatch({ { QStringLiteral("consecutive5xxErrors"), 5 } })) } });
        });
}

void panics(const View &view, Report &report)
{
    eachPolicy(view,
        [&](const SharedService &shared, const ClusterView &cluster, const observe::DestinationRuleFacts &rule,
            const observe::TrafficPolicy &policy) {
            if (policy.outlier && policy.outlier->minHealthPercent.value_or(0) > 0)
                report.add({ .cluster = &cluster,
                    .object = objectName("DestinationRule", rule),
                    .from = cluster.name(),
                    .sentence = Say::tr("Below %1 % healthy endpoints clients of %2 in %3 use the sick ones again.")
                                    .arg(QString::number(*policy.outlier->minHealthPercent), shared.key, cluster.name()),
                    .evidence
                    = { seenRule(cluster, Say::tr("minHealthPercent: %1").arg(QString::number(*policy.outlier->minHealthPercent))) },
                    .mend = { patchRule(cluster, rule, outlierPatch({ { QStringLiteral("minHealthPercent"), 0 } })) } });
        });
}

void distributes(const View &view, Report &report)
{
    eachPolicy(view,
        [&](const SharedService &shared, const ClusterView &cluster, const observe::DestinationRuleFacts &rule,
            const observe::TrafficPolicy &policy) {
            if (policy.locality && policy.locality->isEnabled && policy.locality->distributes)
                report.add({ .cluster = &cluster,
                    .object = objectName("DestinationRule", rule),
                    .from = cluster.name(),
                    .sentence = Say::tr(
                        "%1 is distributed by fixed weights in %2: localities that are not listed get nothing, also when the listed ones fail.")
                                    .arg(shared.key, cluster.name()),
                    .evidence = { seenRule(cluster, QStringLiteral("localityLbSetting.distribute")) } });
        });
}

void priorityIgnored(const View &view, Report &report)
{
    static const QStringList known { QStringLiteral("topology.istio.io/network"), QStringLiteral("topology.istio.io/cluster") };
    eachPolicy(view,
        [&](const SharedService &shared, const ClusterView &cluster, const observe::DestinationRuleFacts &rule,
            const observe::TrafficPolicy &policy) {
            if (!policy.locality || !view.crossesNetworks(cluster))
                return;
            QStringList ignored;
            for (const QString &label : policy.locality->failoverPriority)
                if (!known.contains(label.section(u'=', 0, 0)))
                    ignored.append(label);
            if (!ignored.isEmpty())
                report.add({ .cluster = &cluster,
                    .object = objectName("DestinationRule", rule),
                    .from = cluster.name(),
                    .sentence = Say::tr(
                        "failoverPriority for %1 in %2 orders by %3: entries of a gateway have no such label, only network and cluster.")
                                    .arg(shared.key, cluster.name(), someOf(ignored)),
                    .evidence = { seenRule(
                        cluster, Say::tr("failoverPriority: %1").arg(policy.locality->failoverPriority.join(QStringLiteral(", ")))) } });
        });
}

void localityUnknown(const View &view, Report &report)
{
    QSet<QString> regions;
    for (const ClusterView *cluster : view.clusters())
        for (const observe::NodeFacts &node : cluster->objects->nodes.get())
            if (!node.region.isEmpty())
                regions.insert(node.region);
    eachPolicy(view,
        [&](const SharedService &shared, const ClusterView &cluster, const observe::DestinationRuleFacts &rule,
            const observe::TrafficPolicy &policy) {
            if (!policy.locality)
                return;
            QStringList unknown;
            for (const auto &[from, to] : policy.locality->failover)
                for (const QString &region : { from, to })
                    if (!region.isEmpty() && !regions.contains(region.section(u'/', 0, 0)))
                        unknown.append(region);
            if (!unknown.isEmpty())
                report.add({ .cluster = &cluster,
                    .object = objectName("DestinationRule", rule),
                    .from = cluster.name(),
                    .sentence = Say::tr("The failover setting for %1 in %2 names regions that no node is in: %3.")
                                    .arg(shared.key, cluster.name(), someOf(unknown)),
                    .evidence = { seen(cluster.objects->nodes,
                        regions.isEmpty() ? Say::tr("no node has a region") : Say::tr("regions: %1").arg(someOf(regions.values()))) } });
        });
}

void nodesWithoutLocality(const View &view, Report &report)
{
    const bool someHave = std::any_of(view.clusters().begin(), view.clusters().end(), [](const ClusterView *one) {
        const auto &nodes = one->objects->nodes.get();
        return std::any_of(nodes.begin(), nodes.end(), [](const observe::NodeFacts &node) { return !node.region.isEmpty(); });
    });
    for (const ClusterView *cluster : view.clusters()) {
        QStringList names;
        for (const observe::NodeFacts &node : cluster->objects->nodes.get())
            if (node.region.isEmpty())
                names.append(node.name);
        if (!names.isEmpty() && someHave)
            report.add({ .cluster = cluster,
                .sentence
                = Say::tr("Nodes of %1 have no region: where their pods are is not known, and clients cannot prefer what is near.")
                      .arg(cluster->name()),
                .evidence = { seen(cluster->objects->nodes, someOf(names)) } });
    }
}

void budgetBlocks(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters())
        for (const observe::DisruptionBudgetFacts &budget : cluster->objects->budgets.get())
            if (budget.isObserved && budget.expected > 0 && budget.allowed == 0 && budget.healthy >= budget.expected
                && cluster->isMeshed(budget.ns) && !isSystemNamespace(budget.ns))
                report.add({ .cluster = cluster,
                    .object = objectName("PodDisruptionBudget", budget),
                    .sentence = Say::tr(
                        "%1 in %2 allows no disruption although all its pods are healthy: evictions wait for ever, and a drill that drains a node does too.")
                                    .arg(budget.key(), cluster->name()),
                    .evidence
                    = { seen(cluster->objects->budgets, Say::tr("disruptionsAllowed 0 of %1").arg(QString::number(budget.expected))) } });
}

void autoscalerFights(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        for (const observe::AutoscalerFacts &scaler : cluster->objects->autoscalers.get()) {
            if (scaler.kind != u"Deployment" || isSystemNamespace(scaler.ns) || !cluster->isMeshed(scaler.ns))
                continue;
            report.add({ .cluster = cluster,
                .object = objectName("HorizontalPodAutoscaler", scaler),
                .sentence
                = Say::tr(
                    "%1 in %2 keeps %3 between %4 and %5 pods: a drill that scales it to another number is set right under its hands.")
                      .arg(scaler.key(), cluster->name(), scaler.target, QString::number(scaler.least), QString::number(scaler.most)),
                .evidence = { seen(cluster->objects->autoscalers,
                    Say::tr("%1 to %2 replicas").arg(QString::number(scaler.least), QString::number(scaler.most))) } });
        }
    }
}

} // namespace

QList<Rule> failoverRules()
{
    const Needs shared = Needs(Need::Services) | Need::Namespaces | Need::Pods | Need::DestinationRules;
    return {
        { "workload.failover-without-outlier", Layer::Workload, Health::Warning, shared, withoutOutlier,
            QT_TRANSLATE_NOOP("Findings", "Failover settings have outlier detection"),
            QT_TRANSLATE_NOOP("Findings", "Priorities by locality are made only for hosts with outlierDetection."),
            QT_TRANSLATE_NOOP("Findings", "Add outlierDetection with maxEjectionPercent 100, in all clusters.") },
        { "workload.cannot-eject", Layer::Workload, Health::Warning, shared | Need::Slices, cannotEject,
            QT_TRANSLATE_NOOP("Findings", "Outlier detection may eject every endpoint"),
            QT_TRANSLATE_NOOP("Findings",
                "Without maxEjectionPercent it is 10 %. Since Envoy 1.31 that is no host at all where there are fewer than ten."),
            QT_TRANSLATE_NOOP("Findings", "Set maxEjectionPercent to 100, in all clusters.") },
        { "workload.never-ejects", Layer::Workload, Health::Warning, shared, neverEjects,
            QT_TRANSLATE_NOOP("Findings", "Outlier detection counts errors"),
            QT_TRANSLATE_NOOP("Findings", "consecutive5xxErrors 0 switches the counting off."),
            QT_TRANSLATE_NOOP("Findings", "Set consecutive5xxErrors to 3 to 5.") },
        { "workload.panic-threshold", Layer::Workload, Health::Warning, shared, panics,
            QT_TRANSLATE_NOOP("Findings", "Sick endpoints stay out"),
            QT_TRANSLATE_NOOP("Findings", "minHealthPercent is the share below which ejections no longer count."),
            QT_TRANSLATE_NOOP("Findings", "Leave minHealthPercent at 0.") },
        { "workload.fixed-distribution", Layer::Workload, Health::Warning, shared, distributes,
            QT_TRANSLATE_NOOP("Findings", "Services are not distributed by fixed weights"),
            QT_TRANSLATE_NOOP(
                "Findings", "distribute gives each listed locality its share and all others nothing; there is no failover to them."),
            QT_TRANSLATE_NOOP("Findings", "Use failover or failoverPriority instead of distribute.") },
        { "workload.priority-ignored", Layer::Workload, Health::Warning, shared | Need::MeshConfig, priorityIgnored,
            QT_TRANSLATE_NOOP("Findings", "failoverPriority orders by labels that gateways have"),
            QT_TRANSLATE_NOOP(
                "Findings", "Endpoints of another network are entries of its gateway, with the labels network and cluster alone."),
            QT_TRANSLATE_NOOP("Findings", "Order by topology.istio.io/network or topology.istio.io/cluster.") },
        { "workload.region-unknown", Layer::Workload, Health::Warning, shared | Need::Nodes, localityUnknown,
            QT_TRANSLATE_NOOP("Findings", "Failover settings name regions that exist"),
            QT_TRANSLATE_NOOP("Findings", "from and to are regions as nodes have them (topology.kubernetes.io/region)."),
            QT_TRANSLATE_NOOP("Findings", "Correct the regions.") },
        { "workload.nodes-without-region", Layer::Workload, Health::Warning, Need::Nodes, nodesWithoutLocality,
            QT_TRANSLATE_NOOP("Findings", "Nodes say their region"),
            QT_TRANSLATE_NOOP("Findings", "Locality comes from the labels topology.kubernetes.io/region and zone of nodes."),
            QT_TRANSLATE_NOOP("Findings", "Label the nodes, in all clusters.") },
        { "drill.budget-blocks", Layer::Drill, Health::Warning, Needs(Need::Budgets) | Need::Namespaces | Need::Pods, budgetBlocks,
            QT_TRANSLATE_NOOP("Findings", "Disruption budgets allow a disruption"),
            QT_TRANSLATE_NOOP("Findings", "A budget that allows none blocks evictions, also those of an upgrade."),
            QT_TRANSLATE_NOOP("Findings", "Allow one disruption, or have one more replica.") },
        { "drill.autoscaler-fights", Layer::Drill, Health::Warning, Needs(Need::Autoscalers) | Need::Namespaces | Need::Pods,
            autoscalerFights, QT_TRANSLATE_NOOP("Findings", "No autoscaler will fight a drill"),
            QT_TRANSLATE_NOOP("Findings", "An autoscaler brings replicas back that a drill took away, unless they are 0."),
            QT_TRANSLATE_NOOP("Findings", "Drill with 0 replicas, which an autoscaler leaves alone, or with pods deleted.") },
    };
}

} // namespace catamaran::findings
