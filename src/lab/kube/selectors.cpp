// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/selectors.h"

#include <algorithm>

namespace catamaran::lab {

namespace {

std::string trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos)
        return {};
    return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

/// Splits at commas outside parentheses.
std::vector<std::string> parts(const std::string &text)
{
    std::vector<std::string> result;
    std::size_t start = 0;
    int depth = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || (text[i] == ',' && depth == 0)) {
            if (auto part = trimmed(std::string_view(text).substr(start, i - start)); !part.empty())
                result.push_back(std::move(part));
            start = i + 1;
        } else if (text[i] == '(') {
            ++depth;
        } else if (text[i] == ')') {
            --depth;
        }
    }
    return result;
}

bool isLabelKey(const std::string &key)
{
    return !key.empty() && key.size() <= 317 && std::all_of(key.begin(), key.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '/';
    });
}

ApiError unparsable(const std::string &text)
{
    return badRequest("unable to parse requirement: found '" + text + "', expected: an identifier, '!', in, notin, =, ==, !=");
}

bool isKnownField(const ResourceType &type, const std::string &field)
{
    if (field == "metadata.name" || (field == "metadata.namespace" && type.namespaced))
        return true;
    if (type.key() == "pods")
        return field == "spec.nodeName" || field == "status.phase" || field == "spec.restartPolicy" || field == "spec.serviceAccountName"
            || field == "status.podIP" || field == "spec.schedulerName" || field == "spec.hostNetwork"
            || field == "status.nominatedNodeName";
    if (type.key() == "events")
        return field.starts_with("involvedObject.") || field == "reason" || field == "type" || field == "reportingComponent"
            || field == "source";
    if (type.key() == "secrets")
        return field == "type";
    if (type.key() == "namespaces")
        return field == "status.phase";
    if (type.key() == "nodes")
        return field == "spec.unschedulable";
    if (type.key() == "apps/replicasets")
        return field == "status.replicas";
    if (type.key() == "services")
        return field == "spec.clusterIP" || field == "spec.type";
    return false;
}

std::string fieldText(const json::object &object, const std::vector<std::string> &path)
{
    const json::value *here = nullptr;
    const json::object *map = &object;
    for (const auto &key : path) {
        if (!map)
            return {};
        here = map->if_contains(key);
        if (!here)
            return {};
        map = here->if_object();
    }
    if (!here)
        return {};
    if (const auto *text = here->if_string())
        return { text->data(), text->size() };
    return here->is_null() || here->is_structured() ? std::string() : json::serialize(*here);
}

} // namespace

Outcome<Selector> Selector::parseLabels(const std::string &text)
{
    Selector selector;
    for (const auto &part : parts(text)) {
        Term term;
        if (const auto open = part.find('('); open != std::string::npos) {
            const auto close = part.rfind(')');
            const auto head = trimmed(std::string_view(part).substr(0, open));
            const auto space = head.find(' ');
            const auto word = space == std::string::npos ? std::string() : trimmed(std::string_view(head).substr(space));
            if (close == std::string::npos || close < open || (word != "in" && word != "notin"))
                return tl::unexpected(unparsable(part));
            term.key = head.substr(0, space);
            term.op = word == "in" ? Operator::In : Operator::NotIn;
            for (std::size_t start = open + 1; start <= close;) {
                const auto comma = std::min(part.find(',', start), close);
                term.values.push_back(trimmed(std::string_view(part).substr(start, comma - start)));
                start = comma + 1;
            }
        } else if (const auto differs = part.find("!="); differs != std::string::npos) {
            term = { trimmed(std::string_view(part).substr(0, differs)), Operator::NotIn,
                { trimmed(std::string_view(part).substr(differs + 2)) }, {} };
        } else if (const auto equals = part.find('='); equals != std::string::npos) {
            const auto valueAt = part.compare(equals, 2, "==") == 0 ? equals + 2 : equals + 1;
            if (part.find('=', valueAt) != std::string::npos)
                return tl::unexpected(badRequest("found '=', expected: ',' or 'end of string'"));
            term = { trimmed(std::string_view(part).substr(0, equals)), Operator::In, { trimmed(std::string_view(part).substr(valueAt)) },
                {} };
        } else if (part.front() == '!') {
            term = { trimmed(std::string_view(part).substr(1)), Operator::DoesNotExist, {}, {} };
        } else {
            term = { part, Operator::Exists, {}, {} };
        }
        if (!isLabelKey(term.key))
            return tl::unexpected(unparsable(part));
        selector.m_terms.push_back(std::move(term));
    }
    return selector;
}

