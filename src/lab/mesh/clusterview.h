// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/objectstore.h"
#include "lab/mesh/endpoints.h"

/// Reads what a control plane discovers from the objects of a cluster. Pure: stores in, values out. Objects that are not
/// as they should be are left out.
namespace catamaran::lab {

inline constexpr const char *networkLabel = "topology.istio.io/network";
inline constexpr const char *systemNamespace = "istio-system";

/// The value at a path of keys in an object, or null; and as text, or "".
[[nodiscard]] const json::value *valueIn(const json::object &object, std::initializer_list<std::string_view> path);
[[nodiscard]] std::string textIn(const json::object &object, std::initializer_list<std::string_view> path);
[[nodiscard]] std::string labelIn(const json::object &object, std::string_view key);

[[nodiscard]] ClusterView readCluster(const ObjectStore &store, const std::string &id, const std::string &name, int index);

/// DestinationRules of one store, in order of age; the first for a host counts.
[[nodiscard]] std::vector<TrafficPolicy> readPolicies(const ObjectStore &store);
[[nodiscard]] std::optional<TrafficPolicy> readPolicy(const json::object &destinationRule);

/// Faults of the first route of each VirtualService of one store, one per host, in order of age.
[[nodiscard]] std::vector<RouteFault> readRouteFaults(const ObjectStore &store);

/// "1.5s", "300ms", "2m"; @p otherwise when it is not a duration.
[[nodiscard]] std::chrono::milliseconds readDuration(const std::string &text, std::chrono::milliseconds otherwise);

/// Whether a change of such an object changes what a control plane tells its proxies.
[[nodiscard]] bool mattersToMesh(const std::string &typeKey);

[[nodiscard]] Locality localityOfNode(const ObjectStore &store, const std::string &node);
/// The address:port pairs of a service's ready endpoints in its own cluster, for a port by name (what kube-proxy uses).
struct LocalEndpoint {
    std::string address;
    unsigned short port = 0;
};
[[nodiscard]] std::vector<LocalEndpoint> readLocalEndpoints(
    const ObjectStore &store, const std::string &ns, const std::string &service, const std::string &portName);

} // namespace catamaran::lab
