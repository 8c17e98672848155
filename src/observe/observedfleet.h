// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "kube/byhand.h"
#include "mesh/provider.h"
#include "ops/kinds/faultmark.h"

#include <QDateTime>
#include <QList>
#include <QMap>
#include <QString>

#include <optional>

namespace catamaran::documents {
struct FleetDocument;
}
namespace catamaran::session {
class Session;
}

namespace catamaran::observe {

/// How sure we are of one fact. Never a plain boolean: "unknown" and "stale" are not "ok".
enum class Health { Unknown, Ok, Warning, Failed, Stale };

struct Condition {
    QString type; ///< "Reachable", "Access", "Verified", "Running", "RootShared", "Discovery", "Gateway", "Workload", "Account"
    Health health = Health::Unknown;
    QString reason; ///< one line for people
    QString evidence; ///< the fact it rests on, in the source's words
    QString source; ///< "GET /version on cluster-1", the provider's call
    QDateTime at; ///< UTC
    QString subject {}; ///< "namespace/name" of the workload that it is about; else empty
    bool isHearsay = false; ///< what an account, a list or a status says; nobody saw it work. Ok then is no proof of anything
};

struct ObservedWorkload {
    QString ns, name, version; ///< version: label `version` of the pod template
    int desired = 0, ready = 0;
    bool injected = false; ///< every pod has a sidecar
    QStringList podNames;
    QString image {}; ///< of the first container that is not the sidecar, in the pod template
    QString why {}; ///< what keeps its pods from being ready, in the words of whoever refuses; empty: nothing but time
    bool podsKnown = true; ///< false: its pods could not be read, so nothing is known of them
    QString apart {}; ///< why its pods get no sidecar even where the namespace injects: so it is meant, nothing is missing
};

/// An object that bears the mark of a drill's fault.
struct ObservedFault {
    QString apiVersion, kind, ns, name;
    ops::FaultMark mark;
};

/// What an API server that answers did not let us read.
struct Unread {
    QString resource; ///< "namespaces", "deployments.apps", "pods", "services"
    QString ns; ///< empty: at the scope of the whole cluster
    core::Error error;
};

struct ObservedCluster {
    QString name, cloudId, region, vpcId, kubeVersion, apiServer;
    QString podCidr, serviceCidr;
    bool reachable = false;
    QStringList injectedNamespaces;
    QList<ObservedWorkload>
        workloads; ///< deployments of namespaces with injection or made by Catamaran, of `default`, and of those asked for
    QString gatewayAddress; ///< of the cross-cluster gateway; empty when there is none
    QList<Condition> conditions;
    QStringList vSwitches; ///< of the cluster's network; empty without a cloud account
    QString publicApiServer; ///< empty: the API server is not public, or there is no cloud account
    QStringList services; ///< "namespace/name" in the same namespaces as the workloads
    QStringList namespaces {}; ///< all of them
    QStringList ownNamespaces {}; ///< with Catamaran's label
    QStringList accountsRead {}; ///< namespaces whose service accounts were read: for planning alone
    QStringList serviceAccounts {}; ///< "namespace/name" in those
    QStringList ownServiceAccounts {}; ///< those that Catamaran applied
    kube::ByHand byHand {}; ///< how kubectl reaches it, for commands that are shown
    QList<ObservedFault> faults {}; ///< deployments and services of all namespaces
    QString provider {}; ///< whose account tells of it; empty: none does
    QMap<QString, QString> externalServices {}; ///< of type ExternalName: "namespace/name" and the host it stands for
    QList<Unread> unread {};
    QMap<QString, QStringList>
        readOneByOne {}; ///< by resource: what was read although the cluster's whole list was refused, "namespace" or "namespace/name"
    QMap<QString, QStringList> serving {}; ///< by "namespace/service": the names of the workloads that it selects, in its namespace
    QStringList gatewayAddresses {}; ///< of all cross-cluster gateways that nothing is known against
    QString network {}; ///< as its own objects say: the label of the gateways, or of the system namespace; empty: none says one

    QString meshServer {}; ///< its API server's address as the environment says that control planes reach it

    std::optional<int> controlPlaneReady {}; ///< ready pods of the control planes that run in it; nullopt: none does, or nobody tells

