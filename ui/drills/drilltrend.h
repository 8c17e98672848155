// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/trend.h"

#include <QWidget>

namespace catamaran::ui {

/// How long it took until all was good again, each time the same drill was run: a point a run, oldest on the left, on an
/// axis from zero. A run after which it never was has a cross at the top; one that was stopped has a dash below.
class DrillTrend : public QWidget {
    Q_OBJECT
public:
    explicit DrillTrend(QWidget *parent = nullptr);

    /// @p document is the run that is looked at. Of very many runs the newest are drawn, and the text counts all.
    void setTrend(const drill::Trend &trend, qint64 document);
    /// Where the run @p document is drawn; a null point: it is not. For tests.
    [[nodiscard]] QPointF positionOf(qint64 document) const;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    /// A point was clicked.
    void chosen(qint64 document);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] qint64 top() const; ///< of the axis, in ms
    [[nodiscard]] const drill::TrendRun *runAt(const QPointF &position) const;

    drill::Trend m_trend; ///< its drawn runs
    qint64 m_document = 0;
};

} // namespace catamaran::ui
