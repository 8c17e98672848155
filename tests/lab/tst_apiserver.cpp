// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "apiclient.h"

#include <QUrl>

using namespace catamaran;
using lab::at;
using lab::stringAt;

namespace {

json::object configMap(const std::string &name, const std::string &colour)
{
    return { { "apiVersion", "v1" }, { "kind", "ConfigMap" },
        { "metadata", json::object { { "name", name }, { "labels", json::object { { "colour", colour } } } } },
        { "data", json::object { { "colour", colour } } } };
}

json::object deploymentOf(int replicas, const char *image)
{
    return json::parse(R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":)"
        + std::to_string(replicas)
        + R"(,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"app","image":")"
        + image + R"("}]}}}})")
        .as_object();
}

constexpr const char *maps = "/api/v1/namespaces/default/configmaps";
constexpr const char *web = "/apis/apps/v1/namespaces/default/deployments/web";

} // namespace

/// The API server over real TLS.
class TestApiServer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void knowsItsUsers();
    void forbidsInTheWordsOfRbac();
    void listsInPages();
    void refusesAnOldPage();
    void selectsAndShapes();
    void packsLargeAnswers();
    void refusesALargeBody();
    void watchResumes();
    void watchOfAnOldVersionEndsWith410();
    void watchSeesObjectsLeaveASelector();
    void watchListEndsWithItsBookmark();
    void updateNeedsThePresentVersion();
    void dryRunStoresNothing();
    void applyConflictsAndForces();
    void applyRemovesWhatIsNoLongerApplied();
    void applyTakesYaml();
    void patchesRefusedForCustomKinds();
    void admissionInjects();
    void scaleIsASubresource();
    void statusIsWrittenApart();
    void execCarriesStreamsAndExitCode_data();
    void execCarriesStreamsAndExitCode();
    void execRefusals_data();
    void execRefusals();
    void followsLogs();
    void stopsAndStartsAgain();

private:
    std::unique_ptr<ApiFixture> m_fixture;
    std::unique_ptr<ApiClient> m_admin;
};

void TestApiServer::init()
{
    m_fixture = std::make_unique<ApiFixture>();
    QVERIFY2(m_fixture->failure.empty(), m_fixture->failure.c_str());
    m_admin = std::make_unique<ApiClient>(*m_fixture, &m_fixture->admin);
}

void TestApiServer::cleanup()
{
    m_admin.reset();
    m_fixture.reset();
}

void TestApiServer::knowsItsUsers()
{
    QCOMPARE(m_admin->call("GET", "/api/v1/pods").status, 200U);
    ApiClient nobody(*m_fixture, nullptr);
    auto answer = nobody.call("GET", "/api/v1/pods");
    QCOMPARE(answer.status, 401U);
    QCOMPARE(answer.text({ "kind" }), std::string("Status"));
    QCOMPARE(answer.text({ "reason" }), std::string("Unauthorized"));
    QCOMPARE(nobody.call("GET", "/api/v1/pods", {}, { { "Authorization", "Bearer secret-token" } }).status, 200U);
    QCOMPARE(nobody.call("GET", "/api/v1/pods", {}, { { "Authorization", "Bearer wrong-token!" } }).status, 401U);
    QCOMPARE(nobody.call("GET", "/readyz").body, std::string("ok"));
    // The same names from another CA are nobody's.
    ApiClient mallory(*m_fixture, &m_fixture->mallory);
    QCOMPARE(mallory.call("GET", "/api/v1/pods").status, 401U);
}

