// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "apifixture.h"

#include <QProcess>
#include <QStandardPaths>

using namespace catamaran;

/// Real kubectl against the API server with its controllers: what a person types must give what a cluster gives.
class TestKubectl : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void readOnly_data();
    void readOnly();
    void appliesBothWays();
    void appliesTheSampleOfMesh();
    void refusesUnknownFields();
    void explainsInvalidObjects();
    void conflictsWithAnotherManager();
    void scalesAndWaits();
    void labelsAnnotatesAndPatches();
    void createsByProtobuf();
    void asksWhatIsAllowed();
    void execsWithInputAndExitCode();
    void readsLogs();
    void watches();
    void deletes();
    void deletesNamespaceWithContent();

private:
    struct Output {
        int code = -1;
        QString out, err;
    };
    Output run(const QStringList &arguments, const QByteArray &input = {});
    void write(const QString &name, const QByteArray &text);
    /// What a kubelet would do to every pod.
    void runAllPods();

    QString m_kubectl;
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<ApiFixture> m_fixture;
};

namespace {

    const char deployment[] = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: app
        image: registry.local/web:1
        ports:
        - containerPort: 8080
        env:
        - name: COLOUR
          value: "yes"
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
  - name: http
    port: 80
    targetPort: 8080
)";

} // namespace

void TestKubectl::initTestCase()
{
    m_kubectl = QStandardPaths::findExecutable(QStringLiteral("kubectl"));
    if (m_kubectl.isEmpty())
        QSKIP("kubectl is not installed");
}

void TestKubectl::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_fixture = std::make_unique<ApiFixture>(true);
    QVERIFY2(m_fixture->failure.empty(), m_fixture->failure.c_str());
    QByteArray config = "apiVersion: v1\nkind: Config\ncurrent-context: lab\ncontexts:\n- name: lab\n  context: {cluster: lab, user: admin}\n"
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
    write(QStringLiteral("web.yaml"), deployment);
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
    return { process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError()) };
}

void TestKubectl::runAllPods()
{
    m_fixture->onThread([this] {
        auto &store = *m_fixture->store;
        for (const auto &pod : store.list("pods")) {
            store.mutate("pods", lab::namespaceOf(*pod), lab::nameOf(*pod), [](boost::json::object &object) {
                namespace json = boost::json;
                json::array statuses, conditions;
                for (const auto &container : object.at("spec").at("containers").as_array())
                    statuses.push_back(json::object { { "name", container.at("name") }, { "ready", true }, { "restartCount", 0 }, { "state", json::object { { "running", json::object() } } } });
                for (const char *type : { "PodScheduled", "Initialized", "ContainersReady", "Ready" })
                    conditions.push_back(json::object { { "type", type }, { "status", "True" } });
                object["status"] = json::object { { "phase", "Running" }, { "podIP", "127.20.10.1" }, { "conditions", conditions }, { "containerStatuses", statuses } };
            });
        }
    });
}

#define KUBECTL_OK(result) QVERIFY2((result).code == 0, qPrintable((result).out + (result).err))

void TestKubectl::readOnly_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const char *arguments, const QStringList &expected) { QTest::newRow(name) << QString::fromLatin1(arguments).split(u' ') << expected; };
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

