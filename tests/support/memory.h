// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFile>

/// What a test's own process takes of the machine's memory, as the kernel counts it.
namespace catamaran::test {

/// Measures how much the resident memory grew at its highest since construction.
class PeakMemory {
public:
    PeakMemory()
    {
        QFile reset(QStringLiteral("/proc/self/clear_refs"));
        if (reset.open(QIODevice::WriteOnly))
            reset.write("5");
        m_before = read("VmRSS:");
    }
    [[nodiscard]] qint64 grownBy() const { return read("VmHWM:") - m_before; }
    /// Sanitizers keep what was freed: figures mean nothing there.
    [[nodiscard]] static constexpr bool counts()
    {
#if defined(__SANITIZE_ADDRESS__)
        return false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
        return false;
#else
        return true;
#endif
#else
        return true;
#endif
    }

private:
    static qint64 read(const char *field)
    {
        QFile status(QStringLiteral("/proc/self/status"));
        if (!status.open(QIODevice::ReadOnly))
            return 0;
        for (const QByteArray &line : status.readAll().split('\n')) {
            if (line.startsWith(field))
                return line.mid(qsizetype(qstrlen(field))).simplified().split(' ').first().toLongLong() * 1024;
        }
        return 0;
    }

    qint64 m_before = 0;
};

} // namespace catamaran::test
