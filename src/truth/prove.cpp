// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "truth/prover.h"

#include "observe/readings.h"
#include "probe/run.h"
#include "probe/serviceaddress.h"
#include "session/session.h"
#include "truth/answers.h"
#include "truth/homekeeping.h"
#include "truth/looks.h"
#include "truth/say.h"

#include <QHostAddress>
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
                Say::tr("an API server of %1 that answers").arg(cluster.name));
        }
        if (isReady)
            return std::nullopt;
        if (const auto unread = cluster.whyUnread(observe::resources::deployments, m_question.ns, m_question.workload))
            return *unread;
        return Error::make(ErrorKind::Precondition, tried, m_question.ns + u'/' + m_question.workload,
            Say::tr("%1 has no ready %2/%3 to send from").arg(cluster.name, m_question.ns, m_question.workload),
            Say::tr("a ready client there: name one, or start the sample's"));
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
        // Whoever stops us may be waiting on the thread that would end the run: then its end is not waited for.
        auto result = core::await(running, m_stop, std::chrono::steady_clock::now() + m_question.patience);
        if (!result && result.error().kind == ErrorKind::Timeout && !running.isFinished()) {
            shared->enough.request_stop();
            result = core::await(running, m_stop);
        }
        if (m_stop.stop_requested())
            return;
        if (!result)
            return refuse(sender, result.error());
        std::unique_lock lock(shared->mutex);
        if (shared->answers.sent() == 0) {
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
        lock.unlock();
        tell(proofs);
        if (!m_stop.stop_requested())
            lookFrom(*client, sender, answerers.service(), result->pod, result->container);
    }

    /// What needs no luck: the proxy that sent, and the gateways in its way.
    void lookFrom(kube::KubeClient &client, const Sender &sender, const QString &service, const QString &pod, const QString &container)
    {
        const bool hasProxy
            = std::any_of(sender.cluster->workloads.begin(), sender.cluster->workloads.end(), [&](const observe::ObservedWorkload &one) {
                  return one.ns == m_question.ns && one.name == m_question.workload && one.injected;
              });
        const LookFrom from { sender.cluster->name, m_question.ns, pod, container, hasProxy };
        if (service.isEmpty())
            return;
        const QUrl url(m_question.url, QUrl::StrictMode);
        const int port = url.port(url.scheme() == u"https" ? 443 : 80);
        QString host;
        Proofs proofs;
        if (hasProxy && m_question.asksProxies) {
            const auto word = askProxy(client, from, service, port, m_stop);
            if (word)
                host = word->host;
            for (const QString &to : sender.to)
                proofs.proxies.insert({ from.cluster, to }, proxyProof(word, from, to));
        }
        if (m_question.greetsGateways)
            greetAll(client, from, sender.to, service, port, host, proofs);
        tell(proofs);
    }

    [[nodiscard]] ProxyProof proxyProof(const core::Result<ProxyWord> &word, const LookFrom &from, const QString &to) const
    {
        ProxyProof proof;
        proof.at = QDateTime::currentDateTimeUtc();
        proof.source = from.text() + QStringLiteral(" (istio-proxy)");
        if (!word) {
            proof.error = word.error();
            return proof;
        }
        proof.hasControlPlane = word->hasControlPlane;
        proof.roots = word->roots;
        proof.identity = word->identity;
        proof.certificateUntil = word->certificateUntil;
        proof.certificateSerial = word->certificateSerial;
        const ObservedCluster *there = m_fleet.cluster(to);
        const QStringList gateways = there ? there->gatewayAddresses : QStringList();
        // Names are resolved before proxies hear of them: what leads there cannot be told by a name.
        proof.hasEndpoints = word->hasService && !gateways.isEmpty()
            && std::all_of(gateways.begin(), gateways.end(),
                [](const QString &address) { return !QHostAddress(QUrl(QStringLiteral("tcp://") + address).host()).isNull(); });
        for (const ProxyWord::Endpoint &endpoint : word->endpoints) {
            if (!gateways.contains(endpoint.address))
                continue;
            proof.endpointsThere << endpoint.address;
            if (endpoint.isRejected)
                proof.rejecting << endpoint.address;
        }
        return proof;
    }

    /// @p host: the service's name as the proxy has it; empty: not known, so that a gateway which closes may just not know the name.
    void greetAll(kube::KubeClient &client, const LookFrom &from, const QStringList &all, const QString &service, int port,
        const QString &host, Proofs &proofs)
    {
        QStringList addresses;
        for (const QString &to : all)
            if (const ObservedCluster *there = m_fleet.cluster(to))
                addresses += there->gatewayAddresses;
        addresses.removeDuplicates();
        if (addresses.isEmpty())
            return;
        const QString name = !host.isEmpty()
            ? host
            : service.section(u'/', 1, 1) + u'.' + service.section(u'/', 0, 0) + QStringLiteral(".svc.cluster.local");
        const auto met
            = greet(client, from, QStringLiteral("outbound_.%1_._.%2").arg(port).arg(name), addresses, m_question.timeout, m_stop);
        for (GatewayProof proof : met) {
            if (proof.met == GatewayProof::Met::Closed && host.isEmpty()) {
                proof.met = GatewayProof::Met::Nothing;
                proof.error = Error::make(ErrorKind::Precondition, Say::tr("greet a gateway"), proof.address,
                    Say::tr("it closes the connection, and whether it knows the name is not known"), {});
            }
            for (const QString &to : all)
                if (const ObservedCluster *there = m_fleet.cluster(to); there && there->gatewayAddresses.contains(proof.address))
                    proofs.gateways[{ from.cluster, to }].append(proof);
        }
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

void RollingProofs::take(const Proofs &look, const Ages &ages)
{
    constexpr double telling = 1e-3; // as judge() has it
    Proofs rest = look;
    rest.requests.clear();
    merge(m_shown, rest);
    for (auto it = look.requests.cbegin(); it != look.requests.cend(); ++it) {
        const auto shown = m_shown.requests.constFind(it.key());
        if (shown != m_shown.requests.cend() && shown->at > it->at)
            continue;
        if (it->crossed > 0 || it->error) {
            m_missed.remove(it.key());
            m_shown.requests.insert(it.key(), *it);
            continue;
        }
        RequestProof sum = *it;
        if (const auto missed = m_missed.constFind(it.key());
            missed != m_missed.cend() && missed->service == it->service && missed->at.msecsTo(it->at) <= ages.proof.count()) {
            sum.sent += missed->sent;
            sum.elsewhere += missed->elsewhere;
            sum.failed += missed->failed;
            sum.unattributed += missed->unattributed;
            sum.missChance *= missed->missChance;
            if (sum.words.isEmpty())
                sum.words = missed->words;
            for (const QString &stranger : missed->strangers)
                if (!sum.strangers.contains(stranger) && sum.strangers.size() < 10)
                    sum.strangers << stranger;
        }
        m_missed.insert(it.key(), sum);
        const bool holds = shown != m_shown.requests.cend() && shown->crossed > 0 && shown->at.msecsTo(it->at) <= ages.proof.count();
        if (!holds || sum.missChance <= telling)
            m_shown.requests.insert(it.key(), sum);
    }
}

} // namespace catamaran::truth
