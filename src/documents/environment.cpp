// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/environment.h"

#include "core/trustedfile.h"
#include "core/wholepattern.h"
#include "documents/strictyaml.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>

namespace catamaran::documents {

namespace {

constexpr qint64 maxBytes = 1024 * 1024;

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Environment)
};

QString absolute(const QString &path, const QDir &folder)
{
    if (path == QLatin1String("~") || path.startsWith(QLatin1String("~/")))
        return QDir::cleanPath(QDir::homePath() + path.mid(1));
    return QDir::cleanPath(folder.absoluteFilePath(path));
}

SecretSource readSecret(const YamlValue &value, const QDir &folder)
{
    SecretSource source;
    if (!value)
        return source;
    if (!value.isMap()) {
        // The text itself is not repeated: it may well be the secret.
        value.reject(
            Say::tr("must say where the secret is, not hold it"), Say::tr("Write { keyring: NAME }, { file: PATH } or { env: VARIABLE }"));
        return source;
    }
    value.only({ "keyring", "file", "env" });
    const YamlValue keyring = value.maybe("keyring"), file = value.maybe("file"), variable = value.maybe("env");
    if (int(keyring.exists()) + int(file.exists()) + int(variable.exists()) != 1) {
        value.reject(Say::tr("must have exactly one of keyring, file and env"));
        return source;
    }
    if (keyring)
        return { SecretSource::Kind::Keyring, keyring.text() };
    if (file)
        return { SecretSource::Kind::File, absolute(file.text(), folder) };
    return { SecretSource::Kind::Variable, variable.text() };
}

/// An https address without path, user or query.
QUrl readEndpoint(const YamlValue &value, const QUrl &fallback)
{
    if (!value)
        return fallback;
    const QUrl url(value.text(), QUrl::StrictMode);
    const bool plain = url.isValid() && url.scheme() == QLatin1String("https") && !url.host().isEmpty() && url.userInfo().isEmpty()
        && !url.hasQuery() && !url.hasFragment() && (url.path().isEmpty() || url.path() == QLatin1String("/"));
    if (!plain)
        value.reject(Say::tr("must be an address like https://host:port"));
    return url;
}

void readEndpoints(const YamlValue &value, const QDir &folder, alicloud::Endpoints &endpoints)
{
    if (!value)
        return;
    value.only({ "servicemesh", "cs", "ca" });
    endpoints.servicemesh = readEndpoint(value.maybe("servicemesh"), endpoints.servicemesh);
    if (const YamlValue cs = value.maybe("cs")) {
        const QString form = cs.text();
        const QString probe = form.contains(QLatin1String("%1")) ? form.arg(QStringLiteral("cn-hangzhou")) : form;
        const QUrl url(probe, QUrl::StrictMode);
        if (!url.isValid() || url.scheme() != QLatin1String("https") || url.host().isEmpty())
            cs.reject(Say::tr("must be an address like https://cs.%1.aliyuncs.com, with %1 for the region").arg(QStringLiteral("%1")));
        endpoints.csTemplate = form;
    }
    if (const YamlValue ca = value.maybe("ca")) {
        const QString file = absolute(ca.text(), folder);
        const auto read = core::readTrusted(file, maxBytes, {}); // whoever may write it is the authority
        if (!read) {
            ca.reject(Say::tr("“%1” cannot be read: %2").arg(file, read.error().answer), read.error().remedy);
            return;
        }
        endpoints.trusted = QSslCertificate::fromData(read->content, QSsl::Pem);
        if (endpoints.trusted.isEmpty())
            ca.reject(Say::tr("“%1” holds no PEM certificate").arg(file));
    }
}

CloudAccount readCloud(const YamlValue &value, const QDir &folder)
{
    CloudAccount account;
    value.only({ "accessKeyId", "accessKeySecret", "regions", "endpoints" });
    account.accessKeyId = value.field("accessKeyId").text();
    account.secret = readSecret(value.field("accessKeySecret"), folder);
    const YamlValue regions = value.field("regions");
    account.regions = regions.texts();
    static const QRegularExpression form = core::wholePattern(QStringLiteral("[a-z]{2}-[a-z0-9-]{1,60}"));
    for (const YamlValue &region : regions.items())
        if (!form.match(region.text()).hasMatch())
            region.reject(Say::tr("must be a region such as cn-hangzhou, but is “%1”").arg(region.text().left(60)));
    if (QSet<QString>(account.regions.begin(), account.regions.end()).size() != account.regions.size())
        regions.reject(Say::tr("names a region twice"));
    if (regions && account.regions.isEmpty())
        regions.reject(Say::tr("names no region"));
    readEndpoints(value.maybe("endpoints"), folder, account.endpoints);
    return account;
}

