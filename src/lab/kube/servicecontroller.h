// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"

#include <functional>
#include <string>

namespace catamaran::lab {

/// Fills in what the API server defaults on a Service, a cluster IP first of all. @p nextAddress hands out addresses.
void completeService(const ObjectStore &store, json::object &service, const std::function<std::string()> &nextAddress);

/// Keeps the EndpointSlices and the Endpoints object of a service with a selector in step with its pods; removes them
/// when the service has gone.
void reconcileEndpoints(ObjectStore &store, const std::string &ns, const std::string &service);

/// The services of the pod's namespace that select it, by name.
[[nodiscard]] std::vector<std::string> servicesOfPod(const ObjectStore &store, const json::object &pod);

} // namespace catamaran::lab
