// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/executor.h"

#include "fleet/steprunner.h"

#include <QCoreApplication>
#include <QElapsedTimer>

namespace catamaran::fleet {

ExecutionResult execute(const Plan &plan, Session &session, const ExecuteOptions &options, std::stop_token stop)
{
    ExecutionResult result;
    // A connection of this thread's own.
    const auto journal = store::Database::open(options.databaseFile);
    if (!journal || (*journal)->readOnly()) { // what cannot be journalled is not begun
        result.error = journal ? *(*journal)->readOnly() : journal.error();
        return result;
    }
    const auto report = [&](const StepProgress &progress) {
        if (options.onProgress)
            options.onProgress(progress);
    };
    for (const PlanStep &step : plan.steps)
        report({ step.id, StepState::Waiting, {}, 0, std::nullopt });
    StepRunner runner(plan, session, options, **journal, stop);
    for (const PlanStep &step : plan.steps) {
        StepProgress progress { step.id, StepState::Running, {}, 0, std::nullopt };
        if (result.error) {
            progress.state = StepState::Skipped;
            report(progress);
            continue;
        }
        QElapsedTimer clock;
        clock.start();
        report(progress);
        const auto outcome = runner.run(step, [&](const QString &note) {
            if (note == progress.note)
                return;
            progress.note = note;
            progress.elapsedMs = clock.elapsed();
            report(progress);
        });
        progress.elapsedMs = clock.elapsed();
        progress.state = outcome ? StepState::Done : StepState::Failed;
        if (outcome) {
            result.doneSteps << step.id;
        } else {
            progress.error = outcome.error();
            result.error = outcome.error();
        }
        report(progress);
    }
    result.complete = !result.error;
    return result;
}

QString stateName(StepState state)
{
    switch (state) {
    case StepState::Waiting: return QStringLiteral("waiting");
    case StepState::Running: return QStringLiteral("running");
    case StepState::Done: return QStringLiteral("done");
    case StepState::Failed: return QStringLiteral("failed");
    case StepState::Skipped: return QStringLiteral("skipped");
    }
    return QStringLiteral("waiting");
}

} // namespace catamaran::fleet
