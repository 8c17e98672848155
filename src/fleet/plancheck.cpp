// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/plancheck.h"

#include "pki/ca.h"

#include <QCoreApplication>

#include <algorithm>

namespace catamaran::fleet {

using core::Error;
using core::ErrorKind;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Plan)
};

/// Why @p cluster cannot be judged: the error that was met when it was read.
Error unreachable(const QString &tried, const ObservedCluster &cluster)
{
    const auto condition = std::find_if(
        cluster.conditions.begin(), cluster.conditions.end(), [](const Condition &one) { return one.type == QLatin1String("Reachable"); });
    const QString answer = condition == cluster.conditions.end() ? Say::tr("it cannot be reached") : condition->evidence;
    return Error::make(ErrorKind::Network, tried, cluster.name, answer,
        Say::tr("Without its API server nobody knows what %1 still needs. Try again when it answers.").arg(cluster.name));
}

} // namespace

std::optional<Error> whyNotPlannable(const FleetDocument &desired, const ObservedFleet &observed)
{
    const QString tried = Say::tr("plan the fleet %1").arg(desired.name);
    for (const FleetCluster &cluster : desired.clusters) {
        const ObservedCluster *found = observed.cluster(cluster.name);
        if (!found) {
            QStringList known;
            for (const ObservedCluster &one : observed.clusters)
                known << one.name;
            return Error::make(ErrorKind::InvalidInput, tried, cluster.name,
                Say::tr("the environment %1 has no cluster “%2”").arg(observed.environment, cluster.name),
                Say::tr("Known are: %1.").arg(known.join(QStringLiteral(", "))));
        }
        if (!found->reachable)
            return unreachable(tried, *found);
        if (found->cloudId.isEmpty() && !desired.meshes.isEmpty())
            return Error::make(ErrorKind::InvalidInput, tried, cluster.name,
                Say::tr("the cloud account has no cluster of this name, and the environment gives no cloudId"),
                Say::tr("Add cloudId to the cluster in the environment file."));
    }
    for (const FleetMesh &mesh : desired.meshes) {
        const ObservedMesh *found = observed.mesh(mesh.name);
        if (!found) {
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
                Say::tr("Repair or delete it in the console of the service mesh, then plan again."));
        if (found->status.state == mesh::MeshState::Deleting)
            return Error::make(
                ErrorKind::Precondition, tried, mesh.name, Say::tr("it is being deleted"), Say::tr("Try again when it is gone."));
    }
    return std::nullopt;
}

std::optional<Error> whyRootsDoNotFit(const FleetDocument &desired, const ObservedFleet &observed)
{
    const QString tried = Say::tr("plan the fleet %1").arg(desired.name);
    QList<const ObservedMesh *> others;
    for (const FleetMesh &mesh : desired.meshes) {
        const ObservedMesh *found = observed.mesh(mesh.name);
        if (!found || found->status.rootFingerprints.isEmpty())
            continue;
        for (const ObservedMesh *other : std::as_const(others)) {
            // One root in common is not yet a difference: it may be on its way from one to the next.
            const bool common = pki::shareARoot(other->status.rootFingerprints, found->status.rootFingerprints);
            if (common == (desired.root == RootKind::Shared))
                continue;
            return Error::make(ErrorKind::Precondition, tried, Say::tr("%1 and %2").arg(other->status.name, found->status.name),
                common ? Say::tr("they have the same root, but the fleet asks for separate ones")
                       : Say::tr("their roots differ, but the fleet asks for a shared one"),
                Say::tr("The root of a mesh cannot be changed after its creation: delete one of them and apply again."));
        }
        others << found;
    }
    return std::nullopt;
}

const mesh::MemberCluster *memberOf(const ObservedFleet &observed, const QString &mesh, const QString &clusterId)
{
    const ObservedMesh *found = observed.mesh(mesh);
    if (!found)
        return nullptr;
    const auto &members = found->status.members;
    const auto member
        = std::find_if(members.begin(), members.end(), [&](const mesh::MemberCluster &one) { return one.clusterId == clusterId; });
    return member == members.end() ? nullptr : &*member;
}

const ObservedWorkload *workloadOf(const ObservedCluster &cluster, const QString &ns, const QString &name)
{
    const auto found = std::find_if(
        cluster.workloads.begin(), cluster.workloads.end(), [&](const ObservedWorkload &one) { return one.ns == ns && one.name == name; });
    return found == cluster.workloads.end() ? nullptr : &*found;
}

} // namespace catamaran::fleet
