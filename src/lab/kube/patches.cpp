// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/patches.h"

#include "lab/kube/schema.h"

#include <algorithm>
#include <charconv>

namespace catamaran::lab {

namespace {

// ---- RFC 6902 ----

/// The real server keeps the reason to itself, so it is only for whoever reads this.
ApiError impossible([[maybe_unused]] const std::string &why)
{
    return { 422, "Invalid", "the server rejected our request due to an error in our request", {} };
}

bool splitPointer(std::string_view text, std::vector<std::string> &parts)
{
    parts.clear();
    if (text.empty())
        return true;
    if (text.front() != '/')
        return false;
    std::string part;
    for (std::size_t i = 1; i <= text.size(); ++i) {
        if (i == text.size() || text[i] == '/') {
            parts.push_back(std::move(part));
            part.clear();
        } else if (text[i] == '~' && i + 1 < text.size() && (text[i + 1] == '0' || text[i + 1] == '1')) {
            part += text[++i] == '0' ? '~' : '/';
        } else {
            part += text[i];
        }
    }
    return true;
}

std::optional<std::size_t> indexOf(const std::string &text, std::size_t limit)
{
    std::size_t index = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (code != std::errc() || end != text.data() + text.size() || index > limit || (text.size() > 1 && text.front() == '0'))
        return std::nullopt;
    return index;
}

json::value *follow(json::value &root, const std::vector<std::string> &parts, std::size_t count)
{
    json::value *here = &root;
    for (std::size_t i = 0; i < count; ++i) {
        if (auto *object = here->if_object()) {
            here = object->if_contains(parts[i]);
        } else if (auto *array = here->if_array()) {
            const auto index = indexOf(parts[i], array->size());
            here = index && *index < array->size() ? &(*array)[*index] : nullptr;
        } else {
            here = nullptr;
        }
        if (!here)
            return nullptr;
    }
    return here;
}

bool addAt(json::value &root, const std::vector<std::string> &parts, json::value value)
{
    if (parts.empty()) {
        root = std::move(value);
        return true;
    }
    auto *parent = follow(root, parts, parts.size() - 1);
    if (!parent)
        return false;
    if (auto *object = parent->if_object()) {
        (*object)[parts.back()] = std::move(value);
        return true;
    }
    if (auto *array = parent->if_array()) {
        const auto index = parts.back() == "-" ? std::optional(array->size()) : indexOf(parts.back(), array->size());
        if (!index)
            return false;
        array->insert(array->begin() + *index, std::move(value));
        return true;
    }
    return false;
}

bool removePointed(json::value &root, const std::vector<std::string> &parts)
{
    auto *parent = parts.empty() ? nullptr : follow(root, parts, parts.size() - 1);
    if (!parent)
        return false;
    if (auto *object = parent->if_object())
        return object->erase(parts.back()) == 1;
    if (auto *array = parent->if_array()) {
        const auto index = indexOf(parts.back(), array->size());
        if (!index || *index >= array->size())
            return false;
        array->erase(array->begin() + *index);
        return true;
    }
    return false;
}

// ---- strategic merge ----

bool isDirective(std::string_view key)
{
    return key.starts_with("$");
}

/// A patch's value as it is stored when there was nothing before: without directives and nulls.
json::value cleaned(const json::value &patch)
{
    if (const auto *object = patch.if_object()) {
        json::object result;
        for (const auto &member : *object) {
            if (!isDirective(member.key()) && !member.value().is_null())
                result[member.key()] = cleaned(member.value());
        }
        return result;
    }
    if (const auto *array = patch.if_array()) {
        json::array result;
        for (const auto &item : *array) {
            if (stringAt(item, { "$patch" }) != "delete"
                && (!item.is_object() || item.as_object().size() != 1 || !item.as_object().contains("$patch")))
                result.push_back(cleaned(item));
        }
        return result;
    }
    return patch;
}

class Strategic {
public:
    std::string error;

