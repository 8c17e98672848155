// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "net/httpclient.h"

#include <QDateTime>
#include <QMap>
#include <QStringList>
#include <QUrl>

#include <memory>

/// kubeconfig as client-go reads it (facts kubernetes-wire 1).
namespace catamaran::kube {

struct ExecPlugin;

/// Everything needed to talk to one API server as one identity. Made by resolveContext().
struct ClusterAccess {
    QString name;               ///< the name we show: the context's, or the environment's name for the cluster
    QUrl server;                ///< with its path prefix, without trailing slash
    net::TlsOptions tls;
    core::Secret token;         ///< bearer; empty when a certificate identifies us
    QString tokenFile;          ///< re-read about every minute; beats token while readable
    QString username;           ///< basic auth, for proxies in front of the server
    core::Secret password;
    net::Headers impersonation; ///< Impersonate-User, …
    QString defaultNamespace = QStringLiteral("default");
    QString proxyUrl;
    QDateTime clientCertificateExpires; ///< null without client certificate
    QStringList warnings;       ///< "TLS verification is off", "shadowed by …": shown to the user
    QString clientCertificateFile, clientKeyFile; ///< read again when they change (rotation); empty when given as data
    std::shared_ptr<const ExecPlugin> plugin; ///< gives the credentials when set; run by the client when first needed
};

struct KubeContext {
    QString name, cluster, user, ns;
    QString file; ///< the file that defined it
};

/// The merged configuration of one or several files. Opaque but for its contexts; resolveContext() reads the rest.
class Kubeconfig {
public:
    [[nodiscard]] const QList<KubeContext> &contexts() const;
    [[nodiscard]] const QString &currentContext() const;

    struct Data;
    std::shared_ptr<const Data> d;
};

/// Loads and merges @p files with client-go's rules. Errors name file, line and field.
[[nodiscard]] core::Result<Kubeconfig> loadKubeconfig(const QStringList &files);

/// The files client-go would read: $KUBECONFIG split, or ~/.kube/config.
[[nodiscard]] QStringList defaultKubeconfigFiles();

/// Resolves @p context (the current one when empty) to a connection; certificate files are read here.
[[nodiscard]] core::Result<ClusterAccess> resolveContext(const Kubeconfig &config, const QString &context = {});

/// Parses text that is not in a file (DescribeClusterUserKubeconfig). @p origin names it in errors.
[[nodiscard]] core::Result<Kubeconfig> parseKubeconfig(const QByteArray &yaml, const QString &origin);

/// The proxy Go would take from @p environment for @p server: HTTPS_PROXY or HTTP_PROXY (either case) unless NO_PROXY
/// names the host; never for loopback. Pure.
[[nodiscard]] QString proxyFromEnvironment(const QUrl &server, const QMap<QString, QString> &environment);

} // namespace catamaran::kube
