// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/managedfields.h"

#include "lab/kube/timestamps.h"

#include <algorithm>

namespace catamaran::lab {

namespace {

constexpr const char *selfOwned = ".";

bool isIdentity(const FieldPath &path)
{
    if (path.size() == 1)
        return path[0] == "f:apiVersion" || path[0] == "f:kind" || path[0] == "f:metadata";
    if (path[0] != "f:metadata")
        return false;
    static const std::set<std::string> own { "f:name", "f:namespace", "f:uid", "f:resourceVersion", "f:generation", "f:creationTimestamp",
        "f:managedFields", "f:selfLink", "f:deletionTimestamp", "f:deletionGracePeriodSeconds", "f:generateName" };
    return own.contains(path[1]);
}

std::string itemKey(const json::value &item, const std::vector<std::string> &keys)
{
    json::object key;
    for (const auto &name : keys) {
        if (const auto *value = at(item, { name }))
            key[name] = *value;
        else if (name == "protocol")
            key[name] = "TCP"; // the one key that has a default
    }
    return "k:" + json::serialize(key);
}

struct Collector {
    FieldSet fields;
    FieldPath path;

    void add()
    {
        if (!path.empty() && !isIdentity(path))
            fields.insert(path);
    }

    void visit(const json::value &value, const SchemaField *field, const SchemaType *type)
    {
        if (field && field->atomic) {
            add();
        } else if (const auto *object = value.if_object()) {
            if (object->empty())
                add();
            for (const auto &member : *object) {
                const std::string name(member.key());
                const auto *inner = type ? type->field(name) : nullptr;
                path.push_back("f:" + name);
                visit(member.value(), inner, inner ? inner->type : nullptr);
                path.pop_back();
            }
        } else if (const auto *array = value.if_array(); array && field && (!field->keys.empty() || field->set)) {
            if (array->empty())
                add();
            for (const auto &item : *array) {
                path.push_back(field->set ? "v:" + json::serialize(item) : itemKey(item, field->keys));
                add();
                if (!field->set)
                    visit(item, nullptr, field->type);
                path.pop_back();
            }
        } else {
            add();
        }
    }
};

void readFields(const json::object &node, FieldPath &path, FieldSet &result, int depth)
{
    if (depth > 64)
        return;
    for (const auto &member : node) {
        const std::string key(member.key());
        if (key == selfOwned) {
            if (!path.empty())
                result.insert(path);
            continue;
        }
        path.push_back(key);
        const auto *inner = member.value().if_object();
        if (!inner || inner->empty())
            result.insert(path);
        else
            readFields(*inner, path, result, depth + 1);
        path.pop_back();
    }
}

const json::value *step(const json::value &here, const std::string &element)
{
    if (element.starts_with("f:")) {
        const auto *object = here.if_object();
        return object ? object->if_contains(json::string_view(element.data() + 2, element.size() - 2)) : nullptr;
    }
    const auto *array = here.if_array();
    if (!array)
        return nullptr;
    boost::system::error_code error;
    const auto wanted = json::parse(json::string_view(element.data() + 2, element.size() - 2), error);
    if (error)
        return nullptr;
    for (const auto &item : *array) {
        if (element.starts_with("v:")) {
            if (item == wanted)
                return &item;
            continue;
        }
        const auto *keys = wanted.if_object();
        const auto *object = item.if_object();
        const bool same = keys && object && std::all_of(keys->begin(), keys->end(), [&](const auto &key) {
            const auto *has = object->if_contains(key.key());
            return has ? *has == key.value() : key.key() == "protocol" && key.value() == "TCP";
        });
        if (same)
            return &item;
    }
    return nullptr;
}

json::value *step(json::value &here, const std::string &element)
{
    return const_cast<json::value *>(step(std::as_const(here), element));
}

void removeAt(json::value &root, const FieldPath &path)
{
    json::value *parent = &root;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        parent = step(*parent, path[i]);
        if (!parent)
            return;
    }
    if (auto *object = parent->if_object()) {
        object->erase(json::string_view(path.back().data() + 2, path.back().size() - 2));
    } else if (auto *array = parent->if_array()) {
        if (const auto *item = step(*parent, path.back()))
            array->erase(array->begin() + (item - &*array->begin()));
    }
}

bool startsWith(const FieldPath &path, const FieldPath &prefix)
{
    return path.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

/// Whether the path is one of the fields by which its list item is known: it stays as long as the item.
bool isKeyOfItem(const FieldPath &path)
{
    if (path.size() < 2 || !path.back().starts_with("f:") || !path[path.size() - 2].starts_with("k:"))
        return false;
    const auto &item = path[path.size() - 2];
    boost::system::error_code error;
    const auto keys = json::parse(json::string_view(item.data() + 2, item.size() - 2), error);
    return !error && keys.is_object() && keys.as_object().contains(json::string_view(path.back().data() + 2, path.back().size() - 2));
}

/// Whether the set owns the path or something below it.
bool ownsUnder(const FieldSet &fields, const FieldPath &path)
{
    const auto found = fields.lower_bound(path);
    return found != fields.end() && startsWith(*found, path);
}

struct Entry {
    Manager manager;
    std::string operation;
    std::string time;
    FieldSet fields;
};

std::vector<Entry> readEntries(const json::object &object)
{
    std::vector<Entry> entries;
    const auto *meta = object.if_contains("metadata");
    const auto *list = meta ? at(*meta, { "managedFields" }) : nullptr;
    if (!list || !list->is_array())
        return entries;
    for (const auto &item : list->as_array()) {
        const auto *fields = at(item, { "fieldsV1" });
        if (!fields || !fields->is_object())
            continue;
        entries.push_back({ { stringAt(item, { "manager" }), stringAt(item, { "apiVersion" }), stringAt(item, { "subresource" }) },
            stringAt(item, { "operation" }), stringAt(item, { "time" }), fromFieldsV1(fields->as_object()) });
    }
    return entries;
}

void writeEntries(json::object &object, const std::vector<Entry> &entries)
{
    json::array list;
    for (const auto &entry : entries) {
        if (entry.fields.empty())
            continue;
        json::object item { { "manager", entry.manager.name }, { "operation", entry.operation }, { "apiVersion", entry.manager.apiVersion },
            { "time", entry.time }, { "fieldsType", "FieldsV1" }, { "fieldsV1", toFieldsV1(entry.fields) } };
        if (!entry.manager.subresource.empty())
            item["subresource"] = entry.manager.subresource;
        list.push_back(std::move(item));
    }
    auto &meta = object["metadata"];
    if (!meta.is_object())
        meta = json::object();
    if (list.empty())
        meta.as_object().erase("managedFields");
    else
        meta.as_object()["managedFields"] = std::move(list);
}

/// As Go's %q does, for what a name may hold: printable characters.
std::string quoted(const std::string &text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

std::string describe(const Entry &entry)
{
    auto text = quoted(entry.manager.name);
    if (!entry.manager.subresource.empty())
        text += " with subresource \"" + entry.manager.subresource + '"';
    // The time and an applier's version are not part of a manager's identity.
    if (entry.operation == "Update")
        text += " using " + entry.manager.apiVersion;
    return text;
}

ApiError conflictOf(const ResourceType &type, const std::string &name, const std::vector<std::pair<std::string, FieldPath>> &conflicts)
{
    ApiError error { 409, "Conflict", {}, {} };
    json::array causes;
    std::map<std::string, std::string> byManager;
    for (const auto &[who, path] : conflicts) {
        causes.push_back(
            json::object { { "reason", "FieldManagerConflict" }, { "message", "conflict with " + who }, { "field", fieldText(path) } });
        byManager[who] += "\n- " + fieldText(path);
    }
    if (conflicts.size() == 1) {
        error.message
            = "Apply failed with 1 conflict: conflict with " + conflicts.front().first + ": " + fieldText(conflicts.front().second);
    } else {
        error.message = "Apply failed with " + std::to_string(conflicts.size()) + " conflicts:";
        std::string list;
        for (const auto &[who, paths] : byManager)
            list += (list.empty() ? " conflicts with " : "\nconflicts with ") + who + ":" + paths;
        error.message += list;
    }
    error.details = json::object { { "name", name }, { "kind", type.plural }, { "causes", std::move(causes) } };
    if (!type.group.empty())
        error.details["group"] = type.group;
    return error;
}

/// @p config over @p live: granular objects and keyed lists merge, the rest is replaced.
void overlay(json::value &live, const json::value &config, const SchemaField *field, const SchemaType *type)
{
    if (field && field->atomic) {
        live = config;
        return;
    }
    if (const auto *object = config.if_object()) {
        if (!live.is_object())
            live = json::object();
        for (const auto &member : *object) {
            const auto *inner = type ? type->field(std::string(member.key())) : nullptr;
            overlay(live.as_object()[member.key()], member.value(), inner, inner ? inner->type : nullptr);
        }
    } else if (config.is_array() && field && (!field->keys.empty() || field->set)) {
        if (!live.is_array())
            live = json::array();
        auto &list = live.as_array();
        for (const auto &item : config.as_array()) {
            const auto key = field->set ? "v:" + json::serialize(item) : itemKey(item, field->keys);
            auto *present = step(live, key);
            if (!present) {
                list.push_back(item);
            } else if (!field->set) {
                overlay(*present, item, nullptr, field->type);
            }
        }
    } else {
        live = config;
    }
}

/// Parts that a typed object has even when nobody wrote anything into them.
bool isAlwaysThere(const FieldPath &path, const ResourceType &type)
{
    if (path.size() == 1 && path[0] == "f:metadata")
        return true;
    if (type.custom)
        return false;
    static const std::set<FieldPath> parts {
        { "f:spec" },
        { "f:status" },
        { "f:spec", "f:strategy" },
        { "f:spec", "f:containers" },
        { "f:spec", "f:template" },
        { "f:spec", "f:template", "f:metadata" },
        { "f:spec", "f:template", "f:spec" },
        { "f:spec", "f:template", "f:spec", "f:containers" },
        { "f:status", "f:loadBalancer" },
    };
    return parts.contains(path);
}

/// An update also owns the maps and lists that it brought (an apply does not).
void addContainers(FieldSet &written, const json::object *before, const ResourceType &type)
{
    const json::value old = before ? json::value(*before) : json::value(json::object());
    FieldSet brought;
    for (const auto &path : written) {
        auto parent = path;
        for (parent.pop_back(); !parent.empty(); parent.pop_back()) {
            if (!parent.back().starts_with("f:") || isAlwaysThere(parent, type))
                continue;
            const auto *value = valueAt(old, parent);
            if (!value || value->is_null())
                brought.insert(parent);
        }
    }
    written.merge(brought);
}

bool isSame(const Manager &a, const Manager &b)
{
    return a.name == b.name && a.subresource == b.subresource;
}

} // namespace

FieldSet fieldsOf(const json::object &object, const std::string &kind)
{
    Collector collector;
    collector.visit(object, nullptr, &schemaOf(kind));
    return std::move(collector.fields);
}

json::object toFieldsV1(const FieldSet &fields)
{
    json::object root;
    for (const auto &path : fields) {
        json::object *here = &root;
        for (const auto &element : path) {
            auto &slot = (*here)[element];
            if (!slot.is_object())
                slot = json::object();
            here = &slot.as_object();
        }
        // A path that others continue is marked; the set's order puts it before them.
        const auto next = fields.upper_bound(path);
        if (next != fields.end() && startsWith(*next, path))
            (*here)[selfOwned] = json::object();
    }
    return root;
}

FieldSet fromFieldsV1(const json::object &fields)
{
    FieldSet result;
    FieldPath path;
    readFields(fields, path, result, 0);
    return result;
}

std::string fieldText(const FieldPath &path)
{
    std::string text;
    for (const auto &element : path) {
        if (element.starts_with("f:")) {
            text += "." + element.substr(2);
        } else if (element.starts_with("k:")) {
            boost::system::error_code error;
            const auto keys = json::parse(json::string_view(element.data() + 2, element.size() - 2), error);
            std::string list;
            if (const auto *object = keys.if_object(); object && !error) {
                for (const auto &key : *object)
                    list += (list.empty() ? "" : ",") + std::string(key.key()) + "=" + json::serialize(key.value());
            }
            text += "[" + list + "]";
        } else if (element.starts_with("v:")) {
            text += "[=" + element.substr(2) + "]";
        }
    }
    return text;
}

const json::value *valueAt(const json::value &object, const FieldPath &path)
{
    const json::value *here = &object;
    for (const auto &element : path) {
        here = step(*here, element);
        if (!here)
            return nullptr;
    }
    return here;
}

Outcome<json::object> applyConfiguration(
    const json::object *live, const json::object &config, const ResourceType &type, const Manager &manager, bool force)
{
    const auto wanted = fieldsOf(config, type.kind);
    json::value result = live ? json::value(*live) : json::value(json::object());
    auto entries = live ? readEntries(*live) : std::vector<Entry>();
    const json::value configValue(config);

    FieldSet before;
    std::erase_if(entries, [&](Entry &entry) {
        if (entry.operation != "Apply" || !isSame(entry.manager, manager))
            return false;
        before = std::move(entry.fields);
        return true;
    });

    std::vector<std::pair<std::string, FieldPath>> conflicts;
    for (auto &entry : entries) {
        FieldSet lost;
        for (const auto &path : wanted) {
            if (!entry.fields.contains(path))
                continue;
            const auto *mine = valueAt(configValue, path);
            const auto *theirs = valueAt(result, path);
            // An item of a keyed list may have two owners; its fields are looked at one by one.
            if (path.back().starts_with("k:") || path.back().starts_with("v:") || (mine && theirs && *mine == *theirs))
                continue;
            conflicts.emplace_back(describe(entry), path);
            lost.insert(path);
        }
        if (force) {
            for (const auto &path : lost)
                entry.fields.erase(path);
        }
    }
    if (!force && !conflicts.empty())
        return tl::unexpected(conflictOf(type, nameOf(config), conflicts));

    overlay(result, configValue, nullptr, &schemaOf(type.kind));
    // What this manager applied before and does not any more goes, unless somebody else owns it (or something below it)
    // too. From the top down: an item of a list goes whole, with what nobody owns in it.
    const auto isOwned = [&](const FieldPath &path) {
        return ownsUnder(wanted, path)
            || std::any_of(entries.begin(), entries.end(), [&](const Entry &entry) { return ownsUnder(entry.fields, path); });
    };
    for (const auto &path : before) {
        if (isOwned(path) || isKeyOfItem(path) || !valueAt(result, path))
            continue;
        removeAt(result, path);
        // A map that became empty by this goes too, as far as it was made of applied fields only.
        auto parent = path;
        for (parent.pop_back(); parent.size() > 1 && parent.back().starts_with("f:"); parent.pop_back()) {
            const auto *value = valueAt(result, parent);
            const bool empty
                = value && ((value->is_object() && value->as_object().empty()) || (value->is_array() && value->as_array().empty()));
            if (!empty || isOwned(parent))
                break;
            removeAt(result, parent);
        }
    }
    auto time = timestampNow();
    if (live && wanted == before) {
        for (const auto &entry : readEntries(*live)) {
            if (entry.operation == "Apply" && isSame(entry.manager, manager) && !entry.time.empty())
                time = entry.time;
        }
    }
    entries.push_back({ manager, "Apply", time, wanted });
    std::stable_sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) { return a.operation < b.operation; });
    auto &object = result.as_object();
    writeEntries(object, entries);
    return std::move(object);
}

