// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/common/theme.h"
#include "ui/verify/runseries.h"

#include <QChartView>
#include <QMap>

#include <optional>

class QAreaSeries;
class QLineSeries;
class QValueAxis;

namespace catamaran::ui {

/// What both charts of a run share: time in seconds since the first request on the x axis (the latest 60 s, or all of
/// a finished run), colours from the palette, no animation. refresh() replaces the points of few series at once, so a
/// frame costs the same whatever the rate of samples is.
class TimeChart : public QChartView {
    Q_OBJECT
public:
    explicit TimeChart(const QString &title, QWidget *parent = nullptr);

    /// A vertical line with a word at a time (Unix ms): the marks of a drill. Replaces earlier ones.
    struct Mark {
        qint64 atMs = 0;
        QString text;
    };
    void setMarks(const QList<Mark> &marks);
    [[nodiscard]] const QList<Mark> &marks() const { return m_marks; }
    /// Shows everything from the first second; otherwise the latest 60 s.
    void setWholeRun(bool whole) { m_whole = whole; }
    /// For paper: these colours instead of the console's.
    void setTheme(const Theme &fixed);
    [[nodiscard]] qreal firstShown() const;
    [[nodiscard]] qreal lastShown() const;
    /// The plot reaches at least to this time (Unix ms), even when no answer has come since. 0: to the last answer.
    void setUntil(qint64 unixMs) { m_untilMs = unixMs; }
    /// More room to the left of the y axis, in pixels, for what stands above or below the chart and shares its seconds.
    void setRoomLeft(int pixels);
    [[nodiscard]] int roomLeft() const { return m_roomLeft; }

    /// Where the seconds stand, for what is drawn beside the chart.
    struct Scale {
        qint64 zeroMs = 0; ///< Unix time of second 0; 0: nothing is shown yet
        qreal from = 0, to = 0; ///< seconds at both ends
        qreal left = 0, right = 0; ///< of the plot, in pixels of this widget
    };
    [[nodiscard]] Scale scale() const;
    /// Always the same: a graphics view would ask for the size that it has.
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void painted(); ///< after each paint
    void scaleChanged(); ///< other seconds are shown, or they stand elsewhere

protected:
    void paintEvent(QPaintEvent *event) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;
    void changeEvent(QEvent *event) override;
    /// Sets the x range to @p series; its first and last second, nothing of an empty one.
    std::optional<std::pair<qint64, qint64>> follow(const RunSeries &series);
    /// Rounds the y axis up to a calm figure; grows at once, shrinks only by a lot.
    void raiseY(double peak);
    virtual void recolour();
    [[nodiscard]] Theme theme() const;
    /// A word at the right end of what it names, so that no legend is needed.
    struct EndLabel {
        double y = 0;
        QString text;
        QColor colour;
    };
    void setEndLabels(const QList<EndLabel> &labels);

    QValueAxis *m_x = nullptr;
    QValueAxis *m_y = nullptr;
    qint64 m_beginMs = 0; ///< Unix time of x = 0; 0: nothing is shown

private:
    QList<Mark> m_marks;
    QList<EndLabel> m_endLabels;
    std::optional<Theme> m_theme;
    void drawEndLabels(QPainter *painter);
    void alignLeft();
    bool m_whole = false;
    qint64 m_untilMs = 0;
    int m_roomLeft = 0;
};

/// Answers per second, stacked by version; failures on top, hatched red.
class AnswersChart : public TimeChart {
    Q_OBJECT
public:
    explicit AnswersChart(QWidget *parent = nullptr);
    void refresh(const RunSeries &series);
    void clear();
    /// What is drawn for @p key ("v1", RunSeries::errorKey()) in the second @p second of the run; for tests.
    [[nodiscard]] double value(const QString &key, int second) const;

protected:
    void recolour() override;

private:
    struct Layer {
        QAreaSeries *area = nullptr;
        QLineSeries *upper = nullptr, *lower = nullptr;
    };
    Layer &layer(const QString &key);
    QMap<QString, Layer> m_layers;
};

/// p50, p95 and p99 of the good answers of each second, in milliseconds.
class LatencyChart : public TimeChart {
    Q_OBJECT
public:
    explicit LatencyChart(QWidget *parent = nullptr);
    void refresh(const RunSeries &series);
    void clear();
    [[nodiscard]] QList<QPointF> points(int percentile) const; ///< 50, 95 or 99; for tests

protected:
    void recolour() override;

private:
    QLineSeries *m_p50 = nullptr, *m_p95 = nullptr, *m_p99 = nullptr;
};

} // namespace catamaran::ui
