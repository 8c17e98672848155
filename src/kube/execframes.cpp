// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/execframes.h"

#include "kube/listparser.h"
#include "kube/say.h"
#include "kube/statuserror.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;

namespace {

constexpr qsizetype longestMessage = 32 * 1024;

} // namespace

std::optional<ExecMessage> parseExecMessage(const QByteArray &message)
{
    if (message.size() < 2) // an empty payload is the server's "ready"
        return std::nullopt;
    const auto channel = static_cast<unsigned char>(message.at(0));
    if (channel < 1 || channel > 3)
        return std::nullopt;
    return ExecMessage { static_cast<ExecChannel>(channel), message.mid(1) };
}

QByteArrayList stdinMessages(const QByteArray &bytes)
{
    QByteArrayList messages;
    for (qsizetype at = 0; at < bytes.size(); at += longestMessage - 1)
        messages.append(QByteArray(1, '\0') + bytes.mid(at, longestMessage - 1));
    return messages;
}

QByteArray closeStdinMessage()
{
    return QByteArray("\xff\x00", 2);
}

QByteArray resizeMessage(int width, int height)
{
    return '\x04'
        + QJsonDocument(QJsonObject { { QStringLiteral("Width"), width }, { QStringLiteral("Height"), height } })
              .toJson(QJsonDocument::Compact);
}

ExecEnd parseExecStatus(const QByteArray &json, const QString &tried, const QUrl &url)
{
    const auto status = parseObject(json);
    if (!status)
        return { 0,
            Error::make(ErrorKind::Protocol, tried, shownUrl(url),
                Say::tr("the command's final status cannot be read: %1").arg(QString::fromUtf8(json.left(300)))) };
    const QString word = status->value(u"status").toString();
    if (word == u"Success")
        return {};
    if (word == u"Failure" && status->value(u"reason").toString() == u"NonZeroExitCode") {
        for (const QJsonValue &value : status->value(u"details").toObject().value(u"causes").toArray()) {
            bool ok = false;
            const int code = value.toObject().value(u"message").toString().toInt(&ok);
            if (value.toObject().value(u"reason").toString() == u"ExitCode" && ok)
                return { code, std::nullopt };
        }
        return { 0,
            Error::make(ErrorKind::Protocol, tried, shownUrl(url),
                Say::tr("the command failed, but the server does not say with which exit code")) };
    }
    if (word != u"Failure")
        return { 0,
            Error::make(ErrorKind::Protocol, tried, shownUrl(url), Say::tr("the command's final status is neither Success nor Failure")) };
    Error error = statusError(tried, url, status->value(u"code").toInt(500), *status);
    if (error.kind == ErrorKind::Server)
        error.remedy = Say::tr("Check that the container runs and has this program.");
    return { 0, error };
}

bool isProgramMissing(const QString &said, const QString &program)
{
    // runc: exec: "sh": executable file not found in $PATH; crun: executable file `sh` not found in $PATH; gVisor: error
    // finding executable "sh" in PATH; others: exec: "sh": no such file or directory, stat /bin/sh: no such file or directory.
    static const QRegularExpression missing(
        QStringLiteral("executable file|finding executable|no such file or directory|permission denied|ENOENT|cannot find the file"),
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpression named(QStringLiteral("(^|[^\\w.-])(/\\w+)*/?%1([^\\w.-]|\\z)").arg(QRegularExpression::escape(program)));
    return missing.match(said).hasMatch() && named.match(said).hasMatch();
}

} // namespace catamaran::kube
