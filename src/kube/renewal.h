// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.h"
#include "kube/kubeconfig.h"

#include <functional>

/// Credentials that end and that somebody makes anew: a cloud's kubeconfig.
namespace catamaran::kube {

struct RenewedAccess {
    ClusterAccess access;
    QDateTime expires; ///< as whoever made it says; null: it does not say
};

/// Makes a new one. Main thread; the handler is called once, later, on the same.
using RenewAccess = std::function<void(std::function<void(const core::Result<RenewedAccess> &)>)>;

/// When the credentials of @p access end: the earliest of its certificate's end, its token's (`exp` of a JWT) and @p told; null: nobody
/// knows. Pure.
[[nodiscard]] QDateTime credentialsEnd(const ClusterAccess &access, const QDateTime &told);

/// Lets a KubeClient of @p access get new credentials by @p renew before they end, and when the server refuses them. Watches go on with
/// the new ones. An answer that leads to another server is an error; nothing but the credentials is taken of it.
void renewBeforeItEnds(ClusterAccess &access, const QDateTime &told, RenewAccess renew, core::Clock clock = core::systemClock());

} // namespace catamaran::kube