void TestApiServer::forbidsInTheWordsOfRbac()
{
    ApiClient jane(*m_fixture, &m_fixture->jane);
    QCOMPARE(jane.call("GET", "/api/v1/namespaces/team/pods").status, 200U);
    auto answer = jane.call("GET", "/api/v1/pods");
    QCOMPARE(answer.status, 403U);
    QCOMPARE(answer.text({ "message" }),
        std::string("pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" at the cluster scope"));
    answer = jane.call("PATCH", std::string(web) + "/scale", "{}", { { "Content-Type", "application/merge-patch+json" } });
    QCOMPARE(answer.text({ "message" }),
        std::string(
            "deployments.apps \"web\" is forbidden: User \"jane\" cannot patch resource \"deployments/scale\" in API group \"apps\" in the namespace \"default\""));
    QCOMPARE(jane.call("GET", "/api/v1/namespaces/team/pods/x/exec?command=id&stdout=true").status, 403U);
}

void TestApiServer::listsInPages()
{
    for (int i = 0; i < 5; ++i)
        QCOMPARE(m_admin->call("POST", maps, json::serialize(configMap("map-" + std::to_string(i), "red"))).status, 201U);
    auto page = m_admin->call("GET", std::string(maps) + "?limit=2");
    const auto first = page.text({ "metadata", "resourceVersion" });
    QCOMPARE(at(page.value(), { "metadata", "remainingItemCount" })->to_number<int>(), 3);
    std::vector<std::string> names;
    for (int pages = 0; pages < 3; ++pages) {
        QCOMPARE(page.text({ "metadata", "resourceVersion" }), first);
        for (const auto &item : page.value().at("items").as_array())
            names.push_back(stringAt(item, { "metadata", "name" }));
        // A change between the pages moves nothing.
        m_admin->call("POST", "/api/v1/namespaces/team/configmaps", json::serialize(configMap("other-" + std::to_string(pages), "red")));
        const auto next = page.text({ "metadata", "continue" });
        if (next.empty())
            break;
        page = m_admin->call("GET", std::string(maps) + "?limit=2&continue=" + next);
    }
    const std::vector<std::string> expected { "map-0", "map-1", "map-2", "map-3", "map-4" };
    QVERIFY(names == expected);
}

void TestApiServer::refusesAnOldPage()
{
    for (const char *name : { "a", "b", "c" })
        m_admin->call("POST", maps, json::serialize(configMap(name, "red")));
    const auto token = m_admin->call("GET", std::string(maps) + "?limit=1").text({ "metadata", "continue" });
    m_fixture->onThread([this] {
        for (int i = 0; i < 300; ++i)
            m_fixture->store->mutate("configmaps", "default", "a", [&](json::object &object) {
                object["data"] = json::object { { "n", std::to_string(i) } };
            });
    });
    const auto answer = m_admin->call("GET", std::string(maps) + "?limit=1&continue=" + token);
    QCOMPARE(answer.status, 410U);
    QCOMPARE(answer.text({ "reason" }), std::string("Expired"));
    // The Status brings a token to go on with an inconsistent view.
    const auto rest = m_admin->call("GET", std::string(maps) + "?continue=" + answer.text({ "metadata", "continue" }));
    QCOMPARE(rest.value().at("items").as_array().size(), std::size_t(2));
}

void TestApiServer::selectsAndShapes()
{
    m_admin->call("POST", maps, json::serialize(configMap("a", "red")));
    m_admin->call("POST", maps, json::serialize(configMap("b", "blue")));
    const auto selected = m_admin->call("GET", std::string(maps) + "?labelSelector=colour%20in%20(blue,green)").value();
    QCOMPARE(selected.at("items").as_array().size(), std::size_t(1));
    QCOMPARE(m_admin->call("GET", std::string(maps) + "?fieldSelector=data.colour%3Dred").status, 400U);
    const auto table
        = m_admin->call("GET", maps, {}, { { "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" } }).value();
    QCOMPARE(stringAt(table, { "kind" }), std::string("Table"));
    QCOMPARE(table.at("rows").as_array().size(), std::size_t(2));
    QCOMPARE(stringAt(table.at("rows").as_array()[0], { "object", "kind" }), std::string("PartialObjectMetadata"));
    const auto metadata
        = m_admin->call("GET", maps, {}, { { "Accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" } }).value();
    QCOMPARE(stringAt(metadata, { "kind" }), std::string("PartialObjectMetadataList"));
    QVERIFY(!metadata.at("items").as_array()[0].as_object().contains("data"));
}

void TestApiServer::packsLargeAnswers()
{
    auto large = configMap("large", "red");
    large["data"].as_object()["text"] = std::string(300000, 'x');
    QCOMPARE(m_admin->call("POST", maps, json::serialize(large)).status, 201U);
    const auto plain = m_admin->call("GET", std::string(maps) + "/large");
    QVERIFY(plain.body.size() > 300000 && plain.headers[http::field::content_encoding].empty());
    const auto packed = m_admin->call("GET", std::string(maps) + "/large", {}, { { "Accept-Encoding", "gzip" } });
    QVERIFY(packed.body.size() < 20000 && packed.headers[http::field::content_encoding] == "gzip");
}

void TestApiServer::refusesALargeBody()
{
    auto large = configMap("large", "red");
    large["data"].as_object()["text"] = std::string(4 << 20, 'x');
    const auto answer = m_admin->call("POST", maps, json::serialize(large));
    QCOMPARE(answer.status, 413U);
    QCOMPARE(answer.text({ "reason" }), std::string("RequestEntityTooLarge"));
}

void TestApiServer::watchResumes()
{
    m_admin->call("POST", maps, json::serialize(configMap("a", "red")));
    const auto version = m_admin->call("GET", maps).text({ "metadata", "resourceVersion" });
    m_admin->call("POST", maps, json::serialize(configMap("b", "red")));
    m_admin->call("DELETE", std::string(maps) + "/a");
    ApiClient watcher(*m_fixture, &m_fixture->admin);
    QCOMPARE(watcher.openStream(std::string(maps) + "?watch=1&allowWatchBookmarks=true&timeoutSeconds=2&resourceVersion=" + version), 200U);
    auto event = watcher.nextLine();
    QCOMPARE(stringAt(event, { "type" }) + stringAt(event, { "object", "metadata", "name" }), std::string("ADDEDb"));
    event = watcher.nextLine();
    QCOMPARE(stringAt(event, { "type" }) + stringAt(event, { "object", "metadata", "name" }), std::string("DELETEDa"));
    m_admin->call(
        "PATCH", std::string(maps) + "/b", R"({"data":{"colour":"green"}})", { { "Content-Type", "application/merge-patch+json" } });
    event = watcher.nextLine();
    QCOMPARE(stringAt(event, { "type" }) + stringAt(event, { "object", "data", "colour" }), std::string("MODIFIEDgreen"));
    // The end after timeoutSeconds is a clean one, behind a bookmark.
    event = watcher.nextLine();
    QCOMPARE(stringAt(event, { "type" }), std::string("BOOKMARK"));
    QVERIFY(watcher.nextLine().is_null());
}

void TestApiServer::watchOfAnOldVersionEndsWith410()
{
    m_admin->call("POST", maps, json::serialize(configMap("a", "red")));
    m_fixture->onThread([this] {
        for (int i = 0; i < 300; ++i)
            m_fixture->store->mutate("configmaps", "default", "a", [&](json::object &object) {
                object["data"] = json::object { { "n", std::to_string(i) } };
            });
    });
    ApiClient watcher(*m_fixture, &m_fixture->admin);
    QCOMPARE(watcher.openStream(std::string(maps) + "?watch=1&resourceVersion=3"), 200U);
    const auto event = watcher.nextLine();
    QCOMPARE(stringAt(event, { "type" }), std::string("ERROR"));
    QCOMPARE(at(event, { "object", "code" })->to_number<int>(), 410);
    QVERIFY(watcher.nextLine().is_null());
}

void TestApiServer::watchSeesObjectsLeaveASelector()
{
    m_admin->call("POST", maps, json::serialize(configMap("a", "red")));
    ApiClient watcher(*m_fixture, &m_fixture->admin);
    QCOMPARE(watcher.openStream(std::string(maps) + "?watch=1&labelSelector=colour%3Dred"), 200U);
    QCOMPARE(stringAt(watcher.nextLine(), { "type" }), std::string("ADDED"));
    for (const char *colour : { "blue", "red" })
        m_admin->call("PATCH", std::string(maps) + "/a", std::string(R"({"metadata":{"labels":{"colour":")") + colour + "\"}}}",
            { { "Content-Type", "application/merge-patch+json" } });
    QCOMPARE(stringAt(watcher.nextLine(), { "type" }), std::string("DELETED"));
    QCOMPARE(stringAt(watcher.nextLine(), { "type" }), std::string("ADDED"));
}

void TestApiServer::watchListEndsWithItsBookmark()
{
    m_admin->call("POST", maps, json::serialize(configMap("a", "red")));
    ApiClient watcher(*m_fixture, &m_fixture->admin);
    QCOMPARE(watcher.openStream(
                 std::string(maps) + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"),
        200U);
    QCOMPARE(stringAt(watcher.nextLine(), { "type" }), std::string("ADDED"));
    const auto event = watcher.nextLine();
    QCOMPARE(stringAt(event, { "type" }), std::string("BOOKMARK"));
    QCOMPARE(stringAt(event, { "object", "metadata", "annotations", "k8s.io/initial-events-end" }), std::string("true"));
}

void TestApiServer::updateNeedsThePresentVersion()
{
    auto object = m_admin->call("POST", maps, json::serialize(configMap("a", "red"))).value();
    m_admin->call(
        "PATCH", std::string(maps) + "/a", R"({"data":{"colour":"green"}})", { { "Content-Type", "application/merge-patch+json" } });
    const auto answer = m_admin->call("PUT", std::string(maps) + "/a", json::serialize(object));
    QCOMPARE(answer.status, 409U);
    QVERIFY(answer.text({ "message" }).find("the object has been modified") != std::string::npos);
    QVERIFY(!at(answer.value(), { "details", "causes" }));
    QCOMPARE(m_admin->call("POST", maps, json::serialize(configMap("a", "red"))).text({ "reason" }), std::string("AlreadyExists"));
}

void TestApiServer::dryRunStoresNothing()
{
    const auto answer = m_admin->call("POST", std::string(maps) + "?dryRun=All", json::serialize(configMap("a", "red")));
    QCOMPARE(answer.status, 201U);
    QVERIFY(!answer.text({ "metadata", "uid" }).empty());
    QCOMPARE(m_admin->call("GET", std::string(maps) + "/a").status, 404U);
}

void TestApiServer::applyConflictsAndForces()
{
    QCOMPARE(m_admin->apply(std::string(web) + "?fieldManager=one", deploymentOf(2, "web:1")).status, 201U);
    QCOMPARE(m_admin->apply(std::string(web) + "?fieldManager=two", deploymentOf(2, "web:1")).status, 200U); // shared, not disputed
    const auto answer = m_admin->apply(std::string(web) + "?fieldManager=two", deploymentOf(3, "web:1"));
    QCOMPARE(answer.status, 409U);
    const auto &cause = at(answer.value(), { "details", "causes" })->as_array().at(0);
    QCOMPARE(stringAt(cause, { "reason" }), std::string("FieldManagerConflict"));
    QCOMPARE(stringAt(cause, { "field" }), std::string(".spec.replicas"));
    QCOMPARE(stringAt(cause, { "message" }), std::string("conflict with \"one\""));
    QCOMPARE(m_admin->apply(std::string(web) + "?fieldManager=two&force=true", deploymentOf(3, "web:1")).status, 200U);
    // Now it is the second one's.
    QVERIFY(m_admin->apply(std::string(web) + "?fieldManager=one", deploymentOf(2, "web:1"))
                .text({ "message" })
                .find("conflict with \"two\": .spec.replicas")
        != std::string::npos);
    // A scale by an ordinary client is another owner with a subresource.
    m_admin->call("PATCH", std::string(web) + "/scale?fieldManager=kubectl", R"({"spec":{"replicas":5}})",
        { { "Content-Type", "application/merge-patch+json" } });
    QVERIFY(m_admin->apply(std::string(web) + "?fieldManager=two", deploymentOf(3, "web:1"))
                .text({ "message" })
                .find("conflict with \"kubectl\" with subresource \"scale\" using apps/v1: .spec.replicas")
        != std::string::npos);
    QCOMPARE(m_admin->apply(web, deploymentOf(3, "web:1")).status, 422U); // fieldManager is required
}

void TestApiServer::applyRemovesWhatIsNoLongerApplied()
{
    auto config = configMap("a", "red");
    config["data"].as_object()["size"] = "large";
    const auto path = std::string(maps) + "/a";
    m_admin->apply(path + "?fieldManager=one", config);
    m_admin->apply(path + "?fieldManager=two", configMap("a", "red"));
    json::object less { { "apiVersion", "v1" }, { "kind", "ConfigMap" }, { "metadata", json::object { { "name", "a" } } } };
    const auto answer = m_admin->apply(path + "?fieldManager=one", less);
    QCOMPARE(answer.status, 200U);
    QVERIFY(!at(answer.value(), { "data", "size" }));
    QCOMPARE(answer.text({ "data", "colour" }), std::string("red")); // the other owner's
}

void TestApiServer::applyTakesYaml()
{
    const std::string yaml
        = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yam\n  labels: &l {a: b}\ndata:\n  number: \"007\"\n  text: |\n    two\n    lines\n";
    const auto answer
        = m_admin->call("PATCH", std::string(maps) + "/yam?fieldManager=one", yaml, { { "Content-Type", "application/apply-patch+yaml" } });
    QCOMPARE(answer.status, 201U);
    QCOMPARE(answer.text({ "data", "number" }), std::string("007"));
    QCOMPARE(answer.text({ "data", "text" }), std::string("two\nlines\n"));
    QCOMPARE(
        m_admin->call("PATCH", std::string(maps) + "/yam?fieldManager=one", "a: [", { { "Content-Type", "application/apply-patch+yaml" } })
            .status,
        400U);
}

void TestApiServer::patchesRefusedForCustomKinds()
{
    const std::string rules = "/apis/networking.istio.io/v1/namespaces/default/destinationrules";
    QCOMPARE(m_admin
                 ->call("POST", rules,
                     R"({"apiVersion":"networking.istio.io/v1","kind":"DestinationRule","metadata":{"name":"a"},"spec":{"host":"a"}})")
                 .status,
        201U);
    QCOMPARE(m_admin->call("PATCH", rules + "/a", "{}", { { "Content-Type", "application/strategic-merge-patch+json" } }).status, 415U);
    QCOMPARE(m_admin->call("PATCH", rules + "/a", R"({"spec":{"host":"b"}})", { { "Content-Type", "application/merge-patch+json" } })
                 .text({ "spec", "host" }),
        std::string("b"));
    QCOMPARE(m_admin->call("GET", "/apis/networking.istio.io/v1beta1/namespaces/default/destinationrules/a").text({ "apiVersion" }),
        std::string("networking.istio.io/v1beta1"));
}

void TestApiServer::admissionInjects()
{
    m_fixture->onThread([this] {
        m_fixture->store->setAdmission("pods", [](json::object &pod) {
            if (lab::nameOf(pod) == "unlucky")
                return std::string("no sidecar can be injected");
            pod["spec"].as_object()["containers"].as_array().push_back(json::object { { "name", "istio-proxy" }, { "image", "proxy:1" } });
            return std::string();
        });
    });
    const auto pod = [](const std::string &name) {
        return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":")" + name
            + R"("},"spec":{"containers":[{"name":"app","image":"app:1"}]}})";
    };
    const auto made = m_admin->call("POST", "/api/v1/namespaces/default/pods", pod("echo"));
    QCOMPARE(made.status, 201U);
    QCOMPARE(made.value().at("spec").at("containers").as_array().size(), std::size_t(2));
    const auto refused = m_admin->call("POST", "/api/v1/namespaces/default/pods", pod("unlucky"));
    QCOMPARE(refused.status, 403U);
    QVERIFY(refused.text({ "message" }).find("no sidecar can be injected") != std::string::npos);
}

