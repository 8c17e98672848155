// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/cloud/cloudserver.h"
#include "lab/cloud/webrequest.h"

namespace catamaran::lab {

/// The ACK calls (facts asm-openapi 3.14). Pure.
[[nodiscard]] CloudAnswer handleAck(
    const std::vector<CloudCluster> &clusters, const std::string &method, const std::string &path, const CloudParameters &query);

} // namespace catamaran::lab
