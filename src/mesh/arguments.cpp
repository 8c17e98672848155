// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/arguments.h"

#include "core/wholepattern.h"
#include "mesh/say.h"
#include "ops/kinds/target.h"

#include <QJsonArray>

namespace catamaran::mesh {

namespace {

bool isLabel(const QString &text)
{
    static const QRegularExpression label = core::wholePattern(QStringLiteral("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"));
    return label.match(text).hasMatch();
}

} // namespace

ArgumentReader::ArgumentReader(QString operation, const QJsonObject &arguments)
    : m_operation(std::move(operation))
    , m_arguments(arguments)
{
}

QJsonValue ArgumentReader::take(const QString &name)
{
    m_asked << name;
    return m_arguments.value(name);
}

void ArgumentReader::refuse(const QString &name, const QString &answer)
{
    if (!m_error)
        m_error = ops::badArgument(m_operation, name, answer);
}

QString ArgumentReader::text(const QString &name)
{
    const QString text = maybeText(name);
    if (text.isEmpty())
        refuse(name, Say::tr("is missing"));
    return text;
}

QString ArgumentReader::maybeText(const QString &name)
{
    const QJsonValue value = take(name);
    if (!value.isUndefined() && !value.isString())
        refuse(name, Say::tr("is not a text"));
    return value.toString();
}

QString ArgumentReader::label(const QString &name)
{
    const QString label = text(name);
    if (!isLabel(label))
        refuse(name, Say::tr("“%1” is not a name").arg(label.left(80)));
    return label;
}

QStringList ArgumentReader::texts(const QString &name)
{
    const QJsonValue value = take(name);
    QStringList list;
    for (const QJsonValue &each : value.toArray()) {
        if (each.toString().isEmpty())
            refuse(name, Say::tr("is not a list of texts"));
        list << each.toString();
    }
    if (list.isEmpty())
        refuse(name, value.isUndefined() || value.isArray() ? Say::tr("is missing") : Say::tr("is not a list of texts"));
    return list;
}

QStringList ArgumentReader::labels(const QString &name)
{
    const QStringList list = texts(name);
    for (const QString &each : list)
        if (!isLabel(each))
            refuse(name, Say::tr("“%1” is not a name").arg(each.left(80)));
    return list;
}

bool ArgumentReader::flag(const QString &name)
{
    if (!has(name))
        refuse(name, Say::tr("is missing"));
    return maybeFlag(name);
}

bool ArgumentReader::maybeFlag(const QString &name)
{
    const QJsonValue value = take(name);
    if (!value.isUndefined() && !value.isBool())
        refuse(name, Say::tr("is neither true nor false"));
    return value.toBool();
}

QJsonObject ArgumentReader::object(const QString &name)
{
    const QJsonValue value = take(name);
    if (!value.isObject() || value.toObject().isEmpty())
        refuse(name, value.isUndefined() ? Say::tr("is missing") : Say::tr("is not an object with something in it"));
    return value.toObject();
}

std::optional<core::Error> ArgumentReader::error() const
{
    if (m_error)
        return m_error;
    for (auto it = m_arguments.begin(); it != m_arguments.end(); ++it)
        if (!m_asked.contains(it.key()))
            return ops::badArgument(m_operation, it.key(), Say::tr("is not known"));
    return std::nullopt;
}

} // namespace catamaran::mesh
