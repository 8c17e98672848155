// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/rule.h"

#include <QRegularExpression>

#include <algorithm>

namespace catamaran::findings {

const QList<Rule> &rules()
{
    static const QList<Rule> all = fleetRules() + clusterRules() + trustRules() + discoveryRules() + serviceRules() + gatewayRules()
        + requestRules() + failoverRules();
    return all;
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
