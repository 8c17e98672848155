// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/topology/mapitems.h"

#include <QElapsedTimer>
#include <QGraphicsObject>
#include <QHash>
#include <QTimer>

namespace catamaran::ui {

/// Probe traffic on the move: a trail per answering version, its width by rate, and dots that run along it. The timer
/// turns only while something moves.
class TrafficLayer final : public QGraphicsObject {
    Q_OBJECT
public:
    explicit TrafficLayer(const MapStyle *style);

    /// Some answers just came. Errors stop where @p broken (0..1 of the path) says.
    void answers(const QString &sourceCluster, const QString &version, const TrafficPath &path, int count);
    void errors(const QString &sourceCluster, const TrafficPath &path, double broken, int count);
    /// The paths moved (a drag, a new layout): existing trails take their new way.
    void reroute(const std::function<TrafficPath(const QString &source, const QString &target)> &find);
    void clear();
    [[nodiscard]] bool isMoving() const { return m_timer.isActive(); }
    /// Dots on their way; for tests.
    [[nodiscard]] int dots() const { return static_cast<int>(m_dots.size()); }
    /// Stands still while the view is hidden.
    void setPaused(bool paused);

    [[nodiscard]] QRectF boundingRect() const override { return m_bounds; }
    [[nodiscard]] QPainterPath shape() const override { return {}; } // never in the way of the mouse
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    struct Trail {
        QString source, version;
        TrafficPath path;
        double rate = 0; ///< answers per second, smoothed
        qint64 lastMs = 0;
        bool error = false;
        double broken = 1;
    };
    struct Dot {
        QString trail;
        qint64 bornMs = 0; ///< may lie ahead: dots of one report start one after the other
    };
    void report(const QString &key, Trail fresh, int count);
    void advance();
    void grow(const QPainterPath &path);

    const MapStyle *m_style;
    QHash<QString, Trail> m_trails;
    QList<Dot> m_dots;
    QElapsedTimer m_clock;
    QTimer m_timer;
    QRectF m_bounds;
    bool m_paused = false;
};

} // namespace catamaran::ui
