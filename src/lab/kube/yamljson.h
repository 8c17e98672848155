// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apierror.h"

#include <string_view>

namespace catamaran::lab {

/// One JSON document, nested at most 100 deep; 400 otherwise.
[[nodiscard]] Outcome<json::value> parseJson(std::string_view text);
/// One YAML document (or JSON) with the typing rules of YAML 1.1 as kubectl's library has them. Aliases are followed
/// up to a bounded size.
[[nodiscard]] Outcome<json::value> parseYaml(const std::string &text);

} // namespace catamaran::lab
