// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/gateways.h"
#include "observe/readings.h"

/// The rules from what was read to conditions. What was not heard is never a condition of what is there. Pure.
namespace catamaran::observe {

/// The namespaces that somebody wants to know of: those wanted, else the kubeconfig's own.
[[nodiscard]] QStringList askedNamespaces(const ClusterReadings &readings);

[[nodiscard]] Condition reachableCondition(const ObservedCluster &cluster, const ClusterReadings &readings);
/// What an identity with rights in some namespaces may see, and which right is missing; nullopt for one that sees all.
[[nodiscard]] std::optional<Condition> accessCondition(const ObservedCluster &cluster, const ClusterReadings &readings);
[[nodiscard]] Condition workloadCondition(
    const ObservedCluster &cluster, const ObservedWorkload &workload, const ClusterReadings &readings);
/// Of all gateways of the cluster together: one that carries nothing is what is worth saying. nullopt: there is none.
[[nodiscard]] std::optional<Condition> gatewayCondition(
    const ObservedCluster &cluster, const QList<SeenGateway> &gateways, const ClusterReadings &readings);

[[nodiscard]] Condition meshRunning(const mesh::MeshStatus &status, const CloudReadings &cloud);
[[nodiscard]] Condition memberCondition(
    const mesh::MeshStatus &mesh, const mesh::MemberCluster &member, const QString &clusterName, const CloudReadings &cloud);
/// One condition per list of each account, with the errors that go with them; readings keep what was seen before an error.
void judgeAccounts(ObservedFleet &fleet, const QList<CloudReadings> &clouds);
/// One condition per root of a mesh, and one that compares them.
void judgeTrust(ObservedFleet &fleet, const QList<CloudReadings> &clouds);

} // namespace catamaran::observe
