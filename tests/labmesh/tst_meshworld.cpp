// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "labmesh/world.h"

#include <QTest>

using namespace catamaran::lab;

/// The practice range's data plane: real sockets, real TLS, real curl.
class MeshWorldTest : public QObject {
    Q_OBJECT

private slots:
    void versionsAlternateAcrossGateways_data()
    {
        QTest::addColumn<int>("cluster");
        QTest::newRow("from cluster-1") << 1;
        QTest::newRow("from cluster-2") << 2;
    }
    void versionsAlternateAcrossGateways()
    {
        QFETCH(int, cluster);
        World world;
        world.setUpMesh();
        QVERIFY(world.deploySample());
        int v1 = 0, v2 = 0;
        for (int i = 0; i < 10; ++i) {
            const auto result = world.hello(cluster);
            QVERIFY2(result.code == 0, result.err + result.error.c_str());
            if (result.out == "Hello version: v1, instance: helloworld-v1-a\n")
                ++v1;
            else if (result.out == "Hello version: v2, instance: helloworld-v2-a\n")
                ++v2;
            else
                QFAIL(result.out + world.proxyLog(cluster, "sleep-" + std::to_string(cluster)).c_str());
        }
        QCOMPARE(v1, 5);
        QCOMPARE(v2, 5);
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
        for (int i = 0; i < 4; ++i) {
            const auto result = world.hello(1, { "-m", "1" });
            if (result.out.contains("version: v1"))
                ++local;
            else if (result.code == 28)
                ++lost;
        }
        QCOMPARE(local, 2);
        QCOMPARE(lost, 2);
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
        QVERIFY(world.hello(1).out != world.hello(1).out);
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
        bool tried = false;
        for (int i = 0; i < 4; ++i) {
            const auto result = world.hello(1);
            tried |= result.out.contains("version: v1");
        }
        QVERIFY(tried);
        const auto clusters = world.run(1, "sleep-1", { "pilot-agent", "request", "GET", "clusters" }, 5, "istio-proxy");
        const QByteArray failures
            = QByteArray::fromStdString("helloworld.default.svc.cluster.local::" + world.plan.gateway(2) + ":15443::rq_error::");
        QVERIFY2(clusters.out.contains(failures) && !clusters.out.contains(failures + "0\n"), clusters.out);
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
        QVERIFY(world.hello(1).out != world.hello(1).out);
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
        for (int i = 0; i < 6; ++i)
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
