// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/credentialsource.h"
#include "core/async.h"

#include <QDateTime>
#include <QStringList>

namespace catamaran::alicloud {

/// facts asm-openapi 3.14.
struct AckCluster {
    QString id, name, state, regionId, vpcId, version, clusterDomain, podCidr, serviceCidr, clusterType;
    QStringList vSwitches;
    QString publicApiServer; ///< empty: no EIP on the API server, which the guide requires
};

struct UserKubeconfig {
    QByteArray yaml;
    QDateTime expires;
};

class AckClient : public QObject {
    Q_OBJECT
public:
    AckClient(std::shared_ptr<CredentialSource> credentials, Endpoints endpoints, std::unique_ptr<net::HttpClient> http = {},
        QObject *parent = nullptr);
    AckClient(Credentials credentials, Endpoints endpoints, std::unique_ptr<net::HttpClient> http = {}, QObject *parent = nullptr);
    ~AckClient() override;

    /// All pages.
    [[nodiscard]] QFuture<core::Result<QList<AckCluster>>> clusters(const QString &region, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<AckCluster>> cluster(const QString &region, const QString &clusterId, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<UserKubeconfig>> kubeconfig(
        const QString &region, const QString &clusterId, int minutes, std::stop_token stop);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace catamaran::alicloud
