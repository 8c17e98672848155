// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "observe/cloudreader.h"

#include "session/session.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

namespace catamaran::observe {

using core::ErrorKind;
using core::Result;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(CloudReader)
};

/// The regions to ask: the account's, and those of the clusters.
QStringList regionsOf(const documents::Environment &environment)
{
    QStringList regions = environment.cloud ? environment.cloud->regions : QStringList();
    for (const documents::EnvironmentCluster &cluster : environment.clusters)
        if (!cluster.region.isEmpty() && !regions.contains(cluster.region))
            regions << cluster.region;
    return regions;
}

} // namespace

std::optional<alicloud::AckCluster> AccountReadings::find(const documents::EnvironmentCluster &cluster) const
{
    const auto found = std::find_if(clusters.begin(), clusters.end(), [&](const alicloud::AckCluster &one) {
        return cluster.cloudId.isEmpty() ? one.name == cluster.name && (cluster.region.isEmpty() || cluster.region == one.regionId)
                                         : one.id == cluster.cloudId;
    });
    return found == clusters.end() ? std::nullopt : std::optional(*found);
}

AccountReadings readAccount(session::Session &session, bool everything, std::stop_token stop)
{
    AccountReadings account;
    mesh::ControlPlane *plane = session.controlPlane();
    alicloud::AckClient *ack = session.ack();
    if (!plane || !ack)
        return account;
    account.cloud.hasAccount = true;
    // All at once; a wrong key shows itself in each of them.
    auto status = plane->status(stop);
    std::vector<QFuture<Result<QList<alicloud::AckCluster>>>> lists;
    std::optional<QFuture<Result<QStringList>>> versions;
    if (everything) {
        for (const QString &region : regionsOf(session.environment()))
            lists.push_back(ack->clusters(region, stop));
        versions = plane->versions(stop);
    }
    if (auto meshes = core::await(status, stop)) {
        account.cloud.meshes = std::move(*meshes);
        account.cloud.heard = QDateTime::currentDateTimeUtc();
    } else {
        account.cloud.error = meshes.error();
    }
    QSet<QString> seen; // whether a regional host also lists other regions is not documented
    for (const auto &list : lists) {
        const auto clusters = core::await(list, stop);
        if (!clusters) {
            if (!account.cloud.clustersError) // one region's is enough to know that the list has a hole
                account.cloud.clustersError = clusters.error();
            continue;
        }
        for (const alicloud::AckCluster &cluster : *clusters) {
            if (!seen.contains(cluster.id))
                account.clusters.append(cluster);
            seen.insert(cluster.id);
        }
    }
    if (versions) {
        if (auto offered = core::await(*versions, stop))
            account.cloud.versions = std::move(*offered);
        else
            account.cloud.versionsError = offered.error();
    }
    return account;
}

Result<alicloud::AckCluster> readAckCluster(session::Session &session, const documents::EnvironmentCluster &cluster, std::stop_token stop)
{
    const QString tried = Say::tr("find a cluster in the cloud account");
    if (!session.ack())
        return core::fail(ErrorKind::Precondition, tried, cluster.name, Say::tr("the environment has no cloud account"),
            Say::tr("Add alibabaCloud to the environment file."));
    AccountReadings account;
    for (const QString &region : cluster.region.isEmpty() ? regionsOf(session.environment()) : QStringList { cluster.region }) {
        auto list = core::await(session.ack()->clusters(region, stop), stop);
        if (!list)
            return core::fail(list.error());
        account.clusters += *list;
        if (const auto found = account.find(cluster))
            return *found;
    }
    return core::fail(ErrorKind::NotFound, tried, cluster.name, Say::tr("the account has no such cluster"),
        Say::tr("Check cloudId and region in the environment file."));
}

} // namespace catamaran::observe
