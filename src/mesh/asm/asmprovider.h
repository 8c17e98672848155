// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/ackclient.h"
#include "alicloud/asmclient.h"
#include "mesh/provider.h"
#include "mesh/sequences.h"

#include <mutex>

namespace catamaran::mesh {

/// One account of Alibaba Cloud. Main thread; callable from any. The operations asm.* find it as World::service<AsmProvider>().
class AsmProvider final : public Provider {
    Q_OBJECT
public:
    struct Clients {
        std::unique_ptr<alicloud::AsmClient> meshes;
        std::unique_ptr<alicloud::AckClient> clusters;
    };
    /// @p regions: where clusters are looked for, beside those of @p places (the environment's clusters).
    AsmProvider(Clients clients, QStringList regions, QList<ClusterPlace> places,
        std::shared_ptr<alicloud::CredentialSource> credentials = {}, QObject *parent = nullptr);
    ~AsmProvider() override;

    [[nodiscard]] const ProviderKind &kind() const override;
    [[nodiscard]] QFuture<core::Result<MeshList>> status(std::stop_token stop) override;
    [[nodiscard]] QFuture<core::Result<QStringList>> versions(std::stop_token stop) override;
    [[nodiscard]] QFuture<core::Result<ClusterList>> clusters(std::stop_token stop) override;
    [[nodiscard]] QFuture<core::Result<IssuedKubeconfig>> kubeconfig(const ClusterPlace &cluster, std::stop_token stop) override;
    [[nodiscard]] QString kubeconfigCommand(const ClusterPlace &cluster) const override;
    [[nodiscard]] QDateTime credentialsEnd() const override;
    [[nodiscard]] void *service(std::type_index type) override;

    [[nodiscard]] alicloud::AsmClient &client() const { return *m_clients.meshes; }
    /// The id of a cluster by the environment's name for it; it may have to be asked for. For worker threads.
    [[nodiscard]] core::Result<QString> clusterId(const QString &cluster, std::stop_token stop);

private:
    [[nodiscard]] QStringList regions() const;

    Clients m_clients;
    const QStringList m_regions;
    const QList<ClusterPlace> m_places;
    const std::shared_ptr<alicloud::CredentialSource> m_credentials; // the clients'; null: of those that never end
    std::mutex m_mutex;
    QMap<QString, QString> m_foundIds; // by name
    Sequences m_sequences; // last: ends before what they use
};

/// The state behind the provider's word (facts asm-openapi 4.1). Pure.
[[nodiscard]] MeshState stateOf(const QString &word);

/// What the account's answers say about one mesh.
struct AsmAnswers {
    alicloud::MeshInfo info;
    core::Result<QList<alicloud::MeshCluster>> clusters; ///< DescribeClustersInServiceMesh
    core::Result<alicloud::ClusterNetworks> networks; ///< DescribeMeshMultiClusterNetwork
    core::Result<QByteArray> root; ///< GetCaCert
};

/// Puts the answers together. The provider does not say which members are discovery-only (facts asm-openapi 3.3): they are Unknown. Pure.
[[nodiscard]] MeshStatus assemble(const AsmAnswers &answers);

/// Fills in what can be concluded of the modes: @p managers (cluster id -> id of the mesh that the candidate list names for it)
/// or an own gateway shows who manages a cluster; it is discovery-only everywhere else. A mesh manages the only cluster
/// that is left when it has nothing but discovery-only members beside it. The rest stays Unknown. Pure.
void concludeModes(QList<MeshStatus> &meshes, QMap<QString, QString> managers);

} // namespace catamaran::mesh
