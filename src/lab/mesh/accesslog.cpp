// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/accesslog.h"

#include <cstdio>
#include <ctime>

namespace catamaran::lab {

std::string millisecondTimestamp(std::chrono::system_clock::time_point when)
{
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
    const std::time_t seconds = static_cast<std::time_t>(milliseconds / 1000);
    std::tm parts {};
    ::gmtime_r(&seconds, &parts);
    char day[32];
    const std::size_t size = std::strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &parts);
    char rest[16];
    std::snprintf(rest, sizeof rest, ".%03dZ", static_cast<int>(milliseconds % 1000));
    return std::string(day, size) + rest;
}

std::string AccessLogEntry::line() const
{
    const auto quoted = [](const std::string &text) { return "\"" + (text.empty() ? std::string("-") : text) + "\" "; };
    const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
    std::string text;
    text.reserve(512);
    text += "[" + millisecondTimestamp(start) + "] ";
    text += tcp ? std::string("\"- - -\" ") : "\"" + method + " " + path + " HTTP/1.1\" ";
    text += std::to_string(status) + " " + flags + " " + details + " - " + quoted(transportFailure);
    text += std::to_string(received) + " " + std::to_string(sent) + " " + std::to_string(duration) + " ";
    text += (serviceTime < 0 ? std::string("-") : std::to_string(serviceTime)) + " ";
    text += quoted(forwardedFor) + quoted(userAgent) + quoted(requestId) + quoted(authority) + quoted(upstreamHost);
    text += upstreamCluster + " " + upstreamLocal + " " + downstreamLocal + " " + downstreamRemote + " " + serverName + " " + route;
    return text;
}

} // namespace catamaran::lab
