// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "net/httpdate.h"

#include <QLocale>

namespace catamaran::net {

QDateTime httpDate(const QByteArray &header)
{
    const QDateTime date
        = QLocale::c().toDateTime(QString::fromLatin1(header.trimmed().left(64)), QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"));
    return date.isValid() ? QDateTime(date.date(), date.time(), Qt::UTC) : QDateTime();
}

} // namespace catamaran::net
