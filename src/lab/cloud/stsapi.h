// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/cloud/doorkeeper.h"

namespace catamaran::lab {

/// STS AssumeRole (2015-04-01). The account has the role `catamaran`, which may do everything, and for each action a role
/// `without-ACTION`, which may not do that one. The new key is admitted at @p door until it ends.
[[nodiscard]] CloudAnswer handleSts(const std::string &action, const CloudParameters &parameters, Doorkeeper::Time now, Doorkeeper &door);

} // namespace catamaran::lab
