// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/resourceurl.h"

#include <QCoreApplication>

namespace catamaran::kube {

namespace {

struct KnownKind {
    const char *kind;
    ResourceKind resource;
};

ResourceKind resource(const char *group, const char *version, const char *plural, bool namespaced = true)
{
    return { QString::fromLatin1(group), QString::fromLatin1(version), QString::fromLatin1(plural), namespaced };
}

const QList<KnownKind> &knownKinds()
{
    static const QList<KnownKind> known = [] {
        QList<KnownKind> list = {
            { "Namespace", kinds::namespaces },
            { "Node", kinds::nodes },
            { "Pod", kinds::pods },
            { "Service", kinds::services },
            { "ServiceAccount", kinds::serviceAccounts },
            { "ConfigMap", kinds::configMaps },
            { "Secret", kinds::secrets },
            { "Event", kinds::events },
            { "Deployment", kinds::deployments },
            { "ReplicaSet", kinds::replicaSets },
            { "EndpointSlice", kinds::endpointSlices },
            { "Endpoints", resource("", "v1", "endpoints") },
            { "StatefulSet", resource("apps", "v1", "statefulsets") },
            { "DaemonSet", resource("apps", "v1", "daemonsets") },
            { "Job", resource("batch", "v1", "jobs") },
            { "NetworkPolicy", resource("networking.k8s.io", "v1", "networkpolicies") },
            { "Role", resource("rbac.authorization.k8s.io", "v1", "roles") },
            { "RoleBinding", resource("rbac.authorization.k8s.io", "v1", "rolebindings") },
            { "ClusterRole", resource("rbac.authorization.k8s.io", "v1", "clusterroles", false) },
            { "ClusterRoleBinding", resource("rbac.authorization.k8s.io", "v1", "clusterrolebindings", false) },
            { "CustomResourceDefinition", resource("apiextensions.k8s.io", "v1", "customresourcedefinitions", false) },
            { "MutatingWebhookConfiguration", resource("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", false) },
            { "ValidatingWebhookConfiguration", resource("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", false) },
            { "PodDisruptionBudget", resource("policy", "v1", "poddisruptionbudgets") },
            { "HorizontalPodAutoscaler", resource("autoscaling", "v2", "horizontalpodautoscalers") },
            { "Telemetry", resource("telemetry.istio.io", "v1alpha1", "telemetries") },
        };
        // Istio serves the same objects in several versions; a manifest may name any of them.
        for (const char *version : { "v1", "v1beta1", "v1alpha3" }) {
            list.append({ "DestinationRule", resource("networking.istio.io", version, "destinationrules") });
            list.append({ "VirtualService", resource("networking.istio.io", version, "virtualservices") });
            list.append({ "Gateway", resource("networking.istio.io", version, "gateways") });
            list.append({ "ServiceEntry", resource("networking.istio.io", version, "serviceentries") });
            list.append({ "Sidecar", resource("networking.istio.io", version, "sidecars") });
            list.append({ "WorkloadEntry", resource("networking.istio.io", version, "workloadentries") });
            list.append({ "EnvoyFilter", resource("networking.istio.io", version, "envoyfilters") });
        }
        for (const char *version : { "v1", "v1beta1" }) {
            list.append({ "PeerAuthentication", resource("security.istio.io", version, "peerauthentications") });
            list.append({ "AuthorizationPolicy", resource("security.istio.io", version, "authorizationpolicies") });
            list.append({ "RequestAuthentication", resource("security.istio.io", version, "requestauthentications") });
        }
        return list;
    }();
    return known;
}

} // namespace

core::Result<ResourceKind> kindOf(const QString &apiVersion, const QString &kind)
{
    for (const KnownKind &known : knownKinds()) {
        if (kind == QLatin1StringView(known.kind) && apiVersion == known.resource.apiVersion())
            return known.resource;
    }
    return core::fail(core::ErrorKind::Unsupported, QCoreApplication::translate("KubeClient", "find the address of a kind of object"),
        apiVersion + u' ' + kind, QCoreApplication::translate("KubeClient", "this kind is not known here"));
}

QUrl apiUrl(const QUrl &server, const QByteArray &path, const Query &query)
{
    QByteArray text = server.toEncoded(QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::StripTrailingSlash);
    while (text.endsWith('/'))
        text.chop(1);
    text += path;
    char separator = '?';
    for (const auto &[name, value] : query) {
        text += separator + name.toPercentEncoding() + '=' + value.toPercentEncoding();
        separator = '&';
    }
    return QUrl::fromEncoded(text, QUrl::StrictMode);
}

QByteArray resourcePath(const ResourceKind &kind, const QString &ns, const QString &name, const QString &subresource)
{
    QByteArray path = kind.group.isEmpty() ? QByteArrayLiteral("/api/") : "/apis/" + QUrl::toPercentEncoding(kind.group) + '/';
    path += QUrl::toPercentEncoding(kind.version);
    if (kind.namespaced && !ns.isEmpty())
        path += "/namespaces/" + QUrl::toPercentEncoding(ns);
    path += '/' + QUrl::toPercentEncoding(kind.plural);
    if (!name.isEmpty())
        path += '/' + QUrl::toPercentEncoding(name);
    if (!subresource.isEmpty())
        path += '/' + QUrl::toPercentEncoding(subresource);
    return path;
}

bool isPathPart(const QString &name)
{
    return !name.isEmpty() && name != u"." && name != u".." && !name.contains(u'/');
}

} // namespace catamaran::kube
