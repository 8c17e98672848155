// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/run.h"

#include "ops/crew.h"
#include "ops/say.h"

#include <QHash>

#include <algorithm>

namespace catamaran::ops {

ExecutionResult Run::over(QList<Task> tasks, const Way &way)
{
    ExecutionResult result;
    result.execution = execution.id;
    result.uid = execution.uid;
    QHash<QString, int> places;
    for (const Step &step : plan.steps) {
        places.insert(step.id, int(places.size()));
        StepOutcome outcome;
        outcome.stepId = step.id;
        result.steps.append(outcome);
    }
    QList<int> stepOf; // by task
    for (const Task &task : tasks)
        stepOf.append(places.value(task.id));

    std::mutex reporting, writing;
    const auto report = [&](const StepProgress &progress) {
        if (options.onProgress)
            options.onProgress(progress);
    };
    for (const Step &step : plan.steps)
        report({ step.id });
    const auto ended = [&](int place, const StepOutcome &outcome) {
        const std::lock_guard lock(reporting);
        result.steps[place] = outcome;
        if (outcome.error && !result.error)
            result.error = outcome.error;
        report({ outcome.stepId, outcome.state, outcome.note, outcome.elapsedMs, outcome.error });
    };
    const RunTools tools { registry, world, options, execution, stop, writing };
    Schedule schedule(std::move(tasks));
    CrewWork work;
    work.openJournal = [&] {
        const std::lock_guard lock(writing);
        return Journal::open(options.databaseFile, options.clock);
    };
    work.carryOut = [&](int task, CrewWork::ThreadJournal &journal) {
        const int place = stepOf.at(task);
        const Step &step = plan.steps.at(place);
        QElapsedTimer clock;
        clock.start();
        const auto running = [&](const QString &note) {
            const std::lock_guard lock(reporting);
            report({ step.id, StepState::Running, note, clock.elapsed() });
        };
        running({});
        if (!journal) {
            ended(place, { step.id, StepState::Failed, {}, {}, {}, clock.elapsed(), journal.error() });
            return false;
        }
        QString last;
        StepWork stepWork(tools, *journal, step, [&running, last](const QString &note) mutable {
            if (note != last)
                running(note);
            last = note;
        });
        const StepOutcome outcome = way(place, stepWork);
        ended(place, outcome);
        return outcome.state == StepState::Done;
    };
    work.skip = [&](const Schedule::Skipped &skipped, CrewWork::ThreadJournal &journal) {
        const int place = stepOf.at(skipped.task);
        StepOutcome outcome;
        outcome.stepId = plan.steps.at(place).id;
        outcome.state = StepState::Skipped;
        outcome.note = Say::tr("not begun, because this is not done: %1").arg(titles.at(stepOf.at(skipped.because)));
        if (journal) {
            Event row;
            row.execution = execution.id;
            row.step = outcome.stepId;
            row.state = EventState::Skipped;
            row.answer = outcome.note;
            const std::lock_guard lock(writing);
            (void)journal->append({ row }); // nothing was done that it would have to witness
        }
        ended(place, outcome);
    };
    runCrew(schedule, options.atOnce, options.control.get(), stop, work);

    for (const int task : schedule.waiting()) {
        StepOutcome outcome;
        outcome.stepId = plan.steps.at(stepOf.at(task)).id;
        outcome.state = StepState::Skipped;
        outcome.note = Say::tr("stopped on request");
        ended(stepOf.at(task), outcome);
    }
    result.complete
        = std::all_of(result.steps.begin(), result.steps.end(), [](const StepOutcome &one) { return one.state == StepState::Done; });
    result.stopped = !result.complete && stop.stop_requested();
    return result;
}

core::Result<Kept> findExecution(const Journal &journal, qint64 id, const Registry &registry, const World &world)
{
    const QString tried = Say::tr("go on with execution %1").arg(id);
    const auto found = journal.execution(id);
    if (!found)
        return core::fail(found.error());
    if (found->environment != world.environment())
        return core::fail(core::ErrorKind::InvalidInput, tried, found->environment,
            Say::tr("it was begun in another environment than %1").arg(world.environment()));
    const auto plan = Plan::fromJson(found->plan);
    if (!plan)
        return core::fail(plan.error().kind, tried, found->title(), plan.error().answer,
            Say::tr("An earlier Catamaran wrote it. The history has the commands that take its steps back by hand."));
    if (const auto checked = checkPlan(*plan, registry); !checked)
        return core::fail(checked.error());
    return Kept { *found, *plan };
}

core::Result<std::shared_ptr<Claim>> claimed(World &world, const QString &title, const ExecuteOptions &options, std::stop_token stop,
    const std::function<core::Result<std::shared_ptr<Claim>>()> &claim)
{
    auto kept = world.keepOthersOff(title, stop);
    if (!kept)
        return core::fail(kept.error());
    if (!kept->notice.isEmpty() && options.onNotice)
        options.onNotice(kept->notice);
    auto taken = claim();
    if (taken)
        (*taken)->keep(std::move(kept->hold));
    return taken;
}

QStringList lanesOf(const Description &words)
{
    QStringList lanes;
    if (!words.lane.isEmpty())
        lanes += words.lane;
    if (!words.subject.isEmpty())
        lanes += QStringLiteral("subject ") + words.subject;
    return lanes;
}

ExecutionResult notBegun(const core::Error &error)
{
    ExecutionResult result;
    result.error = error;
    return result;
}

} // namespace catamaran::ops
