// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/fleetview.h"
#include "ui/common/traffic.h"
#include "ui/topology/objectid.h"

#include <QHash>
#include <QList>
#include <QMap>
#include <QPainterPath>
#include <QPointF>
#include <QRectF>
#include <QSizeF>
#include <QString>

/// Where everything stands on the map. Pure: the same fleet, size and offsets give the same places.
namespace catamaran::ui {

struct NodeBox {
    QString id;
    objectid::Kind kind = objectid::Kind::None;
    QString parent; ///< network of a cluster, cluster of a workload or gateway; else empty
    QRectF rect; ///< scene units, about a pixel at 100 %
    int side = 0; ///< of a gateway: 1 on the right border of its network, -1 on the left one
};

enum class LinkKind {
    Trust,
    Managed,
    DiscoveryOnly,
    UnknownMode,
    CrossNetwork, ///< between two gateways
    Bundle, ///< between two networks, in place of all links between their gateways, where these are too many to be told apart
};

struct LinkPath {
    QString id; ///< "managed:mesh-1>cluster-1", "cross:cluster-1>cluster-2", "bundle:network1>network2"
    LinkKind kind = LinkKind::Trust;
    QString from, to; ///< object ids
    QPainterPath path;
};

struct FleetLayout {
    QList<NodeBox> nodes; ///< back to front: regions, clusters, workloads, gateways, meshes, root
    QList<LinkPath> links;
    QRectF bounds;
    QHash<QString, int> byId; ///< of the nodes

    [[nodiscard]] const NodeBox *node(const QString &id) const;
};

/// Lays @p fleet out so that it fills the proportions of @p size well. @p offsets move single objects (a network with
/// all that it holds); a region always surrounds its clusters.
[[nodiscard]] FleetLayout layoutFleet(const observe::FleetView &view, const QSizeF &size, const QMap<QString, QPointF> &offsets = {});

/// The workload that @p who belongs to, by its pod's name, or by its version where only one cluster has that: the object's id. Empty:
/// nobody of the fleet, or it cannot be told whose.
[[nodiscard]] QString workloadOf(const observe::FleetView &view, const Answerer &who);

/// The way of a request from @p sourceCluster (its sleep workload, else the cluster) to the workload @p target (an object's id):
/// inside the cluster, across the network, or through the gateway of the other network. Empty when either is not on the map.
struct TrafficPath {
    QString target; ///< object id of the workload
    bool crossNetwork = false;
    QPainterPath path;
};
[[nodiscard]] TrafficPath trafficPath(
    const FleetLayout &layout, const observe::FleetView &view, const QString &sourceCluster, const QString &target);

/// The object that an arrow key leads to from @p from: the nearest in that direction, linked ones preferred; empty: none.
[[nodiscard]] QString neighbour(const FleetLayout &layout, const QString &from, Qt::Key direction);

/// So many gateways, and each with a link to each other; with more, networks have the links.
inline constexpr int mostGateways = 16;
/// How many workload rows a cluster shows before "+n more".
inline constexpr int mostWorkloadRows = 8;

} // namespace catamaran::ui
