// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"
#include "core/translations.h"
#include "drill/drilldocument.h"
#include "probe/sample.h"
#include "support/paths.h"

#include <QFile>
#include <QLocale>
#include <QRegularExpression>
#include <QTest>
#include <QTranslator>
#include <QXmlStreamReader>

using namespace catamaran;

namespace {

struct Message {
    QString context, source;
    QStringList forms;
    bool numerus = false, finished = false;
};

/// "context: source", to find the message in the catalogue.
QString title(const Message &message)
{
    return message.context + QStringLiteral(": ") + message.source;
}

Message readMessage(QXmlStreamReader &xml, const QString &context)
{
    Message message;
    message.context = context;
    message.numerus = xml.attributes().value(QLatin1String("numerus")) == u"yes";
    while (xml.readNextStartElement()) {
        if (xml.name() == u"source") {
            message.source = xml.readElementText();
        } else if (xml.name() == u"translation") {
            message.finished = !xml.attributes().hasAttribute(QLatin1String("type"));
            if (!message.numerus) {
                message.forms = { xml.readElementText() };
                continue;
            }
            while (xml.readNextStartElement())
                message.forms += xml.readElementText();
        } else {
            xml.skipCurrentElement();
        }
    }
    return message;
}

QList<Message> catalogue(const QString &language)
{
    QFile file(tests::sourceFile(QStringLiteral("resources/translations/catamaran_%1.ts").arg(language)));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QXmlStreamReader xml(&file);
    QList<Message> messages;
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == u"name")
            context = xml.readElementText();
        else if (xml.name() == u"message")
            messages += readMessage(xml, context);
    }
    return xml.hasError() ? QList<Message>() : messages;
}

/// The places that are filled in, each once: %1 … %9, %n, and their localized forms.
QStringList placeholders(const QString &text)
{
    static const QRegularExpression place(QStringLiteral("%L?(?:\\d{1,2}|n)"));
    QStringList found;
    for (auto i = place.globalMatch(text); i.hasNext();)
        found += i.next().captured();
    found.sort();
    found.removeDuplicates();
    return found;
}

/// The keys of &mnemonics; "&&" is an ampersand.
int mnemonics(const QString &text)
{
    static const QRegularExpression mnemonic(QStringLiteral("(?<!&)&[A-Za-z0-9]"));
    int count = 0;
    for (auto i = mnemonic.globalMatch(text); i.hasNext(); i.next())
        ++count;
    return count;
}

QString clusters(int n)
{
    return QCoreApplication::translate("catamaran::ui::TopologyModel", "%n cluster(s)", nullptr, n);
}

} // namespace

class TestTranslations : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanup() { qDeleteAll(qApp->findChildren<QTranslator *>(QString(), Qt::FindDirectChildrenOnly)); }

    void everyMessageIsTranslated_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<int>("forms");
        QTest::newRow("English has singular and plural") << "en" << 2;
        QTest::newRow("Chinese has one form") << "zh_CN" << 1;
    }
    void everyMessageIsTranslated()
    {
        QFETCH(QString, language);
        QFETCH(int, forms);
        const QList<Message> messages = catalogue(language);
        QVERIFY(!messages.isEmpty());
        for (const Message &message : messages) {
            QVERIFY2(message.finished, qPrintable(title(message)));
            QVERIFY2(message.forms.size() == (message.numerus ? forms : 1), qPrintable(title(message)));
            for (const QString &form : message.forms) {
                QVERIFY2(!form.isEmpty(), qPrintable(title(message)));
                QVERIFY2(placeholders(form) == placeholders(message.source), qPrintable(title(message) + QStringLiteral(" -> ") + form));
                QVERIFY2(mnemonics(form) == mnemonics(message.source), qPrintable(title(message) + QStringLiteral(" -> ") + form));
            }
        }
    }

    void chineseHasTheTextsOfEveryPart_data()
    {
        QTest::addColumn<QString>("context");
        for (const char *context : { "AlibabaCloud", "Net", "Kube", "Plan", "Probe", "Drill", "catamaranctl", "catamaran::ui::MainWindow",
                 "catamaran::ui::VerifyPlace" })
            QTest::newRow(context) << QString::fromLatin1(context);
    }
    void chineseHasTheTextsOfEveryPart()
    {
        QFETCH(QString, context);
        const QList<Message> messages = catalogue(QStringLiteral("zh_CN"));
        QVERIFY(std::any_of(messages.begin(), messages.end(), [&](const Message &message) { return message.context == context; }));
    }

    void englishPluralsAreThere_data()
    {
        QTest::addColumn<QLocale>("locale");
        QTest::newRow("the C locale") << QLocale::c();
        QTest::newRow("American English") << QLocale(QLocale::English, QLocale::UnitedStates);
        QTest::newRow("British English") << QLocale(QLocale::English, QLocale::UnitedKingdom);
        QTest::newRow("a language that is not spoken here") << QLocale(QLocale::Welsh);
    }
    void englishPluralsAreThere()
    {
        QFETCH(QLocale, locale);
        core::installTranslations(*qApp, locale);
        QCOMPARE(clusters(1), QStringLiteral("1 cluster"));
        QCOMPARE(clusters(2), QStringLiteral("2 clusters"));
        QCOMPARE(QCoreApplication::translate("PlacesText", "Topology"), QStringLiteral("Topology"));
    }

    void chineseIsSpoken()
    {
        core::installTranslations(*qApp, QLocale(QLocale::Chinese, QLocale::China));
        QCOMPARE(QCoreApplication::translate("PlacesText", "Topology"), QStringLiteral("拓扑"));
        QCOMPARE(clusters(1), QStringLiteral("1 个集群"));
        QCOMPARE(clusters(2), QStringLiteral("2 个集群"));
    }

    void shippedDrillsAreInChinese()
    {
        static const QRegularExpression han(QStringLiteral("\\p{Han}"));
        core::installTranslations(*qApp, QLocale(QLocale::Chinese, QLocale::China));
        const QList<drill::DrillDocument> drills = drill::builtinDrills();
        QVERIFY(!drills.isEmpty());
        for (const drill::DrillDocument &drill : drills) {
            for (const QString &text : { drill.title, drill.summary, drill.hypothesis })
                QVERIFY2(han.match(text).hasMatch(), qPrintable(text));
        }
    }

    void sharesAreWrittenAsChineseWritesThem()
    {
        core::installTranslations(*qApp, QLocale(QLocale::Chinese, QLocale::China));
        probe::Summary summary;
        summary.requests = summary.ok = 4;
        summary.versions = { { QStringLiteral("v1"), 1 }, { QStringLiteral("v2"), 3 } };
        const QString sentence = probe::verdictSentence(summary, { QStringLiteral("v1"), QStringLiteral("v2") });
        QVERIFY2(sentence.contains(QStringLiteral("v1 25%")) && sentence.contains(QStringLiteral("v2 75%")), qPrintable(sentence));
    }

    void anErrorIsOneChineseSentence()
    {
        core::installTranslations(*qApp, QLocale(QLocale::Chinese, QLocale::China));
        const core::Error error = core::Error::make(core::ErrorKind::Network, QCoreApplication::translate("Net", "send a request"),
            QStringLiteral("https://host"), QCoreApplication::translate("Net", "connection refused"),
            QCoreApplication::translate("Net", "Check the address."));
        QCOMPARE(error.text(), QStringLiteral("无法发送请求（https://host）：连接被拒绝。请检查地址。"));
    }
};

QTEST_GUILESS_MAIN(TestTranslations)
#include "tst_translations.moc"
