// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/signer.h"

#include <QCryptographicHash>
#include <QRegularExpression>
#include <QTest>

using namespace catamaran;
using namespace catamaran::alicloud;

namespace {

Credentials testKey()
{
    return { QStringLiteral("FakeAccessKeyIdForTests"), core::Secret("FakeAccessKeySecretForTests"), {} };
}

UnsignedRequest request(const QByteArray &method, const QString &action, const QString &second, const QByteArray &nonceEnd)
{
    UnsignedRequest made;
    made.method = method;
    made.host = QStringLiteral("servicemesh.aliyuncs.com");
    made.action = action;
    made.version = QStringLiteral("2020-01-11");
    made.date = QDateTime::fromString(QStringLiteral("2026-01-02T03:04:%1Z").arg(second), Qt::ISODate);
    made.nonce = "1111222233334444555566667777" + nonceEnd;
    return made;
}

QByteArray headerOf(const net::Headers &headers, const QByteArray &name)
{
    for (const auto &[key, value] : headers) {
        if (key.toLower() == name)
            return value;
    }
    return {};
}

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

} // namespace

/// The signature against vectors that the official library made (same credentials, date and nonce pinned).
class tst_Signer : public QObject {
    Q_OBJECT

private slots:
    void init();
    void vectors_data();
    void vectors();
    void canonicalRequestOfAQuery();
    void wholeAuthorizationHeader();
    void otherSecretOtherSignature();
    void encoding_data();
    void encoding();
    void noContentTypeWithoutABody();
};

Q_DECLARE_METATYPE(catamaran::alicloud::UnsignedRequest)
Q_DECLARE_METATYPE(catamaran::alicloud::Credentials)

void tst_Signer::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
}

void tst_Signer::vectors_data()
{
    QTest::addColumn<UnsignedRequest>("unsignedRequest");
    QTest::addColumn<Credentials>("credentials");
    QTest::addColumn<QByteArray>("canonicalHash");
    QTest::addColumn<QByteArray>("signature");

    UnsignedRequest one = request("GET", QStringLiteral("DescribeServiceMeshes"), QStringLiteral("05"), "8888");
    one.query = { { QStringLiteral("Tag.1.Key"), QStringLiteral("环境/env") },
        { QStringLiteral("Tag.1.Value"), QStringLiteral("生产 a+b=c&d~e*f'(g)!%") } };
    QTest::newRow("query with special characters and Chinese")
        << one << testKey() << QByteArray("07c121fa3ce216476a6174b8a99b5d46cb4194ae8d0ed554032e24ab388cff77")
        << QByteArray("053b6294d4bd5d5d946ed28cb82721af4ae2cd43de46cd3958af37f0d6d5ab83");

    UnsignedRequest two = request("POST", QStringLiteral("UpdateMeshMultiClusterNetwork"), QStringLiteral("06"), "8889");
    two.contentType = "application/x-www-form-urlencoded";
    two.body = encodeParameters(
        { { QStringLiteral("MultiClusterNetworks"),
              QStringLiteral("{\"c0ffee0000000000000000000000000001\":{\"Network\":\"network1\",\"EnableGateway\":true},"
                             "\"c0ffee0000000000000000000000000002\":{\"Network\":\"network2\",\"EnableGateway\":false}}") },
            { QStringLiteral("ServiceMeshId"), QStringLiteral("cfa4e000000000000000000000000m001") } });
    QTest::newRow("form body with JSON in it") << two << testKey()
                                               << QByteArray("cc973e4e4404413ffe24d69e00f84814ab26af4658b8a95858c68d6f6cd20c19")
                                               << QByteArray("396ffd0f513cc5313722b26d75ab96207dac0d735054b40ab1cf98824ebdd98a");

    UnsignedRequest three = request("POST", QStringLiteral("DescribeClustersInServiceMesh"), QStringLiteral("07"), "888a");
    three.query = { { QStringLiteral("ServiceMeshId"), QStringLiteral("cfa4e000000000000000000000000m001") } };
    QTest::newRow("post with a query only") << three << testKey()
                                            << QByteArray("8b53315453b9447c70692c13e1e36179f9f90c95ab00a1b97e4454ec07603c2a")
                                            << QByteArray("3487f7194b78c41be56fc27c5c72f656557a3cc25c922930c3f173a9a6a13dd0");

    UnsignedRequest four = request("GET", QStringLiteral("DescribeClustersV1"), QStringLiteral("08"), "888b");
    four.host = QStringLiteral("cs.cn-hangzhou.aliyuncs.com");
    four.version = QStringLiteral("2015-12-15");
    four.path = QStringLiteral("/api/v1/clusters");
    four.query = { { QStringLiteral("name"), QStringLiteral("集群 a&b") }, { QStringLiteral("page_number"), QStringLiteral("1") },
        { QStringLiteral("page_size"), QStringLiteral("50") }, { QStringLiteral("region_id"), QStringLiteral("cn-hangzhou") } };
    QTest::newRow("path and query of the container service")
        << four << testKey() << QByteArray("3ba3fc9d564e35791a2e4c224d25f7d98fec2a04ef2f241a77ffff43ebc24e8b")
        << QByteArray("6292665ca7a37e2b586924747718c2356edfe19e26838bd15f9aa7b754bdaffe");

    UnsignedRequest fourB = request("GET", QStringLiteral("DescribeClusterUserKubeconfig"), QStringLiteral("08"), "888c");
    fourB.host = four.host;
    fourB.version = four.version;
    fourB.path = QStringLiteral("/k8s/c0ffee0000000000000000000000000001/user_config");
    fourB.query = { { QStringLiteral("PrivateIpAddress"), QStringLiteral("false") },
        { QStringLiteral("TemporaryDurationMinutes"), QStringLiteral("60") } };
    QTest::newRow("id in the path") << fourB << testKey() << QByteArray("ce6c3532d99dbd636acd3b4ac4bf10bb86fb441d7fb86fad7969be606489ee01")
                                    << QByteArray("6730efed3b11de38192da5d4eed2d3d4ab2bb967ec9c8c419d250501f971b454");

    UnsignedRequest five = request("POST", QStringLiteral("AddClusterIntoServiceMesh"), QStringLiteral("09"), "888d");
    five.contentType = "application/x-www-form-urlencoded";
    // The order of the vector: the hash is over the bytes as they are sent.
    five.body = "ServiceMeshId=cfa4e000000000000000000000000m001&ClusterId=c0ffee0000000000000000000000000002&DiscoveryOnly=true";
    Credentials temporary = testKey();
    temporary.securityToken = core::Secret("FakeStsToken+/with==chars");
    QTest::newRow("temporary credentials") << five << temporary
                                           << QByteArray("036c36b1a4b1af050dceccb8ddcf8e678756282e30bfbf36ad7eaa4345ec784f")
                                           << QByteArray("5a0af8439db81d43a772014ed97bd12970aef4b5c6b481b15689be3ce84fd050");
}

