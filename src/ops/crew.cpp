// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/crew.h"

#include <condition_variable>
#include <thread>
#include <vector>

namespace catamaran::ops {

namespace {

struct Shared {
    std::mutex mutex;
    std::condition_variable changed;

    void wake()
    {
        const std::lock_guard lock(mutex); // whoever is about to wait has judged before, or judges after
        changed.notify_all();
    }
};

} // namespace

void runCrew(Schedule &schedule, int atOnce, Control *control, std::stop_token stop, const CrewWork &work)
{
    const auto shared = std::make_shared<Shared>();
    if (control)
        control->onChange([shared] { shared->wake(); });
    const std::stop_callback onStop(stop, [shared] { shared->wake(); });
    const auto member = [&] {
        std::optional<CrewWork::ThreadJournal> journal;
        std::unique_lock lock(shared->mutex);
        while (true) {
            std::optional<int> task;
            shared->changed.wait(lock, [&] {
                if (stop.stop_requested() || schedule.isOver())
                    return true;
                if (!control || !control->isPaused())
                    task = schedule.next();
                return task.has_value();
            });
            if (!task)
                return;
            lock.unlock();
            if (!journal)
                journal = work.openJournal();
            const bool well = work.carryOut(*task, *journal);
            lock.lock();
            const QList<Schedule::Skipped> skipped = schedule.end(*task, well);
            shared->changed.notify_all();
            lock.unlock();
            for (const Schedule::Skipped &one : skipped)
                work.skip(one, *journal);
            lock.lock();
        }
    };
    {
        const int members = std::clamp(int(schedule.waiting().size()), 1, std::max(1, atOnce));
        std::vector<std::jthread> crew;
        for (int i = 0; i < members; ++i)
            crew.emplace_back(member);
    }
    if (control)
        control->onChange({});
}

} // namespace catamaran::ops
