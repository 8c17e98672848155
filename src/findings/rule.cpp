// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/rule.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>

namespace catamaran::findings {

const QList<Rule> &rules()
{
    static const QList<Rule> all = fleetRules() + clusterRules() + trustRules() + discoveryRules() + serviceRules() + gatewayRules()
        + requestRules() + failoverRules();
    return all;
}

const Rule *ruleOf(const QString &id)
{
    static const QHash<QString, const Rule *> byId = [] {
        QHash<QString, const Rule *> made;
        for (const Rule &rule : rules())
            made.insert(QString::fromLatin1(rule.id), &rule);
        return made;
    }();
    return byId.value(id);
}

QString documentationOf(const QString &rule, bool chinese)
{
    static const QList<QPair<const char *, const char *>> pages {
        // the first that a rule begins with
        { "trust.mtls", "tasks/security/authentication/mtls-migration/" },
        { "trust.client", "tasks/security/authentication/mtls-migration/" },
        { "trust.domain", "tasks/security/authorization/authz-td-migration/" },
        { "trust.", "tasks/security/cert-management/plugin-ca-cert/" },
        { "gateway.", "setup/install/multicluster/multi-primary_multi-network/" },
        { "discovery.injection", "setup/additional-setup/sidecar-injection/" },
        { "discovery.sidecar", "setup/additional-setup/sidecar-injection/" },
        { "discovery.protocol", "ops/configuration/traffic-management/protocol-selection/" },
        { "discovery.service-protocol", "ops/configuration/traffic-management/protocol-selection/" },
        { "discovery.", "ops/diagnostic-tools/multicluster/" },
        { "request.policy", "ops/common-problems/security-issues/" },
        { "request.", "ops/common-problems/network-issues/" },
        { "workload.no-endpoints", "ops/diagnostic-tools/multicluster/" },
        { "workload.", "tasks/traffic-management/locality-load-balancing/failover/" },
        { "cluster.", "releases/supported-releases/" },
        { "drill.", "ops/best-practices/deployment/" },
    };
    for (const auto &[begin, page] : pages)
        if (rule.startsWith(QLatin1StringView(begin)))
            return QStringLiteral("https://istio.io/latest/%1docs/%2")
                .arg(chinese ? QStringLiteral("zh/") : QString(), QLatin1StringView(page));
    return {};
}

void Report::add(Found found)
{
    Finding finding;
    finding.rule = QString::fromLatin1(m_rule.id);
    finding.layer = m_rule.layer;
    finding.state = found.state.value_or(m_rule.severity);
    finding.cluster = found.cluster ? found.cluster->name() : QString();
    finding.object = found.object;
    finding.from = found.from;
    finding.to = found.to;
    finding.bothWays = found.bothWays;
    finding.services = found.services;
    finding.services.sort();
    const QString name = found.object.section(u' ', 1);
    if (finding.services.isEmpty() && found.object.startsWith(u"Service ") && !isSystemNamespace(name.section(u'/', 0, 0)))
        finding.services.append(name);
    finding.sentence = found.sentence;
    finding.evidence = std::move(found.evidence);
    finding.remedy = found.remedy.isEmpty() ? m_rule.remedyWords() : found.remedy;
    finding.mend = std::move(found.mend);
    for (const Evidence &one : std::as_const(finding.evidence))
        if (!finding.since.isValid() || one.at > finding.since)
            finding.since = one.at;
    m_into.append(std::move(finding));
}

QString objectName(const char *kind, const observe::Named &object)
{
    return QString::fromLatin1(kind) + u' ' + (object.ns.isEmpty() ? object.name : object.key());
}

ops::Operation patchOf(const ClusterView &cluster, const QString &apiVersion, const QString &kind, const QString &ns, const QString &name,
    const QJsonObject &patch)
{
    QJsonObject arguments { { QStringLiteral("cluster"), cluster.name() }, { QStringLiteral("apiVersion"), apiVersion },
        { QStringLiteral("kind"), kind }, { QStringLiteral("name"), name }, { QStringLiteral("patch"), patch },
        { QStringLiteral("foreign"), QStringLiteral("take") } };
    if (!ns.isEmpty())
        arguments.insert(QStringLiteral("namespace"), ns);
    return { QStringLiteral("kube.patch"), arguments };
}

ops::Operation scaleOf(const ClusterView &cluster, const observe::DeploymentFacts &deployment, int replicas)
{
    return { QStringLiteral("kube.scale"),
        { { QStringLiteral("cluster"), cluster.name() }, { QStringLiteral("namespace"), deployment.ns },
            { QStringLiteral("name"), deployment.name }, { QStringLiteral("replicas"), replicas },
            { QStringLiteral("previous"), deployment.desired }, { QStringLiteral("foreign"), QStringLiteral("take") } } };
}

QList<ops::Operation> scaledBack(const ClusterView &cluster, const observe::ServiceFacts &service)
{
    QList<ops::Operation> operations;
    for (const observe::DeploymentFacts &one : cluster.objects->deployments.get())
        if (one.ns == service.ns && one.desired == 0 && !service.selector.isEmpty() && observe::matches(service.selector, one.podLabels))
            operations.append(scaleOf(cluster, one, 1));
    return operations;
}

ops::Operation applyOf(const ClusterView &cluster, const QJsonObject &object)
{
    return { QStringLiteral("kube.apply"), { { QStringLiteral("cluster"), cluster.name() }, { QStringLiteral("object"), object } } };
}

QString someOf(QStringList names, qsizetype most)
{
    names.removeDuplicates();
    names.sort();
    const qsizetype rest = names.size() - most;
    const QString shown = names.mid(0, most).join(QStringLiteral(", "));
    return rest > 0 ? Say::tr("%1 and %2 more").arg(shown, QString::number(rest)) : shown;
}

std::optional<QPair<int, int>> minorOf(const QString &version)
{
    static const QRegularExpression form(QStringLiteral("\\Av?(\\d{1,4})\\.(\\d{1,4})(?:[.+-]|\\z)"));
    const auto match = form.match(version);
    if (!match.hasMatch() || match.capturedView(1) == u"0") // 0.0.0-…: built from a commit
        return std::nullopt;
    return QPair<int, int>(match.capturedView(1).toInt(), match.capturedView(2).toInt());
}

} // namespace catamaran::findings
