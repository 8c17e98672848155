// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/podruntime.h"
#include "lab/mesh/net.h"

namespace catamaran::lab {

/// Everything a child needs between fork and exec, made before the fork: afterwards only system calls are allowed.
struct ChildSetup {
    std::vector<std::string> command;
    std::vector<std::string> variables; ///< "NAME=value"
    std::vector<char *> arguments, environment;

    [[nodiscard]] static ChildSetup make(
        const std::vector<std::string> &command, const std::vector<std::pair<std::string, std::string>> &environment);
    ChildSetup() = default;
    ChildSetup(ChildSetup &&) = default;
    ChildSetup &operator=(ChildSetup &&) = default;

    /// In the child: no input, no output.
    void silence() const;
    /// In the child: dies with the lab, keeps only the standard descriptors, becomes the command.
    [[noreturn]] void execute() const;
};

class PodChild;

[[nodiscard]] std::unique_ptr<ExecProcess> startChild(
    asio::io_context &io, ExecRequest request, ChildSetup setup, std::weak_ptr<PodChild> &child, std::string &error);
void killChild(PodChild &child);

} // namespace catamaran::lab
