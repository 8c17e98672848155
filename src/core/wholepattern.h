// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QRegularExpression>

namespace catamaran::core {

/// A pattern that a text has as a whole or not at all. Use it for whatever judges a text from outside: “^…$” also takes
/// a text with a line break behind its end, which then goes on into a name, a header or a command. @p form has no anchors.
[[nodiscard]] inline QRegularExpression wholePattern(const QString &form)
{
    return QRegularExpression(QRegularExpression::anchoredPattern(form));
}

} // namespace catamaran::core
