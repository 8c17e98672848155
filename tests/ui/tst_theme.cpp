// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace catamaran;
using namespace catamaran::ui;

class ThemeTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)"))); // the offscreen platform's own
        applyTheme(*qApp, Scheme::Light);
    }

    void textIsReadable_data()
    {
        QTest::addColumn<QColor>("text");
        QTest::addColumn<QColor>("ground");
        for (const Theme &theme : { lightTheme(), darkTheme() }) {
            const QByteArray scheme = theme.dark ? "dark " : "light ";
            const QList<std::pair<QByteArray, QColor>> texts { { "text", theme.text }, { "muted", theme.muted }, { "accent", theme.accent },
                { "ok", theme.ok }, { "warning", theme.warning }, { "failed", theme.failed }, { "unknown", theme.unknown } };
            const QList<std::pair<QByteArray, QColor>> grounds { { "window", theme.window }, { "panel", theme.panel } };
            for (const auto &[name, text] : texts) {
                for (const auto &[under, ground] : grounds)
                    QTest::newRow((scheme + name + " on " + under).constData()) << text << ground;
            }
            QTest::newRow((scheme + "text on raised").constData()) << theme.text << theme.raised;
            QTest::newRow((scheme + "primary button").constData()) << theme.accentText << theme.accent;
            QTest::newRow((scheme + "text on a failed box").constData())
                << theme.failed << theme.tint(theme.failed, theme.dark ? 0.14 : 0.07);
        }
    }

    void textIsReadable()
    {
        QFETCH(QColor, text);
        QFETCH(QColor, ground);
        QVERIFY2(contrast(text, ground) >= 4.5, qPrintable(QString::number(contrast(text, ground))));
    }

    void contrastOfBlackOnWhiteIsTwentyOne()
    {
        QVERIFY(qAbs(contrast(Qt::black, Qt::white) - 21) < 0.01);
        QVERIFY(qAbs(contrast(Qt::red, Qt::red) - 1) < 0.01);
    }

    void paletteTellsItsTheme()
    {
        QVERIFY(!themeOf(paletteOf(lightTheme())).dark);
        QVERIFY(themeOf(paletteOf(darkTheme())).dark);
    }

    void schemeChangeReachesWidgets()
    {
        QWidget widget;
        QVERIFY(!themeOf(&widget).dark);
        applyTheme(*qApp, Scheme::Dark);
        QVERIFY(themeOf(&widget).dark);
        applyTheme(*qApp, Scheme::Light);
        QVERIFY(!themeOf(&widget).dark);
    }

    void schemeWordsGoBothWays()
    {
        for (const Scheme scheme : { Scheme::System, Scheme::Light, Scheme::Dark })
            QVERIFY(parseScheme(schemeName(scheme)) == scheme);
        QVERIFY(!parseScheme(QStringLiteral("blue")));
    }

    void versionsKeepTheirColours()
    {
        const Theme theme = lightTheme();
        QCOMPARE(theme.seriesOf(QStringLiteral("v1")), QColor(0x0072B2));
        QCOMPARE(theme.seriesOf(QStringLiteral("v2")), QColor(0xE69F00));
        QCOMPARE(theme.seriesOf(QStringLiteral("v7")), theme.seriesOf(QStringLiteral("v1")));
        QCOMPARE(theme.seriesOf(QStringLiteral("canary")), theme.seriesOf(QStringLiteral("canary")));
        QCOMPARE(theme.seriesOf({}), theme.unknown);
    }

    void statesDifferInShapeNotOnlyColour()
    {
        QList<QImage> shapes;
        for (const observe::Health health :
            { observe::Health::Ok, observe::Health::Warning, observe::Health::Failed, observe::Health::Unknown, observe::Health::Stale }) {
            QImage image(32, 32, QImage::Format_ARGB32);
            image.fill(Qt::transparent);
            QPainter painter(&image);
            Theme grey = lightTheme(); // one colour for all: only the shape is left
            grey.ok = grey.warning = grey.failed = grey.unknown = Qt::black;
            paintHealthShape(&painter, QRectF(0, 0, 32, 32), health, grey);
            painter.end();
            for (const QImage &other : std::as_const(shapes))
                QVERIFY(image != other);
            shapes << image;
        }
    }

    void iconsFollowThePalette()
    {
        const auto darkest = [] {
            const QImage image = themedIcon(QStringLiteral("mesh")).pixmap(24, 24).toImage();
            int lightness = -1;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    if (image.pixelColor(x, y).alpha() > 200)
                        lightness = std::max(lightness, image.pixelColor(x, y).lightness());
                }
            }
            return lightness;
        };
        const int light = darkest();
        applyTheme(*qApp, Scheme::Dark);
        const int dark = darkest();
        QVERIFY(light >= 0);
        QVERIFY2(dark > light + 100, qPrintable(QStringLiteral("%1 and %2").arg(light).arg(dark)));
    }

    void everyPlaceAndObjectHasAGlyph_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : { "topology", "setup", "verify", "drills", "activity", "mesh", "cluster", "network", "gateway", "root",
                 "drill", "pod", "workload", "copy", "catamaran" })
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void everyPlaceAndObjectHasAGlyph()
    {
        QFETCH(QString, name);
        QVERIFY(hasGlyph(name));
        QVERIFY(!themedIcon(name).pixmap(24, 24).isNull());
    }

    void relativeTimes_data()
    {
        QTest::addColumn<qint64>("secondsAgo");
        QTest::addColumn<QString>("text");
        QTest::newRow("this second") << qint64(0) << QStringLiteral("just now");
        QTest::newRow("seconds") << qint64(12) << QStringLiteral("12 s ago");
        QTest::newRow("a minute less one") << qint64(59) << QStringLiteral("59 s ago");
        QTest::newRow("a minute") << qint64(60) << QStringLiteral("1 min ago");
        QTest::newRow("hours") << qint64(7300) << QStringLiteral("2 h ago");
        QTest::newRow("ahead") << qint64(-12) << QStringLiteral("in 12 s");
    }

    void relativeTimes()
    {
        QFETCH(qint64, secondsAgo);
        QFETCH(QString, text);
        const QDateTime now = QDateTime::fromSecsSinceEpoch(1750000000, Qt::UTC);
        QCOMPARE(relativeTime(now.addSecs(-secondsAgo), now), text);
    }

    void numbersHaveUnits()
    {
        QCOMPARE(elapsedText(400), QStringLiteral("0.4 s"));
        QCOMPARE(elapsedText(65000), QStringLiteral("1 min 05 s"));
        QCOMPARE(elapsedText(-1), QStringLiteral("–"));
        QCOMPARE(latencyText(0.85), QStringLiteral("850 µs"));
        QCOMPARE(latencyText(4.21), QStringLiteral("4.2 ms"));
        QCOMPARE(latencyText(1250), QStringLiteral("1.25 s"));
        QCOMPARE(percentText(1, 2), QStringLiteral("50 %"));
        QCOMPARE(percentText(199, 200), QStringLiteral("99.5 %"));
        QCOMPARE(percentText(99, 200), QStringLiteral("49.5 %")); // and 101 of 200 is 50.5 %: together a whole
        QCOMPARE(percentText(1, 100000), QStringLiteral("0.1 %"));
        QCOMPARE(percentText(99999, 100000), QStringLiteral("99.9 %"));
        QCOMPARE(percentText(0, 0), QStringLiteral("–"));
    }

    void badgeSaysItsState()
    {
        StateBadge badge(observe::Health::Failed, {});
        QCOMPARE(badge.word(), QStringLiteral("failed"));
        QCOMPARE(badge.accessibleName(), QStringLiteral("failed"));
        badge.setState(observe::Health::Ok, QStringLiteral("running"));
        QCOMPARE(badge.accessibleName(), QStringLiteral("ok: running"));
    }

    void bannerShowsWhatWhyAndRemedy()
    {
        ErrorBanner banner;
        QVERIFY(!banner.isVisibleTo(nullptr));
        banner.showError(core::Error::make(core::ErrorKind::Network, QStringLiteral("list pods"), QStringLiteral("cluster-1"),
            QStringLiteral("connection refused"), QStringLiteral("Start it.")));
        QString shown;
        for (const QLabel *label : banner.findChildren<QLabel *>())
            shown += label->text() + u'\n';
        for (const char *part : { "list pods", "cluster-1", "connection refused", "Start it." })
            QVERIFY2(shown.contains(QLatin1String(part)), part);
        banner.setAction(QStringLiteral("Start"));
        QSignalSpy triggered(&banner, &ErrorBanner::actionTriggered);
        QTest::mouseClick(banner.findChild<QPushButton *>(), Qt::LeftButton);
        QCOMPARE(triggered.count(), 1);
        banner.clear();
        QVERIFY(banner.isHidden());
    }

    void commandIsCopied()
    {
        CommandBox box;
        box.setCommand(QStringLiteral("kubectl get pods"));
        QTest::mouseClick(box.findChild<QToolButton *>(), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("kubectl get pods"));
    }

    void longCommandIsWrappedAndShownWhole()
    {
        CommandBox box;
        box.setMaximumLines(20);
        box.resize(300, 100);
        box.show();
        box.setCommand(QStringLiteral("kubectl get pods"));
        const int oneLine = box.sizeHint().height();
        box.setCommand(QStringLiteral(
            "kubectl --context cluster-1 -n default exec deploy/sleep -- sh -c 'for i in $(seq 1 10); do curl -s http://helloworld:5000/hello; done'"));
        auto *text = box.findChild<QPlainTextEdit *>();
        QTRY_VERIFY(box.sizeHint().height() > oneLine);
        box.adjustSize();
        box.resize(300, box.height());
        QTRY_COMPARE(text->verticalScrollBar()->maximum(), 0); // nothing is left out below
        QCOMPARE(text->horizontalScrollBar()->maximum(), 0); // or at the right
        const int narrow = box.sizeHint().height();
        box.resize(900, box.height());
        QTRY_VERIFY(box.sizeHint().height() < narrow);
        box.setMaximumLines(2);
        box.resize(150, box.height());
        QTRY_VERIFY(text->verticalScrollBar()->maximum() > 0); // no higher than allowed: it scrolls
    }

    void slimNoteTakesLittleRoom()
    {
        ErrorBanner plain, slim;
        slim.setSlim(true);
        for (ErrorBanner *banner : { &plain, &slim })
            banner->showNote(observe::Health::Warning, QStringLiteral("a note"));
        QVERIFY2(slim.sizeHint().height() + 10 < plain.sizeHint().height(),
            qPrintable(QStringLiteral("%1 and %2").arg(slim.sizeHint().height()).arg(plain.sizeHint().height())));
    }

    void factsAreUpdatedInPlace()
    {
        KeyValueList list;
        list.setRows({ { QStringLiteral("State"), QStringLiteral("running") }, { QStringLiteral("Version"), QStringLiteral("1") } });
        const QList<QLabel *> before = list.findChildren<QLabel *>();
        list.setRows({ { QStringLiteral("State"), QStringLiteral("updating") }, { QStringLiteral("Version"), QStringLiteral("1") } });
        QCOMPARE(list.findChildren<QLabel *>(), before);
        QCOMPARE(before[1]->text(), QStringLiteral("updating"));
        list.setRows({ { QStringLiteral("State"), QStringLiteral("ok"), {}, false, observe::Health::Ok } });
        QCOMPARE(list.findChildren<StateBadge *>().size(), 1);
        QCOMPARE(list.findChildren<QLabel *>().size(), 1);
    }

    void emptyStateOffersOneAction()
    {
        EmptyState empty(QStringLiteral("verify"), QStringLiteral("No runs"), QStringLiteral("Start one."), QStringLiteral("Start"));
        QSignalSpy triggered(&empty, &EmptyState::triggered);
        QTest::mouseClick(empty.button(), Qt::LeftButton);
        QCOMPARE(triggered.count(), 1);
    }
};

QTEST_MAIN(ThemeTest)
#include "tst_theme.moc"
