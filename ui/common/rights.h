// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"
#include "session/session.h"

#include <QList>
#include <QString>

#include <functional>

/// What Catamaran asks of an identity in a cluster, and how a refusal is said. Pure, but for askRights().
namespace catamaran::ui {

/// One thing that the console does, and the questions that must all be answered with yes for it.
struct Right {
    QString what; ///< "send requests from a pod"
    QList<kube::AccessQuestion> questions;
};

/// Seeing the fleet: list and watch of what the console reads, in all namespaces.
[[nodiscard]] QList<Right> rightsToSee();
/// Sending requests from a pod of @p ns: exec needs `get` where it goes over WebSocket, `create` by the rules.
[[nodiscard]] Right rightToExec(const QString &ns);
/// Taking a workload down and up again.
[[nodiscard]] Right rightToScale(const QString &ns);
/// The same as a drill's fault, which leaves its mark in the same call.
[[nodiscard]] Right rightToBreak(const QString &ns);
/// Server-side apply of the sample's kinds.
[[nodiscard]] Right rightToApply(const QString &ns);
/// All of the above for one namespace.
[[nodiscard]] QList<Right> allRights(const QString &ns);

/// "patch deployments.apps/scale in namespace default", "list pods in all namespaces".
[[nodiscard]] QString questionText(const kube::AccessQuestion &question);
/// The same for kubectl: "kubectl --kubeconfig F --context=C auth can-i patch deployments.apps --subresource=scale -n default".
[[nodiscard]] QString questionCommand(const kube::AccessQuestion &question, const kube::ByHand &cluster);
/// A ClusterRole that gives what @p refused asks for, as YAML: for whoever administers the cluster.
[[nodiscard]] QString roleFor(const QList<kube::AccessQuestion> &refused);

/// Who we are there: "as alice (groups dev)", "service account ns/name", "the kubeconfig's token", "viewer (impersonated)", "anonymous".
[[nodiscard]] QString identityText(const kube::ClusterAccess &access);

/// "cluster-1: system:serviceaccount:x may not patch deployments.apps/scale in namespace default. Ask …".
[[nodiscard]] QString refusalText(const QString &cluster, const QString &identity, const QList<kube::AccessQuestion> &refused);
/// Asks the cluster's remembered access check and hands the refusal to @p handler on the main thread; empty when all is
/// allowed, or when it could not be asked: then the server judges when it comes to it.
void askRights(const session::Session &session, const QString &cluster, const QList<kube::AccessQuestion> &questions, QObject *context,
    std::function<void(const QString &refusal)> handler);

} // namespace catamaran::ui
