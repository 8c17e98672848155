// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "apiclient.h"

#include "lab/kube/spdy.h"

#include <array>
#include <map>
#include <set>

using namespace catamaran;
using lab::at;
using lab::stringAt;

/// What clients of real servers rely on, beside the plain reading and writing of tst_apiserver.
class TestRealClients : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void execOverSpdy();
    void execOverSpdyNeedsACommonProtocol();
    void actsAsAnother();
    void listItemsCarryNoKind();
    void refusesAWrongMatch_data();
    void refusesAWrongMatch();
    void servesCustomKinds();
    void customKindsAreHeldToTheirSchema();
    void describesKindsInOpenApi();
    void newItemsOfAStrategicPatchComeFirst();
    void updatesOwnTheMapsThatTheyBring();
    void logsInPart_data();
    void logsInPart();

private:
    std::unique_ptr<ApiFixture> m_fixture;
    std::unique_ptr<ApiClient> m_admin;
};

namespace {

constexpr const char *maps = "/api/v1/namespaces/default/configmaps";
constexpr const char *definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
constexpr const char *boats = "/apis/harbour.example.com/v1/namespaces/default/boats";
constexpr const char *definition
    = R"({"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"boats.harbour.example.com"},
        "spec":{"group":"harbour.example.com","scope":"Namespaced","names":{"plural":"boats","kind":"Boat"},"versions":[{"name":"v1","served":true,"storage":true,
        "subresources":{"status":{}},"additionalPrinterColumns":[{"name":"Hulls","type":"integer","jsonPath":".spec.hulls"}],
        "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","required":["hulls"],"properties":{
        "hulls":{"type":"integer","minimum":1},"colour":{"type":"string","enum":["white","blue"],"default":"white"}}}}}}}]}})";

std::string boat(const std::string &name, const std::string &spec)
{
    return R"({"apiVersion":"harbour.example.com/v1","kind":"Boat","metadata":{"name":")" + name + R"("},"spec":)" + spec + "}";
}

} // namespace

void TestRealClients::init()
{
    m_fixture = std::make_unique<ApiFixture>();
    QVERIFY2(m_fixture->failure.empty(), m_fixture->failure.c_str());
    m_admin = std::make_unique<ApiClient>(*m_fixture, &m_fixture->admin);
}

void TestRealClients::cleanup()
{
    m_admin.reset();
    m_fixture.reset();
}

void TestRealClients::execOverSpdy()
{
    m_fixture->addRunningPod("team", "echo");
    m_admin->send("POST",
        "/api/v1/namespaces/team/pods/echo/exec?stdin=true&stdout=true&stderr=true&command=sh&command=-c&command=cat%3B%20echo%20err%20%3E%262%3B%20exit%203",
        {}, { { "Connection", "Upgrade" }, { "Upgrade", "SPDY/3.1" }, { "X-Stream-Protocol-Version", "v4.channel.k8s.io" } });
    beast::flat_buffer buffer;
    http::response_parser<http::empty_body> head;
    head.skip(true);
    QVERIFY(!m_admin->wait([&](auto done) { http::async_read_header(*m_admin->stream, buffer, head, done); }));
    QCOMPARE(head.get().result_int(), 101U);
    QCOMPARE(head.get()["X-Stream-Protocol-Version"], beast::string_view("v4.channel.k8s.io"));

    lab::spdy::Writer writer;
    std::string bytes;
    unsigned number = 1;
    for (const char *type : { "error", "stdin", "stdout", "stderr" }) {
        bytes += writer.synStream(number, { { "streamtype", type } });
        number += 2;
    }
    bytes += lab::spdy::Writer::ping(1) + lab::spdy::Writer::data(3, "words\n") + lab::spdy::Writer::data(3, {}, true);
    boost::system::error_code error;
    asio::write(*m_admin->stream, asio::buffer(bytes), error);
    QVERIFY(!error);

    lab::spdy::Reader reader;
    std::map<std::uint32_t, std::string> streams;
    std::set<std::uint32_t> ended;
    int replies = 0, pings = 0;
    const auto rest = buffer.data();
    reader.add({ static_cast<const char *>(rest.data()), rest.size() });
    while (ended.size() < 3) {
        while (auto frame = reader.next()) {
            replies += frame->kind == lab::spdy::Kind::SynReply ? 1 : 0;
            pings += frame->kind == lab::spdy::Kind::Ping ? 1 : 0;
            if (frame->kind != lab::spdy::Kind::Data)
                continue;
            streams[frame->stream] += frame->data;
            if (frame->fin)
                ended.insert(frame->stream);
        }
        QVERIFY(!reader.hasFailed());
        if (ended.size() == 3)
            break;
        std::array<char, 4096> piece {};
        std::size_t size = 0;
        const auto failed = m_admin->wait([&](auto done) {
            m_admin->stream->async_read_some(asio::buffer(piece), [&size, done](boost::system::error_code code, std::size_t got) {
                size = got;
                done(code, got);
            });
        });
        QVERIFY2(!failed, failed.message().c_str());
        reader.add({ piece.data(), size });
    }
    QCOMPARE(replies, 4);
    QCOMPARE(pings, 1);
    QCOMPARE(streams[5], std::string("words\n"));
    QCOMPARE(streams[7], std::string("err\n"));
    const auto status = json::parse(streams[1]);
    QCOMPARE(stringAt(status, { "reason" }), std::string("NonZeroExitCode"));
    QCOMPARE(stringAt(status.at("details").at("causes").as_array().front(), { "message" }), std::string("3"));
}