void TestKubectl::appliesBothWays()
{
    auto result = run({ u"apply"_qs, u"-f"_qs, u"web.yaml"_qs });
    KUBECTL_OK(result);
    QVERIFY2(result.out.contains(u"deployment.apps/web created"_qs) && result.out.contains(u"service/web created"_qs), qPrintable(result.out));
    QTRY_COMPARE(m_fixture->onThread([this] { return m_fixture->store->list("pods", "default").size(); }), std::size_t(2));

    result = run({ u"apply"_qs, u"-f"_qs, u"web.yaml"_qs });
    KUBECTL_OK(result);
    QVERIFY2(result.out.contains(u"deployment.apps/web unchanged"_qs) && result.out.contains(u"service/web unchanged"_qs), qPrintable(result.out));

    // A second container's port and an environment variable are merged by their keys, the old ones go.
    QByteArray changed = deployment;
    changed.replace("COLOUR", "SHAPE").replace("replicas: 2", "replicas: 1");
    write(u"web2.yaml"_qs, changed);
    result = run({ u"apply"_qs, u"-f"_qs, u"web2.yaml"_qs });
    KUBECTL_OK(result);
    QVERIFY2(result.out.contains(u"deployment.apps/web configured"_qs), qPrintable(result.out));
    result = run({ u"get"_qs, u"deployment"_qs, u"web"_qs, u"-o"_qs, u"jsonpath={.spec.replicas} {.spec.template.spec.containers[0].env[*].name}"_qs });
    QCOMPARE(result.out, u"1 SHAPE"_qs);

    result = run({ u"apply"_qs, u"--server-side"_qs, u"--force-conflicts"_qs, u"-f"_qs, u"web.yaml"_qs });
    KUBECTL_OK(result);
    QVERIFY2(result.out.contains(u"serverside-applied"_qs), qPrintable(result.out));
    result = run({ u"get"_qs, u"deployment"_qs, u"web"_qs, u"-o"_qs, u"jsonpath={.spec.replicas} {.spec.template.spec.containers[0].env[*].name}"_qs });
    QCOMPARE(result.out, u"2 COLOUR"_qs);
    result = run({ u"diff"_qs, u"-f"_qs, u"web.yaml"_qs });
    KUBECTL_OK(result);
    result = run({ u"apply"_qs, u"--dry-run=server"_qs, u"-f"_qs, u"web2.yaml"_qs });
    KUBECTL_OK(result);
    result = run({ u"get"_qs, u"deployment"_qs, u"web"_qs, u"-o"_qs, u"jsonpath={.spec.replicas}"_qs });
    QCOMPARE(result.out, u"2"_qs);
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
    const auto result = run({ u"get"_qs, u"destinationrules.v1.networking.istio.io"_qs, u"mocka"_qs, u"-n"_qs, u"team"_qs, u"-o"_qs, u"jsonpath={.apiVersion} {.spec.host}"_qs });
    QCOMPARE(result.out, u"networking.istio.io/v1 mocka"_qs);
}

void TestKubectl::refusesUnknownFields()
{
    QByteArray wrong = deployment;
    wrong.replace("replicas: 2", "replica: 2");
    write(u"wrong.yaml"_qs, wrong);
    const auto result = run({ u"apply"_qs, u"-f"_qs, u"wrong.yaml"_qs });
    QCOMPARE(result.code, 1);
    QVERIFY2(result.err.contains(u"unknown field \"spec.replica\""_qs), qPrintable(result.err));
}

void TestKubectl::explainsInvalidObjects()
{
    QByteArray wrong = deployment;
    wrong.replace("matchLabels: {app: web}", "matchLabels: {app: other}");
    write(u"wrong.yaml"_qs, wrong);
    const auto result = run({ u"create"_qs, u"-f"_qs, u"wrong.yaml"_qs });
    QCOMPARE(result.code, 1);
    QVERIFY2(result.err.contains(u"`selector` does not match template `labels`"_qs), qPrintable(result.err));
    QVERIFY2(result.out.contains(u"service/web created"_qs), qPrintable(result.out));
}

void TestKubectl::conflictsWithAnotherManager()
{
    KUBECTL_OK(run({ u"apply"_qs, u"--server-side"_qs, u"--field-manager=one"_qs, u"-f"_qs, u"web.yaml"_qs }));
    QByteArray changed = deployment;
    changed.replace("replicas: 2", "replicas: 3");
    write(u"web3.yaml"_qs, changed);
    auto result = run({ u"apply"_qs, u"--server-side"_qs, u"--field-manager=two"_qs, u"-f"_qs, u"web3.yaml"_qs });
    QCOMPARE(result.code, 1);
    QVERIFY2(result.err.contains(u"Apply failed with 1 conflict: conflict with \"one\": .spec.replicas"_qs), qPrintable(result.err));
    KUBECTL_OK(run({ u"apply"_qs, u"--server-side"_qs, u"--force-conflicts"_qs, u"--field-manager=two"_qs, u"-f"_qs, u"web3.yaml"_qs }));
}

