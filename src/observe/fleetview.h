// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/observedfleet.h"

#include <QHash>
#include <QSet>

#include <memory>

namespace catamaran::observe {

/// An ObservedFleet that finds things at once: made of it once, off the thread of the window where the fleet is large, and
/// never changed. Copying is cheap, and copies may be read on any thread. What it points to lives as long as a copy of it.
class FleetView {
public:
    FleetView(); ///< of no fleet
    FleetView(ObservedFleet fleet); // NOLINT(google-explicit-constructor): a fleet is one that was not indexed yet

    [[nodiscard]] const ObservedFleet &fleet() const;
    [[nodiscard]] const ObservedCluster *cluster(const QString &name) const;
    [[nodiscard]] const ObservedMesh *mesh(const QString &name) const;
    /// The cluster that a mesh's member means: by the provider's id, else by name. Null when it is not in the fleet.
    [[nodiscard]] const ObservedCluster *clusterOf(const mesh::MemberCluster &member) const;
    /// As whom @p mesh has @p cluster; null when it has not.
    [[nodiscard]] const mesh::MemberCluster *member(const QString &mesh, const QString &cluster) const;
    /// The meshes that have @p cluster, in their order.
    [[nodiscard]] QStringList meshesOf(const QString &cluster) const;
    /// The mesh that manages @p cluster; empty when none does.
    [[nodiscard]] QString managingMesh(const QString &cluster) const;
    /// The network that some mesh gives @p cluster; empty: the default one, which all such clusters share.
    [[nodiscard]] QString networkOf(const QString &cluster) const;
    /// In the order of the clusters; the default network is "".
    [[nodiscard]] const QStringList &networks() const;
    [[nodiscard]] QStringList clustersIn(const QString &network) const;
    [[nodiscard]] qsizetype indexOfNetwork(const QString &network) const; ///< -1: there is none
    /// A mesh has declared a cross-cluster gateway here, or one is seen.
    [[nodiscard]] bool hasGateway(const QString &cluster) const;

private:
    struct Data;
    std::shared_ptr<const Data> d;
};

/// What is another in one view than in the one before; times alone are no difference.
struct FleetDelta {
    QSet<QString> clusters, meshes; ///< whose facts differ; those that came or went too
    bool places = false; ///< what decides where things stand: clusters, meshes, members, networks, gateways, the names of workloads
    bool whole = false; ///< of the fleet itself: trust, accounts, what could not be read, restores

    [[nodiscard]] bool isEmpty() const { return clusters.isEmpty() && meshes.isEmpty() && !places && !whole; }
    /// For who looks less often: what has happened since.
    FleetDelta &operator+=(const FleetDelta &later);
};

[[nodiscard]] FleetDelta deltaOf(const FleetView &before, const FleetView &after);

} // namespace catamaran::observe

Q_DECLARE_METATYPE(catamaran::observe::FleetView)
