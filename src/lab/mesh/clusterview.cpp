// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/clusterview.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace catamaran::lab {

namespace {

std::string label(const json::object &object, std::string_view key)
{
    return labelIn(object, key);
}

const json::array *arrayIn(const json::object &object, std::initializer_list<std::string_view> path)
{
    const auto *found = valueIn(object, path);
    return found ? found->if_array() : nullptr;
}

const json::array *arrayAt(const json::value &value, std::initializer_list<std::string_view> path)
{
    const auto *found = at(value, path);
    return found ? found->if_array() : nullptr;
}

unsigned short portNumber(const json::value *value)
{
    if (!value || !value->is_number())
        return 0;
    const auto number = value->to_number<double>();
    return number > 0 && number < 65536 ? static_cast<unsigned short>(number) : 0;
}

unsigned wholeNumber(const json::value *value, unsigned otherwise)
{
    if (!value || !value->is_number())
        return otherwise;
    const auto number = value->to_number<double>();
    return number >= 0 && number < 1e9 ? static_cast<unsigned>(number) : otherwise;
}

/// Istio's choice of protocol: appProtocol, else the port's name up to the first dash.
bool isHttp(const json::value &port)
{
    std::string protocol = stringAt(port, { "appProtocol" });
    if (protocol.empty())
        protocol = stringAt(port, { "name" });
    protocol = protocol.substr(0, protocol.find('-'));
    return protocol == "http" || protocol == "http2" || protocol == "grpc";
}

bool isReady(const json::value &endpoint)
{
    const auto *ready = at(endpoint, { "conditions", "ready" });
    return !ready || !ready->is_bool() || ready->as_bool();
}

std::map<std::string, std::string> labelsOf(const json::object &object)
{
    std::map<std::string, std::string> result;
    const auto *meta = object.if_contains("metadata");
    const auto *labels = meta ? at(*meta, { "labels" }) : nullptr;
    if (labels && labels->is_object()) {
        for (const auto &member : labels->as_object()) {
            if (const auto *text = member.value().if_string())
                result.emplace(std::string(member.key()), std::string(*text));
        }
    }
    return result;
}

template <typename Visitor> void visitEndpoints(const json::object &slice, const Visitor &visitor)
{
    const auto *ports = arrayIn(slice, { "ports" });
    const auto *endpoints = arrayIn(slice, { "endpoints" });
    if (!ports || !endpoints)
        return;
    for (const auto &endpoint : *endpoints) {
        const auto *addresses = arrayAt(endpoint, { "addresses" });
        if (!isReady(endpoint) || !addresses || addresses->empty() || !addresses->front().is_string())
            continue;
        for (const auto &port : *ports) {
            if (const auto number = portNumber(at(port, { "port" })))
                visitor(endpoint, std::string(addresses->front().as_string()), stringAt(port, { "name" }), number);
        }
    }
}

void readGateways(const json::object &service, ClusterView &view)
{
    const std::string network = label(service, networkLabel);
    const auto *ports = arrayIn(service, { "spec", "ports" });
    if (network.empty() || !ports)
        return;
    unsigned short port = 15443;
    const std::string other = label(service, "networking.istio.io/gatewayPort");
    if (!other.empty())
        std::from_chars(other.data(), other.data() + other.size(), port);
    const bool has
        = std::any_of(ports->begin(), ports->end(), [&](const json::value &entry) { return portNumber(at(entry, { "port" })) == port; });
    if (!has)
        return;
    if (const auto *ingress = arrayIn(service, { "status", "loadBalancer", "ingress" })) {
        for (const auto &entry : *ingress) {
            if (const std::string ip = stringAt(entry, { "ip" }); !ip.empty())
                view.gateways.push_back({ network, ip, port });
        }
    }
}

std::string fullHost(std::string host, const std::string &ns)
{
    const auto dots = std::count(host.begin(), host.end(), '.');
    if (dots == 0)
        return host + "." + ns + ".svc.cluster.local";
    if (dots == 1)
        return host + ".svc.cluster.local";
    if (host.ends_with(".svc"))
        return host + ".cluster.local";
    return host;
}

} // namespace

const json::value *valueIn(const json::object &object, std::initializer_list<std::string_view> path)
{
    const json::object *here = &object;
    const json::value *found = nullptr;
    for (const auto key : path) {
        found = here ? here->if_contains(json::string_view(key.data(), key.size())) : nullptr;
        if (!found)
            return nullptr;
        here = found->if_object();
    }
    return found;
}

std::string textIn(const json::object &object, std::initializer_list<std::string_view> path)
{
    const auto *found = valueIn(object, path);
    const auto *text = found ? found->if_string() : nullptr;
    return text ? std::string(text->data(), text->size()) : std::string();
}

