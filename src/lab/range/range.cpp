// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/range/range.h"

#include "lab/kube/apiserver.h"
#include "lab/mesh/ledger.h"
#include "lab/range/clusterseed.h"
#include "lab/range/controlsocket.h"
#include "lab/range/directory.h"
#include "lab/range/faults.h"
#include "lab/range/rangefiles.h"

#include <boost/json.hpp>

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>

namespace catamaran::lab {

using tcp = boost::asio::ip::tcp;

namespace {

constexpr int firstBlock = 20;
constexpr int lastBlock = 119;
constexpr int certificateHours = 24 * 30;
constexpr auto kubernetesVersion = "1.32.1-aliyun.1";

/// Where a cluster stands. Their networks are apart: each has a VPC of its own, neighbours another region, too.
struct Place {
    std::string name, id, region, zone, vpc, vswitch, network;
};

Place placeOfCluster(int index)
{
    struct Region {
        const char *id, *zone, *mark, *city; ///< mark: what the ids of its networks begin with
    };
    static constexpr std::array<Region, 10> regions { {
        { "cn-hangzhou", "k", "bp1", "hangzhou" },
        { "cn-shanghai", "b", "uf6", "shanghai" },
        { "cn-beijing", "h", "2ze", "beijing" },
        { "cn-shenzhen", "f", "wz9", "shenzhen" },
        { "cn-zhangjiakou", "a", "8vb", "zhangjiakou" },
        { "cn-chengdu", "a", "2vc", "chengdu" },
        { "cn-hongkong", "b", "j6c", "hongkong" },
        { "ap-southeast-1", "a", "t4n", "singapore" },
        { "eu-central-1", "a", "gw8", "frankfurt" },
        { "us-west-1", "b", "rj9", "siliconvalley" },
    } };
    const auto count = static_cast<int>(regions.size());
    const Region &region = regions[static_cast<std::size_t>((index - 1) % count)];
    const auto padded = [](const char *format, int number) {
        std::array<char, 16> text {};
        std::snprintf(text.data(), text.size(), format, number);
        return std::string(text.data());
    };
    const int turn = (index - 1) / count + 1;
    const std::string number = std::to_string(index), start = std::string(region.mark) + "range" + region.city;
    return { "cluster-" + number, "c0a1b2c3d4e5f60718293a4b5c6d7e" + padded("%03x", 0x800 + index), region.id,
        std::string(region.id) + "-" + region.zone, "vpc-" + start + padded("%03d", turn),
        "vsw-" + start + region.zone + padded("%02d", turn), "network" + number };
}

/// More memberships than a document may have.
constexpr int mostMemberships = 10000;

std::string randomText(std::size_t length)
{
    static constexpr std::string_view alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    std::string text(length, ' ');
    std::array<unsigned char, 64> random {};
    RAND_bytes(random.data(), static_cast<int>(random.size()));
    for (std::size_t i = 0; i < length; ++i)
        text[i] = alphabet[random[i % random.size()] % alphabet.size()];
    return text;
}

QString qt(const std::string &text)
{
    return QString::fromStdString(text);
}

} // namespace

struct Range::Impl {
    struct Cluster {
        Place place {};
        std::shared_ptr<ObjectStore> store;
        std::unique_ptr<ApiServer> apiServer;
        std::unique_ptr<Controllers> controllers;
        std::function<std::string(long minutes)> issueKubeconfig; ///< a new one
        std::string kubeconfig, kubeconfigFile;
        int services = 1; ///< addresses handed out; the first is the API server's
    };

    boost::asio::io_context &io;
    RangeDirectory directory;
    RangeOptions options;
    AddressPlan plan;
    std::shared_ptr<tcp::acceptor> cloudListener;
    std::vector<std::shared_ptr<tcp::acceptor>> claims; ///< of the blocks behind the first
    std::shared_ptr<CallGate> gate;
    std::shared_ptr<Ledger> ledger;
    pki::Identity ca;
    std::string accessKeyId, accessKeySecret;
    // Declared before what uses it: the API servers hold the world's pod runtimes, the cloud drives the world.
    std::unique_ptr<MeshWorld> world;
    std::vector<std::unique_ptr<Cluster>> clusters;
    std::unique_ptr<CloudServer> cloud;
    std::shared_ptr<ControlSocket> control;

