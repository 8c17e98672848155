// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/asmprovider.h"

#include "alicloud/calls.h"
#include "mesh/asm/asmkind.h"
#include "mesh/say.h"

#include <QSet>

#include <algorithm>

namespace catamaran::mesh {

using core::ErrorKind;
using core::Result;

namespace {

constexpr int kubeconfigMinutes = 720;

/// Everything about all meshes; straight-line, on a worker thread.
Result<QList<MeshStatus>> readAll(alicloud::AsmClient &client, std::stop_token stop)
{
    const auto infos = core::await(client.meshes(stop), stop);
    if (!infos)
        return core::fail(infos.error());
    struct Pending {
        alicloud::MeshInfo info;
        std::optional<QFuture<Result<QList<alicloud::MeshCluster>>>> clusters;
        std::optional<QFuture<Result<alicloud::ClusterNetworks>>> networks;
        std::optional<QFuture<Result<QByteArray>>> root;
    };
    // A mesh that is being made or taken away answers none of these.
    std::vector<Pending> pending;
    for (const alicloud::MeshInfo &info : *infos) {
        const MeshState state = stateOf(info.state);
        if (state == MeshState::Creating || state == MeshState::Deleting)
            pending.push_back({ info, {}, {}, {} });
        else
            pending.push_back({ info, client.clustersInMesh(info.id, stop), client.networks(info.id, stop), client.caCert(info.id, stop) });
    }
    // Only a hint about modes; no answer here is no failure.
    QMap<QString, QString> managers;
    if (!infos->isEmpty()) {
        if (const auto candidates = core::await(client.candidateClusters({}, stop), stop))
            for (const alicloud::MeshCluster &cluster : *candidates)
                if (!cluster.serviceMeshId.isEmpty())
                    managers.insert(cluster.id, cluster.serviceMeshId);
    }
    const core::Error absent = core::Error::make(ErrorKind::Precondition, Say::tr("read a mesh"), {}, Say::tr("it is not running"));
    QList<MeshStatus> meshes;
    for (Pending &one : pending) {
        AsmAnswers answers { one.info, core::fail(absent), core::fail(absent), core::fail(absent) };
        if (one.clusters) {
            answers.clusters = core::await(*one.clusters, stop);
            answers.networks = core::await(*one.networks, stop);
            answers.root = core::await(*one.root, stop);
        }
        meshes.append(assemble(answers));
    }
    if (stop.stop_requested())
        return core::fail(ErrorKind::Cancelled, Say::tr("read the meshes"), {}, Say::tr("cancelled"));
    concludeModes(meshes, managers);
    return meshes;
}

ClusterFacts factsOf(const alicloud::AckCluster &cluster)
{
    return { cluster.id, cluster.name, cluster.regionId, cluster.vpcId, cluster.podCidr, cluster.serviceCidr, cluster.vSwitches,
        cluster.publicApiServer };
}

} // namespace

AsmProvider::AsmProvider(Clients clients, QStringList regions, QList<ClusterPlace> places,
    std::shared_ptr<alicloud::CredentialSource> credentials, QObject *parent)
    : Provider(parent)
    , m_clients(std::move(clients))
    , m_regions(std::move(regions))
    , m_places(std::move(places))
    , m_credentials(std::move(credentials))
{
}

AsmProvider::~AsmProvider() = default;

const ProviderKind &AsmProvider::kind() const
{
    return asmKind();
}

QFuture<Result<QList<MeshStatus>>> AsmProvider::status(std::stop_token stop)
{
    return m_sequences.run(stop, [this](std::stop_token inner) { return readAll(client(), inner); });
}

QFuture<Result<QStringList>> AsmProvider::versions(std::stop_token stop)
{
    return client().versions(std::move(stop));
}

QStringList AsmProvider::regions() const
{
    QStringList regions = m_regions;
    for (const ClusterPlace &place : m_places)
        if (!place.region.isEmpty() && !regions.contains(place.region))
            regions << place.region;
    return regions;
}

QFuture<Result<ClusterList>> AsmProvider::clusters(std::stop_token stop)
{
    return m_sequences.run(stop, [this](std::stop_token inner) -> Result<ClusterList> {
        std::vector<QFuture<Result<QList<alicloud::AckCluster>>>> lists; // all at once
        for (const QString &region : regions())
            lists.push_back(m_clients.clusters->clusters(region, inner));
        ClusterList all;
        QSet<QString> seen; // whether a regional host also lists other regions is not documented
        for (const auto &list : lists) {
            const auto clusters = core::await(list, inner);
            if (!clusters) {
                if (!all.unread) // one region's is enough to know that the list has a hole
                    all.unread = clusters.error();
                continue;
            }
            for (const alicloud::AckCluster &cluster : *clusters) {
                if (!seen.contains(cluster.id))
                    all.clusters.append(factsOf(cluster));
                seen.insert(cluster.id);
            }
        }
        return all;
    });
}

QFuture<Result<IssuedKubeconfig>> AsmProvider::kubeconfig(const ClusterPlace &cluster, std::stop_token stop)
{
    return core::mapped(m_clients.clusters->kubeconfig(cluster.region, cluster.id, kubeconfigMinutes, std::move(stop)),
        [](const Result<alicloud::UserKubeconfig> &answer) {
            return answer.map([](const alicloud::UserKubeconfig &got) { return IssuedKubeconfig { got.yaml, got.expires }; });
        });
}

QString AsmProvider::kubeconfigCommand(const ClusterPlace &cluster) const
{
    return alicloud::fetchKubeconfigCommand(cluster.region, cluster.id, kubeconfigMinutes);
}

QDateTime AsmProvider::credentialsEnd() const
{
    return m_credentials ? m_credentials->end() : QDateTime();
}

void *AsmProvider::service(std::type_index type)
{
    return type == std::type_index(typeid(AsmProvider)) ? this : nullptr;
}

Result<QString> AsmProvider::clusterId(const QString &cluster, std::stop_token stop)
{
    const auto place = std::find_if(m_places.begin(), m_places.end(), [&](const ClusterPlace &one) { return one.name == cluster; });
    if (place == m_places.end())
        return core::fail(
            ErrorKind::InvalidInput, Say::tr("find a cluster"), cluster, Say::tr("the environment has no cluster of this name"));
    if (!place->id.isEmpty())
        return place->id;
    {
        const std::lock_guard lock(m_mutex);
        if (const QString known = m_foundIds.value(cluster); !known.isEmpty())
            return known;
    }
    for (const QString &region : place->region.isEmpty() ? regions() : QStringList { place->region }) {
        const auto list = core::await(m_clients.clusters->clusters(region, stop), stop);
        if (!list)
            return core::fail(list.error());
        for (const alicloud::AckCluster &one : *list) {
            if (!isAbout(factsOf(one), *place))
                continue;
            const std::lock_guard lock(m_mutex);
            m_foundIds.insert(cluster, one.id);
            return one.id;
        }
    }
    return core::fail(ErrorKind::NotFound, Say::tr("find a cluster in the cloud account"), cluster,
        Say::tr("the account has no such cluster"), Say::tr("Check cloudId and region in the environment file."));
}

} // namespace catamaran::mesh
