// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/faultmark.h"

#include "core/printable.h"

#include <QJsonDocument>
#include <QRegularExpression>

namespace catamaran::ops {

namespace {

constexpr int mostReplicas = 1000000;

/// What stands for an execution or a step: anybody may write annotations, and this goes into plans and commands.
bool isWord(const QJsonValue &value)
{
    static const QRegularExpression word(QRegularExpression::anchoredPattern(QStringLiteral("[A-Za-z0-9][A-Za-z0-9._~/-]{0,250}")));
    return word.match(value.toString()).hasMatch();
}

/// -1: it is none.
int numberOf(const QJsonValue &value)
{
    const int number = value.toInt(-1);
    return number <= mostReplicas ? number : -1;
}

QJsonObject ownerJson(const Owner &owner)
{
    return { { QStringLiteral("host"), owner.host }, { QStringLiteral("boot"), owner.boot }, { QStringLiteral("pid"), owner.pid },
        { QStringLiteral("started"), owner.started } };
}

} // namespace

QString FaultMark::toText() const
{
    QJsonObject mark { { QStringLiteral("execution"), execution }, { QStringLiteral("step"), step } };
    if (replicas)
        mark.insert(QStringLiteral("replicas"), *replicas);
    else
        mark.insert(QStringLiteral("made"), true);
    if (set)
        mark.insert(QStringLiteral("set"), *set);
    if (!name.isEmpty())
        mark.insert(QStringLiteral("name"), name);
    if (at.isValid())
        mark.insert(QStringLiteral("at"), at.toUTC().toString(Qt::ISODateWithMs));
    if (!owner.host.isEmpty())
        mark.insert(QStringLiteral("by"), ownerJson(owner));
    return QString::fromUtf8(QJsonDocument(mark).toJson(QJsonDocument::Compact));
}

std::optional<FaultMark> readFaultMark(const QString &text)
{
    const QJsonObject said = text.size() > 4096 ? QJsonObject() : QJsonDocument::fromJson(text.toUtf8()).object();
    const bool isMade = said.value(u"made").toBool();
    if (!isWord(said.value(u"execution")) || !isWord(said.value(u"step")) || isMade == said.contains(u"replicas")
        || (!isMade && numberOf(said.value(u"replicas")) < 0))
        return std::nullopt;
    FaultMark mark;
    mark.execution = said.value(u"execution").toString();
    mark.step = said.value(u"step").toString();
    if (!isMade)
        mark.replicas = numberOf(said.value(u"replicas"));
    if (const int set = numberOf(said.value(u"set")); set >= 0)
        mark.set = set;
    mark.name = core::printableLine(said.value(u"name").toString().left(253));
    mark.at = QDateTime::fromString(said.value(u"at").toString(), Qt::ISODateWithMs);
    const QJsonObject by = said.value(u"by").toObject();
    mark.owner = { core::printableLine(by.value(u"host").toString().left(253)), by.value(u"boot").toString().left(253),
        by.value(u"pid").toInteger(), by.value(u"started").toInteger() };
    return mark;
}

std::optional<FaultMark> faultMarkOf(const QJsonObject &object)
{
    return readFaultMark(object.value(u"metadata").toObject().value(u"annotations").toObject().value(faultAnnotation).toString());
}

} // namespace catamaran::ops
