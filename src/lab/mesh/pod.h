// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"
#include "lab/mesh/helloworld.h"
#include "lab/mesh/podlog.h"
#include "lab/mesh/podshell.h"
#include "lab/mesh/sidecar.h"

namespace catamaran::lab {

/// One pod's processes: its application, its sidecar, and the commands that run in it.
class Pod {
public:
    struct Settings {
        std::string ns, name, uid, ip, behind, node, hostsFolder;
        int cluster = 0;
    };
    Pod(asio::io_context &io, std::shared_ptr<Fabric> fabric, Settings settings, const json::object &object);
    ~Pod();
    Pod(const Pod &) = delete;
    Pod &operator=(const Pod &) = delete;

    [[nodiscard]] const Settings &settings() const { return m_settings; }
    [[nodiscard]] const std::shared_ptr<Sidecar> &sidecar() const { return m_sidecar; }
    [[nodiscard]] const std::string &networkName() const { return m_network; }
    [[nodiscard]] const std::string &serviceAccount() const { return m_serviceAccount; }

    void start();
    void stop();
    [[nodiscard]] bool isRunning() const { return m_running; }
    /// Every container is up; a sidecar without certificate or configuration is not.
    [[nodiscard]] bool isReady() const
    {
        return m_running && m_applicationUp && !hasEndedCommand() && (!m_sidecar || m_sidecar->isReady());
    }
    [[nodiscard]] bool isContainerReady(const std::string &container) const;
    [[nodiscard]] unsigned restarts() const { return m_restarts; }

    [[nodiscard]] PodLog &log(const std::string &container) { return *sharedLog(container); }
    /// For whoever may outlive the pod: a sidecar finishes the requests that it has.
    [[nodiscard]] std::shared_ptr<PodLog> sharedLog(const std::string &container)
    {
        auto &log = m_logs[container];
        if (!log)
            log = std::make_shared<PodLog>();
        return log;
    }
    /// Runs the commands of containers that have one (beside sleep, which needs no process). @p onEnd: one has ended.
    void runCommands(PodShell &shell, std::function<void(const std::string &container)> onEnd);
    /// Runs a container's command once more.
    void runAgain(PodShell &shell, const std::string &container);
    /// How the command of a container ended and how often it was started again.
    struct CommandState {
        bool ended = false;
        int exitCode = 0;
        unsigned restarts = 0;
        std::string startedAt, finishedAt;
    };
    [[nodiscard]] const CommandState *commandState(const std::string &container) const;
    [[nodiscard]] bool allCommandsEnded() const;
    [[nodiscard]] bool hasEndedCommand() const;
    [[nodiscard]] std::vector<std::string> commandContainers() const;
    [[nodiscard]] std::string previousLog(const std::string &container) const;

    /// A container that is added while the pod runs: it may be looked into until it ends, and changes nothing of the pod's readiness.
    struct Ephemeral {
        std::string startedAt, finishedAt;
        bool ended = false;
    };
    /// False: it is there already. @p container: of the pod's spec.
    bool addEphemeral(const json::value &container);
    void endEphemeral(const std::string &container);
    /// Null: there is none of the name.
    [[nodiscard]] const Ephemeral *ephemeral(const std::string &container) const;

    [[nodiscard]] bool hasContainer(const std::string &container) const;
    [[nodiscard]] const std::string &firstContainer() const { return m_first; }
    [[nodiscard]] std::unique_ptr<ExecProcess> exec(PodShell &shell, ExecRequest request, std::string &error);

private:
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> environmentOf(const std::string &container) const;

    asio::io_context &m_io;
    std::shared_ptr<Fabric> m_fabric;
    Settings m_settings;
    std::string m_network, m_serviceAccount, m_meshId, m_clusterId, m_first, m_version;
    bool m_injected = false;
    bool m_hello = false;
    std::string m_helloContainer;
    std::set<unsigned short> m_ports;
    std::map<std::string, std::vector<std::pair<std::string, std::string>>> m_containers; ///< name -> environment
    std::map<std::string, std::shared_ptr<PodLog>> m_logs;
    std::shared_ptr<HelloWorld> m_application;
    std::shared_ptr<Sidecar> m_sidecar;
    std::unique_ptr<Listener> m_admin; ///< of the sidecar
    struct Command {
        std::vector<std::string> words;
        std::unique_ptr<ExecProcess> process;
        std::string partialLine, previousLog;
        CommandState state;
    };
    void readEnvironment(const json::value &container);
    std::map<std::string, Ephemeral> m_ephemeral;
    [[nodiscard]] PodSurroundings surroundings(const std::string &container) const;
    void runCommand(PodShell &shell, const std::string &container);

    std::map<std::string, Command> m_commands;
    std::function<void(const std::string &)> m_onCommandEnd;
    std::size_t m_ownContainers = 0;
    std::vector<std::weak_ptr<PodChild>> m_children;
    bool m_running = false, m_applicationUp = false, m_startedBefore = false;
    unsigned m_restarts = 0;
};

/// "v1" of "…/examples-helloworld-v1:1.0"; empty when the image is another.
[[nodiscard]] std::string helloworldVersion(const std::string &image);

} // namespace catamaran::lab
