// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/istio/primary.h"
#include "mesh/providerkind.h"
#include "mesh/sequences.h"

#include <mutex>

namespace catamaran::mesh::istio {

/// Istio as the clusters themselves show it: there is no account. What was seen of a cluster that is away stays, and says so.
class IstioProvider final : public Provider {
    Q_OBJECT
public:
    explicit IstioProvider(std::vector<OpenCluster> clusters, QObject *parent = nullptr);
    ~IstioProvider() override;

    [[nodiscard]] const ProviderKind &kind() const override;
    [[nodiscard]] QFuture<core::Result<MeshList>> status(std::stop_token stop) override;
    [[nodiscard]] QFuture<core::Result<QStringList>> versions(std::stop_token stop) override;
    [[nodiscard]] QFuture<core::Result<ClusterList>> clusters(std::stop_token stop) override;
    [[nodiscard]] QFuture<core::Result<IssuedKubeconfig>> kubeconfig(const ClusterPlace &cluster, std::stop_token stop) override;
    [[nodiscard]] QString kubeconfigCommand(const ClusterPlace &cluster) const override;
    /// Itself, for its own kinds of operations.
    [[nodiscard]] void *service(std::type_index type) override;
    /// What was read of @p cluster is read anew the next time, however young it is. Any thread.
    void forget(const QString &cluster);

private:
    const std::vector<OpenCluster> m_clusters;
    std::mutex m_mutex;
    QList<SeenCluster> m_seen;
    Sequences m_sequences; // last: ends before what they use
};

} // namespace catamaran::mesh::istio
