// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/kube/apiserver.h"
#include "lab/kube/workloadcontroller.h"

#include <boost/asio/io_context.hpp>

#include <QTest>

using namespace catamaran::lab;

namespace {

/// One cluster's store with its controllers and a kubelet of the simplest kind: what is scheduled runs, what shall end goes.
struct Cluster {
    boost::asio::io_context io;
    std::shared_ptr<ObjectStore> store = std::make_shared<ObjectStore>();
    int addresses = 0;
    Controllers controllers { io, store, "node-1", [this] { return "10.0.0." + std::to_string(++addresses); } };
    int podAddresses = 0;
    bool kubelet = true;

    Cluster()
    {
        json::object space { { "metadata", { { "name", "default" } } } };
        [[maybe_unused]] const auto refusal = store->admit("namespaces", space);
        store->create("namespaces", space);
        settle();
    }

    /// Runs until nobody has anything left to do (timers for later tries aside).
    void settle()
    {
        for (;;) {
            io.restart();
            const auto before = store->version();
            io.poll();
            if (kubelet)
                runPods();
            if (store->version() == before)
                return;
        }
    }

    void runPods()
    {
        for (const auto &pod : store->list("pods")) {
            const std::string ns = namespaceOf(*pod);
            if (isTerminating(*pod)) {
                store->remove("pods", ns, nameOf(*pod));
            } else if (!stringAt(pod->at("spec"), { "nodeName" }).empty() && !isPodReady(*pod)) {
                const std::string address = "10.1.0." + std::to_string(++podAddresses);
                store->mutate("pods", ns, nameOf(*pod), [&](json::object &edited) {
                    edited["status"] = json::object { { "phase", "Running" }, { "podIP", address },
                        { "conditions", json::array { { { "type", "Ready" }, { "status", "True" } } } } };
                });
            }
        }
    }

    void createDeployment(int replicas, const char *image = "app:v1")
    {
        store->create("apps/deployments",
            { { "metadata", { { "name", "web" }, { "namespace", "default" } } },
                { "spec",
                    { { "replicas", replicas }, { "selector", { { "matchLabels", { { "app", "web" } } } } },
                        { "template",
                            { { "metadata", { { "labels", { { "app", "web" } } } } },
                                { "spec",
                                    { { "containers",
                                        json::array { { { "name", "web" }, { "image", image },
                                            { "ports",
                                                json::array { { { "name", "http" }, { "containerPort", 5000 } } } } } } } } } } } } } });
        settle();
    }

    void createService()
    {
        json::object service { { "metadata", { { "name", "web" }, { "namespace", "default" } } },
            { "spec",
                { { "selector", { { "app", "web" } } },
                    { "ports", json::array { { { "name", "http" }, { "port", 80 }, { "targetPort", "http" } } } } } } };
        [[maybe_unused]] const auto refusal = store->admit("services", service);
        store->create("services", service);
        settle();
    }

    void scale(int replicas)
    {
        store->mutate(
            "apps/deployments", "default", "web", [&](json::object &edited) { edited["spec"].as_object()["replicas"] = replicas; });
        settle();
    }

    [[nodiscard]] json::object deployment() const { return *store->get("apps/deployments", "default", "web"); }
    [[nodiscard]] std::size_t pods() const { return store->count("pods"); }
    [[nodiscard]] json::array endpoints() const
    {
        const auto slices = store->list("discovery.k8s.io/endpointslices");
        return slices.empty() ? json::array() : slices.front()->at("endpoints").as_array();
    }
    [[nodiscard]] bool hasEvent(const std::string &reason, const std::string &part) const
    {
        for (const auto &event : store->list("events")) {
            if (stringAt(*event, { "reason" }) == reason && stringAt(*event, { "message" }).find(part) != std::string::npos)
                return true;
        }
        return false;
    }
};

std::int64_t number(const json::value &object, std::initializer_list<std::string_view> path)
{
    const auto *found = at(object, path);
    return found && found->is_number() ? found->to_number<std::int64_t>() : 0;
}

} // namespace

