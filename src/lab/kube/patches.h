// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apierror.h"

namespace catamaran::lab {

/// RFC 7386.
[[nodiscard]] json::value mergePatch(json::value target, const json::value &patch);

/// RFC 6902; 422 in the server's words when an operation cannot be done, 400 when the patch is no patch.
[[nodiscard]] Outcome<json::value> jsonPatch(json::value target, const json::value &patch);

/// Kubernetes' strategic merge: lists by their merge keys, $patch: delete|replace|merge, $deleteFromPrimitiveList,
/// $setElementOrder, $retainKeys. @p kind chooses the schema.
[[nodiscard]] Outcome<json::value> strategicMergePatch(json::value target, const json::value &patch, const std::string &kind);

} // namespace catamaran::lab
