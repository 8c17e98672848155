// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/drilldocument.h"
#include "ops/plan.h"
#include "ops/world.h"

#include <QMap>

#include <optional>

/// A drill's faults as operations.
namespace catamaran::drill {

/// An object that a drill may change or make.
struct FaultObject {
    QString cluster, apiVersion, kind, ns, name;
    [[nodiscard]] QString text() const; ///< "cluster-1/default/sleep", of others than Deployments "cluster-1/default/service/sleep"
    [[nodiscard]] bool operator<(const FaultObject &other) const;
};
/// Everything that @p drill may touch, each once. Pure.
[[nodiscard]] core::Result<QList<FaultObject>> objectsOf(const DrillDocument &drill);

/// What stands there, nullopt where nothing does. Of all of objectsOf().
using Standing = QMap<FaultObject, std::optional<QJsonObject>>;
/// Reads it; the first thing that cannot be read is the error. For a worker thread.
[[nodiscard]] core::Result<Standing> lookAt(const DrillDocument &drill, ops::World &world, std::stop_token stop);

/// The faults one after the other, each marked (ops/kinds/faultmark.h). An error when a fault makes no sense now: nothing to scale, a
/// client already where it is to go, the mark of another fault. Pure.
[[nodiscard]] core::Result<ops::Plan> faultPlan(const DrillDocument &drill, const Standing &standing);

/// Where the client is once @p step of faultPlan() is done; nullopt: that step moves none. Pure.
[[nodiscard]] std::optional<probe::Source> clientAfter(const DrillDocument &drill, const ops::Plan &plan, const QString &step);

/// What the clusters see changed by @p drill, for the journal: the subjects alone. Pure.
[[nodiscard]] QJsonObject subjectsOf(const QList<FaultObject> &objects);

} // namespace catamaran::drill
