// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/glyphpixmap.h"

#include "ui/common/icons.h"

#include <QEvent>
#include <QPainter>
#include <QPixmapCache>
#include <QWidget>

namespace catamaran::ui {

QPixmap glyphPixmap(const QWidget *widget, const QString &name, int side, const QColor &colour)
{
    const qreal ratio = widget->devicePixelRatioF();
    const QString key = QStringLiteral("glyph %1 %2 %3 %4").arg(name, colour.name()).arg(side).arg(ratio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) // a widget asks again whenever it is polished
        return pixmap;
    pixmap = QPixmap(QSize(side, side) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintGlyph(&painter, QRectF(0, 0, side, side), name, colour);
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

bool isThemeChange(const QEvent *event)
{
    return event->type() == QEvent::PaletteChange || event->type() == QEvent::Polish;
}

} // namespace catamaran::ui
