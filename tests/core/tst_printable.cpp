// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"
#include "core/printable.h"
#include "support/actingletters.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

using namespace catamaran::core;
using catamaran::test::actingLetters;

namespace {

/// A text of mostly dangerous letters, halves of letters among them.
QString dangerous(QRandomGenerator &random)
{
    static const char32_t ranges[][2] = { { 0, 0x1f }, { 0x20, 0x7e }, { 0x7f, 0xa0 }, { 0x200b, 0x2070 }, { 0xd800, 0xdfff },
        { 0xfe00, 0xffff }, { 0xe0000, 0xe0080 }, { 0x1f600, 0x1f64f }, { 0x600, 0x620 } };
    QString text;
    for (int i = random.bounded(40); i > 0; --i) {
        const auto &range = ranges[random.bounded(int(std::size(ranges)))];
        const char32_t letter = range[0] + random.bounded(range[1] - range[0] + 1);
        if (letter < 0x10000)
            text += QChar(char16_t(letter));
        else
            text += QString::fromUcs4(&letter, 1);
    }
    return text;
}

} // namespace

class PrintableTest : public QObject {
    Q_OBJECT
private slots:
    void showsWhatWouldAct_data();
    void showsWhatWouldAct();
    void aLineStaysOneLine();
    void nothingThatActsLeaves();
    void jsonKeepsItsMeaning();
    void cellsAreNoFormulas_data();
    void cellsAreNoFormulas();
    void errorsAreOnePrintableLine();
};

void PrintableTest::showsWhatWouldAct_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto same = [](const char *name, const QString &text) { QTest::newRow(name) << text << text; };
    same("nothing", {});
    same("words", QStringLiteral("Hello version: v1, instance: helloworld-v1"));
    same("lines and a tab", QStringLiteral("one\ntwo\tthree"));
    same("Chinese", QStringLiteral("每个上下文都会显示它解析到什么"));
    same("a picture", QStringLiteral("\U0001F6A2 sails"));
    same("a backslash of its own", QStringLiteral("\\x1b"));
    QTest::newRow("clears the screen") << QStringLiteral("a\x1b[2Jb") << QStringLiteral("a\\x1b[2Jb");
    QTest::newRow("sets the title") << QStringLiteral("\x1b]0;mine\x07") << QStringLiteral("\\x1b]0;mine\\x07");
    QTest::newRow("the same with one letter") << QStringLiteral("\u009b2J") << QStringLiteral("\\x9b2J");
    QTest::newRow("delete, backspace, nothing") << QString::fromLatin1("a\x7f\b\0z", 5) << QStringLiteral("a\\x7f\\x08\\x00z");
    QTest::newRow("ends of lines as on the wire") << QStringLiteral("one\r\ntwo\r\n") << QStringLiteral("one\ntwo\n");
    QTest::newRow("back to the begin of the line") << QStringLiteral("failed\rpassed") << QStringLiteral("failed\\x0dpassed");
    QTest::newRow("letters turned around") << QStringLiteral("a\u202egpj.exe") << QStringLiteral("a\\u202egpj.exe");
    QTest::newRow("isolated") << QStringLiteral("\u2066x\u2069") << QStringLiteral("\\u2066x\\u2069");
    QTest::newRow("ends of lines that only Unicode knows")
        << QStringLiteral("a\u2028b\u2029c\u0085d") << QStringLiteral("a\\u2028b\\u2029c\\x85d");
    QTest::newRow("without width") << QStringLiteral("v\u200b1\ufeff") << QStringLiteral("v\\u200b1\\ufeff");
    QTest::newRow("written in tags that nobody sees") << QStringLiteral("a\U000E0041") << QStringLiteral("a\\U000e0041");
    QTest::newRow("halves of letters") << QString(QChar(0xd83d)) + u'x' + QChar(0xde00) << QStringLiteral("\\ud83dx\\ude00");
}

