// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/cloud/doorkeeper.h"

#include <QTest>

using namespace catamaran::lab;

namespace {

constexpr auto keyId = "FakeAccessKeyIdForTests";
constexpr auto secret = "FakeAccessKeySecretForTests";
constexpr auto signedNames = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
/// 2026-01-02T03:04:05Z, the date of the vectors.
const auto then = std::chrono::system_clock::from_time_t(1767323045);

/// Vector: query with special characters, as the official library sends it: ' ( ) * ! not encoded in the URL.
CloudRequest vectorRequest()
{
    CloudRequest request;
    request.method = "GET";
    request.path = "/";
    request.query = *readPairs("Tag.1.Value=%E7%94%9F%E4%BA%A7%20a%2Bb%3Dc%26d~e*f'(g)!%25&Tag.1.Key=%E7%8E%AF%E5%A2%83%2Fenv", false);
    request.headers = { { "host", "servicemesh.aliyuncs.com" }, { "x-acs-action", "DescribeServiceMeshes" },
        { "x-acs-content-sha256", sha256Hex("") }, { "x-acs-date", "2026-01-02T03:04:05Z" },
        { "x-acs-signature-nonce", "11112222333344445555666677778888" }, { "x-acs-version", "2020-01-11" } };
    return request;
}

void sign(CloudRequest &request, const std::string &id = keyId, const std::string &with = secret)
{
    request.headers.erase("authorization");
    request.headers.emplace("authorization",
        "ACS3-HMAC-SHA256 Credential=" + id + ",SignedHeaders=" + signedNames
            + ",Signature=" + signatureOf(canonicalRequest(request, signedNames), with));
}

std::string codeOf(const CloudAnswer &answer)
{
    return answer.isError() ? std::string(answer.body.at("Code").as_string()) : std::string();
}

} // namespace

/// The gateway's checks of a request, with the time handed in.
class tst_Doorkeeper : public QObject {
    Q_OBJECT

private slots:
    void vector();
    void refusals_data();
    void refusals();
    void aNonceCountsOnce();
    void temporaryKeys_data();
    void temporaryKeys();
    void rateLimit();
    void pairs();
};

void tst_Doorkeeper::vector()
{
    const CloudRequest request = vectorRequest();
    const std::string canonical = canonicalRequest(request, signedNames);
    QCOMPARE(sha256Hex(canonical), std::string("07c121fa3ce216476a6174b8a99b5d46cb4194ae8d0ed554032e24ab388cff77"));
    QCOMPARE(signatureOf(canonical, secret), std::string("053b6294d4bd5d5d946ed28cb82721af4ae2cd43de46cd3958af37f0d6d5ab83"));
    CloudRequest complete = request;
    complete.headers.emplace("authorization",
        std::string("ACS3-HMAC-SHA256 Credential=") + keyId + ",SignedHeaders=" + signedNames
            + ",Signature=053b6294d4bd5d5d946ed28cb82721af4ae2cd43de46cd3958af37f0d6d5ab83");
    QCOMPARE(codeOf(Doorkeeper(keyId, secret, 0).check(complete, then)), std::string());
}

void tst_Doorkeeper::refusals_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("code");
    const auto row
        = [](const char *name, const char *code) { QTest::newRow(name) << QString::fromLatin1(name) << QString::fromLatin1(code); };
    row("no authorization", "MissingAccessKeyId");
    row("malformed authorization", "IncompleteSignature");
    row("unknown key", "InvalidAccessKeyId.NotFound");
    row("wrong secret", "SignatureDoesNotMatch");
    row("changed parameter", "SignatureDoesNotMatch");
    row("changed body", "SignatureDoesNotMatch");
    row("malformed date", "InvalidTimeStamp.Format");
    row("too old", "InvalidTimeStamp.Expired");
    row("too new", "InvalidTimeStamp.Expired");
    row("no nonce", "IncompleteSignature");
}

void tst_Doorkeeper::refusals()
{
    QFETCH(QString, change);
    QFETCH(QString, code);
    CloudRequest request = vectorRequest();
    auto now = then;
    const auto replaceHeader = [&](const char *name, const char *value) {
        request.headers.erase(name);
        request.headers.emplace(name, value);
    };
    if (change == u"malformed date")
        replaceHeader("x-acs-date", "yesterday");
    if (change == u"no nonce")
        request.headers.erase("x-acs-signature-nonce");
    sign(request, change == u"unknown key" ? "someone" : keyId, change == u"wrong secret" ? "wrong" : secret);
    if (change == u"no authorization")
        request.headers.erase("authorization");
    if (change == u"malformed authorization")
        replaceHeader("authorization", "ACS3-HMAC-SHA256 Credential");
    if (change == u"changed parameter")
        request.query["Tag.1.Key"] = "other";
    if (change == u"changed body")
        request.body = "ServiceMeshId=c1";
    if (change == u"too old")
        now = then + std::chrono::minutes(16);
    if (change == u"too new")
        now = then - std::chrono::minutes(16);
    QCOMPARE(QString::fromStdString(codeOf(Doorkeeper(keyId, secret, 0).check(request, now))), code);
}

