// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apierror.h"
#include "lab/kube/schema.h"

#include <set>

namespace catamaran::lab {

/// Paths of fields as fieldsV1 writes them: "f:spec", "k:{\"name\":\"app\"}", "v:\"x\"".
using FieldPath = std::vector<std::string>;
using FieldSet = std::set<FieldPath>;

/// The leaves of @p object that somebody who sends it would own; identity (apiVersion, kind, name, ...) is nobody's.
[[nodiscard]] FieldSet fieldsOf(const json::object &object, const std::string &kind);
[[nodiscard]] json::object toFieldsV1(const FieldSet &fields);
[[nodiscard]] FieldSet fromFieldsV1(const json::object &fields);
/// ".spec.template.spec.containers[name=\"app\"].image"
[[nodiscard]] std::string fieldText(const FieldPath &path);
/// The value at a path of @p object; null when it is not there.
[[nodiscard]] const json::value *valueAt(const json::value &object, const FieldPath &path);

/// Who writes, for metadata.managedFields.
struct Manager {
    std::string name;
    std::string apiVersion;
    std::string subresource;
};

/// Server-side apply of @p config on @p live (null: the object is made). 409 with FieldManagerConflict causes when
/// another manager owns a field with another value and @p force is off.
[[nodiscard]] Outcome<json::object> applyConfiguration(
    const json::object *live, const json::object &config, const ResourceType &type, const Manager &manager, bool force);

/// Records in @p after that @p manager changed what differs from @p before (null: made all of it) by an ordinary write.
/// @p after's own managedFields, when the client sent changed ones, are taken as they are.
void recordUpdate(const json::object *before, json::object &after, const ResourceType &type, const Manager &manager);

} // namespace catamaran::lab
