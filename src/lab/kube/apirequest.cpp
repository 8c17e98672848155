// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/apirequest.h"

#include <algorithm>

namespace catamaran::lab {

namespace {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace

bool ApiUser::isIn(std::string_view group) const
{
    return std::find(groups.begin(), groups.end(), group) != groups.end();
}

std::string percentDecoded(std::string_view text, bool plusIsSpace)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0) {
            result += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
            i += 2;
        } else {
            result += text[i] == '+' && plusIsSpace ? ' ' : text[i];
        }
    }
    return result;
}

Query::Query(std::string_view text)
{
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto part = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        // As Go does: a part with a raw semicolon is dropped.
        if (part.empty() || part.find(';') != std::string_view::npos)
            continue;
        const auto equals = std::min(part.find('='), part.size());
        m_pairs.emplace_back(
            percentDecoded(part.substr(0, equals), true), percentDecoded(part.substr(std::min(equals + 1, part.size())), true));
    }
}

std::string Query::value(std::string_view key) const
{
    const auto found = std::find_if(m_pairs.begin(), m_pairs.end(), [&](const auto &pair) { return pair.first == key; });
    return found == m_pairs.end() ? std::string() : found->second;
}

bool Query::flag(std::string_view key) const
{
    const auto text = value(key);
    return text == "true" || text == "1";
}

bool Query::has(std::string_view key) const
{
    return std::any_of(m_pairs.begin(), m_pairs.end(), [&](const auto &pair) { return pair.first == key; });
}

std::vector<std::string> Query::all(std::string_view key) const
{
    std::vector<std::string> result;
    for (const auto &pair : m_pairs) {
        if (pair.first == key)
            result.push_back(pair.second);
    }
    return result;
}

std::string ApiRequest::fieldManager() const
{
    if (auto name = query.value("fieldManager"); !name.empty())
        return name;
    // As the real server: the part of the user agent before the first slash.
    const auto name = userAgent.substr(0, userAgent.find('/'));
    return name.empty() ? "unknown" : name;
}

Shape shapeOf(const ApiRequest &request)
{
    Shape shape;
    if (const auto include = request.query.value("includeObject"); include == "Object")
        shape.include = Shape::Include::Object;
    else if (include == "None")
        shape.include = Shape::Include::None;
    // The first type that we can make wins; JSON in doubt, never 406.
    std::string_view rest = request.accept;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(','), rest.size());
        const auto type = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (type.find("application/json") == std::string_view::npos)
            continue;
        const bool old = type.find("v=v1beta1") != std::string_view::npos;
        if (type.find("as=Table") != std::string_view::npos)
            shape.kind = Shape::Kind::Table;
        else if (type.find("as=PartialObjectMetadata") != std::string_view::npos)
            shape.kind = Shape::Kind::Metadata;
        else if (type.find("as=") != std::string_view::npos)
            continue;
        if (old)
            shape.apiVersion = "meta.k8s.io/v1beta1";
        break;
    }
    return shape;
}

ApiAnswer answerOf(const ApiError &error)
{
    return { error.code, "application/json", json::serialize(error.status()), {} };
}

ApiAnswer answerOf(const json::object &object, unsigned status)
{
    return { status, "application/json", json::serialize(object), {} };
}

} // namespace catamaran::lab
