// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/apiserver.h"
#include "lab/kube/execprotocol.h"
#include "lab/kube/managedfields.h"
#include "lab/kube/patches.h"
#include "lab/kube/protobody.h"
#include "lab/kube/selectors.h"
#include "lab/kube/timestamps.h"
#include "lab/kube/validation.h"
#include "lab/kube/yamljson.h"

#include <QTest>

using namespace catamaran::lab;

namespace {

json::object object(const std::string &name, const std::string &ns = "default")
{
    return { { "kind", "ConfigMap" }, { "metadata", json::object { { "name", name }, { "namespace", ns } } } };
}

json::value parsed(const QString &text)
{
    return json::parse(text.toStdString());
}

ResourceType typeOf(const std::string &kind)
{
    for (const auto &type : clusterResourceTypes()) {
        if (type.kind == kind)
            return type;
    }
    return {};
}

/// QCOMPARE of JSON values: as texts with sorted keys would be too strict about numbers; == is what counts.
bool same(const json::value &a, const json::value &b)
{
    if (a != b)
        qWarning("%s", (json::serialize(a) + "\n  is not\n" + json::serialize(b)).c_str());
    return a == b;
}

} // namespace

/// The store and the pure functions of the API server.
class TestObjectStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void versionsRise();
    void updateWithOldVersionFails();
    void generationFollowsTheSpec();
    void historyIsBounded();
    void listenersSeeNestedWritesInOrder();
    void finalizersHoldAnObject();
    void listsInOrder();
    void textFollowsTheVersion();
    void selectors_data();
    void selectors();
    void ages_data();
    void ages();
    void mergePatches_data();
    void mergePatches();
    void jsonPatches_data();
    void jsonPatches();
    void strategicPatches_data();
    void strategicPatches();
    void fieldSets();
    void validation_data();
    void validation();
    void yaml_data();
    void yaml();
    void protobuf();
    void execProtocols_data();
    void execProtocols();
};

void TestObjectStore::versionsRise()
{
    ObjectStore store;
    const auto a = store.create("configmaps", object("a"));
    const auto b = store.create("configmaps", object("b"));
    QVERIFY(std::stoull(metaString(*a, "resourceVersion")) < std::stoull(metaString(*b, "resourceVersion")));
    QVERIFY(!metaString(*a, "uid").empty() && metaString(*a, "uid") != metaString(*b, "uid"));
    QVERIFY(!store.create("configmaps", object("a")));
    QCOMPARE(store.version(), std::stoull(metaString(*b, "resourceVersion")));
    // The same object again: no new version, no event.
    int events = 0;
    const auto handle = store.subscribe([&](const ObjectEvent &) { ++events; });
    QVERIFY(store.update("configmaps", *b) == b);
    QCOMPARE(events, 0);
}

void TestObjectStore::updateWithOldVersionFails()
{
    ObjectStore store;
    const auto first = store.create("configmaps", object("a"));
    auto changed = *first;
    changed["data"] = json::object { { "k", "1" } };
    QVERIFY(store.update("configmaps", changed, std::stoull(metaString(*first, "resourceVersion"))));
    changed["data"] = json::object { { "k", "2" } };
    QVERIFY(!store.update("configmaps", changed, std::stoull(metaString(*first, "resourceVersion"))));
    QVERIFY(store.update("configmaps", changed));
    QVERIFY(!store.update("configmaps", object("none")));
}

void TestObjectStore::generationFollowsTheSpec()
{
    ObjectStore store;
    store.create("apps/deployments", object("a"));
    const auto generation = [&] { return store.get("apps/deployments", "default", "a")->at("metadata").at("generation").to_number<int>(); };
    QCOMPARE(generation(), 1);
    store.mutate("apps/deployments", "default", "a", [](json::object &edited) { edited["status"] = json::object { { "replicas", 1 } }; });
    QCOMPARE(generation(), 1);
    store.mutate("apps/deployments", "default", "a", [](json::object &edited) { edited["spec"] = json::object { { "replicas", 1 } }; });
    QCOMPARE(generation(), 2);
}

