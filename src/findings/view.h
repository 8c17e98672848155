// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/facts.h"
#include "findings/finding.h"

#include <map>
#include <vector>

/// Facts by name: what rules look things up in. Built once per judgement; lives no longer than the facts that it points into.
namespace catamaran::findings {

/// "namespace/name" of the Service that @p host means in an object of namespace @p ns; empty: it means none in the cluster.
[[nodiscard]] QString serviceKeyOf(const QString &host, const QString &ns);
/// Whether @p pattern ("*", "*.local", "a.b.svc.cluster.local") covers the host of the Service @p key.
[[nodiscard]] bool coversService(const QString &pattern, const QString &key);
/// "helloworld.sample.svc.cluster.local"
[[nodiscard]] QString hostOf(const QString &key);
/// Namespaces that no application is in.
[[nodiscard]] bool isSystemNamespace(const QString &ns);

/// A Service that was meant as the gateway of a network, whatever it lacks.
struct EastWestGateway {
    const observe::ServiceFacts *service = nullptr;
    QString network; ///< as its label says; empty: it has none
    int port = 15443;
    bool hasPort = false;
    bool isMade = false; ///< a provider made it and knows it without the label
};

struct ClusterView {
    const observe::ClusterObjects *objects = nullptr;
    QString id; ///< that its control plane goes by
    QString network; ///< that its control plane files it under; empty: none
    QString meshId;
    QString trustDomain;
    bool hasPrimary = false; ///< a control plane of its own runs in it (or should)
    QHash<QString, QList<const observe::PodFacts *>> podsByLabel; ///< by namespace and "key=value"
    QHash<QString, const observe::NamespaceFacts *> namespaces;
    QHash<QString, const observe::ServiceFacts *> services; ///< by key
    QHash<QString, int> ready; ///< ready endpoints by service key
    QHash<QString, QList<const observe::PodFacts *>> pods; ///< by namespace; none that is ending or has ended
    QHash<QString, QList<const observe::DestinationRuleFacts *>> destinationRules; ///< by service key
    QList<const observe::DestinationRuleFacts *> wideDestinationRules; ///< with a wildcard
    QHash<QString, QList<const observe::VirtualServiceFacts *>> virtualServices; ///< by service key
    QList<EastWestGateway> gateways;

    [[nodiscard]] const QString &name() const { return objects->name; }
    [[nodiscard]] QList<const observe::DestinationRuleFacts *> rulesFor(const QString &key) const;
    [[nodiscard]] QList<const observe::PodFacts *> podsOf(const observe::ServiceFacts &service) const;
    /// Whether pods of @p ns have sidecars, or are to get them.
    [[nodiscard]] bool isMeshed(const QString &ns) const;
    /// The PeerAuthentication that decides for pods with @p labels; null: none says anything.
    [[nodiscard]] const observe::PeerAuthenticationFacts *peerPolicy(const QString &ns, const observe::Labels &labels) const;
};

/// One Service as several clusters have it.
struct SharedService {
    QString key;
    struct In {
        const ClusterView *cluster;
        const observe::ServiceFacts *service;
    };
    QList<In> in;
};

/// One thread at a time.
class Index {
public:
    explicit Index(const FleetFacts &facts);
    [[nodiscard]] const FleetFacts &facts() const { return m_facts; }
    [[nodiscard]] const std::vector<ClusterView> &clusters() const { return m_clusters; }
    /// Of @p clusters; remembered, for most rules see the same clusters.
    [[nodiscard]] const QList<SharedService> &sharedServices(const QList<const ClusterView *> &clusters) const;

private:
    const FleetFacts &m_facts;
    std::vector<ClusterView> m_clusters;
    mutable std::map<QList<const ClusterView *>, QList<SharedService>> m_shared;
};

/// What one rule sees: the clusters of which all was read that it needs.
class View {
public:
    View(const Index &index, QList<const ClusterView *> clusters);
    [[nodiscard]] const QList<const ClusterView *> &clusters() const { return m_clusters; }
    [[nodiscard]] const FleetFacts &facts() const { return m_index.facts(); }
    [[nodiscard]] const QDateTime &now() const { return facts().now; }
    /// Null: not one of them.
    [[nodiscard]] const ClusterView *cluster(const QString &name) const;
    /// All clusters, whatever was read of them.
    [[nodiscard]] const std::vector<ClusterView> &all() const { return m_index.clusters(); }
    /// Services of applications that at least two of these clusters have in a namespace of the mesh.
    [[nodiscard]] const QList<SharedService> &sharedServices() const { return m_index.sharedServices(m_clusters); }
    /// Whether some cluster of the fleet is on another network than @p cluster.
    [[nodiscard]] bool crossesNetworks(const ClusterView &cluster) const;

private:
    const Index &m_index;
    QList<const ClusterView *> m_clusters;
};

[[nodiscard]] inline bool onOtherNetworks(const ClusterView &a, const ClusterView &b)
{
    return a.network != b.network;
}

} // namespace catamaran::findings
