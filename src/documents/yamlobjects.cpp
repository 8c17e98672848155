// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/yamlobjects.h"

#include "core/yamldocuments.h"
#include "documents/say.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

namespace catamaran::documents {

namespace {

constexpr int maxDepth = 64;
constexpr int maxDocuments = 1000;

/// A plain scalar has the type that YAML's core schema gives it.
QJsonValue scalar(const YAML::Node &node)
{
    const QString text = core::yamlText(node.Scalar());
    if (node.Tag() == "!") // in quotes
        return text;
    if (text.isEmpty() || text == QLatin1String("~") || text == QLatin1String("null"))
        return QJsonValue::Null;
    if (text == QLatin1String("true") || text == QLatin1String("false"))
        return text == QLatin1String("true");
    bool ok = false;
    if (const qlonglong whole = text.toLongLong(&ok); ok)
        return whole;
    if (const double number = text.toDouble(&ok); ok && std::isfinite(number))
        return number;
    return text;
}

/// Throws YAML::Exception when it is too large; its caller below is the only one.
QJsonValue toJson(const YAML::Node &node, int depth, int &nodesLeft)
{
    if (depth > maxDepth || --nodesLeft < 0)
        throw YAML::Exception(node.Mark(), "too large or too deep");
    if (node.IsMap()) {
        QJsonObject object;
        for (const auto &pair : node)
            object.insert(core::yamlText(pair.first.Scalar()), toJson(pair.second, depth + 1, nodesLeft));
        return object;
    }
    if (node.IsSequence()) {
        QJsonArray array;
        for (const auto &element : node)
            array.append(toJson(element, depth + 1, nodesLeft));
        return array;
    }
    return node.IsScalar() ? scalar(node) : QJsonValue();
}

} // namespace

core::Result<QList<YamlObject>> yamlObjects(const QByteArray &text, const QString &origin, const QString &tried, const YamlBounds &bounds)
{
    const auto bad = [&](int line, const QString &answer) {
        return core::fail(core::ErrorKind::InvalidInput, tried, QStringLiteral("%1:%2").arg(origin).arg(line), answer);
    };
    if (text.size() > bounds.bytes)
        return bad(1, Say::tr("is larger than %1 MiB").arg(bounds.bytes / 1024 / 1024));
    QList<YamlObject> objects;
    try {
        int nodesLeft = bounds.values;
        if (!core::hasAtMostDocuments(text.toStdString(), maxDocuments)) // and LoadAll would never end on some broken texts
            return bad(1, Say::tr("holds too many documents"));
        for (const YAML::Node &node : YAML::LoadAll(text.toStdString())) {
            if (node.IsNull())
                continue;
            const int line = node.Mark().line + 1;
            const QJsonValue value = toJson(node, 0, nodesLeft);
            if (!value.isObject())
                return bad(line, Say::tr("is no map"));
            objects.append({ value.toObject(), line });
        }
    } catch (const YAML::Exception &exception) {
        return bad(std::max(exception.mark.line, 0) + 1, QString::fromStdString(exception.msg));
    }
    return objects;
}

} // namespace catamaran::documents
