// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"
#include "probe/run.h"

namespace catamaran::probe {

struct ChosenPod {
    QString name, uid, container;
};

/// A ready pod of the deployment that @p source names, and the container to send from (chooseContainer()). Precondition
/// when there is none at this moment. Main thread.
[[nodiscard]] QFuture<core::Result<ChosenPod>> choosePod(
    kube::KubeClient &client, const Source &source, const QString &container, std::stop_token stop);

/// That very pod of @p source's namespace: Precondition when it does not run any more. Main thread.
[[nodiscard]] QFuture<core::Result<ChosenPod>> choosePodNamed(
    kube::KubeClient &client, const Source &source, const QString &pod, const QString &container, std::stop_token stop);

/// The label selector of a deployment as the API's query wants it. Pure.
[[nodiscard]] QString selectorText(const QJsonObject &deployment);
/// The pod to use of @p pods, with the container that is taken when none is wanted. Pure.
[[nodiscard]] std::optional<ChosenPod> readyPod(const QList<QJsonObject> &pods);
/// As kubectl: @p wanted of the pod's containers (also of those that were added to look into it); when it is empty, the one
/// that the annotation kubectl.kubernetes.io/default-container names, if the pod has it, else the first. The mesh's sidecar
/// is passed over, and refused when wanted: what it sends does not go through the mesh. InvalidInput with the names that
/// there are; an empty name when there is nothing but the sidecar. Pure.
[[nodiscard]] core::Result<QString> chooseContainer(const QJsonObject &pod, const QString &wanted);
/// Why the pod that was answered when asking for it again is not the one we used any more; empty when it is. Pure.
[[nodiscard]] QString whyPodIsGone(const core::Result<QJsonObject> &pod, const QString &uid);

} // namespace catamaran::probe
