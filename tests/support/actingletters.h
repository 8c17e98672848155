// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

namespace catamaran::test {

/// The letters of @p text that act on a terminal or turn others around, but for those of @p allowed; empty is good. Judged
/// by ranges, while core::printable() goes by categories.
inline QString actingLetters(const QString &text, const QString &allowed = QStringLiteral("\n\t"))
{
    QStringList found;
    const QList<uint> letters = text.toUcs4();
    for (const uint c : letters) {
        const bool acts = c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f)
            || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || (c >= 0xd800 && c <= 0xdfff) || c == 0xfeff
            || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
        if (acts && (c > 0xffff || !allowed.contains(QChar(c))) && !found.contains(QString::number(c, 16)))
            found << QString::number(c, 16);
    }
    return found.join(u' ');
}

} // namespace catamaran::test
