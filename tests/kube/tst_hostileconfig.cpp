// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/apisession.h"
#include "kube/configdata.h"
#include "kube/execplugin.h"
#include "support/kubeconfigtext.h"
#include "support/scriptedserver.h"

#include <QDir>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <sys/stat.h>

using namespace catamaran;
using namespace catamaran::kube;
using core::Result;
using test::config;
using test::https;
using test::papers;
using Severity = ConfigIssue::Severity;
using Files = QMap<QString, QByteArray>;
using Check = std::function<void(const ClusterAccess &)>;

namespace {

const QByteArray token = "token: t";

QByteArray exec(const QByteArray &more, const QByteArray &version = "v1", const QByteArray &mode = ", interactiveMode: Never")
{
    return "exec: {apiVersion: client.authentication.k8s.io/" + version + ", command: login" + mode + more + "}";
}

} // namespace

/// The kubeconfig rules of client-go that trip loaders, by the number of their row in the facts sheet (kubernetes-wire 1.5),
/// and what a screen is told about a context.
class HostileConfigTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_dir;

    QString path(const QString &name) const { return m_dir->filePath(name); }

    void write(const QString &name, const QByteArray &text) const
    {
        QDir().mkpath(QFileInfo(path(name)).absolutePath());
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    }

    static bool says(const QList<ConfigIssue> &issues, Severity severity, const QString &words)
    {
        return std::any_of(issues.begin(), issues.end(),
            [&](const ConfigIssue &issue) { return issue.severity == severity && issue.text().contains(words) && !issue.hint.isEmpty(); });
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        test::clearKubeEnvironment();
        m_dir = std::make_unique<QTemporaryDir>();
    }

    void cases_data()
    {
        QTest::addColumn<Files>("files");
        QTest::addColumn<QByteArray>("variable"); ///< KUBECONFIG, with names of files
        QTest::addColumn<QString>("context");
        QTest::addColumn<QString>("refusal"); ///< empty: it resolves
        QTest::addColumn<Check>("check");
        const auto works
            = [](const char *name, const Files &files, const QByteArray &variable, const Check &check, const char *context = "") {
                  QTest::newRow(name) << files << variable << QString::fromLatin1(context) << QString() << check;
              };
        const auto refused
            = [](const char *name, const Files &files, const QByteArray &variable, const char *words, const char *context = "") {
                  QTest::newRow(name) << files << variable << QString::fromLatin1(context) << QString::fromUtf8(words) << Check();
              };
        const auto one = [](const QByteArray &yaml) { return Files { { QStringLiteral("a"), yaml } }; };
        const auto two = [](const QByteArray &a, const QByteArray &b) {
            return Files { { QStringLiteral("a"), a }, { QStringLiteral("b"), b } };
        };
        const auto hasToken = [](const char *expected) {
            return [expected](const ClusterAccess &access) { QCOMPARE(access.token.reveal(), QByteArray(expected)); };
        };
        const auto hasServer = [](const char *expected) {
            return [expected](const ClusterAccess &access) { QCOMPARE(access.server.toString(), QString::fromLatin1(expected)); };
        };
        const auto hasPlugin = [](const ClusterAccess &access) { QVERIFY(access.plugin); };
        const QByteArray good = config(https, token);
        const QByteArray root = papers().root.certificate.toBase64(), certificate = papers().ec.certificate.toBase64(),
                         key = papers().ec.key.reveal().toBase64();
        const Files keys { { QStringLiteral("sub/ca.pem"), papers().root.certificate },
            { QStringLiteral("sub/cert.pem"), papers().ec.certificate }, { QStringLiteral("sub/key.pem"), papers().ec.key.reveal() },
            { QStringLiteral("sub/token"), "from file\n" } };
        const auto with = [&](const QString &name, const QByteArray &yaml) {
            Files files = keys;
            files[name] = yaml;
            return files;
        };

        const auto hasTokenAndNoIssue = [](const ClusterAccess &access) {
            QCOMPARE(access.token.reveal(), QByteArray("t"));
            QVERIFY2(access.issues.isEmpty(), qPrintable(access.warnings.join(u' ')));
        };
        works("1 one of two files is missing", one(good), "gone:a", hasTokenAndNoIssue);
        refused("2 all files are missing: an empty configuration", {}, "gone:away", "no context");
        refused("2b the only file is missing: the same", {}, "gone", "no context");
        works("4 empty parts and duplicates", one(good), ":a::a", hasTokenAndNoIssue); // read twice it would shadow itself
        refused("5 one of two is broken", two(good, "a: ["), "a:b", "not valid YAML");
        works("6 same user in both: the first, whole", two(good, config(https, "token: newer, as: bob")), "a:b",
            [](const ClusterAccess &access) {
                QCOMPARE(access.token.reveal(), QByteArray("t"));
                QVERIFY(access.impersonation.isEmpty());
                QVERIFY(says(access.issues, Severity::Note, QStringLiteral("shadowed")));
            });
        works("7 context in one file, its cluster in the other",
            two("current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]",
                "clusters: [{name: k, cluster: {" + https + "}}]\nusers: [{name: u, user: {token: t}}]"),
            "a:b", hasToken("t"));
        works("8 relative to the file that defined it",
            with(QStringLiteral("sub/config"),
                config(https + ", certificate-authority: ca.pem", "client-certificate: ./cert.pem, client-key: ../sub/key.pem")),
            "sub/config", [](const ClusterAccess &access) {
                QCOMPARE(access.tls.clientChain.size(), 1);
                QCOMPARE(access.tls.trusted.size(), 1);
            });
        works(
            "9 current context in the last file", two("clusters: [{name: x, cluster: {server: 'https://x'}}]", good), "a:b", hasToken("t"));
        refused("10 current context names nothing", one("current-context: x"), "a", "context was not found for specified context: x");
        refused(
            "11 no current context: none is picked", one(QByteArray(good).replace("current-context: c", "")), "a", "no current context");
        refused("12 chosen context is missing", one(good), "a", "context \"x\" does not exist", "x");
        refused("13 cluster of the context is missing", one("current-context: c\ncontexts: [{name: c, context: {cluster: k}}]"), "a",
            "“k” is not defined");
        refused("14 same name twice in one file", one("contexts: [{name: c}, {name: c}]"), "a", "twice");
        refused("15 authority as path and data",
            with(QStringLiteral("sub/config"),
                config(https + ", certificate-authority: ca.pem, certificate-authority-data: " + root, token)),
            "sub/config", "both given");
        refused("16 authority and no verification",
            one(config(https + ", insecure-skip-tls-verify: true, certificate-authority-data: " + root, token)), "a", "not allowed");
        refused("17 authority's file is missing", one(config(https + ", certificate-authority: ca.pem", token)), "a",
            "unable to read certificate-authority");
        works("18 a bundle is the only trust",
            one(config(
                https + ", certificate-authority-data: " + (papers().root.certificate + papers().other.certificate).toBase64(), token)),
            "a", [](const ClusterAccess &access) {
                QCOMPARE(access.tls.trusted, QSslCertificate::fromData(papers().root.certificate + papers().other.certificate));
                QCOMPARE(access.tls.toQt().caCertificates(), access.tls.trusted); // and nobody else
            });
        refused("19 authority data is garbage: no fall-back to the system's",
            one(config(https + ", certificate-authority-data: Z2FyYmFnZQ==", token)), "a", "no PEM certificate");
        works("20 no scheme: plain http, nothing sent", one(config("server: 'api.test:6443'", token + ", username: ''")), "a",
            [](const ClusterAccess &access) {
                QCOMPARE(access.server.toString(), QStringLiteral("http://api.test:6443"));
                QVERIFY(access.token.isEmpty());
                QVERIFY(says(access.issues, Severity::Warning, QStringLiteral("https://")));
            });
        works("21 path prefix", one(config("server: 'https://rancher.test/k8s/clusters/c-1/'", token)), "a",
            hasServer("https://rancher.test/k8s/clusters/c-1"));
        works("22 IPv6", one(config("server: 'https://[::1]:6443'", token)), "a", hasServer("https://[::1]:6443"));
        works("23 tls-server-name", one(config(https + ", tls-server-name: inner.test", token)), "a", [](const ClusterAccess &access) {
            QCOMPARE(access.tls.serverName, QStringLiteral("inner.test"));
            QCOMPARE(access.server.host(), QStringLiteral("api.test"));
        });
        refused("25 certificate without key", one(config(https, "client-certificate-data: " + certificate)), "a", "no client-key");
        refused("25b key without certificate", one(config(https, "client-key-data: " + key)), "a", "no client-certificate");
        works("27 spaces around a token", one(config(https, "token: \" t\\n\"")), "a", [](const ClusterAccess &access) {
            QCOMPARE(access.token.reveal(), QByteArray("t"));
            QVERIFY(says(access.issues, Severity::Note, QStringLiteral("left out")));
        });
        works("28 token and tokenFile: the file", with(QStringLiteral("sub/config"), config(https, "token: static, tokenFile: token")),
            "sub/config", hasToken("from file"));
        works("28b tokenFile is unreadable: the token", one(config(https, "token: static, tokenFile: gone")), "a",
            [](const ClusterAccess &access) {
                QCOMPARE(access.token.reveal(), QByteArray("static"));
                QVERIFY(says(access.issues, Severity::Warning, QStringLiteral("cannot be read")));
            });
        refused("29 token and password", one(config(https, "token: t, username: a, password: b")), "a", "only one is allowed");
        works("30 plugin and token: never started", one(config(https, token + ", " + exec(""))), "a",
            [](const ClusterAccess &access) { QVERIFY(!access.plugin); });
        works("31 plugin's path is relative to its file",
            Files { { QStringLiteral("sub/config"), config(https, exec("").replace("command: login", "command: ./bin/login")) } },
            "sub/config", [](const ClusterAccess &access) { QVERIFY(access.plugin->command.endsWith(QStringLiteral("/sub/bin/login"))); });
        works("31b a bare name is looked up in PATH", one(config(https, exec(""))), "a",
            [](const ClusterAccess &access) { QCOMPARE(access.plugin->command, QStringLiteral("login")); });
        refused("37 plugin variable without a name", one(config(https, exec(", env: [{name: '', value: x}]"))), "a", "without a name");
        refused("39 plugin v1 without interactiveMode", one(config(https, exec("", "v1", ""))), "a", "interactiveMode");
        works("39b plugin v1beta1 without interactiveMode", one(config(https, exec("", "v1beta1", ""))), "a", hasPlugin);
        refused("39c plugin v1alpha1", one(config(https, exec("", "v1alpha1"))), "a", "not valid");
        refused("39d plugin that always asks", one(config(https, exec("", "v1", ", interactiveMode: Always"))), "a", "needs a terminal");
        works("39e plugin is told of the cluster",
            one(config(https + ", tls-server-name: x, proxy-url: 'http://p:1', disable-compression: true, certificate-authority-data: "
                    + root + ", extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: a}}]",
                exec(", provideClusterInfo: true"))),
            "a", [root](const ClusterAccess &access) {
                const QByteArray told = execInfo(*access.plugin);
                for (const QByteArray part : { "\"server\":\"https://api.test:6443\"", "\"tls-server-name\":\"x\"",
                         "\"proxy-url\":\"http://p:1\"", "\"disable-compression\":true", "\"certificate-authority-data\":\"",
                         "\"config\":{\"audience\":\"a\"}", "\"interactive\":false" })
                    QVERIFY2(told.contains(part), told.constData());
                QVERIFY(access.disableCompression);
            });
        refused("40 groups without a user", one(config(https, "as-groups: [g]")), "a", "need “as”");
        works("40b keys of extras are escaped", one(config(https, token + ", as: bob, as-user-extra: {'Acme.test/Ünit 1%': [a]}")), "a",
            [](const ClusterAccess &access) {
                QCOMPARE(access.impersonation.last().first, QByteArray("Impersonate-Extra-Acme.test%2F%C3%9Cnit%201%25"));
            });
        refused("41 proxy of another kind", one(config(https + ", proxy-url: 'ftp://x'", token)), "a", "scheme");
        works("41b socks5", one(config(https + ", proxy-url: 'socks5://p:1080'", token)), "a",
            [](const ClusterAccess &access) { QCOMPARE(access.proxyUrl, QStringLiteral("socks5://p:1080")); });
        refused("42 proxy over TLS", one(config(https + ", proxy-url: 'https://p:1'", token)), "a", "reached over TLS");
        works("44 byte order mark and CRLF", one("\xEF\xBB\xBF" + QByteArray(good).replace("\n", "\r\n")), "a", hasToken("t"));
        works("45 a namespace that cannot be is sent as it is", one(config(https, token, ", namespace: My_NS")), "a",
            [](const ClusterAccess &access) {
                QCOMPARE(access.defaultNamespace, QStringLiteral("My_NS"));
                QVERIFY(says(access.issues, Severity::Warning, QStringLiteral("My_NS")));
            });
        works("47 a certificate's end is told", one(config(https, "client-certificate-data: " + certificate + ", client-key-data: " + key)),
            "a", [](const ClusterAccess &access) {
                QCOMPARE(access.clientCertificateExpires, QSslCertificate(papers().ec.certificate).expiryDate().toUTC());
            });

        works("anonymous: no user at all",
            one("current-context: c\nclusters: [{name: k, cluster: {" + https + "}}]\ncontexts: [{name: c, context: {cluster: k}}]"), "a",
            [](const ClusterAccess &access) { QVERIFY(says(access.issues, Severity::Warning, QStringLiteral("anonymous"))); });
        works("token and certificate: both",
            one(config(https, token + ", client-certificate-data: " + certificate + ", client-key-data: " + key)), "a",
            [](const ClusterAccess &access) { QVERIFY(!access.token.isEmpty() && !access.tls.clientChain.isEmpty()); });
        works("basic", one(config(https, "username: u, password: p")), "a", [](const ClusterAccess &access) {
            QCOMPARE(access.username, QStringLiteral("u"));
            QCOMPARE(access.password.reveal(), QByteArray("p"));
        });
        refused("legacy provider, even beside a token", one(config(https, token + ", auth-provider: {name: gcp}")), "a",
            "“gcp” is not supported");
        refused(
            "oidc provider", one(config(https, "auth-provider: {name: oidc, config: {id-token: x}}")), "a", "“oidc” is not supported here");
        refused("plugin and provider", one(config(https, exec("") + ", auth-provider: {name: oidc}")), "a", "both given");
        // yaml-cpp knows an anchor inside itself; it has no end.
        refused("extension that contains itself",
            one(config(https + ", extensions: [{name: client.authentication.k8s.io/exec, extension: &e {self: *e}}]", token)), "a",
            "too large");
        refused("a word instead of text", one("current-context: y"), "a", "true/false");
    }
    void cases()
    {
        QFETCH(Files, files);
        QFETCH(QByteArray, variable);
        QFETCH(QString, context);
        QFETCH(QString, refusal);
        QFETCH(Check, check);
        for (auto it = files.cbegin(); it != files.cend(); ++it)
            write(it.key(), *it);
        QByteArrayList parts = variable.split(':');
        for (QByteArray &part : parts)
            part = part.isEmpty() ? part : path(QString::fromLatin1(part)).toUtf8();
        qputenv("KUBECONFIG", parts.join(':'));
        const auto loaded = loadDefaultKubeconfig();
        const auto access = loaded ? resolveContext(*loaded, context) : Result<ClusterAccess>(core::fail(loaded.error()));
        if (refusal.isEmpty()) {
            QVERIFY2(access, access ? "" : qPrintable(access.error().text()));
            if (check)
                check(*access);
        } else {
            QVERIFY(!access);
            QVERIFY2(access.error().answer.contains(refusal), qPrintable(access.error().text()));
        }
        if (!loaded)
            return;
        const ContextReport report = inspectContext(*loaded, context);
        QCOMPARE(report.usable(), access.has_value());
        if (!access)
            QVERIFY2(says(report.issues, Severity::Error, refusal)
                    || std::any_of(
                        report.issues.begin(), report.issues.end(), [&](const ConfigIssue &i) { return i.what.contains(refusal); }),
                qPrintable(refusal));
    }

    /// What the cloud's answer may say; everything else is refused with the name of its field, wherever it stands.
    void answersOverTheNetwork_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("refusal"); ///< empty: it is taken
        const QByteArray root = papers().root.certificate.toBase64(), certificate = papers().ec.certificate.toBase64(),
                         key = papers().ec.key.reveal().toBase64();
        const QByteArray cluster = https + ", certificate-authority-data: " + root,
                         user = "client-certificate-data: " + certificate + ", client-key-data: " + key;
        const auto row = [](const char *name, const QByteArray &yaml, const char *refusal = "") {
            QTest::newRow(name) << yaml << QString::fromUtf8(refusal);
        };
        row("as the cloud sends it",
            "apiVersion: v1\nkind: Config\npreferences: {colors: true}\nextensions: [{name: x, extension: {a: 1}}]\n"
                + config(cluster + ", extensions: [{name: client.authentication.k8s.io/exec, extension: {a: 1}}]",
                    user + ", extensions: [{name: x, extension: 1}]", ", namespace: team, extensions: [{name: x, extension: 1}]"));
        row("a token", config(cluster + ", tls-server-name: inner.test", "token: t"));
        row("fields that say nothing",
            config(cluster + ", insecure-skip-tls-verify: false, proxy-url: '', certificate-authority: ~",
                user + ", exec: null, tokenFile: '', as-groups: [], username: ''"));
        row("a program", config(cluster, "exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, interactiveMode: Never}"),
            "users[0].user.exec names a program");
        row("a program beside a token", config(cluster, "token: t, exec: {command: touch}"), "users[0].user.exec names a program");
        row("a provider", config(cluster, "token: t, auth-provider: {name: gcp, config: {cmd-path: /bin/sh}}"),
            "users[0].user.auth-provider names a program");
        row("a file as the token", config(cluster, "tokenFile: /etc/hostname"), "users[0].user.tokenFile names a file");
        row("files as the certificate", config(cluster, "client-certificate: /a, client-key: /b"),
            "users[0].user.client-certificate names a file");
        row("a file as the authority", config(https + ", certificate-authority: /etc/ssl/certs/ca-certificates.crt", user),
            "clusters[0].cluster.certificate-authority names a file");
        row("a relative file", config(https + ", certificate-authority: ca.pem", user),
            "clusters[0].cluster.certificate-authority names a file");
        row("a proxy", config(cluster + ", proxy-url: 'http://p:1'", user), "clusters[0].cluster.proxy-url names a proxy");
        row("no verification", config(https + ", insecure-skip-tls-verify: true", user),
            "clusters[0].cluster.insecure-skip-tls-verify turns verification off");
        row("no verification, in other words", config(https + ", insecure-skip-tls-verify: yes", user),
            "insecure-skip-tls-verify turns verification off");
        for (const char *yes : { "True", "TRUE", "on", "y", "!!bool true" })
            row(qPrintable(QStringLiteral("no verification: %1").arg(QLatin1StringView(yes))),
                config(https + ", insecure-skip-tls-verify: " + yes, user), "insecure-skip-tls-verify turns verification off");
        row("a program whose name is written differently", config(cluster, "token: t, \"ex\\u0065c\": {command: touch}"),
            "users[0].user.exec names a program");
        row("a program whose name has a type", config(cluster, "token: t, !!str exec: {command: touch}"),
            "users[0].user.exec names a program");
        row("a program by an alias, named by an alias", "x: &k exec\ny: &e {command: touch}\n" + config(cluster, "token: t, *k : *e"),
            "users[0].user.exec names a program");
        row("a whole user by an alias",
            "y: &u {token: t, exec: {command: touch}}\n" + config(cluster, "token: t").replace("user: {token: t}", "user: *u"),
            "users[0].user.exec names a program");
        row("no TLS", config("server: 'http://api.test'", "token: t"), "clusters[0].cluster.server must be an https address");
        row("no scheme, which is no TLS", config("server: 'api.test:6443'", "token: t"), "must be an https address");
        row("a password in the address", config("server: 'https://u:p@api.test'", ""), "must be an https address without a user name");
        row("a password", config(cluster, "username: u, password: p"), "users[0].user.username asks for something else");
        row("somebody to act as", config(cluster, user + ", as: admin"), "users[0].user.as asks for something else");
        row("groups to act as", config(cluster, user + ", as-groups: ['system:masters']"), "users[0].user.as-groups asks");
        row("a field that nobody knows", config(cluster, user + ", exec2: {command: touch}"),
            "users[0].user.exec2 asks for something else");
        row("by a merge key", "x: &e {exec: {command: touch}}\n" + config(cluster, "<<: *e, token: t"),
            "users[0].user.exec names a program");
        row("by a list of merge keys",
            "x: &e {exec: {command: touch}}\ny: &n {tokenFile: /etc/hostname}\n" + config(cluster, "<<: [{token: t}, *n]"),
            "users[0].user.tokenFile names a file");
        row("by a merge key within one", "x: &e {proxy-url: 'http://p'}\ny: &n {<<: [*e]}\n" + config("<<: *n, " + https, user),
            "clusters[0].cluster.proxy-url names a proxy");
        row("hidden by a second of its name", config(cluster, "exec: {command: touch}, token: t, exec: null"),
            "users[0].user.exec names a program");
        row("hidden behind a merge key", "x: &e {exec: null}\n" + config(cluster, "exec: {command: touch}, token: t, <<: *e"),
            "users[0].user.exec names a program");
        row("of an entry that no context uses",
            config(cluster, user).replace("users: [", "users: [{name: other, user: {exec: {command: touch}}}, "),
            "users[0].user.exec names a program");
        row("of a cluster that no context uses",
            config(cluster, user).replace("clusters: [", "clusters: [{name: other, cluster: {proxy-url: 'socks5://p'}}, "),
            "clusters[0].cluster.proxy-url names a proxy");
    }
    void answersOverTheNetwork()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, refusal);
        QVERIFY2(readConfigText(yaml, QStringLiteral("f"), m_dir->path(), Origin::User),
            "in a file of the user's own it may stand, whatever comes of it");
        const auto parsed = parseKubeconfig(yaml, QStringLiteral("kubeconfig of x"), Origin::Network);
        if (!refusal.isEmpty()) {
            QVERIFY(!parsed);
            QVERIFY2(parsed.error().answer.contains(refusal), qPrintable(parsed.error().text()));
            QVERIFY(parsed.error().target.startsWith(QStringLiteral("kubeconfig of x:")));
            return;
        }
        QVERIFY2(parsed, parsed ? "" : qPrintable(parsed.error().text()));
        const auto access = resolveContext(*parsed);
        QVERIFY2(access, access ? "" : qPrintable(access.error().text()));
        QVERIFY(!access->plugin && access->byHand.files.isEmpty());
        QVERIFY(!access->token.isEmpty() || !access->tls.clientChain.isEmpty());
    }

    /// What “<<” gives: the values that kubectl takes.
    void mergeKeys_data()
    {
        QTest::addColumn<QByteArray>("body"); ///< of the cluster
        QTest::addColumn<QString>("server"); ///< empty: refused
        QTest::addColumn<QString>("tls");
        QTest::addColumn<QString>("proxy");
        const auto row = [](const char *name, const char *body, const char *server, const char *tls = "", const char *proxy = "") {
            QTest::newRow(name) << QByteArray(body) << QString::fromLatin1(server) << QString::fromLatin1(tls)
                                << QString::fromLatin1(proxy);
        };
        row("one map", "{<<: *a}", "https://a:1", "a");
        row("a list: the first of it counts", "{<<: [*a, *b]}", "https://a:1", "a", "http://b");
        row("a list the other way round", "{<<: [*b, *a]}", "https://b:1", "a", "http://b");
        row("an own field after it counts", "{<<: [*a, *b], server: 'https://own:1'}", "https://own:1", "a", "http://b");
        row("an own field before it does not", "{server: 'https://own:1', <<: [*a, *b]}", "https://a:1", "a", "http://b");
        row("two keys: the last counts", "{<<: *a, <<: *b}", "https://b:1", "a", "http://b");
        row("a merge key within one", "{<<: *nested}", "https://a:1", "a", "http://n");
        row("and within a list", "{<<: [*nested, *b]}", "https://a:1", "a", "http://n");
        row("a map written out in the list", "{<<: [{server: 'https://i:1'}, *a]}", "https://i:1", "a");
        row("a list of nothing", "{<<: [], server: 'https://own:1'}", "https://own:1");
        row("a word", "{<<: foo}", "");
        row("nothing", "{<<: , server: 'https://own:1'}", "");
        row("a list of words", "{<<: [foo]}", "");
        row("the name of a list", "{<<: *list}", "");
        row("the name of a list, deeper", "{<<: {<<: *list}}", "");
        row("a map that says so in its list, by its name", "{<<: [*named]}", "https://a:1", "a");
        row("a list in a list", "{<<: [[*a]]}", "");
        row("in quotes it is a field like any other", "{'<<': [*a], server: 'https://own:1'}", "https://own:1");
        row("inside itself", "&x {server: 'https://a:1', <<: *x}", "");
    }
    void mergeKeys()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, server);
        QFETCH(QString, tls);
        QFETCH(QString, proxy);
        write(QStringLiteral("f"),
            "x: &a {server: 'https://a:1', tls-server-name: a}\ny: &b {server: 'https://b:1', proxy-url: 'http://b'}\nz: &nested {<<: [*a], proxy-url: 'http://n'}\n"
            "l: &list [*a, *b]\nn: &named {<<: [*a]}\n"
            "current-context: c\nclusters: [{name: k, cluster: "
                + body + "}]\nusers: [{name: u, user: {token: t}}]\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n");
        const auto loaded = loadKubeconfig({ path(QStringLiteral("f")) });
        QCOMPARE(loaded.has_value(), !server.isEmpty());
        if (loaded) {
            const ClusterEntry entry = loaded->d->clusters.value(QStringLiteral("k"));
            QCOMPARE(entry.server, server);
            QCOMPARE(entry.tlsServerName, tls);
            QCOMPARE(entry.proxyUrl, proxy);
        } else {
            QVERIFY2(loaded.error().answer.contains(QStringLiteral("<<")), qPrintable(loaded.error().text()));
        }
        QProcess kubectl;
        kubectl.start(QStringLiteral("kubectl"),
            { QStringLiteral("--kubeconfig"), path(QStringLiteral("f")), QStringLiteral("config"), QStringLiteral("view"),
                QStringLiteral("--raw"), QStringLiteral("-o"), QStringLiteral("json") });
        if (!kubectl.waitForStarted())
            QSKIP("there is no kubectl to compare with");
        QVERIFY(kubectl.waitForFinished(30000));
        QCOMPARE(kubectl.exitCode() == 0, loaded.has_value());
        const QJsonValue theirs = QJsonDocument::fromJson(kubectl.readAllStandardOutput()).object()[u"clusters"][0][u"cluster"];
        QCOMPARE(theirs[u"server"].toString(), server);
        QCOMPARE(theirs[u"tls-server-name"].toString(), tls);
        QCOMPARE(theirs[u"proxy-url"].toString(), proxy);
    }

    void mergeKeysHaveAnEnd()
    {
        QByteArray yaml = "m0: &m0 {server: 'https://a:1'}\n";
        for (int i = 1; i <= 40; ++i)
            yaml += "m" + QByteArray::number(i) + ": &m" + QByteArray::number(i) + " {<<: [*m" + QByteArray::number(i - 1) + ", *m"
                + QByteArray::number(i - 1) + "]}\n";
        QElapsedTimer clock;
        clock.start();
        const auto read = parseKubeconfig(yaml + "clusters: [{name: k, cluster: {<<: *m40}}]\n", QStringLiteral("f"), Origin::Network);
        QVERIFY(!read && read.error().answer.contains(QStringLiteral("too many entries")));
        QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
    }

    void filesThatOthersMayChangeAreRefused_data()
    {
        QTest::addColumn<QString>("name"); ///< of the file that others may change
        QTest::newRow("the kubeconfig") << QStringLiteral("config");
        QTest::newRow("the authority it names") << QStringLiteral("ca.pem");
    }
    void filesThatOthersMayChangeAreRefused()
    {
        QFETCH(QString, name);
        write(QStringLiteral("ca.pem"), papers().root.certificate);
        write(QStringLiteral("config"), config(https + ", certificate-authority: ca.pem", token));
        const auto open = [&] {
            const auto loaded = loadKubeconfig({ path(QStringLiteral("config")) });
            return loaded ? resolveContext(*loaded) : Result<ClusterAccess>(core::fail(loaded.error()));
        };
        QVERIFY(open());
        QCOMPARE(::chmod(path(name).toUtf8().constData(), 0666), 0);
        const auto access = open();
        QVERIFY(!access);
        QVERIFY2(
            access.error().answer.contains(QStringLiteral("other users of this machine may change it")), qPrintable(access.error().text()));
        QVERIFY2(access.error().remedy.contains(QStringLiteral("install -m 600")), qPrintable(access.error().text()));
    }

    /// The command by hand takes what we took: those files, that context, whatever becomes the current one.
    void byHandIsTheSameConnection()
    {
        const QByteArray east = "https://east.test", west = "https://west.test";
        write(QStringLiteral("it's one"),
            "current-context: west\ncontexts: [{name: east, context: {cluster: k, user: u}}, {name: west, context: {cluster: w, user: u}}]\nclusters: [{name: w, cluster: {server: '"
                + west + "'}}]\n");
        write(QStringLiteral("two"),
            "clusters: [{name: k, cluster: {server: '" + east + "'}}, {name: w, cluster: {server: 'https://shadowed.test'}}]\n");
        write(QStringLiteral("three"),
            "users: [{name: u, user: {token: t}}]\nclusters: [{name: k, cluster: {server: 'https://shadowed.test'}}]\n");
        const QStringList files { path(QStringLiteral("it's one")), path(QStringLiteral("gone")), path(QStringLiteral("two")),
            path(QStringLiteral("three")) };
        const auto loaded = loadKubeconfig(files);
        QVERIFY(loaded);
        const auto current = resolveContext(*loaded), other = resolveContext(*loaded, QStringLiteral("east"));
        QVERIFY(current && other);
        QCOMPARE(current->byHand, (ByHand { { files[0], files[3] }, QStringLiteral("west") }));
        QCOMPARE(other->byHand, (ByHand { { files[0], files[2], files[3] }, QStringLiteral("east") }));
        for (const auto &[hand, server] : { std::pair(current->byHand, west), std::pair(other->byHand, east) }) {
            QProcess shell;
            shell.setWorkingDirectory(QStringLiteral("/"));
            shell.start(QStringLiteral("sh"),
                { QStringLiteral("-c"),
                    hand.kubectl({ QStringLiteral("config"), QStringLiteral("view"), QStringLiteral("--minify"), QStringLiteral("-o"),
                        QStringLiteral("jsonpath={.clusters[0].cluster.server}") }) });
            QVERIFY(shell.waitForFinished(30000));
            if (shell.exitCode() == 127)
                QSKIP("there is no kubectl");
            QCOMPARE(shell.readAllStandardOutput(), server);
        }
    }

    /// KUBECONFIG has colons between its files, and no way to write one inside: kubectl gets a copy.
    void byHandWithColons()
    {
        QVERIFY(QDir(path({})).mkpath(QStringLiteral("a:b/certs")));
        write(QStringLiteral("a:b/certs/ca.pem"), "authority");
        write(QStringLiteral("a:b/it's:one"),
            "current-context: east\ncontexts: [{name: east, context: {cluster: k, user: u}}]\nclusters: [{name: k, cluster: {server: 'https://east.test', certificate-authority: certs/ca.pem}}]\n");
        write(QStringLiteral("two"), "users: [{name: u, user: {token: t}}]\n");
        const QStringList files { path(QStringLiteral("a:b/it's:one")), path(QStringLiteral("two")) };
        QCOMPARE(byHand({ files[0] }, {}, QStringLiteral("x")).before, QString());
        const ByHand hand = byHand(files, QStringLiteral("east"), QStringLiteral("x/y"));
        QVERIFY(std::none_of(hand.files.begin(), hand.files.end(), [](const QString &file) { return file.contains(u':'); }));
        QProcess shell;
        shell.setWorkingDirectory(m_dir->path());
        shell.start(QStringLiteral("sh"),
            { QStringLiteral("-c"),
                hand.kubectl({ QStringLiteral("config"), QStringLiteral("view"), QStringLiteral("--raw"), QStringLiteral("--minify"),
                    QStringLiteral("--flatten"), QStringLiteral("-o"),
                    QStringLiteral(
                        "jsonpath={.clusters[0].cluster.server} {.users[0].user.token} {.clusters[0].cluster.certificate-authority-data}") }) });
        QVERIFY(shell.waitForFinished(30000));
        if (shell.exitCode() == 127)
            QSKIP("there is no kubectl");
        QCOMPARE(shell.readAllStandardOutput(), QByteArray("https://east.test t ") + QByteArray("authority").toBase64());
        QVERIFY2(shell.exitCode() == 0, shell.readAllStandardError());
        QVERIFY(!(QFile::permissions(path(hand.files[0])) & (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
    }

    void byHandWithoutAFile()
    {
        QCOMPARE(
            byHand({ serviceAccountFolder }, inClusterName, QStringLiteral("x")).kubectl({ QStringLiteral("get"), QStringLiteral("pods") }),
            QStringLiteral("kubectl get pods"));
        const QString handed = byHand({ QStringLiteral("/dev/fd/63") }, QStringLiteral("a/b"), QStringLiteral("a/b"))
                                   .kubectl({ QStringLiteral("get"), QStringLiteral("pods") });
        QVERIFY2(handed.startsWith(u'#') && handed.endsWith(QStringLiteral("\nkubectl --kubeconfig a-b.kubeconfig --context=a/b get pods")),
            qPrintable(handed));
    }

    void namedFileMustExist()
    {
        const auto loaded = loadKubeconfig({ path(QStringLiteral("gone")) });
        QVERIFY(!loaded && loaded.error().answer.contains(QStringLiteral("does not exist")));
    }

    void pipesDoNotHold_data()
    {
        QTest::addColumn<QByteArray>("cluster");
        QTest::addColumn<QByteArray>("user");
        QTest::newRow("authority") << QByteArray("server: 'https://h', certificate-authority: PIPE") << token;
        QTest::newRow("token") << https << QByteArray("tokenFile: PIPE");
        QTest::newRow("key") << https << QByteArray("client-certificate: PIPE, client-key: PIPE");
    }
    void pipesDoNotHold()
    {
        QFETCH(QByteArray, cluster);
        QFETCH(QByteArray, user);
        const QByteArray pipe = path(QStringLiteral("pipe")).toUtf8();
        QCOMPARE(::mkfifo(pipe.constData(), 0600), 0);
        QVERIFY(!loadKubeconfig({ QString::fromUtf8(pipe) }));
        const auto parsed = parseKubeconfig(config(cluster, user).replace("PIPE", pipe), QStringLiteral("f"), Origin::User);
        QVERIFY(parsed);
        const auto access = resolveContext(*parsed);
        QVERIFY(!access);
        QVERIFY2(access.error().answer.contains(QStringLiteral("not a regular file")), qPrintable(access.error().text()));
    }

    void reportOfAContext()
    {
        const QByteArray yaml = config(
            "server: 'https://user:hidden@api.test:6443/prefix', insecure-skip-tls-verify: true, proxy-url: 'http://u:hidden@p.test:3128'",
            "client-certificate-data: " + papers().ec.certificate.toBase64() + ", client-key-data: " + papers().ec.key.reveal().toBase64()
                + ", as: bob",
            ", namespace: team");
        const auto parsed = parseKubeconfig(yaml, QStringLiteral("f"), Origin::User);
        QVERIFY(parsed);
        const ContextReport report = inspectContext(*parsed);
        QVERIFY(report.usable());
        QCOMPARE(report.context, QStringLiteral("c"));
        QCOMPARE(report.cluster, QStringLiteral("k"));
        QCOMPARE(report.user, QStringLiteral("u"));
        QCOMPARE(report.ns, QStringLiteral("team"));
        QCOMPARE(report.file, QStringLiteral("f"));
        QCOMPARE(report.server, QStringLiteral("https://api.test:6443/prefix"));
        QVERIFY2(report.identity.contains(QStringLiteral("alice (dev)")), qPrintable(report.identity));
        QVERIFY(report.trust.contains(QStringLiteral("insecure-skip-tls-verify")));
        QCOMPARE(report.actingAs, QStringLiteral("bob"));
        QCOMPARE(report.proxy, QStringLiteral("http://p.test:3128"));
        QVERIFY(report.issues.first().severity == Severity::Warning);
        QString all = report.server + report.identity + report.trust + report.proxy + report.actingAs;
        for (const ConfigIssue &issue : report.issues)
            all += issue.where + issue.text();
        QVERIFY2(!all.contains(QStringLiteral("hidden")), qPrintable(all));
    }

    void everyErrorIsNamed()
    {
        const auto parsed = parseKubeconfig(config("server: 'ftp://x'", "as-groups: [g]"), QStringLiteral("f"), Origin::User);
        const ContextReport report = inspectContext(*parsed);
        QVERIFY(!report.usable());
        int errors = 0;
        for (const ConfigIssue &issue : report.issues)
            errors += issue.severity == Severity::Error;
        QCOMPARE(errors, 2);
        QVERIFY(report.issues.first().where.contains(QStringLiteral("cluster k in f")));
    }

    void environmentsProxyIsSaid()
    {
        qputenv("HTTPS_PROXY", "http://u:hidden@p.test:3128");
        auto access = resolveContext(*parseKubeconfig(config(https, token), QStringLiteral("f"), Origin::User));
        QVERIFY(access && access->proxyUrl.endsWith(QStringLiteral("@p.test:3128")));
        QVERIFY(says(access->issues, Severity::Note, QStringLiteral("http://p.test:3128")));
        QVERIFY(!access->warnings.join(u' ').contains(QStringLiteral("hidden")));
        qputenv("HTTPS_PROXY", "https://p.test");
        access = resolveContext(*parseKubeconfig(config(https, token), QStringLiteral("f"), Origin::User));
        QVERIFY(!access && access.error().answer.contains(QStringLiteral("HTTPS_PROXY")));
        qputenv("NO_PROXY", "api.test");
        QVERIFY(resolveContext(*parseKubeconfig(config(https, token), QStringLiteral("f"), Origin::User)));
    }

    void twoUsersOfOneServerHaveTheirOwnConnections() // 43
    {
        test::ScriptedServer server([](test::Exchange &e) { e.reply(200, "{}"); }, test::ScriptedServer::Mode::TlsWithClientCertificate);
        const auto ask = [&](ApiSession &session) {
            ApiCall call;
            call.path = "/version";
            const auto future = session.send(call, {});
            return QTest::qWaitFor([&] { return future.isFinished(); }, 10000) && future.result();
        };
        const auto session = [&](const char *name) {
            const auto papersOf = server.clientCertificate(QLatin1StringView(name));
            const auto parsed = parseKubeconfig(
                config("server: '" + server.url().toEncoded() + "', certificate-authority-data: " + server.authorityPem().toBase64(),
                    "client-certificate-data: " + papersOf.first.toBase64() + ", client-key-data: " + papersOf.second.toBase64()),
                QStringLiteral("f"), Origin::User);
            return std::make_unique<ApiSession>(resolveContext(*parsed).value(), nullptr);
        };
        const auto alice = session("alice"), bob = session("bob");
        QVERIFY(ask(*alice) && ask(*bob) && ask(*alice));
        QCOMPARE(server.exchanges().at(0)->clientCommonName + server.exchanges().at(1)->clientCommonName
                + server.exchanges().at(2)->clientCommonName,
            QByteArray("alicebobalice"));
        QCOMPARE(server.connections(), 2);
    }

    void noProxyAsGoReadsIt_data()
    {
        QTest::addColumn<QString>("server");
        QTest::addColumn<QString>("noProxy");
        QTest::addColumn<bool>("proxied");
        QTest::newRow("IPv6 range") << "https://[fd00::5]:6443"
                                    << "fd00::/8" << false;
        QTest::newRow("IPv6 written differently") << "https://[fd00::5]:6443"
                                                  << "fd00:0:0::5" << false;
        QTest::newRow("IPv6 with its port") << "https://[fd00::5]:6443"
                                            << "[fd00::5]:6443" << false;
        QTest::newRow("IPv6 with another port") << "https://[fd00::5]:6443"
                                                << "[fd00::5]:443" << true;
        QTest::newRow("half an address is no range") << "https://10.1.2.3"
                                                     << "10.1/16" << true;
        QTest::newRow("IPv4 range does not hold IPv6") << "https://[fd00::5]"
                                                       << "0.0.0.0/0" << true;
        QTest::newRow("star and dot") << "https://a.b.test"
                                      << "*.b.test" << false;
        QTest::newRow("star and dot is not the domain itself") << "https://b.test"
                                                               << "*.b.test" << true;
        QTest::newRow("dot is not the domain itself") << "https://b.test"
                                                      << ".b.test" << true;
        QTest::newRow("only a port") << "https://b.test:6443"
                                     << ":6443" << true;
        QTest::newRow("spaces and capitals") << "https://B.test"
                                             << " x , b.TEST " << false;
        QTest::newRow("default port") << "https://b.test"
                                      << "b.test:443" << false;
    }
    void noProxyAsGoReadsIt()
    {
        QFETCH(QString, server);
        QFETCH(QString, noProxy);
        QFETCH(bool, proxied);
        QCOMPARE(!proxyFromEnvironment(
                     QUrl(server), { { QStringLiteral("HTTPS_PROXY"), QStringLiteral("p") }, { QStringLiteral("no_proxy"), noProxy } })
                      .isEmpty(),
            proxied);
    }
};

QTEST_GUILESS_MAIN(HostileConfigTest)
#include "tst_hostileconfig.moc"
