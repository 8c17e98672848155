// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/probefeed.h"

#include "fleet/sessionworld.h"

#include <QDateTime>

namespace catamaran::drill {

namespace {

constexpr qint64 pauseBetweenRunsMs = 250; ///< a source that is not there yet is not asked for more often

} // namespace

ProbeFeed::ProbeFeed(session::Session &session, probe::RunSpec spec)
    : m_session(session)
    , m_spec(std::move(spec))
{
    m_spec.count = 0;
    m_spec.duration = {};
}

ProbeFeed::~ProbeFeed()
{
    stop();
}

void ProbeFeed::sendFrom(const probe::Source &source)
{
    stop();
    m_spec.source = source;
    m_trouble.reset();
    m_wanted = true;
    start();
}

void ProbeFeed::start()
{
    const auto client = fleet::SessionWorld(m_session).cluster(m_spec.source.cluster);
    m_nextStartMs = QDateTime::currentMSecsSinceEpoch() + pauseBetweenRunsMs;
    if (!client) {
        m_trouble = client.error();
        return;
    }
    m_stop = std::stop_source();
    m_run = probe::run(
        **client, m_spec, m_stop.get_token(),
        [inbox = m_inbox](const QList<probe::Sample> &samples) {
            const std::lock_guard lock(inbox->mutex);
            inbox->samples += samples;
        },
        [inbox = m_inbox](int count) {
            const std::lock_guard lock(inbox->mutex);
            inbox->notSent = count;
        });
}

void ProbeFeed::collectEnd()
{
    const auto result = core::await(*m_run, std::stop_token());
    m_run.reset();
    {
        const std::lock_guard lock(m_inbox->mutex);
        m_notSentBefore += std::exchange(m_inbox->notSent, 0);
    }
    if (!m_wanted)
        return;
    if (!result)
        m_trouble = result.error();
    else if (result->error)
        m_trouble = result->error;
}

int ProbeFeed::notSent() const
{
    const std::lock_guard lock(m_inbox->mutex);
    return m_notSentBefore + m_inbox->notSent;
}

void ProbeFeed::stop()
{
    m_wanted = false;
    m_stop.request_stop();
    if (m_run)
        collectEnd();
}

QList<probe::Sample> ProbeFeed::take()
{
    if (m_run && m_run->isFinished())
        collectEnd();
    if (!m_run && m_wanted && QDateTime::currentMSecsSinceEpoch() >= m_nextStartMs)
        start();
    QList<probe::Sample> samples;
    {
        const std::lock_guard lock(m_inbox->mutex);
        samples.swap(m_inbox->samples);
    }
    for (probe::Sample &sample : samples)
        sample.index = m_next++;
    if (!samples.isEmpty())
        m_trouble.reset();
    return samples;
}

} // namespace catamaran::drill
