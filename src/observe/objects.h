// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mesh/istio/meshobjects.h"
#include "observe/fact.h"

#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QSet>
#include <QString>
#include <QStringList>

/// The objects of a cluster as rules read them: of each kind the few fields that are used. Pure; decoded by decode() below, strictly
/// (an object without name is an error) and bounded (lists are cut at mostEntries).
namespace catamaran::observe {

// What every mesh keeps in its system namespace is read below, by whoever makes meshes too.
using mesh::BundleFacts;
using mesh::decodeBundle;
using mesh::DecodedSecret;
using mesh::decodeIssuer;
using mesh::decodeMeshConfig;
using mesh::decodeRemoteSecret;
using mesh::decodeRoots;
using mesh::IssuerFacts;
using mesh::keyOf;
using mesh::MeshConfigFacts;
using mesh::mostEntries;
using mesh::Named;
using mesh::RemoteSecretFacts;
using mesh::TokenVerdict;

using Labels = QHash<QString, QString>;

/// Whether an object with @p labels is chosen by @p selector; an empty selector chooses all.
[[nodiscard]] bool matches(const Labels &selector, const Labels &labels);

struct NamespaceFacts : Named {
    QString network; ///< topology.istio.io/network
    bool injects = false;
    bool isGoing = false;
};

struct ServicePort {
    int port = 0;
    QString name, protocol, appProtocol;
    QString target {}; ///< targetPort, a number or a name; empty: the port itself. Each cluster's own business

