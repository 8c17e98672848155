// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "session/session.h"

#include "alicloud/calls.h"
#include "core/childenvironment.h"
#include "core/trustedfile.h"
#include "mesh/asmcontrolplane.h"

#include <QCoreApplication>

#include <mutex>

namespace catamaran::session {

using core::ErrorKind;
using core::Result;
using core::Secret;

namespace {

constexpr int kubeconfigMinutes = 720;

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Session)
};

Result<Secret> secretFromFile(const QString &path)
{
    auto read = core::readBounded(path, 4096, Say::tr("read the access key's secret"));
    if (!read)
        return core::fail(read.error());
    return Secret(std::move(read->content).trimmed());
}

QFuture<Result<Secret>> readAccessKey(const documents::SecretSource &source, store::SecretStore &secrets, std::stop_token stop)
{
    switch (source.kind) {
    case documents::SecretSource::Kind::Keyring: return secrets.read(source.name, std::move(stop));
    case documents::SecretSource::Kind::File: return core::readyFuture(secretFromFile(source.name));
    case documents::SecretSource::Kind::Variable:
        core::withholdFromChildren(source.name);
        return core::readyFuture<Result<Secret>>(Secret(qgetenv(source.name.toUtf8().constData()).trimmed()));
    case documents::SecretSource::Kind::None: break;
    }
    return core::readyFuture<Result<Secret>>(Secret());
}

Result<kube::ClusterAccess> accessFromFiles(const documents::EnvironmentCluster &cluster)
{
    const auto config = kube::loadKubeconfig(cluster.kubeconfigs);
    if (!config)
        return core::fail(config.error());
    return kube::resolveContext(*config, cluster.context);
}

kube::ByHand fetchedByHand(const documents::EnvironmentCluster &cluster, const QString &context)
{
    return kube::byHandFetched(alicloud::fetchKubeconfigCommand(cluster.region, cluster.cloudId, kubeconfigMinutes), cluster.name, context);
}

Result<kube::ClusterAccess> accessFromCloud(const documents::EnvironmentCluster &cluster, const alicloud::UserKubeconfig &answer)
{
    const auto config = kube::parseKubeconfig(answer.yaml, Say::tr("kubeconfig of %1").arg(cluster.name), kube::Origin::Network);
    if (!config)
        return core::fail(config.error());
    auto access = kube::resolveContext(*config, cluster.context);
    if (access)
        access->byHand = fetchedByHand(cluster, access->name);
    return access;
}

} // namespace

struct Session::Private {
    documents::Environment environment;
    store::SecretStore *secrets = nullptr;
    std::map<QString, std::unique_ptr<kube::KubeClient>> clusters;
    std::map<QString, core::Error> errors;
    std::unique_ptr<alicloud::AckClient> ack;
    std::unique_ptr<alicloud::AsmClient> asmClient;
    std::unique_ptr<mesh::AsmControlPlane> controlPlane; // ends before its client
    std::mutex leasing;
    std::weak_ptr<ops::Lease> lease;

    void connectCloud(const Secret &key)
    {
        const documents::CloudAccount &account = *environment.cloud;
        const alicloud::Credentials credentials { account.accessKeyId, key, {} };
        ack = std::make_unique<alicloud::AckClient>(credentials, account.endpoints);
        asmClient = std::make_unique<alicloud::AsmClient>(credentials, account.endpoints);
        controlPlane = std::make_unique<mesh::AsmControlPlane>(*asmClient);
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

QFuture<Result<std::shared_ptr<Session>>> Session::open(const documents::Environment &environment, store::SecretStore &secrets, std::stop_token stop)
{
    using Opened = Result<std::shared_ptr<Session>>;
    struct Opening {
        QPromise<Opened> promise;
        std::shared_ptr<Session> session;
        qsizetype waiting = 0;
        void finish(Opened result)
        {
            promise.addResult(std::move(result));
            promise.finish();
        }
    };
    auto opening = std::make_shared<Opening>();
    opening->promise.start();
    auto future = opening->promise.future();
    const documents::SecretSource source = environment.cloud ? environment.cloud->secret : documents::SecretSource {};
    // The secret store outlives every session, so it is the context until there is a session.
    core::whenReady(readAccessKey(source, secrets, stop), &secrets, [opening, environment, &secrets, stop](const Result<Secret> &key) {
        const QString tried = Say::tr("open the environment %1").arg(environment.name);
        if (!key) {
            core::Error error = key.error();
            if (error.kind == ErrorKind::NotFound && error.remedy.isEmpty())
                error.remedy = Say::tr("Enter the access key's secret again.");
            opening->finish(core::fail(error));
            return;
        }
        if (environment.cloud && key->isEmpty()) {
            opening->finish(core::fail(ErrorKind::InvalidInput, tried, environment.cloud->secret.name,
                Say::tr("the access key's secret is empty"), Say::tr("Put it where alibabaCloud.accessKeySecret says.")));
            return;
        }
        auto data = std::make_unique<Private>();
        data->environment = environment;
        data->secrets = &secrets;
        opening->session = std::shared_ptr<Session>(new Session(std::move(data)));
        Session *session = opening->session.get();
        if (environment.cloud)
            session->d->connectCloud(*key);
        QList<documents::EnvironmentCluster> fetched;
        for (const documents::EnvironmentCluster &cluster : environment.clusters) {
            if (cluster.kubeconfigs.isEmpty())
                fetched.append(cluster);
            else
                session->d->take(cluster, accessFromFiles(cluster));
        }
        opening->waiting = fetched.size();
        if (fetched.isEmpty()) {
            opening->finish(std::exchange(opening->session, {}));
            return;
        }
        for (const documents::EnvironmentCluster &cluster : fetched) {
            if (!session->d->ack) {
                session->d->errors.insert_or_assign(
                    cluster.name, core::Error::make(ErrorKind::InvalidInput, tried, cluster.name, Say::tr("it has no kubeconfig")));
                if (--opening->waiting == 0)
                    opening->finish(std::exchange(opening->session, {}));
                continue;
            }
            core::whenReady(session->d->ack->kubeconfig(cluster.region, cluster.cloudId, kubeconfigMinutes, stop), session,
                [opening, session, cluster](const Result<alicloud::UserKubeconfig> &answer) {
                    if (answer)
                        session->d->take(cluster, accessFromCloud(cluster, *answer));
                    else
                        session->d->errors.insert_or_assign(cluster.name, answer.error());
                    if (--opening->waiting == 0)
                        opening->finish(std::exchange(opening->session, {}));
                });
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
            return cluster.kubeconfigs.isEmpty() ? fetchedByHand(cluster, cluster.context)
                                                 : kube::byHand(cluster.kubeconfigs, cluster.context, name);
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

mesh::ControlPlane *Session::controlPlane() const
{
    return d->controlPlane.get();
}

alicloud::AckClient *Session::ack() const
{
    return d->ack.get();
}

alicloud::AsmClient *Session::asmClient() const
{
    return d->asmClient.get();
}

store::SecretStore &Session::secrets() const
{
    return *d->secrets;
}

} // namespace catamaran::session
