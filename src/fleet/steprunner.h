// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/executor.h"
#include "pki/ca.h"

namespace catamaran::fleet {

/// Does single steps: looks, acts where something is missing, reads back. One per execute(); worker thread.
class StepRunner {
public:
    using Outcome = core::Result<core::Done>;

    StepRunner(const Plan &plan, Session &session, const ExecuteOptions &options, store::Database &journal, std::stop_token stop);

    /// @p note gets the newest line of the step's log.
    Outcome run(const PlanStep &step, std::function<void(const QString &)> note);

private:
    Outcome act(const MakeRoot &action);
    Outcome act(const CreateMesh &action);
    Outcome act(const WaitForMesh &action);
    Outcome act(const AddMember &action);
    Outcome act(const RemoveMember &action);
    Outcome act(const SetNetworks &action);
    Outcome act(const SetInjection &action);
    Outcome act(const ApplyManifest &action);
    Outcome act(const DeleteManifest &action);
    Outcome act(const ScaleWorkload &action);
    Outcome act(const CreateNamespace &action);
    Outcome act(const DeleteNamespace &action);
    Outcome act(const CompareRoots &action);
    Outcome act(const DeleteMesh &action);

    /// The step, as errors name what was tried.
    [[nodiscard]] QString tried() const;
    /// Makes one change: a journal line before, its outcome after.
    Outcome change(const QString &call, const QString &target, const std::function<Outcome()> &make);
    /// A step without changes of its own leaves one line as well.
    Outcome journalled(const std::function<Outcome()> &step);

    // Looking. Errors name the step's subject.
    core::Result<mesh::ControlPlane *> plane() const;
    core::Result<kube::KubeClient *> cluster(const QString &name) const;
    core::Result<QList<mesh::MeshStatus>> meshes();
    /// nullopt: there is no such mesh.
    core::Result<std::optional<mesh::MeshStatus>> find(const QString &mesh);
    core::Result<mesh::MeshStatus> need(const QString &mesh);
    core::Result<QString> clusterId(const QString &name);
    core::Result<alicloud::AckCluster> ackCluster(const QString &name);
    /// Waits until @p done says true (or an error), asking every pollInterval until stepTimeout. @p waitingFor ends the error.
    Outcome poll(const QString &target, const QString &waitingFor, const std::function<core::Result<bool>()> &done);
    core::Result<mesh::MeshStatus> waitUntilRunning(const QString &mesh);
    core::Result<pki::Identity> root(const MakeRoot &wish);
    Outcome waitUntilReady(kube::KubeClient &client, const QString &ns, const QString &deployment);

    const Plan &m_plan;
    Session &m_session;
    const ExecuteOptions &m_options;
    store::Database &m_journal;
    std::stop_token m_stop;
    const PlanStep *m_step = nullptr;
    bool m_stepJournalled = false;
    std::function<void(const QString &)> m_note;
    std::optional<pki::Identity> m_root;
    QMap<QString, alicloud::AckCluster> m_ackClusters;
};

} // namespace catamaran::fleet
