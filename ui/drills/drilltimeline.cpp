// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/drills/drilltimeline.h"

#include "ui/common/format.h"
#include "ui/common/theme.h"
#include "ui/drills/drillrunner.h"

#include <QPainter>

#include <algorithm>

namespace catamaran::ui {

namespace {

constexpr int laneCount = 4;
constexpr int margin = 8;
constexpr int mostMarks = 8000;

QStringList laneNames()
{
    return { DrillTimeline::tr("Phase"), DrillTimeline::tr("Fault"), DrillTimeline::tr("Failed"), DrillTimeline::tr("Recovery") };
}

/// A calm distance between the seconds of the axis.
int tickSeconds(qint64 spanMs)
{
    for (const int seconds : { 1, 2, 5, 10, 30, 60, 120, 300 }) {
        if (spanMs / 1000 / seconds <= 12)
            return seconds;
    }
    return 600;
}

} // namespace

DrillTimeline::DrillTimeline(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Timeline of the drill"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void DrillTimeline::clear()
{
    m_phases.clear();
    m_now = 0;
    setSamples({});
}

void DrillTimeline::setPhases(const QList<drill::PhaseMark> &phases)
{
    m_phases = phases;
    describe();
}

void DrillTimeline::setSamples(const QList<probe::Sample> &samples)
{
    m_failedAt.clear();
    m_failed = 0;
    m_lastSample = 0;
    addSamples(samples);
}

void DrillTimeline::addSamples(const QList<probe::Sample> &samples)
{
    for (const auto &sample : samples) {
        m_lastSample = std::max(m_lastSample, sample.receivedAtMs);
        if (sample.ok())
            continue;
        m_firstFailed = m_failed == 0 ? sample.startedAtMs : std::min(m_firstFailed, sample.startedAtMs);
        m_lastFailed = m_failed == 0 ? sample.startedAtMs : std::max(m_lastFailed, sample.startedAtMs);
        ++m_failed;
        m_failedAt += sample.startedAtMs;
        if (m_failedAt.size() > mostMarks) { // more than pixels: every second one shows the same
            for (qsizetype i = 0; 2 * i < m_failedAt.size(); ++i)
                m_failedAt[i] = m_failedAt.at(2 * i);
            m_failedAt.resize((m_failedAt.size() + 1) / 2);
        }
    }
    describe();
}

void DrillTimeline::setNow(qint64 nowMs)
{
    m_now = nowMs;
    update();
}

void DrillTimeline::setScale(qint64 zeroMs, double from, double to, qreal left, qreal right)
{
    m_zero = zeroMs;
    m_from = from;
    m_to = to;
    m_left = left;
    m_right = right;
    update();
}

int DrillTimeline::namesWidth() const
{
    int widest = 0;
    for (const QString &lane : laneNames())
        widest = std::max(widest, fontMetrics().horizontalAdvance(lane));
    return margin + widest + 10;
}

int DrillTimeline::rowHeight() const
{
    return fontMetrics().height() + 8;
}

DrillTimeline::Window DrillTimeline::window() const
{
    if (m_zero > 0 && m_to > m_from)
        return { m_zero, m_zero + qint64(m_from * 1000), qint64((m_to - m_from) * 1000) };
    return { begin(), begin(), end() - begin() };
}

QRectF DrillTimeline::plot() const
{
    const qreal left = std::max<qreal>(namesWidth(), m_left);
    return { left, margin, (m_right > left ? m_right : width() - margin) - left, qreal(rowHeight()) * laneCount };
}

double DrillTimeline::positionOf(qint64 atMs) const
{
    const QRectF shown = plot();
    const auto [zero, from, span] = window();
    return shown.left() + shown.width() * std::clamp(double(atMs - from) / double(span), 0.0, 1.0);
}

qint64 DrillTimeline::begin() const
{
    return m_phases.isEmpty() ? 0 : m_phases.first().atMs;
}

qint64 DrillTimeline::end() const
{
    const qint64 last = m_phases.isEmpty() ? 0 : m_phases.last().atMs;
    return std::max({ begin() + 1000, last, m_now });
}

qint64 DrillTimeline::atOf(drill::Phase phase) const
{
    const auto found = std::find_if(m_phases.begin(), m_phases.end(), [&](const auto &mark) { return mark.phase == phase; });
    return found == m_phases.end() ? -1 : found->atMs;
}

QList<DrillTimeline::Bar> DrillTimeline::bars() const
{
    const QStringList lanes = laneNames();
    QList<Bar> bars;
    for (qsizetype i = 0; i < m_phases.size(); ++i) {
        if (m_phases.at(i).phase != drill::Phase::Done)
            bars += { lanes.at(0), phaseWord(m_phases.at(i).phase), m_phases.at(i).atMs,
                i + 1 < m_phases.size() ? m_phases.at(i + 1).atMs : end() };
    }
    const qint64 fault = atOf(drill::Phase::Fault);
    if (fault < 0)
        return bars;
    const qint64 restoring = atOf(drill::Phase::Restoring);
    bars += { lanes.at(1), tr("broken"), fault, restoring < 0 ? end() : restoring };
    if (m_failed > 0) {
        bars += { lanes.at(2), tr("%n request(s)", nullptr, m_failed), m_firstFailed, std::max(m_lastFailed, m_firstFailed + 50) };
        bars += { lanes.at(3), tr("until every answer was good: %1").arg(durationText(std::max<qint64>(0, m_lastFailed - fault))), fault,
            std::max(fault, m_lastFailed) };
    }
    return bars;
}

void DrillTimeline::describe()
{
    QStringList lines;
    for (const Bar &bar : bars())
        lines += tr("%1: %2, from second %3 to second %4")
                     .arg(bar.lane, bar.text, decimalText(double(bar.fromMs - begin()) / 1000),
                         decimalText(double(bar.toMs - begin()) / 1000));
    setAccessibleDescription(lines.join(u'\n'));
    update();
}

QSize DrillTimeline::sizeHint() const
{
    return { 480, rowHeight() * (laneCount + 1) + 2 * margin };
}

QSize DrillTimeline::minimumSizeHint() const
{
    return { 280, sizeHint().height() };
}

void DrillTimeline::paintEvent(QPaintEvent *)
{
    const Theme theme = themeOf(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QStringList lanes = laneNames();
    const int laneHeight = rowHeight();
    const QRectF field = plot();
    const auto [zero, from, span] = window();
    const auto x = [&](qint64 atMs) { return positionOf(atMs); };

    for (int lane = 0; lane < laneCount; ++lane) {
        const QRectF row(field.left(), field.top() + lane * laneHeight, field.width(), laneHeight);
        if (lane % 2 == 0)
            painter.fillRect(row, theme.tint(theme.text, 0.03));
        painter.setPen(theme.muted);
        painter.drawText(QRectF(margin, row.top(), field.left() - margin, laneHeight), Qt::AlignVCenter | Qt::AlignLeft, lanes.at(lane));
    }
    if (m_phases.isEmpty()) {
        painter.setPen(theme.muted);
        painter.drawText(field, Qt::AlignCenter, tr("What happens when appears here while the drill runs."));
    } else {
        painter.setFont(tabularFont(font()));
        const int step = tickSeconds(span);
        for (qint64 second = ((from - zero) / 1000 + step - 1) / step * step; zero + second * 1000 <= from + span; second += step) {
            const double at = x(zero + second * 1000);
            painter.setPen(theme.line);
            painter.drawLine(QPointF(at, field.top()), QPointF(at, field.bottom()));
            painter.setPen(theme.muted);
            painter.drawText(QRectF(at - 30, field.bottom() + 2, 60, laneHeight), Qt::AlignHCenter | Qt::AlignTop, tr("%1 s").arg(second));
        }
        painter.setFont(font());
    }
    for (const Bar &bar : bars()) {
        const int lane = int(lanes.indexOf(bar.lane));
        const QRectF rect(
            x(bar.fromMs), field.top() + lane * laneHeight + 3, std::max(3.0, x(bar.toMs) - x(bar.fromMs) - 1), laneHeight - 6);
        const QColor colour = lane == 0 ? theme.accent : lane == 3 ? theme.warning : theme.failed;
        painter.setPen(Qt::NoPen);
        if (lane == 2) { // single requests, not a block
            painter.setBrush(theme.failed);
            for (const qint64 at : m_failedAt)
                painter.drawRect(QRectF(x(at), rect.top(), 2, rect.height()));
        } else {
            painter.setBrush(theme.tint(colour, lane == 0 ? 0.18 : 0.32));
            painter.drawRoundedRect(rect, 3, 3);
        }
        painter.setPen(theme.text);
        const int needed = fontMetrics().horizontalAdvance(bar.text) + 8;
        if (rect.width() >= needed)
            painter.drawText(rect.adjusted(5, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, bar.text);
        else if (lane != 0 && rect.right() + needed < field.right())
            painter.drawText(QRectF(rect.right() + 5, rect.top(), needed, rect.height()), Qt::AlignVCenter | Qt::AlignLeft, bar.text);
        else if (lane != 0)
            painter.drawText(
                QRectF(rect.left() - needed, rect.top(), needed - 4, rect.height()), Qt::AlignVCenter | Qt::AlignRight, bar.text);
    }
}

} // namespace catamaran::ui
