// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/clusters.h"
#include "bench/figures.h"
#include "bench/helperprocess.h"
#include "support/labprocess.h"
#include "support/paths.h"

#include <QStandardPaths>
#include <QTest>
#include <QUuid>

using namespace catamaran;

namespace {

template <typename T> core::Result<T> waitFor(const QFuture<core::Result<T>> &future, int timeoutMs = 60000)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, timeoutMs) || future.resultCount() == 0)
        return core::fail(core::ErrorKind::Timeout, QStringLiteral("wait"), {}, QStringLiteral("no answer"));
    return future.result();
}

/// A pod that no scheduler takes.
QJsonObject fillPod(const QString &name)
{
    const auto container = [](const QString &of) {
        return QJsonDocument::fromJson(R"({"name":")" + of.toUtf8()
            + R"(","image":"registry.example.com/team/application:1.2.3","imagePullPolicy":"IfNotPresent","command":["/bin/sh","-c","exec sleep infinity"],
            "ports":[{"name":"http","containerPort":8080}],"env":[{"name":"POD_NAME","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}},{"name":"MODE","value":"bench"}],
            "resources":{"limits":{"cpu":"500m","memory":"256Mi"},"requests":{"cpu":"50m","memory":"64Mi"}},"readinessProbe":{"httpGet":{"path":"/healthz","port":8080}}})")
            .object();
    };
    return {
        { QStringLiteral("apiVersion"), QStringLiteral("v1") }, { QStringLiteral("kind"), QStringLiteral("Pod") },
        { QStringLiteral("metadata"),
            QJsonObject { { QStringLiteral("name"), name },
                { QStringLiteral("labels"),
                    QJsonObject {
                        { QStringLiteral("app"), QStringLiteral("fill") }, { QStringLiteral("version"), QStringLiteral("v1") } } } } },
        { QStringLiteral("spec"),
            QJsonObject { { QStringLiteral("schedulerName"), QStringLiteral("nobody") },
                { QStringLiteral("containers"), QJsonArray { container(QStringLiteral("app")), container(QStringLiteral("helper")) } } } }
    };
}

} // namespace

/// All pods of a cluster into an informer's cache, beside curl, which throws the same bytes away, and beside kubectl.
class BenchList : public QObject {
    Q_OBJECT
private slots:
    void range();
    void realServer();

private:
    void sideBySide(const QString &where, const QString &kubeconfig, int expected);
};

void BenchList::sideBySide(const QString &where, const QString &kubeconfig, int expected)
{
    const int rounds
        = qEnvironmentVariableIsSet("CATAMARAN_BENCH_ROUNDS") ? std::max(1, qEnvironmentVariableIntValue("CATAMARAN_BENCH_ROUNDS")) : 5;
    const auto access = bench::accessOf(kubeconfig);
    QVERIFY(access.has_value());
    QTemporaryDir folder;
    // The informer's own request. It asks for no compression of a server on this machine, and neither does curl.
    const QStringList curl = bench::curlArguments(*access, folder, QStringLiteral("/api/v1/pods?resourceVersion=0"));
    const QString kubectl = QStandardPaths::findExecutable(QStringLiteral("kubectl"));
    QList<double> ours, ourProcess, ourMemory, curls, kubectls, kubectlMemory;
    double bytes = 0;
    for (int i = 0; i < rounds; ++i) { // in turn, so that all see the same machine
        const Spent curled = runToEnd(QStringLiteral("curl"), curl, folder.filePath(QStringLiteral("curl.out")));
        QVERIFY2(curled.ok, "curl did not get the list");
        curls += curled.output.split(' ').value(0).toDouble();
        bytes = curled.output.split(' ').value(1).toDouble();
        const Spent listed
            = runToEnd(tests::program(QStringLiteral("bench_listclient")), { kubeconfig }, folder.filePath(QStringLiteral("ours.out")));
        QVERIFY2(listed.ok, "our client did not get the list");
        const QJsonObject said = QJsonDocument::fromJson(listed.output.split('\n').value(0)).object();
        QVERIFY2(said[u"objects"].toInt() >= expected, listed.output.constData());
        ours += said[u"seconds"].toDouble();
        ourProcess += listed.seconds;
        ourMemory += listed.megabytes;
        if (!kubectl.isEmpty() && i % 2 == 0) {
            const Spent got = runToEnd(kubectl,
                { QStringLiteral("--kubeconfig"), kubeconfig, QStringLiteral("--cache-dir"), folder.filePath(QStringLiteral("cache")),
                    QStringLiteral("get"), QStringLiteral("pods"), QStringLiteral("-A"), QStringLiteral("-o"), QStringLiteral("json") });
            if (got.ok) {
                kubectls += got.seconds;
                kubectlMemory += got.megabytes;
            }
        }
    }
    qInfo("%s, %d pods, %.1f MB: list and decode into the cache %.3f s, curl -o /dev/null %.3f s: %.2f times (goal: at most 1.4)",
        qPrintable(where), expected, bytes / 1e6, median(ours), median(curls), median(ours) / median(curls));
    if (kubectls.isEmpty()) {
        qInfo("%s: kubectl is not installed, or did not get the list: nothing to compare with", qPrintable(where));
        return;
    }
    qInfo("%s: whole process %.2f s, kubectl get pods -A -o json %.2f s: %.1f times faster (goal: at least 8)", qPrintable(where),
        median(ourProcess), median(kubectls), median(kubectls) / median(ourProcess));
    qInfo("%s: peak memory %.0f MB, kubectl %.0f MB: %.2f of it (goal: at most 0.25)", qPrintable(where), median(ourMemory),
        median(kubectlMemory), median(ourMemory) / median(kubectlMemory));
}

