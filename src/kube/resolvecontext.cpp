// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/wholepattern.h"
#include "kube/configdata.h"
#include "kube/pem.h"

#include "core/trustedfile.h"
#include "kube/say.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcessEnvironment>
#include <QRegularExpression>

#include <algorithm>
#include <iterator>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr qint64 maxPemBytes = 4 * 1024 * 1024;
constexpr qint64 soonSeconds = 12 * 3600; ///< a certificate that ends so soon is worth a word (temporary kubeconfigs)

tl::unexpected<Error> wrong(const QString &where, const QString &what, const QString &remedy = {})
{
    return core::fail(ErrorKind::InvalidInput, Say::tr("use the kubeconfig"), where, what, remedy);
}

using Severity = ConfigIssue::Severity;

void say(ClusterAccess &access, Severity severity, const QString &where, const QString &what, const QString &hint = {})
{
    access.issues.append({ severity, where, what, hint });
}

using ReadFunction = Result<core::ReadFile> (*)(const QString &path, qint64 maxBytes, const QString &tried);

/// One item that may be given as a path or as data, never both. @p read: whose files are good enough.
Result<QByteArray> either(const QString &where, const char *field, const QString &file, const QByteArray &data, ReadFunction read)
{
    const QString name = QString::fromLatin1(field);
    if (!file.isEmpty() && !data.isEmpty())
        return wrong(where, Say::tr("%1 and %1-data are both given").arg(name), Say::tr("Keep one of them."));
    if (file.isEmpty())
        return data;
    const auto bytes = read(file, maxPemBytes, {});
    if (!bytes)
        return wrong(where, Say::tr("unable to read %1 %2: %3").arg(name, file, bytes.error().answer), bytes.error().remedy);
    return bytes->content;
}

/// A DNS-1123 label, which every namespace is.
bool isLabel(const QString &text)
{
    static const QRegularExpression form = core::wholePattern(QStringLiteral("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"));
    return form.match(text).hasMatch();
}

/// The text of a header line as client-go escapes the key of an extra: what is no token character becomes %xx.
QByteArray headerKey(const QString &key)
{
    QByteArray result;
    for (const char c : key.toUtf8()) {
        if (c != '%' && net::isHeader(QByteArray(1, c), {}))
            result += c;
        else
            result += '%' + QByteArray(1, c).toHex().toUpper();
    }
    return result;
}

Result<QUrl> serverUrl(const QString &where, const QString &text)
{
    if (text.isEmpty())
        return wrong(where, Say::tr("the cluster has no server"), Say::tr("Add the API server's address."));
    const bool bare = !text.contains(QLatin1StringView("://"));
    const QUrl url((bare ? QStringLiteral("http://") : QString()) + text, QUrl::StrictMode);
    if (bare && !url.path().isEmpty() && url.path() != u"/")
        return wrong(where, Say::tr("server must be a URL or a host:port pair, but is “%1”").arg(text), Say::tr("Begin it with https://"));
    if (!url.isValid() || url.host().isEmpty())
        return wrong(where, Say::tr("server is not an address: “%1”").arg(text));
    if (url.scheme() != u"http" && url.scheme() != u"https")
        return wrong(where, Say::tr("server has the scheme “%1”; only https and http are possible").arg(url.scheme()));
    QUrl clean = url.adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::StripTrailingSlash);
    if (clean.path() == u"/")
        clean.setPath({});
    return clean;
}

