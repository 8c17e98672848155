// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/environment.h"

namespace catamaran::ui {

/// The YAML of an environment file; fleet::parseEnvironment() reads it back. Holds no secret: only where it is.
[[nodiscard]] QByteArray environmentYaml(const fleet::Environment &environment);
/// Writes it to the user's data folder (mode 0600) and returns the path.
[[nodiscard]] core::Result<QString> keepEnvironment(const fleet::Environment &environment);

/// One context of the chosen kubeconfigs and what it leads to.
struct ResolvedContext {
    QString name, file;
    QString server, user;
    QString warning;                   ///< for people; empty when fine
    std::optional<core::Error> error;  ///< it cannot be used
};
/// Merges @p files with kubectl's rules and resolves each context; fails when a file cannot be read at all.
[[nodiscard]] core::Result<QList<ResolvedContext>> resolveContexts(const QStringList &files);

} // namespace catamaran::ui
