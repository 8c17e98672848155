// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh::istio {

/// istio.addMember {mesh, home, namespace, cluster, id, server, token, hours, renews, foreign}: the remote secret by which the control
/// plane in namespace of home reads cluster, as istioctl create-remote-secret writes it, with a token of that cluster's reader account. See
/// remotesecret.h for the arguments and the state.
///
/// In place is one that names the server asked for and whose token the cluster does not refuse and that is not near its end, whosever it
/// is. One that others have applied is refused (Precondition with code "Foreign") unless foreign is "take". Proven by every ready replica
/// saying that it has read the cluster, as far as they may be asked.
///
/// Taking back deletes what was made. With renews true it says that it cannot be taken back: the former token is kept nowhere.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeAddMember();

} // namespace catamaran::mesh::istio
