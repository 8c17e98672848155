// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/runcharts.h"

#include "core/printable.h"

#include <QAreaSeries>
#include <QChart>
#include <QGraphicsLayout>
#include <QLegend>
#include <QLineSeries>
#include <QPainter>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace catamaran::ui {

namespace {

constexpr int shownSeconds = 60;
constexpr int endLabelWidth = 44;

/// The chart's own font in pixels: on paper a point is many of the device's, and the view is scaled to it already.
QFont inPixels(QFont font)
{
    font.setPixelSize(QFontInfo(font).pixelSize());
    return font;
}

double roundedUp(double value)
{
    if (value <= 0)
        return 1;
    const double decade = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : { 1.0, 2.0, 4.0, 5.0, 8.0, 10.0 }) {
        if (value <= step * decade)
            return step * decade;
    }
    return 10 * decade;
}

} // namespace

TimeChart::TimeChart(const QString &title, QWidget *parent)
    : QChartView(parent)
    , m_x(new QValueAxis)
    , m_y(new QValueAxis)
{
    setAccessibleName(title);
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing, false); // step lines are upright; a frame must stay cheap
    setMinimumHeight(96);
    setFocusPolicy(Qt::NoFocus);
    QChart *shown = chart();
    shown->setTitle(title);
    shown->setAnimationOptions(QChart::NoAnimation);
    shown->layout()->setContentsMargins(0, 0, 0, 0);
    shown->setBackgroundRoundness(0);
    shown->setLocalizeNumbers(true); // one decimal point in the window
    shown->legend()->hide();
    shown->addAxis(m_x, Qt::AlignBottom);
    shown->addAxis(m_y, Qt::AlignLeft);
    m_x->setRange(0, shownSeconds);
    m_x->setTickType(QValueAxis::TicksDynamic);
    m_x->setTickAnchor(0);
    m_x->setTickInterval(10);
    m_x->setLabelFormat(QStringLiteral("%.0f s")); // the unit's own sign: formats must be Latin-1
    m_y->setRange(0, 1);
    m_y->setTickCount(3);
    m_y->setLabelFormat(QStringLiteral("%.1f"));
    connect(m_x, &QValueAxis::rangeChanged, this, &TimeChart::scaleChanged);
    connect(shown, &QChart::plotAreaChanged, this, &TimeChart::scaleChanged);
}

void TimeChart::setTheme(const Theme &fixed)
{
    m_theme = fixed;
    recolour();
}

Theme TimeChart::theme() const
{
    return m_theme ? *m_theme : themeOf(this);
}

qreal TimeChart::firstShown() const
{
    return m_x->min();
}
qreal TimeChart::lastShown() const
{
    return m_x->max();
}

void TimeChart::setRoomLeft(int pixels)
{
    m_roomLeft = pixels;
    alignLeft();
}

QSize TimeChart::sizeHint() const
{
    return { 480, std::max(90, minimumHeight()) };
}

TimeChart::Scale TimeChart::scale() const
{
    const QRectF plot = chart()->plotArea(); // the scene lies upon the viewport, pixel by pixel
    const qreal shift = viewport()->x();
    return { m_beginMs, m_x->min(), m_x->max(), plot.left() + shift, plot.right() + shift };
}

void TimeChart::setMarks(const QList<Mark> &marks)
{
    m_marks = marks;
    viewport()->update();
}

void TimeChart::setEndLabels(const QList<EndLabel> &labels)
{
    m_endLabels = labels;
    viewport()->update(); // words and marks lie over the chart and move with it, also where the chart itself did not change
}

void TimeChart::paintEvent(QPaintEvent *event)
{
    QChartView::paintEvent(event);
    emit painted();
}