void TestObjectStore::historyIsBounded()
{
    ObjectStore store(3);
    const auto start = store.version();
    for (const char *name : { "a", "b", "c" })
        store.create("configmaps", object(name));
    QVERIFY(store.hasHistorySince(start));
    QCOMPARE(store.eventsSince(start).size(), std::size_t(3));
    store.remove("configmaps", "default", "a");
    QVERIFY(!store.hasHistorySince(start));
    QVERIFY(store.hasHistorySince(start + 1));
    const auto events = store.eventsSince(start + 1);
    QCOMPARE(events.size(), std::size_t(3));
    QVERIFY(events.back().type == ObjectEvent::Type::Deleted && events.back().old);
    QCOMPARE(metaString(*events.back().object, "resourceVersion"), std::to_string(events.back().version));
}

void TestObjectStore::listenersSeeNestedWritesInOrder()
{
    ObjectStore store;
    std::vector<std::uint64_t> seen;
    const auto writer = store.subscribe([&](const ObjectEvent &event) {
        if (event.type == ObjectEvent::Type::Added && nameOf(*event.object) == "a")
            store.create("configmaps", object("b"));
    });
    auto reader = store.subscribe([&](const ObjectEvent &event) { seen.push_back(event.version); });
    store.create("configmaps", object("a"));
    QCOMPARE(seen.size(), std::size_t(2));
    QVERIFY(seen[0] < seen[1]);
    reader.reset();
    store.create("configmaps", object("c"));
    QCOMPARE(seen.size(), std::size_t(2));
}

void TestObjectStore::finalizersHoldAnObject()
{
    ObjectStore store;
    auto held = object("a");
    held["metadata"].as_object()["finalizers"] = json::array { "x/y" };
    held["metadata"].as_object()["deletionTimestamp"] = timestampNow();
    store.create("configmaps", held);
    store.mutate("configmaps", "default", "a", [](json::object &edited) { edited["data"] = json::object(); });
    QVERIFY(store.get("configmaps", "default", "a"));
    store.mutate("configmaps", "default", "a", [](json::object &edited) { edited["metadata"].as_object().erase("finalizers"); });
    QVERIFY(!store.get("configmaps", "default", "a"));
}

void TestObjectStore::listsInOrder()
{
    ObjectStore store;
    for (const auto &[ns, name] :
        std::vector<std::pair<std::string, std::string>> { { "b", "x" }, { "a", "z" }, { "a", "y" }, { "ab", "a" } })
        store.create("configmaps", object(name, ns));
    std::string names;
    for (const auto &found : store.list("configmaps"))
        names += namespaceOf(*found) + "/" + nameOf(*found) + " ";
    QCOMPARE(names, std::string("a/y a/z ab/a b/x "));
    QCOMPARE(store.list("configmaps", "a").size(), std::size_t(2));
    names.clear();
    store.visit("configmaps", {}, "a", "z", [&](const ObjectStore::Object &found) {
        names += nameOf(*found);
        return true;
    });
    QCOMPARE(names, std::string("ax"));
}

void TestObjectStore::textFollowsTheVersion()
{
    ObjectStore store;
    const auto first = store.create("configmaps", object("a"));
    QVERIFY(json::parse(ObjectStore::textOf(first)) == json::value(*first));
    const auto *text = &ObjectStore::textOf(first);
    QCOMPARE(&ObjectStore::textOf(store.get("configmaps", "default", "a")), text);
    const auto second = store.mutate("configmaps", "default", "a", [](json::object &edited) {
        edited["data"] = json::object { { "k", "v" } };
    });
    QVERIFY(ObjectStore::textOf(second).find("\"k\":\"v\"") != std::string::npos);
}

void TestObjectStore::selectors_data()
{
    QTest::addColumn<bool>("fields");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected"); // yes, no, refused
    const auto label = [](const char *text, const char *expected) {
        QTest::newRow(text) << false << QString::fromLatin1(text) << QString::fromLatin1(expected);
    };
    const auto field = [](const char *text, const char *expected) {
        QTest::newRow((QByteArray("field ") + text).constData()) << true << QString::fromLatin1(text) << QString::fromLatin1(expected);
    };
    label("app=web", "yes");
    label("app==web", "yes");
    label("app!=web", "no");
    label("other!=web", "yes");
    label("app in (api, web)", "yes");
    label("app notin (api,web)", "no");
    label("app", "yes");
    label("!app", "no");
    label("!other,app=web", "yes");
    label("app=web,tier=back", "no");
    label("", "yes");
    label("app like web", "refused");
    field("metadata.name=p", "yes");
    field("metadata.name!=p", "no");
    field("status.phase==Running", "yes");
    field("status.phase=Running,spec.nodeName=n2", "no");
    field("spec.hostNetwork=true", "no");
    field("spec.colour=red", "refused");
    field("nonsense", "refused");
}

