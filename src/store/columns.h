// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QVariant>

/// How values lie in the columns of the database, both ways.
namespace catamaran::store {

[[nodiscard]] inline QString compact(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

[[nodiscard]] inline QJsonObject objectOf(const QVariant &text)
{
    return QJsonDocument::fromJson(text.toString().toUtf8()).object();
}

/// Milliseconds since 1970; now when @p at is none.
[[nodiscard]] inline QVariant moment(const QDateTime &at)
{
    return (at.isValid() ? at : QDateTime::currentDateTimeUtc()).toMSecsSinceEpoch();
}

[[nodiscard]] inline QDateTime momentOf(const QVariant &value)
{
    return QDateTime::fromMSecsSinceEpoch(value.toLongLong(), Qt::UTC);
}

/// SQLite stores a null QString as NULL, which "not null" columns refuse.
[[nodiscard]] inline QString some(const QString &text)
{
    return text.isNull() ? QStringLiteral("") : text;
}

} // namespace catamaran::store
