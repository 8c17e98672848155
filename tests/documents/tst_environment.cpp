// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/childenvironment.h"
#include "documents/environment.h"
#include "documents/probeplace.h"
#include "kube/execplugin.h"
#include "mesh/asm/asmaccount.h"
#include "pki/ca.h"
#include "support/paths.h"
#include "support/rangesession.h"
#include "support/scriptedserver.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace catamaran;
using namespace catamaran::documents;
using namespace catamaran::fleet;
using namespace catamaran::observe;
using namespace catamaran::session;

Q_DECLARE_METATYPE(catamaran::documents::ProbePlace)

namespace {

const QByteArray example = R"(apiVersion: catamaran.io/v1
kind: Environment
metadata:
  name: lab
spec:
  colour: "#7A3E9D"
  production: true
  alibabaCloud:
    accessKeyId: LabKey
    accessKeySecret:
      file: secret.txt
    regions:
    - cn-hangzhou
    endpoints:
      servicemesh: https://127.0.1.1:8443
      cs: https://127.0.1.1:8443
      ca: ca.pem
  clusters:
  - name: cluster-1
    cloudId: c0ffee01
    region: cn-hangzhou
    kubeconfig: one.kubeconfig
  - name: cluster-2
    cloudId: c0ffee02
    region: cn-hangzhou
)";

/// A cloud with one cluster, whose kubeconfig it sends; its key is in $TST_CLOUD_SECRET.
Environment environmentOf(const test::ScriptedServer &cloud)
{
    Environment environment;
    environment.name = QStringLiteral("cloud");
    mesh::AccountSettings settings;
    settings.accessKeyId = QStringLiteral("Key");
    settings.secret = { SecretSource::Kind::Variable, QStringLiteral("TST_CLOUD_SECRET") };
    settings.regions = QStringList { QStringLiteral("cn-hangzhou") };
    settings.endpoints.csTemplate = cloud.url().toString();
    settings.endpoints.servicemesh = cloud.url();
    settings.endpoints.trusted = cloud.authority();
    environment.accounts = { mesh::makeAsmAccount(settings) };
    environment.clusters = { { QStringLiteral("cluster-1"), QStringLiteral("c0ffee"), QStringLiteral("cn-hangzhou"), {}, {} } };
    return environment;
}

QByteArray kubeconfigOf(const test::ScriptedServer &api, const QByteArray &user)
{
    return "current-context: c\nclusters: [{name: k, cluster: {server: '" + api.url().toEncoded()
        + "', certificate-authority-data: " + api.authorityPem().toBase64() + "}}]\nusers: [{name: u, user: {" + user
        + "}}]\ncontexts: [{name: c, context: {cluster: k, user: u}}]\n";
}

} // namespace

class TestEnvironment : public QObject {
    Q_OBJECT

private slots:
    void kubeconfigsAloneAreEnough()
    {
        QFile source(tests::sourceFile(QStringLiteral("resources/environments/kubeconfigs.yaml"))); // whosever checkout it is
        QVERIFY(source.open(QIODevice::ReadOnly));
        const auto environment = parseEnvironment(source.readAll(), source.fileName());
        QVERIFY2(environment, qPrintable(environment ? QString() : environment.error().text()));
        QVERIFY(environment->accounts.isEmpty());
        QCOMPARE(environment->clusters.size(), 2);
        QCOMPARE(environment->clusters.first().kubeconfigs, QStringList { QDir::homePath() + QStringLiteral("/.kube/cluster-1.yaml") });
    }