void TestObjectStore::selectors()
{
    QFETCH(bool, fields);
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto pod = parsed(uR"({"metadata":{"name":"p","labels":{"app":"web"}},"spec":{"nodeName":"n1"},"status":{"phase":"Running"}})"_qs)
                         .as_object();
    const auto selector = fields ? Selector::parseFields(text.toStdString(), typeOf("Pod")) : Selector::parseLabels(text.toStdString());
    QCOMPARE(!selector ? u"refused"_qs : selector->matches(pod) ? u"yes"_qs : u"no"_qs, expected);
    if (!selector)
        QCOMPARE(selector.error().code, 400U);
}

void TestObjectStore::ages_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("seconds") << qint64(119) << u"119s"_qs;
    QTest::newRow("minutes and seconds") << qint64(190) << u"3m10s"_qs;
    QTest::newRow("minutes") << qint64(7200) << u"120m"_qs;
    QTest::newRow("hours and minutes") << qint64(3 * 3600 + 1200) << u"3h20m"_qs;
    QTest::newRow("days and hours") << qint64(2 * 86400 + 4 * 3600) << u"2d4h"_qs;
    QTest::newRow("days") << qint64(40 * 86400) << u"40d"_qs;
}

void TestObjectStore::ages()
{
    QFETCH(qint64, seconds);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(humanAge(seconds)), text);
}

void TestObjectStore::mergePatches_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("patch");
    QTest::addColumn<QString>("expected");
    // The appendix of RFC 7386.
    QTest::newRow("replace") << uR"({"a":"b"})"_qs << uR"({"a":"c"})"_qs << uR"({"a":"c"})"_qs;
    QTest::newRow("remove") << uR"({"a":"b","b":"c"})"_qs << uR"({"a":null})"_qs << uR"({"b":"c"})"_qs;
    QTest::newRow("list for list") << uR"({"a":["b"]})"_qs << uR"({"a":["c"]})"_qs << uR"({"a":["c"]})"_qs;
    QTest::newRow("deep") << uR"({"a":{"b":"c"}})"_qs << uR"({"a":{"b":"d","c":null}})"_qs << uR"({"a":{"b":"d"}})"_qs;
    QTest::newRow("no object") << uR"({"a":"c"})"_qs << uR"(["x"])"_qs << uR"(["x"])"_qs;
    QTest::newRow("null inside new") << uR"({})"_qs << uR"({"a":{"bb":{"ccc":null}}})"_qs << uR"({"a":{"bb":{}}})"_qs;
}

void TestObjectStore::mergePatches()
{
    QFETCH(QString, target);
    QFETCH(QString, patch);
    QFETCH(QString, expected);
    QVERIFY(same(mergePatch(parsed(target), parsed(patch)), parsed(expected)));
}

void TestObjectStore::jsonPatches_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("patch");
    QTest::addColumn<QString>("expected"); // empty: refused
    QTest::newRow("add a member") << uR"({"a":1})"_qs << uR"([{"op":"add","path":"/b","value":2}])"_qs << uR"({"a":1,"b":2})"_qs;
    QTest::newRow("insert into a list") << uR"({"a":[1,3]})"_qs
                                        << uR"([{"op":"add","path":"/a/1","value":2},{"op":"add","path":"/a/-","value":4}])"_qs
                                        << uR"({"a":[1,2,3,4]})"_qs;
    QTest::newRow("remove") << uR"({"a":[1,2]})"_qs << uR"([{"op":"remove","path":"/a/0"}])"_qs << uR"({"a":[2]})"_qs;
    QTest::newRow("escaped name") << uR"({"x/y~z":1})"_qs << uR"([{"op":"replace","path":"/x~1y~0z","value":2}])"_qs
                                  << uR"({"x/y~z":2})"_qs;
    QTest::newRow("move and copy") << uR"({"a":1})"_qs
                                   << uR"([{"op":"copy","from":"/a","path":"/b"},{"op":"move","from":"/a","path":"/c"}])"_qs
                                   << uR"({"b":1,"c":1})"_qs;
    QTest::newRow("test holds") << uR"({"a":1})"_qs << uR"([{"op":"test","path":"/a","value":1}])"_qs << uR"({"a":1})"_qs;
    QTest::newRow("test fails") << uR"({"a":1})"_qs << uR"([{"op":"test","path":"/a","value":2}])"_qs << QString();
    QTest::newRow("replace nothing") << uR"({})"_qs << uR"([{"op":"replace","path":"/a","value":2}])"_qs << QString();
    QTest::newRow("remove nothing") << uR"({})"_qs << uR"([{"op":"remove","path":"/a"}])"_qs << QString();
    QTest::newRow("index with a sign") << uR"({"a":[1]})"_qs << uR"([{"op":"remove","path":"/a/-1"}])"_qs << QString();
    QTest::newRow("no list") << uR"({})"_qs << uR"({"op":"add"})"_qs << QString();
}

