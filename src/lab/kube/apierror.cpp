// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/apierror.h"

namespace catamaran::lab {

namespace {

json::object detailsOf(const std::string &group, const std::string &kind, const std::string &name)
{
    json::object details;
    if (!name.empty())
        details["name"] = name;
    if (!group.empty())
        details["group"] = group;
    if (!kind.empty())
        details["kind"] = kind;
    return details;
}

std::string quoted(const std::string &text)
{
    return '"' + text + '"';
}

} // namespace

json::object ApiError::status() const
{
    json::object status { { "kind", "Status" }, { "apiVersion", "v1" }, { "metadata", json::object() }, { "status", "Failure" },
        { "message", message } };
    if (!reason.empty())
        status["reason"] = reason;
    if (!details.empty())
        status["details"] = details;
    status["code"] = code;
    return status;
}

std::string qualifiedName(const std::string &group, const std::string &plural)
{
    return group.empty() ? plural : plural + "." + group;
}

ApiError badRequest(std::string message)
{
    return { 400, "BadRequest", std::move(message), {} };
}

ApiError unauthorized()
{
    return { 401, "Unauthorized", "Unauthorized", {} };
}

ApiError forbidden(const std::string &group, const std::string &plural, const std::string &name, const std::string &why)
{
    auto message = qualifiedName(group, plural) + (name.empty() ? "" : " " + quoted(name)) + " is forbidden: " + why;
    return { 403, "Forbidden", std::move(message), detailsOf(group, plural, name) };
}

ApiError notFound(const ResourceType &type, const std::string &name)
{
    return { 404, "NotFound", qualifiedName(type.group, type.plural) + " " + quoted(name) + " not found",
        detailsOf(type.group, type.plural, name) };
}

ApiError resourceNotFound()
{
    return { 404, "NotFound", "the server could not find the requested resource", {} };
}

ApiError methodNotAllowed()
{
    return { 405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {} };
}

ApiError alreadyExists(const ResourceType &type, const std::string &name)
{
    return { 409, "AlreadyExists", qualifiedName(type.group, type.plural) + " " + quoted(name) + " already exists",
        detailsOf(type.group, type.plural, name) };
}

ApiError conflict(const ResourceType &type, const std::string &name, const std::string &why)
{
    const auto text = why.empty() ? "the object has been modified; please apply your changes to the latest version and try again" : why;
    return { 409, "Conflict",
        "Operation cannot be fulfilled on " + qualifiedName(type.group, type.plural) + " " + quoted(name) + ": " + text,
        detailsOf(type.group, type.plural, name) };
}

ApiError invalid(const ResourceType &type, const std::string &name, const std::vector<Cause> &causes)
{
    std::string list;
    json::array items;
    for (const auto &cause : causes) {
        list += (list.empty() ? "" : ", ") + cause.field + ": " + cause.message;
        items.push_back(json::object { { "reason", cause.reason }, { "message", cause.message }, { "field", cause.field } });
    }
    if (causes.size() > 1)
        list = "[" + list + "]";
    auto details = detailsOf(type.group, type.kind, name);
    details["causes"] = std::move(items);
    const auto kind = type.group.empty() ? type.kind : type.kind + "." + type.group;
    return { 422, "Invalid", kind + " " + quoted(name) + " is invalid: " + list, std::move(details) };
}

ApiError unsupportedMediaType(const std::string &accepted)
{
    return { 415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media types include: " + accepted,
        {} };
}

ApiError expired(std::string message)
{
    return { 410, "Expired", std::move(message), {} };
}

ApiError tooLarge()
{
    return { 413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728", {} };
}

ApiError internalError(const std::string &why)
{
    return { 500, "InternalError", "Internal error occurred: " + why,
        { { "causes", json::array { json::object { { "message", why } } } } } };
}

ApiError futureVersion(std::uint64_t asked, std::uint64_t present)
{
    json::object details {
        { "causes", json::array { json::object { { "reason", "ResourceVersionTooLarge" }, { "message", "Too large resource version" } } } },
        { "retryAfterSeconds", 1 }
    };
    return { 504, "Timeout", "Timeout: Too large resource version: " + std::to_string(asked) + ", current: " + std::to_string(present),
        std::move(details) };
}

} // namespace catamaran::lab