    void initTestCase()
    {
        const auto root = pki::makeRoot(QStringLiteral("test"), pki::KeyType::EcP256);
        QVERIFY(root.has_value());
        QFile ca(m_folder.filePath(QStringLiteral("ca.pem")));
        QVERIFY(ca.open(QIODevice::WriteOnly));
        ca.write(root->certificate);
    }

    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void readsTheExample()
    {
        const auto environment = parseEnvironment(example, file());
        QVERIFY2(environment, qPrintable(environment ? QString() : environment.error().text()));
        QCOMPARE(environment->name, QStringLiteral("lab"));
        QVERIFY(environment->production);
        QCOMPARE(environment->colour, QStringLiteral("#7A3E9D"));
        QVERIFY(environment->account() && environment->account() == environment->account(QStringLiteral("asm")));
        const mesh::AccountSettings &cloud = mesh::settingsOf(*environment->account());
        QVERIFY(cloud.secret.kind == SecretSource::Kind::File);
        QCOMPARE(cloud.secret.name, m_folder.filePath(QStringLiteral("secret.txt")));
        QCOMPARE(cloud.endpoints.servicemesh, QUrl(QStringLiteral("https://127.0.1.1:8443")));
        QCOMPARE(cloud.endpoints.trusted.size(), 1);
        QCOMPARE(environment->clusters.size(), 2);
        QCOMPARE(environment->clusters[0].kubeconfigs, QStringList { m_folder.filePath(QStringLiteral("one.kubeconfig")) });
        QVERIFY(environment->clusters[1].kubeconfigs.isEmpty());
        QVERIFY(environment->clusters[1].meshServer.isEmpty());
        QByteArray more = example;
        more.replace("cloudId: c0ffee02\n", "meshServer: https://10.202.0.1:6443\n    cloudId: c0ffee02\n");
        const auto inside = parseEnvironment(more, file());
        QVERIFY2(inside, qPrintable(inside ? QString() : inside.error().text()));
        QCOMPARE(inside->clusters[1].meshServer, QStringLiteral("https://10.202.0.1:6443"));
    }

