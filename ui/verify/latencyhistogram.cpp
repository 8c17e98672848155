// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/latencyhistogram.h"

#include "ui/common/format.h"
#include "ui/common/plaintext.h"
#include "ui/common/theme.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <numeric>

namespace catamaran::ui {

QString latencyBucketText(size_t index)
{
    const auto &bounds = probe::Summary::latencyBounds;
    const auto text = [](double milliseconds) { return latencyText(milliseconds); };
    return index < bounds.size() ? LatencyHistogram::tr("up to %1").arg(text(bounds.at(index)))
                                 : LatencyHistogram::tr("longer than %1").arg(text(bounds.back()));
}

LatencyHistogram::LatencyHistogram(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("latencyHistogram"));
    setAccessibleName(tr("How long good answers took, from when they were due"));
    setFocusPolicy(Qt::TabFocus);
}

void LatencyHistogram::setCounts(const std::array<int, 14> &counts)
{
    if (counts == m_counts)
        return;
    m_counts = counts;
    QStringList texts;
    for (size_t i = 0; i < m_counts.size(); ++i)
        if (m_counts.at(i) > 0)
            texts << tr("%1: %2").arg(latencyBucketText(i), countText(m_counts.at(i)));
    setAccessibleDescription(texts.join(QStringLiteral("; ")));
    setToolTip(Qt::convertFromPlainText(texts.join(u'\n')));
    update();
}

QSize LatencyHistogram::sizeHint() const
{
    return { 480, 6 * fontMetrics().height() };
}

void LatencyHistogram::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme colours = themeOf(this);
    const auto first = std::find_if(m_counts.begin(), m_counts.end(), [](int count) { return count > 0; });
    if (first == m_counts.end()) {
        painter.setPen(colours.muted);
        painter.drawText(rect(), Qt::AlignCenter, tr("No request was answered yet."));
        return;
    }
    const auto last = std::find_if(m_counts.rbegin(), m_counts.rend(), [](int count) { return count > 0; }).base();
    const int most = *std::max_element(first, last);
    const int all = std::accumulate(first, last, 0);
    painter.setFont(tabularFont(scaledFont(font(), 0.9)));
    const int line = painter.fontMetrics().height();
    const qreal wide = std::min(qreal(width()) / qreal(last - first), 120.0);
    const qreal floor = height() - line - 6, top = line + 6;
    for (auto it = first; it != last; ++it) {
        const qreal left = qreal(it - first) * wide;
        const qreal high = std::max(*it > 0 ? 2.0 : 0.0, (floor - top) * *it / most);
        painter.fillRect(QRectF(left + 4, floor - high, wide - 8, high), colours.accent);
        painter.setPen(colours.text);
        if (*it > 0)
            painter.drawText(QRectF(left, floor - high - line - 1, wide, line), Qt::AlignCenter,
                wide > 90 ? tr("%1 (%2)").arg(countText(*it), shareText(double(*it) / all)) : countText(*it));
        painter.setPen(colours.muted);
        painter.drawText(QRectF(left, floor + 3, wide, line), Qt::AlignCenter, latencyBucketText(size_t(it - m_counts.begin())));
    }
    painter.setPen(QPen(colours.line, 1));
    painter.drawLine(QPointF(0, floor + 0.5), QPointF(wide * qreal(last - first), floor + 0.5));
}

} // namespace catamaran::ui
