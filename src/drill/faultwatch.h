// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"

#include <optional>

namespace catamaran::drill {

/// What became of a workload that a drill had scaled.
struct Undone {
    int replicas = -1; ///< as it is wished now; -1: the workload is not there any more
    QString manager; ///< who set it, by the field's owner; empty when that is not recorded
};
/// Whether @p deployment is not wished to have @p replicas any more; nothing when it still is. Pure.
[[nodiscard]] std::optional<Undone> undone(const QJsonObject &deployment, int replicas);

/// Looks all along whether what a drill broke stays broken: an autoscaler or a GitOps controller may put it back, and then
/// nothing was rehearsed. For the drill's worker thread; look() never waits.
class FaultWatch {
public:
    /// Drops what is still being asked.
    ~FaultWatch();

    struct Subject {
        QString cluster;
        kube::ResourceKind kind;
        QString ns, name;
        bool operator==(const Subject &) const = default;
    };
    /// From now on @p subject must keep @p replicas, which the server has just taken (nullopt: must be there). @p client outlives this.
    void expect(kube::KubeClient &client, const Subject &subject, std::optional<int> replicas);
    /// Takes in the answers that have come, and asks again now and then. An error says that the fault did not hold.
    [[nodiscard]] core::Result<core::Done> look();
    /// Whether every workload was read, and was as expected, after @p sinceMs (Unix).
    [[nodiscard]] bool seenSince(qint64 sinceMs) const;
    /// When all of it was last seen as expected (Unix, ms): that of the workload which was not for longest; nullopt: nothing is watched.
    [[nodiscard]] std::optional<qint64> seenAtMs() const;
    /// Why the last look failed, of those that were not answered; empty while all are.
    [[nodiscard]] std::optional<core::Error> trouble() const;

private:
    struct Workload {
        kube::KubeClient *client = nullptr;
        Subject subject;
        std::optional<int> replicas;
        qint64 takenAtMs = 0, askedAtMs = 0, seenAtMs = 0; ///< Unix; seen: when the question was asked that showed it in place
        std::optional<QFuture<core::Result<QJsonObject>>> asked;
        std::optional<core::Error> trouble;
    };

    [[nodiscard]] core::Result<core::Done> take(Workload &workload, const core::Result<QJsonObject> &answer);

    QList<Workload> m_workloads;
    std::stop_source m_stop;
};

} // namespace catamaran::drill
