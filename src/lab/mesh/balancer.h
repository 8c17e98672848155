// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/meshmodel.h"

#include <optional>
#include <random>

/// Which host gets a request, and which hosts are out for a while: Envoy's rules (facts 2.3, 2.4). Time is passed in, and what
/// chance decides comes from the seed.
namespace catamaran::lab {

/// LEAST_REQUEST, Istio's default: among hosts of one weight two are drawn, and the one with fewer open requests is taken;
/// hosts of different weights take turns by weight over open requests. Shares are even, the order is not.
class Balancer {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit Balancer(std::uint64_t seed = std::random_device {}())
        : m_random(seed)
    {
    }

    /// Takes the hosts of a new configuration. Counters of hosts that stay are kept.
    void setHosts(const std::vector<UpstreamHost> &hosts, const std::optional<OutlierDetection> &outlier);

    [[nodiscard]] std::size_t size() const { return m_entries.size(); }
    [[nodiscard]] const UpstreamHost &host(std::size_t index) const { return m_entries[index].host; }
    [[nodiscard]] const std::string &key(std::size_t index) const { return m_entries[index].key; }
    [[nodiscard]] std::size_t indexOf(const std::string &key) const; ///< size() when unknown

    /// The host for the next request; nothing when no host is healthy. Hosts in @p avoid are taken only when no other is left
    /// (Envoy draws five times more and then takes one of them all the same).
    [[nodiscard]] std::optional<std::size_t> pick(Time now, const std::vector<std::string> &avoid);

    /// A request is open at a host: it has a connection. Who waits for one is not counted, as in Envoy.
    void started(const std::string &key);
    /// What was started() has ended.
    void ended(const std::string &key);
    /// What came of a request: @p status is the answer's, or the 503 that a failed connection stands for. True when that has put the
    /// host out.
    bool result(const std::string &key, unsigned status, Time now);

    [[nodiscard]] bool isEjected(std::size_t index, Time now) const;
    [[nodiscard]] unsigned active(std::size_t index) const { return m_entries[index].active; }

private:
    struct Entry {
        UpstreamHost host;
        std::string key;
        unsigned active = 0;
        double turn = 0; ///< when it is due, among hosts of different weights
        unsigned failuresInRow = 0;
        unsigned gatewayErrorsInRow = 0;
        unsigned ejections = 0;
        bool ejected = false;
        Time ejectedUntil {};
    };
    void sweep(Time now);
    bool eject(Entry &entry, Time now);
    [[nodiscard]] std::optional<unsigned> pickPriority();
    [[nodiscard]] std::size_t draw(const std::vector<std::size_t> &among);
    [[nodiscard]] std::size_t takeTurns(const std::vector<std::size_t> &among);

    std::vector<Entry> m_entries;
    std::optional<OutlierDetection> m_outlier;
    std::mt19937_64 m_random;
    double m_turn = 0; ///< of the last host that was taken in turn
    Time m_nextSweep {};
};

/// How much of the traffic each priority gets, in parts of 1, from the healthy share of each (overprovisioning 1.4).
/// Empty when nothing is healthy.
[[nodiscard]] std::vector<double> priorityLoads(const std::vector<double> &healthyShare);

} // namespace catamaran::lab
