// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.h"

#include "documents/fleetdocument.h"
#include "ops/plan.h"

/// What the commands share that show a plan and carry it out.
namespace catamaran::ctl {

/// The one fleet document that @p words name.
[[nodiscard]] core::Result<documents::FleetDocument> fleetArgument(const QStringList &words);

/// A plan, and what is said of it.
struct Planned {
    QString purpose, name; ///< "apply", "two-meshes"
    ops::Plan plan;
    ops::Names names;
};

[[nodiscard]] QString describe(const QList<ops::DescribedStep> &steps);
/// Said before anything is begun.
void tellWhatCannotBeResumed(const Context &context, const ops::Plan &plan);
/// Why @p plan would be refused half-way; nullopt: it would not, or it could not be asked.
[[nodiscard]] std::optional<core::Error> whyRefused(const Context &context, const ops::Plan &plan);
/// After all steps are done: may add to the answer, and gives a line to say and the exit code.
using Afterwards = std::function<std::pair<QString, int>(QJsonObject &answer)>;
/// Carries it out and prints how it ended; @p doneText has a place for the number of steps. Gives the exit code.
[[nodiscard]] int execute(Context &context, const Planned &planned, const QString &doneText, const Afterwards &afterwards = {});

} // namespace catamaran::ctl
