// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/api.h"
#include "lab/kube/protobody.h"
#include "lab/kube/yamljson.h"

namespace catamaran::lab {

namespace {

ApiUser userOf(const json::value &spec)
{
    ApiUser user { stringAt(spec, { "user" }), {} };
    if (const auto *groups = at(spec, { "groups" }); groups && groups->is_array()) {
        for (const auto &group : groups->as_array()) {
            if (const auto *text = group.if_string())
                user.groups.emplace_back(text->data(), text->size());
        }
    }
    return user;
}

bool isDescription(const std::string &path)
{
    for (const std::string_view prefix : { "/api", "/apis", "/openapi", "/version", "/healthz", "/livez", "/readyz" }) {
        if (path == prefix || (path.starts_with(prefix) && path[prefix.size()] == '/'))
            return true;
    }
    return false;
}

} // namespace

std::optional<ApiReply> Api::review(const ApiRequest &request) const
{
    std::string kind, ns;
    if (request.path == "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        kind = "SelfSubjectAccessReview";
    else if (request.path == "/apis/authorization.k8s.io/v1/subjectaccessreviews")
        kind = "SubjectAccessReview";
    else if (request.path == "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews")
        kind = "SelfSubjectRulesReview";
    else if (request.path == "/apis/authentication.k8s.io/v1/selfsubjectreviews")
        kind = "SelfSubjectReview";
    else if (request.path == "/apis/authentication.k8s.io/v1/tokenreviews")
        kind = "TokenReview";
    else
        return std::nullopt;
    if (request.method != "POST")
        return ApiReply(answerOf(methodNotAllowed()));
    const bool binary = request.contentType.find("protobuf") != std::string::npos;
    const auto parsed = binary ? parseProtobuf(request.body) : parseYaml(request.body);
    if (!parsed)
        return ApiReply(answerOf(parsed.error()));
    const auto *object = parsed->if_object();
    if (!object || stringAt(*parsed, { "kind" }) != kind)
        return ApiReply(answerOf(badRequest("the body is not a " + kind)));
    if (kind == "SubjectAccessReview") {
        const Access access { "create", "authorization.k8s.io", "subjectaccessreviews", {}, {}, {} };
        if (!m_authorizer.allows(request.user, access))
            return ApiReply(answerOf(Authorizer::refusal(request.user, access)));
    }
    if (kind == "TokenReview") {
        const Access access { "create", "authentication.k8s.io", "tokenreviews", {}, {}, {} };
        if (!m_authorizer.allows(request.user, access))
            return ApiReply(answerOf(Authorizer::refusal(request.user, access)));
    }

    json::object answer = *object;
    const auto *spec = object->if_contains("spec");
    if (kind == "SelfSubjectReview") {
        json::array groups;
        for (const auto &group : request.user.groups)
            groups.emplace_back(group);
        answer["status"]
            = json::object { { "userInfo", json::object { { "username", request.user.name }, { "groups", std::move(groups) } } } };
    } else if (kind == "TokenReview") {
        if (const auto user = spec ? m_tokens.find(*m_store, stringAt(*spec, { "token" })) : std::nullopt) {
            json::array groups;
            for (const auto &group : user->groups)
                groups.emplace_back(group);
            answer["status"] = json::object { { "authenticated", true },
                { "user", json::object { { "username", user->name }, { "groups", std::move(groups) } } } };
        } else {
            answer["status"] = json::object { { "user", json::object() }, { "error", "[invalid bearer token]" } };
        }
    } else if (kind == "SelfSubjectRulesReview") {
        answer["status"] = m_authorizer.rules(request.user, spec ? stringAt(*spec, { "namespace" }) : std::string());
    } else {
        const auto *attributes = spec ? at(*spec, { "resourceAttributes" }) : nullptr;
        const auto *path = spec ? at(*spec, { "nonResourceAttributes" }) : nullptr;
        const auto user = kind == "SubjectAccessReview" && spec ? userOf(*spec) : request.user;
        bool allowed = false;
        if (attributes) {
            allowed = m_authorizer.allows(user,
                { stringAt(*attributes, { "verb" }), stringAt(*attributes, { "group" }), stringAt(*attributes, { "resource" }),
                    stringAt(*attributes, { "subresource" }), stringAt(*attributes, { "namespace" }), stringAt(*attributes, { "name" }) });
        } else if (path) {
            allowed = user.isIn("system:masters") || (stringAt(*path, { "verb" }) == "get" && isDescription(stringAt(*path, { "path" })));
        } else {
            const ResourceType type { "authorization.k8s.io", "v1", {}, {}, kind, false, {}, {}, false, false };
            return ApiReply(answerOf(invalid(type, "",
                { { "FieldValueInvalid", "spec.resourceAttributes",
                    "Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified" } })));
        }
        json::object status { { "allowed", allowed } };
        if (allowed && user.isIn("system:masters"))
            status["reason"] = "";
        answer["status"] = std::move(status);
    }
    if (!answer.contains("metadata"))
        answer["metadata"] = json::object { { "creationTimestamp", nullptr } };
    return ApiReply(answerOf(answer, 201));
}

} // namespace catamaran::lab
