// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asmcontrolplane.h"

#include <QCoreApplication>

namespace catamaran::mesh {

using core::Done;
using core::ErrorKind;
using core::Result;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(AsmControlPlane)
};

alicloud::CreateMeshRequest requestOf(const NewMesh &mesh)
{
    alicloud::CreateMeshRequest request;
    request.name = mesh.name;
    request.regionId = mesh.region;
    request.vpcId = mesh.vpcId;
    request.vSwitches = mesh.vSwitches;
    request.istioVersion = mesh.version;
    if (mesh.ca) {
        request.caCert = mesh.ca->certificate;
        request.caKey = mesh.ca->key;
        request.rootCert = mesh.ca->root;
        // From the CA certificate to the root (facts asm-openapi 3.1).
        request.certChain = mesh.ca->certificate + mesh.ca->chain;
    }
    return request;
}

QFuture<Result<Done>> done(QFuture<Result<alicloud::Accepted>> future)
{
    return future.then([](const Result<alicloud::Accepted> &accepted) { return accepted.map([](const alicloud::Accepted &) { return Done {}; }); });
}

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

/// Read, change, send: what the provider keeps beside our two fields stays as it is.
Result<Done> changeNetworks(
    alicloud::AsmClient &client, const QString &meshId, const QMap<QString, NetworkSetting> &wanted, std::stop_token stop)
{
    const auto present = core::await(client.networks(meshId, stop), stop);
    if (!present)
        return core::fail(present.error());
    alicloud::ClusterNetworks changed;
    for (auto it = wanted.begin(); it != wanted.end(); ++it) {
        alicloud::ClusterNetwork entry = present->value(it.key());
        entry.network = it->network;
        entry.enableGateway = it->gateway;
        changed.insert(it.key(), entry);
    }
    return core::await(done(client.setNetworks(meshId, changed, stop)), stop);
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

QFuture<Result<QString>> AsmControlPlane::create(const NewMesh &mesh, std::stop_token stop)
{
    return m_client.createMesh(requestOf(mesh), std::move(stop)).then([](const Result<alicloud::CreatedMesh> &created) {
        return created.map([](const alicloud::CreatedMesh &one) { return one.id; });
    });
}

QFuture<Result<Done>> AsmControlPlane::remove(const QString &meshId, std::stop_token stop)
{
    return done(m_client.deleteMesh(meshId, std::move(stop)));
}

QFuture<Result<Done>> AsmControlPlane::addCluster(const QString &meshId, const QString &clusterId, Mode mode, std::stop_token stop)
{
    if (mode == Mode::Unknown)
        return core::readyFuture<Result<Done>>(core::fail(ErrorKind::InvalidInput, Say::tr("add cluster %1 to a mesh").arg(clusterId),
            meshId, Say::tr("the mode must be managed or discovery-only")));
    return done(m_client.addCluster(meshId, clusterId, mode == Mode::DiscoveryOnly, std::move(stop)));
}

QFuture<Result<Done>> AsmControlPlane::removeCluster(const QString &meshId, const QString &clusterId, std::stop_token stop)
{
    return done(m_client.removeCluster(meshId, clusterId, std::move(stop)));
}

QFuture<Result<Done>> AsmControlPlane::setNetworks(
    const QString &meshId, const QMap<QString, NetworkSetting> &networks, std::stop_token stop)
{
    return m_sequences.run(
        stop, [this, meshId, networks](std::stop_token inner) { return changeNetworks(m_client, meshId, networks, inner); });
}

QFuture<Result<Done>> AsmControlPlane::setInjection(const QString &meshId, const QString &ns, bool enabled, std::stop_token stop)
{
    return done(m_client.setInjection(meshId, ns, enabled, std::move(stop)));
}

QFuture<Result<QStringList>> AsmControlPlane::versions(std::stop_token stop)
{
    return m_client.versions(std::move(stop));
}

} // namespace catamaran::mesh
