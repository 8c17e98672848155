// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh::istio {

/// istio.setInjection {cluster, namespace, enabled}: the label istio-injection of a namespace, which the default revision's webhook heeds.
/// Turning it off takes the label away where Catamaran set it; one that others set stays, and counts as done. See namespacelabel.h for its
/// state and how it is taken back. Pods that run stay as they are until they are made anew.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeSetInjection();

} // namespace catamaran::mesh::istio
