// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"

/// Sidecar injection: what a mesh's webhook does to a new pod. Pure.
namespace catamaran::lab {

inline constexpr const char *sidecarContainer = "istio-proxy";
inline constexpr const char *injectedAnnotation = "sidecar.istio.io/status";

struct InjectionSettings {
    std::string meshId;
    std::string clusterId;
    std::string network; ///< empty: none configured
    std::string revision = "default";
    std::string image = "registry-cn-hangzhou.ack.aliyuncs.com/acs/proxyv2:v1.22.6.71-g7d67a80b-aliyun";
};

/// Whether a pod of a namespace with @p nsLabels gets a sidecar (namespace label, then the pod's own label or annotation).
[[nodiscard]] bool wantsSidecar(const json::object &nsLabels, const json::object &pod);
/// Adds the sidecar, its init container, labels and annotations.
void injectSidecar(json::object &pod, const InjectionSettings &settings);
[[nodiscard]] bool isInjected(const json::object &pod);

/// What the API server answers when the webhook's control plane is away.
[[nodiscard]] std::string webhookRefusal();

} // namespace catamaran::lab
