// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "observe/conditions.h"

#include "mesh/providers.h"
#include "observe/say.h"

#include <algorithm>

namespace catamaran::observe {

namespace {

/// Why @p cluster is not taken for reachable, by what kind of answer came.
QString unreachableSentence(const QString &cluster, core::ErrorKind kind)
{
    using core::ErrorKind;
    switch (kind) {
    case ErrorKind::Unauthorized: return Say::tr("%1 does not let us in").arg(cluster);
    case ErrorKind::Throttled:
    case ErrorKind::Server: return Say::tr("%1 answers, but does not do what it is asked").arg(cluster);
    case ErrorKind::Protocol: return Say::tr("%1 gives answers that are not understood").arg(cluster);
    case ErrorKind::InvalidInput: return Say::tr("%1 cannot be asked").arg(cluster);
    default: return Say::tr("%1 cannot be reached").arg(cluster);
    }
}

QString placeOf(const Unread &one)
{
    return one.ns.isEmpty()                     ? Say::tr("list %1 in all namespaces").arg(one.resource)
        : one.resource == resources::namespaces ? Say::tr("get the namespace %1").arg(one.ns)
                                                : Say::tr("list %1 in namespace %2").arg(one.resource, one.ns);
}

} // namespace

QStringList askedNamespaces(const ClusterReadings &readings)
{
    QStringList asked = readings.wanted.isEmpty() ? QStringList { readings.ownNamespace } : readings.wanted;
    asked.removeAll(QString());
    return asked;
}

Condition reachableCondition(const ObservedCluster &cluster, const ClusterReadings &readings)
{
    const QString source = Say::tr("API server of %1").arg(cluster.name);
    Condition reachable { QStringLiteral("Reachable"), Health::Ok, Say::tr("%1 answers").arg(cluster.name), readings.kubeVersion,
        QStringLiteral("GET /version (%1)").arg(source), readings.heard };
    if (readings.error) {
        reachable.health = readings.stale ? Health::Stale : Health::Failed;
        reachable.reason = unreachableSentence(cluster.name, readings.error->kind);
        reachable.evidence = readings.error->text();
    } else if (readings.waiting) {
        reachable.health = Health::Unknown;
        reachable.reason = Say::tr("%1 has not answered yet").arg(cluster.name);
    }
    return reachable;
}

/// What an identity with rights in some namespaces may see, and which right is missing; nullopt for one that sees all.
std::optional<Condition> accessCondition(const ObservedCluster &cluster, const ClusterReadings &readings)
{
    if (readings.unread.isEmpty())
        return std::nullopt;
    const QStringList asked = askedNamespaces(readings);
    QStringList missing, read, unseen, words;
    for (const Unread &one : readings.unread)
        if (one.ns.isEmpty() || (asked.contains(one.ns) && cluster.whyUnread(one.resource, one.ns))) {
            missing << placeOf(one);
            words << one.error.answer;
        }
    const auto isSeen = [&](const QString &ns) {
        return !cluster.whyUnread(resources::deployments, ns) && !cluster.whyUnread(resources::pods, ns)
            && !cluster.whyUnread(resources::services, ns);
    };
    for (const QString &ns : std::as_const(asked))
        if (!isSeen(ns))
            unseen << ns;
    for (const QStringList &places : readings.readOneByOne)
        for (const QString &place : places)
            if (!place.contains(u'/') && !read.contains(place) && isSeen(place)
                && (cluster.namespaces.contains(place) || cluster.whyUnread(resources::namespaces, place)))
                read << place;
    read.sort();
    words.removeDuplicates();
    QString reason = !unseen.isEmpty()
        ? Say::tr("%1 answers, but does not let us see everything in %2").arg(cluster.name, unseen.join(QStringLiteral(", ")))
        : read.isEmpty() ? Say::tr("%1 answers, but does not let us see everything").arg(cluster.name)
                         : Say::tr("%1 lets us see single namespaces only: %2").arg(cluster.name, read.join(QStringLiteral(", ")));
    reason += Say::tr("; the missing rights: %1").arg(missing.join(QStringLiteral(", ")));
    return Condition { QStringLiteral("Access"), unseen.isEmpty() ? Health::Warning : Health::Unknown, reason,
        words.join(QStringLiteral("; ")), Say::tr("API server of %1").arg(cluster.name), readings.heard };
}

Condition workloadCondition(const ObservedCluster &cluster, const ObservedWorkload &workload, const ClusterReadings &readings)
{
    const QString subject = workload.ns + u'/' + workload.name;
    Condition condition { QStringLiteral("Workload"), Health::Ok,
        Say::tr("%1: %2 of %3 ready").arg(subject).arg(workload.ready).arg(workload.desired), workload.podNames.join(QStringLiteral(", ")),
        Say::tr("deployments of %1").arg(cluster.name), readings.heard, subject };
    if (workload.desired == 0) // somebody wants it so, or a drill left it so: it serves nobody in either case
        condition.reason = Say::tr("%1: scaled to 0, nothing of it runs").arg(subject);
    if (!workload.why.isEmpty())
        condition.reason = Say::tr("%1: %2 of %3 ready: %4").arg(subject).arg(workload.ready).arg(workload.desired).arg(workload.why);
    if (workload.desired == 0 || workload.ready < workload.desired || !workload.why.isEmpty())
        condition.health = Health::Warning;
    if (readings.error)
        condition.health = Health::Stale;
    return condition;
}

/// Of all gateways of the cluster together: one that carries nothing is what is worth saying.
std::optional<Condition> gatewayCondition(
    const ObservedCluster &cluster, const QList<SeenGateway> &gateways, const ClusterReadings &readings)
{
    if (gateways.isEmpty())
        return std::nullopt;
    QStringList addresses, troubles;
    for (const SeenGateway &gateway : gateways) {
        if (!gateway.address.isEmpty())
            addresses << gateway.address;
        if (!gateway.trouble.isEmpty())
            troubles << Say::tr("Service %1: %2").arg(gateway.service, gateway.trouble);
    }
    Condition condition { QStringLiteral("Gateway"), troubles.isEmpty() ? Health::Ok : Health::Warning,
        Say::tr("the gateway of %1 has an address").arg(cluster.name), addresses.join(QStringLiteral(", ")),
        Say::tr("services of %1").arg(cluster.name), readings.heard };
    condition.isHearsay = true; // of a load balancer that may be gone
    if (!troubles.isEmpty())
        condition.reason
            = (addresses.isEmpty() ? Say::tr("the gateway of %1 has no address yet") : Say::tr("a gateway of %1 is not in order"))
                  .arg(cluster.name)
            + QStringLiteral(": ") + troubles.join(QStringLiteral("; "));
    if (readings.error)
        condition.health = Health::Stale;
    return condition;
}

namespace {

constexpr qint64 soonSeconds = 30 * 60;

/// The first error of several accounts is the fleet's: what one does not tell is not known.
void keepFirst(std::optional<core::Error> &kept, const std::optional<core::Error> &error)
{
    if (!kept)
        kept = error;
}

/// One condition per list of the account; @p cloud keeps what was seen before an error.
void judgeAccount(ObservedFleet &fleet, const CloudReadings &cloud)
{
    const mesh::ProviderWords words = mesh::wordsOf(cloud.provider);
    Condition meshes { QStringLiteral("Account"), Health::Ok, Say::tr("the account tells its meshes: %1").arg(cloud.meshes.size()), {},
        words.meshesCall, cloud.heard };
    if (cloud.error) {
        meshes.health = cloud.heard.isValid() ? Health::Stale : Health::Failed;
        meshes.reason = cloud.heard.isValid() ? Say::tr("the meshes are those last seen: they cannot be listed now")
                                              : Say::tr("the meshes could not be listed");
        meshes.evidence = cloud.error->text();
        keepFirst(fleet.meshesError, cloud.error);
    } else if (cloud.waiting) {
        meshes.health = Health::Unknown;
        meshes.reason = Say::tr("the account has not answered yet");
        keepFirst(fleet.meshesError,
            core::Error::make(core::ErrorKind::Precondition, Say::tr("list the meshes"), fleet.environment,
                Say::tr("the account has not answered yet"), Say::tr("Try again in a moment.")));
    }
    fleet.account.append(meshes);
    const auto add = [&](const std::optional<core::Error> &error, Health health, const QString &reason, const QString &source) {
        if (error)
            fleet.account.append({ QStringLiteral("Account"), health, reason, error->text(), source, cloud.heard });
    };
    add(cloud.clustersError, Health::Failed, Say::tr("the clusters of the account could not be listed"), words.clustersCall);
    add(cloud.versionsError, Health::Warning, Say::tr("the versions for new meshes could not be listed"), words.versionsCall);
    if (cloud.credentialsEnd.isValid() && !cloud.error && fleet.at.secsTo(cloud.credentialsEnd) < soonSeconds)
        fleet.account.append({ QStringLiteral("Account"), Health::Warning,
            Say::tr("the temporary credentials end at %1: then nothing can be read or changed")
                .arg(cloud.credentialsEnd.toString(Qt::ISODate)),
            {}, words.account, cloud.heard });
    keepFirst(fleet.clustersError, cloud.clustersError);
    keepFirst(fleet.versionsError, cloud.versionsError);
    for (const auto &error : { cloud.error, cloud.clustersError, cloud.versionsError })
        if (error)
            fleet.errors.append(*error);
}

/// Of meshes that are looked for in the clusters. False: nobody there tells of any.
bool judgeClustersOwn(ObservedFleet &fleet, const CloudReadings &cloud, bool hasAccount)
{
    const mesh::ProviderWords words = mesh::wordsOf(cloud.provider);
    std::optional<core::Error> unread = cloud.error ? cloud.error : cloud.meshesUnread;
    if (cloud.meshes.isEmpty() && (hasAccount || cloud.provider.isEmpty()))
        return false; // an account tells, and nothing here contradicts it
    if (cloud.waiting)
        unread = core::Error::make(core::ErrorKind::Precondition, Say::tr("look for control planes"), fleet.environment,
            Say::tr("the clusters have not answered yet"), Say::tr("Try again in a moment."));
    if (cloud.meshes.isEmpty() && !unread)
        return false;
    Condition found { QStringLiteral("Meshes"), Health::Ok,
        Say::tr("%n control plane(s) of %1 found in the clusters", nullptr, int(cloud.meshes.size())).arg(words.product), {},
        words.meshesCall, cloud.heard };
    found.isHearsay = true; // that it is there says nothing of what it does
    if (unread) {
        found.health = cloud.waiting ? Health::Unknown : cloud.error && cloud.heard.isValid() ? Health::Stale : Health::Unknown;
        found.reason = Say::tr("not every cluster tells whether a control plane of %1 runs in it").arg(words.product);
        found.evidence = unread->text();
        keepFirst(fleet.meshesUnread, unread);
    }
    fleet.account.append(found);
    return true;
}

} // namespace

void judgeAccounts(ObservedFleet &fleet, const QList<CloudReadings> &clouds)
{
    bool hasAccount = false, isTold = false;
    for (const CloudReadings &cloud : clouds) {
        if (cloud.hasAccount)
            judgeAccount(fleet, cloud);
        hasAccount = hasAccount || cloud.hasAccount;
    }
    for (const CloudReadings &cloud : clouds)
        if (!cloud.hasAccount)
            isTold = judgeClustersOwn(fleet, cloud, hasAccount) || isTold;
    if (!hasAccount && !isTold)
        fleet.meshesError = core::Error::make(core::ErrorKind::InvalidInput, Say::tr("list the meshes"), fleet.environment,
            Say::tr("no control plane runs in its clusters, and it has no cloud account"), mesh::addAccountRemedy());
}

namespace {

/// A control plane that is seen itself: its replicas, not somebody's word for them.
Condition planesRunning(const mesh::MeshStatus &status, const CloudReadings &cloud)
{
    QStringList planes, versions;
    for (const mesh::ControlPlane &one : status.controlPlanes) {
        planes
            << Say::tr("%1 of %2 replicas ready (revision %3)").arg(QString::number(one.ready), QString::number(one.desired), one.revision);
        versions << QStringLiteral("%1 %2").arg(one.place, one.version.isEmpty() ? Say::tr("of unknown version") : one.version);
    }
    Condition condition { QStringLiteral("Running"), Health::Ok,
        QStringLiteral("%1: %2").arg(status.name, planes.join(QStringLiteral("; "))), versions.join(QStringLiteral("; ")),
        mesh::wordsOf(cloud.provider).meshesCall, status.heard };
    if (!status.meshId.isEmpty())
        condition.evidence += Say::tr("; mesh id %1").arg(status.meshId);
    if (!status.trustDomain.isEmpty())
        condition.evidence += Say::tr("; trust domain %1").arg(status.trustDomain);
    condition.isHearsay = true; // ready is not the same as doing its work
    if (status.state != mesh::MeshState::Running) {
        condition.health = Health::Failed;
        condition.reason = Say::tr("%1: %2").arg(status.name, status.errorMessage);
    } else if (std::any_of(status.controlPlanes.begin(), status.controlPlanes.end(),
                   [](const mesh::ControlPlane &one) { return one.ready < one.desired; })) {
        condition.health = Health::Warning;
    }
    if (status.stale || cloud.error) {
        condition.health = Health::Stale;
        condition.evidence = status.stale ? status.stale->text() : cloud.error->text();
    }
    return condition;
}

/// What is said of a member by the remote secret, by the control plane itself, and by its log.
Condition planesMember(
    const mesh::MeshStatus &mesh, const mesh::MemberCluster &member, const QString &clusterName, const CloudReadings &cloud)
{
    QStringList words, lost;
    bool isSynced = true;
    for (const mesh::ReplicaWord &one : member.words) {
        words << (one.error ? Say::tr("%1 did not tell: %2").arg(one.replica, one.error->answer)
                            : Say::tr("%1 says %2").arg(one.replica, one.word));
        isSynced = isSynced && !one.error && one.word == u"synced";
    }
    for (const mesh::LostReach &one : member.lost)
        if (!lost.contains(one.words))
            lost << one.words;
    const bool isHome = member.mode == mesh::Mode::Managed;
    Condition condition { QStringLiteral("Discovery"), Health::Ok,
        isHome ? Say::tr("%1 manages %2").arg(mesh.name, clusterName) : Say::tr("%1 discovers %2").arg(mesh.name, clusterName),
        words.join(QStringLiteral("; ")), mesh::wordsOf(cloud.provider).membersCall, mesh.heard };
    condition.isHearsay = true;
    if (!member.state.isEmpty()) {
        condition.health = Health::Failed;
        condition.evidence = member.state;
    } else if (!lost.isEmpty()) {
        condition.health = Health::Warning;
        condition.reason = Say::tr("%1 cannot read %2 now: what it knows of it is old").arg(mesh.name, clusterName);
        condition.evidence = (lost + words).join(QStringLiteral("; "));
        condition.source = member.lost.first().source;
        condition.at = member.lost.first().at;
    } else if (!isHome && !isSynced) {
        condition.health = Health::Warning;
        condition.reason = Say::tr("%1 has a remote secret for %2, and not every replica has read it").arg(mesh.name, clusterName);
    }
    if (mesh.stale || cloud.error)
        condition.health = Health::Stale;
    return condition;
}

} // namespace

Condition meshRunning(const mesh::MeshStatus &status, const CloudReadings &cloud)
{
    if (!status.controlPlanes.isEmpty())
        return planesRunning(status, cloud);
    Condition condition { QStringLiteral("Running"), Health::Unknown, {}, Say::tr("state: %1").arg(status.stateWord),
        mesh::wordsOf(cloud.provider).meshesCall, cloud.heard };
    condition.isHearsay = true; // a control plane that is away is "running" to its account
    switch (status.state) {
    case mesh::MeshState::Running:
        condition.health = Health::Ok;
        condition.reason = Say::tr("%1: the account says that it runs").arg(status.name);
        break;
    case mesh::MeshState::Failed:
        condition.health = Health::Failed;
        condition.reason = status.errorMessage.isEmpty() ? Say::tr("%1 has failed").arg(status.name)
                                                         : Say::tr("%1 has failed: %2").arg(status.name, status.errorMessage);
        break;
    case mesh::MeshState::Creating:
    case mesh::MeshState::Updating:
    case mesh::MeshState::Deleting:
        condition.health = Health::Warning;
        condition.reason = Say::tr("%1 is still %2").arg(status.name, status.stateWord);
        break;
    case mesh::MeshState::Unknown: condition.reason = Say::tr("%1 does not tell its state").arg(status.name); break;
    }
    if (cloud.error && condition.health != Health::Unknown) {
        condition.health = Health::Stale;
        condition.evidence = cloud.error->text();
    }
    return condition;
}

Condition memberCondition(
    const mesh::MeshStatus &mesh, const mesh::MemberCluster &member, const QString &clusterName, const CloudReadings &cloud)
{
    if (!mesh.controlPlanes.isEmpty())
        return planesMember(mesh, member, clusterName, cloud);
    const bool running = member.state.isEmpty() || member.state == QLatin1String("running");
    Condition condition { QStringLiteral("Discovery"), running ? Health::Ok : Health::Warning, {},
        Say::tr("state of the member: %1").arg(member.state), mesh::wordsOf(cloud.provider).membersCall, cloud.heard };
    condition.isHearsay = true;
    condition.reason = member.mode == mesh::Mode::Managed ? Say::tr("%1 manages %2").arg(mesh.name, clusterName)
        : member.mode == mesh::Mode::DiscoveryOnly
        ? Say::tr("%1 discovers %2").arg(mesh.name, clusterName)
        : Say::tr("%1 has %2 as a member; the provider does not tell in which mode").arg(mesh.name, clusterName);
    if (!mesh.membersKnown) { // the ids alone: nobody said how it is
        condition.health = Health::Unknown;
        condition.evidence = mesh.unread.isEmpty() ? QString() : mesh.unread.first().text();
    }
    if (cloud.error)
        condition.health = Health::Stale;
    return condition;
}

void judgeTrust(ObservedFleet &fleet, const QList<CloudReadings> &clouds)
{
    const auto heard = [&](const QString &provider) {
        const auto found = std::find_if(clouds.begin(), clouds.end(), [&](const CloudReadings &one) { return one.provider == provider; });
        return found == clouds.end() ? clouds.value(0).heard : found->heard;
    };
    QStringList lines;
    for (const ObservedMesh &mesh : fleet.meshes) {
        const mesh::MeshStatus &status = mesh.status;
        Condition condition { QStringLiteral("RootShared"), Health::Unknown, {}, {}, mesh::kindOf(status).words().rootCall,
            heard(status.provider) };
        if (status.rootFingerprints.isEmpty()) {
            condition.reason = Say::tr("the root of %1 could not be read").arg(status.name);
            condition.evidence = status.rootError;
        } else {
            QStringList prints(status.rootFingerprints.begin(), status.rootFingerprints.end());
            prints.sort();
            condition.health = Health::Ok;
            condition.reason = Say::tr("%1 trusts the root %2…").arg(status.name, prints.first().left(16));
            condition.evidence = QStringLiteral("SHA-256 ") + prints.join(QStringLiteral(", "));
            lines << QStringLiteral("%1: %2").arg(status.name, prints.join(QStringLiteral(", ")));
        }
        fleet.trust.append(condition);
    }
    if (fleet.meshes.size() < 2)
        return;
    const Trust trust = fleet.trustOfMeshes();
    Condition verdict { QStringLiteral("RootShared"), Health::Unknown, Say::tr("not every root could be read"),
        lines.join(QStringLiteral("; ")), fleet.trust.last().source, fleet.trust.last().at };
    if (trust == Trust::Same) {
        verdict.health = Health::Ok;
        verdict.reason = Say::tr("all meshes have the same root");
    } else if (trust == Trust::Rotating) {
        verdict.health = Health::Warning;
        verdict.reason = Say::tr("the meshes have roots in common and others besides: a rotation is under way");
    } else if (trust == Trust::Different) {
        verdict.health = Health::Failed;
        verdict.reason = Say::tr("the roots differ: the meshes do not trust each other");
    }
    fleet.trust.append(verdict);
}

} // namespace catamaran::observe
