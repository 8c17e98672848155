// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kinds/target.h"

#include <memory>

namespace catamaran::ops {

/// kube.scale {cluster, kind, namespace, name, replicas, mark, previous, foreign}: spec.replicas of a Deployment (also without kind)
/// or a StatefulSet. previous is for the words of the undo by hand only.
///
/// An object that we have not applied is refused (Precondition with code "Foreign"), unless foreign is "take"; so is one that bears the
/// mark of another execution's fault (code "Unrestored"). What has the number already is in place, whosever it is.
///
/// With mark true, for faults: the same PATCH writes the annotation catamaran.io/fault (see faultmark.h), so that a console
/// that knows nothing of the execution finds what was done and the number that was there. It is refused while another
/// fault's mark is on the object. Every PATCH carries the resourceVersion that was seen: one that arrives late gets 409.
///
/// Taking back sets the number that was there, takes the mark off, and waits for the pods to be ready if they all were. Where somebody
/// has given the number back meanwhile, what is left to be taken back is the mark.
[[nodiscard]] std::unique_ptr<const Kind> makeKubeScale();

/// What it is about, by its arguments.
[[nodiscard]] core::Result<Target> scaledTarget(const QString &operation, const QJsonObject &arguments);

} // namespace catamaran::ops
