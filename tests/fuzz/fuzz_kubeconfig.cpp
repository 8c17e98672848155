// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"
#include "kube/configdata.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace catamaran::kube;

namespace {

void put(QJsonObject &object, const char *key, const QString &value)
{
    if (!value.isEmpty())
        object[QLatin1StringView(key)] = value;
}

void put(QJsonObject &object, const char *key, const QByteArray &data)
{
    if (!data.isEmpty())
        object[QLatin1StringView(key)] = QString::fromLatin1(data.toBase64());
}

QJsonObject print(const ClusterEntry &cluster)
{
    QJsonObject object;
    put(object, "server", cluster.server);
    put(object, "tls-server-name", cluster.tlsServerName);
    put(object, "proxy-url", cluster.proxyUrl);
    put(object, "certificate-authority", cluster.authorityFile);
    put(object, "certificate-authority-data", cluster.authorityData);
    object[u"insecure-skip-tls-verify"] = cluster.skipVerification;
    object[u"disable-compression"] = cluster.disableCompression;
    return object;
}

QJsonObject print(const UserEntry &user)
{
    QJsonObject object;
    put(object, "client-certificate", user.certificateFile);
    put(object, "client-certificate-data", user.certificateData);
    put(object, "client-key", user.keyFile);
    put(object, "client-key-data", user.keyData.reveal());
    put(object, "token", catamaran::fuzz::textOf(user.token.reveal()));
    put(object, "tokenFile", user.tokenFile);
    put(object, "username", user.username);
    put(object, "password", catamaran::fuzz::textOf(user.password.reveal()));
    put(object, "as", user.impersonateUser);
    put(object, "as-uid", user.impersonateUid);
    if (!user.impersonateGroups.isEmpty())
        object[u"as-groups"] = QJsonArray::fromStringList(user.impersonateGroups);
    QJsonObject extra;
    for (const auto &[key, values] : user.impersonateExtra)
        extra[key] = QJsonArray::fromStringList(values);
    if (!extra.isEmpty())
        object[u"as-user-extra"] = extra;
    if (!user.authProvider.isEmpty())
        object[u"auth-provider"] = QJsonObject { { QStringLiteral("name"), user.authProvider } };
    if (user.exec) {
        QJsonObject exec;
        put(exec, "apiVersion", user.exec->apiVersion);
        put(exec, "command", user.exec->command);
        put(exec, "installHint", user.exec->installHint);
        put(exec, "interactiveMode", user.exec->interactiveMode);
        exec[u"provideClusterInfo"] = user.exec->provideClusterInfo;
        exec[u"args"] = QJsonArray::fromStringList(user.exec->arguments);
        QJsonArray environment;
        for (const auto &[name, value] : user.exec->environment)
            environment.append(QJsonObject { { QStringLiteral("name"), name }, { QStringLiteral("value"), value } });
        exec[u"env"] = environment;
        object[u"exec"] = exec;
    }
    return object;
}

template <typename Entry> QJsonArray print(const QHash<QString, Entry> &entries, const char *member)
{
    QStringList names = entries.keys();
    std::sort(names.begin(), names.end());
    QJsonArray list;
    for (const QString &name : names)
        list.append(QJsonObject { { QStringLiteral("name"), name }, { QLatin1StringView(member), print(entries[name]) } });
    return list;
}

/// The whole as a kubeconfig in JSON, which is YAML.
QByteArray print(const Kubeconfig::Data &data)
{
    QJsonArray contexts;
    for (const KubeContext &context : data.contexts) {
        QJsonObject body;
        put(body, "cluster", context.cluster);
        put(body, "user", context.user);
        put(body, "namespace", context.ns);
        contexts.append(QJsonObject { { QStringLiteral("name"), context.name }, { QStringLiteral("context"), body } });
    }
    return QJsonDocument(QJsonObject { { QStringLiteral("current-context"), data.currentContext },
                             { QStringLiteral("clusters"), print(data.clusters, "cluster") },
                             { QStringLiteral("users"), print(data.users, "user") }, { QStringLiteral("contexts"), contexts } })
        .toJson(QJsonDocument::Compact);
}

} // namespace