void TestObjectStore::jsonPatches()
{
    QFETCH(QString, target);
    QFETCH(QString, patch);
    QFETCH(QString, expected);
    const auto result = jsonPatch(parsed(target), parsed(patch));
    QCOMPARE(result.has_value(), !expected.isEmpty());
    if (result)
        QVERIFY(same(*result, parsed(expected)));
}

void TestObjectStore::strategicPatches_data()
{
    QTest::addColumn<QString>("target"); // a pod's spec
    QTest::addColumn<QString>("patch");
    QTest::addColumn<QString>("expected");
    QTest::newRow("container by name") << uR"({"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}]})"_qs
                                       << uR"({"containers":[{"name":"b","image":"2"}]})"_qs
                                       << uR"({"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"}]})"_qs;
    QTest::newRow("container deleted") << uR"({"containers":[{"name":"a"},{"name":"b"}]})"_qs
                                       << uR"({"containers":[{"$patch":"delete","name":"a"}]})"_qs
                                       << uR"({"containers":[{"name":"b"}]})"_qs;
    QTest::newRow("list replaced") << uR"({"containers":[{"name":"a"},{"name":"b"}]})"_qs
                                   << uR"({"containers":[{"$patch":"replace"},{"name":"c"}]})"_qs << uR"({"containers":[{"name":"c"}]})"_qs;
    QTest::newRow("variable by name") << uR"({"containers":[{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y","value":"1"}]}]})"_qs
                                      << uR"({"containers":[{"name":"a","env":[{"name":"Y","value":"2"}]}]})"_qs
                                      << uR"({"containers":[{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]}]})"_qs;
    QTest::newRow("port by number")
        << uR"({"containers":[{"name":"a","ports":[{"containerPort":1},{"containerPort":2}]}]})"_qs
        << uR"({"containers":[{"name":"a","ports":[{"containerPort":2,"name":"two"}]}]})"_qs
        << uR"({"containers":[{"name":"a","ports":[{"containerPort":1},{"containerPort":2,"name":"two"}]}]})"_qs;
    QTest::newRow("volume by name") << uR"({"volumes":[{"name":"v"}]})"_qs << uR"({"volumes":[{"name":"w","emptyDir":{}}]})"_qs
                                    << uR"({"volumes":[{"name":"w","emptyDir":{}},{"name":"v"}]})"_qs;
    QTest::newRow("tolerations are one value") << uR"({"tolerations":[{"key":"a"}]})"_qs << uR"({"tolerations":[{"key":"b"}]})"_qs
                                               << uR"({"tolerations":[{"key":"b"}]})"_qs;
    QTest::newRow("member removed") << uR"({"nodeName":"n","hostname":"h"})"_qs << uR"({"hostname":null})"_qs << uR"({"nodeName":"n"})"_qs;
    QTest::newRow("map replaced") << uR"({"nodeSelector":{"a":"1","b":"2"}})"_qs << uR"({"nodeSelector":{"$patch":"replace","c":"3"}})"_qs
                                  << uR"({"nodeSelector":{"c":"3"}})"_qs;
    QTest::newRow("order of elements")
        << uR"({"containers":[{"name":"a"},{"name":"b"}]})"_qs
        << uR"({"$setElementOrder/containers":[{"name":"c"},{"name":"a"},{"name":"b"}],"containers":[{"name":"c"}]})"_qs
        << uR"({"containers":[{"name":"c"},{"name":"a"},{"name":"b"}]})"_qs;
    QTest::newRow("no merge key") << uR"({"containers":[{"name":"a"}]})"_qs << uR"({"containers":[{"image":"2"}]})"_qs << QString();
}

