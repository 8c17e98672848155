// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>

namespace catamaran::ops {

/// Pauses an execution: nothing new begins, what runs goes on to its end. Shared by who watches and who works; any thread.
class Control {
public:
    void pause() { set(true); }
    void resume() { set(false); }
    [[nodiscard]] bool isPaused() const
    {
        const std::lock_guard lock(m_mutex);
        return m_paused;
    }
    /// Called after each change, outside of any lock; the executor's.
    void onChange(std::function<void()> changed)
    {
        const std::lock_guard lock(m_mutex);
        m_changed = std::move(changed);
    }

private:
    void set(bool paused)
    {
        std::function<void()> changed;
        {
            const std::lock_guard lock(m_mutex);
            m_paused = paused;
            changed = m_changed;
        }
        if (changed)
            changed();
    }

    mutable std::mutex m_mutex;
    bool m_paused = false;
    std::function<void()> m_changed;
};

} // namespace catamaran::ops
