// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/facts.h"

#include "findings/needs.h"
#include "mesh/providers.h"
#include "observe/identity.h"
#include "session/session.h"

#include <algorithm>

namespace catamaran::findings {

namespace {

void readMeshes(observe::Fact<QList<mesh::MeshStatus>> &into, session::Session &session, const std::stop_token &stop)
{
    // Without an id in the environment the account's list of clusters tells whose member is which.
    const QList<documents::EnvironmentCluster> &clusters = session.environment().clusters;
    const bool hasIds
        = std::all_of(clusters.begin(), clusters.end(), [](const documents::EnvironmentCluster &one) { return !one.cloudId.isEmpty(); });
    const observe::AccountReadings account = observe::readAccounts(session, !hasIds, stop, observe::Asked::Accounts);
    const observe::NamesByAlias names = observe::namesByAlias(clusters, account);
    core::Result<QList<mesh::MeshStatus>> meshes;
    QStringList sources;
    for (const observe::CloudReadings &cloud : account.clouds) {
        sources << mesh::wordsOf(cloud.provider).meshesCall;
        if (cloud.error)
            meshes = core::fail(*cloud.error);
        else if (meshes)
            *meshes += cloud.meshes;
    }
    if (meshes)
        for (mesh::MeshStatus &mesh : *meshes)
            observe::nameMembers(mesh, names);
    into.take(meshes, sources.join(QStringLiteral(", ")), QDateTime::currentDateTimeUtc());
}

} // namespace

FleetFacts readFacts(session::Session &session, const std::optional<documents::FleetDocument> &wish, std::stop_token stop)
{
    FleetFacts facts;
    facts.wish = wish;
    facts.clusters = observe::readObjects(session, stop);
    if (wish)
        facts.clusters.removeIf([&](const observe::ClusterObjects &cluster) { return !wish->cluster(cluster.name); });
    readMeshes(facts.meshes, session, stop);
    facts.now = QDateTime::currentDateTimeUtc();
    return facts;
}

FleetFacts rereadFacts(
    session::Session &session, const FleetFacts &before, const QStringList &clusters, bool accounts, std::stop_token stop)
{
    FleetFacts facts = before;
    facts.clusters = observe::rereadObjects(session, clusters, before.clusters, stop);
    if (accounts)
        readMeshes(facts.meshes, session, stop);
    facts.now = QDateTime::currentDateTimeUtc();
    return withWhatWasKnown(std::move(facts), before);
}

namespace {

template <typename T> void keep(observe::Fact<T> &now, const observe::Fact<T> &before)
{
    if (now.value || !before.value)
        return;
    now.value = before.value;
    now.at = before.at;
}

} // namespace

FleetFacts withWhatWasKnown(FleetFacts now, const FleetFacts &before)
{
    keep(now.meshes, before.meshes);
    for (observe::ClusterObjects &cluster : now.clusters) {
        const auto old = std::find_if(
            before.clusters.begin(), before.clusters.end(), [&](const observe::ClusterObjects &one) { return one.name == cluster.name; });
        if (old == before.clusters.end())
            continue;
        forEachFact([&](auto member) { keep(cluster.*member, (*old).*member); });
        cluster.authorities |= old->authorities;
    }
    return now;
}

} // namespace catamaran::findings
