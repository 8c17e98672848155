// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::ops {

/// kube.deletePod {cluster, namespace, name, uid, awaitReplacement}: one pod that a controller replaces; a pod without one is refused. With
/// uid only that very pod is meant, and another one of its name is none of it. Proven when it has gone. It cannot be taken back and need
/// not be; with awaitReplacement (which wants a uid) taking back waits until its controller has as many ready pods as it is to have.
[[nodiscard]] std::unique_ptr<const Kind> makeKubeDeletePod();

} // namespace catamaran::ops