class TestControllers : public QObject {
    Q_OBJECT
private slots:
    void aDeploymentBecomesReadyPods();
    void scalingToZeroEndsThePodsAndEmptiesTheSlices();
    void aNewTemplateRollsWithoutFewerReadyPodsThanAllowed();
    void goingBackUsesTheOldReplicaSetAgain();
    void aServiceGetsAnAddressAndTheNumberOfANamedPort();
    void endingPodsAreInTheSliceButNotReady();
    void deletingTheDeploymentTakesEverythingBelowIt();
    void aRefusedPodIsAnEventAndIsTriedAgain();
    void aMissingServiceAccountIsSaidInTheServersWords();
    void deletingANamespaceWaitsForItsContent();
    void foregroundGoesBehindWhatItOwns();
    void aSelectorKeepsAPodWaiting();
};

void TestControllers::aDeploymentBecomesReadyPods()
{
    Cluster cluster;
    cluster.createDeployment(3);
    QCOMPARE(cluster.pods(), std::size_t(3));
    const auto deployment = cluster.deployment();
    QCOMPARE(number(deployment, { "status", "readyReplicas" }), 3);
    QCOMPARE(number(deployment, { "status", "updatedReplicas" }), 3);
    const auto pod = cluster.store->list("pods").front();
    QCOMPARE(stringAt(pod->at("spec"), { "nodeName" }), std::string("node-1"));
    QVERIFY(nameOf(*pod).starts_with("web-"));
    QVERIFY(!stringAt(pod->at("metadata"), { "labels", "pod-template-hash" }).empty());
    const auto version = cluster.store->version();
    cluster.settle();
    QCOMPARE(cluster.store->version(), version); // at rest nothing is written
}

void TestControllers::scalingToZeroEndsThePodsAndEmptiesTheSlices()
{
    Cluster cluster;
    cluster.createDeployment(2);
    cluster.createService();
    QCOMPARE(cluster.endpoints().size(), std::size_t(2));
    cluster.scale(0);
    QCOMPARE(cluster.pods(), std::size_t(0));
    QCOMPARE(cluster.endpoints().size(), std::size_t(0));
    QCOMPARE(number(cluster.deployment(), { "status", "replicas" }), 0);
    cluster.scale(1);
    QCOMPARE(cluster.endpoints().size(), std::size_t(1));
}

void TestControllers::aNewTemplateRollsWithoutFewerReadyPodsThanAllowed()
{
    Cluster cluster;
    cluster.createDeployment(4);
    std::size_t fewest = 100;
    const auto watching = cluster.store->subscribe([&](const ObjectEvent &event) {
        if (event.typeKey != "pods")
            return;
        std::size_t ready = 0;
        for (const auto &pod : cluster.store->list("pods"))
            ready += isPodReady(*pod) && !isTerminating(*pod) ? 1 : 0;
        fewest = std::min(fewest, ready);
    });
    cluster.store->mutate("apps/deployments", "default", "web",
        [](json::object &edited) { edited.at("spec").at("template").at("spec").at("containers").at(0).as_object()["image"] = "app:v2"; });
    cluster.settle();
    QCOMPARE(cluster.pods(), std::size_t(4));
    for (const auto &pod : cluster.store->list("pods"))
        QCOMPARE(stringAt(pod->at("spec").at("containers").at(0), { "image" }), std::string("app:v2"));
    QVERIFY2(fewest >= 3, qPrintable(QString::number(fewest))); // 25 % of 4 may be missing
    QCOMPARE(stringAt(cluster.deployment().at("metadata"), { "annotations", "deployment.kubernetes.io/revision" }), std::string("2"));
}

