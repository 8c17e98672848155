// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/printable.h"

#include <QJsonDocument>

namespace catamaran::core {

namespace {

/// Whether @p letter does something where it should be seen. Ends of lines and tabs are the caller's to judge.
bool acts(char32_t letter)
{
    // Drawn as nothing, whether they have been given a meaning yet or not.
    if ((letter >= 0x2060 && letter <= 0x206f) || (letter >= 0xfff0 && letter <= 0xfffb) || (letter >= 0xe0000 && letter <= 0xe0fff))
        return true;
    switch (QChar::category(letter)) {
    case QChar::Other_Control:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
    case QChar::Other_Surrogate: return true;
    case QChar::Other_Format:
        // The signs of Arabic, Syriac and Kaithi numbers are formats that are seen.
        return !(letter >= 0x600 && letter <= 0x605) && letter != 0x6dd && letter != 0x70f && letter != 0x890 && letter != 0x891
            && letter != 0x8e2 && letter != 0x110bd && letter != 0x110cd;
    default: return QChar::isNonCharacter(letter);
    }
}

enum class Form { Text, Line, Json };

bool stays(char32_t letter, Form form)
{
    return form != Form::Line && (letter == u'\n' || letter == u'\t');
}

QString escaped(char32_t letter, Form form)
{
    const auto hex = [](char32_t value, int digits) { return QString::number(value, 16).rightJustified(digits, u'0'); };
    if (form == Form::Json && QChar::requiresSurrogates(letter))
        return QStringLiteral("\\u%1\\u%2").arg(hex(QChar::highSurrogate(letter), 4), hex(QChar::lowSurrogate(letter), 4));
    if (letter == u'\n' && form == Form::Line)
        return QStringLiteral("\\n");
    if (letter == u'\t' && form == Form::Line)
        return QStringLiteral("\\t");
    if (letter < 0x100 && form != Form::Json)
        return QStringLiteral("\\x") + hex(letter, 2);
    return letter < 0x10000 ? QStringLiteral("\\u") + hex(letter, 4) : QStringLiteral("\\U") + hex(letter, 8);
}

QString shown(const QString &text, Form form)
{
    QString result;
    qsizetype taken = 0; // what is before it stands in the result
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar unit = text.at(i);
        if (unit.unicode() >= 0x20 && unit.unicode() < 0x7f)
            continue;
        const qsizetype at = i;
        char32_t letter = unit.unicode();
        if (unit.isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate())
            letter = QChar::surrogateToUcs4(unit, text.at(++i));
        if (stays(letter, form) || !acts(letter))
            continue;
        result += QStringView(text).sliced(taken, at - taken);
        taken = i + 1;
        const bool endsLine = letter == u'\r' && form != Form::Json && taken < text.size() && text.at(taken) == u'\n';
        if (!endsLine)
            result += escaped(letter, form);
    }
    return taken == 0 ? text : result.append(QStringView(text).sliced(taken));
}

/// What begins a formula in programs for tables.
const QString formulaSigns = QStringLiteral("=+-@＝＋－＠");

QtMessageHandler before = nullptr;

} // namespace

QString printable(const QString &text)
{
    return shown(text, Form::Text);
}

QString printableLine(const QString &text)
{
    return shown(text, Form::Line);
}

QByteArray printableJson(const QJsonDocument &document)
{
    // Only strings hold such characters, and there Qt has escaped no others than C0.
    return shown(QString::fromUtf8(document.toJson(QJsonDocument::Indented)), Form::Json).toUtf8();
}

QString printableCell(const QString &text)
{
    QString cell = printable(text);
    // Programs for tables take such a cell for a formula, also behind blanks.
    const QString begin = cell.trimmed().left(1);
    if (cell.startsWith(u'\t') || (!begin.isEmpty() && formulaSigns.contains(begin)))
        cell.prepend(u'\'');
    // Where lists are parted by semicolons they part a cell that says one, quoted or not.
    for (qsizetype at = cell.indexOf(u';'); at >= 0; at = cell.indexOf(u';', at + 1)) {
        const QString behind = cell.sliced(at + 1).trimmed().left(1);
        if (!behind.isEmpty() && formulaSigns.contains(behind))
            cell.insert(at + 1, u'\'');
    }
    if (!cell.contains(u';') && !cell.contains(u',') && !cell.contains(u'"') && !cell.contains(u'\n'))
        return cell;
    return u'"' + cell.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

void keepLogPrintable()
{
    before = qInstallMessageHandler(
        [](QtMsgType type, const QMessageLogContext &context, const QString &message) { before(type, context, printable(message)); });
}

} // namespace catamaran::core
