// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/apisession.h"
#include "kube/logs.h"

namespace catamaran::kube {

[[nodiscard]] std::unique_ptr<LogStream> makeLogStream(std::shared_ptr<ApiSession> session, const LogOptions &options);

/// The query of a log request. Pure.
[[nodiscard]] Query logQuery(const LogOptions &options);

} // namespace catamaran::kube
