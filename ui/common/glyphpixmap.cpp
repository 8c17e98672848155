// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/glyphpixmap.h"

#include "ui/common/icons.h"

#include <QEvent>
#include <QPainter>
#include <QWidget>

namespace catamaran::ui {

QPixmap glyphPixmap(const QWidget *widget, const QString &name, int side, const QColor &colour)
{
    const qreal ratio = widget->devicePixelRatioF();
    QPixmap pixmap(QSize(side, side) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintGlyph(&painter, QRectF(0, 0, side, side), name, colour);
    return pixmap;
}

bool isThemeChange(const QEvent *event)
{
    return event->type() == QEvent::PaletteChange || event->type() == QEvent::Polish;
}

} // namespace catamaran::ui