void TestKubectl::scalesAndWaits()
{
    KUBECTL_OK(run({ u"apply"_qs, u"-f"_qs, u"web.yaml"_qs }));
    auto result = run({ u"scale"_qs, u"deployment/web"_qs, u"--replicas=3"_qs });
    KUBECTL_OK(result);
    QCOMPARE(result.out.trimmed(), u"deployment.apps/web scaled"_qs);
    QTRY_COMPARE(m_fixture->onThread([this] { return m_fixture->store->list("pods", "default").size(); }), std::size_t(3));
    runAllPods();
    KUBECTL_OK(run({ u"wait"_qs, u"--for=condition=Available"_qs, u"deployment/web"_qs, u"--timeout=20s"_qs }));
    KUBECTL_OK(run({ u"rollout"_qs, u"status"_qs, u"deployment/web"_qs, u"--timeout=20s"_qs }));
    result = run({ u"get"_qs, u"deployments"_qs });
    QVERIFY2(result.out.contains(u"3/3"_qs), qPrintable(result.out));
    result = run({ u"get"_qs, u"services,endpointslices"_qs, u"-o"_qs, u"wide"_qs });
    QVERIFY2(result.out.contains(u"80/TCP"_qs) && result.out.contains(u"ClusterIP"_qs), qPrintable(result.out));
}

void TestKubectl::labelsAnnotatesAndPatches()
{
    m_fixture->addRunningPod("team", "echo");
    KUBECTL_OK(run({ u"label"_qs, u"pod/echo"_qs, u"-n"_qs, u"team"_qs, u"tier=back"_qs }));
    KUBECTL_OK(run({ u"annotate"_qs, u"pod/echo"_qs, u"-n"_qs, u"team"_qs, u"note=hello"_qs }));
    KUBECTL_OK(run({ u"label"_qs, u"namespace"_qs, u"team"_qs, u"istio-injection=enabled"_qs, u"--overwrite"_qs }));
    KUBECTL_OK(run({ u"patch"_qs, u"pod"_qs, u"echo"_qs, u"-n"_qs, u"team"_qs, u"-p"_qs, u"{\"metadata\":{\"labels\":{\"more\":\"1\"}}}"_qs }));
    KUBECTL_OK(run({ u"patch"_qs, u"pod"_qs, u"echo"_qs, u"-n"_qs, u"team"_qs, u"--type=json"_qs, u"-p"_qs, u"[{\"op\":\"remove\",\"path\":\"/metadata/labels/app\"}]"_qs }));
    const auto result = run({ u"get"_qs, u"pod"_qs, u"echo"_qs, u"-n"_qs, u"team"_qs, u"--show-labels"_qs, u"--no-headers"_qs });
    QVERIFY2(result.out.contains(u"more=1,tier=back"_qs), qPrintable(result.out));
}

void TestKubectl::createsByProtobuf()
{
    KUBECTL_OK(run({ u"create"_qs, u"namespace"_qs, u"shop"_qs }));
    KUBECTL_OK(run({ u"create"_qs, u"serviceaccount"_qs, u"clerk"_qs, u"-n"_qs, u"shop"_qs }));
    KUBECTL_OK(run({ u"create"_qs, u"configmap"_qs, u"prices"_qs, u"--from-literal=tea=2"_qs, u"-n"_qs, u"shop"_qs }));
    KUBECTL_OK(run({ u"create"_qs, u"secret"_qs, u"generic"_qs, u"key"_qs, u"--from-literal=door=open"_qs, u"-n"_qs, u"shop"_qs }));
    KUBECTL_OK(run({ u"create"_qs, u"deployment"_qs, u"till"_qs, u"--image=registry.local/till:1"_qs, u"-n"_qs, u"shop"_qs }));
    auto result = run({ u"get"_qs, u"secret"_qs, u"key"_qs, u"-n"_qs, u"shop"_qs, u"-o"_qs, u"jsonpath={.data.door} {.type}"_qs });
    QCOMPARE(result.out, u"b3Blbg== Opaque"_qs);
    result = run({ u"get"_qs, u"configmap,deployment,secret"_qs, u"-n"_qs, u"shop"_qs });
    QVERIFY2(result.out.contains(u"0/1"_qs) && result.out.contains(u"Opaque"_qs), qPrintable(result.out));
}

