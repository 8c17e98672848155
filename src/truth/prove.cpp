// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/prover.h"

#include "observe/readings.h"
#include "probe/run.h"
#include "probe/serviceaddress.h"
#include "session/session.h"
#include "truth/answers.h"
#include "truth/homekeeping.h"

#include <QCoreApplication>
#include <QUrl>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <thread>

namespace catamaran::truth {

using core::Error;
using core::ErrorKind;
using observe::ObservedCluster;
using observe::ObservedFleet;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Truth)
};

constexpr double chance = 1e-4; ///< that a good way of all that are asked about is met by none of the requests
constexpr int fewest = 20, most = 2000;

/// The service that @p url names to a pod of @p ns: "namespace/name"; empty where it is none.
QString serviceOf(const QString &url, const QString &ns)
{
    const auto service = probe::serviceOfHost(QUrl(url, QUrl::StrictMode).host(), ns);
    return service ? service->ns + u'/' + service->name : QString();
}

Answerers answerersOf(const ObservedFleet &fleet, const QString &url, const QString &ns)
{
    const QString service = serviceOf(url, ns);
    return Answerers(fleet, service, service.isEmpty() ? ns : service.section(u'/', 0, 0));
}

/// One sending cluster with all whom it is asked about.
struct Sender {
    const ObservedCluster *cluster;
    QStringList to;
};

class Asking {
public:
    Asking(session::Session &session, const ObservedFleet &fleet, const Question &question, std::stop_token stop,
        const std::function<void(const Proofs &)> &onProof)
        : m_session(session)
        , m_fleet(fleet)
        , m_question(question)
        , m_stop(std::move(stop))
        , m_onProof(onProof)
    {
    }

    Proofs ask(const QList<Sender> &senders)
    {
        std::atomic<qsizetype> next = 0;
        const auto work = [&] {
            for (qsizetype i = next++; i < senders.size() && !m_stop.stop_requested(); i = next++)
                askFrom(senders[i]);
        };
        std::vector<std::jthread> workers;
        const auto count = std::clamp<qsizetype>(senders.size(), 1, std::max(1, m_question.sideBySide));
        for (qsizetype i = 1; i < count; ++i)
            workers.emplace_back(work);
        work();
        workers.clear(); // joined
        return std::move(m_proofs);
    }

private:
    void tell(const Proofs &proofs)
    {
        const std::lock_guard lock(m_mutex);
        merge(m_proofs, proofs);
        if (m_onProof)
            m_onProof(proofs);
    }

    void refuse(const Sender &sender, const Error &error)
    {
        Proofs proofs;
        for (const QString &to : sender.to) {
            RequestProof proof;
            proof.at = QDateTime::currentDateTimeUtc();
            proof.source = specFrom(sender).source.text() + QStringLiteral(" → ") + m_question.url;
            proof.error = error;
            proofs.requests.insert({ sender.cluster->name, to }, proof);
        }
        tell(proofs);
    }

    [[nodiscard]] probe::RunSpec specFrom(const Sender &sender) const
    {
        probe::RunSpec spec;
        spec.source = { sender.cluster->name, m_question.ns, m_question.workload };
        spec.container = m_question.container;
        spec.url = m_question.url;
        spec.requestTimeout = m_question.timeout;
        spec.count = m_question.count;
        return spec;
    }

    /// Why no request can go out from @p cluster, before one is tried.
    [[nodiscard]] std::optional<Error> whySilent(const ObservedCluster &cluster) const
    {
        const bool isReady = std::any_of(cluster.workloads.begin(), cluster.workloads.end(), [&](const observe::ObservedWorkload &one) {
            return one.ns == m_question.ns && one.name == m_question.workload && one.ready > 0;
        });
        const QString tried = Say::tr("send requests from %1").arg(cluster.name);
        if (!cluster.reachable) {
            const auto *why = cluster.condition(QStringLiteral("Reachable"));
            return Error::make(ErrorKind::Precondition, tried, cluster.name,
                why ? why->reason + (why->evidence.isEmpty() ? QString() : QStringLiteral(": ") + why->evidence) : QString(),
                Say::tr("It needs an API server that answers."));
        }
        if (isReady)
            return std::nullopt;
        if (const auto unread = cluster.whyUnread(observe::resources::deployments, m_question.ns, m_question.workload))
            return *unread;
        return Error::make(ErrorKind::Precondition, tried, m_question.ns + u'/' + m_question.workload,
            Say::tr("%1 has no ready %2/%3 to send from").arg(cluster.name, m_question.ns, m_question.workload),
            Say::tr("It needs a ready client there: name one, or start the sample's."));
    }

