// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QString>

namespace catamaran::kube {

/// What a Deployment or a StatefulSet says of its pods. The one reading of these figures.
struct DeploymentStatus {
    int desired = 1; ///< spec.replicas, which is 1 where it is left out
    int existing = 0, updated = 0, ready = 0; ///< as the controller last wrote them
    /// The figures are of what is asked for now. Those of an older generation say nothing about it.
    bool isCurrent = false;
    QString stuck; ///< why it will not get on by itself any more, in the controller's words; empty while it may
    QString trouble; ///< what the controller complains of and may overcome ("exceeded quota: …"); empty: nothing

    /// As many pods as wanted and no others, all of the newest template, all ready.
    [[nodiscard]] bool isSettled() const { return isCurrent && existing == desired && updated >= desired && ready >= desired; }
    /// "1 of 2 pods ready", with the trouble
    [[nodiscard]] QString text() const;
};

/// Pure. What is missing counts as 0, as servers leave zeros out.
[[nodiscard]] DeploymentStatus deploymentStatus(const QJsonObject &workload);

} // namespace catamaran::kube
