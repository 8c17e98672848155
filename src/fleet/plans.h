// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/fleetdocument.h"
#include "observe/observedfleet.h"
#include "ops/kinds/target.h"
#include "ops/plan.h"
#include "store/secretstore.h"

#include <optional>

/// Wish and facts in, operations out. Pure.
///
/// What waits for what, for a plan is carried out many steps at once (and taken back the other way round). Apply: a mesh's own steps in the
/// order trust root, creation, waiting, managed members, discovery-only members, networks, injection, one after the other; roots are
/// compared once all meshes run; a cluster is discovered once it is managed and the roots were compared; networks are set once the roots
/// were compared; injection follows the namespaces, and pods follow their namespace, what their manifest has beside them, the mesh that
/// manages their cluster and its injection. Destroy: the sample, injection, its namespaces and the gateways; a cluster is left by the mesh
/// that manages it after the sample in it and after every mesh that only discovers it; a mesh is deleted after all that is done to it.
namespace catamaran::fleet {

/// An object that a plan may change or delete although others made it, for the user said so.
struct ForeignObject {
    QString kind, ns, name; ///< "Deployment"; without ns of a kind that has none, as "mesh"
    /// "Deployment/default/sleep", "Namespace/shop", "mesh/mesh-1". InvalidInput for anything else.
    [[nodiscard]] static core::Result<ForeignObject> parse(const QString &text);
    [[nodiscard]] QString text() const;
};

/// The steps that make @p observed into @p desired, in the guide's order (trust and meshes, discovery, networks,
/// sample); empty when nothing is to do. Errors: a cluster the environment does not know, a mesh of that name with
/// another root (the plan cannot change it), a failed mesh, a list that was not read and is needed.
[[nodiscard]] core::Result<ops::Plan> applyPlan(const documents::FleetDocument &desired, const observe::ObservedFleet &observed);

/// The steps that take @p desired away again: sample, injection, the namespaces made for the sample, gateways, discovery-only
/// members, managed members, meshes. What others made under our names stays where it is, but for @p taken; a mesh that nothing tells
/// Catamaran made stays with its members, networks and injection; where these are the clusters' own objects, what Catamaran made of them
/// goes (but for the label of a network, which says what is so).
[[nodiscard]] core::Result<ops::Plan> destroyPlan(
    const documents::FleetDocument &desired, const observe::ObservedFleet &observed, const QList<ForeignObject> &taken = {});

/// The guide's step 5.
struct ClientMove {
    QString ns, from, to; ///< clusters by the environment's names
    int replicas = 1; ///< of the client in @c from, now
    std::optional<int> standing {}; ///< of a client that stands in @c to already: it is woken as it is
};
/// sleep in one cluster scaled to 0, and in the other the stand-alone sleep deployed, or the one that stands there woken.
[[nodiscard]] ops::Plan movePlan(const ClientMove &move);

/// The object of a cluster that @p operation is about, whoever's kind it is; nullopt: it is about none.
[[nodiscard]] std::optional<ops::Target> changedObject(const ops::Operation &operation);
/// How the object that @p operation is about would be named; nullopt: it is about none of a cluster's.
[[nodiscard]] std::optional<ForeignObject> objectOf(const ops::Operation &operation);
/// @p plan with @p taken allowed, in each cluster. What it does nothing to changes nothing.
[[nodiscard]] ops::Plan withForeign(ops::Plan plan, const QList<ForeignObject> &taken);

/// To be said before @p plan is carried out: what an interruption would cost because its secrets are kept as @p keeping tells.
/// Empty: nothing.
[[nodiscard]] QString whatCannotBeResumed(const ops::Plan &plan, store::Keeping keeping);

} // namespace catamaran::fleet
