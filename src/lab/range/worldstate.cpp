// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/range/worldstate.h"

#include <map>

namespace catamaran::lab {

namespace {

/// Addresses are handed out in the order of asking, which is nobody's wish.
json::value without(json::value value, std::initializer_list<const char *> keys)
{
    if (auto *object = value.if_object()) {
        for (const char *key : keys)
            object->erase(key);
    }
    return value;
}

json::object shown(const json::object &object)
{
    json::object result;
    for (const char *key : { "labels", "annotations" }) {
        if (const auto *metadata = object.if_contains("metadata"); metadata && metadata->is_object() && metadata->as_object().contains(key))
            result[key] = without(metadata->as_object().at(key), { "deployment.kubernetes.io/revision" });
    }
    if (const auto *spec = object.if_contains("spec"))
        result["spec"] = without(*spec, { "clusterIP", "clusterIPs" });
    return result;
}

} // namespace

std::string worldState(const FaultTargets &targets)
{
    json::object all;
    all["meshes"] = targets.cloud->state();
    for (const auto &cluster : targets.clusters) {
        std::map<std::string, json::object> sorted;
        for (const char *type :
            { "namespaces", "apps/deployments", "services", "serviceaccounts", "networking.istio.io/virtualservices" }) {
            for (const auto &object : cluster.store->list(type))
                sorted.emplace(std::string(type) + '/' + namespaceOf(*object) + '/' + nameOf(*object), shown(*object));
        }
        json::object objects;
        for (auto &[name, object] : sorted)
            objects[name] = std::move(object);
        all[cluster.name] = std::move(objects);
    }
    return json::serialize(all);
}

} // namespace catamaran::lab
