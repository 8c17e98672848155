// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QMetaObject>

#include <mutex>

namespace catamaran::ui {

/// From a worker to @p Target, an object of the main thread that may be gone before the worker is. Both hold it by a shared pointer; the
/// target's destructor calls cut().
template <typename Target> class WorkerLink {
public:
    explicit WorkerLink(Target *target)
        : m_target(target)
    {
    }

    /// Calls @p function with the target on its thread, later; nothing once it is gone. Any thread.
    template <typename Function> void post(Function function)
    {
        const std::lock_guard lock(m_mutex);
        if (m_target)
            QMetaObject::invokeMethod(
                m_target, [target = m_target, function = std::move(function)] { function(*target); }, Qt::QueuedConnection);
    }
    void cut()
    {
        const std::lock_guard lock(m_mutex);
        m_target = nullptr;
    }

private:
    std::mutex m_mutex;
    Target *m_target;
};

} // namespace catamaran::ui
