// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/runner.h"

#include <QWidget>

namespace catamaran::ui {

/// The timeline of a drill: a lane for its phases, for the fault, for failed requests and for the recovery, on one
/// axis of seconds since it began. Grows while the drill runs; every lane says in words what it shows.
class DrillTimeline : public QWidget {
    Q_OBJECT
public:
    explicit DrillTimeline(QWidget *parent = nullptr);

    void clear();
    void setPhases(const QList<drill::PhaseMark> &phases);
    void setSamples(const QList<probe::Sample> &samples);
    /// The next ones; costs what they are, however many came before.
    void addSamples(const QList<probe::Sample> &samples);
    /// The right end while it runs, Unix ms; 0: the last thing that happened.
    void setNow(qint64 nowMs);
    /// Takes the seconds from the chart below: second 0 at @p zeroMs (Unix; 0: not known yet), @p from at the pixel @p left,
    /// @p to at @p right. What happened beyond them is cut off there.
    void setScale(qint64 zeroMs, double from, double to, qreal left, qreal right);
    /// The room that the names of the lanes need, in pixels.
    [[nodiscard]] int namesWidth() const;
    /// Where @p atMs (Unix) stands, in pixels from the left.
    [[nodiscard]] double positionOf(qint64 atMs) const;

    /// One bar of a lane, as drawn; for tests and the accessible text.
    struct Bar {
        QString lane, text;
        qint64 fromMs = 0, toMs = 0;
    };
    [[nodiscard]] QList<Bar> bars() const;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    /// What the field shows, Unix ms: second 0, the left end, the length.
    struct Window {
        qint64 zero = 0, from = 0, span = 1;
    };
    [[nodiscard]] Window window() const;
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] int rowHeight() const;
    [[nodiscard]] qint64 begin() const; ///< of the drill, Unix ms
    [[nodiscard]] qint64 end() const;
    [[nodiscard]] qint64 atOf(drill::Phase phase) const; ///< -1 before it was reached
    void describe();

    QList<drill::PhaseMark> m_phases;
    QList<qint64> m_failedAt; ///< start of failed requests, as many as are drawn
    int m_failed = 0;
    qint64 m_firstFailed = 0, m_lastFailed = 0;
    qint64 m_lastSample = 0;
    qint64 m_now = 0;
    qint64 m_zero = 0;
    double m_from = 0, m_to = 0;
    qreal m_left = 0, m_right = 0;
};

} // namespace catamaran::ui
