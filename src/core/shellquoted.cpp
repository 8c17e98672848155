// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/shellquoted.h"

#include <algorithm>

namespace catamaran::core {

namespace {

bool isPlain(QChar c)
{
    return (c.unicode() < 128 && c.isLetterOrNumber()) || QStringLiteral("-_./:,@+=%").contains(c);
}

/// Lines and tabs are shown as they are; other controls, and the formats that turn or hide text, are not.
bool isObeyed(char32_t c)
{
    if (c == U'\n' || c == U'\t')
        return false;
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph: return true;
    default: return false;
    }
}

QString inSingleQuotes(QString text)
{
    return u'\'' + text.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

/// The bytes of @p text, made by the shell itself.
QString byPrintf(const QString &text)
{
    QString octal;
    for (const char byte : text.toUtf8())
        octal += QStringLiteral("\\%1").arg(int(static_cast<unsigned char>(byte)), 3, 8, QChar(u'0'));
    return QStringLiteral("\"$(printf '%1')\"").arg(octal);
}

} // namespace

QString shellQuoted(const QString &word)
{
    // zsh takes a word that begins with “=” for the name of a program.
    if (!word.isEmpty() && word.front() != u'=' && std::all_of(word.begin(), word.end(), isPlain))
        return word;
    QString result, piece;
    bool obeyed = false;
    const auto close = [&] {
        if (!piece.isEmpty())
            result += obeyed ? byPrintf(piece) : inSingleQuotes(piece);
        piece.clear();
    };
    for (const char32_t c : word.toUcs4()) {
        if (isObeyed(c) != obeyed) {
            close();
            obeyed = !obeyed;
        }
        piece += QString::fromUcs4(&c, 1);
    }
    close();
    return result.isEmpty() ? QStringLiteral("''") : result;
}

QString shellQuoted(const QStringList &words)
{
    QStringList quoted;
    for (const QString &word : words)
        quoted << shellQuoted(word);
    return quoted.join(u' ');
}

} // namespace catamaran::core