void TestObjectStore::strategicPatches()
{
    QFETCH(QString, target);
    QFETCH(QString, patch);
    QFETCH(QString, expected);
    const auto result = strategicMergePatch(json::object { { "spec", parsed(target) } }, json::object { { "spec", parsed(patch) } }, "Pod");
    QCOMPARE(result.has_value(), !expected.isEmpty());
    if (result)
        QVERIFY(same(result->at("spec"), parsed(expected)));
}

void TestObjectStore::fieldSets()
{
    const auto pod = parsed(
        uR"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i","ports":[{"containerPort":80}],"args":["x"]}]}})"_qs);
    const auto fields = fieldsOf(pod.as_object(), "Pod");
    const auto expected = parsed(
        uR"({"f:metadata":{"f:labels":{"f:a":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:name":{},"f:image":{},"f:args":{},"f:ports":{"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}}}}}})"_qs);
    QVERIFY(same(toFieldsV1(fields), expected));
    QVERIFY(fromFieldsV1(expected.as_object()) == fields);
    QCOMPARE(fieldText({ "f:spec", "f:containers", R"(k:{"name":"c"})", "f:image" }), std::string(".spec.containers[name=\"c\"].image"));
    // Defaults of protocol do not hide an item.
    QVERIFY(valueAt(pod, { "f:spec", "f:containers", R"(k:{"name":"c"})", "f:ports", R"(k:{"containerPort":80,"protocol":"TCP"})" }));
}

void TestObjectStore::validation_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("object");
    QTest::addColumn<QString>("causes"); // "reason field" of each
    const auto deployment = [](const char *spec, const char *name = "web") {
        return QStringLiteral(
            R"({"metadata":{"name":"%2"},"spec":{%1"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}})")
            .arg(QLatin1String(spec), QLatin1String(name));
    };
    QTest::newRow("good deployment") << u"Deployment"_qs << deployment(R"("selector":{"matchLabels":{"a":"b"}},)") << QString();
    QTest::newRow("name in capitals") << u"Deployment"_qs << deployment(R"("selector":{"matchLabels":{"a":"b"}},)", "Web")
                                      << u"FieldValueInvalid metadata.name"_qs;
    QTest::newRow("negative replicas") << u"Deployment"_qs << deployment(R"("replicas":-1,"selector":{"matchLabels":{"a":"b"}},)")
                                       << u"FieldValueInvalid spec.replicas"_qs;
    QTest::newRow("selector of others") << u"Deployment"_qs << deployment(R"("selector":{"matchLabels":{"a":"c"}},)")
                                        << u"FieldValueInvalid spec.template.metadata.labels"_qs;
    QTest::newRow("no selector") << u"Deployment"_qs << deployment("") << u"FieldValueRequired spec.selector"_qs;
    QTest::newRow("no containers") << u"Pod"_qs << uR"({"metadata":{"name":"p"},"spec":{"containers":[]}})"_qs
                                   << u"FieldValueRequired spec.containers"_qs;
    QTest::newRow("container without image, twice")
        << u"Pod"_qs << uR"({"metadata":{"name":"p"},"spec":{"containers":[{"name":"a"},{"name":"a","image":"i"}]}})"_qs
        << u"FieldValueRequired spec.containers[0].image;FieldValueDuplicate spec.containers[1].name"_qs;
    QTest::newRow("port out of range") << u"Service"_qs
                                       << uR"({"metadata":{"name":"s"},"spec":{"type":"ClusterIP","ports":[{"port":70000}]}})"_qs
                                       << u"FieldValueInvalid spec.ports[0].port"_qs;
    QTest::newRow("unnamed ports")
        << u"Service"_qs << uR"({"metadata":{"name":"s"},"spec":{"type":"ClusterIP","ports":[{"port":1,"name":"a"},{"port":2}]}})"_qs
        << u"FieldValueRequired spec.ports[1].name"_qs;
    QTest::newRow("service name with a digit first")
        << u"Service"_qs << uR"({"metadata":{"name":"1s"},"spec":{"type":"ClusterIP","ports":[{"port":1}]}})"_qs
        << u"FieldValueInvalid metadata.name"_qs;
    QTest::newRow("label with a space") << u"ConfigMap"_qs << uR"({"metadata":{"name":"c","labels":{"a":"b c"}}})"_qs
                                        << u"FieldValueInvalid metadata.labels"_qs;
    QTest::newRow("rule without host") << u"DestinationRule"_qs << uR"({"metadata":{"name":"d"},"spec":{}})"_qs
                                       << u"FieldValueRequired spec.host"_qs;
}