    bool operator==(const ServicePort &other) const
    {
        return port == other.port && name == other.name && protocol == other.protocol && appProtocol == other.appProtocol;
    }
};

struct ServiceFacts : Named {
    QString type, externalName;
    bool isHeadless = false;
    QList<ServicePort> ports;
    Labels labels, selector;
    std::optional<QStringList> exportTo; ///< networking.istio.io/exportTo; nullopt: the mesh's default
    QString trafficDistribution;
    QStringList addresses; ///< of the load balancer, or external IPs
    bool isAddressName = false; ///< the first is a host name
    QString clusterIp {};
    bool isProvidersGateway = false; ///< a provider has made it as the gateway of a network
};

struct SliceFacts : Named {
    QString service;
    int ready = 0, notReady = 0;
    QStringList portNames;
};

struct PodFacts : Named {
    Labels labels;
    QString phase, serviceAccount, node, ip;
    QDateTime started;
    bool isReady = false, isGoing = false, hostNetwork = false, hasSidecar = false, optsOut = false;
    QString network; ///< its label, else ISTIO_META_NETWORK of its proxy
    QString proxyVersion; ///< the image's tag; of istiod its own
    QString clusterId, meshId, trustDomain, networkView; ///< as its proxy was told
    bool capturesDns = false;
};

struct DeploymentFacts : Named {
    Labels podLabels;
    int desired = 1, ready = 0;
    QString trouble; ///< why its pods cannot be made (ReplicaFailure), in the server's words
};

struct NodeFacts : Named {
    QString region, zone, subzone, version;
    QStringList podCidrs;
    bool isReady = true;
};

struct OutlierDetection {
    std::optional<int> consecutive5xx, consecutiveGateway, maxEjectionPercent, minHealthPercent;
    bool isEmpty = false;
};

struct LocalitySettings {
    bool isEnabled = true;
    bool distributes = false;
    QList<QPair<QString, QString>> failover; ///< from, to
    QStringList failoverPriority;
};

struct TrafficPolicy {
    QString tlsMode; ///< empty: not set
    std::optional<OutlierDetection> outlier;
    std::optional<LocalitySettings> locality;
    std::optional<int> connectTimeoutMs;
    QStringList portTlsModes {};
};

struct SubsetFacts {
    QString name;
    Labels labels;
    TrafficPolicy policy;
};

/// The part of an Istio object that every kind has, for comparing clusters.
struct ConfigFacts : Named {
    QByteArray hash; ///< of its spec, with keys in order
    QStringList exportTo;
    Labels selector; ///< which workloads it is for; empty: all of its namespace
};

struct DestinationRuleFacts : ConfigFacts {
    QString host; ///< as it is written
    TrafficPolicy policy;
    QList<SubsetFacts> subsets;
};

struct RouteDestination {
    QString host, subset;
    int weight = 100;
    bool isDefault = false; ///< of a route without match
};

struct VirtualServiceFacts : ConfigFacts {
    QStringList hosts, gateways;
    QList<RouteDestination> destinations;
    std::optional<int> retryAttempts; ///< the least of its routes
    bool injectsFaults = false;
};

struct GatewayServer {
    int port = 0;
    QString protocol, tlsMode;
    QStringList hosts;
};

struct GatewayFacts : ConfigFacts {
    QList<GatewayServer> servers;
};

struct SidecarFacts : ConfigFacts {
    bool hasEgress = false;
    QStringList egressHosts;
};

struct ServiceEntryFacts : ConfigFacts {
    QStringList hosts;
};

struct PeerAuthenticationFacts : ConfigFacts {
    QString mode; ///< empty: inherits
    QStringList portModes;
};

struct AuthorizationPolicyFacts : ConfigFacts {
    QString action; ///< ALLOW where it says nothing
    int rules = 0;
    QStringList principals; ///< of all its rules, from.source.principals
    bool restrictsAddresses = false; ///< ipBlocks
    bool isOpen = false; ///< a rule that everybody fits
};

struct DisruptionBudgetFacts : Named {
    Labels selector;
    int allowed = 0, healthy = 0, expected = 0;
    bool isObserved = false; ///< its controller has counted
};

struct AutoscalerFacts : Named {
    QString kind, target;
    int least = 1, most = 1;
};

struct EnvoyFilterFacts : ConfigFacts {
    QStringList outOfRange; ///< fields whose value Envoy is known to refuse
};

struct NetworkPolicyFacts : Named {
    Labels podSelector;
    bool isOfIngress = false;
    int ingressRules = 0;
    bool admitsOtherNamespaces = false; ///< some ingress rule admits peers outside its namespace
};

struct ServerFacts {
    QString version;
    int major = 0, minor = 0;
    std::optional<qint64> clockAheadMs; ///< of ours
};

/// One cluster. Each kind is a fact of its own.
struct ClusterObjects {
    QString name;
    QSet<QString> authorities; ///< that vouch for its API server, as far as is known
    Fact<ServerFacts> server;
    Fact<QList<NamespaceFacts>> namespaces;
    Fact<QList<ServiceFacts>> services;
    Fact<QList<SliceFacts>> slices;
    Fact<QList<PodFacts>> pods;
    Fact<QList<DeploymentFacts>> deployments;
    Fact<QList<NodeFacts>> nodes;
    Fact<QList<DestinationRuleFacts>> destinationRules;
    Fact<QList<VirtualServiceFacts>> virtualServices;
    Fact<QList<GatewayFacts>> gateways;
    Fact<QList<SidecarFacts>> sidecars;
    Fact<QList<ServiceEntryFacts>> serviceEntries;
    Fact<QList<PeerAuthenticationFacts>> peerAuthentications;
    Fact<QList<AuthorizationPolicyFacts>> authorizationPolicies;
    Fact<QList<EnvoyFilterFacts>> envoyFilters;
    Fact<QList<DisruptionBudgetFacts>> budgets;
    Fact<QList<AutoscalerFacts>> autoscalers;
    Fact<QList<NetworkPolicyFacts>> networkPolicies;
    Fact<MeshConfigFacts> meshConfig;
    Fact<QHash<QString, BundleFacts>> roots; ///< ConfigMap istio-ca-root-cert, by namespace
    Fact<QList<RemoteSecretFacts>> remoteSecrets;
    Fact<QList<TokenVerdict>> tokens; ///< of its remote secrets
    Fact<IssuerFacts> issuer;
    Fact<QHash<QString, QString>> accounts; ///< uid by name: the service accounts of the system namespace
};

/// Decoding one object; nullopt when it has no name. @p T is one of the structs above with Named.
template <typename T> [[nodiscard]] std::optional<T> decode(const QJsonObject &object);

/// All of a list; Protocol when one has no name.
template <typename T> [[nodiscard]] core::Result<QList<T>> decodeAll(const QList<QJsonObject> &objects)
{
    QList<T> result;
    result.reserve(objects.size());
    for (const QJsonObject &object : objects) {
        auto one = decode<T>(object);
        if (!one)
            return core::fail(core::ErrorKind::Protocol, {}, {}, QStringLiteral("an object of the list has no metadata.name"));
        result.append(std::move(*one));
    }
    return result;
}

} // namespace catamaran::observe
