// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "conformance.h"

#include "kube/discovery.h"

using namespace catamaran;
using namespace catamaran::conformance;
using namespace catamaran::kube;
using core::ErrorKind;

namespace {

QJsonObject metadata(const QJsonObject &object)
{
    return object.value(u"metadata").toObject();
}

QJsonObject data(const QJsonObject &object)
{
    return object.value(u"data").toObject();
}

QJsonObject deployment(const QString &ns, const QString &name, int replicas)
{
    return json("{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"" + name.toUtf8() + "\",\"namespace\":\""
        + ns.toUtf8() + "\"},\"spec\":{\"replicas\":" + QByteArray::number(replicas) + ",\"selector\":{\"matchLabels\":{\"app\":\""
        + name.toUtf8() + "\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"" + name.toUtf8()
        + "\"}},\"spec\":{\"terminationGracePeriodSeconds\":0,\"containers\":[{\"name\":\"main\",\"image\":\"none.invalid/none:1\",\"imagePullPolicy\":\"Never\"}]}}}}");
}

} // namespace

void Conformance::theVersionIsTold()
{
    const auto version = wait(place().client->version({}));
    QVERIFY2(version, why(version));
    QCOMPARE(version->major, 1);
    QVERIFY2(version->minor >= 20, qPrintable(version->gitVersion));
    QVERIFY(version->gitVersion.startsWith(QStringLiteral("v1.%1.").arg(version->minor)));
}

void Conformance::discoveryTellsKindsNamesAndVerbs()
{
    const auto found = wait(place().client->discover({}));
    QVERIFY2(found, why(found));
    QVERIFY2(found->errors.isEmpty(), qPrintable(found->errors.isEmpty() ? QString() : found->errors.first().text()));
    const ApiResource *deployments = found->find(QStringLiteral("deploy"));
    QVERIFY(deployments);
    QVERIFY(deployments->kind == kinds::deployments);
    QCOMPARE(deployments->kindName, QStringLiteral("Deployment"));
    QVERIFY(deployments->can(QStringLiteral("watch")) && deployments->can(QStringLiteral("patch")));
    QVERIFY(deployments->subresources.contains(QStringLiteral("scale")));
    const ApiResource *pods = found->findKind(QStringLiteral("v1"), QStringLiteral("Pod"));
    QVERIFY(pods && pods->subresources.contains(QStringLiteral("exec")) && pods->subresources.contains(QStringLiteral("log")));
    const ApiResource *namespaces = found->find(QStringLiteral("ns"));
    QVERIFY(namespaces && !namespaces->kind.namespaced);
    const ApiResource *accounts = found->find(QStringLiteral("sa"));
    QVERIFY(accounts && accounts->subresources.contains(QStringLiteral("token")));
    QVERIFY(!found->find(QStringLiteral("flotillas")));
}

void Conformance::anObjectIsMadeReadAndListed()
{
    const auto made = place().make(place().configMap(QStringLiteral("made")));
    QVERIFY2(made, why(made));
    QVERIFY(!metadata(*made).value(u"uid").toString().isEmpty());
    QVERIFY(!metadata(*made).value(u"resourceVersion").toString().isEmpty());
    QVERIFY(QDateTime::fromString(metadata(*made).value(u"creationTimestamp").toString(), Qt::ISODate).isValid());
    const auto read = wait(place().client->get(kinds::configMaps, place().ns, QStringLiteral("made"), {}));
    QVERIFY2(read, why(read));
    QCOMPARE(metadata(*read).value(u"uid"), metadata(*made).value(u"uid"));
    QCOMPARE(data(*read), data(*made));
    const auto listed = wait(place().client->list(kinds::configMaps, place().ns, {}, {}));
    QVERIFY2(listed, why(listed));
    QVERIFY(!listed->resourceVersion.isEmpty());
    const bool isListed = std::any_of(listed->items.begin(), listed->items.end(), [](const QJsonObject &one) {
        return metadata(one).value(u"name").toString() == u"made" && one.value(u"kind").toString() == u"ConfigMap"
            && one.value(u"apiVersion").toString() == u"v1";
    });
    QVERIFY(isListed);
}