void TimeChart::drawForeground(QPainter *painter, const QRectF &rect)
{
    QChartView::drawForeground(painter, rect);
    drawEndLabels(painter);
    if (m_marks.isEmpty() || m_beginMs == 0)
        return;
    const Theme colours = theme();
    const QRectF plot = chart()->plotArea();
    painter->setFont(inPixels(scaledFont(font(), 0.85)));
    qreal taken = plot.left(); // where the words before end: those that would lie over them stand a line lower
    bool lower = false;
    for (const Mark &mark : m_marks) {
        const double x = double(mark.atMs - m_beginMs) / 1000.0;
        if (x < m_x->min() || x > m_x->max())
            continue;
        const qreal at = plot.left() + plot.width() * (x - m_x->min()) / (m_x->max() - m_x->min());
        painter->setPen(QPen(colours.text, 1, Qt::DashLine));
        painter->drawLine(QPointF(at, plot.top()), QPointF(at, plot.bottom()));
        const int wide = painter->fontMetrics().horizontalAdvance(mark.text) + 6;
        const qreal left = at + wide > plot.right() ? at - wide : at + 3;
        lower = left < taken && !lower;
        taken = left + wide;
        const qreal line = painter->fontMetrics().height();
        const QRectF words(left, plot.top() + (lower ? line : 0), wide, line);
        painter->fillRect(words, colours.tint(colours.raised, 0.85));
        painter->setPen(colours.text);
        painter->drawText(words, Qt::AlignCenter, mark.text);
    }
}

void TimeChart::drawEndLabels(QPainter *painter)
{
    if (m_endLabels.isEmpty())
        return;
    const QRectF plot = chart()->plotArea();
    painter->setFont(inPixels(scaledFont(font(), 0.85, QFont::DemiBold)));
    const qreal height = painter->fontMetrics().height() - 2;
    // From the bottom up, pushed apart where they would overlap.
    QList<EndLabel> labels = m_endLabels;
    std::sort(labels.begin(), labels.end(), [](const EndLabel &a, const EndLabel &b) { return a.y < b.y; });
    qreal floor = plot.bottom() + height / 2;
    for (const EndLabel &label : std::as_const(labels)) {
        const qreal wanted = plot.bottom() - plot.height() * std::min(1.0, label.y / m_y->max());
        const qreal middle = std::min(wanted, floor - height / 2);
        floor = middle - height / 2;
        painter->setPen(label.colour);
        painter->drawText(
            QRectF(plot.right() + 5, middle - height / 2, endLabelWidth + 4, height), Qt::AlignLeft | Qt::AlignVCenter, label.text);
    }
}

void TimeChart::changeEvent(QEvent *event)
{
    QChartView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        recolour();
}

namespace {

/// A short run fills the chart; it grows in few steps, so that it does not creep.
double calmSpan(qint64 seconds)
{
    for (const int span : { 10, 20, 30 }) {
        if (seconds <= span)
            return span;
    }
    return shownSeconds;
}

} // namespace

std::optional<std::pair<qint64, qint64>> TimeChart::follow(const RunSeries &series)
{
    const auto &seconds = series.seconds();
    m_beginMs = series.beginMs();
    if (seconds.isEmpty()) {
        m_x->setRange(0, shownSeconds);
        m_x->setTickInterval(10);
        return std::nullopt;
    }
    const qint64 last = seconds.last().second;
    const qint64 first = m_whole ? seconds.first().second : std::max(seconds.first().second, last - shownSeconds + 1);
    const auto from = double(first);
    const double until = m_untilMs > m_beginMs ? std::ceil(double(m_untilMs - m_beginMs) / 1000.0) : 0;
    const double to = std::max({ m_whole ? from + 5.0 : from + calmSpan(last + 1 - first), double(last + 1), until });
    const double span = to - from;
    if (from != m_x->min() || to != m_x->max()) {
        m_x->setTickInterval(span <= 12 ? 1 : span <= 30 ? 5 : span <= 120 ? 10 : span <= 600 ? 60 : 600);
        m_x->setRange(from, to);
    }
    return std::pair(first, last);
}

void TimeChart::raiseY(double peak)
{
    const double wanted = roundedUp(peak);
    if (wanted > m_y->max() || wanted < m_y->max() / 2.4) {
        m_y->setLabelFormat(wanted < 2 ? QStringLiteral("%.1f") : QStringLiteral("%.0f"));
        m_y->setRange(0, wanted);
        alignLeft();
    }
}

