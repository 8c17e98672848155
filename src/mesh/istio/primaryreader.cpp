// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/primaryreader.h"

#include "kube/exec.h"
#include "mesh/istio/podanswers.h"
#include "mesh/istio/say.h"

#include <QCryptographicHash>

#include <algorithm>

namespace catamaran::mesh::istio {

using core::ErrorKind;
using core::Result;

namespace {

using namespace std::chrono_literals;
using Objects = Result<kube::ListResult>;

constexpr qint64 replicaSeconds = 10, slowSeconds = 60, endpointSeconds = 300; ///< what was read less than so long ago is not asked again
constexpr auto patience = 20s; ///< for what one replica says
constexpr qint64 mostAnswerBytes = 16 * 1024 * 1024, mostLogBytes = 2 * 1024 * 1024;
constexpr qsizetype mostReplicas = 16;
constexpr auto logReach = 300s;
constexpr qint64 clustersPerSecond = 4; ///< hundreds are asked in turn, not all each time

const kube::ResourceKind webhooks { QStringLiteral("admissionregistration.k8s.io"), QStringLiteral("v1"),
    QStringLiteral("mutatingwebhookconfigurations"), false };
const kube::ResourceKind daemonSets { QStringLiteral("apps"), QStringLiteral("v1"), QStringLiteral("daemonsets"), true };
const kube::ResourceKind gateways { QStringLiteral("networking.istio.io"), QStringLiteral("v1"), QStringLiteral("gateways"), true };
const QString planeLabel = QStringLiteral("app=istiod"), remoteLabel = QStringLiteral("istio/multiCluster=true");

template <typename T> bool isYoung(const core::Fact<T> &fact, const QDateTime &now, qint64 seconds)
{
    return fact.isRead() && !fact.error && fact.at.isValid() && fact.at.secsTo(now) < seconds;
}

/// One cluster while its answers come.
class Reading {
public:
    /// @p restSeconds: a cluster that was read less than so long ago is left in peace.
    Reading(const OpenCluster &cluster, const SeenCluster *before, qint64 restSeconds, std::stop_token stop)
        : m_client(*cluster.client)
        , m_stop(std::move(stop))
    {
        if (before)
            seen = *before;
        seen.place = cluster.place;
        for (const QSslCertificate &authority : m_client.access().tls.trusted)
            seen.authorities.insert(QString::fromLatin1(authority.digest(QCryptographicHash::Sha256).toHex()));
        const QDateTime now = QDateTime::currentDateTimeUtc();
        rests = isYoung(seen.planes, now, seen.planes.get().isEmpty() ? slowSeconds : restSeconds);
        if (rests)
            return;
        m_version = m_client.version(m_stop);
        m_planes = m_client.list(kube::kinds::deployments, {}, planeLabel, m_stop);
        m_pods = m_client.list(kube::kinds::pods, {}, planeLabel, m_stop);
        m_space = m_client.get(kube::kinds::namespaces, {}, systemNamespace, m_stop);
        m_gateways = m_client.list(gateways, {}, {}, m_stop);
        m_reader = m_client.get(kube::kinds::serviceAccounts, systemNamespace, readerAccount, m_stop);
        if (!isYoung(seen.injectors, now, slowSeconds))
            m_webhooks = m_client.list(webhooks, {}, {}, m_stop);
        if (!isYoung(seen.ztunnel, now, slowSeconds))
            m_ztunnels = m_client.list(daemonSets, {}, QStringLiteral("app=ztunnel"), m_stop);
        m_systemSpace = systemNamespace;
        askSystem();
    }

