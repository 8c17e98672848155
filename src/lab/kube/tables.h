// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apirequest.h"

namespace catamaran::lab {

/// The columns that `kubectl get` shows for a kind, as columnDefinitions.
[[nodiscard]] json::array tableColumns(const ResourceType &type);
/// One row: cells, and as much of the object as @p shape asks for.
[[nodiscard]] json::object tableRow(const ResourceType &type, const json::object &object, const Shape &shape);
/// A whole Table; @p columns empty for later events of a watch.
[[nodiscard]] json::object tableOf(json::array columns, json::array rows, json::object listMeta, const Shape &shape);
[[nodiscard]] json::object partialMetadata(const json::object &object, const Shape &shape);

} // namespace catamaran::lab