void BenchList::range()
{
    if (tests::LabProcess::program().isEmpty())
        QSKIP("no catamaran-lab here");
    const int pods = qEnvironmentVariableIsSet("CATAMARAN_BENCH_PODS") ? qEnvironmentVariableIntValue("CATAMARAN_BENCH_PODS") : 20000;
    tests::LabProcess lab;
    QVERIFY2(lab.start(), qPrintable(lab.errorText()));
    const auto filled
        = lab.ctl({ QStringLiteral("fill"), QStringLiteral("pods"), QStringLiteral("cluster-1"), QString::number(pods) }, 60000);
    QVERIFY2(filled.ok(), (filled.standardOutput + filled.standardError).constData());
    sideBySide(QStringLiteral("range"), lab.kubeconfig(1), pods);
}

void BenchList::realServer()
{
    const QString kubeconfig = qEnvironmentVariable("CATAMARAN_CLUSTER_1");
    if (kubeconfig.isEmpty())
        QSKIP("CATAMARAN_CLUSTER_1 names no real cluster");
    const auto access = bench::accessOf(kubeconfig);
    QVERIFY(access.has_value());
    const int pods = 3000;
    kube::KubeClient client(*access);
    const QString space = QStringLiteral("bench-") + QUuid::createUuid().toString(QUuid::Id128).left(8);
    QVERIFY(waitFor(client.create(kube::kinds::namespaces, {},
        { { QStringLiteral("apiVersion"), QStringLiteral("v1") }, { QStringLiteral("kind"), QStringLiteral("Namespace") },
            { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("name"), space } } } },
        {})));
    struct Cleaner {
        kube::KubeClient &client;
        QString space;
        ~Cleaner() { (void)waitFor(client.remove(kube::kinds::namespaces, {}, space, {})); }
    } cleaner { client, space };
    // A new namespace has its service account a moment later; pods are refused until then.
    QVERIFY(QTest::qWaitFor(
        [&] { return waitFor(client.get(kube::kinds::serviceAccounts, space, QStringLiteral("default"), {})).has_value(); }, 20000));
    int open = 0, made = 0, failed = 0;
    std::function<void()> more = [&] {
        while (open < 6 && made + failed + open < pods) {
            const int index = made + failed + open;
            ++open;
            core::whenReady(
                client.create(kube::kinds::pods, space, fillPod(QStringLiteral("fill-%1").arg(index, 5, 10, QLatin1Char('0'))), {}), this,
                [&](const core::Result<QJsonObject> &pod) {
                    --open;
                    ++(pod ? made : failed);
                    more();
                });
        }
    };
    more();
    QVERIFY(QTest::qWaitFor([&] { return open == 0 && made + failed >= pods; }, 240000));
    QCOMPARE(failed, 0);
    sideBySide(QStringLiteral("real server"), kubeconfig, pods);
}

QTEST_GUILESS_MAIN(BenchList)
#include "bench_list.moc"
