// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fuzzy.h"

namespace catamaran::ui {

int fuzzyScore(const QString &pattern, const QString &text)
{
    const QString wanted = pattern.simplified().toLower().remove(u' ');
    if (wanted.isEmpty())
        return 0;
    const QString lower = text.toLower();
    if (const qsizetype at = lower.indexOf(pattern.trimmed().toLower()); at >= 0) { // the very words
        const bool wordStart = at == 0 || !lower[at - 1].isLetterOrNumber();
        return 1000 + (wordStart ? 200 : 0) - static_cast<int>(std::min<qsizetype>(at, 100))
            - static_cast<int>(std::min<qsizetype>(lower.size(), 100));
    }
    int score = 0;
    qsizetype from = 0, last = -2;
    for (const QChar letter : wanted) {
        const qsizetype at = lower.indexOf(letter, from);
        if (at < 0)
            return -1;
        const bool wordStart = at == 0 || !lower[at - 1].isLetterOrNumber();
        score += at == last + 1 ? 12 : (wordStart ? 10 : 1);
        score -= static_cast<int>(std::min<qsizetype>(at - from, 8)) / 2;
        last = at;
        from = at + 1;
    }
    return std::max(0, score);
}

} // namespace catamaran::ui
