// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "signals.h"

#include <QSocketNotifier>

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace catamaran::ctl {

namespace {

int wakePipe[2] = { -1, -1 };
volatile std::sig_atomic_t asked = 0;

void onSignal(int number)
{
    if (asked != 0 && number == SIGINT)
        _exit(128 + SIGINT); // the journal knows what is to be restored
    asked = 1;
    const char byte = 1;
    [[maybe_unused]] const auto written = write(wakePipe[1], &byte, 1);
}

} // namespace

class Signals::Notifier : public QSocketNotifier {
public:
    using QSocketNotifier::QSocketNotifier;
};

Signals::Signals(std::function<void()> onStop)
    : m_notifier(nullptr)
{
    if (pipe2(wakePipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return; // then a signal ends the program, and the journal helps
    m_notifier = new Notifier(wakePipe[0], QSocketNotifier::Read);
    QObject::connect(m_notifier, &QSocketNotifier::activated, m_notifier, [onStop = std::move(onStop)] {
        char byte = 0;
        if (read(wakePipe[0], &byte, 1) == 1)
            onStop();
    });
    std::signal(SIGINT, onSignal);
    std::signal(SIGTERM, onSignal);
}

Signals::~Signals()
{
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    delete m_notifier;
}

} // namespace catamaran::ctl
