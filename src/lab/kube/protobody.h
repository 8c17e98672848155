// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apierror.h"

#include <string_view>

namespace catamaran::lab {

/// A protobuf body ("k8s\0" and an envelope) as typed clients send it from kubectl 1.32 on for `create namespace`,
/// `create deployment`, `auth can-i` and the like. Known are the kinds and fields those commands send; 415 for others.
[[nodiscard]] Outcome<json::value> parseProtobuf(std::string_view bytes);

} // namespace catamaran::lab
