// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "pki/ca.h"

#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>
#include <QTemporaryDir>
#include <QTest>

using namespace catamaran;
using namespace catamaran::pki;

namespace {

Identity root(const QString &name = QStringLiteral("root"))
{
    return *makeRoot(name, KeyType::EcP256);
}

Identity issuing(const Identity &above)
{
    return *makeIssuingCa(above, QStringLiteral("mesh-1"), QStringLiteral("istiod.istio-system.svc"), KeyType::EcP256);
}

Identity workload(const Identity &ca)
{
    LeafRequest request;
    request.uris = { QStringLiteral("spiffe://cluster.local/ns/default/sa/sleep") };
    return *makeLeaf(ca, request);
}

QDateTime now()
{
    return QDateTime::currentDateTimeUtc();
}

} // namespace

class CaTest : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void chainFromWorkloadToRootVerifies()
    {
        const Identity top = root();
        const Identity leaf = workload(issuing(top));
        const auto verified = verifyChain(leaf.certificate, leaf.chain, top.certificate, now());
        QVERIFY2(verified, verified ? "" : qPrintable(verified.error().text()));
    }

    void anotherRootIsRefusedInOpensslsWords()
    {
        const Identity leaf = workload(issuing(root()));
        const auto verified = verifyChain(leaf.certificate, leaf.chain, root().certificate, now());
        QVERIFY(!verified);
        QCOMPARE(verified.error().kind, core::ErrorKind::Tls);
        QVERIFY2(verified.error().answer.contains(QLatin1String("certificate")), qPrintable(verified.error().answer));
    }

    void expiredLeafIsRefused()
    {
        const Identity top = root();
        const Identity leaf = workload(issuing(top));
        QVERIFY(!verifyChain(leaf.certificate, leaf.chain, top.certificate, now().addDays(2)));
    }

    void issuingCaMayNotSignAnotherCa()
    {
        const Identity top = root();
        const auto second = makeIssuingCa(issuing(top), QStringLiteral("below"), QStringLiteral("x.svc"), KeyType::EcP256);
        QVERIFY(second);
        const Identity leaf = workload(*second);
        QVERIFY2(!verifyChain(leaf.certificate, leaf.chain, top.certificate, now()), "pathlen:0 must hold");
    }

    void certificatesHaveTheFactSheetsProperties()
    {
        const Identity top = *makeRoot(QStringLiteral("fleet root"), KeyType::Rsa4096);
        const Identity ca = issuing(top);
        const auto infos = readBundle(top.certificate + ca.certificate + workload(ca).certificate);
        QVERIFY(infos);
        QCOMPARE(infos->size(), 3);
        QVERIFY(infos->at(0).isCa && infos->at(0).selfSigned);
        QVERIFY(now().daysTo(infos->at(0).notAfter) >= 3649);
        QVERIFY(infos->at(1).isCa && !infos->at(1).selfSigned);
        QCOMPARE(infos->at(1).sans, QStringList { QStringLiteral("DNS:istiod.istio-system.svc") });
        QVERIFY(!infos->at(2).isCa);
        QCOMPARE(infos->at(2).sans, QStringList { QStringLiteral("URI:spiffe://cluster.local/ns/default/sa/sleep") });
        QVERIFY(now().secsTo(infos->at(2).notAfter) <= 24 * 3600);
    }

    void theOpensslCommandAcceptsTheChain()
    {
        QTemporaryDir folder;
        const Identity top = root();
        const Identity leaf = workload(issuing(top));
        const auto write = [&](const QString &name, const QByteArray &bytes) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(bytes);
        };
        write(QStringLiteral("root.pem"), top.certificate);
        write(QStringLiteral("chain.pem"), leaf.chain);
        write(QStringLiteral("leaf.pem"), leaf.certificate);
        QProcess openssl;
        openssl.setWorkingDirectory(folder.path());
        openssl.start(QStringLiteral("openssl"),
            { QStringLiteral("verify"), QStringLiteral("-x509_strict"), QStringLiteral("-CAfile"), QStringLiteral("root.pem"),
                QStringLiteral("-untrusted"), QStringLiteral("chain.pem"), QStringLiteral("leaf.pem") });
        if (!openssl.waitForStarted())
            QSKIP("the openssl command is not installed");
        QVERIFY(openssl.waitForFinished());
        QVERIFY2(openssl.exitCode() == 0, openssl.readAllStandardError());
    }

    void qtReadsWhatWeMake()
    {
        const Identity leaf = workload(issuing(root()));
        QVERIFY(!QSslCertificate(leaf.certificate).isNull());
        QVERIFY(!QSslKey(leaf.key.reveal(), QSsl::Ec).isNull());
    }

    void rootsAreComparedByBytesNotByName()
    {
        const Identity a = root(QStringLiteral("same name"));
        const Identity b = root(QStringLiteral("same name"));
        const auto ofA = rootFingerprints(a.certificate);
        const auto ofB = rootFingerprints(b.certificate);
        QVERIFY(ofA && ofB);
        QVERIFY(!sameRoots(*ofA, *ofB));
        QVERIFY(sameRoots(*ofA, *rootFingerprints(a.certificate)));
        QVERIFY2(!sameRoots({}, {}), "nothing known is not equality");
    }

    void onlyTheSelfSignedOfABundleCounts()
    {
        const Identity top = root();
        const Identity ca = issuing(top);
        QVERIFY(sameRoots(*rootFingerprints(ca.certificate + ca.chain), *rootFingerprints(top.certificate)));
    }

    void base64OfPemIsRead()
    {
        const Identity top = root();
        QVERIFY(sameRoots(*rootFingerprints(top.certificate.toBase64()), *rootFingerprints(top.certificate)));
    }

    void badBundlesAreInvalidInput_data()
    {
        QTest::addColumn<QByteArray>("bundle");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("not PEM at all") << QByteArray("hello");
        QTest::newRow("PEM of garbage") << QByteArray("-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n");
        QTest::newRow("second one cut off") << root().certificate + root().certificate.left(200);
        QTest::newRow("larger than the limit") << QByteArray(2 * 1024 * 1024, 'x');
    }
    void badBundlesAreInvalidInput()
    {
        QFETCH(QByteArray, bundle);
        const auto infos = readBundle(bundle);
        QVERIFY(!infos);
        QCOMPARE(infos.error().kind, core::ErrorKind::InvalidInput);
    }

    void keyBelongsToItsCertificateOnly()
    {
        const Identity a = root();
        QVERIFY(keyMatches(a.certificate, a.key));
        QVERIFY(!keyMatches(a.certificate, root().key));
        QVERIFY(!keyMatches(a.certificate, core::Secret("garbage")));
    }

    void namesCannotSmuggleExtensions()
    {
        LeafRequest request;
        request.dnsNames = { QStringLiteral("a.example,CA:TRUE") };
        const auto leaf = makeLeaf(root(), request);
        QVERIFY(!leaf);
        QCOMPARE(leaf.error().kind, core::ErrorKind::InvalidInput);
    }
};

QTEST_GUILESS_MAIN(CaTest)
#include "tst_ca.moc"
