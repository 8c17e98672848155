// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::mesh::istio {

/// istio.makeReaderToken {cluster}: the Secret istio-reader-service-account-istio-remote-secret-token of istio-system, which the cluster
/// fills with a token of the reader account that has no end. Whosever is there and filled is in place.
///
/// State {exists, uid, filled}, filled not compared. Taking back deletes the Secret that was made, which ends its token: every control
/// plane that reads the cluster with it loses its way in.
[[nodiscard]] std::unique_ptr<const ops::Kind> makeReaderToken();

} // namespace catamaran::mesh::istio
