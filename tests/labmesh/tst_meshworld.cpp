// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "labmesh/world.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace catamaran::lab;

/// The practice range's data plane: real sockets, real TLS, real curl.
class MeshWorldTest : public QObject {
    Q_OBJECT

    /// A request takes either host by chance: what each of this many would have to miss is never seen (2^-40 is 1e-12).
    static constexpr int enough = 40;

    /// Every request is answered well, by one of the two versions; both are seen.
    static bool bothAnswer(World &world, int cluster)
    {
        bool v1 = false, v2 = false;
        for (int i = 0; i < enough && !(v1 && v2); ++i) {
            const auto result = world.hello(cluster);
            if (result.code == 0 && result.out == "Hello version: v1, instance: helloworld-v1-a\n")
                v1 = true;
            else if (result.code == 0 && result.out == "Hello version: v2, instance: helloworld-v2-a\n")
                v2 = true;
            else {
                qWarning("%s", (result.out + result.err + result.error.c_str()).constData());
                return false;
            }
        }
        return v1 && v2;
    }

    /// What the sidecar of sleep-1 tells of its helloworld host with this address: "port", "weight", "eds" and its stats.
    static QMap<QString, QString> hostOf(World &world, const std::string &address)
    {
        QMap<QString, QString> result;
        const auto answer = world.run(1, "sleep-1", { "pilot-agent", "request", "GET", "clusters?format=json" }, 5, "istio-proxy");
        for (const QJsonValue cluster : QJsonDocument::fromJson(answer.out)[u"cluster_statuses"].toArray()) {
            if (cluster[u"name"].toString() != QStringLiteral("outbound|5000||helloworld.default.svc.cluster.local"))
                continue;
            for (const QJsonValue host : cluster[u"host_statuses"].toArray()) {
                const QJsonValue at = host[u"address"][u"socket_address"];
                if (at[u"address"].toString().toStdString() != address)
                    continue;
                result[QStringLiteral("port")] = QString::number(at[u"port_value"].toInt());
                result[QStringLiteral("weight")] = QString::number(host[u"weight"].toInt());
                result[QStringLiteral("eds")] = host[u"health_status"][u"eds_health_status"].toString();
                for (const QJsonValue stat : host[u"stats"].toArray())
                    result[stat[u"name"].toString()] = stat[u"value"].toString();
            }
        }
        return result;
    }

private slots:
    void bothVersionsAnswerAcrossGateways_data()
    {
        QTest::addColumn<int>("cluster");
        QTest::newRow("from cluster-1") << 1;
        QTest::newRow("from cluster-2") << 2;
    }
    void bothVersionsAnswerAcrossGateways()
    {
        QFETCH(int, cluster);
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        QVERIFY(bothAnswer(world, cluster));
    }

    void differentRootsFailInTheHandshake()
    {
        World world(false);
        world.setUpMesh();
        QVERIFY(world.deploySample());
        // Nothing local to fall back to.
        world.stores[1]->remove("pods", "default", "helloworld-v1-a");
        world.slices(1);
        world.goOn(400);
        const auto result = world.hello(1, { "-i" });
        QVERIFY2(result.out.startsWith("HTTP/1.1 503"), result.out + result.err);
        QVERIFY2(result.out.contains("CERTIFICATE_VERIFY_FAILED"), result.out);
        QVERIFY2(
            result.out.contains(
                "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure"),
            result.out);
        QVERIFY(world.proxyLog(1, "sleep-1").find(" 503 UF,URX ") != std::string::npos);
    }

    void withoutDiscoveryOnlyTheLocalOneAnswers()
    {
        World world;
        world.setUpMesh(false);
        QVERIFY(world.deploySample());
        for (int i = 0; i < 6; ++i)
            QCOMPARE(world.hello(1).out, QByteArray("Hello version: v1, instance: helloworld-v1-a\n"));
    }

    void withoutNetworksRemotePodsAreUnreachable()
    {
        World world;
        world.setUpMesh(true, false);
        QVERIFY(world.deploySample());
        int local = 0, lost = 0;
        for (int i = 0; i < enough && (local == 0 || lost == 0); ++i) {
            const auto result = world.hello(1, { "-m", "1" });
            if (result.out.contains("version: v1"))
                ++local;
            else if (result.code == 28)
                ++lost;
            else
                QFAIL(result.out + result.err);
        }
        QVERIFY(local > 0 && lost > 0);
    }

