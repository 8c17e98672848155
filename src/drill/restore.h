// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/runner.h"
#include "fleet/rights.h"

#include <QJsonArray>

/// What a drill must put back, as values that survive in the database. Every action is idempotent and is proven by
/// reading back. For worker threads.
namespace catamaran::drill {

struct RestoreScale {
    QString cluster, ns, deployment;
    int replicas = 1;
};
struct RestoreDelete { ///< an object that the drill is about to make and that was not there before
    QString cluster, ns, apiVersion, kind, name;
};
struct RestorePlan {
    QList<RestoreScale> scales;
    QList<RestoreDelete> deletions;

    /// {"restore":[…]}
    [[nodiscard]] QJsonObject toJson() const;
    /// Protocol when @p actions is not what toJson() writes.
    [[nodiscard]] static core::Result<RestorePlan> fromJson(const QJsonObject &actions);
};

/// What each fault of @p drill changes, as it is now. Fails when the fault makes no sense now (nothing to scale, a client
/// already where it is to go). Changes nothing.
[[nodiscard]] core::Result<RestorePlan> planRestore(const DrillDocument &drill, fleet::Session &session, std::stop_token stop);

/// What putting @p plan back, and proving it, asks of each cluster. Pure.
[[nodiscard]] fleet::Rights rightsFor(const RestorePlan &plan);

/// Puts everything back, then reads it back until it is so or @p patience is over. One outcome per action.
[[nodiscard]] QList<RestoreOutcome> restoreAndProve(const RestorePlan &plan, fleet::Session &session, std::chrono::milliseconds patience, std::stop_token stop);

/// The KubeClient of @p cluster, or why there is none.
[[nodiscard]] core::Result<kube::KubeClient *> clientOf(fleet::Session &session, const QString &cluster);

struct DeploymentState {
    int desired = 0, ready = 0, existing = 0;
};
[[nodiscard]] core::Result<DeploymentState> readDeployment(kube::KubeClient &client, const QString &ns, const QString &name, std::stop_token stop);

} // namespace catamaran::drill
