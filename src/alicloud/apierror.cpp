// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/apierror.h"

#include "alicloud/say.h"
#include "core/wholepattern.h"
#include "net/httpdate.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QXmlStreamReader>

#include <cstdlib>

namespace catamaran::alicloud {

using core::Error;
using core::ErrorKind;

namespace {

constexpr int longestRetryWaitMs = 120000;
constexpr qint64 tellableSkew = 30; // seconds: less may be the way of the answer

struct Fields {
    QString code, message, requestId;
};

Fields fieldsOf(const QJsonObject &object)
{
    const auto either = [&](const char *upper, const char *lower) {
        const QJsonValue value = object.value(QLatin1String(upper));
        return tolerantText(value.isUndefined() ? object.value(QLatin1String(lower)) : value);
    };
    return { either("Code", "code"), either("Message", "message"), either("RequestId", "requestId") };
}

Fields fieldsOfXml(const QByteArray &body)
{
    Fields fields;
    QXmlStreamReader xml(body);
    if (!xml.readNextStartElement() || xml.name() != u"Error")
        return fields;
    while (xml.readNextStartElement()) {
        if (xml.name() == u"Code")
            fields.code = xml.readElementText(QXmlStreamReader::SkipChildElements);
        else if (xml.name() == u"Message")
            fields.message = xml.readElementText(QXmlStreamReader::SkipChildElements);
        else if (xml.name() == u"RequestId")
            fields.requestId = xml.readElementText(QXmlStreamReader::SkipChildElements);
        else
            xml.skipCurrentElement();
    }
    return fields;
}

Fields fieldsOf(const net::HttpReply &reply)
{
    Fields fields;
    const QByteArray type = reply.header("content-type").toLower().replace(" ", "");
    if (type.startsWith("text/xml") || type.startsWith("application/xml"))
        fields = fieldsOfXml(reply.body);
    else
        fields = fieldsOf(QJsonDocument::fromJson(reply.body).object());
    if (fields.requestId.isEmpty())
        fields.requestId = QString::fromUtf8(reply.header("x-acs-request-id"));
    return fields;
}

/// The gateway's and the products' words for it differ: InvalidTimeStamp.Expired, IllegalTimestamp, RequestTimeTooSkewed.
bool isAboutTime(const QString &code)
{
    return (code.contains(u"TimeStamp", Qt::CaseInsensitive) && !code.startsWith(u"Missing")) || code == u"RequestTimeTooSkewed";
}

/// "3 h 5 min", "12 s".
QString spanText(qint64 seconds)
{
    if (seconds < 120)
        return Say::tr("%1 s").arg(seconds);
    if (seconds < 2 * 3600)
        return Say::tr("%1 min").arg(seconds / 60);
    if (seconds < 48 * 3600)
        return Say::tr("%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60);
    return Say::tr("%1 days").arg(seconds / 86400);
}

/// What to do about a request whose time was refused, with how far this machine's clock is from the one that wrote @p date.
QString timeRemedy(const QByteArray &date, const QDateTime &now)
{
    const QString set = Say::tr("Set this machine's clock: it may be at most 15 minutes off.");
    const QDateTime theirs = net::httpDate(date);
    if (!theirs.isValid())
        return set;
    const qint64 ahead = theirs.secsTo(now);
    const QString shown = theirs.toString(Qt::ISODate);
    if (std::abs(ahead) <= tellableSkew)
        return Say::tr(
            "This machine's clock is not the cause: it differs by %1 s from the answer's own date (%2). Something between may hold requests back, or answers in the cloud's place.")
            .arg(std::abs(ahead))
            .arg(shown);
    return (ahead > 0 ? Say::tr("This machine's clock is %1 ahead of the cloud's (by the answer's date, %2).")
                      : Say::tr("This machine's clock is %1 behind the cloud's (by the answer's date, %2)."))
               .arg(spanText(std::abs(ahead)), shown)
        + u' ' + set;
}

QString remedyFor(const QString &code, ErrorKind kind)
{
    if (code.startsWith(u"InvalidAccessKeyId"))
        return Say::tr("Check the access key id of this environment: it is unknown or switched off.");
    if (code == u"SignatureDoesNotMatch" || code == u"IncompleteSignature")
        return Say::tr("Check the access key secret of this environment.");
    if (code.contains(u"SecurityToken"))
        return Say::tr("The temporary credentials have expired or do not fit: get new ones.");
    if (code == u"InvalidProduct.NotFound" || code == u"InvalidApi.NotFound" || code == u"InvalidAction.NotFound")
        return Say::tr("Check the endpoint of this environment: it does not offer this call.");
    if (code == u"NameAlreadyExist")
        return Say::tr("Choose another name, or use the mesh that exists.");
    if (code == u"InvalidActiveState.ACK")
        return Say::tr("Activate Container Service for Kubernetes in the cloud console.");
    if (code == u"ErrorPermitted.ClustersNotEmpty")
        return Say::tr("Remove the clusters from the mesh first.");
    if (code == u"StillInitializing" || code.startsWith(u"InvalidOperation."))
        return Say::tr("Wait until the mesh is running, then try again.");
    switch (kind) {
    case ErrorKind::Forbidden:
        return Say::tr("Give this access key the permission for the call (RAM policy), see the README's minimal policy.");
    case ErrorKind::Throttled: return Say::tr("Wait a minute and try again.");
    case ErrorKind::NotFound: return Say::tr("It may have been deleted, or it belongs to another account.");
    case ErrorKind::Server: return Say::tr("The cloud had a fault: try again later.");
    default: return {};
    }
}

} // namespace

QString tolerantText(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::String: return value.toString();
    case QJsonValue::Double: return QString::number(value.toDouble(), 'g', 15);
    case QJsonValue::Bool: return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
    default: return {};
    }
}

ErrorKind kindOf(const QString &code, int httpStatus)
{
    const auto isOneOf
        = [&](std::initializer_list<QLatin1String> codes) { return std::find(codes.begin(), codes.end(), code) != codes.end(); };
    const auto starts = [&](const char *prefix) { return code.startsWith(QLatin1String(prefix)); };
    using L = QLatin1String;

    if (code.contains(u"Throttling"))
        return ErrorKind::Throttled;
    if (starts("InvalidAccessKeyId") || isAboutTime(code) || code.contains(u"SecurityToken")
        || isOneOf({ L("SignatureDoesNotMatch"), L("IncompleteSignature"), L("SignatureNonceUsed") }))
        return ErrorKind::Unauthorized;
    if (isOneOf({ L("InvalidApi.NotFound"), L("InvalidAction.NotFound"), L("InvalidProduct.NotFound"), L("UnsupportedHTTPMethod"),
            L("UnsupportedOperation") }))
        return ErrorKind::Unsupported;
    // The backend says "403" and "StatusForbidden" for a mesh that is gone or another account's.
    if (isOneOf({ L("ServiceMesh.NotFound"), L("StatusForbidden"), L("403"), L("404"), L("ERR404"), L("ErrorClusterNotFound") }))
        return ErrorKind::NotFound;
    if (starts("Forbidden") || code == u"NoPermission")
        return ErrorKind::Forbidden;
    if (isOneOf({ L("NameAlreadyExist"), L("Cluster.AlreadyAdded") }))
        return ErrorKind::Conflict;
    if (starts("InvalidOperation.") || starts("ErrorPermitted.") || starts("QuotaExceeded")
        || isOneOf({ L("StillInitializing"), L("RelatedResourceReused"), L("InvalidActiveState.ACK") }))
        return ErrorKind::Precondition;
    if (isOneOf({ L("InternalError"), L("ServiceUnavailable"), L("ERR500"), L("500"), L("503") }) || httpStatus >= 500)
        return ErrorKind::Server;
    if (code.endsWith(u".NotFound"))
        return ErrorKind::NotFound;
    if (starts("Missing") || starts("Invalid"))
        return ErrorKind::InvalidInput;
    switch (httpStatus) {
    case 401: return ErrorKind::Unauthorized;
    case 403: return ErrorKind::Forbidden;
    case 404: return ErrorKind::NotFound;
    case 409: return ErrorKind::Conflict;
    case 429: return ErrorKind::Throttled;
    default: return httpStatus >= 400 ? ErrorKind::InvalidInput : ErrorKind::Protocol;
    }
}

Error readError(const net::HttpReply &reply, const QString &tried, const QString &target, const QDateTime &now)
{
    const Fields fields = fieldsOf(reply);
    bool hasWait = false;
    const int wait = reply.header("x-acs-retry-after").toInt(&hasWait);
    ErrorKind kind = kindOf(fields.code, reply.status);
    if (hasWait && wait >= 0)
        kind = ErrorKind::Throttled;
    QString answer = fields.message;
    // The gateway adds the whole request as it was signed: for whoever writes a signer, not for whoever mistyped a secret.
    if (fields.code == u"SignatureDoesNotMatch")
        answer = answer.left(answer.indexOf(u" server ", 0, Qt::CaseInsensitive)).trimmed();
    if (!fields.code.isEmpty())
        answer = answer.isEmpty() ? fields.code : QStringLiteral("%1 (%2)").arg(answer, fields.code);
    if (answer.isEmpty())
        answer = QStringLiteral("HTTP %1").arg(reply.status);
    Error error = Error::make(
        kind, tried, target, answer, isAboutTime(fields.code) ? timeRemedy(reply.header("Date"), now) : remedyFor(fields.code, kind));
    error.httpStatus = reply.status;
    error.code = fields.code.left(128);
    error.requestId = fields.requestId.left(128);
    if (hasWait && wait >= 0)
        error.retryAfterMs = std::min(wait, longestRetryWaitMs);
    return error;
}

QString missingPermission(const net::HttpReply &reply, const QString &product, const QString &action)
{
    const Fields fields = fieldsOf(reply);
    const bool isRam = fields.code == u"Forbidden.RAM" || fields.code == u"Forbidden" || fields.code == u"NoPermission"
        || (fields.code.isEmpty() && reply.status == 403);
    if (!isRam)
        return {};
    static const QRegularExpression form = core::wholePattern(QStringLiteral("[a-z][a-z0-9-]{0,40}:[A-Za-z0-9]{1,80}"));
    const QString told
        = QJsonDocument::fromJson(reply.body).object().value(u"AccessDeniedDetail").toObject().value(u"AuthAction").toString();
    return form.match(told).hasMatch() ? told : product + u':' + action;
}

QString permissionRemedy(const QString &permission)
{
    return Say::tr(
        "The RAM policy of these credentials does not allow %1: add it. resources/environments/ram-policy.json has all that is called.")
        .arg(permission);
}

core::Result<QJsonObject> readAnswer(const net::HttpReply &reply, const QString &tried, const QString &target)
{
    if (reply.status < 200 || reply.status >= 300)
        return core::fail(readError(reply, tried, target));
    QJsonParseError parsing;
    const QJsonDocument document = QJsonDocument::fromJson(reply.body, &parsing);
    if (!document.isObject()) {
        Error error = Error::make(ErrorKind::Protocol, tried, target,
            document.isNull() ? Say::tr("the answer is not JSON: %1").arg(parsing.errorString())
                              : Say::tr("the answer is not a JSON object"),
            Say::tr("Check the endpoint of this environment: something else may be answering there."));
        error.httpStatus = reply.status;
        error.requestId = QString::fromUtf8(reply.header("x-acs-request-id")).left(128);
        return core::fail(error);
    }
    // Add, remove and proxy status carry a code of their own inside a 200: "200" as text or as a number.
    const QString code = tolerantText(document.object().value(u"Code"));
    bool isNumber = false;
    const int number = code.toInt(&isNumber);
    const bool isSuccess = code.isEmpty() || (isNumber && number >= 200 && number < 300) || code.compare(u"OK", Qt::CaseInsensitive) == 0
        || code.compare(u"success", Qt::CaseInsensitive) == 0;
    if (!isSuccess)
        return core::fail(readError(reply, tried, target));
    return document.object();
}

} // namespace catamaran::alicloud