void tst_Signer::vectors()
{
    QFETCH(UnsignedRequest, unsignedRequest);
    QFETCH(Credentials, credentials);
    QFETCH(QByteArray, canonicalHash);
    QFETCH(QByteArray, signature);

    const QByteArray canonical = canonicalRequest(unsignedRequest, credentials);
    QVERIFY2(sha256(canonical) == canonicalHash, canonical.constData());
    const QByteArray authorization = headerOf(signedHeaders(unsignedRequest, credentials), "authorization");
    QCOMPARE(authorization.mid(authorization.lastIndexOf('=') + 1), signature);
}

void tst_Signer::canonicalRequestOfAQuery()
{
    UnsignedRequest one = request("GET", QStringLiteral("DescribeServiceMeshes"), QStringLiteral("05"), "8888");
    one.query = { { QStringLiteral("Tag.1.Key"), QStringLiteral("环境/env") },
        { QStringLiteral("Tag.1.Value"), QStringLiteral("生产 a+b=c&d~e*f'(g)!%") } };
    QCOMPARE(canonicalRequest(one, testKey()),
        QByteArray("GET\n/\n"
                   "Tag.1.Key=%E7%8E%AF%E5%A2%83%2Fenv&Tag.1.Value=%E7%94%9F%E4%BA%A7%20a%2Bb%3Dc%26d~e%2Af%27%28g%29%21%25\n"
                   "host:servicemesh.aliyuncs.com\n"
                   "x-acs-action:DescribeServiceMeshes\n"
                   "x-acs-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
                   "x-acs-date:2026-01-02T03:04:05Z\n"
                   "x-acs-signature-nonce:11112222333344445555666677778888\n"
                   "x-acs-version:2020-01-11\n"
                   "\n"
                   "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version\n"
                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

void tst_Signer::wholeAuthorizationHeader()
{
    UnsignedRequest one = request("GET", QStringLiteral("DescribeServiceMeshes"), QStringLiteral("05"), "8888");
    one.query = { { QStringLiteral("Tag.1.Key"), QStringLiteral("环境/env") },
        { QStringLiteral("Tag.1.Value"), QStringLiteral("生产 a+b=c&d~e*f'(g)!%") } };
    const net::Headers headers = signedHeaders(one, testKey());
    QCOMPARE(headerOf(headers, "authorization"),
        QByteArray("ACS3-HMAC-SHA256 Credential=FakeAccessKeyIdForTests,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;"
                   "x-acs-signature-nonce;x-acs-version,Signature=053b6294d4bd5d5d946ed28cb82721af4ae2cd43de46cd3958af37f0d6d5ab83"));
    QCOMPARE(headerOf(headers, "x-acs-action"), QByteArray("DescribeServiceMeshes"));
    QVERIFY(headerOf(headers, "host").isEmpty());
    for (const auto &[name, value] : headers)
        QVERIFY(!value.contains("FakeAccessKeySecretForTests"));
}

void tst_Signer::otherSecretOtherSignature()
{
    const UnsignedRequest one = request("GET", QStringLiteral("DescribeServiceMeshes"), QStringLiteral("05"), "8888");
    Credentials other = testKey();
    other.accessKeySecret = core::Secret("another");
    QVERIFY(headerOf(signedHeaders(one, testKey()), "authorization") != headerOf(signedHeaders(one, other), "authorization"));
}

void tst_Signer::encoding_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("encoded");
    QTest::newRow("unreserved characters stay") << QStringLiteral("Az09-_.~") << QByteArray("Az09-_.~");
    QTest::newRow("blank and plus") << QStringLiteral("a b+c") << QByteArray("a%20b%2Bc");
    QTest::newRow("what other encoders leave") << QStringLiteral("!*'()") << QByteArray("%21%2A%27%28%29");
    QTest::newRow("Chinese") << QStringLiteral("网格") << QByteArray("%E7%BD%91%E6%A0%BC");
    QTest::newRow("empty") << QString() << QByteArray();
}

void tst_Signer::encoding()
{
    QFETCH(QString, text);
    QFETCH(QByteArray, encoded);
    QCOMPARE(percentEncode(text), encoded);
}

void tst_Signer::noContentTypeWithoutABody()
{
    UnsignedRequest one = request("POST", QStringLiteral("DescribeVersions"), QStringLiteral("05"), "8888");
    one.contentType = "application/x-www-form-urlencoded";
    QVERIFY(headerOf(signedHeaders(one, testKey()), "content-type").isEmpty());
}

QTEST_GUILESS_MAIN(tst_Signer)
#include "tst_signer.moc"