void TestApiServer::scaleIsASubresource()
{
    m_admin->call("POST", "/apis/apps/v1/namespaces/default/deployments", json::serialize(deploymentOf(2, "web:1")));
    auto scale = m_admin->call("GET", std::string(web) + "/scale").value();
    QCOMPARE(stringAt(scale, { "apiVersion" }), std::string("autoscaling/v1"));
    QCOMPARE(stringAt(scale, { "status", "selector" }), std::string("app=web"));
    scale.at("spec").as_object()["replicas"] = 4;
    QCOMPARE(m_admin->call("PUT", std::string(web) + "/scale", json::serialize(scale)).status, 200U);
    const auto deployment = m_admin->call("GET", web).value();
    QCOMPARE(at(deployment, { "spec", "replicas" })->to_number<int>(), 4);
    QCOMPARE(at(deployment, { "metadata", "generation" })->to_number<int>(), 2);
    QCOMPARE(m_admin->call("PUT", std::string(web) + "/scale", json::serialize(scale)).status, 409U); // by now an old version
    QCOMPARE(m_admin
                 ->call("PATCH", std::string(web) + "/scale", R"({"spec":{"replicas":-1}})",
                     { { "Content-Type", "application/merge-patch+json" } })
                 .status,
        422U);
}

void TestApiServer::statusIsWrittenApart()
{
    m_admin->call("POST", "/apis/apps/v1/namespaces/default/deployments", json::serialize(deploymentOf(2, "web:1")));
    const char *body = R"({"spec":{"replicas":9},"status":{"readyReplicas":1}})";
    m_admin->call("PATCH", std::string(web) + "/status", body, { { "Content-Type", "application/merge-patch+json" } });
    auto deployment = m_admin->call("GET", web).value();
    QCOMPARE(at(deployment, { "spec", "replicas" })->to_number<int>(), 2);
    QCOMPARE(at(deployment, { "status", "readyReplicas" })->to_number<int>(), 1);
    m_admin->call(
        "PATCH", web, R"({"spec":{"replicas":3},"status":{"readyReplicas":7}})", { { "Content-Type", "application/merge-patch+json" } });
    deployment = m_admin->call("GET", web).value();
    QCOMPARE(at(deployment, { "spec", "replicas" })->to_number<int>(), 3);
    QCOMPARE(at(deployment, { "status", "readyReplicas" })->to_number<int>(), 1);
}

