// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/unrestored.h"

#include "drill/earlierrestores.h"
#include "drill/say.h"

#include <algorithm>

namespace catamaran::drill {

namespace {

/// Fails the workload that @p action has scaled, if it has another number now than it had.
void mark(observe::ObservedFleet &fleet, const ops::Trace &action, const QString &drill)
{
    if (!action.replicas || action.kind != u"Deployment")
        return;
    const auto cluster = std::find_if(
        fleet.clusters.begin(), fleet.clusters.end(), [&](const observe::ObservedCluster &one) { return one.name == action.cluster; });
    if (cluster == fleet.clusters.end())
        return;
    const auto workload = std::find_if(cluster->workloads.begin(), cluster->workloads.end(),
        [&](const observe::ObservedWorkload &one) { return one.ns == action.ns && one.name == action.name; });
    if (workload == cluster->workloads.end() || workload->desired == *action.replicas)
        return;
    const QString subject = action.ns + u'/' + action.name;
    for (observe::Condition &condition : cluster->conditions) {
        if (condition.type != QLatin1String("Workload") || condition.subject != subject || condition.health == observe::Health::Stale)
            continue;
        condition.health = observe::Health::Failed;
        condition.reason = Say::tr("%1: the drill “%2” left it at %3 replicas, it had %4")
                               .arg(subject, drill)
                               .arg(workload->desired)
                               .arg(*action.replicas);
    }
}

QString evidenceOf(observe::ObservedFleet &fleet, const QList<ops::Trace> &traces, const QString &drill)
{
    QStringList parts;
    for (const ops::Trace &trace : traces) {
        mark(fleet, trace, drill);
        const QString place = trace.cluster + u'/' + trace.ns + u'/' + trace.name;
        parts << (trace.replicas ? Say::tr("%1 had %2 replicas").arg(place).arg(*trace.replicas)
                                 : Say::tr("%1 (%2) was not there").arg(place, trace.kind));
    }
    return parts.join(QStringLiteral("; "));
}

} // namespace

void markUnrestored(observe::ObservedFleet &fleet, const DueRestores &restores, const QList<MarkedObject> &unknown)
{
    const QString type = QStringLiteral("Restore"), journal = Say::tr("the journal");
    for (const ops::Execution &one : restores.due) {
        const auto traces = tracesOf(one);
        const QString evidence = traces ? evidenceOf(fleet, *traces, one.name) : traces.error().text();
        fleet.restores.append({ type, observe::Health::Failed,
            Say::tr("the drill “%1” was begun and its damage is not put back").arg(one.name), evidence, journal, one.at });
    }
    for (const ops::Execution &one : restores.held)
        fleet.restores.append({ type, observe::Health::Warning, heldText(one),
            evidenceOf(fleet, tracesOf(one).value_or(QList<ops::Trace>()), one.name), journal, one.at });
    QMap<QString, QList<MarkedObject>> byExecution;
    for (const MarkedObject &one : unknown)
        byExecution[one.mark.execution] += one;
    for (const QList<MarkedObject> &objects : std::as_const(byExecution)) {
        const MarkedObject &first = objects.first();
        QList<ops::Trace> traces;
        for (const MarkedObject &one : objects)
            traces += one.trace();
        if (ops::isProbesName(first.mark.name)) { // it broke nothing; one that nobody takes away is told
            if (ownerOf(first.mark) != OwnerState::Alive)
                fleet.restores.append({ type, observe::Health::Warning,
                    Say::tr("%1, stands there and may be forgotten: catamaranctl probes").arg(first.whose()), first.trace().subject(),
                    Say::tr("the marks on the objects"), first.mark.at });
            continue;
        }
        const QString reason = ownerOf(first.mark) == OwnerState::Gone
            ? Say::tr("%1, was interrupted and its damage is not put back; no journal here has it").arg(first.whose())
            : Say::tr("%1, which may still run; no journal here has it").arg(first.whose());
        fleet.restores.append({ type, observe::Health::Failed, reason, evidenceOf(fleet, traces, first.mark.name),
            Say::tr("the marks on the objects"), first.mark.at });
    }
}

} // namespace catamaran::drill
