// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/sentry.h"

#include "core/async.h"
#include "core/printable.h"
#include "drill/say.h"

#include <QDeadlineTimer>
#include <QProcess>

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>

namespace catamaran::drill {

using core::ErrorKind;
using core::Result;
using namespace std::chrono_literals;

namespace {

constexpr char dismissed[] = "dismissed\n";
constexpr std::chrono::milliseconds readyWithin = 20s, endsWithin = 5s, triesFor = 15min, firstPause = 200ms, longestPause = 5s;
constexpr int lookAgainMs = 100; ///< for a stop, which no file descriptor tells
constexpr qsizetype mostSaid = 2000;

/// Whether @p input said that nobody is needed any more; false: it ended without.
bool wasDismissed(int input, const std::stop_token &stop)
{
    QByteArray said;
    while (!stop.stop_requested()) {
        pollfd one { input, POLLIN, 0 };
        if (::poll(&one, 1, lookAgainMs) <= 0)
            continue; // nothing yet, or a signal
        std::array<char, 64> bytes;
        const ssize_t got = ::read(input, bytes.data(), bytes.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        said = (said + QByteArray(bytes.data(), qsizetype(got))).right(mostSaid);
        if (said.contains(dismissed))
            return true;
    }
    return true;
}

} // namespace

Sentry::Sentry()
    : m_process(std::make_unique<QProcess>())
{
}

Result<std::unique_ptr<Sentry>> Sentry::post(
    const QString &program, const QString &environmentFile, const QString &databaseFile, std::stop_token stop)
{
    std::unique_ptr<Sentry> sentry(new Sentry);
    QProcess &process = *sentry->m_process;
    // A session of its own: the end of a terminal is not its end.
    process.setChildProcessModifier([] {
        (void)::setsid();
        (void)::signal(SIGHUP, SIG_IGN);
    });
    process.start(program,
        { QStringLiteral("--env"), environmentFile, QStringLiteral("--database"), databaseFile, QStringLiteral("drill"),
            QStringLiteral("sentry") });
    QByteArray said, complaint;
    const QDeadlineTimer deadline(readyWithin);
    while (!said.contains(sentryReady) && process.state() != QProcess::NotRunning && !deadline.hasExpired() && !stop.stop_requested()) {
        (void)process.waitForReadyRead(lookAgainMs);
        said = (said + process.readAllStandardOutput()).right(mostSaid);
        complaint = (complaint + process.readAllStandardError()).right(mostSaid);
    }
    if (said.contains(sentryReady))
        return sentry;
    const QString why = stop.stop_requested()                    ? Say::tr("it was stopped")
        : process.error() == QProcess::FailedToStart             ? process.errorString()
        : complaint.trimmed().isEmpty() || deadline.hasExpired() ? Say::tr("it did not say that it stands sentry")
                                                                 : core::printableLine(QString::fromUtf8(complaint.trimmed()));
    return core::fail(ErrorKind::Precondition, Say::tr("post a sentry that restores when this process is killed"), program, why,
        Say::tr("The drill can run without one: what it breaks is written down first, and “catamaranctl drill restore” puts it back."));
}

Sentry::~Sentry()
{
    if (m_process->state() == QProcess::NotRunning)
        return;
    m_process->write(dismissed);
    m_process->closeWriteChannel();
    if (!m_process->waitForFinished(int(endsWithin.count())))
        m_process->kill(); // it waits for nothing any more
}

QString Sentry::text() const
{
    return Say::tr("process %1 stands sentry: it puts everything back when this one is killed").arg(m_process->processId());
}

std::optional<Result<RestoreReport>> standSentry(session::Session &session, const QString &databaseFile, int input, std::stop_token stop)
{
    if (wasDismissed(input, stop))
        return std::nullopt;
    const QDeadlineTimer deadline(triesFor);
    // Whoever ran the drill may be about to end still; a cluster that it had cut off may come back.
    for (std::chrono::milliseconds pause = firstPause;; pause = std::min(2 * pause, longestPause)) {
        auto report = restorePending(session, databaseFile, {}, stop);
        if ((report && report->ok() && report->unseen.isEmpty()) || deadline.hasExpired() || !core::sleepFor(pause, stop))
            return report;
    }
}

} // namespace catamaran::drill
