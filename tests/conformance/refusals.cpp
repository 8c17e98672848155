// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "conformance.h"

using namespace catamaran;
using namespace catamaran::conformance;
using namespace catamaran::kube;
using core::ErrorKind;

namespace {

/// One call that is refused.
using Refused = core::Result<QJsonObject> (*)(const catamaran::conformance::Place &);

const catamaran::core::Error &errorOf(const core::Result<QJsonObject> &result)
{
    static const core::Error none;
    return result ? none : result.error();
}

} // namespace

Q_DECLARE_METATYPE(Refused)

void Conformance::refusals_data()
{
    QTest::addColumn<Refused>("call");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QStringList>("says");
    const auto row = [](const char *name, Refused call, int status, ErrorKind kind, const char *code, const QStringList &says) {
        QTest::newRow(name) << call << status << int(kind) << QString::fromLatin1(code) << says;
    };
    row("what is not there", [](const Place &at) { return wait(at.client->get(kinds::configMaps, at.ns, QStringLiteral("nobody"), {})); },
        404, ErrorKind::NotFound, "NotFound", { QStringLiteral("configmaps \"nobody\" not found") });
    row("in a namespace that is not there",
        [](const Place &at) {
            return wait(at.client->create(kinds::configMaps, QStringLiteral("no-such-namespace"),
                json("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}"), {}));
        },
        404, ErrorKind::NotFound, "NotFound", { QStringLiteral("namespaces \"no-such-namespace\" not found") });
    row("a kind that is not served", [](const Place &at) { return at.call("GET", "/apis/nobody.example.com/v1/things"); }, 404,
        ErrorKind::NotFound, "", {});
    row("what is there already",
        [](const Place &at) {
            (void)at.make(at.configMap(QStringLiteral("twice")));
            return at.make(at.configMap(QStringLiteral("twice")));
        },
        409, ErrorKind::Conflict, "AlreadyExists", { QStringLiteral("configmaps \"twice\" already exists") });
    row("a name that is none", [](const Place &at) { return at.make(at.configMap(QStringLiteral("Not_A_Name"))); }, 422,
        ErrorKind::InvalidInput, "Invalid", { QStringLiteral("ConfigMap \"Not_A_Name\" is invalid"), QStringLiteral("metadata.name") });
    row("a deployment without anything",
        [](const Place &at) {
            return wait(at.client->create(kinds::deployments, at.ns,
                json("{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"bad\"},\"spec\":{}}"), {}));
        },
        422, ErrorKind::InvalidInput, "Invalid",
        { QStringLiteral("spec.selector"), QStringLiteral("spec.template.spec.containers"), QStringLiteral("Required value") });
    row("a selector that does not fit its template",
        [](const Place &at) {
            return wait(at.client->create(kinds::deployments, at.ns,
                json(
                    "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"bad\"},\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":"
                    "{\"metadata\":{\"labels\":{\"a\":\"c\"}},\"spec\":{\"containers\":[{\"name\":\"x\",\"image\":\"y\"}]}}}}"),
                {}));
        },
        422, ErrorKind::InvalidInput, "Invalid", { QStringLiteral("spec.template.metadata.labels") });
    row("a text where a number belongs",
        [](const Place &at) {
            return wait(at.client->create(kinds::deployments, at.ns,
                json(
                    "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"bad\"},\"spec\":{\"replicas\":\"two\"}}"),
                {}));
        },
        400, ErrorKind::InvalidInput, "BadRequest", {});
    row("an object of another kind",
        [](const Place &at) {
            return wait(at.client->create(
                kinds::configMaps, at.ns, json("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"a\"}}"), {}));
        },
        400, ErrorKind::InvalidInput, "BadRequest", {});
    row("a patch of what is not there",
        [](const Place &at) {
            return wait(at.client->mergePatch(kinds::configMaps, at.ns, QStringLiteral("nobody"), json("{\"data\":{}}"), {}));
        },
        404, ErrorKind::NotFound, "NotFound", { QStringLiteral("nobody") });
    row("a method that is not allowed",
        [](const Place &at) { return at.call("POST", at.path(kinds::pods, QStringLiteral("x"), QStringLiteral("log"))); }, 405,
        ErrorKind::InvalidInput, "MethodNotAllowed", {});
}