void TestRealClients::execOverSpdyNeedsACommonProtocol()
{
    m_fixture->addRunningPod("team", "echo");
    const auto answer = m_admin->call("POST", "/api/v1/namespaces/team/pods/echo/exec?stdout=true&command=id", {},
        { { "Connection", "Upgrade" }, { "Upgrade", "SPDY/3.1" }, { "X-Stream-Protocol-Version", "v9.channel.k8s.io" } });
    QCOMPARE(answer.status, 403U);
    QCOMPARE(answer.headers["X-Accepted-Stream-Protocol-Versions"], beast::string_view("v4.channel.k8s.io"));
}

void TestRealClients::actsAsAnother()
{
    const ApiClient::Headers asJane { { "Impersonate-User", "jane" } };
    QCOMPARE(m_admin->call("GET", "/api/v1/namespaces/team/pods", {}, asJane).status, 200U);
    const auto refused = m_admin->call("GET", "/api/v1/pods", {}, asJane);
    QCOMPARE(refused.text({ "message" }),
        std::string("pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" at the cluster scope"));
    // Who may not, may not by another's name either.
    ApiClient jane(*m_fixture, &m_fixture->jane);
    const auto stranger = jane.call("GET", "/api/v1/namespaces/team/pods", {}, { { "Impersonate-User", "admin" } });
    QCOMPARE(stranger.status, 403U);
    QCOMPARE(stranger.text({ "message" }),
        std::string(
            "users \"admin\" is forbidden: User \"jane\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope"));
}

void TestRealClients::listItemsCarryNoKind()
{
    m_fixture->addRunningPod("team", "echo");
    const auto list = m_admin->call("GET", "/api/v1/namespaces/team/pods");
    const auto &pod = list.value().at("items").as_array().front();
    QVERIFY(!at(pod, { "kind" }) && !at(pod, { "apiVersion" }));
    QCOMPARE(stringAt(pod, { "metadata", "name" }), std::string("echo"));
    QCOMPARE(m_admin->call("GET", "/api/v1/namespaces/team/pods/echo").body.substr(0, 33),
        std::string("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"me").substr(0, 33));
}

void TestRealClients::refusesAWrongMatch_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("message");
    QTest::newRow("without a version") << u"resourceVersionMatch=Exact"_qs
                                       << u"Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided"_qs;
    QTest::newRow("unknown") << u"resourceVersion=1&resourceVersionMatch=Some"_qs
                             << u"Unsupported value: \"Some\": supported values: \"Exact\", \"NotOlderThan\", \"\""_qs;
    QTest::newRow("exactly any") << u"resourceVersion=0&resourceVersionMatch=Exact"_qs
                                 << u"Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""_qs;
}

void TestRealClients::refusesAWrongMatch()
{
    QFETCH(QString, query);
    QFETCH(QString, message);
    const auto answer = m_admin->call("GET", std::string(maps) + "?" + query.toStdString());
    QCOMPARE(answer.status, 422U);
    QCOMPARE(QString::fromStdString(answer.text({ "message" })),
        u"ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: "_qs + message);
}

void TestRealClients::servesCustomKinds()
{
    QCOMPARE(m_admin->call("GET", boats).status, 404U);
    const auto made = m_admin->call("POST", definitions, definition);
    QCOMPARE(made.status, 201U);
    QCOMPARE(stringAt(made.value().at("status").at("conditions").as_array().back(), { "type" }), std::string("Established"));
    QVERIFY(m_admin->call("GET", "/apis/harbour.example.com/v1").body.find("\"boats/status\"") != std::string::npos);
    QCOMPARE(m_admin->call("POST", boats, boat("cat", "{\"hulls\":2}")).status, 201U);
    const auto table = m_admin->call("GET", boats, {}, { { "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io" } });
    QCOMPARE(json::serialize(table.value().at("rows").as_array().front().at("cells")), std::string("[\"cat\",2]"));
    // With the definition its objects go, and the path.
    QCOMPARE(m_admin->call("DELETE", std::string(definitions) + "/boats.harbour.example.com").status, 200U);
    QCOMPARE(m_admin->call("GET", boats).status, 404U);
    QCOMPARE(m_admin->call("POST", definitions, definition).status, 201U);
    QVERIFY(m_admin->call("GET", boats).value().at("items").as_array().empty());
}

void TestRealClients::customKindsAreHeldToTheirSchema()
{
    QCOMPARE(m_admin->call("POST", definitions, definition).status, 201U);
    const auto wrong = m_admin->call("POST", boats, boat("odd", "{\"hulls\":0,\"colour\":\"pink\"}"));
    QCOMPARE(wrong.status, 422U);
    QCOMPARE(wrong.text({ "message" }),
        std::string(
            "Boat.harbour.example.com \"odd\" is invalid: [spec.hulls: Invalid value: 0: spec.hulls in body should be greater than or equal to 1, spec.colour: Unsupported value: "
            "\"pink\": supported values: \"white\", \"blue\"]"));
    const auto incomplete = m_admin->call("POST", boats, boat("odd", "{}"));
    QCOMPARE(incomplete.text({ "message" }), std::string("Boat.harbour.example.com \"odd\" is invalid: spec.hulls: Required value"));
    // Unknown fields are dropped, defaults filled in, and the client is told.
    const auto made = m_admin->call("POST", boats, boat("cat", "{\"hulls\":2,\"mast\":1}"));
    QCOMPARE(made.status, 201U);
    QCOMPARE(json::serialize(made.value().at("spec")), std::string("{\"hulls\":2,\"colour\":\"white\"}"));
    QCOMPARE(made.headers["Warning"], beast::string_view("299 - \"unknown field \\\"spec.mast\\\"\""));
    const auto strict = m_admin->call("POST", std::string(boats) + "?fieldValidation=Strict", boat("two", "{\"hulls\":2,\"mast\":1}"));
    QCOMPARE(strict.text({ "message" }), std::string("strict decoding error: unknown field \"spec.mast\""));
}

void TestRealClients::describesKindsInOpenApi()
{
    QCOMPARE(m_admin->call("POST", definitions, definition).status, 201U);
    const auto apps = m_admin->call("GET", "/openapi/v3/apis/apps/v1");
    const auto *replicas
        = at(apps.value(), { "components", "schemas", "io.k8s.api.apps.v1.DeploymentSpec", "properties", "replicas", "description" });
    QVERIFY(replicas && replicas->as_string().starts_with("Number of desired pods."));
    const auto *later = at(m_admin->call("GET", "/openapi/v3/api/v1").value(),
        { "components", "schemas", "io.k8s.api.core.v1.ServiceSpec", "properties", "internalTrafficPolicy" });
    QVERIFY(later);
    const auto harbour = m_admin->call("GET", "/openapi/v3/apis/harbour.example.com/v1");
    QVERIFY(at(harbour.value(), { "components", "schemas", "com.example.harbour.v1.Boat", "properties", "spec", "properties", "hulls" }));
    const auto old = m_admin->call("GET", "/openapi/v2");
    QVERIFY(old.body.starts_with("\x0a\x03"
                                 "2.0"));
    QVERIFY(old.body.find("io.k8s.api.core.v1.Container") != std::string::npos);
}

void TestRealClients::newItemsOfAStrategicPatchComeFirst()
{
    const std::string path = "/apis/apps/v1/namespaces/default/deployments";
    const std::string config
        = R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
                            "spec":{"containers":[{"name":"app","image":"a","env":[{"name":"A","value":"1"},{"name":"B","value":"2"}]}]}}}})";
    QCOMPARE(m_admin->call("POST", path, config).status, 201U);
    const auto patched = m_admin->call("PATCH", path + "/web",
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"app\",\"env\":[{\"name\":\"C\",\"value\":\"3\"}]}]}}}}",
        { { "Content-Type", "application/strategic-merge-patch+json" } });
    QCOMPARE(patched.status, 200U);
    std::string names;
    for (const auto &variable :
        at(patched.value().at("spec").at("template").at("spec").at("containers").as_array().front(), { "env" })->as_array())
        names += stringAt(variable, { "name" });
    QCOMPARE(names, std::string("CAB"));
}

