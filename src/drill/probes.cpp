// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/probes.h"

#include "core/shellquoted.h"
#include "drill/say.h"
#include "fleet/sessionworld.h"

#include <algorithm>

namespace catamaran::drill {

using core::Error;
using core::ErrorKind;

ProbesReport withProbes(const fleet::ProbePlan &plan, session::Session &session, const ProbesOptions &options, std::stop_token stop,
    const std::function<void(const QList<fleet::PlannedProbe> &)> &use)
{
    ProbesReport report;
    fleet::SessionWorld world(session, fleet::SessionWorld::Others::Ignore);
    ops::ExecuteOptions how;
    how.databaseFile = options.databaseFile;
    how.purpose = ops::probePurpose;
    how.name = plan.name;
    how.names = fleet::namesOf(session);
    how.onProgress = options.onProgress;
    how.stepTimeout = options.readyWithin;
    ops::ExecutionResult standing = ops::execute(plan.plan, fleet::operationKinds(), world, how, stop);
    report.execution = standing.execution;
    if (standing.execution == 0) {
        report.error = standing.error.value_or(
            Error::make(ErrorKind::Cancelled, Say::tr("put probes into the clusters"), plan.name, Say::tr("stopped")));
        return report;
    }
    for (const fleet::PlannedProbe &probe : plan.probes) {
        const auto outcome = std::find_if(
            standing.steps.begin(), standing.steps.end(), [&](const ops::StepOutcome &one) { return one.stepId == probe.step; });
        if (outcome == standing.steps.end())
            continue;
        if (outcome->state == ops::StepState::Done)
            report.made << probe;
        else
            report.failed.insert(probe.cluster,
                outcome->error.value_or(
                    Error::make(ErrorKind::Cancelled, Say::tr("put a probe into %1").arg(probe.cluster), probe.text(), outcome->note)));
    }
    if (!stop.stop_requested() && !report.made.isEmpty())
        use(report.made);
    // A stop ends what they are used for, not their being taken away.
    report.removed = takeBack(standing, plan.plan, session, options.databaseFile, {}, std::move(standing.claim), ops::probePurpose);
    return report;
}

QHash<QString, truth::Client> clientsOf(
    const QList<fleet::PlannedProbe> &probes, const observe::ObservedFleet &fleet, QMap<QString, Error> &refused)
{
    QHash<QString, truth::Client> clients;
    for (const fleet::PlannedProbe &probe : probes) {
        const observe::ObservedCluster *cluster = fleet.cluster(probe.cluster);
        const QList<observe::ObservedWorkload> workloads = cluster ? cluster->workloads : QList<observe::ObservedWorkload>();
        const auto seen = std::find_if(workloads.begin(), workloads.end(), [&](const observe::ObservedWorkload &one) {
            return one.ns == probe.ns && (probe.pod.isEmpty() ? one.name == probe.workload : one.podNames.contains(probe.pod));
        });
        if (seen != workloads.end() && seen->podsKnown && !seen->injected) {
            refused.insert(probe.cluster,
                Error::make(ErrorKind::Precondition, Say::tr("send from the probe in %1").arg(probe.cluster), probe.text(),
                    Say::tr("the pod got no sidecar, so that nothing it sends goes through the mesh"),
                    Say::tr("a namespace for probes in which the mesh gives pods a sidecar")));
            continue;
        }
        clients.insert(probe.cluster, { probe.ns, probe.workload, probe.pod, probe.container });
    }
    return clients;
}

truth::Proofs proofsOfFailure(const QMap<QString, Error> &errors, const observe::ObservedFleet &fleet, const QDateTime &now)
{
    truth::Proofs proofs;
    for (auto it = errors.cbegin(); it != errors.cend(); ++it) {
        truth::RequestProof proof;
        proof.at = now;
        proof.source = Say::tr("the probe of %1").arg(it.key());
        proof.error = *it;
        proof.error->answer = Say::tr("the probe there could not be used: %1").arg(it->answer);
        for (const observe::ObservedCluster &to : fleet.clusters)
            if (to.name != it.key())
                proofs.requests.insert({ it.key(), to.name }, proof);
    }
    return proofs;
}

ProbeSearch standingProbes(session::Session &session, const QStringList &namespaces, std::stop_token stop)
{
    MarkSearch marks = findMarks(session, namespaces, std::move(stop));
    ProbeSearch search { {}, std::move(marks.unseen) };
    for (const MarkedObject &one : std::as_const(marks.found))
        if (ops::isProbesName(one.mark.name))
            search.found.append({ one, ownerOf(one.mark) });
    return search;
}

QString removeProbesCommand(const QString &environmentFile, const QString &databaseFile)
{
    return core::shellQuoted(QStringList { QStringLiteral("catamaranctl"), QStringLiteral("--env"), environmentFile,
        QStringLiteral("--database"), databaseFile, QStringLiteral("probes"), QStringLiteral("remove") });
}

} // namespace catamaran::drill