    void wrongDocuments_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("says");
        QTest::newRow("the secret itself") << QByteArray("accessKeySecret:\n      file: secret.txt")
                                           << QByteArray("accessKeySecret: hush-hush") << 10 << QStringLiteral("where the secret is");
        QTest::newRow("two sources of the secret")
            << QByteArray("file: secret.txt") << QByteArray("file: secret.txt\n      env: KEY") << 10 << QStringLiteral("exactly one");
        QTest::newRow("plain HTTP") << QByteArray("servicemesh: https://") << QByteArray("servicemesh: http://") << 15
                                    << QStringLiteral("https://host:port");
        QTest::newRow("no such CA file") << QByteArray("ca: ca.pem") << QByteArray("ca: none.pem") << 17 << QStringLiteral("none.pem");
        QTest::newRow("region that is none") << QByteArray("    - cn-hangzhou") << QByteArray("    - Hangzhou!") << 13
                                             << QStringLiteral("Hangzhou!");
        QTest::newRow("colour that is none") << QByteArray("\"#7A3E9D\"") << QByteArray("purple") << 6 << QStringLiteral("colour");
        QTest::newRow("cluster named twice") << QByteArray("name: cluster-2") << QByteArray("name: cluster-1") << 23
                                             << QStringLiteral("used twice");
        QTest::newRow("cluster without any way in") << QByteArray("cloudId: c0ffee02\n    region: cn-hangzhou")
                                                    << QByteArray("cloudId: c0ffee02") << 23 << QStringLiteral("no region");
        QTest::newRow("an address for control planes without TLS")
            << QByteArray("cloudId: c0ffee02\n") << QByteArray("meshServer: http://10.0.0.1\n    cloudId: c0ffee02\n") << 24
            << QStringLiteral("https://10.0.0.1:6443");
        QTest::newRow("unknown key") << QByteArray("production: true") << QByteArray("prod: true") << 7 << QStringLiteral("spec.prod");
        const auto probe = [](const char *name, const char *written, const char *says) {
            QTest::newRow(name) << QByteArray("production: true") << QByteArray("production: true\n  probe: ") + written << 8
                                << QString::fromUtf8(says);
        };
        probe("probe without an image", "{ namespace: default }", "image");
        probe("probe of an image that is none", "{ image: \"a b\", namespace: default }", "must be an image");
        probe("probe without a place", "{ image: curl:8 }", "either a namespace");
        probe("probe with two places", "{ image: curl:8, namespace: default, pods: { cluster-1: a/b } }", "either a namespace");
        probe("probe in a namespace that is none", "{ image: curl:8, namespace: Default }", "Default");
        probe("probe in a pod of an unknown cluster", "{ image: curl:8, pods: { cluster-9: shop/orders } }", "cluster-9");
        probe("probe in a pod without a namespace", "{ image: curl:8, pods: { cluster-1: orders } }", "NAMESPACE/NAME");
        probe("probe in no pod", "{ image: curl:8, pods: {} }", "names no pod");
        probe("probe with something else", "{ image: curl:8, namespace: default, replicas: 3 }", "replicas");
        QTest::newRow("production as a text") << QByteArray("production: true") << QByteArray("production: \"yes\"") << 7
                                              << QStringLiteral("true or false");
    }
    void wrongDocuments()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(int, line);
        QFETCH(QString, says);
        QByteArray yaml = example;
        const auto at = yaml.indexOf(from);
        QVERIFY2(at > 0, "the row does not fit the example");
        yaml.replace(at, from.size(), to);
        const auto environment = parseEnvironment(yaml, file());
        QVERIFY(!environment);
        const QString text = environment.error().text();
        QVERIFY2(environment.error().target == QStringLiteral("%1:%2").arg(file()).arg(line), qPrintable(text));
        QVERIFY2(text.contains(says), qPrintable(text));
        QVERIFY2(!text.contains(QStringLiteral("hush")), qPrintable(text)); // a misplaced secret is not repeated
    }

    void whereProbesStandIsWrittenAndRead_data()
    {
        QTest::addColumn<ProbePlace>("place");
        QTest::newRow("a Deployment") << ProbePlace { QStringLiteral("registry.example.com:5000/tools/curl:8"), QStringLiteral("probes"),
            {} };
        QTest::newRow("a pod in each") << ProbePlace { QStringLiteral("curl@sha256:0123456789abcdef"), {},
            { { QStringLiteral("cluster-1"), QStringLiteral("shop/orders") },
                { QStringLiteral("cluster-2"), QStringLiteral("shop/orders-5d4f.0") } } };
    }
    void whereProbesStandIsWrittenAndRead()
    {
        QFETCH(ProbePlace, place);
        QByteArray commented = example;
        commented.replace("production: true", "production: true # really");
        const auto once = withProbePlace(commented, file(), place);
        QVERIFY2(once, qPrintable(once ? QString() : once.error().text()));
        QCOMPARE(parseEnvironment(*once, file())->probe, std::optional(place));
        QVERIFY(once->contains("# really")); // all else stays
        QCOMPARE(QByteArray(*once).replace("  " + probeYaml(place) + "\n", ""), commented);
        // Chosen again it takes the place of the former one.
        const ProbePlace other { QStringLiteral("other:1"), QStringLiteral("default"), {} };
        const auto twice = withProbePlace(*once, file(), other);
        QVERIFY(twice && twice->count("probe:") == 1);
        QCOMPARE(parseEnvironment(*twice, file())->probe, std::optional(other));
        // What is no block of lines is left to the user.
        const auto flow
            = withProbePlace("{apiVersion: catamaran.io/v1, kind: Environment, metadata: {name: a}, spec: {clusters: []}}", file(), other);
        QVERIFY(!flow && flow.error().remedy.contains(QString::fromUtf8(probeYaml(other))));
        // Nor is one written that would not be read.
        QVERIFY(!withProbePlace(example, file(), { QStringLiteral("two words"), QStringLiteral("default"), {} }));
    }

    void withoutACloudEveryClusterNeedsAKubeconfig()
    {
        const auto environment = parseEnvironment(
            "apiVersion: catamaran.io/v1\nkind: Environment\nmetadata: {name: mine}\nspec:\n  clusters:\n  - name: a\n", file());
        QVERIFY(!environment);
        QVERIFY(environment.error().text().contains(QStringLiteral("no kubeconfig")));
        QVERIFY(parseEnvironment("apiVersion: catamaran.io/v1\nkind: Environment\nmetadata: {name: mine}\nspec:\n  clusters:\n  - {name: "
                                 "a, kubeconfig: ~/.kube/config}\n",
            file())
                    ->clusters[0]
                    .kubeconfigs.first()
                    .startsWith(QDir::homePath()));
    }

    /// Where the keys are and where they are sent is the user's to say: in the file, and by the authority it names.
    void whatOthersMayChangeIsRefused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("inItsFolder"); ///< and not the file itself
        QTest::newRow("the file") << QStringLiteral("env.yaml") << false;
        QTest::newRow("the cloud's authority") << QStringLiteral("ca.pem") << false;
        QTest::newRow("the folder of the file") << QStringLiteral(".") << true;
    }
    void whatOthersMayChangeIsRefused()
    {
        QFETCH(QString, name);
        QFETCH(bool, inItsFolder);
        QFile written(file());
        QVERIFY(written.open(QIODevice::WriteOnly));
        written.write(example);
        written.close();
        const auto opened = loadEnvironment(file());
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        const QByteArray path = m_folder.filePath(name).toUtf8();
        struct stat before { };
        QCOMPARE(::stat(path.constData(), &before), 0);
        QCOMPARE(::chmod(path.constData(), inItsFolder ? 0777 : 0666), 0);
        const auto environment = loadEnvironment(file());
        QCOMPARE(::chmod(path.constData(), before.st_mode & 07777), 0);
        QVERIFY(!environment);
        QVERIFY(environment.error().kind == core::ErrorKind::InvalidInput);
        QVERIFY2(environment.error().answer.contains(
                     inItsFolder ? QStringLiteral("may exchange files") : QStringLiteral("other users of this machine may change it")),
            qPrintable(environment.error().text()));
        QVERIFY2(environment.error().remedy.contains(QStringLiteral("install -m 600")), qPrintable(environment.error().text()));
    }

    /// A kubeconfig that the cloud sends is data: what it names is neither run nor read, and nobody is told our secret.
    void aKubeconfigOfTheCloudRunsNothing_data()
    {
        QTest::addColumn<QByteArray>("user");
        QTest::addColumn<QString>("refusal"); ///< empty: it is taken
        const QByteArray trap = m_folder.filePath(QStringLiteral("trap")).toUtf8();
        QTest::newRow("as it should be") << QByteArray("token: t") << QString();
        QTest::newRow("a program") << QByteArray(
            "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: sh, args: [-c, 'env >" + trap + "']}")
                                   << QStringLiteral("users[0].user.exec names a program");
        QTest::newRow("a file of ours") << QByteArray("tokenFile: /etc/hostname") << QStringLiteral("users[0].user.tokenFile names a file");
    }
    void aKubeconfigOfTheCloudRunsNothing()
    {
        QFETCH(QByteArray, user);
        QFETCH(QString, refusal);
        kube::permitPlugins(); // what refuses it is where it comes from
        qputenv("TST_CLOUD_SECRET", "hidden");
        test::ScriptedServer api([](test::Exchange &e) { e.reply(200, R"({"gitVersion":"v1.32.0","major":"1","minor":"32"})"); },
            test::ScriptedServer::Mode::Tls);
        const QByteArray kubeconfig = kubeconfigOf(api, user);
        test::ScriptedServer cloud(
            [&](test::Exchange &e) {
                e.reply(200,
                    QJsonDocument(QJsonObject { { QStringLiteral("config"), QString::fromUtf8(kubeconfig) },
                                      { QStringLiteral("expiration"), QStringLiteral("2099-01-01T00:00:00Z") } })
                        .toJson());
            },
            test::ScriptedServer::Mode::Tls);
        const Environment environment = environmentOf(cloud);
        const auto secrets = store::makeMemorySecretStore();
        const auto opened = tests::waitFor(Session::open(environment, *secrets, {}));
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        kube::KubeClient *client = (*opened)->cluster(QStringLiteral("cluster-1"));
        QVERIFY(core::withheldVariables().contains(QStringLiteral("TST_CLOUD_SECRET")));
        QCOMPARE(client != nullptr, refusal.isEmpty());
        if (client) {
            const auto version = tests::waitFor(client->version({}));
            QVERIFY2(version, version ? "" : qPrintable(version.error().text()));
            QVERIFY(client->access().byHand.before.contains(
                QStringLiteral("aliyun cs DescribeClusterUserKubeconfig --region cn-hangzhou --ClusterId c0ffee ")));
        } else {
            const core::Error error = (*opened)->clusterError(QStringLiteral("cluster-1")).value();
            QVERIFY2(error.answer.contains(refusal), qPrintable(error.text()));
            QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("trap"))));
            QCOMPARE(api.requests(), 0);
        }
        qunsetenv("TST_CLOUD_SECRET");
    }

    void waysToAnAccount_data()
    {
        QTest::addColumn<QByteArray>("account"); // in place of key and secret
        QTest::addColumn<QString>("told");
        QTest::addColumn<QString>("refusal"); // empty: it is taken
        const auto row = [](const char *name, const char *account, const char *told, const char *refusal) {
            QTest::newRow(name) << QByteArray(account) << QString::fromUtf8(told) << QString::fromUtf8(refusal);
        };
        row("an access key", "accessKeyId: K\n    accessKeySecret: { env: S }", "AccessKey K, cn-hangzhou", "");
        row("with a token of STS",
            "accessKeyId: K\n    accessKeySecret: { env: S }\n    securityToken: { env: T }\n    expires: 2026-01-02T03:04:05Z",
            "AccessKey K, cn-hangzhou", "");
        row("a profile", "profile: work\n    profileFile: config.json", "profile work of the aliyun command line tool, cn-hangzhou", "");
        row("variables", "variables: true", "the access key of the environment's variables, cn-hangzhou", "");
        row("a role", "variables: true\n    assumeRole: { roleArn: \"acs:ram::1:role/catamaran\", sessionName: me, seconds: 900 }",
            "the access key of the environment's variables as acs:ram::1:role/catamaran, cn-hangzhou", "");
        row("two ways", "profile: work\n    variables: true", "", "one of accessKeyId, profile and variables");
        row("a secret beside a profile", "profile: work\n    accessKeySecret: { env: S }", "", "goes with accessKeyId alone");
        row("the token itself", "accessKeyId: K\n    accessKeySecret: { env: S }\n    securityToken: hush-hush", "", "where the secret is");
        row("an end without a token", "accessKeyId: K\n    accessKeySecret: { env: S }\n    expires: 2026-01-02T03:04:05Z", "",
            "goes with securityToken alone");
        row("an end without a zone",
            "accessKeyId: K\n    accessKeySecret: { env: S }\n    securityToken: { env: T }\n    expires: 2026-01-02T03:04:05", "",
            "must be a time such as");
        row("a role that is none", "variables: true\n    assumeRole: { roleArn: admin }", "", "must be a role such as");
        row("a role for too short", "variables: true\n    assumeRole: { roleArn: \"acs:ram::1:role/catamaran\", seconds: 60 }", "",
            "between 900");
    }
    void waysToAnAccount()
    {
        QFETCH(QByteArray, account);
        QFETCH(QString, told);
        QFETCH(QString, refusal);
        QByteArray yaml = example;
        const QByteArray usual = "accessKeyId: LabKey\n    accessKeySecret:\n      file: secret.txt";
        QVERIFY(yaml.contains(usual));
        yaml.replace(usual, account);
        const auto environment = parseEnvironment(yaml, file());
        QCOMPARE(environment.has_value(), refusal.isEmpty());
        if (!environment) {
            QVERIFY2(environment.error().text().contains(refusal), qPrintable(environment.error().text()));
            QVERIFY(!environment.error().text().contains(QStringLiteral("hush")));
            return;
        }
        QCOMPARE(environment->account()->told(), told);
        // What is kept is read back as it was.
        QByteArray again = "apiVersion: catamaran.io/v1\nkind: Environment\nmetadata: {name: lab}\nspec:\n  alibabaCloud:\n"
            + environment->account()->toYaml(4) + "  clusters: []\n";
        const auto back = parseEnvironment(again, file());
        QVERIFY2(back, back ? "" : qPrintable(back.error().text() + QString::fromUtf8(again)));
        QCOMPARE(back->account()->toYaml(4), environment->account()->toYaml(4));
        QCOMPARE(back->account()->told(), told);
    }

    /// A kubeconfig of the cloud that ends is fetched anew before its end, and requests go on with the new one.
    void aKubeconfigThatEndsIsRenewedInTime()
    {
        qputenv("TST_CLOUD_SECRET", "hidden");
        QDateTime now = QDateTime::currentDateTimeUtc();
        QByteArrayList seen; // what the API server was shown
        test::ScriptedServer api(
            [&](test::Exchange &e) {
                seen << e.header("Authorization");
                e.reply(200, R"({"gitVersion":"v1.32.0","major":"1","minor":"32"})");
            },
            test::ScriptedServer::Mode::Tls);
        int fetched = 0;
        bool isRefused = false;
        test::ScriptedServer cloud(
            [&](test::Exchange &e) {
                ++fetched;
                if (isRefused) {
                    e.reply(403, R"({"code":"Forbidden","message":"no more"})");
                    return;
                }
                const QByteArray kubeconfig = kubeconfigOf(api, "token: t" + QByteArray::number(fetched));
                e.reply(200,
                    QJsonDocument(QJsonObject { { QStringLiteral("config"), QString::fromUtf8(kubeconfig) },
                                      { QStringLiteral("expiration"), now.addSecs(12 * 3600).toString(Qt::ISODate) } })
                        .toJson());
            },
            test::ScriptedServer::Mode::Tls);
        const Environment environment = environmentOf(cloud);
        const auto secrets = store::makeMemorySecretStore();
        const auto opened = tests::waitFor(Session::open(environment, *secrets, {}, [&now] { return now; }));
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().text()));
        kube::KubeClient *client = (*opened)->cluster(QStringLiteral("cluster-1"));
        QVERIFY(client);
        const auto shown = [&] {
            const auto version = tests::waitFor(client->version({}));
            return version ? seen.last() : version.error().text().toUtf8();
        };
        QCOMPARE(shown(), QByteArray("Bearer t1"));
        QCOMPARE(fetched, 1);
        now = now.addSecs(10 * 3600); // long enough
        QCOMPARE(shown(), QByteArray("Bearer t1"));
        QCOMPARE(fetched, 1);
        now = now.addSecs(3600 + 60); // less than an hour is left
        QCOMPARE(shown(), QByteArray("Bearer t1")); // good still; nobody waits for the new one
        QTRY_COMPARE(fetched, 2);
        QTRY_COMPARE(shown(), QByteArray("Bearer t2"));
        // When it cannot be renewed, it is used until it ends; then the reason is said.
        isRefused = true;
        now = now.addSecs(11 * 3600 + 60);
        QCOMPARE(shown(), QByteArray("Bearer t2"));
        QTRY_COMPARE(fetched, 3);
        QCOMPARE(shown(), QByteArray("Bearer t2"));
        now = now.addSecs(3600);
        QVERIFY2(shown().contains("no more"), shown().constData());
        qunsetenv("TST_CLOUD_SECRET");
    }

private:
    [[nodiscard]] QString file() const { return m_folder.filePath(QStringLiteral("env.yaml")); }
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestEnvironment)
#include "tst_environment.moc"
