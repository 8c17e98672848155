// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>
#include <vector>

namespace catamaran::ops {

/// kube.apply, kube.delete, kube.scale, kube.patch, kube.deletePod: everything this program changes in a cluster. What each
/// takes and promises stands in its own header.
[[nodiscard]] std::vector<std::unique_ptr<const Kind>> kubeKinds();

} // namespace catamaran::ops
