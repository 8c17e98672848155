// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/probeplan.h"

#include "fleet/say.h"
#include "observe/readings.h"
#include "ops/purpose.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::fleet {

using core::Error;
using core::ErrorKind;

namespace {

constexpr qint64 farAway = 2147483647; ///< seconds: what sleeps is deleted long before

/// One pod as a user without rights, with a sidecar where a mesh is there to give it one.
QJsonObject deploymentOf(const documents::ProbePlace &place)
{
    const QJsonObject chosen { { QStringLiteral("app"), probeName } };
    QJsonObject labels = chosen;
    labels.insert(probeLabel, QStringLiteral("true"));
    QJsonObject podLabels = labels;
    podLabels.insert(QStringLiteral("sidecar.istio.io/inject"), QStringLiteral("true"));
    const QJsonObject resources {
        { QStringLiteral("requests"),
            QJsonObject { { QStringLiteral("cpu"), QStringLiteral("10m") }, { QStringLiteral("memory"), QStringLiteral("16Mi") } } },
        { QStringLiteral("limits"),
            QJsonObject { { QStringLiteral("cpu"), QStringLiteral("500m") }, { QStringLiteral("memory"), QStringLiteral("128Mi") } } }
    };
    const QJsonObject container { { QStringLiteral("name"), probeName }, { QStringLiteral("image"), place.image },
        { QStringLiteral("command"), QJsonArray { QStringLiteral("sleep"), QString::number(farAway) } },
        { QStringLiteral("resources"), resources },
        { QStringLiteral("securityContext"),
            QJsonObject { { QStringLiteral("allowPrivilegeEscalation"), false }, { QStringLiteral("readOnlyRootFilesystem"), true },
                { QStringLiteral("capabilities"), QJsonObject { { QStringLiteral("drop"), QJsonArray { QStringLiteral("ALL") } } } } } } };
    const QJsonObject podSpec { { QStringLiteral("automountServiceAccountToken"), false }, { QStringLiteral("enableServiceLinks"), false },
        { QStringLiteral("terminationGracePeriodSeconds"), 1 },
        { QStringLiteral("securityContext"),
            QJsonObject { { QStringLiteral("runAsNonRoot"), true }, { QStringLiteral("runAsUser"), 65534 },
                { QStringLiteral("seccompProfile"), QJsonObject { { QStringLiteral("type"), QStringLiteral("RuntimeDefault") } } } } },
        { QStringLiteral("containers"), QJsonArray { container } } };
    return { { QStringLiteral("apiVersion"), QStringLiteral("apps/v1") }, { QStringLiteral("kind"), QStringLiteral("Deployment") },
        { QStringLiteral("metadata"),
            QJsonObject {
                { QStringLiteral("name"), probeName }, { QStringLiteral("namespace"), place.ns }, { QStringLiteral("labels"), labels } } },
        { QStringLiteral("spec"),
            QJsonObject { { QStringLiteral("replicas"), 1 }, { QStringLiteral("revisionHistoryLimit"), 0 },
                { QStringLiteral("progressDeadlineSeconds"), 120 },
                { QStringLiteral("selector"), QJsonObject { { QStringLiteral("matchLabels"), chosen } } },
                { QStringLiteral("template"),
                    QJsonObject { { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("labels"), podLabels } } },
                        { QStringLiteral("spec"), podSpec } } } } } };
}

Error impossible(const QString &cluster, const QString &answer, const QString &remedy)
{
    return Error::make(ErrorKind::Precondition, Say::tr("put a probe into %1").arg(cluster), cluster, answer, remedy);
}

/// The pod that @p text ("namespace/name") means: that one, or a ready one of the workload.
core::Result<PlannedProbe> podIn(const observe::ObservedCluster &cluster, const QString &text)
{
    const QString ns = text.section(u'/', 0, 0), name = text.section(u'/', 1);
    for (const observe::ObservedWorkload &workload : cluster.workloads) {
        if (workload.ns != ns)
            continue;
        if (workload.podNames.contains(name))
            return PlannedProbe { {}, cluster.name, ns, workload.name, name };
        if (workload.name == name && workload.ready > 0 && !workload.podNames.isEmpty())
            return PlannedProbe { {}, cluster.name, ns, name, workload.podNames.first() };
        if (workload.name == name)
            return core::fail(impossible(cluster.name, Say::tr("%1 has no ready pod there").arg(text), Say::tr("Name another one.")));
    }
    if (const auto unread = cluster.whyUnread(observe::resources::pods, ns, name))
        return core::fail(*unread);
    return core::fail(impossible(cluster.name, Say::tr("neither a pod nor a Deployment %1 was seen there").arg(text),
        Say::tr("Name one in the environment file: probe: { image: IMAGE, pods: { %1: NAMESPACE/NAME } }").arg(cluster.name)));
}

} // namespace

QString PlannedProbe::text() const
{
    return pod.isEmpty() ? cluster + u'/' + ns + u'/' + workload
                         : Say::tr("%1, container %2").arg(cluster + u'/' + ns + u'/' + pod, container);
}

