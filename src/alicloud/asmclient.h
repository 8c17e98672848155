// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/credentialsource.h"
#include "core/async.h"

#include <QDateTime>
#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace catamaran::alicloud {

/// facts asm-openapi 3.3 and 4.1.
struct MeshInfo {
    QString id, name, regionId, version, state, errorMessage, profile, vpcId;
    QStringList vSwitches, clusterIds;
    QString publicApiServer, publicPilot;
    QMap<QString, QString> tags; ///< only the list of meshes has them
    [[nodiscard]] bool isRunning() const { return state == QLatin1String("running"); }
    [[nodiscard]] bool hasFailed() const; ///< ends in "failed", or create_timeout
};

struct MeshCluster {
    QString id, name, regionId, vpcId, state, version, serviceMeshId, clusterDomain, errorMessage;
    int forbiddenFlag = 0;
    QString forbiddenInfo;
};

struct CreateMeshRequest {
    QString name, regionId, vpcId, istioVersion;
    QStringList vSwitches;
    QString edition = QStringLiteral("Pro"), clusterSpec = QStringLiteral("enterprise");
    bool publicApiServer = true;
    QByteArray caCert, rootCert, certChain; ///< PEM; all empty: the cloud makes its own root
    core::Secret caKey;
    std::optional<QString> guestCluster;
    QMap<QString, QString> tags;
};

struct ClusterNetwork {
    QString network;
    bool enableGateway = false;
    QString customGatewayAddress, gatewayName;
    bool operator==(const ClusterNetwork &) const = default;
};
using ClusterNetworks = QMap<QString, ClusterNetwork>; ///< by cluster id

/// One call as it goes out, for the plan, the activity log and "show as command". No secrets: they read "(secret)".
struct DescribedCall {
    QString action;
    QByteArray method;
    QMap<QString, QString> parameters; ///< of the form
    QMap<QString, QString> query {};
};

/// A change that the cloud accepted: it goes on there, and can be seen later.
struct Accepted {
    QString requestId;
};
struct CreatedMesh {
    QString id, requestId;
};

/// Which public calls Catamaran makes; each is journalled by its caller. Callable from any thread.
/// Errors: cloud codes map to kinds (ServiceMesh.NotFound/StatusForbidden/403 -> NotFound, InvalidAccessKeyId.*,
/// SignatureDoesNotMatch -> Unauthorized, *Throttling* -> Throttled, Forbidden* -> Forbidden, 5xx -> Server);
/// `code` and `requestId` are always set when the cloud gave them. Throttling is retried with a new signature; a change whose
/// answer was lost is not: look first.
class AsmClient : public QObject {
    Q_OBJECT
public:
    AsmClient(std::shared_ptr<CredentialSource> credentials, Endpoints endpoints, std::unique_ptr<net::HttpClient> http = {},
        QObject *parent = nullptr);
    AsmClient(Credentials credentials, Endpoints endpoints, std::unique_ptr<net::HttpClient> http = {}, QObject *parent = nullptr);
    ~AsmClient() override;

    [[nodiscard]] QFuture<core::Result<QList<MeshInfo>>> meshes(std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<MeshInfo>> mesh(const QString &meshId, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<CreatedMesh>> createMesh(const CreateMeshRequest &request, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<Accepted>> deleteMesh(const QString &meshId, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<QList<MeshCluster>>> candidateClusters(const QString &meshId, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<QList<MeshCluster>>> clustersInMesh(const QString &meshId, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<Accepted>> addCluster(
        const QString &meshId, const QString &clusterId, bool discoveryOnly, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<Accepted>> removeCluster(const QString &meshId, const QString &clusterId, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<ClusterNetworks>> networks(const QString &meshId, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<Accepted>> setNetworks(const QString &meshId, const ClusterNetworks &networks, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<Accepted>> setInjection(
        const QString &meshId, const QString &ns, bool enabled, std::stop_token stop);
    /// Labels by namespace, as the mesh sees them in @p clusterId.
    [[nodiscard]] QFuture<core::Result<QMap<QString, QMap<QString, QString>>>> guestNamespaceLabels(
        const QString &meshId, const QString &clusterId, std::stop_token stop);
    /// PEM (decoded when the cloud answers base64).
    [[nodiscard]] QFuture<core::Result<QByteArray>> caCert(const QString &meshId, std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<QStringList>> versions(std::stop_token stop);
    [[nodiscard]] QFuture<core::Result<QJsonObject>> proxyStatus(const QString &meshId, std::stop_token stop);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// The four leading numbers of "v1.22.6.71-g7d67a80b-aliyun"; empty when the text has not that form.
[[nodiscard]] QList<int> versionNumbers(const QString &version);
/// -1, 0, 1; InvalidInput when one cannot be read.
[[nodiscard]] core::Result<int> compareVersions(const QString &a, const QString &b);
/// The first version with shared roots and discovery-only members.
inline const QString minimumMeshVersion = QStringLiteral("v1.22.6.71-g7d67a80b-aliyun");

} // namespace catamaran::alicloud
