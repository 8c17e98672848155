// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>
#include <vector>

namespace catamaran::mesh::istio {

/// What is planned and not done by Catamaran: `istio.byHand.` createMesh {mesh, cluster, version}, awaitMesh {mesh}, deleteMesh {mesh},
/// takeCharge and leaveCharge {mesh, cluster}, installGateway {mesh, cluster, network}; the first, the second and the
/// last only where the fleet does not say what they are installed from. They say what to do by hand, change nothing, and an
/// execution that comes to one fails with Unsupported before anything is sent.
[[nodiscard]] ops::Operation byHand(const char *name, const QJsonObject &arguments);
/// Whether @p kind is the name of one.
[[nodiscard]] bool isByHand(const QString &kind);

[[nodiscard]] std::vector<std::unique_ptr<const ops::Kind>> byHandKinds();

} // namespace catamaran::mesh::istio