QStringList namespacesOf(const documents::ProbePlace &place)
{
    QStringList namespaces = place.ns.isEmpty() ? QStringList() : QStringList { place.ns };
    for (const QString &pod : place.pods)
        if (const QString ns = pod.section(u'/', 0, 0); !namespaces.contains(ns))
            namespaces << ns;
    return namespaces;
}

ProbePlan probePlan(const documents::ProbePlace &place, const observe::ObservedFleet &fleet, const QStringList &clusters,
    std::chrono::seconds lasting, const QString &unique)
{
    ProbePlan made;
    QStringList into;
    for (const QString &name : clusters) {
        const observe::ObservedCluster *cluster = fleet.cluster(name);
        if (!cluster || !cluster->reachable) {
            made.impossible.insert(name, impossible(name, Say::tr("its API server does not answer"), Say::tr("Look why, and try again.")));
            continue;
        }
        ops::Step step { QStringLiteral("probe-") + name, Say::tr("%1 has no client that could send requests").arg(name), {}, {} };
        PlannedProbe probe { step.id, name, place.ns, probeName };
        if (place.ns.isEmpty()) {
            if (!place.pods.contains(name)) {
                made.impossible.insert(name,
                    impossible(name, Say::tr("the environment names no pod of it for a probe"),
                        Say::tr("Name one in the environment file: probe: { image: IMAGE, pods: { %1: NAMESPACE/NAME } }").arg(name)));
                continue;
            }
            const auto pod = podIn(*cluster, place.pods.value(name));
            if (!pod) {
                made.impossible.insert(name, pod.error());
                continue;
            }
            probe = *pod;
            probe.step = step.id;
            probe.container = probeName + u'-' + unique;
            step.operation = { QStringLiteral("kube.addContainer"),
                { { QStringLiteral("cluster"), name }, { QStringLiteral("namespace"), probe.ns }, { QStringLiteral("name"), probe.pod },
                    { QStringLiteral("container"), probe.container }, { QStringLiteral("image"), place.image },
                    { QStringLiteral("seconds"), int(lasting.count()) } } };
        } else {
            const bool isKnown = !cluster->namespaces.isEmpty() && !cluster->whyUnread(observe::resources::namespaces, {});
            if (isKnown && !cluster->namespaces.contains(place.ns)) {
                made.impossible.insert(name,
                    impossible(name, Say::tr("it has no namespace %1").arg(place.ns), Say::tr("Make it, or name another one for probes.")));
                continue;
            }
            step.operation = { QStringLiteral("kube.apply"),
                { { QStringLiteral("cluster"), name }, { QStringLiteral("object"), deploymentOf(place) },
                    { QStringLiteral("mark"), true } } };
        }
        made.plan.steps.append(step);
        made.probes.append(probe);
        into << name;
    }
    made.name = ops::probesName(into);
    return made;
}

QList<ops::Right> rightsToSend(const ProbePlan &plan)
{
    QList<ops::Right> rights;
    for (const PlannedProbe &probe : plan.probes) {
        const auto add = [&](const QString &verb, const QString &subresource) {
            rights.append({ probe.cluster, { verb, {}, QStringLiteral("pods"), subresource, probe.ns, {} } });
        };
        add(QStringLiteral("list"), {});
        add(QStringLiteral("get"), {});
        add(QStringLiteral("get"), QStringLiteral("exec")); // over WebSocket; by the rules it is create
        add(QStringLiteral("create"), QStringLiteral("exec"));
    }
    return rights;
}

QStringList probeNotes(const documents::ProbePlace &place, const ProbePlan &plan, const observe::ObservedFleet &fleet)
{
    QStringList notes;
    for (const PlannedProbe &probe : plan.probes) {
        const observe::ObservedCluster *cluster = fleet.cluster(probe.cluster);
        if (!probe.pod.isEmpty()) {
            notes << Say::tr(
                "%1: a container of the image %2, which must have sh and curl, is added to the pod %3. It cannot be removed again: it sleeps as a user "
                "without rights, ends by itself, and goes with the pod.")
                         .arg(probe.cluster, place.image, probe.ns + u'/' + probe.pod);
            continue;
        }
        const bool injects = cluster && cluster->injectedNamespaces.contains(probe.ns);
        notes
            << Say::tr(
                   "%1: a Deployment %2 of one pod stands in the namespace %3, with the image %4, which must have sh and curl. It runs as a user without "
                   "rights and without the API's token, and is deleted afterwards.")
                    .arg(probe.cluster, probeName, probe.ns, place.image)
                + u' '
                + (injects ? Say::tr("The namespace gives it a sidecar.")
                           : Say::tr(
                               "The namespace is not known to give pods a sidecar; the pod asks for one, and without it proves nothing."));
    }
    for (auto it = plan.impossible.cbegin(); it != plan.impossible.cend(); ++it)
        notes << Say::tr("%1: none, %2. %3").arg(it.key(), it->answer, it->remedy);
    return notes;
}

} // namespace catamaran::fleet
