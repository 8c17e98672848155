// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "observe/observedfleet.h"
#include "ui/common/traffic.h"
#include "ui/topology/nodepainter.h"

#include <QGraphicsView>
#include <QMap>
#include <QSet>

#include <memory>

namespace catamaran::ui {

/// The map: draws an ObservedFleet, keeps a selection, shows faults and live probe traffic. Places use it in full
/// (Topology) or as a mini map (Setup, Drills) with setMini(true). Main thread. Ids: ui/topology/objectid.h.
class TopologyView : public QGraphicsView {
    Q_OBJECT
public:
    explicit TopologyView(QWidget *parent = nullptr);
    ~TopologyView() override;

    /// Shows @p fleet; what is already there moves or changes in place, selection and zoom stay.
    void setFleet(const observe::FleetView &view);
    /// The same where @p delta says all that differs from what it was told before: costs what changed, and while nobody sees it nothing.
    void follow(const observe::FleetView &view, const observe::FleetDelta &delta);
    [[nodiscard]] const observe::ObservedFleet &fleet() const;
    [[nodiscard]] const observe::FleetView &fleetView() const;
    /// What is proven of it: decides how links, gateways, meshes and the root look. Without it nothing is.
    void setMatrix(const truth::Matrix &matrix);
    /// The same where @p delta says which directions differ.
    void followMatrix(const truth::Matrix &matrix, const truth::MatrixDelta &delta);
    [[nodiscard]] const truth::Matrix &matrix() const;
    /// How the link @p id looks ("cross:cluster-1>cluster-2"), and what is said of it; nullopt: there is none. So of a node.
    [[nodiscard]] std::optional<LinkState> link(const QString &id) const;
    [[nodiscard]] std::optional<NodeState> node(const QString &id) const;

    /// Marks @p objectId red with @p what; what depends on it turns grey with the reason.
    void setFault(const QString &objectId, const QString &what);
    void clearFaults();

    /// New answers seen from a workload of @p sourceCluster: dots run along the real path to whoever answered,
    /// their colour by version, the path's width by rate; errors run red and end where the path is broken. Answers of which nobody can
    /// tell where they come from are not drawn.
    void showTraffic(const QString &sourceCluster, const Traffic &traffic);

    /// A small map: no legend, no dragging, no keyboard, always fitted.
    void setMini(bool mini);
    [[nodiscard]] bool isMini() const;

    [[nodiscard]] QString selectedId() const;
    /// Unknown ids clear the selection. Emits selected() only on a change.
    void select(const QString &objectId);
    /// Objects whose name does not contain @p text fade; empty shows all. @p states empty: all states.
    void setFilter(const QString &text, const QSet<Look> &states = {});
    void setLegendVisible(bool visible);
    [[nodiscard]] bool isLegendVisible() const;

    /// Where the user dragged things to; null offsets are not listed. For the settings.
    [[nodiscard]] QMap<QString, QPointF> offsets() const;
    void setOffsets(const QMap<QString, QPointF> &offsets);

    /// The layout on screen, for tests and for whoever draws along.
    [[nodiscard]] const FleetLayout &fleetLayout() const;
    /// Dots of traffic on their way; for tests.
    [[nodiscard]] int movingDots() const;

    /// Writes the whole map, whatever part of it is in sight; whole or not at all.
    [[nodiscard]] core::Result<core::Done> exportSvg(const QString &file) const;
    [[nodiscard]] core::Result<core::Done> exportPng(const QString &file, qreal scale = 2) const;

public slots:
    void fit();
    void zoomIn();
    void zoomOut();

signals:
    void selected(const QString &objectId);
    /// Double click or Enter: "open it" (the inspector, a place).
    void activated(const QString &objectId);
    /// Double click on a link between two gateways.
    void directionActivated(const catamaran::truth::Direction &direction);
    void offsetsChanged();
    /// A right click on it, or the menu key while it is selected; it is selected then.
    void menuRequested(const QString &objectId, const QPoint &globalPosition);
    /// "/" was pressed.
    void filterRequested();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void drawBackground(QPainter *painter, const QRectF &rect) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace catamaran::ui
