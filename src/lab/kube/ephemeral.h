// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apierror.h"

/// Containers that are added to a pod that is there, by its subresource `ephemeralcontainers` alone: added, never changed or removed.
namespace catamaran::lab {

inline constexpr const char *ephemeralSubresource = "ephemeralcontainers";

/// @p old with the ephemeral containers of @p wanted, their defaults filled in; of the rest the subresource takes nothing. Pure.
[[nodiscard]] json::object withEphemeralContainers(const json::object &old, const json::object &wanted);
/// What is wrong with the ephemeral containers of the pod @p wanted, which is to take the place of @p old (null: it is new), in Kubernetes'
/// words. @p bySubresource: that one was asked. Pure.
[[nodiscard]] std::vector<Cause> ephemeralCauses(const json::object &wanted, const json::object *old, bool bySubresource);

} // namespace catamaran::lab
