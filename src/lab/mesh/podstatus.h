// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"

#include <functional>
#include <optional>

namespace catamaran::lab {

/// What a kubelet reports of a pod.
struct PodReport {
    std::string podIp, hostIp;
    bool running = false; ///< its containers run; false: they have ended and wait for a restart
    bool ready = false;
    unsigned restarts = 0;
    std::function<bool(const std::string &container)> containerReady;
    /// Of a container whose command has ended: how. Null while it runs.
    struct Ended {
        int exitCode = 0;
        std::string startedAt, finishedAt;
        bool waits = false; ///< to be started again
    };
    std::function<std::optional<Ended>(const std::string &container)> ended = {};
    /// Of a container that was added to the pod: since when, and until when where it has ended; nullopt: it has not begun.
    std::function<std::optional<Ended>(const std::string &container)> ephemeral = {};
    std::function<unsigned(const std::string &container)> commandRestarts = {};
    bool finished = false; ///< all commands have ended for good
    bool failed = false;
};

/// Why @p image cannot be had: its registry's name ends in ".invalid"; empty for all others. Pure.
[[nodiscard]] std::string whyNotPulled(const std::string &image);
/// Writes the status of a pod whose images cannot all be had. Pure but for the present time @p now.
void writeUnpulled(json::object &pod, const std::string &hostIp, const std::string &now);

/// Writes @p report into the object's status. Times of what has not changed are kept. Pure but for the present time @p now.
void writeStatus(json::object &pod, const PodReport &report, const std::string &now);

} // namespace catamaran::lab
