// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "apifixture.h"

#include <QProcess>
#include <QStandardPaths>

using namespace catamaran;

/// Real kubectl against the API server alone, without a range around it. What every cluster has is in the script of
/// tests/conformance/kubectl; here is what only this server has (Istio's kinds, its users) and what shows the server whole.
class TestKubectl : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void readOnly_data();
    void readOnly();
    void appliesTheSampleOfMesh();
    void appliesWhatRulesRead();
    void asksWhatIsAllowed();
    void tellsWhoOneIs();
    void watches();
    void deletesNamespaceWithContent();

private:
    struct Output {
        int code = -1;
        QString out, err;
    };
    Output run(const QStringList &arguments, const QByteArray &input = {});
    void write(const QString &name, const QByteArray &text);

    QString m_kubectl;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<ApiFixture> m_fixture;
};

void TestKubectl::initTestCase()
{
    m_kubectl = qEnvironmentVariable("CATAMARAN_KUBECTL", QStandardPaths::findExecutable(QStringLiteral("kubectl")));
    if (m_kubectl.isEmpty())
        QSKIP("kubectl is not installed");
}

void TestKubectl::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_fixture = std::make_unique<ApiFixture>(true);
    QVERIFY2(m_fixture->failure.empty(), m_fixture->failure.c_str());
    QByteArray config
        = "apiVersion: v1\nkind: Config\ncurrent-context: lab\ncontexts:\n- name: lab\n  context: {cluster: lab, user: admin}\n"
          "clusters:\n- name: lab\n  cluster:\n    server: https://127.0.0.1:PORT\n    certificate-authority-data: CA\n"
          "users:\n- name: admin\n  user:\n    client-certificate-data: CERT\n    client-key-data: KEY\n"
          "- name: jane\n  user:\n    client-certificate-data: JCERT\n    client-key-data: JKEY\n";
    config.replace("PORT", QByteArray::number(m_fixture->server->port()));
    config.replace("JCERT", m_fixture->jane.certificate.toBase64());
    config.replace("JKEY", m_fixture->jane.key.reveal().toBase64());
    config.replace("data: CA", "data: " + m_fixture->ca.certificate.toBase64());
    config.replace("data: CERT", "data: " + m_fixture->admin.certificate.toBase64());
    config.replace("data: KEY", "data: " + m_fixture->admin.key.reveal().toBase64());
    write(QStringLiteral("config"), config);
}

void TestKubectl::cleanup()
{
    m_fixture.reset();
    m_dir.reset();
}

void TestKubectl::write(const QString &name, const QByteArray &text)
{
    QFile file(m_dir->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

TestKubectl::Output TestKubectl::run(const QStringList &arguments, const QByteArray &input)
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("KUBECONFIG"), m_dir->filePath(QStringLiteral("config")));
    environment.insert(QStringLiteral("HOME"), m_dir->path());
    for (const char *name : { "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY" })
        environment.remove(QLatin1String(name));
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(m_dir->path());
    QStringList all { QStringLiteral("--cache-dir"), m_dir->filePath(QStringLiteral("cache")) };
    // Everything behind "--" belongs to the command in the pod, so our own options come first.
    process.start(m_kubectl, all + arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(40000)) {
        process.kill();
        process.waitForFinished();
    }
    return { process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, QString::fromUtf8(process.readAllStandardOutput()),
        QString::fromUtf8(process.readAllStandardError()) };
}

#define KUBECTL_OK(result) QVERIFY2((result).code == 0, qPrintable((result).out + (result).err))

