// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/watchlines.h"

#include "kube/say.h"

namespace catamaran::kube {

using core::ErrorKind;
using core::Result;

Result<QList<QByteArray>> WatchLines::feed(const QByteArray &bytes)
{
    QList<QByteArray> lines;
    const auto tooLong = [this] {
        m_broken = true;
        m_rest.clear();
        return core::fail(ErrorKind::Protocol, {}, {},
            Say::tr("a line of the watch is longer than %1 MiB").arg(static_cast<double>(m_longest) / (1024 * 1024)),
            Say::tr("One object of this kind is too large to be watched."));
    };
    if (m_broken)
        return tooLong();
    qsizetype from = 0;
    for (;;) {
        const qsizetype end = bytes.indexOf('\n', from); // what was kept has no line end: it is never searched again
        if (end < 0)
            break;
        if (m_rest.size() + (end - from) > m_longest)
            return tooLong();
        QByteArray line = m_rest.isEmpty() ? bytes.mid(from, end - from) : m_rest + bytes.mid(from, end - from);
        m_rest.clear();
        from = end + 1;
        if (!line.trimmed().isEmpty())
            lines.append(std::move(line));
    }
    m_rest += bytes.mid(from);
    if (m_rest.size() > m_longest)
        return tooLong();
    return lines;
}

} // namespace catamaran::kube