void Conformance::aListLongerThanAChunkComesWhole()
{
    constexpr int many = 520; // the client asks for 500 at a time
    QList<QFuture<core::Result<QJsonObject>>> waiting;
    for (int i = 0; i < many; ++i)
        waiting << place().client->create(
            kinds::configMaps, place().ns, place().configMap(QStringLiteral("many-%1").arg(i), "{}", "{\"many\":\"yes\"}"), {});
    QVERIFY(QTest::qWaitFor(
        [&] { return std::all_of(waiting.begin(), waiting.end(), [](const auto &one) { return one.isFinished(); }); }, 60000));
    for (const auto &one : waiting)
        QVERIFY2(one.result(), why(one.result()));
    const auto listed = wait(place().client->list(kinds::configMaps, place().ns, QStringLiteral("many=yes"), {}));
    QVERIFY2(listed, why(listed));
    QCOMPARE(listed->items.size(), many);
    QSet<QString> names;
    for (const QJsonObject &one : listed->items)
        names.insert(metadata(one).value(u"name").toString());
    QCOMPARE(names.size(), many);
}

void Conformance::aChunkGoesOnWhereTheLastEnded()
{
    for (const char *name : { "chunk-a", "chunk-b", "chunk-c" })
        QVERIFY(place().make(place().configMap(QString::fromLatin1(name), "{}", "{\"chunk\":\"yes\"}")));
    QStringList names;
    QByteArray next;
    QStringList versions;
    for (int page = 0; page < 5; ++page) {
        Query query { { "labelSelector", "chunk=yes" }, { "limit", "2" } };
        if (!next.isEmpty())
            query.append(QueryItem { "continue", next });
        const auto list = place().call("GET", place().path(kinds::configMaps), query);
        QVERIFY2(list, why(list));
        for (const QJsonValue &item : list->value(u"items").toArray())
            names << metadata(item.toObject()).value(u"name").toString();
        versions << metadata(*list).value(u"resourceVersion").toString();
        next = metadata(*list).value(u"continue").toString().toUtf8();
        if (next.isEmpty())
            break;
        if (page == 0) // a newcomer is not part of a list that has begun
            QVERIFY(place().make(place().configMap(QStringLiteral("chunk-d"), "{}", "{\"chunk\":\"yes\"}")));
    }
    QCOMPARE(names, (QStringList { QStringLiteral("chunk-a"), QStringLiteral("chunk-b"), QStringLiteral("chunk-c") }));
    versions.removeDuplicates();
    QCOMPARE(versions.size(), 1);
    const auto wrong = place().call("GET", place().path(kinds::configMaps), { { "limit", "2" }, { "continue", "nonsense" } });
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().httpStatus, 400);
}

void Conformance::aMergePatchSetsAndRemoves()
{
    QVERIFY(place().make(place().configMap(QStringLiteral("patched"), "{\"stays\":\"1\",\"goes\":\"1\"}")));
    const auto patched = wait(place().client->mergePatch(
        kinds::configMaps, place().ns, QStringLiteral("patched"), json("{\"data\":{\"goes\":null,\"comes\":\"2\"}}"), {}));
    QVERIFY2(patched, why(patched));
    QCOMPARE(data(*patched), json("{\"stays\":\"1\",\"comes\":\"2\"}"));
}

void Conformance::deletingTwiceIsNoError()
{
    QVERIFY(place().make(place().configMap(QStringLiteral("deleted"))));
    const auto first = wait(place().client->remove(kinds::configMaps, place().ns, QStringLiteral("deleted"), {}));
    QVERIFY2(first, why(first));
    const auto read = wait(place().client->get(kinds::configMaps, place().ns, QStringLiteral("deleted"), {}));
    QVERIFY(!read && read.error().kind == ErrorKind::NotFound);
    const auto second = wait(place().client->remove(kinds::configMaps, place().ns, QStringLiteral("deleted"), {}));
    QVERIFY2(second, why(second));
}

