// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/execplugin.h"
#include "kube/kubeconfig.h"

#include <QHash>

#include <optional>

/// What a kubeconfig says, before it is judged: entries by name, paths already resolved against their own file.
namespace catamaran::kube {

struct ClusterEntry {
    QString file;
    QString server, tlsServerName, proxyUrl;
    QString authorityFile;
    QByteArray authorityData;
    bool skipVerification = false;
    bool disableCompression = false;
    QByteArray execConfig; ///< JSON of the extension client.authentication.k8s.io/exec
};

struct UserEntry {
    QString file;
    QString certificateFile, keyFile, tokenFile, username;
    QByteArray certificateData;
    core::Secret keyData, token, password;
    QString impersonateUser, impersonateUid;
    QStringList impersonateGroups;
    QList<QPair<QString, QStringList>> impersonateExtra;
    std::optional<ExecPlugin> exec;
    QString authProvider;
};

struct Kubeconfig::Data {
    Origin origin = Origin::User; ///< of all of it: files are never merged with answers
    QList<KubeContext> contexts;
    QString currentContext;
    QHash<QString, ClusterEntry> clusters;
    QHash<QString, UserEntry> users;
    QHash<QString, QStringList> shadowed; ///< "user alice": the files whose entry of that name is not used
    QStringList files; ///< that were read
    QList<ConfigIssue> issues;
};

/// Reads one file's text. @p file names it in errors, @p folder is what relative paths start from (empty: none may).
/// From the network: no entry that is read names a program, a file or a proxy, or turns verification off.
[[nodiscard]] core::Result<Kubeconfig::Data> readConfigText(
    const QByteArray &yaml, const QString &file, const QString &folder, Origin origin);

/// Reads the service account in @p folder: one context, the cluster that the environment names.
[[nodiscard]] core::Result<Kubeconfig::Data> readServiceAccount(const QString &folder);
/// Whether @p folder holds a service account's token.
[[nodiscard]] bool isServiceAccount(const QString &folder);

/// Adds @p next to @p merged: the first entry of a name wins as a whole.
void mergeConfig(Kubeconfig::Data &merged, const Kubeconfig::Data &next);

/// One context, judged. Every error is kept, the cluster's before the user's; @c access is whole only without errors.
struct Resolution {
    const KubeContext *context = nullptr; ///< null when there is no such context; lives as long as the configuration
    ClusterAccess access;
    QList<core::Error> errors;
};
[[nodiscard]] Resolution judgeContext(const Kubeconfig &config, const QString &context);

/// Why @p proxy cannot be used. @p where names who gave it.
[[nodiscard]] std::optional<core::Error> checkProxy(const QString &where, const QString &proxy, bool fromEnvironment);

} // namespace catamaran::kube
