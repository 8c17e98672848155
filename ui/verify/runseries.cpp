// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/runseries.h"

#include <algorithm>
#include <cmath>

namespace catamaran::ui {

namespace {

constexpr int keptSeconds = 3600;

probe::Percentiles percentilesOfValues(QVector<double> values)
{
    if (values.isEmpty())
        return {};
    std::sort(values.begin(), values.end());
    // Nearest rank, as probe::summarize() does: every figure is one that was measured.
    const auto at = [&](double p) {
        const auto rank = qsizetype(std::ceil(p * double(values.size())));
        return values.at(std::clamp<qsizetype>(rank - 1, 0, values.size() - 1));
    };
    return { at(0.50), at(0.95), at(0.99) };
}

} // namespace

const QString &RunSeries::errorKey()
{
    static const QString key = QStringLiteral("error");
    return key;
}

void RunSeries::clear()
{
    *this = RunSeries();
}

RunSeries::Second *RunSeries::secondFor(qint64 second)
{
    if (m_seconds.isEmpty()) {
        m_seconds.append(Second { second, {}, 0, {}, {}, false });
        return &m_seconds.last();
    }
    const qint64 first = m_seconds.first().second;
    const qint64 last = m_seconds.last().second;
    if (second > last + keptSeconds || second < first - keptSeconds) {
        if (second < first)
            return nullptr; // a clock that jumped back: counted in the totals, not drawn
        m_seconds.clear();
        return secondFor(second);
    }
    for (qint64 s = last + 1; s <= second; ++s)
        m_seconds.append(Second { s, {}, 0, {}, {}, false });
    for (qint64 s = first - 1; s >= second; --s)
        m_seconds.prepend(Second { s, {}, 0, {}, {}, false });
    while (m_seconds.size() > keptSeconds)
        m_seconds.removeFirst();
    const qint64 index = second - m_seconds.first().second;
    return index >= 0 && index < m_seconds.size() ? &m_seconds[index] : nullptr;
}

void RunSeries::add(const QList<probe::Sample> &samples)
{
    for (const probe::Sample &sample : samples) {
        ++m_requests;
        const bool good = sample.ok();
        if (good) {
            ++m_ok;
            ++m_versions[sample.version];
            if (!sample.instance.isEmpty())
                ++m_instances[sample.instance];
            m_latencies.append(sample.totalMs);
        } else {
            ++m_errorKinds[probe::errorKind(sample)];
        }
        const qint64 ms = sample.startedAtMs > 0 ? sample.startedAtMs : sample.receivedAtMs;
        if (m_beginMs == 0)
            m_beginMs = m_firstMs = m_lastMs = ms;
        m_firstMs = std::min(m_firstMs, ms);
        m_lastMs = std::max(m_lastMs, ms);
        Second *second = secondFor(qint64(std::floor(double(ms - m_beginMs) / 1000)));
        if (!second)
            continue;
        ++second->total;
        ++second->counts[good ? sample.version : errorKey()];
        if (good)
            second->latencies.append(sample.totalMs);
        second->percentilesValid = false;
    }
}

double RunSeries::rate() const
{
    // Of n requests n - 1 follow another.
    return m_lastMs > m_firstMs ? double(m_requests - 1) * 1000 / double(m_lastMs - m_firstMs) : 0;
}

const probe::Percentiles &RunSeries::percentilesOf(const Second &second) const
{
    if (!second.percentilesValid) {
        second.percentiles = percentilesOfValues(second.latencies);
        second.percentilesValid = true;
    }
    return second.percentiles;
}

probe::Percentiles RunSeries::latency() const
{
    return percentilesOfValues(m_latencies);
}

probe::Summary RunSeries::summary() const
{
    probe::Summary summary;
    summary.requests = m_requests;
    summary.ok = m_ok;
    summary.errors = errors();
    summary.versions = m_versions;
    summary.instances = m_instances;
    summary.errorKinds = m_errorKinds;
    summary.latencyMs = latency();
    return summary;
}

QStringList RunSeries::keys() const
{
    QStringList keys = m_versions.keys();
    if (errors() > 0)
        keys.append(errorKey());
    return keys;
}

int RunSeries::peak(qint64 fromSecond) const
{
    int peak = 0;
    for (const Second &second : m_seconds) {
        if (second.second >= fromSecond)
            peak = std::max(peak, second.total);
    }
    return peak;
}

} // namespace catamaran::ui
