// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/meshobjects.h"

#include "documents/yamlobjects.h"
#include "kube/kubeconfig.h"
#include "mesh/istio/say.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace catamaran::mesh {

namespace {

constexpr qsizetype longestToken = 64 * 1024;

QString nameOf(const QJsonObject &object)
{
    return object[u"metadata"][u"name"].toString();
}

QByteArray dataOf(const QJsonObject &secret, QStringView key)
{
    return QByteArray::fromBase64(secret[u"data"][key].toString().toLatin1());
}

/// What a token (JWT) says of itself; nobody verifies it here.
QJsonObject claimsOf(const QByteArray &token)
{
    const QList<QByteArray> parts = token.size() > longestToken ? QList<QByteArray>() : token.split('.');
    if (parts.size() != 3)
        return {};
    return QJsonDocument::fromJson(QByteArray::fromBase64(parts.at(1), QByteArray::Base64UrlEncoding)).object();
}

void readClaims(const QByteArray &token, RemoteSecretFacts &facts)
{
    const QJsonObject claims = claimsOf(token);
    if (const QJsonValue until = claims.value(u"exp"); until.isDouble())
        facts.tokenExpires = QDateTime::fromSecsSinceEpoch(qint64(until.toDouble()), Qt::UTC);
    if (const QJsonValue since = claims.value(u"iat"); since.isDouble())
        facts.tokenIssued = QDateTime::fromSecsSinceEpoch(qint64(since.toDouble()), Qt::UTC);
    const QJsonValue bound = claims.value(u"kubernetes.io"); // tokens that were asked for
    facts.accountUid = bound[u"serviceaccount"][u"uid"].toString(
        claims.value(u"kubernetes.io/serviceaccount/service-account.uid").toString()); // those of a Secret
    const QString ns = bound[u"namespace"].toString(claims.value(u"kubernetes.io/serviceaccount/namespace").toString());
    const QString name
        = bound[u"serviceaccount"][u"name"].toString(claims.value(u"kubernetes.io/serviceaccount/service-account.name").toString());
    if (!name.isEmpty())
        facts.account = keyOf(ns, name);
}

DecodedSecret readEntry(const QJsonObject &secret, const QString &key)
{
    DecodedSecret one;
    one.facts.ns = secret[u"metadata"][u"namespace"].toString();
    one.facts.name = nameOf(secret);
    one.facts.created = QDateTime::fromString(secret[u"metadata"][u"creationTimestamp"].toString(), Qt::ISODate).toUTC();
    one.facts.key = key;
    one.facts.annotated = secret[u"metadata"][u"annotations"][u"networking.istio.io/cluster"].toString();
    const auto config = kube::parseKubeconfig(dataOf(secret, key), one.facts.name, kube::Origin::Network);
    const auto access = config ? kube::resolveContext(*config) : core::fail(config.error());
    if (!access) {
        one.facts.trouble = access.error().answer;
        return one;
    }
    one.facts.server = access->server.toString();
    for (const QSslCertificate &authority : access->tls.trusted)
        one.facts.authorities.insert(QString::fromLatin1(authority.digest(QCryptographicHash::Sha256).toHex()));
    one.facts.certificateExpires = access->clientCertificateExpires;
    one.facts.hasToken = !access->token.isEmpty();
    one.token = access->token;
    readClaims(access->token.reveal(), one.facts);
    return one;
}

QString textOf(const QJsonObject &object, QStringView key)
{
    return object.value(key).toString();
}

QStringList textsOf(const QJsonValue &list)
{
    QStringList result;
    for (const QJsonValue &one : list.toArray())
        if (result.size() < mostEntries)
            result.append(one.toString());
    return result;
}

void readMesh(const QJsonObject &mesh, MeshConfigFacts &facts)
{
    if (const QString domain = textOf(mesh, u"trustDomain"); !domain.isEmpty())
        facts.trustDomain = domain;
    facts.trustDomainAliases = textsOf(mesh.value(u"trustDomainAliases"));
    if (const QString root = textOf(mesh, u"rootNamespace"); !root.isEmpty())
        facts.rootNamespace = root;
    for (const QJsonValue &setting : mesh.value(u"serviceSettings").toArray())
        if (setting[u"settings"][u"clusterLocal"].toBool())
            facts.clusterLocalHosts += textsOf(setting[u"hosts"]);
}

void readNetworks(const QJsonObject &document, MeshConfigFacts &facts)
{
    const QJsonObject networks = document.value(u"networks").toObject();
    for (auto it = networks.begin(); it != networks.end() && facts.fromRegistry.size() < mostEntries; ++it) {
        for (const QJsonValue &endpoint : it.value()[u"endpoints"].toArray())
            if (const QString registry = endpoint[u"fromRegistry"].toString(); !registry.isEmpty())
                facts.fromRegistry[it.key()].append(registry);
        for (const QJsonValue &gateway : it.value()[u"gateways"].toArray())
            if (const QString service = gateway[u"registryServiceName"].toString(); !service.isEmpty())
                facts.registryGateways[it.key()].append(service);
    }
}

core::Result<QJsonObject> oneDocument(const QString &yaml, const QString &origin)
{
    const auto documents = documents::yamlObjects(yaml.toUtf8(), origin, istio::Say::tr("read the mesh's configuration"));
    if (!documents)
        return core::fail(documents.error());
    return documents->isEmpty() ? QJsonObject() : documents->first().object;
}

} // namespace

