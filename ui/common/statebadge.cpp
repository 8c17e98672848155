// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/statebadge.h"

#include "core/printable.h"
#include "ui/common/theme.h"

#include <QPainter>

#include <cmath>

namespace catamaran::ui {

StateBadge::StateBadge(QWidget *parent)
    : StateBadge(observe::Health::Unknown, {}, parent)
{
}

StateBadge::StateBadge(observe::Health health, const QString &word, QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setState(health, word);
}

void StateBadge::setState(observe::Health health, const QString &word)
{
    setLook(lookOf(health), word);
}

void StateBadge::setLook(Look look, const QString &word)
{
    m_look = look;
    m_word = word.isEmpty() ? lookWord(look) : core::printableLine(word);
    setAccessibleName(m_word == lookWord(look) ? m_word : tr("%1: %2").arg(lookWord(look), m_word));
    updateGeometry();
    update();
}

QSize StateBadge::sizeHint() const
{
    const QFontMetrics metrics(font());
    return { metrics.height() + 5 + metrics.horizontalAdvance(m_word) + 2, metrics.height() + 4 };
}

void StateBadge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme theme = themeOf(this);
    const QFontMetricsF metrics(font());
    const double side = std::floor(metrics.height() * 0.95);
    paintLook(&painter, QRectF(0, (height() - side) / 2, side, side), m_look, theme);
    painter.setPen(lookColour(m_look, theme));
    painter.drawText(QRectF(side + 5, 0, width() - side - 5, height()), Qt::AlignVCenter | Qt::AlignLeft, m_word);
}

} // namespace catamaran::ui
