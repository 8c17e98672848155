// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/api.h"
#include "lab/kube/protobody.h"
#include "lab/kube/timestamps.h"
#include "lab/kube/yamljson.h"

#include <algorithm>
#include <charconv>

namespace catamaran::lab {

Outcome<Api::DeleteOptions> Api::deleteOptions(const ApiRequest &request) const
{
    DeleteOptions options;
    options.dryRun = request.isDryRun();
    options.propagation = request.query.value("propagationPolicy");
    if (const auto text = request.query.value("gracePeriodSeconds"); !text.empty()) {
        std::int64_t seconds = 0;
        if (const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
            code != std::errc() || end != text.data() + text.size())
            return tl::unexpected(badRequest("gracePeriodSeconds is not a number: " + text));
        options.grace = seconds;
    }
    if (!request.body.empty()) {
        const bool binary = request.contentType.find("protobuf") != std::string::npos;
        const auto body = binary ? parseProtobuf(request.body) : parseYaml(request.body);
        if (!body)
            return tl::unexpected(body.error());
        if (const auto *grace = at(*body, { "gracePeriodSeconds" }); grace && grace->is_number())
            options.grace = grace->to_number<std::int64_t>();
        if (const auto policy = stringAt(*body, { "propagationPolicy" }); !policy.empty())
            options.propagation = policy;
        if (const auto *orphanToo = at(*body, { "orphanDependents" }); orphanToo && *orphanToo == json::value(true))
            options.propagation = "Orphan";
        options.uid = stringAt(*body, { "preconditions", "uid" });
        options.resourceVersion = stringAt(*body, { "preconditions", "resourceVersion" });
        if (const auto *dry = at(*body, { "dryRun" }); dry && dry->is_array() && !dry->as_array().empty())
            options.dryRun = true;
    }
    if (!options.propagation.empty() && options.propagation != "Orphan" && options.propagation != "Background"
        && options.propagation != "Foreground")
        return tl::unexpected(invalid({ "meta.k8s.io", "", "", "", "DeleteOptions", false, {}, {}, false, false }, "",
            { { "FieldValueNotSupported", "propagationPolicy",
                "Unsupported value: \"" + options.propagation
                    + "\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"" } }));
    return options;
}

ObjectStore::Object Api::removeOne(const ResourceType &type, const ObjectStore::Object &object, const DeleteOptions &options)
{
    const auto key = type.key();
    const auto ns = namespaceOf(*object);
    const auto name = nameOf(*object);
    if (options.propagation == "Orphan")
        orphan(*object);
    // The object stays until what it owns has gone; the garbage collector takes the finalizer off then.
    const bool inForeground = options.propagation == "Foreground" && (key == "apps/deployments" || key == "apps/replicasets")
        && blocks(*object, key == "apps/deployments" ? "apps/replicasets" : "pods");

    std::int64_t grace = 0;
    if (key == "pods") {
        const auto *spec = object->if_contains("spec");
        const auto *wanted = spec ? at(*spec, { "terminationGracePeriodSeconds" }) : nullptr;
        grace = options.grace.value_or(wanted && wanted->is_number() ? wanted->to_number<std::int64_t>() : 30);
        const auto *status = object->if_contains("status");
        const auto phase = status ? stringAt(*status, { "phase" }) : std::string();
        // Nobody would end a pod that runs nowhere.
        if (!m_runtime || !spec || stringAt(*spec, { "nodeName" }).empty() || phase == "Succeeded" || phase == "Failed")
            grace = 0;
    }
    if (key == "namespaces")
        removeContent(name);

    const auto *meta = object->if_contains("metadata");
    const auto *finalizers = meta ? at(*meta, { "finalizers" }) : nullptr;
    const bool held = inForeground || (finalizers && finalizers->is_array() && !finalizers->as_array().empty());
    if (grace <= 0 && !held && key != "namespaces") {
        m_store->remove(key, ns, name);
        return nullptr;
    }
    const auto going = m_store->mutate(key, ns, name, [&](json::object &edited) {
        auto &editedMeta = edited["metadata"].as_object();
        const auto *present = editedMeta.if_contains("deletionGracePeriodSeconds");
        const bool already = editedMeta.contains("deletionTimestamp");
        // A second deletion can only make it shorter.
        if (!already || (present && present->is_number() && present->to_number<std::int64_t>() > grace)) {
            editedMeta["deletionTimestamp"] = timestampAt(timestampSeconds(timestampNow()) + grace);
            editedMeta["deletionGracePeriodSeconds"] = grace;
        }
        if (inForeground) {
            auto &list = editedMeta["finalizers"];
            if (!list.is_array())
                list = json::array();
            if (std::find(list.as_array().begin(), list.as_array().end(), json::value("foregroundDeletion")) == list.as_array().end())
                list.as_array().push_back("foregroundDeletion");
        }
        if (key == "namespaces")
            edited["status"] = json::object { { "phase", "Terminating" } };
    });
    return m_store->get(key, ns, name) ? going : nullptr;
}

bool Api::blocks(const json::object &owner, const std::string &childKey) const
{
    const auto uid = metaString(owner, "uid");
    for (const auto &object : m_store->list(childKey, namespaceOf(owner))) {
        const auto *owners = at(object->at("metadata"), { "ownerReferences" });
        if (!owners || !owners->is_array())
            continue;
        for (const auto &reference : owners->as_array()) {
            const auto *blocking = at(reference, { "blockOwnerDeletion" });
            if (stringAt(reference, { "uid" }) == uid && blocking && *blocking == json::value(true))
                return true;
        }
    }
    return false;
}

void Api::orphan(const json::object &owner)
{
    const auto uid = metaString(owner, "uid");
    const auto ns = namespaceOf(owner);
    for (const auto &type : m_discovery.types()) {
        for (const auto &object : m_store->list(type.key(), ns)) {
            const auto *meta = object->if_contains("metadata");
            const auto *owners = meta ? at(*meta, { "ownerReferences" }) : nullptr;
            if (!owners || !owners->is_array())
                continue;
            json::array kept;
            for (const auto &reference : owners->as_array()) {
                if (stringAt(reference, { "uid" }) != uid)
                    kept.push_back(reference);
            }
            if (kept.size() == owners->as_array().size())
                continue;
            m_store->mutate(type.key(), namespaceOf(*object), nameOf(*object), [&](json::object &edited) {
                if (kept.empty())
                    edited["metadata"].as_object().erase("ownerReferences");
                else
                    edited["metadata"].as_object()["ownerReferences"] = kept;
            });
        }
    }
}

void Api::removeContent(const std::string &ns)
{
    // Controllers empty a terminating namespace step by step (it carries a finalizer then); a server without them does
    // it here.
    const auto space = m_store->get("namespaces", {}, ns);
    const auto *spec = space ? space->if_contains("spec") : nullptr;
    const auto *finalizers = spec ? at(*spec, { "finalizers" }) : nullptr;
    if (finalizers && finalizers->is_array() && !finalizers->as_array().empty())
        return;
    for (const auto &type : m_discovery.types()) {
        if (!type.namespaced)
            continue;
        for (const auto &object : m_store->list(type.key(), ns))
            m_store->remove(type.key(), ns, nameOf(*object));
    }
}

ApiReply Api::remove(const ApiRequest &request, const Target &target)
{
    const auto options = deleteOptions(request);
    if (!options)
        return answerOf(options.error());
    const auto object = m_store->get(target.type.key(), target.ns, target.name);
    if (!object)
        return answerOf(notFound(target.type, target.name));
    const auto uid = metaString(*object, "uid");
    if (!options->uid.empty() && options->uid != uid)
        return answerOf(conflict({ "", "", target.type.kind, "", target.type.kind, false, {}, {}, false, false }, target.name,
            "the UID in the precondition (" + options->uid + ") does not match the UID in record (" + uid
                + "). The object might have been deleted and then recreated"));
    if (const auto version = metaString(*object, "resourceVersion");
        !options->resourceVersion.empty() && options->resourceVersion != version)
        return answerOf(conflict(target.type, target.name,
            "Precondition failed: ResourceVersion in precondition: " + options->resourceVersion
                + ", ResourceVersion in object meta: " + version));
    if (!options->dryRun) {
        if (const auto going = removeOne(target.type, object, *options))
            return one(request, target.type, going);
    }
    json::object details { { "name", target.name } };
    if (!target.type.group.empty())
        details["group"] = target.type.group;
    details["kind"] = target.type.plural;
    details["uid"] = uid;
    return answerOf(json::object { { "kind", "Status" }, { "apiVersion", "v1" }, { "metadata", json::object() }, { "status", "Success" },
        { "details", std::move(details) } });
}

ApiReply Api::removeCollection(const ApiRequest &request, const Target &target)
{
    const auto options = deleteOptions(request);
    if (!options)
        return answerOf(options.error());
    if (target.type.namespaced && target.ns.empty())
        return answerOf(methodNotAllowed());
    const auto labels = Selector::parseLabels(request.query.value("labelSelector"));
    if (!labels)
        return answerOf(labels.error());
    const auto fields = Selector::parseFields(request.query.value("fieldSelector"), target.type);
    if (!fields)
        return answerOf(fields.error());
    json::array gone;
    for (const auto &object : m_store->list(target.type.key(), target.ns)) {
        if (!labels->matches(*object) || !fields->matches(*object))
            continue;
        gone.push_back(*inVersion(object, target.type));
        if (!options->dryRun)
            (void)removeOne(target.type, object, *options);
    }
    return answerOf(json::object { { "kind", target.type.kind + "List" }, { "apiVersion", target.type.apiVersion() },
        { "metadata", json::object { { "resourceVersion", std::to_string(m_store->version()) } } }, { "items", std::move(gone) } });
}

} // namespace catamaran::lab
