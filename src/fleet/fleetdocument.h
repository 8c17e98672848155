// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "mesh/controlplane.h"

#include <QList>
#include <QString>

namespace catamaran::fleet {

struct FleetMesh {
    QString name;
    QString version; ///< empty: the provider's newest
};

struct FleetCluster {
    QString name;    ///< a cluster of the environment
    QString network; ///< logical network; empty: the same as everybody's
    bool gateway = false; ///< cross-cluster gateway, in the mesh that manages the cluster
};

struct FleetMembership {
    QString mesh, cluster;
    mesh::Mode mode = mesh::Mode::Managed;
    bool operator==(const FleetMembership &) const = default;
};

/// One manifest of the sample application in one cluster, by the name of a resource in resources/manifests.
struct FleetWorkload {
    QString cluster, ns, manifest;
};

enum class RootKind {
    Shared,   ///< Catamaran's own offline root over one issuing CA per mesh
    Separate, ///< each mesh makes its own root: cross-cluster trust will fail; for rehearsing exactly that
};

/// The desired fleet (kind Fleet). resources/fleets holds examples.
struct FleetDocument {
    QString name;
    RootKind root = RootKind::Shared;
    QString rootName; ///< keyring entry of the offline root; default "<fleet name>-root"
    QList<FleetMesh> meshes;
    QList<FleetCluster> clusters;
    QList<FleetMembership> memberships;
    QStringList injectedNamespaces;
    QList<FleetWorkload> workloads;

    /// The mesh that manages @p cluster; empty when none does.
    [[nodiscard]] QString managerOf(const QString &cluster) const;
    [[nodiscard]] const FleetCluster *cluster(const QString &name) const;
};

/// Parses and validates: every cluster has exactly one manager; names are unique DNS-1123 labels; memberships name known
/// meshes and clusters; versions at least alicloud::minimumMeshVersion; gateways only where networks differ.
/// Errors name @p origin, line and field.
[[nodiscard]] core::Result<FleetDocument> parseFleet(const QByteArray &yaml, const QString &origin);
[[nodiscard]] core::Result<FleetDocument> loadFleet(const QString &file);
/// The same checks on a document made in code (the wizard); empty when it is sound.
[[nodiscard]] QList<core::Error> validateFleet(const FleetDocument &fleet);
[[nodiscard]] QByteArray toYaml(const FleetDocument &fleet);

/// The text of resources/manifests/<name>.yaml (compiled in, or from $CATAMARAN_MANIFESTS). NotFound otherwise.
[[nodiscard]] core::Result<QByteArray> manifestText(const QString &name);
/// Its objects, with @p ns set where the kind has namespaces. Bounded; errors name the document and line.
[[nodiscard]] core::Result<QList<QJsonObject>> manifestObjects(const QString &name, const QString &ns);

} // namespace catamaran::fleet
