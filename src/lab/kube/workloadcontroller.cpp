// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/workloadcontroller.h"

#include "lab/kube/managedfields.h"
#include "lab/kube/selectors.h"
#include "lab/kube/timestamps.h"
#include "lab/kube/validation.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace catamaran::lab {

namespace {

using Object = ObjectStore::Object;

constexpr auto deploymentsKey = "apps/deployments";
constexpr auto replicaSetsKey = "apps/replicasets";
constexpr auto failedToCreate = "ReplicaFailure"; ///< the condition of sets and deployments whose pods are refused
constexpr auto hashLabel = "pod-template-hash";
constexpr auto revisionAnnotation = "deployment.kubernetes.io/revision";
ResourceType deploymentType()
{
    return { "apps", "v1", "deployments", "deployment", "Deployment", true, {}, {}, true, false };
}

constexpr std::string_view nameAlphabet = "bcdfghjklmnpqrstvwxz2456789";

std::int64_t integerAt(const json::value &value, std::initializer_list<std::string_view> path, std::int64_t fallback)
{
    const auto *found = at(value, path);
    return found && found->is_number() ? found->to_number<std::int64_t>() : fallback;
}

const json::value *specOf(const json::object &object)
{
    return object.if_contains("spec");
}

int replicasOf(const json::object &object)
{
    const auto *spec = specOf(object);
    return spec ? static_cast<int>(integerAt(*spec, { "replicas" }, 1)) : 1;
}

bool isOwnedBy(const json::object &object, const std::string &uid)
{
    const auto *meta = object.if_contains("metadata");
    const auto *owners = meta ? at(*meta, { "ownerReferences" }) : nullptr;
    if (!owners || !owners->is_array())
        return false;
    const auto &list = owners->as_array();
    return std::any_of(list.begin(), list.end(), [&](const json::value &owner) { return stringAt(owner, { "uid" }) == uid; });
}

json::object ownerReference(const json::object &owner, const char *apiVersion, const char *kind)
{
    return { { "apiVersion", apiVersion }, { "kind", kind }, { "name", nameOf(owner) }, { "uid", metaString(owner, "uid") },
        { "controller", true }, { "blockOwnerDeletion", true } };
}

/// A number or a percentage of @p whole, as maxSurge (rounded up) and maxUnavailable (rounded down) are.
int share(const json::value *value, int whole, const char *fallback, bool up)
{
    if (value && value->is_number())
        return static_cast<int>(value->to_number<std::int64_t>());
    const std::string text = value && value->is_string() ? std::string(value->as_string()) : fallback;
    const double part = std::atof(text.c_str()) / 100.0 * whole;
    return static_cast<int>(up ? std::ceil(part) : std::floor(part));
}

std::string templateHash(const json::value &podTemplate)
{
    json::value copy = podTemplate;
    if (const auto *labels = at(copy, { "metadata", "labels" }); labels && labels->is_object())
        copy.at("metadata").at("labels").as_object().erase(hashLabel);
    return stableSuffix(json::serialize(copy), 10);
}

int statusNumber(const json::object &object, std::string_view field)
{
    const auto *status = object.if_contains("status");
    return status ? static_cast<int>(integerAt(*status, { field }, 0)) : 0;
}

void setReplicas(ObjectStore &store, const json::object &deployment, const json::object &replicaSet, int replicas)
{
    const int before = replicasOf(replicaSet);
    if (before == replicas)
        return;
    store.mutate(replicaSetsKey, namespaceOf(replicaSet), nameOf(replicaSet),
        [&](json::object &edited) { edited["spec"].as_object()["replicas"] = replicas; });
    recordEvent(store, deployment, "Deployment", "apps/v1", "Normal", "ScalingReplicaSet",
        "Scaled " + std::string(replicas > before ? "up" : "down") + " replica set " + nameOf(replicaSet) + " from "
            + std::to_string(before) + " to " + std::to_string(replicas),
        "deployment-controller");
}

Object makeReplicaSet(ObjectStore &store, const json::object &deployment, const std::string &hash, int replicas, int revision)
{
    const json::value &spec = *specOf(deployment);
    json::value podTemplate = *at(spec, { "template" });
    auto &templateMeta = podTemplate.as_object()["metadata"];
    if (!templateMeta.is_object())
        templateMeta = json::object();
    auto &templateLabels = templateMeta.as_object()["labels"];
    if (!templateLabels.is_object())
        templateLabels = json::object();
    templateLabels.as_object()[hashLabel] = hash;

    json::value selector = at(spec, { "selector" }) ? *at(spec, { "selector" }) : json::value(json::object());
    auto &matchLabels = selector.as_object()["matchLabels"];
    if (!matchLabels.is_object())
        matchLabels = json::object();
    matchLabels.as_object()[hashLabel] = hash;

    json::object replicaSet {
        { "apiVersion", "apps/v1" },
        { "kind", "ReplicaSet" },
        { "metadata",
            { { "name", nameOf(deployment) + "-" + hash }, { "namespace", namespaceOf(deployment) }, { "labels", templateLabels },
                { "annotations", { { revisionAnnotation, std::to_string(revision) } } },
                { "ownerReferences", json::array { ownerReference(deployment, "apps/v1", "Deployment") } } } },
        { "spec", { { "replicas", replicas }, { "selector", selector }, { "template", podTemplate } } },
        { "status", { { "replicas", 0 } } },
    };
    const auto made = store.create(replicaSetsKey, std::move(replicaSet));
    if (made && replicas > 0)
        recordEvent(store, deployment, "Deployment", "apps/v1", "Normal", "ScalingReplicaSet",
            "Scaled up replica set " + nameOf(*made) + " from 0 to " + std::to_string(replicas), "deployment-controller");
    return made;
}

json::object condition(const json::object &status, const char *type, bool holds, const char *reason, const std::string &message)
{
    const std::string word = holds ? "True" : "False";
    std::string since = timestampNow();
    std::string updated = since;
    if (const auto *list = status.if_contains("conditions"); list && list->is_array()) {
        for (const auto &old : list->as_array()) {
            if (stringAt(old, { "type" }) == type && stringAt(old, { "status" }) == word) {
                since = stringAt(old, { "lastTransitionTime" });
                if (stringAt(old, { "reason" }) == reason && stringAt(old, { "message" }) == message)
                    updated = stringAt(old, { "lastUpdateTime" });
            }
        }
    }
    return { { "type", type }, { "status", word }, { "reason", reason }, { "message", message }, { "lastTransitionTime", since },
        { "lastUpdateTime", updated } };
}

const json::value *conditionOf(const json::object &object, std::string_view type)
{
    const auto *status = object.if_contains("status");
    const auto *list = status ? at(*status, { "conditions" }) : nullptr;
    if (!list || !list->is_array())
        return nullptr;
    const auto &conditions = list->as_array();
    const auto found
        = std::find_if(conditions.begin(), conditions.end(), [&](const json::value &one) { return stringAt(one, { "type" }) == type; });
    return found == conditions.end() ? nullptr : &*found;
}

void writeDeploymentStatus(
    ObjectStore &store, const json::object &deployment, const std::vector<Object> &sets, const Object &current, int unavailableAllowed)
{
    int replicas = 0;
    int ready = 0;
    for (const auto &set : sets) {
        replicas += statusNumber(*set, "replicas");
        ready += statusNumber(*set, "readyReplicas");
    }
    const int wanted = replicasOf(deployment);
    const int updated = current ? statusNumber(*current, "replicas") : 0;
    const bool available = ready >= wanted - unavailableAllowed;
    const bool complete = updated == wanted && replicas == wanted && ready == wanted;
    store.mutate(deploymentsKey, namespaceOf(deployment), nameOf(deployment), [&](json::object &edited) {
        const json::object before = edited["status"].is_object() ? edited["status"].as_object() : json::object();
        json::object status;
        status["observedGeneration"] = integerAt(edited["metadata"], { "generation" }, 1);
        if (const auto *collisions = before.if_contains("collisionCount"))
            status["collisionCount"] = *collisions;
        const auto put = [&](const char *field, int value) {
            if (value > 0)
                status[field] = value;
        };
        put("replicas", replicas);
        put("updatedReplicas", updated);
        put("readyReplicas", ready);
        put("availableReplicas", ready);
        put("unavailableReplicas", std::max(0, wanted - ready));
        const std::string setName = current ? nameOf(*current) : std::string();
        json::array conditions {
            available
                ? condition(before, "Available", true, "MinimumReplicasAvailable", "Deployment has minimum availability.")
                : condition(before, "Available", false, "MinimumReplicasUnavailable", "Deployment does not have minimum availability."),
            complete ? condition(
                before, "Progressing", true, "NewReplicaSetAvailable", "ReplicaSet \"" + setName + "\" has successfully progressed.")
                     : condition(before, "Progressing", true, "ReplicaSetUpdated", "ReplicaSet \"" + setName + "\" is progressing."),
        };
        if (const auto *failure = current ? conditionOf(*current, failedToCreate) : nullptr)
            conditions.push_back(condition(before, failedToCreate, true, "FailedCreate", stringAt(*failure, { "message" })));
        status["conditions"] = std::move(conditions);
        const json::object old = edited;
        edited["status"] = std::move(status);
        recordUpdate(&old, edited, deploymentType(), { "kube-controller-manager", "apps/v1", "status" });
    });
}

void rollOut(ObjectStore &store, const json::object &deployment, const std::vector<Object> &sets, const Object &current)
{
    const json::value &spec = *specOf(deployment);
    const int wanted = replicasOf(deployment);
    const bool recreate = stringAt(spec, { "strategy", "type" }) == "Recreate";
    const int surge = recreate ? 0 : share(at(spec, { "strategy", "rollingUpdate", "maxSurge" }), wanted, "25%", true);
    int unavailable = recreate ? wanted : share(at(spec, { "strategy", "rollingUpdate", "maxUnavailable" }), wanted, "25%", false);
    if (surge == 0 && unavailable == 0)
        unavailable = 1;

    int total = 0;
    int ready = 0;
    int oldPods = 0;
    for (const auto &set : sets) {
        total += std::max(replicasOf(*set), statusNumber(*set, "replicas"));
        // A set that was told to shrink still reports the pods that it is about to end.
        ready += std::min(replicasOf(*set), statusNumber(*set, "readyReplicas"));
        if (set != current)
            oldPods += std::max(replicasOf(*set), statusNumber(*set, "replicas"));
    }
    const int have = replicasOf(*current);
    if (have > wanted || oldPods == 0) {
        setReplicas(store, deployment, *current, wanted);
    } else if (!recreate) {
        const int room = std::max(0, wanted + surge - total);
        setReplicas(store, deployment, *current, std::min(wanted, have + room));
    }
    if (oldPods == 0)
        return;
    // Old pods go as far as enough stay ready; those that never became ready go first of all.
    int mayGo = recreate ? oldPods : std::max(0, ready - (wanted - unavailable));
    for (const auto &set : sets) {
        if (set == current || replicasOf(*set) == 0)
            continue;
        const int notReady = std::max(0, replicasOf(*set) - statusNumber(*set, "readyReplicas"));
        const int readyToGo = std::min(mayGo, replicasOf(*set) - notReady);
        mayGo -= readyToGo;
        setReplicas(store, deployment, *set, replicasOf(*set) - notReady - readyToGo);
    }
}

void forgetOldSets(ObjectStore &store, const json::object &deployment, std::vector<Object> sets, const Object &current)
{
    const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(0, integerAt(*specOf(deployment), { "revisionHistoryLimit" }, 10)));
    std::erase_if(sets, [&](const Object &set) { return set == current || replicasOf(*set) > 0 || statusNumber(*set, "replicas") > 0; });
    if (sets.size() <= limit)
        return;
    std::sort(sets.begin(), sets.end(), [](const Object &a, const Object &b) {
        return std::stoull(metaString(*a, "resourceVersion")) < std::stoull(metaString(*b, "resourceVersion"));
    });
    for (std::size_t i = 0; i + limit < sets.size(); ++i)
        store.remove(replicaSetsKey, namespaceOf(*sets[i]), nameOf(*sets[i]));
}

