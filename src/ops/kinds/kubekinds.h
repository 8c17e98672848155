// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kinds/target.h"

#include <memory>
#include <vector>

namespace catamaran::ops {

/// kube.apply, kube.delete, kube.scale, kube.patch, kube.deletePod, kube.addContainer: everything this program changes in a cluster. What
/// each takes and promises stands in its own header.
[[nodiscard]] std::vector<std::unique_ptr<const Kind>> kubeKinds();

/// The object that an operation of kind kube.apply, kube.delete, kube.scale or kube.patch is about; nullopt: of another kind, or its
/// arguments are bad. Pure.
[[nodiscard]] std::optional<Target> targetOf(const Operation &operation);

} // namespace catamaran::ops
