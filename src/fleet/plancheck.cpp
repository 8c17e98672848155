// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/plancheck.h"

#include "fleet/say.h"
#include "mesh/providers.h"
#include "observe/gateways.h"
#include "observe/readings.h"
#include "pki/ca.h"

#include <algorithm>

namespace catamaran::fleet {

using core::Error;
using core::ErrorKind;

namespace {

/// Why @p cluster cannot be judged: the error that was met when it was read.
Error unreachable(const QString &tried, const observe::ObservedCluster &cluster)
{
    const auto condition = std::find_if(cluster.conditions.begin(), cluster.conditions.end(),
        [](const observe::Condition &one) { return one.type == QLatin1String("Reachable"); });
    const QString answer = condition == cluster.conditions.end() ? Say::tr("it cannot be reached") : condition->evidence;
    return Error::make(ErrorKind::Network, tried, cluster.name, answer,
        Say::tr("Without its API server nobody knows what %1 still needs. Try again when it answers.").arg(cluster.name));
}

/// A cluster that the account does not tell us of, and that the environment gives no id.
Error withoutId(const QString &tried, const QString &cluster, const observe::ObservedFleet &observed)
{
    if (observed.clustersError) // a list that was not heard says nothing about who is not in it
        return *observed.clustersError;
    return Error::make(ErrorKind::InvalidInput, tried, cluster,
        Say::tr("the cloud account has no cluster of this name, and the environment gives no cloudId"),
        Say::tr("Add cloudId to the cluster in the environment file."));
}

bool isOfAccount(const documents::FleetMesh &mesh)
{
    const mesh::ProviderKind *kind = mesh::providerKind(mesh.provider);
    return !kind || kind->needsAccount();
}

/// Whether an account is told of @p cluster, which takes the id that it has there.
bool needsId(const documents::FleetDocument &desired, const QString &cluster)
{
    return std::any_of(desired.memberships.begin(), desired.memberships.end(), [&](const documents::FleetMembership &one) {
        return one.cluster == cluster && std::any_of(desired.meshes.begin(), desired.meshes.end(), [&](const documents::FleetMesh &mesh) {
            return mesh.name == one.mesh && isOfAccount(mesh);
        });
    });
}

/// Why it is not known what lets other networks into the clusters that @p mesh manages, where that is wanted.
std::optional<Error> whyGatewaysUnknown(
    const documents::FleetDocument &desired, const observe::ObservedFleet &observed, const observe::ObservedMesh &mesh)
{
    for (const documents::FleetCluster &one : desired.clusters) {
        if (!one.gateway || desired.managerOf(one.name) != mesh.status.name)
            continue;
        if (mesh.status.exposed.error)
            return mesh.status.exposed.error;
        const observe::ObservedCluster *cluster = observed.cluster(one.name);
        if (!mesh.status.home.isEmpty() && cluster) // its gateway is found among the cluster's own Services
            if (auto error = cluster->whyUnread(observe::resources::services, observe::systemNamespace))
                return error;
    }
    return std::nullopt;
}

} // namespace

bool needsAccount(const documents::FleetDocument &desired)
{
    return std::any_of(desired.meshes.begin(), desired.meshes.end(), &isOfAccount);
}

std::optional<Error> whyUnheard(const documents::FleetWorkload &workload, const observe::ObservedCluster &cluster)
{
    for (const QJsonObject &object : documents::manifestObjects(workload).value_or(QList<QJsonObject>())) {
        const QString kind = object.value(u"kind").toString();
        const QString resource = kind == u"Deployment" ? observe::resources::deployments
            : kind == u"Service"                       ? observe::resources::services
                                                       : QString();
        if (resource.isEmpty())
            continue;
        if (const auto error = cluster.whyUnread(resource, workload.ns, object[u"metadata"][u"name"].toString()))
            return error;
    }
    return std::nullopt;
}

std::optional<Error> whyUnheard(const documents::FleetDocument &desired, const observe::ObservedFleet &observed, bool takesAway)
{
    for (const documents::FleetMesh &mesh : desired.meshes)
        if (auto error = mesh::whyNoProvider(Say::tr("plan the fleet %1").arg(desired.name), mesh.name, mesh.provider))
            return error;
    if (needsAccount(desired) && observed.meshesError)
        return observed.meshesError;
    if (observed.meshesUnread && std::any_of(desired.meshes.begin(), desired.meshes.end(), [](const documents::FleetMesh &mesh) {
            return !mesh::providerKind(mesh.provider)->needsAccount();
        }))
        return observed.meshesUnread;
    for (const documents::FleetMesh &mesh : desired.meshes) {
        const observe::ObservedMesh *found = observed.mesh(mesh.name);
        if (found && found->status.stale)
            return found->status.stale;
        if (auto error = found ? whyGatewaysUnknown(desired, observed, *found) : std::nullopt)
            return error;
        if (found && (!found->status.membersKnown || !found->status.networksKnown) && !found->status.unread.isEmpty())
            return found->status.unread.first();
    }
    for (const documents::FleetWorkload &workload : desired.workloads) {
        const observe::ObservedCluster *cluster = observed.cluster(workload.cluster);
        if (!cluster)
            continue;
        if (const auto error = whyUnheard(workload, *cluster))
            return error;
        // Only what nobody else put there may go: that takes the whole list.
        if (takesAway && workload.ns != QLatin1String("default")) {
            if (const auto error = cluster->whyUnread(observe::resources::namespaces, workload.ns))
                return error;
            if (cluster->ownNamespaces.contains(workload.ns))
                if (const auto error = cluster->whyUnread(observe::resources::deployments, workload.ns))
                    return error;
        }
    }
    if (takesAway) // a move may have left its client in any of the clusters
        for (const documents::FleetCluster &cluster : desired.clusters)
            for (const documents::FleetWorkload &workload : desired.workloads)
                if (const observe::ObservedCluster *found = observed.cluster(cluster.name); found && workload.manifest.startsWith(u"sleep"))
                    if (const auto error
                        = whyUnheard(documents::FleetWorkload { cluster.name, workload.ns, QStringLiteral("sleep-standalone") }, *found))
                        return error;
    for (const documents::FleetMembership &membership : desired.memberships) {
        const observe::ObservedCluster *cluster = membership.mode == mesh::Mode::Managed ? observed.cluster(membership.cluster) : nullptr;
        for (const QString &ns : desired.injectedNamespaces)
            if (cluster)
                if (const auto error = cluster->whyUnread(observe::resources::namespaces, ns))
                    return error;
    }
    return std::nullopt;
}

std::optional<Error> whyNotPlannable(const documents::FleetDocument &desired, const observe::ObservedFleet &observed)
{
    const QString tried = Say::tr("plan the fleet %1").arg(desired.name);
    for (const documents::FleetCluster &cluster : desired.clusters) {
        const observe::ObservedCluster *found = observed.cluster(cluster.name);
        if (!found) {
            QStringList known;
            for (const observe::ObservedCluster &one : observed.clusters)
                known << one.name;
            return Error::make(ErrorKind::InvalidInput, tried, cluster.name,
                Say::tr("the environment %1 has no cluster “%2”").arg(observed.environment, cluster.name),
                Say::tr("Known are: %1.").arg(known.join(QStringLiteral(", "))));
        }
        if (!found->reachable)
            return unreachable(tried, *found);
        if (found->cloudId.isEmpty() && needsId(desired, cluster.name) && !observed.meshesError)
            return withoutId(tried, cluster.name, observed);
    }
    if (auto error = whyUnheard(desired, observed))
        return error;
    for (const documents::FleetWorkload &workload : desired.workloads) {
        const observe::ObservedCluster *cluster = observed.cluster(workload.cluster);
        for (const QJsonObject &object : documents::manifestObjects(workload).value_or(QList<QJsonObject>())) {
            const QString service = workload.ns + u'/' + object[u"metadata"][u"name"].toString();
            if (object.value(u"kind").toString() == u"Service" && cluster->externalServices.contains(service))
                return Error::make(ErrorKind::Precondition, tried, cluster->name + u'/' + service,
                    Say::tr("the Service is of type ExternalName: it stands for %1, and no pod ever answers to it")
                        .arg(cluster->externalServices.value(service)),
                    Say::tr("Delete it if it may go, or deploy the workload into another namespace."));
        }
    }
    for (const documents::FleetMesh &mesh : desired.meshes) {
        const observe::ObservedMesh *found = observed.mesh(mesh.name);
        if (found && mesh::kindOf(found->status).name() != mesh::providerKind(mesh.provider)->name())
            return Error::make(ErrorKind::Precondition, tried, mesh.name,
                Say::tr("it is a mesh of the provider %1, and the fleet says %2")
                    .arg(mesh::kindOf(found->status).name(), mesh::providerKind(mesh.provider)->name()),
                Say::tr("Give the mesh of the fleet another name, or write provider: %1.").arg(mesh::kindOf(found->status).name()));
        if (!found) {
            // Where it is to be made follows from its cluster as the account knows it.
            const auto managed = std::find_if(desired.memberships.begin(), desired.memberships.end(),
                [&](const documents::FleetMembership &one) { return one.mesh == mesh.name && one.mode == mesh::Mode::Managed; });
            const observe::ObservedCluster *home = managed == desired.memberships.end() ? nullptr : observed.cluster(managed->cluster);
            if (home && home->vpcId.isEmpty() && observed.clustersError)
                return observed.clustersError;
            if (!mesh.version.isEmpty() && !observed.meshVersions.isEmpty() && !observed.meshVersions.contains(mesh.version))
                return Error::make(ErrorKind::InvalidInput, tried, mesh.name,
                    Say::tr("the provider does not offer version %1").arg(mesh.version),
                    Say::tr("It offers: %1.").arg(observed.meshVersions.join(QStringLiteral(", "))));
            continue;
        }
        if (found->status.state == mesh::MeshState::Failed)
            return Error::make(ErrorKind::Precondition, tried, mesh.name,
                Say::tr("it has failed (%1): %2")
                    .arg(found->status.stateWord,
                        found->status.errorMessage.isEmpty() ? Say::tr("no reason given") : found->status.errorMessage),
                mesh::kindOf(found->status).words().meshRemedy);
        if (found->status.state == mesh::MeshState::Deleting)
            return Error::make(
                ErrorKind::Precondition, tried, mesh.name, Say::tr("it is being deleted"), Say::tr("Try again when it is gone."));
    }
    return std::nullopt;
}

std::optional<Error> whyRootsDoNotFit(const documents::FleetDocument &desired, const observe::ObservedFleet &observed)
{
    const QString tried = Say::tr("plan the fleet %1").arg(desired.name);
    QList<const observe::ObservedMesh *> others;
    for (const documents::FleetMesh &mesh : desired.meshes) {
        const observe::ObservedMesh *found = observed.mesh(mesh.name);
        if (!found || found->status.rootFingerprints.isEmpty())
            continue;
        for (const observe::ObservedMesh *other : std::as_const(others)) {
            // One root in common is not yet a difference: it may be on its way from one to the next.
            const bool common = pki::shareARoot(other->status.rootFingerprints, found->status.rootFingerprints);
            if (common == (desired.root == documents::RootKind::Shared))
                continue;
            return Error::make(ErrorKind::Precondition, tried, Say::tr("%1 and %2").arg(other->status.name, found->status.name),
                common ? Say::tr("they have the same root, but the fleet asks for separate ones")
                       : Say::tr("their roots differ, but the fleet asks for a shared one"),
                isOfAccount(mesh)
                    ? Say::tr("The root of a mesh cannot be changed after its creation: delete one of them and apply again.")
                    : Say::tr(
                        "Catamaran does not exchange the root of a control plane that runs: it takes another Secret cacerts, a restart of "
                        "the control plane and of every pod with a sidecar, and until all are restarted those with the old and those with "
                        "the new certificates refuse each other."));
        }
        others << found;
    }
    return std::nullopt;
}

const observe::ObservedWorkload *workloadOf(const observe::ObservedCluster &cluster, const QString &ns, const QString &name)
{
    const auto found = std::find_if(cluster.workloads.begin(), cluster.workloads.end(),
        [&](const observe::ObservedWorkload &one) { return one.ns == ns && one.name == name; });
    return found == cluster.workloads.end() ? nullptr : &*found;
}

} // namespace catamaran::fleet