    explicit Impl(boost::asio::io_context &context)
        : io(context)
        , gate(std::make_shared<CallGate>(context))
    {
    }

    /// Null and why in @p trouble when somebody else has it.
    std::shared_ptr<tcp::acceptor> listenAt(const std::string &address, std::string &trouble)
    {
        auto acceptor = std::make_shared<tcp::acceptor>(io);
        boost::system::error_code error;
        const tcp::endpoint endpoint(boost::asio::ip::make_address(address), AddressPlan::cloudPort);
        acceptor->open(endpoint.protocol(), error);
        if (!error)
            acceptor->set_option(boost::asio::socket_base::reuse_address(true), error);
        if (!error)
            acceptor->bind(endpoint, error);
        if (!error)
            acceptor->listen(boost::asio::socket_base::max_listen_connections, error);
        if (!error)
            return acceptor;
        trouble = error.message();
        return nullptr;
    }

    /// The first blocks in a row whose cloud addresses are free are ours as long as the listeners are open.
    std::string takeBlocks()
    {
        std::string last;
        plan.blocks = AddressPlan::blocksFor(options.clusters);
        for (plan.block = firstBlock; plan.block + plan.blocks - 1 <= lastBlock; ++plan.block) {
            claims.clear();
            int taken = 0;
            for (; taken < plan.blocks; ++taken) {
                auto claimed = listenAt(plan.claim(taken), last);
                if (!claimed)
                    break;
                claims.push_back(std::move(claimed));
            }
            if (taken == plan.blocks) {
                cloudListener = claims.front();
                return {};
            }
        }
        claims.clear();
        return "port " + std::to_string(AddressPlan::cloudPort) + " is busy on every address from 127." + std::to_string(firstBlock)
            + ".0.1 to 127." + std::to_string(lastBlock) + ".0.1 (" + last
            + "). Stop another practice range, or the program that listens on that port everywhere";
    }

    std::string makeServing(const QString &name, const std::string &address, const QStringList &dnsNames, pki::Identity &identity) const
    {
        pki::LeafRequest request;
        request.commonName = name;
        request.ipAddresses = { qt(address) };
        request.dnsNames = dnsNames;
        request.client = false;
        request.hours = certificateHours;
        const auto made = pki::makeLeaf(ca, request);
        if (!made)
            return made.error().text().toStdString();
        identity = *made;
        return {};
    }

    std::string startCluster(const Place &place, int index)
    {
        auto cluster = std::make_unique<Cluster>();
        cluster->place = place;
        cluster->store = std::make_shared<ObjectStore>();
        const std::string address = plan.apiServer(index);
        const std::string nodeName = std::string(place.region) + "." + plan.node(index);

        ClusterSeed seed { nodeName, plan.node(index), place.region, place.zone, plan.podCidr(index), std::string("v") + kubernetesVersion,
            plan.service(index, 0), address, AddressPlan::apiServerPort, ca.certificate.toStdString() };
        seedCluster(*cluster->store, seed);
        cluster->store->forgetHistory();

        ApiServerOptions server;
        server.address = address;
        server.port = AddressPlan::apiServerPort;
        server.gitVersion = std::string("v") + kubernetesVersion;
        server.clientCa = ca.certificate;
        server.gate = gate;
        server.types = clusterResourceTypes();
        // For trying what a person without all rights sees: `as: viewer` with `as-groups: [range:viewers]`.
        server.grants = { { "range:viewers", { "get", "list", "watch" }, { "*" }, { "*" }, "" },
            // And one whose rights end with a namespace.
            { "range:sample-editors", { "*" }, { "*" }, { "*" }, "sample" } };
        const QStringList names { QStringLiteral("kubernetes"), QStringLiteral("kubernetes.default"),
            QStringLiteral("kubernetes.default.svc"), QStringLiteral("kubernetes.default.svc.cluster.local"), QStringLiteral("localhost") };
        if (const std::string trouble = makeServing(QStringLiteral("kube-apiserver"), address, names, server.serving); !trouble.empty())
            return trouble;
        cluster->apiServer = std::make_unique<ApiServer>(io, cluster->store, std::move(server));

        const ApiServer *apiServer = cluster->apiServer.get();
        PodRuntime &runtime = world->addCluster({ place.id, place.name, index, cluster->store, [apiServer] { return apiServer->isUp(); } });
        cluster->apiServer->setRuntime(&runtime);
        cluster->controllers = std::make_unique<Controllers>(
            io, cluster->store, nodeName, [this, index, counted = cluster.get()] { return plan.service(index, counted->services++); });
        if (const std::string trouble = cluster->apiServer->start(); !trouble.empty())
            return trouble;

        const std::string url = "https://" + address + ":" + std::to_string(AddressPlan::apiServerPort);
        cluster->issueKubeconfig
            = [this, url, name = std::string(place.name)](long minutes) { return issueKubeconfig(name, url, minutes); };
        cluster->kubeconfig = cluster->issueKubeconfig(60L * certificateHours);
        if (cluster->kubeconfig.empty())
            return "cannot make a client certificate";
        cluster->kubeconfigFile = std::string(place.name) + ".kubeconfig";
        if (const std::string trouble = directory.write(cluster->kubeconfigFile, cluster->kubeconfig); !trouble.empty())
            return trouble;
        clusters.push_back(std::move(cluster));
        return {};
    }

