// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace catamaran::ctl {

/// While it lives, the first SIGINT or SIGTERM calls @p onStop from the event loop; the next SIGINT ends the program at
/// once. Only one at a time.
class Signals {
public:
    explicit Signals(std::function<void()> onStop);
    ~Signals();
    Signals(const Signals &) = delete;
    Signals &operator=(const Signals &) = delete;

private:
    class Notifier;
    Notifier *m_notifier;
};

} // namespace catamaran::ctl