    void askFrom(const Sender &sender)
    {
        kube::KubeClient *client = m_session.cluster(sender.cluster->name);
        if (const auto why = whySilent(*sender.cluster); why || !client)
            return refuse(sender,
                why.value_or(
                    Error::make(ErrorKind::Precondition, Say::tr("send requests"), sender.cluster->name, Say::tr("it has no connection"))));
        Answerers answerers = answerersOf(m_fleet, m_question.url, m_question.ns);
        probe::RunSpec spec = specFrom(sender);
        if (spec.count == 0)
            spec.count = countFor(answerers, sender.to);

        // What the two threads share: samples come on the client's.
        struct Shared {
            std::mutex mutex;
            Answers answers;
            qint64 lastMs = 0;
            std::stop_source enough;
        };
        const auto shared = std::make_shared<Shared>();
        const std::stop_callback onStop(m_stop, [shared] { shared->enough.request_stop(); });
        const bool mayEndEarly = m_question.count == 0;
        const auto count = [shared, answerers, to = sender.to, mayEndEarly](const QList<probe::Sample> &samples) {
            const std::lock_guard lock(shared->mutex);
            shared->answers.add(samples);
            shared->lastMs = samples.last().receivedAtMs;
            if (!mayEndEarly || shared->answers.sent() < fewest)
                return;
            const auto met = shared->answers.byCluster(answerers);
            if (std::all_of(to.begin(), to.end(), [&](const QString &one) { return met.contains(one) || answerers.shareOf(one) == 0; }))
                shared->enough.request_stop();
        };
        auto running = probe::run(*client, spec, shared->enough.get_token(), count);
        auto result = core::await(running, {}, std::chrono::steady_clock::now() + m_question.patience);
        if (!result && result.error().kind == ErrorKind::Timeout && !running.isFinished()) {
            shared->enough.request_stop();
            result = core::await(running, {});
        }
        if (!result)
            return refuse(sender, result.error());
        const std::lock_guard lock(shared->mutex);
        if (shared->answers.sent() == 0) {
            if (!m_stop.stop_requested())
                refuse(sender,
                    result->error.value_or(Error::make(
                        ErrorKind::Timeout, Say::tr("send requests"), spec.source.text(), Say::tr("no request came to its end in time"))));
            return;
        }
        for (const QString &stranger : shared->answers.strangers(answerers))
            if (const QString cluster = whose(stranger, answerers); !cluster.isEmpty())
                answerers.learn(stranger, cluster);
        Proofs proofs;
        proofs.requests = shared->answers.proofs(answerers, sender.cluster->name, sender.to,
            sender.cluster->name + u'/' + m_question.ns + u'/' + result->pod + QStringLiteral(" → ") + m_question.url,
            QDateTime::fromMSecsSinceEpoch(shared->lastMs, Qt::UTC), {});
        const bool anyKept = std::any_of(proofs.requests.cbegin(), proofs.requests.cend(),
            [](const RequestProof &proof) { return proof.crossed == 0 && proof.failed == 0 && proof.elsewhere > 0; });
        if (anyKept) {
            const QString setting = whatKeepsHome(*client, *sender.cluster, answerers.service(), m_question.ns, m_stop);
            for (RequestProof &proof : proofs.requests)
                proof.keptHomeBy = setting;
        }
        tell(proofs);
    }

