// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/istioprovider.h"

#include "mesh/istio/istiokind.h"
#include "mesh/istio/primaryreader.h"
#include "mesh/istio/say.h"

namespace catamaran::mesh::istio {

using core::ErrorKind;
using core::Result;

IstioProvider::IstioProvider(std::vector<OpenCluster> clusters, QObject *parent)
    : Provider(parent)
    , m_clusters(std::move(clusters))
{
}

IstioProvider::~IstioProvider() = default;

const ProviderKind &IstioProvider::kind() const
{
    return istioKind();
}

QFuture<Result<MeshList>> IstioProvider::status(std::stop_token stop)
{
    return m_sequences.run(stop, [this](std::stop_token inner) -> Result<MeshList> {
        QList<SeenCluster> before;
        {
            const std::lock_guard lock(m_mutex);
            before = m_seen;
        }
        const QList<SeenCluster> seen = readClusters(m_clusters, before, inner);
        if (inner.stop_requested())
            return core::fail(ErrorKind::Cancelled, Say::tr("look for control planes"), {}, Say::tr("cancelled"));
        {
            const std::lock_guard lock(m_mutex);
            m_seen = seen;
        }
        return meshesOf(seen);
    });
}

QFuture<Result<QStringList>> IstioProvider::versions(std::stop_token)
{
    return core::readyFuture(Result<QStringList>(QStringList()));
}

/// By the environment's own names: what else a cluster is called, its control planes decide.
QFuture<Result<ClusterList>> IstioProvider::clusters(std::stop_token)
{
    ClusterList list;
    for (const OpenCluster &cluster : m_clusters) {
        mesh::ClusterFacts facts;
        facts.id = cluster.place.id.isEmpty() ? cluster.place.name : cluster.place.id;
        facts.name = cluster.place.name;
        facts.region = cluster.place.region;
        list.clusters.append(facts);
    }
    return core::readyFuture(Result<ClusterList>(list));
}

QFuture<Result<IssuedKubeconfig>> IstioProvider::kubeconfig(const ClusterPlace &cluster, std::stop_token)
{
    return core::readyFuture(Result<IssuedKubeconfig>(core::fail(ErrorKind::Unsupported, Say::tr("fetch a kubeconfig"), cluster.name,
        Say::tr("nobody gives kubeconfigs here"), Say::tr("Name its kubeconfig in the environment file."))));
}

QString IstioProvider::kubeconfigCommand(const ClusterPlace &) const
{
    return {};
}

void *IstioProvider::service(std::type_index type)
{
    return type == std::type_index(typeid(IstioProvider)) ? this : nullptr;
}

void IstioProvider::forget(const QString &cluster)
{
    const std::lock_guard lock(m_mutex);
    m_seen.removeIf([&](const SeenCluster &one) { return one.place.name == cluster; });
}

} // namespace catamaran::mesh::istio
