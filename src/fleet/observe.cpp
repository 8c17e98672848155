// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/observedfleet.h"

#include "fleet/cloudreader.h"
#include "fleet/readings.h"
#include "fleet/session.h"

#include <QCoreApplication>

namespace catamaran::fleet {

using core::ErrorKind;
using core::Result;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(ObservedFleet)
};

/// The questions to one cluster, asked at once and answered in any order.
struct Asked {
    ClusterReadings readings;
    std::optional<QFuture<Result<kube::ServerVersion>>> version;
    std::optional<QFuture<Result<kube::ListResult>>> namespaces, deployments, pods, services;
};

Asked ask(Session &session, const EnvironmentCluster &cluster, std::stop_token stop)
{
    Asked asked;
    asked.readings.environment = cluster;
    asked.readings.byHand = session.byHand(cluster.name);
    kube::KubeClient *client = session.cluster(cluster.name);
    if (!client) {
        asked.readings.error = session.clusterError(cluster.name)
                                   .value_or(core::Error::make(ErrorKind::InvalidInput, Say::tr("connect to a cluster"), cluster.name,
                                       Say::tr("it has no connection")));
        return asked;
    }
    asked.readings.server = client->access().server.toString();
    asked.readings.unverified = isUnverified(client->access());
    asked.version = client->version(stop);
    asked.namespaces = client->list(kube::kinds::namespaces, {}, {}, stop);
    asked.deployments = client->list(kube::kinds::deployments, {}, {}, stop);
    asked.pods = client->list(kube::kinds::pods, {}, {}, stop);
    asked.services = client->list(kube::kinds::services, {}, {}, stop);
    return asked;
}

void answer(Asked &asked, std::stop_token stop)
{
    if (!asked.version)
        return;
    ClusterReadings &readings = asked.readings;
    const auto note = [&](const core::Error &error) {
        if (!readings.error)
            readings.error = error;
    };
    if (const auto version = core::await(*asked.version, stop))
        readings.kubeVersion = version->gitVersion;
    else
        note(version.error());
    const auto take = [&](const std::optional<QFuture<Result<kube::ListResult>>> &future, QList<QJsonObject> &into) {
        if (auto list = core::await(*future, stop))
            into = std::move(list->items);
        else
            note(list.error());
    };
    take(asked.namespaces, readings.namespaces);
    take(asked.deployments, readings.deployments);
    take(asked.pods, readings.pods);
    take(asked.services, readings.services);
    readings.heard = QDateTime::currentDateTimeUtc();
}

} // namespace

Result<ObservedFleet> observe(Session &session, std::stop_token stop, const QStringList &namespaces)
{
    std::vector<Asked> asked;
    for (const EnvironmentCluster &cluster : session.environment().clusters)
        asked.push_back(ask(session, cluster, stop));
    AccountReadings account = readAccount(session, true, stop);
    QList<ClusterReadings> clusters;
    bool anything = account.cloud.hasAccount && !account.cloud.error;
    std::optional<core::Error> first = account.cloud.error;
    for (Asked &one : asked) {
        answer(one, stop);
        one.readings.ack = account.find(one.readings.environment);
        one.readings.wanted = namespaces;
        anything = anything || !one.readings.error;
        if (!first)
            first = one.readings.error;
        clusters.append(std::move(one.readings));
    }
    if (stop.stop_requested())
        return core::fail(ErrorKind::Cancelled, Say::tr("look at the fleet"), session.environment().name, Say::tr("cancelled"));
    // A refused access key is a mistake to be told, even while clusters answer.
    if (account.cloud.error && account.cloud.error->kind == ErrorKind::Unauthorized)
        return core::fail(*account.cloud.error);
    if (!anything && first)
        return core::fail(*first);
    ObservedFleet fleet = assembleFleet(session.environment().name, QDateTime::currentDateTimeUtc(), clusters, account.cloud);
    if (account.clustersError)
        fleet.errors.append(*account.clustersError);
    return fleet;
}

} // namespace catamaran::fleet
