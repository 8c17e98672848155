// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/staleness.h"

#include "ui/common/say.h"

#include <QRegularExpression>

namespace catamaran::ui {

std::optional<Staleness> stalenessOf(const observe::ObservedCluster &cluster)
{
    for (const observe::Condition &condition : cluster.conditions) {
        if (condition.type == QLatin1String("Reachable") && condition.health == observe::Health::Stale) {
            // "Could not watch pods (https://…): connection refused. …": what came back says it, the rest is in the inspector.
            static const QRegularExpression behindTheTarget(QStringLiteral("\\): |）："));
            const QString said = condition.evidence.section(behindTheTarget, 1);
            return Staleness { condition.at,
                !said.isEmpty()                    ? said
                    : condition.evidence.isEmpty() ? condition.reason
                                                   : condition.evidence };
        }
    }
    return std::nullopt;
}

QString staleText(const observe::ObservedCluster &cluster)
{
    const auto stale = stalenessOf(cluster);
    if (!stale)
        return {};
    if (!stale->since.isValid())
        return Say::tr("stale: %1").arg(stale->why);
    return Say::tr("stale since %1: %2").arg(stale->since.toLocalTime().toString(QStringLiteral("HH:mm:ss")), stale->why);
}

std::optional<core::Error> staleObstacle(const observe::ObservedFleet &fleet, const QString &name, const QString &tried)
{
    const auto *cluster = fleet.cluster(name);
    if (!cluster || !stalenessOf(*cluster))
        return std::nullopt;
    return core::Error::make(core::ErrorKind::Precondition, tried, name, staleText(*cluster),
        Say::tr("Nothing can be started there before its API server answers again; that is noticed by itself."));
}

} // namespace catamaran::ui