/// One left edge for all charts, whatever their labels: the same second stands in one line.
void TimeChart::alignLeft()
{
    const QFontMetrics figures(m_y->labelsFont());
    const QString highest = QString::asprintf(qPrintable(m_y->labelFormat()), m_y->max());
    const int room = std::max(0, figures.horizontalAdvance(QStringLiteral("0000")) - figures.horizontalAdvance(highest));
    chart()->setMargins(QMargins(2 + room + m_roomLeft, 0, endLabelWidth, 0));
}

void TimeChart::recolour()
{
    const Theme colours = theme();
    QChart *shown = chart();
    setBackgroundBrush(colours.panel);
    shown->setBackgroundBrush(colours.panel);
    shown->setBackgroundPen(Qt::NoPen);
    shown->setTitleBrush(colours.muted);
    shown->setTitleFont(scaledFont(font(), 0.92, QFont::DemiBold));
    const QFont small = tabularFont(scaledFont(font(), 0.85));
    for (QValueAxis *axis : { m_x, m_y }) {
        axis->setLabelsColor(colours.muted);
        axis->setLabelsFont(small);
        axis->setGridLinePen(QPen(colours.line, 1, Qt::DotLine));
        axis->setLinePen(QPen(colours.line, 1));
    }
    m_x->setGridLineVisible(false);
    alignLeft();
}

AnswersChart::AnswersChart(QWidget *parent)
    : TimeChart(tr("Answers per second"), parent)
{
    AnswersChart::recolour();
}

AnswersChart::Layer &AnswersChart::layer(const QString &key)
{
    auto found = m_layers.find(key);
    if (found != m_layers.end())
        return *found;
    Layer made;
    made.upper = new QLineSeries(this);
    made.lower = new QLineSeries(this);
    made.area = new QAreaSeries(made.upper, made.lower);
    made.area->setName((key == RunSeries::errorKey() ? tr("failed")
            : key.isEmpty()                          ? tr("no version")
                                                     : core::printableLine(key))
                           .toHtmlEscaped()); // legends are HTML
    chart()->addSeries(made.area);
    made.area->attachAxis(m_x);
    made.area->attachAxis(m_y);
    found = m_layers.insert(key, made);
    recolour();
    return *found;
}

void AnswersChart::refresh(const RunSeries &series)
{
    const auto shown = follow(series);
    if (!shown) {
        clear();
        return;
    }
    const auto [first, last] = *shown;
    const auto &seconds = series.seconds();
    const qint64 begin = seconds.first().second;
    const QStringList keys = series.keys();
    QVector<double> ground(int(last - first + 1), 0.0);
    const QStringList drawn = m_layers.keys();
    for (const QString &key : drawn) { // of an earlier run
        if (!keys.contains(key)) {
            m_layers[key].upper->clear();
            m_layers[key].lower->clear();
        }
    }
    for (const QString &key : keys) {
        Layer &drawnAs = layer(key);
        QList<QPointF> upper, lower;
        upper.reserve(2 * ground.size());
        lower.reserve(2 * ground.size());
        for (qint64 s = first; s <= last; ++s) {
            const int count = seconds.at(int(s - begin)).counts.value(key);
            double &level = ground[int(s - first)];
            const auto x = double(s);
            lower << QPointF(x, level) << QPointF(x + 0.94, level);
            level += count;
            upper << QPointF(x, level) << QPointF(x + 0.94, level);
        }
        drawnAs.lower->replace(lower);
        drawnAs.upper->replace(upper);
    }
    // The latest second may just have begun: the words stand at the one before it.
    const Theme colours = theme();
    const RunSeries::Second &labelled = seconds.at(int(std::max(first, last - 1) - begin));
    QList<EndLabel> labels;
    double below = 0;
    for (const QString &key : keys) {
        const int count = labelled.counts.value(key);
        if (count > 0) {
            const bool error = key == RunSeries::errorKey();
            labels << EndLabel { below + count / 2.0,
                error               ? tr("failed")
                    : key.isEmpty() ? tr("other")
                                    : core::printableLine(key),
                error ? colours.failed : colours.seriesOf(key) };
        }
        below += count;
    }
    setEndLabels(labels);
    raiseY(series.peak(first));
}

void AnswersChart::clear()
{
    for (const Layer &each : std::as_const(m_layers)) {
        each.upper->clear();
        each.lower->clear();
    }
    setEndLabels({});
    m_beginMs = 0;
}

