// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ops/kind.h"

#include <QStringList>

namespace catamaran::ops {

class Registry;

/// One operation in its place among others.
struct Step {
    QString id; ///< "create-mesh-1": unique in its plan, the same for the same wish
    QString why {}; ///< which part of the wish, or which difference, asks for it
    QStringList dependsOn {}; ///< ids of steps that must be done before
    Operation operation;

    bool operator==(const Step &) const = default;
};

/// A graph of operations.
struct Plan {
    QList<Step> steps;

    [[nodiscard]] bool isEmpty() const { return steps.isEmpty(); }
    /// {"steps":[{"id","why","depends_on","operation"}]}
    [[nodiscard]] QJsonObject toJson() const;
    /// Strict: Protocol names the first thing that toJson(), describePlan() and continuing() do not write.
    [[nodiscard]] static core::Result<Plan> fromJson(const QJsonObject &object);
    bool operator==(const Plan &) const = default;
};

/// Says in a described @p plan which earlier execution it goes on from ("continues").
[[nodiscard]] QJsonObject continuing(QJsonObject plan, qint64 execution);
/// 0: none.
[[nodiscard]] qint64 continuesOf(const QJsonObject &plan);

/// Whether @p plan can be carried out: ids are there once, dependencies exist, no step waits for itself, every kind is
/// known and takes its arguments. The error names the step. Pure.
[[nodiscard]] core::Result<core::Done> checkPlan(const Plan &plan, const Registry &registry);

/// A step with what its kind says of it.
struct DescribedStep {
    Step step;
    Description words;
};
/// For a plan that checkPlan() has passed, in its order. Pure.
[[nodiscard]] QList<DescribedStep> describeSteps(const Plan &plan, const Registry &registry, const Names &names);

/// What the user is shown and the journal keeps: toJson() with each step's "title", "calls" [{"system","method","body"}],
/// "command", "undo", "keeps", "subject", "lane" and "usual_seconds". For a plan that checkPlan() has passed. Pure.
[[nodiscard]] QJsonObject describePlan(const Plan &plan, const Registry &registry, const Names &names);

/// What the user must be allowed to, each once; for @p direction Undo asked before the first step is done. Pure.
[[nodiscard]] QList<Right> rightsOf(const Plan &plan, const Registry &registry, Direction direction);

} // namespace catamaran::ops
