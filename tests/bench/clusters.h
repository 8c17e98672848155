// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"
#include "kube/kubeconfig.h"

#include <QFile>
#include <QSslKey>
#include <QTemporaryDir>

namespace catamaran::bench {

inline core::Result<kube::ClusterAccess> accessOf(const QString &kubeconfig)
{
    const auto config = kube::loadKubeconfig({ kubeconfig });
    if (!config)
        return core::fail(config.error());
    return kube::resolveContext(*config);
}

/// curl's arguments for a request to @p path with the kubeconfig's identity; its files go into @p folder. It prints the
/// seconds of the whole transfer, its connection included.
inline QStringList curlArguments(const kube::ClusterAccess &access, const QTemporaryDir &folder, const QString &path)
{
    const auto write = [&](const QString &name, const QByteArray &bytes) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::WriteOnly)) {
            file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
            file.write(bytes);
        }
        return file.fileName();
    };
    QByteArray trusted, chain;
    for (const QSslCertificate &one : access.tls.trusted)
        trusted += one.toPem();
    for (const QSslCertificate &one : access.tls.clientChain)
        chain += one.toPem();
    QStringList arguments { QStringLiteral("-sS"), QStringLiteral("-f"), QStringLiteral("-o"), QStringLiteral("/dev/null"),
        QStringLiteral("-w"), QStringLiteral("%{time_total} %{size_download}"), QStringLiteral("--cacert"),
        write(QStringLiteral("ca.pem"), trusted) };
    if (!chain.isEmpty())
        arguments += { QStringLiteral("--cert"), write(QStringLiteral("client.pem"), chain), QStringLiteral("--key"),
            write(QStringLiteral("client.key"), access.tls.clientKey.toPem()) };
    if (!access.token.isEmpty())
        arguments += { QStringLiteral("-H"),
            QStringLiteral("@") + write(QStringLiteral("token"), "Authorization: Bearer " + access.token.reveal()) };
    arguments += access.server.toString() + path;
    return arguments;
}

} // namespace catamaran::bench
