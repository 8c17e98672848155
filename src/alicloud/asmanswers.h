// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/asmclient.h"

/// Reading of ASM answers (facts asm-openapi 3). Pure functions; tolerant where the documentation contradicts itself.
namespace catamaran::alicloud::answers {

[[nodiscard]] core::Result<QList<MeshInfo>> meshes(const QJsonObject &answer);
[[nodiscard]] core::Result<MeshInfo> mesh(const QJsonObject &answer);
/// One page of DescribeServiceMeshClusters, or the whole DescribeClustersInServiceMesh.
[[nodiscard]] core::Result<QList<MeshCluster>> clusters(const QJsonObject &answer);
[[nodiscard]] core::Result<ClusterNetworks> networks(const QJsonObject &answer);
[[nodiscard]] core::Result<QMap<QString, QMap<QString, QString>>> namespaceLabels(const QJsonObject &answer);
[[nodiscard]] core::Result<QByteArray> caCert(const QJsonObject &answer);
[[nodiscard]] core::Result<QStringList> versions(const QJsonObject &answer);

} // namespace catamaran::alicloud::answers
