// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>
#include <vector>

namespace catamaran::mesh::istio {

/// What is planned and not done by Catamaran yet: `istio.createMesh`, `istio.awaitMesh`, `istio.deleteMesh`, `istio.addMember`,
/// `istio.removeMember`, `istio.setNetworks`, `istio.setInjection`, each with the arguments of its kind among other providers. They say
/// what to do by hand, change nothing, and an execution that comes to one fails with Unsupported before anything is sent. Whether @p kind
/// is the name of one.
[[nodiscard]] bool isByHand(const QString &kind);

[[nodiscard]] std::vector<std::unique_ptr<const ops::Kind>> byHandKinds();

} // namespace catamaran::mesh::istio