void TestKubectl::readOnly_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const char *arguments, const QStringList &expected) {
        QTest::newRow(name) << QString::fromLatin1(arguments).split(u' ') << expected;
    };
    row("version", "version", { u"v1.32.1-aliyun.1"_qs });
    row("API resources", "api-resources", { u"deployments"_qs, u"destinationrules"_qs, u"po  "_qs });
    row("API versions", "api-versions", { u"networking.istio.io/v1beta1"_qs, u"apps/v1"_qs });
    row("pods of all namespaces", "get pods -A", { u"NAMESPACE"_qs, u"READY"_qs, u"1/1"_qs, u"Running"_qs });
    row("everything", "get all -n team", { u"pod/echo"_qs });
    row("wide", "get pods -n team -o wide", { u"NOMINATED NODE"_qs, u"127.20.10.1"_qs, u"node-1"_qs });
    row("YAML", "get pod echo -n team -o yaml", { u"kind: Pod"_qs, u"phase: Running"_qs });
    row("JSON", "get pod echo -n team -o json", { u"\"kind\": \"Pod\""_qs });
    row("JSONPath", "get pods -n team -o jsonpath={.items[0].metadata.name}", { u"echo"_qs });
    row("names", "get pods -n team -o name", { u"pod/echo"_qs });
    row("label selector", "get pods -n team -l app=echo --show-labels", { u"app=echo"_qs });
    row("field selector", "get pods -A --field-selector status.phase=Running", { u"echo"_qs });
    row("nothing found", "get pods -n team -l app=none", {});
    row("namespaces", "get namespaces", { u"Active"_qs, u"team"_qs });
    row("in pages", "get ns --chunk-size=1", { u"default"_qs, u"kube-system"_qs, u"team"_qs });
    row("sorted", "get ns --sort-by=.metadata.name", { u"default"_qs });
    row("raw", "get --raw /readyz", { u"ok"_qs });
    row("description", "describe pod echo -n team", { u"Name:         echo"_qs });
    row("empty Istio list", "get destinationrules.networking.istio.io -A", {});
    row("cluster information", "cluster-info", { u"is running at"_qs });
}

void TestKubectl::readOnly()
{
    QFETCH(QStringList, arguments);
    QFETCH(QStringList, expected);
    m_fixture->addRunningPod("team", "echo");
    const auto result = run(arguments);
    KUBECTL_OK(result);
    for (const auto &text : expected)
        QVERIFY2(result.out.contains(text), qPrintable(result.out + result.err));
}

/// The kinds that say whether a service fails over: kubectl's own check of their fields passes, and they are listed.
void TestKubectl::appliesWhatRulesRead()
{
    write(u"rules.yaml"_qs, R"(apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: echo, namespace: team}
spec: {minAvailable: 1, selector: {matchLabels: {app: echo}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: echo, namespace: team}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: echo}
  minReplicas: 2
  maxReplicas: 5
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: echo, namespace: team}
spec:
  podSelector: {matchLabels: {app: echo}}
  policyTypes: [Ingress]
  ingress: [{from: [{namespaceSelector: {}}], ports: [{port: 5000}]}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: echo, namespace: team}
spec: {mtls: {mode: STRICT}}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: echo, namespace: team}
spec: {action: ALLOW}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: echo, namespace: team}
spec: {egress: [{hosts: ["./*"]}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: echo, namespace: team}
spec: {hosts: [echo.example.com], ports: [{number: 80, name: http, protocol: HTTP}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: echo, namespace: team}
spec: {selector: {istio: ingressgateway}}
)");
    for (const auto &way : { QStringList { u"apply"_qs }, QStringList { u"apply"_qs, u"--server-side"_qs } }) {
        const auto result = run(way + QStringList { u"-f"_qs, u"rules.yaml"_qs });
        KUBECTL_OK(result);
    }
    const auto listed = run({ u"get"_qs,
        u"pdb,hpa,netpol,peerauthentications.security.istio.io,authorizationpolicies.security.istio.io,"
        "sidecars.networking.istio.io,serviceentries.networking.istio.io,gateways.networking.istio.io"_qs,
        u"-n"_qs, u"team"_qs, u"-o"_qs, u"name"_qs });
    KUBECTL_OK(listed);
    QCOMPARE(listed.out.count(u"/echo"_qs), 8);
}

