// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/meshobjects.h"

#include "lab/mesh/clusterview.h"
#include "lab/mesh/injection.h"

namespace catamaran::lab {

namespace {

json::object metadata(const std::string &ns, const std::string &name, json::object labels)
{
    json::object meta { { "name", name } };
    if (!ns.empty())
        meta["namespace"] = ns;
    if (!labels.empty())
        meta["labels"] = std::move(labels);
    return meta;
}

json::object port(const char *name, int number)
{
    return { { "name", name }, { "port", number }, { "protocol", "TCP" }, { "targetPort", number } };
}

void createOrReplace(ObjectStore &store, const std::string &typeKey, json::object object)
{
    const std::string ns = namespaceOf(object);
    const std::string name = nameOf(object);
    if (!store.get(typeKey, ns, name)) {
        store.create(typeKey, std::move(object));
        return;
    }
    // What others keep in it (the service's address, a deployment's status) stays.
    store.mutate(typeKey, ns, name, [&](json::object &known) {
        known["metadata"].as_object()["labels"] = object["metadata"].as_object()["labels"];
        if (object.contains("data"))
            known["data"] = object["data"];
        if (object.contains("status") && typeKey == "services")
            known["status"] = object["status"];
    });
}

} // namespace

void ensureNamespace(ObjectStore &store, const std::string &name)
{
    if (store.get("namespaces", {}, name))
        return;
    store.create("namespaces",
        json::object { { "apiVersion", "v1" }, { "kind", "Namespace" },
            { "metadata", metadata({}, name, { { "kubernetes.io/metadata.name", name } }) },
            { "spec", json::object { { "finalizers", json::array { "kubernetes" } } } },
            { "status", json::object { { "phase", "Active" } } } });
}

void setNamespaceLabel(ObjectStore &store, const std::string &ns, const std::string &label, const std::string &value)
{
    store.mutate("namespaces", {}, ns, [&](json::object &object) {
        auto &labels = object["metadata"].as_object()["labels"];
        if (!labels.is_object())
            labels = json::object();
        if (value.empty())
            labels.as_object().erase(label);
        else
            labels.as_object()[label] = value;
    });
}

void writeRoots(ObjectStore &store, const std::string &ns, const QByteArray &roots)
{
    createOrReplace(store, "configmaps",
        json::object { { "apiVersion", "v1" }, { "kind", "ConfigMap" },
            { "metadata", metadata(ns, rootConfigMap, { { "istio.io/config", "true" } }) },
            { "data", json::object { { "root-cert.pem", roots.toStdString() } } } });
}

void writeRootsEverywhere(ObjectStore &store, const QByteArray &roots)
{
    for (const auto &ns : store.list("namespaces"))
        writeRoots(store, nameOf(*ns), roots);
}

void writeGateway(ObjectStore &store, const std::string &name, const std::string &network, const std::string &address)
{
    ensureNamespace(store, systemNamespace);
    json::object labels { { "app", "istio-eastwestgateway" }, { "istio", "eastwestgateway" },
        { "asm.alibabacloud.com/cross-network-gateway", "true" } };
    if (!network.empty())
        labels[networkLabel] = network;
    const json::object selector { { "app", "istio-eastwestgateway" }, { "istio", "eastwestgateway" } };
    json::array ingress;
    ingress.push_back(json::object { { "ip", address } });
    createOrReplace(store, "services",
        json::object { { "apiVersion", "v1" }, { "kind", "Service" }, { "metadata", metadata(systemNamespace, name, labels) },
            { "spec",
                json::object { { "type", "LoadBalancer" }, { "selector", selector },
                    { "ports", json::array { port("status-port", 15021), port("tls", 15443) } }, { "externalTrafficPolicy", "Cluster" },
                    { "sessionAffinity", "None" } } },
            { "status", json::object { { "loadBalancer", json::object { { "ingress", std::move(ingress) } } } } } });

    json::object podLabels = selector;
    podLabels["sidecar.istio.io/inject"] = "false";
    podLabels["service.istio.io/canonical-name"] = "istio-eastwestgateway";
    if (!network.empty())
        podLabels[networkLabel] = network;
    json::array containers;
    containers.push_back(
        json::object { { "name", sidecarContainer }, { "image", InjectionSettings().image }, { "args", json::array { "proxy", "router" } },
            { "env",
                json::array { json::object { { "name", "ISTIO_META_REQUESTED_NETWORK_VIEW" }, { "value", network } },
                    json::object { { "name", "ISTIO_META_NETWORK" }, { "value", network } } } } });
    createOrReplace(store, "apps/deployments",
        json::object { { "apiVersion", "apps/v1" }, { "kind", "Deployment" }, { "metadata", metadata(systemNamespace, name, labels) },
            { "spec",
                json::object { { "replicas", 1 }, { "selector", json::object { { "matchLabels", selector } } },
                    { "template",
                        json::object { { "metadata", json::object { { "labels", podLabels } } },
                            { "spec", json::object { { "containers", std::move(containers) } } } } } } } });
}

void removeGateway(ObjectStore &store, const std::string &name)
{
    store.remove("services", systemNamespace, name);
    store.remove("apps/deployments", systemNamespace, name);
}

} // namespace catamaran::lab