void TestObjectStore::validation()
{
    QFETCH(QString, kind);
    QFETCH(QString, object);
    QFETCH(QString, causes);
    QStringList found;
    for (const auto &cause : validate(parsed(object).as_object(), nullptr, typeOf(kind.toStdString())))
        found << QString::fromStdString(cause.reason + " " + cause.field);
    QCOMPARE(found.join(u';'), causes);
}

void TestObjectStore::yaml_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("expected"); // empty: refused
    QTest::newRow("types") << QByteArray("a: 1\nb: \"1\"\nc: yes\nd: 'yes'\ne: ~\nf: 1.5\ng: 0x10\nh: -3\ni: v1\n")
                           << uR"({"a":1,"b":"1","c":true,"d":"yes","e":null,"f":1.5,"g":16,"h":-3,"i":"v1"})"_qs;
    QTest::newRow("lists and alias") << QByteArray("a: &x [1, two]\nb: *x\n") << uR"({"a":[1,"two"],"b":[1,"two"]})"_qs;
    QTest::newRow("JSON") << QByteArray("{\"a\": 1}") << uR"({"a":1})"_qs;
    QTest::newRow("a date is text") << QByteArray("a: 2026-01-02\n") << uR"({"a":"2026-01-02"})"_qs;
    QTest::newRow("same key twice") << QByteArray("a: 1\na: 2\n") << QString();
    QTest::newRow("two documents") << QByteArray("a: 1\n---\nb: 2\n") << QString();
    QTest::newRow("broken") << QByteArray("a: [1\n") << QString();
    QTest::newRow("bomb") << [] {
        QByteArray text("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 9; ++i) {
            const auto last = "*a" + QByteArray::number(i - 1);
            text += "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " [" + (last + ", ").repeated(9) + last + "]\n";
        }
        return text;
    }() << QString();
    QTest::newRow("too deep") << QByteArray(400, '[') + QByteArray(400, ']') << QString();
}

void TestObjectStore::yaml()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, expected);
    const auto result = parseYaml(text.toStdString());
    QCOMPARE(result.has_value(), !expected.isEmpty());
    if (result)
        QVERIFY(same(*result, parsed(expected)));
}

void TestObjectStore::protobuf()
{
    using namespace std::string_literals;
    // Namespace "shop" as kubectl create namespace sends it.
    const auto meta = "\x0a\x04shop"s;
    const auto body = "\x0a"s + char(meta.size()) + meta;
    const auto typeMeta = "\x0a\x02v1\x12\x09Namespace"s;
    const auto message = "k8s\0"s + "\x0a"s + char(typeMeta.size()) + typeMeta + "\x12"s + char(body.size()) + body;
    const auto result = parseProtobuf(message);
    QVERIFY(result.has_value());
    QVERIFY(same(*result, parsed(uR"({"kind":"Namespace","apiVersion":"v1","metadata":{"name":"shop"}})"_qs)));
    for (std::size_t length = 0; length < message.size(); ++length)
        (void)parseProtobuf(std::string_view(message).substr(0, length)); // bounded, never a crash
    QVERIFY(!parseProtobuf(std::string_view(message).substr(0, message.size() - 3)));
    QVERIFY(!parseProtobuf("{}"));
}

void TestObjectStore::execProtocols_data()
{
    QTest::addColumn<QString>("offered");
    QTest::addColumn<QString>("chosen");
    QTest::newRow("both") << u"v4.channel.k8s.io, v5.channel.k8s.io"_qs << u"v5.channel.k8s.io"_qs;
    QTest::newRow("old client") << u"v4.channel.k8s.io"_qs << u"v4.channel.k8s.io"_qs;
    QTest::newRow("unknown") << u"v6.channel.k8s.io,channel.k8s.io"_qs << QString();
    QTest::newRow("none") << QString() << QString();
}

void TestObjectStore::execProtocols()
{
    QFETCH(QString, offered);
    QFETCH(QString, chosen);
    QCOMPARE(QString::fromStdString(chooseExecProtocol(offered.toStdString())), chosen);
}

QTEST_GUILESS_MAIN(TestObjectStore)
#include "tst_objectstore.moc"
