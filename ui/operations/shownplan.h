// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/plan.h"

#include <functional>

/// Plans as people see them. Pure.
namespace catamaran::ui {

/// A plan as it is shown and carried out.
struct ShownPlan {
    ops::Plan plan;
    ops::Names names;
    QList<ops::DescribedStep> steps; ///< of the plan, in its order

    [[nodiscard]] bool isEmpty() const { return plan.isEmpty(); }
};

/// For a plan that ops::checkPlan() has passed.
[[nodiscard]] ShownPlan shownPlan(const ops::Plan &plan, const ops::Names &names);

/// The steps of a plan that the journal keeps (ops::describePlan()); of earlier versions without operations.
[[nodiscard]] QList<ops::DescribedStep> keptSteps(const QJsonObject &plan);

/// Steps that are one thing to people: the objects of one workload, or one step by itself.
struct StepGroup {
    QString title; ///< "Deploy sleep in cluster-1"; of one step its own
    QList<int> steps; ///< places in the list, in its order; at least one
};
/// In the order of their first steps. Together are a step "X" and its "X-…" of the same kind in the same namespace.
[[nodiscard]] QList<StepGroup> groupSteps(const QList<ops::DescribedStep> &steps);

/// How long @p steps take when each takes @p ofStep milliseconds, by its place: the longest chain of steps that wait for each
/// other, or the longest lane, in which one goes after the other.
[[nodiscard]] qint64 longestChain(const QList<ops::DescribedStep> &steps, const std::function<qint64(int place)> &ofStep);
[[nodiscard]] qint64 usualMs(const QList<ops::DescribedStep> &steps);

/// All commands of a plan, step by step with titles as comments: a script to read.
[[nodiscard]] QString planAsScript(const QList<ops::DescribedStep> &steps);
/// "1 step", "16 steps".
[[nodiscard]] QString stepsText(int count);
/// "usually 3 min 05 s"
[[nodiscard]] QString usualTimeText(const QList<ops::DescribedStep> &steps);

} // namespace catamaran::ui