    void mergeObject(json::object &target, const json::object &patch, const SchemaType *type)
    {
        const auto directive = stringAt(patch, { "$patch" });
        if (directive == "replace") {
            target = cleaned(patch).as_object();
            return;
        }
        if (directive == "delete") {
            target.clear();
            return;
        }
        if (const auto *retain = patch.if_contains("$retainKeys"); retain && retain->is_array()) {
            json::object kept;
            for (const auto &key : retain->as_array()) {
                if (const auto *text = key.if_string()) {
                    if (const auto *value = target.if_contains(*text))
                        kept[*text] = *value;
                }
            }
            target = std::move(kept);
        }
        const json::object before = hasOrder(patch) ? target : json::object();
        for (const auto &member : patch) {
            const std::string_view key(member.key().data(), member.key().size());
            if (key.starts_with("$deleteFromPrimitiveList/")) {
                deleteItems(target, key.substr(25), member.value());
            } else if (!isDirective(key)) {
                mergeField(target, member.key(), member.value(), type ? type->field(key) : nullptr);
            }
        }
        for (const auto &member : patch) {
            const std::string_view key(member.key().data(), member.key().size());
            if (key.starts_with("$setElementOrder/"))
                order(target, before, key.substr(17), member.value(), type);
        }
    }

private:
    static bool hasOrder(const json::object &patch)
    {
        return std::any_of(patch.begin(), patch.end(), [](const auto &member) { return member.key().starts_with("$setElementOrder/"); });
    }

    void mergeField(json::object &target, json::string_view key, const json::value &patch, const SchemaField *field)
    {
        if (patch.is_null()) {
            target.erase(key);
            return;
        }
        auto *present = target.if_contains(key);
        if (!present || present->is_null() || present->kind() != patch.kind() || !patch.is_structured()) {
            target[key] = cleaned(patch);
            return;
        }
        if (patch.is_object()) {
            mergeObject(present->as_object(), patch.as_object(), field ? field->type : nullptr);
        } else if (field && !field->keys.empty()) {
            mergeList(present->as_array(), patch.as_array(), *field);
        } else if (field && field->set) {
            for (const auto &item : patch.as_array()) {
                auto &items = present->as_array();
                if (std::find(items.begin(), items.end(), item) == items.end())
                    items.push_back(item);
            }
        } else {
            *present = cleaned(patch);
        }
    }

    void mergeList(json::array &target, const json::array &patch, const SchemaField &field)
    {
        const auto &key = field.keys.front();
        const bool replace = std::any_of(patch.begin(), patch.end(),
            [&](const json::value &item) { return stringAt(item, { "$patch" }) == "replace" && !item.as_object().contains(key); });
        if (replace) {
            target = cleaned(patch).as_array();
            return;
        }
        const json::array before = target;
        for (const auto &item : patch) {
            const auto *object = item.if_object();
            const auto *wanted = object ? object->if_contains(key) : nullptr;
            if (!wanted) {
                error = "map: " + json::serialize(item) + " does not contain declared merge key: " + key;
                return;
            }
            const auto matches = [&](const json::value &candidate) {
                const auto *has = at(candidate, { key });
                return has && *has == *wanted;
            };
            const auto directive = stringAt(item, { "$patch" });
            if (directive == "delete") {
                target.erase(std::remove_if(target.begin(), target.end(), matches), target.end());
                continue;
            }
            const auto found = std::find_if(target.begin(), target.end(), matches);
            if (found == target.end())
                target.push_back(cleaned(item));
            else
                mergeObject(found->as_object(), *object, field.type);
        }
        arrange(target, before, patch, &field);
    }

    static bool isSameItem(const json::value &a, const json::value &b, const SchemaField *field)
    {
        if (!field || field->keys.empty())
            return a == b;
        const auto *x = at(a, { field->keys.front() });
        const auto *y = at(b, { field->keys.front() });
        return x && y && *x == *y;
    }
    static std::size_t indexIn(const json::array &list, const json::value &item, const SchemaField *field)
    {
        std::size_t index = 0;
        while (index < list.size() && !isSameItem(list[index], item, field))
            ++index;
        return index;
    }

    /// The order of a merged list, as the real server makes it: items that the patch names in its order, the others in
    /// the order they had; one of these goes first only where it already stood before the patch's next item.
    static void arrange(json::array &list, const json::array &before, const json::array &named, const SchemaField *field)
    {
        std::vector<json::value> mine, others;
        for (auto &item : list)
            (indexIn(named, item, field) < named.size() ? mine : others).push_back(std::move(item));
        const auto by = [field](const json::array &order) {
            return
                [&order, field](const json::value &a, const json::value &b) { return indexIn(order, a, field) < indexIn(order, b, field); };
        };
        std::stable_sort(mine.begin(), mine.end(), by(named));
        std::stable_sort(others.begin(), others.end(), by(before));
        std::size_t i = 0, j = 0;
        for (auto &slot : list) {
            bool other = j == mine.size();
            if (!other && i < others.size()) {
                const auto left = indexIn(before, others[i], field), right = indexIn(before, mine[j], field);
                other = left < before.size() && right < before.size() && left < right;
            }
            slot = std::move(other ? others[i++] : mine[j++]);
        }
    }

