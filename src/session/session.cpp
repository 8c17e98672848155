// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "session/session.h"

#include "kube/renewal.h"
#include "kube/requestsatonce.h"
#include "mesh/providers.h"
#include "session/say.h"

#include <QPointer>

#include <mutex>

namespace catamaran::session {

using core::ErrorKind;
using core::Result;

namespace {

Result<kube::ClusterAccess> accessFromFiles(const documents::EnvironmentCluster &cluster)
{
    const auto config = kube::loadKubeconfig(cluster.kubeconfigs);
    if (!config)
        return core::fail(config.error());
    return kube::resolveContext(*config, cluster.context);
}

kube::ByHand fetchedByHand(const mesh::Provider &provider, const documents::EnvironmentCluster &cluster, const QString &context)
{
    return kube::byHandFetched(provider.kubeconfigCommand(cluster.place()), cluster.name, context);
}

Result<kube::ClusterAccess> accessFromCloud(
    const mesh::Provider &provider, const documents::EnvironmentCluster &cluster, const mesh::IssuedKubeconfig &answer)
{
    const auto config = kube::parseKubeconfig(answer.yaml, Say::tr("kubeconfig of %1").arg(cluster.name), kube::Origin::Network);
    if (!config)
        return core::fail(config.error());
    auto access = kube::resolveContext(*config, cluster.context);
    if (access)
        access->byHand = fetchedByHand(provider, cluster, access->name);
    return access;
}

/// The same, and it is fetched anew before it ends.
Result<kube::ClusterAccess> renewed(
    mesh::Provider &provider, const documents::EnvironmentCluster &cluster, const mesh::IssuedKubeconfig &answer, const core::Clock &clock)
{
    auto access = accessFromCloud(provider, cluster, answer);
    if (!access)
        return access;
    const auto renew
        = [guard = QPointer<mesh::Provider>(&provider), cluster](std::function<void(const Result<kube::RenewedAccess> &)> handler) {
              if (!guard) // the session goes, and its clients with it
                  return;
              core::whenReady(guard->kubeconfig(cluster.place(), {}), guard,
                  [guard, cluster, handler = std::move(handler)](const Result<mesh::IssuedKubeconfig> &newer) {
                      handler(newer.and_then([&](const mesh::IssuedKubeconfig &got) {
                          return accessFromCloud(*guard, cluster, got).map([&](const kube::ClusterAccess &read) {
                              return kube::RenewedAccess { read, got.expires };
                          });
                      }));
                  });
          };
    kube::renewBeforeItEnds(*access, answer.expires, renew, clock);
    return access;
}

} // namespace

struct Session::Private {
    Private(const documents::Environment &opened, store::SecretStore &kept)
        : environment(opened)
        , secrets(&kept)
    {
    }

    const documents::Environment
        environment; ///< const, for threads read it: a loop over a list that is not copies it in place where it is shared
    store::SecretStore *const secrets;
    std::map<QString, std::unique_ptr<kube::KubeClient>> clusters;
    std::map<QString, core::Error> errors;
    std::vector<std::shared_ptr<mesh::Provider>> owned;
    mesh::Providers providers;
    std::mutex leasing;
    std::weak_ptr<ops::Lease> lease;

    /// Those who need no account, on the clusters that are open.
    void openPlain()
    {
        std::vector<mesh::OpenCluster> open;
        for (const documents::EnvironmentCluster &cluster : environment.clusters)
            if (const auto found = clusters.find(cluster.name); found != clusters.end())
                open.push_back({ cluster.place(), found->second.get() });
        if (open.empty())
            return;
        for (const mesh::ProviderKind *kind : mesh::providerKinds())
            if (auto provider = kind->openOn(open)) {
                providers.all.push_back(provider.get());
                owned.push_back(std::move(provider));
            }
    }

