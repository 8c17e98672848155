// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/authorizer.h"

#include "lab/kube/words.h"

#include <algorithm>

namespace catamaran::lab {

namespace {

bool has(const std::vector<std::string> &list, const std::string &word)
{
    return std::any_of(list.begin(), list.end(), [&](const auto &entry) { return entry == "*" || entry == word; });
}

bool hasResource(const std::vector<std::string> &list, const Access &access)
{
    return has(list, access.fullResource())
        || (!access.subresource.empty() && std::find(list.begin(), list.end(), "*/" + access.subresource) != list.end());
}

} // namespace

bool Authorizer::concerns(const ApiServerOptions::Grant &grant, const ApiUser &user)
{
    return grant.subject == user.name || user.isIn(grant.subject);
}

bool Authorizer::allows(const ApiUser &user, const Access &access) const
{
    if (user.isIn("system:masters"))
        return true;
    // Every user may ask about itself (system:basic-user).
    if (access.verb == "create"
        && (access.resource == "selfsubjectaccessreviews" || access.resource == "selfsubjectrulesreviews"
            || access.resource == "selfsubjectreviews"))
        return true;
    return std::any_of(m_grants.begin(), m_grants.end(), [&](const auto &grant) {
        return concerns(grant, user) && has(grant.verbs, access.verb) && has(grant.groups, access.group)
            && hasResource(grant.resources, access) && (grant.ns.empty() || grant.ns == access.ns);
    });
}

ApiError Authorizer::refusal(const ApiUser &user, const Access &access)
{
    const auto where = access.ns.empty() ? std::string(" at the cluster scope") : " in the namespace \"" + access.ns + "\"";
    return forbidden(access.group, access.resource, access.name,
        "User \"" + user.name + "\" cannot " + access.verb + " resource \"" + access.fullResource() + "\" in API group \"" + access.group
            + "\"" + where);
}

ApiError Authorizer::refusal(const ApiUser &user, const std::string &verb, const std::string &path)
{
    return { 403, "Forbidden", "forbidden: User \"" + user.name + "\" cannot " + verb + " path \"" + path + "\"", {} };
}

json::object Authorizer::rules(const ApiUser &user, const std::string &ns) const
{
    json::array resources;
    const auto add = [&](const std::vector<std::string> &verbs, const std::vector<std::string> &groups,
                         const std::vector<std::string> &names) {
        resources.push_back(json::object { { "verbs", words(verbs) }, { "apiGroups", words(groups) }, { "resources", words(names) } });
    };
    add({ "create" }, { "authorization.k8s.io" }, { "selfsubjectaccessreviews", "selfsubjectrulesreviews" });
    add({ "create" }, { "authentication.k8s.io" }, { "selfsubjectreviews" });
    json::array paths { json::object { { "verbs", words({ "get" }) },
        { "nonResourceURLs",
            words({ "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version",
                "/version/" }) } } };
    if (user.isIn("system:masters")) {
        add({ "*" }, { "*" }, { "*" });
        paths.push_back(json::object { { "verbs", words({ "*" }) }, { "nonResourceURLs", words({ "*" }) } });
    }
    for (const auto &grant : m_grants) {
        if (concerns(grant, user) && (grant.ns.empty() || grant.ns == ns))
            add(grant.verbs, grant.groups, grant.resources);
    }
    return { { "resourceRules", std::move(resources) }, { "nonResourceRules", std::move(paths) }, { "incomplete", false } };
}

} // namespace catamaran::lab
