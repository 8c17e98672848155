// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::ops {

/// kube.patch {cluster, apiVersion, kind, namespace, name, patch, foreign}: a merge patch of one object, of labels, annotations and
/// whatever is no metadata. Lists are replaced as a whole. No Secrets. The fields it names become ours, whoever set them.
///
/// An object that we have not applied is refused (Precondition with code "Foreign"), unless foreign is "take"; so is one that bears the
/// mark of another execution's fault (code "Unrestored"), unless the patch takes that mark off.
///
/// Taking back gives exactly those fields their former values; those that were not there go. A map that came with them
/// stays, empty, if others may have put something into it since.
[[nodiscard]] std::unique_ptr<const Kind> makeKubePatch();

} // namespace catamaran::ops
