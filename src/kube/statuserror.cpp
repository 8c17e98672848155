// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/statuserror.h"

#include "core/printable.h"
#include "kube/say.h"
#include "net/httpdate.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include <algorithm>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;

namespace {

constexpr int maxCauses = 5;

ErrorKind kindOfStatus(int status)
{
    switch (status) {
    case 400:
    case 405:
    case 406:
    case 413:
    case 415:
    case 422: return ErrorKind::InvalidInput;
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

QString remedyOf(ErrorKind kind, int status, bool isStatus)
{
    switch (kind) {
    case ErrorKind::Unauthorized: return Say::tr("The credentials are missing, wrong or expired: check the user in the kubeconfig.");
    case ErrorKind::Forbidden: return isStatus ? Say::tr("Ask the cluster's administrator for this permission.") : QString();
    case ErrorKind::Throttled: return Say::tr("The server is busy: try again in a moment.");
    case ErrorKind::Conflict: return isStatus ? Say::tr("Somebody else changed it meanwhile: read it again.") : QString();
    case ErrorKind::Gone: return Say::tr("Read the list again.");
    case ErrorKind::InvalidInput: return isStatus && status == 422 ? Say::tr("Correct the named fields.") : QString();
    case ErrorKind::Server:
        return !isStatus    ? QString()
            : status == 504 ? Say::tr("What was to be changed may have been: look before trying again.")
                            : Say::tr("The server is in trouble: try again in a moment, and look at its log.");
    default: return {};
    }
}

constexpr qsizetype pageHead = 16 * 1024; ///< where a page's title and first words are

/// What another machine wrote, as one may show it.
QString printable(const QString &text, qsizetype longest)
{
    return core::printableLine(text.left(longest * 2).simplified()).left(longest);
}

/// The text of a body that is no Status: tags, styles, scripts and runs of spaces taken out of HTML.
QString plainText(const QByteArray &body)
{
    QString head = QString::fromUtf8(body.left(pageHead));
    static const QRegularExpression unseen(QStringLiteral("<(script|style|head|svg)\\b.*?(</\\1\\s*>|\\z)|<!--.*?(-->|\\z)"),
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    if (head.contains(u'<'))
        head.replace(unseen, QStringLiteral(" "));
    QString text;
    bool inTag = false;
    for (const QChar c : std::as_const(head)) {
        if (c == u'<')
            inTag = true;
        else if (c == u'>' && inTag)
            inTag = false, text += u' ';
        else if (!inTag)
            text += c;
    }
    return printable(text, 500);
}

QString titleOf(const QByteArray &body)
{
    static const QRegularExpression title(QStringLiteral("<title[^>]{0,200}>([^<]{0,400})"), QRegularExpression::CaseInsensitiveOption);
    return printable(title.match(QString::fromUtf8(body.left(pageHead))).captured(1), 120);
}

/// Whether a page asks somebody to log in: a password field, or words that such pages have.
bool asksForLogin(const QByteArray &body)
{
    static const QRegularExpression words(
        QStringLiteral("type\\s*=\\s*[\"']?password|log[ -]?in\\b|sign[ -]?in\\b|single sign-on|\\bSSO\\b|authenticat|captive"),
        QRegularExpression::CaseInsensitiveOption);
    return words.match(QString::fromUtf8(body.left(pageHead))).hasMatch();
}

/// What such a page is, with its title.
QString pageWords(const QByteArray &body)
{
    QString title = titleOf(body);
    if (title.isEmpty())
        title = plainText(body).left(200);
    const QString what = asksForLogin(body) ? Say::tr("a web page that looks like the login page of a proxy") : Say::tr("a web page");
    return title.isEmpty() ? what : Say::tr("%1: “%2”").arg(what, title);
}

QString pageRemedy(const QByteArray &body)
{
    return asksForLogin(body)
        ? Say::tr(
            "A proxy or portal between answers instead of the Kubernetes API server: log in there with a browser, or name the server in NO_PROXY, or check proxy-url and the address.")
        : Say::tr(
            "This is not a Kubernetes API server's answer: a proxy or load balancer answers here. Check the address, proxy-url and NO_PROXY.");
}

/// Where a redirect points, without what may be secret in it.
QString redirectTarget(const net::HttpReply &reply, const QUrl &from)
{
    const QUrl location = from.resolved(QUrl(QString::fromUtf8(reply.header("Location").left(2048))));
    return location.isValid() && !reply.header("Location").isEmpty()
        ? printable(location.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment), 300)
        : QString();
}

int retryAfter(const QByteArray &header)
{
    const QByteArray text = header.trimmed().left(64);
    constexpr qint64 longest = 24 * 3600;
    if (!text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        bool ok = false;
        const qint64 seconds = text.toLongLong(&ok); // more digits than fit are a long wait too
        return static_cast<int>((ok ? std::min(seconds, longest) : longest) * 1000);
    }
    const QDateTime utc = net::httpDate(header);
    if (!utc.isValid())
        return -1;
    return static_cast<int>(std::clamp<qint64>(QDateTime::currentDateTimeUtc().msecsTo(utc), 0, 24 * 3600 * 1000));
}

/// Who holds the field of one cause. The API has no member for it: the message is `conflict with "NAME"`, the name quoted
/// as Go quotes, and more may follow. Read from its beginning, so that no name can pose as another.
QString managerOf(const QString &message)
{
    static const QLatin1StringView before("conflict with \"");
    if (!message.startsWith(before))
        return {};
    QString name;
    for (qsizetype i = before.size(); i < message.size(); ++i) {
        const QChar c = message.at(i);
        if (c == u'"')
            return name;
        if (c == u'\\' && ++i == message.size())
            break;
        name += message.at(i);
    }
    return {};
}

} // namespace

Error statusError(const QString &tried, const QUrl &url, int httpStatus, const QJsonObject &status)
{
    const QJsonObject details = status.value(u"details").toObject();
    const QJsonArray causes = details.value(u"causes").toArray();
    const QString message = status.value(u"message").toString();
    QString answer = message.left(2 * 1024); // Error keeps 1 KiB
    QList<core::HeldField> conflicts;
    int shown = 0;
    for (const QJsonValue &value : causes) {
        const QJsonObject cause = value.toObject();
        const QString reason = cause.value(u"reason").toString();
        const QString field = cause.value(u"field").toString();
        const QString text = cause.value(u"message").toString();
        if (reason == u"FieldManagerConflict")
            conflicts.append({ managerOf(text), field });
        // The message of a 422 repeats its causes already; a conflict's often does not name owner and field together.
        if (reason != u"FieldManagerConflict" && !text.isEmpty() && message.contains(text))
            continue;
        if (++shown > maxCauses)
            continue;
        answer += (answer.isEmpty() ? QString() : QStringLiteral("; ")) + (field.isEmpty() ? reason : field).left(300)
            + QStringLiteral(": ") + text.left(500);
    }
    if (shown > maxCauses)
        answer += QStringLiteral("; ") + Say::tr("and %1 more").arg(shown - maxCauses);

    const ErrorKind kind = kindOfStatus(httpStatus);
    Error error = Error::make(kind, tried, shownUrl(url), answer, remedyOf(kind, httpStatus, true));
    error.httpStatus = httpStatus;
    error.code = !conflicts.isEmpty() ? QStringLiteral("FieldManagerConflict") : status.value(u"reason").toString().left(100);
    if (answer.isEmpty())
        error.answer = error.code.isEmpty() ? Say::tr("HTTP status %1").arg(httpStatus) : error.code;
    if (!conflicts.isEmpty())
        error.remedy = Say::tr("Another manager owns these fields: leave them out, or apply with force to take them over.");
    error.conflicts = conflicts;
    if (const int seconds = details.value(u"retryAfterSeconds").toInt(-1); seconds >= 0)
        error.retryAfterMs = static_cast<int>(std::min<qint64>(qint64(seconds) * 1000, 24 * 3600 * 1000));
    return error;
}

bool isPage(const net::HttpReply &reply)
{
    if (reply.header("Content-Type").trimmed().toLower().startsWith("text/html"))
        return true;
    const QByteArray start = reply.body.left(256).trimmed().toLower();
    return start.startsWith("<!doctype html") || start.startsWith("<html");
}

std::optional<Error> pageError(const QString &tried, const QUrl &url, const net::HttpReply &reply)
{
    if (reply.status / 100 != 2 || !isPage(reply))
        return std::nullopt;
    Error error = Error::make(
        ErrorKind::Protocol, tried, shownUrl(url), Say::tr("the answer is %1").arg(pageWords(reply.body)), pageRemedy(reply.body));
    error.httpStatus = reply.status;
    return error;
}

Error statusError(const QString &tried, const QUrl &url, const net::HttpReply &reply)
{
    const QJsonObject status = QJsonDocument::fromJson(reply.body).object();
    const bool isStatus = status.value(u"kind") == QStringLiteral("Status");
    Error error;
    if (isStatus) {
        error = statusError(tried, url, reply.status, status);
    } else if (reply.status / 100 == 3) {
        const QString target = redirectTarget(reply, url);
        error = Error::make(ErrorKind::Protocol, tried, shownUrl(url),
            target.isEmpty() ? Say::tr("the server redirects (HTTP status %1), but does not say where").arg(reply.status)
                             : Say::tr("the server redirects (HTTP status %1) to %2").arg(reply.status).arg(target),
            Say::tr(
                "A Kubernetes API server does not redirect: a proxy or a login page answers here. The redirect was not followed and no credentials went there. Check the address."));
        error.httpStatus = reply.status;
    } else {
        QString answer = isPage(reply) ? pageWords(reply.body) : plainText(reply.body);
        answer
            = answer.isEmpty() ? Say::tr("HTTP status %1").arg(reply.status) : Say::tr("HTTP status %1: %2").arg(reply.status).arg(answer);
        const ErrorKind kind = kindOfStatus(reply.status);
        QString remedy = remedyOf(kind, reply.status, false);
        if (isPage(reply))
            remedy = pageRemedy(reply.body);
        else if (reply.status == 400 && reply.body.contains("HTTP request to an HTTPS server"))
            remedy = Say::tr("This server speaks TLS: begin its address with https://");
        else if (kind == ErrorKind::Forbidden && reply.body.isEmpty())
            remedy = Say::tr(
                "The answer has no reason, so it may come from a proxy or firewall between; else ask the cluster's administrator for this permission.");
        else if (reply.status == 504 || reply.status == 502)
            remedy = Say::tr(
                "A load balancer or proxy got no answer from the server behind it. What was to be changed may have been: look before trying again.");
        else if (kind == ErrorKind::Server)
            remedy = Say::tr("The server is in trouble: try again in a moment, and look at its log.");
        else if (kind == ErrorKind::NotFound)
            remedy = Say::tr("This server does not know the address: check the path in the cluster's server, and the server's version.");
        else if (remedy.isEmpty())
            remedy = Say::tr("Check that the address is a Kubernetes API server's.");
        error = Error::make(kind, tried, shownUrl(url), answer, remedy);
        error.httpStatus = reply.status;
    }
    if (const QByteArray after = reply.header("Retry-After"); !after.isEmpty() && error.retryAfterMs < 0)
        error.retryAfterMs = retryAfter(after);
    error.requestId = QString::fromLatin1(reply.header("Audit-Id")).left(64);
    return error;
}

} // namespace catamaran::kube
