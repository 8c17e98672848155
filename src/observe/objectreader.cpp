// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "observe/objectreader.h"

#include "kube/kubeclient.h"
#include "mesh/istio/podanswers.h"
#include "mesh/istio/secrettarget.h"
#include "observe/gateways.h"
#include "observe/say.h"
#include "session/session.h"

#include <QCryptographicHash>

#include <algorithm>
#include <deque>

namespace catamaran::observe {

using core::ErrorKind;
using core::Result;

namespace {

constexpr size_t sideBySide = 16;
const QString remoteLabel = QStringLiteral("istio/multiCluster=true");
const QString rootLabel = QStringLiteral("istio.io/config=true");

kube::ResourceKind kindOf(const char *group, const char *version, const char *plural)
{
    return { QString::fromLatin1(group), QString::fromLatin1(version), QString::fromLatin1(plural), true };
}

/// One list that is asked for: of all namespaces, or of the system namespace with or without a label.
struct ObjectQuestion {
    QString key; ///< in ObjectLists
    kube::ResourceKind kind;
    QString ns {}, labels {};
};

const QList<ObjectQuestion> &questions()
{
    static const QList<ObjectQuestion> all = [] {
        QList<ObjectQuestion> list { { QStringLiteral("namespaces"), kube::kinds::namespaces },
            { QStringLiteral("services"), kube::kinds::services }, { QStringLiteral("endpointslices"), kube::kinds::endpointSlices },
            { QStringLiteral("pods"), kube::kinds::pods }, { QStringLiteral("deployments"), kube::kinds::deployments },
            { QStringLiteral("nodes"), kube::kinds::nodes },
            { QStringLiteral("poddisruptionbudgets"), kindOf("policy", "v1", "poddisruptionbudgets") },
            { QStringLiteral("horizontalpodautoscalers"), kindOf("autoscaling", "v2", "horizontalpodautoscalers") },
            { QStringLiteral("networkpolicies"), kindOf("networking.k8s.io", "v1", "networkpolicies") },
            { QStringLiteral("configmaps"), kube::kinds::configMaps, systemNamespace },
            { QStringLiteral("roots"), kube::kinds::configMaps, {}, rootLabel },
            { QStringLiteral("remotesecrets"), kube::kinds::secrets, systemNamespace, remoteLabel },
            { QStringLiteral("serviceaccounts"), kube::kinds::serviceAccounts, systemNamespace } };
        for (const char *plural : { "destinationrules", "virtualservices", "gateways", "sidecars", "serviceentries" })
            list.append({ QString::fromLatin1(plural), kindOf("networking.istio.io", "v1", plural) });
        list.append({ QStringLiteral("envoyfilters"), kindOf("networking.istio.io", "v1alpha3", "envoyfilters") });
        for (const char *plural : { "peerauthentications", "authorizationpolicies" })
            list.append({ QString::fromLatin1(plural), kindOf("security.istio.io", "v1", plural) });
        return list;
    }();
    return all;
}

/// One cluster's answers while they come.
struct Reading {
    ClusterObjects cluster;
    kube::KubeClient *client = nullptr;
    QFuture<Result<kube::ServerVersion>> version;
    QList<QFuture<Result<kube::ListResult>>> lists;
    std::optional<QFuture<Result<QJsonObject>>> issuer;
};

struct Token {
    QString reader; ///< the cluster that holds it
    QString secret, key;
    QSet<QString> authorities;
    core::Secret token;
};

template <typename T>
void takeAll(Fact<QList<T>> &fact, const Result<QList<QJsonObject>> &objects, const QString &source, const QDateTime &at)
{
    fact.take(objects.and_then([](const QList<QJsonObject> &list) { return decodeAll<T>(list); }), source, at);
}

/// One kind's answer to where it belongs. @p tokens: of remote secrets; null: they are dropped.
void takeList(ClusterObjects &cluster, const QString &key, const Result<QList<QJsonObject>> &objects, const QString &source,
    const QDateTime &at, QList<Token> *tokens)
{
    const auto is = [&](const char *name) { return key == QLatin1StringView(name); };
    if (is("namespaces"))
        takeAll(cluster.namespaces, objects, source, at);
    else if (is("services"))
        takeAll(cluster.services, objects, source, at);
    else if (is("endpointslices"))
        takeAll(cluster.slices, objects, source, at);
    else if (is("pods"))
        takeAll(cluster.pods, objects, source, at);
    else if (is("deployments"))
        takeAll(cluster.deployments, objects, source, at);
    else if (is("nodes"))
        takeAll(cluster.nodes, objects, source, at);
    else if (is("destinationrules"))
        takeAll(cluster.destinationRules, objects, source, at);
    else if (is("virtualservices"))
        takeAll(cluster.virtualServices, objects, source, at);
    else if (is("gateways"))
        takeAll(cluster.gateways, objects, source, at);
    else if (is("sidecars"))
        takeAll(cluster.sidecars, objects, source, at);
    else if (is("serviceentries"))
        takeAll(cluster.serviceEntries, objects, source, at);
    else if (is("envoyfilters"))
        takeAll(cluster.envoyFilters, objects, source, at);
    else if (is("peerauthentications"))
        takeAll(cluster.peerAuthentications, objects, source, at);
    else if (is("authorizationpolicies"))
        takeAll(cluster.authorizationPolicies, objects, source, at);
    else if (is("poddisruptionbudgets"))
        takeAll(cluster.budgets, objects, source, at);
    else if (is("horizontalpodautoscalers"))
        takeAll(cluster.autoscalers, objects, source, at);
    else if (is("networkpolicies"))
        takeAll(cluster.networkPolicies, objects, source, at);
    else if (is("configmaps"))
        cluster.meshConfig.take(objects.map(decodeMeshConfig), source, at);
    else if (is("roots"))
        cluster.roots.take(objects.map(decodeRoots), source, at);
    else if (is("serviceaccounts"))
        cluster.accounts.take(objects.map([](const QList<QJsonObject> &list) {
            QHash<QString, QString> uids;
            for (const QJsonObject &account : list)
                uids.insert(account[u"metadata"][u"name"].toString(), account[u"metadata"][u"uid"].toString());
            return uids;
        }),
            source, at);
    else if (is("remotesecrets"))
        cluster.remoteSecrets.take(objects.map([&](const QList<QJsonObject> &list) {
            QList<RemoteSecretFacts> facts;
            for (const QJsonObject &secret : list) {
                for (const DecodedSecret &one : decodeRemoteSecret(secret)) {
                    facts.append(one.facts);
                    if (tokens && !one.token.isEmpty())
                        tokens->append({ cluster.name, one.facts.name, one.facts.key, one.facts.authorities, one.token });
                }
            }
            return facts;
        }),
            source, at);
}

/// What vouches for the API server besides the kubeconfig: the bundle that every namespace gets.
void readAuthorities(ClusterObjects &cluster, const QList<QJsonObject> &configMaps)
{
    for (const QJsonObject &map : configMaps)
        if (map[u"metadata"][u"name"].toString() == u"kube-root-ca.crt")
            for (const pki::CertificateInfo &one : decodeBundle(map[u"data"][u"ca.crt"].toString().toUtf8()).certificates)
                cluster.authorities.insert(one.sha256);
}

Reading begin(session::Session &session, const QString &name, const std::stop_token &stop)
{
    Reading reading;
    reading.cluster.name = name;
    reading.client = session.cluster(name);
    if (!reading.client) {
        reading.cluster.server.take(core::fail(session.clusterError(name).value_or(core::Error::make(ErrorKind::InvalidInput,
                                        Say::tr("read the cluster"), name, Say::tr("the environment does not know it")))),
            Say::tr("the environment"), QDateTime::currentDateTimeUtc());
        return reading;
    }
    for (const QSslCertificate &authority : reading.client->access().tls.trusted)
        reading.cluster.authorities.insert(QString::fromLatin1(authority.digest(QCryptographicHash::Sha256).toHex()));
    reading.version = reading.client->version(stop);
    for (const ObjectQuestion &question : questions())
        reading.lists.append(reading.client->list(question.kind, question.ns, question.labels, stop));
    reading.issuer = reading.client->get(kube::kinds::secrets, systemNamespace, QStringLiteral("cacerts"), stop);
    return reading;
}

ServerFacts factsOf(const kube::ServerVersion &version, const QDateTime &now)
{
    ServerFacts facts { version.gitVersion, version.major, version.minor, std::nullopt };
    if (version.date.isValid())
        facts.clockAheadMs = now.msecsTo(version.date);
    return facts;
}

ClusterObjects finish(Reading &reading, QList<Token> &tokens, const std::stop_token &stop)
{
    ClusterObjects &cluster = reading.cluster;
    if (!reading.client)
        return cluster;
    const QString on = Say::tr("%1 on %2").arg(QStringLiteral("GET %1"), cluster.name);
    const auto version = core::await(reading.version, stop);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    cluster.server.take(
        version.map([&](const kube::ServerVersion &one) { return factsOf(one, now); }), on.arg(QStringLiteral("/version")), now);
    for (qsizetype i = 0; i < reading.lists.size(); ++i) {
        const ObjectQuestion &question = questions().at(i);
        auto answer = core::await(reading.lists.at(i), stop);
        Result<QList<QJsonObject>> objects;
        if (answer)
            objects = std::move(answer->items);
        else if (answer.error().kind == ErrorKind::NotFound) // a kind that it does not have
            objects = QList<QJsonObject>();
        else
            objects = core::fail(answer.error());
        QString what = question.kind.plural;
        if (!question.ns.isEmpty())
            what = question.ns + u'/' + what;
        if (!question.labels.isEmpty())
            what += u'?' + question.labels;
        if (objects && question.key == u"configmaps")
            readAuthorities(cluster, *objects);
        takeList(cluster, question.key, objects, on.arg(what), QDateTime::currentDateTimeUtc(), &tokens);
    }
    auto issuer = core::await(*reading.issuer, stop);
    const bool isAbsent = !issuer && issuer.error().kind == ErrorKind::NotFound;
    cluster.issuer.take(
        isAbsent ? Result<IssuerFacts>(IssuerFacts()) : issuer.map([&](const QJsonObject &secret) { return decodeIssuer(secret, now); }),
        on.arg(QStringLiteral("istio-system/secrets/cacerts")), QDateTime::currentDateTimeUtc());
    return cluster;
}

/// The cluster that @p token is for and that can be asked; null: none, or nobody knows which.
const ClusterObjects *ownerOf(const Token &token, const QList<ClusterObjects> &clusters)
{
    std::vector<mesh::istio::SecretCandidate> candidates;
    for (const ClusterObjects &cluster : clusters)
        candidates.push_back({ cluster.name, cluster.meshConfig.get().clusterId, cluster.authorities, cluster.name == token.reader });
    const qsizetype found = mesh::istio::secretTarget(token.key, token.authorities, candidates);
    if (found < 0 || clusters.at(found).name == token.reader || !clusters.at(found).server.isRead())
        return nullptr;
    return &clusters.at(found);
}

/// @p readers: whose remote secrets they are of.
void askForTokens(session::Session &session, QList<ClusterObjects> &clusters, const QStringList &readers, const QList<Token> &tokens,
    const std::stop_token &stop)
{
    QHash<QString, Result<QList<TokenVerdict>>> verdicts;
    struct Asked {
        const Token *token;
        QString cluster;
        QFuture<Result<QJsonObject>> answer;
    };
    std::deque<Asked> open;
    const auto settleFirst = [&] {
        const Asked asked = open.front();
        open.pop_front();
        const auto answer = core::await(asked.answer, stop);
        auto &of = verdicts[asked.token->reader];
        if (!answer) {
            of = core::fail(answer.error());
            return;
        }
        if (!of)
            return;
        of->append(mesh::istio::verdictOf(*answer, asked.token->secret, asked.token->key, asked.cluster));
    };
    for (const Token &token : tokens) {
        const ClusterObjects *owner = ownerOf(token, clusters);
        kube::KubeClient *client = owner ? session.cluster(owner->name) : nullptr;
        if (!client)
            continue;
        open.push_back({ &token, owner->name, mesh::istio::reviewToken(*client, token.token, stop) });
        while (open.size() >= sideBySide)
            settleFirst();
    }
    while (!open.empty())
        settleFirst();
    for (ClusterObjects &cluster : clusters) {
        if (!readers.contains(cluster.name))
            continue;
        const QDateTime now = QDateTime::currentDateTimeUtc();
        const QString source = Say::tr("TokenReview on the clusters that the tokens are for");
        if (cluster.remoteSecrets.isRead())
            cluster.tokens.take(verdicts.value(cluster.name, QList<TokenVerdict>()), source, now);
        else
            cluster.tokens.take(core::fail(cluster.remoteSecrets.error.value_or(core::Error())), source, now);
    }
}

} // namespace

QList<ClusterObjects> readObjects(session::Session &session, std::stop_token stop)
{
    return rereadObjects(session, session.clusterNames(), {}, std::move(stop));
}

QList<ClusterObjects> rereadObjects(session::Session &session, const QStringList &names, QList<ClusterObjects> known, std::stop_token stop)
{
    QList<Token> tokens;
    std::deque<Reading> open;
    const auto settleFirst = [&] {
        const ClusterObjects cluster = finish(open.front(), tokens, stop);
        open.pop_front();
        const auto same = std::find_if(known.begin(), known.end(), [&](const ClusterObjects &one) { return one.name == cluster.name; });
        if (same == known.end())
            known.append(cluster);
        else
            *same = cluster;
    };
    for (const QString &name : names) {
        open.push_back(begin(session, name, stop));
        if (open.size() >= sideBySide)
            settleFirst();
    }
    while (!open.empty())
        settleFirst();
    askForTokens(session, known, names, tokens, stop);
    return known;
}

ClusterObjects decodeObjects(const QString &name, const ObjectLists &lists, const ServerFacts &server, const QDateTime &at)
{
    ClusterObjects cluster;
    cluster.name = name;
    cluster.server.take(server, QStringLiteral("/version"), at);
    for (const ObjectQuestion &question : questions()) {
        const auto found = lists.constFind(question.key);
        if (found == lists.cend())
            continue;
        if (question.key == u"configmaps")
            readAuthorities(cluster, *found);
        takeList(cluster, question.key, *found, QStringLiteral("GET %1 on %2").arg(question.kind.plural, name), at, nullptr);
    }
    if (const auto secrets = lists.constFind(QStringLiteral("secrets")); secrets != lists.cend()) {
        std::optional<QJsonObject> issuer;
        for (const QJsonObject &secret : *secrets)
            if (secret[u"metadata"][u"name"].toString() == u"cacerts")
                issuer = secret;
        cluster.issuer.take(decodeIssuer(issuer, at), QStringLiteral("GET secrets/cacerts on %1").arg(name), at);
    }
    return cluster;
}

} // namespace catamaran::observe
