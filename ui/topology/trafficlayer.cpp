// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "trafficlayer.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace catamaran::ui {
namespace {

constexpr qint64 travelMs = 900; ///< a dot's whole way
constexpr qint64 fadeMs = 2500; ///< a trail without answers
constexpr qint64 gatherMs = 350; ///< reports come about this often: spread their dots over it
constexpr int mostDotsPerReport = 8;
constexpr int mostDots = 240;
constexpr int frameMs = 33;

} // namespace

TrafficLayer::TrafficLayer(const MapStyle *style)
    : m_style(style)
{
    setZValue(11.5); // over clusters and their rows, under gateways: it runs through them
    setAcceptedMouseButtons(Qt::NoButton);
    m_clock.start();
    m_timer.setInterval(frameMs);
    connect(&m_timer, &QTimer::timeout, this, &TrafficLayer::advance);
}

void TrafficLayer::answers(const QString &sourceCluster, const QString &version, const TrafficPath &path, int count)
{
    Trail trail;
    trail.source = sourceCluster;
    trail.version = version;
    trail.path = path;
    report(QStringList { sourceCluster, version, path.target }.join(u'>'), trail, count);
}

void TrafficLayer::errors(const QString &sourceCluster, const TrafficPath &path, double broken, int count)
{
    Trail trail;
    trail.source = sourceCluster;
    trail.path = path;
    trail.error = true;
    trail.broken = broken;
    report(sourceCluster + QStringLiteral(">!"), trail, count);
}

void TrafficLayer::report(const QString &key, Trail fresh, int count)
{
    if (count <= 0 || fresh.path.path.isEmpty())
        return;
    const qint64 now = m_clock.elapsed();
    const Trail old = m_trails.value(key);
    const double gap = old.lastMs > 0 ? std::max<double>(50, static_cast<double>(now - old.lastMs)) : gatherMs;
    const double rate = count * 1000.0 / gap;
    fresh.rate = old.lastMs > 0 ? old.rate * 0.6 + rate * 0.4 : rate;
    fresh.lastMs = now;
    grow(fresh.path.path);
    m_trails.insert(key, fresh);
    const int dots = std::min(count, mostDotsPerReport);
    for (int i = 0; i < dots && m_dots.size() < mostDots; ++i)
        m_dots.append({ key, now + i * gatherMs / dots });
    if (!m_paused)
        m_timer.start();
    update();
}

void TrafficLayer::reroute(const std::function<TrafficPath(const QString &, const QString &)> &find)
{
    for (Trail &trail : m_trails) {
        if (trail.error)
            continue;
        trail.path = find(trail.source, trail.path.target);
        grow(trail.path.path);
    }
    update();
}

void TrafficLayer::clear()
{
    m_trails.clear();
    m_dots.clear();
    m_timer.stop();
    update();
}

void TrafficLayer::setPaused(bool paused)
{
    m_paused = paused;
    if (paused)
        m_timer.stop();
    else if (!m_trails.isEmpty())
        m_timer.start();
}

void TrafficLayer::grow(const QPainterPath &path)
{
    const QRectF needed = m_bounds.united(path.boundingRect().adjusted(-16, -16, 16, 16));
    if (needed == m_bounds)
        return;
    prepareGeometryChange();
    m_bounds = needed;
}

void TrafficLayer::advance()
{
    const qint64 now = m_clock.elapsed();
    m_dots.removeIf([now](const Dot &dot) { return now - dot.bornMs > travelMs; });
    for (auto trail = m_trails.begin(); trail != m_trails.end();) {
        if (now - trail->lastMs > fadeMs)
            trail = m_trails.erase(trail);
        else
            ++trail;
    }
    if (m_trails.isEmpty() && m_dots.isEmpty())
        m_timer.stop();
    update();
}

void TrafficLayer::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const Theme &theme = m_style->theme;
    const qint64 now = m_clock.elapsed();
    painter->setRenderHint(QPainter::Antialiasing);
    for (const Trail &trail : std::as_const(m_trails)) {
        if (trail.path.path.isEmpty())
            continue;
        QColor colour = trail.error ? theme.failed : theme.seriesOf(trail.version);
        const double fresh = 1 - std::clamp(static_cast<double>(now - trail.lastMs) / fadeMs, 0.0, 1.0);
        colour.setAlphaF(static_cast<float>(0.45 * fresh));
        QPen pen(colour, 2 + 1.4 * std::log2(1 + trail.rate / 2), trail.error ? Qt::DashLine : Qt::SolidLine, Qt::RoundCap);
        painter->setPen(pen);
        painter->setBrush(Qt::NoBrush);
        painter->drawPath(trail.path.path);
        if (trail.error) { // the cross where they end
            const QPointF at = trail.path.path.pointAtPercent(trail.broken);
            QColor strong = theme.failed;
            strong.setAlphaF(static_cast<float>(fresh));
            painter->setPen(QPen(strong, 3, Qt::SolidLine, Qt::RoundCap));
            painter->drawLine(at + QPointF(-6, -6), at + QPointF(6, 6));
            painter->drawLine(at + QPointF(6, -6), at + QPointF(-6, 6));
        }
    }
    for (const Dot &dot : std::as_const(m_dots)) {
        const auto trail = m_trails.constFind(dot.trail);
        if (trail == m_trails.constEnd() || trail->path.path.isEmpty())
            continue;
        const double part = static_cast<double>(now - dot.bornMs) / travelMs;
        if (part < 0 || part > 1)
            continue;
        const double eased = part * part * (3 - 2 * part);
        const QPointF at = trail->path.path.pointAtPercent(std::min(1.0, eased * (trail->error ? trail->broken : 1)));
        painter->setPen(QPen(theme.panel, 1.4));
        painter->setBrush(trail->error ? theme.failed : theme.seriesOf(trail->version));
        painter->drawEllipse(at, 4.6, 4.6);
    }
}

} // namespace catamaran::ui