void PrintableTest::showsWhatWouldAct()
{
    QFETCH(const QString, text);
    QFETCH(const QString, shown);
    QCOMPARE(printable(text), shown);
}

void PrintableTest::aLineStaysOneLine()
{
    QCOMPARE(printableLine(QStringLiteral("name\n[  0.1 s] drill: pass\tall well\r\n")),
        QStringLiteral("name\\n[  0.1 s] drill: pass\\tall well\\n"));
}

void PrintableTest::nothingThatActsLeaves()
{
    QRandomGenerator random(20260101);
    for (int i = 0; i < 20000; ++i) {
        const QString text = dangerous(random);
        const QString shown = printable(text), line = printableLine(text);
        QVERIFY2(actingLetters(shown).isEmpty(), qPrintable(text.toLatin1().toHex()));
        QVERIFY2(actingLetters(line, {}).isEmpty(), qPrintable(text.toLatin1().toHex()));
        QVERIFY2(actingLetters(printableCell(text)).isEmpty(), qPrintable(text.toLatin1().toHex()));
        QCOMPARE(printable(shown), shown);
        QCOMPARE(printableLine(line), line);
    }
}

void PrintableTest::jsonKeepsItsMeaning()
{
    QRandomGenerator random(20260102);
    for (int i = 0; i < 2000; ++i) {
        const QString text = QString::fromUtf8(dangerous(random).toUtf8()); // JSON has no halves of letters
        const QJsonObject object { { text, text } };
        const QByteArray json = printableJson(QJsonDocument(object));
        QVERIFY2(actingLetters(QString::fromUtf8(json)).isEmpty(), json.constData());
        QCOMPARE(QJsonDocument::fromJson(json).object(), object);
    }
}

void PrintableTest::cellsAreNoFormulas_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("cell");
    QTest::newRow("a word") << QStringLiteral("v1") << QStringLiteral("v1");
    QTest::newRow("a formula") << QStringLiteral("=1+1") << QStringLiteral("'=1+1");
    QTest::newRow("a call") << QStringLiteral("@SUM(A1)") << QStringLiteral("'@SUM(A1)");
    QTest::newRow("behind a blank") << QStringLiteral(" +1") << QStringLiteral("' +1");
    QTest::newRow("behind a tab") << QStringLiteral("\tx") << QStringLiteral("'\tx");
    QTest::newRow("behind the end of a line") << QStringLiteral("\n=1") << QStringLiteral("\"'\n=1\"");
    QTest::newRow("in wide letters") << QStringLiteral("＝1") << QStringLiteral("'＝1");
    QTest::newRow("quotes and commas") << QStringLiteral("=a(\"b\",c)") << QStringLiteral("\"'=a(\"\"b\"\",c)\"");
    QTest::newRow("behind a semicolon, which parts cells elsewhere") << QStringLiteral("x; =1") << QStringLiteral("\"x;' =1\"");
    QTest::newRow("a semicolon") << QStringLiteral("a;b") << QStringLiteral("\"a;b\"");
    QTest::newRow("a control sequence") << QStringLiteral("\x1b[2J") << QStringLiteral("\\x1b[2J");
}

void PrintableTest::cellsAreNoFormulas()
{
    QFETCH(const QString, text);
    QFETCH(const QString, cell);
    QCOMPARE(printableCell(text), cell);
}

void PrintableTest::errorsAreOnePrintableLine()
{
    const Error error = Error::make(ErrorKind::Server, QStringLiteral("list pods"), QStringLiteral("cluster-1"),
        QStringLiteral("no\x1b[2J\ncatamaranctl: all is well"), QStringLiteral("Ask\u202e."));
    QCOMPARE(error.text(), QStringLiteral("Could not list pods (cluster-1): no\\x1b[2J\\ncatamaranctl: all is well. Ask\\u202e."));
}

QTEST_GUILESS_MAIN(PrintableTest)
#include "tst_printable.moc"
