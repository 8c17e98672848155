// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/matrix.h"

#include "observe/gateways.h"
#include "observe/identity.h"
#include "observe/readings.h"
#include "truth/say.h"

#include <QSet>

#include <algorithm>

/// The rules of docs/design/truth.md, one function per layer.
namespace catamaran::truth {

using observe::Condition;
using observe::Health;
using observe::ObservedCluster;
using observe::ObservedFleet;
using observe::ObservedMesh;

namespace {

/// So many requests without one that crossed are no accident.
constexpr double accident = 1e-3;
/// A proof that lies so far ahead of us was made before somebody set the clock.
constexpr qint64 clockSlackMs = 5000;

/// What is looked up once per cluster, not once per direction.
struct Side {
    const ObservedCluster *cluster = nullptr;
    const ObservedMesh *manager = nullptr;
    QString meshUnknown; ///< why it is not known which mesh manages it; empty when it is
    QString meshNeeds; ///< what it would take
};

/// The members of each mesh by cluster: asked for in every direction.
class Members {
public:
    explicit Members(const ObservedFleet &fleet)
    {
        for (const ObservedMesh &mesh : fleet.meshes) {
            auto &own = m_all[&mesh];
            for (const mesh::MemberCluster &member : mesh.status.members)
                if (!member.clusterName.isEmpty() && !own.contains(member.clusterName))
                    own.insert(member.clusterName, &member);
        }
    }
    [[nodiscard]] const mesh::MemberCluster *of(const ObservedMesh &mesh, const ObservedCluster &cluster) const
    {
        const auto own = m_all.constFind(&mesh);
        return own == m_all.cend() ? nullptr : own->value(cluster.name);
    }

private:
    QHash<const ObservedMesh *, QHash<QString, const mesh::MemberCluster *>> m_all;
};

Side sideOf(const Members &members, const ObservedFleet &fleet, const ObservedCluster &cluster)
{
    Side side { &cluster, nullptr, {}, {} };
    for (const ObservedMesh &mesh : fleet.meshes)
        if (const mesh::MemberCluster *member = members.of(mesh, cluster); member && member->mode == mesh::Mode::Managed && !side.manager)
            side.manager = &mesh;
    const auto unknown = [&](const core::Error &error) {
        side.meshUnknown = Say::tr("not known: %1").arg(error.text());
        side.meshNeeds = error.remedy;
    };
    if (fleet.meshes.isEmpty() && fleet.account.isEmpty()) {
        side.meshUnknown = Say::tr("nobody tells which mesh manages %1: the environment has no account").arg(cluster.name);
        side.meshNeeds = Say::tr("An answer from there shows it, as does what the proxies know.");
    } else if (fleet.meshesError)
        unknown(*fleet.meshesError);
    else if (side.manager && side.manager->status.stale)
        unknown(*side.manager->status.stale);
    else if (!side.manager && fleet.meshesUnread)
        unknown(*fleet.meshesUnread);
    else if (cluster.cloudId.isEmpty() && fleet.clustersError)
        unknown(*fleet.clustersError);
    else if (!side.manager)
        for (const ObservedMesh &mesh : fleet.meshes) {
            if (!mesh.status.membersKnown && !mesh.status.unread.isEmpty())
                unknown(mesh.status.unread.first());
            const mesh::MemberCluster *member = members.of(mesh, cluster);
            if (member && member->mode == mesh::Mode::Unknown)
                side.meshUnknown = Say::tr("%1 has %2, but nobody tells whether it manages it").arg(mesh.status.name, cluster.name);
        }
    return side;
}

/// Everything that one direction is judged by.
struct Case {
    const ObservedFleet &fleet;
    const Members &members;
    const Side &from, &to;
    const RequestProof *request;
    QList<GatewayProof> gateways; ///< the fresh ones
    const ProxyProof *proxy; ///< fresh
    const Ages &ages;
    const QDateTime &now;
    QStringList rootsHere {}, rootsThere {}; ///< serial numbers, as proxies tell them
    bool crossed = false; ///< a fresh request was answered from there
    bool isNobodyThere = false; ///< no ready pod there could answer