void tst_Doorkeeper::aNonceCountsOnce()
{
    Doorkeeper door(keyId, secret, 0);
    CloudRequest request = vectorRequest();
    sign(request, keyId, "wrong");
    QCOMPARE(codeOf(door.check(request, then)), std::string("SignatureDoesNotMatch"));
    // A request that nobody signed does not burn the nonce.
    sign(request);
    QCOMPARE(codeOf(door.check(request, then)), std::string());
    QCOMPARE(codeOf(door.check(request, then)), std::string("SignatureNonceUsed"));
}

/// A key of STS is good with its own token, signed, until its end; a role may lack an action.
void tst_Doorkeeper::temporaryKeys_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<int>("minutes");
    QTest::addColumn<bool>("isSigned");
    QTest::addColumn<QString>("denied");
    QTest::addColumn<QString>("code");
    QTest::newRow("as it was given") << "token+/==" << 14 << true << ""
                                     << "";
    QTest::newRow("without its token") << "" << 14 << true << ""
                                       << "MissingSecurityToken";
    QTest::newRow("another token") << "other" << 14 << true << ""
                                   << "InvalidSecurityToken.MismatchWithAccessKey";
    QTest::newRow("a token that is not signed") << "token+/==" << 14 << false << ""
                                                << "IncompleteSignature";
    QTest::newRow("after its end") << "token+/==" << 15 << true << ""
                                   << "InvalidSecurityToken.Expired";
    QTest::newRow("its role lacks the action") << "token+/==" << 14 << true << "DescribeServiceMeshes"
                                               << "NoPermission";
    QTest::newRow("its role lacks another action") << "token+/==" << 14 << true << "DescribeVersions"
                                                   << "";
}

void tst_Doorkeeper::temporaryKeys()
{
    QFETCH(QString, token);
    QFETCH(int, minutes);
    QFETCH(bool, isSigned);
    QFETCH(QString, denied);
    QFETCH(QString, code);
    Doorkeeper door(keyId, secret, 0);
    door.admit("STS.one", { "its secret", "token+/==", then + std::chrono::minutes(15), denied.toStdString() });
    CloudRequest request = vectorRequest();
    request.headers.erase("authorization");
    std::string names = "host;x-acs-action;x-acs-content-sha256;x-acs-date;";
    if (!token.isEmpty()) {
        request.headers.emplace("x-acs-security-token", token.toStdString());
        if (isSigned)
            names += "x-acs-security-token;";
    }
    names += "x-acs-signature-nonce;x-acs-version";
    request.headers.emplace("authorization",
        "ACS3-HMAC-SHA256 Credential=STS.one,SignedHeaders=" + names
            + ",Signature=" + signatureOf(canonicalRequest(request, names), "its secret"));
    const CloudAnswer answer = door.check(request, then + std::chrono::minutes(minutes));
    QCOMPARE(QString::fromStdString(codeOf(answer)), code);
    QCOMPARE(answer.body.contains("AccessDeniedDetail"), code == u"NoPermission");
}

void tst_Doorkeeper::rateLimit()
{
    Doorkeeper door(keyId, secret, 2);
    int number = 0;
    const auto ask = [&](std::chrono::milliseconds after) {
        CloudRequest request = vectorRequest();
        request.headers.erase("x-acs-signature-nonce");
        request.headers.emplace("x-acs-signature-nonce", std::to_string(++number));
        sign(request);
        return door.check(request, then + after);
    };
    using std::chrono::milliseconds;
    QVERIFY(!ask(milliseconds(0)).isError());
    QVERIFY(!ask(milliseconds(0)).isError());
    const CloudAnswer third = ask(milliseconds(0));
    QCOMPARE(codeOf(third), std::string("Throttling.User"));
    QCOMPARE(third.status, 429);
    QCOMPARE(third.retryAfterMs, 500);
    QVERIFY(!ask(milliseconds(500)).isError());
}

void tst_Doorkeeper::pairs()
{
    const auto form = readPairs("a=1+2&b=%E7%BD%91&c&=d&&e=%3D", true);
    QVERIFY(form.has_value());
    QCOMPARE(form->at("a"), std::string("1 2"));
    QCOMPARE(form->at("b"), std::string("网"));
    QCOMPARE(form->at("c"), std::string());
    QCOMPARE(form->at("e"), std::string("="));
    QCOMPARE(readPairs("a=1+2", false)->at("a"), std::string("1+2"));
    QVERIFY(!readPairs("a=%4", false));
    QVERIFY(!readPairs("a=%zz", false));
}

QTEST_GUILESS_MAIN(tst_Doorkeeper)
#include "tst_doorkeeper.moc"