    /// Of an administrator, with a certificate of its own; empty when that cannot be made.
    [[nodiscard]] std::string issueKubeconfig(const std::string &cluster, const std::string &url, long minutes) const
    {
        pki::LeafRequest admin;
        admin.commonName = QStringLiteral("kubernetes-admin");
        admin.organizations = { QStringLiteral("system:masters") };
        admin.server = false;
        admin.hours = static_cast<int>(std::min((minutes + 59) / 60, 60L * 24 * 365));
        const auto user = pki::makeLeaf(ca, admin);
        return user ? kubeconfigText(cluster, url, ca.certificate, *user, "kubernetes-admin") : std::string();
    }

    std::string startCloud()
    {
        CloudOptions wanted;
        wanted.address = plan.cloud();
        wanted.port = AddressPlan::cloudPort;
        wanted.listener = cloudListener;
        wanted.accessKeyId = accessKeyId;
        wanted.accessKeySecret = accessKeySecret;
        wanted.delays = options.delays;
        wanted.gate = gate;
        wanted.requestsPerSecond = options.requestsPerSecond;
        int index = 0;
        for (const auto &cluster : clusters) {
            ++index;
            const Place &place = cluster->place;
            CloudCluster described;
            described.id = place.id;
            described.name = place.name;
            described.regionId = place.region;
            described.zoneId = place.zone;
            described.vpcId = place.vpc;
            described.vswitchId = place.vswitch;
            described.podCidr = plan.podCidr(index);
            described.serviceCidr = plan.serviceCidr(index);
            described.apiServerUrl = "https://" + plan.apiServer(index) + ":" + std::to_string(AddressPlan::apiServerPort);
            described.kubeconfig = cluster->issueKubeconfig;
            described.version = kubernetesVersion;
            described.store = cluster->store;
            wanted.clusters.push_back(std::move(described));
        }
        const QStringList names { QStringLiteral("servicemesh.aliyuncs.com"), QStringLiteral("localhost") };
        if (const std::string trouble = makeServing(QStringLiteral("servicemesh.aliyuncs.com"), plan.cloud(), names, wanted.serving);
            !trouble.empty())
            return trouble;
        cloud = std::make_unique<CloudServer>(io, *world, std::move(wanted));
        return cloud->start();
    }

    std::string startControl()
    {
        FaultTargets targets;
        targets.world = world.get();
        targets.cloud = cloud.get();
        targets.gate = gate.get();
        for (const auto &cluster : clusters)
            targets.clusters.push_back({ cluster->place.name, cluster->place.network, cluster->apiServer.get(), cluster->store.get() });
        control = std::make_shared<ControlSocket>(io, directory.path(), [targets, written = ledger](const std::vector<std::string> &words) {
            const ControlAnswer answer = obey(targets, words);
            if (written && answer.ok && words.size() > 1) {
                std::string text;
                for (const auto &word : words)
                    text += (text.empty() ? "" : " ") + word;
                written->fault(text);
            }
            return answer;
        });
        return control->start();
    }

