// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/theme.h"
#include "ui/topology/fleetfacts.h"
#include "ui/topology/layout.h"

#include <QString>
#include <QStringList>

#include <optional>

class QPainter;

/// Draws the things of the map from values; items only keep the values and call these.
namespace catamaran::ui {

/// All that a node's picture depends on.
struct NodeState {
    QString id;
    objectid::Kind kind = objectid::Kind::None;
    QString title, detail; ///< two lines of a box
    observe::Health health = observe::Health::Unknown;
    std::optional<Impairment> impairment;
    bool selected = false, faded = false, hovered = false;
    // Workloads
    QString version;
    int ready = 0, desired = 0;
    bool injected = false, client = false;
    // Clusters and regions
    int more = 0; ///< workloads beyond the rows
    int rows = 0; ///< workload rows drawn
    int clusters = 0, pods = 0; ///< counts a region shows when it is far away
    int index = 0; ///< of a region: its quiet hue; of a gateway: the side of its label

    bool operator==(const NodeState &) const = default;
};

/// The values of @p box in @p fleet.
[[nodiscard]] NodeState nodeState(const NodeBox &box, const observe::ObservedFleet &fleet, const QMap<QString, Impairment> &impaired);

/// @p detail is the zoom (1: a unit is a pixel); below farAway a cluster is a dot with a state and a region a count.
inline constexpr double farAway = 0.42;
void paintNode(QPainter *painter, const QSizeF &size, const NodeState &state, const Theme &theme, double detail);

struct LinkState {
    LinkKind kind = LinkKind::Trust;
    observe::Health health = observe::Health::Ok; ///< Failed: red; Unknown: grey
    bool greyed = false; ///< an end of it is impaired
    bool selected = false, faded = false, hovered = false;
    QString label; ///< shown on hover
    bool operator==(const LinkState &) const = default;
};
[[nodiscard]] LinkState linkState(const LinkPath &link, const observe::ObservedFleet &fleet, const QMap<QString, Impairment> &impaired);
void paintLink(QPainter *painter, const QPainterPath &path, const LinkState &state, const Theme &theme);
/// Word of a kind for legend and tooltips: "managed", "discovery-only", "cross-network", "trust".
[[nodiscard]] QString linkWord(LinkKind kind);

/// Explains lines, states and versions; @p at is its top left corner. Returns the size it takes.
QSizeF paintLegend(QPainter *painter, const QPointF &at, const QStringList &versions, const Theme &theme);

/// The map's fonts, in scene units, so that the zoom alone decides their size on screen.
[[nodiscard]] QFont mapFont(double size = 13, QFont::Weight weight = QFont::Normal);
[[nodiscard]] QFont mapFigures(double size = 12, QFont::Weight weight = QFont::Normal);

} // namespace catamaran::ui
