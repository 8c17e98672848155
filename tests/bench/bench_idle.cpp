// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bench/helperprocess.h"
#include "kube/informer.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTest>

using namespace catamaran;

/// Many clusters in which nothing happens.
class BenchIdle : public QObject {
    Q_OBJECT
private slots:
    void fiftyClustersOfEightKinds();
};

void BenchIdle::fiftyClustersOfEightKinds()
{
    QProcess server;
    const QJsonObject ready = startServer(server, { QStringLiteral("idle"), QStringLiteral("50") });
    const QJsonArray ports = ready[u"ports"].toArray();
    QCOMPARE(ports.size(), 50);
    const QList kindsWatched { kube::kinds::namespaces, kube::kinds::nodes, kube::kinds::pods, kube::kinds::services,
        kube::kinds::deployments, kube::kinds::replicaSets, kube::kinds::endpointSlices, kube::kinds::destinationRules };
    const double before = residentNow();
    std::vector<std::unique_ptr<kube::KubeClient>> clients;
    std::vector<std::shared_ptr<kube::Informer>> informers;
    for (const QJsonValue &port : ports) {
        kube::ClusterAccess access;
        access.server = QUrl(QStringLiteral("https://127.0.0.1:%1").arg(port.toInt()));
        access.tls.trusted = QSslCertificate::fromData(ready[u"ca"].toString().toLatin1());
        clients.push_back(std::make_unique<kube::KubeClient>(access));
        for (const kube::ResourceKind &kind : kindsWatched)
            informers.push_back(clients.back()->informer(kind, {}));
    }
    QElapsedTimer clock;
    clock.start();
    const auto live = [&] {
        return std::count_if(
            informers.begin(), informers.end(), [](const auto &one) { return one->health().state == kube::InformerHealth::State::Live; });
    };
    QVERIFY2(QTest::qWaitFor([&] { return live() == qsizetype(informers.size()); }, 60000), qPrintable(QString::number(live())));
    const double connected = double(clock.elapsed()) / 1000;
    // In an event loop of its own: the test library's waiting polls, which would be measured.
    const auto rest = [](int ms) {
        QEventLoop loop;
        QTimer::singleShot(ms, &loop, &QEventLoop::quit);
        loop.exec();
    };
    const int seconds
        = qEnvironmentVariableIsSet("CATAMARAN_BENCH_SECONDS") ? std::max(6, qEnvironmentVariableIntValue("CATAMARAN_BENCH_SECONDS")) : 20;
    rest(6000); // the first round of questions
    const double usedBefore = processorSeconds();
    clock.start();
    rest(seconds * 1000);
    const double used = processorSeconds() - usedBefore, passed = double(clock.nsecsElapsed()) / 1e9;
    QCOMPARE(live(), qsizetype(informers.size()));
    qInfo("50 idle clusters, 8 kinds each: %.2f %% of one core over %.0f s (goal: at most 2 %%)", used / passed * 100, passed);
    qInfo("50 idle clusters, 8 kinds each: %.0f MB in memory, %.0f MB before (goal: at most 150 MB); all watched after %.1f s",
        residentNow(), before, connected);
    informers.clear();
    clients.clear();
    endServer(server);
}

QTEST_GUILESS_MAIN(BenchIdle)
#include "bench_idle.moc"
