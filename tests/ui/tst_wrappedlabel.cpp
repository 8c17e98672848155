// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/widgets.h"

#include <QImage>
#include <QTest>

using namespace catamaran::ui;

namespace {

/// Rows of pixels that have ink, in runs: as many as lines were painted, for a text whose letters all stand on the line.
int paintedLines(const QImage &image)
{
    int lines = 0;
    bool inside = false;
    for (int y = 0; y < image.height(); ++y) {
        bool ink = false;
        for (int x = 0; x < image.width() && !ink; ++x)
            ink = qGray(image.pixel(x, y)) < 128;
        lines += ink && !inside;
        inside = ink;
    }
    return lines;
}

} // namespace

class WrappedLabelTest : public QObject {
    Q_OBJECT
private slots:
    void takesTheHeightThatQLabelTakes_data();
    void takesTheHeightThatQLabelTakes();
    void paintsEveryLineItAskedRoomFor();
    void anotherTextIsMeasuredAnew();
};

void WrappedLabelTest::takesTheHeightThatQLabelTakes_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << QString();
    QTest::newRow("one word") << QStringLiteral("Catamaran");
    QTest::newRow("a sentence") << QStringLiteral(
        "A whole fleet on this machine: two clusters, real TLS, real failures. Nothing leaves it.");
    QTest::newRow("lines of its own") << QStringLiteral("first line\nsecond, which is a good deal longer\n\nfourth");
    QTest::newRow("Chinese, which breaks anywhere") << QStringLiteral("每个上下文都会显示它解析到什么、有什么问题以及如何修复。");
    QTest::newRow("what looks like HTML, and is text") << QStringLiteral("<b>Could not</b> read the <i>file</i> that was named");
}

void WrappedLabelTest::takesTheHeightThatQLabelTakes()
{
    QFETCH(QString, text);
    const WrappedLabel ours(text);
    QLabel theirs(text);
    theirs.setTextFormat(Qt::PlainText);
    theirs.setWordWrap(true);
    const int line = QFontMetrics(ours.font()).lineSpacing();
    for (int width = std::max(60, ours.minimumSizeHint().width()); width < 700; width += 23) {
        const int difference = ours.heightForWidth(width) - theirs.heightForWidth(width);
        QVERIFY2(difference > -line && difference <= line,
            qPrintable(
                QStringLiteral("%1 wide: %2 beside %3").arg(width).arg(ours.heightForWidth(width)).arg(theirs.heightForWidth(width))));
    }
}

void WrappedLabelTest::paintsEveryLineItAskedRoomFor()
{
    WrappedLabel label(QStringLiteral("aaaa nnnn oooo uuuu cccc eeee mmmm ssss vvvv xxxx zzzz rrrr"));
    QPalette palette;
    palette.setColor(QPalette::WindowText, Qt::black);
    palette.setColor(QPalette::Window, Qt::white);
    label.setPalette(palette);
    for (const int width : { 60, 110, 200, 1000 }) {
        const int height = label.heightForWidth(width);
        label.resize(width, height);
        const int asked = height / QFontMetrics(label.font()).height();
        QCOMPARE(paintedLines(label.grab().toImage()), asked);
    }
}

void WrappedLabelTest::anotherTextIsMeasuredAnew()
{
    WrappedLabel label(QStringLiteral("short"));
    const int before = label.heightForWidth(80);
    label.setText(QStringLiteral("a text that needs a good many more lines than one"));
    QVERIFY(label.heightForWidth(80) > before);
    label.setText(QStringLiteral("short"));
    QCOMPARE(label.heightForWidth(80), before);
}

QTEST_MAIN(WrappedLabelTest)
#include "tst_wrappedlabel.moc"