json::object podFrom(const json::object &replicaSet)
{
    const json::value &podTemplate = replicaSet.at("spec").at("template");
    json::object meta;
    if (const auto *given = at(podTemplate, { "metadata" }); given && given->is_object())
        meta = given->as_object();
    meta.erase("creationTimestamp");
    meta["generateName"] = nameOf(replicaSet) + "-";
    meta["name"] = nameOf(replicaSet) + "-" + randomSuffix();
    meta["namespace"] = namespaceOf(replicaSet);
    meta["ownerReferences"] = json::array { ownerReference(replicaSet, "apps/v1", "ReplicaSet") };

    json::object spec = podTemplate.at("spec").as_object();
    const auto fill = [](json::object &object, const char *field, json::value value) {
        if (!object.contains(field))
            object[field] = std::move(value);
    };
    fill(spec, "serviceAccountName", "default");
    fill(spec, "serviceAccount", spec.at("serviceAccountName"));
    fill(spec, "restartPolicy", "Always");
    fill(spec, "terminationGracePeriodSeconds", 30);
    fill(spec, "dnsPolicy", "ClusterFirst");
    fill(spec, "schedulerName", "default-scheduler");
    fill(spec, "enableServiceLinks", true);
    fill(spec, "securityContext", json::object());
    return { { "apiVersion", "v1" }, { "kind", "Pod" }, { "metadata", std::move(meta) }, { "spec", std::move(spec) },
        { "status", { { "phase", "Pending" }, { "qosClass", "BestEffort" } } } };
}

