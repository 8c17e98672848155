// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/api.h"
#include "lab/kube/tables.h"

#include <charconv>
#include <random>

namespace catamaran::lab {

namespace {

/// Where the next page begins and which version the first one showed.
struct Continue {
    std::uint64_t version = 0;
    std::string ns, name;
};

// Opaque to clients: the text in hexadecimal.
std::string encode(const Continue &from)
{
    const auto text = json::serialize(json::object { { "v", from.version }, { "ns", from.ns }, { "name", from.name } });
    std::string result;
    for (const unsigned char c : text) {
        result += "0123456789abcdef"[c >> 4];
        result += "0123456789abcdef"[c & 15];
    }
    return result;
}

std::optional<Continue> decode(const std::string &token)
{
    if (token.size() % 2 != 0 || token.size() > 4096)
        return std::nullopt;
    std::string text;
    for (std::size_t i = 0; i < token.size(); i += 2) {
        unsigned value = 0;
        const auto [end, code] = std::from_chars(token.data() + i, token.data() + i + 2, value, 16);
        if (code != std::errc() || end != token.data() + i + 2)
            return std::nullopt;
        text += static_cast<char>(value);
    }
    boost::system::error_code error;
    const auto value = json::parse(text, error);
    const auto *version = error ? nullptr : at(value, { "v" });
    if (!version || !version->is_number())
        return std::nullopt;
    return Continue { version->to_number<std::uint64_t>(), stringAt(value, { "ns" }), stringAt(value, { "name" }) };
}

bool parseNumber(const std::string &text, std::uint64_t &number)
{
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    return code == std::errc() && end == text.data() + text.size();
}

struct Selectors {
    Selector labels, fields;
};

Outcome<Selectors> selectorsOf(const ApiRequest &request, const ResourceType &type, const std::string &name)
{
    auto labels = Selector::parseLabels(request.query.value("labelSelector"));
    if (!labels)
        return tl::unexpected(labels.error());
    auto text = request.query.value("fieldSelector");
    // A watch of one object by its path is a watch with this selector.
    if (!name.empty())
        text += (text.empty() ? "" : ",") + std::string("metadata.name=") + name;
    auto fields = Selector::parseFields(text, type);
    if (!fields)
        return tl::unexpected(fields.error());
    return Selectors { std::move(*labels), std::move(*fields) };
}

ResourceType listOptions()
{
    return { "meta.k8s.io", "", "", "", "ListOptions", false, {}, {}, false, false };
}

/// The real server gives this one as it comes from its storage: 500, without a reason.
ApiError noVersion(const std::string &text)
{
    return { 500, "", "resourceVersion: Invalid value: \"" + text + "\": strconv.ParseUint: parsing \"" + text + "\": invalid syntax", {} };
}

/// What is wrong with the resourceVersionMatch of a list.
std::optional<Cause> wrongMatch(const Query &query)
{
    const auto match = query.value("resourceVersionMatch");
    if (match.empty())
        return std::nullopt;
    const auto forbidden = [](const std::string &why) {
        return Cause { "FieldValueForbidden", "resourceVersionMatch", "Forbidden: " + why };
    };
    const auto version = query.value("resourceVersion");
    if (!query.value("continue").empty())
        return forbidden("resourceVersionMatch is forbidden when continue is provided");
    if (version.empty())
        return forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided");
    if (match != "Exact" && match != "NotOlderThan")
        return Cause { "FieldValueNotSupported", "resourceVersionMatch",
            "Unsupported value: \"" + match + "\": supported values: \"Exact\", \"NotOlderThan\", \"\"" };
    if (match == "Exact" && version == "0")
        return forbidden("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
    return std::nullopt;
}

std::string listKind(const ResourceType &type)
{
    return type.kind == "Endpoints" ? "EndpointsList" : type.kind + "List";
}

} // namespace

ApiAnswer Api::one(const ApiRequest &request, const ResourceType &type, const ObjectStore::Object &object, unsigned status) const
{
    const auto shape = shapeOf(request);
    if (shape.kind == Shape::Kind::Table) {
        json::object meta { { "resourceVersion", metaString(*object, "resourceVersion") } };
        return answerOf(tableOf(tableColumns(type), { tableRow(type, *object, shape) }, std::move(meta), shape), status);
    }
    if (shape.kind == Shape::Kind::Metadata)
        return answerOf(partialMetadata(*object, shape), status);
    return { status, "application/json", ObjectStore::textOf(inVersion(object, type)), {} };
}

ApiReply Api::get(const ApiRequest &request, const Target &target) const
{
    const auto object = m_store->get(target.type.key(), target.ns, target.name);
    if (!object)
        return answerOf(notFound(target.type, target.name));
    return one(request, target.type, object);
}

ApiReply Api::list(const ApiRequest &request, const Target &target) const
{
    const auto &query = request.query;
    const auto selectors = selectorsOf(request, target.type, {});
    if (!selectors)
        return answerOf(selectors.error());
    std::uint64_t limit = 0;
    if (const auto text = query.value("limit"); !text.empty() && !parseNumber(text, limit))
        return answerOf(badRequest("strconv.ParseInt: parsing \"" + text + "\": invalid syntax"));

    if (const auto cause = wrongMatch(query))
        return answerOf(invalid(listOptions(), "", { *cause }));
    Continue from { m_store->version(), {}, {} };
    if (const auto token = query.value("continue"); !token.empty()) {
        const auto decoded = decode(token);
        if (!decoded)
            return answerOf(badRequest("invalid continue token: continue key is not valid: the token is not one of this server"));
        if (!m_store->hasHistorySince(decoded->version)) {
            auto error = expired(
                "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the "
                "continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - "
                "objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.");
            auto status = error.status();
            status["metadata"] = json::object { { "continue", encode({ m_store->version(), decoded->ns, decoded->name }) } };
            return answerOf(status, error.code);
        }
        from = *decoded;
    } else if (const auto text = query.value("resourceVersion"); !text.empty() && text != "0") {
        std::uint64_t wanted = 0;
        if (!parseNumber(text, wanted))
            return answerOf(noVersion(text));
        if (wanted > m_store->version())
            return answerOf(futureVersion(wanted, m_store->version()));
        if (query.value("resourceVersionMatch") == "Exact" && !m_store->hasHistorySince(wanted))
            return answerOf(expired("The resourceVersion for the provided list is too old."));
    }

    const auto shape = shapeOf(request);
    const auto &type = target.type;
    std::vector<ObjectStore::Object> page;
    bool more = false;
    std::uint64_t left = 0;
    const bool countable = selectors->labels.isEmpty() && selectors->fields.isEmpty();
    // Later pages show what the first one saw: newcomers are not part of a list that has begun.
    m_store->visitAt(from.version, type.key(), target.ns, from.ns, from.name, [&](const ObjectStore::Object &object) {
        if (!selectors->labels.matches(*object) || !selectors->fields.matches(*object))
            return true;
        if (limit != 0 && page.size() == limit) {
            more = true;
            ++left;
            return countable; // only an unselected list tells how many remain
        }
        page.push_back(object);
        return true;
    });

    json::object meta { { "resourceVersion", std::to_string(from.version) } };
    if (more) {
        meta["continue"] = encode({ from.version, namespaceOf(*page.back()), nameOf(*page.back()) });
        if (countable)
            meta["remainingItemCount"] = left;
    }
    if (shape.kind == Shape::Kind::Table) {
        json::array rows;
        rows.reserve(page.size());
        for (const auto &object : page)
            rows.push_back(tableRow(type, *object, shape));
        return answerOf(tableOf(tableColumns(type), std::move(rows), std::move(meta), shape));
    }
    const bool metadataOnly = shape.kind == Shape::Kind::Metadata;
    ApiAnswer answer;
    auto &body = answer.body;
    body = "{\"kind\":\"" + (metadataOnly ? std::string("PartialObjectMetadataList") : listKind(type)) + "\",\"apiVersion\":\""
        + (metadataOnly ? shape.apiVersion : type.apiVersion()) + "\",\"metadata\":" + json::serialize(meta) + ",\"items\":[";
    if (!metadataOnly && !type.custom) {
        std::size_t size = body.size() + 16;
        for (const auto &object : page)
            size += ObjectStore::textOf(object).size() + 1;
        body.reserve(size);
    }
    bool first = true;
    for (const auto &object : page) {
        if (!first)
            body += ',';
        first = false;
        if (metadataOnly)
            body += json::serialize(partialMetadata(*object, shape));
        else
            ObjectStore::appendListItem(body, inVersion(object, type), !type.custom);
    }
    body += "]}\n";
    return answer;
}

ApiReply Api::watch(const ApiRequest &request, const Target &target) const
{
    const auto &query = request.query;
    auto selectors = selectorsOf(request, target.type, target.name);
    if (!selectors)
        return answerOf(selectors.error());
    WatchPlan plan;
    plan.type = target.type;
    plan.ns = target.ns;
    plan.labels = std::move(selectors->labels);
    plan.fields = std::move(selectors->fields);
    plan.shape = shapeOf(request);
    plan.bookmarks = query.flag("allowWatchBookmarks");
    const auto text = query.value("resourceVersion");
    if (query.has("resourceVersionMatch") && !query.flag("sendInitialEvents"))
        return answerOf(invalid(listOptions(), "",
            { { "FieldValueForbidden", "resourceVersionMatch",
                "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided" } }));
    if (!text.empty() && !parseNumber(text, plan.from))
        return answerOf(noVersion(text));
    plan.endOfInitial = query.flag("sendInitialEvents");
    plan.withInitial = plan.from == 0 || plan.endOfInitial;
    if (plan.from > m_store->version())
        return answerOf(futureVersion(plan.from, m_store->version()));
    std::uint64_t seconds = 0;
    if (const auto limit = query.value("timeoutSeconds"); !limit.empty() && parseNumber(limit, seconds) && seconds > 0) {
        plan.limit = std::chrono::seconds(std::min<std::uint64_t>(seconds, 86400));
    } else {
        static std::minstd_rand generator { std::random_device {}() };
        plan.limit = std::chrono::seconds(std::uniform_int_distribution<int>(1800, 3600)(generator));
    }
    return plan;
}

} // namespace catamaran::lab
