// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"

#include "core/printable.h"

#include <QCoreApplication>

namespace catamaran::core {

namespace {
constexpr int maxAnswer = 1024;
}

QString Error::text() const
{
    QString line = target.isEmpty() ? QCoreApplication::translate("Error", "Could not %1").arg(tried)
                                    : QCoreApplication::translate("Error", "Could not %1 (%2)").arg(tried, target);
    if (!answer.isEmpty())
        line = QCoreApplication::translate("Error", "%1: %2").arg(line, answer);
    if (!line.endsWith(u'.') && !line.endsWith(u'。'))
        line = QCoreApplication::translate("Error", "%1.").arg(line);
    return printableLine(remedy.isEmpty() ? line : QCoreApplication::translate("Error", "%1 %2").arg(line, remedy));
}

Error Error::make(ErrorKind kind, QString tried, QString target, QString answer, QString remedy)
{
    Error error;
    error.kind = kind;
    error.tried = std::move(tried);
    error.target = std::move(target);
    error.answer = answer.size() > maxAnswer ? answer.left(maxAnswer) + QStringLiteral("…") : std::move(answer);
    error.remedy = std::move(remedy);
    return error;
}

QString kindName(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::InvalidInput: return QStringLiteral("invalid-input");
    case ErrorKind::Network: return QStringLiteral("network");
    case ErrorKind::Timeout: return QStringLiteral("timeout");
    case ErrorKind::Tls: return QStringLiteral("tls");
    case ErrorKind::Unauthorized: return QStringLiteral("unauthorized");
    case ErrorKind::Forbidden: return QStringLiteral("forbidden");
    case ErrorKind::NotFound: return QStringLiteral("not-found");
    case ErrorKind::Conflict: return QStringLiteral("conflict");
    case ErrorKind::Gone: return QStringLiteral("gone");
    case ErrorKind::Throttled: return QStringLiteral("throttled");
    case ErrorKind::Server: return QStringLiteral("server");
    case ErrorKind::Protocol: return QStringLiteral("protocol");
    case ErrorKind::Precondition: return QStringLiteral("precondition");
    case ErrorKind::Cancelled: return QStringLiteral("cancelled");
    case ErrorKind::Storage: return QStringLiteral("storage");
    case ErrorKind::Unsupported: return QStringLiteral("unsupported");
    case ErrorKind::Internal: return QStringLiteral("internal");
    }
    return QStringLiteral("internal");
}

} // namespace catamaran::core
