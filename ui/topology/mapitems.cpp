// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mapitems.h"

#include "core/printable.h"
#include "ui/common/plaintext.h"

#include <QGraphicsSceneHoverEvent>
#include <QPainter>
#include <QPainterPathStroker>
#include <QStyleOptionGraphicsItem>

namespace catamaran::ui {
namespace {

double layerOf(objectid::Kind kind)
{
    switch (kind) {
    case objectid::Kind::None:
    case objectid::Kind::Link:
    case objectid::Kind::Network: return 0;
    case objectid::Kind::Cluster: return 10; // links run at 5: over regions, under boxes
    case objectid::Kind::Workload: return 11;
    case objectid::Kind::Gateway: return 12;
    case objectid::Kind::Mesh:
    case objectid::Kind::Root: return 13;
    }
    return 0;
}

} // namespace

NodeItem::NodeItem(const MapStyle *style)
    : m_style(style)
{
    setAcceptHoverEvents(true);
    setAcceptedMouseButtons(Qt::NoButton); // the view handles the mouse: it knows about selection and dragging
}

void NodeItem::set(const NodeBox &box, const NodeState &state)
{
    if (box.rect.size() != m_box.rect.size())
        prepareGeometryChange();
    m_box = box;
    setPos(box.rect.topLeft());
    setZValue(layerOf(box.kind));
    NodeState next = state;
    for (QString *text : { &next.title, &next.detail, &next.version })
        *text = core::printableLine(*text);
    if (next.impairment)
        next.impairment->reason = core::printableLine(next.impairment->reason);
    next.selected = m_state.selected;
    next.faded = m_state.faded;
    next.hovered = m_state.hovered;
    change(next);
    QString tip = m_state.title;
    for (const QString &more : { m_state.impairment ? m_state.impairment->reason : m_state.detail, m_state.truth }) {
        if (!more.isEmpty())
            tip += u'\n' + more;
    }
    setToolTip(plainToolTip(tip));
}

void NodeItem::setSelectedLook(bool selected)
{
    NodeState next = m_state;
    next.selected = selected;
    change(next);
}

void NodeItem::setFaded(bool faded)
{
    NodeState next = m_state;
    next.faded = faded;
    change(next);
}

void NodeItem::change(NodeState state)
{
    if (state == m_state)
        return;
    m_state = std::move(state);
    update();
}

QRectF NodeItem::boundingRect() const
{
    const double label = m_box.kind == objectid::Kind::Gateway ? 110 : 8; // the reason under a dead gateway
    return QRectF(QPointF(), m_box.rect.size()).adjusted(-label, -8, label, label); // halo, shadow, badge
}

QPainterPath NodeItem::shape() const
{
    QPainterPath path;
    path.addRoundedRect(QRectF(QPointF(), m_box.rect.size()), 10, 10);
    return path;
}

void NodeItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const double detail = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    paintNode(painter, m_box.rect.size(), m_state, m_style->theme, m_style->mini ? std::max(detail, farAway) : detail);
}

void NodeItem::hoverEnterEvent(QGraphicsSceneHoverEvent *)
{
    NodeState next = m_state;
    next.hovered = true;
    change(next);
}

void NodeItem::hoverLeaveEvent(QGraphicsSceneHoverEvent *)
{
    NodeState next = m_state;
    next.hovered = false;
    change(next);
}

LinkItem::LinkItem(const MapStyle *style)
    : m_style(style)
{
    setAcceptHoverEvents(true);
    setAcceptedMouseButtons(Qt::NoButton);
    setZValue(5);
}

void LinkItem::set(const LinkPath &link, const LinkState &state)
{
    if (link.path != m_link.path)
        prepareGeometryChange();
    m_link = link;
    LinkState next = state;
    next.selected = m_state.selected;
    next.faded = m_state.faded;
    next.hovered = m_state.hovered;
    change(next);
    tick();
    setZValue(link.kind == LinkKind::CrossNetwork || link.kind == LinkKind::Bundle ? 6 : 5);
}

void LinkItem::tick()
{
    setToolTip(plainToolTip(m_state.text(QDateTime::currentDateTimeUtc())));
    if (m_state.look() == Look::Stale || m_state.look() == Look::Failed)
        update(); // its age is written beside it
}

void LinkItem::setSelectedLook(bool selected)
{
    LinkState next = m_state;
    next.selected = selected;
    change(next);
}

void LinkItem::setFaded(bool faded)
{
    LinkState next = m_state;
    next.faded = faded;
    change(next);
}

void LinkItem::change(const LinkState &state)
{
    m_state = state;
    update();
}

QRectF LinkItem::boundingRect() const
{
    return m_link.path.boundingRect().adjusted(-84, -36, 84, 36); // with what is written beside it
}

QPainterPath LinkItem::shape() const
{
    QPainterPathStroker stroker;
    stroker.setWidth(12); // easy to hit
    return stroker.createStroke(m_link.path);
}

void LinkItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const double detail = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    paintLink(painter, m_link.path, m_state, m_style->theme, m_style->mini ? std::max(detail, farAway) : detail);
}

void LinkItem::hoverEnterEvent(QGraphicsSceneHoverEvent *)
{
    LinkState next = m_state;
    next.hovered = true;
    change(next);
}

void LinkItem::hoverLeaveEvent(QGraphicsSceneHoverEvent *)
{
    LinkState next = m_state;
    next.hovered = false;
    change(next);
}

} // namespace catamaran::ui