std::string createPod(ObjectStore &store, const json::object &replicaSet)
{
    json::object pod = podFrom(replicaSet);
    const std::string ns = namespaceOf(replicaSet);
    const std::string account = stringAt(pod.at("spec"), { "serviceAccountName" });
    if (!store.get("serviceaccounts", ns, account))
        return "pods \"" + metaString(pod, "generateName") + "\" is forbidden: error looking up service account " + ns + "/" + account
            + ": serviceaccount \"" + account + "\" not found";
    if (std::string refusal = store.admit("pods", pod); !refusal.empty())
        return refusal;
    completePod(pod.at("spec").as_object());
    const std::string name = nameOf(pod);
    store.create("pods", std::move(pod));
    recordEvent(store, replicaSet, "ReplicaSet", "apps/v1", "Normal", "SuccessfulCreate", "Created pod: " + name, "replicaset-controller");
    return {};
}

/// @p refusal: why the last pod could not be made; empty when none was refused.
void writeReplicaSetStatus(ObjectStore &store, const json::object &replicaSet, int replicas, int ready, const std::string &refusal)
{
    store.mutate(replicaSetsKey, namespaceOf(replicaSet), nameOf(replicaSet), [&](json::object &edited) {
        json::object status { { "replicas", replicas }, { "observedGeneration", integerAt(edited["metadata"], { "generation" }, 1) } };
        if (replicas > 0)
            status["fullyLabeledReplicas"] = replicas;
        if (ready > 0) {
            status["readyReplicas"] = ready;
            status["availableReplicas"] = ready;
        }
        if (!refusal.empty()) {
            const auto *known = conditionOf(edited, failedToCreate);
            status["conditions"] = json::array { { { "type", failedToCreate }, { "status", "True" },
                { "lastTransitionTime", known ? stringAt(*known, { "lastTransitionTime" }) : timestampNow() }, { "reason", "FailedCreate" },
                { "message", refusal } } };
        }
        edited["status"] = std::move(status);
    });
}

} // namespace

