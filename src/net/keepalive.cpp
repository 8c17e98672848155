// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "net/keepalive.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>
#include <atomic>

#ifdef Q_OS_LINUX
#include <dirent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstdlib>
#endif

namespace catamaran::net {

#ifdef Q_OS_LINUX

namespace {

constexpr int idleSeconds = 5, intervalSeconds = 3, probes = 3;
constexpr int userTimeoutMs = (idleSeconds + intervalSeconds * probes) * 1000; ///< the same for what was sent and not taken
constexpr int pingedTimeoutMs = 9000;

int option(int socket, int level, int name)
{
    int value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(socket, level, name, &value, &size) == 0 ? value : -1;
}

void hasten(int socket, int timeoutMs)
{
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idleSeconds, sizeof idleSeconds);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &intervalSeconds, sizeof intervalSeconds);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeoutMs, sizeof timeoutMs);
}

} // namespace

void hastenKeepAlive(qintptr socket)
{
    const int number = static_cast<int>(socket), on = 1;
    if (number < 0)
        return;
    ::setsockopt(number, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    hasten(number, pingedTimeoutMs);
}

void hastenKeepAlive()
{
    DIR *folder = ::opendir("/proc/self/fd");
    if (!folder)
        return;
    while (const dirent *entry = ::readdir(folder)) {
        char *end = nullptr;
        const auto number = std::strtol(entry->d_name, &end, 10);
        if (end == entry->d_name || *end != '\0')
            continue;
        const int socket = static_cast<int>(number);
        if (option(socket, SOL_SOCKET, SO_KEEPALIVE) != 1 || option(socket, SOL_SOCKET, SO_TYPE) != SOCK_STREAM
            || option(socket, IPPROTO_TCP, TCP_KEEPIDLE) <= idleSeconds)
            continue;
        hasten(socket, userTimeoutMs);
    }
    ::closedir(folder);
}

#else

void hastenKeepAlive() { }
void hastenKeepAlive(qintptr) { }

#endif

void hastenKeepAliveSoon()
{
    static constexpr int togetherMs = 200, mostMs = 2000,
                         restBetween = 20; // times as long as the last look took: thousands of connections take a while
    static std::atomic_bool isDue = false;
    static std::atomic_int waitMs = togetherMs;
    if (!QCoreApplication::instance() || isDue.exchange(true))
        return;
    QTimer::singleShot(waitMs.load(), QCoreApplication::instance(), [] {
        isDue = false; // before: who asks from now on may be too late for this look
        QElapsedTimer took;
        took.start();
        hastenKeepAlive();
        waitMs = std::clamp(static_cast<int>(took.elapsed()) * restBetween, togetherMs, mostMs);
    });
}

} // namespace catamaran::net
