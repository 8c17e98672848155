// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/needs.h"

#include <QtAlgorithms>

namespace catamaran::findings {

std::array<const observe::FactHead *, needCount> headsOf(const observe::ClusterObjects &cluster)
{
    std::array<const observe::FactHead *, needCount> heads {};
    size_t i = 0;
    forEachFact([&](auto member) { heads[i++] = &(cluster.*member); });
    return heads;
}

std::array<bool, needCount> readOf(const observe::ClusterObjects &cluster)
{
    std::array<bool, needCount> read {};
    size_t i = 0;
    forEachFact([&](auto member) { read[i++] = (cluster.*member).isRead(); });
    return read;
}

QString rightOf(Need need)
{
    static const std::array<const char *, needCount> rights { "get /version", "list namespaces", "list services",
        "list endpointslices.discovery.k8s.io", "list pods", "list deployments.apps", "list nodes",
        "list destinationrules.networking.istio.io", "list virtualservices.networking.istio.io", "list gateways.networking.istio.io",
        "list sidecars.networking.istio.io", "list serviceentries.networking.istio.io", "list peerauthentications.security.istio.io",
        "list authorizationpolicies.security.istio.io", "list envoyfilters.networking.istio.io", "list poddisruptionbudgets.policy",
        "list horizontalpodautoscalers.autoscaling", "list networkpolicies.networking.k8s.io", "list configmaps in istio-system",
        "list configmaps", "list secrets in istio-system", "create tokenreviews.authentication.k8s.io",
        "get secrets/cacerts in istio-system", "list serviceaccounts in istio-system" };
    return QString::fromLatin1(rights.at(qCountTrailingZeroBits(quint32(need))));
}

} // namespace catamaran::findings