    /// The condition of @p type; null when there is none.
    [[nodiscard]] const Condition *condition(const QString &type) const;
    /// Why nothing is known of @p resource in namespace @p ns, or there of the one called @p object; nullopt when it was read.
    [[nodiscard]] std::optional<core::Error> whyUnread(const QString &resource, const QString &ns, const QString &object = {}) const;
    /// The workloads behind the Service @p key, "namespace/name".
    [[nodiscard]] QList<const ObservedWorkload *> workloadsBehind(const QString &key) const;
};

enum class Trust {
    Unknown, ///< there is no mesh, or a root could not be read
    Same, ///< each has the same roots
    Rotating, ///< every two have a root in common, and not all the same: who signs with which cannot be seen
    Different ///< two have none in common: they do not trust each other
};

/// How the roots of two meshes stand to each other.
[[nodiscard]] Trust trustBetween(const mesh::MeshStatus &one, const mesh::MeshStatus &other);

struct ObservedMesh {
    mesh::MeshStatus status;
    QList<Condition> conditions;
};

/// The world as last seen. A value: copied to widgets, planners and tests.
struct ObservedFleet {
    QString environment;
    QDateTime at;
    QList<ObservedCluster> clusters;
    QList<ObservedMesh> meshes;
    QList<Condition> trust; ///< one per mesh, and one that compares them
    QList<Condition> account; ///< of each account, one per list that was asked for; of meshes without one whether all were seen
    QList<core::Error> errors; ///< what could not be read
    QList<Condition> restores {}; ///< drills that left something broken; see drill/unrestored.h
    QStringList meshVersions; ///< the versions the provider offers, newest first; empty: not read
    std::optional<core::Error> meshesError {}; ///< why nobody knows which meshes there are: @c meshes is no proof of absence
    std::optional<core::Error> clustersError {}; ///< the same of the account's clusters (their ids, networks and addresses)
    std::optional<core::Error> versionsError {}; ///< the same of @c meshVersions
    std::optional<core::Error> meshesUnread {}; ///< why there may be others beside @c meshes, in clusters that did not tell

    [[nodiscard]] const ObservedCluster *cluster(const QString &name) const;
    [[nodiscard]] const ObservedMesh *mesh(const QString &name) const;
    /// How the roots of all meshes stand to each other.
    [[nodiscard]] Trust trustOfMeshes() const;
    /// Whether @c meshes says nothing about which meshes there are: an account was asked and did not tell.
    [[nodiscard]] bool meshesUnknown() const { return (meshesError || meshesUnread) && !account.isEmpty(); }
    /// Whether all meshes have the same roots; nullopt when that is not known: a root could not be read, is being rotated, or
    /// there is no mesh.
    [[nodiscard]] std::optional<bool> sharesRoot() const;
    /// The worst health of everything.
    [[nodiscard]] Health worst() const;
};

[[nodiscard]] QString healthName(Health health); ///< "unknown", "ok", "warning", "failed", "stale"

/// Looks once at everything. Parts that cannot be read become conditions and errors, not a failure of the whole;
/// it fails only when nothing at all could be reached; a refused account is such a part. @p namespaces: whose workloads are
/// wanted as well. Where the whole cluster may not be listed, these (with the kubeconfig's own and `default`) are read one by
/// one. For a worker thread.
[[nodiscard]] core::Result<ObservedFleet> look(session::Session &session, std::stop_token stop, const QStringList &namespaces = {});
/// The same for planning @p document: its namespaces, or its objects by name. It fails when an account is refused, or a mesh's provider is
/// not here.
[[nodiscard]] core::Result<ObservedFleet> lookFor(
    session::Session &session, const documents::FleetDocument &document, std::stop_token stop);

class FleetView;
struct FleetDelta;

/// Keeps an ObservedFleet current: watches on deployments, pods and services of each cluster, the cloud polled (fast
/// while something is in progress, slowly otherwise). Main thread.
class LiveFleet : public QObject {
    Q_OBJECT
public:
    explicit LiveFleet(session::Session &session, QObject *parent = nullptr);
    ~LiveFleet() override;
    void start();
    void refresh(); ///< look now
    /// Whose workloads are wanted as well, also where the whole cluster may not be listed. Those named once stay wanted.
    void want(const QStringList &namespaces);
    [[nodiscard]] const ObservedFleet &fleet() const;
    [[nodiscard]] const FleetView &view() const; ///< of the same

signals:
    /// Before changed(): the fleet with its indexes, and what of it is another than when it was published before (observe/fleetview.h).
    void published(const catamaran::observe::FleetView &view, const catamaran::observe::FleetDelta &delta);
    /// Gathered; at most every 100 ms.
    void changed(const catamaran::observe::ObservedFleet &fleet);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace catamaran::observe

Q_DECLARE_METATYPE(catamaran::observe::ObservedFleet)
