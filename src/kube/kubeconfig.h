// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "core/secret.h"
#include "kube/byhand.h"
#include "net/httpclient.h"

#include <QDateTime>
#include <QMap>
#include <QStringList>
#include <QUrl>

#include <memory>
#include <optional>

/// kubeconfig as client-go reads it (facts kubernetes-wire 1).
namespace catamaran::kube {

struct ExecPlugin;

/// One thing worth saying about a configuration: what a screen lists.
struct ConfigIssue {
    enum class Severity {
        Note, ///< good to know: a shadowed entry, the environment's proxy
        Warning, ///< it works, but not as one may think: no verification, a certificate that ends soon
        Error, ///< the context cannot be used
    };
    Severity severity = Severity::Note;
    QString where; ///< "user alice in /home/a/.kube/config"; may be empty
    QString what; ///< one sentence
    QString hint; ///< how to mend it; may be empty

    /// "<what> <hint>", for lists of one line. Never holds a secret.
    [[nodiscard]] QString text() const { return hint.isEmpty() ? what : what + u' ' + hint; }
    bool operator==(const ConfigIssue &) const = default;
};

/// Everything needed to talk to one API server as one identity. Made by resolveContext().
struct ClusterAccess {
    QString name; ///< the name we show: the context's, or the environment's name for the cluster
    QUrl server; ///< with its path prefix, without trailing slash
    net::TlsOptions tls;
    core::Secret token; ///< bearer; empty when a certificate identifies us
    QString tokenFile; ///< re-read about every minute; beats token while readable
    QString username; ///< basic auth, for proxies in front of the server
    core::Secret password;
    net::Headers impersonation; ///< Impersonate-User, …
    QString defaultNamespace = QStringLiteral("default");
    QString proxyUrl;
    QDateTime clientCertificateExpires; ///< null without client certificate
    QStringList warnings; ///< the text of every issue, for where one line is enough
    QList<ConfigIssue> issues; ///< "TLS verification is off", "shadowed by …": shown to the user; none is an Error
    bool disableCompression = false; ///< answers come without gzip
    QString clientCertificateFile, clientKeyFile; ///< read again when they change (rotation); empty when given as data
    ByHand byHand; ///< the same connection for kubectl; empty when it is not from files
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
    /// What concerns the files and no single context: missing files, files that others can read.
    [[nodiscard]] const QList<ConfigIssue> &issues() const;

    struct Data;
    std::shared_ptr<const Data> d;
};

/// Where Kubernetes puts the service account of a pod: token, ca.crt and namespace.
inline const QString serviceAccountFolder = QStringLiteral("/var/run/secrets/kubernetes.io/serviceaccount");
/// The name of the context, and of its cluster, that such a folder stands for.
inline const QString inClusterName = QStringLiteral("in-cluster");

/// Loads and merges @p files with client-go's rules. Errors name file, line and field. A file that others own or may change
/// is refused (core::readTrusted). One file alone must exist (it was named by somebody); of several, those that are missing
/// are left out. The folder of a service account counts as a
/// file: it is the cluster in whose pod this program runs.
[[nodiscard]] core::Result<Kubeconfig> loadKubeconfig(const QStringList &files);

/// The files client-go would read: $KUBECONFIG split, or ~/.kube/config.
[[nodiscard]] QStringList defaultKubeconfigFiles();

/// Whether this program runs in a pod, as client-go judges: the environment has KUBERNETES_SERVICE_HOST and _PORT, and
/// @p folder a token.
[[nodiscard]] bool runsInCluster(const QString &folder = serviceAccountFolder);

/// Loads the default files. What is missing is an issue, not an error: the configuration is then empty. When nothing at
/// all is configured and this program runs in a pod (@p folder has its service account), it is that pod's cluster.
[[nodiscard]] core::Result<Kubeconfig> loadDefaultKubeconfig(const QString &folder = serviceAccountFolder);

/// Resolves @p context (the current one when empty) to a connection; certificate files are read here.
[[nodiscard]] core::Result<ClusterAccess> resolveContext(const Kubeconfig &config, const QString &context = {});

/// What a screen shows of one context: what it resolves to and everything that is worth saying, most severe first.
/// Nothing in it is a secret but @c access.
struct ContextReport {
    QString context, cluster, user, ns; ///< ns: the one in force
    QString file;
    QString server; ///< as text, with its path prefix
    QString trust; ///< whom we trust: "certificate authority k8s-ca until 2034-01-01", "this system's authorities", "nobody is verified"
    QString identity; ///< who we are: "client certificate alice (group system:masters) until …", "token", "plugin kubelogin", "anonymous"
    QString actingAs; ///< impersonated user; empty without
    QString proxy; ///< without user and password; empty without
    QList<ConfigIssue> issues;
    std::optional<ClusterAccess> access; ///< null when an issue is an Error

    [[nodiscard]] bool usable() const { return access.has_value(); }
};

/// Judges @p context (the current one when empty), never failing: what is wrong becomes issues of severity Error. All
/// errors of cluster and user are named, not only the first.
[[nodiscard]] ContextReport inspectContext(const Kubeconfig &config, const QString &context = {});

/// Who wrote a kubeconfig.
enum class Origin {
    User, ///< a file of the user's own: it may do all that kubectl lets it do
    Network, ///< an answer. It gives server, tls-server-name, certificate-authority-data, client-certificate-data,
             ///< client-key-data and token; what names a program, a file, a proxy or somebody to be, or turns verification
             ///< off, is refused with its field, and so is a server without https
};

/// Parses text that is not in a file (a cloud's answer). @p name names it in errors.
[[nodiscard]] core::Result<Kubeconfig> parseKubeconfig(const QByteArray &yaml, const QString &name, Origin origin);

/// The proxy Go would take from @p environment for @p server: HTTPS_PROXY or HTTP_PROXY (either case) unless NO_PROXY
/// names the host; never for loopback. Pure.
[[nodiscard]] QString proxyFromEnvironment(const QUrl &server, const QMap<QString, QString> &environment);

} // namespace catamaran::kube