    void take(const documents::EnvironmentCluster &cluster, Result<kube::ClusterAccess> access)
    {
        if (!access) {
            errors.insert_or_assign(cluster.name, access.error());
            return;
        }
        access->name = cluster.name;
        clusters.insert_or_assign(cluster.name, std::make_unique<kube::KubeClient>(std::move(*access)));
    }
};

Session::Session(std::unique_ptr<Private> data)
    : d(std::move(data))
{
}

Session::~Session() = default;

namespace {

using Opened = Result<std::shared_ptr<Session>>;

/// A session while it is being opened: first the accounts, then what they are needed for.
struct Opening {
    QPromise<Opened> promise;
    std::shared_ptr<Session> session;
    qsizetype waiting = 0;
    std::optional<core::Error> error;
    void finish(Opened result)
    {
        promise.addResult(std::move(result));
        promise.finish();
    }
    /// One of those that were waited for is there; true: it was the last.
    bool isLast() { return --waiting == 0; }
};

} // namespace

QFuture<Opened> Session::open(
    const documents::Environment &environment, store::SecretStore &secrets, std::stop_token stop, core::Clock clock)
{
    auto opening = std::make_shared<Opening>();
    constexpr qsizetype manyClusters = 50;
    kube::setRequestsAtOnce(environment.clusters.size() < manyClusters ? 6 : 3);
    opening->promise.start();
    auto future = opening->promise.future();
    opening->session = std::shared_ptr<Session>(new Session(std::make_unique<Private>(environment, secrets)));
    Session *session = opening->session.get();

    const auto fetchKubeconfigs = [opening, session, stop, clock] {
        Private *d = session->d.get();
        QList<documents::EnvironmentCluster> fetched;
        for (const documents::EnvironmentCluster &cluster : d->environment.clusters) {
            if (!cluster.kubeconfigs.isEmpty())
                d->take(cluster, accessFromFiles(cluster));
            else if (session->provider())
                fetched.append(cluster);
            else
                d->errors.insert_or_assign(cluster.name,
                    core::Error::make(ErrorKind::InvalidInput, Say::tr("open the environment %1").arg(d->environment.name), cluster.name,
                        Say::tr("it has no kubeconfig")));
        }
        opening->waiting = fetched.size();
        if (fetched.isEmpty()) {
            d->openPlain();
            opening->finish(std::exchange(opening->session, {}));
            return;
        }
        for (const documents::EnvironmentCluster &cluster : fetched)
            core::whenReady(session->provider()->kubeconfig(cluster.place(), stop), session,
                [opening, session, cluster, clock](const Result<mesh::IssuedKubeconfig> &answer) {
                    if (answer)
                        session->d->take(cluster, renewed(*session->provider(), cluster, *answer, clock));
                    else
                        session->d->errors.insert_or_assign(cluster.name, answer.error());
                    if (opening->isLast()) {
                        session->d->openPlain();
                        opening->finish(std::exchange(opening->session, {}));
                    }
                });
    };

    opening->waiting = environment.accounts.size();
    if (environment.accounts.isEmpty()) {
        fetchKubeconfigs();
        return future;
    }
    mesh::OpenOptions options { secrets, {}, clock };
    for (const documents::EnvironmentCluster &cluster : environment.clusters)
        options.clusters << cluster.place();
    for (const auto &account : environment.accounts)
        core::whenReady(account->open(options, stop), session,
            [opening, session, fetchKubeconfigs](const Result<std::shared_ptr<mesh::Provider>> &provider) {
                if (provider) {
                    session->d->owned.push_back(*provider);
                    session->d->providers.all.push_back(provider->get());
                } else {
                    opening->error = provider.error();
                }
                if (!opening->isLast())
                    return;
                if (opening->error) {
                    opening->finish(core::fail(*opening->error));
                    // Not within a call that the session is the context of.
                    QMetaObject::invokeMethod(
                        &session->secrets(), [gone = std::exchange(opening->session, {})] {}, Qt::QueuedConnection);
                } else {
                    fetchKubeconfigs();
                }
            });
    return future;
}

const documents::Environment &Session::environment() const
{
    return d->environment;
}

kube::KubeClient *Session::cluster(const QString &name) const
{
    const auto found = d->clusters.find(name);
    return found == d->clusters.end() ? nullptr : found->second.get();
}

std::optional<core::Error> Session::clusterError(const QString &name) const
{
    const auto found = d->errors.find(name);
    return found == d->errors.end() ? std::nullopt : std::optional(found->second);
}

kube::ByHand Session::byHand(const QString &name) const
{
    if (const kube::KubeClient *client = cluster(name))
        return client->access().byHand;
    for (const documents::EnvironmentCluster &cluster : d->environment.clusters) { // it could not be opened: as the environment says
        if (cluster.name == name)
            return !cluster.kubeconfigs.isEmpty() ? kube::byHand(cluster.kubeconfigs, cluster.context, name)
                : provider()                      ? fetchedByHand(*provider(), cluster, cluster.context)
                                                  : kube::ByHand();
    }
    return {};
}

Result<std::shared_ptr<ops::Lease>> Session::lease(const QString &title, std::stop_token stop)
{
    const QString tried = Say::tr("see whether others are at work");
    if (!d->environment.lease)
        return core::fail(ErrorKind::Unsupported, tried, d->environment.name, Say::tr("the environment names no place for a Lease"),
            Say::tr("Add lease: { cluster: NAME, namespace: NAME } to it."));
    kube::KubeClient *client = cluster(d->environment.lease->cluster);
    if (!client)
        return core::fail(clusterError(d->environment.lease->cluster)
                              .value_or(core::Error::make(
                                  ErrorKind::InvalidInput, tried, d->environment.lease->cluster, Say::tr("there is no such cluster"))));
    const std::lock_guard lock(d->leasing);
    if (auto held = d->lease.lock())
        return held;
    auto taken = ops::Lease::take(*client, *d->environment.lease, title, std::move(stop));
    if (taken)
        d->lease = *taken;
    return taken;
}

QStringList Session::clusterNames() const
{
    QStringList names;
    for (const documents::EnvironmentCluster &cluster : d->environment.clusters)
        names << cluster.name;
    return names;
}

mesh::Provider *Session::provider(const QString &name) const
{
    for (mesh::Provider *provider : d->providers.all)
        if (name.isEmpty() ? provider->kind().needsAccount() : provider->kind().name() == name)
            return provider;
    return nullptr;
}

Result<mesh::Provider *> Session::providerOf(const documents::FleetMesh &mesh) const
{
    const QString tried = Say::tr("find who makes a mesh");
    if (const auto error = mesh::whyNoProvider(tried, mesh.name, mesh.provider))
        return core::fail(*error);
    if (mesh::Provider *found = provider(mesh.provider))
        return found;
    const mesh::ProviderKind *kind = mesh::providerKind(mesh.provider);
    if (kind && !kind->needsAccount())
        return core::fail(ErrorKind::Precondition, tried, mesh.name, Say::tr("no cluster of the environment can be opened"),
            Say::tr("Check the kubeconfigs that the environment file names."));
    return core::fail(
        ErrorKind::Precondition, tried, mesh.name, Say::tr("the environment has no account for it"), mesh::addAccountRemedy());
}

const mesh::Providers &Session::providers() const
{
    return d->providers;
}

store::SecretStore &Session::secrets() const
{
    return *d->secrets;
}

std::shared_ptr<Session> forWorker(std::shared_ptr<Session> session)
{
    Session *raw = session.get();
    return std::shared_ptr<Session>(raw, [session = std::move(session)](Session *) mutable {
        if (auto *application = QCoreApplication::instance())
            QMetaObject::invokeMethod(
                application, [session = std::move(session)]() mutable { session.reset(); }, Qt::QueuedConnection);
    });
}

} // namespace catamaran::session
