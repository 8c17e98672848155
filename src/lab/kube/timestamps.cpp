// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/timestamps.h"

#include <chrono>
#include <cstdio>
#include <ctime>

namespace catamaran::lab {

namespace {

std::int64_t nowSeconds()
{
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

} // namespace

std::string timestampNow()
{
    return timestampAt(nowSeconds());
}

std::string timestampAt(std::int64_t unixSeconds)
{
    const auto seconds = static_cast<std::time_t>(unixSeconds);
    std::tm parts {};
    gmtime_r(&seconds, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

std::int64_t timestampSeconds(const std::string &text)
{
    std::tm parts {};
    const char *end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
    return end && (*end == 'Z' || *end == '.') ? static_cast<std::int64_t>(timegm(&parts)) : -1;
}

std::string humanAge(std::int64_t seconds)
{
    // The steps of apimachinery's duration.HumanDuration.
    if (seconds < 0)
        seconds = 0;
    const auto two = [](std::int64_t big, const char *bigUnit, std::int64_t small, const char *smallUnit) {
        auto text = std::to_string(big) + bigUnit;
        if (small > 0)
            text += std::to_string(small) + smallUnit;
        return text;
    };
    if (seconds < 120)
        return std::to_string(seconds) + "s";
    const auto minutes = seconds / 60;
    if (minutes < 10)
        return two(minutes, "m", seconds % 60, "s");
    if (minutes < 180)
        return std::to_string(minutes) + "m";
    const auto hours = minutes / 60;
    if (hours < 8)
        return two(hours, "h", minutes % 60, "m");
    if (hours < 48)
        return std::to_string(hours) + "h";
    const auto days = hours / 24;
    if (hours < 192)
        return two(days, "d", hours % 24, "h");
    if (days < 365 * 2)
        return std::to_string(days) + "d";
    if (days < 365 * 8)
        return two(days / 365, "y", days % 365, "d");
    return std::to_string(days / 365) + "y";
}

std::string ageOf(const std::string &timestamp)
{
    const auto then = timestampSeconds(timestamp);
    return then < 0 ? "<unknown>" : humanAge(nowSeconds() - then);
}

} // namespace catamaran::lab
