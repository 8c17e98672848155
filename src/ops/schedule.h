// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QList>
#include <QSet>
#include <QStringList>

#include <optional>
#include <set>

namespace catamaran::ops {

/// One entry of a schedule.
struct Task {
    QString id;
    QStringList after; ///< ids of tasks that must have ended well; they exist and are acyclic
    QStringList lanes; ///< of each lane one task runs at a time; empty names are none
};

/// Which task may begin when. No threads, no time: pure bookkeeping.
class Schedule {
public:
    /// Ready tasks begin in the order of @p tasks.
    explicit Schedule(QList<Task> tasks);

    /// A task that may begin now, which then runs; nullopt when none may.
    [[nodiscard]] std::optional<int> next();
    struct Skipped {
        int task, because; ///< @p because did not end well
    };
    /// Ends a task that next() gave. Not @p well: what depends on it, in any distance, is skipped; those are returned.
    QList<Skipped> end(int task, bool well);
    /// Nothing runs, and nothing will be ready.
    [[nodiscard]] bool isOver() const { return m_running == 0 && m_ready.empty(); }
    [[nodiscard]] int running() const { return m_running; }
    /// Tasks that never began and were not skipped, in order.
    [[nodiscard]] QList<int> waiting() const;

private:
    enum class State { Waiting, Running, Ended, Skipped };
    [[nodiscard]] bool isFree(int task) const;

    QList<Task> m_tasks;
    QList<State> m_states;
    QList<QList<int>> m_dependents;
    QList<int> m_open; ///< how many tasks each still waits for
    std::set<int> m_ready; ///< waits for no task; perhaps for its lanes
    QSet<QString> m_busy;
    int m_running = 0;
};

} // namespace catamaran::ops