double AnswersChart::value(const QString &key, int second) const
{
    const auto found = m_layers.constFind(key);
    if (found == m_layers.constEnd())
        return 0;
    const QList<QPointF> upper = found->upper->points();
    const QList<QPointF> lower = found->lower->points();
    for (qsizetype i = 0; i < upper.size(); ++i) {
        if (qFuzzyCompare(upper.at(i).x() + 1, double(second) + 1))
            return upper.at(i).y() - lower.at(i).y();
    }
    return 0;
}

void AnswersChart::recolour()
{
    TimeChart::recolour();
    const Theme colours = theme();
    for (auto it = m_layers.cbegin(); it != m_layers.cend(); ++it) {
        const bool error = it.key() == RunSeries::errorKey();
        const QColor colour = error ? colours.failed : colours.seriesOf(it.key());
        it->area->setBrush(error ? QBrush(colour, Qt::BDiagPattern) : QBrush(colour));
        it->area->setPen(error ? QPen(colour, 1) : QPen(Qt::NoPen));
        it->area->setBorderColor(error ? colour : QColor(Qt::transparent));
    }
}

LatencyChart::LatencyChart(QWidget *parent)
    : TimeChart(tr("Latency of good answers, ms"), parent)
    , m_p50(new QLineSeries(this))
    , m_p95(new QLineSeries(this))
    , m_p99(new QLineSeries(this))
{
    const std::pair<QLineSeries *, const char *> all[] = { { m_p50, "p50" }, { m_p95, "p95" }, { m_p99, "p99" } };
    for (const auto &[line, name] : all) {
        line->setName(QLatin1String(name));
        chart()->addSeries(line);
        line->attachAxis(m_x);
        line->attachAxis(m_y);
    }
    LatencyChart::recolour();
}

void LatencyChart::refresh(const RunSeries &series)
{
    const auto shown = follow(series);
    if (!shown) {
        clear();
        return;
    }
    const auto [first, last] = *shown;
    const auto &seconds = series.seconds();
    const qint64 begin = seconds.first().second;
    QList<QPointF> p50, p95, p99;
    double peak = 0;
    for (qint64 s = first; s <= last; ++s) {
        const RunSeries::Second &second = seconds.at(int(s - begin));
        if (!second.hasLatency)
            continue;
        const probe::Percentiles &figures = series.percentilesOf(second);
        const double x = double(s) + 0.47;
        p50 << QPointF(x, figures.p50);
        p95 << QPointF(x, figures.p95);
        p99 << QPointF(x, figures.p99);
        peak = std::max(peak, figures.p99);
    }
    if (p50.size() == 1) { // one point is no line: as wide as its second
        for (QList<QPointF> *points : { &p50, &p95, &p99 }) {
            points->prepend(points->first() - QPointF(0.47, 0));
            points->last().rx() += 0.47;
        }
    }
    m_p50->replace(p50);
    m_p95->replace(p95);
    m_p99->replace(p99);
    const Theme colours = theme();
    QList<EndLabel> labels;
    if (!p50.isEmpty())
        labels = { { p50.last().y(), QStringLiteral("p50"), colours.accent },
            { p95.last().y(), QStringLiteral("p95"), colours.tint(colours.accent, 0.75) },
            { p99.last().y(), QStringLiteral("p99"), colours.muted } };
    setEndLabels(labels);
    raiseY(peak);
}

void LatencyChart::clear()
{
    for (QLineSeries *line : { m_p50, m_p95, m_p99 })
        line->clear();
    setEndLabels({});
    m_beginMs = 0;
}

QList<QPointF> LatencyChart::points(int percentile) const
{
    return (percentile == 50 ? m_p50 : percentile == 95 ? m_p95 : m_p99)->points();
}

void LatencyChart::recolour()
{
    TimeChart::recolour();
    const Theme colours = theme();
    // One hue, three strengths and three strokes: told apart without colour.
    m_p50->setPen(QPen(colours.accent, 2.2));
    m_p95->setPen(QPen(colours.tint(colours.accent, 0.75), 1.6, Qt::DashLine));
    m_p99->setPen(QPen(colours.muted, 1.4, Qt::DotLine));
}

} // namespace catamaran::ui