void TestKubectl::appliesTheSampleOfMesh()
{
    write(u"mesh.yaml"_qs, R"(apiVersion: networking.istio.io/v1beta1
kind: DestinationRule
metadata: {name: mocka, namespace: team}
spec:
  host: mocka
  trafficPolicy:
    loadBalancer:
      localityLbSetting: {enabled: true}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: mocka, namespace: team}
spec:
  hosts: [mocka]
  http:
  - route:
    - destination: {host: mocka}
)");
    for (const auto &way : { QStringList { u"apply"_qs }, QStringList { u"apply"_qs }, QStringList { u"apply"_qs, u"--server-side"_qs } }) {
        const auto result = run(way + QStringList { u"-f"_qs, u"mesh.yaml"_qs });
        KUBECTL_OK(result);
    }
    // All versions of a kind are one object.
    const auto result = run({ u"get"_qs, u"destinationrules.v1.networking.istio.io"_qs, u"mocka"_qs, u"-n"_qs, u"team"_qs, u"-o"_qs,
        u"jsonpath={.apiVersion} {.spec.host}"_qs });
    QCOMPARE(result.out, u"networking.istio.io/v1 mocka"_qs);
}

void TestKubectl::asksWhatIsAllowed()
{
    auto result = run({ u"auth"_qs, u"can-i"_qs, u"create"_qs, u"deployments"_qs });
    QCOMPARE(result.out.trimmed(), u"yes"_qs);
    result = run({ u"auth"_qs, u"can-i"_qs, u"create"_qs, u"deployments"_qs, u"--user=jane"_qs });
    QCOMPARE(result.out.trimmed(), u"no"_qs);
    result = run({ u"auth"_qs, u"can-i"_qs, u"list"_qs, u"pods"_qs, u"-n"_qs, u"team"_qs, u"--user=jane"_qs });
    QCOMPARE(result.out.trimmed(), u"yes"_qs);
    result = run({ u"get"_qs, u"pods"_qs, u"--user=jane"_qs });
    QCOMPARE(result.code, 1);
    QVERIFY2(result.err.contains(
                 u"pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\""_qs),
        qPrintable(result.err));
}

void TestKubectl::tellsWhoOneIs()
{
    const auto result = run({ u"auth"_qs, u"whoami"_qs, u"--user=jane"_qs });
    if (result.err.contains(u"unknown command \"whoami\""_qs))
        QSKIP("this kubectl is older than the command");
    QVERIFY2(result.out.contains(u"developers"_qs), qPrintable(result.out + result.err));
}

void TestKubectl::watches()
{
    m_fixture->addRunningPod("team", "first");
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("KUBECONFIG"), m_dir->filePath(QStringLiteral("config")));
    environment.insert(QStringLiteral("HOME"), m_dir->path());
    process.setProcessEnvironment(environment);
    process.start(m_kubectl, { u"get"_qs, u"pods"_qs, u"-n"_qs, u"team"_qs, u"--watch"_qs });
    QByteArray seen;
    const auto sees = [&](const char *text) {
        seen += process.readAllStandardOutput();
        return seen.contains(text);
    };
    QTRY_VERIFY_WITH_TIMEOUT(sees("first"), 20000);
    m_fixture->addRunningPod("team", "second");
    QTRY_VERIFY_WITH_TIMEOUT(sees("second"), 20000);
    QCOMPARE(seen.count("NAME "), 1);
    process.kill();
    QVERIFY(process.waitForFinished());
}

void TestKubectl::deletesNamespaceWithContent()
{
    KUBECTL_OK(run({ u"create"_qs, u"ns"_qs, u"shop"_qs }));
    KUBECTL_OK(run({ u"create"_qs, u"configmap"_qs, u"prices"_qs, u"-n"_qs, u"shop"_qs }));
    KUBECTL_OK(run({ u"delete"_qs, u"ns"_qs, u"shop"_qs, u"--timeout=20s"_qs }));
    QVERIFY(!m_fixture->onThread([this] { return m_fixture->store->get("configmaps", "shop", "prices"); }));
}

QTEST_GUILESS_MAIN(TestKubectl)
#include "tst_kubectl.moc"
