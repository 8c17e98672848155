// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::ops {

/// kube.delete {cluster, apiVersion, kind, namespace, name, foreign}: one object, with what the API server's garbage
/// collector takes along. The deletion carries the uid that was seen.
///
/// Ownership: an object that we have not applied is refused (Precondition with code "Foreign") unless foreign is "take". A
/// Namespace is refused unless everything in it is ours; see namespacecontents.h. With foreign "leave" both stay and count as
/// done, and the note says who has it, or what is in it. (What somebody makes in it between the look and the deletion goes too:
/// the API knows no precondition for that.)
///
/// Taking back makes the object anew from what the journal keeps of it: the fields we had applied are applied, those of
/// others are added by a patch; a foreign object is created, and is not ours afterwards either. Its uid is a new one.
/// A Namespace's own objects come back with it. What is never kept is a Secret's data: a Secret's deletion cannot be taken
/// back, and a Namespace with a Secret of ours is refused until that is deleted by itself. Nor can the deletion of a custom
/// resource definition be: its objects go with it.
[[nodiscard]] std::unique_ptr<const Kind> makeKubeDelete();

} // namespace catamaran::ops
