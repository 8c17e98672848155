// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/environment.h"
#include "observe/observedfleet.h"

#include <QJsonObject>

/// From raw answers to an ObservedFleet. Pure; observe() and LiveFleet read differently and meet here.
namespace catamaran::observe {

/// A cluster as an account told it.
struct KnownCluster {
    QString provider; ///< mesh::ProviderKind::name()
    mesh::ClusterFacts facts;
};

/// What was read of one cluster.
struct ClusterReadings {
    documents::EnvironmentCluster environment;
    std::optional<KnownCluster> known;
    QString server; ///< the API server's address
    QString kubeVersion;
    std::optional<core::Error> error; ///< why it cannot be reached
    bool waiting = false; ///< the first answers are not here yet: neither good nor bad
    bool stale = false; ///< the objects are what was last seen
    QDateTime heard; ///< when the newest of it came
    QList<QJsonObject> namespaces, deployments, pods, services;
    QList<QJsonObject> serviceAccounts; ///< of the namespaces in accountsRead alone
    QStringList accountsRead;
    kube::ByHand byHand {};
    bool unverified = false; ///< nobody verifies that it is this server that answers
    QStringList wanted {}; ///< namespaces whose workloads are shown in any case
    QList<Unread> unread {}; ///< what an answering server refused
    QMap<QString, QStringList> readOneByOne {}; ///< see ObservedCluster
    QString ownNamespace {}; ///< the kubeconfig's own; asked for when nothing else is wanted
};

/// What was read of one account, or (without hasAccount) of meshes that need none.
struct CloudReadings {
    bool hasAccount = false;
    std::optional<core::Error> error; ///< the meshes are what was last seen, if any
    QList<mesh::MeshStatus> meshes;
    QStringList versions;
    QDateTime heard; ///< when the meshes were; null: never
    bool waiting = false; ///< the first answers are not here yet
    std::optional<core::Error> clustersError {}; ///< the account's clusters could not be listed, or not all of them
    std::optional<core::Error> versionsError {};
    QString provider {}; ///< whose account it is
    QDateTime credentialsEnd {}; ///< of those that nobody renews; null: nobody knows of one
    std::optional<core::Error> meshesUnread {}; ///< why there may be meshes that are not in the list
};

[[nodiscard]] inline bool isUnverified(const kube::ClusterAccess &access)
{
    return access.tls.skipVerification || access.server.scheme() != QLatin1String("https");
}

/// The names that ClusterReadings and ObservedCluster give to the four lists.
namespace resources {
inline const QString namespaces = QStringLiteral("namespaces"), deployments = QStringLiteral("deployments.apps"),
                     pods = QStringLiteral("pods"), services = QStringLiteral("services");
}

/// The part of a pod that readCluster() reads: a tenth of it, for whoever keeps thousands.
[[nodiscard]] QJsonObject readPart(const QJsonObject &pod);
/// The namespaces whose workloads are shown: those wanted, `default`, Catamaran's own and those with injection.
[[nodiscard]] QStringList shownNamespaces(const ClusterReadings &readings);
[[nodiscard]] ObservedCluster readCluster(const ClusterReadings &readings);
/// What readings of one cluster alone tell.
struct ReadCluster {
    ObservedCluster cluster;
    QList<core::Error> errors;
};
[[nodiscard]] ReadCluster readWhole(const ClusterReadings &readings);
[[nodiscard]] ObservedFleet assembleFleet(
    const QString &environment, const QDateTime &now, const QList<ReadCluster> &clusters, const QList<CloudReadings> &clouds);
[[nodiscard]] ObservedFleet assembleFleet(
    const QString &environment, const QDateTime &now, const QList<ClusterReadings> &clusters, const QList<CloudReadings> &clouds);

} // namespace catamaran::observe
