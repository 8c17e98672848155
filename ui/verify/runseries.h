// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/figures.h"

#include <QList>
#include <QMap>
#include <QVector>

namespace catamaran::ui {

/// What the charts of one run show, kept current sample by sample so that a paint only reads. The figures are those of
/// probe::summarize() for the same samples. Bounded: the latest hour of seconds is kept, single latencies only of the
/// latest minutes; the totals count everything.
class RunSeries {
public:
    /// The name of the series of failures; no version is called so.
    [[nodiscard]] static const QString &errorKey();

    struct Second {
        qint64 second = 0; ///< since beginMs(), by the time of sending; below 0 for what was sent before it but came later
        QMap<QString, int> counts; ///< by version, failures under errorKey()
        int total = 0;
        QVector<double> latencies; ///< of ok samples; given up when the second is long past
        bool hasLatency = false;
        mutable probe::Percentiles percentiles;
        mutable bool percentilesValid = false;
    };

    void clear();
    void add(const QList<probe::Sample> &samples);

    /// When the run's first sample was sent (Unix ms): where its first second begins. 0 while there is none.
    [[nodiscard]] qint64 beginMs() const { return m_beginMs; }
    /// Requests sent per second, from the first to the last; 0 of fewer than two.
    [[nodiscard]] double rate() const;
    /// Without holes: a second in which nothing was sent is there with total 0.
    [[nodiscard]] const QList<Second> &seconds() const { return m_seconds; }
    [[nodiscard]] const probe::Percentiles &percentilesOf(const Second &second) const;

    [[nodiscard]] int requests() const { return m_figures.requests(); }
    [[nodiscard]] int ok() const { return m_figures.ok(); }
    [[nodiscard]] int errors() const { return m_figures.errors(); }
    [[nodiscard]] const QMap<QString, int> &versions() const { return m_figures.versions(); }
    [[nodiscard]] const QMap<QString, int> &instances() const { return m_figures.instances(); }
    [[nodiscard]] const QMap<QString, int> &errorKinds() const { return m_figures.errorKinds(); }
    /// As probe::summarize() would give it; not for every sample.
    [[nodiscard]] probe::Summary summary() const { return m_figures.summary(); }
    /// Versions in the order in which they are drawn and coloured: by name, failures last.
    [[nodiscard]] QStringList keys() const;
    /// The highest total of any second from @p fromSecond on.
    [[nodiscard]] int peak(qint64 fromSecond) const;

private:
    Second *secondFor(qint64 second);
    void seal();

    QList<Second> m_seconds;
    probe::Figures m_figures;
    qint64 m_sealed = 0; ///< the seconds before it have their percentiles and no single latencies
    qint64 m_beginMs = 0, m_firstMs = 0, m_lastMs = 0; ///< first and last: of sending, in whatever order they came
};

} // namespace catamaran::ui
