// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "kube/kubeclient.h"
#include "ops/owner.h"

#include <memory>
#include <thread>

/// What keeps consoles off each other that share no journal: on other machines, or of other users.
namespace catamaran::ops {

/// Where the Lease object is: coordination.k8s.io/v1, called "catamaran".
struct LeasePlace {
    QString cluster, ns;
    bool operator==(const LeasePlace &) const = default;
};

/// What a Lease says.
struct LeaseHolder {
    QString title; ///< "apply two-meshes"
    Owner owner;
    QDateTime since, heard;
    QString resourceVersion;
};
/// Pure; nullopt when it is nobody's.
[[nodiscard]] std::optional<LeaseHolder> leaseHolderOf(const QJsonObject &lease);

/// A Lease held by this process, renewed by a thread of its own, and removed when the last who shares it lets go.
class Lease {
public:
    /// Conflict (code "Held") says who holds it since when: another process of this machine that lives, or one of another machine that was
    /// heard of lately, or that is heard of while we are @p listening (longer than between two beats), whatever its clock says. Forbidden
    /// and NotFound are the server's: no right to it, no such namespace. For worker threads.
    [[nodiscard]] static core::Result<std::shared_ptr<Lease>> take(kube::KubeClient &client, const LeasePlace &place, const QString &title,
        std::stop_token stop, core::Clock clock = core::systemClock(), std::chrono::milliseconds listening = std::chrono::seconds(12));
    /// On a worker thread it waits until the Lease is removed.
    ~Lease();

private:
    struct Hold;
    Lease(std::shared_ptr<Hold> hold);

    std::jthread m_heart;
};

} // namespace catamaran::ops