void TestApiServer::execCarriesStreamsAndExitCode_data()
{
    QTest::addColumn<QString>("protocols");
    QTest::addColumn<QString>("chosen");
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("input");
    QTest::addColumn<QString>("output");
    QTest::addColumn<QString>("errors");
    QTest::addColumn<QString>("exitCode");
    const auto both = u"v5.channel.k8s.io, v4.channel.k8s.io"_qs;
    const auto v5 = u"v5.channel.k8s.io"_qs, v4 = u"v4.channel.k8s.io"_qs;
    QTest::newRow("both outputs") << both << v5 << u"echo out; echo err >&2"_qs << QString() << u"out\n"_qs << u"err\n"_qs << u""_qs;
    QTest::newRow("exit code") << both << v5 << u"exit 42"_qs << QString() << u""_qs << u""_qs << u"42"_qs;
    QTest::newRow("input until its end") << both << v5 << u"cat"_qs << u"hello"_qs << u"hello"_qs << u""_qs << u""_qs;
    QTest::newRow("older protocol, counted input") << v4 << v4 << u"head -c 5"_qs << u"hello"_qs << u"hello"_qs << u""_qs << u""_qs;
    QTest::newRow("much output") << both << v5 << u"head -c 300000 /dev/zero | tr '\\0' x"_qs << QString() << QString(300000, u'x')
                                 << u""_qs << u""_qs;
}

