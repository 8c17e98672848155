// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/istio/primary.h"
#include "mesh/providerkind.h"

#include <stop_token>
#include <vector>

/// Reads what the clusters tell of Istio, with nothing but GET, lists, exec of the control plane's own request command, and TokenReview.
/// The role that is enough: resources/environments/istio-reader.yaml.
namespace catamaran::mesh::istio {

/// All clusters side by side. @p before: what was known; it stays beside the error of what cannot be read now, and what seldom changes is
/// not read again within a minute. For a worker thread.
[[nodiscard]] QList<SeenCluster> readClusters(
    const std::vector<OpenCluster> &clusters, const QList<SeenCluster> &before, std::stop_token stop);

} // namespace catamaran::mesh::istio
