// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/watchfeed.h"

#include "lab/kube/api.h"
#include "lab/kube/tables.h"

namespace catamaran::lab {

namespace {
constexpr std::size_t maximalBacklog = 256U << 20;
}

WatchFeed::WatchFeed(ObjectStore &store, WatchPlan plan, std::function<void()> onMore)
    : m_store(store)
    , m_plan(std::move(plan))
    , m_typeKey(m_plan.type.key())
    , m_onMore(std::move(onMore))
{
    if (m_plan.withInitial) {
        m_store.visit(m_typeKey, m_plan.ns, {}, {}, [this](const ObjectStore::Object &object) {
            if (selects(*object))
                add("ADDED", object);
            return true;
        });
        if (m_plan.endOfInitial)
            addBookmark(true);
    } else if (!m_store.hasHistorySince(m_plan.from)) {
        addError(expired("too old resource version: " + std::to_string(m_plan.from) + " (" + std::to_string(m_store.version()) + ")"));
        return;
    } else {
        for (const auto &event : m_store.eventsSince(m_plan.from))
            handle(event);
    }
    // Events that are on their way to listeners are in the history already.
    const auto seen = m_store.version();
    m_subscription = m_store.subscribe([this, seen](const ObjectEvent &event) {
        if (event.version > seen)
            handle(event);
    });
}

bool WatchFeed::selects(const json::object &object) const
{
    return m_plan.labels.matches(object) && m_plan.fields.matches(object);
}

void WatchFeed::handle(const ObjectEvent &event)
{
    if (m_ended || event.typeKey != m_typeKey || (!m_plan.ns.empty() && namespaceOf(*event.object) != m_plan.ns))
        return;
    const bool was = event.old && selects(*event.old);
    const bool is = event.type != ObjectEvent::Type::Deleted && selects(*event.object);
    if (is)
        add(was ? "MODIFIED" : "ADDED", event.object);
    else if (was)
        add("DELETED", event.object); // gone, or no longer what the selector asks for
}

void WatchFeed::add(const char *type, const ObjectStore::Object &object)
{
    const auto &shape = m_plan.shape;
    if (shape.kind == Shape::Kind::Object) {
        append(type, ObjectStore::textOf(inVersion(object, m_plan.type)));
    } else if (shape.kind == Shape::Kind::Metadata) {
        append(type, json::serialize(partialMetadata(*object, shape)));
    } else {
        auto columns = m_columnsSent ? json::array() : tableColumns(m_plan.type);
        m_columnsSent = true;
        json::object meta { { "resourceVersion", metaString(*object, "resourceVersion") } };
        append(type, json::serialize(tableOf(std::move(columns), { tableRow(m_plan.type, *object, shape) }, std::move(meta), shape)));
    }
}

void WatchFeed::append(const std::string &type, const std::string &object)
{
    if (m_ended)
        return;
    if (m_lines.size() + object.size() > maximalBacklog) {
        m_ended = true;
        return;
    }
    const bool wasEmpty = m_lines.empty();
    m_lines += "{\"type\":\"";
    m_lines += type;
    m_lines += "\",\"object\":";
    m_lines += object;
    m_lines += "}\n";
    if (wasEmpty && m_onMore)
        m_onMore();
}

void WatchFeed::addBookmark()
{
    if (m_plan.bookmarks)
        addBookmark(false);
}

void WatchFeed::addBookmark(bool endOfInitial)
{
    json::object meta { { "resourceVersion", std::to_string(m_store.version()) }, { "creationTimestamp", nullptr } };
    if (endOfInitial)
        meta["annotations"] = json::object { { "k8s.io/initial-events-end", "true" } };
    json::object object { { "kind", m_plan.type.kind }, { "apiVersion", m_plan.type.apiVersion() }, { "metadata", meta } };
    if (m_plan.shape.kind == Shape::Kind::Metadata)
        object = partialMetadata(object, m_plan.shape);
    else if (m_plan.shape.kind == Shape::Kind::Table)
        object = tableOf(
            {}, { json::object { { "cells", json::array() }, { "object", partialMetadata(object, m_plan.shape) } } }, {}, m_plan.shape);
    append("BOOKMARK", json::serialize(object));
}

void WatchFeed::addError(const ApiError &error)
{
    append("ERROR", json::serialize(error.status()));
    m_ended = true;
}

std::string WatchFeed::take()
{
    return std::exchange(m_lines, {});
}

} // namespace catamaran::lab