void TestApiServer::execCarriesStreamsAndExitCode()
{
    QFETCH(QString, protocols);
    QFETCH(QString, chosen);
    QFETCH(QString, command);
    QFETCH(QString, input);
    QFETCH(QString, output);
    QFETCH(QString, errors);
    QFETCH(QString, exitCode);
    m_fixture->addRunningPod("team", "echo");
    beast::websocket::stream<ApiClient::Stream &> socket(*m_admin->stream);
    socket.set_option(beast::websocket::stream_base::decorator(
        [&](beast::websocket::request_type &request) { request.set(http::field::sec_websocket_protocol, protocols.toStdString()); }));
    beast::websocket::response_type response;
    boost::system::error_code error;
    const auto target
        = "/api/v1/namespaces/team/pods/echo/exec?command=sh&command=-c&command=" + QString::fromLatin1(QUrl::toPercentEncoding(command))
        + "&stdout=true&stderr=true" + (input.isEmpty() ? QString() : QStringLiteral("&stdin=true"));
    socket.handshake(response, "127.0.0.1", target.toStdString(), error);
    QVERIFY2(!error, error.message().c_str());
    QCOMPARE(std::string(response[http::field::sec_websocket_protocol]), chosen.toStdString());
    socket.binary(true);
    if (!input.isEmpty()) {
        socket.write(asio::buffer('\0' + input.toStdString()));
        if (chosen.startsWith(u"v5"))
            socket.write(asio::buffer(std::string("\xff\0", 2)));
    }
    std::map<int, std::string> channels;
    int messages = 0;
    while (true) {
        beast::flat_buffer buffer;
        error = m_admin->wait([&](auto done) { socket.async_read(buffer, done); });
        if (error)
            break;
        const auto message = beast::buffers_to_string(buffer.data());
        if (messages++ == 0)
            QCOMPARE(message, std::string("\x01")); // the ready sign
        QVERIFY(message.size() <= 32769);
        channels[static_cast<unsigned char>(message.at(0))] += message.substr(1);
    }
    QVERIFY2(error == beast::websocket::error::closed, error.message().c_str());
    QCOMPARE(int(socket.reason().code), 1000);
    QVERIFY(channels[1] == output.toStdString());
    QCOMPARE(channels[2], errors.toStdString());
    const auto status = json::parse(channels[3]);
    QCOMPARE(stringAt(status, { "status" }), std::string(exitCode.isEmpty() ? "Success" : "Failure"));
    if (!exitCode.isEmpty()) {
        QCOMPARE(stringAt(status, { "reason" }), std::string("NonZeroExitCode"));
        QCOMPARE(stringAt(at(status, { "details", "causes" })->as_array().at(0), { "message" }), exitCode.toStdString());
    }
}

