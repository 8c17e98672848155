// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/theme.h"
#include "ui/verify/verifyplace.h"

#include <QApplication>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>

using namespace catamaran;

/// From a sample's arrival in the Verify place to the end of the paint that shows it.
class BenchPaint : public QObject {
    Q_OBJECT
private slots:
    void arrivalToPaint_data();
    void arrivalToPaint();
};

void BenchPaint::arrivalToPaint_data()
{
    QTest::addColumn<int>("perSecond");
    QTest::newRow("100 a second") << 100;
    QTest::newRow("1000 a second") << 1000;
}

void BenchPaint::arrivalToPaint()
{
    QFETCH(int, perSecond);
    constexpr int everyMs = 10;
    const int wanted = perSecond * 4;
    QTemporaryDir home;
    ui::applyTheme(*qApp, ui::Scheme::Light);
    ui::Services services(home.filePath(QStringLiteral("c.db")), store::makeMemorySecretStore());
    ui::VerifyPlace place(services);
    place.resize(1280, 800);
    place.findChild<QStackedWidget *>()->setCurrentIndex(1);
    place.show();
    QVERIFY(QTest::qWaitForWindowExposed(&place));

    int sent = 0;
    QTimer source;
    connect(&source, &QTimer::timeout, &place, [&] {
        QList<probe::Sample> batch;
        for (int i = 0; i < perSecond * everyMs / 1000 && sent < wanted; ++i, ++sent) {
            probe::Sample sample;
            sample.index = sent;
            sample.startedAtMs = QDateTime::currentMSecsSinceEpoch();
            sample.receivedAtMs = sample.startedAtMs;
            sample.httpCode = 200;
            sample.totalMs = 3 + sent % 7;
            sample.version = sent % 2 == 0 ? QStringLiteral("v1") : QStringLiteral("v2");
            sample.instance = QStringLiteral("helloworld-") + sample.version;
            sample.raw = QStringLiteral("Hello version: ") + sample.version;
            batch += sample;
        }
        if (!batch.isEmpty())
            place.takeSamples(batch);
    });
    source.start(everyMs);
    QTRY_COMPARE_WITH_TIMEOUT(int(place.paintDelays().size()), wanted, 60000);
    auto delays = place.paintDelays();
    std::sort(delays.begin(), delays.end());
    const auto at = [&](double part) { return delays.at(std::size_t(double(delays.size() - 1) * part)); };
    qInfo("%d samples a second: arrival to paint p50 %.1f ms, p95 %.1f ms, p99 %.1f ms (goal: p95 at most 50 ms)", perSecond, at(0.5),
        at(0.95), at(0.99));
}

QTEST_MAIN(BenchPaint)
#include "bench_paint.moc"
