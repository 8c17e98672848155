// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "observe/observedfleet.h"

#include "kube/informer.h"
#include "mesh/providers.h"
#include "mesh/sequences.h"
#include "observe/cloudreader.h"
#include "observe/fleetview.h"
#include "observe/gateways.h"
#include "observe/readings.h"
#include "session/session.h"

#include <QElapsedTimer>
#include <QThreadPool>
#include <QTimer>

#include <algorithm>
#include <array>

namespace catamaran::observe {

namespace {

using namespace std::chrono_literals;

constexpr auto gather = 100ms;
constexpr auto fastPoll = 1000ms; // while the cloud is at work
constexpr auto slowPoll = 10000ms;
constexpr auto everythingEvery = 120s; // clusters and versions of the account
constexpr size_t largeFleet = 20; ///< clusters
constexpr auto mostPatience = 20s; ///< with clusters that do not answer
constexpr auto timesEvery = 5s; // those of clusters in which nothing changes
constexpr int restBetween = 3; ///< times as long as the last assembly took: never more than a quarter of one core

using Informers = std::array<std::shared_ptr<kube::Informer>, 4>; // namespaces, deployments, pods, services
using Snapshot = std::array<kube::CachedObjects, 4>; // the same order
const std::array<QString, 4> &resourceNames()
{
    static const std::array<QString, 4> names { resources::namespaces, resources::deployments, resources::pods, resources::services };
    return names;
}

const std::array<kube::ResourceKind, 4> &resourceKinds()
{
    static const std::array<kube::ResourceKind, 4> kinds { kube::kinds::namespaces, kube::kinds::deployments, kube::kinds::pods,
        kube::kinds::services };
    return kinds;
}

/// The server answers, and may not tell this from the beginning: another question has to be asked.
bool isRefused(const kube::Informer &informer)
{
    const kube::InformerHealth health = informer.health();
    return health.state == kube::InformerHealth::State::Stale && health.error.kind == core::ErrorKind::Forbidden && !informer.isSynced();
}

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
    std::vector<std::pair<size_t, Cluster>> changed; ///< by their places in @c read
    QList<QDateTime> heard; ///< of all, where it is time to say; else empty
    QList<ReadCluster> read; ///< as they were
    QList<CloudReadings> clouds;
    FleetView before;

    struct Result {
        QList<ReadCluster> read;
        FleetView view;
        FleetDelta delta;
    };

    [[nodiscard]] Result run()
    {
        for (auto &[place, cluster] : changed) {
            std::array<QList<QJsonObject> *, 4> lists { &cluster.readings.namespaces, &cluster.readings.deployments, &cluster.readings.pods,
                &cluster.readings.services };
            for (size_t i = 0; i < lists.size(); ++i)
                *lists[i] += (*cluster.converters)[i].convert(cluster.objects[i], lists[i] == &cluster.readings.pods);
            read[qsizetype(place)] = readWhole(cluster.readings);
        }
        for (qsizetype i = 0; i < heard.size(); ++i) // what did not change was heard to be so
            for (Condition &condition : read[i].cluster.conditions)
                condition.at = heard.at(i);
        const FleetView view(assembleFleet(environment, now, read, clouds));
        return { read, view, deltaOf(before, view) };
    }
};

} // namespace

struct LiveFleet::Private {
    struct Cluster {
        documents::EnvironmentCluster environment;
        kube::KubeClient *client = nullptr;
        Informers informers;
        QMap<QString, Informers> single; ///< by namespace, where the whole cluster's list is refused; [0] stays empty
        QMap<QString, core::Result<QJsonObject>> spaces; ///< the namespaces themselves, where their list is refused
        std::shared_ptr<std::array<Converter, 4>> converters = std::make_shared<std::array<Converter, 4>>();
        QString kubeVersion;
        std::optional<core::Error> error; // no connection at all
        bool isChanged = true; ///< since it was read
    };

    Private(LiveFleet *owner, session::Session &of)
        : q(owner)
        , session(of)
    {
    }

