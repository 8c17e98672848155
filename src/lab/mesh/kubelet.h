// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/hostsfile.h"
#include "lab/mesh/meshworld.h"
#include "lab/mesh/pod.h"

namespace catamaran::lab {

/// Runs the pods of one cluster and keeps their status in its store.
class Kubelet : public PodRuntime, public std::enable_shared_from_this<Kubelet> {
public:
    Kubelet(asio::io_context &io, std::shared_ptr<Fabric> fabric, ClusterRef cluster, const std::string &folder);
    ~Kubelet() override;

    /// Told when a pod with a sidecar has started: it wants a certificate and a configuration.
    std::function<void(Pod &)> onSidecarStarted;

    void start();
    void stopAll();

    [[nodiscard]] std::shared_ptr<Sidecar> sidecarAt(const std::string &ip) const;
    [[nodiscard]] std::vector<Pod *> pods() const;
    [[nodiscard]] Pod *find(const std::string &ns, const std::string &name) const;
    /// Writes what has changed of a pod's readiness.
    void publishStatus(Pod &pod);

    bool killPod(const std::string &ns, const std::string &name);
    bool restartPod(const std::string &ns, const std::string &name);
    void dropAbandoned();

    std::unique_ptr<ExecProcess> exec(ExecRequest request, std::string &error) override;
    std::string logs(const std::string &ns, const std::string &pod, const std::string &container) override;
    std::vector<std::int64_t> logMoments(const std::string &ns, const std::string &pod, const std::string &container) override;
    std::string previousLogs(const std::string &ns, const std::string &pod, const std::string &container) override;
    std::shared_ptr<void> followLogs(
        const std::string &ns, const std::string &pod, const std::string &container, std::function<void(std::string_view)> onLine) override;

private:
    using Key = std::pair<std::string, std::string>;
    void changed(const ObjectEvent &event);
    void sync(const std::shared_ptr<const json::object> &object);
    void terminate(const Key &key, const std::string &uid, std::chrono::milliseconds grace);
    void remove(const Key &key);
    void later(std::chrono::milliseconds when, std::function<void()> what);
    [[nodiscard]] int takeAddress();
    /// Every image is at hand but those of registries called *.invalid, which no name server ever knows: their pods wait
    /// as they do on a real node. False: this one does.
    bool pulls(const std::shared_ptr<const json::object> &pod);
    /// Runs what the containers' commands say and looks after their ends.
    void runCommands(Pod &pod);
    void commandEnded(const Key &key, const std::string &uid, const std::string &container);
    [[nodiscard]] bool restartsAfter(const Key &key, int exitCode) const;
    /// Starts the containers that were added to @p pod since. One that only sleeps ends when it has slept.
    void startEphemeral(Pod &pod, const json::object &object);
    /// Events of a pod's containers, as a kubelet records them.
    void note(Pod &pod);

    asio::io_context &m_io;
    std::shared_ptr<Fabric> m_fabric;
    ClusterRef m_cluster;
    PodShell m_shell;
    HostsFile m_hosts;
    std::map<Key, std::unique_ptr<Pod>> m_pods;
    std::map<Key, int> m_addresses;
    std::map<std::string, Pod *> m_byIp;
    std::set<int> m_taken;
    int m_nextAddress = 0;
    std::set<Key> m_terminating;
    std::shared_ptr<void> m_subscription;
};

} // namespace catamaran::lab
