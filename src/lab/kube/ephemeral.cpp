// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/ephemeral.h"

#include <algorithm>
#include <array>
#include <set>

namespace catamaran::lab {

namespace {

json::array listIn(const json::object &pod, const char *name)
{
    const auto *spec = pod.if_contains("spec");
    const auto *list = spec ? at(*spec, { name }) : nullptr;
    return list && list->is_array() ? list->as_array() : json::array();
}

const json::value *named(const json::array &list, const std::string &name)
{
    const auto found = std::find_if(list.begin(), list.end(), [&](const json::value &one) { return stringAt(one, { "name" }) == name; });
    return found == list.end() ? nullptr : &*found;
}

constexpr std::array allowed { "name", "image", "command", "args", "workingDir", "envFrom", "env", "volumeMounts", "volumeDevices",
    "terminationMessagePath", "terminationMessagePolicy", "imagePullPolicy", "securityContext", "stdin", "stdinOnce", "tty",
    "targetContainerName" };

} // namespace

json::object withEphemeralContainers(const json::object &old, const json::object &wanted)
{
    json::object pod = old;
    json::array list = listIn(wanted, "ephemeralContainers");
    for (auto &one : list) {
        auto *container = one.if_object();
        if (!container)
            continue;
        const auto put = [&](const char *field, const char *value) {
            if (!container->contains(field))
                (*container)[field] = value;
        };
        put("terminationMessagePath", "/dev/termination-log");
        put("terminationMessagePolicy", "File");
        const std::string image = stringAt(one, { "image" });
        put("imagePullPolicy", image.ends_with(":latest") || image.find(':') == std::string::npos ? "Always" : "IfNotPresent");
        if (!container->contains("resources"))
            (*container)["resources"] = json::object();
    }
    if (!list.empty())
        pod["spec"].as_object()["ephemeralContainers"] = std::move(list);
    else if (auto *spec = pod["spec"].if_object())
        spec->erase("ephemeralContainers");
    return pod;
}

std::vector<Cause> ephemeralCauses(const json::object &wanted, const json::object *old, bool bySubresource)
{
    const json::array now = listIn(wanted, "ephemeralContainers");
    const json::array before = old ? listIn(*old, "ephemeralContainers") : json::array();
    const std::string path = "spec.ephemeralContainers";
    if (!old && !now.empty())
        return { { "FieldValueForbidden", path, "Forbidden: cannot be set on create" } };
    if (!bySubresource) {
        if (now == before)
            return {};
        return { { "FieldValueForbidden", "spec",
            "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
            "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
            "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)" } };
    }
    std::vector<Cause> causes;
    std::set<std::string> names;
    for (const char *list : { "containers", "initContainers" })
        for (const auto &one : listIn(wanted, list))
            names.insert(stringAt(one, { "name" }));
    for (std::size_t i = 0; i < now.size(); ++i) {
        const std::string here = path + "[" + std::to_string(i) + "]";
        const std::string name = stringAt(now[i], { "name" });
        if (name.empty())
            causes.push_back({ "FieldValueRequired", here + ".name", "Required value" });
        else if (!names.insert(name).second)
            causes.push_back({ "FieldValueDuplicate", here + ".name", "Duplicate value: \"" + name + "\"" });
        if (stringAt(now[i], { "image" }).empty())
            causes.push_back({ "FieldValueRequired", here + ".image", "Required value" });
        const auto *fields = now[i].if_object();
        for (auto field = fields ? fields->begin() : json::object::const_iterator(); fields && field != fields->end(); ++field) {
            const auto &value = field->value();
            const bool isEmpty
                = value.is_null() || (value.is_object() && value.as_object().empty()) || (value.is_array() && value.as_array().empty());
            const std::string key(field->key());
            if (!isEmpty && std::none_of(allowed.begin(), allowed.end(), [&](const char *one) { return key == one; }))
                causes.push_back({ "FieldValueForbidden", here + "." + key, "Forbidden: cannot be set for an Ephemeral Container" });
        }
        if (const std::string target = stringAt(now[i], { "targetContainerName" });
            !target.empty() && !named(listIn(wanted, "containers"), target) && !named(listIn(wanted, "initContainers"), target))
            causes.push_back({ "FieldValueNotFound", here + ".targetContainerName", "Not found: \"" + target + "\"" });
    }
    for (const auto &one : before) {
        const std::string name = stringAt(one, { "name" });
        const auto *kept = named(now, name);
        if (!kept)
            causes.push_back(
                { "FieldValueForbidden", path, "Forbidden: existing ephemeral containers \"" + name + "\" may not be removed\n" });
        else if (*kept != one)
            causes.push_back(
                { "FieldValueForbidden", path, "Forbidden: existing ephemeral containers \"" + name + "\" may not be changed\n" });
    }
    return causes;
}

} // namespace catamaran::lab
