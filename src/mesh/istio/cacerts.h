// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh::istio {

/// istio.makeCacerts {mesh, cluster, namespace, root: {name, shared, step}}: the Secret `cacerts` that a control plane which starts issues
/// with: an issuing authority of its own, made under the root that the step root.step of the same plan left and whose key is read from the
/// secret store when it is needed. The new key goes from there into the request, and is nowhere else: not in arguments, states, errors or
/// logs.
///
/// Of an existing one only the metadata is asked for, and never its data. What we write bears the root's fingerprint as annotation
/// catamaran.io/root. In place: ours, with that root. One that others made, or ours of another root, is never written over (Precondition).
/// Taking back deletes what was made.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeCacerts();
/// istio.removeCacerts {mesh, cluster, namespace}: takes it away, if it is ours; others' is left as it is. Cannot be taken back: its key is
/// kept nowhere.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeRemoveCacerts();

} // namespace catamaran::mesh::istio