    [[nodiscard]] const QString &there() const { return to.cluster->name; }
    [[nodiscard]] const QString &here() const { return from.cluster->name; }
    [[nodiscard]] QString meshHere() const
    {
        return from.manager ? from.manager->status.name : Say::tr("the control plane of %1").arg(here());
    }
};

bool isFresh(const QDateTime &at, const QDateTime &now, std::chrono::milliseconds age)
{
    const qint64 old = at.msecsTo(now);
    return at.isValid() && old <= age.count() && old >= -clockSlackMs;
}

/// What the mesh itself says of @p type, for its source and its time.
Condition conditionOf(const QList<Condition> &conditions, const QString &type)
{
    for (const Condition &one : conditions)
        if (one.type == type)
            return one;
    return conditions.isEmpty() ? Condition {} : conditions.first();
}

void contradict(Cell &cell, Health health, const QString &evidence)
{
    cell.health = health;
    cell.evidence = evidence;
}

/// What is configured well: proven where @p isProven, else only that.
void settle(Cell &cell, bool isProven, const QString &evidence)
{
    cell.basis = isProven ? Basis::Proven : Basis::Configured;
    cell.health = isProven ? Health::Ok : Health::Unknown;
    cell.evidence = evidence;
    if (!isProven)
        cell.needs = Say::tr("a request that is answered from there");
}

/// It was just shown to work, and a setting says that it cannot.
void livesOn(Cell &cell, const QString &against, const QString &until)
{
    cell.basis = Basis::Proven;
    cell.health = Health::Warning;
    cell.evidence = Say::tr("requests are answered from there, and yet %1").arg(against);
    cell.latent = until;
}

void unknown(Cell &cell, const QString &why, const QString &needs)
{
    cell.basis = Basis::Nothing;
    cell.health = Health::Unknown;
    cell.evidence = why;
    cell.needs = needs.isEmpty() ? Say::tr("a request that is answered from there") : needs;
}

QString untilRestart(const Case &one)
{
    return Say::tr("holds only until %1 restarts").arg(one.meshHere());
}

enum class Networks { Unknown, One, Two };

struct Network {
    Networks are = Networks::Unknown;
    QString why, needs; ///< unknown: why, and what it would take
};

/// Whether a gateway is between the two: what the managing mesh has set, else what the clusters' own objects and the proxies say.
Network networksOf(const Case &one)
{
    const auto leadsToGateway = [&](const QString &address) { return one.to.cluster->gatewayAddresses.contains(address); };
    if (one.from.meshUnknown.isEmpty() && one.from.manager) {
        const mesh::MeshStatus &status = one.from.manager->status;
        const mesh::MemberCluster *here = one.members.of(*one.from.manager, *one.from.cluster);
        const mesh::MemberCluster *there = one.members.of(*one.from.manager, *one.to.cluster);
        if (!status.networksKnown && !status.unread.isEmpty())
            return { Networks::Unknown, Say::tr("not known: %1").arg(status.unread.first().text()), status.unread.first().remedy };
        if (here && there)
            return { here->network == there->network ? Networks::One : Networks::Two, {}, {} };
    }
    if (one.proxy && !one.proxy->endpointsThere.isEmpty())
        return { std::all_of(one.proxy->endpointsThere.begin(), one.proxy->endpointsThere.end(), leadsToGateway) ? Networks::Two
                                                                                                                 : Networks::One,
            {}, {} };
    const QString &here = one.from.cluster->network, &there = one.to.cluster->network;
    if (!here.isEmpty() && !there.isEmpty())
        return { here == there ? Networks::One : Networks::Two, {}, {} };
    if (!one.from.meshUnknown.isEmpty())
        return { Networks::Unknown, one.from.meshUnknown, Say::tr("the label topology.istio.io/network in both clusters") };
    return { Networks::Unknown, Say::tr("it is not known whether there is one network: %1 does not have both clusters").arg(one.meshHere()),
        Say::tr("a mesh that has both clusters") };
}

/// What replicas themselves say against their having read a cluster. That they have is for ever said of what was once read, so it is no
/// proof; that they have not is.
struct Unsynced {
    QString words, source;
    QDateTime at;
    bool isAll = true; ///< every replica that told
};

Unsynced unsyncedOf(const mesh::MemberCluster &member)
{
    Unsynced result;
    QStringList words;
    for (const mesh::ReplicaWord &one : member.words) {
        if (one.error)
            continue;
        if (one.word == u"synced") {
            result.isAll = false;
            continue;
        }
        words << Say::tr("%1 says %2").arg(one.replica, one.word);
        result.source = one.source;
        result.at = one.at;
    }
    result.words = words.join(QStringLiteral(", "));
    return result;
}

Cell judgeDiscovery(const Case &one, const Network &network)
{
    Cell cell { Layer::Discovery };
    const Side &from = one.from;
    const Condition said = from.manager ? conditionOf(from.manager->conditions, QStringLiteral("Discovery")) : Condition {};
    cell.source = said.source;
    cell.at = said.at;
    const bool hasEndpoints = one.proxy && !one.proxy->endpointsThere.isEmpty();
    const bool isProven = one.crossed || hasEndpoints;
    const auto shown = [&] {
        cell.source = one.crossed ? one.request->source : one.proxy->source;
        cell.at = one.crossed ? one.request->at : one.proxy->at;
        return one.crossed ? Say::tr("pods of %1 find those of %2: they were answered from there").arg(one.here(), one.there())
                           : Say::tr("the proxy has endpoints that lead to %1: %2")
                                 .arg(one.there(), one.proxy->endpointsThere.mid(0, 5).join(QStringLiteral(", ")));
    };
    if (!from.meshUnknown.isEmpty() || (from.manager && !from.manager->status.membersKnown && !from.manager->status.unread.isEmpty())) {
        if (isProven)
            settle(cell, true, shown());
        else if (!from.meshUnknown.isEmpty())
            unknown(cell, from.meshUnknown, from.meshNeeds);
        else
            unknown(cell, Say::tr("not known: %1").arg(from.manager->status.unread.first().text()), {});
    } else if (!from.manager || !one.members.of(*from.manager, *one.to.cluster)) {
        const QString against = from.manager ? Say::tr("%1 has not added %2").arg(from.manager->status.name, one.there())
                                             : Say::tr("no mesh manages the sending cluster");
        if (one.crossed)
            livesOn(cell, against, Say::tr("holds only until %1 tells its proxies, or restarts").arg(one.meshHere()));
        else {
            cell.basis = Basis::Configured;
            contradict(cell, Health::Failed, against);
        }
    } else if (const Unsynced unsynced = unsyncedOf(*one.members.of(*from.manager, *one.to.cluster)); !unsynced.words.isEmpty()) {
        cell.basis = isProven ? Basis::Proven : Basis::Configured;
        cell.source = unsynced.source;
        cell.at = unsynced.at;
        const QString against = Say::tr("%1 has not read %2 since it started: %3").arg(one.meshHere(), one.there(), unsynced.words);
        contradict(cell, isProven || !unsynced.isAll ? Health::Warning : Health::Failed,
            isProven ? shown() + QStringLiteral("; ") + Say::tr("but %1").arg(against) : against);
    } else if (from.manager->status.state != mesh::MeshState::Running && from.cluster->controlPlaneReady != 0) {
        cell.basis = isProven ? Basis::Proven : Basis::Configured;
        contradict(cell, Health::Warning, Say::tr("%1 is %2").arg(from.manager->status.name, from.manager->status.stateWord));
    } else if (isProven) {
        settle(cell, true, shown());
    } else {
        settle(cell, false,
            from.manager->status.controlPlanes.isEmpty()
                ? Say::tr("%1 has %2 as a member, says the account").arg(from.manager->status.name, one.there())
                : Say::tr("%1 has a remote secret for %2, and says that it has read it once").arg(from.manager->status.name, one.there()));
        if (said.health == Health::Stale || (said.at.isValid() && !isFresh(said.at, one.now, one.ages.fact)))
            cell.health = Health::Stale;
    }
    if (network.are == Networks::Two && one.proxy && one.proxy->hasEndpoints && !hasEndpoints && !one.crossed && !one.isNobodyThere
        && cell.health != Health::Failed) {
        cell.basis = Basis::Proven;
        cell.source = one.proxy->source;
        cell.at = one.proxy->at;
        contradict(cell, Health::Failed, Say::tr("the proxy has no endpoint that leads to %1").arg(one.there()));
        cell.needs.clear();
    }
    // What works lives on what was once told. Whether it could be told anew is another question.
    const mesh::MemberCluster *member = from.manager ? one.members.of(*from.manager, *one.to.cluster) : nullptr;
    const bool isGood = cell.health == Health::Ok || cell.isConfigured() || (cell.health == Health::Unknown && isProven);
    if (isGood && member && !member->lost.isEmpty() && from.meshUnknown.isEmpty()) {
        const mesh::LostReach &lost = member->lost.first();
        cell.health = Health::Warning;
        cell.evidence += QStringLiteral("; ")
            + Say::tr("but %1 cannot read %2 now: %3 (%4)").arg(one.meshHere(), one.there(), lost.words, lost.source);
        cell.latent = untilRestart(one);
    } else if (cell.health == Health::Ok && one.proxy && one.proxy->hasControlPlane == false) {
        cell.health = Health::Warning;
        cell.evidence += QStringLiteral("; ")
            + Say::tr("but the proxies of %1 are not connected to their control plane: they live on what it told them last (%2)")
                  .arg(one.here(), one.proxy->source);
        cell.latent = Say::tr("holds only until pods change or restart, for nobody tells the proxies of %1").arg(one.here());
    } else if (cell.health == Health::Ok && one.from.cluster->controlPlaneReady == 0) {
        cell.health = Health::Warning;
        cell.evidence += QStringLiteral("; ") + Say::tr("but no control plane in %1 is ready").arg(one.here());
        cell.latent = Say::tr("holds only until pods change or restart, for nobody tells the proxies of %1").arg(one.here());
    } else if (cell.health == Health::Ok && !one.to.cluster->reachable) {
        cell.health = Health::Warning;
        const Condition *reachable = one.to.cluster->condition(QStringLiteral("Reachable"));
        cell.evidence += QStringLiteral("; ")
            + Say::tr("but the API server of %1, from which it is known, does not answer us: %2")
                  .arg(one.there(), reachable ? reachable->reason : QString());
        cell.latent = Say::tr("if %1 cannot reach it either, it %2").arg(one.meshHere(), untilRestart(one));
    }
    return cell;
}

QString metWords(const GatewayProof &proof)
{
    const QString tail = proof.words.isEmpty() ? QString() : QStringLiteral(": ") + proof.words;
    switch (proof.met) {
    case GatewayProof::Met::Refused: return Say::tr("%1 refuses connections%2").arg(proof.address, tail);
    case GatewayProof::Met::Silence: return Say::tr("%1 does not answer%2").arg(proof.address, tail);
    case GatewayProof::Met::Closed: return Say::tr("%1 closes the connection without a word%2").arg(proof.address, tail);
    case GatewayProof::Met::Greeting: return Say::tr("%1 answers with TLS%2").arg(proof.address, tail);
    case GatewayProof::Met::Nothing: break;
    }
    return proof.error ? proof.error->text() : Say::tr("%1 was not tried").arg(proof.address);
}

/// What connections to the gateways just met; false: nothing that counts.
bool judgeConnections(Cell &cell, const Case &one)
{
    QStringList good, bad;
    QDateTime newest, newestBad;
    for (const GatewayProof &proof : one.gateways) {
        if (proof.met == GatewayProof::Met::Nothing || (proof.met == GatewayProof::Met::Closed && one.isNobodyThere))
            continue; // a gateway closes what nobody behind it takes
        const bool isGood = proof.met == GatewayProof::Met::Greeting;
        (isGood ? good : bad) << metWords(proof);
        newest = newest.isValid() ? std::max(newest, proof.at) : proof.at;
        if (!isGood && proof.met != GatewayProof::Met::Closed) // closing may be how it is with new connections alone
            newestBad = newestBad.isValid() ? std::max(newestBad, proof.at) : proof.at;
        cell.source = proof.source;
    }
    if (good.isEmpty() && bad.isEmpty())
        return false;
    cell.at = newest;
    cell.basis = Basis::Proven;
    cell.evidence = (bad + good).join(QStringLiteral("; "));
    const qsizetype all = one.to.cluster->gatewayAddresses.size();
    if (bad.isEmpty() && good.size() < all && !one.crossed)
        return false; // some addresses are not tried
    if (bad.isEmpty()) {
        cell.health = Health::Ok;
    } else if (good.isEmpty() && !(one.crossed && (!newestBad.isValid() || one.request->at > newestBad))) {
        cell.health = Health::Failed;
    } else {
        cell.health = Health::Warning;
        if (one.crossed && good.isEmpty()) {
            cell.evidence += QStringLiteral("; ")
                + (newestBad.isValid() ? Say::tr("since then a request was answered from there")
                                       : Say::tr("requests are answered from there all the same"));
            cell.latent = Say::tr("may hold only until the connections that are open end");
        }
    }
    return true;
}

Cell judgeGateway(const Case &one, const Network &network)
{
    Cell cell { Layer::Gateway };
    const ObservedCluster &to = *one.to.cluster;
    const Condition *seen = to.condition(QStringLiteral("Gateway"));
    cell.source = Say::tr("networks of the managing mesh, services of %1").arg(to.name);
    cell.at = seen ? seen->at : one.fleet.at;
    const auto byAnswer = [&] {
        cell.source = one.request->source;
        cell.at = one.request->at;
    };
    if (network.are == Networks::Unknown) {
        unknown(cell, network.why, network.needs);
    } else if (network.are == Networks::One) {
        settle(cell, one.crossed, Say::tr("one network: none is needed"));
        if (one.crossed)
            byAnswer();
    } else if (judgeConnections(cell, one)) {
        return cell;
    } else if (to.gatewayAddresses.isEmpty() && to.gatewayAddress.isEmpty()) {
        const auto unread = to.whyUnread(observe::resources::services, observe::systemNamespace);
        const QString why = seen ? seen->reason
            : !to.reachable      ? Say::tr("the services of %1 could not be read").arg(to.name)
            : unread             ? unread->text()
                                 : Say::tr("%1 is on another network and has no gateway").arg(to.name);
        if (one.crossed && to.reachable && !unread)
            livesOn(cell, why, untilRestart(one));
        else if (one.crossed) {
            settle(cell, true, Say::tr("what was answered from %1 came over its gateway").arg(to.name));
            byAnswer();
        } else if (!to.reachable || unread || (seen && seen->health == Health::Unknown))
            unknown(cell, why, {});
        else {
            cell.basis = Basis::Configured;
            contradict(cell, Health::Failed, why);
        }
    } else if (one.crossed) {
        settle(cell, true,
            to.gatewayAddresses.size() < 2
                ? Say::tr("what was answered from %1 came over its gateway at %2").arg(to.name, to.gatewayAddress)
                : Say::tr("what was answered from %1 came over one of its gateways at %2")
                      .arg(to.name, to.gatewayAddresses.join(QStringLiteral(", "))));
        byAnswer();
    } else {
        settle(cell, false,
            Say::tr("gateway at %1")
                .arg(to.gatewayAddresses.isEmpty() ? to.gatewayAddress : to.gatewayAddresses.join(QStringLiteral(", "))));
        cell.needs = Say::tr("a connection to it from a pod of %1, or a request that is answered from there").arg(one.here());
        if (!to.reachable)
            cell.health = Health::Stale;
    }
    return cell;
}

/// By the roots that the proxies of both sides take, where nobody else tells.
void judgeSerials(Cell &cell, const Case &one, bool shookHands, const QString &evidence, const QString &needs)
{
    if (shookHands) {
        settle(cell, true, evidence);
        return;
    }
    if (one.rootsHere.isEmpty() || one.rootsThere.isEmpty()) {
        unknown(cell, evidence, needs);
        return;
    }
    const bool share
        = std::any_of(one.rootsHere.begin(), one.rootsHere.end(), [&](const QString &serial) { return one.rootsThere.contains(serial); });
    cell.source = Say::tr("the proxies of %1 and %2").arg(one.here(), one.there());
    cell.at = one.proxy ? one.proxy->at : one.now;
    const QString words
        = Say::tr("the proxies of %1 take the root %2, those of %3 the root %4")
              .arg(one.here(), one.rootsHere.join(QStringLiteral(", ")), one.there(), one.rootsThere.join(QStringLiteral(", ")));
    if (share) {
        settle(cell, false, words);
        if (!needs.isEmpty())
            cell.needs = needs;
    } else {
        cell.basis = Basis::Proven;
        contradict(cell, Health::Failed, words);
    }
}

Cell judgeTrust(const Case &one, const Network &network)
{
    Cell cell { Layer::Trust };
    const Condition said = one.fleet.trust.isEmpty() ? Condition {} : one.fleet.trust.first();
    cell.source = said.source;
    cell.at = said.at;
    const bool shookHands = one.crossed && network.are == Networks::Two;
    const auto shown = [&] {
        cell.source = one.request->source;
        cell.at = one.request->at;
        return Say::tr("pods of %1 and %2 shook hands: the gateway passes TLS through").arg(one.here(), one.there());
    };
    const QString &unknownHere = one.from.meshUnknown.isEmpty() ? one.to.meshUnknown : one.from.meshUnknown;
    const QString needs = one.crossed && network.are == Networks::One
        ? Say::tr("the identity of who answered: in one network an answer does not show whether TLS was used")
        : QString();
    if (!unknownHere.isEmpty()) {
        judgeSerials(cell, one, shookHands, shookHands ? shown() : unknownHere, needs);
        return cell;
    }
    if (!one.from.manager || !one.to.manager) {
        const QString against = Say::tr("a cluster has no managing mesh");
        if (shookHands)
            livesOn(cell, against, Say::tr("holds only until certificates are made anew"));
        else {
            cell.basis = Basis::Configured;
            contradict(cell, Health::Failed, against);
        }
        return cell;
    }
    const mesh::MeshStatus &ours = one.from.manager->status, &theirs = one.to.manager->status;
    switch (observe::trustBetween(ours, theirs)) {
    case observe::Trust::Same:
        settle(cell, shookHands, shookHands ? Say::tr("the same root, and %1").arg(shown()) : Say::tr("the same root"));
        if (!needs.isEmpty())
            cell.needs = needs;
        if (!shookHands && said.health == Health::Stale)
            cell.health = Health::Stale;
        break;
    case observe::Trust::Rotating:
        cell.basis = shookHands ? Basis::Proven : Basis::Configured;
        contradict(cell, Health::Warning,
            Say::tr("%1 and %2 have a root in common and others besides: a rotation is under way").arg(ours.name, theirs.name));
        break;
    case observe::Trust::Different: {
        const QString against = Say::tr("the roots of %1 and %2 differ").arg(ours.name, theirs.name);
        if (shookHands)
            livesOn(cell, against, Say::tr("holds only until certificates are made anew, or pods restart"));
        else {
            cell.basis = Basis::Configured;
            contradict(cell, Health::Failed, against);
        }
        break;
    }
    case observe::Trust::Unknown:
        judgeSerials(cell, one, shookHands, shookHands ? shown() : Say::tr("not every root could be read"),
            needs.isEmpty() ? Say::tr("the roots of both meshes") : needs);
        break;
    }
    return cell;
}

/// What is known against an answer from there by looking at the workloads alone.
QString nobodyThere(const Case &one, const RequestProof &proof, bool &isEmpty)
{
    isEmpty = false;
    const ObservedCluster &to = *one.to.cluster;
    if (proof.service.isEmpty() || !to.reachable || to.whyUnread(observe::resources::deployments, proof.service.section(u'/', 0, 0))
        || to.whyUnread(observe::resources::services, proof.service.section(u'/', 0, 0)))
        return {};
    const auto behind = to.workloadsBehind(proof.service);
    if (behind.isEmpty()) {
        isEmpty = true;
        return Say::tr("%1 has no workload behind the Service %2: nothing there can answer").arg(to.name, proof.service);
    }
    QStringList names;
    for (const observe::ObservedWorkload *workload : behind) {
        if (workload->ready > 0)
            return {};
        names << (workload->desired == 0 ? Say::tr("%1 is scaled to 0").arg(workload->name)
                                         : Say::tr("%1: 0 of %2 ready").arg(workload->name).arg(workload->desired));
    }
    return Say::tr("nothing in %1 can answer: %2").arg(to.name, names.join(QStringLiteral(", ")));
}

/// Hints for a request that did not cross.
QString hints(const Case &one, const RequestProof &proof)
{
    QString text;
    for (const observe::ObservedWorkload &workload : one.from.cluster->workloads)
        if (workload.podsKnown && !workload.injected && workload.podNames.contains(proof.source.section(u'/', 2, 2).section(u' ', 0, 0)))
            text += QStringLiteral(". ") + Say::tr("The client has no sidecar: what it sends does not go through the mesh.");
    if (const QString host = one.from.cluster->externalServices.value(proof.service); !host.isEmpty())
        text += QStringLiteral(". ")
            + Say::tr("The Service %1 of %2 is of type ExternalName: requests go to %3.").arg(proof.service, one.here(), host);
    return text;
}

Cell judgeRequest(const Case &one)
{
    Cell cell { Layer::Request };
    if (!one.request) {
        unknown(cell, Say::tr("not asked"), {});
        return cell;
    }
    const RequestProof &proof = *one.request;
    cell.source = proof.source;
    cell.at = proof.at;
    if (proof.error) {
        unknown(cell, Say::tr("not asked: %1").arg(proof.error->answer.isEmpty() ? proof.error->text() : proof.error->answer),
            proof.error->remedy);
        return cell;
    }
    cell.basis = Basis::Proven;
    const Condition *reachable = one.to.cluster->condition(QStringLiteral("Reachable"));
    bool isEmpty = false;
    const QString nobody = nobodyThere(one, proof, isEmpty);
    const bool isNews = reachable && reachable->at > proof.at;
    const QString counted
        = Say::tr("%1 of %n request(s) were answered from %2", nullptr, proof.sent).arg(QString::number(proof.crossed), one.there());
    const QString failures = proof.words.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(proof.words);
    QStringList others;
    if (proof.failed + proof.failedElsewhere > 0)
        others << Say::tr("%n failed%1", nullptr, proof.failed + proof.failedElsewhere).arg(failures);
    if (proof.elsewhere > 0)
        others << Say::tr("%n answered by other clusters", nullptr, proof.elsewhere);
    if (proof.unattributed > 0)
        others << Say::tr("%n answered by nobody knows whom (%1)", nullptr, proof.unattributed)
                      .arg(proof.strangers.join(QStringLiteral(", ")));
    const QString tail = others.isEmpty() ? QString() : QStringLiteral("; ") + others.join(QStringLiteral(", "));
    const auto stale = [&] {
        if (!isFresh(proof.at, one.now, one.ages.proof) && cell.health != Health::Unknown) {
            cell.evidence = Say::tr("it is too long ago that %1").arg(cell.evidence);
            cell.health = Health::Stale;
            cell.needs = Say::tr("a new request");
        }
    };
    if (proof.crossed > 0 && !nobody.isEmpty() && isNews) {
        contradict(cell, Health::Failed, Say::tr("%1; before, %2").arg(nobody, counted + tail));
        cell.basis = Basis::Configured;
        cell.at = reachable->at;
        cell.source = Say::tr("deployments of %1").arg(one.there());
        return cell;
    }
    if (proof.crossed > 0) {
        QString who = proof.answeredBy.join(QStringLiteral(", "));
        if (!who.isEmpty())
            who = QStringLiteral(" (%1)").arg(who);
        cell.evidence = counted + who + tail;
        cell.health = proof.failed > 0 ? Health::Warning : Health::Ok;
        stale();
        return cell;
    }
    cell.evidence = counted + tail;
    if (isEmpty) {
        unknown(cell, nobody, Say::tr("a workload behind %1 in %2, or another service to ask (--url)").arg(proof.service, one.there()));
    } else if (proof.unattributed > 0) {
        unknown(cell, counted + tail, Say::tr("the pods of every cluster, and answers that name the pod"));
    } else if (!nobody.isEmpty()) {
        contradict(cell, Health::Failed, nobody + QStringLiteral("; ") + counted + tail);
        stale();
    } else if (proof.missChance > accident) {
        unknown(cell, counted + tail + QStringLiteral("; ") + Say::tr("so few do not tell that none can be"), Say::tr("more requests"));
        if (proof.failed > 0) {
            cell.health = Health::Warning;
            cell.evidence += hints(one, proof);
        }
        stale();
    } else if (!proof.keptHomeBy.isEmpty() && proof.failed == 0) {
        unknown(cell,
            counted + tail + QStringLiteral("; ") + Say::tr("%1 keeps them at home while there are ready pods").arg(proof.keptHomeBy),
            Say::tr("a drill that takes the pods at home away"));
    } else if (proof.failed == 0) {
        contradict(cell, Health::Failed,
            Say::tr("silent loss: all %n request(s) succeeded, and none was answered from %1", nullptr, proof.sent).arg(one.there()) + tail
                + hints(one, proof));
        stale();
    } else {
        contradict(cell, Health::Failed, counted + tail + hints(one, proof));
        stale();
    }
    return cell;
}

/// The four together.
void conclude(DirectionState &state, const Case &one)
{
    const auto any = [&](auto test) { return std::any_of(state.cells.begin(), state.cells.end(), test); };
    const bool fails = any([](const Cell &cell) { return cell.health == Health::Failed; });
    const bool warns = any([](const Cell &cell) { return cell.health == Health::Warning; });
    const bool isStale = any([](const Cell &cell) { return cell.health == Health::Stale; });
    const bool isBlind = any([](const Cell &cell) { return cell.health == Health::Unknown && cell.basis == Basis::Nothing; });
    const bool isSetUp = std::all_of(state.cells.begin(), state.cells.end(),
        [](const Cell &cell) { return cell.layer == Layer::Request || cell.basis != Basis::Nothing; });
    if (one.request && one.request->crossed > 0)
        state.provenAt = one.request->at;
    state.standing = fails                    ? Standing::Failed
        : one.crossed && !isBlind && !isStale ? Standing::Proven
        : isStale                             ? Standing::Stale
        : isSetUp                             ? Standing::Configured
                                              : Standing::Unknown;
    state.health = fails                     ? Health::Failed
        : warns                              ? Health::Warning
        : isStale                            ? Health::Stale
        : state.standing == Standing::Proven ? Health::Ok
                                             : Health::Unknown;
}

} // namespace

namespace {

/// Equal texts once: hundreds of clusters have tens of thousands of directions, of which most say the same.
class Texts {
public:
    void keep(DirectionState &state)
    {
        for (Cell &cell : state.cells)
            for (QString *text : { &cell.evidence, &cell.source, &cell.needs, &cell.latent })
                if (!text->isEmpty())
                    *text = *m_all.insert(*text);
    }

private:
    QSet<QString> m_all;
};

/// Judges one direction after the other.
class Judge {
public:
    Judge(const ObservedFleet &fleet, const Proofs &proofs, const Ages &ages, const QDateTime &now)
        : m_fleet(fleet)
        , m_proofs(proofs)
        , m_ages(ages)
        , m_now(now)
        , m_members(fleet)
    {
        for (const ObservedCluster &cluster : fleet.clusters)
            m_sides.append(sideOf(m_members, fleet, cluster));
        for (auto it = proofs.proxies.cbegin(); it != proofs.proxies.cend(); ++it)
            if (!it->error && isFresh(it->at, now, ages.proof))
                m_roots.insert(it.key().from, it->roots);
    }

