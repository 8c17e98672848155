// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"

#include <string>
#include <string_view>
#include <vector>

namespace catamaran::lab {

struct SchemaType;

/// What is known of one field of a kind: how it is decoded, and how patches and server-side apply merge it.
struct SchemaField {
    enum class Shape { Any, Text, Integer, Boolean, Object, List, Map };
    Shape shape = Shape::Any;
    const SchemaType *type = nullptr; ///< of an object or of a list's items; null when nothing is known of it
    SchemaField::Shape itemShape = Shape::Any; ///< of a list's or a map's values
    std::vector<std::string> keys; ///< a list that is merged by these fields of its items (listType map)
    bool set = false; ///< a list of texts merged as a set
    bool atomic = false; ///< owned and replaced as one value
};

struct SchemaType {
    std::string name;
    std::vector<std::pair<std::string, SchemaField>> fields;

    [[nodiscard]] const SchemaField *field(std::string_view fieldName) const;
};

/// The schema of a whole kind ("Deployment"); a type that knows only apiVersion, kind and metadata for other kinds.
[[nodiscard]] const SchemaType &schemaOf(const std::string &kind);
/// The schema of a type ("PodSpec"), or null.
[[nodiscard]] const SchemaType *schemaTypeNamed(std::string_view name);
/// Whether @p type describes all fields of the kind, so that an unknown one is a mistake.
[[nodiscard]] bool isCompleteSchema(const std::string &kind);

struct SchemaFindings {
    std::vector<std::string> unknownFields; ///< "spec.replica", "spec.template.spec.containers[0].imagee"
    std::string wrongType; ///< in Go's words, or empty
};
[[nodiscard]] SchemaFindings checkSchema(const json::object &object, const std::string &kind);

} // namespace catamaran::lab
