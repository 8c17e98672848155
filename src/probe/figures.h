// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/sample.h"

#include <QVector>

/// What is kept of a run of any length: figures that go on, and a bounded list of samples. Memory does not grow with time.
namespace catamaran::probe {

/// Times in milliseconds. Percentiles by nearest rank, exact for the first mostExact values; from then on of counts in
/// buckets, each at most errorShare away from the value at its rank.
class Latencies {
public:
    static constexpr int mostExact = 100'000;
    static constexpr double errorShare = 0.001;

    void add(double milliseconds);
    [[nodiscard]] Percentiles percentiles() const;
    [[nodiscard]] bool isExact() const { return m_buckets.isEmpty(); }

private:
    void count(double milliseconds);

    QVector<double> m_values; ///< while they are few
    QVector<quint32> m_buckets; ///< when they are many
    qint64 m_counted = 0;
    mutable Percentiles m_known; ///< of the values so far
    mutable bool m_isKnown = false;
};

/// The Summary of samples that come one by one. A service can name itself anew in each answer: of versions, instances and
/// reasons only so many names are told apart, the others are counted together under otherName().
class Figures {
public:
    static constexpr int mostVersions = 50, mostInstances = 1000, mostErrorKinds = 100;
    [[nodiscard]] static const QString &otherName();

    void add(const Sample &sample);
    /// How many were due and never sent, so far.
    void setNotSent(int count) { m_counts.notSent = count; }
    [[nodiscard]] int notSent() const { return m_counts.notSent; }
    [[nodiscard]] int requests() const { return m_counts.requests; }
    [[nodiscard]] int ok() const { return m_counts.ok; }
    [[nodiscard]] int errors() const { return m_counts.errors; }
    [[nodiscard]] const QMap<QString, int> &versions() const { return m_counts.versions; }
    [[nodiscard]] const QMap<QString, int> &instances() const { return m_counts.instances; }
    [[nodiscard]] const QMap<QString, int> &errorKinds() const { return m_counts.errorKinds; }
    /// Everything; works out the percentiles, so not for every sample.
    [[nodiscard]] Summary summary() const;

private:
    Summary m_counts; ///< without percentiles
    Latencies m_latencies;
};

/// The newest samples, in order and without a gap, and the newest failures among those that are older.
class SampleLog {
public:
    static constexpr int mostOlderFailures = 1000;

    explicit SampleLog(int most = 20'000);
    void add(const QList<Sample> &samples);
    [[nodiscard]] const QList<Sample> &samples() const { return m_samples; }
    [[nodiscard]] const QList<Sample> &olderFailures() const { return m_olderFailures; }

private:
    int m_most;
    QList<Sample> m_samples, m_olderFailures;
};

} // namespace catamaran::probe