void reconcileDeployment(ObjectStore &store, const std::string &ns, const std::string &name)
{
    const auto deployment = store.get(deploymentsKey, ns, name);
    if (!deployment || isTerminating(*deployment))
        return;
    const auto *spec = specOf(*deployment);
    const auto *podTemplate = spec ? at(*spec, { "template", "spec" }) : nullptr;
    if (!podTemplate || !podTemplate->is_object())
        return;

    const std::string uid = metaString(*deployment, "uid");
    const std::string hash = templateHash(*at(*spec, { "template" }));
    const auto ownedSets = [&] {
        auto sets = store.list(replicaSetsKey, ns);
        std::erase_if(sets, [&](const Object &set) { return !isOwnedBy(*set, uid) || isTerminating(*set); });
        return sets;
    };
    const auto currentOf = [&](const std::vector<Object> &sets) {
        const auto found = std::find_if(sets.begin(), sets.end(), [&](const Object &set) {
            return stringAt(set->at("metadata"), { "labels", hashLabel }) == hash;
        });
        return found == sets.end() ? Object() : *found;
    };

    auto sets = ownedSets();
    auto current = currentOf(sets);
    const bool paused = at(*spec, { "paused" }) && *at(*spec, { "paused" }) == json::value(true);
    if (!paused) {
        int revision = 0;
        for (const auto &set : sets)
            revision = std::max(revision, std::atoi(stringAt(set->at("metadata"), { "annotations", revisionAnnotation }).c_str()));
        const bool isNewest
            = current && std::atoi(stringAt(current->at("metadata"), { "annotations", revisionAnnotation }).c_str()) == revision;
        if (!current) {
            const bool alone = sets.empty();
            current = makeReplicaSet(store, *deployment, hash, alone ? replicasOf(*deployment) : 0, ++revision);
        } else if (!isNewest) { // rolled back to an earlier template
            ++revision;
            store.mutate(replicaSetsKey, ns, nameOf(*current), [&](json::object &edited) {
                edited["metadata"].as_object()["annotations"].as_object()[revisionAnnotation] = std::to_string(revision);
            });
        }
        store.mutate(deploymentsKey, ns, name, [&](json::object &edited) {
            auto &annotations = edited["metadata"].as_object()["annotations"];
            if (!annotations.is_object())
                annotations = json::object();
            annotations.as_object()[revisionAnnotation] = std::to_string(revision);
            recordUpdate(deployment.get(), edited, deploymentType(), { "kube-controller-manager", "apps/v1", "status" });
        });
        sets = ownedSets();
        current = currentOf(sets);
        if (!current)
            return;
        rollOut(store, *deployment, sets, current);
        sets = ownedSets();
        current = currentOf(sets);
        forgetOldSets(store, *deployment, sets, current);
    } else if (current) {
        setReplicas(store, *deployment, *current, replicasOf(*deployment));
        sets = ownedSets();
        current = currentOf(sets);
    }
    const bool recreate = stringAt(*spec, { "strategy", "type" }) == "Recreate";
    const int wanted = replicasOf(*deployment);
    writeDeploymentStatus(store, *deployment, sets, current,
        recreate ? 0 : share(at(*spec, { "strategy", "rollingUpdate", "maxUnavailable" }), wanted, "25%", false));
}

