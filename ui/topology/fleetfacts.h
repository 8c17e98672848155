// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/observedfleet.h"

#include <QMap>
#include <QString>
#include <QStringList>

/// Questions that map, tree and inspector ask an ObservedFleet. Pure.
namespace catamaran::ui {

[[nodiscard]] const fleet::ObservedCluster *findCluster(const fleet::ObservedFleet &fleet, const QString &name);
[[nodiscard]] const fleet::ObservedMesh *findMesh(const fleet::ObservedFleet &fleet, const QString &name);
[[nodiscard]] const fleet::ObservedWorkload *findWorkload(const fleet::ObservedCluster &cluster, const QString &ns, const QString &name);

/// The cluster that a mesh's member means: by the provider's id, else by name. Null when it is not in the fleet.
[[nodiscard]] const fleet::ObservedCluster *clusterOf(const fleet::ObservedFleet &fleet, const mesh::MemberCluster &member);
/// The mesh that manages @p cluster; empty when none does.
[[nodiscard]] QString managingMesh(const fleet::ObservedFleet &fleet, const QString &cluster);
/// The network that some mesh gives @p cluster; empty: the default one, which all such clusters share.
[[nodiscard]] QString networkOf(const fleet::ObservedFleet &fleet, const QString &cluster);
/// In the order of the clusters; the default network is "".
[[nodiscard]] QStringList networksOf(const fleet::ObservedFleet &fleet);
[[nodiscard]] QStringList clustersIn(const fleet::ObservedFleet &fleet, const QString &network);
/// A mesh has declared a cross-cluster gateway here, or one is seen.
[[nodiscard]] bool hasGateway(const fleet::ObservedFleet &fleet, const QString &cluster);

/// Failed before Warning before Stale before Unknown before Ok; Unknown for an empty list.
[[nodiscard]] fleet::Health worstOf(const QList<fleet::Condition> &conditions);
[[nodiscard]] fleet::Health worse(fleet::Health first, fleet::Health second);
[[nodiscard]] fleet::Health healthOf(const fleet::ObservedWorkload &workload);
/// Of the cluster itself and what it runs.
[[nodiscard]] fleet::Health healthOf(const fleet::ObservedCluster &cluster);
[[nodiscard]] fleet::Health healthOf(const fleet::ObservedMesh &mesh);
[[nodiscard]] fleet::Health trustHealth(const fleet::ObservedFleet &fleet);
/// The condition that compares all roots (the last of fleet.trust), else null.
[[nodiscard]] const fleet::Condition *trustVerdict(const fleet::ObservedFleet &fleet);
/// The condition of @p type, else null.
[[nodiscard]] const fleet::Condition *findCondition(const QList<fleet::Condition> &conditions, const QString &type);

/// What the cloud account or a cluster did not tell although it was asked, a line each; empty: all was heard (or nothing yet).
[[nodiscard]] QString unheardText(const fleet::ObservedFleet &fleet);

/// "default network" for the empty name.
[[nodiscard]] QString networkTitle(const QString &network);
[[nodiscard]] QString modeWord(mesh::Mode mode); ///< "managed", "discovery-only", "mode not told"
[[nodiscard]] QString stateWord(mesh::MeshState state);
/// The names that say what to show of an object id: "mesh-1", "cluster-1/default/sleep".
[[nodiscard]] QString objectTitle(const QString &objectId);

/// What is dead, and what suffers from it. Dead is red; Affected is grey; both with the reason.
struct Impairment {
    bool dead = false;
    QString reason;
    bool operator==(const Impairment &) const = default;
};
/// By object id. @p faults (object id, what) come from a running drill; the rest is read off the fleet: an
/// unreachable cluster, a failed mesh, a workload that wants pods and has none.
[[nodiscard]] QMap<QString, Impairment> impairments(const fleet::ObservedFleet &fleet, const QMap<QString, QString> &faults);

/// Links proven of all that the fleet has: what each control plane discovers, each mesh's root and their comparison,
/// each gateway. One per condition of those types; proven is ok, nothing else. For the readiness chip.
struct Readiness {
    int proven = 0, total = 0;
    fleet::Health worst = fleet::Health::Unknown;
};
[[nodiscard]] Readiness readiness(const fleet::ObservedFleet &fleet);

} // namespace catamaran::ui
