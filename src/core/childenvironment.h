// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcessEnvironment>
#include <QStringList>

/// What programs that we start find in their environment: ours, without the variables that hold secrets of ours. Any thread.
namespace catamaran::core {

/// From now on no started program gets the variable @p name: an environment file names it as the place of a secret.
void withholdFromChildren(const QString &name);

/// For every QProcess.
[[nodiscard]] QProcessEnvironment childEnvironment();

/// The variables that are set here and left out there, sorted.
[[nodiscard]] QStringList withheldVariables();

} // namespace catamaran::core
