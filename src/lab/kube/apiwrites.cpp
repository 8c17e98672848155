// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/api.h"
#include "lab/kube/customresources.h"
#include "lab/kube/ephemeral.h"
#include "lab/kube/patches.h"
#include "lab/kube/protobody.h"
#include "lab/kube/timestamps.h"
#include "lab/kube/validation.h"
#include "lab/kube/yamljson.h"

#include <charconv>
#include <random>

namespace catamaran::lab {

namespace {

std::string mediaType(const std::string &contentType)
{
    auto text = contentType.substr(0, contentType.find(';'));
    while (!text.empty() && text.back() == ' ')
        text.pop_back();
    return text;
}

std::string randomSuffix()
{
    static std::minstd_rand generator { std::random_device {}() };
    constexpr std::string_view letters = "bcdfghjklmnpqrstvwxz2456789";
    std::string text;
    for (int i = 0; i < 5; ++i)
        text += letters[std::uniform_int_distribution<std::size_t>(0, letters.size() - 1)(generator)];
    return text;
}

json::object &metaOf(json::object &object)
{
    auto &meta = object["metadata"];
    if (!meta.is_object())
        meta = json::object();
    return meta.as_object();
}

/// Whether status is written through its own path only.
bool splitsStatus(const ResourceType &type)
{
    return hasStatusPath(type) && type.key() != "nodes" && type.key() != "events";
}

void copyMember(json::object &to, const json::object &from, const char *key)
{
    if (const auto *value = from.if_contains(key))
        to[key] = *value;
    else
        to.erase(key);
}

std::uint64_t versionNumber(const std::string &text)
{
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    return code == std::errc() && end == text.data() + text.size() ? number : 0;
}

constexpr const char *patchTypes
    = "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml, application/strategic-merge-patch+json";
constexpr const char *customPatchTypes = "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";

} // namespace

std::optional<ApiError> Api::checkFields(
    const ApiRequest &request, const Target &target, const json::object &object, std::vector<std::string> &warnings) const
{
    auto found = checkSchema(object, target.type.definition ? std::string("Other") : target.type.kind);
    if (target.type.definition)
        found.unknownFields = unknownFieldsOf(object, target.type);
    const auto head = target.type.kind + " in version \"" + target.type.version + "\" cannot be handled as a " + target.type.kind + ": ";
    if (!found.wrongType.empty())
        return badRequest(head + found.wrongType);
    const auto mode = request.query.value("fieldValidation");
    if (mode == "Strict" && !found.unknownFields.empty()) {
        std::string list;
        for (const auto &field : found.unknownFields)
            list += (list.empty() ? "" : ", ") + std::string("unknown field \"") + field + "\"";
        return badRequest((target.type.custom ? "" : head) + std::string("strict decoding error: ") + list);
    }
    if (mode != "Ignore") {
        for (const auto &field : found.unknownFields)
            warnings.push_back("unknown field \"" + field + "\"");
    }
    return std::nullopt;
}

Outcome<json::object> Api::bodyObject(const ApiRequest &request, const Target &target, bool yaml, std::vector<std::string> &warnings) const
{
    const auto media = mediaType(request.contentType);
    Outcome<json::value> parsed;
    if (media == "application/vnd.kubernetes.protobuf")
        parsed = parseProtobuf(request.body);
    else if (yaml || media == "application/yaml")
        parsed = parseYaml(request.body);
    else if (media.empty() || media == "application/json")
        parsed = parseJson(request.body);
    else
        return tl::unexpected(unsupportedMediaType("application/json, application/yaml, application/vnd.kubernetes.protobuf"));
    if (!parsed)
        return tl::unexpected(parsed.error());
    if (!parsed->is_object())
        return tl::unexpected(badRequest("couldn't get version/kind; json parse error: the body is not an object"));
    auto object = std::move(parsed->as_object());
    const auto kind = stringAt(object, { "kind" });
    const auto version = stringAt(object, { "apiVersion" });
    if (kind.empty() || version.empty())
        return tl::unexpected(badRequest("Object 'Kind' is missing in the request or it has no apiVersion"));
    if (kind != target.type.kind || version != target.type.apiVersion())
        return tl::unexpected(badRequest("the API version in the data (" + version + ", Kind=" + kind
            + ") does not match the expected API version (" + target.type.apiVersion() + ", Kind=" + target.type.kind + ")"));
    if (auto wrong = checkFields(request, target, object, warnings))
        return tl::unexpected(std::move(*wrong));
    auto &meta = metaOf(object);
    if (target.type.namespaced) {
        const auto ns = namespaceOf(object);
        if (!ns.empty() && ns != target.ns)
            return tl::unexpected(badRequest("the namespace of the provided object does not match the namespace sent on the request"));
        meta["namespace"] = target.ns;
    } else {
        meta.erase("namespace");
    }
    if (!target.name.empty()) {
        if (const auto name = nameOf(object); name.empty())
            meta["name"] = target.name;
        else if (name != target.name)
            return tl::unexpected(
                badRequest("the name of the object (" + name + ") does not match the name on the URL (" + target.name + ")"));
    }
    return object;
}

std::optional<ApiError> Api::checkNamespace(const Target &target) const
{
    if (!target.type.namespaced)
        return std::nullopt;
    static const ResourceType namespaces { "", "v1", "namespaces", "namespace", "Namespace", false, {}, {}, false, false };
    const auto space = m_store->get("namespaces", {}, target.ns);
    if (!space)
        return notFound(namespaces, target.ns);
    if (metaString(*space, "deletionTimestamp").empty())
        return std::nullopt;
    auto error = forbidden(target.type.group, target.type.plural, target.name,
        "unable to create new content in namespace " + target.ns + " because it is being terminated");
    error.details["causes"] = json::array { json::object { { "reason", "NamespaceTerminating" },
        { "message", "namespace " + target.ns + " is being terminated" }, { "field", "metadata.namespace" } } };
    return error;
}

ApiReply Api::create(const ApiRequest &request, const Target &target)
{
    if (target.type.namespaced && target.ns.empty())
        return answerOf(badRequest("an empty namespace may not be set during creation"));
    std::vector<std::string> warnings;
    auto body = bodyObject(request, target, false, warnings);
    if (!body)
        return answerOf(body.error());
    if (!metaString(*body, "resourceVersion").empty())
        return answerOf(badRequest("resourceVersion should not be set on objects to be created"));
    auto &meta = metaOf(*body);
    if (nameOf(*body).empty()) {
        const auto base = metaString(*body, "generateName");
        if (base.empty())
            return answerOf(invalid(
                target.type, "", { { "FieldValueRequired", "metadata.name", "Required value: name or generateName is required" } }));
        meta["name"] = base + randomSuffix();
    }
    meta.erase("uid");
    meta.erase("deletionTimestamp");
    meta.erase("deletionGracePeriodSeconds");
    if (splitsStatus(target.type))
        body->erase("status");
    Target named = target;
    named.name = nameOf(*body);
    if (auto refused = checkNamespace(named))
        return answerOf(*refused);
    if (m_store->get(target.type.key(), target.ns, named.name))
        return answerOf(alreadyExists(target.type, named.name));
    auto stored = store(request, named, std::move(*body), nullptr, false);
    if (!stored)
        return answerOf(stored.error());
    auto answer = one(request, target.type, *stored, 201);
    answer.warnings = std::move(warnings);
    return answer;
}

Outcome<ObjectStore::Object> Api::store(
    const ApiRequest &request, const Target &target, json::object object, const ObjectStore::Object &old, bool recorded)
{
    const auto &type = target.type;
    const auto key = type.key();
    const bool statusOnly = target.subresource == "status";
    const bool addsContainers = target.subresource == ephemeralSubresource;
    if (type.definition)
        (void)prune(object, type);
    auto &meta = metaOf(object);
    object["apiVersion"] = type.apiVersion();
    object["kind"] = type.kind;
    if (!old) {
        setDefaults(object, type);
        // Before admission: what a mesh injects or a controller fills in is not the client's.
        if (!recorded)
            recordUpdate(nullptr, object, type, { request.fieldManager(), type.apiVersion(), target.subresource });
        if (const auto why = m_store->admit(key, object); !why.empty())
            return tl::unexpected(forbidden(type.group, type.plural, target.name, why));
        if (auto *spec = key == "pods" ? object.if_contains("spec") : nullptr; spec && spec->is_object())
            completePod(spec->as_object());
        if (key == "pods" && !object.contains("status"))
            object["status"] = json::object { { "phase", "Pending" }, { "qosClass", "BestEffort" } };
        else if ((key == "apps/deployments" || key == "apps/replicasets" || key == "services") && !object.contains("status"))
            object["status"] = key == "services" ? json::object { { "loadBalancer", json::object() } }
                : key == "apps/replicasets"      ? json::object { { "replicas", 0 } }
                                                 : json::object();
    } else {
        // What only the server writes.
        for (const char *field :
            { "uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName" })
            copyMember(meta, old->at("metadata").as_object(), field);
        if (addsContainers) {
            const auto managed = meta.if_contains("managedFields") ? json::value(meta.at("managedFields")) : json::value();
            auto whole = withEphemeralContainers(*old, object);
            if (recorded)
                metaOf(whole)["managedFields"] = managed;
            object = std::move(whole);
        } else if (statusOnly) {
            const auto status = object.if_contains("status") ? json::value(object.at("status")) : json::value();
            const auto managed = meta.if_contains("managedFields") ? json::value(meta.at("managedFields")) : json::value();
            auto whole = *old;
            if (status.is_null())
                whole.erase("status");
            else
                whole["status"] = status;
            if (recorded)
                metaOf(whole)["managedFields"] = managed;
            object = std::move(whole);
        } else if (splitsStatus(type)) {
            copyMember(object, *old, "status");
        }
        if (key == "services" && !statusOnly) {
            // A client that sends its manifest again need not know the address it was given.
            auto *spec = object.if_contains("spec");
            const auto *before = old->if_contains("spec");
            if (spec && spec->is_object() && before && stringAt(*spec, { "clusterIP" }).empty()
                && stringAt(*spec, { "type" }) != "ExternalName") {
                for (const char *field : { "clusterIP", "clusterIPs" }) {
                    if (const auto *value = at(*before, { field }))
                        spec->as_object()[field] = *value;
                }
            }
        }
        if (!statusOnly)
            setDefaults(object, type);
    }
    if (!statusOnly) {
        auto causes = validate(object, old.get(), type);
        if (key == "pods" && causes.empty())
            causes = ephemeralCauses(object, old.get(), addsContainers);
        if (auto more = validateCustom(object, type); causes.empty())
            causes = std::move(more);
        if (!causes.empty())
            return tl::unexpected(invalid(type, target.name, causes));
    }
    if (!recorded && old)
        recordUpdate(old.get(), object, type, { request.fieldManager(), type.apiVersion(), target.subresource });

    if (request.isDryRun()) {
        auto &shown = metaOf(object);
        if (!old) {
            shown["uid"] = "00000000-0000-4000-8000-000000000000";
            shown["creationTimestamp"] = timestampNow();
            shown["generation"] = 1;
        } else {
            m_store->raiseGeneration(object, *old);
        }
        return ObjectStore::detached(std::move(object));
    }
    if (key == "secrets" && !statusOnly)
        m_tokens.fill(*m_store, object);
    if (!old) {
        auto made = m_store->create(key, std::move(object));
        return made ? Outcome<ObjectStore::Object>(made) : tl::unexpected(alreadyExists(type, target.name));
    }
    auto written = m_store->update(key, std::move(object));
    return written ? Outcome<ObjectStore::Object>(written) : tl::unexpected(notFound(type, target.name));
}

ApiReply Api::update(const ApiRequest &request, const Target &target)
{
    std::vector<std::string> warnings;
    auto body = bodyObject(request, target, false, warnings);
    if (!body)
        return answerOf(body.error());
    const auto old = m_store->get(target.type.key(), target.ns, target.name);
    if (!old)
        return answerOf(notFound(target.type, target.name));
    const auto version = metaString(*body, "resourceVersion");
    if (version.empty() && target.type.custom)
        return answerOf(invalid(target.type, target.name,
            { { "FieldValueInvalid", "metadata.resourceVersion", "Invalid value: 0x0: must be specified for an update" } }));
    if (!version.empty() && version != metaString(*old, "resourceVersion"))
        return answerOf(conflict(target.type, target.name));
    if (const auto uid = metaString(*body, "uid"); !uid.empty() && uid != metaString(*old, "uid"))
        return answerOf(conflict(target.type, target.name,
            "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + metaString(*old, "uid")));
    auto stored = store(request, target, std::move(*body), old, false);
    if (!stored)
        return answerOf(stored.error());
    auto answer = one(request, target.type, *stored);
    answer.warnings = std::move(warnings);
    return answer;
}

ApiReply Api::patch(const ApiRequest &request, const Target &target)
{
    const auto media = mediaType(request.contentType);
    const auto force = request.query.flag("force");
    if (media == "application/apply-patch+yaml")
        return apply(request, target, force);
    if (request.query.has("force"))
        return answerOf(invalid({ "meta.k8s.io", "", "", "", "PatchOptions", false, {}, {}, false, false }, "",
            { { "FieldValueForbidden", "force", "Forbidden: may not be specified for non-apply patch" } }));
    const bool strategic = media == "application/strategic-merge-patch+json";
    const bool merge = media == "application/merge-patch+json";
    if ((!strategic && !merge && media != "application/json-patch+json") || (strategic && target.type.custom))
        return answerOf(unsupportedMediaType(target.type.custom ? customPatchTypes : patchTypes));
    const auto old = m_store->get(target.type.key(), target.ns, target.name);
    if (!old)
        return answerOf(notFound(target.type, target.name));
    const auto body = parseJson(request.body);
    if (!body)
        return answerOf(badRequest("error decoding patch: " + body.error().message.substr(body.error().message.rfind(": ") + 2)));

    json::value live(*inVersion(old, target.type));
    Outcome<json::value> patched = strategic ? strategicMergePatch(std::move(live), *body, target.type.kind)
        : merge                              ? Outcome<json::value>(mergePatch(std::move(live), *body))
                                             : jsonPatch(std::move(live), *body);
    if (!patched)
        return answerOf(patched.error());
    if (!patched->is_object())
        return answerOf(badRequest("the patch does not leave an object"));
    auto object = std::move(patched->as_object());
    if (nameOf(object) != target.name || namespaceOf(object) != target.ns)
        return answerOf(badRequest("the name or the namespace of the object (" + nameOf(object) + ") cannot be changed by a patch"));
    if (metaString(object, "resourceVersion") != metaString(*old, "resourceVersion")) {
        const auto wanted = metaString(object, "resourceVersion");
        if (versionNumber(wanted) != 0)
            return answerOf(conflict(target.type, target.name));
    }
    if (const auto uid = metaString(object, "uid"); uid != metaString(*old, "uid"))
        return answerOf(conflict(target.type, target.name,
            "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + metaString(*old, "uid")));
    std::vector<std::string> warnings;
    if (auto wrong = checkFields(request, target, object, warnings)) {
        // A patch that leaves wrong types is a wrong patch: the result is shown, as the real server does.
        if (!wrong->details.empty() || wrong->message.find("strict decoding error") != std::string::npos)
            return answerOf(*wrong);
        const auto why = wrong->message.substr(std::min(wrong->message.size(), wrong->message.find("json: ")));
        return answerOf(invalid({ "", "", "", "", "", false, {}, {}, false, false }, "",
            { { "FieldValueInvalid", "patch", "Invalid value: " + json::serialize(json::value(json::serialize(object))) + ": " + why } }));
    }
    auto stored = store(request, target, std::move(object), old, false);
    if (!stored)
        return answerOf(stored.error());
    auto answer = one(request, target.type, *stored);
    answer.warnings = std::move(warnings);
    return answer;
}

ApiReply Api::apply(const ApiRequest &request, const Target &target, bool force)
{
    const auto managerName = request.query.value("fieldManager");
    const ResourceType options { "meta.k8s.io", "", "", "", "PatchOptions", false, {}, {}, false, false };
    if (managerName.empty())
        return answerOf(invalid(options, "", { { "FieldValueRequired", "fieldManager", "Required value: is required for apply patch" } }));
    if (managerName.size() > 128)
        return answerOf(invalid(options, "", { { "FieldValueTooLong", "fieldManager", "Too long: may not be more than 128 bytes" } }));
    std::vector<std::string> warnings;
    ApiRequest decoded = request;
    decoded.contentType.clear();
    auto config = bodyObject(decoded, target, true, warnings);
    if (!config)
        return answerOf(config.error());
    auto &meta = metaOf(*config);
    if (const auto *managed = meta.if_contains("managedFields"); managed && !managed->is_null())
        return answerOf(badRequest("metadata.managedFields must be nil"));
    meta.erase("managedFields");
    const auto old = m_store->get(target.type.key(), target.ns, target.name);
    if (!old) {
        if (!metaString(*config, "uid").empty())
            return answerOf(conflict(target.type, target.name,
                "uid mismatch: the provided object specified uid " + metaString(*config, "uid") + ", and no existing object was found"));
        if (!target.subresource.empty())
            return answerOf(notFound(target.type, target.name));
        Access access { "create", target.type.group, target.type.plural, {}, target.ns, target.name };
        if (!m_authorizer.allows(request.user, access))
            return answerOf(Authorizer::refusal(request.user, access));
        if (auto refused = checkNamespace(target))
            return answerOf(*refused);
    }
    if (const auto version = metaString(*config, "resourceVersion");
        old && !version.empty() && version != metaString(*old, "resourceVersion"))
        return answerOf(conflict(target.type, target.name));
    for (const char *field : { "uid", "resourceVersion", "creationTimestamp", "generation" })
        meta.erase(field);
    // Status is applied through its own path; elsewhere it is ignored and owned by nobody.
    if (target.subresource == "status") {
        config->erase("spec");
    } else if (splitsStatus(target.type)) {
        config->erase("status");
    }
    const auto live = inVersion(old, target.type);
    auto merged
        = applyConfiguration(live.get(), *config, target.type, { managerName, target.type.apiVersion(), target.subresource }, force);
    if (!merged)
        return answerOf(merged.error());
    auto stored = store(request, target, std::move(*merged), old, true);
    if (!stored)
        return answerOf(stored.error());
    auto answer = one(request, target.type, *stored, old ? 200 : 201);
    answer.warnings = std::move(warnings);
    return answer;
}

} // namespace catamaran::lab