void Conformance::applyingOwnsItsFieldsAndTakesThemAway()
{
    const auto first = wait(place().client->apply(place().configMap(QStringLiteral("applied"), "{\"a\":\"1\",\"b\":\"1\"}"), {}, {}));
    QVERIFY2(first, why(first));
    const QJsonArray managers = metadata(*first).value(u"managedFields").toArray();
    const bool owned = std::any_of(managers.begin(), managers.end(), [](const QJsonValue &entry) {
        return entry.toObject().value(u"manager").toString() == u"catamaran" && entry.toObject().value(u"operation").toString() == u"Apply"
            && entry.toObject().value(u"fieldsV1").toObject().value(u"f:data").toObject().contains(u"f:a");
    });
    QVERIFY2(owned, QJsonDocument(managers).toJson().constData());
    // Another manager's field beside ours stays when ours goes.
    ApplyOptions other;
    other.fieldManager = QStringLiteral("somebody");
    QVERIFY(wait(place().client->apply(place().configMap(QStringLiteral("applied"), "{\"c\":\"1\"}"), other, {})));
    const auto second = wait(place().client->apply(place().configMap(QStringLiteral("applied"), "{\"a\":\"2\"}"), {}, {}));
    QVERIFY2(second, why(second));
    QCOMPARE(data(*second), json("{\"a\":\"2\",\"c\":\"1\"}"));
}

void Conformance::applyingTheSameAgainChangesNothing()
{
    const QJsonObject wanted = place().configMap(QStringLiteral("same"));
    const auto first = wait(place().client->apply(wanted, {}, {}));
    QVERIFY2(first, why(first));
    const auto second = wait(place().client->apply(wanted, {}, {}));
    QVERIFY2(second, why(second));
    QCOMPARE(data(*second), data(*first));
    QCOMPARE(metadata(*second).value(u"managedFields").toArray().size(), metadata(*first).value(u"managedFields").toArray().size());
    const auto version = wait(place().client->version({}));
    QVERIFY2(version, why(version));
    if (version->minor >= 22) // older servers note the time of every apply
        QCOMPARE(metadata(*second).value(u"resourceVersion"), metadata(*first).value(u"resourceVersion"));
}

void Conformance::aConflictNamesOwnerAndField()
{
    ApplyOptions other;
    other.fieldManager = QStringLiteral("somebody");
    QVERIFY(wait(place().client->apply(place().configMap(QStringLiteral("contested")), other, {})));
    const auto refused = wait(place().client->apply(place().configMap(QStringLiteral("contested"), "{\"k\":\"2\"}"), {}, {}));
    QVERIFY(!refused);
    const core::Error &error = refused.error();
    QVERIFY2(error.kind == ErrorKind::Conflict, qPrintable(error.text()));
    QCOMPARE(error.httpStatus, 409);
    QCOMPARE(error.code, QStringLiteral("FieldManagerConflict"));
    QVERIFY2(error.answer.contains(QStringLiteral("conflict with \"somebody\"")), qPrintable(error.text()));
    QVERIFY2(error.answer.contains(QStringLiteral(".data.k")), qPrintable(error.text()));
    QVERIFY(!error.remedy.isEmpty());
}

void Conformance::forceTakesOver()
{
    ApplyOptions other;
    other.fieldManager = QStringLiteral("somebody");
    QVERIFY(wait(place().client->apply(place().configMap(QStringLiteral("forced")), other, {})));
    ApplyOptions force;
    force.force = true;
    const auto taken = wait(place().client->apply(place().configMap(QStringLiteral("forced"), "{\"k\":\"2\"}"), force, {}));
    QVERIFY2(taken, why(taken));
    QCOMPARE(data(*taken).value(u"k").toString(), QStringLiteral("2"));
    const auto back = wait(place().client->apply(place().configMap(QStringLiteral("forced"), "{\"k\":\"3\"}"), other, {}));
    QVERIFY(!back && back.error().kind == ErrorKind::Conflict);
    QVERIFY2(back.error().answer.contains(QStringLiteral("\"catamaran\"")), qPrintable(back.error().text()));
}

void Conformance::aDryRunStoresNothing()
{
    ApplyOptions dry;
    dry.dryRun = true;
    const auto shown = wait(place().client->apply(place().configMap(QStringLiteral("dry")), dry, {}));
    QVERIFY2(shown, why(shown));
    QCOMPARE(data(*shown).value(u"k").toString(), QStringLiteral("1"));
    const auto read = wait(place().client->get(kinds::configMaps, place().ns, QStringLiteral("dry"), {}));
    QVERIFY(!read && read.error().kind == ErrorKind::NotFound);
}