void recordUpdate(const json::object *before, json::object &after, const ResourceType &type, const Manager &manager)
{
    const auto *liveFields = before ? at(before->at("metadata"), { "managedFields" }) : nullptr;
    const auto *sentFields = after.contains("metadata") ? at(after.at("metadata"), { "managedFields" }) : nullptr;
    // A client that does not know of them (or empties them by mistake of an old library) does not erase them; one that
    // sends [{}] or another list means it.
    const bool changed
        = sentFields && sentFields->is_array() && !sentFields->as_array().empty() && (!liveFields || *sentFields != *liveFields);
    auto entries = changed ? readEntries(after) : before ? readEntries(*before) : std::vector<Entry>();
    if (changed) {
        writeEntries(after, entries);
        return;
    }

    const auto now = fieldsOf(after, type.kind);
    const json::value afterValue(after);
    FieldSet written;
    if (before) {
        const auto then = fieldsOf(*before, type.kind);
        const json::value beforeValue(*before);
        for (const auto &path : now) {
            if (!then.contains(path)) {
                written.insert(path);
                continue;
            }
            if (path.back().starts_with("k:") || path.back().starts_with("v:"))
                continue;
            const auto *a = valueAt(beforeValue, path);
            const auto *b = valueAt(afterValue, path);
            if (!a || !b || *a != *b)
                written.insert(path);
        }
    } else {
        written = now;
    }
    addContainers(written, before, type);
    // Status is written through its own path only.
    if (manager.subresource != "status")
        std::erase_if(written, [](const FieldPath &path) { return path.front() == "f:status"; });
    for (auto &entry : entries)
        std::erase_if(entry.fields, [&](const FieldPath &path) { return !valueAt(afterValue, path); });
    if (!written.empty()) {
        auto own = std::find_if(entries.begin(), entries.end(), [&](const Entry &entry) {
            return entry.operation == "Update" && isSame(entry.manager, manager) && entry.manager.apiVersion == manager.apiVersion;
        });
        for (auto &entry : entries) {
            if (own == entries.end() || &entry != &*own)
                std::erase_if(entry.fields, [&](const FieldPath &path) { return written.contains(path); });
        }
        if (own == entries.end()) {
            entries.push_back({ manager, "Update", timestampNow(), std::move(written) });
        } else {
            own->fields.merge(written);
            own->time = timestampNow();
        }
    }
    writeEntries(after, entries);
}

} // namespace catamaran::lab
