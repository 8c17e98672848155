// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/faultmark.h"

#include <QJsonDocument>

namespace catamaran::ops {

QString FaultMark::toText() const
{
    return QString::fromUtf8(QJsonDocument(
        QJsonObject { { QStringLiteral("execution"), execution }, { QStringLiteral("step"), step },
            { QStringLiteral("replicas"),
                replicas } }).toJson(QJsonDocument::Compact));
}

std::optional<FaultMark> faultMarkOf(const QJsonObject &object)
{
    const QString text = object.value(u"metadata").toObject().value(u"annotations").toObject().value(faultAnnotation).toString();
    const QJsonObject mark = QJsonDocument::fromJson(text.toUtf8()).object();
    if (!mark.value(u"execution").isString() || mark.value(u"execution").toString().isEmpty() || !mark.value(u"step").isString()
        || mark.value(u"replicas").toInt(-1) < 0)
        return std::nullopt;
    return FaultMark { mark.value(u"execution").toString(), mark.value(u"step").toString(), mark.value(u"replicas").toInt() };
}

} // namespace catamaran::ops
