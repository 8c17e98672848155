// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/objectstore.h"

#include "lab/kube/timestamps.h"

#include <algorithm>
#include <random>

namespace catamaran::lab {

namespace {

/// What every object of a store really is: its JSON text is kept beside it, so that a list of thousands of objects
/// or a hundred watches serialise each version once.
struct Stored final : json::object {
    explicit Stored(json::object plain)
        : json::object(std::move(plain))
    {
    }
    mutable std::string text;
    mutable std::size_t headEnd = 1; ///< of text: behind kind and apiVersion
};

std::string newUid()
{
    static std::mt19937_64 generator { std::random_device {}() };
    const auto high = (generator() & 0xffffffffffff0fffULL) | 0x4000ULL;
    const auto low = (generator() & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;
    char text[40];
    std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", unsigned(high >> 32), unsigned(high >> 16) & 0xffff,
        unsigned(high) & 0xffff, unsigned(low >> 48), static_cast<unsigned long long>(low & 0xffffffffffffULL));
    return text;
}

json::object &metadataOf(json::object &object)
{
    auto &meta = object["metadata"];
    if (!meta.is_object())
        meta = json::object();
    return meta.as_object();
}

bool sameContent(const json::object &a, const json::object &b, std::string_view without)
{
    if (a.size() != b.size())
        return false;
    for (const auto &member : a) {
        if (member.key() == without)
            continue;
        const auto *other = b.if_contains(member.key());
        if (!other || *other != member.value())
            return false;
    }
    return true;
}

bool sameSpec(const json::object &a, const json::object &b)
{
    const auto differs = [](const json::object &left, const json::object &right) {
        return std::any_of(left.begin(), left.end(), [&](const auto &member) {
            if (member.key() == "metadata" || member.key() == "status")
                return false;
            const auto *other = right.if_contains(member.key());
            return !other || *other != member.value();
        });
    };
    return !differs(a, b) && !differs(b, a);
}

bool isFinished(const std::string &typeKey, const json::object &object)
{
    const json::value *meta = object.if_contains("metadata");
    if (!meta || stringAt(*meta, { "deletionTimestamp" }).empty())
        return false;
    if (const auto *finalizers = at(*meta, { "finalizers" }); finalizers && finalizers->is_array() && !finalizers->as_array().empty())
        return false;
    // A pod in its grace period is still there; its kubelet removes it.
    if (const auto *grace = at(*meta, { "deletionGracePeriodSeconds" }); grace && grace->is_number() && grace->to_number<double>() > 0)
        return false;
    if (typeKey == "namespaces") {
        const auto *spec = object.if_contains("spec");
        const auto *finalizers = spec ? at(*spec, { "finalizers" }) : nullptr;
        return !finalizers || !finalizers->is_array() || finalizers->as_array().empty();
    }
    return true;
}

} // namespace

ObjectStore::ObjectStore(std::size_t historyLimit)
    : m_historyLimit(std::max<std::size_t>(historyLimit, 1))
{
}

bool ObjectStore::hasHistorySince(std::uint64_t version) const
{
    return version >= m_oldest;
}

ObjectStore::Object ObjectStore::get(const std::string &typeKey, const std::string &ns, const std::string &name) const
{
    const auto type = m_objects.find(typeKey);
    if (type == m_objects.end())
        return nullptr;
    const auto found = type->second.find({ ns, name });
    return found == type->second.end() ? nullptr : found->second;
}

std::vector<ObjectStore::Object> ObjectStore::list(const std::string &typeKey, const std::string &ns) const
{
    std::vector<Object> result;
    if (ns.empty())
        result.reserve(count(typeKey));
    visit(typeKey, ns, {}, {}, [&](const Object &object) {
        result.push_back(object);
        return true;
    });
    return result;
}

void ObjectStore::visit(const std::string &typeKey, const std::string &ns, const std::string &afterNs, const std::string &afterName,
    const std::function<bool(const Object &)> &visitor) const
{
    const auto type = m_objects.find(typeKey);
    if (type == m_objects.end())
        return;
    auto it = afterName.empty() ? type->second.lower_bound({ ns, {} }) : type->second.upper_bound({ afterNs, afterName });
    for (; it != type->second.end() && (ns.empty() || it->first.first == ns); ++it) {
        if (!visitor(it->second))
            return;
    }
}

void ObjectStore::visitAt(std::uint64_t version, const std::string &typeKey, const std::string &ns, const std::string &afterNs,
    const std::string &afterName, const std::function<bool(const Object &)> &visitor) const
{
    std::map<Key, Object> changed; // as they were; null: not there yet
    for (auto event = m_history.rbegin(); event != m_history.rend() && event->version > version; ++event) {
        if (event->typeKey == typeKey && (ns.empty() || namespaceOf(*event->object) == ns))
            changed[{ namespaceOf(*event->object), nameOf(*event->object) }] = event->old;
    }
    auto next = afterName.empty() ? changed.begin() : changed.upper_bound({ afterNs, afterName });
    bool goesOn = true;
    const auto tell = [&](const Object &object) { goesOn = goesOn && (!object || visitor(object)); };
    visit(typeKey, ns, afterNs, afterName, [&](const Object &object) {
        const Key key { namespaceOf(*object), nameOf(*object) };
        for (; goesOn && next != changed.end() && next->first < key; ++next)
            tell(next->second);
        if (next != changed.end() && next->first == key)
            tell((next++)->second);
        else
            tell(object);
        return goesOn;
    });
    for (; goesOn && next != changed.end(); ++next)
        tell(next->second);
}

void ObjectStore::forgetHistory()
{
    m_history.clear();
    m_oldest = m_version;
}

std::size_t ObjectStore::count(const std::string &typeKey) const
{
    const auto type = m_objects.find(typeKey);
    return type == m_objects.end() ? 0 : type->second.size();
}

ObjectStore::Object ObjectStore::create(const std::string &typeKey, json::object object)
{
    auto &meta = metadataOf(object);
    const Key key { namespaceOf(object), nameOf(object) };
    auto &objects = m_objects[typeKey];
    if (key.second.empty() || objects.contains(key))
        return nullptr;
    meta["uid"] = newUid();
    meta["creationTimestamp"] = timestampNow();
    meta["resourceVersion"] = std::to_string(++m_version);
    // As in reality: core kinds carry no generation.
    if (typeKey.find('/') != std::string::npos)
        meta["generation"] = 1;
    auto stored = std::make_shared<const Stored>(std::move(object));
    objects.emplace(key, stored);
    publish({ ObjectEvent::Type::Added, typeKey, stored, nullptr, m_version });
    return stored;
}

ObjectStore::Object ObjectStore::update(const std::string &typeKey, json::object object, std::uint64_t expectedVersion)
{
    const auto type = m_objects.find(typeKey);
    if (type == m_objects.end())
        return nullptr;
    const auto found = type->second.find({ namespaceOf(object), nameOf(object) });
    if (found == type->second.end())
        return nullptr;
    const Object old = found->second;
    if (expectedVersion != 0 && metaString(*old, "resourceVersion") != std::to_string(expectedVersion))
        return nullptr;

    auto &meta = metadataOf(object);
    const auto &oldMeta = old->at("metadata").as_object();
    for (const char *field : { "uid", "creationTimestamp", "resourceVersion", "generation" }) {
        if (const auto *value = oldMeta.if_contains(field))
            meta[field] = *value;
        else
            meta.erase(field);
    }
    const bool gone = isFinished(typeKey, object);
    if (!gone && sameContent(object, *old, {}))
        return old;
    if (oldMeta.contains("generation") && !sameSpec(object, *old))
        meta["generation"] = oldMeta.at("generation").to_number<std::int64_t>() + 1;
    meta["resourceVersion"] = std::to_string(++m_version);
    auto stored = std::make_shared<const Stored>(std::move(object));
    if (gone) {
        type->second.erase(found);
        publish({ ObjectEvent::Type::Deleted, typeKey, stored, old, m_version });
    } else {
        found->second = stored;
        publish({ ObjectEvent::Type::Modified, typeKey, stored, old, m_version });
    }
    return stored;
}

ObjectStore::Object ObjectStore::mutate(
    const std::string &typeKey, const std::string &ns, const std::string &name, const std::function<void(json::object &)> &change)
{
    const auto old = get(typeKey, ns, name);
    if (!old)
        return nullptr;
    json::object copy = *old;
    change(copy);
    return update(typeKey, std::move(copy));
}

ObjectStore::Object ObjectStore::remove(const std::string &typeKey, const std::string &ns, const std::string &name)
{
    const auto type = m_objects.find(typeKey);
    if (type == m_objects.end())
        return nullptr;
    const auto found = type->second.find({ ns, name });
    if (found == type->second.end())
        return nullptr;
    const Object old = found->second;
    json::object last = *old;
    metadataOf(last)["resourceVersion"] = std::to_string(++m_version);
    auto stored = std::make_shared<const Stored>(std::move(last));
    type->second.erase(found);
    publish({ ObjectEvent::Type::Deleted, typeKey, stored, old, m_version });
    return stored;
}

std::vector<std::string> ObjectStore::typeKeys() const
{
    std::vector<std::string> keys;
    for (const auto &[key, objects] : m_objects)
        keys.push_back(key);
    return keys;
}

std::shared_ptr<void> ObjectStore::subscribe(Listener listener)
{
    auto handle = std::make_shared<Listener>(std::move(listener));
    m_listeners.push_back(handle);
    return handle;
}

std::vector<ObjectEvent> ObjectStore::eventsSince(std::uint64_t version) const
{
    const auto first = std::upper_bound(
        m_history.begin(), m_history.end(), version, [](std::uint64_t wanted, const ObjectEvent &event) { return wanted < event.version; });
    return { first, m_history.end() };
}

const std::string &ObjectStore::textOf(const Object &object)
{
    const auto &stored = static_cast<const Stored &>(*object);
    if (stored.text.empty()) {
        // Kind and apiVersion come first, as the real server writes them; a list's items begin behind them.
        const auto &plain = static_cast<const json::object &>(stored);
        std::string text = "{";
        for (const char *field : { "kind", "apiVersion" }) {
            if (const auto *value = plain.if_contains(field))
                text += (text.size() > 1 ? ",\"" : "\"") + std::string(field) + "\":" + json::serialize(*value);
        }
        stored.headEnd = text.size();
        for (const auto &member : plain) {
            if (member.key() != "kind" && member.key() != "apiVersion")
                text += (text.size() > 1 ? "," : "") + json::serialize(json::value(member.key())) + ":" + json::serialize(member.value());
        }
        stored.text = std::move(text) + "}";
    }
    return stored.text;
}

void ObjectStore::appendListItem(std::string &body, const Object &object, bool plain)
{
    const auto &text = textOf(object);
    const auto &stored = static_cast<const Stored &>(*object);
    if (!plain || stored.headEnd <= 1) {
        body += text;
        return;
    }
    body += '{';
    body.append(text, stored.headEnd + (text[stored.headEnd] == ',' ? 1 : 0));
}

void ObjectStore::raiseGeneration(json::object &object, const json::object &old)
{
    const auto &oldMeta = old.at("metadata").as_object();
    if (const auto *generation = oldMeta.if_contains("generation"))
        metadataOf(object)["generation"] = generation->to_number<std::int64_t>() + (sameSpec(object, old) ? 0 : 1);
}

ObjectStore::Object ObjectStore::detached(json::object object)
{
    return std::make_shared<const Stored>(std::move(object));
}

void ObjectStore::setAdmission(const std::string &typeKey, Admission admission)
{
    m_admissions[typeKey] = std::move(admission);
}

std::string ObjectStore::admit(const std::string &typeKey, json::object &object) const
{
    const auto found = m_admissions.find(typeKey);
    return found == m_admissions.end() || !found->second ? std::string() : found->second(object);
}

void ObjectStore::publish(ObjectEvent event)
{
    m_history.push_back(event);
    if (m_history.size() > m_historyLimit) {
        m_oldest = m_history.front().version;
        m_history.pop_front();
    }
    m_queue.push_back(std::move(event));
    if (m_publishing)
        return;
    m_publishing = true;
    while (!m_queue.empty()) {
        const ObjectEvent next = std::move(m_queue.front());
        m_queue.pop_front();
        bool lost = false;
        // By index: a listener may subscribe another one.
        for (std::size_t i = 0; i < m_listeners.size(); ++i) {
            if (const auto listener = m_listeners[i].lock())
                (*listener)(next);
            else
                lost = true;
        }
        if (lost)
            std::erase_if(m_listeners, [](const auto &listener) { return listener.expired(); });
    }
    m_publishing = false;
}

std::string metaString(const json::object &object, const char *field)
{
    const auto *meta = object.if_contains("metadata");
    return meta ? stringAt(*meta, { field }) : std::string();
}

const json::value *at(const json::value &value, std::initializer_list<std::string_view> path)
{
    const json::value *here = &value;
    for (const auto key : path) {
        const auto *object = here->if_object();
        here = object ? object->if_contains(json::string_view(key.data(), key.size())) : nullptr;
        if (!here)
            return nullptr;
    }
    return here;
}

std::string stringAt(const json::value &value, std::initializer_list<std::string_view> path)
{
    const auto *found = at(value, path);
    const auto *text = found ? found->if_string() : nullptr;
    return text ? std::string(text->data(), text->size()) : std::string();
}

bool labelsMatch(const json::object &object, const json::object &selector)
{
    const auto *meta = object.if_contains("metadata");
    const auto *labels = meta ? at(*meta, { "labels" }) : nullptr;
    return std::all_of(selector.begin(), selector.end(), [&](const auto &wanted) {
        const auto *has = labels && labels->is_object() ? labels->as_object().if_contains(wanted.key()) : nullptr;
        return has && *has == wanted.value();
    });
}

} // namespace catamaran::lab
