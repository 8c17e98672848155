// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/openapi.h"

#include "lab/kube/schema.h"

#include <QFile>

#include <algorithm>
#include <set>

// Of a resource in a static library; outside of any namespace.
static void loadOpenApiResource()
{
    Q_INIT_RESOURCE(lab_openapi);
}

namespace catamaran::lab {

namespace {

constexpr std::string_view definitionPrefix = "#/definitions/";

/// A property for a field that the document does not know yet.
json::object laterField(const SchemaField &field)
{
    using Shape = SchemaField::Shape;
    const auto typed = [](const char *type) { return json::object { { "type", type } }; };
    switch (field.shape) {
    case Shape::Text: return typed("string");
    case Shape::Boolean: return typed("boolean");
    case Shape::Integer: return { { "type", "integer" }, { "format", "int32" } };
    case Shape::Map: return { { "type", "object" }, { "additionalProperties", typed("string") } };
    case Shape::List: return { { "type", "array" }, { "items", field.itemShape == Shape::Text ? typed("string") : typed("object") } };
    case Shape::Object:
    case Shape::Any: break;
    }
    return typed("object");
}

json::object readDefinitions()
{
    loadOpenApiResource();
    QFile file(QStringLiteral(":/lab/openapi-definitions.json"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray text = file.readAll();
    boost::system::error_code error;
    auto document = json::parse(json::string_view(text.constData(), static_cast<std::size_t>(text.size())), error);
    auto *found = error || !document.is_object() ? nullptr : document.as_object().if_contains("definitions");
    if (!found || !found->is_object())
        return {};
    auto definitions = std::move(found->as_object());
    for (auto &definition : definitions) {
        const std::string_view name(definition.key().data(), definition.key().size());
        const auto *type = schemaTypeNamed(name.substr(name.rfind('.') + 1));
        auto *properties = definition.value().as_object().if_contains("properties");
        if (!type || !properties || !properties->is_object())
            continue;
        for (const auto &[fieldName, field] : type->fields) {
            if (!properties->as_object().contains(fieldName))
                properties->as_object()[fieldName] = laterField(field);
        }
    }
    return definitions;
}

const json::object &definitions()
{
    static const json::object all = readDefinitions();
    return all;
}

json::object kindOf(const ResourceType &type)
{
    return { { "group", type.group }, { "version", type.version }, { "kind", type.kind } };
}

/// "example.com" + v1 + Boat = "com.example.v1.Boat"
std::string customName(const ResourceType &type)
{
    std::string reversed, part;
    for (const char c : type.group + ".") {
        if (c != '.') {
            part += c;
            continue;
        }
        reversed = part + (reversed.empty() ? "" : "." + reversed);
        part.clear();
    }
    return reversed + "." + type.version + "." + type.kind;
}

/// The definition of a kind: its name and itself; an empty name for kinds that are not described.
std::pair<std::string, json::object> definitionOf(const ResourceType &type)
{
    if (type.definition) {
        const auto *section = type.definition->if_contains("schema");
        const auto *schema = section ? at(*section, { "openAPIV3Schema" }) : nullptr;
        json::object whole = schema && schema->is_object() ? schema->as_object() : json::object { { "type", "object" } };
        json::object properties { { "apiVersion", json::object { { "type", "string" } } },
            { "kind", json::object { { "type", "string" } } },
            { "metadata", json::object { { "$ref", "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" } } } };
        if (const auto *own = whole.if_contains("properties"); own && own->is_object()) {
            for (const auto &property : own->as_object()) {
                if (!properties.contains(property.key()))
                    properties[property.key()] = property.value();
            }
        }
        whole["properties"] = std::move(properties);
        whole["x-kubernetes-group-version-kind"] = json::array { kindOf(type) };
        return { customName(type), std::move(whole) };
    }
    const auto kind = kindOf(type);
    for (const auto &definition : definitions()) {
        const auto *kinds = at(definition.value(), { "x-kubernetes-group-version-kind" });
        if (kinds && kinds->is_array() && kinds->as_array().size() == 1 && kinds->as_array().front() == json::value(kind))
            return { std::string(definition.key()), definition.value().as_object() };
    }
    return {};
}

void collectReferences(const json::value &value, std::set<std::string> &names)
{
    if (const auto *object = value.if_object()) {
        for (const auto &member : *object) {
            const auto *text = member.key() == "$ref" ? member.value().if_string() : nullptr;
            if (!text) {
                collectReferences(member.value(), names);
            } else if (text->starts_with(json::string_view(definitionPrefix.data(), definitionPrefix.size()))) {
                const std::string name(text->data() + definitionPrefix.size(), text->size() - definitionPrefix.size());
                const auto *target = names.insert(name).second ? definitions().if_contains(name) : nullptr;
                if (target)
                    collectReferences(*target, names);
            }
        }
    } else if (const auto *array = value.if_array()) {
        for (const auto &item : *array)
            collectReferences(item, names);
    }
}

/// The definitions of @p types and everything they refer to.
json::object definitionsFor(const std::vector<ResourceType> &types)
{
    json::object result;
    std::set<std::string> names;
    for (const auto &type : types) {
        auto [name, definition] = definitionOf(type);
        if (name.empty())
            continue;
        collectReferences(definition, names);
        result[name] = std::move(definition);
    }
    for (const auto &name : names) {
        if (const auto *definition = definitions().if_contains(name))
            result[name] = *definition;
    }
    return result;
}

/// Version 3 has its references elsewhere, and nothing beside them.
json::value asVersion3(const json::value &value)
{
    if (const auto *array = value.if_array()) {
        json::array result;
        for (const auto &item : *array)
            result.push_back(asVersion3(item));
        return result;
    }
    const auto *object = value.if_object();
    if (!object)
        return value;
    json::object result;
    for (const auto &member : *object) {
        const auto *text = member.key() == "$ref" ? member.value().if_string() : nullptr;
        if (!text) {
            result[member.key()] = asVersion3(member.value());
            continue;
        }
        const auto skipped = std::min(text->size(), definitionPrefix.size());
        const json::object reference { { "$ref", "#/components/schemas/" + std::string(text->data() + skipped, text->size() - skipped) } };
        if (object->size() == 1)
            return reference;
        result["allOf"] = json::array { reference };
    }
    return result;
}

/// The wire format of protocol buffers, as far as a document of texts needs it.
class Message {
public:
    Message &text(unsigned field, std::string_view bytes)
    {
        number(field << 3 | 2U);
        number(bytes.size());
        m_bytes += bytes;
        return *this;
    }
    Message &message(unsigned field, const Message &inner) { return text(field, inner.m_bytes); }
    Message &flag(unsigned field)
    {
        number(field << 3);
        number(1);
        return *this;
    }
    [[nodiscard]] const std::string &bytes() const { return m_bytes; }

private:
    void number(std::uint64_t value)
    {
        for (; value > 127; value >>= 7)
            m_bytes += static_cast<char>((value & 127) | 128);
        m_bytes += static_cast<char>(value);
    }
    std::string m_bytes;
};

Message named(const std::string &name, const Message &value)
{
    Message message;
    return message.text(1, name).message(2, value);
}

/// An extension: its value travels as YAML, of which JSON is a part.
Message extension(const std::string &name, const json::value &value)
{
    Message any;
    any.text(2, json::serialize(value));
    return named(name, any);
}

Message schemaMessage(const json::object &schema)
{
    Message message;
    const auto text = [&](const char *key, unsigned field) {
        if (const auto value = stringAt(schema, { key }); !value.empty())
            message.text(field, value);
    };
    text("$ref", 1);
    text("format", 2);
    text("description", 4);
    if (const auto *required = schema.if_contains("required"); required && required->is_array()) {
        for (const auto &name : required->as_array()) {
            if (const auto *word = name.if_string())
                message.text(19, std::string_view(word->data(), word->size()));
        }
    }
    if (const auto *values = schema.if_contains("additionalProperties"); values && values->is_object()) {
        Message item;
        message.message(21, item.message(1, schemaMessage(values->as_object())));
    }
    if (const auto type = stringAt(schema, { "type" }); !type.empty()) {
        Message item;
        message.message(22, item.text(1, type));
    }
    if (const auto *items = schema.if_contains("items"); items && items->is_object()) {
        Message item;
        message.message(23, item.message(1, schemaMessage(items->as_object())));
    }
    if (const auto *properties = schema.if_contains("properties"); properties && properties->is_object()) {
        Message all;
        for (const auto &property : properties->as_object()) {
            if (property.value().is_object())
                all.message(1, named(std::string(property.key()), schemaMessage(property.value().as_object())));
        }
        message.message(25, all);
    }
    for (const auto &member : schema) {
        if (member.key().starts_with("x-kubernetes-"))
            message.message(31, extension(std::string(member.key()), member.value()));
    }
    return message;
}

/// What clients look for before they ask for a dry run: a patch of the kind with this parameter.
Message pathMessage(const ResourceType &type)
{
    Message operation;
    for (const char *name : { "dryRun", "fieldManager", "force" }) {
        Message query, inner, parameter, item;
        query.text(2, "query").text(4, name).text(6, "string");
        inner.message(3, query);
        parameter.message(2, inner);
        item.message(1, parameter);
        operation.message(8, item);
    }
    operation.message(9, Message());
    operation.message(13, extension("x-kubernetes-group-version-kind", kindOf(type)));
    Message path;
    return path.message(8, operation);
}

} // namespace

std::string openApiPath(const ResourceType &type)
{
    const auto root = type.group.empty() ? "/api/" + type.version : "/apis/" + type.group + "/" + type.version;
    return root + (type.namespaced ? "/namespaces/{namespace}/" : "/") + type.plural;
}

json::object openApiV3(const std::vector<ResourceType> &types, const std::string &group, const std::string &version)
{
    std::vector<ResourceType> own;
    std::copy_if(types.begin(), types.end(), std::back_inserter(own),
        [&](const ResourceType &type) { return type.group == group && type.version == version; });
    json::object paths;
    for (const auto &type : own) {
        // Enough for clients to see that the server validates fields and dry-runs each kind: they leave both to it. Media
        // types are left out: clients then build patches of built-in kinds with what they know themselves.
        json::array parameters;
        for (const char *name : { "dryRun", "fieldManager", "fieldValidation", "force" })
            parameters.push_back(json::object {
                { "name", name }, { "in", "query" }, { "schema", json::object { { "type", "string" }, { "uniqueItems", true } } } });
        json::object patch { { "description", "partially update the specified " + type.kind }, { "parameters", std::move(parameters) },
            { "responses", json::object { { "200", json::object { { "description", "OK" } } } } } };
        patch["x-kubernetes-action"] = "patch";
        patch["x-kubernetes-group-version-kind"] = kindOf(type);
        paths[openApiPath(type) + "/{name}"] = json::object { { "patch", std::move(patch) } };
    }
    const auto schemas = asVersion3(definitionsFor(own));
    return { { "openapi", "3.0.0" }, { "info", json::object { { "title", "Kubernetes" }, { "version", "v1" } } },
        { "paths", std::move(paths) }, { "components", json::object { { "schemas", schemas } } } };
}

std::string openApiV2(const std::vector<ResourceType> &types)
{
    Message info, paths, all, document;
    info.text(1, "Kubernetes").text(2, "v1");
    for (const auto &type : types)
        paths.message(2, named(openApiPath(type) + "/{name}", pathMessage(type)));
    for (const auto &definition : definitionsFor(types))
        all.message(1, named(std::string(definition.key()), schemaMessage(definition.value().as_object())));
    document.text(1, "2.0").message(2, info).message(8, paths).message(9, all);
    return document.bytes();
}

} // namespace catamaran::lab
