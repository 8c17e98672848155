// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "kube/cachedobject.h"
#include "kube/watchlines.h"

/// A watch's bytes, whole and in pieces whose size is the first byte: both give the same lines, and never more than the
/// bound is kept. What stands in them is read without harm.
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
    for (const QByteArray &line : std::as_const(gathered))
        (void)reader.readEvent({ line.constData(), std::size_t(line.size()) });
    return 0;
}
