// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/asmclient.h"

/// The changing ASM calls as values: AsmClient sends exactly these, and a plan shows exactly these. Pure functions.
namespace catamaran::alicloud::calls {

/// What a secret reads as in a DescribedCall.
inline const QString hiddenSecret = QStringLiteral("(secret)");

/// The CA key reads "(secret)"; AsmClient alone puts the real one in.
[[nodiscard]] DescribedCall createMesh(const CreateMeshRequest &request);
[[nodiscard]] DescribedCall deleteMesh(const QString &meshId);
[[nodiscard]] DescribedCall addCluster(const QString &meshId, const QString &clusterId, bool discoveryOnly);
[[nodiscard]] DescribedCall removeCluster(const QString &meshId, const QString &clusterId);
[[nodiscard]] DescribedCall setNetworks(const QString &meshId, const ClusterNetworks &networks);
[[nodiscard]] DescribedCall setInjection(const QString &meshId, const QString &ns, bool enabled);

} // namespace catamaran::alicloud::calls

namespace catamaran::alicloud {

/// The line that makes the same call with the cloud's own command line tool: `aliyun servicemesh AddClusterIntoServiceMesh
/// --ServiceMeshId c… --DiscoveryOnly true`. Values are quoted for sh. Certificates and keys are read from files with the
/// conventional names (ca-cert.pem, ca-key.pem, cert-chain.pem, root-cert.pem), so no secret is in the line.
[[nodiscard]] QString describeAsCommand(const QString &action, const QMap<QString, QString> &parameters);
[[nodiscard]] QString describeAsCommand(const DescribedCall &call);
/// The shell command that prints the kubeconfig of a cluster, as AckClient::kubeconfig() gets it.
[[nodiscard]] QString fetchKubeconfigCommand(const QString &region, const QString &clusterId, int minutes);

} // namespace catamaran::alicloud
