// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/spdy.h"

#include <QTest>

using namespace catamaran::lab;

/// The frames of SPDY/3.1, read as they were written, whatever pieces they come in.
class TestSpdy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void headersShareOneStream();
    void dataInPieces();
    void refusesNonsense_data();
    void refusesNonsense();
};

void TestSpdy::headersShareOneStream()
{
    spdy::Writer writer;
    spdy::Reader reader;
    // The second block is packed with what the first one taught: a reader that begins anew fails on it.
    for (const std::string type : { "error", "stdin", "stdout" }) {
        const spdy::HeaderBlock headers { { "streamtype", type }, { "x-list", "a" }, { "x-list", "b" } };
        reader.add(writer.synStream(type == "error" ? 1 : type == "stdin" ? 3 : 5, headers));
        const auto frame = reader.next();
        QVERIFY(frame.has_value());
        QVERIFY(frame->kind == spdy::Kind::SynStream);
        QVERIFY(frame->headers == headers);
    }
    QVERIFY(!reader.next());
    QVERIFY(!reader.hasFailed());
}

void TestSpdy::dataInPieces()
{
    const auto bytes = spdy::Writer::data(5, "hello") + spdy::Writer::ping(7) + spdy::Writer::data(5, {}, true);
    spdy::Reader reader;
    std::vector<spdy::Frame> frames;
    for (const char byte : bytes) {
        reader.add({ &byte, 1 });
        while (auto frame = reader.next())
            frames.push_back(std::move(*frame));
    }
    QCOMPARE(frames.size(), std::size_t(3));
    QVERIFY(frames[0].kind == spdy::Kind::Data && frames[0].stream == 5 && frames[0].data == "hello" && !frames[0].fin);
    QVERIFY(frames[1].kind == spdy::Kind::Ping && frames[1].stream == 7);
    QVERIFY(frames[2].kind == spdy::Kind::Data && frames[2].fin && frames[2].data.empty());
}

void TestSpdy::refusesNonsense_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("another version") << QByteArray::fromHex("8002000100000000");
    QTest::newRow("a stream without an id") << QByteArray::fromHex("8003000100000002abcd");
    QTest::newRow("headers that are not packed") << QByteArray::fromHex("800300010000000e00000001000000000000deadbeef");
    QTest::newRow("a ping without a number") << QByteArray::fromHex("8003000600000000");
    QTest::newRow("a frame of no end") << QByteArray::fromHex("0000000100ffffff");
}

void TestSpdy::refusesNonsense()
{
    QFETCH(QByteArray, bytes);
    spdy::Reader reader;
    reader.add({ bytes.constData(), std::size_t(bytes.size()) });
    QVERIFY(!reader.next());
    QVERIFY(reader.hasFailed());
}

QTEST_GUILESS_MAIN(TestSpdy)
#include "tst_spdy.moc"
