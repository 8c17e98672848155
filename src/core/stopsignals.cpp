// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/stopsignals.h"

#include <QSocketNotifier>

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace catamaran::core {

namespace {

int wakePipe[2] = { -1, -1 };
volatile std::sig_atomic_t heard = 0, interrupted = 0;

void onSignal(int number)
{
    constexpr int nothingWasBegun = 4;
    const int before = errno;
    if (heard == 0)
        ::_exit(nothingWasBegun);
    if (number == SIGINT && interrupted != 0)
        ::_exit(128 + SIGINT);
    if (number == SIGINT)
        interrupted = 1;
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(wakePipe[1], &byte, 1);
    errno = before;
}

} // namespace

void StopSignals::catchThem()
{
    if (wakePipe[0] >= 0 || ::pipe2(wakePipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return; // without a pipe a signal ends the program, and the journal helps
    struct sigaction action { };
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (const int number : { SIGINT, SIGTERM, SIGHUP }) {
        struct sigaction before { };
        if (::sigaction(number, nullptr, &before) == 0 && before.sa_handler != SIG_IGN)
            (void)::sigaction(number, &action, nullptr);
    }
}

StopSignals::StopSignals(std::function<void()> onStop)
{
    catchThem();
    if (wakePipe[0] < 0)
        return;
    m_notifier = std::make_unique<QSocketNotifier>(wakePipe[0], QSocketNotifier::Read);
    heard = 1;
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [this, onStop = std::move(onStop)] {
        char bytes[64];
        if (::read(wakePipe[0], bytes, sizeof bytes) <= 0)
            return;
        const auto stop = onStop; // outlives us, should it end us
        m_notifier->setEnabled(false);
        stop();
    });
}

StopSignals::~StopSignals() = default;

} // namespace catamaran::core
