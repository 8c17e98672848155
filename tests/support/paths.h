// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace catamaran::tests {

/// A file of the checkout, by its path in it.
[[nodiscard]] QString sourceFile(const QString &path);
/// A program of this build, by its name.
[[nodiscard]] QString program(const QString &name);

} // namespace catamaran::tests
