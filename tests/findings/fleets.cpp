// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleets.h"

#include "documents/yamlobjects.h"
#include "support/paths.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

namespace catamaran::tests {

namespace {

QByteArray contentOf(const QString &name)
{
    QFile file(sourceFile(QStringLiteral("tests/findings/")) + name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qUtf8Printable(file.fileName()));
    return file.readAll();
}

QList<QJsonObject> documentsOf(const QByteArray &yaml, const QString &origin)
{
    const auto documents = documents::yamlObjects(yaml, origin, QStringLiteral("read a fleet"));
    if (!documents)
        qFatal("%s", qUtf8Printable(documents.error().text()));
    QList<QJsonObject> objects;
    for (const documents::YamlObject &one : *documents)
        objects.append(one.object);
    return objects;
}

/// RFC 7386.
QJsonValue merged(const QJsonValue &into, const QJsonValue &patch)
{
    if (!patch.isObject())
        return patch;
    QJsonObject result = into.toObject();
    const QJsonObject changes = patch.toObject();
    for (auto it = changes.begin(); it != changes.end(); ++it) {
        if (it.value().isNull())
            result.remove(it.key());
        else
            result.insert(it.key(), merged(result.value(it.key()), it.value()));
    }
    return result;
}

QString nameOf(const QJsonObject &object)
{
    const QString ns = object[u"metadata"][u"namespace"].toString(), name = object[u"metadata"][u"name"].toString();
    return ns.isEmpty() ? name : ns + u'/' + name;
}

} // namespace

Fleets::Fleets()
    : m_now(QDateTime::currentDateTimeUtc())
    , m_template(contentOf(QStringLiteral("cluster.yaml")))
{
    using pki::KeyType;
    const auto root = [](const char *name, int days) { return pki::makeRoot(QLatin1StringView(name), KeyType::EcP256, days).value(); };
    const auto issuer = [](const pki::Identity &of, const char *name, int days) {
        return pki::makeIssuingCa(of, QLatin1StringView(name), QStringLiteral("istiod.istio-system.svc"), KeyType::EcP256, days).value();
    };
    const pki::Identity one = root("fleet root", 3650), other = root("another root", 3650);
    pki::LeafRequest request;
    request.commonName = QStringLiteral("leaf");
    request.hours = 24 * 300;
    m_pems = { { QStringLiteral("root"), one.certificate }, { QStringLiteral("other"), other.certificate },
        { QStringLiteral("soonroot"), root("old root", 10).certificate },
        { QStringLiteral("issuer1"), issuer(one, "ca 1", 730).certificate },
        { QStringLiteral("issuer2"), issuer(one, "ca 2", 730).certificate },
        { QStringLiteral("otherissuer"), issuer(other, "ca x", 730).certificate },
        { QStringLiteral("soonissuer"), issuer(one, "ca 1", 10).certificate },
        { QStringLiteral("longissuer"), issuer(one, "ca 2", 4000).certificate },
        { QStringLiteral("leaf"), pki::makeLeaf(one, request).value().certificate },
        { QStringLiteral("api1"), root("api 1", 3650).certificate }, { QStringLiteral("api2"), root("api 2", 3650).certificate } };
}

QByteArray Fleets::pemOf(const QStringList &names) const
{
    QByteArray pem;
    for (const QString &name : names) {
        if (!m_pems.contains(name))
            qFatal("no certificate is called %s", qUtf8Printable(name));
        pem += m_pems.value(name);
    }
    return pem;
}

QString Fleets::filledText(const QString &text) const
{
    if (!text.startsWith(u"{{") || !text.endsWith(u"}}"))
        return text;
    QStringList words = text.mid(2, text.size() - 4).split(u' ');
    const QString what = words.takeFirst();
    if (what == u"pem")
        return QString::fromLatin1(pemOf(words));
    if (what == u"base64")
        return QString::fromLatin1(pemOf(words).toBase64());
    // kubeconfig SERVER CA UID (never|SECONDS), execconfig SERVER CA
    QString user = QStringLiteral("{exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/true}}");
    if (what == u"kubeconfig") {
        QJsonObject claims { { QStringLiteral("kubernetes.io/serviceaccount/namespace"), QStringLiteral("istio-system") },
            { QStringLiteral("kubernetes.io/serviceaccount/service-account.name"), QStringLiteral("istio-reader-service-account") },
            { QStringLiteral("kubernetes.io/serviceaccount/service-account.uid"), words.at(2) } };
        if (words.at(3) != u"never")
            claims.insert(QStringLiteral("exp"), m_now.toSecsSinceEpoch() + words.at(3).toLongLong());
        user = QStringLiteral("{token: %1}")
                   .arg(QString::fromLatin1("e30."
                       + QJsonDocument(claims)
                             .toJson(QJsonDocument::Compact)
                             .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals)
                       + ".c2ln"));
    }
    const QString config
        = QStringLiteral("apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: \"%1\", certificate-authority-data: %2}}]\n"
                         "users: [{name: u, user: %3}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n")
              .arg(words.at(0), QString::fromLatin1(pemOf({ words.at(1) }).toBase64()), user);
    return QString::fromLatin1(config.toUtf8().toBase64());
}

