// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/apierror.h"
#include "alicloud/asmanswers.h"
#include "alicloud/calls.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

using namespace catamaran;
using namespace catamaran::alicloud;
using core::ErrorKind;

namespace {

net::HttpReply reply(int status, const QByteArray &body, net::Headers headers = { { "Content-Type", "application/json;charset=utf-8" } })
{
    return { status, std::move(headers), body };
}

} // namespace

/// What the cloud answers, read without a cloud: errors, contradictory forms, and the command line of a call.
class tst_ApiError : public QObject {
    Q_OBJECT

private slots:
    void init();
    void kinds_data();
    void kinds();
    void upperAndLowerCase();
    void xmlFromTheGateway();
    void wrongSecretIsToldInOneSentence();
    void aRefusedTimeNamesTheSkew_data();
    void aRefusedTimeNamesTheSkew();
    void listsThatAreNotUnderstoodAreErrors_data();
    void listsThatAreNotUnderstoodAreErrors();
    void retryAfterIsBounded();
    void successWithACodeInside_data();
    void successWithACodeInside();
    void somethingElseAnswers();
    void caCertInBothForms();
    void nestedVSwitches();
    void versionsAreNumbers();
    void commandHidesTheKey();
    void commandQuotesForTheShell();
};

void tst_ApiError::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
}

void tst_ApiError::kinds_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("kind");
    const auto row = [](const char *name, const char *code, int status, ErrorKind kind) {
        QTest::newRow(name) << QString::fromLatin1(code) << status << int(kind);
    };
    row("unknown key, although 404", "InvalidAccessKeyId.NotFound", 404, ErrorKind::Unauthorized);
    row("wrong secret, although 400", "SignatureDoesNotMatch", 400, ErrorKind::Unauthorized);
    row("clock", "InvalidTimeStamp.Expired", 400, ErrorKind::Unauthorized);
    row("clock, in the gateway's own word", "IllegalTimestamp", 400, ErrorKind::Unauthorized);
    row("clock, as the object store says it", "RequestTimeTooSkewed", 403, ErrorKind::Unauthorized);
    row("rate limit with 400", "Throttling.User", 400, ErrorKind::Throttled);
    row("rate limit by another name", "Rejected.Throttling", 429, ErrorKind::Throttled);
    row("unknown mesh", "ServiceMesh.NotFound", 404, ErrorKind::NotFound);
    row("unknown mesh, as another account's", "StatusForbidden", 403, ErrorKind::NotFound);
    row("unknown mesh, as a bare number", "403", 403, ErrorKind::NotFound);
    row("no permission", "Forbidden.RAM", 403, ErrorKind::Forbidden);
    row("name taken", "NameAlreadyExist", 400, ErrorKind::Conflict);
    row("mesh is updating", "InvalidOperation.Mesh.NotRunning", 400, ErrorKind::Precondition);
    row("clusters left", "ErrorPermitted.ClustersNotEmpty", 400, ErrorKind::Precondition);
    row("missing parameter", "MissingServiceMeshId", 400, ErrorKind::InvalidInput);
    row("backend", "ERR500", 500, ErrorKind::Server);
    row("unknown code, status speaks", "SomethingNew", 429, ErrorKind::Throttled);
    row("no code at all", "", 503, ErrorKind::Server);
}

void tst_ApiError::kinds()
{
    QFETCH(QString, code);
    QFETCH(int, status);
    QFETCH(int, kind);
    QCOMPARE(int(kindOf(code, status)), kind);
}

void tst_ApiError::upperAndLowerCase()
{
    for (const QByteArray &body : { QByteArray(R"({"Code":"ServiceMesh.NotFound","Message":"gone","RequestId":"R-1","HostId":"h"})"),
             QByteArray(R"({"code":"ServiceMesh.NotFound","message":"gone","requestId":"R-1"})") }) {
        const core::Error error = readError(reply(404, body), QStringLiteral("read a mesh"), QStringLiteral("mesh-1"));
        QVERIFY(error.kind == ErrorKind::NotFound);
        QCOMPARE(error.code, QStringLiteral("ServiceMesh.NotFound"));
        QCOMPARE(error.requestId, QStringLiteral("R-1"));
        QCOMPARE(error.httpStatus, 404);
        QVERIFY(error.answer.contains(u"gone"));
        QVERIFY(!error.remedy.isEmpty());
    }
}

void tst_ApiError::xmlFromTheGateway()
{
    const core::Error error = readError(
        reply(400, "<?xml version='1.0'?><Error><RequestId>R-2</RequestId><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>",
            { { "content-type", "text/xml;charset=utf-8" } }),
        QStringLiteral("list meshes"), {});
    QVERIFY(error.kind == ErrorKind::Unauthorized);
    QCOMPARE(error.requestId, QStringLiteral("R-2"));
}

