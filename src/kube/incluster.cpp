// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/configdata.h"

#include "core/trustedfile.h"
#include "kube/say.h"

#include <QFileInfo>
#include <QProcessEnvironment>

/// The cluster in whose pod this program runs, as client-go finds it.
namespace catamaran::kube {

using core::ErrorKind;
using core::Result;

namespace {

/// https://host:port of the environment's Kubernetes service; empty when it names none.
QString serverOfEnvironment()
{
    const auto environment = QProcessEnvironment::systemEnvironment();
    const QString host = environment.value(QStringLiteral("KUBERNETES_SERVICE_HOST")),
                  port = environment.value(QStringLiteral("KUBERNETES_SERVICE_PORT"));
    if (host.isEmpty() || port.isEmpty())
        return {};
    return QStringLiteral("https://%1:%2").arg(host.contains(u':') ? u'[' + host + u']' : host, port);
}

/// The downward API's variable comes first, for pods that were written before there was the file.
QString namespaceOf(const QString &folder)
{
    if (const QString given = qEnvironmentVariable("POD_NAMESPACE"); !given.isEmpty())
        return given;
    const auto read = core::readBounded(folder + QStringLiteral("/namespace"), 1024, {});
    return read ? QString::fromUtf8(read->content.trimmed()) : QString();
}

} // namespace

bool isServiceAccount(const QString &folder)
{
    return QFileInfo(folder).isDir() && QFileInfo(folder + QStringLiteral("/token")).isFile();
}

bool runsInCluster(const QString &folder)
{
    return !serverOfEnvironment().isEmpty() && isServiceAccount(folder);
}

Result<Kubeconfig::Data> readServiceAccount(const QString &folder)
{
    ClusterEntry cluster;
    cluster.file = folder;
    cluster.server = serverOfEnvironment();
    if (cluster.server.isEmpty()) {
        return core::fail(ErrorKind::InvalidInput, Say::tr("use the service account"), folder,
            Say::tr("KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not set, so this program does not run in a pod"),
            Say::tr("Give a kubeconfig instead."));
    }
    Kubeconfig::Data data;
    data.files = { folder };
    if (const QString authority = folder + QStringLiteral("/ca.crt"); QFileInfo::exists(authority)) {
        cluster.authorityFile = authority;
    } else {
        data.issues.append(
            { ConfigIssue::Severity::Warning, folder, Say::tr("There is no ca.crt: this system's certificate authorities are trusted."),
                Say::tr("Mount the cluster's root certificate with the service account.") });
    }
    UserEntry user;
    user.file = folder;
    user.tokenFile = folder + QStringLiteral("/token");
    const QString userName = QStringLiteral("service-account");
    data.clusters.insert(inClusterName, cluster);
    data.users.insert(userName, user);
    data.contexts.append({ inClusterName, inClusterName, userName, namespaceOf(folder), folder });
    data.currentContext = inClusterName;
    return data;
}

} // namespace catamaran::kube
