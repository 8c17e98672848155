// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/finding.h"

#include <QJsonArray>

namespace catamaran::findings {

QString layerName(Layer layer)
{
    switch (layer) {
    case Layer::Discovery: return QStringLiteral("discovery");
    case Layer::Trust: return QStringLiteral("trust");
    case Layer::Gateway: return QStringLiteral("gateway");
    case Layer::Request: return QStringLiteral("request");
    case Layer::Workload: return QStringLiteral("workload");
    case Layer::Cluster: return QStringLiteral("cluster");
    case Layer::Drill: return QStringLiteral("drill");
    }
    return {};
}

QString Finding::id() const
{
    return QStringList { rule, cluster, object, from, to }.join(u'|');
}

bool Finding::concerns(const QString &service, const QString &here, const QString &there) const
{
    if (!services.isEmpty() && !services.contains(service))
        return false;
    if (from.isEmpty() && to.isEmpty())
        return rule == u"cluster.unreachable" && (cluster == here || cluster == there);
    const auto fits = [](const QString &said, const QString &is) { return said.isEmpty() || said == is; };
    return (fits(from, here) && fits(to, there)) || (bothWays && fits(from, there) && fits(to, here));
}

QJsonObject toJson(const Finding &finding)
{
    QJsonArray evidence, mend;
    for (const Evidence &one : finding.evidence)
        evidence.append(QJsonObject { { QStringLiteral("text"), one.text }, { QStringLiteral("source"), one.source },
            { QStringLiteral("at"), one.at.toString(Qt::ISODateWithMs) } });
    for (const ops::Operation &operation : finding.mend)
        mend.append(operation.toJson());
    QJsonValue accepted = QJsonValue::Null;
    if (finding.accepted)
        accepted = QJsonObject { { QStringLiteral("until"), finding.accepted->until.toString(Qt::ISODate) },
            { QStringLiteral("reason"), finding.accepted->reason } };
    return { { QStringLiteral("id"), finding.id() }, { QStringLiteral("rule"), finding.rule },
        { QStringLiteral("layer"), layerName(finding.layer) }, { QStringLiteral("state"), observe::healthName(finding.state) },
        { QStringLiteral("cluster"), finding.cluster }, { QStringLiteral("object"), finding.object },
        { QStringLiteral("from"), finding.from }, { QStringLiteral("to"), finding.to }, { QStringLiteral("both_ways"), finding.bothWays },
        { QStringLiteral("services"), QJsonArray::fromStringList(finding.services) }, { QStringLiteral("sentence"), finding.sentence },
        { QStringLiteral("evidence"), evidence }, { QStringLiteral("remedy"), finding.remedy }, { QStringLiteral("mend"), mend },
        { QStringLiteral("since"), finding.since.toString(Qt::ISODateWithMs) }, { QStringLiteral("accepted"), accepted } };
}

} // namespace catamaran::findings
