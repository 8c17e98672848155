// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeconfig.h"
#include "mesh/provider.h"
#include "ops/lease.h"

#include <QMap>
#include <QStringList>

#include <memory>
#include <optional>

namespace catamaran::mesh {
class Account;
}

namespace catamaran::documents {

struct EnvironmentCluster {
    QString name, cloudId, region;
    QStringList kubeconfigs; ///< absolute; or kube::serviceAccountFolder, for the cluster we run in; empty: fetched from the cloud
    QString context; ///< empty: the current one
    QString meshServer {}; ///< its API server's address as other clusters' control planes reach it; empty: the kubeconfig's

    [[nodiscard]] mesh::ClusterPlace place() const { return { name, cloudId, region }; }
};

/// What sends requests in a cluster that has no client: chosen once, made when it is asked for, and taken away again.
struct ProbePlace {
    QString image; ///< with sh and curl
    QString ns; ///< a Deployment of one pod stands here; empty: an ephemeral container is added to a pod of @c pods
    QMap<QString, QString> pods {}; ///< by cluster: "namespace/name" of a pod, or of a Deployment of which any ready one will do
    bool operator==(const ProbePlace &) const = default;
};

/// Where to work: read from an environment file (kind Environment), or made by the setup wizard.
struct Environment {
    QString name;
    QString file; ///< empty when it was not read from one
    QString colour = QStringLiteral("#0B6BCB"); ///< #RRGGBB
    bool production = false;
    QList<std::shared_ptr<const mesh::Account>> accounts; ///< at most one of each provider
    QList<EnvironmentCluster> clusters;
    /// Where consoles on other machines see that this one is at work; without it they do not.
    std::optional<ops::LeasePlace> lease;
    std::optional<ProbePlace> probe; ///< without it none is made

    /// Of @p provider, or the first when it is empty; null: there is none.
    [[nodiscard]] const mesh::Account *account(const QString &provider = {}) const;
};

/// Parses @p yaml; relative paths are relative to @p file's folder. Errors name file, line and field.
[[nodiscard]] core::Result<Environment> parseEnvironment(const QByteArray &yaml, const QString &file);
[[nodiscard]] core::Result<Environment> loadEnvironment(const QString &file);

} // namespace catamaran::documents
