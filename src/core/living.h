// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace catamaran::core {

/// Counted while it lives. A member, the first of its class, of whatever brings threads of its own that must have ended
/// before a program runs its exit handlers: leaveProcess() waits until there is none. Any thread.
class Living {
public:
    Living() { ++number; }
    ~Living() { --number; }
    Living(const Living &) = delete;
    Living &operator=(const Living &) = delete;
    [[nodiscard]] static int count() { return number; }

private:
    static inline std::atomic<int> number = 0;
};

} // namespace catamaran::core
