// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/faults/away.h"

#include "drill/faultwriter.h"
#include "drill/say.h"
#include "kube/deploymentstatus.h"

#include <QJsonArray>

namespace catamaran::drill {

using core::Result;

namespace {

constexpr int mostDeployments = 20;

} // namespace

QJsonObject readPlace(const documents::YamlValue &value, std::vector<const char *> more)
{
    more.insert(more.end(), { "cluster", "namespace" });
    value.only(more);
    const auto ns = value.maybe("namespace");
    return { { QStringLiteral("cluster"), value.field("cluster").label() },
        { QStringLiteral("namespace"), ns ? ns.label() : QStringLiteral("istio-system") } };
}

Result<QJsonObject> withDeployments(QJsonObject arguments, const QList<QJsonObject> &deployments)
{
    QStringList names;
    for (const QJsonObject &one : deployments)
        names += one[u"metadata"][u"name"].toString();
    names.removeDuplicates();
    names.sort();
    if (names.size() > mostDeployments) // some of them left would make another fault of it
        return core::fail(core::ErrorKind::Precondition, Say::tr("prepare the drill"),
            arguments.value(u"cluster").toString() + u'/' + arguments.value(u"namespace").toString(),
            Say::tr("%1 Deployments would go away; at most %2 do at once").arg(names.size()).arg(mostDeployments),
            Say::tr("Name a namespace with fewer of them."));
    arguments.insert(QStringLiteral("deployments"), QJsonArray::fromStringList(names));
    return arguments;
}

QList<FaultObject> deploymentsIn(const QJsonObject &arguments)
{
    QList<FaultObject> objects;
    const QJsonArray names = arguments.value(u"deployments").toArray();
    for (const QJsonValue &name : names)
        objects += workloadObject(arguments.value(u"cluster").toString(), QStringLiteral("Deployment"),
            arguments.value(u"namespace").toString(), name.toString());
    return objects;
}

Result<core::Done> writeAway(const QJsonObject &arguments, FaultWriter &writer)
{
    const QList<FaultObject> objects = deploymentsIn(arguments);
    QList<FaultObject> running;
    for (const FaultObject &object : objects)
        if (const auto standing = writer.standing(object); standing && kube::deploymentStatus(*standing).desired != 0)
            running += object;
    for (const FaultObject &object : running.isEmpty() ? objects : running) // where none runs, the first says so
        if (const auto written = writer.scale(object, 0); !written)
            return written;
    return core::Done {};
}

QString namesIn(const QJsonObject &arguments, const QString &otherwise)
{
    QStringList names;
    const QJsonArray list = arguments.value(u"deployments").toArray();
    for (const QJsonValue &name : list)
        names += name.toString();
    return names.isEmpty() ? otherwise : names.join(QStringLiteral(", "));
}

QString selectorOf(const QJsonObject &service)
{
    QStringList parts;
    const QJsonObject selector = service[u"spec"][u"selector"].toObject();
    for (auto it = selector.begin(); it != selector.end(); ++it)
        parts += it.key() + u'=' + it.value().toString();
    return parts.join(u',');
}

} // namespace catamaran::drill
