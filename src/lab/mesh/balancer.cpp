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
        // Not all proxies begin with the same host.
        entry.turn = m_turn + std::uniform_real_distribution<double>(0, 1)(m_random) / host.weight;
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

bool Balancer::eject(Entry &entry, Time now)
{
    const auto ejected = std::count_if(m_entries.begin(), m_entries.end(), [](const Entry &other) { return other.ejected; });
    const double percent = 100.0 * static_cast<double>(ejected) / static_cast<double>(m_entries.size());
    // Up to Envoy 1.30 (Istio 1.22) the share is taken before the ejection, so the first host always goes.
    if (percent >= m_outlier->maxEjectionPercent)
        return false;
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
    return true;
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
    double chance = std::uniform_real_distribution<double>(0, 1)(m_random);
    std::size_t last = 0;
    for (std::size_t i = 0; i < loads.size(); ++i) {
        if (loads[i] <= 0)
            continue;
        last = i;
        chance -= loads[i];
        if (chance < 0)
            break;
    }
    return static_cast<unsigned>(last);
}

std::size_t Balancer::draw(const std::vector<std::size_t> &among)
{
    std::uniform_int_distribution<std::size_t> any(0, among.size() - 1);
    const std::size_t first = among[any(m_random)], second = among[any(m_random)];
    return m_entries[second].active < m_entries[first].active ? second : first;
}

std::size_t Balancer::takeTurns(const std::vector<std::size_t> &among)
{
    // Who was away comes next, but only once: the turns it missed are gone.
    const auto due = [this](std::size_t index) { return std::pair(std::max(m_entries[index].turn, m_turn), m_entries[index].turn); };
    const auto next = *std::min_element(among.begin(), among.end(), [&](std::size_t a, std::size_t b) { return due(a) < due(b); });
    Entry &entry = m_entries[next];
    m_turn = std::max(entry.turn, m_turn);
    entry.turn = m_turn + (entry.active + 1.0) / entry.host.weight;
    return next;
}

std::optional<std::size_t> Balancer::pick(Time now, const std::vector<std::string> &avoid)
{
    if (m_entries.empty())
        return std::nullopt;
    sweep(now);
    const auto priority = pickPriority();
    if (!priority)
        return std::nullopt;

    // A retry that finds only tried hosts in this priority takes one of them again, as Istio's default does.
    std::vector<std::size_t> healthy, fresh;
    bool isEven = true;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const Entry &entry = m_entries[i];
        if (entry.ejected || entry.host.priority != *priority)
            continue;
        isEven = isEven && (healthy.empty() || entry.host.weight == m_entries[healthy.front()].host.weight);
        healthy.push_back(i);
        if (std::find(avoid.begin(), avoid.end(), entry.key) == avoid.end())
            fresh.push_back(i);
    }
    if (healthy.empty())
        return std::nullopt;
    const auto &among = fresh.empty() ? healthy : fresh;
    return isEven ? draw(among) : takeTurns(among);
}

void Balancer::started(const std::string &key)
{
    if (const auto index = indexOf(key); index < m_entries.size())
        ++m_entries[index].active;
}

void Balancer::ended(const std::string &key)
{
    if (const auto index = indexOf(key); index < m_entries.size() && m_entries[index].active > 0)
        --m_entries[index].active;
}

bool Balancer::result(const std::string &key, unsigned status, Time now)
{
    const auto index = indexOf(key);
    if (index >= m_entries.size() || !m_outlier)
        return false;
    Entry &entry = m_entries[index];
    entry.failuresInRow = status >= 500 ? entry.failuresInRow + 1 : 0;
    entry.gatewayErrorsInRow = status >= 502 && status <= 504 ? entry.gatewayErrorsInRow + 1 : 0;
    if (entry.ejected)
        return false;
    const bool tooMany = m_outlier->consecutive5xx > 0 && entry.failuresInRow >= m_outlier->consecutive5xx;
    const bool tooManyGateway = m_outlier->consecutiveGatewayErrors > 0 && entry.gatewayErrorsInRow >= m_outlier->consecutiveGatewayErrors;
    return (tooMany || tooManyGateway) && eject(entry, now);
}

} // namespace catamaran::lab
