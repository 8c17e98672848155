// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/environment.h"

#include "core/trustedfile.h"
#include "core/wholepattern.h"
#include "documents/say.h"
#include "documents/secretsource.h"
#include "mesh/providers.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>
#include <QUrl>

#include <algorithm>
#include <vector>

namespace catamaran::documents {

namespace {

constexpr qint64 mostEnvironmentBytes = 1024 * 1024;

EnvironmentCluster readCluster(const YamlValue &value, const QDir &folder)
{
    EnvironmentCluster cluster;
    value.only({ "name", "cloudId", "region", "kubeconfig", "context", "meshServer" });
    cluster.name = value.field("name").label();
    cluster.cloudId = value.maybe("cloudId").text();
    cluster.region = value.maybe("region").text();
    cluster.context = value.maybe("context").text();
    if (const YamlValue server = value.maybe("meshServer")) {
        cluster.meshServer = server.text();
        const QUrl url(cluster.meshServer, QUrl::StrictMode);
        if (!url.isValid() || url.scheme() != u"https" || url.host().isEmpty() || !url.userInfo().isEmpty() || url.hasQuery()
            || url.hasFragment())
            server.reject(Say::tr("must be an address such as “https://10.0.0.1:6443”"));
    }
    if (const YamlValue files = value.maybe("kubeconfig")) {
        if (files.isList() && files.items().isEmpty())
            files.reject(Say::tr("names no file"));
        for (const QString &file : files.isList() ? files.texts() : QStringList { files.text() })
            cluster.kubeconfigs << absolutePath(file, folder);
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
        if (environment.accounts.isEmpty() || cluster.cloudId.isEmpty())
            items.at(i).reject(Say::tr("has no kubeconfig, and without an account, cloudId and region none can be fetched"),
                Say::tr("Add kubeconfig: FILE"));
        else if (cluster.region.isEmpty())
            items.at(i).reject(Say::tr("has no region, which fetching its kubeconfig needs"), Say::tr("Add region: REGION"));
    }
}

ProbePlace readProbe(const YamlValue &value, const QList<EnvironmentCluster> &clusters)
{
    static const QRegularExpression reference = core::wholePattern(QStringLiteral("[A-Za-z0-9][A-Za-z0-9._:/@-]{0,511}"));
    static const QRegularExpression podName
        = core::wholePattern(QStringLiteral("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"));
    value.only({ "image", "namespace", "pods" });
    ProbePlace place;
    const YamlValue image = value.field("image"), ns = value.maybe("namespace"), pods = value.maybe("pods");
    place.image = image.text();
    if (image && !reference.match(place.image).hasMatch())
        image.reject(Say::tr("must be an image such as “registry.example.com/tools/curl:8”, which has sh and curl"));
    if (bool(ns) == bool(pods))
        value.reject(
            Say::tr("needs either a namespace (a Deployment of one pod stands there) or pods (an ephemeral container is added to them)"),
            Say::tr("Write probe: { image: IMAGE, namespace: NAMESPACE } or probe: { image: IMAGE, pods: { CLUSTER: NAMESPACE/POD } }"));
    if (ns)
        place.ns = ns.label();
    if (pods && pods.isMap() && pods.keys().isEmpty())
        pods.reject(Say::tr("names no pod"));
    for (const QString &cluster : pods ? pods.keys() : QStringList()) {
        const YamlValue pod = pods.field(cluster.toUtf8().constData());
        const QString text = pod.text();
        if (!podName.match(text).hasMatch())
            pod.reject(Say::tr("must be NAMESPACE/NAME of a pod or of a Deployment"));
        if (std::none_of(clusters.begin(), clusters.end(), [&](const EnvironmentCluster &one) { return one.name == cluster; }))
            pod.reject(Say::tr("the environment has no cluster “%1”").arg(cluster));
        place.pods.insert(cluster, text);
    }
    return place;
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
    // Each provider that needs an account has a section of its own.
    std::vector<std::pair<const mesh::ProviderKind *, QByteArray>> sections;
    std::vector<const char *> known { "colour", "production", "clusters", "lease", "probe" };
    for (const mesh::ProviderKind *kind : mesh::providerKinds())
        if (kind->needsAccount())
            sections.emplace_back(kind, kind->words().section.toUtf8());
    for (const auto &section : sections)
        known.push_back(section.second.constData());
    spec.only(known);
    if (const YamlValue colour = spec.maybe("colour")) {
        static const QRegularExpression form = core::wholePattern(QStringLiteral("#[0-9A-Fa-f]{6}"));
        environment.colour = colour.text();
        if (!form.match(environment.colour).hasMatch())
            colour.reject(Say::tr("must be a colour such as \"#0B6BCB\", in quotes"));
    }
    environment.production = spec.maybe("production").boolean();
    for (const auto &[kind, name] : sections)
        if (const YamlValue section = spec.maybe(name.constData()))
            if (auto account = kind->readAccount(section, folder))
                environment.accounts << account;
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
    if (const YamlValue probe = spec.maybe("probe"))
        environment.probe = readProbe(probe, environment.clusters);
    if (clusters && environment.clusters.isEmpty() && environment.accounts.isEmpty())
        clusters.reject(Say::tr("names no cluster, and there is no cloud account either"));
    if (const auto error = document.error())
        return core::fail(*error);
    return environment;
}

const mesh::Account *Environment::account(const QString &provider) const
{
    const auto found = std::find_if(
        accounts.begin(), accounts.end(), [&](const auto &account) { return provider.isEmpty() || account->kind().name() == provider; });
    return found == accounts.end() ? nullptr : found->get();
}

core::Result<Environment> loadEnvironment(const QString &file)
{
    // It says where the keys to everything are, and where they are sent: not a line of it may be somebody else's.
    const auto read = core::readTrusted(file, mostEnvironmentBytes, Say::tr("read the environment"));
    if (!read)
        return core::fail(read.error());
    return parseEnvironment(read->content, file);
}

} // namespace catamaran::documents
