// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

class QSocketNotifier;

namespace catamaran::core {

/// Ctrl-C (SIGINT), the end of the terminal (SIGHUP) and of the desktop session (SIGTERM) are one wish: stop, and put back
/// what was broken. While nobody has asked to hear of it, nothing was begun, and the process ends at once, with 4. From the
/// first listener to the end of the process no signal kills; the second SIGINT alone ends it at once, with 130 (the journal
/// knows what is to be restored). A signal that was ignored at the start (nohup, a job in the background) stays ignored.
class StopSignals {
public:
    /// Part of prepareProcess(); any later call does nothing.
    static void catchThem();

    /// While this lives, the first signal calls @p onStop once, from this thread's event loop. One at a time; needs the
    /// application.
    explicit StopSignals(std::function<void()> onStop);
    ~StopSignals();
    StopSignals(const StopSignals &) = delete;
    StopSignals &operator=(const StopSignals &) = delete;

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace catamaran::core
