// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kinds/target.h"

/// How an object is deleted, by kube.delete and by taking back kube.apply.
namespace catamaran::ops {

/// Tells @p target to go, as it was seen in @p state: with its uid, and while by @p sight it is the same. One that
/// is not there any more, or is going already, is no error. A Namespace only when all that is in it is ours: Precondition
/// otherwise, with what is not. A CustomResourceDefinition only when nothing of its kind is left: it would go too. Worker thread.
[[nodiscard]] core::Result<kube::Written> removed(const Sight &sight, const Target &target, const State &state, Scope &scope);

/// What that needs besides deleting: a Namespace's content has to be listed. Which kinds there are only the server knows, so
/// these are those that every server has.
[[nodiscard]] QList<Right> rightsToEmpty(const Target &target);

} // namespace catamaran::ops
