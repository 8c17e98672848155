// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "../support/actingletters.h"
#include "core/printable.h"
#include "fuzz.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <cstring>

/// The input is read twice: as UTF-8, and as UTF-16 units, which can be halves of a letter. Nothing that acts leaves in any
/// form, doing it again changes nothing, and JSON keeps its meaning.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran::core;
    using catamaran::fuzz::require;
    using catamaran::test::actingLetters;
    QString units(qsizetype(size / 2), Qt::Uninitialized);
    std::memcpy(units.data(), data, size / 2 * 2);
    const QString decoded = QString::fromUtf8(catamaran::fuzz::bytesOf(data, size));
    for (const QString &text : { decoded, units }) {
        const QString shown = printable(text), line = printableLine(text), cell = printableCell(text);
        require(actingLetters(shown).isEmpty() && actingLetters(line, {}).isEmpty() && actingLetters(cell).isEmpty(),
            "nothing that acts leaves");
        require(printable(shown) == shown && printableLine(line) == line && printable(line) == line, "doing it again changes nothing");
        require(cell.isEmpty() || !QStringLiteral("=+-@\t").contains(cell.front()), "a cell is no formula");
        for (const QString &part : cell.split(u';').mid(1))
            require(
                part.trimmed().isEmpty() || !QStringLiteral("=+-@").contains(part.trimmed().front()), "nor where semicolons part cells");
    }
    const QJsonObject object { { QStringLiteral("text"), decoded } };
    const QByteArray json = printableJson(QJsonDocument(object));
    require(actingLetters(QString::fromUtf8(json)).isEmpty(), "nothing that acts leaves as JSON");
    require(QJsonDocument::fromJson(json).object() == object, "JSON keeps its meaning");
    return 0;
}
