// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <memory>

namespace catamaran::ops {

/// kube.apply {cluster, object, foreign, onlyIfMissing, mark, takeFields}: one object by server-side apply. The object holds what is
/// wished, not more: each field in it becomes ours; one without any field gets the label app.kubernetes.io/managed-by, or nobody could tell
/// whose it is. No Secrets: arguments are written into the journal.
///
/// Ownership: an object that is there and that we have not applied is refused (Precondition with code "Foreign", with its
/// managers), unless foreign is "take"; "leave" makes it count as done. A field that another manager owns with another value is refused by
/// the server (Conflict, with who and what), also then. A field that we ourselves set by another call (a scale, a patch) is taken over with
/// force, under the resourceVersion that was seen, so that nobody else's can be meant.
///
/// With takeFields true others' fields are taken over too: the user has seen them (drift) and wants the object as it is wished.
///
/// An object that bears the mark of another execution's fault is not changed (code "Unrestored").
///
/// With onlyIfMissing whatever is there and not going is in place, whosever it is; what is going is waited for until it is gone.
///
/// A Deployment or StatefulSet is proven by its pods being ready; what keeps them from it is said while waiting, and ends the
/// wait when it will not pass by itself.
///
/// "In place" is the server's own judgement: it is asked what applying would make of the object (dry run), and nothing but
/// versions may differ, the set of our fields included.
///
/// With mark true, for faults: the object must not be there yet, and is made with the annotation catamaran.io/fault (see
/// faultmark.h), so that a console that knows nothing of the execution finds it.
///
/// Taking back: an object that was made is deleted, with its uid. One that was there gets back the values of the fields
/// that we owned before or own now, by applying exactly those as they were; the rest is left alone. So:
/// * a field that we changed has its former value, one that we brought is gone, one that we stopped applying is there again;
/// * a field that somebody else owns stays as it is now (we only shared it; another value would have been a conflict), and
///   one that somebody has taken over since shows as "neither as it was nor as we left it": refused before it comes here;
/// * a field that nobody owned (a default, a webhook's work) has its former value but is ours from now on, as is one that
///   we owned by a scale or a patch: ownership cannot be handed back, and without an owner its value would go.
[[nodiscard]] std::unique_ptr<const Kind> makeKubeApply();

} // namespace catamaran::ops
