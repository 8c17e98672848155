// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/drills/drilltrend.h"

#include "ui/common/format.h"
#include "ui/common/plaintext.h"
#include "ui/common/theme.h"
#include "ui/drills/drillhistory.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace catamaran::ui {

namespace {

constexpr int mostDrawn = 60;
constexpr double radius = 4, reach = 9;

QString recoveryOf(const drill::TrendRun &run)
{
    if (run.recoveryMs)
        return durationText(*run.recoveryMs);
    return run.isNever ? DrillTrend::tr("never") : DrillTrend::tr("not measured");
}

} // namespace

DrillTrend::DrillTrend(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("drillTrend"));
    setAccessibleName(tr("Recovery, run by run"));
    setMouseTracking(true);
}

void DrillTrend::setTrend(const drill::Trend &trend, qint64 document)
{
    m_trend = trend;
    m_document = document;
    m_trend.runs = trend.runs.mid(std::max<qsizetype>(0, trend.runs.size() - mostDrawn));
    setAccessibleDescription(trend.text());
    update();
}

QRectF DrillTrend::plot() const
{
    const int label = fontMetrics().horizontalAdvance(durationText(top())) + 12;
    return QRectF(rect()).adjusted(label, 12, -12, -14);
}

qint64 DrillTrend::top() const
{
    const qint64 worst = m_trend.worst().value_or(1000);
    for (qint64 step = 100;; step *= 10) {
        for (const int part : { 1, 2, 5 })
            if (step * part >= worst)
                return step * part;
    }
}

QPointF DrillTrend::positionOf(qint64 document) const
{
    const QRectF area = plot();
    for (qsizetype i = 0; i < m_trend.runs.size(); ++i) {
        const drill::TrendRun &run = m_trend.runs.at(i);
        if (run.document != document)
            continue;
        const double x = area.left() + area.width() * (double(i) + 0.5) / double(m_trend.runs.size());
        if (run.recoveryMs)
            return { x, area.bottom() - area.height() * double(*run.recoveryMs) / double(top()) };
        return { x, run.isNever ? area.top() : area.bottom() };
    }
    return {};
}

const drill::TrendRun *DrillTrend::runAt(const QPointF &position) const
{
    const drill::TrendRun *nearest = nullptr;
    double best = reach * reach;
    for (const drill::TrendRun &run : m_trend.runs) {
        const QPointF away = positionOf(run.document) - position;
        if (const double distance = QPointF::dotProduct(away, away); distance <= best) {
            best = distance;
            nearest = &run;
        }
    }
    return nearest;
}

void DrillTrend::paintEvent(QPaintEvent *)
{
    const Theme theme = themeOf(this);
    const QRectF area = plot();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(tabularFont(font()));
    const auto axis = [&](double y, const QString &text) {
        painter.setPen(QPen(theme.line, 1));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(theme.muted);
        painter.drawText(QRectF(0, y - 10, area.left() - 6, 20), Qt::AlignRight | Qt::AlignVCenter, text);
    };
    axis(area.top(), durationText(top()));
    axis(area.bottom(), QStringLiteral("0"));
    QPolygonF line;
    for (const drill::TrendRun &run : m_trend.runs) {
        if (run.recoveryMs)
            line << positionOf(run.document);
    }
    painter.setPen(QPen(theme.line, 1.5));
    painter.drawPolyline(line);
    for (const drill::TrendRun &run : m_trend.runs) {
        const QPointF at = positionOf(run.document);
        const bool held = run.verdict == QLatin1String("pass");
        const QColor colour = held ? theme.ok : run.verdict == QLatin1String("fail") ? theme.failed : theme.unknown;
        painter.setPen(QPen(colour, 2));
        painter.setBrush(held ? QBrush(colour) : QBrush(theme.panel)); // a ring did not hold, and no colour is needed to see it
        if (run.recoveryMs) {
            painter.drawEllipse(at, radius, radius);
        } else if (run.isNever) {
            painter.drawLine(at - QPointF(radius, radius), at + QPointF(radius, radius));
            painter.drawLine(at - QPointF(radius, -radius), at + QPointF(radius, -radius));
        } else {
            painter.drawLine(at - QPointF(radius, 0), at + QPointF(radius, 0));
        }
        if (run.document == m_document) {
            painter.setPen(QPen(theme.accent, 1.5));
            painter.setBrush(Qt::NoBrush);
            painter.drawEllipse(at, radius + 4, radius + 4);
        }
    }
}

void DrillTrend::mousePressEvent(QMouseEvent *event)
{
    if (const drill::TrendRun *run = runAt(event->position()); run && event->button() == Qt::LeftButton)
        emit chosen(run->document);
}

bool DrillTrend::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    if (const drill::TrendRun *run = runAt(help->pos()))
        QToolTip::showText(help->globalPos(),
            plainToolTip(tr("%1: %2, good again after: %3").arg(absoluteTime(run->at), verdictWord(run->verdict), recoveryOf(*run))), this);
    else
        QToolTip::hideText();
    return true;
}

QSize DrillTrend::sizeHint() const
{
    return { 480, 96 };
}

QSize DrillTrend::minimumSizeHint() const
{
    return { 240, 80 };
}

} // namespace catamaran::ui
