// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/meshmodel.h"

#include <optional>

/// Which host gets a request, and which hosts are out for a while: Envoy's rules (facts 2.3, 2.4). Pure: time is passed in.
namespace catamaran::lab {

class Balancer {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// Takes the hosts of a new configuration. Counters of hosts that stay are kept.
    void setHosts(const std::vector<UpstreamHost> &hosts, const std::optional<OutlierDetection> &outlier);

    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] const UpstreamHost &host(std::size_t index) const { return m_entries[index].host; }
    [[nodiscard]] const std::string &key(std::size_t index) const { return m_entries[index].key; }
    [[nodiscard]] std::size_t indexOf(const std::string &key) const; ///< size() when unknown

    /// The host for the next request; nothing when no host is healthy. Hosts in @p avoid are taken only when no other is left.
    [[nodiscard]] std::optional<std::size_t> pick(Time now, const std::vector<std::string> &avoid);

    void started(const std::string &key);
    /// @p status is the answer's, or the 503 that a failed connection stands for.
    void finished(const std::string &key, unsigned status, Time now);

    [[nodiscard]] bool isEjected(std::size_t index, Time now) const;
    [[nodiscard]] unsigned active(std::size_t index) const { return m_entries[index].active; }

private:
    struct Entry {
        UpstreamHost host;
        std::string key;
        unsigned active = 0;
        double credit = 0;
        unsigned failuresInRow = 0;
        unsigned gatewayErrorsInRow = 0;
        unsigned ejections = 0;
        bool ejected = false;
        Time ejectedUntil {};
    };
    void sweep(Time now);
    void eject(Entry &entry, Time now);
    [[nodiscard]] std::optional<unsigned> pickPriority();

    std::vector<Entry> m_entries;
    std::optional<OutlierDetection> m_outlier;
    std::vector<double> m_priorityCredit;
    Time m_nextSweep {};
};

/// How much of the traffic each priority gets, in parts of 1, from the healthy share of each (overprovisioning 1.4).
/// Empty when nothing is healthy.
[[nodiscard]] std::vector<double> priorityLoads(const std::vector<double> &healthyShare);

} // namespace catamaran::lab
