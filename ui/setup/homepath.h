// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace catamaran::ui {

/// A path as a person types it, made absolute: one that starts with ~ is the home folder's. Empty stays empty.
[[nodiscard]] QString fromTyped(QString path);
/// The other way round, for showing: ~ instead of the home folder.
[[nodiscard]] QString shortPath(const QString &path);

} // namespace catamaran::ui
