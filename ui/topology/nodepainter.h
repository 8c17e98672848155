// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/theme.h"
#include "ui/topology/fleetfacts.h"
#include "ui/topology/layout.h"
#include "ui/topology/maptruth.h"

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
    Look look = Look::Unknown;
    QString truth; ///< what is proven of it, a line per direction; for hover and screen readers
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

/// The values of @p box in @p view, with what @p truth has proven of it by then.
[[nodiscard]] NodeState nodeState(
    const NodeBox &box, const observe::FleetView &view, const Impairments &impaired, const MapTruth &truth = {});
/// How it looks with its impairment.
[[nodiscard]] Look shownLook(const NodeState &state);

/// @p detail is the zoom (1: a unit is a pixel); below farAway a cluster is a dot with a state and a region a count.
inline constexpr double farAway = 0.42;
void paintNode(QPainter *painter, const QSizeF &size, const NodeState &state, const Theme &theme, double detail);

struct LinkState {
    LinkKind kind = LinkKind::Trust;
    PartTruth truth; ///< with the look: green and a check only when it is proven
    bool greyed = false; ///< an end of it is impaired, and nothing worse is known of it
    bool toldAtEnd = false; ///< an end of it is dead, and the reason stands there
    bool selected = false, faded = false, hovered = false;
    QString label; ///< what it is, and why it is grey

    [[nodiscard]] Look look() const { return greyed ? Look::Stale : truth.look; }
    /// For hover: what it is, and each direction with evidence and age.
    [[nodiscard]] QString text(const QDateTime &now) const;
    /// Beside a cross-network link: where it is broken, or how old what is known is; empty where the look says enough.
    [[nodiscard]] QString note(const QDateTime &now) const;
};
[[nodiscard]] LinkState linkState(
    const LinkPath &link, const observe::FleetView &view, const Impairments &impaired, const MapTruth &truth = {});
/// @p detail as of a node: below farAway lines carry no marks.
void paintLink(QPainter *painter, const QPainterPath &path, const LinkState &state, const Theme &theme, double detail = 1);
/// Word of a kind for legend and tooltips: "managed", "discovery-only", "cross-network", "trust".
[[nodiscard]] QString linkWord(LinkKind kind);

/// Explains lines, states and versions; @p at is its top left corner. Returns the size it takes.
QSizeF paintLegend(QPainter *painter, const QPointF &at, const QStringList &versions, const Theme &theme);

/// The map's fonts, in scene units, so that the zoom alone decides their size on screen.
[[nodiscard]] QFont mapFont(double size = 13, QFont::Weight weight = QFont::Normal);
[[nodiscard]] QFont mapFigures(double size = 12, QFont::Weight weight = QFont::Normal);

} // namespace catamaran::ui
