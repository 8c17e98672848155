// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

class QJsonDocument;

/// Text from outside, made fit for a terminal, a window, a report or a log. Answers, names and documents are somebody
/// else's: a control sequence in them would clear a screen, set a title or turn the order of the letters around.
namespace catamaran::core {

/// @p text with everything that would act instead of being seen shown as \x1b, \u202e or \U000e0041: C0 and C1 controls,
/// DEL, bidirectional marks, overrides and isolates, line and paragraph separators, what has no width, lone surrogates.
/// Ends of lines and tabs stay; "\r\n" becomes "\n". printable(printable(x)) == printable(x).
/// For a finished text on its way out. It cannot see a line that somebody forged: what enters a line from outside goes
/// through printableLine() first.
[[nodiscard]] QString printable(const QString &text);

/// The same for what is to stay one line, such as a cell or a sentence: ends of lines and tabs are shown as \n and \t.
[[nodiscard]] QString printableLine(const QString &text);

/// @p document as indented JSON, in which the same characters stand as JSON escapes: it means what it meant.
[[nodiscard]] QByteArray printableJson(const QJsonDocument &document);

/// @p text as one cell of comma-separated values, quoted where it must be: printable, and no formula for whoever opens
/// the table.
[[nodiscard]] QString printableCell(const QString &text);

/// From now on qWarning() and its like write printable text. Once per program.
void keepLogPrintable();

} // namespace catamaran::core
