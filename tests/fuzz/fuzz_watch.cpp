// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/watchlines.h"

#include <cstddef>
#include <cstdint>

/// A watch's bytes, whole and in pieces whose size is the first byte: both must give the same lines.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace catamaran::kube;
    if (size < 2)
        return 0;
    const qsizetype step = data[0] + 1;
    const QByteArray bytes(reinterpret_cast<const char *>(data) + 1, static_cast<qsizetype>(size - 1));
    WatchLines whole(4096), pieces(4096);
    const auto lines = whole.feed(bytes);
    QList<QByteArray> gathered;
    bool broken = false;
    for (qsizetype at = 0; at < bytes.size() && !broken; at += step) {
        const auto some = pieces.feed(bytes.mid(at, step));
        broken = !some;
        if (some)
            gathered += *some;
    }
    if (lines.has_value() == broken || (lines && *lines != gathered))
        __builtin_trap();
    for (const QByteArray &line : gathered)
        (void)parseWatchLine(line);
    return 0;
}
