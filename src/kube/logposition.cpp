// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/logposition.h"

#include "core/wholepattern.h"

#include <QRegularExpression>

namespace catamaran::kube {

namespace {

QByteArray stampOf(const QByteArray &line)
{
    return line.left(std::max<qsizetype>(0, line.indexOf(' ')));
}

} // namespace

void LogPosition::passed(const QByteArray &bytes)
{
    qsizetype from = 0;
    while (from < bytes.size()) {
        const auto end = bytes.indexOf('\n', from);
        if (!m_isInside) {
            const QByteArray stamp = stampOf(bytes.mid(from, 64));
            m_same = stamp == m_last ? m_same + 1 : 1;
            m_last = stamp;
        }
        m_isInside = end < 0;
        from = end < 0 ? bytes.size() : end + 1;
    }
}

QDateTime LogPosition::moment() const
{
    static const QRegularExpression form
        = core::wholePattern(QStringLiteral("(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)(?:\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)"));
    const auto match = form.match(QString::fromLatin1(m_last));
    return match.hasMatch() ? QDateTime::fromString(match.captured(1) + match.captured(2), Qt::ISODate) : QDateTime();
}

void LogPosition::resume()
{
    m_seen = m_last;
    m_toSkip = m_same;
}

void LogPosition::leaveOut(QByteArray &lines)
{
    qsizetype from = 0;
    while (!m_seen.isEmpty()) {
        const auto end = lines.indexOf('\n', from);
        if (end < 0)
            break;
        const QByteArray stamp = stampOf(lines.mid(from, 64));
        // Times of one length compare as text; of another they say nothing, and the line comes again.
        const bool wasHad = stamp.size() == m_seen.size() && (stamp < m_seen || (stamp == m_seen && m_toSkip-- > 0));
        if (!wasHad) {
            m_seen.clear();
            break;
        }
        from = end + 1;
    }
    lines.remove(0, from);
}

} // namespace catamaran::kube
