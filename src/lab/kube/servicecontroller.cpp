// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/servicecontroller.h"

#include "lab/kube/workloadcontroller.h"

#include <algorithm>
#include <set>

namespace catamaran::lab {

namespace {

using Object = ObjectStore::Object;

constexpr auto slicesKey = "discovery.k8s.io/endpointslices";
constexpr auto serviceLabel = "kubernetes.io/service-name";
constexpr std::size_t sliceSize = 100; ///< endpoints of one slice, as the real controller's default

const json::object *selectorOf(const json::object &service)
{
    const auto *spec = service.if_contains("spec");
    const auto *selector = spec ? at(*spec, { "selector" }) : nullptr;
    return selector && selector->is_object() && !selector->as_object().empty() ? &selector->as_object() : nullptr;
}

/// The number behind a target port that may be a container port's name; 0 when no container has it.
std::int64_t targetPort(const json::value &servicePort, const json::object *pod)
{
    const auto *target = at(servicePort, { "targetPort" });
    if (!target || target->is_null() || (target->is_number() && target->to_number<std::int64_t>() == 0))
        target = at(servicePort, { "port" });
    if (target && target->is_number())
        return target->to_number<std::int64_t>();
    const auto *containers = pod && target && target->is_string() ? at(pod->at("spec"), { "containers" }) : nullptr;
    if (!containers || !containers->is_array())
        return 0;
    for (const auto &container : containers->as_array()) {
        const auto *ports = at(container, { "ports" });
        if (!ports || !ports->is_array())
            continue;
        for (const auto &port : ports->as_array()) {
            const auto *number = at(port, { "containerPort" });
            if (number && number->is_number() && stringAt(port, { "name" }) == std::string_view(target->as_string()))
                return number->to_number<std::int64_t>();
        }
    }
    return 0;
}

json::array portsOf(const json::object &service, const json::object *pod)
{
    json::array result;
    const auto *ports = at(service.at("spec"), { "ports" });
    if (!ports || !ports->is_array())
        return result;
    for (const auto &port : ports->as_array()) {
        const auto number = targetPort(port, pod);
        if (number == 0)
            continue;
        json::object entry { { "name", stringAt(port, { "name" }) }, { "port", number } };
        const std::string protocol = stringAt(port, { "protocol" });
        entry["protocol"] = protocol.empty() ? "TCP" : protocol;
        if (const std::string app = stringAt(port, { "appProtocol" }); !app.empty())
            entry["appProtocol"] = app;
        result.push_back(std::move(entry));
    }
    return result;
}

json::object endpointOf(const ObjectStore &store, const json::object &pod)
{
    const bool ending = isTerminating(pod);
    const bool ready = isPodReady(pod);
    const std::string node = stringAt(pod.at("spec"), { "nodeName" });
    json::object endpoint {
        { "addresses", json::array { json::value(stringAt(pod.at("status"), { "podIP" })) } },
        { "conditions", { { "ready", ready && !ending }, { "serving", ready }, { "terminating", ending } } },
        { "targetRef",
            { { "kind", "Pod" }, { "name", nameOf(pod) }, { "namespace", namespaceOf(pod) }, { "uid", metaString(pod, "uid") } } },
    };
    if (!node.empty()) {
        endpoint["nodeName"] = node;
        const auto object = store.get("nodes", "", node);
        const std::string zone = object ? stringAt(object->at("metadata"), { "labels", "topology.kubernetes.io/zone" }) : std::string();
        if (!zone.empty())
            endpoint["zone"] = zone;
    }
    return endpoint;
}

std::vector<Object> podsOf(const ObjectStore &store, const json::object &service, const json::object &selector)
{
    auto pods = store.list("pods", namespaceOf(service));
    std::erase_if(pods, [&](const Object &pod) {
        const auto *status = pod->if_contains("status");
        const std::string phase = status ? stringAt(*status, { "phase" }) : std::string();
        return !labelsMatch(*pod, selector) || !status || stringAt(*status, { "podIP" }).empty() || phase == "Failed"
            || phase == "Succeeded";
    });
    return pods;
}

void put(ObjectStore &store, const char *key, json::object object)
{
    if (!store.get(key, namespaceOf(object), nameOf(object)))
        store.create(key, std::move(object));
    else
        store.update(key, std::move(object));
}

void writeSlices(ObjectStore &store, const json::object &service, const std::vector<Object> &pods)
{
    const std::string ns = namespaceOf(service);
    const std::string name = nameOf(service);
    const auto ports = portsOf(service, pods.empty() ? nullptr : pods.front().get());
    std::set<std::string> wanted;
    for (std::size_t first = 0, index = 0; first == 0 || first < pods.size(); first += sliceSize, ++index) {
        json::array endpoints;
        for (std::size_t i = first; i < std::min(first + sliceSize, pods.size()); ++i)
            endpoints.push_back(endpointOf(store, *pods[i]));
        const std::string sliceName = name + "-" + stableSuffix(metaString(service, "uid") + std::to_string(index), 5);
        wanted.insert(sliceName);
        json::object labels;
        if (const auto *own = at(service.at("metadata"), { "labels" }); own && own->is_object())
            labels = own->as_object();
        labels[serviceLabel] = name;
        labels["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io";
        put(store, slicesKey,
            { { "apiVersion", "discovery.k8s.io/v1" }, { "kind", "EndpointSlice" },
                { "metadata",
                    { { "name", sliceName }, { "generateName", name + "-" }, { "namespace", ns }, { "labels", std::move(labels) },
                        { "ownerReferences",
                            json::array { { { "apiVersion", "v1" }, { "kind", "Service" }, { "name", name },
                                { "uid", metaString(service, "uid") }, { "controller", true }, { "blockOwnerDeletion", true } } } } } },
                { "addressType", "IPv4" }, { "endpoints", std::move(endpoints) }, { "ports", ports } });
    }
    for (const auto &slice : store.list(slicesKey, ns)) {
        if (stringAt(slice->at("metadata"), { "labels", serviceLabel }) == name && !wanted.contains(nameOf(*slice)))
            store.remove(slicesKey, ns, nameOf(*slice));
    }
}

void writeEndpoints(ObjectStore &store, const json::object &service, const std::vector<Object> &pods)
{
    json::array ready;
    json::array notReady;
    for (const auto &pod : pods) {
        if (isTerminating(*pod))
            continue;
        json::object address { { "ip", stringAt(pod->at("status"), { "podIP" }) },
            { "nodeName", stringAt(pod->at("spec"), { "nodeName" }) },
            { "targetRef",
                { { "kind", "Pod" }, { "name", nameOf(*pod) }, { "namespace", namespaceOf(*pod) }, { "uid", metaString(*pod, "uid") } } } };
        (isPodReady(*pod) ? ready : notReady).push_back(std::move(address));
    }
    json::object object { { "apiVersion", "v1" }, { "kind", "Endpoints" },
        { "metadata", { { "name", nameOf(service) }, { "namespace", namespaceOf(service) } } } };
    if (!ready.empty() || !notReady.empty()) {
        json::object subset { { "ports", portsOf(service, pods.front().get()) } };
        if (!ready.empty())
            subset["addresses"] = std::move(ready);
        if (!notReady.empty())
            subset["notReadyAddresses"] = std::move(notReady);
        object["subsets"] = json::array { std::move(subset) };
    }
    put(store, "endpoints", std::move(object));
}

} // namespace

void completeService(const ObjectStore &store, json::object &service, const std::function<std::string()> &nextAddress)
{
    auto &specValue = service["spec"];
    if (!specValue.is_object())
        specValue = json::object();
    auto &spec = specValue.as_object();
    const auto fill = [&](const char *field, json::value value) {
        if (!spec.contains(field))
            spec[field] = std::move(value);
    };
    fill("type", "ClusterIP");
    fill("sessionAffinity", "None");
    if (const auto *ports = at(specValue, { "ports" }); ports && ports->is_array()) {
        for (auto &value : spec["ports"].as_array()) {
            auto *port = value.if_object();
            if (!port)
                continue;
            if (!port->contains("protocol"))
                (*port)["protocol"] = "TCP";
            if (!port->contains("targetPort") && port->contains("port"))
                (*port)["targetPort"] = port->at("port");
        }
    }
    if (stringAt(specValue, { "type" }) == "ExternalName")
        return;
    std::string address = stringAt(specValue, { "clusterIP" });
    if (address.empty()) {
        std::set<std::string> taken;
        store.visit("services", "", "", "", [&](const Object &other) {
            taken.insert(stringAt(other->at("spec"), { "clusterIP" }));
            return true;
        });
        do {
            address = nextAddress();
        } while (taken.contains(address) && taken.size() < 250);
        spec["clusterIP"] = address;
    }
    fill("clusterIPs", json::array { json::value(address) });
    fill("ipFamilies", json::array { "IPv4" });
    fill("ipFamilyPolicy", "SingleStack");
    fill("internalTrafficPolicy", "Cluster");
    if (!service.contains("status"))
        service["status"] = json::object { { "loadBalancer", json::object() } };
}

void reconcileEndpoints(ObjectStore &store, const std::string &ns, const std::string &name)
{
    const auto service = store.get("services", ns, name);
    if (!service) {
        store.remove("endpoints", ns, name);
        for (const auto &slice : store.list(slicesKey, ns)) {
            if (stringAt(slice->at("metadata"), { "labels", serviceLabel }) == name)
                store.remove(slicesKey, ns, nameOf(*slice));
        }
        return;
    }
    const auto *selector = selectorOf(*service);
    if (!selector)
        return;
    const auto pods = podsOf(store, *service, *selector);
    writeSlices(store, *service, pods);
    writeEndpoints(store, *service, pods);
}

std::vector<std::string> servicesOfPod(const ObjectStore &store, const json::object &pod)
{
    std::vector<std::string> names;
    for (const auto &service : store.list("services", namespaceOf(pod))) {
        const auto *selector = selectorOf(*service);
        if (selector && labelsMatch(pod, *selector))
            names.push_back(nameOf(*service));
    }
    return names;
}

} // namespace catamaran::lab
