// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/range/clusterseed.h"

#include "lab/kube/timestamps.h"

namespace catamaran::lab {

namespace {

json::object condition(const char *type, const char *status, const char *reason, const char *message)
{
    return { { "type", type }, { "status", status }, { "reason", reason }, { "message", message }, { "lastHeartbeatTime", timestampNow() },
        { "lastTransitionTime", timestampNow() } };
}

json::object node(const ClusterSeed &seed)
{
    const json::object resources { { "cpu", "8" }, { "memory", "16207352Ki" }, { "pods", "250" }, { "ephemeral-storage", "123722704Ki" } };
    json::object labels { { "kubernetes.io/hostname", seed.nodeName }, { "kubernetes.io/arch", "amd64" }, { "kubernetes.io/os", "linux" },
        { "node.kubernetes.io/instance-type", "ecs.c7.2xlarge" }, { "topology.kubernetes.io/region", seed.region },
        { "topology.kubernetes.io/zone", seed.zone } };
    json::object info { { "kubeletVersion", seed.kubeletVersion }, { "kubeProxyVersion", seed.kubeletVersion },
        { "operatingSystem", "linux" }, { "architecture", "amd64" }, { "osImage", "Catamaran practice range" },
        { "kernelVersion", "6.1.0" }, { "containerRuntimeVersion", "catamaran://0.1.0" }, { "machineID", "" }, { "systemUUID", "" },
        { "bootID", "" } };
    json::array addresses { json::object { { "type", "InternalIP" }, { "address", seed.nodeAddress } },
        json::object { { "type", "Hostname" }, { "address", seed.nodeName } } };
    json::array conditions { condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        condition("Ready", "True", "KubeletReady", "kubelet is posting ready status") };
    json::object status;
    status["capacity"] = resources;
    status["allocatable"] = resources;
    status["conditions"] = std::move(conditions);
    status["addresses"] = std::move(addresses);
    status["nodeInfo"] = std::move(info);
    json::object meta;
    meta["name"] = seed.nodeName;
    meta["labels"] = std::move(labels);
    json::object object;
    object["apiVersion"] = "v1";
    object["kind"] = "Node";
    object["metadata"] = std::move(meta);
    object["spec"] = json::object { { "podCIDR", seed.podCidr }, { "providerID", seed.nodeName } };
    object["status"] = std::move(status);
    return object;
}

json::object base(const char *apiVersion, const char *kind, const char *name, const char *ns)
{
    json::object meta;
    meta["name"] = name;
    if (*ns)
        meta["namespace"] = ns;
    json::object object;
    object["apiVersion"] = apiVersion;
    object["kind"] = kind;
    object["metadata"] = std::move(meta);
    return object;
}

void seedApiService(ObjectStore &store, const ClusterSeed &seed)
{
    const json::object labels { { "component", "apiserver" }, { "provider", "kubernetes" } };
    json::object service = base("v1", "Service", "kubernetes", "default");
    service["metadata"].as_object()["labels"] = labels;
    json::object port { { "name", "https" }, { "port", 443 }, { "protocol", "TCP" }, { "targetPort", seed.apiServerPort } };
    json::object spec;
    spec["clusterIP"] = seed.serviceAddress;
    spec["clusterIPs"] = json::array { json::value(seed.serviceAddress) };
    spec["internalTrafficPolicy"] = "Cluster";
    spec["ipFamilies"] = json::array { json::value("IPv4") };
    spec["ipFamilyPolicy"] = "SingleStack";
    spec["ports"] = json::array { json::value(port) };
    spec["sessionAffinity"] = "None";
    spec["type"] = "ClusterIP";
    service["spec"] = std::move(spec);
    service["status"] = json::object { { "loadBalancer", json::object() } };
    store.create("services", std::move(service));

    json::object slice = base("discovery.k8s.io/v1", "EndpointSlice", "kubernetes", "default");
    slice["metadata"].as_object()["labels"] = json::object { { "kubernetes.io/service-name", "kubernetes" } };
    slice["addressType"] = "IPv4";
    json::object endpoint;
    endpoint["addresses"] = json::array { json::value(seed.apiServerAddress) };
    endpoint["conditions"] = json::object { { "ready", true } };
    slice["endpoints"] = json::array { json::value(endpoint) };
    json::object slicePort { { "name", "https" }, { "port", seed.apiServerPort }, { "protocol", "TCP" } };
    slice["ports"] = json::array { json::value(slicePort) };
    store.create("discovery.k8s.io/endpointslices", std::move(slice));
}

} // namespace

void seedCluster(ObjectStore &store, const ClusterSeed &seed)
{
    for (const char *name : { "default", "kube-node-lease", "kube-public", "kube-system" }) {
        json::object space = base("v1", "Namespace", name, "");
        space["metadata"].as_object()["labels"] = json::object { { "kubernetes.io/metadata.name", name } };
        space["spec"] = json::object { { "finalizers", json::array { json::value("kubernetes") } } };
        space["status"] = json::object { { "phase", "Active" } };
        store.create("namespaces", std::move(space));
        json::object root = base("v1", "ConfigMap", "kube-root-ca.crt", name);
        root["data"] = json::object { { "ca.crt", seed.caPem } };
        store.create("configmaps", std::move(root));
    }
    store.create("nodes", node(seed));
    seedApiService(store, seed);
}

} // namespace catamaran::lab