/// What the network says decides neither what is run or read here, nor which way requests take, nor that nobody is verified.
static void requireHarmless(const QByteArray &text)
{
    using catamaran::fuzz::require;
    const auto read = readConfigText(text, QStringLiteral("answer"), QStringLiteral("/fuzz"), Origin::Network);
    if (!read)
        return;
    for (const ClusterEntry &cluster : read->clusters) {
        require(cluster.authorityFile.isEmpty() && cluster.proxyUrl.isEmpty() && cluster.execConfig.isEmpty(),
            "no file and no proxy is taken from the network");
        require(!cluster.skipVerification && (cluster.server.isEmpty() || QUrl(cluster.server).scheme() == u"https"),
            "every server of the network is verified");
    }
    for (const UserEntry &user : read->users) {
        require(!user.exec && user.authProvider.isEmpty(), "no program is taken from the network");
        require(user.certificateFile.isEmpty() && user.keyFile.isEmpty() && user.tokenFile.isEmpty(), "no path is taken from the network");
        require(user.username.isEmpty() && user.password.isEmpty() && user.impersonateUser.isEmpty() && user.impersonateUid.isEmpty()
                && user.impersonateGroups.isEmpty() && user.impersonateExtra.isEmpty(),
            "nobody else is acted as");
    }
    Kubeconfig config;
    config.d = std::make_shared<const Kubeconfig::Data>(*read);
    for (const KubeContext &context : config.contexts().mid(0, 8)) {
        const auto access = resolveContext(config, context.name);
        if (!access)
            continue;
        require(!access->plugin && access->tokenFile.isEmpty() && access->clientCertificateFile.isEmpty() && access->clientKeyFile.isEmpty()
                && access->proxyUrl.isEmpty() && access->impersonation.isEmpty() && access->byHand.files.isEmpty(),
            "no program, path or proxy comes out of it");
        require(access->server.scheme() == u"https" && !access->tls.skipVerification && access->username.isEmpty(),
            "and its server is verified");
    }
}

/// Any text gives a configuration or an error; what was read says the same when it is printed and read again; whatever
/// a context says, judging it ends and shows no secret. As an answer of the network it is harmless.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using catamaran::fuzz::require;
    requireHarmless(catamaran::fuzz::bytesOf(data, size));
    const QString file = QStringLiteral("/fuzz/config");
    const auto read = readConfigText(catamaran::fuzz::bytesOf(data, size), file, QStringLiteral("/fuzz"), Origin::User);
    if (!read) {
        require(!read.error().answer.isEmpty() && read.error().target.startsWith(file), "an error says what is wrong in which file");
        require(read.error().answer.size() <= 1025, "an error is bounded");
        return 0;
    }
    const QByteArray printed = print(*read);
    const auto again = readConfigText(printed, file, QStringLiteral("/fuzz"), Origin::User);
    require(again.has_value(), "what is printed can be read");
    require(print(*again) == printed, "print(read(print(x))) is print(x)");

    Kubeconfig::Data merged = *read;
    mergeConfig(merged, *again);
    require(print(merged) == printed, "a configuration merged with itself stays as it is");

    Kubeconfig config;
    config.d = std::make_shared<const Kubeconfig::Data>(merged);
    for (const KubeContext &context : config.contexts().mid(0, 8)) {
        const ContextReport report = inspectContext(config, context.name);
        const auto access = resolveContext(config, context.name);
        require(report.usable() == access.has_value(), "a context is usable when it resolves");
        const bool hasError = std::any_of(report.issues.begin(), report.issues.end(),
            [](const ConfigIssue &issue) { return issue.severity == ConfigIssue::Severity::Error; });
        require(hasError != report.usable(), "what cannot be used has an issue that says why");
        if (access)
            require(access->server.isValid() && !access->server.host().isEmpty() && access->server.userInfo().isEmpty(),
                "a server is an address without secrets");
    }
    return 0;
}
