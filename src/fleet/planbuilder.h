// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/fleetdocument.h"
#include "mesh/operations.h"
#include "observe/observedfleet.h"
#include "ops/plan.h"

#include <QHash>

/// What the planners have in common. Pure.
namespace catamaran::fleet {

/// A plan while it grows. Every look-up is by hash: fleets may be large.
class PlanBuilder {
public:
    /// Adds a step behind @p after, of which what is not in the plan (it is there already) is left out. @p mesh: behind the newest
    /// step of the same mesh too, for changes of one mesh go one after the other. Gives its id, which is made unique.
    QString add(ops::Step step, const QStringList &after = {}, const QString &mesh = {});
    [[nodiscard]] bool has(const QString &id) const { return m_ids.contains(id); }
    [[nodiscard]] ops::Plan take() { return std::move(m_plan); }

private:
    ops::Plan m_plan;
    QSet<QString> m_ids;
    QHash<QString, QString> m_newestOf; ///< by mesh
};

/// Wish and facts by name.
class FleetIndex {
public:
    FleetIndex(const documents::FleetDocument &desired, const observe::ObservedFleet &observed);

    /// Null when there is none.
    [[nodiscard]] const observe::ObservedCluster *cluster(const QString &name) const { return m_clusters.value(name); }
    [[nodiscard]] const observe::ObservedMesh *mesh(const QString &name) const { return m_meshes.value(name); }
    [[nodiscard]] const mesh::MemberCluster *member(const QString &mesh, const QString &cluster) const;
    [[nodiscard]] const observe::ObservedWorkload *workload(const QString &cluster, const QString &ns, const QString &name) const;
    [[nodiscard]] bool hasService(const QString &cluster, const QString &ns, const QString &name) const;
    /// Whether the fleet names it.
    [[nodiscard]] bool isNamed(const mesh::MemberCluster &member) const { return m_named.contains(member.clusterName); }
    /// What the fleet wants of a mesh, in the document's order.
    [[nodiscard]] QList<documents::FleetMembership> memberships(const QString &mesh) const { return m_memberships.value(mesh); }
    /// What the members of @p mesh have now, those that are on a network, by the environment's name or the provider's id.
    [[nodiscard]] QMap<QString, mesh::NetworkSetting> networks(const QString &mesh) const;
    /// The clusters that @p mesh is to manage.
    [[nodiscard]] QStringList managed(const QString &mesh) const;
    /// What is to be said of @p cluster in @p mesh to whoever makes or ends its membership.
    [[nodiscard]] mesh::MemberWish memberWish(const QString &mesh, const QString &cluster, mesh::Mode mode) const;
    /// The same of its gateway.
    [[nodiscard]] mesh::GatewayWish gatewayWish(const QString &mesh, const QString &cluster, const QString &network) const;
    /// Of the provider that makes @p mesh.
    [[nodiscard]] const mesh::Operations &operations(const QString &mesh) const;
    /// The mesh that is to manage @p cluster; empty when none is.
    [[nodiscard]] QString managerOf(const QString &cluster) const { return m_managers.value(cluster); }

private:
    QHash<QString, const observe::ObservedCluster *> m_clusters;
    QHash<QString, const observe::ObservedMesh *> m_meshes;
    QHash<QStringList, const mesh::MemberCluster *> m_members;
    QHash<QStringList, const observe::ObservedWorkload *> m_workloads;
    QSet<QStringList> m_services;
    QSet<QString> m_named; ///< the fleet's clusters
    QHash<QString, QList<documents::FleetMembership>> m_memberships;
    QHash<QString, QString> m_managers;
    mesh::TokenWish m_token;
    QHash<QString, const mesh::Operations *> m_operations; ///< by mesh
    QHash<QString, const documents::FleetMesh *> m_wishes; ///< by name
};

// --- objects ----------------------------------------------------------------------------------------------------------

/// "helloworld-v1-cluster-1", in another namespace than default "helloworld-v1-cluster-1-shop".
[[nodiscard]] QString placeOf(const documents::FleetWorkload &workload);
[[nodiscard]] QString namespaceStepId(const QString &cluster, const QString &ns);
/// What tells the steps of one manifest's objects apart, in its order: "" for the Deployment, "-service", and for a second of its kind
/// "-service-NAME".
[[nodiscard]] QStringList stepSuffixes(const QList<QJsonObject> &objects);
/// "ServiceAccount sleep"
[[nodiscard]] QString told(const QJsonObject &object);

/// An object that wishes nothing but to be there (a bare ServiceAccount) is made only where it is missing.
[[nodiscard]] ops::Operation applyObject(const QString &cluster, const QJsonObject &object);
/// Whoever's is there will do.
[[nodiscard]] ops::Operation makeObject(const QString &cluster, const QJsonObject &object);
/// What is not ours is left as it is.
[[nodiscard]] ops::Operation deleteObject(const QString &cluster, const QJsonObject &object);
[[nodiscard]] ops::Operation scaleDeployment(const QString &cluster, const QString &ns, const QString &name, int replicas, int previous);

} // namespace catamaran::fleet
