// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "net/retry.h"

#include <QtTest>

using namespace catamaran;
using core::ErrorKind;

class RetryTest : public QObject {
    Q_OBJECT
private slots:
    void waits_data()
    {
        QTest::addColumn<int>("next");
        QTest::addColumn<int>("retryAfter");
        QTest::addColumn<double>("jitter");
        QTest::addColumn<int>("expected");
        QTest::newRow("first repeat, no jitter") << 2 << -1 << 0.0 << 300;
        QTest::newRow("jitter adds up to as much again") << 2 << -1 << 0.5 << 450;
        QTest::newRow("third repeat doubles twice") << 4 << -1 << 0.0 << 1200;
        QTest::newRow("never beyond the longest") << 30 << -1 << 0.9 << 10000;
        QTest::newRow("absurd number of attempts") << 2000000000 << -1 << 0.0 << 10000;
        QTest::newRow("the server's own time wins") << 2 << 7000 << 0.9 << 7000;
        QTest::newRow("the server says at once") << 5 << 0 << 0.9 << 0;
    }
    void waits()
    {
        QFETCH(int, next);
        QFETCH(int, retryAfter);
        QFETCH(double, jitter);
        QFETCH(int, expected);
        core::Error error;
        error.retryAfterMs = retryAfter;
        QCOMPARE(int(net::retryDelay({}, next, error, jitter).count()), expected);
    }

    void repeats_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("idempotent");
        QTest::addColumn<int>("retryAfter");
        QTest::addColumn<bool>("expected");
        QTest::newRow("throttled read") << int(ErrorKind::Throttled) << true << -1 << true;
        QTest::newRow("throttled write was not executed") << int(ErrorKind::Throttled) << false << -1 << true;
        QTest::newRow("lost connection of a read") << int(ErrorKind::Network) << true << -1 << true;
        QTest::newRow("lost connection of a write may have worked") << int(ErrorKind::Network) << false << -1 << false;
        QTest::newRow("silence took as long as the caller allowed") << int(ErrorKind::Timeout) << true << -1 << false;
        QTest::newRow("server error that asks for it") << int(ErrorKind::Server) << false << 1000 << true;
        QTest::newRow("server error of a write") << int(ErrorKind::Server) << false << -1 << false;
        QTest::newRow("wrong certificate stays wrong") << int(ErrorKind::Tls) << true << -1 << false;
        QTest::newRow("forbidden stays forbidden") << int(ErrorKind::Forbidden) << true << -1 << false;
        QTest::newRow("a stop is final") << int(ErrorKind::Cancelled) << true << -1 << false;
    }
    void repeats()
    {
        QFETCH(int, kind);
        QFETCH(bool, idempotent);
        QFETCH(int, retryAfter);
        QFETCH(bool, expected);
        core::Error error;
        error.kind = ErrorKind(kind);
        error.retryAfterMs = retryAfter;
        QCOMPARE(net::isRetryable(error, idempotent), expected);
    }
};

QTEST_GUILESS_MAIN(RetryTest)
#include "tst_retry.moc"
