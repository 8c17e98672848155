// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh::istio {

/// istio.setNetwork {cluster, namespace, network, previous}: the label topology.istio.io/network of a control plane's namespace, by which
/// every control plane that reads the cluster knows which network its pods are on. Without network the label is taken off. previous is for
/// the words only. See namespacelabel.h
/// for its state and how it is taken back. Proxies that were made before keep the network that they began with.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeSetNetwork();

} // namespace catamaran::mesh::istio
