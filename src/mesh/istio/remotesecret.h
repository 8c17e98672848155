// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/arguments.h"
#include "mesh/istio/meshobjects.h"
#include "mesh/operations.h"
#include "ops/kinds/target.h"

/// The remote secret by which one control plane reads another cluster: what it holds, how it is given and what came of it. What makes it
/// and what takes it away share this.
namespace catamaran::mesh::istio {

/// Of the arguments {mesh, home, namespace, cluster, id, server, token: "longLived"|"requested", hours, foreign}; server, hours (8760) and
/// foreign may be left out, token is "longLived" then.
struct RemoteSecret {
    QString mesh;
    QString cluster; ///< that it is for
    QString id; ///< what control planes call that
    QString server; ///< empty: the kubeconfig's
    TokenWish token;
    ops::Foreign foreign = ops::Foreign::Refuse;
    ops::Target target; ///< the Secret, beside the control plane
};

/// Call last: what else is in @p reader is not known.
[[nodiscard]] core::Result<RemoteSecret> readRemoteSecret(ArgumentReader &reader, const QString &operation, const QJsonObject &given);
[[nodiscard]] QJsonObject remoteSecretArguments(const MemberWish &wish);
/// The Secret that istio.addMember or istio.removeMember is about; nullopt: @p operation is neither.
[[nodiscard]] std::optional<ops::Target> objectOf(const ops::Operation &operation);

/// "istio-remote-secret-cluster-2"
[[nodiscard]] QString remoteSecretName(const QString &id);
/// The Secret that holds a reader account's long-lived token.
inline const QString readerTokenName = QStringLiteral("istio-reader-service-account-istio-remote-secret-token");
[[nodiscard]] core::Result<ops::Target> readerTokenTarget(const QString &operation, const QString &cluster);
/// The objects of the account that a cluster is read with, as Istio's own chart has them, for server-side apply.
[[nodiscard]] QList<QJsonObject> readerObjects();

// Pure, as istioctl writes them.
[[nodiscard]] core::Secret remoteKubeconfig(
    const QString &id, const QString &server, const QString &tlsServerName, const QByteArray &authority, const core::Secret &token);
[[nodiscard]] QJsonObject remoteSecretObject(const RemoteSecret &secret, const core::Secret &kubeconfig);

/// By hand: makes it; takes it away.
[[nodiscard]] QString issueCommand(const RemoteSecret &secret, const ops::Names &names);
[[nodiscard]] QString removeCommand(const RemoteSecret &secret, const ops::Names &names);
[[nodiscard]] QList<ops::Call> issueCalls(const RemoteSecret &secret);
[[nodiscard]] QList<ops::Right> rightsToIssue(const RemoteSecret &secret);
[[nodiscard]] QList<ops::Right> rightsToRemove(const RemoteSecret &secret);

// --- worker thread ----------------------------------------------------------------------------------------------------

/// State {exists, uid, content, server, account, ends, trouble}: content is a digest of the entry, of which nothing else is kept. Not
/// compared: foreign, accepted (what the cluster says of the token; absent where it was not asked or did not tell), isOld.
[[nodiscard]] core::Result<ops::State> seeRemoteSecret(const RemoteSecret &secret, ops::Scope &scope);
[[nodiscard]] bool isSameRemoteSecret(const ops::State &a, const ops::State &b);

/// Takes a token from the cluster and applies the Secret, as it was seen. The token is nowhere else afterwards.
[[nodiscard]] core::Result<ops::Receipt> issueRemoteSecret(
    const RemoteSecret &secret, const ops::State &seen, const QString &tried, ops::Scope &scope);

/// Asks every ready replica of the control plane until each says "synced" of the cluster, or, with @p wanted false, does not know it. A
/// replica that has waited in vain ("timeout") is Precondition. Where none can be asked the evidence says that it is not known, and what
/// knowing it takes.
[[nodiscard]] core::Result<ops::Evidence> whatReplicasSay(const RemoteSecret &secret, bool wanted, const QString &tried, ops::Scope &scope);

} // namespace catamaran::mesh::istio
