// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/sharebar.h"

#include "core/printable.h"
#include "ui/common/format.h"
#include "ui/common/plaintext.h"
#include "ui/common/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <cmath>

namespace catamaran::ui {

namespace {

constexpr int barHeight = 26;
constexpr int gap = 6;

QString partName(const ShareBar::Part &part)
{
    if (part.error)
        return ShareBar::tr("failed");
    return part.name.isEmpty() ? ShareBar::tr("no version named") : core::printableLine(part.name);
}

} // namespace

ShareBar::ShareBar(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Share of answers per version"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ShareBar::setShares(const QMap<QString, int> &versions, int errors, const QMap<QString, double> &expected)
{
    QMap<QString, int> counts = versions;
    for (auto it = expected.cbegin(); it != expected.cend(); ++it) {
        if (!counts.contains(it.key()))
            counts.insert(it.key(), 0); // an expected version that does not answer is worth a line
    }
    const qsizetype linesBefore = m_parts.size();
    m_total = errors;
    for (const int count : std::as_const(counts))
        m_total += count;
    m_parts.clear();
    const auto add = [&](const QString &name, bool error, int count) {
        Part part { name, error, count, m_total > 0 ? double(count) / m_total : 0.0, probe::wilson(count, m_total), -1 };
        if (!error && expected.contains(name))
            part.expected = expected.value(name);
        m_parts.append(part);
    };
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        add(it.key(), false, it.value());
    if (errors > 0)
        add({}, true, errors);
    QStringList texts;
    for (const Part &part : std::as_const(m_parts))
        texts << partText(part);
    setAccessibleDescription(texts.join(QStringLiteral("; ")));
    if (linesBefore != m_parts.size())
        updateGeometry();
    update();
}

QString ShareBar::partText(const Part &part)
{
    QString text = tr("%1: %2 of the answers, %3 (%4 to %5)")
                       .arg(partName(part), countText(part.count), shareText(part.share), shareText(part.interval.low),
                           shareText(part.interval.high));
    if (part.expected >= 0)
        text += tr(", expected %1").arg(shareText(part.expected));
    return text;
}

int ShareBar::lineHeight() const
{
    return fontMetrics().height() + 3;
}

QSize ShareBar::sizeHint() const
{
    return { 360, barHeight + gap + 6 + lineHeight() * int(std::max<qsizetype>(2, m_parts.size())) };
}

QSize ShareBar::minimumSizeHint() const
{
    return { 200, sizeHint().height() };
}

void ShareBar::paintEvent(QPaintEvent *)
{
    const Theme theme = themeOf(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF bar(0.5, 4.5, width() - 1, barHeight - 1);
    QPainterPath outline;
    outline.addRoundedRect(bar, 5, 5);
    painter.fillPath(outline, theme.raised);

    if (m_total > 0) {
        painter.save();
        painter.setClipPath(outline);
        qreal x = bar.left();
        for (const Part &part : m_parts) {
            const QRectF rect(x, bar.top(), bar.width() * part.share, bar.height());
            x = rect.right();
            if (rect.width() <= 0)
                continue;
            const QColor colour = part.error ? theme.failed : theme.seriesOf(part.name);
            if (part.error) {
                painter.fillRect(rect, theme.tint(colour, 0.25));
                painter.fillRect(rect, QBrush(colour, Qt::BDiagPattern));
            } else {
                painter.fillRect(rect, colour);
            }
            const QString label = partName(part) + QStringLiteral("  ") + percentText(part.count, m_total);
            QFont bold = tabularFont(font());
            bold.setWeight(QFont::DemiBold);
            painter.setFont(bold);
            if (painter.fontMetrics().horizontalAdvance(label) + 12 <= rect.width()) {
                const QColor ground = part.error ? theme.panel : colour;
                painter.setPen(part.error                                           ? theme.text
                        : contrast(ground, Qt::white) > contrast(ground, Qt::black) ? QColor(Qt::white)
                                                                                    : QColor(Qt::black));
                if (part.error) { // words on hatching need a quiet ground
                    QRectF ground2(0, 0, painter.fontMetrics().horizontalAdvance(label) + 8, painter.fontMetrics().height());
                    ground2.moveCenter(rect.center());
                    painter.fillRect(ground2, theme.panel);
                }
                painter.drawText(rect, Qt::AlignCenter, label);
            }
        }
        painter.restore();
    }
    painter.setPen(QPen(theme.line, 1));
    painter.drawPath(outline);
    if (m_total == 0) {
        painter.setPen(theme.muted);
        painter.drawText(bar, Qt::AlignCenter, tr("no answers yet"));
    }

    // Where the parts should meet: small marks above and below the bar.
    qreal edge = 0;
    painter.setPen(QPen(theme.text, 2));
    for (qsizetype i = 0; i + 1 < m_parts.size(); ++i) {
        if (m_parts.at(i).expected < 0)
            continue;
        edge += m_parts.at(i).expected;
        if (edge <= 0.001 || edge >= 0.999)
            continue;
        const qreal x = bar.left() + bar.width() * edge;
        painter.drawLine(QPointF(x, bar.top() - 4), QPointF(x, bar.top() + 3));
        painter.drawLine(QPointF(x, bar.bottom() - 3), QPointF(x, bar.bottom() + 4));
    }

    // One line per part, in columns of fixed width so that nothing jumps while counts grow.
    QFont figures = tabularFont(font());
    const int line = lineHeight();
    int y = barHeight + gap + 6;
    const QFontMetrics metrics(figures);
    const int countWidth = metrics.horizontalAdvance(QStringLiteral("000,000"));
    const int shareWidth = metrics.horizontalAdvance(QStringLiteral("100.0 %")) + 14;
    const bool narrow = width() < 480;
    const int rangeWidth = narrow
        ? metrics.horizontalAdvance(QStringLiteral("100.0–100.0 %")) + 8
        : metrics.horizontalAdvance(tr("95 %: %1–%2").arg(QStringLiteral("100.0"), QStringLiteral("100.0 %"))) + 12;
    int nameWidth = 60;
    for (const Part &part : m_parts)
        nameWidth = std::max(nameWidth, metrics.horizontalAdvance(partName(part)) + 26);
    for (const Part &part : m_parts) {
        const QColor colour = part.error ? theme.failed : theme.seriesOf(part.name);
        const QRectF swatch(2, y + (line - 11) / 2.0, 11, 11);
        if (part.error) {
            painter.fillRect(swatch, QBrush(colour, Qt::BDiagPattern));
            painter.setPen(QPen(colour, 1));
            painter.drawRect(swatch);
        } else {
            painter.fillRect(swatch, colour);
        }
        painter.setFont(font());
        painter.setPen(part.error ? theme.failed : theme.text);
        painter.drawText(QRect(20, y, nameWidth, line), Qt::AlignLeft | Qt::AlignVCenter, partName(part));
        painter.setFont(figures);
        painter.setPen(theme.text);
        int x = 20 + nameWidth - 20;
        painter.drawText(QRect(x, y, countWidth, line), Qt::AlignRight | Qt::AlignVCenter, countText(part.count));
        x += countWidth;
        painter.drawText(
            QRect(x, y, shareWidth, line), Qt::AlignRight | Qt::AlignVCenter, m_total > 0 ? shareText(part.share) : QStringLiteral("–"));
        x += shareWidth;
        painter.setPen(theme.muted);
        if (m_total > 0)
            painter.drawText(QRect(x + 20, y, rangeWidth, line), Qt::AlignLeft | Qt::AlignVCenter,
                (narrow ? QStringLiteral("%1–%2") : tr("95 %: %1–%2"))
                    .arg(decimalText(part.interval.low * 100), shareText(part.interval.high)));
        x += 20 + rangeWidth;
        if (part.expected >= 0)
            painter.drawText(QRect(x, y, std::max(0, width() - x), line), Qt::AlignLeft | Qt::AlignVCenter,
                tr("expected %1").arg(shareText(part.expected)));
        y += line;
    }
}

bool ShareBar::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(),
            plainToolTip(accessibleDescription().replace(QStringLiteral("; "), QStringLiteral("\n"))), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace catamaran::ui
