// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/environment.h"

namespace catamaran::ui {

/// The YAML of an environment file; documents::parseEnvironment() reads it back. Holds no secret: only where it is.
[[nodiscard]] QByteArray environmentYaml(const documents::Environment &environment);
/// Writes it to the user's data folder (mode 0600) and returns the path.
[[nodiscard]] core::Result<QString> keepEnvironment(const documents::Environment &environment);

/// Where keepEnvironment() keeps the environment of this name.
[[nodiscard]] QString keptEnvironmentFile(const QString &name);
/// The kept environment files, by name.
[[nodiscard]] QStringList keptEnvironmentFiles();
/// Takes a kept file away and gives its bytes, so that the removal can be undone.
[[nodiscard]] core::Result<QByteArray> removeKeptEnvironment(const QString &file);
/// Puts it back as it was (mode 0600, in one step).
[[nodiscard]] core::Result<core::Done> restoreKeptEnvironment(const QString &file, const QByteArray &bytes);

} // namespace catamaran::ui
