// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "labmesh/world.h"

#include <chrono>

using namespace catamaran;
using namespace catamaran::lab;

namespace {

lab::MeshCa makeCa(const pki::Identity &root, const QString &name)
{
    return { *pki::makeIssuingCa(root, name, QStringLiteral("istiod.istio-system.svc"), pki::KeyType::EcP256), root.certificate };
}

} // namespace

World::World(bool sameRoots)
    : claim(io)
{
    // The same way as the range itself: a block is taken by binding one of its addresses.
    for (plan.block = 40; plan.block < 119; ++plan.block) {
        boost::system::error_code error;
        claim.open(boost::asio::ip::tcp::v4());
        claim.bind({ boost::asio::ip::make_address_v4(plan.cloud()), AddressPlan::cloudPort }, error);
        if (!error)
            break;
        claim.close();
    }
    world = std::make_unique<MeshWorld>(io, plan);
    const auto root = *pki::makeRoot(QStringLiteral("root"), pki::KeyType::EcP256);
    const auto other = *pki::makeRoot(QStringLiteral("root"), pki::KeyType::EcP256);
    for (int i = 1; i <= 2; ++i) {
        stores[i] = std::make_shared<ObjectStore>();
        const std::string number = std::to_string(i);
        for (const char *ns : { "default", "kube-system" })
            stores[i]->create("namespaces",
                json::object { { "apiVersion", "v1" }, { "kind", "Namespace" }, { "metadata", json::object { { "name", ns } } } });
        stores[i]->create("nodes",
            json::object { { "metadata",
                json::object { { "name", "node-" + number },
                    { "labels", json::object { { "topology.kubernetes.io/region", "region-" + number } } } } } });
        runtimes[i] = &world->addCluster({ "c" + number, "cluster-" + number, i, stores[i], [this, i] { return apiUp[i]; } });
        world->createMesh("m" + number, "mesh-" + number, makeCa(i == 2 && !sameRoots ? other : root, QStringLiteral("mesh")));
    }
}

bool World::until(const std::function<bool()> &condition, int seconds)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        io.restart();
        io.run_one_for(std::chrono::milliseconds(20));
    }
    return true;
}

void World::goOn(int milliseconds)
{
    io.restart();
    io.run_for(std::chrono::milliseconds(milliseconds));
}

void World::setUpMesh(bool discovery, bool networks, bool gateways)
{
    world->addClusterToMesh("m1", "c1", false);
    world->addClusterToMesh("m2", "c2", false);
    if (discovery) {
        world->addClusterToMesh("m1", "c2", true);
        world->addClusterToMesh("m2", "c1", true);
    }
    if (networks) {
        world->setNetworks("m1", { { "c1", { "network1", gateways, {}, {} } }, { "c2", { "network2", false, {}, {} } } });
        world->setNetworks("m2", { { "c1", { "network1", false, {}, {} } }, { "c2", { "network2", gateways, {}, {} } } });
    }
    world->setInjection("m1", "default", true);
    world->setInjection("m2", "default", true);
}

void World::service(int cluster, const std::string &name, int port, const std::string &ip, const std::string &ns)
{
    json::array ports;
    ports.push_back(json::object { { "name", "http" }, { "port", port }, { "targetPort", port } });
    stores[cluster]->create("services",
        json::object { { "metadata", json::object { { "name", name }, { "namespace", ns } } },
            { "spec", json::object { { "clusterIP", ip }, { "ports", ports }, { "selector", json::object { { "app", name } } } } } });
}

std::string World::pod(int cluster, const std::string &name, const std::string &app, const std::string &image, const std::string &ns)
{
    json::array containers;
    containers.push_back(json::object { { "name", app }, { "image", image } });
    json::object object { { "apiVersion", "v1" }, { "kind", "Pod" },
        { "metadata", json::object { { "name", name }, { "namespace", ns }, { "labels", json::object { { "app", app } } } } },
        { "spec",
            json::object {
                { "containers", containers }, { "serviceAccountName", app }, { "nodeName", "node-" + std::to_string(cluster) } } } };
    if (const std::string refused = stores[cluster]->admit("pods", object); !refused.empty())
        return refused;
    stores[cluster]->create("pods", std::move(object));
    return {};
}

