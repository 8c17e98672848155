// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apierror.h"

namespace catamaran::lab {

/// What an API server fills in: protocols, policies, strategies, replicas, stringData, service types.
void setDefaults(json::object &object, const ResourceType &type);

/// What the server's own admission gives every new pod beside the defaults: tolerations and priority.
void completePod(json::object &spec);

/// 422 with causes in Kubernetes' words. @p old is null for a new object.
[[nodiscard]] std::vector<Cause> validate(const json::object &object, const json::object *old, const ResourceType &type);

[[nodiscard]] bool isDnsLabel(std::string_view text);
[[nodiscard]] bool isDnsSubdomain(std::string_view text);

} // namespace catamaran::lab