void Conformance::replicasAreSetAndReadBack()
{
    const QString name = QStringLiteral("scaled");
    const auto made = wait(place().client->apply(deployment(place().ns, name, 0), {}, {}));
    QVERIFY2(made, why(made));
    const auto up = wait(place().client->setScale(kinds::deployments, place().ns, name, 2, {}));
    QVERIFY2(up, why(up));
    QCOMPARE(up->specReplicas, 2);
    const auto pods = [&] {
        const auto scale = wait(place().client->scale(kinds::deployments, place().ns, name, {}));
        return scale && scale->specReplicas == scale->statusReplicas ? scale->statusReplicas : -1;
    };
    QTRY_COMPARE_WITH_TIMEOUT(pods(), 2, 30000);
    const auto down = wait(place().client->setScale(kinds::deployments, place().ns, name, 0, {}));
    QVERIFY2(down, why(down));
    QTRY_COMPARE_WITH_TIMEOUT(pods(), 0, 60000);
    const auto negative = wait(place().client->setScale(kinds::deployments, place().ns, name, -1, {}));
    QVERIFY2(!negative && negative.error().kind == ErrorKind::InvalidInput, why(negative));
    const auto nobody = wait(place().client->scale(kinds::deployments, place().ns, QStringLiteral("nobody"), {}));
    QVERIFY(!nobody && nobody.error().kind == ErrorKind::NotFound);
}

void Conformance::selectors_data()
{
    QTest::addColumn<QByteArray>("labels");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QString>("expected"); // "400": refused
    QTest::newRow("equal") << QByteArray("set=yes,colour=red") << QByteArray() << QStringLiteral("sel-red");
    QTest::newRow("not equal, missing counts") << QByteArray("set=yes,colour!=red") << QByteArray() << QStringLiteral("sel-blue sel-plain");
    QTest::newRow("one of") << QByteArray("set=yes,colour in (red, blue)") << QByteArray() << QStringLiteral("sel-blue sel-red");
    QTest::newRow("none of") << QByteArray("set=yes,colour notin (red)") << QByteArray() << QStringLiteral("sel-blue sel-plain");
    QTest::newRow("exists") << QByteArray("set=yes,colour") << QByteArray() << QStringLiteral("sel-blue sel-red");
    QTest::newRow("does not exist") << QByteArray("set=yes,!colour") << QByteArray() << QStringLiteral("sel-plain");
    QTest::newRow("by name") << QByteArray("set=yes") << QByteArray("metadata.name=sel-blue") << QStringLiteral("sel-blue");
    QTest::newRow("by another name") << QByteArray("set=yes") << QByteArray("metadata.name!=sel-blue")
                                     << QStringLiteral("sel-plain sel-red");
    QTest::newRow("nothing fits") << QByteArray("set=no") << QByteArray() << QString();
    QTest::newRow("malformed label selector") << QByteArray("colour in red") << QByteArray() << QStringLiteral("400");
    QTest::newRow("malformed field selector") << QByteArray() << QByteArray("metadata.name") << QStringLiteral("400");
    QTest::newRow("a field without index") << QByteArray() << QByteArray("data.k=1") << QStringLiteral("400");
}

void Conformance::selectors()
{
    QFETCH(QByteArray, labels);
    QFETCH(QByteArray, fields);
    QFETCH(QString, expected);
    const QPair<const char *, QByteArray> maps[] = { { "sel-red", "{\"set\":\"yes\",\"colour\":\"red\"}" },
        { "sel-blue", "{\"set\":\"yes\",\"colour\":\"blue\"}" }, { "sel-plain", "{\"set\":\"yes\"}" } };
    for (const auto &[name, with] : maps) {
        const auto made = place().make(place().configMap(QString::fromLatin1(name), "{}", with));
        QVERIFY2(made || made.error().code == u"AlreadyExists", why(made));
    }
    Query query;
    if (!labels.isEmpty())
        query.append(QueryItem { "labelSelector", labels });
    if (!fields.isEmpty())
        query.append(QueryItem { "fieldSelector", fields });
    const auto names = place().names(kinds::configMaps, query);
    if (expected == u"400") {
        QVERIFY(!names);
        QCOMPARE(names.error().httpStatus, 400);
        return;
    }
    QVERIFY2(names, why(names));
    QCOMPARE(names->join(u' '), expected);
}
