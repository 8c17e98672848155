// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/figures.h"
#include "documents/environment.h"
#include "probe/run.h"
#include "session/session.h"
#include "store/secretstore.h"
#include "support/labprocess.h"
#include "support/paths.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace catamaran;

/// Samples per second of one verify stream beside `kubectl exec` of a curl loop, on the same range.
class BenchVerify : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void samplesPerSecondBesideKubectl();
    void cleanupTestCase();

private:
    double ourRate(bool keepAlive, int count);
    double kubectlRate(int count);

    std::unique_ptr<tests::LabProcess> m_lab;
    std::unique_ptr<store::SecretStore> m_secrets;
    std::shared_ptr<session::Session> m_session;
};

void BenchVerify::initTestCase()
{
    if (tests::LabProcess::program().isEmpty())
        QSKIP("no catamaran-lab here");
    m_lab = std::make_unique<tests::LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->errorText()));
    const auto applied = m_lab->run(tests::program(QStringLiteral("catamaranctl")),
        { QStringLiteral("--env"), m_lab->environmentFile(), QStringLiteral("--database"), m_lab->directory() + QStringLiteral("/c.db"),
            QStringLiteral("apply"), tests::sourceFile(QStringLiteral("resources/fleets/two-meshes.yaml")) },
        120000);
    QVERIFY2(applied.ok(), applied.standardError.constData());
    const auto environment = documents::loadEnvironment(m_lab->environmentFile());
    QVERIFY(environment.has_value());
    m_secrets = store::makeMemorySecretStore();
    const auto opened = session::Session::open(*environment, *m_secrets, {});
    QTRY_VERIFY_WITH_TIMEOUT(opened.isFinished(), 20000);
    const auto session = opened.result();
    QVERIFY(session.has_value());
    m_session = *session;
}

void BenchVerify::cleanupTestCase()
{
    m_session.reset();
    m_lab.reset();
}

double BenchVerify::ourRate(bool keepAlive, int count)
{
    probe::RunSpec spec;
    spec.source = { QStringLiteral("cluster-1"), QStringLiteral("default"), QStringLiteral("sleep") };
    spec.url = QStringLiteral("http://helloworld:5000/hello");
    spec.count = count;
    spec.keepAlive = keepAlive;
    QElapsedTimer timer;
    timer.start();
    const auto run = probe::run(*m_session->cluster(QStringLiteral("cluster-1")), spec, {});
    if (!QTest::qWaitFor([&] { return run.isFinished(); }, 120000))
        return 0;
    const double seconds = double(timer.nsecsElapsed()) / 1e9;
    const auto result = run.result();
    if (!result)
        return 0;
    const auto &samples = result->samples;
    const auto good = std::count_if(samples.begin(), samples.end(), [](const probe::Sample &sample) { return sample.ok(); });
    return double(good) / seconds;
}

double BenchVerify::kubectlRate(int count)
{
    QElapsedTimer timer;
    timer.start();
    const auto output = m_lab->run(QStringLiteral("kubectl"),
        { QStringLiteral("--kubeconfig"), m_lab->kubeconfig(1), QStringLiteral("exec"), QStringLiteral("deploy/sleep"),
            QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"),
            QStringLiteral("i=0; while [ $i -lt %1 ]; do curl -s helloworld:5000/hello; i=$((i+1)); done").arg(count) },
        120000);
    const double seconds = double(timer.nsecsElapsed()) / 1e9;
    return double(output.standardOutput.count("Hello version")) / seconds;
}

void BenchVerify::samplesPerSecondBesideKubectl()
{
    if (QStandardPaths::findExecutable(QStringLiteral("kubectl")).isEmpty())
        QSKIP("kubectl is not installed");
    QList<double> kept, fresh, kubectl;
    for (int i = 0; i < 3; ++i) { // in turn, so that all see the same machine
        kubectl += kubectlRate(300);
        fresh += ourRate(false, 300);
        kept += ourRate(true, 3000);
    }
    QVERIFY(median(kubectl) > 0);
    QVERIFY(median(fresh) > 0);
    QVERIFY(median(kept) > 0);
    qInfo("kubectl exec of a curl loop: %.0f answers a second", median(kubectl));
    qInfo("verify, a new connection per request: %.0f a second: %.1f times kubectl (goal: at least 1)", median(fresh),
        median(fresh) / median(kubectl));
    qInfo("verify, kept connections: %.0f a second: %.1f times kubectl (goal: at least 5)", median(kept), median(kept) / median(kubectl));
}

QTEST_GUILESS_MAIN(BenchVerify)
#include "bench_verify.moc"
