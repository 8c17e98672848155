// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/drills/guardgauges.h"

#include "ui/common/theme.h"

#include <QPainter>

#include <algorithm>

namespace catamaran::ui {

namespace {

constexpr double nearLimit = 0.7; ///< from here on a bar warns
constexpr int barHeight = 6, gap = 10;

/// 0 to 1; nothing where it is not known.
double partOf(const drill::GuardReading &reading)
{
    return reading.value && reading.limit > 0 ? std::clamp(*reading.value / reading.limit, 0.0, 1.0) : 0.0;
}

} // namespace

GuardGauges::GuardGauges(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("guardGauges"));
    setAccessibleName(tr("Guards"));
    setFont(tabularFont(font()));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void GuardGauges::setGuard(const drill::Guard &guard)
{
    QList<drill::GuardReading> limits = drill::Guards(guard).readings(0, 0);
    for (drill::GuardReading &limit : limits)
        limit.value = std::nullopt;
    setReadings(limits);
}

void GuardGauges::setReadings(const QList<drill::GuardReading> &readings)
{
    const bool moves = readings.size() != m_readings.size();
    m_readings = readings;
    QStringList words;
    for (const drill::GuardReading &reading : readings)
        words << tr("%1: %2").arg(reading.name(), reading.text());
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    setToolTip(tr("At the limit the drill stops and everything is put back.\n%1").arg(words.join(u'\n')));
    if (moves)
        updateGeometry();
    update();
}

int GuardGauges::rowHeight() const
{
    return fontMetrics().height() + 2;
}

QSize GuardGauges::sizeHint() const
{
    return { 320, rowHeight() * int(m_readings.size()) };
}

QSize GuardGauges::minimumSizeHint() const
{
    return { 200, sizeHint().height() };
}

void GuardGauges::paintEvent(QPaintEvent *)
{
    const Theme theme = themeOf(this);
    int names = 0, figures = 0;
    for (const drill::GuardReading &reading : std::as_const(m_readings)) {
        names = std::max(names, fontMetrics().horizontalAdvance(reading.name()));
        figures = std::max(figures, fontMetrics().horizontalAdvance(reading.text()));
    }
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    int y = 0;
    for (const drill::GuardReading &reading : std::as_const(m_readings)) {
        const QRect row(0, y, width(), rowHeight());
        painter.setPen(theme.muted);
        painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter, reading.name());
        painter.setPen(theme.text);
        painter.drawText(row, Qt::AlignRight | Qt::AlignVCenter, reading.text());
        const QRectF bar(names + gap, y + (rowHeight() - barHeight) / 2.0, width() - names - figures - 2 * gap, barHeight);
        const double part = partOf(reading);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.line);
        if (bar.width() > 0)
            painter.drawRoundedRect(bar, barHeight / 2.0, barHeight / 2.0);
        painter.setBrush(reading.isTripped() ? theme.failed : part >= nearLimit ? theme.warning : theme.accent);
        if (bar.width() > 0 && part > 0)
            painter.drawRoundedRect(QRectF(bar.topLeft(), QSizeF(std::max<double>(barHeight, bar.width() * part), barHeight)),
                barHeight / 2.0, barHeight / 2.0);
        y += rowHeight();
    }
}

} // namespace catamaran::ui
