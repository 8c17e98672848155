// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/claim.h"

#include "core/async.h"

namespace catamaran::ops {

namespace {
using namespace std::chrono_literals;
/// Three are missed before another machine takes over.
constexpr auto beat = 8s;
}

Claim::Claim(QString databaseFile, Execution execution, core::Clock clock)
    : m_file(std::move(databaseFile))
    , m_execution(std::move(execution))
    , m_clock(std::move(clock))
    , m_heart([file = m_file, id = m_execution.id, clock = m_clock](std::stop_token stop) {
        // A beat that cannot be written is missed; what matters is that nobody's rows are written over, which append() sees to.
        while (core::sleepFor(beat, stop))
            if (auto journal = Journal::open(file, clock))
                (void)journal->heartbeat(id);
    })
{
}

Claim::~Claim()
{
    m_heart.request_stop();
    m_heart.join();
    Journal::abandon(m_file, m_execution.id);
}

core::Result<std::shared_ptr<Claim>> Claim::begin(const QString &databaseFile, const NewExecution &execution, const core::Clock &clock)
{
    auto journal = Journal::open(databaseFile, clock);
    if (!journal)
        return core::fail(journal.error());
    auto begun = journal->begin(execution);
    if (!begun)
        return core::fail(begun.error());
    return std::shared_ptr<Claim>(new Claim(databaseFile, *begun, clock));
}

core::Result<std::shared_ptr<Claim>> Claim::take(const QString &databaseFile, qint64 execution, const core::Clock &clock)
{
    auto journal = Journal::open(databaseFile, clock);
    if (!journal)
        return core::fail(journal.error());
    auto taken = journal->claim(execution);
    if (!taken)
        return core::fail(taken.error());
    return std::shared_ptr<Claim>(new Claim(databaseFile, *taken, clock));
}

core::Result<core::Done> Claim::end(ExecutionState state, std::optional<ExecutionState> undone)
{
    auto journal = Journal::open(m_file, m_clock);
    if (!journal)
        return core::fail(journal.error());
    return journal->end(m_execution.id, state, undone);
}

} // namespace catamaran::ops
