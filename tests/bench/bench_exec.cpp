// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/clusters.h"
#include "bench/figures.h"
#include "bench/helperprocess.h"
#include "kube/exec.h"
#include "support/labprocess.h"

#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>
#include <QUuid>

using namespace catamaran;

namespace {

template <typename T> core::Result<T> waitFor(const QFuture<core::Result<T>> &future, int timeoutMs = 60000)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, timeoutMs) || future.resultCount() == 0)
        return core::fail(core::ErrorKind::Timeout, QStringLiteral("wait"), {}, QStringLiteral("no answer"));
    return future.result();
}

} // namespace

/// Many bytes out of one command in a pod, beside kubectl exec of the same command.
class BenchExec : public QObject {
    Q_OBJECT
private slots:
    void range();
    void realServer();

private:
    void sideBySide(const QString &where, const QString &kubeconfig, const QString &ns, const QString &image, int megabytes);
};

void BenchExec::sideBySide(const QString &where, const QString &kubeconfig, const QString &ns, const QString &image, int megabytes)
{
    const auto access = bench::accessOf(kubeconfig);
    QVERIFY(access.has_value());
    kube::KubeClient client(*access);
    const QJsonObject pod = QJsonDocument::fromJson(
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"bench"},"spec":{"terminationGracePeriodSeconds":0,"containers":[{"name":"c","image":")"
        + image.toUtf8() + R"(","imagePullPolicy":"IfNotPresent","command":["/bin/sleep","infinity"]}]}})")
                                .object();
    const auto created = waitFor(client.create(kube::kinds::pods, ns, pod, {}));
    QVERIFY2(created, created ? "" : qPrintable(created.error().text()));
    QVERIFY(QTest::qWaitFor(
        [&] {
            const auto now = waitFor(client.get(kube::kinds::pods, ns, QStringLiteral("bench"), {}));
            return now && (*now)[u"status"].toObject()[u"phase"] == QStringLiteral("Running");
        },
        60000));
    const qint64 wanted = qint64(megabytes) * 1000 * 1000;
    // Not head: busybox's copies byte by byte, and would be what is measured.
    constexpr int block = 100000;
    const QStringList command { QStringLiteral("dd"), QStringLiteral("if=/dev/zero"), QStringLiteral("bs=%1").arg(block),
        QStringLiteral("count=%1").arg(wanted / block) };
    const QString kubectl = QStandardPaths::findExecutable(QStringLiteral("kubectl"));
    QList<double> ours, theirs;
    for (int i = 0; i < 3; ++i) { // in turn, so that both see the same machine
        kube::ExecOptions options;
        options.ns = ns;
        options.pod = QStringLiteral("bench");
        options.container = QStringLiteral("c");
        options.command = command;
        const auto exec = client.exec(options);
        qint64 got = 0;
        bool ended = false, clean = false;
        QString trouble;
        connect(exec.get(), &kube::ExecSession::standardOutput, this, [&](const QByteArray &bytes) { got += bytes.size(); });
        connect(exec.get(), &kube::ExecSession::finished, this, [&](int exitCode, const std::shared_ptr<core::Error> &error) {
            ended = true;
            clean = exitCode == 0 && !error;
            trouble = error ? error->text() : QString();
        });
        QElapsedTimer clock;
        clock.start();
        exec->start();
        QEventLoop loop; // no polling: it would be measured
        connect(exec.get(), &kube::ExecSession::finished, &loop, &QEventLoop::quit);
        QTimer::singleShot(120000, &loop, &QEventLoop::quit);
        loop.exec();
        ours += double(clock.nsecsElapsed()) / 1e9;
        QVERIFY2(ended && clean, qPrintable(trouble));
        QCOMPARE(got, wanted);
        if (!kubectl.isEmpty()) {
            qint64 printed = 0;
            const Spent spent = runAndCount(kubectl,
                QStringList { QStringLiteral("--kubeconfig"), kubeconfig, QStringLiteral("-n"), ns, QStringLiteral("exec"),
                    QStringLiteral("bench"), QStringLiteral("-c"), QStringLiteral("c"), QStringLiteral("--") }
                    + command,
                printed);
            if (spent.ok && printed == wanted)
                theirs += spent.seconds;
        }
    }
    (void)waitFor(client.remove(kube::kinds::pods, ns, QStringLiteral("bench"), {}));
    if (theirs.isEmpty())
        qInfo("%s: %d MB through one exec %.2f s; kubectl is not installed or failed", qPrintable(where), megabytes, median(ours));
    else
        qInfo("%s: %d MB through one exec %.2f s, kubectl exec %.2f s: %.1f times as fast (goal: at least 2)", qPrintable(where), megabytes,
            median(ours), median(theirs), median(theirs) / median(ours));
}

void BenchExec::range()
{
    if (tests::LabProcess::program().isEmpty())
        QSKIP("no catamaran-lab here");
    tests::LabProcess lab;
    QVERIFY2(lab.start(), qPrintable(lab.errorText()));
    sideBySide(QStringLiteral("range"), lab.kubeconfig(1), QStringLiteral("default"), QStringLiteral("curlimages/curl"), 100);
}

void BenchExec::realServer()
{
    const QString kubeconfig = qEnvironmentVariable("CATAMARAN_CLUSTER_1");
    if (kubeconfig.isEmpty())
        QSKIP("CATAMARAN_CLUSTER_1 names no real cluster");
    const auto access = bench::accessOf(kubeconfig);
    QVERIFY(access.has_value());
    kube::KubeClient client(*access);
    const QString space = QStringLiteral("bench-") + QUuid::createUuid().toString(QUuid::Id128).left(8);
    QVERIFY(waitFor(client.create(kube::kinds::namespaces, {},
        { { QStringLiteral("apiVersion"), QStringLiteral("v1") }, { QStringLiteral("kind"), QStringLiteral("Namespace") },
            { QStringLiteral("metadata"), QJsonObject { { QStringLiteral("name"), space } } } },
        {})));
    QVERIFY(QTest::qWaitFor(
        [&] { return waitFor(client.get(kube::kinds::serviceAccounts, space, QStringLiteral("default"), {})).has_value(); }, 20000));
    sideBySide(QStringLiteral("real server"), kubeconfig, space,
        qEnvironmentVariable("CATAMARAN_TOOLS_IMAGE", QStringLiteral("rk.local/tools:1")), 100);
    (void)waitFor(client.remove(kube::kinds::namespaces, {}, space, {}));
}

QTEST_GUILESS_MAIN(BenchExec)
#include "bench_exec.moc"