/// The cluster half: address and whom to trust.
std::optional<Error> applyCluster(ClusterAccess &access, const QString &name, const ClusterEntry &cluster)
{
    const QString where = Say::tr("cluster %1 in %2").arg(name, cluster.file);
    const auto server = serverUrl(where, cluster.server);
    if (!server)
        return server.error();
    access.server = *server;
    if (!access.server.userInfo().isEmpty()) {
        access.username = access.server.userName(QUrl::FullyDecoded);
        access.password = core::Secret(access.server.password(QUrl::FullyDecoded).toUtf8());
        access.server.setUserInfo({});
    }
    const bool secure = access.server.scheme() == u"https";
    const bool hasAuthority = !cluster.authorityFile.isEmpty() || !cluster.authorityData.isEmpty();
    if (hasAuthority && cluster.skipVerification)
        return wrong(where, Say::tr("a certificate authority together with insecure-skip-tls-verify is not allowed"),
            Say::tr("Keep the certificate authority."))
            .value();
    const auto authority = either(where, "certificate-authority", cluster.authorityFile, cluster.authorityData,
        &core::readTrusted); // whoever may write it is the authority
    if (!authority)
        return authority.error();
    if (hasAuthority && secure) {
        const auto trusted = parseCertificates(*authority);
        if (!trusted)
            return wrong(where, Say::tr("certificate-authority: %1").arg(trusted.error().answer)).value();
        access.tls.trusted = *trusted;
    }
    if (cluster.skipVerification && secure) {
        access.tls.skipVerification = true;
        say(access, Severity::Warning, where,
            Say::tr("The identity of %1 is not verified (insecure-skip-tls-verify): anybody between can read the credentials.")
                .arg(access.server.host()),
            Say::tr("Give the cluster's certificate-authority-data instead."));
    }
    access.tls.serverName = cluster.tlsServerName;
    access.disableCompression = cluster.disableCompression;
    access.proxyUrl = cluster.proxyUrl;
    if (!access.proxyUrl.isEmpty())
        return checkProxy(where, access.proxyUrl, false);
    QMap<QString, QString> environment;
    const auto process = QProcessEnvironment::systemEnvironment();
    for (const char *key : { "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy" }) {
        if (process.contains(QString::fromLatin1(key)))
            environment.insert(QString::fromLatin1(key), process.value(QString::fromLatin1(key)));
    }
    access.proxyUrl = proxyFromEnvironment(access.server, environment);
    if (!access.proxyUrl.isEmpty()) {
        say(access, Severity::Note, where,
            Say::tr("The environment's proxy %1 is used.").arg(QUrl(access.proxyUrl).toString(QUrl::RemoveUserInfo)),
            Say::tr("Name %1 in NO_PROXY to connect directly.").arg(access.server.host()));
    }
    return checkProxy(where, access.proxyUrl, true);
}

std::optional<Error> applyImpersonation(ClusterAccess &access, const QString &where, const UserEntry &user)
{
    if (user.impersonateUser.isEmpty()) {
        if (!user.impersonateUid.isEmpty() || !user.impersonateGroups.isEmpty() || !user.impersonateExtra.isEmpty())
            return wrong(where, Say::tr("as-uid, as-groups and as-user-extra need “as”")).value();
        return std::nullopt;
    }
    access.impersonation.append({ "Impersonate-User", user.impersonateUser.toUtf8() });
    if (!user.impersonateUid.isEmpty())
        access.impersonation.append({ "Impersonate-Uid", user.impersonateUid.toUtf8() });
    for (const QString &group : user.impersonateGroups)
        access.impersonation.append({ "Impersonate-Group", group.toUtf8() });
    for (const auto &[key, values] : user.impersonateExtra) {
        for (const QString &value : values)
            access.impersonation.append({ "Impersonate-Extra-" + headerKey(key), value.toUtf8() });
    }
    for (const auto &[key, value] : std::as_const(access.impersonation)) {
        if (!net::isHeader(key, value))
            return wrong(where, Say::tr("%1 holds a character that is not allowed").arg(QString::fromLatin1(key))).value();
    }
    return std::nullopt;
}

