// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/claim.h"

#include "core/async.h"

namespace catamaran::ops {

namespace {
using namespace std::chrono_literals;
/// Three are missed before another machine takes over.
constexpr auto beat = 8s;
} // namespace

Claim::Claim(const Journal &journal, Execution execution)
    : m_file(journal.file())
    , m_execution(std::move(execution))
    , m_heart([file = m_file, id = m_execution.id, clock = journal.clock()](std::stop_token stop) {
        std::optional<Journal> own; // a connection belongs to one thread
        while (core::sleepFor(beat, stop)) {
            if (!own)
                if (auto opened = Journal::open(file, clock))
                    own = std::move(*opened);
            // A beat that cannot be written is missed; that nobody's rows are written over is seen to by append().
            if (own)
                (void)own->heartbeat(id);
        }
    })
{
}

Claim::~Claim()
{
    m_heart.request_stop();
    m_heart.join();
    Journal::abandon(m_file, m_execution.id);
}

core::Result<std::shared_ptr<Claim>> Claim::begin(Journal &journal, const NewExecution &execution)
{
    return journal.begin(execution).map([&](const Execution &begun) { return std::shared_ptr<Claim>(new Claim(journal, begun)); });
}

core::Result<std::shared_ptr<Claim>> Claim::take(Journal &journal, qint64 execution, bool held)
{
    return journal.claim(execution, held).map([&](const Execution &taken) { return std::shared_ptr<Claim>(new Claim(journal, taken)); });
}

} // namespace catamaran::ops
