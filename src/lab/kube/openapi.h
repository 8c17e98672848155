// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"

#include <string>
#include <vector>

namespace catamaran::lab {

/// The OpenAPI documents of a server (facts kubernetes-wire 5.3). The kinds of Kubernetes are described as its release
/// 1.20 does, with the fields that came later; custom kinds by their definitions; Istio's kinds by name only.

/// What `/openapi/v3/<group version>` answers.
[[nodiscard]] json::object openApiV3(const std::vector<ResourceType> &types, const std::string &group, const std::string &version);
/// What `/openapi/v2` answers: the protobuf form, which is the only one that clients decode.
[[nodiscard]] std::string openApiV2(const std::vector<ResourceType> &types);
/// "/apis/apps/v1/namespaces/{namespace}/deployments"
[[nodiscard]] std::string openApiPath(const ResourceType &type);

} // namespace catamaran::lab
