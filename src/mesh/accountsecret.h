// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "documents/secretsource.h"
#include "store/secretstore.h"

namespace catamaran::mesh {

/// What lies there, without blanks around it; empty where @p source is None or its variable is not set. A variable is kept from
/// the programs that are started. @p tried: for errors. Main thread.
[[nodiscard]] QFuture<core::Result<core::Secret>> readSecret(
    const documents::SecretSource &source, store::SecretStore &secrets, const QString &tried, std::stop_token stop);

} // namespace catamaran::mesh
