// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/execplugin.h"
#include "kube/kubeconfig.h"
#include "support/kubeconfigtext.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

using namespace catamaran;
using namespace catamaran::kube;
using core::ErrorKind;
using core::Result;
using test::config;
using test::https;
using test::papers;

namespace {

const QByteArray plugin = "apiVersion: client.authentication.k8s.io/v1, command: login, interactiveMode: Never";

} // namespace

class KubeconfigTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    int m_accounts = 0;

    QString write(const QString &name, const QByteArray &text, bool secret = true)
    {
        const QString path = m_dir.filePath(name);
        QDir().mkpath(QFileInfo(path).absolutePath());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate))
            qFatal("cannot write");
        file.write(text);
        file.setPermissions(secret ? QFileDevice::ReadOwner | QFileDevice::WriteOwner : QFileDevice::ReadOwner | QFileDevice::ReadOther);
        return path;
    }

    static Result<ClusterAccess> resolved(const QByteArray &yaml, const QString &context = {})
    {
        const auto parsed = parseKubeconfig(yaml, QStringLiteral("test.yaml"), Origin::User);
        return parsed ? resolveContext(*parsed, context) : Result<ClusterAccess>(core::fail(parsed.error()));
    }

    /// A folder as Kubernetes mounts it into a pod.
    QString serviceAccount(const QByteArray &token, bool withAuthority = true)
    {
        const QString name = QStringLiteral("account-%1").arg(++m_accounts);
        write(name + QStringLiteral("/token"), token);
        write(name + QStringLiteral("/namespace"), "shop\n");
        if (withAuthority)
            write(name + QStringLiteral("/ca.crt"), papers().root.certificate);
        return m_dir.filePath(name);
    }

    static void runInPod(const QByteArray &host)
    {
        qputenv("KUBERNETES_SERVICE_HOST", host);
        qputenv("KUBERNETES_SERVICE_PORT", "443");
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        test::clearKubeEnvironment();
    }

    /// Every configuration that must be refused, and the words that say why.
    void refused_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("context");
        QTest::addColumn<QString>("words");
        const QByteArray pem = papers().root.certificate.toBase64();
        const QByteArray cert = papers().ec.certificate.toBase64();
        const QByteArray key = papers().ec.key.reveal().toBase64();
        const auto row = [](const char *name, const QByteArray &yaml, const char *words, const char *context = "") {
            QTest::newRow(name) << yaml << QString::fromLatin1(context) << QString::fromUtf8(words);
        };
        row("current context names nothing", "current-context: x\n", "context was not found for specified context: x");
        row("no current context although contexts exist", config(https, "").replace("current-context: c", "current-context: ''"),
            "no current context");
        row("chosen context is missing", config(https, ""), "context \"x\" does not exist", "x");
        row("cluster of the context is missing", "current-context: c\ncontexts: [{name: c, context: {cluster: gone}}]",
            "“gone” is not defined");
        row("empty configuration", "", "no context");
        row("duplicate context in one file", "contexts: [{name: c}, {name: c}]", "context “c” is there twice");
        row("duplicate user in one file", "users: [{name: c}, {name: c}]", "user “c” is there twice");
        row("authority as path and as data", config(https + ", certificate-authority: /nowhere, certificate-authority-data: " + pem, ""),
            "both given");
        row("authority together with skipped verification",
            config(https + ", insecure-skip-tls-verify: true, certificate-authority-data: " + pem, ""), "not allowed");
        row("authority file does not exist", config(https + ", certificate-authority: /nowhere/ca.pem", ""),
            "unable to read certificate-authority");
        row("authority data is garbage", config(https + ", certificate-authority-data: " + QByteArray("garbage").toBase64(), ""),
            "no PEM certificate");
        row("authority data is not base64", config(https + ", certificate-authority-data: '*'", ""), "not valid base64");
        row("base64 without its padding", config(https + ", certificate-authority-data: YQ", ""), "not valid base64");
        row("host, port and path without scheme", config("server: 'api.test:6443/prefix'", ""), "must be a URL or a host:port pair");
        row("no server", config("", ""), "no server");
        row("server with another scheme", config("server: 'ftp://api.test'", ""), "scheme");
        row("certificate without key", config(https, "client-certificate-data: " + cert), "no client-key");
        row("key without certificate", config(https, "client-key-data: " + key), "no client-certificate");
        row("key of another certificate",
            config(https, "client-certificate-data: " + papers().rsa.certificate.toBase64() + ", client-key-data: " + key),
            "does not belong");
        row("token and password", config(https, "token: t, username: a, password: b"), "only one is allowed");
        row("token with a line break inside", config(https, "token: \"a\\nb\""), "line break");
        row("number where text is expected", config(https, "token: 12345"), "must be text, but is a number");
        row("unquoted y is a truth value", "current-context: y", "must be text, but is a true/false value");
        row("unquoted off is a truth value", config(https, "token: off"), "must be text");
        row("text where a truth value is expected", config(https + ", insecure-skip-tls-verify: 'true'", ""), "must be true or false");
        row("list where a map is expected", "clusters: [{name: k, cluster: [1]}]", "must be a map, but is a list");
        row("groups without a user to act as", config(https, "as-groups: [g]"), "need “as”");
        row("proxy with an unknown scheme", config(https + ", proxy-url: 'ftp://p:1'", ""), "scheme");
        row("proxy over TLS", config(https + ", proxy-url: 'https://p:1'", ""), "not supported");
        row("unreadable token file alone", config(https, "tokenFile: /nowhere/token"), "unable to read tokenFile");
        row("plugin of a removed version", config(https, "exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}"),
            "not valid");
        row("plugin without interactiveMode", config(https, "exec: {apiVersion: client.authentication.k8s.io/v1, command: x}"),
            "interactiveMode");
        row("plugin that needs a terminal",
            config(https, "exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}"), "terminal");
        row("plugin environment without a name", config(https, "exec: {" + plugin + ", env: [{name: '', value: x}]}"), "without a name");
        row("plugin without command", config(https, "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}"),
            "no command");
        row("plugin and auth-provider", config(https, "exec: {" + plugin + "}, auth-provider: {name: gcp}"), "both given");
        row("legacy auth-provider", config(https, "auth-provider: {name: gcp}"), "“gcp” is not supported");
        row("another kind of document", "kind: Deployment\napiVersion: apps/v1", "not a kubeconfig");
        row("a plain word", "hello", "must be a map");
        row("relative path without a file", config(https + ", certificate-authority: ca.pem", ""), "relative path");
    }
    void refused()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, context);
        QFETCH(QString, words);
        const auto access = resolved(yaml, context);
        QVERIFY(!access);
        QVERIFY2(access.error().answer.contains(words), qPrintable(access.error().text()));
        QVERIFY(access.error().kind == ErrorKind::InvalidInput || access.error().kind == ErrorKind::Unsupported);
        QVERIFY2(access.error().target.contains(QStringLiteral("test.yaml")), qPrintable(access.error().target));
        QVERIFY(!access.error().text().contains(QStringLiteral("BEGIN")));
    }

    void brokenYamlNamesFileAndLine()
    {
        const QString path = write(QStringLiteral("broken"), "clusters:\n- name: a\n  cluster: {server: 'x'\nusers: []\n");
        const auto loaded = loadKubeconfig({ path });
        QVERIFY(!loaded);
        QVERIFY2(QRegularExpression(QStringLiteral("/broken:[345]$")).match(loaded.error().target).hasMatch(),
            qPrintable(loaded.error().target));
    }

    void wrongFieldNamesItsLine()
    {
        const auto loaded
            = parseKubeconfig("apiVersion: v1\nusers:\n- name: a\n  user:\n    token: 12\n", QStringLiteral("f"), Origin::User);
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().target, QStringLiteral("f:5"));
        QVERIFY2(loaded.error().answer.contains(QStringLiteral("users[0].user.token")), qPrintable(loaded.error().answer));
    }

    void addresses_data()
    {
        QTest::addColumn<QByteArray>("server");
        QTest::addColumn<QString>("expected");
        QTest::newRow("as it is") << QByteArray("https://api.test:6443") << QStringLiteral("https://api.test:6443");
        QTest::newRow("trailing slash goes") << QByteArray("https://api.test:6443/") << QStringLiteral("https://api.test:6443");
        QTest::newRow("path prefix stays") << QByteArray("https://rancher.test/k8s/clusters/c-1")
                                           << QStringLiteral("https://rancher.test/k8s/clusters/c-1");
        QTest::newRow("query and fragment go") << QByteArray("https://api.test/p?a=b#c") << QStringLiteral("https://api.test/p");
        QTest::newRow("IPv6 literal") << QByteArray("https://[::1]:6443") << QStringLiteral("https://[::1]:6443");
        QTest::newRow("no scheme is plain http") << QByteArray("api.test:6443") << QStringLiteral("http://api.test:6443");
    }
    void addresses()
    {
        QFETCH(QByteArray, server);
        QFETCH(QString, expected);
        const auto access = resolved(config("server: '" + server + "'", ""));
        QVERIFY2(access, access ? "" : qPrintable(access.error().text()));
        QCOMPARE(access->server.toString(), expected);
    }

    void credentialsAreNotSentOverPlainHttp()
    {
        const auto access = resolved(config("server: 'api.test:6443'",
            "token: t, as: bob, client-certificate-data: " + papers().ec.certificate.toBase64()
                + ", client-key-data: " + papers().ec.key.reveal().toBase64()));
        QVERIFY(access);
        QVERIFY(access->token.isEmpty());
        QVERIFY(access->tls.clientChain.isEmpty());
        QCOMPARE(access->impersonation, (net::Headers { { "Impersonate-User", "bob" } })); // as client-go does
        QVERIFY(access->warnings.join(u' ').contains(QStringLiteral("https://")));
    }

    void clientCertificates_data()
    {
        QTest::addColumn<bool>("rsa");
        QTest::newRow("elliptic curve key") << false;
        QTest::newRow("RSA key") << true;
    }
    void clientCertificates()
    {
        QFETCH(bool, rsa);
        const auto &leaf = rsa ? papers().rsa : papers().ec;
        const auto access = resolved(config(https + ", certificate-authority-data: " + papers().root.certificate.toBase64(),
            "client-certificate-data: " + leaf.certificate.toBase64() + ", client-key-data: " + leaf.key.reveal().toBase64()));
        QVERIFY2(access, access ? "" : qPrintable(access.error().text()));
        QVERIFY(!access->tls.clientKey.isNull());
        QCOMPARE(access->tls.clientChain.size(), 1);
        QCOMPARE(access->tls.trusted.size(), 1);
        QVERIFY(access->clientCertificateExpires.isValid());
        QVERIFY(access->warnings.isEmpty());
    }

    void bundleIsTheOnlyTrustStore()
    {
        const auto access = resolved(config(
            https + ", certificate-authority-data: " + (papers().root.certificate + papers().other.certificate).toBase64(), "token: t"));
        QVERIFY(access);
        QCOMPARE(access->tls.trusted.size(), 2);
    }

    void fieldsOfTheSeam()
    {
        const auto access
            = resolved(config(https + ", tls-server-name: inner.test, insecure-skip-tls-verify: true, proxy-url: 'http://p.test:3128'",
                "token: ' abc ', as: bob, as-uid: '7', as-groups: [dev, 'ops, eu'], as-user-extra: {'a/b': [x, z]}", ", namespace: My_NS"));
        QVERIFY2(access, access ? "" : qPrintable(access.error().text()));
        QCOMPARE(access->tls.serverName, QStringLiteral("inner.test"));
        QVERIFY(access->tls.skipVerification);
        QCOMPARE(access->proxyUrl, QStringLiteral("http://p.test:3128"));
        QCOMPARE(access->token.reveal(), QByteArray("abc")); // trimmed, and said so
        QCOMPARE(access->defaultNamespace, QStringLiteral("My_NS"));
        QCOMPARE(access->impersonation,
            (net::Headers { { "Impersonate-User", "bob" }, { "Impersonate-Uid", "7" }, { "Impersonate-Group", "dev" },
                { "Impersonate-Group", "ops, eu" }, { "Impersonate-Extra-a%2Fb", "x" }, { "Impersonate-Extra-a%2Fb", "z" } }));
        QCOMPARE(access->warnings.size(), 3); // no verification, the trimmed token, a namespace that cannot be
    }

    void acceptedForms_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::newRow("byte order mark") << "\xEF\xBB\xBF" + config(https, "token: t");
        QTest::newRow("CRLF") << config(https, "token: t").replace("\n", "\r\n");
        QTest::newRow("unknown fields") << "new-field: {a: [1]}\n" + config(https + ", future: 1", "token: t");
        QTest::newRow("JSON") << QByteArray(
            "{\"current-context\":\"c\",\"clusters\":[{\"name\":\"k\",\"cluster\":{\"server\":\"https://api.test:6443\"}}],\"users\":[{\"name\":\"u\",\"user\":{\"token\":\"t\"}}],\"contexts\":[{\"name\":\"c\",\"context\":{\"cluster\":\"k\",\"user\":\"u\"}}]}");
        QTest::newRow("quoted number as token") << config(https, "token: '12345'").replace("'12345'", "\"t\"");
        QTest::newRow("null lists and preferences") << "preferences: {}\nextensions: null\n" + config(https, "token: t");
        QTest::newRow("anchor and alias") << QByteArray(
            "x: &u {token: t}\ncurrent-context: c\nclusters: [{name: k, cluster: {server: 'https://api.test:6443'}}]\nusers: [{name: u, user: *u}]\ncontexts: [{name: c, context: {cluster: k, user: u}}]");
        QTest::newRow("the last of two equal keys") << config(https, "token: wrong, token: t");
    }
    void acceptedForms()
    {
        QFETCH(QByteArray, yaml);
        const auto access = resolved(yaml);
        QVERIFY2(access, access ? "" : qPrintable(access.error().text()));
        QCOMPARE(access->token.reveal(), QByteArray("t"));
        QCOMPARE(access->server.toString(), QStringLiteral("https://api.test:6443"));
    }

    void missingUserIsAnonymousWithAWarning()
    {
        const auto access = resolved("current-context: c\nclusters: [{name: k, cluster: {" + https
            + "}}]\ncontexts: [{name: c, context: {cluster: k, user: nobody}}]\n");
        QVERIFY(access);
        QVERIFY(access->warnings.join(u' ').contains(QStringLiteral("anonymous")));
    }

    void pluginOnlyWithoutOtherCredentials()
    {
        auto access = resolved(config(https, "token: t, exec: {" + plugin + "}"));
        QVERIFY(access && !access->plugin);
        access = resolved(config(https, "exec: {" + plugin + ", args: [a, 'b c'], env: [{name: X, value: z}], installHint: get it}"));
        QVERIFY(access && access->plugin);
        QCOMPARE(access->plugin->arguments, (QStringList { QStringLiteral("a"), QStringLiteral("b c") }));
        QCOMPARE(access->plugin->command, QStringLiteral("login"));
    }

    void severalFilesAreMerged()
    {
        const QString a = write(
            QStringLiteral("a"), "clusters: [{name: k, cluster: {server: 'https://a.test'}}]\nusers: [{name: u, user: {token: old}}]\n");
        const QString b = write(QStringLiteral("b"), config("server: 'https://b.test', tls-server-name: from-b", "token: newer"));
        const QString none = m_dir.filePath(QStringLiteral("none"));
        const auto loaded = loadKubeconfig({ none, a, {}, a, b });
        QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
        QCOMPARE(loaded->currentContext(), QStringLiteral("c"));
        QCOMPARE(loaded->contexts().size(), 1);
        QCOMPARE(loaded->contexts().first().file, b);
        const auto access = resolveContext(*loaded);
        QVERIFY(access);
        QCOMPARE(access->server.host(), QStringLiteral("a.test"));
        QCOMPARE(access->token.reveal(), QByteArray("old"));
        QVERIFY2(access->tls.serverName.isEmpty(), "fields of two entries are never mixed");
        QCOMPARE(access->warnings.filter(QStringLiteral("shadowed")).size(), 2);
    }

    void missingFiles()
    {
        const QStringList gone { m_dir.filePath(QStringLiteral("g1")), m_dir.filePath(QStringLiteral("g2")) };
        const auto loaded = loadKubeconfig(gone);
        QVERIFY(loaded && loaded->contexts().isEmpty());
        const auto one = loadKubeconfig({ gone.first() });
        QVERIFY(!one);
        QCOMPARE(one.error().target, gone.first());
    }

    void oneBrokenFileFailsAll()
    {
        const QString good = write(QStringLiteral("good"), config(https, "token: t"));
        const QString bad = write(QStringLiteral("bad"), "a: [");
        const auto loaded = loadKubeconfig({ good, bad, m_dir.path() });
        QVERIFY(!loaded);
        QVERIFY(loaded.error().target.startsWith(bad));
        QVERIFY2(loaded.error().answer.contains(QStringLiteral("folder")), "all failures are named");
    }

    void emptyFileIsAnEmptyConfiguration()
    {
        const auto loaded = loadKubeconfig({ write(QStringLiteral("empty"), "") });
        QVERIFY(loaded && loaded->contexts().isEmpty());
    }

    void pathsAreRelativeToTheirOwnFile()
    {
        write(QStringLiteral("sub/keys/ca.pem"), papers().root.certificate);
        write(QStringLiteral("sub/keys/token"), "from file\n");
        const QString first = write(QStringLiteral("first"), "current-context: c\n");
        const QString second = write(
            QStringLiteral("sub/second"), config(https + ", certificate-authority: keys/ca.pem", "token: static, tokenFile: keys/token"));
        const auto loaded = loadKubeconfig({ first, second });
        QVERIFY(loaded);
        const auto access = resolveContext(*loaded);
        QVERIFY2(access, access ? "" : qPrintable(access.error().text()));
        QCOMPARE(access->tls.trusted.size(), 1);
        QCOMPARE(access->token.reveal(), QByteArray("from file")); // the file wins, and is trimmed
        QCOMPARE(access->tokenFile, m_dir.filePath(QStringLiteral("sub/keys/token")));
    }

    void pluginPathIsRelativeToItsFile()
    {
        const QString file = write(QStringLiteral("sub/third"),
            config(https, QByteArray("exec: {") + plugin + "}").replace("command: login", "command: ./bin/login"));
        const auto access = resolveContext(loadKubeconfig({ file }).value());
        QVERIFY(access && access->plugin);
        QCOMPARE(access->plugin->command, m_dir.filePath(QStringLiteral("sub/bin/login")));
    }

    void readableByOthersIsAWarning()
    {
        const auto access = resolveContext(loadKubeconfig({ write(QStringLiteral("open"), config(https, "token: t"), false) }).value());
        QVERIFY(access);
        QVERIFY(access->warnings.join(u' ').contains(QStringLiteral("0600")));
    }

    void defaultFiles()
    {
        qputenv("KUBECONFIG", ":/a::/a:/b");
        QCOMPARE(defaultKubeconfigFiles(), (QStringList { QStringLiteral("/a"), QStringLiteral("/b") }));
        qputenv("KUBECONFIG", "");
        QCOMPARE(defaultKubeconfigFiles(), (QStringList { QDir::homePath() + QStringLiteral("/.kube/config") }));
    }

    void inClusterWhenNothingIsConfigured_data()
    {
        QTest::addColumn<QByteArray>("kubeconfig"); ///< null: there is no such file
        QTest::addColumn<bool>("isCluster");
        QTest::newRow("no file") << QByteArray() << true;
        QTest::newRow("an empty file") << QByteArray("") << true;
        QTest::newRow("contexts without a current one") << config(https, "token: t").replace("current-context: c", "") << false;
        QTest::newRow("a configuration") << config(https, "token: t") << false;
        QTest::newRow("a current context alone") << QByteArray("current-context: x") << false;
    }
    void inClusterWhenNothingIsConfigured()
    {
        QFETCH(QByteArray, kubeconfig);
        QFETCH(bool, isCluster);
        const QString folder = serviceAccount("first\n");
        qputenv("KUBECONFIG",
            (kubeconfig.isNull() ? m_dir.filePath(QStringLiteral("gone")) : write(QStringLiteral("default"), kubeconfig)).toUtf8());
        runInPod("10.0.0.1");
        const auto loaded = loadDefaultKubeconfig(folder);
        QVERIFY(loaded);
        QCOMPARE(loaded->currentContext() == inClusterName, isCluster);
        if (!isCluster)
            return;
        const ContextReport report = inspectContext(*loaded);
        QVERIFY2(report.access, qPrintable(report.issues.value(0).text()));
        QCOMPARE(report.server, QStringLiteral("https://10.0.0.1:443"));
        QCOMPARE(report.ns, QStringLiteral("shop"));
        QCOMPARE(report.file, folder);
        QCOMPARE(report.identity, QStringLiteral("token from %1/token").arg(folder));
        QCOMPARE(report.access->token.reveal(), QByteArray("first"));
        QCOMPARE(report.access->tokenFile, folder + QStringLiteral("/token"));
        QCOMPARE(report.access->tls.trusted.size(), 1);
        QVERIFY2(report.issues.isEmpty(), qPrintable(report.issues.value(0).text()));
    }

    void noPodNoCluster()
    {
        const QString folder = serviceAccount("t");
        qputenv("KUBECONFIG", m_dir.filePath(QStringLiteral("gone")).toUtf8());
        QVERIFY2(!runsInCluster(folder), "the environment names no service");
        QVERIFY(loadDefaultKubeconfig(folder)->contexts().isEmpty());
        const auto asked = loadKubeconfig({ folder });
        QVERIFY(!asked);
        QVERIFY2(asked.error().answer.contains(QStringLiteral("KUBERNETES_SERVICE_HOST")), qPrintable(asked.error().text()));
        runInPod("10.0.0.1");
        QVERIFY(runsInCluster(folder));
        QVERIFY2(!runsInCluster(m_dir.filePath(QStringLiteral("nowhere"))), "there is no token");
    }

    /// What an environment file may name as a cluster's kubeconfig.
    void serviceAccountNamedAsAFile()
    {
        runInPod("fd00::1");
        qputenv("POD_NAMESPACE", "given");
        const auto loaded = loadKubeconfig({ serviceAccount("t", false) });
        QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
        const auto access = resolveContext(*loaded, inClusterName);
        QVERIFY2(access, access ? "" : qPrintable(access.error().text()));
        QCOMPARE(access->server.toString(), QStringLiteral("https://[fd00::1]:443"));
        QCOMPARE(access->defaultNamespace, QStringLiteral("given"));
        QVERIFY2(access->tls.trusted.isEmpty() && access->warnings.join(u' ').contains(QStringLiteral("ca.crt")),
            "without ca.crt the system's authorities, and a word about it");
    }

    void proxies_data()
    {
        QTest::addColumn<QString>("server");
        QTest::addColumn<QString>("noProxy");
        QTest::addColumn<bool>("expected");
        QTest::newRow("no exception") << "https://api.test:6443"
                                      << "" << true;
        QTest::newRow("exact name") << "https://api.test:6443"
                                    << "x,api.test" << false;
        QTest::newRow("domain with a dot") << "https://api.eu.test"
                                           << ".test" << false;
        QTest::newRow("domain without a dot") << "https://api.eu.test"
                                              << "eu.test" << false;
        QTest::newRow("only the end of a label") << "https://notest"
                                                 << "test" << true;
        QTest::newRow("other port") << "https://api.test:6443"
                                    << "api.test:443" << true;
        QTest::newRow("same port") << "https://api.test:6443"
                                   << "api.test:6443" << false;
        QTest::newRow("range of addresses") << "https://10.1.2.3:6443"
                                            << "10.0.0.0/8" << false;
        QTest::newRow("outside the range") << "https://11.1.2.3:6443"
                                           << "10.0.0.0/8" << true;
        QTest::newRow("everything") << "https://api.test"
                                    << "*" << false;
        QTest::newRow("loopback is never proxied") << "https://127.0.0.9:6443"
                                                   << "" << false;
    }
    void proxies()
    {
        QFETCH(QString, server);
        QFETCH(QString, noProxy);
        QFETCH(bool, expected);
        const QString proxy = proxyFromEnvironment(
            QUrl(server), { { QStringLiteral("https_proxy"), QStringLiteral("p.test:3128") }, { QStringLiteral("NO_PROXY"), noProxy } });
        QCOMPARE(proxy, expected ? QStringLiteral("http://p.test:3128") : QString());
    }
};

QTEST_GUILESS_MAIN(KubeconfigTest)
#include "tst_kubeconfig.moc"
