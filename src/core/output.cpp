// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/output.h"

#include "core/say.h"

#include <QElapsedTimer>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <optional>

#include <limits.h>
#include <poll.h>
#include <unistd.h>

namespace catamaran::core {

namespace {

constexpr int lookAtTheStopMs = 100;
constexpr qint64 patienceOnceStoppedMs = 2000;

std::mutex guard;
std::optional<Error> firstFailure; ///< guarded

tl::unexpected<Error> failed(const Error &error)
{
    const std::lock_guard lock(guard);
    if (!firstFailure)
        firstFailure = error;
    return fail(*firstFailure);
}

Error storageError(int number)
{
    const QString remedy = number == EPIPE ? Say::tr("Whoever was to read it has ended; what is missing was not read.")
                                           : Say::tr("What was written is not whole: do not use it.");
    return Error::make(ErrorKind::Storage, Say::tr("write the answer"), Say::tr("standard output"), qt_error_string(number), remedy);
}

} // namespace

Result<Done> writeOutput(const QByteArray &bytes, std::stop_token stop)
{
    {
        const std::lock_guard lock(guard);
        if (firstFailure)
            return fail(*firstFailure); // the second half without the first is worse than nothing
    }
    QElapsedTimer sinceProgress;
    sinceProgress.start();
    qsizetype done = 0;
    while (done < bytes.size()) {
        // A pipe that polls as writable takes PIPE_BUF bytes without making us wait: so a stop is always heard.
        pollfd room { STDOUT_FILENO, POLLOUT, 0 };
        const int ready = ::poll(&room, 1, lookAtTheStopMs);
        if (ready == 0 || (ready < 0 && errno == EINTR)) {
            if (!stop.stop_requested())
                sinceProgress.restart();
            else if (sinceProgress.elapsed() > patienceOnceStoppedMs)
                return failed(Error::make(ErrorKind::Cancelled, Say::tr("write the answer"), Say::tr("standard output"),
                    Say::tr("stopped while nobody read it"), Say::tr("What was written is not whole: do not use it.")));
            continue;
        }
        const auto piece = std::min<qsizetype>(bytes.size() - done, PIPE_BUF);
        const ssize_t written = ::write(STDOUT_FILENO, bytes.constData() + done, size_t(piece));
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return failed(storageError(errno));
        if (written > 0) {
            done += written;
            sinceProgress.restart();
        }
    }
    return Done {};
}

void writeNote(const QByteArray &line)
{
    constexpr int patienceMs = 1000;
    static std::atomic<bool> stalled = false; ///< it is not waited for again until it takes something
    qsizetype done = 0;
    while (done < line.size()) {
        pollfd room { STDERR_FILENO, POLLOUT, 0 };
        const int ready = ::poll(&room, 1, stalled ? 0 : patienceMs);
        if (ready < 0 && errno == EINTR)
            continue;
        stalled = ready == 0;
        if (ready <= 0)
            return;
        const ssize_t written = ::write(STDERR_FILENO, line.constData() + done, size_t(std::min<qsizetype>(line.size() - done, PIPE_BUF)));
        if (written < 0 && errno != EINTR && errno != EAGAIN)
            return;
        done += std::max<ssize_t>(written, 0);
    }
}

Result<Done> closeOutput()
{
    {
        const std::lock_guard lock(guard);
        if (firstFailure)
            return fail(*firstFailure);
    }
    // Closed without freeing its number: what is opened later must not become standard output.
    const int copy = ::dup(STDOUT_FILENO);
    if (copy < 0)
        return Done {}; // it never was open, and nothing was written
    if (::close(copy) != 0 && errno != EINTR)
        return failed(storageError(errno));
    return Done {};
}

} // namespace catamaran::core