bool World::waitReady(int cluster, const std::string &name)
{
    return until([&] {
        const auto object = stores[cluster]->get("pods", "default", name);
        const auto *conditions = object && object->contains("status") ? lab::at(object->at("status"), { "conditions" }) : nullptr;
        if (!conditions)
            return false;
        for (const auto &condition : conditions->as_array()) {
            if (stringAt(condition, { "type" }) == "Ready" && stringAt(condition, { "status" }) == "True")
                return true;
        }
        return false;
    });
}

std::string World::podIp(int cluster, const std::string &name) const
{
    const auto object = stores[cluster]->get("pods", "default", name);
    return object && object->contains("status") ? stringAt(object->at("status"), { "podIP" }) : std::string();
}

void World::slices(int cluster)
{
    json::array endpoints;
    for (const auto &pod : stores[cluster]->list("pods", "default")) {
        const json::value value(*pod);
        if (stringAt(value, { "metadata", "labels", "app" }) != "helloworld" || stringAt(value, { "status", "podIP" }).empty())
            continue;
        bool ready = false;
        for (const auto &condition : lab::at(value, { "status", "conditions" })->as_array())
            ready |= stringAt(condition, { "type" }) == "Ready" && stringAt(condition, { "status" }) == "True";
        json::array addresses;
        addresses.emplace_back(stringAt(value, { "status", "podIP" }));
        endpoints.push_back(json::object { { "addresses", addresses }, { "conditions", json::object { { "ready", ready } } },
            { "nodeName", stringAt(value, { "spec", "nodeName" }) },
            { "targetRef", json::object { { "kind", "Pod" }, { "name", nameOf(*pod) }, { "namespace", "default" } } } });
    }
    json::array ports;
    ports.push_back(json::object { { "name", "http" }, { "port", 5000 }, { "protocol", "TCP" } });
    json::object slice { { "metadata",
                             json::object { { "name", "helloworld-abc" }, { "namespace", "default" },
                                 { "labels", json::object { { "kubernetes.io/service-name", "helloworld" } } } } },
        { "addressType", "IPv4" }, { "endpoints", endpoints }, { "ports", ports } };
    const char *const type = "discovery.k8s.io/endpointslices";
    if (stores[cluster]->get(type, "default", "helloworld-abc"))
        stores[cluster]->update(type, std::move(slice));
    else
        stores[cluster]->create(type, std::move(slice));
}

bool World::deploySample()
{
    for (int i = 1; i <= 2; ++i)
        service(i, "helloworld", 5000, plan.service(i, 0));
    if (!pod(1, "sleep-1", "sleep", "acs/curl:8.1.2").empty() || !pod(2, "sleep-2", "sleep", "acs/curl:8.1.2").empty())
        return false;
    if (!pod(1, "helloworld-v1-a", "helloworld", "ack-demo/examples-helloworld-v1:1.0").empty()
        || !pod(2, "helloworld-v2-a", "helloworld", "ack-demo/examples-helloworld-v2:1.0").empty())
        return false;
    for (int i = 1; i <= 2; ++i) {
        if (!waitReady(i, "sleep-" + std::to_string(i)) || !waitReady(i, "helloworld-v" + std::to_string(i) + "-a"))
            return false;
        slices(i);
    }
    goOn(400);
    return true;
}

World::Result World::run(int cluster, const std::string &pod, std::vector<std::string> command, int seconds, const std::string &container)
{
    Result result;
    bool done = false;
    const auto began = std::chrono::steady_clock::now();
    ExecRequest request;
    request.ns = "default";
    request.pod = pod;
    request.container = container;
    request.command = std::move(command);
    request.onStdout = [&](std::string_view bytes) { result.out.append(bytes.data(), qsizetype(bytes.size())); };
    request.onStderr = [&](std::string_view bytes) { result.err.append(bytes.data(), qsizetype(bytes.size())); };
    request.onExit = [&](int code) {
        result.code = code;
        done = true;
    };
    const auto process = runtimes[cluster]->exec(std::move(request), result.error);
    if (process)
        until([&] { return done; }, seconds);
    result.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
    return result;
}

World::Result World::hello(int cluster, const std::vector<std::string> &options)
{
    std::vector<std::string> command { "curl", "-sS" };
    command.insert(command.end(), options.begin(), options.end());
    command.emplace_back("helloworld:5000/hello");
    return run(cluster, "sleep-" + std::to_string(cluster), command);
}
