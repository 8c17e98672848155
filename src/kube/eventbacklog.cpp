// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/eventbacklog.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace catamaran::kube {

EventBacklog::EventBacklog(std::size_t mostEvents, qint64 mostBytes)
    : m_mostEvents(mostEvents)
    , m_mostBytes(mostBytes)
    , m_nextEvents(mostEvents)
    , m_nextBytes(mostBytes)
{
}

void EventBacklog::add(std::vector<CompactEvent> events)
{
    for (const CompactEvent &event : events)
        m_bytes += event.object.object.json.size();
    m_events.insert(m_events.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
    if (m_events.size() > m_nextEvents || m_bytes > m_nextBytes)
        thin();
}

std::vector<CompactEvent> EventBacklog::take()
{
    m_bytes = 0;
    m_nextEvents = m_mostEvents;
    m_nextBytes = m_mostBytes;
    return std::exchange(m_events, {});
}

void EventBacklog::thin()
{
    QHash<QString, bool> isDeleted; // by key: whether the earliest of the events that are kept is a deletion
    std::vector<CompactEvent> kept;
    m_bytes = 0;
    for (auto event = m_events.rbegin(); event != m_events.rend(); ++event) {
        const bool isDeletion = event->type == CompactEvent::Type::Deleted;
        const auto later = isDeleted.find(event->object.key);
        if (later != isDeleted.end() && (*later || !isDeletion))
            continue;
        isDeleted.insert(event->object.key, isDeletion);
        m_bytes += event->object.object.json.size();
        kept.push_back(std::move(*event));
    }
    std::reverse(kept.begin(), kept.end());
    m_events = std::move(kept);
    m_nextEvents = std::max(m_mostEvents, 2 * m_events.size());
    m_nextBytes = std::max(m_mostBytes, 2 * m_bytes);
}

} // namespace catamaran::kube
