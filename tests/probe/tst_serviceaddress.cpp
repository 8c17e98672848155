// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probe/serviceaddress.h"

#include <QTest>

using namespace catamaran;
using namespace catamaran::probe;

class ServiceAddressTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void names_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("service"); // empty: none
        QTest::newRow("name alone") << QStringLiteral("helloworld") << QStringLiteral("sample/helloworld");
        QTest::newRow("with its namespace") << QStringLiteral("helloworld.shop") << QStringLiteral("shop/helloworld");
        QTest::newRow("as a service") << QStringLiteral("helloworld.shop.svc") << QStringLiteral("shop/helloworld");
        QTest::newRow("in full") << QStringLiteral("helloworld.shop.svc.cluster.local") << QStringLiteral("shop/helloworld");
        QTest::newRow("another domain") << QStringLiteral("www.example.com") << QString();
        QTest::newRow("address") << QStringLiteral("10.0.0.1") << QString();
        QTest::newRow("IPv6 address") << QStringLiteral("fd00::1") << QString();
        QTest::newRow("nothing") << QString() << QString();
    }
    void names()
    {
        QFETCH(QString, host);
        QFETCH(QString, service);
        const auto found = serviceOfHost(host, QStringLiteral("sample"));
        QCOMPARE(found ? found->ns + u'/' + found->name : QString(), service);
    }

    void addresses_data()
    {
        QTest::addColumn<QString>("clusterIp");
        QTest::addColumn<QString>("says"); // empty: it is good
        QTest::newRow("IPv4") << QStringLiteral("10.96.0.7") << QString();
        QTest::newRow("IPv6") << QStringLiteral("fd00::7") << QString();
        QTest::newRow("headless") << QStringLiteral("None") << QStringLiteral("headless");
        QTest::newRow("none yet") << QString() << QStringLiteral("no cluster address");
        QTest::newRow("something else") << QStringLiteral("10.96.0.7:80") << QStringLiteral("no cluster address");
    }
    void addresses()
    {
        QFETCH(QString, clusterIp);
        QFETCH(QString, says);
        const auto address = clusterAddress({ { QStringLiteral("spec"), QJsonObject { { QStringLiteral("clusterIP"), clusterIp } } } });
        QCOMPARE(bool(address), says.isEmpty());
        if (address)
            QCOMPARE(*address, clusterIp);
        else
            QVERIFY2(address.error().text().contains(says), qPrintable(address.error().text()));
    }

    void anExternalNameIsSaidWithItsHost()
    {
        const auto address = clusterAddress({ { QStringLiteral("spec"),
            QJsonObject { { QStringLiteral("type"), QStringLiteral("ExternalName") },
                { QStringLiteral("externalName"), QStringLiteral("hello.example.com") } } } });
        QVERIFY(!address && address.error().text().contains(QStringLiteral("hello.example.com")));
    }

    void advice_data()
    {
        QTest::addColumn<QList<int>>("exits");
        QTest::addColumn<QString>("error");
        QTest::addColumn<bool>("advised");
        QTest::newRow("no such name") << QList<int> { 6, 6 } << QStringLiteral("Could not resolve host: helloworld") << true;
        QTest::newRow("nobody to ask") << QList<int> { 28, 28 } << QStringLiteral("Resolving timed out after 2000 milliseconds") << true;
        QTest::newRow("refused") << QList<int> { 7, 7 } << QStringLiteral("Connection refused") << false;
        QTest::newRow("slow") << QList<int> { 28 } << QStringLiteral("Operation timed out") << false;
        QTest::newRow("only some") << QList<int> { 6, 0 } << QStringLiteral("Could not resolve host: helloworld") << false;
        QTest::newRow("nothing sent") << QList<int> {} << QString() << false;
    }
    void advice()
    {
        QFETCH(QList<int>, exits);
        QFETCH(QString, error);
        QFETCH(bool, advised);
        QList<Sample> samples;
        for (const int code : exits) {
            Sample sample;
            sample.curlExit = code;
            sample.httpCode = code == 0 ? 200 : 0;
            sample.error = code == 0 ? QString() : error;
            samples << sample;
        }
        RunSpec spec;
        spec.source = { QStringLiteral("cluster-1"), QStringLiteral("sample"), QStringLiteral("sleep") };
        spec.url = QStringLiteral("http://helloworld:5000/hello");
        const QString text = adviceForNames(spec, summarize(samples), samples);
        QCOMPARE(!text.isEmpty(), advised);
        if (advised)
            QVERIFY2(text.contains(QStringLiteral("no service helloworld in namespace sample of cluster-1"))
                    && text.contains(QStringLiteral("--cluster-address")),
                qPrintable(text));
    }

    void theAddressGoesToCurl_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("expected");
        QTest::newRow("port given") << QStringLiteral("http://helloworld:5000/hello") << QStringLiteral("10.96.0.7")
                                    << QStringLiteral("helloworld:5000:10.96.0.7");
        QTest::newRow("usual port") << QStringLiteral("https://helloworld.shop/hello") << QStringLiteral("10.96.0.7")
                                    << QStringLiteral("helloworld.shop:443:10.96.0.7");
        QTest::newRow("IPv6") << QStringLiteral("http://helloworld/hello") << QStringLiteral("fd00::7")
                              << QStringLiteral("helloworld:80:[fd00::7]");
        QTest::newRow("none") << QStringLiteral("http://helloworld/hello") << QString() << QString();
    }
    void theAddressGoesToCurl()
    {
        QFETCH(QString, url);
        QFETCH(QString, address);
        QFETCH(QString, expected);
        RunSpec spec;
        spec.source = { QStringLiteral("cluster-1"), QStringLiteral("sample"), QStringLiteral("sleep") };
        spec.url = url;
        spec.count = 1;
        spec.address = address;
        QVERIFY(spec.check());
        const QStringList command = spec.command("mark"); // behind the address: how many may be under way, and how many are sent together
        QCOMPARE(command.at(command.size() - 3), expected);
        QCOMPARE(spec.asKubectl({ {}, {} }).contains(QStringLiteral("--resolve")), !expected.isEmpty());
    }

    void anAddressThatIsNoneIsRefused()
    {
        RunSpec spec;
        spec.source = { QStringLiteral("cluster-1"), QStringLiteral("sample"), QStringLiteral("sleep") };
        spec.url = QStringLiteral("http://helloworld:5000/hello");
        spec.count = 1;
        spec.address = QStringLiteral("10.0.0.1:80");
        const auto checked = spec.check();
        QVERIFY(!checked && checked.error().target == u"address");
    }
};

QTEST_GUILESS_MAIN(ServiceAddressTest)
#include "tst_serviceaddress.moc"