void Conformance::refusals()
{
    QFETCH(Refused, call);
    QFETCH(int, status);
    QFETCH(int, kind);
    QFETCH(QString, code);
    QFETCH(QStringList, says);
    const auto refused = call(place());
    QVERIFY2(!refused, "it was not refused");
    const core::Error &error = errorOf(refused);
    QVERIFY2(error.httpStatus == status, qPrintable(QString::number(error.httpStatus) + u' ' + error.text()));
    QCOMPARE(int(error.kind), kind);
    if (!code.isEmpty())
        QCOMPARE(error.code, code);
    for (const QString &text : says)
        QVERIFY2(error.answer.contains(text), qPrintable(error.text()));
}

void Conformance::anOldVersionIsAConflict()
{
    const auto made = place().make(place().configMap(QStringLiteral("raced")));
    QVERIFY2(made, why(made));
    const QString old = made->value(u"metadata").toObject().value(u"resourceVersion").toString();
    QVERIFY(wait(place().client->mergePatch(kinds::configMaps, place().ns, QStringLiteral("raced"), json("{\"data\":{\"k\":\"2\"}}"), {})));
    const auto late = wait(place().client->mergePatch(kinds::configMaps, place().ns, QStringLiteral("raced"),
        json("{\"metadata\":{\"resourceVersion\":\"" + old.toUtf8() + "\"},\"data\":{\"k\":\"3\"}}"), {}));
    QVERIFY(!late);
    QCOMPARE(late.error().httpStatus, 409);
    QCOMPARE(late.error().code, QStringLiteral("Conflict"));
    QVERIFY2(late.error().answer.contains(QStringLiteral("the object has been modified")), qPrintable(late.error().text()));
}

void Conformance::aTokenWithoutRightsIsForbidden()
{
    const auto token = tokenWithoutRights(QStringLiteral("poor"));
    QVERIFY2(token, why(token));
    const auto poor = place().clientOf(*token);
    const auto refused = wait(poor->list(kinds::pods, place().ns, {}, {}));
    QVERIFY(!refused);
    QVERIFY2(refused.error().kind == ErrorKind::Forbidden, qPrintable(refused.error().text()));
    QCOMPARE(refused.error().httpStatus, 403);
    QCOMPARE(refused.error().code, QStringLiteral("Forbidden"));
    const QString who
        = QStringLiteral("User \"system:serviceaccount:%1:poor\" cannot list resource \"pods\" in API group \"\" in the namespace \"%1\"")
              .arg(place().ns);
    QVERIFY2(refused.error().answer.contains(who), qPrintable(refused.error().text()));
    QVERIFY(!refused.error().remedy.isEmpty());
    // It may ask what it may.
    const auto may = wait(poor->mayI({ QStringLiteral("list"), {}, QStringLiteral("pods"), {}, place().ns, {} }, {}));
    QVERIFY2(may, why(may));
    QVERIFY(!*may);
}

void Conformance::aTokenNobodyIssuedIsUnauthorized()
{
    const auto client = place().clientOf(core::Secret(QByteArrayLiteral("not-a-token")));
    const auto refused = wait(client->list(kinds::pods, place().ns, {}, {}));
    QVERIFY(!refused);
    QVERIFY2(refused.error().kind == ErrorKind::Unauthorized, qPrintable(refused.error().text()));
    QCOMPARE(refused.error().httpStatus, 401);
    QCOMPARE(refused.error().code, QStringLiteral("Unauthorized"));
}

void Conformance::accessIsReviewed()
{
    for (const AccessQuestion &question :
        { AccessQuestion { QStringLiteral("create"), {}, QStringLiteral("pods"), QStringLiteral("exec"), place().ns, {} },
            AccessQuestion {
                QStringLiteral("patch"), QStringLiteral("apps"), QStringLiteral("deployments"), QStringLiteral("scale"), place().ns, {} },
            AccessQuestion { QStringLiteral("list"), {}, QStringLiteral("nodes"), {}, {}, {} } }) {
        const auto may = wait(place().client->mayI(question, {}));
        QVERIFY2(may, why(may));
        QVERIFY2(*may, qPrintable(question.resource));
    }
}