    LiveFleet *q;
    session::Session &session;
    std::vector<Cluster> clusters;
    AccountReadings account;
    QStringList wanted; ///< namespaces
    QDateTime readEverything;
    QList<ReadCluster> known; ///< of each cluster, as last read
    FleetView view;
    QElapsedTimer opened;
    QElapsedTimer timesRead; ///< since the times of all clusters were
    QTimer publish, poll, spacesPoll;
    bool polling = false, again = false, started = false;
    bool assembling = false, assembleAgain = false;
    QElapsedTimer assembled;
    mesh::Sequences sequences; // last: ends first

    void soon(size_t cluster)
    {
        clusters[cluster].isChanged = true;
        soon();
    }

    [[nodiscard]] static QDateTime heardOf(const Cluster &cluster)
    {
        QDateTime heard;
        const auto consider = [&](const Informers &informers) {
            for (const auto &informer : informers)
                if (informer)
                    heard = std::max(heard, informer->health().heard);
        };
        consider(cluster.informers);
        for (const Informers &single : cluster.single)
            consider(single);
        return heard;
    }

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
        readings.known = account.find(cluster.environment);
        readings.error = cluster.error;
        if (!cluster.client)
            return result;
        readings.server = cluster.client->access().server.toString();
        readings.unverified = isUnverified(cluster.client->access());
        readings.kubeVersion = cluster.kubeVersion;
        readings.wanted = wanted;
        readings.ownNamespace = cluster.client->access().defaultNamespace;
        for (size_t i = 0; i < cluster.informers.size(); ++i) {
            const kube::Informer &informer = *cluster.informers[i];
            if (isRefused(informer)) {
                readings.heard = std::max(readings.heard, informer.health().heard);
                readings.unread.append({ resourceNames()[i], {}, informer.health().error });
                readSingle(cluster, i, result);
            } else {
                readInformer(informer, readings);
                result.objects[i] = informer.objects();
            }
        }
        return result;
    }

    static void readInformer(const kube::Informer &informer, ClusterReadings &readings)
    {
        const kube::InformerHealth health = informer.health();
        readings.heard = std::max(readings.heard, health.heard);
        readings.waiting = readings.waiting || health.state == kube::InformerHealth::State::Starting;
        if (health.state == kube::InformerHealth::State::Stale && !readings.error) {
            readings.error = health.error;
            readings.stale = health.heard.isValid();
        }
    }

    /// List @p i of @p cluster, namespace by namespace.
    static void readSingle(const Cluster &cluster, size_t i, Assembly::Cluster &result)
    {
        ClusterReadings &readings = result.readings;
        const QString &resource = resourceNames()[i];
        if (i == 0) {
            for (auto it = cluster.spaces.cbegin(); it != cluster.spaces.cend(); ++it) {
                const core::Result<QJsonObject> &space = it.value();
                if (space)
                    readings.namespaces.append(*space);
                if (space || space.error().kind == core::ErrorKind::NotFound)
                    readings.readOneByOne[resource] << it.key();
                else
                    readings.unread.append({ resource, it.key(), space.error() });
            }
            return;
        }
        for (auto it = cluster.single.cbegin(); it != cluster.single.cend(); ++it) {
            const std::shared_ptr<kube::Informer> &informer = it.value()[i];
            if (!informer)
                continue;
            if (isRefused(*informer)) {
                readings.unread.append({ resource, it.key(), informer->health().error });
                continue;
            }
            readInformer(*informer, readings);
            readings.readOneByOne[resource] << it.key();
            result.objects[i].insert(informer->objects());
        }
    }

    [[nodiscard]] QStringList spacesOf(const Cluster &cluster) const
    {
        QStringList spaces = wanted;
        spaces << QStringLiteral("default") << cluster.client->access().defaultNamespace << systemNamespace;
        spaces.removeAll(QString());
        spaces.removeDuplicates();
        return spaces;
    }

    void follow(const std::shared_ptr<kube::Informer> &informer, size_t cluster)
    {
        connect(informer.get(), &kube::Informer::changed, q, [this, cluster] { soon(cluster); });
        connect(informer.get(), &kube::Informer::healthChanged, q, [this, cluster] { lookCloser(cluster); });
    }

    /// Asks namespace by namespace where the whole is refused.
    void lookCloser(size_t c)
    {
        bool asksSpaces = false;
        Cluster &cluster = clusters[c];
        if (cluster.client) {
            asksSpaces = isRefused(*cluster.informers[0]);
            for (size_t i = 1; i < cluster.informers.size(); ++i) {
                if (!isRefused(*cluster.informers[i]))
                    continue;
                for (const QString &ns : spacesOf(cluster)) {
                    std::shared_ptr<kube::Informer> &single = cluster.single[ns][i];
                    if (single)
                        continue;
                    single = cluster.client->informer(resourceKinds()[i], ns);
                    follow(single, c);
                }
            }
        }
        if (asksSpaces && !spacesPoll.isActive())
            spacesPoll.start(0);
        soon(c);
    }

    void askSpaces()
    {
        for (size_t c = 0; c < clusters.size(); ++c) {
            if (!clusters[c].client || !isRefused(*clusters[c].informers[0]))
                continue;
            for (const QString &ns : spacesOf(clusters[c]))
                core::whenReady(
                    clusters[c].client->get(kube::kinds::namespaces, {}, ns, {}), q, [this, c, ns](const core::Result<QJsonObject> &space) {
                        clusters[c].spaces.insert(ns, space);
                        soon(c);
                    });
            spacesPoll.start(slowPoll);
        }
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
        Assembly work { session.environment().name, QDateTime::currentDateTimeUtc(), {}, {}, known, account.clouds, view };
        work.read.resize(qsizetype(clusters.size()));
        for (size_t i = 0; i < clusters.size(); ++i)
            if (std::exchange(clusters[i].isChanged, false))
                work.changed.emplace_back(i, readingsOf(clusters[i]));
        if (!timesRead.isValid() || timesRead.elapsed() >= std::chrono::milliseconds(timesEvery).count()) {
            timesRead.start();
            for (const Cluster &cluster : clusters)
                work.heard.append(heardOf(cluster));
            for (const auto &[i, cluster] : work.changed)
                work.heard[qsizetype(i)] = cluster.readings.heard;
        }
        auto promise = std::make_shared<QPromise<Assembly::Result>>();
        promise->start();
        core::whenReady(promise->future(), q, [this](const Assembly::Result &result) { takeAssembled(result); });
        QThreadPool::globalInstance()->start([promise, work = std::move(work)]() mutable {
            promise->addResult(work.run());
            promise->finish();
        });
    }

    void takeAssembled(const Assembly::Result &result)
    {
        assembling = false;
        publish.setInterval(std::max<std::chrono::milliseconds>(gather, std::chrono::milliseconds(assembled.elapsed() * restBetween)));
        if (std::exchange(assembleAgain, false))
            soon();
        known = result.read;
        view = result.view;
        emit q->published(view, result.delta);
        emit q->changed(view.fleet());
    }

    [[nodiscard]] bool isBusy() const
    {
        const auto isAtWork = [](const mesh::MeshStatus &status) {
            return status.state == mesh::MeshState::Creating || status.state == mesh::MeshState::Updating
                || status.state == mesh::MeshState::Deleting;
        };
        return std::any_of(account.clouds.begin(), account.clouds.end(),
            [&](const CloudReadings &cloud) { return std::any_of(cloud.meshes.begin(), cloud.meshes.end(), isAtWork); });
    }

    void askVersions()
    {
        for (size_t i = 0; i < clusters.size(); ++i)
            if (clusters[i].client && clusters[i].kubeVersion.isEmpty())
                core::whenReady(clusters[i].client->version({}), q, [this, i](const core::Result<kube::ServerVersion> &version) {
                    if (version)
                        clusters[i].kubeVersion = version->gitVersion;
                    soon(i);
                });
    }

    /// A large fleet is first seen, then asked for more: what every cluster is asked besides would keep the picture from whoever
    /// waits for it.
    [[nodiscard]] bool isStillOpening() const
    {
        return clusters.size() >= largeFleet && opened.elapsed() < std::chrono::milliseconds(mostPatience).count()
            && std::any_of(clusters.begin(), clusters.end(), [](const Cluster &cluster) {
                   return cluster.client && std::any_of(cluster.informers.begin(), cluster.informers.end(), [](const auto &informer) {
                       return informer->health().state == kube::InformerHealth::State::Starting;
                   });
               });
    }

    void ask()
    {
        const bool isOpening = isStillOpening();
        if (!isOpening)
            askVersions();
        if (session.providers().all.empty()) {
            if (isOpening)
                poll.start(fastPoll);
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
        core::whenReady(sequences.run({},
                            [this, everything, who = isOpening ? Asked::Accounts : Asked::Everybody](
                                std::stop_token stop) { return readAccounts(session, everything, stop, who); }),
            q, [this, everything, isOpening](const AccountReadings &read) {
                take(read, everything);
                if (isOpening)
                    poll.start(fastPoll);
            });
    }

    [[nodiscard]] CloudReadings &of(const QString &provider)
    {
        for (CloudReadings &cloud : account.clouds)
            if (cloud.provider == provider)
                return cloud;
        CloudReadings cloud;
        cloud.provider = provider;
        cloud.hasAccount = mesh::providerKind(provider)->needsAccount();
        cloud.waiting = true;
        account.clouds.append(cloud);
        return account.clouds.last();
    }

    void take(const AccountReadings &answer, bool everything)
    {
        polling = false;
        // What is refused now stays as it was last seen, and says so; each list for itself.
        bool isComplete = true, hasAllClusters = true;
        for (const CloudReadings &now : answer.clouds) {
            CloudReadings &cloud = of(now.provider);
            cloud.waiting = false;
            cloud.credentialsEnd = now.credentialsEnd;
            cloud.error = now.error;
            if (!cloud.error) {
                cloud.meshes = now.meshes;
                cloud.meshesUnread = now.meshesUnread;
                cloud.heard = now.heard;
            }
            if (!everything)
                continue;
            cloud.clustersError = now.clustersError;
            cloud.versionsError = now.versionsError;
            if (!cloud.versionsError)
                cloud.versions = now.versions;
            hasAllClusters = hasAllClusters && !cloud.clustersError;
            isComplete = isComplete && !cloud.clustersError && !cloud.versionsError;
        }
        if (everything) {
            for (Cluster &cluster : clusters)
                cluster.isChanged = true;
            if (hasAllClusters || account.clusters.isEmpty()) // some are better than none
                account.clusters = answer.clusters;
            if (isComplete)
                readEverything = QDateTime::currentDateTimeUtc();
        }
        soon();
        poll.start(std::exchange(again, false) ? 0ms : isBusy() ? fastPoll : slowPoll);
    }
};

