// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/topology/nodepainter.h"

#include <QGraphicsItem>
#include <QPainterPath>

#include <functional>

namespace catamaran::ui {

/// What the items of one map share. Owned by the view; outlives its items.
struct MapStyle {
    Theme theme;
    bool mini = false;
};

/// A node: keeps its values and its place; nodepainter draws it.
class NodeItem final : public QGraphicsItem {
public:
    enum { Type = UserType + 1 };
    explicit NodeItem(const MapStyle *style);
    void set(const NodeBox &box, const NodeState &state);
    [[nodiscard]] const NodeState &state() const { return m_state; }
    [[nodiscard]] const NodeBox &box() const { return m_box; }
    void setSelectedLook(bool selected);
    void setFaded(bool faded);

    [[nodiscard]] int type() const override { return Type; }
    [[nodiscard]] QRectF boundingRect() const override;
    [[nodiscard]] QPainterPath shape() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

protected:
    void hoverEnterEvent(QGraphicsSceneHoverEvent *event) override;
    void hoverLeaveEvent(QGraphicsSceneHoverEvent *event) override;

private:
    void change(NodeState state);
    const MapStyle *m_style;
    NodeBox m_box;
    NodeState m_state;
};

/// A line between two nodes.
class LinkItem final : public QGraphicsItem {
public:
    enum { Type = UserType + 2 };
    explicit LinkItem(const MapStyle *style);
    void set(const LinkPath &link, const LinkState &state);
    void tick(); ///< ages go on
    [[nodiscard]] const LinkPath &link() const { return m_link; }
    [[nodiscard]] const LinkState &state() const { return m_state; }
    void setSelectedLook(bool selected);
    void setFaded(bool faded);

    [[nodiscard]] int type() const override { return Type; }
    [[nodiscard]] QRectF boundingRect() const override;
    [[nodiscard]] QPainterPath shape() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

protected:
    void hoverEnterEvent(QGraphicsSceneHoverEvent *event) override;
    void hoverLeaveEvent(QGraphicsSceneHoverEvent *event) override;

private:
    void change(const LinkState &state);
    const MapStyle *m_style;
    LinkPath m_link;
    LinkState m_state;
};

} // namespace catamaran::ui
