// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/asmclient.h"
#include "fleet/plan.h"

/// One step of a plan with its calls, its command by hand and its undo: how each action looks. Pure.
namespace catamaran::fleet::steps {

/// What the steps are written for.
struct World {
    const FleetDocument &desired;
    const ObservedFleet &observed;

    /// The mesh's id; before it exists a placeholder that the command resolves by name.
    [[nodiscard]] QString meshId(const QString &mesh) const;
    [[nodiscard]] QString clusterId(const QString &cluster) const;
    [[nodiscard]] PlanCluster cluster(const QString &name) const;
};

[[nodiscard]] PlanStep makeRoot(const World &world);
[[nodiscard]] PlanStep createMesh(const World &world, const FleetMesh &mesh, const QString &managedCluster);
[[nodiscard]] PlanStep waitForMesh(const QString &mesh, const QString &stateWord);
[[nodiscard]] PlanStep compareRoots(const World &world);
[[nodiscard]] PlanStep addMember(const World &world, const FleetMembership &membership);
[[nodiscard]] PlanStep removeMember(const World &world, const QString &mesh, const QString &cluster, const QString &why);
[[nodiscard]] PlanStep setNetworks(const World &world, const QString &mesh, const QMap<QString, mesh::NetworkSetting> &byCluster, bool off);
[[nodiscard]] PlanStep setInjection(const World &world, const QString &mesh, const QString &ns, bool enabled);
[[nodiscard]] PlanStep deleteMesh(const World &world, const QString &mesh);

[[nodiscard]] QString namespaceStepId(const QString &cluster, const QString &ns);
[[nodiscard]] PlanStep createNamespace(const PlanCluster &cluster, const QString &ns);
[[nodiscard]] PlanStep deleteNamespace(const PlanCluster &cluster, const QString &ns);
/// @p cluster: the workload's.
[[nodiscard]] core::Result<PlanStep> applyManifest(const FleetWorkload &workload, const PlanCluster &cluster);
[[nodiscard]] core::Result<PlanStep> deleteManifest(const FleetWorkload &workload, const PlanCluster &cluster);
[[nodiscard]] PlanStep scaleWorkload(const ScaleWorkload &scale, const PlanCluster &cluster, const QString &why);

} // namespace catamaran::fleet::steps