LiveFleet::LiveFleet(session::Session &session, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, session))
{
    ObservedFleet none;
    none.environment = session.environment().name;
    d->view = FleetView(std::move(none));
    d->publish.setSingleShot(true);
    d->publish.setInterval(gather);
    d->poll.setSingleShot(true);
    connect(&d->publish, &QTimer::timeout, this, [this] { d->assemble(); });
    connect(&d->poll, &QTimer::timeout, this, [this] { d->ask(); });
    d->spacesPoll.setSingleShot(true);
    connect(&d->spacesPoll, &QTimer::timeout, this, [this] { d->askSpaces(); });
    for (const mesh::Provider *provider : session.providers().all)
        (void)d->of(provider->kind().name());
}

LiveFleet::~LiveFleet() = default;

void LiveFleet::start()
{
    if (std::exchange(d->started, true))
        return;
    d->opened.start();
    for (const documents::EnvironmentCluster &environment : d->session.environment().clusters) {
        Private::Cluster cluster;
        cluster.environment = environment;
        cluster.client = d->session.cluster(environment.name);
        cluster.error = d->session.clusterError(environment.name);
        if (cluster.client) {
            for (size_t i = 0; i < cluster.informers.size(); ++i) {
                cluster.informers[i] = cluster.client->informer(resourceKinds()[i], {});
                d->follow(cluster.informers[i], d->clusters.size());
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

void LiveFleet::want(const QStringList &namespaces)
{
    const qsizetype before = d->wanted.size();
    for (const QString &ns : namespaces)
        if (!ns.isEmpty() && !d->wanted.contains(ns))
            d->wanted << ns;
    if (d->started && d->wanted.size() != before) {
        for (size_t i = 0; i < d->clusters.size(); ++i)
            d->lookCloser(i);
        if (d->spacesPoll.isActive()) // the new ones at once
            d->spacesPoll.start(0);
    }
}

const ObservedFleet &LiveFleet::fleet() const
{
    return d->view.fleet();
}

const FleetView &LiveFleet::view() const
{
    return d->view;
}

} // namespace catamaran::observe
