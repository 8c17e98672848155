// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "observe/identity.h"

#include "observe/say.h"

#include <algorithm>

namespace catamaran::observe {

NamesByAlias namesByAlias(const QList<ObservedCluster> &clusters)
{
    NamesByAlias names;
    for (const ObservedCluster &cluster : clusters)
        if (!cluster.cloudId.isEmpty())
            names.insert(cluster.cloudId, cluster.name);
    return names;
}

NamesByAlias namesByAlias(const QList<documents::EnvironmentCluster> &clusters, const AccountReadings &known)
{
    NamesByAlias names;
    for (const documents::EnvironmentCluster &cluster : clusters) {
        const auto told = known.find(cluster);
        const QString alias = told ? told->facts.id : cluster.cloudId;
        if (!alias.isEmpty())
            names.insert(alias, cluster.name);
    }
    return names;
}

void nameMembers(mesh::MeshStatus &mesh, const NamesByAlias &names)
{
    for (mesh::MemberCluster &member : mesh.members)
        member.clusterName = names.value(member.clusterId);
}

QString nameOrId(const mesh::MemberCluster &member)
{
    return member.clusterName.isEmpty() ? member.clusterId : member.clusterName;
}

QString toldName(const mesh::MemberCluster &member)
{
    return member.clusterName.isEmpty() ? Say::tr("%1 (no cluster of this environment)").arg(member.clusterId) : member.clusterName;
}

const mesh::MemberCluster *memberOf(const mesh::MeshStatus &mesh, const QString &cluster)
{
    const auto found = std::find_if(
        mesh.members.begin(), mesh.members.end(), [&](const mesh::MemberCluster &member) { return member.clusterName == cluster; });
    return cluster.isEmpty() || found == mesh.members.end() ? nullptr : &*found;
}

} // namespace catamaran::observe
