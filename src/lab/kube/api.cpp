// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/api.h"

#include "lab/kube/customresources.h"
#include "lab/kube/ephemeral.h"
#include "lab/kube/validation.h"

#include <algorithm>

namespace catamaran::lab {

namespace {

std::vector<std::string> segments(std::string_view path)
{
    std::vector<std::string> result;
    while (!path.empty()) {
        path.remove_prefix(path.front() == '/' ? 1 : 0);
        const auto end = std::min(path.find('/'), path.size());
        if (end > 0)
            result.push_back(percentDecoded(path.substr(0, end), false));
        path.remove_prefix(end);
    }
    return result;
}

std::string verbOf(const ApiRequest &request, bool named, bool watches)
{
    if (request.method == "GET" || request.method == "HEAD")
        return watches ? "watch" : named ? "get" : "list";
    if (request.method == "POST")
        return "create";
    if (request.method == "PUT")
        return "update";
    if (request.method == "PATCH")
        return "patch";
    if (request.method == "DELETE")
        return named ? "delete" : "deletecollection";
    return request.method;
}

constexpr const char *definitionsKey = "apiextensions.k8s.io/customresourcedefinitions";

ApiAnswer plainNotFound()
{
    return { 404, "text/plain; charset=utf-8", "404 page not found\n", {} };
}

} // namespace

Api::Api(std::shared_ptr<ObjectStore> store, const ApiServerOptions &options)
    : m_store(std::move(store))
    , m_discovery(options.types, options.gitVersion, options.podRuntime)
    , m_authorizer(options.grants)
    , m_runsPods(options.podRuntime)
{
    if (!m_discovery.find("apiextensions.k8s.io", "v1", "customresourcedefinitions"))
        return;
    m_store->setAdmission(definitionsKey, [](json::object &definition) {
        completeDefinition(definition);
        return std::string();
    });
    m_definitions = m_store->subscribe([this](const ObjectEvent &event) {
        if (event.typeKey != definitionsKey)
            return;
        serveDefinitions();
        if (event.type == ObjectEvent::Type::Deleted)
            definitionGone(*event.object);
    });
    serveDefinitions();
}

void Api::serveDefinitions()
{
    std::vector<ResourceType> types;
    for (const auto &definition : m_store->list(definitionsKey)) {
        for (auto &type : typesOf(*definition))
            types.push_back(std::move(type));
    }
    m_discovery.setCustomTypes(types);
}

void Api::definitionGone(const json::object &definition)
{
    for (const auto &type : typesOf(definition)) {
        // A kind that the server has anyway keeps its objects.
        if (m_discovery.find(type.group, type.version, type.plural))
            continue;
        for (const auto &object : m_store->list(type.key()))
            m_store->remove(type.key(), namespaceOf(*object), nameOf(*object));
    }
}

ApiReply Api::reply(const ApiRequest &request)
{
    auto path = request.path;
    while (path.size() > 1 && path.back() == '/')
        path.pop_back();
    const bool open = path == "/healthz" || path == "/livez" || path == "/readyz" || path == "/version";
    if (!request.user.isKnown() && !open)
        return answerOf(unauthorized());
    if (!request.actsAs.name.empty() || !request.actsAs.groups.empty())
        return impersonated(request);
    if (auto described = m_discovery.answer(path)) {
        if (request.method != "GET" && request.method != "HEAD")
            return answerOf(methodNotAllowed());
        return std::move(*described);
    }
    if (auto reviewed = review(request))
        return std::move(*reviewed);
    if (!path.starts_with("/api/") && !path.starts_with("/apis/")) {
        if (!request.user.isIn("system:masters")) {
            auto verb = request.method;
            std::transform(verb.begin(), verb.end(), verb.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            return answerOf(Authorizer::refusal(request.user, verb, path));
        }
        return plainNotFound();
    }
    const auto target = targetOf(path);
    if (!target)
        return m_discovery.servesVersionOf(path) ? ApiReply(answerOf(resourceNotFound())) : ApiReply(plainNotFound());
    return dispatch(request, *target);
}

ApiReply Api::impersonated(const ApiRequest &request)
{
    const auto &wanted = request.actsAs;
    if (wanted.name.empty())
        return answerOf(badRequest("requested [{Group  " + wanted.groups.front() + "  }] without impersonating a user"));
    std::vector<Access> needed { { "impersonate", "", "users", "", "", wanted.name } };
    for (const auto &group : wanted.groups)
        needed.push_back({ "impersonate", "", "groups", "", "", group });
    for (const auto &access : needed) {
        if (!m_authorizer.allows(request.user, access))
            return answerOf(Authorizer::refusal(request.user, access));
    }
    ApiRequest other = request;
    other.user = wanted;
    other.user.groups.emplace_back("system:authenticated");
    other.actsAs = {};
    return reply(other);
}

std::optional<Api::Target> Api::targetOf(const std::string &path) const
{
    const auto parts = segments(path);
    std::size_t next = 0;
    std::string group, version;
    if (parts.size() >= 3 && parts[0] == "api") {
        version = parts[1];
        next = 2;
    } else if (parts.size() >= 4 && parts[0] == "apis") {
        group = parts[1];
        version = parts[2];
        next = 3;
    } else {
        return std::nullopt;
    }
    Target target;
    const ResourceType *type = nullptr;
    if (parts[next] == "namespaces" && parts.size() >= next + 3)
        type = m_discovery.find(group, version, parts[next + 2]);
    if (type && type->namespaced) {
        target.ns = parts[next + 1];
        next += 2;
    } else {
        type = m_discovery.find(group, version, parts[next]);
    }
    if (!type || parts.size() > next + 3)
        return std::nullopt;
    target.type = *type;
    if (parts.size() > next + 1)
        target.name = parts[next + 1];
    if (parts.size() > next + 2)
        target.subresource = parts[next + 2];
    // A namespaced object needs its namespace; only lists span all.
    if (target.type.namespaced && target.ns.empty() && !target.name.empty())
        return std::nullopt;
    return target;
}

ApiReply Api::dispatch(const ApiRequest &request, const Target &target)
{
    const bool named = !target.name.empty();
    const bool reads = request.method == "GET" || request.method == "HEAD";
    const bool watches = reads && request.query.flag("watch") && target.subresource.empty();
    Access access { verbOf(request, named, watches), target.type.group, target.type.plural, target.subresource, target.ns, target.name };
    // A namespace is asked for as if it lay inside itself, as the real server does.
    if (target.type.key() == "namespaces" && named)
        access.ns = target.name;
    if (!m_authorizer.allows(request.user, access))
        return answerOf(Authorizer::refusal(request.user, access));
    if (const auto dryRun = request.query.all("dryRun"); !dryRun.empty() && (dryRun.size() > 1 || dryRun.front() != "All"))
        return answerOf(invalid({ "", "", "", "", "", false, {}, {}, false, false }, "",
            { { "FieldValueNotSupported", "dryRun", "Unsupported value: \"" + dryRun.front() + "\": supported values: \"All\"" } }));
    if (!target.subresource.empty())
        return subresource(request, target);
    if (reads) {
        if (watches)
            return watch(request, target);
        return named ? get(request, target) : list(request, target);
    }
    if (request.method == "POST")
        return named ? ApiReply(answerOf(methodNotAllowed())) : create(request, target);
    if (request.method == "DELETE")
        return named ? remove(request, target) : removeCollection(request, target);
    if (!named)
        return answerOf(methodNotAllowed());
    if (request.method == "PUT")
        return update(request, target);
    if (request.method == "PATCH")
        return patch(request, target);
    return answerOf(methodNotAllowed());
}

ApiReply Api::subresource(const ApiRequest &request, const Target &target)
{
    const bool pod = target.type.key() == "pods" && m_runsPods;
    if (target.subresource == "scale" && target.type.scalable)
        return scale(request, target);
    if (target.subresource == "log" && pod)
        return request.method == "GET" ? log(request, target) : ApiReply(answerOf(methodNotAllowed()));
    if (target.subresource == "exec" && pod)
        return exec(request, target);
    if (target.subresource == "token" && target.type.key() == "serviceaccounts")
        return serviceToken(request, target);
    if (target.subresource == "finalize" && target.type.key() == "namespaces")
        return request.method == "PUT" ? finalizeNamespace(request, target) : ApiReply(answerOf(methodNotAllowed()));
    if (target.subresource == "status" || (target.subresource == ephemeralSubresource && target.type.key() == "pods")) {
        if (request.method == "GET")
            return get(request, target);
        if (request.method == "PUT")
            return update(request, target);
        if (request.method == "PATCH")
            return patch(request, target);
        return answerOf(methodNotAllowed());
    }
    return answerOf(resourceNotFound());
}

ObjectStore::Object inVersion(const ObjectStore::Object &object, const ResourceType &type)
{
    // Only Istio's kinds have several versions; their fields are the same in all of them.
    if (!object || !type.custom)
        return object;
    const auto *version = object->if_contains("apiVersion");
    const auto wanted = type.apiVersion();
    if (version && version->is_string() && version->as_string() == json::string_view(wanted))
        return object;
    auto copy = *object;
    copy["apiVersion"] = wanted;
    // textOf() needs an object that came out of a store.
    return ObjectStore::detached(std::move(copy));
}

} // namespace catamaran::lab
