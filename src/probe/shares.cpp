// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/shares.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace catamaran::probe {

namespace {

constexpr double overprovisioning = 1.4; ///< Envoy's
constexpr int mostStrangers = 50;

/// How much likelier than @p shares an answer of each version is where one version's share, against all others, is @p factor
/// times what it was.
QList<double> shifted(const QList<double> &shares, qsizetype version, double factor)
{
    const double whole = 1 + (factor - 1) * shares.at(version);
    QList<double> likelihood(shares.size(), 1 / whole);
    likelihood[version] = factor / whole;
    return likelihood;
}

/// n log n, with its limit at 0.
double entropyTerm(int count)
{
    return count > 0 ? count * std::log(double(count)) : 0;
}

/// Counts of each kind among the first answers, for any number of them.
using Sums = QList<QList<int>>;

double logLikelihood(const Sums &sums, int from, int to)
{
    double sum = -entropyTerm(to - from);
    for (const QList<int> &kind : sums)
        sum += entropyTerm(kind.at(to) - kind.at(from));
    return sum;
}

struct Split {
    int at = -1;
    double gain = 0; ///< of the logarithm of the likelihood
};

/// The split of one interval that explains most.
Split bestSplit(const Sums &sums, int from, int to)
{
    const double together = logLikelihood(sums, from, to);
    Split best;
    for (int at = from + 1; at < to; ++at) {
        const double gain = logLikelihood(sums, from, at) + logLikelihood(sums, at, to) - together;
        if (gain > best.gain)
            best = { at, gain };
    }
    return best;
}

/// Splits where that explains most, and the two sides again. It is looked for in windows of all sizes, each half over the next:
/// what changes and changes back within a long series is not seen in the whole of it.
void split(const Sums &sums, int from, int to, double threshold, std::set<int> &points)
{
    constexpr int narrowest = 16;
    Split best;
    for (int width = to - from; width >= 2; width = width / 2 < narrowest ? 0 : width / 2) {
        const int step = std::max(1, width / 2);
        for (int start = from; start < to; start += step) {
            const Split one = bestSplit(sums, std::max(from, std::min(start, to - width)), std::min(start + width, to));
            if (one.gain > best.gain)
                best = one;
            if (start + width >= to)
                break;
        }
    }
    if (best.gain <= threshold)
        return;
    points.insert(best.at);
    split(sums, from, best.at, threshold, points);
    split(sums, best.at, to, threshold, points);
}

} // namespace

QMap<QString, double> expectedShares(const QList<PossibleHost> &hosts)
{
    struct Priority {
        int all = 0, healthy = 0;
        double weight = 0;
    };
    QMap<int, Priority> priorities;
    for (const PossibleHost &host : hosts) {
        Priority &priority = priorities[host.priority];
        ++priority.all;
        priority.healthy += host.healthy ? 1 : 0;
        priority.weight += host.healthy ? std::max(0.0, host.weight) : 0;
    }
    double available = 0;
    for (const Priority &priority : std::as_const(priorities))
        available += std::min(1.0, overprovisioning * priority.healthy / priority.all);
    QMap<QString, double> shares;
    if (available <= 0)
        return shares;
    double left = 1;
    for (auto it = priorities.cbegin(); it != priorities.cend(); ++it) {
        const double load = std::min(left, std::min(1.0, overprovisioning * it->healthy / it->all) / std::min(1.0, available));
        left -= load;
        if (load <= 0 || it->weight <= 0)
            continue;
        for (const PossibleHost &host : hosts) {
            if (host.priority == it.key() && host.healthy && host.weight > 0)
                shares[host.version] += load * host.weight / it->weight;
        }
    }
    return shares;
}

ShareWatch::ShareWatch(const QMap<QString, double> &expected)
{
    QList<double> shares;
    double whole = 0;
    for (auto it = expected.begin(); it != expected.end(); ++it) {
        if (!(it.value() > 0) || !std::isfinite(it.value()))
            continue;
        m_versions.insert(it.key(), shares.size());
        shares += it.value();
        whole += it.value();
    }
    for (double &share : shares)
        share /= whole;
    m_seen.fill(false, shares.size());
    if (shares.size() < 2)
        return;
    const auto kinds = double(shares.size());
    for (qsizetype version = 0; version < shares.size(); ++version) {
        m_alternatives += Alternative { 0.5 / kinds, shifted(shares, version, 0) };
        for (const double factor : { 0.25, 0.5, 2.0, 4.0 })
            m_alternatives += Alternative { 0.125 / kinds, shifted(shares, version, factor) };
    }
}

void ShareWatch::add(const QString &version)
{
    ++m_answers;
    const auto known = m_versions.constFind(version);
    if (known == m_versions.constEnd()) {
        if (!m_strangers.contains(version) && m_strangers.size() < mostStrangers)
            m_strangers += version;
        if (m_alarmAt == 0 && !m_versions.isEmpty())
            m_alarmAt = m_answers;
        return;
    }
    m_seen[*known] = true;
    constexpr double most = 1e280; // far beyond the alarm, and no overflow
    double evidence = 0;
    for (Alternative &one : m_alternatives) {
        one.evidence = std::min(most, (1 + one.evidence) * one.likelihood.at(*known));
        evidence += one.part * one.evidence;
    }
    if (m_alarmAt == 0 && evidence >= stretch / falseAlarmRate)
        m_alarmAt = m_answers;
}

ShareWatch::State ShareWatch::state() const
{
    if (m_alarmAt > 0)
        return State::NotAsExpected;
    return !m_seen.isEmpty() && !m_seen.contains(false) ? State::AsExpected : State::TooFew;
}

QList<int> changePoints(const QStringList &versions)
{
    constexpr double chance = 0.01;
    QMap<QString, int> kinds;
    for (const QString &version : versions)
        kinds.insert(version, 0);
    if (kinds.size() < 2)
        return {};
    Sums sums;
    for (auto it = kinds.begin(); it != kinds.end(); ++it) {
        QList<int> sum { 0 };
        sum.reserve(versions.size() + 1);
        for (const QString &version : versions)
            sum += sum.last() + (version == it.key() ? 1 : 0);
        sums += sum;
    }
    // Each of the splits has its chance, in windows of each size; one more kind is one more share that may seem to differ.
    const auto count = double(versions.size());
    const double threshold = std::log(2 * count * std::max(1.0, std::log2(count)) / chance) + double(kinds.size() - 2) * std::log(count);
    std::set<int> points;
    split(sums, 0, int(versions.size()), threshold, points);
    return { points.begin(), points.end() };
}

} // namespace catamaran::probe