    void finish()
    {
        if (rests)
            return;
        const auto version = core::await(m_version, m_stop);
        if (version && version->date.isValid())
            m_ahead = QDateTime::currentDateTimeUtc().msecsTo(version->date);
        take(seen.planes, takeList(m_planes, kube::kinds::deployments, &decodePlane), deploymentsSource());
        take(seen.pods, takeList(m_pods, kube::kinds::pods, &decodePod), source(QStringLiteral("pods?") + planeLabel));
        const auto space = core::await(m_space, m_stop);
        take(seen.space, isMissing(space) ? Result<SpaceSeen>(SpaceSeen()) : space.map(&decodeSpace),
            source(QStringLiteral("namespaces/") + systemNamespace));
        const auto reader = core::await(m_reader, m_stop);
        take(seen.reader, isMissing(reader) ? Result<bool>(false) : reader.map([](const QJsonObject &) { return true; }),
            source(systemNamespace + QStringLiteral("/serviceaccounts/") + readerAccount));
        const auto passing = core::await(m_gateways, m_stop);
        take(seen.exposed, isMissing(passing) ? Result<bool>(false) : passing.map([](const kube::ListResult &list) {
            return std::any_of(list.items.begin(), list.items.end(), &passesThrough);
        }),
            source(gateways.plural));
        if (m_webhooks)
            take(seen.injectors,
                core::await(*m_webhooks, m_stop).map([](const kube::ListResult &list) { return decodeInjectors(list.items); }),
                source(webhooks.plural));
        if (m_ztunnels)
            take(seen.ztunnel, core::await(*m_ztunnels, m_stop).map([](const kube::ListResult &list) { return !list.items.isEmpty(); }),
                source(QStringLiteral("daemonsets?app=ztunnel")));
        takeSystem();
        // Control planes that live elsewhere keep their things there.
        const auto &planes = seen.planes.get();
        const bool isHere = std::any_of(planes.begin(), planes.end(), [](const PlaneFacts &plane) { return plane.ns == systemNamespace; });
        if (!planes.isEmpty() && !isHere) {
            m_systemSpace = planes.first().ns;
            askSystem();
            takeSystem();
        }
        for (auto it = seen.replicas.begin(); it != seen.replicas.end();) // those that are gone
            it = std::any_of(seen.pods.get().begin(), seen.pods.get().end(), [&](const PodSeen &pod) { return pod.name == it.key(); })
                ? std::next(it)
                : seen.replicas.erase(it);
    }

    /// The questions to its replicas, which take longest.
    void askReplicas()
    {
        if (rests || !seen.pods.isRead() || seen.pods.error)
            return;
        const QDateTime now = QDateTime::currentDateTimeUtc();
        for (const PodSeen &pod : seen.pods.get().mid(0, mostReplicas)) {
            if (m_stop.stop_requested())
                return;
            if (isYoung(seen.replicas.value(pod.name).remotes, now, replicaSeconds))
                continue; // a command in somebody's control plane, however often the fleet is looked at
            Replica one;
            one.pod = pod;
            one.clusters = debug(pod, QStringLiteral("/debug/clusterz"));
            one.proxies = debug(pod, QStringLiteral("/debug/syncz"));
            if (!isYoung(seen.replicas.value(pod.name).version, now, slowSeconds))
                one.version = debug(pod, QStringLiteral("/version"));
            one.countsEndpoints = !isYoung(seen.replicas.value(pod.name).endpoints, now, endpointSeconds);
            kube::LogOptions log;
            log.ns = pod.ns;
            log.pod = pod.name;
            log.container = QStringLiteral("discovery");
            log.since = logReach;
            log.tailLines = 10'000;
            log.limitBytes = mostLogBytes;
            one.log = readLog(m_client, log, m_stop);
            m_replicas.push_back(std::move(one));
        }
    }

    void finishReplicas()
    {
        if (rests)
            return;
        for (Replica &one : m_replicas) {
            ReplicaFacts &facts = seen.replicas[one.pod.name];
            const auto deadline = std::chrono::steady_clock::now() + patience;
            const auto answer
                = [&](const QFuture<Result<kube::ExecOutput>> &asked) { return said(core::await(asked, m_stop, deadline), one.pod); };
            take(facts.remotes, answer(*one.clusters).and_then(&parseClusters), debugSource(one.pod, "/debug/clusterz"));
            take(facts.proxies, answer(*one.proxies).and_then(&parseProxies), debugSource(one.pod, "/debug/syncz"));
            if (one.version)
                take(facts.version,
                    answer(*one.version).map([](const QByteArray &text) { return QString::fromUtf8(text.trimmed().left(200)); }),
                    debugSource(one.pod, "/version"));
            if (one.countsEndpoints) // one after the other, for such an answer may be large
                take(facts.endpoints,
                    EndpointsAnswer(m_client, request(one.pod, QStringLiteral("/debug/endpointShardz")), m_stop)
                        .finish(std::chrono::steady_clock::now() + patience),
                    debugSource(one.pod, "/debug/endpointShardz"));
            const QDateTime there = QDateTime::currentDateTimeUtc().addMSecs(m_ahead);
            take(facts.lost, core::await(one.log, m_stop, deadline).map([&](const QByteArray &text) {
                auto lost = parseLostWatches(text);
                lost.removeIf([&](const auto &entry) { return !isStillLost(entry.value().last, there); });
                return lost;
            }),
                Say::tr("log of %1/%2 in %3").arg(one.pod.ns, one.pod.name, seen.place.name));
        }
        // What each says of its version is better than the name of an image.
        if (seen.planes.isRead()) {
            auto planes = seen.planes.get();
            for (PlaneFacts &plane : planes)
                for (const PodSeen &pod : seen.pods.get())
                    if (const QString version = seen.replicas.value(pod.name).version.get();
                        pod.revision == plane.revision && pod.ns == plane.ns && !version.isEmpty())
                        plane.version = version.section(u'-', 0, 0);
            seen.planes.value = planes;
        }
    }

