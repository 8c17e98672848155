// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/sample.h"

#include <QList>
#include <QMap>
#include <QVector>

namespace catamaran::ui {

/// What the charts of one run show, kept current sample by sample so that a paint only reads. The figures are those of
/// probe::summarize() for the same samples. Bounded: the latest hour of seconds is kept, the
/// totals count everything.
class RunSeries {
public:
    /// The name of the series of failures; no version is called so.
    [[nodiscard]] static const QString &errorKey();

    struct Second {
        qint64 second = 0; ///< since beginMs(), by the time of sending; below 0 for what was sent before it but came later
        QMap<QString, int> counts; ///< by version, failures under errorKey()
        int total = 0;
        QVector<double> latencies; ///< of ok samples
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

    [[nodiscard]] int requests() const { return m_requests; }
    [[nodiscard]] int ok() const { return m_ok; }
    [[nodiscard]] int errors() const { return m_requests - m_ok; }
    [[nodiscard]] const QMap<QString, int> &versions() const { return m_versions; }
    [[nodiscard]] const QMap<QString, int> &instances() const { return m_instances; }
    [[nodiscard]] const QMap<QString, int> &errorKinds() const { return m_errorKinds; }
    /// Of all ok samples; sorts a copy, so not for every sample.
    [[nodiscard]] probe::Percentiles latency() const;
    /// As probe::summarize() would give it.
    [[nodiscard]] probe::Summary summary() const;
    /// Versions in the order in which they are drawn and coloured: by name, failures last.
    [[nodiscard]] QStringList keys() const;
    /// The highest total of any second from @p fromSecond on.
    [[nodiscard]] int peak(qint64 fromSecond) const;

private:
    Second *secondFor(qint64 second);

    QList<Second> m_seconds;
    QMap<QString, int> m_versions, m_instances, m_errorKinds;
    QVector<double> m_latencies;
    int m_requests = 0, m_ok = 0;
    qint64 m_beginMs = 0, m_firstMs = 0, m_lastMs = 0; ///< first and last: of sending, in whatever order they came
};

} // namespace catamaran::ui
