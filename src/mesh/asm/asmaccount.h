// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/asmclient.h"

#include <functional>

namespace catamaran::mesh {

/// One account of Alibaba Cloud as the operations asm.* use it: World::service<AsmAccount>(). Beside it they need the account's
/// ControlPlane, for what is known of all meshes. Does not own the client.
struct AsmAccount {
    alicloud::AsmClient &client;
    /// The id of a cluster by the environment's name for it; it may have to be asked for. Called from any worker thread.
    std::function<core::Result<QString>(const QString &cluster, std::stop_token stop)> clusterId;
};

} // namespace catamaran::mesh
