// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/plans.h"
#include "session/session.h"

namespace catamaran::fleet {

/// What others have applied under a name that a plan would apply, scale or delete, and may not.
struct ForeignInTheWay {
    QString cluster;
    ForeignObject object;
    QString managers; ///< "kubectl-client-side-apply"
};
/// Looks for it before anything is begun. What cannot be read is left out: its step says so when it comes to it. For a worker thread.
[[nodiscard]] QList<ForeignInTheWay> foreignInTheWay(const ops::Plan &plan, const session::Session &session, std::stop_token stop);

/// Precondition that names each, who has it, and which words of catamaranctl's allow it. @p found is not empty. Pure.
[[nodiscard]] core::Error foreignError(const QString &tried, const QList<ForeignInTheWay> &found);

} // namespace catamaran::fleet
