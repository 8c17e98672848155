// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/drilldocument.h"
#include "ops/plan.h"
#include "ops/world.h"

#include <optional>

/// A drill's faults as operations.
namespace catamaran::drill {

/// @p drill with what only the fleet tells of its faults; the first fault that this fleet does not allow is the error. For a worker thread.
[[nodiscard]] core::Result<DrillDocument> resolved(const DrillDocument &drill, ops::World &world, std::stop_token stop);

/// Everything that @p drill may touch, each once; all of it once it is resolved. Pure.
[[nodiscard]] core::Result<QList<FaultObject>> objectsOf(const DrillDocument &drill);

/// What stands there of all of objectsOf(). The first thing that cannot be read is the error. For a worker thread.
[[nodiscard]] core::Result<Standing> lookAt(const DrillDocument &drill, ops::World &world, std::stop_token stop);

/// The faults of a resolved drill one after the other, with waits between stages, each marked (ops/kinds/faultmark.h). An error when a
/// fault makes no sense now: nothing to scale, a client already where it is to go, the mark of another fault. Pure.
[[nodiscard]] core::Result<ops::Plan> faultPlan(const DrillDocument &drill, const Standing &standing);

/// Where the client is once @p step of faultPlan() is done; nullopt: that step moves none. Pure.
[[nodiscard]] std::optional<probe::Source> clientAfter(const DrillDocument &drill, const ops::Plan &plan, const QString &step);

/// What the clusters see changed by @p drill, for the journal: the subjects alone. Pure.
[[nodiscard]] QJsonObject subjectsOf(const QList<FaultObject> &objects);

} // namespace catamaran::drill
