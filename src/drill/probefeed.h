// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/run.h"
#include "session/session.h"

#include <memory>
#include <mutex>

namespace catamaran::drill {

/// The requests of a drill: sent without end, taken up again when the client's pod goes away or moves. Used by one worker
/// thread; only the buffer is filled from the client's thread.
class ProbeFeed {
public:
    ProbeFeed(session::Session &session, probe::RunSpec spec);
    /// Waits until the requests have ended.
    ~ProbeFeed();
    ProbeFeed(const ProbeFeed &) = delete;
    ProbeFeed &operator=(const ProbeFeed &) = delete;

    /// Sends from here from now on; needs a ready pod there, or tries again until there is one.
    void sendFrom(const probe::Source &source);
    /// Ends sending. take() still gives what came before.
    void stop();
    /// What came since the last call, numbered through. Starts again when a run has ended by itself.
    [[nodiscard]] QList<probe::Sample> take();
    /// How many were due and never sent, of all runs so far.
    [[nodiscard]] int notSent() const;
    /// Why the last run ended by itself; empty while all is well.
    [[nodiscard]] std::optional<core::Error> trouble() const { return m_trouble; }

private:
    void start();
    void collectEnd();

    struct Inbox {
        std::mutex mutex;
        QList<probe::Sample> samples;
        int notSent = 0; ///< of the run that goes on
    };
    session::Session &m_session;
    probe::RunSpec m_spec;
    std::shared_ptr<Inbox> m_inbox = std::make_shared<Inbox>();
    std::stop_source m_stop;
    std::optional<QFuture<core::Result<probe::RunResult>>> m_run;
    std::optional<core::Error> m_trouble;
    qint64 m_nextStartMs = 0;
    int m_next = 0;
    int m_notSentBefore = 0; ///< of runs that have ended
    bool m_wanted = false;
};

} // namespace catamaran::drill
