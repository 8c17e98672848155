// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "mesh/provider.h"

#include <QDir>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>

namespace catamaran::documents {

/// What a control plane or a gateway is installed from: manifests, or an istioctl of the user's that renders them. Paths are absolute.
struct FleetInstallation {
    QStringList manifests; ///< files
    QString istioctl; ///< the program; then without manifests
    QStringList files; ///< that istioctl reads (-f)
    QMap<QString, QString> set; ///< that it is told (--set)
    QList<QJsonObject> objects {}; ///< rendered and in order (fleet/render.h); never part of the document itself
    [[nodiscard]] bool isEmpty() const { return manifests.isEmpty() && istioctl.isEmpty(); }
};

struct FleetMesh {
    QString name;
    QString version; ///< empty: the provider's newest
    QString provider {}; ///< who makes it: mesh::providerNames(); empty: the default
    FleetInstallation controlPlane {}, gateway {}; ///< of meshes whose control planes stand in the clusters
};

struct FleetCluster {
    QString name; ///< a cluster of the environment
    QString network; ///< logical network; empty: the same as everybody's
    bool gateway = false; ///< cross-cluster gateway, in the mesh that manages the cluster
};

struct FleetMembership {
    QString mesh, cluster;
    mesh::Mode mode = mesh::Mode::Managed;
    bool operator==(const FleetMembership &) const = default;
};

/// What a manifest's Deployment gets instead of what the manifest says; empty members leave it as it is.
struct WorkloadOverrides {
    QString image; ///< of the first container
    QString imagePullPolicy; ///< "Always", "IfNotPresent" or "Never"
    std::optional<int> replicas;
    QStringList command; ///< of the first container; takes the place of its command and its arguments
    [[nodiscard]] bool isEmpty() const { return image.isEmpty() && imagePullPolicy.isEmpty() && !replicas && command.isEmpty(); }
    bool operator==(const WorkloadOverrides &) const = default;
};

/// One manifest of the sample application in one cluster, by the name of a resource in resources/manifests.
struct FleetWorkload {
    QString cluster, ns, manifest;
    WorkloadOverrides overrides {};
};

enum class RootKind {
    Shared, ///< Catamaran's own offline root over one issuing CA per mesh
    Separate, ///< each mesh makes its own root: cross-cluster trust will fail; for rehearsing exactly that
};

/// The desired fleet (kind Fleet). resources/fleets holds examples. Without any mesh it is clusters and workloads alone.
struct FleetDocument {
    QString name;
    RootKind root = RootKind::Shared;
    QString sharedRoot; ///< trust.name: one root for every fleet that names it, in whatever environment; empty: the fleet's own
    QList<FleetMesh> meshes;
    QList<FleetCluster> clusters;
    QList<FleetMembership> memberships;
    QStringList injectedNamespaces;
    QList<FleetWorkload> workloads;
    mesh::TokenWish remoteSecrets {}; ///< where control planes read other clusters with tokens

    /// What the certificate of the offline root is called: sharedRoot, or "<fleet name>-root".
    [[nodiscard]] QString rootName() const;
    /// The mesh that manages @p cluster; empty when none does.
    [[nodiscard]] QString managerOf(const QString &cluster) const;
    [[nodiscard]] const FleetCluster *cluster(const QString &name) const;
    /// The namespaces that it touches: of its workloads, and those with injection. Sorted.
    [[nodiscard]] QStringList namespaces() const;
};

/// Parses and validates: every cluster has exactly one manager (where there are meshes); names are unique DNS-1123 labels; memberships name
/// known meshes and clusters; providers are known ones and take the version; gateways only where networks differ. Errors name @p origin,
/// line and field. Paths in it are seen from @p folder.
[[nodiscard]] core::Result<FleetDocument> parseFleet(const QByteArray &yaml, const QString &origin, const QDir &folder = QDir());
/// Its folder is that of the file. A document that names a program to run has to be the user's own (core::whyNotOwn()).
[[nodiscard]] core::Result<FleetDocument> loadFleet(const QString &file);
/// The same checks on a document made in code (the wizard); empty when it is sound.
[[nodiscard]] QList<core::Error> validateFleet(const FleetDocument &fleet);
[[nodiscard]] QByteArray toYaml(const FleetDocument &fleet);

/// The manifests there are (compiled in, and in $CATAMARAN_MANIFESTS), sorted.
[[nodiscard]] QStringList manifestNames();
/// The text of resources/manifests/<name>.yaml (compiled in, or from $CATAMARAN_MANIFESTS). NotFound otherwise.
[[nodiscard]] core::Result<QByteArray> manifestText(const QString &name);
/// Its objects, with @p ns set where the kind has namespaces. Bounded; errors name the document and line.
[[nodiscard]] core::Result<QList<QJsonObject>> manifestObjects(const QString &name, const QString &ns);
/// The same with the workload's overrides in its Deployments.
[[nodiscard]] core::Result<QList<QJsonObject>> manifestObjects(const FleetWorkload &workload);

} // namespace catamaran::documents