QString keyOf(const QString &ns, const QString &name)
{
    return ns + u'/' + name;
}

BundleFacts decodeBundle(const QByteArray &pem)
{
    BundleFacts bundle;
    const auto certificates = pki::readBundle(pem);
    if (!certificates) {
        bundle.trouble = certificates.error().answer;
        return bundle;
    }
    bundle.certificates = certificates->mid(0, 64);
    if (const auto roots = pki::rootFingerprints(pem))
        bundle.roots = *roots;
    return bundle;
}

MeshConfigFacts decodeMeshConfig(const QList<QJsonObject> &configMaps)
{
    MeshConfigFacts facts;
    QString chosen, injector; // "istio" before "istio-<revision>"
    for (const QJsonObject &map : configMaps) {
        const QString name = nameOf(map);
        const QJsonObject data = map.value(u"data").toObject();
        if (data.contains(u"mesh") && (name == u"istio" || (name.startsWith(u"istio-") && chosen != u"istio"))) {
            chosen = name;
            facts.isThere = true;
            facts.clusterLocalHosts.clear();
            facts.fromRegistry.clear();
            facts.registryGateways.clear();
            const auto mesh = oneDocument(textOf(data, u"mesh"), name + QStringLiteral(".mesh"));
            const auto networks = oneDocument(textOf(data, u"meshNetworks"), name + QStringLiteral(".meshNetworks"));
            facts.trouble = !mesh ? mesh.error().text() : !networks ? networks.error().text() : QString();
            readMesh(mesh.value_or(QJsonObject()), facts);
            readNetworks(networks.value_or(QJsonObject()), facts);
        }
        if (data.contains(u"values")
            && (name == u"istio-sidecar-injector"
                || (name.startsWith(u"istio-sidecar-injector-") && injector != u"istio-sidecar-injector"))) {
            injector = name;
            const QJsonValue global = QJsonDocument::fromJson(textOf(data, u"values").toUtf8()).object().value(u"global");
            facts.hasValues = global.isObject();
            facts.network = global[u"network"].toString();
            facts.clusterId = global[u"multiCluster"][u"clusterName"].toString();
            facts.meshId = global[u"meshID"].toString();
        }
    }
    return facts;
}

QHash<QString, BundleFacts> decodeRoots(const QList<QJsonObject> &configMaps)
{
    QHash<QString, BundleFacts> roots;
    QHash<QString, BundleFacts> known; // the same text in every namespace
    for (const QJsonObject &map : configMaps) {
        if (nameOf(map) != u"istio-ca-root-cert")
            continue;
        const QString pem = map[u"data"][u"root-cert.pem"].toString();
        if (!known.contains(pem))
            known.insert(pem, decodeBundle(pem.toUtf8()));
        roots.insert(map[u"metadata"][u"namespace"].toString(), known.value(pem));
    }
    return roots;
}

IssuerFacts decodeIssuer(const std::optional<QJsonObject> &secret, const QDateTime &now)
{
    IssuerFacts facts;
    facts.isThere = secret.has_value();
    if (!secret)
        return facts;
    const QJsonObject data = secret->value(u"data").toObject();
    const bool isTls = data.contains(u"tls.crt"); // the form that cert-manager writes
    const QStringList wanted = isTls ? QStringList { QStringLiteral("tls.crt"), QStringLiteral("tls.key"), QStringLiteral("ca.crt") }
                                     : QStringList { QStringLiteral("ca-cert.pem"), QStringLiteral("ca-key.pem"),
                                           QStringLiteral("root-cert.pem"), QStringLiteral("cert-chain.pem") };
    for (const QString &key : wanted)
        if (data.value(key).toString().isEmpty())
            facts.missing.append(key);
    facts.created = QDateTime::fromString((*secret)[u"metadata"][u"creationTimestamp"].toString(), Qt::ISODate).toUTC();
    const QByteArray certificate = dataOf(*secret, wanted.first());
    const QByteArray root = dataOf(*secret, isTls ? u"ca.crt" : u"root-cert.pem");
    const QByteArray chain = isTls ? certificate : dataOf(*secret, u"cert-chain.pem");
    if (const auto read = pki::readBundle(certificate))
        facts.issuer = read->first();
    facts.root = decodeBundle(root);
    if (facts.issuer && facts.root.trouble.isEmpty()) {
        // What has expired is another matter than what was never signed by it.
        const QDateTime when = std::min(now, facts.issuer->notAfter.addSecs(-1));
        if (const auto verified = pki::verifyChain(certificate, chain, root, std::max(when, facts.issuer->notBefore)); !verified)
            facts.chainTrouble = verified.error().answer;
    }
    return facts;
}

QList<DecodedSecret> decodeRemoteSecret(const QJsonObject &secret)
{
    QList<DecodedSecret> entries;
    const QStringList keys = secret.value(u"data").toObject().keys();
    for (const QString &key : keys.mid(0, mostEntries))
        entries.append(readEntry(secret, key));
    return entries;
}

} // namespace catamaran::mesh