void tst_ApiError::wrongSecretIsToldInOneSentence()
{
    const QByteArray body
        = R"({"Code":"SignatureDoesNotMatch","RequestId":"R-4","Message":"Specified signature is not matched with our calculation. server CanonicalRequest is: GET|/||host:a"})";
    const core::Error error = readError(reply(400, body), QStringLiteral("list meshes"), {});
    QCOMPARE(error.answer, QStringLiteral("Specified signature is not matched with our calculation. (SignatureDoesNotMatch)"));
    QVERIFY(error.remedy.contains(u"secret"));
}

void tst_ApiError::aRefusedTimeNamesTheSkew_data()
{
    QTest::addColumn<QByteArray>("date");
    QTest::addColumn<QString>("says");
    QTest::newRow("we are ahead") << QByteArray("Fri, 02 Jan 2026 00:04:05 GMT") << QStringLiteral("3 h 0 min ahead of the cloud's");
    QTest::newRow("we are behind") << QByteArray("Fri, 02 Jan 2026 03:30:05 GMT") << QStringLiteral("26 min behind the cloud's");
    QTest::newRow("days") << QByteArray("Tue, 06 Jan 2026 03:04:05 GMT") << QStringLiteral("4 days behind");
    QTest::newRow("the clocks agree") << QByteArray("Fri, 02 Jan 2026 03:04:03 GMT")
                                      << QStringLiteral("differs by 2 s from the answer's own date (2026-01-02T03:04:03Z)");
    QTest::newRow("no date") << QByteArray() << QStringLiteral("Set this machine's clock");
    QTest::newRow("no date that is one") << QByteArray("yesterday") << QStringLiteral("Set this machine's clock");
}

void tst_ApiError::aRefusedTimeNamesTheSkew()
{
    QFETCH(QByteArray, date);
    QFETCH(QString, says);
    const QDateTime now(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC);
    for (const QByteArray &code : { QByteArray("IllegalTimestamp"), QByteArray("InvalidTimeStamp.Expired") }) {
        net::Headers headers;
        if (!date.isEmpty())
            headers.append({ QByteArray("Date"), date });
        const core::Error error = readError(reply(400, R"({"Code":")" + code + R"("})", headers), QStringLiteral("list meshes"), {}, now);
        QVERIFY(error.kind == ErrorKind::Unauthorized);
        QVERIFY2(error.remedy.contains(says), qPrintable(error.remedy));
    }
}

void tst_ApiError::listsThatAreNotUnderstoodAreErrors_data()
{
    QTest::addColumn<QByteArray>("meshes");
    QTest::addColumn<QByteArray>("clusters");
    QTest::addColumn<QByteArray>("networks");
    QTest::newRow("not there") << QByteArray("{}") << QByteArray() << QByteArray();
    QTest::newRow("another form") << QByteArray(R"({"ServiceMeshes":{}})") << QByteArray(R"({"Clusters":"c1"})")
                                  << QByteArray(R"({"MultiClusterNetworks":["c1"]})");
    QTest::newRow("one without an id") << QByteArray(R"({"ServiceMeshes":[{"ServiceMeshInfo":{"Name":"mesh-1"}}]})")
                                       << QByteArray(R"({"Clusters":[{"Name":"cluster-1"}]})") << QByteArray();
    QTest::newRow("no object in the list") << QByteArray(R"({"ServiceMeshes":[7]})") << QByteArray(R"({"Clusters":[null]})")
                                           << QByteArray();
}

void tst_ApiError::listsThatAreNotUnderstoodAreErrors()
{
    const auto object = [](const QByteArray &text) { return QJsonDocument::fromJson(text).object(); };
    QFETCH(QByteArray, meshes);
    QFETCH(QByteArray, clusters);
    QFETCH(QByteArray, networks);
    QVERIFY(!answers::meshes(object(meshes)));
    if (!clusters.isEmpty())
        QVERIFY(!answers::clusters(object(clusters)));
    if (!networks.isEmpty())
        QVERIFY(!answers::networks(object(networks)));
    // What is empty is empty.
    QVERIFY(answers::meshes(object(R"({"ServiceMeshes":[]})"))->isEmpty());
    QVERIFY(answers::clusters(object("{}"))->isEmpty() && answers::clusters(object(R"({"Clusters":null})"))->isEmpty());
    QVERIFY(answers::networks(object("{}"))->isEmpty());
}

void tst_ApiError::retryAfterIsBounded()
{
    const core::Error error
        = readError(reply(400, R"({"Code":"Busy"})", { { "x-acs-retry-after", "999999999" }, { "x-acs-request-id", "R-3" } }),
            QStringLiteral("list"), {});
    QVERIFY(error.kind == ErrorKind::Throttled);
    QCOMPARE(error.retryAfterMs, 120000);
    QCOMPARE(error.requestId, QStringLiteral("R-3"));
}

void tst_ApiError::successWithACodeInside_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("isSuccess");
    QTest::newRow("text") << QByteArray(R"({"Code":"200","Message":"success"})") << true;
    QTest::newRow("bare number") << QByteArray(R"({"Code":200})") << true;
    QTest::newRow("no code") << QByteArray(R"({"RequestId":"r"})") << true;
    QTest::newRow("failure inside a 200") << QByteArray(R"({"Code":"503","Message":"not ready"})") << false;
}