std::optional<Error> applyCertificate(ClusterAccess &access, const QString &where, const UserEntry &user)
{
    const bool hasCertificate = !user.certificateFile.isEmpty() || !user.certificateData.isEmpty();
    const bool hasKey = !user.keyFile.isEmpty() || !user.keyData.isEmpty();
    if (!hasCertificate && !hasKey)
        return std::nullopt;
    if (hasCertificate != hasKey) {
        return wrong(where,
            hasKey ? Say::tr("there is a client-key, but no client-certificate")
                   : Say::tr("there is a client-certificate, but no client-key"),
            Say::tr("Both halves are needed."))
            .value();
    }
    const auto certificate = either(where, "client-certificate", user.certificateFile, user.certificateData, &core::readBounded);
    if (!certificate)
        return certificate.error();
    const auto key = either(where, "client-key", user.keyFile, user.keyData.reveal(), &core::readBounded);
    if (!key)
        return key.error();
    const core::Secret wiped(*key);
    const auto chain = parseCertificates(*certificate);
    if (!chain)
        return wrong(where, Say::tr("client-certificate: %1").arg(chain.error().answer)).value();
    const auto parsedKey = parsePrivateKey(*key);
    if (!parsedKey)
        return wrong(where, Say::tr("client-key: %1").arg(parsedKey.error().answer)).value();
    if (!keyBelongsTo(*certificate, *key))
        return wrong(where, Say::tr("the client-key does not belong to the client-certificate")).value();
    access.tls.clientChain = *chain;
    access.tls.clientKey = *parsedKey;
    access.clientCertificateFile = user.certificateFile;
    access.clientKeyFile = user.keyFile;
    access.clientCertificateExpires = chain->first().expiryDate().toUTC();
    const QDateTime now = QDateTime::currentDateTimeUtc(), from = chain->first().effectiveDate().toUTC();
    const QString until = access.clientCertificateExpires.toString(Qt::ISODate);
    if (access.clientCertificateExpires < now)
        say(access, Severity::Warning, where, Say::tr("The client certificate expired on %1.").arg(until),
            Say::tr("Fetch a new kubeconfig."));
    else if (from > now)
        say(access, Severity::Warning, where, Say::tr("The client certificate is valid only from %1.").arg(from.toString(Qt::ISODate)),
            Say::tr("Check this machine's clock."));
    else if (now.secsTo(access.clientCertificateExpires) < soonSeconds)
        say(access, Severity::Note, where, Say::tr("The client certificate ends on %1.").arg(until),
            Say::tr("Fetch a new kubeconfig before that."));
    return std::nullopt;
}

std::optional<Error> checkPlugin(const QString &where, const UserEntry &user)
{
    if (!user.exec)
        return std::nullopt;
    const ExecPlugin &plugin = *user.exec;
    if (!user.authProvider.isEmpty())
        return wrong(where, Say::tr("exec and auth-provider are both given")).value();
    if (plugin.command.isEmpty())
        return wrong(where, Say::tr("exec has no command")).value();
    if (plugin.apiVersion != u"client.authentication.k8s.io/v1" && plugin.apiVersion != u"client.authentication.k8s.io/v1beta1") {
        return wrong(where, Say::tr("exec has the apiVersion “%1”, which is not valid").arg(plugin.apiVersion),
            Say::tr("Use client.authentication.k8s.io/v1 (v1alpha1 was removed); often a newer version of the tool writes it."))
            .value();
    }
    for (const auto &[name, value] : plugin.environment) {
        Q_UNUSED(value)
        if (name.isEmpty())
            return wrong(where, Say::tr("exec has an environment entry without a name")).value();
    }
    const bool optional = plugin.apiVersion.endsWith(u"/v1beta1");
    if (plugin.interactiveMode.isEmpty()
            ? !optional
            : !QStringList { QStringLiteral("Never"), QStringLiteral("IfAvailable"), QStringLiteral("Always") }.contains(
                plugin.interactiveMode))
        return wrong(where, Say::tr("exec needs an interactiveMode: Never, IfAvailable or Always")).value();
    return std::nullopt;
}

QByteArray clusterInfo(const ClusterAccess &access, const ClusterEntry &cluster)
{
    QJsonObject info { { QStringLiteral("server"), cluster.server } };
    if (!cluster.tlsServerName.isEmpty())
        info[u"tls-server-name"] = cluster.tlsServerName;
    if (cluster.skipVerification)
        info[u"insecure-skip-tls-verify"] = true;
    QByteArray pem;
    for (const QSslCertificate &certificate : access.tls.trusted)
        pem += certificate.toPem();
    if (!pem.isEmpty())
        info[u"certificate-authority-data"] = QString::fromLatin1(pem.toBase64());
    if (!cluster.proxyUrl.isEmpty())
        info[u"proxy-url"] = cluster.proxyUrl;
    if (cluster.disableCompression)
        info[u"disable-compression"] = true;
    if (!cluster.execConfig.isEmpty())
        info[u"config"] = QJsonDocument::fromJson(cluster.execConfig).array().at(0);
    return QJsonDocument(info).toJson(QJsonDocument::Compact);
}

