// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/process.h"

#include "core/living.h"
#include "core/stopsignals.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QThread>
#include <QThreadPool>

#include <algorithm>
#include <csignal>
#include <cstdio>

#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <sys/resource.h>
#include <unistd.h>

#ifdef Q_OS_LINUX
#include <sys/prctl.h>
#endif

namespace catamaran::core {

namespace {

constexpr int clientsPatienceMs = 6000;
constexpr int threadsPatienceMs = 100; ///< a thread that has been told to end needs a few

void keepMemoryPrivate()
{
    rlimit size {};
    if (::getrlimit(RLIMIT_CORE, &size) == 0) {
        size.rlim_cur = 0;
        (void)::setrlimit(RLIMIT_CORE, &size);
    }
#ifdef Q_OS_LINUX
    (void)::prctl(PR_SET_DUMPABLE, 0); // a core that is piped to a program has no limit
#endif
}

/// A heap for each of a dozen threads that decode and encrypt keeps what each has needed at most.
void keepMemorySmall()
{
#ifdef __GLIBC__
    (void)::mallopt(M_ARENA_MAX, 2);
#endif
}

/// GLib's and D-Bus' own stay to the end in every program that asks a keyring; exit handlers know them.
bool staysToTheEnd(const QByteArray &thread)
{
    static const QByteArrayList known { "gmain", "gdbus", "QDBusConnection", "pool-spawner" };
    return known.contains(thread);
}

/// Whether another thread of this process may be at work; true where that cannot be known.
bool hasOtherThreads()
{
    const QDir folder(QStringLiteral("/proc/self/task"));
    const QStringList threads = folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    const QString own = QString::number(::getpid()); // the first thread has the number of the process
    return threads.isEmpty() || std::any_of(threads.begin(), threads.end(), [&](const QString &thread) {
        QFile name(folder.filePath(thread + QStringLiteral("/comm")));
        return thread != own && name.open(QIODevice::ReadOnly)
            && !staysToTheEnd(name.readAll().trimmed()); // one that cannot be opened has just ended
    });
}

} // namespace

/// Each is opened the wrong way round, so that using it is an error as it was before; but what is said on a standard error
/// that nobody wants is nobody's error.
void openStandardStreams()
{
    constexpr int modes[] = { O_WRONLY, O_RDONLY, O_RDWR };
    for (const int stream : { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO }) {
        if (::fcntl(stream, F_GETFD) < 0)
            (void)::open("/dev/null", modes[stream]); // gets this number: it is the lowest that is free
    }
}

void prepareProcess()
{
    openStandardStreams();
    // What cannot be written is an error. A function, not SIG_IGN: the programs that we start must not inherit that.
    struct sigaction quiet { };
    quiet.sa_handler = [](int) {};
    quiet.sa_flags = SA_RESTART;
    for (const int number : { SIGPIPE, SIGXFSZ })
        (void)::sigaction(number, &quiet, nullptr);
    keepMemoryPrivate();
    keepMemorySmall();
    StopSignals::catchThem();
}

void joinClients()
{
    // ~QNetworkAccessManager itself waits 5 s for a thread that hangs.
    for (QDeadlineTimer patience(clientsPatienceMs); Living::count() > 0 && !patience.hasExpired(); QThread::msleep(1)) {
        QCoreApplication::sendPostedEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    if (Living::count() > 0)
        std::fprintf(stderr, "%s\n", qPrintable(QCoreApplication::translate("Process", "A connection did not end in time.")));
    QThreadPool::globalInstance()->clear();
    (void)QThreadPool::globalInstance()->waitForDone(threadsPatienceMs);
}

int leaveProcess(int code)
{
    if (QCoreApplication::instance())
        joinClients();
    for (QDeadlineTimer patience(threadsPatienceMs); hasOtherThreads(); QThread::msleep(1)) {
        if (!patience.hasExpired())
            continue;
        std::fflush(stdout);
        ::_exit(code);
    }
    return code;
}

} // namespace catamaran::core