void tst_ApiError::successWithACodeInside()
{
    QFETCH(QByteArray, body);
    QFETCH(bool, isSuccess);
    const auto answer = readAnswer(reply(200, body), QStringLiteral("add"), {});
    QCOMPARE(answer.has_value(), isSuccess);
    if (!answer)
        QVERIFY(answer.error().kind == ErrorKind::Server);
}

void tst_ApiError::somethingElseAnswers()
{
    const auto answer = readAnswer(reply(200, "<html>login</html>", {}), QStringLiteral("list meshes"), QStringLiteral("https://x"));
    QVERIFY(!answer);
    QVERIFY(answer.error().kind == ErrorKind::Protocol);
    QVERIFY(!answer.error().remedy.isEmpty());
}

void tst_ApiError::caCertInBothForms()
{
    const QByteArray pem = "-----BEGIN CERTIFICATE-----\nMIIF\n-----END CERTIFICATE-----\n";
    const auto plain = answers::caCert({ { QStringLiteral("CaCert"), QString::fromLatin1(pem) } });
    const auto encoded = answers::caCert({ { QStringLiteral("CaCert"), QString::fromLatin1(pem.toBase64()) } });
    QVERIFY(plain && encoded);
    QCOMPARE(*plain, pem);
    QCOMPARE(*encoded, pem);
    QVERIFY(!answers::caCert({ { QStringLiteral("CaCert"), QStringLiteral("%%%") } }));
}

void tst_ApiError::nestedVSwitches()
{
    const auto answer = readAnswer(reply(200, R"({"ServiceMesh":{"ServiceMeshInfo":{"ServiceMeshId":"c1","State":"updating_failed"},
        "Spec":{"Network":{"VSwitches":["[\"vsw-1\",\"vsw-2\"]"]}},"Clusters":["c2"]}})"),
        QStringLiteral("read"), {});
    QVERIFY(answer);
    const auto mesh = answers::mesh(*answer);
    QVERIFY(mesh);
    QCOMPARE(mesh->vSwitches, QStringList({ QStringLiteral("vsw-1"), QStringLiteral("vsw-2") }));
    QCOMPARE(mesh->clusterIds, QStringList(QStringLiteral("c2")));
    QVERIFY(mesh->hasFailed());
}

void tst_ApiError::versionsAreNumbers()
{
    QCOMPARE(versionNumbers(minimumMeshVersion), QList<int>({ 1, 22, 6, 71 }));
    QVERIFY(versionNumbers(QStringLiteral("1.22")).isEmpty());
    QCOMPARE(compareVersions(QStringLiteral("v1.9.0.1-gabc-aliyun"), minimumMeshVersion).value(), -1);
    QCOMPARE(compareVersions(QStringLiteral("v1.22.6.71-gother-aliyun"), minimumMeshVersion).value(), 0);
    QCOMPARE(compareVersions(QStringLiteral("v1.22.6.100-g7d67a80b-aliyun"), minimumMeshVersion).value(), 1);
    QVERIFY(!compareVersions(QStringLiteral("latest"), minimumMeshVersion));
}

void tst_ApiError::commandHidesTheKey()
{
    CreateMeshRequest request;
    request.name = QStringLiteral("mesh-1");
    request.regionId = QStringLiteral("cn-hangzhou");
    request.vpcId = QStringLiteral("vpc-1");
    request.vSwitches = { QStringLiteral("vsw-1") };
    request.caCert = request.rootCert = request.certChain = "certificate";
    request.caKey = core::Secret("topsecret");
    const DescribedCall call = calls::createMesh(request);
    QCOMPARE(call.parameters.value(QStringLiteral("ExistingCaKey")), calls::hiddenSecret);
    const QString line = describeAsCommand(call);
    QVERIFY2(line.startsWith(u"aliyun servicemesh CreateServiceMesh "), qPrintable(line));
    QVERIFY(line.contains(u"--ExistingCaKey \"$(base64 -w0 ca-key.pem)\""));
    QVERIFY(line.contains(u"--VSwitches '[\"vsw-1\"]'"));
    QVERIFY(!line.contains(u"topsecret"));
    QVERIFY(!line.contains(QString::fromLatin1(QByteArray("topsecret").toBase64())));
}

void tst_ApiError::commandQuotesForTheShell()
{
    QCOMPARE(describeAsCommand(calls::addCluster(QStringLiteral("c1"), QStringLiteral("c2"), false)),
        QStringLiteral("aliyun servicemesh AddClusterIntoServiceMesh --ClusterId c2 --ServiceMeshId c1"));
    QCOMPARE(describeAsCommand(QStringLiteral("X"), { { QStringLiteral("Name"), QStringLiteral("it's $HOME") } }),
        QStringLiteral("aliyun servicemesh X --Name 'it'\\''s $HOME'"));
}

QTEST_GUILESS_MAIN(tst_ApiError)
#include "tst_apierror.moc"
