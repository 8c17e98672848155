// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "net/httpclient.h"

#include <QDateTime>
#include <QJsonObject>

/// What the cloud's gateway and backends answer, read tolerantly (facts asm-openapi 1.4, 4.4). Pure functions.
namespace catamaran::alicloud {

/// The kind behind a cloud error code. The code decides; the status only where the code says nothing.
[[nodiscard]] core::ErrorKind kindOf(const QString &code, int httpStatus);

/// Reads an error answer: JSON with upper- or lower-case keys, the gateway's XML, or anything else (then the status alone
/// speaks). A request whose time is refused: the remedy names how far this machine's clock (@p now) is from the answer's.
[[nodiscard]] core::Error readError(
    const net::HttpReply &reply, const QString &tried, const QString &target, const QDateTime &now = QDateTime::currentDateTimeUtc());

/// The permission (RAM action, "servicemesh:DescribeServiceMeshes") that @p reply says is missing; empty when it refuses for another
/// reason. Without the answer's own word it is the one of the call: @p product and @p action.
[[nodiscard]] QString missingPermission(const net::HttpReply &reply, const QString &product, const QString &action);
/// What to do about it.
[[nodiscard]] QString permissionRemedy(const QString &permission);

/// The JSON object of a successful answer, or the Error that the answer is (also HTTP 200 with a failing `Code` inside).
[[nodiscard]] core::Result<QJsonObject> readAnswer(const net::HttpReply &reply, const QString &tried, const QString &target);

/// A JSON value that should be text but may be a bare number or boolean.
[[nodiscard]] QString tolerantText(const QJsonValue &value);

} // namespace catamaran::alicloud
