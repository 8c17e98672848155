// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/observedfleet.h"

#include "fleet/cloudreader.h"
#include "fleet/readings.h"
#include "fleet/session.h"
#include "kube/watch.h"
#include "mesh/sequences.h"

#include <QTimer>

#include <algorithm>
#include <array>

namespace catamaran::fleet {

namespace {

using namespace std::chrono_literals;

constexpr auto gather = 100ms;
constexpr auto fastPoll = 1000ms; // while the cloud is at work
constexpr auto slowPoll = 10000ms;
constexpr auto everythingEvery = 120s; // clusters and versions of the account

} // namespace

struct LiveFleet::Private {
    struct Cluster {
        EnvironmentCluster environment;
        kube::KubeClient *client = nullptr;
        std::array<std::unique_ptr<kube::Watch>, 4> watches; // namespaces, deployments, pods, services
        QString kubeVersion;
        std::optional<core::Error> error; // no connection at all
    };

    Private(LiveFleet *owner, Session &of)
        : q(owner)
        , session(of)
    {
    }

    LiveFleet *q;
    Session &session;
    std::vector<Cluster> clusters;
    AccountReadings account;
    QDateTime readEverything;
    ObservedFleet fleet;
    QTimer publish, poll;
    bool polling = false, again = false, started = false;
    mesh::Sequences sequences; // last: ends first

    void soon()
    {
        if (!publish.isActive())
            publish.start();
    }

    [[nodiscard]] ClusterReadings readingsOf(const Cluster &cluster) const
    {
        ClusterReadings readings;
        readings.environment = cluster.environment;
        readings.ack = account.find(cluster.environment);
        readings.error = cluster.error;
        if (!cluster.client)
            return readings;
        readings.server = cluster.client->access().server.toString();
        readings.kubeVersion = cluster.kubeVersion;
        std::array<QList<QJsonObject> *, 4> lists { &readings.namespaces, &readings.deployments, &readings.pods, &readings.services };
        for (size_t i = 0; i < cluster.watches.size(); ++i) {
            const kube::Watch &watch = *cluster.watches[i];
            *lists[i] = watch.objects().values();
            readings.heard = std::max(readings.heard, watch.lastHeard());
            readings.waiting = readings.waiting || watch.state() == kube::Watch::State::Starting;
            if (watch.state() == kube::Watch::State::Stale && !readings.error) {
                readings.error = watch.lastError();
                readings.stale = watch.lastHeard().isValid();
            }
        }
        return readings;
    }

    void assemble()
    {
        QList<ClusterReadings> readings;
        for (const Cluster &cluster : clusters)
            readings.append(readingsOf(cluster));
        fleet = assembleFleet(session.environment().name, QDateTime::currentDateTimeUtc(), readings, account.cloud);
        if (account.clustersError)
            fleet.errors.append(*account.clustersError);
        emit q->changed(fleet);
    }

    [[nodiscard]] bool isBusy() const
    {
        return std::any_of(account.cloud.meshes.begin(), account.cloud.meshes.end(), [](const mesh::MeshStatus &status) {
            return status.state == mesh::MeshState::Creating || status.state == mesh::MeshState::Updating
                || status.state == mesh::MeshState::Deleting;
        });
    }

    void askVersions()
    {
        for (size_t i = 0; i < clusters.size(); ++i)
            if (clusters[i].client && clusters[i].kubeVersion.isEmpty())
                core::whenReady(clusters[i].client->version({}), q, [this, i](const core::Result<kube::ServerVersion> &version) {
                    if (version)
                        clusters[i].kubeVersion = version->gitVersion;
                    soon();
                });
    }

    void ask()
    {
        askVersions();
        if (!session.controlPlane()) {
            soon();
            return;
        }
        if (polling) {
            again = true;
            return;
        }
        polling = true;
        const bool everything = !readEverything.isValid()
            || readEverything.secsTo(QDateTime::currentDateTimeUtc()) >= std::chrono::seconds(everythingEvery).count();
        core::whenReady(sequences.run({}, [this, everything](std::stop_token stop) { return readAccount(session, everything, stop); }), q,
            [this, everything](const AccountReadings &read) { take(read, everything); });
    }

    void take(const AccountReadings &read, bool everything)
    {
        polling = false;
        if (read.cloud.error) { // keep what was last seen, and say so
            account.cloud.error = read.cloud.error;
            account.cloud.hasAccount = true;
        } else {
            const AccountReadings before = std::exchange(account, read);
            if (!everything || read.clustersError) {
                if (!everything || !before.clusters.isEmpty()) // some are better than none
                    account.clusters = before.clusters;
                account.clustersError = everything ? read.clustersError : before.clustersError;
            }
            if (!everything)
                account.cloud.versions = before.cloud.versions;
            else if (!read.clustersError)
                readEverything = QDateTime::currentDateTimeUtc();
        }
        soon();
        poll.start(std::exchange(again, false) ? 0ms : isBusy() ? fastPoll : slowPoll);
    }
};

LiveFleet::LiveFleet(Session &session, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, session))
{
    d->fleet.environment = session.environment().name;
    d->publish.setSingleShot(true);
    d->publish.setInterval(gather);
    d->poll.setSingleShot(true);
    connect(&d->publish, &QTimer::timeout, this, [this] { d->assemble(); });
    connect(&d->poll, &QTimer::timeout, this, [this] { d->ask(); });
}

LiveFleet::~LiveFleet() = default;

void LiveFleet::start()
{
    if (std::exchange(d->started, true))
        return;
    for (const EnvironmentCluster &environment : d->session.environment().clusters) {
        Private::Cluster cluster;
        cluster.environment = environment;
        cluster.client = d->session.cluster(environment.name);
        cluster.error = d->session.clusterError(environment.name);
        if (cluster.client) {
            const std::array kinds { kube::kinds::namespaces, kube::kinds::deployments, kube::kinds::pods, kube::kinds::services };
            for (size_t i = 0; i < kinds.size(); ++i) {
                cluster.watches[i] = cluster.client->watch(kinds[i], {});
                connect(cluster.watches[i].get(), &kube::Watch::received, this, [this] { d->soon(); });
                connect(cluster.watches[i].get(), &kube::Watch::stateChanged, this, [this] { d->soon(); });
            }
        }
        d->clusters.push_back(std::move(cluster));
    }
    for (const Private::Cluster &cluster : d->clusters)
        for (const auto &watch : cluster.watches)
            if (watch)
                watch->start();
    d->ask();
}

void LiveFleet::refresh()
{
    if (!d->started)
        return;
    d->readEverything = {};
    d->poll.stop();
    d->ask();
}

const ObservedFleet &LiveFleet::fleet() const
{
    return d->fleet;
}

} // namespace catamaran::fleet
