// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/apiserver.h"

namespace catamaran::lab {

namespace {

using Words = std::vector<std::string>;

ResourceType builtIn(const char *group, const char *plural, const char *singular, const char *kind, bool namespaced = true,
    Words shortNames = {}, Words categories = {}, bool scalable = false)
{
    return { group, "v1", plural, singular, kind, namespaced, std::move(shortNames), std::move(categories), scalable, false };
}

ResourceType ofVersion(const char *version, ResourceType type)
{
    type.version = version;
    return type;
}

ResourceType istio(const char *group, const char *version, const char *plural, const char *singular, const char *kind, Words shortNames)
{
    return { group, version, plural, singular, kind, true, std::move(shortNames), { "istio-io", group }, false, true };
}

/// The preferred version of each comes first; all versions of a kind share its objects.
void addIstio(std::vector<ResourceType> &types)
{
    struct Kind {
        const char *plural, *singular, *kind;
        Words shortNames;
    };
    const Kind networking[] = {
        { "destinationrules", "destinationrule", "DestinationRule", { "dr" } },
        { "gateways", "gateway", "Gateway", { "gw" } },
        { "serviceentries", "serviceentry", "ServiceEntry", { "se" } },
        { "sidecars", "sidecar", "Sidecar", {} },
        { "virtualservices", "virtualservice", "VirtualService", { "vs" } },
        { "workloadentries", "workloadentry", "WorkloadEntry", { "we" } },
        { "workloadgroups", "workloadgroup", "WorkloadGroup", { "wg" } },
    };
    for (const char *version : { "v1", "v1beta1", "v1alpha3" }) {
        for (const auto &kind : networking)
            types.push_back(istio("networking.istio.io", version, kind.plural, kind.singular, kind.kind, kind.shortNames));
    }
    types.push_back(istio("networking.istio.io", "v1alpha3", "envoyfilters", "envoyfilter", "EnvoyFilter", {}));
    const Kind security[] = {
        { "authorizationpolicies", "authorizationpolicy", "AuthorizationPolicy", { "ap" } },
        { "peerauthentications", "peerauthentication", "PeerAuthentication", { "pa" } },
        { "requestauthentications", "requestauthentication", "RequestAuthentication", { "ra" } },
    };
    for (const char *version : { "v1", "v1beta1" }) {
        for (const auto &kind : security)
            types.push_back(istio("security.istio.io", version, kind.plural, kind.singular, kind.kind, kind.shortNames));
    }
    types.push_back(istio("telemetry.istio.io", "v1", "telemetries", "telemetry", "Telemetry", {}));
}

} // namespace

std::vector<ResourceType> clusterResourceTypes()
{
    std::vector<ResourceType> types {
        builtIn("", "configmaps", "configmap", "ConfigMap", true, { "cm" }),
        builtIn("", "endpoints", "endpoints", "Endpoints", true, { "ep" }),
        builtIn("", "events", "event", "Event", true, { "ev" }),
        builtIn("", "limitranges", "limitrange", "LimitRange", true, { "limits" }),
        builtIn("", "namespaces", "namespace", "Namespace", false, { "ns" }),
        builtIn("", "nodes", "node", "Node", false, { "no" }),
        builtIn("", "pods", "pod", "Pod", true, { "po" }, { "all" }),
        builtIn("", "resourcequotas", "resourcequota", "ResourceQuota", true, { "quota" }),
        builtIn("", "secrets", "secret", "Secret"),
        builtIn("", "serviceaccounts", "serviceaccount", "ServiceAccount", true, { "sa" }),
        builtIn("", "services", "service", "Service", true, { "svc" }, { "all" }),
        builtIn("apiextensions.k8s.io", "customresourcedefinitions", "customresourcedefinition", "CustomResourceDefinition", false,
            { "crd", "crds" }, { "api-extensions" }),
        builtIn("apps", "deployments", "deployment", "Deployment", true, { "deploy" }, { "all" }, true),
        builtIn("apps", "replicasets", "replicaset", "ReplicaSet", true, { "rs" }, { "all" }, true),
        ofVersion("v2",
            builtIn("autoscaling", "horizontalpodautoscalers", "horizontalpodautoscaler", "HorizontalPodAutoscaler", true, { "hpa" },
                { "all" })),
        builtIn("coordination.k8s.io", "leases", "lease", "Lease"),
        builtIn("discovery.k8s.io", "endpointslices", "endpointslice", "EndpointSlice"),
        builtIn("networking.k8s.io", "networkpolicies", "networkpolicy", "NetworkPolicy", true, { "netpol" }),
        builtIn("policy", "poddisruptionbudgets", "poddisruptionbudget", "PodDisruptionBudget", true, { "pdb" }),
    };
    addIstio(types);
    return types;
}

std::vector<ResourceType> meshResourceTypes()
{
    std::vector<ResourceType> types {
        builtIn("", "configmaps", "configmap", "ConfigMap", true, { "cm" }),
        builtIn("", "events", "event", "Event", true, { "ev" }),
        builtIn("", "namespaces", "namespace", "Namespace", false, { "ns" }),
        builtIn("", "secrets", "secret", "Secret"),
    };
    addIstio(types);
    return types;
}

} // namespace catamaran::lab
