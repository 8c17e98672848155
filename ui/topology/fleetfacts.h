// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/fleetview.h"

#include <QMap>
#include <QString>
#include <QStringList>

/// Questions that map, tree and inspector ask of what was observed; what is where observe::FleetView tells. Pure.
namespace catamaran::ui {

class MapTruth;

[[nodiscard]] const observe::ObservedWorkload *findWorkload(
    const observe::ObservedCluster &cluster, const QString &ns, const QString &name);

/// Failed before Warning before Stale before Unknown before Ok; Unknown for an empty list.
[[nodiscard]] observe::Health worstOf(const QList<observe::Condition> &conditions);
[[nodiscard]] observe::Health worse(observe::Health first, observe::Health second);
[[nodiscard]] observe::Health healthOf(const observe::ObservedWorkload &workload);
/// Of the cluster itself and what it runs.
[[nodiscard]] observe::Health healthOf(const observe::ObservedCluster &cluster);
[[nodiscard]] observe::Health healthOf(const observe::ObservedMesh &mesh);
[[nodiscard]] observe::Health trustHealth(const observe::ObservedFleet &fleet);
/// The condition that compares all roots (the last of fleet.trust), else null.
[[nodiscard]] const observe::Condition *trustVerdict(const observe::ObservedFleet &fleet);
/// The condition of @p type, else null.
[[nodiscard]] const observe::Condition *findCondition(const QList<observe::Condition> &conditions, const QString &type);

/// What the cloud account or a cluster did not tell although it was asked, a line each; empty: all was heard (or nothing yet).
[[nodiscard]] QString unheardText(const observe::ObservedFleet &fleet);

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
using Impairments = QMap<QString, Impairment>; ///< by object id
/// @p faults (object id, what) come from a running drill; the rest is read off the fleet: an
/// unreachable cluster, a failed mesh, a workload that wants pods and has none; and off @p truth: a gateway that nobody reaches.
[[nodiscard]] Impairments impairments(const observe::FleetView &view, const QMap<QString, QString> &faults, const MapTruth &truth);
[[nodiscard]] Impairments impairments(const observe::FleetView &view, const QMap<QString, QString> &faults);
/// The same for these clusters (with what they run) and meshes alone: what was known of them in @p all gives way.
void impairAgain(Impairments &all, const observe::FleetView &view, const QMap<QString, QString> &faults, const MapTruth &truth,
    const QSet<QString> &clusters, const QSet<QString> &meshes);

} // namespace catamaran::ui
