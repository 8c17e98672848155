// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/discovery.h"

#include "lab/kube/ephemeral.h"
#include "lab/kube/openapi.h"
#include "lab/kube/words.h"

#include <algorithm>

namespace catamaran::lab {

namespace {

struct Review {
    const char *group, *plural, *singular, *kind;
    bool namespaced;
};
constexpr Review reviews[] = {
    { "authentication.k8s.io", "selfsubjectreviews", "selfsubjectreview", "SelfSubjectReview", false },
    { "authentication.k8s.io", "tokenreviews", "tokenreview", "TokenReview", false },
    { "authorization.k8s.io", "localsubjectaccessreviews", "localsubjectaccessreview", "LocalSubjectAccessReview", true },
    { "authorization.k8s.io", "selfsubjectaccessreviews", "selfsubjectaccessreview", "SelfSubjectAccessReview", false },
    { "authorization.k8s.io", "selfsubjectrulesreviews", "selfsubjectrulesreview", "SelfSubjectRulesReview", false },
    { "authorization.k8s.io", "subjectaccessreviews", "subjectaccessreview", "SubjectAccessReview", false },
};

json::object subresource(const ResourceType &type, const char *name, const std::string &kind, json::array verbs, const char *group = "",
    const char *version = "")
{
    json::object entry { { "name", type.plural + "/" + name }, { "singularName", "" }, { "namespaced", type.namespaced } };
    if (*group)
        entry["group"] = group;
    if (*version)
        entry["version"] = version;
    entry["kind"] = kind;
    entry["verbs"] = std::move(verbs);
    return entry;
}

bool hasStatus(const ResourceType &type)
{
    if (type.definition)
        return at(*type.definition, { "subresources", "status" }) != nullptr;
    static const std::vector<std::string> without { "configmaps", "secrets", "serviceaccounts", "endpoints", "events", "limitranges",
        "networkpolicies", "leases", "endpointslices" };
    return std::find(without.begin(), without.end(), type.plural) == without.end();
}

std::string pathOf(const std::string &group, const std::string &version)
{
    return group.empty() ? "api/" + version : "apis/" + group + "/" + version;
}

} // namespace

Discovery::Discovery(std::vector<ResourceType> types, const std::string &gitVersion, bool runsPods)
    : m_types(std::move(types))
    , m_builtIn(m_types.size())
    , m_gitVersion(gitVersion)
    , m_runsPods(runsPods)
{
    describe();
}

void Discovery::setCustomTypes(const std::vector<ResourceType> &custom)
{
    m_types.resize(m_builtIn);
    for (const auto &type : custom) {
        if (!find(type.group, type.version, type.plural))
            m_types.push_back(type);
    }
    m_answers.clear();
    m_documents.clear();
    describe();
}

void Discovery::describe()
{
    const auto &gitVersion = m_gitVersion;
    // v1.32.1-aliyun.1 -> 1, 32+
    const auto firstDot = gitVersion.find('.');
    const auto secondDot = gitVersion.find('.', firstDot + 1);
    const auto major = firstDot != std::string::npos && firstDot > 1 ? gitVersion.substr(1, firstDot - 1) : std::string("1");
    auto minor = secondDot != std::string::npos ? gitVersion.substr(firstDot + 1, secondDot - firstDot - 1) : std::string("32");
    if (gitVersion.find('-') != std::string::npos)
        minor += "+";
    m_answers["/version"] = answerOf(json::object { { "major", major }, { "minor", minor }, { "gitVersion", gitVersion },
        { "gitCommit", "0000000000000000000000000000000000000000" }, { "gitTreeState", "clean" }, { "buildDate", "2026-01-01T00:00:00Z" },
        { "goVersion", "go1.23.4" }, { "compiler", "gc" }, { "platform", "linux/amd64" } });
    for (const char *path : { "/healthz", "/livez", "/readyz" })
        m_answers[path] = { 200, "text/plain; charset=utf-8", "ok", {} };
    m_answers["/api"] = answerOf(
        json::object { { "kind", "APIVersions" }, { "versions", words({ "v1" }) }, { "serverAddressByClientCIDRs", json::array() } });

    m_versions.clear();
    const auto note = [&](const std::string &group, const std::string &version) {
        if (std::find(m_versions.begin(), m_versions.end(), std::pair(group, version)) == m_versions.end())
            m_versions.emplace_back(group, version);
    };
    for (const auto &type : m_types)
        note(type.group, type.version);
    for (const auto &review : reviews)
        note(review.group, "v1");
    json::object paths;
    for (const auto &[group, version] : m_versions) {
        describeResources(group, version);
        paths[pathOf(group, version)]
            = json::object { { "serverRelativeURL", "/openapi/v3/" + pathOf(group, version) + "?hash=" + std::to_string(m_types.size()) } };
    }
    m_answers["/openapi/v3"] = answerOf(json::object { { "paths", std::move(paths) } });
    describeGroups();
}

void Discovery::describeGroups()
{
    std::vector<std::pair<std::string, std::vector<std::string>>> groups;
    const auto note = [&](const std::string &group, const std::string &version) {
        if (group.empty())
            return;
        auto found = std::find_if(groups.begin(), groups.end(), [&](const auto &entry) { return entry.first == group; });
        if (found == groups.end())
            found = groups.insert(groups.end(), { group, {} });
        if (std::find(found->second.begin(), found->second.end(), version) == found->second.end())
            found->second.push_back(version);
    };
    for (const auto &type : m_types)
        note(type.group, type.version);
    for (const auto &review : reviews)
        note(review.group, "v1");

    json::array list;
    for (const auto &[group, versions] : groups) {
        json::array entries;
        for (const auto &version : versions)
            entries.push_back(json::object { { "groupVersion", group + "/" + version }, { "version", version } });
        json::object described { { "name", group }, { "versions", entries }, { "preferredVersion", entries.front() } };
        list.push_back(described);
        json::object alone { { "kind", "APIGroup" }, { "apiVersion", "v1" } };
        for (const auto &member : described)
            alone[member.key()] = member.value();
        m_answers["/apis/" + group] = answerOf(alone);
    }
    m_answers["/apis"] = answerOf(json::object { { "kind", "APIGroupList" }, { "apiVersion", "v1" }, { "groups", std::move(list) } });
}

void Discovery::describeResources(const std::string &group, const std::string &version)
{
    json::array resources;
    for (const auto &type : m_types) {
        if (type.group != group || type.version != version)
            continue;
        json::object entry { { "name", type.plural }, { "singularName", type.singular }, { "namespaced", type.namespaced },
            { "kind", type.kind } };
        entry["verbs"] = words({ "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch" });
        if (!type.shortNames.empty())
            entry["shortNames"] = words(type.shortNames);
        if (!type.categories.empty())
            entry["categories"] = words(type.categories);
        entry["storageVersionHash"] = "";
        resources.push_back(std::move(entry));
        if (type.plural == "pods" && group.empty() && m_runsPods) {
            resources.push_back(subresource(type, ephemeralSubresource, "Pod", words({ "get", "patch", "update" })));
            resources.push_back(subresource(type, "exec", "PodExecOptions", words({ "create", "get" })));
            resources.push_back(subresource(type, "log", "Pod", words({ "get" })));
        }
        if (type.plural == "serviceaccounts" && group.empty())
            resources.push_back(subresource(type, "token", "TokenRequest", words({ "create" }), "authentication.k8s.io", "v1"));
        if (type.scalable)
            resources.push_back(subresource(type, "scale", "Scale", words({ "get", "patch", "update" }), "autoscaling", "v1"));
        if (hasStatus(type))
            resources.push_back(subresource(type, "status", type.kind, words({ "get", "patch", "update" })));
    }
    for (const auto &review : reviews) {
        if (group == review.group)
            resources.push_back(json::object { { "name", review.plural }, { "singularName", review.singular },
                { "namespaced", review.namespaced }, { "kind", review.kind }, { "verbs", words({ "create" }) } });
    }
    const auto groupVersion = group.empty() ? version : group + "/" + version;
    m_answers["/" + pathOf(group, version)] = answerOf(json::object {
        { "kind", "APIResourceList" }, { "apiVersion", "v1" }, { "groupVersion", groupVersion }, { "resources", std::move(resources) } });
}

std::optional<ApiAnswer> Discovery::answer(const std::string &path) const
{
    if (const auto found = m_answers.find(path); found != m_answers.end())
        return found->second;
    if (!path.starts_with("/openapi/"))
        return std::nullopt;
    if (const auto found = m_documents.find(path); found != m_documents.end())
        return found->second;
    // The type must not carry the "@" of the Accept header: Go cannot parse it (facts 5.3).
    if (path == "/openapi/v2")
        return m_documents[path] = { 200, "application/com.github.proto-openapi.spec.v2.v1.0+protobuf", openApiV2(m_types), {} };
    for (const auto &[group, version] : m_versions) {
        if (path == "/openapi/v3/" + pathOf(group, version))
            return m_documents[path] = answerOf(openApiV3(m_types, group, version));
    }
    return std::nullopt;
}

const ResourceType *Discovery::find(std::string_view group, std::string_view version, std::string_view plural) const
{
    for (const auto &type : m_types) {
        if (type.group == group && type.version == version && type.plural == plural)
            return &type;
    }
    return nullptr;
}

bool Discovery::servesVersionOf(const std::string &path) const
{
    return std::any_of(m_versions.begin(), m_versions.end(),
        [&](const auto &served) { return path.starts_with("/" + pathOf(served.first, served.second) + "/"); });
}

} // namespace catamaran::lab
