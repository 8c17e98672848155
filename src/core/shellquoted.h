// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

namespace catamaran::core {

/// @p word as one word of a POSIX shell, whatever it holds: a person may copy it into a terminal. Characters that a
/// terminal obeys instead of showing are written as printf's escapes, so that what is seen is what is run. Pure.
[[nodiscard]] QString shellQuoted(const QString &word);
/// The words of one command, each quoted.
[[nodiscard]] QString shellQuoted(const QStringList &words);

} // namespace catamaran::core