    void partitionLeavesTheLocalOneAfterTheConnectTimeout()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        json::object rule { { "metadata", json::object { { "name", "fast" }, { "namespace", "default" } } },
            { "spec",
                json::object { { "host", "helloworld" },
                    { "trafficPolicy",
                        json::object {
                            { "connectionPool", json::object { { "tcp", json::object { { "connectTimeout", "300ms" } } } } } } } } } };
        world.stores[1]->create("networking.istio.io/destinationrules", std::move(rule));
        world.goOn(300);
        QVERIFY(world.world->partition("network1", "network2"));
        for (int i = 0; i < 4; ++i) {
            const auto result = world.hello(1);
            QVERIFY2(result.out.contains("version: v1"), result.out + result.err);
        }
        QVERIFY(world.world->heal("network1", "network2"));
        world.goOn(300);
        QVERIFY(bothAnswer(world, 1));
    }

    void unknownNameDoesNotResolve()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        const auto result = world.run(1, "sleep-1", { "curl", "-sS", "nowhere:5000/" });
        QCOMPARE(result.code, 6);
        QVERIFY2(result.err.contains("Could not resolve host: nowhere"), result.err);
    }

    void nothingOutsideTheRangeCanBeReached()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        const auto result = world.run(1, "sleep-1", { "curl", "-sS", "http://192.0.2.1/" });
        QCOMPARE(result.code, 7);
    }

    void stoppedGatewayRefuses()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        QVERIFY(world.world->stopGateway("cluster-2"));
        world.stores[1]->remove("pods", "default", "helloworld-v1-a");
        world.slices(1);
        world.goOn(300);
        const auto result = world.hello(1);
        QVERIFY2(result.out.contains("remote connection failure, transport failure reason: delayed connect error: Connection refused"),
            result.out);
        QVERIFY(world.world->startGateway("cluster-2"));
        QVERIFY(world.hello(1).out.contains("version: v2"));
    }

    void noEndpointIsNoHealthyUpstream()
    {
        World world;
        world.setUpMesh(false);
        QVERIFY(world.deploySample());
        world.stores[1]->remove("pods", "default", "helloworld-v1-a");
        world.slices(1);
        world.goOn(300);
        const auto result = world.hello(1, { "-i" });
        QVERIFY2(result.out.startsWith("HTTP/1.1 503") && result.out.endsWith("no healthy upstream"), result.out);
        QVERIFY(world.proxyLog(1, "sleep-1").find(" 503 UH no_healthy_upstream ") != std::string::npos);
    }

    void stoppedControlPlaneKeepsItsConfigurationAndInjectsNothing()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        QVERIFY(world.world->stopControlPlane("mesh-1"));
        const std::string refused = world.pod(1, "late", "sleep", "acs/curl:8.1.2");
        QVERIFY2(refused.find("failed calling webhook") != std::string::npos, refused.c_str());
        // The remote version goes; a proxy that learns nothing still sends requests there.
        world.stores[2]->remove("pods", "default", "helloworld-v2-a");
        world.slices(2);
        world.goOn(400);
        for (const auto &status : world.world->proxyStatus("m1"))
            QVERIFY(!status.synced);
        const QByteArray failures
            = QByteArray::fromStdString("helloworld.default.svc.cluster.local::" + world.plan.gateway(2) + ":15443::rq_error::");
        bool tried = false, answered = false;
        for (int i = 0; i < enough && !(tried && answered); ++i) {
            answered |= world.hello(1).out.contains("version: v1");
            const auto clusters = world.run(1, "sleep-1", { "pilot-agent", "request", "GET", "clusters" }, 5, "istio-proxy");
            QVERIFY2(clusters.out.contains(failures), clusters.out);
            tried = !clusters.out.contains(failures + "0\n");
        }
        QVERIFY(tried && answered);
        QVERIFY(world.world->startControlPlane("mesh-1"));
        world.goOn(300);
        for (const auto &status : world.world->proxyStatus("m1"))
            QVERIFY(status.synced);
    }

    void unreachableApiServerLeavesStaleEndpoints()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        world.apiUp[2] = false;
        world.stores[2]->remove("pods", "default", "helloworld-v2-a");
        world.slices(2);
        world.goOn(400);
        const auto clusters = world.run(1, "sleep-1", { "pilot-agent", "request", "GET", "clusters?format=json" }, 5, "istio-proxy");
        QVERIFY2(clusters.out.contains(world.plan.gateway(2).c_str()), clusters.out);
        world.apiUp[2] = true;
        world.goOn(600);
        QVERIFY(!world.run(1, "sleep-1", { "pilot-agent", "request", "GET", "clusters?format=json" }, 5, "istio-proxy")
                     .out.contains(world.plan.gateway(2).c_str()));
    }

    void podWithoutSidecarReachesOnlyItsOwnCluster()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        world.stores[1]->create("namespaces", json::object { { "metadata", json::object { { "name", "plain" } } } });
        QVERIFY(world.pod(1, "bare", "sleep", "acs/curl:8.1.2", "plain").empty());
        world.goOn(300);
        std::string error;
        for (int i = 0; i < 4; ++i) {
            QByteArray out;
            bool done = false;
            ExecRequest request;
            request.ns = "plain";
            request.pod = "bare";
            request.command = { "curl", "-sS", "helloworld.default:5000/hello" };
            request.onStdout = [&](std::string_view bytes) { out.append(bytes.data(), qsizetype(bytes.size())); };
            request.onExit = [&](int) { done = true; };
            const auto process = world.runtimes[1]->exec(std::move(request), error);
            QVERIFY2(process, error.c_str());
            QVERIFY(world.until([&] { return done; }));
            QVERIFY2(out.contains("version: v1"), out);
        }
    }

    void killedPodIsRestarted()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        QVERIFY(world.world->stopPod("cluster-1", "default", "helloworld-v1-a"));
        world.goOn(1200);
        world.slices(1);
        world.goOn(300);
        for (int i = 0; i < 3; ++i)
            QVERIFY(world.hello(1).out.contains("version: v2"));
        QVERIFY(world.world->startPod("cluster-1", "default", "helloworld-v1-a"));
        QVERIFY(world.waitReady(1, "helloworld-v1-a"));
        const auto object = world.stores[1]->get("pods", "default", "helloworld-v1-a");
        QCOMPARE(int(catamaran::lab::at(object->at("status"), { "containerStatuses" })
                         ->as_array()
                         .front()
                         .at("restartCount")
                         .to_number<std::int64_t>()),
            1);
        world.slices(1);
        world.goOn(300);
        QVERIFY(bothAnswer(world, 1));
    }

    void execGivesExitCodesAndStreams()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        const auto shell = world.run(1, "sleep-1", { "sh", "-c", "echo out; echo err >&2; hostname; exit 7" });
        QCOMPARE(shell.code, 7);
        QVERIFY2(shell.out.startsWith("out\n"), shell.out);
        QCOMPARE(shell.err, QByteArray("err\n"));
        const auto missing = world.run(1, "sleep-1", { "no-such-tool" });
        QVERIFY2(missing.error.find("executable file not found in $PATH") != std::string::npos, missing.error.c_str());
        const auto quick = world.run(1, "sleep-1", { "true" });
        qInfo("an exec took %lld ms", quick.milliseconds);
    }

    void aStoppedPodTakesItsCommandsAlong()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        int code = -1;
        ExecRequest request;
        request.ns = "default";
        request.pod = "sleep-1";
        request.command = { "sh", "-c", "echo started; sleep 60" };
        bool started = false;
        request.onStdout = [&](std::string_view) { started = true; };
        request.onExit = [&](int exitCode) { code = exitCode; };
        std::string error;
        const auto process = world.runtimes[1]->exec(std::move(request), error);
        QVERIFY2(process, error.c_str());
        QVERIFY(world.until([&] { return started; }));
        QVERIFY(world.world->stopPod("cluster-1", "default", "sleep-1"));
        QVERIFY(world.until([&] { return code >= 0; }));
        QCOMPARE(code, 137);
    }

    void aTerminalIsATerminal()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        QByteArray out;
        bool done = false;
        ExecRequest request;
        request.ns = "default";
        request.pod = "sleep-1";
        request.command = { "sh", "-c", "read line; stty size; echo got $line" };
        request.stdinOpen = request.tty = true;
        request.onStdout = [&](std::string_view bytes) { out.append(bytes.data(), qsizetype(bytes.size())); };
        request.onExit = [&](int) { done = true; };
        std::string error;
        const auto process = world.runtimes[1]->exec(std::move(request), error);
        QVERIFY2(process, error.c_str());
        process->resize(123, 45);
        process->writeStdin("words\n");
        QVERIFY(world.until([&] { return done; }));
        QVERIFY2(out.contains("45 123\r\n") && out.contains("got words\r\n"), out);
    }

    void outputWaitsWhileItIsPaused()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        qsizetype size = 0;
        bool done = false;
        ExecRequest request;
        request.ns = "default";
        request.pod = "sleep-1";
        request.command = { "head", "-c", "3000000", "/dev/zero" };
        request.onStdout = [&](std::string_view bytes) { size += qsizetype(bytes.size()); };
        request.onExit = [&](int) { done = true; };
        std::string error;
        const auto process = world.runtimes[1]->exec(std::move(request), error);
        QVERIFY2(process, error.c_str());
        process->setOutputPaused(true);
        world.goOn(300);
        QVERIFY2(size < 200000, qPrintable(QString::number(size)));
        QVERIFY(!done);
        process->setOutputPaused(false);
        QVERIFY(world.until([&] { return done; }));
        QCOMPARE(size, qsizetype(3000000));
    }

    void aGatewayAnswersOnlyIstiosProtocol_data()
    {
        QTest::addColumn<QByteArray>("options");
        QTest::addColumn<bool>("answers");
        const QByteArray name("-servername outbound_.5000_._.helloworld.default.svc.cluster.local ");
        QTest::newRow("name and protocol") << name + "-alpn istio" << true;
        QTest::newRow("no protocol") << name << false;
        QTest::newRow("protocol of the web") << name + "-alpn h2" << false;
        QTest::newRow("unknown name") << QByteArray("-servername outbound_.1_._.other.default.svc.cluster.local -alpn istio") << false;
    }
    void aGatewayAnswersOnlyIstiosProtocol()
    {
        QFETCH(QByteArray, options);
        QFETCH(bool, answers);
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        const std::string command = "openssl s_client -connect " + world.plan.gateway(2) + ":15443 " + options.toStdString()
            + " </dev/null | openssl x509 -noout -ext subjectAltName";
        const auto result = world.run(1, "sleep-1", { "sh", "-c", command });
        QVERIFY2(result.out.contains("URI:spiffe://cluster.local/ns/default/sa/helloworld") == answers, result.out + result.err);
    }

    /// Seen the same on a real mesh: behind a sidecar every connect succeeds, and what follows tells.
    void aGatewaysPortSaysWhatIsBroken_data()
    {
        QTest::addColumn<QString>("broken");
        QTest::addColumn<QString>("container");
        QTest::addColumn<int>("curl");
        QTest::newRow("up, application") << ""
                                         << "" << 35; // closed after the greeting: no name that it knows
        QTest::newRow("up, proxy") << ""
                                   << "istio-proxy" << 35;
        QTest::newRow("stopped, application") << "stopped"
                                              << "" << 35; // its sidecar closes it
        QTest::newRow("stopped, proxy") << "stopped"
                                        << "istio-proxy" << 7;
        QTest::newRow("refused, application") << "reject"
                                              << "" << 35;
        QTest::newRow("refused, proxy") << "reject"
                                        << "istio-proxy" << 7;
        QTest::newRow("silent, application") << "drop"
                                             << "" << 28; // the sidecar tries for ten seconds
        QTest::newRow("silent, proxy") << "drop"
                                       << "istio-proxy" << 28;
    }
    void aGatewaysPortSaysWhatIsBroken()
    {
        QFETCH(QString, broken);
        QFETCH(QString, container);
        QFETCH(int, curl);
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        if (broken == u"stopped")
            QVERIFY(world.world->stopGateway("cluster-2"));
        else if (!broken.isEmpty())
            QVERIFY(world.world->partition("network1", "network2", broken == u"drop" ? Cut::Drop : Cut::Reject));
        const auto result = world.run(1, "sleep-1",
            { "curl", "-sSk", "-m", "4", "-o", "/dev/null", "-w", "%{remote_ip}:%{remote_port} %{num_connects}",
                "https://" + world.plan.gateway(2) + ":15443/" },
            20, container.toStdString());
        // The range's refusal comes just behind the connection: curl says either.
        const bool isRefused = broken == u"reject" && curl == 7 && result.code == 35;
        QVERIFY2(result.code == curl || isRefused, QByteArray::number(result.code) + result.out + result.err);
        if (curl == 35) // connected, and then
            QVERIFY2(result.out == QByteArray::fromStdString(world.plan.gateway(2)) + ":15443 1", result.out);
        if (container.isEmpty() && broken == u"stopped")
            QVERIFY(world.proxyLog(1, "sleep-1").find("UF,URX") != std::string::npos);
    }

    /// Silent loss: with refusals every request succeeds, and none reaches the other cluster.
    void aLineThatRefusesLosesNoRequest()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        QVERIFY(world.world->partition("network1", "network2", Cut::Reject));
        const auto failures = [&] { return hostOf(world, world.plan.gateway(2))["cx_connect_fail"].toInt(); };
        for (int i = 0; i < enough && failures() < 3; ++i) {
            const auto result = world.hello(1);
            QVERIFY2(result.out.contains("version: v1"), result.out + result.err);
        }
        const QMap<QString, QString> host = hostOf(world, world.plan.gateway(2));
        QVERIFY(host["cx_connect_fail"].toInt() >= 3);
        QCOMPARE(host["cx_total"], host["cx_connect_fail"]);
        QCOMPARE(host["rq_error"], host["cx_connect_fail"]);
        QCOMPARE(host["rq_total"], QString()); // none had a connection
        QVERIFY(world.world->heal("network1", "network2"));
        world.goOn(300);
        QVERIFY(bothAnswer(world, 1));
    }

    void aProxyTellsItsHosts()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        QVERIFY(bothAnswer(world, 1));
        const QMap<QString, QString> local = hostOf(world, world.podIp(1, "helloworld-v1-a"));
        QCOMPARE(local["port"], QStringLiteral("5000"));
        const QMap<QString, QString> remote = hostOf(world, world.plan.gateway(2));
        QCOMPARE(remote["port"], QStringLiteral("15443"));
        for (const auto &host : { local, remote }) {
            QCOMPARE(host["eds"], QStringLiteral("HEALTHY"));
            QCOMPARE(host["weight"], QStringLiteral("1"));
            QCOMPARE(host["cx_total"], QStringLiteral("1"));
            QCOMPARE(host["cx_active"], QStringLiteral("1")); // kept for the next one
            QVERIFY(host["rq_total"].toInt() >= 1 && host["rq_total"] == host["rq_success"]);
            QCOMPARE(host["rq_error"], QString()); // what is 0 is left out
        }
    }

    void aProxyTellsWhetherItIsConnected()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        const auto connected = [&] {
            return world
                .run(1, "sleep-1", { "pilot-agent", "request", "GET", "stats?filter=control_plane.connected_state" }, 5, "istio-proxy")
                .out;
        };
        QCOMPARE(connected(), QByteArray("control_plane.connected_state: 1\n"));
        QVERIFY(world.world->stopControlPlane("mesh-1"));
        QCOMPARE(connected(), QByteArray("control_plane.connected_state: 0\n"));
        const auto byCurl = world.run(1, "sleep-1", { "curl", "-s", "localhost:15000/stats?filter=connected_state&format=json" });
        QCOMPARE(byCurl.out, QByteArray(R"({"stats":[{"name":"control_plane.connected_state","value":0}]})"));
        QVERIFY(world.world->startControlPlane("mesh-1"));
        QCOMPARE(connected(), QByteArray("control_plane.connected_state: 1\n"));
        const auto unknown = world.run(1, "sleep-1", { "pilot-agent", "request", "GET", "nothere" }, 5, "istio-proxy");
        QVERIFY2(unknown.code == 0 && unknown.out.startsWith("invalid path. admin commands are:"), unknown.out);
    }

    void aProxyTellsWhoItIs()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        const auto ask = [&](const char *path) {
            return QJsonDocument::fromJson(world.run(1, "sleep-1", { "pilot-agent", "request", "GET", path }, 5, "istio-proxy").out)
                .object();
        };
        const QJsonObject certificate = ask("certs")[u"certificates"][0].toObject();
        const QJsonValue leaf = certificate[u"cert_chain"][0];
        QCOMPARE(leaf[u"subject_alt_names"][0][u"uri"].toString(), QStringLiteral("spiffe://cluster.local/ns/default/sa/sleep"));
        QVERIFY(!leaf[u"serial_number"].toString().isEmpty());
        const auto from = QDateTime::fromString(leaf[u"valid_from"].toString(), Qt::ISODate);
        const auto until = QDateTime::fromString(leaf[u"expiration_time"].toString(), Qt::ISODate);
        QVERIFY(from.isValid() && from <= QDateTime::currentDateTimeUtc() && until > QDateTime::currentDateTimeUtc());
        QVERIFY(!certificate[u"ca_cert"][0][u"serial_number"].toString().isEmpty());
        const QJsonObject info = ask("server_info");
        QCOMPARE(info[u"state"].toString(), QStringLiteral("LIVE"));
        QCOMPARE(info[u"node"][u"metadata"][u"NETWORK"].toString(), QStringLiteral("network1"));
        QVERIFY(info[u"node"][u"id"].toString().startsWith(QStringLiteral("sidecar~")));
    }

    void latencyIsFelt()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        world.stores[1]->remove("pods", "default", "helloworld-v1-a");
        world.slices(1);
        world.goOn(300);
        QVERIFY(world.world->setLatency("network1", "network2", 100));
        QVERIFY(!world.world->setLatency("network1", "nowhere", 100));
        (void)world.hello(1);
        const auto result = world.run(1, "sleep-1", { "curl", "-s", "-o", "/dev/null", "-w", "%{time_total}", "helloworld:5000/hello" });
        const double seconds = result.out.toDouble();
        QVERIFY2(seconds >= 0.2 && seconds < 0.6, result.out);
    }

    void failingHostsAreEjectedOnlyByRule()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        QVERIFY(world.world->stopGateway("cluster-2"));
        const auto ejected = [&] {
            return world.run(1, "sleep-1", { "pilot-agent", "request", "GET", "clusters?format=json" }, 5, "istio-proxy")
                .out.contains("\"failed_outlier_check\":true");
        };
        for (int i = 0; i < 6; ++i)
            QVERIFY(world.hello(1).out.contains("version: v1"));
        QVERIFY(!ejected());
        json::object rule { { "metadata", json::object { { "name", "eject" }, { "namespace", "default" } } },
            { "spec",
                json::object { { "host", "helloworld" },
                    { "trafficPolicy",
                        json::object { { "outlierDetection",
                                           json::object { { "consecutive5xxErrors", 2 }, { "baseEjectionTime", "30s" },
                                               { "maxEjectionPercent", 100 } } },
                            { "loadBalancer", json::object { { "localityLbSetting", json::object { { "enabled", false } } } } } } } } } };
        world.stores[1]->create("networking.istio.io/destinationrules", std::move(rule));
        world.goOn(300);
        for (int i = 0; i < 2 * enough && !ejected(); ++i)
            QVERIFY(world.hello(1).out.contains("version: v1"));
        QVERIFY(ejected());
    }

    void keptConnectionsAreServedQuickly()
    {
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        const auto result = world.run(1, "sleep-1", { "curl", "-sS", "helloworld:5000/hello?[1-2000]" }, 60);
        QCOMPARE(result.out.count('\n'), 2000);
        qInfo("2000 requests on one connection: %lld ms", result.milliseconds);
    }
};

QTEST_GUILESS_MAIN(MeshWorldTest)
#include "tst_meshworld.moc"
