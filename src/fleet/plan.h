// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "fleet/fleetdocument.h"
#include "fleet/observedfleet.h"

#include <QJsonObject>

#include <optional>
#include <variant>

/// The planner: desired Fleet and observed fleet in, ordered steps out. Pure functions of values.
namespace catamaran::fleet {

// What a step does, as values; src/fleet/executor.* knows how.
struct MakeRoot { QString rootName; };                                 ///< read it from the keyring, or make and keep it
struct CreateMesh { QString mesh, version, managedCluster; bool withSharedRoot = true; };
struct WaitForMesh { QString mesh; };
struct AddMember { QString mesh, cluster; mesh::Mode mode; };
struct RemoveMember { QString mesh, cluster; };
struct SetNetworks { QString mesh; QMap<QString, mesh::NetworkSetting> byCluster; }; ///< by cluster name
struct SetInjection { QString mesh, ns; bool enabled = true; };
struct ApplyManifest { QString cluster, ns, manifest; WorkloadOverrides overrides {}; };
struct DeleteManifest { QString cluster, ns, manifest; };
struct ScaleWorkload { QString cluster, ns, deployment; int replicas = 0; int previous = 1; };
struct CreateNamespace { QString cluster, ns; };                        ///< labelled as Catamaran's own
struct DeleteNamespace { QString cluster, ns; };                        ///< only with that label
struct CompareRoots { QStringList meshes; };
struct DeleteMesh { QString mesh; };
using Action = std::variant<MakeRoot, CreateMesh, WaitForMesh, AddMember, RemoveMember, SetNetworks, SetInjection, ApplyManifest,
                            DeleteManifest, ScaleWorkload, CompareRoots, DeleteMesh, CreateNamespace, DeleteNamespace>;

/// A namespace that Catamaran made says so in this label: no other is ever deleted.
inline const QString ownerLabel = QStringLiteral("app.kubernetes.io/managed-by");
inline const QString ownerName = QStringLiteral("catamaran");
/// The object of CreateNamespace.
[[nodiscard]] QJsonObject namespaceObject(const QString &ns);

/// One call as it will go out. Secrets read "(secret)".
struct PlannedCall {
    QString system; ///< "asm", "cluster-1", "keyring"
    QString method; ///< "POST CreateServiceMesh", "PATCH /apis/apps/v1/namespaces/default/deployments/sleep"
    QString body;   ///< parameters or manifest, readable
};

struct PlanStep {
    QString id;          ///< "create-mesh-1": stable for the same fleet
    QString title;       ///< "Create mesh-1 and let it manage cluster-1"
    QString why;         ///< which part of the guide, or which difference, asks for it
    QStringList dependsOn;
    QList<PlannedCall> calls;
    QString command;     ///< the same by hand (aliyun / kubectl), several lines allowed
    QString undo;        ///< the command that takes it back; empty when nothing remains
    int usualSeconds = 5;
    Action action;
};

struct Plan {
    QString fleet;
    QList<PlanStep> steps;
    [[nodiscard]] bool isEmpty() const { return steps.isEmpty(); }
    /// {"steps":[{"id","title","depends_on","calls":[...],"command","undo"}]}
    [[nodiscard]] QJsonObject toJson() const;
};

/// The steps that make @p observed into @p desired, in the guide's order (trust and meshes, discovery, networks,
/// sample); empty when nothing is to do. Errors: a cluster the environment does not know, a mesh of that name with
/// another root (the plan cannot change it), a failed mesh.
[[nodiscard]] core::Result<Plan> planApply(const FleetDocument &desired, const ObservedFleet &observed);
/// The steps that take @p desired away again: sample with the namespaces made for it, injection, gateways, discovery-only members, managed members, meshes.
[[nodiscard]] core::Result<Plan> planDestroy(const FleetDocument &desired, const ObservedFleet &observed);
/// A cluster, and how kubectl reaches it.
struct PlanCluster {
    QString name;
    kube::ByHand byHand;
};

/// The guide's step 5: sleep in @p from scaled to 0, the stand-alone sleep deployed in @p to. A client that stands there
/// already (@p standing: its replicas) is woken as it is: whoever scaled it owns its replicas, and to apply the manifest
/// over it would fail with nobody left to send.
[[nodiscard]] Plan planMoveClient(const QString &ns, const PlanCluster &from, const PlanCluster &to, int previousReplicas, std::optional<int> standing = {});

} // namespace catamaran::fleet