/// The user half: who we are.
std::optional<Error> applyUser(ClusterAccess &access, const QString &name, const UserEntry &user, const ClusterEntry &cluster)
{
    const QString where = Say::tr("user %1 in %2").arg(name, user.file);
    const bool basic = !user.username.isEmpty() || !user.password.isEmpty();
    if (!user.token.isEmpty() && basic)
        return wrong(where, Say::tr("a token and a user name with password are both given; only one is allowed")).value();
    if (const auto error = checkPlugin(where, user))
        return error;
    if (const auto error = applyImpersonation(access, where, user))
        return error;
    ClusterAccess own; // judged even where it will not be sent
    if (const auto error = applyCertificate(own, where, user))
        return error;

    QByteArray token = user.token.reveal();
    QByteArray fromFile;
    if (!user.tokenFile.isEmpty()) {
        const auto bytes = core::readBounded(user.tokenFile, maxPemBytes, {});
        if (!bytes && token.isEmpty())
            return wrong(where, Say::tr("unable to read tokenFile %1: %2").arg(user.tokenFile, bytes.error().answer)).value();
        if (!bytes)
            say(access, Severity::Warning, where,
                Say::tr("tokenFile %1 cannot be read (%2): the token in the kubeconfig is used.").arg(user.tokenFile, bytes.error().answer),
                Say::tr("Check the path and its permissions."));
        else
            fromFile = bytes->content.trimmed();
    }
    if (token != token.trimmed()) {
        token = token.trimmed();
        say(access, Severity::Note, where, Say::tr("The token of user %1 has spaces or line ends around it; they are left out.").arg(name),
            Say::tr("Other tools may refuse it: remove them."));
    }
    if (!net::isHeader("Authorization", token) || !net::isHeader("Authorization", fromFile))
        return wrong(where, Say::tr("the token holds a line break or another character that is not allowed")).value();

    const bool something = !token.isEmpty() || !fromFile.isEmpty() || basic || !own.tls.clientChain.isEmpty();
    if (access.server.scheme() != u"https") {
        if (something || user.exec || !user.authProvider.isEmpty() || !access.username.isEmpty())
            say(access, Severity::Warning, where, Say::tr("The address is plain http, so no credentials are sent."),
                Say::tr("Begin the cluster's server with https://"));
        access.username.clear();
        access.password = {};
        return std::nullopt;
    }
    if (!user.authProvider.isEmpty()) { // client-go fails here too, whatever else the user has
        const bool oidc = user.authProvider == u"oidc";
        return core::fail(ErrorKind::Unsupported, Say::tr("use the kubeconfig"), where,
            oidc ? Say::tr("the auth-provider “oidc” is not supported here")
                 : Say::tr("the auth-provider “%1” is not supported; Kubernetes has removed these providers").arg(user.authProvider),
            oidc ? Say::tr("Use an exec plugin such as kubelogin, or a token.")
                 : Say::tr("Let the cloud's tool write a new kubeconfig with an exec plugin, or use a token or certificate."))
            .value();
    }
    access.token = core::Secret(fromFile.isEmpty() ? token : fromFile);
    access.tokenFile = user.tokenFile;
    if (basic) {
        access.username = user.username;
        access.password = user.password;
    }
    access.tls.clientChain = own.tls.clientChain;
    access.tls.clientKey = own.tls.clientKey;
    access.clientCertificateFile = own.clientCertificateFile;
    access.clientKeyFile = own.clientKeyFile;
    access.clientCertificateExpires = own.clientCertificateExpires;
    access.issues += own.issues;
    if (user.exec && !something) {
        auto plugin = std::make_shared<ExecPlugin>(*user.exec);
        if (plugin->interactiveMode == u"Always")
            return wrong(where,
                Say::tr("the plugin %1 needs a terminal (interactiveMode Always), which a desktop program does not have")
                    .arg(plugin->command),
                Say::tr(
                    "Log in with it in a terminal, then use a token or certificate; or set interactiveMode to IfAvailable if it can do without."))
                .value();
        if (plugin->provideClusterInfo)
            plugin->clusterInfo = clusterInfo(access, cluster);
        access.plugin = std::move(plugin);
    }
    if (!something && !user.exec && access.username.isEmpty())
        say(access, Severity::Warning, where, Say::tr("User %1 has no credentials: requests are anonymous.").arg(name),
            Say::tr("Add a token, a certificate or an exec plugin."));
    return std::nullopt;
}

} // namespace

