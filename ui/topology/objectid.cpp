// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "objectid.h"

namespace catamaran::ui::objectid {

QString root()
{
    return QStringLiteral("root");
}

QString mesh(const QString &name)
{
    return QStringLiteral("mesh:") + name;
}

QString network(const QString &name)
{
    return QStringLiteral("network:") + name;
}

QString cluster(const QString &name)
{
    return QStringLiteral("cluster:") + name;
}

QString gateway(const QString &cluster)
{
    return QStringLiteral("gateway:") + cluster;
}

QString workload(const QString &cluster, const QString &ns, const QString &name)
{
    return QStringLiteral("workload:%1/%2/%3").arg(cluster, ns, name);
}

QString link(const QString &from, const QString &to)
{
    return QStringLiteral("link:%1>%2").arg(from, to);
}

ObjectId parse(const QString &id)
{
    if (id == root())
        return { Kind::Root, {}, {}, {} };
    const qsizetype colon = id.indexOf(u':');
    if (colon < 0)
        return {};
    const QString kind = id.left(colon);
    const QString rest = id.mid(colon + 1);
    if (kind == QLatin1String("mesh"))
        return { Kind::Mesh, rest, {}, {} };
    if (kind == QLatin1String("network"))
        return { Kind::Network, rest, {}, {} };
    if (kind == QLatin1String("cluster"))
        return { Kind::Cluster, rest, {}, {} };
    if (kind == QLatin1String("gateway"))
        return { Kind::Gateway, rest, {}, {} };
    const QStringList ends = rest.split(u'>');
    if (kind == QLatin1String("link") && ends.size() == 2 && !ends[0].isEmpty() && !ends[1].isEmpty())
        return { Kind::Link, ends[0], {}, {}, ends[1] };
    const QStringList parts = rest.split(u'/');
    if (kind == QLatin1String("workload") && parts.size() == 3)
        return { Kind::Workload, parts[0], parts[1], parts[2] };
    return {};
}

} // namespace catamaran::ui::objectid