void TestApiServer::execRefusals_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<bool>("upgrade");
    QTest::addColumn<uint>("status");
    QTest::addColumn<QString>("message");
    const auto row = [](const char *name, const char *target, bool upgrade, uint status, const QString &message) {
        QTest::newRow(name) << QString::fromLatin1(target) << upgrade << status << message;
    };
    row("no such pod", "none/exec?command=id&stdout=true", true, 404, u"pods \"none\" not found"_qs);
    row("container not named", "two/exec?command=id&stdout=true", true, 400,
        u"a container name must be specified for pod two, choose one of: [app side]"_qs);
    row("container unknown", "two/exec?command=id&stdout=true&container=x", true, 400, u"container x is not valid for pod two"_qs);
    row("no stream", "two/exec?command=id&container=app", true, 400, u"you must specify at least 1 of stdin, stdout, stderr"_qs);
    row("terminal and errors", "two/exec?command=id&container=app&tty=true&stderr=true", true, 400,
        u"tty and stderr cannot both be true"_qs);
    row("ordinary GET", "two/exec?command=id&container=app&stdout=true", false, 400, u"Upgrade request required"_qs);
    row("pod not started", "new/exec?command=id&stdout=true", true, 400, u"pod new does not have a host assigned"_qs);
}

void TestApiServer::execRefusals()
{
    QFETCH(QString, target);
    QFETCH(bool, upgrade);
    QFETCH(uint, status);
    QFETCH(QString, message);
    m_fixture->addRunningPod("team", "two", { "app", "side" });
    m_admin->call("POST", "/api/v1/namespaces/team/pods",
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"new"},"spec":{"containers":[{"name":"app","image":"app:1"}]}})");
    ApiClient::Headers headers;
    if (upgrade)
        headers = { { "Connection", "Upgrade" }, { "Upgrade", "websocket" }, { "Sec-WebSocket-Version", "13" },
            { "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==" }, { "Sec-WebSocket-Protocol", "v5.channel.k8s.io" } };
    const auto answer = m_admin->call("GET", "/api/v1/namespaces/team/pods/" + target.toStdString(), {}, headers);
    QCOMPARE(answer.status, status);
    QCOMPARE(answer.text({ "message" }), message.toStdString());
}