    SeenCluster seen;
    bool rests = false; ///< nothing is asked; it is as it was read before
    std::vector<std::pair<RemoteSecretFacts, core::Secret>> tokens; ///< of the remote secrets; dropped with this

private:
    struct Replica {
        PodSeen pod;
        std::optional<QFuture<Result<kube::ExecOutput>>> clusters, proxies, version;
        QFuture<Result<QByteArray>> log;
        bool countsEndpoints = false;
    };

    void askSystem()
    {
        m_asksConfig = !isYoung(seen.config, QDateTime::currentDateTimeUtc(), slowSeconds);
        if (m_asksConfig)
            m_configMaps = m_client.list(kube::kinds::configMaps, m_systemSpace, {}, m_stop);
        m_secrets = m_client.list(kube::kinds::secrets, m_systemSpace, remoteLabel, m_stop);
    }

    void takeSystem()
    {
        if (m_asksConfig) {
            const auto maps = core::await(m_configMaps, m_stop);
            const QString from = source(m_systemSpace + QStringLiteral("/configmaps"));
            take(seen.config, maps.map([](const kube::ListResult &list) { return decodeMeshConfig(list.items); }), from);
            take(seen.roots, maps.map([](const kube::ListResult &list) { return decodeRoots(list.items); }), from);
            if (maps)
                for (const QJsonObject &map : maps->items)
                    if (map[u"metadata"][u"name"].toString() == u"kube-root-ca.crt")
                        for (const pki::CertificateInfo &one : decodeBundle(map[u"data"][u"ca.crt"].toString().toUtf8()).certificates)
                            seen.authorities.insert(one.sha256);
        }
        tokens.clear();
        take(seen.secrets, core::await(m_secrets, m_stop).map([&](const kube::ListResult &list) {
            QList<RemoteSecretFacts> facts;
            for (const QJsonObject &secret : list.items)
                for (const DecodedSecret &one : decodeRemoteSecret(secret)) {
                    facts.append(one.facts);
                    if (!one.token.isEmpty())
                        tokens.emplace_back(one.facts, one.token);
                }
            return facts;
        }),
            source(m_systemSpace + QStringLiteral("/secrets?") + remoteLabel));
    }

    template <typename T> [[nodiscard]] static bool isMissing(const Result<T> &answer)
    {
        return !answer && answer.error().kind == ErrorKind::NotFound;
    }

    template <typename T> static void take(core::Fact<T> &fact, Result<T> result, const QString &from)
    {
        fact.take(std::move(result), from, QDateTime::currentDateTimeUtc());
    }

    [[nodiscard]] QString source(const QString &what) const { return Say::tr("GET %1 on %2").arg(what, seen.place.name); }
    [[nodiscard]] QString deploymentsSource() const { return source(QStringLiteral("deployments?") + planeLabel); }
    [[nodiscard]] QString debugSource(const PodSeen &pod, const char *path) const
    {
        return Say::tr("%1 of %2/%3 in %4").arg(QLatin1String(path), pod.ns, pod.name, seen.place.name);
    }

    /// A role may have the system namespace alone.
    template <typename Decode>
    [[nodiscard]] auto takeList(const QFuture<Objects> &asked, const kube::ResourceKind &kind, Decode decode)
        -> Result<QList<std::invoke_result_t<Decode, QJsonObject>>>
    {
        using T = std::invoke_result_t<Decode, QJsonObject>;
        auto list = core::await(asked, m_stop);
        if (!list && list.error().kind == ErrorKind::Forbidden)
            list = core::await(m_client.list(kind, systemNamespace, planeLabel, m_stop), m_stop);
        return list.map([&](const kube::ListResult &got) {
            QList<T> all;
            for (const QJsonObject &object : got.items)
                if (all.size() < mostEntries)
                    all.append(decode(object));
            return all;
        });
    }

    [[nodiscard]] static kube::ExecOptions request(const PodSeen &pod, const QString &path)
    {
        kube::ExecOptions options;
        options.ns = pod.ns;
        options.pod = pod.name;
        options.container = QStringLiteral("discovery");
        options.command = { QStringLiteral("pilot-discovery"), QStringLiteral("request"), QStringLiteral("GET"), path };
        return options;
    }

