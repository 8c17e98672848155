// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fact.h"
#include "core/secret.h"
#include "pki/ca.h"

#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QSet>
#include <QString>
#include <QStringList>

/// What a mesh of Istio's kind keeps in ConfigMaps and Secrets of its system namespace, whoever runs it. Pure; strict and bounded.
namespace catamaran::mesh {

inline constexpr qsizetype mostEntries = 4096; ///< of one list within one object

/// "namespace/name"
[[nodiscard]] QString keyOf(const QString &ns, const QString &name);

struct Named {
    QString ns, name;
    QDateTime created;
    [[nodiscard]] QString key() const { return keyOf(ns, name); }
};

/// Who may be asked of a bundle of certificates.
struct BundleFacts {
    QSet<QString> roots; ///< fingerprints
    QList<pki::CertificateInfo> certificates;
    QString trouble; ///< why it cannot be read; empty: it can
};

/// The mesh's own configuration: ConfigMaps of the system namespace.
struct MeshConfigFacts {
    bool isThere = false; ///< a ConfigMap "istio" or "istio-<revision>"
    QString trustDomain = QStringLiteral("cluster.local");
    QStringList trustDomainAliases;
    QString rootNamespace = QStringLiteral("istio-system");
    QStringList clusterLocalHosts;
    QString trouble {}; ///< why it cannot be read
    bool hasValues = false; ///< the injector's values were there; the three below are theirs
    QString network {}, clusterId {}, meshId {};
    QHash<QString, QStringList> fromRegistry {}; ///< meshNetworks: by network
    QHash<QString, QStringList> registryGateways {}; ///< registryServiceName by network
};

/// One entry of a Secret with the label istio/multiCluster.
struct RemoteSecretFacts : Named {
    QString key; ///< the cluster id that it stands for
    QString annotated; ///< networking.istio.io/cluster
    QString server;
    QString trouble; ///< why a control plane refuses its kubeconfig
    QSet<QString> authorities; ///< fingerprints; empty: the system's
    bool hasToken = false;
    QDateTime tokenExpires, certificateExpires; ///< null: never, or none
    QDateTime tokenIssued {}; ///< null: it does not say
    QString accountUid; ///< of the service account, as the token says
    QString account; ///< "namespace/name"
};

/// What the API server that made it says of a token (by cluster and secret's key).
struct TokenVerdict {
    QString secret, key; ///< of the reader's Secret
    QString cluster; ///< whose API server was asked
    std::optional<bool> isAccepted;
    QString words; ///< what it said
};

/// The Secret cacerts; its key is never read.
struct IssuerFacts {
    bool isThere = false;
    QStringList missing; ///< entries that it lacks
    QDateTime created;
    std::optional<pki::CertificateInfo> issuer;
    BundleFacts root;
    QString chainTrouble; ///< why the issuer does not verify through its chain up to its root; empty: it does
};

[[nodiscard]] BundleFacts decodeBundle(const QByteArray &pem);
/// Of all ConfigMaps of the system namespace.
[[nodiscard]] MeshConfigFacts decodeMeshConfig(const QList<QJsonObject> &configMaps);
[[nodiscard]] QHash<QString, BundleFacts> decodeRoots(const QList<QJsonObject> &configMaps);
/// Of the Secret cacerts; nullopt: there is none.
[[nodiscard]] IssuerFacts decodeIssuer(const std::optional<QJsonObject> &secret, const QDateTime &now);

/// What is in one remote secret. The token is handed out beside it, for who asks its API server; it is not kept.
struct DecodedSecret {
    RemoteSecretFacts facts;
    core::Secret token;
};
[[nodiscard]] QList<DecodedSecret> decodeRemoteSecret(const QJsonObject &secret);

} // namespace catamaran::mesh
