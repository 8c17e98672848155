// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/fault.h"
#include "ops/plan.h"

namespace catamaran::drill {

/// The steps of a drill's faults, in the order in which they wait for each other. Pure.
class FaultWriter {
public:
    FaultWriter(const Standing &standing, ops::Plan &plan);

    [[nodiscard]] std::optional<QJsonObject> standing(const FaultObject &object) const { return m_standing.value(object); }
    /// One operation on @p object; an error when the drill has a step of that id already.
    [[nodiscard]] core::Result<core::Done> add(const FaultObject &object, const QString &id, const ops::Operation &operation);
    /// A workload to @p replicas, marked; an error when it is not there, has them already, or bears a mark.
    [[nodiscard]] core::Result<core::Done> scale(const FaultObject &object, int replicas);
    /// @p manifest, which is not there, marked.
    [[nodiscard]] core::Result<core::Done> make(const FaultObject &object, const QJsonObject &manifest);
    /// Waits before what follows. @p stage from 0: the one that ends with it.
    void hold(int stage, std::chrono::milliseconds duration);

private:
    const Standing &m_standing;
    ops::Plan &m_plan;
};

/// "hold-1": the step with which the first stage's waiting begins.
[[nodiscard]] QString holdStep(int stage);

/// Why a fault is not possible now. Pure.
[[nodiscard]] tl::unexpected<core::Error> unfit(
    const FaultObject &object, const QString &answer, const QString &remedy, core::ErrorKind kind = core::ErrorKind::Precondition);
[[nodiscard]] FaultObject workloadObject(const QString &cluster, const QString &kind, const QString &ns, const QString &name);
[[nodiscard]] FaultObject placeOf(const QString &cluster, const QJsonObject &object);

} // namespace catamaran::drill
