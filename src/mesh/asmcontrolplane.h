// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/asmclient.h"
#include "mesh/controlplane.h"
#include "mesh/sequences.h"

namespace catamaran::mesh {

/// Alibaba Cloud Service Mesh as a ControlPlane. Main thread; callable from any. Does not own @p client, which must
/// outlive it.
class AsmControlPlane final : public ControlPlane {
    Q_OBJECT
public:
    explicit AsmControlPlane(alicloud::AsmClient &client, QObject *parent = nullptr);

    [[nodiscard]] QFuture<core::Result<QList<MeshStatus>>> status(std::stop_token stop) override;
    [[nodiscard]] QFuture<core::Result<QStringList>> versions(std::stop_token stop) override;

private:
    alicloud::AsmClient &m_client;
    Sequences m_sequences;
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
