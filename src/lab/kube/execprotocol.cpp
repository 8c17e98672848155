// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/execprotocol.h"

#include <algorithm>

namespace catamaran::lab {

namespace {

bool offers(std::string_view list, std::string_view wanted)
{
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        auto name = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        while (!name.empty() && name.front() == ' ')
            name.remove_prefix(1);
        while (!name.empty() && name.back() == ' ')
            name.remove_suffix(1);
        if (name == wanted)
            return true;
    }
    return false;
}

} // namespace

std::string chooseExecProtocol(std::string_view offered)
{
    for (const std::string_view spoken : { "v5.channel.k8s.io", "v4.channel.k8s.io" }) {
        if (offers(offered, spoken))
            return std::string(spoken);
    }
    return {};
}

std::string chooseSpdyProtocol(std::string_view offered)
{
    return offers(offered, "v4.channel.k8s.io") ? "v4.channel.k8s.io" : "";
}

json::object execStatus(int exitCode)
{
    if (exitCode == 0)
        return { { "metadata", json::object() }, { "status", "Success" } };
    const auto number = std::to_string(exitCode);
    return { { "metadata", json::object() }, { "status", "Failure" },
        { "message", "command terminated with non-zero exit code: error executing command, exit code " + number },
        { "reason", "NonZeroExitCode" },
        { "details", json::object { { "causes", json::array { json::object { { "reason", "ExitCode" }, { "message", number } } } } } } };
}

json::object execFailure(const std::string &why)
{
    return { { "metadata", json::object() }, { "status", "Failure" },
        { "message", "Internal error occurred: error executing command in container: " + why }, { "reason", "InternalError" },
        { "details",
            json::object { { "causes", json::array { json::object { { "message", "error executing command in container: " + why } } } } } },
        { "code", 500 } };
}

} // namespace catamaran::lab