Resolution judgeContext(const Kubeconfig &config, const QString &context)
{
    Resolution result;
    ClusterAccess &access = result.access;
    const auto failed = [&result](Error error) {
        result.errors.append(std::move(error));
        return result;
    };
    const QString wanted = context.isEmpty() ? config.currentContext() : context;
    QStringList names;
    for (const KubeContext &candidate : config.contexts()) {
        names.append(candidate.name);
        if (candidate.name == wanted && !result.context)
            result.context = &candidate;
    }
    access.name = wanted;
    access.issues = config.issues();
    const QString files = config.d ? config.d->files.join(QStringLiteral(", ")) : QString();
    const QString choose = names.isEmpty() ? Say::tr("Give a kubeconfig that has a context.")
                                           : Say::tr("Choose one of: %1").arg(names.join(QStringLiteral(", ")));
    if (wanted.isEmpty()) {
        result.context = nullptr;
        return failed(
            wrong(files, names.isEmpty() ? Say::tr("there is no context in it") : Say::tr("no current context is set"), choose).value());
    }
    if (!result.context) {
        return failed(wrong(files,
            context.isEmpty() ? Say::tr("context was not found for specified context: %1 (it is the current-context)").arg(wanted)
                              : Say::tr("context \"%1\" does not exist").arg(wanted),
            choose)
                          .value());
    }
    const KubeContext &found = *result.context;
    const QString where = Say::tr("context %1 in %2").arg(found.name, found.file);
    if (!found.ns.isEmpty())
        access.defaultNamespace = found.ns;
    const auto cluster = config.d->clusters.constFind(found.cluster);
    const bool known = cluster != config.d->clusters.cend();
    if (!known) {
        result.errors.append(wrong(where,
            found.cluster.isEmpty() ? Say::tr("it names no cluster") : Say::tr("its cluster “%1” is not defined").arg(found.cluster),
            Say::tr("Add the cluster, or give the file that has it as well."))
                                 .value());
    } else if (const auto error = applyCluster(access, found.cluster, *cluster)) {
        result.errors.append(*error);
        access.server.setScheme(QStringLiteral("https")); // what the user has is judged all the same
    }
    const auto user = config.d->users.constFind(found.user);
    if (user != config.d->users.cend()) {
        if (const auto error = applyUser(access, found.user, *user, known ? *cluster : ClusterEntry {}))
            result.errors.append(*error);
    } else {
        say(access, Severity::Warning, where,
            found.user.isEmpty() ? Say::tr("The context names no user: requests are anonymous.")
                                 : Say::tr("User “%1” is not defined: requests are anonymous.").arg(found.user),
            Say::tr("Add the user, or give the file that has it as well."));
    }
    if (!found.ns.isEmpty() && !isLabel(found.ns))
        say(access, Severity::Warning, where, Say::tr("“%1” cannot be the name of a namespace.").arg(found.ns),
            Say::tr("Names have lower-case letters, digits and “-”."));
    const auto shadow = [&](const QString &key, const QString &kind, const QString &name, const QString &file) {
        for (const QString &other : config.d->shadowed.value(key + u' ' + name))
            say(access, Severity::Note, where, Say::tr("%1 “%2” in %3 is shadowed by the one in %4.").arg(kind, name, other, file),
                Say::tr("The first file wins; rename one of them to use both."));
    };
    shadow(QStringLiteral("context"), Say::tr("Context"), found.name, found.file);
    if (known)
        shadow(QStringLiteral("cluster"), Say::tr("Cluster"), found.cluster, cluster->file);
    if (user != config.d->users.cend())
        shadow(QStringLiteral("user"), Say::tr("User"), found.user, user->file);
    if (config.d->origin == Origin::User) { // without the files that nothing is taken from, it is the same
        const QStringList used { found.file, known ? cluster->file : QString(), user != config.d->users.cend() ? user->file : QString() };
        QStringList needed;
        std::copy_if(config.d->files.cbegin(), config.d->files.cend(), std::back_inserter(needed),
            [&](const QString &file) { return used.contains(file); });
        access.byHand = byHand(needed, found.name, found.name);
    }
    for (const ConfigIssue &issue : std::as_const(access.issues))
        access.warnings.append(
            issue.where.isEmpty() || issue.text().contains(issue.where) ? issue.text() : issue.where + QStringLiteral(": ") + issue.text());
    return result;
}

Result<ClusterAccess> resolveContext(const Kubeconfig &config, const QString &context)
{
    Resolution result = judgeContext(config, context);
    if (!result.errors.isEmpty())
        return core::fail(result.errors.first());
    return std::move(result.access);
}

} // namespace catamaran::kube
