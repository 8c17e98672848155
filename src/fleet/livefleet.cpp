// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/observedfleet.h"

#include "fleet/cloudreader.h"
#include "fleet/readings.h"
#include "fleet/session.h"
#include "kube/informer.h"
#include "mesh/sequences.h"

#include <QElapsedTimer>
#include <QThreadPool>
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
constexpr int restBetween = 3; ///< times as long as the last assembly took: never more than a quarter of one core

using Snapshot = std::array<kube::CachedObjects, 4>; // namespaces, deployments, pods, services

/// Objects of the caches as QJsonObjects, kept while they do not change. Used by one assembly at a time, on pool threads.
class Converter {
public:
    [[nodiscard]] QList<QJsonObject> convert(const kube::CachedObjects &objects, bool arePods)
    {
        QHash<QString, Kept> now;
        now.reserve(objects.size());
        QList<QJsonObject> result;
        result.reserve(objects.size());
        for (auto it = objects.cbegin(); it != objects.cend(); ++it) {
            const auto kept = m_kept.constFind(it.key());
            const bool isSame = kept != m_kept.cend() && kept->text.constData() == it->json.constData();
            const Kept one { it->json, isSame ? kept->object : arePods ? readPart(it->object()) : it->object() };
            result.append(one.object);
            now.insert(it.key(), one);
        }
        m_kept = std::move(now);
        return result;
    }

private:
    struct Kept {
        QByteArray text; ///< holds the text, so that another never stands at its address
        QJsonObject object;
    };
    QHash<QString, Kept> m_kept;
};

/// Everything one assembly needs, as values: it runs on a pool thread.
struct Assembly {
    QString environment;
    QDateTime now;
    struct Cluster {
        ClusterReadings readings; ///< all but the objects
        Snapshot objects;
        std::shared_ptr<std::array<Converter, 4>> converters;
    };
    std::vector<Cluster> clusters;
    CloudReadings cloud;

    [[nodiscard]] ObservedFleet run()
    {
        QList<ClusterReadings> readings;
        for (Cluster &cluster : clusters) {
            std::array<QList<QJsonObject> *, 4> lists { &cluster.readings.namespaces, &cluster.readings.deployments, &cluster.readings.pods,
                &cluster.readings.services };
            for (size_t i = 0; i < lists.size(); ++i)
                *lists[i] = (*cluster.converters)[i].convert(cluster.objects[i], lists[i] == &cluster.readings.pods);
            readings.append(cluster.readings);
        }
        return assembleFleet(environment, now, readings, cloud);
    }
};

} // namespace

struct LiveFleet::Private {
    struct Cluster {
        EnvironmentCluster environment;
        kube::KubeClient *client = nullptr;
        std::array<std::shared_ptr<kube::Informer>, 4> informers; // namespaces, deployments, pods, services
        std::shared_ptr<std::array<Converter, 4>> converters = std::make_shared<std::array<Converter, 4>>();
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
    bool assembling = false, assembleAgain = false;
    QElapsedTimer assembled;
    mesh::Sequences sequences; // last: ends first

    void soon()
    {
        if (!publish.isActive())
            publish.start();
    }

    [[nodiscard]] Assembly::Cluster readingsOf(const Cluster &cluster) const
    {
        Assembly::Cluster result;
        result.converters = cluster.converters;
        ClusterReadings &readings = result.readings;
        readings.environment = cluster.environment;
        readings.byHand = session.byHand(cluster.environment.name);
        readings.ack = account.find(cluster.environment);
        readings.error = cluster.error;
        if (!cluster.client)
            return result;
        readings.server = cluster.client->access().server.toString();
        readings.unverified = isUnverified(cluster.client->access());
        readings.kubeVersion = cluster.kubeVersion;
        for (size_t i = 0; i < cluster.informers.size(); ++i) {
            const kube::Informer &informer = *cluster.informers[i];
            const kube::InformerHealth health = informer.health();
            result.objects[i] = informer.objects();
            readings.heard = std::max(readings.heard, health.heard);
            readings.waiting = readings.waiting || health.state == kube::InformerHealth::State::Starting;
            if (health.state == kube::InformerHealth::State::Stale && !readings.error) {
                readings.error = health.error;
                readings.stale = health.heard.isValid();
            }
        }
        return result;
    }

    /// On a pool thread: thousands of pods are too much between two frames. One at a time; what changes meanwhile is in
    /// the next.
    void assemble()
    {
        if (assembling) {
            assembleAgain = true;
            return;
        }
        assembling = true;
        assembled.start();
        Assembly work { session.environment().name, QDateTime::currentDateTimeUtc(), {}, account.cloud };
        for (const Cluster &cluster : clusters)
            work.clusters.push_back(readingsOf(cluster));
        auto promise = std::make_shared<QPromise<ObservedFleet>>();
        promise->start();
        core::whenReady(promise->future(), q, [this](const ObservedFleet &result) { takeAssembled(result); });
        QThreadPool::globalInstance()->start([promise, work = std::move(work)]() mutable {
            promise->addResult(work.run());
            promise->finish();
        });
    }

    void takeAssembled(const ObservedFleet &result)
    {
        assembling = false;
        publish.setInterval(std::max<std::chrono::milliseconds>(gather, std::chrono::milliseconds(assembled.elapsed() * restBetween)));
        if (std::exchange(assembleAgain, false))
            soon();
        fleet = result;
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
                cluster.informers[i] = cluster.client->informer(kinds[i], {});
                connect(cluster.informers[i].get(), &kube::Informer::changed, this, [this] { d->soon(); });
                connect(cluster.informers[i].get(), &kube::Informer::healthChanged, this, [this] { d->soon(); });
            }
        }
        d->clusters.push_back(std::move(cluster));
    }
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
