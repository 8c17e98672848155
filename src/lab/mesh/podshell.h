// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/podruntime.h"
#include "lab/mesh/net.h"

namespace catamaran::lab {

/// What a process in a pod sees of the world.
struct PodSurroundings {
    std::string ns, pod, ip, localhost;
    std::string hostsFolder; ///< contains the file "hosts"; shown inside as /run/catamaran
    std::vector<std::pair<std::string, std::string>> environment; ///< the container's own
};

/// A running child of the lab, with pipes or a terminal. Shared by its handle and its pending operations.
class PodChild;

/// Runs real commands at a pod's address: in a bubblewrap sandbox where that works, else as plain children with a clean
/// environment. Every child dies with the lab.
class PodShell {
public:
    explicit PodShell(asio::io_context &io);

    /// Null with a runtime's words in @p error. @p child is what stop() needs.
    [[nodiscard]] std::unique_ptr<ExecProcess> run(
        ExecRequest request, const PodSurroundings &around, std::weak_ptr<PodChild> &child, std::string &error);
    [[nodiscard]] bool isSandboxed() const { return m_sandboxed; }
    /// Kills a child as a dying container does (exit code 137).
    static void kill(const std::weak_ptr<PodChild> &child);

    /// Where the preloaded library is; empty when it cannot be found.
    [[nodiscard]] static std::string podnetLibrary();

private:
    [[nodiscard]] std::vector<std::string> sandboxCommand(const PodSurroundings &around, bool tty) const;

    asio::io_context &m_io;
    std::string m_library;
    bool m_sandboxed = false;
};

} // namespace catamaran::lab
