// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/result.h"
#include "core/secret.h"

#include <QTest>

using namespace catamaran::core;

class TestError : public QObject {
    Q_OBJECT
private slots:
    void textSaysWhatWasTriedOnWhatWhatCameAndWhatNext();
    void longAnswersAreCut();
    void everyKindHasItsOwnName();
    void aCopyOfASecretOutlivesTheOther();
};

void TestError::textSaysWhatWasTriedOnWhatWhatCameAndWhatNext()
{
    const auto error = Error::make(
        ErrorKind::Forbidden, QStringLiteral("list pods"), QStringLiteral("cluster-1"), QStringLiteral("no"), QStringLiteral("Ask."));
    QCOMPARE(error.text(), QStringLiteral("Could not list pods (cluster-1): no. Ask."));
    QCOMPARE(Error::make(ErrorKind::Network, QStringLiteral("connect"), {}, {}).text(), QStringLiteral("Could not connect."));
}

void TestError::longAnswersAreCut()
{
    const auto error = Error::make(ErrorKind::Server, QStringLiteral("x"), {}, QString(100000, u'a'));
    QVERIFY(error.answer.size() <= 1025);
    QVERIFY(error.answer.endsWith(u'…'));
}

void TestError::everyKindHasItsOwnName()
{
    QSet<QString> names;
    for (int kind = 0; kind <= static_cast<int>(ErrorKind::Internal); ++kind)
        names.insert(kindName(static_cast<ErrorKind>(kind)));
    QCOMPARE(names.size(), static_cast<int>(ErrorKind::Internal) + 1);
}

void TestError::aCopyOfASecretOutlivesTheOther()
{
    auto held = std::make_unique<Secret>(QByteArray("swordfish-swordfish-swordfish"));
    auto copy = std::make_unique<Secret>(*held);
    held.reset();
    QCOMPARE(copy->reveal(), QByteArray("swordfish-swordfish-swordfish")); // a copy keeps it
    *copy = Secret(QByteArray("other"));
    QCOMPARE(copy->reveal(), QByteArray("other"));
}

QTEST_GUILESS_MAIN(TestError)
#include "tst_error.moc"
