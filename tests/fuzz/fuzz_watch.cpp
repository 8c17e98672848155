// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "kube/cachedobject.h"
#include "kube/watchlines.h"

#include <QJsonDocument>

/// A watch's bytes, whole and in pieces whose size is the first byte: both give the same lines, and never more than the
/// bound is kept. An event that was read says the same when it is printed and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran::kube;
    using catamaran::fuzz::require;
    if (size < 2)
        return 0;
    constexpr qsizetype bound = 512;
    const qsizetype step = data[0] + 1;
    const QByteArray bytes = catamaran::fuzz::bytesOf(data + 1, size - 1);
    WatchLines whole(bound), pieces(bound);
    const auto lines = whole.feed(bytes);
    QList<QByteArray> gathered;
    bool broken = false;
    for (qsizetype at = 0; at < bytes.size() && !broken; at += step) {
        const auto some = pieces.feed(bytes.mid(at, step));
        broken = !some;
        if (some)
            gathered += *some;
        require(pieces.rest().size() <= bound, "no more than one line is kept");
    }
    require(lines.has_value() != broken, "too long is too long, however it comes");
    require(!lines || *lines == gathered, "split anywhere gives the same lines");
    CompactReader reader;
    const auto read = [&reader](const QByteArray &line) { return reader.readEvent({ line.constData(), std::size_t(line.size()) }); };
    for (const QByteArray &line : std::as_const(gathered)) {
        const auto event = read(line);
        if (!event || event->type == CompactEvent::Type::Bookmark || event->type == CompactEvent::Type::Error)
            continue; // of those only what is needed is kept
        static constexpr const char *names[] = { "ADDED", "MODIFIED", "DELETED" };
        const QJsonObject object = event->object.object.object();
        if (object.isEmpty())
            continue; // it only looked like JSON
        const QJsonObject printed { { QStringLiteral("type"), QLatin1StringView(names[int(event->type)]) }, { QStringLiteral("object"), object } };
        const auto again = read(QJsonDocument(printed).toJson(QJsonDocument::Compact));
        require(again && again->type == event->type && again->object.object.object() == object, "read(print(event)) is event");
    }
    return 0;
}
