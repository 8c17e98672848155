// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"
#include "probe/run.h"

namespace catamaran::probe {

struct ChosenPod {
    QString name, uid, container;
};

/// A ready pod of the deployment that @p source names, and its first container that is not a sidecar. Precondition when
/// there is none at this moment. Main thread.
[[nodiscard]] QFuture<core::Result<ChosenPod>> choosePod(kube::KubeClient &client, const Source &source, std::stop_token stop);

/// The label selector of a deployment as the API's query wants it. Pure.
[[nodiscard]] QString selectorText(const QJsonObject &deployment);
/// The pod to use of @p pods. Pure.
[[nodiscard]] std::optional<ChosenPod> readyPod(const QList<QJsonObject> &pods);
/// Why the pod that was answered when asking for it again is not the one we used any more; empty when it is. Pure.
[[nodiscard]] QString whyPodIsGone(const core::Result<QJsonObject> &pod, const QString &uid);

} // namespace catamaran::probe
