// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/yamljson.h"

#include "core/yamldocuments.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <set>

namespace catamaran::lab {

namespace {

constexpr int maximalDepth = 100;
constexpr int maximalNodes = 200000;

json::value scalar(const YAML::Node &node)
{
    const auto &text = node.Scalar();
    if (node.Tag() == "!" || node.Tag() == "tag:yaml.org,2002:str")
        return json::string(text);
    static const std::set<std::string> yes { "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y" };
    static const std::set<std::string> no { "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N" };
    static const std::set<std::string> null { "", "~", "null", "Null", "NULL" };
    if (yes.contains(text))
        return true;
    if (no.contains(text))
        return false;
    if (null.contains(text))
        return nullptr;
    if (!std::isdigit(static_cast<unsigned char>(text.front())) && !std::strchr("+-.", text.front()))
        return json::string(text);
    const char *begin = text.data() + (text.front() == '+' ? 1 : 0);
    const char *end = text.data() + text.size();
    std::int64_t whole = 0;
    const bool hex = text.starts_with("0x");
    if (const auto [stop, code] = std::from_chars(hex ? begin + 2 : begin, end, whole, hex ? 16 : 10);
        code == std::errc() && stop == end && stop != begin)
        return whole;
    double real = 0;
    if (const auto [stop, code] = std::from_chars(begin, end, real); code == std::errc() && stop == end && std::isfinite(real))
        return real;
    return json::string(text);
}

json::value convert(const YAML::Node &node, int depth, int &left)
{
    if (depth > maximalDepth || --left < 0)
        throw YAML::Exception(node.Mark(), "the document is nested too deep or too large");
    if (node.IsMap()) {
        json::object object;
        for (const auto &pair : node) {
            if (!pair.first.IsScalar())
                throw YAML::Exception(pair.first.Mark(), "a key is not text");
            if (!object.emplace(pair.first.Scalar(), convert(pair.second, depth + 1, left)).second)
                throw YAML::Exception(pair.first.Mark(), "key \"" + pair.first.Scalar() + "\" already set in map");
        }
        return object;
    }
    if (node.IsSequence()) {
        json::array array;
        for (const auto &item : node)
            array.push_back(convert(item, depth + 1, left));
        return array;
    }
    return node.IsScalar() ? scalar(node) : json::value();
}

} // namespace

Outcome<json::value> parseJson(std::string_view text)
{
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = maximalDepth;
    auto value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
    if (error)
        return tl::unexpected(badRequest("the object provided is unrecognized (must be of type JSON): " + error.message()));
    return value;
}

Outcome<json::value> parseYaml(const std::string &text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && (text[first] == '{' || text[first] == '['))
        return parseJson(text);
    try {
        if (!core::hasAtMostDocuments(text, 1)) // and LoadAll would never end on some broken texts
            return tl::unexpected(badRequest("error decoding YAML: expected one document, found several"));
        const auto documents = YAML::LoadAll(text);
        if (documents.size() != 1)
            return tl::unexpected(badRequest("error decoding YAML: expected one document, found " + std::to_string(documents.size())));
        int left = maximalNodes;
        return convert(documents.front(), 0, left);
    } catch (const YAML::Exception &failure) {
        return tl::unexpected(badRequest(std::string("error decoding YAML: ") + failure.what()));
    }
}

} // namespace catamaran::lab
