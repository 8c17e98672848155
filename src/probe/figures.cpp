// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/figures.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace catamaran::probe {

namespace {

// Buckets of microseconds: one each below 2048, then 1024 for each doubling, so the middle of one is at most 0.05 % from its ends.
constexpr quint64 exactBelow = 2048, perDoubling = 1024;
constexpr int exactBits = 11, mostBits = 40; ///< 2^40 µs are twelve days
constexpr qsizetype bucketCount = qsizetype(exactBelow + perDoubling * (mostBits - exactBits));

qsizetype bucketOf(double milliseconds)
{
    const double most = std::ldexp(1.0, mostBits) - 1;
    const auto value = quint64(std::clamp(std::round(milliseconds * 1000), 0.0, most));
    if (value < exactBelow)
        return qsizetype(value);
    const int bits = std::bit_width(value); // 12 for 2048
    const quint64 leading = value >> (bits - exactBits);
    return qsizetype(exactBelow + quint64(bits - exactBits - 1) * perDoubling + (leading - perDoubling));
}

double middleOf(qsizetype bucket)
{
    auto index = quint64(bucket);
    if (index < exactBelow)
        return double(index) / 1000;
    index -= exactBelow;
    const int shift = int(index / perDoubling) + 1;
    const quint64 first = (index % perDoubling + perDoubling) << shift;
    return (double(first) + std::ldexp(0.5, shift)) / 1000;
}

void countName(QMap<QString, int> &counts, const QString &name, int most)
{
    auto found = counts.find(name);
    if (found == counts.end())
        found = counts.insert(
            counts.size() < most ? name : Figures::otherName(), counts.size() < most ? 0 : counts.value(Figures::otherName()));
    ++*found;
}

} // namespace

void Latencies::add(double milliseconds)
{
    m_isKnown = false;
    if (isExact() && m_values.size() < mostExact) {
        m_values.append(milliseconds);
        return;
    }
    if (isExact()) {
        m_buckets.fill(0, bucketCount);
        for (const double value : std::exchange(m_values, {}))
            count(value);
    }
    count(milliseconds);
}

void Latencies::count(double milliseconds)
{
    ++m_buckets[bucketOf(milliseconds)];
    ++m_counted;
}

Percentiles Latencies::percentiles() const
{
    if (m_isKnown)
        return m_known;
    m_isKnown = true;
    if (isExact())
        return m_known = probe::percentiles(m_values);
    const auto rank = [this](double share) { return std::max<qint64>(1, qint64(std::ceil(share * double(m_counted)))); };
    const std::array<std::pair<qint64, double *>, 3> wanted { std::pair { rank(0.50), &m_known.p50 }, { rank(0.95), &m_known.p95 },
        { rank(0.99), &m_known.p99 } };
    qint64 before = 0;
    for (qsizetype bucket = 0; bucket < m_buckets.size(); ++bucket) {
        const qint64 until = before + m_buckets.at(bucket);
        for (const auto &[at, figure] : wanted) {
            if (at > before && at <= until)
                *figure = middleOf(bucket);
        }
        before = until;
    }
    return m_known;
}

const QString &Figures::otherName()
{
    static const QString name = QStringLiteral("…");
    return name;
}

void Figures::add(const Sample &sample)
{
    ++m_counts.requests;
    if (sample.lateMs >= Summary::lateFromMs)
        ++m_counts.late;
    if (!sample.ok()) {
        ++m_counts.errors;
        countName(m_counts.errorKinds, errorKind(sample), mostErrorKinds);
        return;
    }
    ++m_counts.ok;
    countName(m_counts.versions, sample.version, mostVersions);
    if (!sample.instance.isEmpty())
        countName(m_counts.instances, sample.instance, mostInstances);
    m_latencies.add(sample.latencyMs());
    const auto &bounds = Summary::latencyBounds;
    ++m_counts.latencyCounts.at(size_t(std::lower_bound(bounds.begin(), bounds.end(), sample.latencyMs()) - bounds.begin()));
}

Summary Figures::summary() const
{
    Summary summary = m_counts;
    summary.latencyMs = m_latencies.percentiles();
    summary.latencyIsExact = m_latencies.isExact();
    return summary;
}

SampleLog::SampleLog(int most)
    : m_most(most)
{
}

void SampleLog::add(const QList<Sample> &samples)
{
    m_samples += samples;
    const qsizetype surplus = m_samples.size() - m_most;
    if (surplus <= 0)
        return;
    for (qsizetype i = 0; i < surplus; ++i) {
        if (!m_samples.at(i).ok())
            m_olderFailures += m_samples.at(i);
    }
    m_samples.remove(0, surplus);
    if (m_olderFailures.size() > mostOlderFailures)
        m_olderFailures.remove(0, m_olderFailures.size() - mostOlderFailures);
}

} // namespace catamaran::probe