void TestKubectl::asksWhatIsAllowed()
{
    auto result = run({ u"auth"_qs, u"can-i"_qs, u"create"_qs, u"deployments"_qs });
    QCOMPARE(result.out.trimmed(), u"yes"_qs);
    result = run({ u"auth"_qs, u"can-i"_qs, u"create"_qs, u"deployments"_qs, u"--user=jane"_qs });
    QCOMPARE(result.out.trimmed(), u"no"_qs);
    result = run({ u"auth"_qs, u"can-i"_qs, u"list"_qs, u"pods"_qs, u"-n"_qs, u"team"_qs, u"--user=jane"_qs });
    QCOMPARE(result.out.trimmed(), u"yes"_qs);
    result = run({ u"auth"_qs, u"whoami"_qs, u"--user=jane"_qs });
    QVERIFY2(result.out.contains(u"developers"_qs), qPrintable(result.out + result.err));
    result = run({ u"get"_qs, u"pods"_qs, u"--user=jane"_qs });
    QCOMPARE(result.code, 1);
    QVERIFY2(result.err.contains(u"pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\""_qs), qPrintable(result.err));
}

void TestKubectl::execsWithInputAndExitCode()
{
    m_fixture->addRunningPod("team", "echo", { "app", "side" });
    auto result = run({ u"exec"_qs, u"-n"_qs, u"team"_qs, u"echo"_qs, u"-c"_qs, u"app"_qs, u"--"_qs, u"sh"_qs, u"-c"_qs, u"echo out; echo err >&2; exit 3"_qs });
    QCOMPARE(result.code, 3);
    QCOMPARE(result.out, u"out\n"_qs);
    QVERIFY2(result.err.contains(u"err\n"_qs) && result.err.contains(u"exit code 3"_qs), qPrintable(result.err));
    const QByteArray large(200000, 'x');
    result = run({ u"exec"_qs, u"-i"_qs, u"-n"_qs, u"team"_qs, u"echo"_qs, u"-c"_qs, u"side"_qs, u"--"_qs, u"wc"_qs, u"-c"_qs }, large);
    KUBECTL_OK(result);
    QCOMPARE(result.out.trimmed(), u"200000"_qs);
}

void TestKubectl::readsLogs()
{
    m_fixture->addRunningPod("team", "echo");
    auto result = run({ u"logs"_qs, u"-n"_qs, u"team"_qs, u"echo"_qs });
    KUBECTL_OK(result);
    QCOMPARE(result.out, u"one of echo\ntwo\nthree\n"_qs);
    result = run({ u"logs"_qs, u"-n"_qs, u"team"_qs, u"echo"_qs, u"--tail=1"_qs });
    QCOMPARE(result.out, u"three\n"_qs);
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

void TestKubectl::deletes()
{
    KUBECTL_OK(run({ u"apply"_qs, u"-f"_qs, u"web.yaml"_qs }));
    QTRY_COMPARE(m_fixture->onThread([this] { return m_fixture->store->list("pods", "default").size(); }), std::size_t(2));
    m_fixture->addRunningPod("team", "echo");
    auto result = run({ u"delete"_qs, u"pod"_qs, u"echo"_qs, u"-n"_qs, u"team"_qs, u"--now"_qs, u"--wait=false"_qs });
    KUBECTL_OK(result);
    QVERIFY(!m_fixture->onThread([this] { return lab::metaString(*m_fixture->store->get("pods", "team", "echo"), "deletionTimestamp"); }).empty());
    KUBECTL_OK(run({ u"delete"_qs, u"pod"_qs, u"echo"_qs, u"-n"_qs, u"team"_qs, u"--force"_qs, u"--grace-period=0"_qs }));
    QVERIFY(!m_fixture->onThread([this] { return m_fixture->store->get("pods", "team", "echo"); }));
    result = run({ u"delete"_qs, u"-f"_qs, u"web.yaml"_qs });
    KUBECTL_OK(result);
    QVERIFY2(result.out.contains(u"deployment.apps \"web\" deleted"_qs), qPrintable(result.out));
    result = run({ u"get"_qs, u"deployment"_qs, u"web"_qs });
    QCOMPARE(result.err.trimmed(), u"Error from server (NotFound): deployments.apps \"web\" not found"_qs);
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
