// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/istio/debuganswers.h"
#include "mesh/istio/meshobjects.h"
#include "mesh/provider.h"

/// What the clusters tell of Istio's control planes, and what follows from it. Values and pure functions.
namespace catamaran::mesh::istio {

inline const QString istioName = QStringLiteral("istio");
inline const QString systemNamespace = QStringLiteral("istio-system");
inline const QString networkLabel = QStringLiteral("topology.istio.io/network");
inline const QString readerAccount = QStringLiteral("istio-reader-service-account"); ///< that other control planes read a cluster with

inline constexpr int gatewayPort = 15443; ///< of cross-cluster gateways

/// A Deployment of istiod.
struct PlaneFacts : Named {
    QString revision, version; ///< version: of the image
    QString clusterId; ///< CLUSTER_ID as it runs with it; empty: not set
    int desired = 0, ready = 0;
    bool servesOthers = false; ///< EXTERNAL_ISTIOD: made to be the control plane of other clusters
    bool isAmbient = false; ///< PILOT_ENABLE_AMBIENT
};

struct PodSeen : Named {
    QString revision, image;
    bool isReady = false;
};

struct SpaceSeen {
    bool isThere = false;
    QString network;
    QStringList controlledBy; ///< topology.istio.io/controlPlaneClusters: ids of the clusters whose control planes are in charge
};

/// The webhooks that put sidecars into pods.
struct InjectorFacts : Named {
    QString revision;
    QString url; ///< where it is when it is outside the cluster; empty: a Service of the cluster
    QSet<QString> roots; ///< fingerprints of those that vouch for it
};

/// What one replica itself says.
struct ReplicaFacts {
    core::Fact<QString> version;
    core::Fact<QList<RemoteCluster>> remotes;
    core::Fact<QHash<QString, LostWatch>> lost; ///< those that still count
    core::Fact<ProxyCounts> proxies;
    core::Fact<QHash<QString, qint64>> endpoints; ///< by cluster id
};

/// Everything read of one cluster. Each a fact of its own: a right that is missing is that fact's error and nothing else.
struct SeenCluster {
    ClusterPlace place;
    QSet<QString> authorities; ///< that vouch for its API server, as far as is known
    core::Fact<QList<PlaneFacts>> planes;
    core::Fact<QList<PodSeen>> pods; ///< of the control planes
    core::Fact<MeshConfigFacts> config;
    core::Fact<QHash<QString, BundleFacts>> roots; ///< by namespace: the system namespace's is enough
    core::Fact<SpaceSeen> space;
    core::Fact<QList<InjectorFacts>> injectors;
    core::Fact<QList<RemoteSecretFacts>> secrets;
    core::Fact<QList<TokenVerdict>> tokens;
    core::Fact<bool> ztunnel; ///< whether nodes carry one
    core::Fact<bool> exposed {}; ///< whether a Gateway lets other networks' traffic through
    core::Fact<bool> reader {}; ///< whether readerAccount is there
    QHash<QString, ReplicaFacts> replicas; ///< by pod
};

// Decoding one object.
[[nodiscard]] PlaneFacts decodePlane(const QJsonObject &deployment);
[[nodiscard]] PodSeen decodePod(const QJsonObject &pod);
[[nodiscard]] SpaceSeen decodeSpace(const QJsonObject &space);
[[nodiscard]] QList<InjectorFacts> decodeInjectors(const QList<QJsonObject> &webhookConfigurations);
/// Whether a Gateway passes TLS through by the name that is asked for, on the port of cross-cluster gateways.
[[nodiscard]] bool passesThrough(const QJsonObject &gateway);
/// Whether a token of @p issued until @p expires is near its end at @p now: two thirds of its life are over.
[[nodiscard]] bool isNearItsEnd(const QDateTime &issued, const QDateTime &expires, const QDateTime &now);
/// "rk.local/pilot:1.32.0-distroless" is "1.32.0-distroless".
[[nodiscard]] QString versionOf(const QString &image);

/// The id that its control plane goes by; empty: it has none, or nobody may know.
[[nodiscard]] QString clusterIdOf(const SeenCluster &cluster);
/// The cluster that @p secret of @p reader is for: by who vouches for its API server, else by the id. Null: none of them.
[[nodiscard]] const SeenCluster *targetOf(const RemoteSecretFacts &secret, const SeenCluster &reader, const QList<SeenCluster> &all);

/// "istio-cluster-1"
[[nodiscard]] QString meshNameFor(const QString &cluster);
/// A mesh for each cluster that control planes run in, with its revisions side by side. What could not be read of a cluster that may have
/// one is MeshList::unread.
[[nodiscard]] MeshList meshesOf(const QList<SeenCluster> &clusters);

} // namespace catamaran::mesh::istio
