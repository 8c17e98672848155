// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/apirequest.h"

#include <functional>

namespace catamaran::lab {

/// The events of one watch as JSON lines. Subscribed to the store from construction on, so that nothing is lost
/// between the past and the present. The store outlives it.
class WatchFeed {
public:
    /// @p onMore is called when lines came while there were none.
    WatchFeed(ObjectStore &store, WatchPlan plan, std::function<void()> onMore);

    [[nodiscard]] bool isEmpty() const { return m_lines.empty(); }
    /// All lines so far.
    [[nodiscard]] std::string take();
    /// A bookmark of the store's present version goes behind the other lines, when the client asked for them.
    void addBookmark();
    /// After an ERROR event, or when the client reads far too slowly.
    [[nodiscard]] bool hasEnded() const { return m_ended; }

private:
    void handle(const ObjectEvent &event);
    void add(const char *type, const ObjectStore::Object &object);
    void addBookmark(bool endOfInitial);
    void addError(const ApiError &error);
    void append(const std::string &type, const std::string &object);
    [[nodiscard]] bool selects(const json::object &object) const;

    ObjectStore &m_store;
    WatchPlan m_plan;
    std::string m_typeKey;
    std::function<void()> m_onMore;
    std::string m_lines;
    bool m_columnsSent = false;
    bool m_ended = false;
    std::shared_ptr<void> m_subscription;
};

} // namespace catamaran::lab
