// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/apisession.h"
#include "kube/exec.h"

namespace catamaran::kube {

/// The address of one command; each argument encoded. Pure.
[[nodiscard]] QByteArray execPath(const ExecOptions &options);
[[nodiscard]] Query execQuery(const ExecOptions &options);

[[nodiscard]] std::unique_ptr<ExecSession> makeExecSession(std::shared_ptr<ApiSession> session, const ExecOptions &options);

} // namespace catamaran::kube
