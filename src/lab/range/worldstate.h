// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/range/faults.h"

#include <string>

namespace catamaran::lab {

/// What somebody made of the range, as one line of JSON that is the same for the same: meshes with members, networks and
/// injection, and of each cluster the namespaces, deployments, services and service accounts with labels, annotations and spec.
/// No ids, times or versions.
[[nodiscard]] std::string worldState(const FaultTargets &targets);

} // namespace catamaran::lab
