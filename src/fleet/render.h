// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/fleetdocument.h"

#include <stop_token>

namespace catamaran::fleet {

/// @p document with the objects that its control planes and gateways are installed from: read from its manifests, or rendered by the user's
/// istioctl (`manifest generate`), which is told the cluster and the network that the fleet names unless the document says otherwise.
/// Nothing is asked of a cluster.
///
/// The program has to be the user's own (core::whyNotOwn()), gets no secret of ours in its environment and no kubeconfig, no terminal, a
/// minute and 16 MiB. InvalidInput, with its own last words, when it fails; also when a gateway is not of the network that the fleet says.
/// For a worker thread.
[[nodiscard]] core::Result<documents::FleetDocument> rendered(documents::FleetDocument document, std::stop_token stop);

} // namespace catamaran::fleet
