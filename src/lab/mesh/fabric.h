// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/fabricstream.h"
#include "lab/mesh/ledger.h"
#include "lab/mesh/places.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

namespace catamaran::lab {

/// The physical networks and the lines between them. Every connection of a proxy, a gateway or a control plane asks
/// here first: pods of one network reach each other; from another network only gateways can be reached; a cut line is
/// silence (no reset, no refusal), as a cut line is, or refuses.
class Fabric {
public:
    Fabric(asio::io_context &io, AddressPlan plan);

    [[nodiscard]] const AddressPlan &plan() const { return m_plan; }
    /// Where what happens is written down; null: nowhere.
    void setLedger(std::shared_ptr<Ledger> ledger) { m_ledger = std::move(ledger); }
    [[nodiscard]] Ledger *ledger() const { return m_ledger.get(); }
    void place(int cluster, std::string network);
    [[nodiscard]] std::string networkOf(const std::string &address) const;
    [[nodiscard]] std::string networkOfCluster(int cluster) const;
    [[nodiscard]] bool knows(const std::string &network) const;

    void setCut(const std::string &a, const std::string &b, Cut cut);
    void setLatency(const std::string &a, const std::string &b, std::chrono::milliseconds oneWay);
    [[nodiscard]] bool isCut(const std::string &a, const std::string &b) const;
    /// Whether a connection from @p source to @p destination is answered with a reset by the line.
    [[nodiscard]] bool isRejected(const std::string &source, const std::string &destination) const;

    /// Whether packets from @p source arrive at @p destination at this moment.
    [[nodiscard]] bool reaches(const std::string &source, const std::string &destination) const;

    struct Dialled {
        std::unique_ptr<FabricStream> stream; ///< null when @p error is set
        ErrorCode error; ///< timed_out, connection_refused, ...
    };
    /// Connects from @p source until @p deadline. Unreachable destinations take the whole time, as lost packets do.
    [[nodiscard]] asio::awaitable<Dialled> connect(std::string source, std::string destination, unsigned short port, SteadyTime deadline);

private:
    [[nodiscard]] std::shared_ptr<Line> lineBetween(const std::string &a, const std::string &b) const;

    asio::io_context &m_io;
    AddressPlan m_plan;
    std::shared_ptr<Ledger> m_ledger;
    std::map<int, std::string> m_networks;
    mutable std::map<std::pair<std::string, std::string>, std::shared_ptr<Line>> m_lines;
};

} // namespace catamaran::lab
