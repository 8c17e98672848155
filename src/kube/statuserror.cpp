// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/statuserror.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>

#include <algorithm>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(KubeStatus)
};

constexpr int maxCauses = 5;

ErrorKind kindOfStatus(int status)
{
    switch (status) {
    case 400: case 405: case 406: case 413: case 415: case 422: return ErrorKind::InvalidInput;
    case 401: return ErrorKind::Unauthorized;
    case 403: return ErrorKind::Forbidden;
    case 404: return ErrorKind::NotFound;
    case 408: return ErrorKind::Timeout;
    case 409: return ErrorKind::Conflict;
    case 410: return ErrorKind::Gone;
    case 412: return ErrorKind::Precondition;
    case 429: return ErrorKind::Throttled;
    default: return status >= 500 ? ErrorKind::Server : ErrorKind::Protocol;
    }
}

QString remedyOf(ErrorKind kind, bool isStatus)
{
    switch (kind) {
    case ErrorKind::Unauthorized: return Say::tr("The credentials are missing, wrong or expired: check the user in the kubeconfig.");
    case ErrorKind::Forbidden: return isStatus ? Say::tr("Ask the cluster's administrator for this permission.") : QString();
    case ErrorKind::Throttled: return Say::tr("The server is busy: try again in a moment.");
    default: return {};
    }
}

/// The text of a body that is no Status: tags and runs of spaces taken out of HTML.
QString plainText(const QByteArray &body)
{
    const QString head = QString::fromUtf8(body.left(1024));
    QString text;
    bool inTag = false;
    for (const QChar c : head) {
        if (c == u'<')
            inTag = true;
        else if (c == u'>' && inTag)
            inTag = false, text += u' ';
        else if (!inTag)
            text += c.isPrint() ? c : QChar(u' ');
    }
    return text.simplified();
}

int retryAfter(const QByteArray &header)
{
    bool ok = false;
    const int seconds = header.trimmed().toInt(&ok);
    if (ok && seconds >= 0)
        return static_cast<int>(std::min<qint64>(qint64(seconds) * 1000, 24 * 3600 * 1000));
    const QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(header.trimmed()), QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"));
    if (!date.isValid())
        return -1;
    const QDateTime utc(date.date(), date.time(), Qt::UTC);
    return static_cast<int>(std::clamp<qint64>(QDateTime::currentDateTimeUtc().msecsTo(utc), 0, 24 * 3600 * 1000));
}

} // namespace

QString shownUrl(const QUrl &url)
{
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
}

Error statusError(const QString &tried, const QUrl &url, int httpStatus, const QJsonObject &status)
{
    const QJsonObject details = status.value(u"details").toObject();
    const QJsonArray causes = details.value(u"causes").toArray();
    const QString message = status.value(u"message").toString();
    QString answer = message;
    bool fieldConflict = false;
    int shown = 0;
    for (const QJsonValue &value : causes) {
        const QJsonObject cause = value.toObject();
        const QString reason = cause.value(u"reason").toString();
        const QString field = cause.value(u"field").toString();
        const QString text = cause.value(u"message").toString();
        fieldConflict = fieldConflict || reason == u"FieldManagerConflict";
        // The message of a 422 repeats its causes already; a conflict's often does not name owner and field together.
        if (reason != u"FieldManagerConflict" && !text.isEmpty() && message.contains(text))
            continue;
        if (++shown > maxCauses)
            continue;
        answer += (answer.isEmpty() ? QString() : QStringLiteral("; ")) + (field.isEmpty() ? reason : field) + QStringLiteral(": ") + text;
    }
    if (shown > maxCauses)
        answer += QStringLiteral("; ") + Say::tr("and %1 more").arg(shown - maxCauses);

    const ErrorKind kind = kindOfStatus(httpStatus);
    Error error = Error::make(kind, tried, shownUrl(url), answer, remedyOf(kind, true));
    error.httpStatus = httpStatus;
    error.code = fieldConflict ? QStringLiteral("FieldManagerConflict") : status.value(u"reason").toString();
    if (fieldConflict)
        error.remedy = Say::tr("Another manager owns these fields: leave them out, or apply with force to take them over.");
    if (const int seconds = details.value(u"retryAfterSeconds").toInt(-1); seconds >= 0)
        error.retryAfterMs = static_cast<int>(std::min<qint64>(qint64(seconds) * 1000, 24 * 3600 * 1000));
    return error;
}

Error statusError(const QString &tried, const QUrl &url, const net::HttpReply &reply)
{
    const QJsonObject status = QJsonDocument::fromJson(reply.body).object();
    const bool isStatus = status.value(u"kind") == QStringLiteral("Status");
    Error error;
    if (isStatus) {
        error = statusError(tried, url, reply.status, status);
    } else {
        QString answer = plainText(reply.body);
        answer = answer.isEmpty() ? Say::tr("HTTP status %1").arg(reply.status) : Say::tr("HTTP status %1: %2").arg(reply.status).arg(answer);
        const ErrorKind kind = kindOfStatus(reply.status);
        QString remedy = remedyOf(kind, false);
        if (reply.status / 100 == 3)
            remedy = Say::tr("The server redirects, which a Kubernetes API server does not do: a proxy or a login page answers here. Check the address.");
        else if (reply.header("Content-Type").startsWith("text/html"))
            remedy = Say::tr("This is not a Kubernetes API server's answer: a proxy or load balancer answers here.");
        error = Error::make(kind, tried, shownUrl(url), answer, remedy);
        error.httpStatus = reply.status;
    }
    if (const QByteArray after = reply.header("Retry-After"); !after.isEmpty() && error.retryAfterMs < 0)
        error.retryAfterMs = retryAfter(after);
    error.requestId = QString::fromLatin1(reply.header("Audit-Id")).left(64);
    return error;
}

} // namespace catamaran::kube
