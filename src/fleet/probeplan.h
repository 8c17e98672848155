// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/environment.h"
#include "observe/observedfleet.h"
#include "ops/plan.h"

/// Probes: what sends requests in clusters that have no client, for a while. Pure.
namespace catamaran::fleet {

/// The name of the Deployment, and how the containers that are added to pods begin.
inline const QString probeName = QStringLiteral("catamaran-probe");
/// On everything of a probe, beside the mark that says whose it is: for people, and for selectors.
inline const QString probeLabel = QStringLiteral("catamaran.io/probe");

/// One probe, as requests are sent from it once its step is done.
struct PlannedProbe {
    QString step; ///< of the plan
    QString cluster, ns, workload;
    QString pod {}, container {}; ///< of a container that is added; else any pod of the Deployment

    [[nodiscard]] QString text() const; ///< "cluster-2/default/catamaran-probe", "cluster-2/shop/orders-5d…, container catamaran-probe-x7"
};

struct ProbePlan {
    QString name; ///< of the execution: ops::probesName()
    ops::Plan plan;
    QList<PlannedProbe> probes;
    QMap<QString, core::Error> impossible; ///< by cluster: why none is planned there
    [[nodiscard]] bool isEmpty() const { return probes.isEmpty(); }
};

/// The namespaces in which @p place puts probes: to be looked at.
[[nodiscard]] QStringList namespacesOf(const documents::ProbePlace &place);

/// A probe for each of @p clusters, at the place that the environment names. One that is added to a pod ends by itself after @p lasting;
/// @p unique tells it from those before it: an added container's name is used up for as long as its pod is there.
[[nodiscard]] ProbePlan probePlan(const documents::ProbePlace &place, const observe::ObservedFleet &fleet, const QStringList &clusters,
    std::chrono::seconds lasting, const QString &unique);

/// What it takes to send from a probe once it is there, by cluster: to be asked for beside the plan's rights.
[[nodiscard]] QList<ops::Right> rightsToSend(const ProbePlan &plan);

/// What @p plan puts where, with what, in sentences for who is asked: image, namespace, rights of the pod, injection, how long.
[[nodiscard]] QStringList probeNotes(const documents::ProbePlace &place, const ProbePlan &plan, const observe::ObservedFleet &fleet);

} // namespace catamaran::fleet