void TestControllers::goingBackUsesTheOldReplicaSetAgain()
{
    Cluster cluster;
    cluster.createDeployment(1);
    const auto setImage = [&](const char *image) {
        cluster.store->mutate("apps/deployments", "default", "web",
            [&](json::object &edited) { edited.at("spec").at("template").at("spec").at("containers").at(0).as_object()["image"] = image; });
        cluster.settle();
    };
    setImage("app:v2");
    setImage("app:v1");
    QCOMPARE(cluster.store->count("apps/replicasets"), std::size_t(2));
    QCOMPARE(stringAt(cluster.deployment().at("metadata"), { "annotations", "deployment.kubernetes.io/revision" }), std::string("3"));
    QCOMPARE(cluster.pods(), std::size_t(1));
}

void TestControllers::aServiceGetsAnAddressAndTheNumberOfANamedPort()
{
    Cluster cluster;
    cluster.createDeployment(1);
    cluster.createService();
    const auto service = cluster.store->get("services", "default", "web");
    QVERIFY(stringAt(service->at("spec"), { "clusterIP" }).starts_with("10.0.0."));
    const auto slice = cluster.store->list("discovery.k8s.io/endpointslices").front();
    QCOMPARE(number(slice->at("ports").at(0), { "port" }), 5000);
    QCOMPARE(stringAt(slice->at("metadata"), { "labels", "kubernetes.io/service-name" }), std::string("web"));
    cluster.store->remove("services", "default", "web");
    cluster.settle();
    QCOMPARE(cluster.store->count("discovery.k8s.io/endpointslices"), std::size_t(0));
}

void TestControllers::endingPodsAreInTheSliceButNotReady()
{
    Cluster cluster;
    cluster.createDeployment(1);
    cluster.createService();
    cluster.kubelet = false; // the pod stays in its grace period
    cluster.scale(0);
    QCOMPARE(cluster.pods(), std::size_t(1));
    const auto endpoints = cluster.endpoints();
    QCOMPARE(endpoints.size(), std::size_t(1));
    QVERIFY(endpoints[0].at("conditions").at("ready") == json::value(false));
    QVERIFY(endpoints[0].at("conditions").at("terminating") == json::value(true));
}

void TestControllers::deletingTheDeploymentTakesEverythingBelowIt()
{
    Cluster cluster;
    cluster.createDeployment(2);
    cluster.store->remove("apps/deployments", "default", "web");
    cluster.settle();
    QCOMPARE(cluster.store->count("apps/replicasets"), std::size_t(0));
    QCOMPARE(cluster.pods(), std::size_t(0));
}

void TestControllers::aRefusedPodIsAnEventAndIsTriedAgain()
{
    Cluster cluster;
    bool refuse = true;
    cluster.controllers.setPodAdmission([&](json::object &pod) {
        pod["metadata"].as_object()["labels"].as_object()["injected"] = "yes";
        return refuse ? std::string("failed calling webhook") : std::string();
    });
    cluster.createDeployment(1);
    QCOMPARE(cluster.pods(), std::size_t(0));
    QVERIFY(cluster.hasEvent("FailedCreate", "failed calling webhook"));
    // The condition stands at the set and at the deployment, in the webhook's words, and goes with its cause.
    const auto failure = [&](const char *kind) {
        std::string said;
        for (const auto &object : cluster.store->list(kind)) {
            if (const auto *conditions = at(object->at("status"), { "conditions" }))
                for (const auto &condition : conditions->as_array())
                    if (stringAt(condition, { "type" }) == "ReplicaFailure" && stringAt(condition, { "reason" }) == "FailedCreate")
                        said = stringAt(condition, { "message" });
        }
        return said;
    };
    QCOMPARE(failure("apps/replicasets"), std::string("failed calling webhook"));
    QCOMPARE(failure("apps/deployments"), std::string("failed calling webhook"));
    refuse = false;
    cluster.io.restart();
    cluster.io.run_one_for(std::chrono::seconds(5)); // the pause before the next try
    cluster.settle();
    QCOMPARE(cluster.pods(), std::size_t(1));
    QCOMPARE(failure("apps/replicasets") + failure("apps/deployments"), std::string());
    QCOMPARE(stringAt(cluster.store->list("pods").front()->at("metadata"), { "labels", "injected" }), std::string("yes"));
}