std::string labelIn(const json::object &object, std::string_view key)
{
    return textIn(object, { "metadata", "labels", key });
}

bool mattersToMesh(const std::string &typeKey)
{
    static const std::set<std::string> types { "services", "pods", "nodes", "namespaces", "discovery.k8s.io/endpointslices",
        "networking.istio.io/destinationrules", "networking.istio.io/virtualservices" };
    return types.contains(typeKey);
}

Locality localityOfNode(const ObjectStore &store, const std::string &node)
{
    const auto object = store.get("nodes", {}, node);
    if (!object)
        return {};
    return { label(*object, "topology.kubernetes.io/region"), label(*object, "topology.kubernetes.io/zone"),
        label(*object, "topology.istio.io/subzone") };
}

std::vector<LocalEndpoint> readLocalEndpoints(
    const ObjectStore &store, const std::string &ns, const std::string &service, const std::string &portName)
{
    std::vector<LocalEndpoint> result;
    for (const auto &slice : store.list("discovery.k8s.io/endpointslices", ns)) {
        if (label(*slice, "kubernetes.io/service-name") != service)
            continue;
        visitEndpoints(*slice, [&](const json::value &, const std::string &address, const std::string &name, unsigned short port) {
            if (name == portName)
                result.push_back({ address, port });
        });
    }
    return result;
}

ClusterView readCluster(const ObjectStore &store, const std::string &id, const std::string &name, int index)
{
    ClusterView view;
    view.id = id;
    view.name = name;
    view.index = index;
    if (const auto system = store.get("namespaces", {}, systemNamespace))
        view.systemNetwork = label(*system, networkLabel);

    std::map<std::string, Locality> localities;
    for (const auto &node : store.list("nodes"))
        localities.emplace(nameOf(*node), localityOfNode(store, nameOf(*node)));

    std::map<std::pair<std::string, std::string>, std::vector<ObjectStore::Object>> slices;
    for (const auto &slice : store.list("discovery.k8s.io/endpointslices"))
        slices[{ namespaceOf(*slice), label(*slice, "kubernetes.io/service-name") }].push_back(slice);

    for (const auto &object : store.list("services")) {
        readGateways(*object, view);
        ServiceView service;
        service.ns = namespaceOf(*object);
        service.name = nameOf(*object);
        if (const std::string ip = textIn(*object, { "spec", "clusterIP" }); !ip.empty() && ip != "None")
            service.clusterIps.push_back(ip);
        if (const auto *ports = arrayIn(*object, { "spec", "ports" })) {
            for (const auto &port : *ports) {
                if (const auto number = portNumber(at(port, { "port" })))
                    service.ports.push_back({ stringAt(port, { "name" }), number, isHttp(port) });
            }
        }
        for (const auto &slice : slices[{ service.ns, service.name }]) {
            visitEndpoints(
                *slice, [&](const json::value &endpoint, const std::string &address, const std::string &portName, unsigned short port) {
                    EndpointView seen;
                    seen.address = address;
                    seen.port = port;
                    seen.portName = portName;
                    std::string node = stringAt(endpoint, { "nodeName" });
                    if (const auto pod = store.get("pods", service.ns, stringAt(endpoint, { "targetRef", "name" }))) {
                        seen.mutualTls = label(*pod, "security.istio.io/tlsMode") == "istio";
                        seen.podNetwork = label(*pod, networkLabel);
                        seen.serviceAccount = textIn(*pod, { "spec", "serviceAccountName" });
                        seen.labels = labelsOf(*pod);
                        if (node.empty())
                            node = textIn(*pod, { "spec", "nodeName" });
                    }
                    if (seen.serviceAccount.empty())
                        seen.serviceAccount = "default";
                    if (const auto found = localities.find(node); found != localities.end())
                        seen.locality = found->second;
                    service.endpoints.push_back(std::move(seen));
                });
        }
        view.services.push_back(std::move(service));
    }
    return view;
}

std::chrono::milliseconds readDuration(const std::string &text, std::chrono::milliseconds otherwise)
{
    double total = 0;
    const char *position = text.data();
    const char *const end = position + text.size();
    if (position == end)
        return otherwise;
    while (position < end) {
        double number = 0;
        const auto [next, error] = std::from_chars(position, end, number);
        if (error != std::errc() || number < 0 || next == end)
            return otherwise;
        const std::string_view unit(next, static_cast<std::size_t>(end - next));
        if (unit.starts_with("ms")) {
            total += number;
            position = next + 2;
        } else if (unit.starts_with('s') || unit.starts_with('m') || unit.starts_with('h')) {
            total += number * (unit[0] == 's' ? 1e3 : unit[0] == 'm' ? 6e4 : 3.6e6);
            position = next + 1;
        } else {
            return otherwise;
        }
    }
    return total < 1e12 ? std::chrono::milliseconds(static_cast<std::int64_t>(total)) : otherwise;
}

