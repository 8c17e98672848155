// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/duration.h"
#include "core/regularfile.h"
#include "core/wholepattern.h"
#include "support/paths.h"

#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace catamaran;

/// What comes from outside has a form and a size: times, texts that are judged by a pattern, files that somebody names.
class BoundsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

private slots:
    void timesHaveAFormAndAnEnd_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("milliseconds"); // -1: refused
        QTest::addColumn<QString>("answer");
        const auto row = [](const char *name, const char *text, qint64 milliseconds, const char *answer = "") {
            QTest::newRow(name) << QString::fromUtf8(text) << milliseconds << QString::fromUtf8(answer);
        };
        row("milliseconds", "500ms", 500);
        row("a part of a second", "1.5s", 1500);
        row("minutes", "2m", 120000);
        row("a whole day", "24h", 86400000);
        row("plain seconds", "30", 30000);
        row("nothing", "0", 0);
        row("a day and a millisecond", "86400001ms", -1, "longer than 24 hours");
        row("more than fits an integer", "999999999h", -1, "longer than 24 hours");
        row("more than fits anything", QByteArray(400, '9').append('h').constData(), -1, "longer than 24 hours");
        row("a line break behind it", "30s\n", -1, "not a time");
        row("before zero", "-1s", -1, "not a time");
        row("another unit", "1d", -1, "not a time");
        row("digits of another script", "٣s", -1, "not a time");
        row("an exponent", "1e3s", -1, "not a time");
        row("empty", "", -1, "not a time");
    }
    void timesHaveAFormAndAnEnd()
    {
        QFETCH(QString, text);
        QFETCH(qint64, milliseconds);
        QFETCH(QString, answer);
        const auto time = core::parseDuration(text);
        QCOMPARE(time ? qint64(time->count()) : -1, milliseconds);
        if (!time) {
            QVERIFY(time.error().kind == core::ErrorKind::InvalidInput);
            QVERIFY2(time.error().answer.contains(answer), qPrintable(time.error().answer));
            QVERIFY(time.error().answer.size() < 120);
        }
    }

    void documentsSayTheUnit()
    {
        QCOMPARE(core::parseDurationWithUnit(QStringLiteral("3s"))->count(), 3000);
        QCOMPARE(core::parseDurationWithUnit(QStringLiteral("0"))->count(), 0);
        QVERIFY(!core::parseDurationWithUnit(QStringLiteral("3")));
    }

    void aPatternHoldsForTheWholeText()
    {
        const QRegularExpression label = core::wholePattern(QStringLiteral("a|ab"));
        QVERIFY(label.match(QStringLiteral("ab")).hasMatch());
        QVERIFY(!label.match(QStringLiteral("ab\n")).hasMatch());
        QVERIFY(!label.match(QStringLiteral("abc")).hasMatch());
        QVERIFY(!label.match(QStringLiteral("b\nab")).hasMatch());
    }

    /// "$" also matches before a line break at the end: no pattern of ours has one.
    void noPatternLetsALineBreakThrough()
    {
        QStringList found;
        int patterns = 0;
        for (const char *root : { "src", "ui", "app" }) {
            QDirIterator files(tests::sourceFile(QLatin1String(root)), { QStringLiteral("*.cpp"), QStringLiteral("*.h") }, QDir::Files,
                QDirIterator::Subdirectories);
            while (files.hasNext()) {
                QFile file(files.next());
                QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
                const QByteArray source = file.readAll();
                for (qsizetype at = source.indexOf("QRegularExpression "); at >= 0; at = source.indexOf("QRegularExpression ", at + 1)) {
                    const QByteArray declaration = source.mid(at, source.indexOf(";\n", at) - at);
                    if (!declaration.contains('"'))
                        continue;
                    ++patterns;
                    if (declaration.contains('$'))
                        found += QFileInfo(file).fileName() + QStringLiteral(": ") + QString::fromUtf8(declaration.left(160));
                }
            }
        }
        QVERIFY(patterns > 20); // it still sees them
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }

    void onlyRegularFilesAreRead_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("answer"); // empty: it is read
        const auto make = [this](const char *name, const QByteArray &bytes) {
            QFile file(m_folder.filePath(QLatin1String(name)));
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? file.fileName() : QString();
        };
        const QString pipe = m_folder.filePath(QStringLiteral("pipe"));
        QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
        QTest::newRow("a file") << make("small", "{}") << QString();
        QTest::newRow("as large as allowed") << make("just", QByteArray(1024, 'x')) << QString();
        QTest::newRow("one byte more") << make("large", QByteArray(1025, 'x')) << QStringLiteral("larger");
        QTest::newRow("a file that says it is empty") << QStringLiteral("/proc/self/limits") << QStringLiteral("larger");
        QTest::newRow("a device without an end") << QStringLiteral("/dev/zero") << QStringLiteral("not a regular file");
        QTest::newRow("a pipe nobody writes to") << pipe << QStringLiteral("not a regular file");
        QTest::newRow("a folder") << m_folder.path() << QStringLiteral("folder");
        QTest::newRow("nothing") << m_folder.filePath(QStringLiteral("none")) << QStringLiteral("No such file");
    }
    void onlyRegularFilesAreRead()
    {
        QFETCH(QString, file);
        QFETCH(QString, answer);
        const auto bytes = core::readRegularFile(file, 1024, QStringLiteral("read a result"));
        QVERIFY2(bytes.has_value() == answer.isEmpty(), bytes ? "read" : qPrintable(bytes.error().text()));
        if (bytes)
            return;
        QVERIFY(bytes.error().kind == core::ErrorKind::InvalidInput);
        QVERIFY2(bytes.error().answer.contains(answer), qPrintable(bytes.error().text()));
        QCOMPARE(bytes.error().target, file);
    }

    void onlyRegularFilesAreReplaced()
    {
        const QString pipe = m_folder.filePath(QStringLiteral("target")), page = m_folder.filePath(QStringLiteral("page.html"));
        QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
        for (const QString &file : { pipe, m_folder.path() }) {
            const auto written = core::writeRegularFile(file, "x", QStringLiteral("write the report"));
            QVERIFY(!written);
            QVERIFY(written.error().kind == core::ErrorKind::InvalidInput);
        }
        struct stat state { };
        QVERIFY(::lstat(QFile::encodeName(pipe).constData(), &state) == 0 && S_ISFIFO(state.st_mode));
        QVERIFY(core::writeRegularFile(page, "old", {}) && core::writeRegularFile(page, "new", {}));
        QFile read(page);
        QVERIFY(read.open(QIODevice::ReadOnly));
        QCOMPARE(read.readAll(), QByteArray("new"));
    }
};

QTEST_GUILESS_MAIN(BoundsTest)
#include "tst_bounds.moc"
