// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/runseries.h"

#include <algorithm>
#include <cmath>

namespace catamaran::ui {

namespace {

constexpr int keptSeconds = 3600;
constexpr int openSeconds = 120; ///< answers come no later than their time limit, which is mostly far shorter

RunSeries::Second newSecond(qint64 second)
{
    RunSeries::Second made;
    made.second = second;
    return made;
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
        m_seconds.append(newSecond(second));
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
        m_seconds.append(newSecond(s));
    for (qint64 s = first - 1; s >= second; --s)
        m_seconds.prepend(newSecond(s));
    while (m_seconds.size() > keptSeconds)
        m_seconds.removeFirst();
    const qint64 index = second - m_seconds.first().second;
    return index >= 0 && index < m_seconds.size() ? &m_seconds[index] : nullptr;
}

void RunSeries::add(const QList<probe::Sample> &samples)
{
    for (const probe::Sample &sample : samples) {
        m_figures.add(sample);
        const bool good = sample.ok();
        const qint64 ms = sample.startedAtMs > 0 ? sample.startedAtMs : sample.receivedAtMs;
        if (m_beginMs == 0)
            m_beginMs = m_firstMs = m_lastMs = ms;
        m_firstMs = std::min(m_firstMs, ms);
        m_lastMs = std::max(m_lastMs, ms);
        Second *second = secondFor(qint64(std::floor(double(ms - m_beginMs) / 1000)));
        if (!second)
            continue;
        ++second->total;
        ++second->counts[!good ? errorKey() : versions().contains(sample.version) ? sample.version : probe::Figures::otherName()];
        if (!good || second->second < m_sealed)
            continue;
        second->hasLatency = true;
        second->latencies.append(sample.latencyMs());
        second->percentilesValid = false;
    }
    seal();
}

/// Works out the percentiles of seconds that are long past, and lets their single values go.
void RunSeries::seal()
{
    if (m_seconds.isEmpty())
        return;
    const qint64 first = m_seconds.first().second, until = m_seconds.last().second - openSeconds;
    for (qint64 s = std::max(first, m_sealed); s < until; ++s) {
        Second &second = m_seconds[s - first];
        (void)percentilesOf(second);
        second.latencies = {};
    }
    m_sealed = std::max(m_sealed, until);
}

double RunSeries::rate() const
{
    // Of n requests n - 1 follow another.
    return m_lastMs > m_firstMs ? double(requests() - 1) * 1000 / double(m_lastMs - m_firstMs) : 0;
}

const probe::Percentiles &RunSeries::percentilesOf(const Second &second) const
{
    if (!second.percentilesValid) {
        second.percentiles = probe::percentiles(second.latencies);
        second.percentilesValid = true;
    }
    return second.percentiles;
}

QStringList RunSeries::keys() const
{
    QStringList keys = versions().keys();
    if (errors() > 0)
        keys.append(errorKey());
    return keys;
}

int RunSeries::peak(qint64 fromSecond) const
{
    int peak = 0;
    for (auto second = m_seconds.rbegin(); second != m_seconds.rend() && second->second >= fromSecond; ++second)
        peak = std::max(peak, second->total);
    return peak;
}

} // namespace catamaran::ui