EnvironmentCluster readCluster(const YamlValue &value, const QDir &folder)
{
    EnvironmentCluster cluster;
    value.only({ "name", "cloudId", "region", "kubeconfig", "context" });
    cluster.name = value.field("name").label();
    cluster.cloudId = value.maybe("cloudId").text();
    cluster.region = value.maybe("region").text();
    cluster.context = value.maybe("context").text();
    if (const YamlValue files = value.maybe("kubeconfig")) {
        if (files.isList() && files.items().isEmpty())
            files.reject(Say::tr("names no file"));
        for (const QString &file : files.isList() ? files.texts() : QStringList { files.text() })
            cluster.kubeconfigs << absolute(file, folder);
    }
    return cluster;
}

void checkClusters(const YamlValue &list, const Environment &environment)
{
    QSet<QString> names, ids;
    const QList<YamlValue> items = list.items();
    for (int i = 0; i < items.size() && i < environment.clusters.size(); ++i) {
        const EnvironmentCluster &cluster = environment.clusters.at(i);
        if (names.contains(cluster.name))
            items.at(i).reject(Say::tr("the name “%1” is used twice").arg(cluster.name));
        if (!cluster.cloudId.isEmpty() && ids.contains(cluster.cloudId))
            items.at(i).reject(Say::tr("the cloudId “%1” is used twice").arg(cluster.cloudId));
        names.insert(cluster.name);
        ids.insert(cluster.cloudId);
        if (!cluster.kubeconfigs.isEmpty())
            continue;
        if (!environment.cloud || cluster.cloudId.isEmpty())
            items.at(i).reject(Say::tr("has no kubeconfig, and without alibabaCloud, cloudId and region none can be fetched"),
                Say::tr("Add kubeconfig: FILE"));
        else if (cluster.region.isEmpty())
            items.at(i).reject(Say::tr("has no region, which fetching its kubeconfig needs"), Say::tr("Add region: REGION"));
    }
}

} // namespace

core::Result<Environment> parseEnvironment(const QByteArray &yaml, const QString &file)
{
    const YamlDocument document(yaml, file, Say::tr("read the environment"), QStringLiteral("Environment"));
    const QFileInfo info(file);
    const QDir folder = info.absoluteDir();
    Environment environment;
    environment.file = file.isEmpty() ? QString() : info.absoluteFilePath();
    environment.name = document.name();
    const YamlValue spec = document.spec();
    spec.only({ "colour", "production", "alibabaCloud", "clusters", "lease" });
    if (const YamlValue colour = spec.maybe("colour")) {
        static const QRegularExpression form = core::wholePattern(QStringLiteral("#[0-9A-Fa-f]{6}"));
        environment.colour = colour.text();
        if (!form.match(environment.colour).hasMatch())
            colour.reject(Say::tr("must be a colour such as \"#0B6BCB\", in quotes"));
    }
    environment.production = spec.maybe("production").boolean();
    if (const YamlValue cloud = spec.maybe("alibabaCloud"))
        environment.cloud = readCloud(cloud, folder);
    const YamlValue clusters = spec.field("clusters");
    for (const YamlValue &cluster : clusters.items())
        environment.clusters << readCluster(cluster, folder);
    checkClusters(clusters, environment);
    if (const YamlValue lease = spec.maybe("lease")) {
        lease.only({ "cluster", "namespace" });
        environment.lease = { lease.field("cluster").label(), lease.field("namespace").label() };
        const auto named = [&](const EnvironmentCluster &one) { return one.name == environment.lease->cluster; };
        if (std::none_of(environment.clusters.begin(), environment.clusters.end(), named))
            lease.field("cluster").reject(Say::tr("must be one of the clusters below, but is “%1”").arg(environment.lease->cluster));
    }
    if (clusters && environment.clusters.isEmpty() && !environment.cloud)
        clusters.reject(Say::tr("names no cluster, and there is no cloud account either"));
    if (const auto error = document.error())
        return core::fail(*error);
    return environment;
}

core::Result<Environment> loadEnvironment(const QString &file)
{
    // It says where the keys to everything are, and where they are sent: not a line of it may be somebody else's.
    const auto read = core::readTrusted(file, maxBytes, Say::tr("read the environment"));
    if (!read)
        return core::fail(read.error());
    return parseEnvironment(read->content, file);
}

} // namespace catamaran::documents