std::optional<TrafficPolicy> readPolicy(const json::object &rule)
{
    const std::string host = textIn(rule, { "spec", "host" });
    if (host.empty())
        return std::nullopt;
    TrafficPolicy policy;
    policy.host = fullHost(host, namespaceOf(rule));
    const auto *traffic = valueIn(rule, { "spec", "trafficPolicy" });
    if (!traffic)
        return policy;
    if (const auto *outlier = at(*traffic, { "outlierDetection" }); outlier && outlier->is_object()) {
        OutlierDetection found;
        found.consecutive5xx = wholeNumber(at(*outlier, { "consecutive5xxErrors" }), found.consecutive5xx);
        found.consecutiveGatewayErrors = wholeNumber(at(*outlier, { "consecutiveGatewayErrors" }), 0);
        found.interval = readDuration(stringAt(*outlier, { "interval" }), found.interval);
        found.baseEjection = readDuration(stringAt(*outlier, { "baseEjectionTime" }), found.baseEjection);
        found.maxEjectionPercent = wholeNumber(at(*outlier, { "maxEjectionPercent" }), found.maxEjectionPercent);
        policy.outlier = found;
    }
    policy.connectTimeout = readDuration(stringAt(*traffic, { "connectionPool", "tcp", "connectTimeout" }), policy.connectTimeout);
    if (stringAt(*traffic, { "tls", "mode" }) == "DISABLE")
        policy.tls = UpstreamTls::Disabled;
    if (const auto *locality = at(*traffic, { "loadBalancer", "localityLbSetting" })) {
        if (const auto *enabled = at(*locality, { "enabled" }); enabled && enabled->is_bool())
            policy.localityEnabled = enabled->as_bool();
        if (const auto *failover = arrayAt(*locality, { "failover" })) {
            for (const auto &entry : *failover)
                policy.failover[stringAt(entry, { "from" })] = stringAt(entry, { "to" });
        }
        if (const auto *keys = arrayAt(*locality, { "failoverPriority" })) {
            for (const auto &key : *keys) {
                if (const auto *text = key.if_string())
                    policy.failoverPriority.emplace_back(*text);
            }
        }
    }
    return policy;
}

std::vector<TrafficPolicy> readPolicies(const ObjectStore &store)
{
    auto rules = store.list("networking.istio.io/destinationrules");
    std::stable_sort(rules.begin(), rules.end(),
        [](const auto &a, const auto &b) { return metaString(*a, "creationTimestamp") < metaString(*b, "creationTimestamp"); });
    std::vector<TrafficPolicy> result;
    for (const auto &rule : rules) {
        if (auto policy = readPolicy(*rule))
            result.push_back(std::move(*policy));
    }
    return result;
}

std::vector<RouteFault> readRouteFaults(const ObjectStore &store)
{
    auto services = store.list("networking.istio.io/virtualservices");
    std::stable_sort(services.begin(), services.end(),
        [](const auto &a, const auto &b) { return metaString(*a, "creationTimestamp") < metaString(*b, "creationTimestamp"); });
    const auto percent = [](const json::value &part) {
        const auto *value = at(part, { "percentage", "value" });
        return value && value->is_number() ? value->to_number<double>() : 100;
    };
    std::vector<RouteFault> result;
    for (const auto &service : services) {
        const auto *hosts = valueIn(*service, { "spec", "hosts" });
        const auto *routes = valueIn(*service, { "spec", "http" });
        if (!hosts || !hosts->is_array() || !routes || !routes->is_array() || routes->as_array().empty())
            continue;
        const auto *fault = at(routes->as_array().front(), { "fault" });
        if (!fault || !fault->is_object())
            continue;
        RouteFault read;
        if (const auto *delay = at(*fault, { "delay" }); delay && delay->is_object()) {
            read.delay = readDuration(stringAt(*delay, { "fixedDelay" }), std::chrono::milliseconds(0));
            read.delayPercent = percent(*delay);
        }
        if (const auto *abort = at(*fault, { "abort" }); abort && abort->is_object()) {
            read.abortStatus = wholeNumber(at(*abort, { "httpStatus" }), 0);
            read.abortPercent = percent(*abort);
        }
        for (const auto &host : hosts->as_array()) {
            if (const auto *text = host.if_string()) {
                read.host = fullHost(std::string(*text), namespaceOf(*service));
                result.push_back(read);
            }
        }
    }
    return result;
}

} // namespace catamaran::lab
