// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/printable.h"
#include "fuzz.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cstring>

namespace {

/// By the ranges, not by the categories that the function itself goes by.
bool acts(const QString &text, const char *allowed)
{
    const QList<uint> letters = text.toUcs4();
    return std::any_of(letters.cbegin(), letters.cend(), [allowed](uint c) {
        if (c < 0x20)
            return c == 0 || !std::strchr(allowed, int(c));
        return (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f)
            || (c >= 0xd800 && c <= 0xdfff) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
    });
}

} // namespace

/// The input is read twice: as UTF-8, and as UTF-16 units, which can be halves of a letter. Nothing that acts leaves in any
/// form, doing it again changes nothing, and JSON keeps its meaning.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran::core;
    using catamaran::fuzz::require;
    QString units(qsizetype(size / 2), Qt::Uninitialized);
    std::memcpy(units.data(), data, size / 2 * 2);
    const QString decoded = QString::fromUtf8(catamaran::fuzz::bytesOf(data, size));
    for (const QString &text : { decoded, units }) {
        const QString shown = printable(text), line = printableLine(text), cell = printableCell(text);
        require(!acts(shown, "\n\t") && !acts(line, "") && !acts(cell, "\n\t"), "nothing that acts leaves");
        require(printable(shown) == shown && printableLine(line) == line && printable(line) == line, "doing it again changes nothing");
        require(cell.isEmpty() || !QStringLiteral("=+-@\t").contains(cell.front()), "a cell is no formula");
    }
    const QJsonObject object { { QStringLiteral("text"), decoded } };
    const QByteArray json = printableJson(QJsonDocument(object));
    require(!acts(QString::fromUtf8(json), "\n"), "nothing that acts leaves as JSON");
    require(QJsonDocument::fromJson(json).object() == object, "JSON keeps its meaning");
    return 0;
}