    [[nodiscard]] const QList<Side> &sides() const { return m_sides; }

    [[nodiscard]] DirectionState operator()(const Side &from, const Side &to)
    {
        const Direction direction { from.cluster->name, to.cluster->name };
        const auto request = m_proofs.requests.constFind(direction);
        const auto proxy = m_proofs.proxies.constFind(direction);
        Case one { m_fleet, m_members, from, to, request == m_proofs.requests.cend() ? nullptr : &*request, {},
            proxy != m_proofs.proxies.cend() && !proxy->error && isFresh(proxy->at, m_now, m_ages.proof) ? &*proxy : nullptr, m_ages,
            m_now };
        if (const auto gateways = m_proofs.gateways.constFind(direction); gateways != m_proofs.gateways.cend())
            for (const GatewayProof &proof : *gateways)
                if (isFresh(proof.at, m_now, m_ages.proof))
                    one.gateways.append(proof);
        DirectionState state;
        state.direction = direction;
        bool isEmpty = false;
        one.isNobodyThere = one.request && !nobodyThere(one, *one.request, isEmpty).isEmpty();
        one.rootsHere = m_roots.value(direction.from);
        one.rootsThere = m_roots.value(direction.to);
        const Cell asked = judgeRequest(one);
        one.crossed = one.request && one.request->crossed > 0 && (asked.health == Health::Ok || asked.health == Health::Warning);
        const Network network = networksOf(one);
        state.cells = { judgeDiscovery(one, network), judgeTrust(one, network), judgeGateway(one, network), asked };
        if (network.are != Networks::Unknown)
            state.isOneNetwork = network.are == Networks::One;
        conclude(state, one);
        m_texts.keep(state);
        return state;
    }

private:
    const ObservedFleet &m_fleet;
    const Proofs &m_proofs;
    const Ages &m_ages;
    const QDateTime &m_now;
    Members m_members;
    QList<Side> m_sides;
    QHash<QString, QStringList> m_roots; ///< by cluster
    Texts m_texts;
};

} // namespace

Matrix judge(const ObservedFleet &fleet, const Proofs &proofs, const Ages &ages, const QDateTime &now)
{
    Matrix matrix;
    matrix.at = now;
    Judge judged(fleet, proofs, ages, now);
    for (const ObservedCluster &cluster : fleet.clusters)
        matrix.clusters << cluster.name;
    matrix.directions.reserve(std::max<qsizetype>(0, fleet.clusters.size() * (fleet.clusters.size() - 1)));
    for (const Side &from : judged.sides())
        for (const Side &to : judged.sides())
            if (from.cluster != to.cluster)
                matrix.directions.append(judged(from, to));
    return matrix;
}

Matrix judgeAgain(const Matrix &before, const QSet<QString> &clusters, const ObservedFleet &fleet, const Proofs &proofs, const Ages &ages,
    const QDateTime &now)
{
    Judge judged(fleet, proofs, ages, now);
    const auto &sides = judged.sides();
    const bool isSame = before.clusters.size() == sides.size() && before.directions.size() == sides.size() * (sides.size() - 1)
        && std::equal(sides.begin(), sides.end(), before.clusters.begin(),
            [](const Side &side, const QString &name) { return side.cluster->name == name; });
    if (!isSame)
        return judge(fleet, proofs, ages, now);
    Matrix matrix = before;
    matrix.at = now;
    qsizetype i = 0;
    for (const Side &from : sides) {
        const bool isMeant = clusters.contains(from.cluster->name);
        for (const Side &to : sides) {
            if (from.cluster == to.cluster)
                continue;
            if (isMeant || clusters.contains(to.cluster->name))
                matrix.directions[i] = judged(from, to);
            ++i;
        }
    }
    return matrix;
}

} // namespace catamaran::truth
