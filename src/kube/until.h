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
    /// What else is known when time is over ("why are its pods not ready"): asked once, with the last sighting, on the
    /// waiting thread, which may read more objects for it. Ends the error's answer. May be empty.
    std::function<QString(const QJsonObject &)> why {};
};

/// What was there when the condition held.
struct Sighting {
    std::optional<QJsonObject> object; ///< without managedFields; nullopt: there is none
    QString text; ///< the condition's
    QString source; ///< "watch of /apis/apps/v1/…/sleep on cluster-1"
    QDateTime at;
};

/// The one wait: lists and watches one object until @p condition says So. The list comes from the store, so what was
/// written before is seen; lost watches, 410 and a server that restarts are outlived. Errors: what a Never gives
/// (Precondition, its reason); Timeout with what was seen last; Cancelled; and at once Forbidden, Unauthorized, NotFound (no
/// such kind there) and InvalidInput of a watch that was never open. @p tried: "wait until sleep has 2 pods". For worker threads.
[[nodiscard]] core::Result<Sighting> until(
    KubeClient &client, const ObjectName &object, const QString &tried, const Condition &condition, const Patience &patience);

} // namespace catamaran::kube
