// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/look.h"

#include "ui/common/format.h"
#include "ui/common/say.h"
#include "ui/common/theme.h"

#include <QIcon>
#include <QPainter>
#include <QWidget>

#include <algorithm>
#include <optional>

namespace catamaran::ui {
Look lookOf(observe::Health health)
{
    switch (health) {
    case observe::Health::Ok: return Look::Ok;
    case observe::Health::Warning: return Look::Warning;
    case observe::Health::Failed: return Look::Failed;
    case observe::Health::Stale: return Look::Stale;
    case observe::Health::Unknown: return Look::Unknown;
    }
    return Look::Unknown;
}

Look lookOf(const truth::Cell &cell)
{
    return cell.isConfigured() ? Look::Configured : lookOf(cell.health);
}

Look lookOf(const truth::DirectionState &direction)
{
    if (direction.health == observe::Health::Failed || direction.health == observe::Health::Warning)
        return lookOf(direction.health);
    switch (direction.standing) {
    case truth::Standing::Proven: return Look::Ok;
    case truth::Standing::Failed: return Look::Failed;
    case truth::Standing::Stale: return Look::Stale;
    case truth::Standing::Configured: return Look::Configured;
    case truth::Standing::Unknown: return Look::Unknown;
    }
    return Look::Unknown;
}

Look lookOf(const truth::Summary &summary)
{
    const bool isSetUp = summary.total > 0 && summary.unknown == 0;
    return summary.health() == observe::Health::Unknown && isSetUp ? Look::Configured : lookOf(summary.health());
}

QString lookWord(Look look)
{
    switch (look) {
    case Look::Ok: return healthWord(observe::Health::Ok);
    case Look::Configured: return Say::tr("configured");
    case Look::Unknown: return healthWord(observe::Health::Unknown);
    case Look::Stale: return healthWord(observe::Health::Stale);
    case Look::Warning: return healthWord(observe::Health::Warning);
    case Look::Failed: return healthWord(observe::Health::Failed);
    }
    return {};
}

QString proofWord(Look look)
{
    return look == Look::Ok ? Say::tr("proven") : lookWord(look);
}

QColor lookColour(Look look, const Theme &theme)
{
    switch (look) {
    case Look::Ok: return theme.ok;
    case Look::Configured: return Theme::blend(theme.unknown, theme.accent, 0.38);
    case Look::Unknown:
    case Look::Stale: return theme.unknown;
    case Look::Warning: return theme.warning;
    case Look::Failed: return theme.failed;
    }
    return theme.unknown;
}

void paintLook(QPainter *painter, const QRectF &rect, Look look, const Theme &theme)
{
    switch (look) {
    case Look::Ok: paintHealthShape(painter, rect, observe::Health::Ok, theme); return;
    case Look::Unknown: paintHealthShape(painter, rect, observe::Health::Unknown, theme); return;
    case Look::Stale: paintHealthShape(painter, rect, observe::Health::Stale, theme); return;
    case Look::Warning: paintHealthShape(painter, rect, observe::Health::Warning, theme); return;
    case Look::Failed: paintHealthShape(painter, rect, observe::Health::Failed, theme); return;
    case Look::Configured: break;
    }
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(rect.topLeft());
    painter->scale(rect.width() / 16, rect.height() / 16); // the grid of the other shapes
    const QColor colour = lookColour(look, theme);
    painter->setPen(QPen(colour, 1.6));
    painter->setBrush(theme.panel);
    painter->drawEllipse(QRectF(1.8, 1.8, 12.4, 12.4));
    painter->setPen(Qt::NoPen);
    painter->setBrush(colour);
    painter->drawEllipse(QRectF(5.7, 5.7, 4.6, 4.6));
    painter->restore();
}

QIcon lookIcon(Look look, const QWidget *widget)
{
    QPixmap pixmap(QSize(16, 16) * widget->devicePixelRatioF());
    pixmap.setDevicePixelRatio(widget->devicePixelRatioF());
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintLook(&painter, QRectF(0, 0, 16, 16), look, themeOf(widget));
    painter.end();
    return QIcon(pixmap);
}

QString detailText(const truth::Cell &cell)
{
    QString text;
    for (const QString &part : { cell.evidence, cell.needs.isEmpty() ? QString() : Say::tr("it needs %1").arg(cell.needs), cell.latent }) {
        if (!part.isEmpty())
            text += QStringLiteral("; ") + (part.endsWith(u'.') ? part.chopped(1) : part);
    }
    return text;
}

QString cellText(const truth::Cell &cell, const QDateTime &now)
{
    const QString word = proofWord(lookOf(cell));
    return (cell.at.isValid() ? Say::tr("%1, %2").arg(word, relativeTime(cell.at, now)) : word) + detailText(cell);
}

Look lookFrom(const truth::Matrix &matrix, const QString &from)
{
    std::optional<Look> worst;
    for (const truth::DirectionState &one : matrix.directions) {
        if (one.direction.from == from)
            worst = std::max(worst.value_or(Look::Ok), lookOf(one));
    }
    return worst.value_or(Look::Unknown);
}

QString directionsText(const truth::Matrix &matrix, const QString &from, const QDateTime &now)
{
    constexpr qsizetype mostLines = 3;
    QList<const truth::DirectionState *> those;
    for (const truth::DirectionState &one : matrix.directions) {
        if (one.direction.from == from)
            those << &one;
    }
    std::stable_sort(those.begin(), those.end(), [](const auto *one, const auto *other) { return lookOf(*one) > lookOf(*other); });
    QStringList lines;
    for (const auto *one : those.mid(0, mostLines))
        lines << QStringLiteral("%1: %2").arg(one->direction.text(), cellText(one->decisive(), now));
    if (those.size() > mostLines)
        lines << Say::tr("%n more from there", nullptr, int(those.size() - mostLines));
    if (!lines.isEmpty())
        lines << matrix.summary().sentence(now);
    return lines.join(u'\n');
}

} // namespace catamaran::ui