    static void deleteItems(json::object &target, std::string_view key, const json::value &items)
    {
        auto *present = target.if_contains(json::string_view(key.data(), key.size()));
        if (!present || !present->is_array() || !items.is_array())
            return;
        auto &list = present->as_array();
        const auto &gone = items.as_array();
        list.erase(std::remove_if(list.begin(), list.end(),
                       [&](const json::value &item) { return std::find(gone.begin(), gone.end(), item) != gone.end(); }),
            list.end());
    }

    static void order(
        json::object &target, const json::object &before, std::string_view key, const json::value &wanted, const SchemaType *type)
    {
        auto *present = target.if_contains(json::string_view(key.data(), key.size()));
        if (!present || !present->is_array() || !wanted.is_array())
            return;
        const auto *old = before.if_contains(json::string_view(key.data(), key.size()));
        arrange(present->as_array(), old && old->is_array() ? old->as_array() : json::array(), wanted.as_array(),
            type ? type->field(key) : nullptr);
    }
};

} // namespace

json::value mergePatch(json::value target, const json::value &patch)
{
    const auto *changes = patch.if_object();
    if (!changes)
        return patch;
    if (!target.is_object())
        target = json::object();
    auto &object = target.as_object();
    for (const auto &member : *changes) {
        if (member.value().is_null()) {
            object.erase(member.key());
        } else {
            auto &slot = object[member.key()];
            slot = mergePatch(std::move(slot), member.value());
        }
    }
    return target;
}

Outcome<json::value> jsonPatch(json::value target, const json::value &patch)
{
    const auto *operations = patch.if_array();
    if (!operations)
        return tl::unexpected(badRequest("error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch"));
    if (operations->size() > 10000)
        return tl::unexpected(ApiError { 413, "RequestEntityTooLarge", "The allowed maximum operations in a JSON patch is 10000", {} });
    for (const auto &operation : *operations) {
        const auto op = stringAt(operation, { "op" });
        const auto path = stringAt(operation, { "path" });
        std::vector<std::string> to, from;
        if (op.empty() || !splitPointer(path, to))
            return tl::unexpected(badRequest("error decoding patch: operation without a valid op and path"));
        const auto *value = at(operation, { "value" });
        const auto missing
            = [&](const std::string &what) { return tl::unexpected(impossible(op + " operation does not apply: doc is missing " + what)); };
        if (op == "add" || op == "replace" || op == "test") {
            if (!value)
                return tl::unexpected(badRequest("error decoding patch: " + op + " operation without value"));
            if (op == "add") {
                if (!addAt(target, to, *value))
                    return missing("path: " + path);
                continue;
            }
            auto *present = follow(target, to, to.size());
            if (op == "test") {
                if (present ? *present != *value : !value->is_null())
                    return tl::unexpected(impossible("testing value " + path + " failed: test failed"));
            } else if (!present) {
                return missing("key: " + path);
            } else {
                *present = *value;
            }
        } else if (op == "remove") {
            if (!removePointed(target, to))
                return missing("path: " + path);
        } else if (op == "move" || op == "copy") {
            if (!splitPointer(stringAt(operation, { "from" }), from))
                return tl::unexpected(badRequest("error decoding patch: operation without a valid from"));
            const auto *source = follow(target, from, from.size());
            if (!source)
                return missing("from path: " + stringAt(operation, { "from" }));
            json::value copy = *source;
            if (op == "move")
                removePointed(target, from);
            if (!addAt(target, to, std::move(copy)))
                return missing("path: " + path);
        } else {
            return tl::unexpected(badRequest("error decoding patch: unexpected kind: " + op));
        }
    }
    return target;
}

Outcome<json::value> strategicMergePatch(json::value target, const json::value &patch, const std::string &kind)
{
    if (!patch.is_object() || !target.is_object())
        return tl::unexpected(badRequest("error decoding patch: a strategic merge patch is an object"));
    Strategic merger;
    merger.mergeObject(target.as_object(), patch.as_object(), &schemaOf(kind));
    if (!merger.error.empty())
        return tl::unexpected(impossible(merger.error));
    return target;
}

} // namespace catamaran::lab
