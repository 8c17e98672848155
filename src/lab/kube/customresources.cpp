// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/customresources.h"

#include "lab/kube/timestamps.h"

#include <algorithm>
#include <cctype>

namespace catamaran::lab {

namespace {

constexpr int maximalDepth = 64;

const json::object *schemaOfType(const ResourceType &type)
{
    // Not at(): it would look into a copy.
    const auto *section = type.definition ? type.definition->if_contains("schema") : nullptr;
    const auto *schema = section ? at(*section, { "openAPIV3Schema" }) : nullptr;
    return schema ? schema->if_object() : nullptr;
}

std::vector<std::string> texts(const json::value &value, std::initializer_list<std::string_view> path)
{
    std::vector<std::string> result;
    const auto *list = at(value, path);
    if (list && list->is_array()) {
        for (const auto &item : list->as_array()) {
            if (const auto *text = item.if_string())
                result.emplace_back(text->data(), text->size());
        }
    }
    return result;
}

bool isTrue(const json::object &object, const char *key)
{
    const auto *value = object.if_contains(key);
    return value && *value == json::value(true);
}

std::string joined(const std::string &path, const std::string &name)
{
    return path.empty() ? name : path + "." + name;
}

void pruneValue(
    json::value &value, const json::object &schema, const std::string &path, bool root, std::vector<std::string> &unknown, int depth)
{
    if (depth > maximalDepth || isTrue(schema, "x-kubernetes-preserve-unknown-fields"))
        return;
    if (auto *list = value.if_array()) {
        const auto *items = schema.if_contains("items");
        for (std::size_t i = 0; items && items->is_object() && i < list->size(); ++i)
            pruneValue((*list)[i], items->as_object(), path + "[" + std::to_string(i) + "]", false, unknown, depth + 1);
        return;
    }
    auto *object = value.if_object();
    if (!object)
        return;
    const auto *properties = schema.if_contains("properties");
    const auto *others = schema.if_contains("additionalProperties");
    std::vector<std::string> gone;
    for (auto &member : *object) {
        const std::string name(member.key());
        if (root && (name == "apiVersion" || name == "kind" || name == "metadata"))
            continue;
        const auto *known = properties && properties->is_object() ? properties->as_object().if_contains(name) : nullptr;
        if (!known && others && others->is_object())
            known = others;
        if (known && known->is_object())
            pruneValue(member.value(), known->as_object(), joined(path, name), false, unknown, depth + 1);
        else if (!others || *others == json::value(false))
            gone.push_back(name);
    }
    for (const auto &name : gone) {
        object->erase(name);
        unknown.push_back(joined(path, name));
    }
    if (!properties || !properties->is_object())
        return;
    for (const auto &property : properties->as_object()) {
        const auto *fallback = property.value().is_object() ? property.value().as_object().if_contains("default") : nullptr;
        if (fallback && !object->contains(property.key()))
            (*object)[property.key()] = *fallback;
    }
}

const char *goType(const json::value &value)
{
    switch (value.kind()) {
    case json::kind::string: return "string";
    case json::kind::bool_: return "boolean";
    case json::kind::object: return "object";
    case json::kind::array: return "array";
    case json::kind::double_: return "number";
    case json::kind::null: return "null";
    default: return "integer";
    }
}

bool fits(const json::value &value, const std::string &type)
{
    return type.empty() || type == goType(value) || (type == "number" && value.is_number());
}

void check(const json::value &value, const json::object &schema, const std::string &path, std::vector<Cause> &causes, int depth)
{
    if (depth > maximalDepth)
        return;
    const auto wrong = [&](const std::string &shown, const std::string &why) {
        causes.push_back({ "FieldValueInvalid", path, "Invalid value: " + shown + ": " + path + " in body " + why });
    };
    const auto type = stringAt(schema, { "type" });
    const bool either = isTrue(schema, "x-kubernetes-int-or-string") && (value.is_string() || value.is_int64() || value.is_uint64());
    if (value.is_null() && isTrue(schema, "nullable"))
        return;
    if (!either && !fits(value, type)) {
        causes.push_back({ "FieldValueTypeInvalid", path,
            "Invalid value: \"" + std::string(goType(value)) + "\": " + path + " in body must be of type " + type + ": \"" + goType(value)
                + "\"" });
        return;
    }
    if (value.is_number()) {
        const auto number = value.to_number<double>();
        const auto *least = schema.if_contains("minimum");
        const auto *most = schema.if_contains("maximum");
        if (least && least->is_number() && number < least->to_number<double>())
            wrong(json::serialize(value), "should be greater than or equal to " + json::serialize(*least));
        if (most && most->is_number() && number > most->to_number<double>())
            wrong(json::serialize(value), "should be less than or equal to " + json::serialize(*most));
    }
    if (const auto *text = value.if_string()) {
        const auto *least = schema.if_contains("minLength");
        const auto *most = schema.if_contains("maxLength");
        if (least && least->is_int64() && text->size() < static_cast<std::size_t>(least->as_int64()))
            wrong(json::serialize(value), "should be at least " + json::serialize(*least) + " chars long");
        if (most && most->is_int64() && text->size() > static_cast<std::size_t>(most->as_int64()))
            causes.push_back({ "FieldValueTooLong", path, "Too long: may not be longer than " + json::serialize(*most) });
    }
    if (const auto *allowed = schema.if_contains("enum"); allowed && allowed->is_array()) {
        const auto &list = allowed->as_array();
        if (std::find(list.begin(), list.end(), value) == list.end()) {
            std::string known;
            for (const auto &item : list)
                known += (known.empty() ? "" : ", ") + json::serialize(item);
            causes.push_back(
                { "FieldValueNotSupported", path, "Unsupported value: " + json::serialize(value) + ": supported values: " + known });
        }
    }
    if (const auto *list = value.if_array()) {
        const auto *items = schema.if_contains("items");
        for (std::size_t i = 0; items && items->is_object() && i < list->size(); ++i)
            check((*list)[i], items->as_object(), path + "[" + std::to_string(i) + "]", causes, depth + 1);
        return;
    }
    const auto *object = value.if_object();
    if (!object)
        return;
    for (const auto &name : texts(schema, { "required" })) {
        if (!object->contains(name))
            causes.push_back({ "FieldValueRequired", joined(path, name), "Required value" });
    }
    const auto *properties = schema.if_contains("properties");
    const auto *others = schema.if_contains("additionalProperties");
    // In the order of the schema, so that the message is always the same.
    if (properties && properties->is_object()) {
        for (const auto &property : properties->as_object()) {
            const auto *member = object->if_contains(property.key());
            if (member && property.value().is_object() && !(path.empty() && property.key() == "metadata"))
                check(*member, property.value().as_object(), joined(path, std::string(property.key())), causes, depth + 1);
        }
    } else if (others && others->is_object()) {
        for (const auto &member : *object)
            check(member.value(), others->as_object(), joined(path, std::string(member.key())), causes, depth + 1);
    }
}

} // namespace

std::vector<ResourceType> typesOf(const json::object &definition)
{
    std::vector<ResourceType> types;
    const auto *spec = definition.if_contains("spec");
    const auto *versions = spec ? at(*spec, { "versions" }) : nullptr;
    if (!versions || !versions->is_array())
        return types;
    for (const auto &version : versions->as_array()) {
        const auto *served = at(version, { "served" });
        if (!version.is_object() || !served || *served != json::value(true))
            continue;
        ResourceType type { stringAt(*spec, { "group" }), stringAt(version, { "name" }), stringAt(*spec, { "names", "plural" }),
            stringAt(*spec, { "names", "singular" }), stringAt(*spec, { "names", "kind" }), stringAt(*spec, { "scope" }) == "Namespaced",
            texts(*spec, { "names", "shortNames" }), texts(*spec, { "names", "categories" }), false, true };
        type.definition = std::make_shared<const json::object>(version.as_object());
        types.push_back(std::move(type));
    }
    return types;
}

void completeDefinition(json::object &definition)
{
    auto *spec = definition.if_contains("spec");
    if (!spec || !spec->is_object())
        return;
    auto &names = spec->as_object()["names"];
    if (!names.is_object())
        names = json::object();
    const auto kind = stringAt(names, { "kind" });
    auto lower = kind;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (stringAt(names, { "singular" }).empty())
        names.as_object()["singular"] = lower;
    if (stringAt(names, { "listKind" }).empty())
        names.as_object()["listKind"] = kind + "List";
    if (!spec->as_object().contains("conversion"))
        spec->as_object()["conversion"] = json::object { { "strategy", "None" } };
    json::array stored;
    if (const auto *versions = at(*spec, { "versions" }); versions && versions->is_array()) {
        for (const auto &version : versions->as_array()) {
            const auto *isStored = at(version, { "storage" });
            if (isStored && *isStored == json::value(true))
                stored.push_back(json::value(stringAt(version, { "name" })));
        }
    }
    const auto condition = [](const char *type, const char *reason, const char *message) {
        return json::object { { "type", type }, { "status", "True" }, { "lastTransitionTime", timestampNow() }, { "reason", reason },
            { "message", message } };
    };
    definition["status"]
        = json::object { { "conditions",
                             json::array { condition("NamesAccepted", "NoConflicts", "no conflicts found"),
                                 condition("Established", "InitialNamesAccepted", "the initial names have been accepted") } },
              { "acceptedNames", names }, { "storedVersions", std::move(stored) } };
}

bool hasStatusPath(const ResourceType &type)
{
    return !type.definition || at(*type.definition, { "subresources", "status" }) != nullptr;
}

std::vector<std::string> prune(json::object &object, const ResourceType &type)
{
    std::vector<std::string> unknown;
    if (const auto *schema = schemaOfType(type)) {
        json::value value(std::move(object));
        pruneValue(value, *schema, {}, true, unknown, 0);
        object = std::move(value.as_object());
    }
    return unknown;
}

std::vector<std::string> unknownFieldsOf(const json::object &object, const ResourceType &type)
{
    json::object copy = object;
    return prune(copy, type);
}

std::vector<Cause> validateCustom(const json::object &object, const ResourceType &type)
{
    std::vector<Cause> causes;
    if (const auto *schema = schemaOfType(type))
        check(json::value(object), *schema, {}, causes, 0);
    return causes;
}

} // namespace catamaran::lab
