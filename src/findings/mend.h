// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/failover.h"
#include "findings/finding.h"
#include "ops/plan.h"

/// From a finding to a plan that mends it. What is offered changes what the finding names, or makes what is missing; nothing is ever
/// deleted, and every step can be taken back. Pure.
namespace catamaran::findings {

/// One step after the other, in the finding's order; empty: only a person can mend it.
[[nodiscard]] ops::Plan mendPlan(const Finding &finding);
/// The same of what keeps a service from failing over.
[[nodiscard]] ops::Plan mendPlan(const FailoverVerdict &verdict);

/// Whether a finding may be mended by us now: it can be at all, and what it rests on is not old.
[[nodiscard]] bool isMendable(const Finding &finding);

/// The finding that @p name means: an id of Finding::id(), or the beginning of one ("gateway.no-pods", "gateway.no-pods|cluster-2") that
/// only one which can be mended has. InvalidInput names those that there are.
[[nodiscard]] core::Result<Finding> mendable(const QList<Finding> &found, const QString &name);

} // namespace catamaran::findings
