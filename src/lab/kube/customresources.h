// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apierror.h"

#include <string>
#include <vector>

namespace catamaran::lab {

/// The kinds that a CustomResourceDefinition brings, one for each served version.
[[nodiscard]] std::vector<ResourceType> typesOf(const json::object &definition);
/// What the server writes into a new definition: list kind, singular name and the status that says it is established.
void completeDefinition(json::object &definition);

/// Whether a custom kind's status is written through its own path only.
[[nodiscard]] bool hasStatusPath(const ResourceType &type);
/// Takes unknown fields out of a custom object and fills defaults in, by its definition's schema; their paths.
[[nodiscard]] std::vector<std::string> prune(json::object &object, const ResourceType &type);
/// The same paths without touching the object.
[[nodiscard]] std::vector<std::string> unknownFieldsOf(const json::object &object, const ResourceType &type);
/// What a definition's schema has against the object.
[[nodiscard]] std::vector<Cause> validateCustom(const json::object &object, const ResourceType &type);

} // namespace catamaran::lab
