// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::ops {

/// kube.addContainer {cluster, namespace, name, container, image, seconds}: an ephemeral container in the pod of that name, as `kubectl
/// debug` adds one: by a PATCH of the pod's subresource ephemeralcontainers, which needs a right of its own. It sleeps for so many seconds
/// (at most an hour) as a user without rights, so that commands can be run in it, and ends by itself.
///
/// The pod is the user's, who has named it: its owner is not asked. Nothing else of it is changed, and its containers are not restarted.
///
/// Proven by the container running; an image that cannot be had ends the wait.
///
/// It cannot be taken back: the API adds such containers and removes none. It is ended by its own clock, and gone with the pod.
[[nodiscard]] std::unique_ptr<const Kind> makeKubeAddContainer();

} // namespace catamaran::ops
