// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDateTime>
#include <QString>

/// Numbers and times for people. Pure.
namespace catamaran::ui {

/// "just now", "12 s ago", "3 min ago", "2 h ago", "yesterday 14:05", else the date. Future times: "in 12 s".
[[nodiscard]] QString relativeTime(const QDateTime &at, const QDateTime &now);
/// Local date and time to the second with the UTC offset: for tooltips.
[[nodiscard]] QString absoluteTime(const QDateTime &at);
/// "0.4 s", "12 s", "1 min 05 s", "2 h 03 min".
[[nodiscard]] QString elapsedText(qint64 milliseconds);
/// A measured time: "0 ms", "812 ms" below a second, then as elapsedText().
[[nodiscard]] QString durationText(qint64 milliseconds);
/// "850 µs", "4.2 ms", "120 ms", "1.25 s".
[[nodiscard]] QString latencyText(double milliseconds);
/// With the locale's group separators.
[[nodiscard]] QString countText(qint64 count);
/// One digit behind the locale's decimal point: "4.5", "4,5".
[[nodiscard]] QString decimalText(double value);
/// "49.5 %": @p share (0 to 1) with one digit, as decimalText().
[[nodiscard]] QString shareText(double share);
/// "50 %", with one digit when it is not whole: "49.5 %". Never 0 or 100 that it is not. @p part of @p whole; "–" of nothing.
[[nodiscard]] QString percentText(qint64 part, qint64 whole);

} // namespace catamaran::ui
