// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/labelselector.h"

#include <QJsonArray>
#include <QStringList>

#include <algorithm>

namespace catamaran::kube {

namespace {

/// As the server judges: what is asked of an absent label holds for NotIn and DoesNotExist alone.
bool holds(const QJsonObject &expression, const QJsonObject &labels)
{
    const QString op = expression.value(u"operator").toString();
    const QJsonValue label = labels.value(expression.value(u"key").toString());
    const bool isThere = label.isString();
    const auto isNamed = [&] { return expression.value(u"values").toArray().contains(label); };
    if (op == u"In")
        return isThere && isNamed();
    if (op == u"NotIn")
        return !isThere || !isNamed();
    if (op == u"Exists")
        return isThere;
    return op == u"DoesNotExist" && !isThere;
}

} // namespace

bool selects(const QJsonObject &selector, const QJsonObject &labels)
{
    const QJsonObject wanted = selector.value(u"matchLabels").toObject();
    const QJsonArray expressions = selector.value(u"matchExpressions").toArray();
    if (wanted.isEmpty() && expressions.isEmpty())
        return false;
    for (auto it = wanted.begin(); it != wanted.end(); ++it)
        if (labels.value(it.key()) != it.value())
            return false;
    return std::all_of(expressions.begin(), expressions.end(), [&](const QJsonValue &one) { return holds(one.toObject(), labels); });
}

QString selectorText(const QJsonObject &selector)
{
    QStringList parts;
    const QJsonObject labels = selector.value(u"matchLabels").toObject();
    for (auto it = labels.begin(); it != labels.end(); ++it)
        parts += it.key() + u'=' + it.value().toString();
    const QJsonArray expressions = selector.value(u"matchExpressions").toArray();
    for (const QJsonValue &expression : expressions) {
        const QString key = expression[u"key"].toString();
        const QString op = expression[u"operator"].toString();
        QStringList values;
        const QJsonArray given = expression[u"values"].toArray();
        for (const QJsonValue &value : given)
            values += value.toString();
        if (op == u"In" || op == u"NotIn")
            parts += key + (op == u"In" ? QStringLiteral(" in (") : QStringLiteral(" notin (")) + values.join(u',') + u')';
        else if (op == u"Exists")
            parts += key;
        else if (op == u"DoesNotExist")
            parts += u'!' + key;
    }
    return parts.join(u',');
}

} // namespace catamaran::kube
