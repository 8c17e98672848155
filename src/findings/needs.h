// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "observe/objects.h"

#include <QFlags>

#include <array>

/// Which facts of a cluster a rule needs.
namespace catamaran::findings {

enum class Need : quint32 {
    Server = 1 << 0,
    Namespaces = 1 << 1,
    Services = 1 << 2,
    Slices = 1 << 3,
    Pods = 1 << 4,
    Deployments = 1 << 5,
    Nodes = 1 << 6,
    DestinationRules = 1 << 7,
    VirtualServices = 1 << 8,
    Gateways = 1 << 9,
    Sidecars = 1 << 10,
    ServiceEntries = 1 << 11,
    PeerAuthentications = 1 << 12,
    AuthorizationPolicies = 1 << 13,
    EnvoyFilters = 1 << 14,
    Budgets = 1 << 15,
    Autoscalers = 1 << 16,
    NetworkPolicies = 1 << 17,
    MeshConfig = 1 << 18,
    Roots = 1 << 19,
    RemoteSecrets = 1 << 20,
    Tokens = 1 << 21,
    Issuer = 1 << 22,
    Accounts = 1 << 23,
    Meshes = 1 << 24, ///< of the fleet, not of a cluster
};
Q_DECLARE_FLAGS(Needs, Need)
Q_DECLARE_OPERATORS_FOR_FLAGS(Needs)

inline constexpr int needCount = 24; ///< of a cluster

/// The facts of @p cluster in the order of Need.
[[nodiscard]] std::array<const observe::FactHead *, needCount> headsOf(const observe::ClusterObjects &cluster);
/// Whether each was read, in the same order.
[[nodiscard]] std::array<bool, needCount> readOf(const observe::ClusterObjects &cluster);
/// The right that reading it takes: "list destinationrules.networking.istio.io".
[[nodiscard]] QString rightOf(Need need);

/// Calls @p visit with the pointer to each member of ClusterObjects that is a Fact, in the order of Need.
template <typename Visit> void forEachFact(Visit visit)
{
    using O = observe::ClusterObjects;
    visit(&O::server);
    visit(&O::namespaces);
    visit(&O::services);
    visit(&O::slices);
    visit(&O::pods);
    visit(&O::deployments);
    visit(&O::nodes);
    visit(&O::destinationRules);
    visit(&O::virtualServices);
    visit(&O::gateways);
    visit(&O::sidecars);
    visit(&O::serviceEntries);
    visit(&O::peerAuthentications);
    visit(&O::authorizationPolicies);
    visit(&O::envoyFilters);
    visit(&O::budgets);
    visit(&O::autoscalers);
    visit(&O::networkPolicies);
    visit(&O::meshConfig);
    visit(&O::roots);
    visit(&O::remoteSecrets);
    visit(&O::tokens);
    visit(&O::issuer);
    visit(&O::accounts);
}

} // namespace catamaran::findings