QJsonValue Fleets::filled(const QJsonValue &value) const
{
    if (value.isString())
        return filledText(value.toString());
    if (value.isArray()) {
        QJsonArray array;
        for (const QJsonValue &one : value.toArray())
            array.append(filled(one));
        return array;
    }
    if (!value.isObject())
        return value;
    QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it)
        it.value() = filled(it.value());
    return object;
}

Fleets::World Fleets::base() const
{
    World world;
    for (int number = 1; number <= 2; ++number) {
        QByteArray yaml = m_template;
        yaml.replace("$N", QByteArray::number(number)).replace("$J", QByteArray::number(3 - number));
        Lists lists;
        for (const char *empty :
            { "destinationrules", "virtualservices", "sidecars", "serviceentries", "envoyfilters", "peerauthentications",
                "authorizationpolicies", "poddisruptionbudgets", "horizontalpodautoscalers", "networkpolicies", "tokens" })
            lists.insert(QString::fromLatin1(empty), {});
        for (const QJsonObject &document : documentsOf(yaml, QStringLiteral("cluster.yaml")))
            for (const QJsonValue &item : document.value(u"items").toArray())
                lists[document.value(u"list").toString()].append(filled(item).toObject());
        world.clusters.append(lists);
        world.servers.append({ QStringLiteral("v1.34.4"), 1, 34, 0 });
    }
    return world;
}

void Fleets::change(World &world, const QJsonObject &change, qsizetype cluster) const
{
    if (const QJsonValue server = change.value(u"server"); server.isObject()) {
        world.servers[cluster].version = server[u"version"].toString(world.servers[cluster].version);
        world.servers[cluster].clockAheadMs = server[u"clockAheadMs"].toInt();
        return;
    }
    QList<QJsonObject> &list = world.clusters[cluster][change.value(u"list").toString()];
    if (const QJsonValue added = change.value(u"add"); added.isObject()) {
        QByteArray text = QJsonDocument(added.toObject()).toJson();
        text.replace("$N", QByteArray::number(cluster + 1));
        list.append(filled(QJsonDocument::fromJson(text).object()).toObject());
        return;
    }
    const QString name = change.value(u"object").toString();
    for (qsizetype i = 0; i < list.size(); ++i) {
        if (nameOf(list.at(i)) != name)
            continue;
        if (change.value(u"remove").toBool())
            list.removeAt(i);
        else
            list[i] = filled(merged(list.at(i), change.value(u"merge"))).toObject();
        return;
    }
    qFatal("there is no %s to change", qUtf8Printable(name));
}

findings::FleetFacts Fleets::factsOf(const World &world) const
{
    findings::FleetFacts facts;
    facts.now = m_now;
    for (qsizetype i = 0; i < world.clusters.size(); ++i) {
        const QString name = QStringLiteral("cluster-%1").arg(i + 1);
        observe::ClusterObjects objects = observe::decodeObjects(name, world.clusters.at(i), world.servers.at(i), m_now);
        QList<observe::TokenVerdict> verdicts;
        for (const QJsonObject &one : world.clusters.at(i).value(QStringLiteral("tokens")))
            verdicts.append({ one.value(u"secret").toString(), one.value(u"key").toString(), one.value(u"cluster").toString(),
                one.value(u"accepted").toBool(), {} });
        objects.tokens.take(verdicts, QStringLiteral("TokenReview"), m_now);
        facts.clusters.append(objects);
    }
    facts.meshes.take(QList<mesh::MeshStatus>(), QStringLiteral("DescribeServiceMeshes"), m_now);
    return facts;
}

findings::FleetFacts Fleets::healthy() const
{
    return factsOf(base());
}

const QList<FleetCase> &Fleets::cases(const QString &file)
{
    if (m_cases.contains(file))
        return m_cases[file];
    QList<FleetCase> result;
    const World healthy = base();
    for (const QJsonObject &document : documentsOf(contentOf(file), file)) {
        FleetCase one;
        one.name = document.value(u"case").toString();
        one.rule = document.value(u"rule").toString();
        for (const QJsonValue &rule : document.value(u"also").toArray())
            one.also.append(rule.toString());
        World world = healthy;
        for (const QJsonValue &value : document.value(u"changes").toArray()) {
            const QJsonObject each = value.toObject();
            for (qsizetype cluster = 0; cluster < world.clusters.size(); ++cluster)
                if (each.value(u"both").toBool() || each.value(u"cluster").toInt() == cluster + 1)
                    change(world, each, cluster);
        }
        one.facts = factsOf(world);
        result.append(one);
    }
    return m_cases[file] = result;
}

} // namespace catamaran::tests
