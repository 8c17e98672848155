// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/activity/executionlist.h"

namespace catamaran::ui {

namespace {
constexpr int shownExecutions = 200;
}

ExecutionList::ExecutionList(Services &services, QObject *parent)
    : QObject(parent)
    , m_services(services)
{
}

void ExecutionList::reload(const QString &environment)
{
    m_environment = environment;
    if (m_isReading) {
        m_again = true;
        return;
    }
    m_isReading = true;
    QHash<qint64, ops::Stamp> stamps;
    for (auto it = m_known.cbegin(); it != m_known.cend(); ++it)
        stamps.insert(it.key(), it->stamp);
    const auto ask = [environment, stamps](ops::Journal &journal) -> core::Result<Answer> {
        const auto now = journal.stamps(shownExecutions, environment);
        if (!now)
            return core::fail(now.error());
        Answer answer;
        for (const ops::Stamp &stamp : *now) {
            // What runs may have lost its owner without a word.
            if (stamp.state != ops::ExecutionState::Running && stamps.value(stamp.execution) == stamp) {
                answer.append({ stamp, std::nullopt });
                continue;
            }
            const auto execution = journal.execution(stamp.execution);
            if (!execution && execution.error().kind == core::ErrorKind::NotFound)
                continue; // it was thinned away meanwhile
            const auto entry = execution ? readExecution(journal, *execution) : core::Result<ExecutionEntry>(core::fail(execution.error()));
            if (!entry)
                return core::fail(entry.error());
            answer.append({ stamp, *entry });
        }
        return answer;
    };
    core::whenReady(askJournal(m_services.history(), ask), this, [this, environment](const core::Result<Answer> &answer) {
        m_isReading = false;
        if (environment == m_environment)
            take(answer);
        if (std::exchange(m_again, false))
            reload(m_environment);
    });
}

void ExecutionList::take(const core::Result<Answer> &answer)
{
    if (!answer) {
        m_told(m_environment, core::fail(answer.error()));
        return;
    }
    QList<ExecutionEntry> entries;
    QHash<qint64, Known> known;
    for (const auto &[stamp, fresh] : *answer) {
        const ExecutionEntry entry = fresh ? *fresh : m_known.value(stamp.execution).entry;
        known.insert(stamp.execution, { stamp, entry });
        entries.append(entry);
    }
    m_known = known;
    m_told(m_environment, entries);
}

} // namespace catamaran::ui
