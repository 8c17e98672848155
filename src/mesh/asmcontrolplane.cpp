// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asmcontrolplane.h"

#include <QCoreApplication>

namespace catamaran::mesh {

using core::ErrorKind;
using core::Result;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(AsmControlPlane)
};

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

} // namespace

AsmControlPlane::AsmControlPlane(alicloud::AsmClient &client, QObject *parent)
    : ControlPlane(parent)
    , m_client(client)
{
}

QFuture<Result<QList<MeshStatus>>> AsmControlPlane::status(std::stop_token stop)
{
    return m_sequences.run(stop, [this](std::stop_token inner) { return readAll(m_client, inner); });
}

QFuture<Result<QStringList>> AsmControlPlane::versions(std::stop_token stop)
{
    return m_client.versions(std::move(stop));
}

} // namespace catamaran::mesh
