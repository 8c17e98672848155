// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/fleetdocument.h"
#include "observe/observedfleet.h"
#include "ops/plan.h"

namespace catamaran::session {
class Session;
}

/// Where the fleet is not (any more) what its document says, field by field.
namespace catamaran::fleet {

/// How a difference is meant.
enum class Intent {
    MustMatch, ///< the document or its manifest says what it is to be
    MayDiffer, ///< the document leaves it open: the number of replicas, that an autoscaler or an operator sets
    ClustersOwn, ///< the document says nothing of it, somebody else has set it
};
[[nodiscard]] QString intentName(Intent intent); ///< "must-match", "may-differ", "clusters-own"

struct FieldDrift {
    QString cluster;
    QString object; ///< "Deployment default/sleep"
    QString path; ///< "spec.template.spec.containers[sleep].image"
    QString wanted, found; ///< compact JSON of at most 200 characters; empty: not there. Of ClustersOwn no wanted
    QString manager; ///< who else owns the field; empty: nobody or we
    Intent intent = Intent::MustMatch;
};

struct Drift {
    ops::Plan missing; ///< what the provider's facts and the lists of the clusters say is missing or other
    QList<FieldDrift> fields; ///< of objects that are there, by the servers' own judgement (a dry run of applying them)
    QList<QJsonObject> drifted; ///< the manifests of those objects with a field that must match, and
    QStringList driftedIn; ///< the cluster of each
    QList<QString> foreign; ///< "cluster-1: Deployment default/sleep (kubectl)": objects that Catamaran has not applied
    QList<core::Error> unread; ///< objects that could not be looked at: nothing is said of them

    /// Nothing is missing and no field that must match differs.
    [[nodiscard]] bool isNone() const;
};

/// Compares what server-side apply would make of an object with what is there. Pure. @p leavesReplicas: the document gives no number.
[[nodiscard]] QList<FieldDrift> compareFields(
    const QString &cluster, const QJsonObject &found, const QJsonObject &wouldBe, bool leavesReplicas);

/// Looks at every object of @p document (which @p observed was read for). Changes nothing. For a worker thread.
[[nodiscard]] core::Result<Drift> findDrift(
    session::Session &session, const documents::FleetDocument &document, const observe::ObservedFleet &observed, std::stop_token stop);

/// The plan that makes the fleet what its document says: what is missing, and each drifted object applied again.
[[nodiscard]] ops::Plan correctionOf(const Drift &drift);

} // namespace catamaran::fleet
