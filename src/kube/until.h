// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/conditions.h"
#include "kube/kubeclient.h"

#include <QDateTime>

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>

namespace catamaran::kube {

/// One object of one cluster.
struct ObjectName {
    ResourceKind kind;
    QString ns, name;
};

/// How long is waited, and who hears of it.
struct Patience {
    std::chrono::steady_clock::time_point deadline;
    std::stop_token stop {};
    std::function<void(const QString &)> note {}; ///< each new text of the condition, on the waiting thread; may be empty
    /// Of a workload: what keeps its pods from being ready (podtrouble.h) is followed too. It ends the texts, and the wait
    /// (Precondition, with its remedy) as soon as it is hopeless.
    bool heedsPods = false;
};

/// What was there when the condition held.
struct Sighting {
    std::optional<QJsonObject> object; ///< without managedFields; nullopt: there is none
    QString text; ///< the condition's
    QString source; ///< "watch of /apis/apps/v1/…/sleep on cluster-1"
    QDateTime at;
};

/// The one wait: lists and watches one object until @p condition says So. The list comes from the store, so what was
/// written before is seen; lost watches, 410 and a server that restarts are outlived. Where it cannot be listed but read, it is
/// read once a second. Errors: what a Never gives, or what
/// hopelessly stands in the way (Precondition, its reason); Timeout with what was seen last; Cancelled; and at once Forbidden,
/// Unauthorized, NotFound (no such kind there) and InvalidInput of what can neither be listed nor read. @p tried: "wait until sleep has 2
/// pods". For worker threads.
[[nodiscard]] core::Result<Sighting> until(
    KubeClient &client, const ObjectName &object, const QString &tried, const Condition &condition, const Patience &patience);

} // namespace catamaran::kube
