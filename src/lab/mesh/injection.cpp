// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/injection.h"

#include "lab/mesh/clusterview.h"

namespace catamaran::lab {

namespace {

json::object &objectIn(json::object &parent, std::string_view key)
{
    auto &value = parent[json::string_view(key.data(), key.size())];
    if (!value.is_object())
        value = json::object();
    return value.as_object();
}

json::array &arrayIn(json::object &parent, std::string_view key)
{
    auto &value = parent[json::string_view(key.data(), key.size())];
    if (!value.is_array())
        value = json::array();
    return value.as_array();
}

json::object variable(const char *name, const std::string &value)
{
    return { { "name", name }, { "value", value } };
}

/// A deployment's pod carries its replica set's hash; the workload is what stands before it.
std::string workloadOf(const json::object &pod)
{
    const auto *meta = pod.if_contains("metadata");
    std::string name;
    if (const auto *owners = meta ? at(*meta, { "ownerReferences" }) : nullptr;
        owners && owners->is_array() && !owners->as_array().empty()) {
        name = stringAt(owners->as_array().front(), { "name" });
        if (stringAt(owners->as_array().front(), { "kind" }) == "ReplicaSet")
            name = name.substr(0, name.rfind('-'));
    }
    if (name.empty())
        name = nameOf(pod);
    return name;
}

} // namespace

bool wantsSidecar(const json::object &nsLabels, const json::object &pod)
{
    if (const auto *host = valueIn(pod, { "spec", "hostNetwork" }); host && host->is_bool() && host->as_bool())
        return false;
    std::string own = textIn(pod, { "metadata", "labels", "sidecar.istio.io/inject" });
    if (own.empty())
        own = textIn(pod, { "metadata", "annotations", "sidecar.istio.io/inject" });
    // Where istio-injection is there, whatever it says, the revision's webhook does not look.
    const auto *setting = nsLabels.if_contains("istio-injection");
    const auto *revision = nsLabels.if_contains("istio.io/rev");
    const bool byName = setting && setting->is_string() && setting->as_string() == "enabled";
    const bool byRevision = !setting && revision && revision->is_string() && !revision->as_string().empty();
    const bool disabled = setting && setting->is_string() && setting->as_string() == "disabled";
    if (own == "false" || disabled)
        return false;
    return byName || byRevision || own == "true";
}

void injectSidecar(json::object &pod, const InjectionSettings &settings)
{
    auto &meta = objectIn(pod, "metadata");
    auto &spec = objectIn(pod, "spec");
    const std::string workload = workloadOf(pod);

    auto &labels = objectIn(meta, "labels");
    labels["security.istio.io/tlsMode"] = "istio";
    const auto labelOr = [&](const char *key, const std::string &otherwise) {
        const auto *text = labels.if_contains(key);
        return text && text->is_string() ? std::string(text->as_string()) : otherwise;
    };
    if (!labels.contains("service.istio.io/canonical-name"))
        labels["service.istio.io/canonical-name"] = labelOr("app", workload);
    if (!labels.contains("service.istio.io/canonical-revision"))
        labels["service.istio.io/canonical-revision"] = labelOr("version", "latest");
    if (!settings.network.empty() && !labels.contains(networkLabel))
        labels[networkLabel] = settings.network;

    auto &containers = arrayIn(spec, "containers");
    const std::string first = containers.empty() ? std::string() : stringAt(containers.front(), { "name" });
    auto &annotations = objectIn(meta, "annotations");
    annotations["istio.io/rev"] = settings.revision;
    annotations["kubectl.kubernetes.io/default-container"] = first;
    annotations["kubectl.kubernetes.io/default-logs-container"] = first;
    annotations[injectedAnnotation]
        = "{\"initContainers\":[\"istio-init\"],\"containers\":[\"istio-proxy\"],\"volumes\":[\"workload-socket\",\"istio-envoy\",\"istiod-ca-cert\"],"
          "\"imagePullSecrets\":null,\"revision\":\""
        + settings.revision + "\"}";

    json::array environment {
        variable("PILOT_CERT_PROVIDER", "istiod"),
        variable("CA_ADDR", "istiod.istio-system.svc:15012"),
        variable("ISTIO_META_CLUSTER_ID", settings.clusterId),
        variable("ISTIO_META_WORKLOAD_NAME", workload),
        variable("ISTIO_META_MESH_ID", settings.meshId),
        variable("TRUST_DOMAIN", "cluster.local"),
    };
    if (!settings.network.empty())
        environment.push_back(variable("ISTIO_META_NETWORK", settings.network));
    containers.push_back(json::object {
        { "name", sidecarContainer },
        { "image", settings.image },
        { "args", json::array { "proxy", "sidecar", "--domain", "$(POD_NAMESPACE).svc.cluster.local", "--proxyLogLevel=warning" } },
        { "ports", json::array { json::object { { "name", "http-envoy-prom" }, { "containerPort", 15090 }, { "protocol", "TCP" } } } },
        { "env", std::move(environment) },
        { "resources",
            json::object { { "limits", json::object { { "cpu", "2" }, { "memory", "1Gi" } } },
                { "requests", json::object { { "cpu", "100m" }, { "memory", "128Mi" } } } } },
        { "terminationMessagePath", "/dev/termination-log" },
        { "terminationMessagePolicy", "File" },
        { "imagePullPolicy", "IfNotPresent" },
    });
    arrayIn(spec, "initContainers")
        .push_back(json::object {
            { "name", "istio-init" },
            { "image", settings.image },
            { "args",
                json::array { "istio-iptables", "-p", "15001", "-z", "15006", "-u", "1337", "-m", "REDIRECT", "-i", "*", "-x", "", "-b",
                    "*", "-d", "15090,15021,15020" } },
            { "resources", json::object() },
            { "terminationMessagePath", "/dev/termination-log" },
            { "terminationMessagePolicy", "File" },
            { "imagePullPolicy", "IfNotPresent" },
        });
}

bool isInjected(const json::object &pod)
{
    const auto *meta = pod.if_contains("metadata");
    return meta && !stringAt(*meta, { "annotations", injectedAnnotation }).empty();
}

std::string webhookRefusal()
{
    return "Internal error occurred: failed calling webhook \"namespace.sidecar-injector.istio.io\": failed to call webhook: Post "
           "\"https://istiod.istio-system.svc:443/inject?timeout=10s\": no endpoints available for service \"istiod\"";
}

} // namespace catamaran::lab
