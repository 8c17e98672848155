// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/drilldocument.h"

namespace catamaran::drill {

/// A drill document whose parameters are filled in. Pure.
[[nodiscard]] core::Result<DrillDocument> readFilled(const QByteArray &yaml, const QString &origin);

} // namespace catamaran::drill