bool reconcileReplicaSet(ObjectStore &store, const std::string &ns, const std::string &name)
{
    const auto replicaSet = store.get(replicaSetsKey, ns, name);
    if (!replicaSet || isTerminating(*replicaSet))
        return true;
    const std::string uid = metaString(*replicaSet, "uid");
    auto pods = store.list("pods", ns);
    std::erase_if(pods, [&](const Object &pod) {
        const auto *status = pod->if_contains("status");
        const std::string phase = status ? stringAt(*status, { "phase" }) : std::string();
        return !isOwnedBy(*pod, uid) || isTerminating(*pod) || phase == "Failed" || phase == "Succeeded";
    });

    const int wanted = replicasOf(*replicaSet);
    int have = static_cast<int>(pods.size());
    std::string refusal;
    for (; have < wanted; ++have) {
        refusal = createPod(store, *replicaSet);
        if (!refusal.empty()) {
            recordEvent(store, *replicaSet, "ReplicaSet", "apps/v1", "Warning", "FailedCreate", "Error creating: " + refusal,
                "replicaset-controller");
            break;
        }
    }
    if (have > wanted) {
        // Pods that serve nobody go first, then the youngest.
        std::stable_sort(pods.begin(), pods.end(), [](const Object &a, const Object &b) {
            if (isPodReady(*a) != isPodReady(*b))
                return !isPodReady(*a);
            return metaString(*a, "creationTimestamp") > metaString(*b, "creationTimestamp");
        });
        const auto surplus = static_cast<std::size_t>(have - wanted);
        for (std::size_t i = 0; i < surplus; ++i) {
            deletePod(store, ns, nameOf(*pods[i]));
            recordEvent(store, *replicaSet, "ReplicaSet", "apps/v1", "Normal", "SuccessfulDelete", "Deleted pod: " + nameOf(*pods[i]),
                "replicaset-controller");
        }
        pods.erase(pods.begin(), pods.begin() + static_cast<std::ptrdiff_t>(surplus));
        have = wanted;
    }
    const auto ready = std::count_if(pods.begin(), pods.end(), [](const Object &pod) { return isPodReady(*pod); });
    writeReplicaSetStatus(store, *replicaSet, have, static_cast<int>(ready), refusal);
    return refusal.empty();
}