void TestControllers::aMissingServiceAccountIsSaidInTheServersWords()
{
    Cluster cluster;
    cluster.store->create("apps/replicasets",
        { { "metadata", { { "name", "lonely" }, { "namespace", "default" } } },
            { "spec",
                { { "replicas", 1 },
                    { "template", { { "metadata", json::object() }, { "spec", { { "serviceAccountName", "sleep" } } } } } } } });
    cluster.settle();
    QVERIFY(cluster.hasEvent("FailedCreate", "error looking up service account default/sleep: serviceaccount \"sleep\" not found"));
}

void TestControllers::deletingANamespaceWaitsForItsContent()
{
    Cluster cluster;
    cluster.createDeployment(1);
    cluster.kubelet = false;
    cluster.store->mutate("namespaces", "", "default",
        [](json::object &edited) { edited["metadata"].as_object()["deletionTimestamp"] = "2026-01-01T00:00:00Z"; });
    cluster.settle();
    QVERIFY(cluster.store->get("namespaces", "", "default")); // a pod is still ending
    QCOMPARE(cluster.store->count("apps/deployments"), std::size_t(0));
    cluster.kubelet = true;
    cluster.settle();
    QVERIFY(!cluster.store->get("namespaces", "", "default"));
    QCOMPARE(cluster.store->count("serviceaccounts"), std::size_t(0));
}

void TestControllers::foregroundGoesBehindWhatItOwns()
{
    Cluster cluster;
    cluster.createDeployment(2);
    QCOMPARE(cluster.pods(), std::size_t(2));
    cluster.kubelet = false; // the pods take their time
    cluster.store->mutate("apps/deployments", "default", "web", [](json::object &edited) {
        auto &meta = edited["metadata"].as_object();
        meta["deletionTimestamp"] = "2026-01-01T00:00:00Z";
        meta["finalizers"] = json::array { "foregroundDeletion" };
    });
    cluster.settle();
    QCOMPARE(cluster.pods(), std::size_t(2));
    QVERIFY(isTerminating(*cluster.store->list("pods").front()));
    QCOMPARE(cluster.store->count("apps/replicasets"), std::size_t(1));
    QCOMPARE(cluster.store->count("apps/deployments"), std::size_t(1));
    cluster.kubelet = true;
    cluster.settle();
    QCOMPARE(cluster.pods(), std::size_t(0));
    QCOMPARE(cluster.store->count("apps/replicasets"), std::size_t(0));
    QCOMPARE(cluster.store->count("apps/deployments"), std::size_t(0));
}

void TestControllers::aSelectorKeepsAPodWaiting()
{
    Cluster cluster;
    cluster.store->create("nodes", { { "metadata", { { "name", "node-1" }, { "labels", { { "planet", "earth" } } } } } });
    for (const char *planet : { "mars", "earth" }) {
        cluster.store->create("pods",
            { { "metadata", { { "name", planet }, { "namespace", "default" } } },
                { "spec",
                    { { "nodeSelector", { { "planet", planet } } },
                        { "containers", json::array { { { "name", "a" }, { "image", "a" } } } } } } });
    }
    cluster.settle();
    QVERIFY(stringAt(cluster.store->get("pods", "default", "mars")->at("spec"), { "nodeName" }).empty());
    QCOMPARE(stringAt(cluster.store->get("pods", "default", "earth")->at("spec"), { "nodeName" }), std::string("node-1"));
    QVERIFY(cluster.hasEvent("FailedScheduling", "didn't match Pod's node affinity/selector"));
}

QTEST_GUILESS_MAIN(TestControllers)
#include "tst_controllers.moc"
