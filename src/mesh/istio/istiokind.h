// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/providerkind.h"

namespace catamaran::mesh {

/// Istio that its users install themselves.
[[nodiscard]] const ProviderKind &istioKind();

namespace istio {
[[nodiscard]] const Operations &istioOperations();
}

} // namespace catamaran::mesh
