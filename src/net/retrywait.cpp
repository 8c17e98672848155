// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "net/retrywait.h"

namespace catamaran::net {

void RetryWait::start(std::chrono::milliseconds delay, std::stop_token stop, std::function<void()> then)
{
    cancel();
    m_timer = std::make_unique<QTimer>();
    m_timer->setSingleShot(true);
    QObject::connect(m_timer.get(), &QTimer::timeout, m_timer.get(), [this, then = std::move(then)] {
        const auto next = then; // outlives the timer
        m_onStop.reset();
        m_timer.release()->deleteLater(); // we are in its own signal
        next();
    });
    m_timer->start(delay);
    m_onStop.emplace(std::move(stop), [timer = m_timer.get()] {
        QMetaObject::invokeMethod(
            timer, [timer] { timer->start(0); }, Qt::QueuedConnection);
    });
}

void RetryWait::cancel()
{
    m_onStop.reset();
    m_timer.reset();
}

} // namespace catamaran::net
