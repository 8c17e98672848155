// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/cachedobject.h"

#include <vector>

namespace catamaran::kube {

/// Watch events that wait for a slow consumer. As long as it keeps up it gets every one. Once more than a bound wait,
/// only what it needs to be right is kept of each object: the last event, and before it a deletion if there was one, so
/// that an object that was made anew is not taken for the old one. So what waits is bounded by the objects there are.
class EventBacklog {
public:
    /// @p mostEvents and @p mostBytes of JSON wait before any is left out.
    explicit EventBacklog(std::size_t mostEvents = 20000, qint64 mostBytes = qint64(64) * 1024 * 1024);

    void add(std::vector<CompactEvent> events);
    /// In the order they came.
    [[nodiscard]] std::vector<CompactEvent> take();
    [[nodiscard]] bool isEmpty() const { return m_events.empty(); }

private:
    void thin();

    std::vector<CompactEvent> m_events;
    qint64 m_bytes = 0;
    const std::size_t m_mostEvents;
    const qint64 m_mostBytes;
    // The bounds in force: where the objects alone are more than a bound, looking again waits until twice as much is there.
    std::size_t m_nextEvents;
    qint64 m_nextBytes;
};

} // namespace catamaran::kube