    [[nodiscard]] QFuture<Result<kube::ExecOutput>> debug(const PodSeen &pod, const QString &path)
    {
        return kube::runInPod(m_client, request(pod, path), m_stop, mostAnswerBytes + 1);
    }

    [[nodiscard]] Result<QByteArray> said(const Result<kube::ExecOutput> &output, const PodSeen &pod) const
    {
        if (!output)
            return core::fail(output.error());
        const QString tried = Say::tr("ask a control plane"), place = QStringLiteral("%1/%2").arg(pod.ns, pod.name);
        if (output->exitCode != 0)
            return core::fail(ErrorKind::Precondition, tried, place,
                Say::tr("its request command ended with %1: %2")
                    .arg(QString::number(output->exitCode),
                        QString::fromUtf8(output->standardError.isEmpty() ? output->standardOutput : output->standardError)
                            .trimmed()
                            .right(300)));
        if (output->standardOutput.size() > mostAnswerBytes)
            return core::fail(
                ErrorKind::Protocol, tried, place, Say::tr("the answer is larger than %1 MiB").arg(mostAnswerBytes / 1024 / 1024));
        return output->standardOutput;
    }

    kube::KubeClient &m_client;
    std::stop_token m_stop;
    QFuture<Result<kube::ServerVersion>> m_version;
    QFuture<Objects> m_planes, m_pods, m_secrets, m_configMaps, m_gateways;
    QFuture<Result<QJsonObject>> m_space, m_reader;
    std::optional<QFuture<Objects>> m_webhooks, m_ztunnels;
    QString m_systemSpace;
    bool m_asksConfig = false;
    qint64 m_ahead = 0; ///< its server's clock, of ours
    std::vector<Replica> m_replicas;
};

/// Shows each token to the API server that made it, and asks that for nothing else.
void reviewTokens(
    std::vector<Reading> &readings, const std::vector<OpenCluster> &clusters, const QList<SeenCluster> &all, std::stop_token stop)
{
    struct Asked {
        size_t reading;
        QString secret, key, cluster;
        QFuture<Result<QJsonObject>> answer;
    };
    std::vector<Asked> asked;
    for (size_t i = 0; i < readings.size(); ++i)
        for (const auto &[facts, token] : readings[i].tokens)
            if (const SeenCluster *target = targetOf(facts, all.at(qsizetype(i)), all)) {
                const auto found = std::find_if(
                    clusters.begin(), clusters.end(), [&](const OpenCluster &one) { return one.place.name == target->place.name; });
                if (found != clusters.end())
                    asked.push_back({ i, facts.name, facts.key, target->place.name, reviewToken(*found->client, token, stop) });
            }
    std::vector<Result<QList<TokenVerdict>>> verdicts(readings.size());
    for (const Asked &one : asked) {
        const auto answer = core::await(one.answer, stop);
        auto &of = verdicts[one.reading];
        if (!answer)
            of = core::fail(answer.error());
        else if (of)
            of->append(verdictOf(*answer, one.secret, one.key, one.cluster));
    }
    for (size_t i = 0; i < readings.size(); ++i)
        if (!readings[i].rests && readings[i].seen.secrets.isRead() && !readings[i].seen.secrets.error)
            readings[i].seen.tokens.take(
                verdicts[i], Say::tr("TokenReview on the clusters that the tokens are for"), QDateTime::currentDateTimeUtc());
}

} // namespace

QList<SeenCluster> readClusters(const std::vector<OpenCluster> &clusters, const QList<SeenCluster> &before, std::stop_token stop)
{
    std::vector<Reading> readings;
    readings.reserve(clusters.size());
    const qint64 rest = qint64(clusters.size()) / clustersPerSecond;
    for (const OpenCluster &cluster : clusters) {
        const auto known
            = std::find_if(before.begin(), before.end(), [&](const SeenCluster &one) { return one.place.name == cluster.place.name; });
        readings.emplace_back(cluster, known == before.end() ? nullptr : &*known, rest, stop);
    }
    QList<SeenCluster> all;
    for (Reading &reading : readings) {
        reading.finish();
        reading.askReplicas();
    }
    for (const Reading &reading : readings)
        all.append(reading.seen);
    reviewTokens(readings, clusters, all, stop);
    all.clear();
    for (Reading &reading : readings) {
        reading.finishReplicas();
        all.append(reading.seen);
    }
    return all;
}

} // namespace catamaran::mesh::istio