void TestApiServer::followsLogs()
{
    m_fixture->addRunningPod("team", "echo");
    QCOMPARE(m_admin->call("GET", "/api/v1/namespaces/team/pods/echo/log?tailLines=2").body, std::string("two\nthree\n"));
    m_admin->send("GET", "/api/v1/namespaces/team/pods/echo/log?follow=true&tailLines=1");
    http::response_parser<http::string_body> parser;
    parser.eager(true);
    beast::flat_buffer buffer;
    boost::system::error_code error;
    error = m_admin->wait([&](auto done) { http::async_read_header(*m_admin->stream, buffer, parser, done); });
    QVERIFY2(!error, error.message().c_str());
    // It ends with its pod; the later line was on its way before.
    m_fixture->onThread([this] { return m_fixture->store->remove("pods", "team", "echo"); });
    error = m_admin->wait([&](auto done) { http::async_read(*m_admin->stream, buffer, parser, done); });
    QVERIFY2(!error, error.message().c_str());
    QCOMPARE(parser.get().body(), std::string("three\nlater\n"));
}

void TestApiServer::stopsAndStartsAgain()
{
    m_admin->call("POST", maps, json::serialize(configMap("a", "red")));
    ApiClient watcher(*m_fixture, &m_fixture->admin);
    QCOMPARE(watcher.openStream(std::string(maps) + "?watch=1"), 200U);
    QCOMPARE(stringAt(watcher.nextLine(), { "type" }), std::string("ADDED"));
    m_fixture->onThread([this] { m_fixture->server->stop(); });
    QVERIFY(watcher.nextLine().is_null());
    QCOMPARE(m_admin->call("GET", maps).status, 0U);
    QVERIFY_EXCEPTION_THROWN(ApiClient(*m_fixture, &m_fixture->admin), boost::system::system_error);
    QCOMPARE(m_fixture->onThread([this] { return m_fixture->server->start(); }), std::string());
    ApiClient again(*m_fixture, &m_fixture->admin);
    QCOMPARE(again.call("GET", std::string(maps) + "/a").status, 200U);
}

QTEST_GUILESS_MAIN(TestApiServer)
#include "tst_apiserver.moc"
