// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"
#include "lab/range/controlsocket.h"

#include <string>

namespace catamaran::lab {

/// Stores @p count (a number in words, at most 100000) pods in namespace "fill", each about 3.3 KB as JSON with two
/// containers. Nobody schedules them, so nothing runs: they are there to be listed.
[[nodiscard]] ControlAnswer fillPods(ObjectStore &store, const std::string &count);

} // namespace catamaran::lab
