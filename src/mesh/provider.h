// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "core/fact.h"
#include "core/secret.h"

#include <QDateTime>
#include <QMap>
#include <QSet>
#include <QStringList>

#include <typeindex>
#include <vector>

/// What the fleet needs of whoever makes meshes: facts, and (mesh/operations.h) operations. What can be said of a provider without
/// an account of it stands in mesh/providerkind.h.
namespace catamaran::mesh {

enum class Mode { Managed, DiscoveryOnly, Unknown };

/// What one replica of a control plane says of a cluster that it reads, or why it did not tell.
struct ReplicaWord {
    QString replica; ///< its pod
    QString word; ///< its own: "synced", "timeout"; "absent": it does not know the cluster
    std::optional<core::Error> error {};
    QString source {};
    QDateTime at {};
};

/// What shows that a control plane cannot read a cluster now, whatever it says: it goes on with what it read before.
struct LostReach {
    QString words; ///< "error watch error in cluster cluster-2: Unauthorized"
    QString source; ///< "log of istio-system/istiod-… in cluster-1"
    QDateTime at;
};

struct MemberCluster {
    QString clusterId; ///< the provider's id
    QString clusterName;
    Mode mode = Mode::Unknown; ///< Unknown where the provider does not tell
    QString state;
    QString network; ///< empty: not configured
    bool gateway = false;
    QList<ReplicaWord> words {}; ///< empty: this provider's control planes cannot be asked
    QList<LostReach> lost {}; ///< from where the control plane stands
    QString renew {}; ///< why what lets the control plane in there has to be given anew; empty: nothing is known against it
};

/// One process of a control plane.
struct Replica {
    QString name; ///< its pod
    bool isReady = false;
    QDateTime started {};
};

/// One revision of a control plane; several may stand side by side while one takes over from another.
struct ControlPlane {
    QString revision, version; ///< version: the image's tag; empty: not told
    QString place; ///< "istio-system/istiod"
    int desired = 0, ready = 0;
    QList<Replica> replicas {};
};

/// One thing that was read of a mesh, or why not, by itself.
struct ToldFact {
    QString what; ///< "remote secrets"
    QString value; ///< for people, one line
    std::optional<core::Error> error {};
    QString right {}; ///< the right that reading it takes: "list secrets in istio-system"
    QString source {};
    QDateTime at {};
};

enum class MeshState { Creating, Running, Updating, Failed, Deleting, Unknown };

struct MeshStatus {
    QString id, name, region, version, stateWord, errorMessage;
    QString owner {}; ///< the execution of Catamaran that made it; empty: nothing on it tells that Catamaran did
    MeshState state = MeshState::Unknown;
    QList<MemberCluster> members;
    QSet<QString> rootFingerprints; ///< empty: not read (see rootError)
    QString rootError;
    bool membersKnown = true, networksKnown = true; ///< false: not read; @c members is what else tells of them, and no proof of absence
    QList<core::Error> unread {}; ///< what a mesh that is there did not tell when it was asked: members, networks, root
    QString provider {}; ///< ProviderKind::name()
    QString home {}; ///< the cluster that its control plane runs in, by the environment's name; empty: in none of them
    QString meshId {}, trustDomain {}; ///< empty: not told
    QList<ControlPlane> controlPlanes {};
    QList<ToldFact> told {};
    QStringList notOurs {}; ///< what of it is shown and never changed, and why
    std::optional<core::Error> stale {}; ///< why all this is what was last seen, at @c heard
    QDateTime heard {}; ///< null: with the list that it stands in
    // Of control planes that stand in the clusters; never asked for where they do not.
    QString clusterId {}; ///< what they call the cluster that they run in; empty: not told
    core::Fact<bool> exposed {}; ///< whether an object lets other networks' traffic through the gateways of its home
    core::Fact<bool> reader {}; ///< whether its home has the account that other control planes read it with
};

struct MeshList {
    QList<MeshStatus> meshes;
    std::optional<core::Error> unread {}; ///< why there may be others
};

struct IssuingCa {
    QByteArray certificate, chain, root; ///< PEM
    core::Secret key;
};

/// What a control plane is given to be let into another cluster.
struct TokenWish {
    bool longLived = true; ///< for as long as its Secret lives; false: until it ends
    int hours = 8760; ///< of one that ends
    bool operator==(const TokenWish &) const = default;
};

struct NetworkSetting {
    QString network;
    bool gateway = false;
    bool operator==(const NetworkSetting &) const = default;
};

/// A cluster as the environment has it.
struct ClusterPlace {
    QString name; ///< who it is, everywhere
    QString id; ///< the provider's word for it; empty: it is found by its name
    QString region;
};

/// A cluster as its provider knows it.
struct ClusterFacts {
    QString id, name, region, vpcId, podCidr, serviceCidr;
    QStringList vSwitches;
    QString publicApiServer; ///< empty: its API server has no public address
};

/// Whether @p facts are about @p place.
[[nodiscard]] inline bool isAbout(const ClusterFacts &facts, const ClusterPlace &place)
{
    return place.id.isEmpty() ? facts.name == place.name && (place.region.isEmpty() || place.region == facts.region) : facts.id == place.id;
}

struct ClusterList {
    QList<ClusterFacts> clusters;
    std::optional<core::Error> unread {}; ///< why some are missing, or all
};

struct IssuedKubeconfig {
    QByteArray yaml;
    QDateTime expires {}; ///< null: it does not say
};

class ProviderKind;

/// One open account. Callable from any thread; futures end on the main one. What changes anything are operations.
class Provider : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    [[nodiscard]] virtual const ProviderKind &kind() const = 0;
    [[nodiscard]] virtual QFuture<core::Result<MeshList>> status(std::stop_token stop) = 0;
    /// For new meshes.
    [[nodiscard]] virtual QFuture<core::Result<QStringList>> versions(std::stop_token stop) = 0;
    /// Where the account says, and where the environment has clusters. Each once.
    [[nodiscard]] virtual QFuture<core::Result<ClusterList>> clusters(std::stop_token stop) = 0;
    /// A new kubeconfig of @p cluster, which needs id and region.
    [[nodiscard]] virtual QFuture<core::Result<IssuedKubeconfig>> kubeconfig(const ClusterPlace &cluster, std::stop_token stop) = 0;
    /// The same by hand: a line for sh that prints it.
    [[nodiscard]] virtual QString kubeconfigCommand(const ClusterPlace &cluster) const = 0;
    /// Until when the credentials are good that cannot be renewed; null: for as long as anybody knows.
    [[nodiscard]] virtual QDateTime credentialsEnd() const { return {}; }
    /// What its own kinds of operations use; null: nothing of that type.
    [[nodiscard]] virtual void *service(std::type_index type) = 0;
};

/// The open accounts, as operations that know no provider find them: World::service<Providers>().
struct Providers {
    std::vector<Provider *> all; ///< no QList: threads share it, and a loop over one that is not const would copy it in place
};

} // namespace catamaran::mesh
