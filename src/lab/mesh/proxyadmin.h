// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/podruntime.h"
#include "lab/mesh/sidecar.h"

namespace catamaran::lab {

/// What the sidecar's admin interface answers to GET @p path ("clusters?format=json", "certs", "config_dump", ...), from
/// its real state. Empty when it does not know the path.
[[nodiscard]] std::string proxyAdmin(const Sidecar &sidecar, const std::string &path);

/// `pilot-agent request GET <path>` in the istio-proxy container.
[[nodiscard]] std::unique_ptr<ExecProcess> askProxy(asio::io_context &io, const Sidecar &sidecar, ExecRequest request);

} // namespace catamaran::lab