void deletePod(ObjectStore &store, const std::string &ns, const std::string &name)
{
    const auto pod = store.get("pods", ns, name);
    if (!pod || isTerminating(*pod))
        return;
    const auto *spec = specOf(*pod);
    if (!spec || stringAt(*spec, { "nodeName" }).empty()) {
        store.remove("pods", ns, name);
        return;
    }
    const auto grace = integerAt(*spec, { "terminationGracePeriodSeconds" }, 30);
    store.mutate("pods", ns, name, [&](json::object &edited) {
        auto &meta = edited["metadata"].as_object();
        meta["deletionTimestamp"] = timestampAt(timestampSeconds(timestampNow()) + grace);
        meta["deletionGracePeriodSeconds"] = grace;
    });
}

void recordEvent(ObjectStore &store, const json::object &about, const std::string &kind, const std::string &apiVersion,
    const std::string &type, const std::string &reason, const std::string &message, const std::string &component)
{
    const std::string ns = namespaceOf(about).empty() ? "default" : namespaceOf(about);
    const std::string uid = metaString(about, "uid");
    const std::string name = nameOf(about) + "." + stableSuffix(uid + reason + message, 16);
    const std::string now = timestampNow();
    const auto again = store.mutate("events", ns, name, [&](json::object &event) {
        event["count"] = integerAt(event, { "count" }, 1) + 1;
        event["lastTimestamp"] = now;
    });
    if (again)
        return;
    // As the real server does by age, but by number: old events go.
    if (store.count("events") > 500) {
        const auto all = store.list("events");
        const auto oldest = std::min_element(all.begin(), all.end(),
            [](const Object &a, const Object &b) { return stringAt(*a, { "lastTimestamp" }) < stringAt(*b, { "lastTimestamp" }); });
        store.remove("events", namespaceOf(**oldest), nameOf(**oldest));
    }
    json::object involved { { "kind", kind }, { "apiVersion", apiVersion }, { "name", nameOf(about) }, { "uid", uid } };
    if (!namespaceOf(about).empty())
        involved["namespace"] = ns;
    store.create("events",
        { { "apiVersion", "v1" }, { "kind", "Event" }, { "metadata", { { "name", name }, { "namespace", ns } } },
            { "involvedObject", std::move(involved) }, { "reason", reason }, { "message", message }, { "type", type }, { "count", 1 },
            { "firstTimestamp", now }, { "lastTimestamp", now }, { "source", { { "component", component } } },
            { "reportingComponent", component }, { "reportingInstance", "" } });
}

bool isPodReady(const json::object &pod)
{
    const auto *status = pod.if_contains("status");
    const auto *conditions = status ? at(*status, { "conditions" }) : nullptr;
    if (!conditions || !conditions->is_array())
        return false;
    const auto &list = conditions->as_array();
    return std::any_of(list.begin(), list.end(),
        [](const json::value &one) { return stringAt(one, { "type" }) == "Ready" && stringAt(one, { "status" }) == "True"; });
}

bool isTerminating(const json::object &object)
{
    return !metaString(object, "deletionTimestamp").empty();
}

std::string randomSuffix(std::size_t length)
{
    static std::mt19937_64 generator { std::random_device {}() };
    std::uniform_int_distribution<std::size_t> pick(0, nameAlphabet.size() - 1);
    std::string text;
    for (std::size_t i = 0; i < length; ++i)
        text += nameAlphabet[pick(generator)];
    return text;
}

std::string stableSuffix(std::string_view text, std::size_t length)
{
    std::uint64_t hash = 14695981039346656037ULL; // FNV-1a
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 1099511628211ULL;
    }
    std::string suffix;
    for (std::size_t i = 0; i < length; ++i) {
        suffix += nameAlphabet[hash % nameAlphabet.size()];
        hash = hash / nameAlphabet.size() + (hash << 7U);
    }
    return suffix;
}

} // namespace catamaran::lab
