// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/asmkind.h"
#include "mesh/asm/asmprovider.h"
#include "mesh/asm/words.h"
#include "pki/ca.h"

#include <algorithm>

namespace catamaran::mesh {

MeshState stateOf(const QString &word)
{
    if (word == QLatin1String("running"))
        return MeshState::Running;
    if (word == QLatin1String("initial"))
        return MeshState::Creating;
    if (word == QLatin1String("deleting"))
        return MeshState::Deleting;
    if (word.endsWith(QLatin1String("failed")) || word == QLatin1String("create_timeout"))
        return MeshState::Failed;
    // Every other word is "in progress" until the time limit (facts asm-openapi 4.1).
    return word.isEmpty() ? MeshState::Unknown : MeshState::Updating;
}

MeshStatus assemble(const AsmAnswers &answers)
{
    const alicloud::MeshInfo &info = answers.info;
    MeshStatus status;
    status.provider = asmName;
    status.id = info.id;
    status.name = info.name;
    status.region = info.regionId;
    status.version = info.version;
    status.stateWord = info.state;
    status.errorMessage = info.errorMessage;
    status.owner = info.tags.value(ownerTag);
    status.state = stateOf(info.state);
    // A mesh that is being made or taken away has nothing to tell yet, or any more.
    if (status.state != MeshState::Creating && status.state != MeshState::Deleting) {
        status.membersKnown = answers.clusters.has_value();
        if (!answers.clusters)
            status.unread.append(answers.clusters.error());
        // Not found: nothing was ever set.
        status.networksKnown = answers.networks || answers.networks.error().kind == core::ErrorKind::NotFound;
        if (!status.networksKnown)
            status.unread.append(answers.networks.error());
        if (!answers.root)
            status.unread.append(answers.root.error());
    }
    if (answers.clusters) {
        for (const alicloud::MeshCluster &cluster : *answers.clusters)
            status.members.append({ cluster.id, cluster.name, Mode::Unknown, cluster.state, {}, false });
    } else {
        for (const QString &id : info.clusterIds)
            status.members.append({ id, {}, Mode::Unknown, {}, {}, false });
    }
    if (answers.networks) {
        for (MemberCluster &member : status.members) {
            const alicloud::ClusterNetwork network = answers.networks->value(member.clusterId);
            member.network = network.network;
            member.gateway = network.enableGateway;
        }
    }
    if (!answers.root) {
        status.rootError = answers.root.error().text();
    } else if (const auto prints = pki::rootFingerprints(*answers.root)) {
        status.rootFingerprints = *prints;
    } else {
        status.rootError = prints.error().text();
    }
    return status;
}

void concludeModes(QList<MeshStatus> &meshes, QMap<QString, QString> managers)
{
    for (const MeshStatus &mesh : meshes)
        for (const MemberCluster &member : mesh.members)
            if (member.gateway) // only the managing mesh runs a cluster's gateway
                managers.insert(member.clusterId, mesh.id);
    const auto spread = [&] {
        for (MeshStatus &mesh : meshes)
            for (MemberCluster &member : mesh.members)
                if (const QString manager = managers.value(member.clusterId); !manager.isEmpty())
                    member.mode = manager == mesh.id ? Mode::Managed : Mode::DiscoveryOnly;
    };
    spread();
    for (const MeshStatus &mesh : meshes) {
        const auto unknown = [](const MemberCluster &member) { return member.mode == Mode::Unknown; };
        const bool managesNone
            = std::none_of(mesh.members.begin(), mesh.members.end(), [](const MemberCluster &m) { return m.mode == Mode::Managed; });
        if (managesNone && std::count_if(mesh.members.begin(), mesh.members.end(), unknown) == 1)
            managers.insert(std::find_if(mesh.members.begin(), mesh.members.end(), unknown)->clusterId, mesh.id);
    }
    spread();
}

} // namespace catamaran::mesh
