// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace catamaran::lab {

/// One line of a proxy's access log, in Istio's default text format.
struct AccessLogEntry {
    std::chrono::system_clock::time_point start = std::chrono::system_clock::now();
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
    std::string method, path, userAgent, requestId, authority, forwardedFor;
    unsigned status = 0;
    std::string flags = "-"; ///< UF, UH, UC, URX, DC, ...
    std::string details = "-"; ///< via_upstream, ...
    std::string transportFailure = "-";
    std::size_t received = 0, sent = 0;
    std::string upstreamHost = "-", upstreamCluster = "-", upstreamLocal = "-", downstreamLocal = "-", downstreamRemote = "-",
                serverName = "-", route = "-";
    long long serviceTime = -1; ///< ms; -1: no answer
    bool tcp = false;
    bool inbound = false; ///< of a request that came, not of one that went

    [[nodiscard]] std::string line() const;
};

/// 2026-07-01T12:00:00.123Z
[[nodiscard]] std::string millisecondTimestamp(std::chrono::system_clock::time_point when);

} // namespace catamaran::lab
