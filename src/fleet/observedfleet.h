// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "kube/byhand.h"
#include "mesh/controlplane.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>

namespace catamaran::fleet {

class Session;

/// How sure we are of one fact. Never a plain boolean: "unknown" and "stale" are not "ok".
enum class Health { Unknown, Ok, Warning, Failed, Stale };

struct Condition {
    QString type;     ///< "Reachable", "Verified", "Running", "RootShared", "Discovery", "Gateway", "Workload"
    Health health = Health::Unknown;
    QString reason;   ///< one line for people
    QString evidence; ///< the fact it rests on, in the source's words
    QString source;   ///< "GET /version on cluster-1", "DescribeServiceMeshes"
    QDateTime at;     ///< UTC
};

struct ObservedWorkload {
    QString ns, name, version; ///< version: label `version` of the pod template
    int desired = 0, ready = 0;
    bool injected = false;     ///< every pod has a sidecar
    QStringList podNames;
    QString image {};          ///< of the first container that is not the sidecar, in the pod template
};

struct ObservedCluster {
    QString name, cloudId, region, vpcId, kubeVersion, apiServer;
    QString podCidr, serviceCidr;
    bool reachable = false;
    QStringList injectedNamespaces;
    QList<ObservedWorkload> workloads;  ///< deployments of namespaces with injection or made by Catamaran, of `default`, and of those asked for
    QString gatewayAddress;             ///< of the cross-cluster gateway; empty when there is none
    QList<Condition> conditions;
    QStringList vSwitches;              ///< of the cluster's network; empty without a cloud account
    QString publicApiServer;            ///< empty: the API server is not public, or there is no cloud account
    QStringList services;               ///< "namespace/name" in the same namespaces as the workloads
    QStringList namespaces {};          ///< all of them
    QStringList ownNamespaces {};       ///< with Catamaran's label
    kube::ByHand byHand {};             ///< how kubectl reaches it, for commands that are shown
};

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
    QList<Condition> trust;      ///< one per mesh, and one that compares them
    QList<core::Error> errors;   ///< what could not be read
    QStringList meshVersions;    ///< the versions the provider offers, newest first; empty: not read

    [[nodiscard]] const ObservedCluster *cluster(const QString &name) const;
    [[nodiscard]] const ObservedMesh *mesh(const QString &name) const;
    /// Whether all meshes have the same roots; nullopt when a root could not be read or there is no mesh.
    [[nodiscard]] std::optional<bool> sharesRoot() const;
    /// The worst health of everything.
    [[nodiscard]] Health worst() const;
};

[[nodiscard]] QString healthName(Health health); ///< "unknown", "ok", "warning", "failed", "stale"

/// Looks once at everything. Parts that cannot be read become conditions and errors, not a failure of the whole;
/// it fails only when nothing at all could be reached. @p namespaces: whose workloads are wanted as well. For a worker thread.
[[nodiscard]] core::Result<ObservedFleet> observe(Session &session, std::stop_token stop, const QStringList &namespaces = {});

/// Keeps an ObservedFleet current: watches on deployments, pods and services of each cluster, the cloud polled (fast
/// while something is in progress, slowly otherwise). Main thread.
class LiveFleet : public QObject {
    Q_OBJECT
public:
    explicit LiveFleet(Session &session, QObject *parent = nullptr);
    ~LiveFleet() override;
    void start();
    void refresh(); ///< look now
    [[nodiscard]] const ObservedFleet &fleet() const;

signals:
    /// Gathered; at most every 100 ms.
    void changed(const catamaran::fleet::ObservedFleet &fleet);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace catamaran::fleet

Q_DECLARE_METATYPE(catamaran::fleet::ObservedFleet)
