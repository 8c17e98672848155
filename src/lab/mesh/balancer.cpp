// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/balancer.h"

#include <algorithm>
#include <cmath>

namespace catamaran::lab {

void Balancer::setHosts(const std::vector<UpstreamHost> &hosts, const std::optional<OutlierDetection> &outlier)
{
    std::vector<Entry> next;
    next.reserve(hosts.size());
    for (const auto &host : hosts) {
        const std::size_t known = indexOf(host.key());
        Entry entry;
        if (known < m_entries.size())
            entry = m_entries[known];
        entry.host = host;
        entry.key = host.key();
        if (!outlier)
            entry.ejected = false;
        next.push_back(std::move(entry));
    }
    m_entries = std::move(next);
    m_outlier = outlier;
    m_priorityCredit.clear();
}

std::size_t Balancer::indexOf(const std::string &key) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry &entry) { return entry.key == key; });
    return static_cast<std::size_t>(found - m_entries.begin());
}

void Balancer::sweep(Time now)
{
    // Ejected hosts come back at the sweep after their time, not at once.
    if (!m_outlier || now < m_nextSweep)
        return;
    for (auto &entry : m_entries) {
        if (entry.ejected && now >= entry.ejectedUntil) {
            entry.ejected = false;
            entry.failuresInRow = 0;
            entry.gatewayErrorsInRow = 0;
        } else if (!entry.ejected && entry.ejections > 0 && now - entry.ejectedUntil >= m_outlier->baseEjection) {
            --entry.ejections;
            entry.ejectedUntil = now;
        }
    }
    m_nextSweep = now + m_outlier->interval;
}

bool Balancer::isEjected(std::size_t index, Time now) const
{
    const Entry &entry = m_entries[index];
    return entry.ejected && (now < entry.ejectedUntil || now < m_nextSweep);
}

void Balancer::eject(Entry &entry, Time now)
{
    const auto ejected = std::count_if(m_entries.begin(), m_entries.end(), [](const Entry &other) { return other.ejected; });
    const double percent = 100.0 * static_cast<double>(ejected) / static_cast<double>(m_entries.size());
    // Up to Envoy 1.30 (Istio 1.22) the share is taken before the ejection, so the first host always goes.
    if (percent >= m_outlier->maxEjectionPercent)
        return;
    constexpr std::chrono::seconds longest { 300 };
    ++entry.ejections;
    entry.ejected = true;
    entry.ejectedUntil = now
        + std::min<std::chrono::milliseconds>(
            m_outlier->baseEjection * entry.ejections, std::max<std::chrono::milliseconds>(longest, m_outlier->baseEjection));
    entry.failuresInRow = 0;
    entry.gatewayErrorsInRow = 0;
    if (m_nextSweep == Time() || m_nextSweep < now)
        m_nextSweep = now + m_outlier->interval;
}

std::vector<double> priorityLoads(const std::vector<double> &healthyShare)
{
    constexpr double overprovisioning = 1.4;
    std::vector<double> availability;
    double total = 0;
    for (const double share : healthyShare) {
        availability.push_back(std::min(1.0, share * overprovisioning));
        total += availability.back();
    }
    if (total <= 0)
        return {};
    total = std::min(total, 1.0);
    double left = 1.0;
    for (double &part : availability) {
        part = std::min(left, part / total);
        left -= part;
    }
    return availability;
}

std::optional<unsigned> Balancer::pickPriority()
{
    unsigned highest = 0;
    for (const auto &entry : m_entries)
        highest = std::max(highest, entry.host.priority);
    std::vector<double> healthy(highest + 1, 0.0), all(highest + 1, 0.0);
    for (const auto &entry : m_entries) {
        all[entry.host.priority] += 1;
        if (!entry.ejected)
            healthy[entry.host.priority] += 1;
    }
    for (std::size_t i = 0; i < healthy.size(); ++i)
        healthy[i] = all[i] > 0 ? healthy[i] / all[i] : 0;
    const std::vector<double> loads = priorityLoads(healthy);
    if (loads.empty())
        return std::nullopt;
    if (m_priorityCredit.size() != loads.size())
        m_priorityCredit.assign(loads.size(), 0.0);
    std::size_t best = 0;
    for (std::size_t i = 0; i < loads.size(); ++i) {
        m_priorityCredit[i] = loads[i] > 0 ? m_priorityCredit[i] + loads[i] : 0;
        if (m_priorityCredit[i] > m_priorityCredit[best])
            best = i;
    }
    m_priorityCredit[best] -= 1;
    return static_cast<unsigned>(best);
}

std::optional<std::size_t> Balancer::pick(Time now, const std::vector<std::string> &avoid)
{
    if (m_entries.empty())
        return std::nullopt;
    sweep(now);
    const auto priority = pickPriority();
    if (!priority)
        return std::nullopt;

    // Weighted turns, where a busy host's weight shrinks: round robin among equals, least request otherwise.
    const auto choose = [&](auto &&allowed) -> std::optional<std::size_t> {
        std::optional<std::size_t> best;
        double total = 0;
        for (std::size_t i = 0; i < m_entries.size(); ++i) {
            Entry &entry = m_entries[i];
            if (entry.ejected || !allowed(entry))
                continue;
            const double weight = static_cast<double>(entry.host.weight) / (entry.active + 1);
            entry.credit += weight;
            total += weight;
            if (!best || entry.credit > m_entries[*best].credit + 1e-9)
                best = i;
        }
        if (best)
            m_entries[*best].credit -= total;
        return best;
    };
    const auto avoided
        = [&](const Entry &entry) { return !avoid.empty() && std::find(avoid.begin(), avoid.end(), entry.key) != avoid.end(); };
    if (auto found = choose([&](const Entry &entry) { return entry.host.priority == *priority && !avoided(entry); }))
        return found;
    // A retry that finds only tried hosts in this priority takes one of them again, as Istio's default does.
    return choose([&](const Entry &entry) { return entry.host.priority == *priority; });
}

void Balancer::started(const std::string &key)
{
    if (const auto index = indexOf(key); index < m_entries.size())
        ++m_entries[index].active;
}

void Balancer::finished(const std::string &key, unsigned status, Time now)
{
    const auto index = indexOf(key);
    if (index >= m_entries.size())
        return;
    Entry &entry = m_entries[index];
    if (entry.active > 0)
        --entry.active;
    if (!m_outlier)
        return;
    entry.failuresInRow = status >= 500 ? entry.failuresInRow + 1 : 0;
    entry.gatewayErrorsInRow = status >= 502 && status <= 504 ? entry.gatewayErrorsInRow + 1 : 0;
    if (entry.ejected)
        return;
    const bool tooMany = m_outlier->consecutive5xx > 0 && entry.failuresInRow >= m_outlier->consecutive5xx;
    const bool tooManyGateway = m_outlier->consecutiveGatewayErrors > 0 && entry.gatewayErrorsInRow >= m_outlier->consecutiveGatewayErrors;
    if (tooMany || tooManyGateway)
        eject(entry, now);
}

} // namespace catamaran::lab