    [[nodiscard]] bool hasFleet() const { return options.clusters * options.meshes <= mostMemberships; }

    std::string writeFiles()
    {
        EnvironmentText environment;
        environment.accessKeyId = accessKeyId;
        environment.cloudUrl = "https://" + plan.cloud() + ":" + std::to_string(AddressPlan::cloudPort);
        for (const auto &cluster : clusters)
            environment.clusters.push_back({ cluster->place.name, cluster->place.id, cluster->place.region, cluster->kubeconfigFile });
        if (hasFleet()) {
            if (std::string trouble = directory.write("fleet.yaml", fleetText(options.clusters, options.meshes)); !trouble.empty())
                return trouble;
        }
        if (std::string trouble = directory.write("ca.pem", ca.certificate.toStdString()); !trouble.empty())
            return trouble;
        if (std::string trouble = directory.write("access-key-secret", accessKeySecret); !trouble.empty())
            return trouble;
        return directory.write("env.yaml", environmentText(environment));
    }

    std::string start()
    {
        if (std::string trouble = directory.open(options.directory); !trouble.empty())
            return trouble;
        if (std::string trouble = takeBlocks(); !trouble.empty())
            return trouble;
        accessKeyId = "LTAI" + randomText(20);
        accessKeySecret = randomText(30);
        const auto root = pki::makeRoot(QStringLiteral("Catamaran practice range CA"), pki::KeyType::EcP256);
        if (!root)
            return root.error().text().toStdString();
        ca = *root;
        world = std::make_unique<MeshWorld>(io, plan);
        if (!options.ledger.empty()) {
            ledger = std::make_shared<Ledger>();
            if (std::string trouble = ledger->open(options.ledger); !trouble.empty())
                return trouble;
            world->setLedger(ledger);
        }
        for (int index = 1; index <= options.clusters; ++index) {
            if (std::string trouble = startCluster(placeOfCluster(index), index); !trouble.empty())
                return trouble;
        }
        if (std::string trouble = startCloud(); !trouble.empty())
            return trouble;
        if (std::string trouble = startControl(); !trouble.empty())
            return trouble;
        return writeFiles();
    }

    void stop()
    {
        if (control)
            control->stop();
        if (cloud)
            cloud->stop();
        for (const auto &cluster : clusters) {
            cluster->apiServer->stop();
            cluster->apiServer->setRuntime(nullptr);
        }
    }
};

Range::Range(boost::asio::io_context &io)
    : m_impl(std::make_unique<Impl>(io))
{
}

Range::~Range()
{
    stop();
}

std::string Range::start(const RangeOptions &options)
{
    m_impl->options = options;
    m_impl->options.meshes = std::min(options.meshes, options.clusters); // each manages one at least
    std::string trouble = m_impl->start();
    if (!trouble.empty())
        m_impl->stop();
    return trouble;
}

std::string Range::readyLine() const
{
    boost::json::array kubeconfigs;
    for (const auto &cluster : m_impl->clusters)
        kubeconfigs.emplace_back(m_impl->directory.file(cluster->kubeconfigFile));
    boost::json::object line;
    line["ready"] = true;
    line["env"] = m_impl->directory.file("env.yaml");
    line["ca"] = m_impl->directory.file("ca.pem");
    line["kubeconfigs"] = std::move(kubeconfigs);
    boost::json::array networks;
    for (const auto &cluster : m_impl->clusters)
        networks.emplace_back(cluster->place.network);
    line["clusters"] = m_impl->options.clusters;
    line["meshes"] = m_impl->options.meshes;
    line["networks"] = std::move(networks);
    if (m_impl->hasFleet())
        line["fleet"] = m_impl->directory.file("fleet.yaml");
    line["control"] = m_impl->directory.file("control.sock");
    line["cloud"] = "https://" + m_impl->plan.cloud() + ":" + std::to_string(AddressPlan::cloudPort);
    return boost::json::serialize(line);
}

void Range::stop()
{
    m_impl->stop();
}

} // namespace catamaran::lab
