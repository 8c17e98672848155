// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/credentials.h"
#include "kube/kubeconfig.h"
#include "ops/lease.h"

#include <QStringList>

#include <optional>

namespace catamaran::documents {

/// Where the access key's secret comes from; the secret itself is never in the file.
struct SecretSource {
    enum class Kind { None, Keyring, File, Variable };
    Kind kind = Kind::None;
    QString name; ///< keyring entry, absolute file, or variable
};

struct EnvironmentCluster {
    QString name, cloudId, region;
    QStringList kubeconfigs; ///< absolute; or kube::serviceAccountFolder, for the cluster we run in; empty: fetched from the cloud
    QString context; ///< empty: the current one
};

struct CloudAccount {
    QString accessKeyId;
    SecretSource secret;
    QStringList regions;
    alicloud::Endpoints endpoints;
};

/// Where to work: read from an environment file (kind Environment), or made by the setup wizard.
struct Environment {
    QString name;
    QString file; ///< empty when it was not read from one
    QString colour = QStringLiteral("#0B6BCB"); ///< #RRGGBB
    bool production = false;
    std::optional<CloudAccount> cloud;
    QList<EnvironmentCluster> clusters;
    /// Where consoles on other machines see that this one is at work; without it they do not.
    std::optional<ops::LeasePlace> lease;
};

/// Parses @p yaml; relative paths are relative to @p file's folder. Errors name file, line and field.
[[nodiscard]] core::Result<Environment> parseEnvironment(const QByteArray &yaml, const QString &file);
[[nodiscard]] core::Result<Environment> loadEnvironment(const QString &file);

} // namespace catamaran::documents