    [[nodiscard]] static int countFor(const Answerers &answerers, const QStringList &to)
    {
        double least = 1;
        for (const QString &cluster : to)
            if (const double share = answerers.shareOf(cluster); share > 0)
                least = std::min(least, share);
        return std::clamp(enoughFor(least, chance / double(std::max<qsizetype>(1, to.size()))), fewest, most);
    }

    /// The only cluster that has a pod called @p instance in the service's namespace now; empty where it cannot be told.
    [[nodiscard]] QString whose(const QString &instance, const Answerers &answerers)
    {
        const QString ns = answerers.service().section(u'/', 0, 0);
        std::vector<std::pair<QString, QFuture<core::Result<QJsonObject>>>> asked;
        for (const ObservedCluster &cluster : m_fleet.clusters)
            if (kube::KubeClient *client = m_session.cluster(cluster.name); client && cluster.reachable)
                asked.emplace_back(cluster.name, client->get(kube::kinds::pods, ns.isEmpty() ? m_question.ns : ns, instance, m_stop));
        QStringList owners;
        for (auto &[name, future] : asked)
            if (core::await(future, m_stop))
                owners << name;
        return owners.size() == 1 ? owners.first() : QString();
    }

    session::Session &m_session;
    const ObservedFleet &m_fleet;
    const Question &m_question;
    const std::stop_token m_stop;
    const std::function<void(const Proofs &)> &m_onProof;
    std::mutex m_mutex; ///< of what follows, and of calls to m_onProof
    Proofs m_proofs;
};

} // namespace

int enoughFor(double share, double missChance)
{
    if (share <= 0 || share >= 1 || missChance <= 0 || missChance >= 1)
        return 1;
    return int(std::min(1e6, std::ceil(std::log(missChance) / std::log1p(-share))));
}

Proofs prove(session::Session &session, const ObservedFleet &fleet, const Question &question, const QList<Direction> &directions,
    std::stop_token stop, const std::function<void(const Proofs &)> &onProof)
{
    QList<Sender> senders;
    for (const ObservedCluster &from : fleet.clusters) {
        Sender sender { &from, {} };
        for (const ObservedCluster &to : fleet.clusters)
            if (&from != &to && (directions.isEmpty() || directions.contains(Direction { from.name, to.name })))
                sender.to << to.name;
        if (!sender.to.isEmpty())
            senders.append(sender);
    }
    return Asking(session, fleet, question, std::move(stop), onProof).ask(senders);
}

Proofs proofsOf(
    const ObservedFleet &fleet, const QString &cluster, const QString &source, const QString &url, const QList<probe::Sample> &samples)
{
    if (samples.isEmpty())
        return {};
    Answers answers;
    answers.add(samples);
    QStringList others;
    for (const ObservedCluster &one : fleet.clusters)
        if (one.name != cluster)
            others << one.name;
    Proofs proofs;
    proofs.requests = answers.proofs(answerersOf(fleet, url, source.section(u'/', 1, 1)), cluster, others,
        source + QStringLiteral(" → ") + url, QDateTime::fromMSecsSinceEpoch(samples.last().receivedAtMs, Qt::UTC), {});
    return proofs;
}

void merge(Proofs &into, const Proofs &from)
{
    for (auto it = from.requests.cbegin(); it != from.requests.cend(); ++it)
        if (const auto known = into.requests.constFind(it.key()); known == into.requests.cend() || known->at <= it->at)
            into.requests.insert(it.key(), *it);
    for (auto it = from.proxies.cbegin(); it != from.proxies.cend(); ++it)
        if (const auto known = into.proxies.constFind(it.key()); known == into.proxies.cend() || known->at <= it->at)
            into.proxies.insert(it.key(), *it);
    for (auto it = from.gateways.cbegin(); it != from.gateways.cend(); ++it) {
        QList<GatewayProof> &known = into.gateways[it.key()];
        for (const GatewayProof &proof : *it) {
            const auto same
                = std::find_if(known.begin(), known.end(), [&](const GatewayProof &one) { return one.address == proof.address; });
            if (same == known.end())
                known.append(proof);
            else if (same->at <= proof.at)
                *same = proof;
        }
    }
}

} // namespace catamaran::truth
