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

#include <algorithm>
#include <vector>

namespace catamaran::documents {

namespace {

constexpr qint64 mostEnvironmentBytes = 1024 * 1024;

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
    // Each provider has a section of its own.
    QList<QByteArray> sections;
    std::vector<const char *> known { "colour", "production", "clusters", "lease" };
    for (const mesh::ProviderKind *kind : mesh::providerKinds())
        sections << kind->words().section.toUtf8();
    for (const QByteArray &section : std::as_const(sections))
        known.push_back(section.constData());
    spec.only(known);
    if (const YamlValue colour = spec.maybe("colour")) {
        static const QRegularExpression form = core::wholePattern(QStringLiteral("#[0-9A-Fa-f]{6}"));
        environment.colour = colour.text();
        if (!form.match(environment.colour).hasMatch())
            colour.reject(Say::tr("must be a colour such as \"#0B6BCB\", in quotes"));
    }
    environment.production = spec.maybe("production").boolean();
    for (qsizetype i = 0; i < sections.size(); ++i)
        if (const YamlValue section = spec.maybe(sections.at(i).constData()))
            if (auto account = mesh::providerKinds().at(i)->readAccount(section, folder))
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