Outcome<Selector> Selector::parseFields(const std::string &text, const ResourceType &type)
{
    Selector selector;
    for (const auto &part : parts(text)) {
        const auto equals = part.find('=');
        if (equals == std::string::npos)
            return tl::unexpected(badRequest("invalid selector: '" + part + "'; can't understand '" + part + "'"));
        const bool negated = equals > 0 && part[equals - 1] == '!';
        const auto valueAt = part.compare(equals, 2, "==") == 0 ? equals + 2 : equals + 1;
        Term term { part.substr(0, negated ? equals - 1 : equals), negated ? Operator::NotIn : Operator::In, { part.substr(valueAt) }, {} };
        if (!isKnownField(type, term.key))
            return tl::unexpected(badRequest("field label not supported: " + term.key));
        // The real server's "source" of an event is its component.
        const auto key = term.key == "source" ? std::string("source.component") : term.key;
        for (std::size_t start = 0; start <= key.size();) {
            const auto dot = std::min(key.find('.', start), key.size());
            term.path.push_back(key.substr(start, dot - start));
            start = dot + 1;
        }
        selector.m_terms.push_back(std::move(term));
    }
    return selector;
}

Selector Selector::fromObject(const json::value *labelSelector)
{
    Selector selector;
    const auto *object = labelSelector ? labelSelector->if_object() : nullptr;
    if (!object)
        return selector;
    if (const auto *labels = object->if_contains("matchLabels"); labels && labels->is_object()) {
        for (const auto &label : labels->as_object()) {
            if (const auto *text = label.value().if_string())
                selector.m_terms.push_back({ std::string(label.key()), Operator::In, { std::string(text->data(), text->size()) }, {} });
        }
    }
    if (const auto *expressions = object->if_contains("matchExpressions"); expressions && expressions->is_array()) {
        for (const auto &expression : expressions->as_array()) {
            const auto op = stringAt(expression, { "operator" });
            Term term { stringAt(expression, { "key" }), Operator::In, {}, {} };
            term.op = op == "NotIn"    ? Operator::NotIn
                : op == "Exists"       ? Operator::Exists
                : op == "DoesNotExist" ? Operator::DoesNotExist
                                       : Operator::In;
            if (const auto *values = at(expression, { "values" }); values && values->is_array()) {
                for (const auto &value : values->as_array()) {
                    if (const auto *text = value.if_string())
                        term.values.emplace_back(text->data(), text->size());
                }
            }
            selector.m_terms.push_back(std::move(term));
        }
    }
    return selector;
}

bool Selector::matches(const json::object &object) const
{
    return std::all_of(m_terms.begin(), m_terms.end(), [&](const Term &term) {
        if (!term.path.empty()) {
            const bool same = fieldText(object, term.path) == term.values.front();
            return term.op == Operator::In ? same : !same;
        }
        const auto *meta = object.if_contains("metadata");
        const auto *labels = meta ? at(*meta, { "labels" }) : nullptr;
        const auto *label = labels && labels->is_object() ? labels->as_object().if_contains(term.key) : nullptr;
        const auto *text = label ? label->if_string() : nullptr;
        const bool among = text
            && std::any_of(term.values.begin(), term.values.end(), [&](const auto &value) { return *text == json::string_view(value); });
        switch (term.op) {
        case Operator::In: return among;
        case Operator::NotIn: return !among;
        case Operator::Exists: return text != nullptr;
        case Operator::DoesNotExist: return text == nullptr;
        }
        return false;
    });
}

std::string Selector::demandedName() const
{
    for (const auto &term : m_terms) {
        if (term.op == Operator::In && term.key == "metadata.name" && !term.path.empty())
            return term.values.front();
    }
    return {};
}

std::string Selector::text() const
{
    std::string result;
    for (const auto &term : m_terms) {
        std::string values;
        for (const auto &value : term.values)
            values += (values.empty() ? "" : ",") + value;
        std::string part;
        switch (term.op) {
        case Operator::In: part = term.values.size() == 1 ? term.key + "=" + values : term.key + " in (" + values + ")"; break;
        case Operator::NotIn: part = term.key + " notin (" + values + ")"; break;
        case Operator::Exists: part = term.key; break;
        case Operator::DoesNotExist: part = "!" + term.key; break;
        }
        result += (result.empty() ? "" : ",") + part;
    }
    return result;
}

} // namespace catamaran::lab