void TestRealClients::updatesOwnTheMapsThatTheyBring()
{
    const auto made = m_admin->call(
        "POST", maps, "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\"},\"data\":{\"a\":\"1\"}}");
    QCOMPARE(json::serialize(made.value().at("metadata").at("managedFields").as_array().front().at("fieldsV1")),
        std::string("{\"f:data\":{\".\":{},\"f:a\":{}}}"));
    const auto changed = m_admin->call("PATCH", std::string(maps) + "/x?fieldManager=two", "{\"data\":{\"b\":\"2\"}}",
        { { "Content-Type", "application/merge-patch+json" } });
    QCOMPARE(json::serialize(changed.value().at("metadata").at("managedFields").as_array().back().at("fieldsV1")),
        std::string("{\"f:data\":{\"f:b\":{}}}"));
}

void TestRealClients::logsInPart_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("expected");
    QTest::newRow("all") << QString() << 200 << u"one of echo\ntwo\nthree\n"_qs;
    QTest::newRow("last line") << u"tailLines=1"_qs << 200 << u"three\n"_qs;
    QTest::newRow("no line") << u"tailLines=0"_qs << 200 << QString();
    QTest::newRow("some bytes") << u"limitBytes=5"_qs << 200 << u"one o"_qs;
    QTest::newRow("since a time to come") << u"sinceTime=2100-01-01T00:00:00Z"_qs << 200 << QString();
    QTest::newRow("before the last restart") << u"previous=true"_qs << 400
                                             << u"previous terminated container \"app\" in pod \"echo\" not found"_qs;
    QTest::newRow("not a number") << u"tailLines=x"_qs << 400 << u"strconv.ParseInt: parsing \"x\": invalid syntax (tailLines)"_qs;
}

void TestRealClients::logsInPart()
{
    QFETCH(QString, query);
    QFETCH(int, status);
    QFETCH(QString, expected);
    m_fixture->addRunningPod("team", "echo");
    const auto answer = m_admin->call("GET", "/api/v1/namespaces/team/pods/echo/log?" + query.toStdString());
    QCOMPARE(int(answer.status), status);
    QCOMPARE(QString::fromStdString(status == 200 ? answer.body : answer.text({ "message" })), expected);
}

QTEST_GUILESS_MAIN(TestRealClients)
#include "tst_realclients.moc"
