// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/schedule.h"

#include <algorithm>

namespace catamaran::ops {

Schedule::Schedule(QList<Task> tasks)
    : m_tasks(std::move(tasks))
    , m_states(m_tasks.size(), State::Waiting)
    , m_dependents(m_tasks.size())
    , m_open(m_tasks.size(), 0)
{
    QHash<QString, int> byId;
    for (int i = 0; i < m_tasks.size(); ++i)
        byId.insert(m_tasks.at(i).id, i);
    for (int i = 0; i < m_tasks.size(); ++i) {
        Task &task = m_tasks[i];
        task.after.removeDuplicates();
        task.lanes.removeAll(QString());
        for (const QString &other : std::as_const(task.after)) {
            Q_ASSERT(byId.contains(other));
            m_dependents[byId.value(other)].append(i);
        }
        m_open[i] = int(task.after.size());
        if (task.after.isEmpty())
            m_ready.insert(i);
    }
}

bool Schedule::isFree(int task) const
{
    const QStringList &lanes = m_tasks.at(task).lanes;
    return std::none_of(lanes.begin(), lanes.end(), [this](const QString &lane) { return m_busy.contains(lane); });
}

std::optional<int> Schedule::next()
{
    const auto found = std::find_if(m_ready.begin(), m_ready.end(), [this](int task) { return isFree(task); });
    if (found == m_ready.end())
        return std::nullopt;
    const int task = *found;
    m_ready.erase(found);
    m_states[task] = State::Running;
    for (const QString &lane : m_tasks.at(task).lanes)
        m_busy.insert(lane);
    ++m_running;
    return task;
}

QList<Schedule::Skipped> Schedule::end(int task, bool well)
{
    m_states[task] = State::Ended;
    --m_running;
    for (const QString &lane : m_tasks.at(task).lanes)
        m_busy.remove(lane);
    QList<Skipped> skipped;
    if (well) {
        for (const int dependent : m_dependents.at(task))
            if (--m_open[dependent] == 0 && m_states.at(dependent) == State::Waiting)
                m_ready.insert(dependent);
        return skipped;
    }
    QList<int> reached { task };
    while (!reached.isEmpty()) {
        for (const int dependent : m_dependents.at(reached.takeFirst())) {
            if (m_states.at(dependent) != State::Waiting)
                continue;
            m_states[dependent] = State::Skipped;
            skipped.append({ dependent, task });
            reached.append(dependent);
        }
    }
    return skipped;
}

QList<int> Schedule::waiting() const
{
    QList<int> list;
    for (int i = 0; i < m_states.size(); ++i)
        if (m_states.at(i) == State::Waiting)
            list.append(i);
    return list;
}

} // namespace catamaran::ops
