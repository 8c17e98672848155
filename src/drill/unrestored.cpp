// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/unrestored.h"

#include "drill/restore.h"

#include <algorithm>

namespace catamaran::drill {

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Drill)
};

/// Fails the workload that @p action would scale, if it has another number now.
void mark(fleet::ObservedFleet &fleet, const RestoreScale &action, const QString &drill)
{
    const auto cluster = std::find_if(fleet.clusters.begin(), fleet.clusters.end(), [&](const fleet::ObservedCluster &one) { return one.name == action.cluster; });
    if (cluster == fleet.clusters.end())
        return;
    const auto workload = std::find_if(cluster->workloads.begin(), cluster->workloads.end(),
        [&](const fleet::ObservedWorkload &one) { return one.ns == action.ns && one.name == action.deployment; });
    if (workload == cluster->workloads.end() || workload->desired == action.replicas)
        return;
    const QString subject = action.ns + u'/' + action.deployment;
    for (fleet::Condition &condition : cluster->conditions) {
        if (condition.type != QLatin1String("Workload") || condition.subject != subject || condition.health == fleet::Health::Stale)
            continue;
        condition.health = fleet::Health::Failed;
        condition.reason = Say::tr("%1: the drill “%2” left it at %3 replicas, it had %4").arg(subject, drill).arg(workload->desired).arg(action.replicas);
    }
}

} // namespace

void markUnrestored(fleet::ObservedFleet &fleet, const QList<store::PendingRestore> &pending)
{
    for (const store::PendingRestore &one : pending) {
        fleet::Condition condition { QStringLiteral("Restore"), fleet::Health::Failed,
            Say::tr("the drill “%1” was begun and its damage is not put back").arg(one.drill), {}, Say::tr("the journal"), one.at };
        if (const auto plan = RestorePlan::fromJson(one.actions)) {
            QStringList parts;
            for (const RestoreScale &action : plan->scales) {
                mark(fleet, action, one.drill);
                parts << Say::tr("%1/%2/%3 had %4 replicas").arg(action.cluster, action.ns, action.deployment).arg(action.replicas);
            }
            for (const RestoreDelete &action : plan->deletions)
                parts << Say::tr("%1/%2/%3 %4 was not there").arg(action.cluster, action.ns, action.kind, action.name);
            condition.evidence = parts.join(QStringLiteral("; "));
        } else {
            condition.evidence = plan.error().text();
        }
        fleet.restores.append(condition);
    }
}

} // namespace catamaran::drill
