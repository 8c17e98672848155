// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/provider.h"
#include "ops/kinds/target.h"
#include "ops/operation.h"

/// What can be done to meshes, as values: a planner that knows nothing of the provider asks for these.
namespace catamaran::mesh {

/// A root that all meshes of one fleet share.
struct RootWish {
    QString name;
    bool shared = false; ///< with every fleet that names it (trust.name), in whatever environment
    QStringList meshes {}; ///< the fleet's, by name: those that exist say which root it is
};

/// A mesh that is to be, with what the provider's facts say of the cluster that it is made for.
struct MeshWish {
    QString name, version; ///< version: the provider's word; empty: its newest
    QString cluster; ///< whose place it shares, by the environment's name
    QString region, vpcId; ///< of that cluster
    QStringList vSwitches;
    std::optional<RootWish> root {}; ///< absent: the provider makes one of its own
    QString rootStep {}; ///< id of the step that makes the root or finds it, in the same plan
    QList<QJsonObject> objects {}; ///< what it is installed from, where its control plane stands in a cluster; empty: not given
};

/// A cluster that a mesh is to manage or to read, or shall no longer, with what is known of both.
struct MemberWish {
    QString mesh, cluster;
    Mode mode = Mode::Managed;
    // Of meshes whose control planes stand in the clusters.
    QString home, space {}; ///< cluster and namespace of the control plane
    QString id {}; ///< what control planes call @c cluster; empty: not told
    QString server {}; ///< its API server's address as they reach it; empty: the kubeconfig's
    TokenWish token {};
    bool renews = false; ///< it is a member, and what lets the control plane in is to be given anew
    std::optional<bool> hasReader {}; ///< the account that it is read with is there; nullopt: that could not be read
};

/// The way of other networks into a cluster.
struct GatewayWish {
    QString mesh, cluster, space, network;
    bool isThere = false, isExposed = false;
    QList<QJsonObject> objects {}; ///< what it is installed from; empty: not given
};

/// One of the operations that something takes.
struct Deed {
    QString id; ///< of its step, the same for every mesh that needs it; empty: the planner names it
    QString why; ///< empty: the planner says it
    ops::Operation operation;
};

/// How one provider's operations are written. Pure; clusters and meshes by our names for them.
class Operations {
public:
    virtual ~Operations() = default;
    [[nodiscard]] virtual ops::Operation createMesh(const MeshWish &mesh) const = 0;
    /// What createMesh() takes, each after those before it.
    [[nodiscard]] virtual QList<Deed> makeMesh(const MeshWish &mesh) const { return { { {}, {}, createMesh(mesh) } }; }
    /// Takes away what makeMesh() and openGateway() made of @p objects in @p cluster; what is not Catamaran's, and what others may need,
    /// stays.
    [[nodiscard]] virtual QList<Deed> unmakeMesh(const MeshWish &) const { return {}; }
    /// Waits until it runs; changes nothing. @p home: the cluster that it is made for.
    [[nodiscard]] virtual ops::Operation awaitMesh(const QString &mesh, const QString &home = {}) const = 0;
    /// What its provider calls the mesh @p mesh that is made for the cluster @p home.
    [[nodiscard]] virtual QString knownAs(const QString &mesh, const QString &) const { return mesh; }
    /// @p foreign: what is done with one that Catamaran did not make.
    [[nodiscard]] virtual ops::Operation deleteMesh(const QString &mesh, ops::Foreign foreign = ops::Foreign::Refuse) const = 0;
    [[nodiscard]] virtual ops::Operation addMember(const QString &mesh, const QString &cluster, Mode mode) const = 0;
    /// @p was: the mode it is in, for an undo where the provider does not tell.
    [[nodiscard]] virtual ops::Operation removeMember(const QString &mesh, const QString &cluster, Mode was = Mode::Unknown) const = 0;
    /// Of the clusters named; the mesh's others keep theirs. @p previous: what all members have now, for the words (also of the undo by
    /// hand).
    [[nodiscard]] virtual ops::Operation setNetworks(
        const QString &mesh, const QMap<QString, NetworkSetting> &byCluster, const QMap<QString, NetworkSetting> &previous = {}) const = 0;
    /// @p managed: the clusters in whose namespaces it can be seen.
    [[nodiscard]] virtual ops::Operation setInjection(
        const QString &mesh, const QString &ns, bool enabled, const QStringList &managed) const = 0;

    /// Whether networks, gateways, memberships and injection are the clusters' own objects: then they are asked for one cluster at a time,
    /// of the mesh that manages it, and taken away also where the mesh stays.
    [[nodiscard]] virtual bool isPerCluster() const { return false; }
    /// What addMember() takes, each after those before it.
    [[nodiscard]] virtual QList<Deed> join(const MemberWish &wish) const
    {
        return { { {}, {}, addMember(wish.mesh, wish.cluster, wish.mode) } };
    }
    [[nodiscard]] virtual ops::Operation leave(const MemberWish &wish) const { return removeMember(wish.mesh, wish.cluster, wish.mode); }
    /// What is missing of it, where isPerCluster().
    [[nodiscard]] virtual QList<Deed> openGateway(const GatewayWish &) const { return {}; }
    /// What of it Catamaran may have made; what others made stays.
    [[nodiscard]] virtual QList<Deed> closeGateway(const GatewayWish &) const { return {}; }
};

/// Makes the root and keeps it in the secret store, or finds it there. What it leaves: {"fingerprint":…}.
[[nodiscard]] ops::Operation takeRoot(const RootWish &root);
/// Fetches the roots of @p meshes and proves that every two share one; changes nothing.
[[nodiscard]] ops::Operation compareRoots(const QStringList &meshes);

} // namespace catamaran::mesh
